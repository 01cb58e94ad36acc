"""The course of scores: what each point is made of, who is in it, and who is not; once more in plain loops."""

from functools import cache
from math import isclose, isnan, nan, sqrt

import numpy as np
import pytest
from scipy.stats import t as student

from analytics.courses.series import series
from analytics.courses.sessions import course_sessions
from analytics.results.ground import headline_measure
from analytics.results.trajectories import trajectories
from analytics.results.trajectories_beside import beside, other_scale
from analytics.results.trajectories_points import points, sample_lines, starting_courses
from analytics.results.trajectories_sessions import session_shares
from analytics.results.trajectories_windows import (
    MOST_SESSIONS,
    day_windows,
    session_windows,
    visit_windows,
)
from tests.courses.test_second_implementation import cohort_of, ours, plain
from tests.drawn import attribute, induction, outcomes_of, score, session
from tests.plain import courses as plain_courses
from tests.plain.over_time import STILL_ELIGIBLE, scores_of, sessions_before

SEEDS = (2, 3, 5, 6, 7, 10, 16, 20, 22, 23, 31, 34, 43, 44, 45, 300, 302, 305, 401, 404)
"""Seeds whose files hold days; some hold scores alone (7, 23, 31), in some days restart (10, 43)."""


def everyone(of):
    return np.ones(len(of.courses), dtype=bool)


def curve(of, windows, measure="response", instrument="phq9", by=None, stays=None):
    found = points(of, series(of, instrument), course_sessions(of), windows)
    return trajectories(found, measure, everyone(of) if stays is None else stays, by)


def course_of(patient, totals, start=0, **more):
    """Sessions on days 0, 3, 7 and 10, and a score on each day that is given."""
    scores = [score(patient, start + day, total, **more) for day, total in totals.items()]
    return scores, induction(patient, start)


def drawn(*courses, **more):
    return outcomes_of([one for scores, _ in courses for one in scores],
                       [one for _, sessions in courses for one in sessions], **more)


# --- windows -----------------------------------------------------------------------------------------


def test_windows_of_days_are_the_start_days_1_to_3_weeks_and_later_four_weeks():
    windows = day_windows(180)
    ends = list(zip(windows.first.tolist(), windows.last.tolist(), strict=True))
    assert ends[:4] == [(0, 0), (1, 3), (4, 10), (11, 17)]
    assert ends[13:] == [(81, 87), (88, 115), (116, 143), (144, 171)]
    assert windows.at[:4].tolist() == [0, 2, 7, 14] and windows.at[-1] == 157.5


@pytest.mark.parametrize(("until", "last"), [(13, 10), (14, 17), (30, 31), (90, 87), (365, 367)])
def test_the_last_window_is_one_whose_middle_is_in_time(until, last):
    assert day_windows(until).last[-1] == last


@pytest.mark.parametrize(("day", "window"), [(-1, 0), (0, 0), (1, 1), (3, 1), (4, 2), (10, 2), (11, 3), (87, 13),
                                             (88, None)])
def test_a_score_on_either_end_of_a_window_is_in_it(day, window):
    of = drawn(course_of("A", {0: 20} | {day: 12}))
    found = curve(of, day_windows(90)).whole
    expected = [1] + [0] * 13
    if window:
        expected[window] = 1
    assert found.n.tolist() == expected


def test_of_two_scores_in_a_window_of_days_the_last_stands_and_after_sessions_the_first():
    of = drawn(course_of("A", {0: 20, 11: 15, 12: 9}))
    assert curve(of, day_windows(30)).whole.mean[3] == 9
    windows = session_windows(course_sessions(of), everyone(of), 90)
    assert curve(of, windows).whole.mean[4] == 15


def test_a_score_on_the_day_of_a_session_is_before_it():
    of = drawn(course_of("A", {0: 20, 3: 16, 10: 12}))
    windows = session_windows(course_sessions(of), everyone(of), 90)
    assert len(windows) == 5
    assert curve(of, windows).whole.n.tolist() == [1, 1, 0, 1, 0]


