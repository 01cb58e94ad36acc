"""What is killed: ``python -m tests.store.killed_worker FOLDER [ADDRESS]`` works on a store until kill -9.

Each line it reads, ``KIND NUMBER PLACE...``, is done by a process of its own, so that imports are paid for once.
What that process begins, and what it was told is done, it says on a line, in one write.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import count

from analytics.access import LOCAL
from analytics.store import Store
from analytics.store.shares import Share  # noqa: F401  (argon2 is imported before the fork)

FRAMES = ("assessments", "attributes", "sessions")
LATER = "2099-01-01T00:00:00+00:00"
MOST_DATASETS = 3


def frames_of(number: int) -> dict[str, bytes]:
    """Tables that say by every byte to which number they belong."""
    return {name: f"{name} {number} ".encode() * 20_000 for name in FRAMES}


def facts_of(number: int) -> dict[str, object]:
    """Facts that say it too."""
    return {"key": f"key {number}", "number": number, "recipe": f"{number} " * 3_000}


def say(word: str, **more: object) -> None:
    os.write(1, json.dumps({"word": word, **more}).encode() + b"\n")


def loading(store: Store, number: int) -> None:
    """New datasets, and the oldest ones deleted; loads of a recipe."""
    say("begin", what="load")
    version = store.datasets.keep(f"dataset {number}", frames_of(number), facts_of(number), LOCAL)
    say("kept", id=version.id, dataset=version.dataset_id, number=number)
    recipe = store.save_recipe("monthly", f"{number}", [])
    store.save_load(recipe, f"{number}", frames_of(number), {"number": number})
    say("loaded", number=number)
    for saved in store.datasets.all(LOCAL)[MOST_DATASETS:]:
        say("begin", what="delete", dataset=saved.id)
        store.datasets.delete(saved.id, LOCAL)
        say("deleted", dataset=saved.id)


def versioning(store: Store, number: int) -> None:
    """Next versions of the newest dataset, and the oldest version deleted."""
    newest = store.datasets.all(LOCAL)[0]
    say("begin", what="version")
    version = store.datasets.keep("next", frames_of(number), facts_of(number), LOCAL, dataset_id=newest.id)
    say("kept", id=version.id, dataset=version.dataset_id, number=number)
    if newest.n_versions > MOST_DATASETS:
        oldest = store.datasets.versions(newest.id, LOCAL)[-1]
        say("begin", what="delete", version=oldest.id)
        store.datasets.delete_version(oldest.id, LOCAL)
        say("deleted", version=oldest.id)


def sharing(store: Store, number: int) -> None:
    """Links made, opened, moved and revoked."""
    newest = store.datasets.all(LOCAL)[0]
    say("begin", what="share")
    share, token = store.shares.make({"number": number}, LOCAL, title=f"{number}", audience="board",
                                     expires_at=LATER, dataset_id=newest.id)
    say("shared", share=share.id, number=number)
    store.shares.keep_render(share.id, newest.latest.id, "definition", f"{number} ".encode() * 20_000)
    store.shares.open(share.id, token, None, "2026-01-01T00:00:00+00:00")
    say("opened", share=share.id)
    if number % 2:
        store.shares.revoke(share.id, LOCAL)
        say("revoked", share=share.id)


def work(kind: str, number: int, places: list[str], folder: str, address: str | None) -> None:
    """One kind of work for ever; migrating opens one place after the other instead."""
    if kind == "migrating":
        for place in places:
            say("begin", what="migrate")
            Store(place if address is None else folder, database_url=None if address is None else place)
            say("migrated", place=place)
        return
    say("begin", what="open")
    store = Store(folder, database_url=address)
    for each in count(number):
        {"loading": loading, "versioning": versioning, "sharing": sharing}[kind](store, each)


def main() -> None:
    """Serve lines until there are none."""
    import alembic.command  # noqa: F401
    import psycopg  # noqa: F401

    folder, address = sys.argv[1], (sys.argv[2:] or [None])[0]
    for line in sys.stdin:
        kind, number, *places = line.split()
        child = os.fork()
        if not child:
            try:
                work(kind, int(number), places, folder, address)
            except Exception as error:
                say("failed", why=f"{type(error).__name__}: {error}")
            os._exit(0)
        os.write(1, json.dumps({"word": "child", "process": child}).encode() + b"\n")
        os.waitpid(child, 0)
        os.write(1, b'{"word": "over"}\n')


if __name__ == "__main__":
    main()
