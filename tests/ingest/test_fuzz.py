"""A small part of ``benchmarks/fuzz.py``, the same files each time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"


@pytest.mark.parametrize("start", range(0, 80, 20))
def test_made_and_damaged_files_are_read_or_refused_and_rows_add_up(start, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    from fuzz import outcome_of

    failures = [one for number in range(start, start + 20) if (one := outcome_of(1, number)).failure]
    assert not failures, "\n".join(f"file {one.number}, {one.kind}: {one.failure}" for one in failures)
