"""The synthetic copy: the same findings, and nothing of a patient."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from analytics.definitions.tables import Tables
from analytics.ingest.cells import is_missing
from analytics.ingest.load import load
from analytics.ingest.read import Source
from analytics.ingest.synthetic import findings_of, synthetic_copy
from analytics.ingest.synthetic_values import new_days, number_beyond, odd_date, text_like
from tests.ingest.cohort import faulty_export
from tests.ingest.files import source

SAMPLE = Path(__file__).parent.parent.parent / "sample_data"

OF_PATIENTS = {
    "patient_id", "patient_name", "date_of_birth", "email", "MRN", "site", "clinician", "indication", "sex", "age_band",
    "failed_treatments", "course_id", "assessed_on", "treated_on", "comment",
}


def sample(*names: str, most_patients: int = 30) -> list[Source]:
    """Files of the sample with their first patients."""
    kept = {f"P{number:04d}" for number in range(1, most_patients + 1)}
    files = []
    for name in names:
        first, *lines = (SAMPLE / name).read_text(encoding="utf-8").splitlines()
        chosen = "\n".join([first, *(line for line in lines if line[:5] in kept)])
        files.append(Source(Path(name).name, chosen.encode()))
    return files


def copied(sources: list[Source], seed: int = 1, **options) -> tuple[Tables, Tables, dict[str, bytes]]:
    """The tables of some files, those of their copy, and the copy."""
    tables = load(sources, **options)
    copy = synthetic_copy(sources, tables, seed)
    return tables, load([Source(name, content) for name, content in copy.items()], **options), copy


@cache
def copied_case(name: str) -> tuple[Tables, Tables, dict[str, bytes]]:
    """``copied`` of one of the cases, made once."""
    return copied(CASES[name]())


CASES = {
    "messy": lambda: [Source("clinic.csv", (SAMPLE / "messy_export.csv").read_bytes())],
    "days": lambda: sample("assessments.csv", "sessions.csv", "patients.csv"),
    "dates": lambda: sample("dated/assessments.csv", "dated/sessions.csv", "dated/patients.csv"),
    "faulty": lambda: [source(faulty_export(3))],
    "faulty too": lambda: [source(faulty_export(4))],
}


@pytest.mark.parametrize("name", CASES)
def test_a_copy_has_the_same_findings_and_as_many_rows(name):
    tables, again, _ = copied_case(name)
    assert findings_of(again) == findings_of(tables)
    assert [one.rows for one in again.files] == [one.rows for one in tables.files]
    assert abs(len(again.assessments) - len(tables.assessments)) <= 2  # by chance two rows of a day may become equal


@pytest.mark.parametrize("name", CASES)
def test_nothing_that_is_a_patients_survives(name):
    sources = CASES[name]()
    _, _, copy = copied_case(name)
    old = {cell for one in sources for cell in cells_of(one.content, OF_PATIENTS)}
    new = {cell for content in copy.values() for cell in cells_of(content, OF_PATIENTS)}
    dates = {cell for cell in old & new if cell[:2] == "20" and "-" in cell}
    assert len(old) > 40
    assert not (old & new) - dates
    assert all("clinic" not in one and "assessments" not in one for one in copy)


def cells_of(content: bytes, headers: set[str]) -> set[str]:
    """What stands in some columns, blanks and words for missing apart."""
    first, *records = csv.reader(io.StringIO(content.decode("utf-8")))
    return {cell.strip() for record in records for header, cell in zip(first, record, strict=False)
            if header in headers and not is_missing(cell.strip())}


def test_the_dates_of_a_patient_are_not_moved_as_one():
    tables, again, _ = copied_case("dates")
    gaps = [rows.sort_values(["patient_id", "day"]).groupby("patient_id", observed=True)["day"].diff().dropna()
            for rows in (tables.sessions, again.sessions)]
    assert sorted(gaps[0].tolist()) != sorted(gaps[1].tolist())
    assert (gaps[0] <= 1).sum() == (gaps[1] <= 1).sum()


def test_headers_and_words_stay():
    old = CASES["messy"]()[0].content.decode()
    _, _, copy = copied_case("messy")
    new = copy["file_1.csv"].decode()
    assert new.splitlines()[0] == old.splitlines()[0]
    assert {"before", "IV", "mg/kg", "no", "ketamine", "refused", "NA"} <= set(new.replace("\n", ",").split(","))


def test_the_same_seed_gives_the_same_copy_and_another_one_another():
    sources = CASES["messy"]()
    tables = load(sources)
    assert synthetic_copy(sources, tables, 5) == synthetic_copy(sources, tables, 5)
    assert synthetic_copy(sources, tables, 5) != synthetic_copy(sources, tables, 6)


def test_scores_are_dealt_out_anew_and_keep_their_spread():
    tables, again, _ = copied_case("days")
    old, new = (rows.assessments[rows.assessments["instrument"] == "gad7"]["total"] for rows in (tables, again))
    assert sorted(old) == sorted(new)
    assert old.tolist() != new.tolist()


@pytest.mark.parametrize("content", [
    b"sep=;\nOur clinic;;\npatient_id;day;phq9\nKim;0;20\nLee;x;18\n",
    "patient_id,day,phq9,site\nKim,0,20,Zürich\nLee,0,18,Genève\n".encode("cp1252"),
    b'patient_id,day,phq9\nKim,0,20\nKim,"0,5",20\n\n,0,11\nLee,0,"19\nLee,3,40\n',
    b"patient_id\tday\tphq9\nKim\t0\t20\nKim\t0\t20\nKim\t0\t12\nKim\t1.5\t3\nKim\t70000\t3\n",
    b"patient_id,assessed_on,phq9\nKim,31/02/2024,20\nKim,2024-02-30,9\nLee,2024-01-05,8\nLee,2203-01-05,8\n",
])
def test_odd_files_have_odd_copies(content):
    tables, again, copy = copied([Source("Kim.csv", content)])
    assert findings_of(again) == findings_of(tables)
    text = copy["file_1.csv"].decode("cp1252").lower()
    for word in ("kim", "lee", "clinic", "rich", "gen"):
        assert word not in text


def test_a_file_that_is_no_text_and_one_that_was_turned_to_days_are_copied():
    from analytics.reports.template import template_xlsx

    tables, again, copy = copied([Source("t.xlsx", template_xlsx("date"))])
    assert {one.code for one in again.findings} <= {one.code for one in tables.findings}
    assert b"INVENTED" not in b"".join(copy.values())
    assert len(copy) == sum(one.kind != "not used" for one in tables.files)
    tables, again, _ = copied(CASES["dates"](), dates="relative")
    assert findings_of(again) == findings_of(tables)


def test_codes_that_look_like_the_new_ones_are_replaced_too():
    sources = [source("patient_id,day,phq9\nP0001,0,20\nP0002,0,18\nPX001,0,3\n")]
    _, again, _ = copied(sources)
    assert again.assessments["patient_id"].cat.categories.str.startswith("PXX").all()


def test_new_days_keep_order_and_closeness():
    drawn = np.random.default_rng(1)
    new = new_days([-20, -1, 0, 1, 15, 90], drawn, None)
    assert new[0] == 0
    assert new[1] == 1
    assert new[-1] == -1
    assert sorted(new.values()) == [new[day] for day in sorted(new)]
    assert 2 <= new[15] - new[1] <= 14
    assert 61 <= new[90] - new[15] <= 200
    late = new_days([40, 41], drawn, None)
    assert late[41] - late[40] == 1
    assert 15 <= late[40] <= 60
    assert new_days([], drawn, None) in ({}, {0: 0})


@pytest.mark.parametrize(("text", "reads_as"), [("300", "number"), ("-4", "number"), ("twelve", "xxxx")])
def test_a_number_beyond_its_range_stays_beyond(text, reads_as):
    new = number_beyond(text, np.random.default_rng(0))
    assert new != text
    if reads_as == "number":
        assert abs(float(new)) > abs(float(text))
    else:
        assert new == reads_as


@pytest.mark.parametrize("text", [
    "kim@clinic.org", "https://clinic.org/kim", "10.20.30.40", "1961-04-05", "Kim Lee-Zoë"])
def test_nonsense_has_the_shape_of_a_text(text):
    new = text_like(text, np.random.default_rng(0))
    assert new != text
    for sign in "@:.-":
        assert (sign in new) == (sign in text)


def test_odd_dates_stay_odd():
    drawn = np.random.default_rng(0)
    assert odd_date("soon", drawn) == "xxxx"
    assert int(odd_date("2203-01-05", drawn)[:4]) >= 2150
    assert int(odd_date("1924-01-05", drawn)[:4]) < 1990
    assert odd_date("2024-02-30", drawn)[4:8] == "-02-"
    assert odd_date("31/02/2024", drawn)[:3] in ("30/", "31/")
    assert int(odd_date("25/02/2024", drawn)[:2]) > 12
    assert int(odd_date("05.02.24", drawn).split(".")[0]) <= 12
