"""Processes that save and read at once, on either database; those that are killed are in test_kills.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.store.check import problems
from tests.store.writing import write_at_once

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no fork")

_SAVES_AND_READS = """
import os, sys
from analytics.store import Store

def saves_and_reads(mine):
    for number in range(10):
        store = Store(sys.argv[1], database_url=sys.argv[2] or None)
        recipe = store.save_recipe(mine, f"{number}", [])
        store.save_load(recipe, f"{number}", {"assessments": f"{mine} {number}".encode()}, {"number": number})
        frames, facts = store.last_load(recipe)
        assert frames == {"assessments": f"{mine} {number}".encode()} and facts["number"] == number
        for other in store.recipes():
            found = store.last_load(other.id)
            assert found is None or found[0]["assessments"].decode().startswith(other.name)
        secret = store.secret().hex()
        store.close()
    os.write(1, f"{secret}\\n".encode())

children = []
for mine in ("left", "right"):
    child = os.fork()
    if not child:
        saves_and_reads(mine)
        os._exit(0)
    children.append(child)
sys.exit(max(os.waitpid(child, 0)[1] for child in children) > 0)
"""


def test_two_processes_save_and_read_at_once(place):
    done = subprocess.run([sys.executable, "-c", _SAVES_AND_READS, str(place.folder), place.address or ""], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [place.store().secret().hex()] * 2
    assert {one.name: one.toml_text for one in place.store().recipes()} == {"left": "9", "right": "9"}
    assert len(place.contents()) == 4


def test_several_writers_at_once_lose_nothing(place):
    write_at_once(place.folder, place.address, n_writers=5, n_rounds=3)
    assert problems(place.store().database) == []