@pytest.mark.parametrize(("until", "n", "n_windows"), [(11, 0, 5), (12, 1, 5), (10, 0, 4)])
def test_sessions_and_scores_after_the_last_day_that_is_looked_at_are_none(until, n, n_windows):
    of = drawn(course_of("A", {0: 20, 12: 9}))
    windows = session_windows(course_sessions(of), everyone(of), until)
    found = curve(of, windows).whole
    assert len(windows) == n_windows and int(found.n[1:].sum()) == n
    assert found.absent["fewer_sessions"].tolist() == [0] * n_windows


def test_more_sessions_than_can_be_drawn_end_the_curve():
    sessions = [session("A", day) for day in range(0, 80, 3)]
    of = outcomes_of([score("A", 0, 20), score("A", 79, 8)], sessions)
    assert len(session_windows(course_sessions(of), everyone(of), 90)) == MOST_SESSIONS + 1


def test_windows_of_sessions_follow_the_cohort():
    more = ([score("B", 0, 20)], [session("B", 0)])
    of = drawn(course_of("A", {0: 20}), more)
    assert len(session_windows(course_sessions(of), np.array([False, True]), 90)) == 2
    assert len(session_windows(course_sessions(of), np.array([False, False]), 90)) == 1


def test_visits_are_points_in_their_order():
    rows = [score("A", None, total, visit=label) for label, total in (("week 2", 9), ("baseline", 20))]
    of = outcomes_of(rows, [], axis="visit", visits=("baseline", "week 2", "week 10"), preset="first_last")
    windows = visit_windows(of)
    found = curve(of, windows).whole
    assert windows.labels == ("baseline", "week 2", "week 10") and not windows.has_start
    assert found.n.tolist() == [1, 1, 0] and found.mean[:2].tolist() == [20, 9]
    assert found.absent["no_score"].tolist() == [0, 0, 1]


def test_visits_without_an_order_are_the_two_that_are_named():
    rows = [score("A", None, total, visit=label) for label, total in (("before", 20), ("x", 15), ("after", 9))]
    of = outcomes_of(rows, [], axis="visit", visits=("after", "before", "x"), is_visit_order_known=False,
                     preset="first_last", settings={"baseline_visit": "before", "endpoint_visit": "after"})
    found = curve(of, visit_windows(of)).whole
    assert visit_windows(of).labels == ("before", "after") and found.mean.tolist() == [20, 9]


# --- who starts, who is there, who is not -------------------------------------------------------------


def test_who_starts_and_who_is_left_out_make_all_courses():
    of = drawn(course_of("A", {0: 20, 20: 9}), course_of("B", {0: 9, 20: 5}), course_of("C", {20: 9}),
               course_of("D", {0: 20}), course_of("E", {0: 20}), observed_until={"E": 12})
    found = curve(of, day_windows(30))
    assert found.courses == 5 and found.whole.started == 3
    assert found.left_out == {"no_baseline": 1, "not_a_case": 1}
    assert starting_courses(of, "phq9", "response", everyone(of)).tolist() == [True, False, False, True, True]


def test_the_filters_are_part_of_who_starts():
    of = drawn(course_of("A", {0: 20, 20: 9}), course_of("B", {0: 9}), course_of("C", {0: 18}))
    found = curve(of, day_windows(30), stays=np.array([True, True, False]))
    assert (found.courses, found.whole.started, found.left_out) == (2, 1, {"not_a_case": 1})


def test_those_without_a_score_are_counted_by_the_first_reason():
    of = drawn(course_of("A", {0: 20}), course_of("A", {0: 18}, start=73), course_of("B", {0: 20}),
               course_of("C", {0: 20, 72: 9}), observed_until={"B": 72})
    absent = curve(of, day_windows(90)).whole.absent
    place = dict(zip(day_windows(90).first.tolist(), range(14), strict=True))
    # A's next course begins on day 73: the window up to that day still holds its score, the one from day 74 on none.
    assert [absent["next_course"][place[first]] for first in (60, 74, 81)] == [0, 1, 1]
    # B is known to day 72: the window that ends on day 66 was lived through, the one to day 73 was not.
    assert [absent["not_yet"][place[first]] for first in (60, 67, 81)] == [0, 1, 1]
    assert absent["no_score"][place[67]] == 1


