"""The follow-up worklist: both ends of the window, a week ahead, who is not asked; and where windows open and close."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from analytics.definitions.tables import DAY_ZERO
from analytics.results.worklist import endpoint_windows, why_no_worklist, worklist
from tests.drawn import induction, outcomes_of, score, session

START = 20_000
"""Day 0 of the first course on the axis of dates; the last induction session is on day 10, the window 11 to 41."""


def dated(day, scores=(), sessions=None, **tables):
    """Outcomes as of a day from day 0, of a patient with a starting score."""
    rows = [score("P1", START - 3, 20), *scores]
    as_of = DAY_ZERO + timedelta(days=START + day)
    return outcomes_of(rows, induction("P1", START) if sessions is None else sessions, axis="date", as_of=as_of,
                       **tables)


def on_list(of, **more):
    return worklist(of, "phq9", np.ones(len(of.courses), dtype=bool), **more)


@pytest.mark.parametrize(("day", "is_listed"), [(10, False), (11, True), (41, True), (42, False)])
def test_both_ends_of_the_window_are_inside(day, is_listed):
    assert len(on_list(dated(day)).course) == int(is_listed)


@pytest.mark.parametrize(("day", "left"), [(11, 30), (40, 1), (41, 0)])
def test_the_days_that_are_left(day, left):
    found = on_list(dated(day))
    assert found.days_left.tolist() == [left] and found.on == DAY_ZERO + timedelta(days=START + day)
    assert found.opens_on == (DAY_ZERO + timedelta(days=START + 11),)
    assert found.closes_on == (DAY_ZERO + timedelta(days=START + 41),)


@pytest.mark.parametrize(("day", "is_listed"), [(12, False), (13, True), (20, True), (21, False)])
def test_a_short_window_is_announced_a_week_before_it_closes(day, is_listed):
    of = dated(day, settings={"endpoint_window": "9..10"})
    assert len(on_list(of).course) == int(is_listed), "the window is day 19 to day 20"


def test_a_week_can_be_another_number_of_days():
    of = dated(12, settings={"endpoint_window": "9..10"})
    assert len(on_list(of, within_days=8).course) == 1


def test_whether_a_score_is_in_the_window_already():
    assert on_list(dated(30)).has_score.tolist() == [False]
    assert on_list(dated(30, [score("P1", START + 11, 9)])).has_score.tolist() == [True]
    assert on_list(dated(30, [score("P1", START + 10, 9)])).has_score.tolist() == [False]
    assert on_list(dated(30, [score("P1", START + 31, 9)])).has_score.tolist() == [False], "that is not known yet"


def test_who_is_not_asked():
    without = outcomes_of([score("P1", START - 31, 20)], induction("P1", START), axis="date",
                          as_of=DAY_ZERO + timedelta(days=START + 20))
    found = on_list(without)
    assert not len(found.course) and found.n_without_start == 1
    gone = dated(30, observed_until={"P1": START + 29})
    assert not len(on_list(gone).course)
    assert len(on_list(dated(30, observed_until={"P1": START + 30})).course) == 1
    of = dated(30)
    assert not len(worklist(of, "phq9", np.zeros(1, dtype=bool)).course)


def test_a_milder_start_is_followed_up_too_and_a_booster_is_not():
    again = [*induction("P1", START), session("P1", START + 100)]
    of = outcomes_of([score("P1", START - 3, 7), score("P1", START + 99, 7)], again, axis="date",
                     as_of=DAY_ZERO + timedelta(days=START + 110))
    assert not len(on_list(of).course)
    mild = outcomes_of([score("P1", START - 3, 7)], induction("P1", START), axis="date",
                       as_of=DAY_ZERO + timedelta(days=START + 30))
    assert len(on_list(mild).course) == 1


def test_the_next_course_closes_the_window():
    both = [*induction("P1", START), *induction("P1", START + 30)]
    settings = {"gap_days": "15"}
    assert on_list(dated(29, sessions=both, settings=settings)).course.tolist() == [0]
    found = on_list(dated(30, sessions=both, settings=settings))
    assert found.course.tolist() == [0] and found.days_left.tolist() == [0]
    later = on_list(dated(31, sessions=both, settings=settings))
    assert 0 not in later.course.tolist()


def test_what_closes_first_comes_first():
    rows = [score(code, START + day - 1, 20) for code, day in (("A", 5), ("B", 0), ("C", 5))]
    sessions = [row for code, day in (("A", 5), ("B", 0), ("C", 5)) for row in induction(code, START + day)]
    found = on_list(outcomes_of(rows, sessions, axis="date", as_of=DAY_ZERO + timedelta(days=START + 30)))
    assert found.of.courses["patient_id"].astype(str).to_numpy()[found.course].tolist() == ["B", "A", "C"]
    assert found.days_left.tolist() == [11, 16, 16]


def test_files_without_dates_and_rules_without_an_end_have_no_worklist():
    relative = outcomes_of([score("P1", -3, 20)], induction("P1"))
    assert why_no_worklist(relative) == "no_dates"
    endless = dated(30, preset="first_last")
    assert why_no_worklist(endless) == "no_window"
    assert why_no_worklist(dated(30)) is None
    for of in (relative, endless):
        with pytest.raises(ValueError, match="Dates and a window"):
            on_list(of)


def test_dates_are_those_of_the_calendar():
    as_of = date(2024, 3, 1)
    first = (as_of - DAY_ZERO).days - 20
    of = outcomes_of([score("P1", first, 20)], induction("P1", first), axis="date", as_of=as_of)
    assert on_list(of).closes_on == (date(2024, 3, 22),)


def windows(preset="induction", settings=None, **more):
    of = outcomes_of([score("P1", -3, 20)], more.pop("sessions", induction("P1")), preset=preset, settings=settings)
    return tuple(ends[0] for ends in endpoint_windows(of, "phq9"))


@pytest.mark.parametrize(("rules", "expected"), [
    ({}, (11, 41)),
    ({"settings": {"endpoint_anchor": "day_0"}}, (1, 31)),
    ({"settings": {"endpoint_anchor": "last_session"}}, (11, 41)),
    ({"settings": {"endpoint_window": "1.."}}, (11, np.nan)),
    ({"settings": {"endpoint_window": "..31"}}, (np.nan, 41)),
    ({"settings": {"endpoint_pick": "last_available"}}, (1, 41)),
    ({"preset": "first_last"}, (np.nan, np.nan)),
    ({"preset": "twelve_month", "sessions": []}, (305, 425)),
])
def test_where_windows_open_and_close(rules, expected):
    np.testing.assert_array_equal(windows(**dict(rules)), expected)


def test_a_course_of_maintenance_alone_has_no_window_to_count_from():
    of = outcomes_of([score("P1", -3, 20)], [session("P1", 0, phase="maintenance"), session("P1", 20,
                                                                                           phase="maintenance")])
    assert np.isnan(np.array(endpoint_windows(of, "phq9"))).all()


def test_visits_have_no_windows():
    of = outcomes_of([score("P1", None, 20, visit="a")], axis="visit", visits=("a", "b"), preset="first_last")
    assert np.isnan(np.array(endpoint_windows(of, "phq9"))).all()
