"""A cohort written in every shape and read back: the same outcomes; and the sample: the same results."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from math import isclose
from pathlib import Path

import pandas as pd
import pytest

import analytics
from analytics.definitions.tables import COURSES, OUTCOMES, date_of
from tests.courses.test_second_implementation import cohort_of, tables_of
from tests.plain import cohorts
from tests.shapes import fhir, tables
from tests.shapes.records import Records

SAMPLE = Path(__file__).parents[2] / "sample_data" / "dated"

ALL = ("course_id", "timing", "phase", "planned_sessions")
"""What some shapes have no place for."""

SHAPES = {
    "long": (tables.as_long, ()),
    "semicolons": (tables.as_semicolons, ()),
    "row a visit": (tables.as_visits, ()),
    "workbook": (tables.as_workbook, ()),
    "Parquet": (tables.as_parquet, ()),
    "measures": (tables.as_measures, ()),
    "flow sheet": (tables.as_flow_sheet, ALL),
    "REDCap": (tables.as_redcap, ALL),
    "relational": (tables.as_relational, ALL),
    "FHIR Bundle": (fhir.as_bundle, ALL),
    "FHIR NDJSON": (fhir.as_ndjson, ALL),
}


def seeds(axis: str, count: int) -> list[int]:
    """The first seeds of cohorts on an axis that have sessions (visits never have)."""
    found = []
    for seed in range(200):
        cohort = cohort_of(seed)
        if cohort.axis == axis and (cohort.sessions or axis == "visit"):
            found.append(seed)
        if len(found) == count:
            break
    return found


def records_of(cohort: cohorts.Cohort) -> Records:
    scores = [{name: value for name, value in row.items() if name not in ("item9", "n_items_missing")}
              for row in cohort.assessments]
    people = {code: {"indication": cohort.indications[code], "site": cohort.sites[code]} for code in cohort.indications}
    for code, day in cohort.observed_until.items():
        people[code]["observed_until_day"] = day
    return Records(cohort.axis, scores, cohort.sessions, people)


@cache
def expected(seed: int, without: tuple[str, ...]) -> tuple[Records, analytics.outcomes]:
    """The records of a seed without some fields, and their outcomes straight from the records."""
    cohort = cohort_of(seed)
    records = records_of(cohort).bare(*without)
    cohort = replace(cohort, assessments=records.scores, sessions=records.sessions)
    return records, analytics.outcomes(tables_of(cohort), cohort.rule_set)


def read_back(sources, cohort: cohorts.Cohort, mapping=None):
    as_of = None if cohort.as_of is None else date_of(cohort.as_of)
    loaded = analytics.load(sources, as_of=as_of, mapping=mapping)
    return loaded, analytics.outcomes(loaded, cohort.rule_set)


def differing(found, wanted) -> list[str]:
    """The columns of courses and outcomes that are not the same."""
    told = []
    keys = sorted(set(wanted.tables.assessments["instrument"].astype(str)))
    for name, theirs, ours in (("courses", found.courses, wanted.courses),
                               ("outcomes", _in_order(found.table, keys), _in_order(wanted.table, keys))):
        if len(theirs) != len(ours):
            return [f"{len(theirs)} {name} and not {len(ours)}"]
        named = {column.name for column in (COURSES if name == "courses" else OUTCOMES)} | {"indication", "site"}
        named |= set(ours.columns) - {"file", "file_row"} if name == "outcomes" else set()
        for column in sorted(named & set(ours.columns)):
            if theirs[column].equals(ours[column]):
                continue
            pairs = zip(theirs[column].astype(object).tolist(), ours[column].astype(object).tolist(), strict=True)
            if not all(_same(one, other) for one, other in pairs):
                told.append(f"{name}.{column}")
    return told


def _in_order(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The outcomes of the instruments that were used, in one order whatever order the instruments have."""
    table = table.assign(instrument=table["instrument"].astype(str))
    return table[table["instrument"].isin(keys)].sort_values(["instrument", "course"]).reset_index(drop=True)


def _same(one, other) -> bool:
    is_missing = [value is None or value is pd.NA or value is pd.NaT or value != value for value in (one, other)]
    if any(is_missing):
        return all(is_missing)
    return isclose(one, other, abs_tol=1e-9) if isinstance(one, float) else one == other


def accounted(loaded) -> bool:
    """Whether every row of every file is used, named in a finding that drops rows, or blank."""
    for record in loaded.files:
        dropped = {row for one in loaded.findings if one.file == record.name and one.severity == "drops_rows"
                   for row in one.rows}
        if not 0 <= record.rows - record.rows_used - record.rows_blank <= len(dropped) or record.rows_blank < 0:
            return False
    return True


@pytest.mark.parametrize("seed", seeds("date", 2))
@pytest.mark.parametrize("shape", SHAPES)
def test_dated_cohorts(shape, seed):
    writer, without = SHAPES[shape]
    records, wanted = expected(seed, without)
    loaded, found = read_back(writer(records), cohort_of(seed))
    assert not loaded.is_blocked
    assert differing(found, wanted) == []
    assert accounted(loaded)


