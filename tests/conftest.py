"""What every test run shares: a store of its own, files that stay together on a worker, cheap collection of garbage."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

_FOLDER = tempfile.mkdtemp(prefix="ketamine-outcomes-tests-")
os.environ["KETAMINE_OUTCOMES_STORE"] = _FOLDER
"""Every test run keeps its recipes in a folder of its own, never in a person's."""
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)

if sys.dont_write_bytecode:
    # Compiling the tests takes each worker six seconds; beside pytest's own cache the bytecode is in nobody's way.
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")

OTHER_BROWSER = frozenset(f"tests/browser/test_{name}.py"
                          for name in ("accessibility", "server", "shares", "sign_in", "live_presenting"))
"""Those that start servers of their own, and the longest: about half of the time that all browser tests take."""

LONGEST = ("tests/browser", "tests/browser, the other half",
           "tests/courses/test_second_implementation.py", "tests/ingest/test_round_trip.py")
"""What starts first, so that no worker is left alone with it at the end."""


def place_of(nodeid: str) -> str:
    """What stays on one worker: a file, whose tests share what they made; browser tests as two halves."""
    file = nodeid.split("::")[0]
    if file in OTHER_BROWSER:
        return "tests/browser, the other half"
    return "tests/browser" if file.startswith("tests/browser/") else file


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """The longest first; else as they were found."""
    rank = {place: number for number, place in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(place_of(item.nodeid), len(rank)))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """``--dist loadscope``, where a scope is what ``place_of`` says."""
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByPlace(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return place_of(nodeid)

    return ByPlace(config, log)
