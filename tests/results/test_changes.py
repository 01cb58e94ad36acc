"""The changes of courses as counts: pairs of scores, regions of the lines, sorted and cumulative improvement."""

import numpy as np
import pytest

from analytics.results import changes as module
from analytics.results.changes import THRESHOLDS, changes
from analytics.results.summary import summarize
from tests.drawn import attribute, induction, outcomes_of, score


def cohort(*pairs, instrument="phq9", **keywords):
    """One patient a pair of scores; missing means none."""
    scores, sessions = [], []
    for number, (before, after) in enumerate(pairs):
        patient = f"p{number:03d}"
        scores += [score(patient, 0, before, instrument=instrument)] if before is not None else []
        scores += [score(patient, 30, after, instrument=instrument)] if after is not None else []
        sessions += induction(patient)
    return outcomes_of(scores, sessions, [attribute("p000", "site", "North")], **keywords)


def regions(found):
    return {(one.change, one.is_response, one.is_remission): one.n for one in found.regions}


def test_pairs_of_scores_are_counted_without_a_course_of_its_own():
    found = changes(cohort((20, 9), (20, 9), (20, 10), (10, 16), (None, 3), (20, None), (9, 2)), "phq9")
    assert found.n == 4
    assert list(zip(found.baseline, found.endpoint, found.count, strict=True)) == [
        (10, 16, 1), (20, 9, 2), (20, 10, 1)]


def test_regions_say_what_the_lines_say():
    # Response exactly at half; remission below 5; reliable from 6 points on.
    found = changes(cohort((20, 10), (20, 4), (10, 5), (10, 4), (27, 14), (20, 15), (10, 16), (10, 15)), "phq9")
    assert regions(found) == {
        ("improved", True, False): 1, ("improved", True, True): 2, ("unchanged", True, False): 1,
        ("improved", False, False): 1, ("unchanged", False, False): 2, ("worsened", False, False): 1}
    assert sum(one.n for one in found.regions) == found.n == 8


def test_higher_is_better_where_the_scale_says_so():
    found = changes(cohort((20, 30), (20, 20), (40, 20), instrument="who5"), "who5")
    assert found.improvement.tolist() == [0.5, 0.0, -0.5]
    assert regions(found) == {
        ("improved", True, None): 1, ("unchanged", False, None): 1, ("worsened", False, None): 1}


def test_the_curve_agrees_with_the_response_rate_at_the_response_line():
    of = cohort((20, 10), (20, 11), (20, 9), (13, 7), (11, 5), (20, 20), (20, 27))
    found = changes(of, "phq9")
    response = summarize(of).result("phq9", "response")
    assert found.reached[list(THRESHOLDS).index(50)] == response.numerator
    assert found.reached[0] == 6 and found.reached[-1] == 0
    assert (np.diff(found.reached) <= 0).all()


def test_exactly_thirty_per_cent_counts_though_the_quotient_is_less():
    found = changes(cohort((7.0, 4.9), (7.0, 5.0), instrument="pain_nrs"), "pain_nrs")
    assert found.reached[30] == 1


def test_a_start_of_zero_has_no_percentage_and_is_counted():
    of = cohort((0, 5), (20, 10), settings={"eligible": "all"})
    found = changes(of, "phq9")
    assert found.n == found.n_with_fraction == 1  # left out of response as baseline_zero


def test_a_failure_that_was_never_measured_has_no_change():
    of = cohort((20, 10), (20, None), settings={"missing": "failure"})
    assert summarize(of).result("phq9", "response").denominator == 2
    assert changes(of, "phq9").n == 1


def test_many_courses_are_thinned_evenly_and_keep_the_best_and_the_worst(monkeypatch):
    monkeypatch.setattr(module, "MOST_BARS", 3)
    found = changes(cohort((20, 10), (20, 12), (20, 14), (20, 16), (20, 18)), "phq9")
    assert found.is_thinned and found.improvement.tolist() == pytest.approx([0.5, 0.3, 0.1])
    assert found.n == 5


def test_nobody_gives_empty_pictures():
    found = changes(cohort((None, 5)), "phq9")
    assert (found.n, len(found.count), found.regions, len(found.improvement)) == (0, 0, (), 0)
    assert not found.reached.any()


def test_a_filter_leaves_only_its_courses():
    assert changes(cohort((20, 10), (20, 12)), "phq9", {"site": ["North"]}).n == 1