def test_the_next_course_comes_before_not_known_so_long():
    of = drawn(course_of("A", {0: 20}), ([], induction("A", 73)), observed_until={"A": 80})
    absent = curve(of, day_windows(90)).whole.absent
    assert absent["next_course"][-1] == 1 and absent["not_yet"][-1] == 0


def test_a_session_on_the_last_day_that_is_looked_at_is_after_every_score():
    of = drawn(course_of("A", {0: 20}), ([score("B", 0, 20)], induction("B", days=(0, 2, 4, 6))))
    found = curve(of, session_windows(course_sessions(of), everyone(of), 10)).whole
    assert found.absent["fewer_sessions"].tolist() == [0, 0, 0, 0, 1], "the fourth session of A is on day 10"


def test_who_has_fewer_sessions_is_told_from_who_has_no_score():
    of = drawn(course_of("A", {0: 20, 12: 9}), ([score("B", 0, 20), score("B", 2, 18)], [session("B", 0)]))
    windows = session_windows(course_sessions(of), everyone(of), 90)
    found = curve(of, windows).whole
    assert found.n.tolist() == [2, 1, 0, 0, 1]
    assert found.absent["fewer_sessions"].tolist() == [0, 0, 1, 1, 1]
    assert found.absent["no_score"].tolist() == [0, 1, 1, 1, 0]


@pytest.mark.parametrize(("n_later", "is_half"), [(1, False), (2, True), (3, True)])
def test_half_of_those_who_started_is_half(n_later, is_half):
    courses = [course_of(f"P{place}", {0: 20} | ({5: 12} if place < n_later else {})) for place in range(4)]
    assert bool(curve(drawn(*courses), day_windows(30)).whole.is_half[2]) is is_half


def test_who_is_still_treated_of_those_there_and_of_all():
    with_maintenance = ([score("A", 0, 20), score("A", 40, 8)], [*induction("A"), session("A", 39)])
    of = drawn(with_maintenance, course_of("B", {0: 20, 40: 9}), course_of("C", {0: 20}))
    found = curve(of, day_windows(90)).whole
    place = day_windows(90).first.tolist().index(39)
    assert (found.n[place], found.n_treated[place], found.n_treated_started[place]) == (2, 1, 1)
    assert (found.n_treated[place + 1], found.n_treated_started[place + 1]) == (0, 0)
    assert found.n_treated_started[:4].tolist() == [3, 3, 3, 1]


def test_without_sessions_nobody_is_treated_or_not():
    of = outcomes_of([score("A", 0, 20), score("A", 30, 9)], [], preset="first_last")
    assert set(curve(of, day_windows(30)).whole.n_treated.tolist()) == {-1}


def test_a_point_knows_where_its_own_courses_started():
    of = drawn(course_of("A", {0: 20, 20: 9}), course_of("B", {0: 12}))
    found = curve(of, day_windows(30)).whole
    assert found.mean[0] == 16 and found.baseline_of_present[0] == 16 and found.baseline_of_present[4] == 20


def test_nobody_gives_empty_points():
    of = drawn(course_of("A", {0: 4, 20: 3}))
    found = curve(of, day_windows(30), by=None).whole
    assert found.started == 0 and found.n.tolist() == [0] * 6 and np.isnan(found.mean).all()


def test_scores_up_to_the_baseline_are_in_no_window():
    of = drawn(course_of("A", {2: 18, 5: 20, 6: 12}), settings={"baseline_window": "-30..5"})
    found = curve(of, day_windows(30)).whole
    assert found.mean[0] == 20 and found.n.tolist() == [1, 0, 1, 0, 0, 0] and found.mean[2] == 12


