"""The picture of a curve holds what it was given: firm and hollow points, bands, sessions, numbers."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.figures import theme
from analytics.figures.trajectories import Curve, MarkRow, Scale, Ticks, beside_figure, trajectory_figure

LIGHT = theme.PALETTES["light"]
AT = np.array([0.0, 2, 7, 14])
SCALE = Scale("PHQ-9", (0, 27), ((0, "minimal"), (5, "mild"), (20, "<b>severe")))
TICKS = Ticks(np.array([0.0, 7, 14]), ("start", "1", "<i>2"), "Weeks", (-1, 15))
CURVE = Curve("", AT, np.array([18.0, 15, 12, np.nan]), np.array([17.0, 13, np.nan, np.nan]),
              np.array([20.0, 16, np.nan, np.nan]), np.array([True, True, False, False]), ("a", "<b>b", "c", ""),
              [(np.array([0.0, 7, 14]), ("40", "20", "4")), (np.array([2.0]), ("30",))], None,
              (np.array([14.0, 11, 8, np.nan]), np.array([22.0, 19, 15, np.nan])))


def traces(figure, mode):
    return [one for one in figure.data if one.mode == mode]


def drawn(*curves, marks=(), lines=None, scale=SCALE):
    return trajectory_figure(curves or (CURVE,), scale, TICKS, marks, LIGHT, lines)


def under(figure):
    return [(one.x.tolist(), list(one.text)) for one in figure.data if one.mode == "text"]


def annotations(figure):
    return [one.text for one in figure.layout.annotations]


def test_a_point_of_too_few_is_hollow_and_the_line_to_it_broken():
    figure = drawn()
    (points,) = [one for one in figure.data if one.mode == "markers"]
    assert points.marker.color.tolist() == [LIGHT.accent, LIGHT.accent, LIGHT.paper, LIGHT.paper]
    whole, broken = traces(figure, "lines")[-2:]
    assert (whole.line.dash, broken.line.dash) == ("solid", "dot")
    assert whole.x.tolist()[:2] == [0, 2] and len(whole.x) == 3
    assert broken.x.tolist()[:2] == [2, 7] and broken.x.tolist()[3:5] == [7, 14] and np.isnan(broken.x[2])
    assert broken.y.tolist()[:2] == [15, 12]


def test_intervals_need_not_be_symmetric():
    (points,) = [one for one in drawn().data if one.mode == "markers"]
    assert points.error_y.array.tolist()[:2] == [2, 1] and points.error_y.arrayminus.tolist()[:2] == [1, 2]


def test_the_band_leaves_unknown_points_out_and_can_be_left_out():
    band = next(one for one in drawn().data if one.fill == "toself")
    assert band.mode == "lines", "Few points would get marks of their own."
    assert band.x.tolist() == [0, 2, 7, 7, 2, 0] and band.y.tolist() == [22, 19, 15, 8, 11, 14]
    assert not [one for one in drawn(replace(CURVE, quartiles=None)).data if one.fill]


def test_severity_bands_lie_behind_with_their_names_as_text():
    figure = drawn()
    grounds = figure.layout.shapes
    assert [(one.y0, one.y1) for one in grounds] == [(0, 5), (5, 20), (20, 27)]
    assert {one.layer for one in grounds} == {"below"} and grounds[-1].fillcolor == LIGHT.severity[-1]
    assert "&lt;b&gt;severe" in annotations(figure) and "<b>severe" not in annotations(figure)


def test_where_higher_is_better_the_lowest_band_is_the_gravest():
    grounds = drawn(scale=Scale("Well", (0, 100), ((0, "poor"), (50, "good")), is_higher_better=True)).layout.shapes
    assert [one.fillcolor for one in grounds] == [LIGHT.severity[-1], LIGHT.severity[0]]


def test_without_bands_the_ground_is_empty_and_the_curve_has_their_room():
    figure = drawn(scale=Scale("PCL-5", (0, 80)))
    assert not figure.layout.shapes and figure.layout.margin.r < drawn().layout.margin.r
    low, high = figure.layout.yaxis.range
    assert low < 0 and high > 80


def test_numbers_stand_exactly_under_their_points():
    assert under(drawn()) == [([0, 7, 14], ["40", "20", "4"]), ([2], ["30"])]
    assert "Courses with a score" in annotations(drawn())


def test_sessions_are_told_apart_by_symbol_colour_and_word():
    rows = [MarkRow(phase, word, AT, np.array([1.0, 0.25, 0, 0.0001]), ("a", "b", "c", "d"))
            for phase, word in (("induction", "I"), ("maintenance", "M"), ("booster", "B"))]
    figure = drawn(marks=rows)
    marks = [one for one in figure.data if one.mode == "markers" and one.yaxis == "y2"]
    assert [one.marker.symbol for one in marks] == ["circle", "diamond", "triangle-up"]
    assert len({one.marker.color for one in marks}) == 3 and {"I", "M", "B"} <= set(annotations(figure))
    assert marks[0].x.tolist() == [0, 2, 14] and list(marks[0].text) == ["a", "b", "d"]
    assert marks[0].marker.size.tolist() == [17, 8.5, 4]
    heights = [one.y[0] for one in marks]
    assert heights == sorted(heights) and len(set(heights)) == 3
    assert figure.layout.height > drawn().layout.height


def test_groups_differ_by_colour_and_symbol_and_lie_beside_each_other():
    figure = drawn(replace(CURVE, name="<b>North", place=0), replace(CURVE, name="South", place=2))
    first, second = [one for one in figure.data if one.mode == "markers"]
    assert (first.marker.symbol, second.marker.symbol) == ("circle", "diamond")
    assert first.marker.line.color == theme.OKABE_ITO[0] and second.marker.line.color == theme.OKABE_ITO[2]
    assert np.allclose(second.x - first.x, 16 * 0.006) and np.allclose((second.x + first.x) / 2, AT)
    named = [one for one in figure.data if one.showlegend]
    assert [one.name for one in named] == ["&lt;b&gt;North", "South"] and figure.layout.showlegend
    assert "Courses with a score: &lt;b&gt;North" in annotations(figure)
    assert not drawn().layout.showlegend


def test_single_courses_lie_behind_and_say_nothing():
    lines = (np.array([0, 2, np.nan, 0]), np.array([20, 9, np.nan, 17]))
    figure = drawn(lines=lines)
    assert figure.data[0].hoverinfo == "skip" and figure.data[0].y.tolist()[:2] == [20, 9]
    assert len(drawn().data) == len(figure.data) - 1


def test_text_stays_text():
    figure = drawn()
    (points,) = [one for one in figure.data if one.mode == "markers"]
    assert points.text[1] == "&lt;b&gt;b" and figure.layout.xaxis.ticktext[2] == "&lt;i&gt;2"


@pytest.mark.parametrize("n", [0, 1])
def test_one_point_or_none(n):
    curve = Curve("", AT[:n], *(np.full(n, 5.0),) * 3, np.ones(n, dtype=bool), ("a",) * n, [])
    figure = trajectory_figure([curve], SCALE, Ticks(AT[:n], ("start",) * n, "", (-1, 1)), (), LIGHT)
    assert len(traces(figure, "markers")[0].x) == n


def test_mood_and_pain_share_one_axis_and_keep_their_own_scales():
    pain = Scale("Pain", (0, 10), ((0, "none"), (4, "moderate")))
    figure = beside_figure((replace(CURVE, name="PHQ-9"), replace(CURVE, name="Pain", place=1)), (SCALE, pain), TICKS,
                           LIGHT)
    upper, lower = [one for one in figure.data if one.mode == "markers"]
    assert (upper.yaxis, lower.yaxis) == ("y3", "y") and upper.x.tolist() == lower.x.tolist()
    assert figure.layout.yaxis3.range[1] > 27 and 10 < figure.layout.yaxis.range[1] < 11
    assert figure.layout.yaxis3.domain[0] > figure.layout.yaxis.domain[1]
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]
    assert [one.yref for one in figure.layout.shapes] == ["y3"] * 3 + ["y"] * 2
    assert {"<b>PHQ-9</b>", "<b>Pain</b>", "Courses with a score: Pain"} <= set(annotations(figure))
