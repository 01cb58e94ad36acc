"""Blocks, induction and kinds, drawn day by day."""

from __future__ import annotations

import pytest

from tests.drawn import attribute, induction, outcomes_of, reason, score, session


def courses(sessions, preset="induction", **settings):
    of = outcomes_of([score("a", 0, 20)], sessions, preset=preset, settings=settings)
    return of.courses


def on_days(*days, **columns):
    return [session("a", day, **columns) for day in days]


@pytest.mark.parametrize(("second", "n_courses"), [(60, 1), (61, 2)])
def test_a_gap_above_sixty_days_starts_a_block(second, n_courses):
    assert len(courses(on_days(0, second))) == n_courses


@pytest.mark.parametrize(("days", "n_induction"), [
    ((0, 14, 28), 3), ((0, 15), 1), ((0, 14, 28, 29), 3), ((0, 14, 27, 28), 4), (tuple(range(9)), 8)])
def test_induction_ends_at_a_gap_a_day_or_a_number(days, n_induction):
    assert courses(on_days(*days))["n_induction"].tolist() == [n_induction]


def test_what_follows_a_broken_induction_is_maintenance_even_when_close():
    built = courses(on_days(0, 3, 20, 22))
    assert built["n_induction"].tolist() == [2]
    assert built["last_induction_day"].tolist() == [3]
    assert built["last_day"].tolist() == [22]


def test_a_plan_limits_the_induction_and_never_widens_the_rule():
    assert courses(on_days(*range(10)), planned_sessions="6")["n_induction"].tolist() == [6]
    assert courses(on_days(*range(12), planned=10))["n_induction"].tolist() == [8]
    assert courses(on_days(*range(12), planned=3), planned_sessions="6")["n_induction"].tolist() == [3]


def test_kinds_follow_the_first_complete_induction():
    sessions = (on_days(0, 3) + induction("a", 100) + on_days(200) + induction("a", 300) + on_days(400, 403, 406))
    built = courses(sessions)
    assert built["kind"].tolist() == ["incomplete", "induction", "booster", "re_induction", "booster"]
    assert built["course_number"].tolist() == [1, 2, 3, 4, 5]


def test_under_pain_rules_every_block_counts():
    built = courses(on_days(0, 100, 200), preset="pain_series")
    assert built["kind"].tolist() == ["induction", "re_induction", "re_induction"]


@pytest.mark.parametrize(("gap", "n_induction"), [(7, 2), (8, 1)])
def test_under_pain_rules_induction_gaps_are_a_week(gap, n_induction):
    assert courses(on_days(0, gap), preset="pain_series")["n_induction"].tolist() == [n_induction]


def test_clinic_goes_by_indication():
    rows = [attribute("a", "indication", "CRPS"), attribute("b", "indication", "depression")]
    of = outcomes_of([score("a", 0, 20), score("b", 0, 20)], [session("a", 0), session("b", 0), session("c", 0)],
                     rows, preset="clinic")
    assert of.courses["kind"].tolist() == ["induction", "incomplete", "incomplete"]
    turned = outcomes_of([score("a", 0, 20)], [session("a", 0)], rows, preset="clinic",
                         settings={"by_indication.CRPS": "induction"})
    assert turned.courses["kind"].tolist() == ["incomplete"]


def test_a_course_id_wins_over_the_gap():
    built = courses(on_days(0, 3, course="x") + on_days(100, course="x") + on_days(103, course="y"))
    assert built["course_id"].tolist() == ["x", "y"]
    assert built["n_sessions"].tolist() == [3, 1]


def test_a_blank_id_joins_the_course_it_lies_in():
    built = courses(on_days(0, 7, course="x") + on_days(3, 40, 101))
    assert built["n_sessions"].tolist() == [4, 1]
    assert built["course_id"].isna().tolist() == [False, True]