def test_a_baseline_after_day_0_is_at_the_start_alone():
    of = drawn(course_of("A", {5: 20, 12: 9}), settings={"baseline_window": "-30..5"})
    assert curve(of, day_windows(30)).whole.n.tolist() == [1, 0, 0, 1, 0, 0]


def test_a_score_of_day_0_that_is_no_baseline_is_no_point():
    of = drawn(course_of("A", {-3: 20, 0: 12}), settings={"baseline_pick": "first"})
    found = curve(of, day_windows(30)).whole
    assert found.n.tolist() == [1, 0, 0, 0, 0, 0] and found.mean[0] == 20


def test_a_score_after_more_sessions_than_are_drawn_is_no_point():
    sessions = [session("A", day) for day in range(0, 80, 3)]
    of = outcomes_of([score("A", 0, 20), score("A", 48, 12), score("A", 50, 8)], sessions)
    found = curve(of, session_windows(course_sessions(of), everyone(of), 90)).whole
    assert found.n.tolist() == [1, *[0] * 15, 1] and found.mean[16] == 12


def test_a_session_after_the_last_day_that_is_looked_at_is_none_that_a_course_had():
    longer = ([score("A", 0, 20)], [*induction("A"), session("A", 50), session("A", 95)])
    more = ([score("B", 0, 20)], [*induction("B"), session("B", 40), session("B", 60)])
    of = drawn(longer, more)
    found = curve(of, session_windows(course_sessions(of), everyone(of), 90)).whole
    assert found.absent["fewer_sessions"].tolist() == [0, 0, 0, 0, 0, 0, 1]


def test_a_window_that_begins_on_the_next_courses_day_or_ends_on_the_last_known_day_was_lived_through():
    of = drawn(course_of("A", {0: 20}), ([], induction("A", 74)), course_of("B", {0: 20}), observed_until={"B": 73})
    absent = curve(of, day_windows(90)).whole.absent
    assert [absent["next_course"][place] for place in (12, 13)] == [0, 1]
    assert [absent["not_yet"][place] for place in (11, 12)] == [0, 1]


def test_under_an_index_score_days_count_from_it():
    rows = [score("A", 0, 12, instrument="gad7"), score("A", 30, 20), score("A", 35, 15)]
    found = curve(outcomes_of(rows, [], preset="twelve_month", observed_until={"A": 50}), day_windows(30)).whole
    assert found.n.tolist() == [1, 0, 1, 0, 0, 0] and found.mean[2] == 15
    assert found.absent["not_yet"].tolist() == [0, 0, 0, 0, 1, 1]


# --- numbers -----------------------------------------------------------------------------------------


def test_the_interval_is_that_of_students_t():
    totals = (20, 18, 12, 14)
    of = drawn(*(course_of(f"P{place}", {0: 20, 5: total}) for place, total in enumerate(totals)))
    found = curve(of, day_windows(30)).whole
    half = 3.182446305284264 * np.std(totals, ddof=1) / 2
    assert found.mean[2] == 16
    assert (found.low[2], found.high[2]) == pytest.approx((16 - half, 16 + half))
    assert found.quartiles[:, 2].tolist() == [13.5, 16, 18.5]
    assert isnan(found.low[0]) and not found.is_clustered.any()


def test_a_patient_with_two_courses_is_one_cluster():
    courses = [course_of("A", {0: 20, 5: 10}), course_of("A", {0: 20, 5: 12}, start=100),
               course_of("B", {0: 20, 5: 16})]
    scores = [one for rows, _ in courses for one in rows]
    sessions = [one for _, rows in courses for one in rows]
    found = curve(outcomes_of(scores, sessions), day_windows(30)).whole
    low, high = plain_interval([("A", 10), ("A", 12), ("B", 16)])
    assert found.is_clustered[2] and found.n[2] == 3
    assert (found.low[2], found.high[2]) == pytest.approx((low, high))


