"""Kills a worker at drawn moments and looks after each whether the store holds what it promised."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from analytics.access import LOCAL
from analytics.store import Store, schema
from analytics.store.check import problems
from tests.postgresql import PostgreSQL
from tests.store.killed_worker import facts_of, frames_of
from tests.store.test_migrations import made_by

ROOT = Path(__file__).parent.parent.parent
KINDS = ("loading", "versioning", "sharing", "migrating")
LONGEST = {"loading": 0.6, "versioning": 0.6, "sharing": 0.5, "migrating": 0.25}
"""The latest moment of a kill, in seconds after the process began."""


class Killer:
    """One store, its worker, and what the worker was told is done.

    Parameters
    ----------
    server : a PostgreSQL; missing for SQLite in the folder
    """

    def __init__(self, folder: Path, seed: int, server: PostgreSQL | None = None) -> None:
        self.folder, self.server, self._drawn = folder, server, random.Random(seed)
        self._schema = server.new_schema() if server else None
        self.address = server.address(self._schema) if server else None
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "tests.store.killed_worker", str(folder / "kept"), *filter(None, [self.address])],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._number, self._places, self._n_places = 0, [], 0
        self.versions: dict[int, tuple[int, int]] = {}
        self.shares: dict[str, int] = {}
        self.revoked: set[str] = set()
        self.gone: set[tuple[str, int]] = set()
        self.going: set[tuple[str, int]] = set()
        self.interrupted: Counter[str] = Counter()
        first = self.store()
        first.datasets.keep("first", frames_of(0), facts_of(0), LOCAL)
        first.close()

    def store(self) -> Store:
        return Store(self.folder / "kept", database_url=self.address)

    def close(self) -> None:
        self._worker.communicate(timeout=60)

    def kill(self, kind: str, *, of_server: bool = False) -> None:
        """Let the worker work, kill it (or the database's server) at a drawn moment, and look after the store."""
        self._places = list(self._old_stores()) if kind == "migrating" else []
        self._number += 1_000
        self._worker.stdin.write(" ".join((kind, str(self._number), *self._places)) + "\n")
        self._worker.stdin.flush()
        lines = self._lines()
        process = next(line for line in lines if line["word"] == "child")["process"]
        timer = threading.Timer(self._drawn.uniform(0, LONGEST[kind]), self._end, (process, of_server))
        timer.start()
        self._read(lines, of_server)
        timer.join()
        if of_server:
            self.server.start()
        self.look()

    def _end(self, process: int, of_server: bool) -> None:
        if of_server:
            self.server.kill()
            time.sleep(0.1)
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            return

    def _lines(self) -> Iterator[dict]:
        early = []
        while True:
            line = json.loads(self._worker.stdout.readline())
            if line["word"] == "child":
                yield line
                yield from early
                break
            early.append(line)
        while (line := json.loads(self._worker.stdout.readline()))["word"] != "over":
            yield line

    def _read(self, lines: Iterator[dict], of_server: bool) -> None:
        begun = None
        for line in lines:
            assert line["word"] != "failed" or of_server, line
            begun = line["what"] if line["word"] == "begin" else begun if line["word"] == "failed" else None
            getattr(self, f"_on_{line['word']}")(line)
        self.interrupted[begun or "between"] += 1

    def _on_begin(self, line: dict) -> None:
        self.going |= {(what, line[what]) for what in ("dataset", "version") if what in line}

    def _on_failed(self, line: dict) -> None:
        """The server was killed under the worker."""

    def _on_kept(self, line: dict) -> None:
        self.versions[line["id"]] = (line["dataset"], line["number"])

    def _on_loaded(self, line: dict) -> None:
        self._loaded = line["number"]

    _loaded = -1

    def _on_deleted(self, line: dict) -> None:
        self.gone |= {(what, line[what]) for what in ("dataset", "version") if what in line}

    def _on_shared(self, line: dict) -> None:
        self.shares[line["share"]] = line["number"]

    def _on_opened(self, line: dict) -> None:
        assert line["share"] in self.shares

    def _on_revoked(self, line: dict) -> None:
        self.revoked.add(line["share"])

    def _on_migrated(self, line: dict) -> None:
        assert line["place"] in self._places

    def look(self) -> None:
        """What was told as done is there and whole, nothing half is seen, and the check finds nothing."""
        store = self.store()
        assert problems(store.database) == []
        seen = {}
        for saved in store.datasets.all(LOCAL):
            versions = store.datasets.versions(saved.id, LOCAL)
            assert saved.latest == versions[0] and saved.n_versions == len(versions), "half a dataset is visible"
            for version in versions:
                number = version.facts["number"]
                assert version.facts == facts_of(number), "half a version is visible"
                seen[version.id] = (saved.id, number)
        drawn = self._drawn.sample(sorted(seen), min(4, len(seen)))
        for version_id in {*drawn, max(seen)}:
            assert store.datasets.frames(version_id, LOCAL) == frames_of(seen[version_id][1])
        for version_id, kept in self.versions.items():
            is_going = {("dataset", kept[0]), ("version", version_id)} & (self.going | self.gone)
            assert seen.get(version_id) == kept or (is_going and version_id not in seen), "a kept version is not there"
        for what, number in self.gone:
            assert number not in ({of for of, _ in seen.values()} if what == "dataset" else seen), "deleted, and there"
        self._look_at_links(store)
        self._look_at_the_load(store)
        store.close()
        self._look_at_old_stores()

    def _look_at_links(self, store: Store) -> None:
        links = {one.id: one for one in store.shares.all(LOCAL)}
        for share_id, number in self.shares.items():
            share = links[share_id]
            is_ended = share.dataset_id is None
            assert share.title == f"{number}" and (is_ended or share.content["number"] == number)
            assert share.revoked_at is not None if share_id in self.revoked or is_ended else True
        for share in links.values():
            render = store.shares.render(share.id)
            assert render is None or render.payload == f"{share.title} ".encode() * 20_000, "half a render"

    def _look_at_the_load(self, store: Store) -> None:
        for recipe in store.recipes():
            found = store.last_load(recipe.id)
            if found is not None:
                assert found[0] == frames_of(found[1]["number"])
                # A load goes with the dataset that holds the same tables; one that is there is no older.
                assert found[1]["number"] >= self._loaded or self.gone

    def _old_stores(self) -> Iterator[str]:
        """Places of stores of the version before, to be brought up."""
        for _ in range(2):
            self._n_places += 1
            if self.server is None:
                made_by(2, self.folder / f"old-{self._n_places}")
                yield str(self.folder / f"old-{self._n_places}")
            else:
                yield old_schema(self.server)

    def _look_at_old_stores(self) -> None:
        for place in self._places:
            store = Store(place) if self.server is None else Store(self.folder / "none", database_url=place)
            assert [one.toml_text for one in store.recipes()] == ["kept"] and store.notes("k1") == {"primary": 1}
            assert problems(store.database) == []
            store.datasets.keep("new", {"a": b"1"}, {"key": "k"}, LOCAL)
            store.close()
            if self.server is None:
                shutil.rmtree(place)


def old_schema(server: PostgreSQL) -> str:
    """The address of a store whose last step was the one before the newest."""
    address = server.address(server.new_schema())
    engine = create_engine(address)
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(text("INSERT INTO recipes (owner, name, toml_text, shape, saved_at) VALUES "
                                "('', 'monthly', 'kept', '[]', '2026-01-01T00:00:00+00:00')"))
        connection.execute(text("INSERT INTO notes VALUES ('', 'k1', 'primary', '1', '2026-01-01T00:00:00+00:00')"))
    engine.dispose()
    return address
