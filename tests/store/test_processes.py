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
import os
import sys
from analytics.store import Store

def saves_for_ever(number):
    store = Store(sys.argv[1])
    while True:
        number += 1
        recipe = store.save_recipe("monthly", f"{number} " * 5000, [number])
        frames = {name: f"{name} {number} ".encode() * 20000 for name in ("assessments", "attributes", "sessions")}
        store.save_load(recipe, f"key {number}", frames, {"number": number})
        os.write(1, b"%d\\n" % number)

for line in sys.stdin:
    saver = os.fork()
    if not saver:
        saves_for_ever(int(line))
    os.write(1, b"saver %d\\n" % saver)
    os.waitpid(saver, 0)
    os.write(1, b"killed\\n")
"""
"""Each line it reads is a number to go on from, in a process of its own; the imports are paid for once."""

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
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def killed_saver(savers: subprocess.Popen, number: int, patience: float) -> list[int]:
    """The saves that a process told as done before it was killed, some time after its first."""
    savers.stdin.write(f"{number}\n")
    savers.stdin.flush()
    lines = [savers.stdout.readline(), savers.stdout.readline()]
    saver = next(int(line.split()[1]) for line in lines if line.startswith("saver"))
    time.sleep(patience)
    os.kill(saver, signal.SIGKILL)
    while lines[-1] != "killed\n":
        lines.append(savers.stdout.readline())
        assert lines[-1], savers.stderr.read()
    return [int(line) for line in lines if line[0].isdigit()]


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
    savers = started(_SAVES_FOR_EVER, str(tmp_path))
    for _ in range(KILLS):
        told = killed_saver(savers, number, drawn.uniform(0, 0.06))
        kept = {path.name for path in (tmp_path / "datasets").iterdir()}
        store = Store(tmp_path)
        swept = {path.name for path in (tmp_path / "datasets").iterdir()}
        leftovers += len(kept - swept)
        assert len(swept) <= 2
        number = whole_number(store)
        assert number >= max(told), "a save that was told as done is not there"
    savers.communicate(timeout=60)
    assert savers.returncode == 0
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
