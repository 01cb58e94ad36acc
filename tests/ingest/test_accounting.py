"""Every row of every file is accounted for, and no finding shows a value."""

from __future__ import annotations

import csv
import io
import re
import string

import pytest

from analytics.definitions.findings import SEVERITIES
from analytics.ingest.problem_kinds import PROBLEM_KINDS
from analytics.ingest.problems import Count
from tests.ingest.cohort import faulty_export
from tests.ingest.files import loaded, place

SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_are_used_or_named_or_hold_nothing(seed):
    text = faulty_export(seed)
    tables = loaded(text)
    record = tables.files[0]
    lines = text.splitlines()
    assert record.rows == sum(bool(line) for line in lines[1:])
    dropped = {row for one in tables.findings if one.severity == "drops_rows" and one.file for row in one.rows}
    used = set(tables.assessments["file_row"]) | set(tables.sessions["file_row"])
    described = {row for row, cells in enumerate(csv.reader(io.StringIO(text)), start=1)
                 if row > 1 and len(cells) == 15 and cells[0] and cells[13]}
    contradicted = {row for one in tables.findings if one.code == "attribute_contradicts" for row in one.rows}
    used |= described - contradicted
    assert record.rows_used == len(used)
    assert record.rows == record.rows_used + len(dropped - used) + record.rows_blank


@pytest.mark.parametrize("seed", SEEDS)
def test_no_score_is_lost_in_silence(seed):
    """A second, plain reading: whatever stands in a score's cell is a score of the row, or a finding names the row."""
    text = faulty_export(seed)
    tables = loaded(text)
    named = {row for one in tables.findings if one.rows for row in one.rows}
    rows = tables.assessments
    scored = set(zip(rows["file_row"], rows["instrument"].astype(str), strict=True))
    for row, cells in enumerate(csv.reader(io.StringIO(text)), start=1):
        if row == 1 or not cells:
            continue
        if cells[2] not in ("", "NA") and (row, "phq9") not in scored:
            assert row in named, f"row {row}"
        if any(cells[3:11]) and (row, "gad7") not in scored:
            assert row in named, f"row {row}"
        if cells[11] and row not in set(tables.sessions["file_row"]):
            assert row in named, f"row {row}"


def test_no_finding_and_no_column_use_shows_a_value():
    planted = {f"Xq{one}zz{two}" for one in string.ascii_lowercase for two in "ab"}
    words = iter(sorted(planted))
    header = ("patient_id,day,assessed_on,visit,time,timing,instrument,total,phq9,gad7_q1,dose,route,nausea,phase,site,"
              "story")
    good = "P1,0,2024-01-05,pre,08:00,before,phq9,20,18,1,40,IV,yes,induction,North,fine"
    lines = [header, good]
    for column in range(16):
        cells = good.split(",")
        cells[column] = next(words)
        lines.append(",".join(cells))
        lines.append(",".join([*cells, next(words)]))
    tables = loaded("\n".join(lines) + "\n",
                    "patient_id,observed_until_day,planned_sessions\nP1,Xqazza,Xqbzzb\nP1,9,Xqczzc\n")
    shown = " ".join([str(tables.findings), str(tables.columns), str(tables.files)]).lower()
    assert len(tables.findings) > 10
    assert not [word for word in planted if word.lower() in shown]


@pytest.mark.parametrize("content", [
    b"Xqazza\n", b"Xqazza,Xqbzzb\n1,2\n", b"%PDF Xqazza", b"PK\x03\x04Xqazza", b"PAR1Xqazza",
    b'"Xqazza\n', b"Xqazza\x00\xff\n",
])
def test_no_finding_about_a_whole_file_shows_a_value(content):
    shown = str([(one.problem, one.remedy) for one in loaded(content).findings])
    assert "Xqbzzb" not in shown
    assert "PAR1" not in shown


@pytest.mark.parametrize("code", sorted(PROBLEM_KINDS))
def test_every_kind_of_problem_says_what_and_what_to_do(code):
    kind = PROBLEM_KINDS[code]
    assert kind.severity in SEVERITIES
    for text in (kind.problem, kind.remedy):
        assert text
        assert text[-1] in ".}"
        assert "invalid" not in text
        assert "!" not in text
    assert re.fullmatch(r"[a-z_0-9]+", code)


def test_counts_choose_their_words():
    assert f"{Count(1):value is|values are}" == "1 value is"
    assert f"{Count(1200):value is|values are}" == "1,200 values are"
    assert f"{Count(1):was|were}" == "was"
    assert f"{Count(1):a patient start|patients start}" == "a patient start"


def test_findings_come_gravest_first_and_once_a_column():
    tables = loaded("patient_id,day,phq9,gad7,site\n,0,20,3,a\nP1,0,x,30,b\nP1,1,y,30,b\nP2,z,5,88,c\n")
    severities = [SEVERITIES.index(one.severity) for one in tables.findings]
    assert severities == sorted(severities)
    keys = [(one.file, one.column, one.code) for one in tables.findings]
    assert len(keys) == len(set(keys))
    assert [place(one) for one in tables.findings if one.code == "not_a_number"] == [
        ("drops_rows", "scores.csv", "phq9", (3, 4))]
    assert next(one for one in tables.findings if one.code == "not_a_number").problem == (
        "2 values are not numbers; a PHQ-9 total from 0 to 27 was expected.")
