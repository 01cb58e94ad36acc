"""Courses that miss a window by a few days: both sides of both ends."""

from __future__ import annotations

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.results.near_misses import NearMiss, near_misses
from analytics.wording.files import near_miss_sentence
from tests.drawn import induction, outcomes_of, score


@pytest.mark.parametrize(("day", "is_near"), [(-31, True), (-45, True), (-46, False), (1, False), (2, False)])
def test_a_baseline_that_is_too_early(day, is_near):
    of = outcomes_of([score("P1", day, 20), score("P2", -1, 20)], [*induction("P1"), *induction("P2")])
    expected = (NearMiss("phq9", "baseline", 1, 1),) if is_near else ()
    assert tuple(one for one in near_misses(of) if one.window == "baseline") == expected


@pytest.mark.parametrize(("day", "is_near"), [
    (10 + 32, True), (10 + 46, True), (10 + 47, False), (10, False), (5, False),
])
def test_an_endpoint_that_is_too_late(day, is_near):
    of = outcomes_of([score("P1", -1, 20), score("P1", day, 9)], induction("P1"))
    assert near_misses(of) == ((NearMiss("phq9", "endpoint", 1, 1),) if is_near else ())


@pytest.mark.parametrize(("day", "is_near"), [(10 + 13, True), (10 + 1, True), (10, False), (9, False)])
def test_an_endpoint_that_is_too_early_but_after_the_induction(day, is_near):
    of = outcomes_of([score("P1", -1, 20), score("P1", day, 9)], induction("P1"),
                     settings={"endpoint_window": "14..31"})
    assert near_misses(of) == ((NearMiss("phq9", "endpoint", 1, 1),) if is_near else ())


def test_a_late_score_of_the_next_course_is_no_near_miss():
    of = outcomes_of([score("P1", -1, 20), score("P1", 50, 9)],
                     [*induction("P1"), *induction("P1", start=45)], settings={"gap_days": "30"})
    assert [one.window for one in near_misses(of)] == []


def test_those_with_a_score_in_the_window_and_those_never_assessed_do_not_count():
    of = outcomes_of([score("P1", -40, 20), score("P1", -3, 20), score("P1", 45, 9), score("P1", 20, 9),
                      score("P2", -40, 10, instrument="gad7")], [*induction("P1"), *induction("P2")])
    assert near_misses(of) == (NearMiss("gad7", "baseline", 1, 1),)


def test_courses_are_found_again_when_the_rules_leave_some_out():
    scores = [score("P1", -1, 20), score("P1", 20, 9), score("P1", 160, 20), score("P1", 250, 9), score("P2", -35, 20)]
    sessions = [*induction("P1"), *induction("P1", start=200), *induction("P2")]
    of = outcomes_of(scores, sessions, settings={"first_course_only": "yes"})
    assert len(of.courses) == 2
    assert near_misses(of) == (NearMiss("phq9", "baseline", 1, 1),)
    both = outcomes_of(scores, sessions)
    assert near_misses(both)[0] == NearMiss("phq9", "baseline", 2, 2)


def test_visits_and_open_windows_have_no_near_misses():
    by_visit = outcomes_of([score("P1", None, 20, visit="pre")], axis="visit", visits=("pre", "post"),
                           preset="first_last")
    assert near_misses(by_visit) == ()
    assert near_misses(outcomes_of([score("P1", 0, 20)], preset="first_last")) == ()
    assert near_misses(outcomes_of([], induction("P1"))) == ()


def test_only_the_cohort_counts():
    of = outcomes_of([score("P1", -31, 20), score("P2", -31, 20)], [*induction("P1"), *induction("P2", route="IM")])
    assert near_misses(of)[0].n_courses == 2
    assert near_misses(of, {"route": ["IM"]})[0].n_courses == 1


def test_a_near_miss_in_words():
    phq9 = BUILT_IN["phq9"]
    assert near_miss_sentence(NearMiss("phq9", "baseline", 31, 62), phq9) == (
        "31 of 62 courses without a baseline of PHQ-9 miss its window by 15 days or less")
    assert near_miss_sentence(NearMiss("phq9", "endpoint", 1, 1), phq9) == (
        "1 of 1 course without an endpoint of PHQ-9 misses its window by 15 days or less")
