"""Processes that are killed while they save, and processes that save at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analytics.store import Store

ROOT = Path(__file__).parent.parent.parent
KILLS = 22

_SAVES_FOR_EVER = """
import sys
from analytics.store import Store

store, number = Store(sys.argv[1]), int(sys.argv[2])
while True:
    number += 1
    recipe = store.save_recipe("monthly", f"{number} " * 5000, [number])
    frames = {name: f"{name} {number} ".encode() * 20000 for name in ("assessments", "attributes", "sessions")}
    store.save_load(recipe, f"key {number}", frames, {"number": number})
    print(number, flush=True)
"""

_SAVES_AND_READS = """
import sys
from analytics.store import Store

mine = sys.argv[2]
for number in range(25):
    store = Store(sys.argv[1])
    recipe = store.save_recipe(mine, f"{number}", [])
    store.save_load(recipe, f"{number}", {"assessments": f"{mine} {number}".encode()}, {"number": number})
    frames, facts = store.last_load(recipe)
    assert frames == {"assessments": f"{mine} {number}".encode()} and facts["number"] == number
    for other in store.recipes():
        found = store.last_load(other.id)
        assert found is None or found[0]["assessments"].decode().startswith(other.name)
print(store.secret().hex())
"""


def started(script: str, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", script, *arguments], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def whole_number(store: Store) -> int:
    """The number of the last load, after checking that recipe and load are whole."""
    saved = store.recipes()[0]
    assert saved.toml_text == f"{saved.shape[0]} " * 5000
    frames, facts = store.last_load(saved.id)
    number = facts["number"]
    assert facts["key"] == f"key {number}"
    assert frames == {name: f"{name} {number} ".encode() * 20000 for name in ("assessments", "attributes", "sessions")}
    assert saved.shape[0] in (number, number + 1)
    return number


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_after_a_kill_in_the_middle_of_a_save_the_last_recipe_and_load_are_whole(tmp_path):
    drawn, number, leftovers = random.Random(3), 0, 0
    for _ in range(KILLS):
        saver = started(_SAVES_FOR_EVER, str(tmp_path), str(number))
        first = int(saver.stdout.readline())
        time.sleep(drawn.uniform(0, 0.06))
        saver.send_signal(signal.SIGKILL)
        told = [int(line) for line in saver.communicate()[0].split("\n")[:-1]]
        kept = {path.name for path in (tmp_path / "datasets").iterdir()}
        store = Store(tmp_path)
        swept = {path.name for path in (tmp_path / "datasets").iterdir()}
        leftovers += len(kept - swept)
        assert len(swept) <= 2
        number = whole_number(store)
        assert number >= max([first, *told]), "a save that was told as done is not there"
    assert leftovers, "no kill came in the middle of a save; the test shows nothing"


def test_two_processes_save_and_read_at_once(tmp_path):
    both = [started(_SAVES_AND_READS, str(tmp_path), name) for name in ("left", "right")]
    secrets = []
    for process in both:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        secrets.append(out.strip())
    assert secrets[0] == secrets[1] == Store(tmp_path).secret().hex()
    assert {one.name: one.toml_text for one in Store(tmp_path).recipes()} == {"left": "24", "right": "24"}
    assert len(list((tmp_path / "datasets").iterdir())) == 4
