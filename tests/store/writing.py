"""Many programs that write to one store at once: what each was told is done must be there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from analytics.access import LOCAL
from analytics.store import Store

ROOT = Path(__file__).parent.parent.parent

_WRITES = """
import json, os, sys, time
from analytics.access import LOCAL
from analytics.store import Store

folder, address, n_writers, n_rounds, shared = sys.argv[1:6]

def write(place):
    store = Store(folder, database_url=address or None, wait_seconds=120)
    told, slowest, mine = [], 0.0, f"writer {place}"
    for number in range(int(n_rounds)):
        began = time.monotonic()
        frames = {"assessments": f"{mine} {number}".encode() * 1000}
        facts = {"key": f"{mine} {number}", "writer": mine, "number": number}
        own = store.datasets.keep(mine, frames, facts, LOCAL)
        next_one = store.datasets.keep("shared", frames, facts, LOCAL, dataset_id=int(shared))
        store.keep_note("shared", f"{mine} {number}", number)
        store.audit.write(LOCAL, "wrote", {"writer": mine, "number": number})
        assert store.datasets.frames(next_one.id, LOCAL) == frames
        told.append([own.id, next_one.id, next_one.number])
        slowest = max(slowest, time.monotonic() - began)
    with open(f"{folder}-{place}.json", "w") as file:
        json.dump({"told": told, "slowest": slowest}, file)

import psycopg
go_on, go = os.pipe()
children = []
for place in range(int(n_writers)):
    child = os.fork()
    if not child:
        os.close(go)
        os.read(go_on, 1)  # Ends for all of them when the parent closes it.
        try:
            write(place)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    children.append(child)
os.close(go)
sys.exit(max(os.waitpid(child, 0)[1] for child in children) > 0)
"""


def write_at_once(folder: Path, address: str | None, n_writers: int, n_rounds: int) -> float:
    """Start so many writers at one moment and look for all that each was told; gives the slowest round in seconds."""
    store = Store(folder, database_url=address)
    shared = store.datasets.keep("shared", {"a": b"first"}, {"key": "first"}, LOCAL).dataset_id
    done = subprocess.run([sys.executable, "-c", _WRITES, str(folder), address or "", str(n_writers), str(n_rounds),
                           str(shared)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = [json.loads(Path(f"{folder}-{place}.json").read_text(encoding="utf-8")) for place in range(n_writers)]
    _look(store, shared, [one["told"] for one in told])
    store.close()
    return max(one["slowest"] for one in told)


def _look(store: Store, shared: int, told: list[list[list[int]]]) -> None:
    n_writers, n_rounds = len(told), len(told[0])
    versions = {one.id: one for one in store.datasets.versions(shared, LOCAL)}
    assert sorted(one.number for one in versions.values()) == list(range(1, n_writers * n_rounds + 2)), "numbers"
    own = {one.latest.id: one for one in store.datasets.all(LOCAL)}
    assert len(own) == n_writers * n_rounds + 1
    for place, rounds in enumerate(told):
        for number, (own_id, next_id, next_number) in enumerate(rounds):
            facts = {"key": f"writer {place} {number}", "writer": f"writer {place}", "number": number}
            assert own[own_id].latest.facts == versions[next_id].facts == facts
            assert versions[next_id].number == next_number
    assert len(store.notes("shared")) == n_writers * n_rounds
    wrote = [one for one in store.audit.entries(LOCAL, most=10 ** 6) if one.action == "wrote"]
    assert len(wrote) == n_writers * n_rounds
