"""Scores and sessions in their courses: which belong, one a day, and what came before."""

import math

import numpy as np
import pytest

from analytics.courses.series import UNKNOWN, series
from analytics.courses.sessions import NO_COURSE, course_sessions, maintenance_days, n_sessions_before
from tests.drawn import induction, outcomes_of, score, session

EARLY = (0, 3, 7, 10)


def course(patient="A", start=0, days=EARLY, **more):
    return induction(patient, start, days, **more)


def of(assessments, sessions=None, **more):
    return outcomes_of(assessments, course() if sessions is None else sessions, **more)


def points(found, place=0):
    """Day and total of each score of a course."""
    chosen = found.course == place
    return list(zip(found.day[chosen].tolist(), found.total[chosen].tolist(), strict=True))


def test_scores_from_the_baseline_window_to_the_next_course_belong():
    scores = [score("A", day, 20 - place) for place, day in enumerate((-31, -30, 0, 40, 99, 100, 101))]
    found = series(of(scores, course() + course(start=100)), "phq9")
    assert points(found) == [(-30, 19), (0, 18), (40, 17), (99, 16), (100, 15)]
    assert points(found, 1) == [(-1, 16), (0, 15), (1, 14)]
    assert found.is_last.tolist() == [False, False, False, False, True, False, False, True]
    assert found.next_day.tolist() == [100, math.inf]


def test_sessions_before_a_score_leave_out_those_of_its_day():
    found = series(of([score("A", day, 15) for day in (-1, 0, 1, 3, 4, 10, 11)]), "phq9")
    assert found.n_sessions.tolist() == [0, 0, 1, 1, 2, 3, 4]


def test_sessions_before_a_score_of_a_second_course_are_its_own():
    found = series(of([score("A", 104, 15)], course() + course(start=100)), "phq9")
    assert found.n_sessions.tolist() == [2] and found.course.tolist() == [1]


@pytest.mark.parametrize(("day", "taken"), [(0, 12), (12, 17)])
def test_of_two_on_a_day_the_better_is_before_and_the_worse_after(day, taken):
    rows = [score("A", day, 17), score("A", day, 12)]
    for order in (rows, rows[::-1]):
        assert points(series(of(order), "phq9")) == [(day, taken)]


@pytest.mark.parametrize(("day", "taken"), [(0, 17), (12, 12)])
def test_with_times_the_earlier_is_before_and_the_later_after(day, taken):
    rows = [score("A", day, 17, time=540), score("A", day, 12, time=600)]
    assert points(series(of(rows), "phq9")) == [(day, taken)]


@pytest.mark.parametrize(("day", "taken"), [(0, 0.0), (12, 2.0)])
def test_of_equal_scores_item_9_decides_and_a_known_answer_goes_first(day, taken):
    rows = [score("A", day, 12, item9=one) for one in (2, None, 0)]
    assert series(of(rows), "phq9").self_harm.tolist() == [taken]


def test_scores_during_and_after_a_session_serve_nothing():
    rows = [score("A", 12, 10, timing="before"), score("A", 13, 9, timing="during"), score("A", 14, 8, timing="after")]
    assert points(series(of(rows), "phq9")) == [(12, 10)]


def test_a_score_with_a_course_id_is_of_that_course_alone():
    rows = [score("A", 20, 10, course="one"), score("A", 21, 9)]
    found = series(of(rows, course(course="one") + course(start=25, course="two")), "phq9")
    assert points(found) == [(20, 10), (21, 9)]
    assert points(found, 1) == [(-4, 9)]


def test_what_a_score_reached_is_judged_against_its_own_baseline():
    rows = [score("A", 0, 20), score("A", 12, 11), score("A", 20, 10), score("A", 30, 4), score("B", 12, 1)]
    found = series(of(rows, course() + course("B")), "phq9")
    assert found.reached("response").tolist() == [False, False, True, True, False]
    assert found.reached("remission").tolist() == [False, False, False, True, False]
    assert found.is_case.tolist() == [True, True, True, False, False]
    assert found.improvement[:4].tolist() == [0, 9, 10, 16] and np.isnan(found.improvement[4])
    assert found.baseline[0] == 20 and np.isnan(found.baseline[1])


