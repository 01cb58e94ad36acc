"""Time to the first response, who ever responded, and the curves of groups; every cohort is drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.results.comparison_sides import SettledLater
from analytics.results.survival_curves import MOST_GROUPS, Grouping, all_together, by_attribute, curves, steps
from analytics.results.time_to_response import TimeTo, ever_by, time_to
from analytics.statistics.survival import kaplan_meier, n_at_risk
from tests.drawn import attribute, induction, outcomes_of, score, session


def followed(*days_and_totals, baseline=20, **keywords):
    """One course from day 0 with four sessions (days 0, 3, 7, 10), and its later scores."""
    scores = [score("P1", 0, baseline), *(score("P1", day, total) for day, total in days_and_totals)]
    return outcomes_of(scores, induction("P1"), **keywords)


def told(found):
    return list(zip(found.course.tolist(), found.time.tolist(), found.is_event.tolist(), strict=True))


@pytest.mark.parametrize(("later", "expected"), [
    ([(5, 11), (9, 10), (20, 18)], (9, True)),
    ([(5, 11), (20, 12)], (20, False)),
    ([(1, 10)], (1, True)),
    ([(40, 9)], (40, True)),
])
def test_the_event_is_the_first_score_that_responds_and_without_one_the_last_score_censors(later, expected):
    found = time_to(followed(*later), "phq9")
    assert told(found) == [(0, *expected)]
    assert (found.instrument, found.measure, found.unit, found.left_out) == ("phq9", "response", "days", {})


def test_remission_and_response_are_two_events():
    of = followed((5, 10), (9, 5), (12, 4))
    assert told(time_to(of, "phq9", "remission")) == [(0, 12, True)]
    assert told(time_to(of, "phq9", "response")) == [(0, 5, True)]


@pytest.mark.parametrize(("day", "n_sessions"), [(1, 1), (3, 1), (4, 2), (10, 3), (11, 4)])
def test_a_score_on_the_day_of_a_session_is_before_it(day, n_sessions):
    assert told(time_to(followed((day, 9)), "phq9", unit="sessions")) == [(0, n_sessions, True)]


def test_who_is_not_due_or_has_no_endpoint_is_followed_and_who_has_no_later_score_is_left_out():
    scores = [score("NONE", 0, 20), score("ONE", 0, 20), score("ONE", 4, 20), score("MILD", 0, 9), score("MILD", 5, 2),
              score("BARE", 5, 9), score("RUNS", 100, 20), score("RUNS", 105, 8)]
    sessions = [*(row for name in ("NONE", "ONE", "MILD", "BARE") for row in induction(name)), *induction("RUNS", 100)]
    of = outcomes_of(scores, sessions, observed_until={"RUNS": 106})
    found = time_to(of, "phq9")
    names = of.courses["patient_id"].astype(str).to_numpy()[found.course]
    assert dict(zip(names, found.time, strict=True)) == {"ONE": 4, "RUNS": 5}
    assert found.left_out == {"no_baseline": 1, "not_a_case": 1, "no_later_score": 1}
    assert list(found.left_out) == ["no_baseline", "not_a_case", "no_later_score"]
    assert len(found.course) + sum(found.left_out.values()) == len(of.courses)


def test_the_first_day_of_the_next_course_still_belongs_to_this_one_and_the_day_after_does_not():
    def of(day):
        return outcomes_of([score("P1", 0, 20), score("P1", 30, 20), score("P1", day, 8)],
                           [*induction("P1"), *induction("P1", 100)])

    assert told(time_to(of(100), "phq9"))[0] == (0, 100, True)
    assert told(time_to(of(101), "phq9"))[0] == (0, 30, False)
    # The next course has the score of its own first day as its start, and none after it.
    assert time_to(of(100), "phq9").left_out == {"not_a_case": 1}


def test_a_baseline_after_day_nought_is_not_a_later_score():
    def of(*later):
        return outcomes_of([score("P1", 5, 20), *(score("P1", *one) for one in later)], induction("P1"),
                           preset="first_last")

    assert time_to(of(), "phq9").left_out == {"no_later_score": 1}
    assert told(time_to(of((9, 10)), "phq9")) == [(0, 9, True)]


def test_under_rules_that_count_from_an_index_score_time_counts_from_it():
    # The other scale is a case from day 10 on, so that the course starts there.
    of = outcomes_of([score("P1", 0, 5), score("P1", 10, 15, instrument="gad7"), score("P1", 40, 20),
                      score("P1", 60, 9)], preset="twelve_month", settings={"endpoint_window": "1..100"})
    assert told(time_to(of, "phq9")) == [(0, 20, True)]
    with pytest.raises(ValueError, match="sessions only where"):
        time_to(of, "phq9", unit="sessions")


def test_what_cannot_be_counted_is_refused():
    visits = outcomes_of([score("P1", None, 20, visit="a"), score("P1", None, 5, visit="b")], axis="visit",
                         visits=("a", "b"), preset="first_last")
    with pytest.raises(ValueError, match="visits without days"):
        time_to(visits, "phq9")
    with pytest.raises(ValueError, match="no measure called pain_30"):
        time_to(followed((5, 9)), "phq9", "pain_30")


def test_filters_leave_only_their_courses():
    of = outcomes_of([score(name, day, 20 - day) for name in ("P1", "P2") for day in (0, 12)],
                     [*induction("P1"), *induction("P2")],
                     [attribute("P1", "site", "North"), attribute("P2", "site", "South")])
    found = time_to(of, "phq9", where={"site": ("South",)})
    assert (found.course.tolist(), found.left_out) == ([1], {})
    nobody = time_to(of, "phq9", where={"site": ("East",)})
    assert (len(nobody.course), nobody.left_out, nobody.gap_days) == (0, {}, None)


def test_the_gap_is_the_median_between_scores_of_those_followed():
    of = outcomes_of([score("P1", day, 20) for day in (-20, -2, 5, 25)] + [score("P2", 0, 20)],
                     [*induction("P1"), *induction("P2")])
    # From day 0 on: the score before treatment starts no gap that treatment could fall in.
    assert time_to(of, "phq9").gap_days == 20


def of_times(times, is_event):
    return TimeTo("phq9", "response", "sessions", np.arange(len(times)), np.array(times, dtype=float),
                  np.array(is_event, dtype=bool), {}, None)


def test_ever_responded_counts_all_followed_also_those_no_longer_watched():
    found = of_times([2, 4, 4, 1], [1, 1, 0, 0])
    by_3, by_4, ever = ever_by(found, np.arange(4), (3, 4))
    assert [(one.step, one.share.numerator, one.share.denominator) for one in (by_3, by_4, ever)] == [
        (3, 1, 4), (4, 2, 4), (None, 2, 4)]
    # Wilson, Newcombe 1998: 2 of 4.
    assert (ever.share.low, ever.share.high) == (pytest.approx(0.1500, abs=5e-5), pytest.approx(0.8500, abs=5e-5))
    twice = ever_by(found, np.array([0, 0, 1, 1]), ())[0].share
    assert twice.low < ever.share.low
    assert twice.high > ever.share.high
    nobody = ever_by(of_times([], []), np.arange(0), (1,))[0].share
    assert (nobody.numerator, nobody.denominator, nobody.estimate, nobody.low) == (0, 0, None, None)


# --- curves --------------------------------------------------------------------------------------------------


def groups_of(*places, by="site", values=("A", "B", "C")):
    places = np.array(places)
    return Grouping(by, values, places, np.where(places < 0, "not_recorded", "").astype(object))


def test_the_first_followed_course_of_each_patient_is_drawn_and_the_others_counted():
    found = of_times([3, 5, 7, 9], [1, 0, 1, 1])
    patient = np.array([0, 0, 1, 2])
    first = curves(found, patient, groups_of(0, 0, 1, -1))
    assert [(one.value, one.n, one.n_events) for one in first.groups] == [("A", 1, 1), ("B", 1, 1)]
    assert first.not_drawn == {"later_course": 1, "not_recorded": 1}
    assert (first.n_patients, first.is_clustered, first.n_values) == (2, False, 2)
    every = curves(found, patient, groups_of(0, 0, 1, -1), "all")
    assert [one.n for one in every.groups] == [2, 1]
    assert (every.is_clustered, every.not_drawn) == (True, {"not_recorded": 1})
    assert "every patient once" in every.test.why and every.test.p is None


def test_a_curve_of_all_courses_has_the_interval_of_clusters():
    times, is_event, patient = [3, 5, 7, 9, 4, 8], [1, 0, 1, 1, 1, 0], np.array([0, 0, 1, 1, 2, 3])
    found = of_times(times, is_event)
    of_patients = kaplan_meier(np.array(times), np.array(is_event), cluster=patient)
    whole = Grouping("", ("",), np.zeros(6, dtype=int), np.full(6, "", dtype=object))
    np.testing.assert_array_equal(curves(found, patient, whole, "all").groups[0].curve.low, of_patients.low)
    alone = curves(found, np.arange(6), whole, "all")
    assert not alone.is_clustered and alone.test is None
    np.testing.assert_array_equal(alone.groups[0].curve.low, kaplan_meier(np.array(times), np.array(is_event)).low)


def test_no_test_where_fewer_than_two_groups_have_ten():
    def tested(n_a, n_b, n_c=0):
        n = n_a + n_b + n_c
        return curves(of_times(np.arange(1, n + 1), np.ones(n)), np.arange(n), groups_of(
            *[0] * n_a, *[1] * n_b, *[2] * n_c)).test

    assert tested(10, 9).p is None and "Fewer than two groups" in tested(10, 9).why
    assert tested(10, 10).p is not None and tested(10, 10).n == (10, 10)
    assert tested(10, 9, 11).n == (10, 11)
    assert tested(10, 9, 11).p == pytest.approx(
        curves(of_times([*range(1, 11), *range(20, 31)], np.ones(21)), np.arange(21), groups_of(
            *[0] * 10, *[1] * 11)).test.p)


def test_of_more_groups_than_colours_the_largest_are_drawn_in_their_order():
    sizes = (2, 1, 3, 2, 2, 2, 2, 2, 2)
    group = np.repeat(np.arange(len(sizes)), sizes)
    found = of_times(np.arange(1, len(group) + 1), np.ones(len(group)))
    drawn = curves(found, np.arange(len(group)), groups_of(*group, values=tuple("ABCDEFGHI")))
    assert [one.value for one in drawn.groups] == list("ACDEFGH")
    assert (len(drawn.groups), drawn.n_values, drawn.not_drawn) == (MOST_GROUPS, 9, {"other_values": 3})


def test_groups_by_an_attribute_leave_out_the_unrecorded_and_the_mixed():
    of = outcomes_of(
        [score(name, 0, 20) for name in ("P1", "P2", "P3")],
        [*induction("P1", route="IV"), *induction("P2", route="IV")[:3], session("P2", 10, route="IM"),
         *induction("P3")])
    found = by_attribute(of, "route")
    assert (found.values, found.of_course.tolist()) == (("IV",), [0, -1, -1])
    assert found.why_none.tolist() == ["", "mixed", "not_recorded"]
    with pytest.raises(SettledLater) as refused:
        by_attribute(of, "kind")
    assert refused.value.name == "kind"
    assert all_together(of).of_course.tolist() == [0, 0, 0]


def test_nobody_followed_has_no_curve():
    drawn = curves(of_times([], []), np.arange(0), Grouping("", ("",), np.zeros(0, dtype=int), np.zeros(0, object)))
    assert (drawn.groups, drawn.n_patients, drawn.n_values) == ((), 0, 0)


# --- as drawn ------------------------------------------------------------------------------------------------


def test_steps_start_at_nought_and_end_at_the_edge_of_the_picture():
    curve = kaplan_meier(np.array([2, 4, 4, 9]), np.array([1, 1, 0, 1]))
    falling = steps(curve, 6, is_rising=False)
    assert falling.times.tolist() == [0, 2, 4, 6]
    assert falling.share.tolist() == [1, 0.75, 0.5, 0.5]
    assert falling.n_at_risk.tolist() == [4, 4, 3, 1]
    assert np.isnan(falling.low[0]) and (falling.low[1:] < falling.share[1:]).all()
    rising = steps(curve, 6, is_rising=True)
    np.testing.assert_allclose(rising.share, 1 - falling.share)
    np.testing.assert_allclose(rising.low[1:], 1 - falling.high[1:])
    assert (rising.low[1:] < rising.share[1:]).all() and (rising.share[1:] < rising.high[1:]).all()
    assert steps(curve, 40, is_rising=False).times.tolist() == [0, 2, 4, 9]
    assert falling.part(1, 3).times.tolist() == [2, 4]


def test_an_event_at_nought_is_in_the_first_step():
    assert steps(kaplan_meier(np.array([0, 3]), np.array([1, 0])), 9, is_rising=True).share.tolist() == [0.5, 0.5]


def test_those_at_risk_are_a_plain_count():
    rng = np.random.default_rng(5)
    times, is_event = rng.integers(0, 30, 200), rng.integers(0, 2, 200)
    curve = kaplan_meier(times, is_event)
    for tick in (0, 1, 7, 14, 29, 30):
        assert n_at_risk(curve, tick) == sum(time >= tick for time in times.tolist())