def test_groups_are_the_largest_by_courses_in_the_order_of_their_names():
    sizes = {"a": 1, "b": 2, "c": 3, "d": 2, "e": 2, "f": 2, "g": 2, "h": 2, None: 1}
    courses, attributes = [], []
    for name, n in sizes.items():
        for place in range(n):
            patient = f"{name}{place}"
            courses.append(course_of(patient, {0: 20, 5: 10 + place}))
            attributes += [attribute(patient, "site", name)] if name else []
    of = outcomes_of([one for rows, _ in courses for one in rows], [one for _, rows in courses for one in rows],
                     attributes)
    found = curve(of, day_windows(30), by="site")
    assert [one.stratum["site"] for one in found.groups] == list("bcdefgh") and found.n_groups == 9
    assert [one.started for one in found.groups] == [2, 3, 2, 2, 2, 2, 2] and found.whole.started == 17
    assert found.groups[1].mean[2] == 11 and found.groups[1].absent["no_score"].tolist() == [0, 3, 0, 3, 3, 3]


# --- sessions under the axis -------------------------------------------------------------------------


def test_sessions_of_each_phase_are_shares_of_the_courses_that_started():
    maintained = ([score("A", 0, 20)], [*induction("A"), session("A", 25), session("A", 26)])
    of = drawn(maintained, course_of("B", {0: 20}), course_of("C", {0: 4}))
    starts = starting_courses(of, "phq9", "response", everyone(of))
    found = session_shares(of, course_sessions(of), day_windows(30), starts)
    assert found.started == 2
    assert found.n["induction"].tolist() == [2, 2, 2, 0, 0, 0]
    assert found.n["maintenance"].tolist() == [0, 0, 0, 0, 0, 1]
    assert found.n["booster"].tolist() == [0] * 6


@pytest.mark.parametrize(("day", "n"), [(31, 1), (32, 0)])
def test_a_session_after_the_last_window_is_in_none(day, n):
    of = drawn(([score("A", 0, 20)], [*induction("A"), session("A", day)]))
    found = session_shares(of, course_sessions(of), day_windows(30), everyone(of))
    assert found.n["maintenance"].tolist() == [0, 0, 0, 0, 0, n], "the last window is day 25 to day 31"


def test_a_booster_stands_on_the_days_of_the_course_before_it():
    of = drawn(course_of("A", {0: 20}), ([], [session("A", 75)]), ([], [session("A", 140)]),
               ([], induction("A", 205)), ([], [session("A", 280)]), ([], [session("Z", 5)]))
    assert of.courses["kind"].tolist() == ["induction", "booster", "booster", "re_induction", "booster", "incomplete"]
    starts = starting_courses(of, "phq9", "response", everyone(of))
    assert starts.tolist() == [True, False, False, False, False, False]
    found = session_shares(of, course_sessions(of), day_windows(365), starts).n["booster"]
    windows = day_windows(365)
    held = [(int(first), int(last)) for first, last, n in zip(windows.first, windows.last, found, strict=True) if n]
    assert held == [(74, 80), (116, 143)]


def test_by_number_each_session_is_of_one_phase():
    of = drawn(([score("A", 0, 20)], [*induction("A"), session("A", 40)]), course_of("B", {0: 20}))
    sessions = course_sessions(of)
    found = session_shares(of, sessions, session_windows(sessions, everyone(of), 90), everyone(of))
    assert found.n["induction"].tolist() == [0, 2, 2, 2, 2, 0] and found.n["maintenance"].tolist() == [0] * 5 + [1]
    assert not found.has_boosters and "booster" not in found.n


def test_without_any_session_no_course_has_one():
    of = outcomes_of([score("A", 0, 20), score("A", 30, 9)], [], preset="first_last")
    found = session_shares(of, course_sessions(of), day_windows(30), everyone(of))
    assert {name: int(n.sum()) for name, n in found.n.items()} == {"induction": 0, "maintenance": 0, "booster": 0}


# --- single lines ------------------------------------------------------------------------------------


