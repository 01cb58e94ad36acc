"""Files of an archive or folder that are understood in part: they do not stop the others of the export."""

from __future__ import annotations

import json

import pytest

from analytics.ingest.load import load
from analytics.ingest.read import Source
from tests.ingest.books import accounted, zipped
from tests.ingest.files import codes, finding, place, scores

SCORES = "patient_id,day,phq9\nP1,0,20\nP1,28,9\nP2,0,18\n"
SESSIONS = "patient_id,day,dose_mg\nP1,0,40\nP2,0,35\n"
MEDICINES = "drug,dose_mg,start\nsertraline,50,2024-01-05\nlithium,300,2024-02-05\n"
GAD_NO_PATIENT = "day,gad7\n0,12\n28,5\n"
PHQ_NO_PATIENT = "day,phq9\n0,12\n28,5\n"
BY_NAME = "Patient Name,day,dose_mg\nAna Xqu,0,40\nBob Yqu,3,41\n"
VISITS_BY_DATE = "patient_id,treated_on,dose_mg\nP1,2024-01-05,40\nP1,2024-01-09,40\nP2,2024-02-05,35\n"
NOTES = "The clinic closes in August.\nCall before you come, please.\n"
INVOICE = "invoice,amount,paid\n17,220.50,2024-01-05\n18,220.50,2024-02-05\n"
ODD_DATES = "patient_id,treated_on,dose_mg\nP1,03/04/2024,40\nP2,05/06/2024,35\n"


def export(**members: str | bytes):
    return load([Source("export.zip", zipped({f"{name}.csv": text for name, text in members.items()}))])


@pytest.mark.parametrize(("text", "column", "n_rows"), [
    (MEDICINES, None, 2), (PHQ_NO_PATIENT, None, 2), (BY_NAME, "Patient Name", 2), (VISITS_BY_DATE, None, 3),
    (ODD_DATES, "treated_on", 2)])
def test_a_member_that_is_not_needed_is_set_aside(text, column, n_rows):
    tables = export(a=SCORES, b=SESSIONS, z=text)
    assert not tables.is_blocked
    assert [one[:3] for one in scores(tables)] == [("P1", "phq9", 0), ("P1", "phq9", 28), ("P2", "phq9", 0)]
    told = finding(tables, "member_not_used")
    assert place(told) == ("drops_rows", "export.zip/z.csv", column, tuple(range(2, 2 + n_rows)))
    assert {one.name: one.kind for one in tables.files}["export.zip/z.csv"] == "not used"
    assert accounted(tables)


@pytest.mark.parametrize("text", [NOTES, INVOICE])
def test_a_member_of_which_nothing_is_known_stops_nothing(text):
    tables = export(a=SCORES, z=text)
    assert not tables.is_blocked
    assert len(scores(tables)) == 3
    assert accounted(tables)


def test_the_set_aside_member_leaves_everything_else_as_it_is():
    with_it, without = export(a=SCORES, b=SESSIONS, z=VISITS_BY_DATE), export(a=SCORES, b=SESSIONS)
    assert with_it.axis == without.axis == "day"
    for name in ("assessments", "sessions"):
        one, other = (getattr(tables, name).astype({"file": "str"}) for tables in (with_it, without))
        assert one.equals(other)
    assert set(codes(with_it)) - set(codes(without)) == {"member_not_used"}


def test_what_no_other_member_holds_still_stops_the_load():
    tables = export(a=SCORES, b=SESSIONS, z=GAD_NO_PATIENT)
    assert place(finding(tables, "no_patient_column"))[:2] == ("blocks", "export.zip/z.csv")
    tables = export(a=SCORES, z=VISITS_BY_DATE)
    assert tables.is_blocked
    assert "axes_differ" in codes(tables)


@pytest.mark.parametrize("text", [
    "invoice,patient_id,amount,date\n1,P1,200,03/04/2024\n2,P1,200,05/06/2024\n3,P2,200,07/08/2024\n",
    "patient_id,day,remark\nP1,week 2,x\nP2,week 4,y\n"])
def test_dates_alone_are_no_sessions_that_are_missed(text):
    dated = "patient_id,assessed_on,phq9\nP1,2024-01-05,20\nP1,2024-02-05,9\n"
    tables = export(a=dated, z=text)
    assert not tables.is_blocked
    assert finding(tables, "member_not_used").file == "export.zip/z.csv"
    assert len(tables.assessments) == 2
    assert tables.sessions.empty
    assert accounted(tables)


def test_the_only_member_and_files_given_by_name_stop_the_load():
    assert finding(export(z=PHQ_NO_PATIENT), "no_patient_column").severity == "blocks"
    assert export(z=PHQ_NO_PATIENT, y=MEDICINES).is_blocked
    alone = load([Source("a.csv", SCORES.encode()), Source("b.csv", SESSIONS.encode()),
                  Source("z.csv", PHQ_NO_PATIENT.encode())])
    assert finding(alone, "no_patient_column").severity == "blocks"
    other_book = load([Source("a.zip", zipped({"a.csv": SCORES})), Source("z.zip", zipped({"z.csv": PHQ_NO_PATIENT}))])
    assert finding(other_book, "no_patient_column").severity == "blocks"


def test_folders_are_like_archives(tmp_path):
    for name, text in {"a.csv": SCORES, "z.csv": PHQ_NO_PATIENT}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    tables = load([tmp_path])
    assert not tables.is_blocked
    assert finding(tables, "member_not_used").rows == (2, 3)
    assert load([tmp_path / "a.csv", tmp_path / "z.csv"]).is_blocked


def test_the_question_stays_with_the_member():
    told = finding(export(a=SCORES, b=SESSIONS, z=ODD_DATES), "member_not_used")
    assert [words for _, words in told.choices] == ["treated_on[dmy]", "treated_on[mdy]"]
    answered = load([Source("export.zip", zipped({"a.csv": ODD_DATES, "b.csv": SCORES}))])
    assert answered.is_blocked, "the only sessions are asked about as in any file"


@pytest.mark.parametrize("content", [b'{"resourceType": "Bundle", "entry": [{', b'{"resourceType": "Patient"\n{\n'])
def test_a_damaged_fhir_member_stops_nothing(content):
    tables = load([Source("export.zip", zipped({"a.csv": SCORES, "b.json": content}))])
    assert place(finding(tables, "member_not_read"))[:2] == ("drops_rows", "export.zip/b.json")
    assert not tables.is_blocked
    assert finding(load([Source("b.json", content)]), "unreadable").severity == "blocks"


def test_a_fhir_member_without_scores_stops_nothing():
    lines = json.dumps({"resourceType": "Patient", "id": "P1"}).encode() + b"\n"
    tables = load([Source("export.zip", zipped({"a.csv": SCORES, "b.ndjson": lines * 2}))])
    assert not tables.is_blocked
    assert accounted(tables)
