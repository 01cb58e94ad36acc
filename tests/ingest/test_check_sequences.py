"""Rows of one patient in the order of time."""

from __future__ import annotations

import pytest

from tests.ingest.files import codes, finding, loaded, place

SCORES = "patient_id,day,phq9\nP1,-1,20\n"


@pytest.mark.parametrize(("scores_of", "rows"), [
    ("P1,0,27\nP1,1,0\n", (2, 3)),
    ("P1,1,0\nP1,0,27\n", (2, 3)),
    ("P1,0,25\nP1,1,0\n", (2, 3)),
    ("P1,0,24\nP1,1,0\n", None),
    ("P1,0,27\nP1,2,0\n", None),
    ("P1,0,27\nP2,1,0\n", None),
    ("P1,0,0\nP1,1,27\nP1,2,1\n", (2, 3, 4)),
])
def test_scores_that_jump_over_the_range_within_a_day(scores_of, rows):
    tables = loaded("patient_id,day,phq9\n" + scores_of)
    if rows is None:
        assert "score_jump" not in codes(tables)
    else:
        assert place(finding(tables, "score_jump")) == ("note", "scores.csv", "phq9", rows)
        assert "PHQ-9" in finding(tables, "score_jump").problem


def test_pain_may_fall_in_a_day_and_scores_after_a_session_are_not_judged():
    assert "score_jump" not in codes(loaded("patient_id,day,pain_nrs_now\nP1,0,10\nP1,1,0\n"))
    assert "score_jump" not in codes(loaded("patient_id,day,phq9,timing\nP1,0,27,before\nP1,1,0,after\n"))


@pytest.mark.parametrize(("until", "rows"), [("9", (4,)), ("10", None), ("", None)])
def test_rows_after_the_last_observed_day(until, rows):
    patients = f"patient_id,site,observed_until_day\nP1,North,{until}\n"
    tables = loaded("patient_id,day,dose\nP1,0,1\nP1,3,1\nP1,10,1\n", "patient_id,day,phq9\nP1,0,20\n", patients)
    if rows is None:
        assert "after_observed" not in codes(tables)
    else:
        assert place(finding(tables, "after_observed")) == ("note", "scores.csv", None, rows)
    scored = loaded("patient_id,day,phq9\nP1,0,20\nP1,10,5\n", patients)
    assert ("after_observed" in codes(scored)) == (rows is not None)


def test_maintenance_before_any_induction():
    sessions = "patient_id,day,phase\nP1,0,maintenance\nP1,7,induction\nP1,30,maintenance\nP2,0,induction\nP2,9,\n"
    tables = loaded(sessions, SCORES)
    assert place(finding(tables, "maintenance_first")) == ("note", "scores.csv", "phase", (2,))


@pytest.mark.parametrize("lines", [
    "P1,0,maintenance\nP1,7,maintenance\n",
    "P1,0,\nP1,7,maintenance\nP2,0,induction\n",
    "P1,0,induction\nP1,0,maintenance\n",
])
def test_maintenance_that_may_follow_an_induction(lines):
    tables = loaded("patient_id,day,phase\n" + lines, SCORES)
    assert "maintenance_first" not in codes(tables)


def test_a_score_before_the_session_that_is_later_than_one_after_it():
    lines = "P1,0,{},before,20\nP1,0,10:00,after,18\nP1,1,11:00,before,9\nP2,0,11:00,before,9\n"
    late = loaded("patient_id,day,time_of_day,timing,phq9\n" + lines.format("10:01"))
    assert place(finding(late, "timing_against_time")) == ("note", "scores.csv", "timing", (2,))
    for time in ("10:00", ""):
        assert "timing_against_time" not in codes(
            loaded("patient_id,day,time_of_day,timing,phq9\n" + lines.format(time)))


def sessions_of(n_patients: int, days: tuple[int, ...] = (0, 3, 7, 10), route: str = "IV") -> str:
    return "".join(f"X{patient},{day},{route},1\n" for patient in range(n_patients) for day in days)


def test_a_session_on_the_day_after_another_where_that_is_rare():
    header = "patient_id,day,route,dose\n"
    rare = "P1,0,{route},1\nP1,3,{route},1\nP1,4,{route},1\nP1,8,{route},1\n"
    tables = loaded(header + rare.format(route="IV") + sessions_of(10))
    assert place(finding(tables, "sessions_too_close")) == ("note", "scores.csv", None, (4,))
    few = loaded(header + rare.format(route="IV") + sessions_of(3))
    assert "sessions_too_close" not in codes(few)
    at_home = loaded(header + rare.format(route="lozenge") + sessions_of(10, route="lozenge"))
    assert "sessions_too_close" not in codes(at_home)


def test_a_daily_series_and_a_clinic_that_treats_daily_are_not_told():
    header = "patient_id,day,route,dose\n"
    daily = "P1,0,IV,1\nP1,1,IV,1\nP1,2,IV,1\nP1,30,IV,1\n"
    assert "sessions_too_close" not in codes(loaded(header + daily + sessions_of(10)))
    often = loaded(header + sessions_of(10, (0, 3, 4, 8)))
    assert "sessions_too_close" not in codes(often)


@pytest.mark.parametrize(("numbers", "rows"), [
    ((1, 2, 3, 4), None), ((1, 2, 4, 3), (5,)), ((1, 2, 1, 2), None), ((3, 2, 3, 4), (3,)), ((2, 2, 2, 2), None),
])
def test_session_numbers_that_go_back(numbers, rows):
    lines = "".join(f"P1,{3 * place},{number},1\n" for place, number in enumerate(numbers))
    tables = loaded("patient_id,day,session_number,dose\n" + lines, SCORES)
    if rows is None:
        assert "numbers_go_back" not in codes(tables)
    else:
        assert place(finding(tables, "numbers_go_back")) == ("note", "scores.csv", "session_number", rows)


def test_course_numbers_that_go_back():
    lines = "P1,0,2,1\nP1,90,1,1\nP2,0,1,1\nP2,90,2,1\nP3,0,1,1\nP3,3,1,1\n"
    tables = loaded("patient_id,day,course_number,dose\n" + lines, SCORES)
    assert place(finding(tables, "numbers_go_back")) == ("note", "scores.csv", "course_number", (3,))
    assert "numbers_go_back" not in codes(loaded("patient_id,day,course_id,dose\n" + lines, SCORES))
    words = loaded("patient_id,day,course_number,dose\nP1,0,B,1\nP1,90,A,1\n", SCORES)
    assert "numbers_go_back" not in codes(words)


def test_days_of_two_patients_are_not_consecutive():
    lines = "P1,0,IV,1\nP1,4,IV,1\nP2,5,IV,1\nP2,9,IV,1\n"
    assert "sessions_too_close" not in codes(loaded("patient_id,day,route,dose\n" + lines + sessions_of(10)))


def test_a_jump_of_exactly_nine_tenths_of_the_range_is_told():
    jump = loaded("patient_id,day,who5\nP1,0,4\nP1,1,94\nP2,0,96\n")
    assert finding(jump, "score_jump").rows == (2, 3)
    assert "score_jump" not in codes(loaded("patient_id,day,who5\nP1,0,5\nP1,1,94\nP2,0,96\n"))