def test_single_lines_are_a_seeded_sample_of_at_most_so_many_courses():
    courses = [course_of(f"P{place:02d}", {0: 20, 5: 10 + place % 5, 20: 8}) for place in range(60)]
    of = drawn(*courses)
    found = points(of, series(of, "phq9"), course_sessions(of), day_windows(30))
    at, total = sample_lines(found, everyone(of))
    assert np.isnan(at).sum() == 49 and len(at) == 50 * 3 + 49
    assert np.array_equal(np.isnan(at), np.isnan(total)) and at[:3].tolist() == [0, 7, 21]
    again = sample_lines(found, everyone(of))
    assert np.array_equal(at, again[0], equal_nan=True) and np.array_equal(total, again[1], equal_nan=True)
    assert not np.array_equal(total, sample_lines(found, everyone(of), seed=2)[1], equal_nan=True)


def test_single_lines_of_few_and_of_nobody():
    of = drawn(course_of("A", {0: 20, 5: 12}), course_of("B", {0: 4, 5: 3}))
    found = points(of, series(of, "phq9"), course_sessions(of), day_windows(30))
    at, total = sample_lines(found, np.array([True, False]))
    assert (at.tolist(), total.tolist()) == ([0, 7], [20, 12])
    assert len(sample_lines(found, np.array([False, False]))[0]) == 0


# --- mood and pain -----------------------------------------------------------------------------------


def both(patient, mood, pain):
    scores = [score(patient, day, total) for day, total in zip((0, 20), mood, strict=True) if total is not None]
    scores += [score(patient, day, total, instrument="pain_nrs_average")
               for day, total in zip((0, 20), pain, strict=True) if total is not None]
    return scores, induction(patient)


def test_mood_and_pain_are_of_the_courses_that_start_both():
    of = drawn(both("A", (20, 8), (8, 5)), both("B", (20, 8), (8, 7)), both("C", (20, 18), (8, 2)),
               both("D", (20, 18), (8, 8)), both("E", (20, None), (8, 2)), both("F", (20, 8), (3, 1)),
               both("G", (9, 4), (8, 2)), both("H", (20, 9), (8, 4)))
    scores = (points(of, series(of, key), course_sessions(of), day_windows(30)) for key in ("phq9", "pain_nrs_average"))
    found = beside(of, *scores, everyone(of))
    table = found.agreement
    assert (table.both, table.only_first, table.only_second, table.neither, table.left_out) == (2, 1, 1, 1, 1)
    assert found.first.whole.started == found.second.whole.started == 6
    assert found.n_not_both == 1 and found.n_patients == 5
    assert (found.first.whole.n[4], found.second.whole.n[4]) == (5, 6)


def test_the_other_scale_is_pain_beside_mood_and_mood_beside_pain():
    rows = [score("A", 0, 20, instrument=key) for key in ("phq9", "gad7", "pain_nrs_average", "pain_nrs_worst")]
    of = drawn((rows, induction("A")))
    pairs = {"gad7": 9, "pain_nrs_worst": 7, "phq9": 5, "pain_nrs_average": 4}
    assert other_scale(of, "phq9", pairs) == "pain_nrs_worst" and other_scale(of, "gad7", pairs) == "pain_nrs_worst"
    assert other_scale(of, "pain_nrs_average", pairs) == "phq9"
    assert other_scale(of, "pain_nrs_average", pairs | {"phq9": 0}) == "gad7"
    assert other_scale(of, "phq9", {"phq9": 9, "gad7": 3, "pain_nrs_worst": 0}) is None


# --- once more in plain loops ------------------------------------------------------------------------


def plain_interval(values):
    """The t interval of a mean of (patient, value), each patient one cluster; missing where there is none."""
    patients = sorted({patient for patient, _ in values})
    if len(patients) < 2:
        return nan, nan
    mean = sum(value for _, value in values) / len(values)
    squares = 0.0
    for patient in patients:
        own = [value for one, value in values if one == patient]
        squares += (sum(own) - mean * len(own)) ** 2
    k = len(patients)
    half = student.ppf(0.975, k - 1) * sqrt(k / (k - 1) * squares) / len(values)
    return (mean - half, mean + half) if half > 1e-9 else (nan, nan)


