"""The synthetic copy of files whose bytes are gone: what is left of them after the screen."""

from __future__ import annotations

import time
from functools import cache

import pytest

from analytics.ingest.load import load, open_files, tables_of, unpacked
from analytics.ingest.read import Source
from analytics.ingest.synthetic import findings_of, synthetic_copy, synthetic_copy_of
from tests.ingest.test_synthetic import CASES, OF_PATIENTS, SAMPLE, cells_of

WITH_NAMES = (b"patient_id,who,contact,day,phq9\n" + b"".join(
    f"A{n},{given} {family},{given.lower()}{n}@clinic.org,0,{20 - n}\n".encode() for n, (given, family) in enumerate(
        (("Maria", "Gonzalez"), ("James", "Smith"), ("Linda", "Johnson"), ("Robert", "Miller"), ("Susan", "Davis"),
         ("Karen", "Wilson"), ("Thomas", "Anderson"), ("Nancy", "Taylor")))))


def kept(sources, **options):
    """Files as the dashboard keeps them: read, screened, packed; and their tables."""
    opened = open_files(sources)
    tables = tables_of(opened, **options)
    return unpacked(opened.screened(tables, None).packed()), tables, opened


@cache
def kept_case(name):
    """``kept`` of one of the cases, made once."""
    return kept(CASES[name]())


@pytest.mark.parametrize("name", CASES)
def test_a_copy_of_opened_files_has_their_findings(name):
    screened, tables, opened = kept_case(name)
    copy = synthetic_copy_of(screened, tables, 1)
    again = load([Source(name, content) for name, content in copy.items()])
    of_bytes = {(one.code, one.column) for one in opened.log.findings()}
    assert findings_of(again) - of_bytes == findings_of(tables) - of_bytes
    told = " ".join(copy.differences)
    for code, _ in findings_of(tables) ^ findings_of(again):
        assert code in told
    assert bool(told) == (findings_of(tables) != findings_of(again))


@pytest.mark.parametrize("name", CASES)
def test_nothing_of_a_patient_is_in_it(name):
    sources = CASES[name]()
    screened, tables, _ = kept_case(name)
    copy = synthetic_copy_of(screened, tables, 1)
    old = {cell for one in sources for cell in cells_of(one.content, OF_PATIENTS)}
    new = {cell for content in copy.values() for cell in cells_of(content, OF_PATIENTS)}
    dates = {cell for cell in old & new if cell[:2] in ("19", "20") and "-" in cell}
    assert not (old & new) - dates


def test_columns_that_the_screen_dropped_are_invented_under_their_headers():
    screened, tables, _ = kept([Source("x.csv", WITH_NAMES)])
    assert screened.parts[0].headers == ("patient_id", "day", "phq9")
    copy = synthetic_copy_of(screened, tables, 1)
    text = copy["file_1.csv"].decode()
    assert text.splitlines()[0] == "patient_id,who,contact,day,phq9"
    assert "clinic.org" not in text
    assert copy.differences == ()
    assert copy == synthetic_copy_of(screened, tables, 1) != synthetic_copy_of(screened, tables, 2)


def test_a_difference_is_said():
    source = Source("x.csv", b"patient_id,day,phq9\nA,0,20\nB,0,18,7\n")
    assert synthetic_copy([source], load([source]), 1).differences == ()
    screened, tables, _ = kept([source])
    assert synthetic_copy_of(screened, tables, 1).differences == (
        "The original has a finding that the copy has not: row_ragged.",)


def test_the_sample_is_copied_within_seconds():
    sources = [Source(path.name, path.read_bytes()) for path in sorted((SAMPLE / "dated").glob("*.csv"))]
    screened, tables, _ = kept(sources)
    started = time.process_time()
    copy = synthetic_copy_of(screened, tables, 1)
    assert time.process_time() - started < 10, "3 seconds on a machine of its own"
    assert copy.differences == ()
