"""One course as a figure: what is drawn where, and that a figure of nothing can be drawn."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.courses.sessions import course_sessions
from analytics.figures.one_course import one_course_figure, panels_of, ticks_of
from analytics.figures.theme import PALETTES
from analytics.results.one_course import one_course
from tests.drawn import induction, outcomes_of, score, session

LIGHT = PALETTES["light"]


def drawn(scores, sessions, place=0, **more):
    of = outcomes_of(scores, sessions, **more)
    course = one_course(of, place, course_sessions(of))
    return one_course_figure(panels_of(course, "phq9"), ticks_of(course), LIGHT, course.next_day)


def marks(figure, axis="y2"):
    return next(trace for trace in figure.data if trace.yaxis == axis and "markers" in trace.mode)


PAIR = [score("P1", -3, 21), score("P1", 10, 15), score("P1", 24, 9)]


def test_scores_lie_on_their_days_and_those_that_count_carry_their_number():
    trace = marks(drawn(PAIR, induction("P1")))
    assert trace.x.tolist() == [-3, 10, 24] and trace.y.tolist() == [21, 15, 9]
    assert trace.text.tolist() == ["21", "", "9"]
    assert trace.marker.color.tolist() == [LIGHT.accent, LIGHT.paper, LIGHT.accent]
    assert "start" in trace.customdata[0] and "end" in trace.customdata[2] and ":" not in trace.customdata[1]


def test_windows_are_drawn_half_a_day_around_both_their_days():
    rectangles = [shape for shape in drawn(PAIR, induction("P1")).layout.shapes if shape.type == "rect"]
    assert [(one.x0, one.x1) for one in rectangles] == [(-30.5, 0.5), (10.5, 41.5)]
    assert [one.line.width for one in rectangles] == [0, 1], "the window of the end has a frame"


def test_open_windows_reach_the_edge():
    figure = drawn(PAIR, induction("P1"), preset="first_last")
    left, right = figure.layout.xaxis.range
    ends = [(one.x0, one.x1) for one in figure.layout.shapes if one.type == "rect"]
    assert ends == [(-30.5, right), (left, right)]


def test_every_instrument_has_a_panel_and_that_of_the_headline_is_first():
    figure = drawn([*PAIR, score("P1", 0, 15, instrument="gad7")], induction("P1"))
    assert marks(figure, "y3").y.tolist() == [15]
    titles = [one.text for one in figure.layout.annotations]
    assert titles[:2] == ["<b>PHQ-9</b>", "<b>GAD-7</b>"]
    low, high = figure.layout.yaxis3.domain
    assert high <= figure.layout.yaxis2.domain[0] and low >= figure.layout.yaxis.domain[1]


def test_sessions_are_ticks_and_side_effects_have_a_triangle():
    given = [*induction("P1"), session("P1", 30)]
    of = outcomes_of(PAIR, given)
    course = one_course(of, 0, course_sessions(of))
    ticks = ticks_of(course)
    assert ticks.day.tolist() == [0, 3, 7, 10, 30] and ticks.is_induction.tolist() == [True] * 4 + [False]
    figure = one_course_figure(panels_of(course, "phq9"), ticks, LIGHT, None)
    line, triangles = figure.data[-2:]
    assert line.marker.size.tolist() == [18, 18, 18, 18, 11] and len(triangles.x) == 0
    marked = type(ticks)(ticks.day, ticks.is_induction, np.array([False, True, False, False, False]), ticks.doses,
                         ticks.texts, ticks.summary)
    assert one_course_figure([], marked, LIGHT, None).data[-1].x.tolist() == [3]


@pytest.mark.parametrize(("days", "shown"), [((0, 30), ["1 mg", "1 mg"]), ((0, 3), ["", ""])])
def test_doses_are_written_where_they_have_room(days, shown):
    given = [session("P1", day, dose=1, dose_unit="mg") for day in days]
    assert drawn(PAIR, given).data[-2].text.tolist() == shown


def test_the_next_course_is_a_line():
    figure = drawn([*PAIR, score("P1", 100, 12)], [*induction("P1"), *induction("P1", 100)])
    assert [one.x0 for one in figure.layout.shapes if one.type == "line"] == [100]


def test_a_course_without_scores_or_sessions_and_one_of_visits():
    of = outcomes_of([score("P1", None, 20, visit="a")], axis="visit", visits=("a", "b"), preset="first_last")
    assert panels_of(one_course(of, 0, course_sessions(of)), "phq9") == []
    lone = drawn([score("P2", 0, 20)], induction("P1"))
    assert len(lone.data) == 2 and np.isfinite(lone.layout.xaxis.range).all()


def test_names_from_files_are_no_markup():
    of = outcomes_of(PAIR, induction("P1", route="<b>IV</b>"))
    ticks = ticks_of(one_course(of, 0, course_sessions(of)))
    assert "<b>" not in "".join((*ticks.texts, ticks.summary))