def plain_quartile(values, share):
    """Type 7 of R: between the two ordered values around the place (n - 1) times the share."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def until_of(cohort, patient_id):
    return plain_courses.until_of(patient_id, cohort.as_of, cohort.observed_until)


@cache
def plain_points(seed, instrument_key, measure):
    """Per course that starts: patient, baseline, and (day, total, sessions before) of each later score."""
    cohort = cohort_of(seed)
    rows = plain(seed)[1]
    instrument = cohort.instruments[instrument_key]
    told = []
    for row in rows:
        if row["instrument"] != instrument_key or row["left_out"].get(measure, "other") not in STILL_ELIGIBLE:
            continue
        course, baseline = row["course"], row["baseline_score"]
        rules, until = cohort.rules_of[course["patient_id"]], until_of(cohort, course["patient_id"])
        origin = baseline["day"] if rules.counts_from_index else course["first_day"]
        scores = scores_of(course, cohort.assessments, instrument, rules, until)
        later = [(one["day"] - origin, one["total"], sessions_before(course, one["day"])) for one in scores
                 if one["day"] > baseline["day"]]
        next_day = None if course["next_first_day"] is None else course["next_first_day"] - origin
        known = None if until is None else until - origin
        told.append((course["patient_id"], row["baseline"], later, next_day, known))
    return told


def same(one, other):
    return (isnan(one) and isnan(other)) or isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("seed", SEEDS, ids=str)
def test_every_point_agrees_with_plain_loops(seed):
    of = ours(seed)
    windows = day_windows(90)
    for key in of.instrument_keys:
        measure = headline_measure(of.instruments[key]).key
        found = curve(of, windows, measure, key).whole
        told = plain_points(seed, key, measure)
        assert found.started == len(told), f"{key}: {found.started} start, the witness says {len(told)}"
        for place in range(len(windows)):
            first, last = int(windows.first[place]), int(windows.last[place])
            values, absent = [], {"next_course": 0, "not_yet": 0, "no_score": 0}
            for patient, baseline, later, next_day, until in told:
                inside = [total for day, total, _ in later if first <= day <= last]
                if place == 0:
                    inside = [baseline]
                if inside:
                    values.append((patient, inside[-1]))
                elif next_day is not None and next_day < first:
                    absent["next_course"] += 1
                elif until is not None and until < last:
                    absent["not_yet"] += 1
                else:
                    absent["no_score"] += 1
            assert_point(found, place, values, f"{key}, days {first} to {last}")
            assert {name: int(n[place]) for name, n in found.absent.items()} == absent, f"{key}, day {first}"


@pytest.mark.parametrize("seed", SEEDS, ids=str)
def test_every_point_by_session_agrees_with_plain_loops(seed):
    of = ours(seed)
    for key in of.instrument_keys:
        measure = headline_measure(of.instruments[key]).key
        told = plain_points(seed, key, measure)
        starts = starting_courses(of, key, measure, everyone(of))
        windows = session_windows(course_sessions(of), starts, 90)
        found = curve(of, windows, measure, key).whole
        for place in range(1, len(windows)):
            values = []
            for patient, _, later, _, _ in told:
                inside = [total for day, total, n_before in later if n_before == place and day <= 90]
                if inside:
                    values.append((patient, inside[0]))
            assert_point(found, place, values, f"{key} after {place} sessions")


def assert_point(found, place, values, where):
    assert found.n[place] == len(values), f"{where}: {found.n[place]} scores, the witness says {len(values)}"
    if not values:
        assert isnan(found.mean[place])
        return
    totals = [total for _, total in values]
    assert same(found.mean[place], sum(totals) / len(totals)), where
    for ours_, theirs in zip((found.low[place], found.high[place]), plain_interval(values), strict=True):
        assert same(ours_, theirs), f"{where}: interval"
    for row, share in enumerate((0.25, 0.5, 0.75)):
        assert same(found.quartiles[row, place], plain_quartile(totals, share)), f"{where}: quartile {share}"
    assert bool(found.is_clustered[place]) is (len({patient for patient, _ in values}) < len(values)), where
