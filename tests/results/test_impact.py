"""How far a finding could move the headline, from courses that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analytics.courses.outcomes import Outcomes, outcomes
from analytics.definitions.findings import Finding
from analytics.definitions.rules import rule_set
from analytics.definitions.tables import ColumnUse, Tables
from analytics.results.impact import Impact, impact
from analytics.results.summary import summarize
from tests.drawn import attribute, drawn_tables, induction, score

ENDPOINTS = {"P1": 5, "P2": 5, "P3": 18, "P4": 18, "P5": None}
"""From 20: two responders, two others, and one without an endpoint."""

FIELDS = {"phq9_total": "phq9[0..27]", "item": "phq9.3@week 4", "gad": "gad7", "dose": "dose", "when": "day[from 1]",
          "Indication": "attribute", "sex": "attribute", "unread": None}


def tables_with(*findings: Finding, patients: tuple[str, ...] = tuple(ENDPOINTS)) -> Tables:
    scores = [score(patient, -1, 20) for patient in ENDPOINTS]
    scores += [score(patient, 20, total) for patient, total in ENDPOINTS.items() if total is not None]
    sessions = [one for patient in ENDPOINTS for one in induction(patient)]
    tables = drawn_tables(scores, sessions, [attribute(patient, "site", "North" if patient < "P4" else "South")
                                             for patient in ENDPOINTS])
    rows = pd.Series(list(patients), index=pd.Index([2 + place for place in range(len(patients))], dtype="int32"))
    columns = tuple(ColumnUse("scores.csv", name, field, "") for name, field in FIELDS.items())
    return replace(tables, findings=findings, columns=columns, patient_of_row={"scores.csv": rows})


def found(rows: tuple[int, ...], column: str | None = None, file: str | None = "scores.csv") -> Finding:
    return Finding("note", "anything", "Something.", "Mend it.", file, column, rows)


def impacts(*findings: Finding, where: dict | None = None, instrument: str | None = None) -> tuple[Impact, ...]:
    tables = tables_with(*findings)
    of: Outcomes = outcomes(tables, rule_set("induction"))
    return impact(tables, of, summarize(of, where=where), instrument)


@pytest.mark.parametrize(("rows", "n_courses", "low", "high", "move"), [
    ((2,), 1, 1 / 4, 2 / 4, 1 / 4),
    ((4,), 1, 2 / 4, 3 / 4, 1 / 4),
    ((2, 4), 2, 1 / 4, 3 / 4, 1 / 4),
    ((2, 3, 4), 3, 0.0, 3 / 4, 1 / 2),
    ((6,), 1, 2 / 5, 3 / 5, 0.1),
    ((3, 6), 2, 1 / 5, 3 / 5, 0.3),
    ((2, 3, 4, 5, 6), 5, 0.0, 1.0, 0.5),
    ((2, 99), 1, 1 / 4, 2 / 4, 1 / 4),
])
def test_bounds_when_every_touched_course_fails_or_succeeds(rows, n_courses, low, high, move):
    one, = impacts(found(rows))
    assert one.n_courses == n_courses
    assert (one.low, one.high, one.largest_move) == pytest.approx((low, high, move))


@pytest.mark.parametrize(("column", "moves"), [
    ("phq9_total", True), ("item", True), ("when", True), ("Indication", True), ("unread", True), (None, True),
    ("not in the file", True), ("gad", False), ("dose", False), ("sex", False),
])
def test_a_column_the_headline_does_not_rest_on_cannot_move_it(column, moves):
    one, = impacts(found((2,), column))
    assert one.n_courses == 1
    assert one.largest_move == pytest.approx(0.25 if moves else 0)


def test_rows_of_nobody_known_cannot_be_placed():
    unknown, other_file, no_rows = impacts(found((99,)), found((2,), file="other.csv"), found((), "dose"))
    assert [one.n_courses for one in (unknown, other_file, no_rows)] == [None] * 3
    assert [one.largest_move for one in (unknown, other_file, no_rows)] == [None] * 3
    assert [one.finding for one in (unknown, other_file, no_rows)] == [0, 1, 2]


def test_a_whole_column_of_the_headline_touches_all_its_courses():
    one, = impacts(found((), "phq9_total"))
    assert (one.n_courses, one.low, one.high) == (5, 0.0, 1.0)


def test_only_the_cohort_is_touched():
    north, south = impacts(found((2,)), found((5,)), where={"site": ["North"]})
    assert (north.n_courses, north.largest_move) == (1, pytest.approx(1 / 3))
    assert (south.n_courses, south.largest_move) == (0, 0)


def test_without_courses_to_count_nothing_is_said():
    tables = replace(drawn_tables([score("P1", -1, 5), score("P1", 20, 4)], induction("P1")), findings=(found((2,)),),
                     patient_of_row={"scores.csv": pd.Series(["P1"], index=[2])})
    of = outcomes(tables, rule_set("induction"))
    assert impact(tables, of, summarize(of)) == (Impact(0, 1, None, None, None),)
    empty = replace(drawn_tables([], induction("P1")), findings=(found((2,)),))
    of = outcomes(empty, rule_set("induction"))
    assert impact(empty, of, summarize(of)) == (Impact(0, None, None, None, None),)


def test_the_headline_is_the_instrument_with_most_pairs_and_pain_has_its_own_measure():
    tables = replace(
        drawn_tables([score("P1", -1, 8, instrument="pain_nrs"), score("P1", 15, 5, instrument="pain_nrs"),
                      score("P1", -1, 20)], induction("P1")),
        findings=(found((2,)),), patient_of_row={"scores.csv": pd.Series(["P1"], index=[2])})
    of = outcomes(tables, rule_set("induction"))
    assert impact(tables, of, summarize(of)) == (Impact(0, 1, 0.0, 1.0, 1.0),)
    by_name, = impact(tables, of, summarize(of), "phq9")
    assert by_name.largest_move is None