def test_improvement_of_a_scale_that_rises():
    rows = [score("A", 0, 40, instrument="who5"), score("A", 12, 60, instrument="who5")]
    found = series(of(rows), "who5")
    assert found.improvement.tolist() == [0, 20] and found.reached("response").tolist() == [False, True]


def test_a_course_that_the_rules_do_not_keep_has_no_scores():
    tables = [score("A", 0, 20), score("A", 12, 10), score("A", 100, 20), score("A", 112, 10)]
    sessions = course() + course(start=100)
    found = series(of(tables, sessions, settings={"first_course_only": "true"}), "phq9")
    assert points(found) == [(0, 20), (12, 10), (100, 20)] and len(found.baseline) == 1


def test_visits_are_places_in_their_order_and_know_no_sessions():
    rows = [score("A", None, total, visit=label) for label, total in (("week 2", 9), ("baseline", 20), ("week 10", 7))]
    found = series(of(rows, [], axis="visit", visits=("baseline", "week 2", "week 10"), preset="first_last"), "phq9")
    assert points(found) == [(0, 20), (1, 9), (2, 7)] and set(found.n_sessions.tolist()) == {UNKNOWN}


def test_sessions_are_numbered_in_their_course_and_known_as_induction():
    found = course_sessions(of([score("A", 0, 20)], course(days=(0, 3, 7, 10, 38)) + course(start=120)))
    assert found.course.tolist() == [0] * 5 + [1] * 4
    assert found.day.tolist() == [0, 3, 7, 10, 38, 0, 3, 7, 10]
    assert found.number.tolist() == [1, 2, 3, 4, 5, 1, 2, 3, 4]
    assert found.is_induction.tolist() == [True] * 4 + [False] + [True] * 4
    assert maintenance_days(found, 2)[0] == 38 and np.isnan(maintenance_days(found, 2)[1])


def test_sessions_keep_their_row_in_any_order_and_beside_patients_without_any():
    sessions = [*course("C"), *course("A")][::-1]
    known = of([score("B", 0, 20), score("A", 0, 20)], sessions)
    found = course_sessions(known)
    table = known.tables.sessions.iloc[found.row]
    assert table["patient_id"].tolist() == known.courses["patient_id"].iloc[found.course].tolist()
    assert table["day"].tolist() == found.day.tolist() == [*EARLY, *EARLY]


def test_sessions_of_a_course_that_is_not_kept_have_none():
    sessions = course() + course(start=100)
    found = course_sessions(of([score("A", 0, 20)], sessions, settings={"first_course_only": "true"}))
    assert found.course.tolist() == [NO_COURSE] * 4 + [0] * 4 and found.number.tolist() == [0] * 4 + [1, 2, 3, 4]
    assert found.day[:4].tolist() == [100, 103, 107, 110]


def test_under_an_index_score_sessions_are_the_patients_own_and_none_is_of_an_induction():
    rows = [score("A", 5, 20), score("A", 370, 5)]
    known = of(rows, preset="twelve_month")
    found = course_sessions(known)
    assert found.day.tolist() == [-5, -2, 2, 5] and found.course.tolist() == [0] * 4 and not found.is_induction.any()


def test_sessions_after_the_patient_was_last_observed_are_not_known():
    sessions = [*course(), session("A", 40)]
    found = course_sessions(of([score("A", 0, 20)], sessions, observed_until={"A": 39}))
    assert found.day.tolist() == list(EARLY)


def test_no_session_at_all():
    known = of([score("A", 0, 20)], [])
    assert len(course_sessions(known)) == 0 and np.isnan(maintenance_days(course_sessions(known), 1)).all()
    assert n_sessions_before(known.built, np.array([0]), np.array([5])).tolist() == [0]