def test_a_blank_id_before_the_first_named_session_joins_the_one_after():
    built = courses(on_days(-4) + on_days(0, course="x") + on_days(200))
    assert built["n_sessions"].tolist() == [2, 1]


def test_interleaved_ids_are_two_courses():
    built = courses(on_days(0, 6, course="x") + on_days(3, 9, course="y"))
    assert built["n_sessions"].tolist() == [2, 2]
    assert built["last_day"].tolist() == [6, 6]


def test_induction_after_maintenance_starts_a_block():
    sessions = on_days(0, 3, phase="induction") + on_days(30, phase="maintenance") + on_days(50, phase="induction")
    built = courses(sessions)
    assert built["n_sessions"].tolist() == [3, 1]
    assert built["n_induction"].tolist() == [2, 1]


def test_maintenance_after_a_gap_stays_and_induction_after_one_does_not():
    sessions = on_days(0, phase="induction") + on_days(90, phase="maintenance") + on_days(190, phase="induction")
    assert courses(sessions)["n_sessions"].tolist() == [2, 1]


def test_a_phase_overrides_the_induction_rule():
    built = courses(on_days(0, 20, 40, phase="induction"))
    assert built["n_induction"].tolist() == [3]
    assert built["last_induction_day"].tolist() == [40]


def test_a_course_of_maintenance_alone_has_no_induction():
    built = courses(on_days(0, 30, phase="maintenance"))
    assert built["n_induction"].tolist() == [0]
    assert built["last_induction_day"].isna().all()


def test_order_of_rows_changes_nothing():
    sessions = on_days(0, 3, 7, 10, 40, 120)
    assert courses(sessions).equals(courses(sessions[::-1]))


def test_route_and_doses_of_a_course():
    sessions = [session("a", 0, route="IV", dose=0.5, dose_unit="mg/kg"),
                session("a", 3, route="IM", dose=0.9, dose_unit="mg/kg"),
                session("a", 6, route="IM", dose=0.7, dose_unit="mg/kg"), session("a", 100)]
    built = courses(sessions)
    assert built["route"].tolist()[0] == "mixed"
    assert built[["route_first", "route_last"]].iloc[0].tolist() == ["IV", "IM"]
    assert built[["dose_start", "dose_highest", "dose_last"]].iloc[0].tolist() == [0.5, 0.9, 0.7]
    assert built[["route", "dose_start"]].iloc[1].isna().all()


def test_the_highest_of_two_units_is_no_dose():
    sessions = [session("a", 0, dose=0.5, dose_unit="mg/kg"), session("a", 3, dose=80, dose_unit="mg")]
    assert courses(sessions)["dose_highest"].isna().all()


def test_without_sessions_there_is_one_course_per_id_else_per_patient():
    scores = [score("a", 0, 20), score("a", 400, 9), score("b", 0, 20, course="1"), score("b", 50, 9, course="2")]
    of = outcomes_of(scores, preset="clinic")
    assert of.courses["kind"].tolist() == ["assessed"] * 3
    assert of.rules.preset == "first_last"
    assert of.rules.requested == "clinic"
    assert "rules_changed" in {one.code for one in of.findings}


def test_a_patient_without_sessions_is_assessed_only_when_others_have_sessions():
    scores = [score("a", 0, 20), score("b", 5, 20, course="1"), score("b", 50, 9, course="2")]
    of = outcomes_of(scores, induction("a"), preset="first_last")
    assert of.courses["kind"].tolist() == ["induction", "assessed", "assessed"]
    assert [reason(of, course=course) for course in range(3)] == ["no_endpoint", "no_sessions", "no_sessions"]
    assert of.counts["patients_without_sessions"] == 1
    assert of.courses["n_sessions"].isna().tolist() == [False, True, True]


def test_an_assessment_without_a_total_makes_no_course():
    of = outcomes_of([score("a", 0, None, item9=1), score("b", 0, 20)])
    assert of.courses["patient_id"].tolist() == ["b"]
    assert reason(of) == "no_sessions"
