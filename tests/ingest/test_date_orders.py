"""Columns whose dates have two readings: nothing is computed from a guess, and what was not used is said."""

from __future__ import annotations

import pytest

from analytics.courses.outcomes import outcomes
from analytics.definitions.rules import rule_set
from tests.ingest.files import codes, finding, loaded, place, scores


def file(*dates: str) -> str:
    return "patient_id,assessed_on,phq9\n" + "".join(f"P1,{on},{20 - row}\n" for row, on in enumerate(dates))


@pytest.mark.parametrize("dates", [
    ("03/03/2024", "09/03/2024"), ("03.03.2024", "09.03.2024"), ("03/03/2024", "05/05/2024", "09/03/2024"),
    ("02/03/2024", "09/03/2024"), ("2024-03-03", "02/03/2024", "09/03/2024")])
def test_an_order_that_nothing_shows_is_asked_and_nothing_is_computed(dates):
    tables = loaded(file(*dates))
    one = finding(tables, "date_order_unknown")
    assert place(one)[:3] == ("blocks", "scores.csv", "assessed_on")
    assert [words for _, words in one.choices] == ["assessed_on[dmy]", "assessed_on[mdy]"]
    assert len(tables.assessments) == 0


def test_the_day_of_equal_numbers_needs_no_order():
    tables = loaded(file("03/03/2024", "05/05/2024"))
    assert [row[2] for row in scores(tables)] == [19785, 19848]
    assert "date_order_unknown" not in codes(tables)


def test_a_few_dates_with_two_readings_beside_clear_ones_are_left_out_and_said():
    tables = loaded(file("2024-03-03", "2024-03-20", "09/03/2024", "05/05/2024"))
    one = finding(tables, "date_ambiguous")
    assert place(one) == ("drops_rows", "scores.csv", "assessed_on", (4,))
    assert "not used" in one.problem
    assert [row[2] for row in scores(tables)] == [19785, 19802, 19848]


def test_a_response_does_not_rest_on_a_date_with_two_readings():
    text = ("patient_id,assessed_on,phq9\nP1,2024-03-01,20\nP1,2024-03-02,19\nP1,04/05/2024,4\n"
            "P2,2024-03-01,20\nP2,2024-04-30,4\n")
    made = outcomes(loaded(text), rule_set("first_last", ()))
    patients = made.courses["patient_id"].iloc[made.table["course"].to_numpy(int)]
    ends = dict(zip(patients, made.table["endpoint"], strict=True))
    assert ends == {"P1": 19.0, "P2": 4.0}
    assert finding(loaded(text), "date_ambiguous").rows == (4,)


@pytest.mark.parametrize(("dates", "is_told"), [
    (("02.03.2024", "09.03.2024"), True), (("02/03/2024", "09/03/2024"), False),
    (("02.03.2024", "09/03/2024"), False)])
def test_dates_with_dots_are_asked_about_too_with_what_is_usual(dates, is_told):
    first, other = finding(loaded(file(*dates)), "date_order_unknown").choices
    assert ("dots" in first[0]) == is_told
    assert "dots" not in other[0]
