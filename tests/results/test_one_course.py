"""One course in full: its scores, which of them stand for before and after, its windows and sessions."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.courses.sessions import course_sessions
from analytics.definitions.tables import DAY_ZERO
from analytics.results.course_list import rows_of
from analytics.results.one_course import found, one_course
from tests.drawn import induction, outcomes_of, score, session
from tests.results.test_course_list import cohort


def opened(of, place=0):
    return one_course(of, place, course_sessions(of))


@pytest.mark.parametrize("rules", [0, 1])
def test_what_stands_for_before_and_after_is_what_the_outcomes_say(rules):
    of = cohort(rules)
    rows, sessions = {key: rows_of(of, key) for key in of.instrument_keys}, course_sessions(of)
    for place in range(rules, len(of.courses), 2):
        course = one_course(of, place, sessions)
        for key, scored in course.scored.items():
            row = rows[key].iloc[place]
            for side in ("baseline", "endpoint"):
                point = getattr(scored, side)
                assert (point is None) == pd.isna(row[side])
                assert point is None or (point.total, point.day) == (row[side], row[f"{side}_day"])
            assert list(scored.role).count("endpoint") == int(pd.notna(row["endpoint"]))
            assert scored.improvement == (None if pd.isna(row["improvement"]) else row["improvement"])


def test_scores_from_the_baseline_window_to_the_next_course():
    days = (-31, -30, 0, 24, 100, 101)
    of = outcomes_of([score("P1", day, 20 - place) for place, day in enumerate(days)],
                     [*induction("P1"), *induction("P1", 100)])
    first, second = (opened(of, place).scored["phq9"] for place in (0, 1))
    assert [point.day for point in first.points] == [-30, 0, 24, 100]
    assert first.role == ("", "baseline", "endpoint", "")
    assert [point.day for point in second.points] == [0, 1]
    assert opened(of).next_day == 100 and opened(of, 1).next_day is None


def test_scores_that_can_stand_for_nothing_are_shown_and_marked():
    of = outcomes_of([score("P1", 0, 20), score("P1", 24, 9), score("P1", 25, 5, timing="after")], induction("P1"))
    scored = opened(of).scored["phq9"]
    assert scored.is_usable == (True, True, False) and scored.role == ("baseline", "endpoint", "")


def test_the_mean_of_several_is_the_start_and_each_of_them_is_marked():
    of = outcomes_of([score("P1", day, total) for day, total in ((-7, 27), (-6, 18), (0, 15), (24, 4))],
                     induction("P1"), settings={"baseline_pick": "mean_last_7_days"})
    scored = opened(of).scored["phq9"]
    assert scored.role == ("", "baseline", "baseline", "endpoint")
    assert (scored.baseline.total, scored.baseline_window) == (16.5, (-6, 0))


@pytest.mark.parametrize(("rules", "before", "after", "closes"), [
    ({}, (-30, 0), (11, 41), 41),
    ({"preset": "first_last"}, (-30, None), (None, None), None),
    ({"settings": {"endpoint_anchor": "day_0", "endpoint_window": "14..21"}}, (-30, 0), (14, 21), 21),
    ({"settings": {"endpoint_anchor": "last_session"}}, (-30, 0), (21, 51), 51),
])
def test_the_windows_are_those_in_force(rules, before, after, closes):
    given = [*induction("P1"), session("P1", 20, phase="maintenance")]
    rules = {"settings": {}} | rules
    if rules["settings"].get("endpoint_anchor") != "last_session":
        given = given[:4]
    scored = opened(outcomes_of([score("P1", -3, 20)], given, **rules)).scored["phq9"]
    assert (scored.baseline_window, scored.endpoint_window, scored.closes) == (before, after, closes)


def test_the_next_course_cuts_the_window_and_not_its_own_end():
    of = outcomes_of([score("P1", -3, 20)], [*induction("P1"), *induction("P1", 30)], settings={"gap_days": "15"})
    scored = opened(of).scored["phq9"]
    assert scored.endpoint_window == (11, 30) and scored.closes == 41


def test_pain_follows_its_own_rules_in_the_same_files():
    from tests.drawn import attribute

    of = outcomes_of(
        [score("P1", 0, 8, instrument="pain_nrs"), score("P2", 0, 20)], [*induction("P1"), *induction("P2")],
        [attribute("P1", "indication", "neuropathic pain"), attribute("P2", "indication", "depression")],
        preset="clinic")
    assert opened(of).rules.preset == "pain_series" and opened(of, 1).rules.preset == "induction"
    assert opened(of).scored["pain_nrs"].endpoint_window == (11, 38)


def test_sessions_with_what_the_files_tell():
    given = [session("P1", 0, route="IV", dose=0.5, dose_unit="mg/kg") | {"nausea": True, "headache": False},
             session("P1", 3) | {"nausea": None, "headache": None}]
    of = outcomes_of([score("P1", 0, 20)], given)
    from dataclasses import replace

    tables = of.tables
    sessions = tables.sessions.assign(nausea=pd.array([True, None], dtype="boolean"),
                                      stopped_early=pd.array([True, None], dtype="boolean"),
                                      cadss_peak=pd.array([12, None], dtype="Float64"))
    course = opened(replace(of, tables=replace(tables, sessions=sessions)))
    first, second = course.sessions
    assert (first.day, first.number, first.route, first.dose, first.dose_unit) == (0, 1, "IV", 0.5, "mg/kg")
    assert first.effects == ("nausea", "stopped_early") and first.is_form_filled and first.cadss_peak == 12
    assert second.effects == () and not second.is_form_filled and second.dose is None


def test_dates_are_given_only_where_the_files_keep_them():
    on = (date(2024, 3, 1) - DAY_ZERO).days
    of = outcomes_of([score("P1", on, 20)], induction("P1", on), axis="date", as_of=date(2024, 6, 1))
    assert opened(of).started_on == date(2024, 3, 1) and opened(of).first_day is None
    assert opened(of).last_known_day == 92
    relative = opened(outcomes_of([score("P1", 5, 20)], induction("P1", 5)))
    assert relative.started_on is None and relative.first_day == 5 and relative.last_known_day is None


def test_a_course_is_found_by_patient_and_number_and_not_where_the_rules_drop_it():
    rows = [score("P1", 0, 20), score("P2", 0, 20)]
    sessions = [*induction("P1"), *induction("P1", 100), *induction("P2")]
    of = outcomes_of(rows, sessions)
    assert [found(of, 0, 1), found(of, 0, 2), found(of, 1, 1)] == [0, 1, 2]
    assert found(of, 0, 3) is None and found(of, 7, 1) is None and found(of, -1, 0) is None
    first = outcomes_of(rows, sessions, settings={"first_course_only": "true"})
    assert found(first, 0, 2) is None and found(first, 1, 1) == 1
    assert opened(first, 1).code == "P2"


def test_visits_are_named_and_have_no_windows():
    of = outcomes_of([score("P1", None, 20, visit="first"), score("P1", None, 9, visit="last")], axis="visit",
                     visits=("first", "last"), preset="first_last")
    course = opened(of)
    scored = course.scored["phq9"]
    assert not course.has_days and course.sessions == ()
    assert [(point.day, point.visit) for point in scored.points] == [(None, "first"), (None, "last")]
    assert scored.baseline_window is None and np.isclose(scored.improvement, 11)


def test_a_score_of_another_course_id_is_not_in_the_course():
    of = outcomes_of([score("P1", 0, 20, course="a"), score("P1", 20, 9, course="b"), score("P1", 24, 8)],
                     induction("P1", course="a"))
    assert [point.total for point in opened(of).scored["phq9"].points] == [20, 8]