@pytest.mark.parametrize("seed", seeds("day", 2))
@pytest.mark.parametrize("shape", ["long", "semicolons", "row a visit", "workbook", "Parquet", "measures"])
def test_cohorts_on_days(shape, seed):
    writer, without = SHAPES[shape]
    records, wanted = expected(seed, without)
    loaded, found = read_back(writer(records), cohort_of(seed))
    assert differing(found, wanted) == []
    assert accounted(loaded)


@pytest.mark.parametrize("seed", seeds("date", 2))
def test_wide_files_with_a_mapping(seed):
    records, wanted = expected(seed, ("course_id",))
    table, mapping = tables.wide_scores(records)
    sources = [analytics.Source("wide.csv", tables.written(table)), *tables.beside(records)]
    loaded, found = read_back(sources, cohort_of(seed), mapping)
    assert differing(found, wanted) == []
    assert accounted(loaded)


@pytest.mark.parametrize("seed", seeds("visit", 2))
def test_visits_long_and_wide(seed):
    cohort = cohort_of(seed)
    once = {(row["patient_id"], row["instrument"], row["visit"]): row for row in cohort.assessments}
    records = replace(records_of(cohort), scores=[{**row, "item9": None} for row in once.values()])
    wanted = analytics.outcomes(tables_of(replace(cohort, assessments=records.scores)), cohort.rule_set)
    for sources in (tables.as_long(records), tables.as_visits(records),
                    [analytics.Source("wide.csv", tables.written(tables.wide_visits(records))),
                     *tables.beside(records)]):
        loaded = analytics.load(sources)
        found = analytics.outcomes(loaded, cohort.rule_set)
        # Visits are ordered by the labels that occur; all cohorts hold all of them.
        assert differing(found, wanted) == []


def sample_records(every: int = 14) -> Records:
    """Some patients of the sample: about 58."""
    people = {row.pop("patient_id"): row for row in _rows("patients")}
    chosen = dict(list(people.items())[::every])
    scores, sessions = [], []
    for row in _rows("assessments"):
        if row["patient_id"] in chosen:
            scores += _scores(row)
    for row in _rows("sessions"):
        if row["patient_id"] in chosen:
            dose = float(row["dose"]) if row["dose"] else None
            sessions.append({"patient_id": row["patient_id"], "day": _number(row["treated_on"]), "drug": row["drug"],
                             "route": row["route"], "dose": dose, "dose_unit": row["dose_unit"]})
    return Records("date", scores, sessions, chosen)


def _scores(row: dict[str, str]) -> list[dict]:
    place = {"patient_id": row["patient_id"], "day": _number(row["assessed_on"])}
    answers = {item: int(row[f"phq9_{item}"]) if row[f"phq9_{item}"] else None for item in range(1, 10)}
    made = []
    for key in ("phq9", "gad7", "pain_nrs_worst", "pain_nrs_average"):
        total = row.get(f"{key}_total", row.get(key))
        items = answers if key == "phq9" and any(answer is not None for answer in answers.values()) else {}
        if total or items:
            made.append({**place, "instrument": key, "total": float(total) if total else None, "items": items})
    return made


def _rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _number(text: str) -> int:
    return (pd.Timestamp(text) - pd.Timestamp("1970-01-01")).days


@cache
def the_sample() -> tuple[Records, dict]:
    """The sample's records, and what the sample's own files give for the same patients."""
    records = sample_records()
    sources = []
    for name in ("assessments", "sessions", "patients"):
        lines = (SAMPLE / f"{name}.csv").read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines[1:] if line.split(",")[0] in records.patients]
        sources.append(analytics.Source(f"{name}.csv", (lines[0] + "".join(kept)).encode()))
    return records, results(sources)


def results(sources, mapping=None) -> dict:
    loaded = analytics.load(sources, mapping=mapping)
    assert accounted(loaded)
    made = analytics.summarize(analytics.outcomes(loaded), by=["site", "route"]).as_json()
    return {name: made[name] for name in ("as_of", "counts", "results", "rules")}


@pytest.mark.parametrize("shape", ["measures", "row a visit", "workbook", "Parquet", "REDCap", "FHIR Bundle",
                                   "FHIR NDJSON", "flow sheet", "relational"])
def test_the_sample_gives_the_same_results(shape):
    records, wanted = the_sample()
    assert len(wanted["results"]) > 100
    assert results(SHAPES[shape][0](records)) == wanted


def test_a_wide_copy_of_the_sample_gives_the_same_results():
    records, wanted = the_sample()
    table, mapping = tables.wide_scores(records)
    sources = [analytics.Source("wide.csv", tables.written(table)), *tables.beside(records)]
    assert results(sources, mapping) == wanted
