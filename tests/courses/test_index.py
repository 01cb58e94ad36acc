"""Rules without courses: the first score that is a case is day 0."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics.definitions.rules import PRESETS, rule_set
from analytics.results.near_misses import near_misses
from analytics.results.summary import summarize
from tests.drawn import flag, induction, outcomes_of, reason, row_of, score, session


def chosen(scores, preset="twelve_month", sessions=(), **settings):
    row = row_of(outcomes_of(scores, sessions, preset=preset, settings=settings))
    return [None if pd.isna(row[side]) else row[side] for side in ("baseline", "endpoint")]


@pytest.mark.parametrize(("day", "endpoint"), [(304, None), (305, 4), (425, 4), (426, None)])
def test_twelve_months_are_day_305_to_425_after_the_index(day, endpoint):
    assert chosen([score("a", 50, 14), score("a", 50 + day, 4)]) == [14, endpoint]


@pytest.mark.parametrize(("day", "endpoint"), [(119, None), (120, 4), (240, 4), (241, None)])
def test_four_to_eight_months_are_day_120_to_240(day, endpoint):
    assert chosen([score("a", -7, 14), score("a", day - 7, 4)], "four_to_eight_month") == [14, endpoint]


def test_the_index_is_the_first_score_above_nine():
    scores = [score("a", 0, 9), score("a", 10, 10), score("a", 20, 24), score("a", 330, 5), score("a", 340, 7)]
    row = row_of(outcomes_of(scores, preset="twelve_month"))
    assert row[["baseline", "baseline_day", "endpoint", "endpoint_day"]].tolist() == [10, 0, 7, 330]
    assert row["endpoint_days_from_anchor"] == 330


def test_the_score_of_the_index_day_is_the_one_that_may_stand_for_before():
    """Of 9 and 12 on one day without times the 9 stands for it, so that day holds no index."""
    scores = [score("a", 0, 12), score("a", 0, 9), score("a", 5, 15)]
    assert chosen(scores)[0] == chosen(scores[::-1])[0] == 15
    timed = [score("a", 0, 12, time=480), score("a", 0, 9, time=600), score("a", 5, 15)]
    assert chosen(timed)[0] == 12


def test_who_never_is_a_case_is_not_a_case_and_who_has_no_usable_score_has_no_baseline():
    scores = [score("a", 0, 9), score("a", 340, 3), score("b", 0, 20, timing="after"), score("c", 0, 12)]
    of = outcomes_of(scores, preset="twelve_month")
    for measure in ("response", "remission", "worsening", "reliable_deterioration", "follow_up", "mean_improvement",
                    "nhs_recovery", "nhs_reliable_deterioration", "item9_new"):
        assert reason(of, measure, 0) == "not_a_case"
        assert reason(of, measure, 1) == "no_baseline"
    everyone = outcomes_of(scores, preset="twelve_month", settings={"eligible": "all"})
    assert row_of(everyone)[["baseline", "endpoint"]].tolist() == [9, 3]


def test_a_missing_endpoint_is_a_failure_and_the_observed_rate_stands_beside():
    scores = [score("a", 0, 20), score("a", 340, 4), score("b", 0, 20), score("c", 0, 8)]
    of = outcomes_of(scores, preset="twelve_month")
    rate = summarize(of).result("phq9", "remission")
    assert (rate.numerator, rate.denominator, rate.left_out) == (1, 2, {"not_a_case": 1})
    assert (rate.observed.numerator, rate.observed.denominator) == (1, 1)
    assert (rate.follow_up, rate.evaluated, rate.median_endpoint_day, rate.looks_back) == (0.5, 0.5, 340, None)
    worse = summarize(of).result("phq9", "worsening")
    assert (worse.denominator, worse.left_out) == (1, {"not_a_case": 1, "no_endpoint": 1})
    assert flag(of, "remission", 1) is False
    assert flag(of, "worsening", 1) is None


@pytest.mark.parametrize(("until", "expected"), [(424, "not_due"), (425, None)])
def test_the_window_from_the_index_must_have_closed(until, expected):
    of = outcomes_of([score("a", 0, 20), score("a", 340, 4)], preset="twelve_month", observed_until={"a": until})
    assert reason(of) == expected
    dated = outcomes_of([score("a", 19000, 20)], preset="twelve_month", axis="date",
                        as_of=date.fromordinal(date(1970, 1, 1).toordinal() + 19000 + until))
    assert reason(dated) == expected


def test_each_instrument_has_its_own_index_and_its_own_window():
    scores = [score("a", 0, 9), score("a", 40, 12), score("a", 350, 4), score("a", 10, 15, instrument="gad7"),
              score("a", 320, 4, instrument="gad7")]
    of = outcomes_of(scores, preset="twelve_month", observed_until={"a": 440})
    assert of.courses["first_day"].tolist() == [10]
    assert row_of(of)[["baseline_day", "endpoint_day", "endpoint_days_from_anchor"]].tolist() == [30, 340, 310]
    assert row_of(of, instrument="gad7")[["baseline_day", "endpoint_days_from_anchor"]].tolist() == [0, 310]
    assert (reason(of), reason(of, instrument="gad7")) == ("not_due", None)
    assert reason(of, "nhs_recovery", instrument="phq9+gad7") == "not_due"
    early = [row | {"day": 330} if row["day"] == 350 else row for row in scores]
    assert reason(outcomes_of(early, preset="twelve_month"), "worsening") == "no_endpoint"


def test_an_endpoint_without_an_index_is_none_even_with_an_open_window():
    assert chosen([score("a", 0, 9), score("a", 200, 4)], endpoint_window="120..") == [None, None]


def test_closest_counts_its_target_from_the_index():
    scores = [score("a", 100, 20), score("a", 410, 7), score("a", 480, 5)]
    assert chosen(scores, endpoint_pick="closest", endpoint_target_day="320") == [20, 7]
    assert chosen(scores, endpoint_pick="closest", endpoint_target_day="365") == [20, 5]
    earlier = [*scores, score("a", 40, 15, instrument="gad7")]
    assert chosen(earlier, endpoint_pick="closest", endpoint_target_day="350") == [20, 5]


def test_sessions_and_course_ids_are_not_looked_at():
    scores = [score("a", 0, 20, course="x"), score("a", 340, 4, course="y"), score("c", 3, 5)]
    sessions = [*induction("a", 100, course="x"), session("b", 7)]
    of = outcomes_of(scores, sessions, preset="twelve_month")
    assert of.courses["kind"].tolist() == ["assessed"] * 3
    assert of.courses["first_day"].tolist() == [0, 7, 3]
    assert [reason(of, "remission", course) for course in range(3)] == [None, "not_assessed", "not_a_case"]
    assert flag(of, "remission") is True
    assert [one.code for one in of.findings] == ["sessions_not_used"]
    assert of.counts["patients_without_records"] == 0
    without = outcomes_of(scores, preset="twelve_month")
    assert row_of(of).equals(row_of(without))
    assert near_misses(of) == ()


def test_visits_without_days_cannot_be_counted_and_say_so():
    scores = [score("a", None, 20, visit="1"), score("a", None, 4, visit="2"), score("b", None, 4, visit="1")]
    for is_known in (True, False):
        of = outcomes_of(scores, preset="twelve_month", axis="visit", visits=("1", "2"), is_visit_order_known=is_known)
        assert [reason(of, course=course) for course in range(2)] == ["no_baseline"] * 2
        assert row_of(of)[["baseline", "endpoint"]].isna().all()
        assert [one.code for one in of.findings] == ["rules_need_days"]


def test_another_line_moves_the_index():
    scores = [score("a", 0, 8), score("a", 10, 12), score("a", 315, 3)]
    assert chosen(scores) == [12, 3]
    assert chosen(scores, **{"phq9.caseness": "8"}) == [8, 3]


@pytest.mark.parametrize("setting", ["baseline_pick=worst", "kinds=assessed", "gap_days=45", "endpoint_visit=4",
                                     "endpoint_anchor=last_session", "baseline_window=-30..0"])
def test_settings_of_courses_are_refused(setting):
    with pytest.raises(ValueError, match="start at the first score that is a case"):
        rule_set("twelve_month", [tuple(setting.split("="))])


def test_both_presets_are_those_of_the_definitions():
    year, months = PRESETS["twelve_month"], PRESETS["four_to_eight_month"]
    assert (year.endpoint_window, months.endpoint_window) == ((305, 425), (120, 240))
    for rules in (year, months):
        assert (rules.missing, rules.endpoint_pick, rules.eligible) == ("failure", "last", "caseness")
        assert rules.counts_from_index
        assert not rules.requires_sessions


def test_order_of_rows_changes_nothing():
    scores = [score(name, day, total) for name in "ab" for day, total in ((0, 9), (4, 15), (4, 12), (320, 6), (320, 8))]
    of, turned = (outcomes_of(rows, preset="twelve_month") for rows in (scores, scores[::-1]))
    assert of.table.equals(turned.table)
    assert of.courses.equals(turned.courses)
