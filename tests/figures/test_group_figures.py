"""Heat maps, funnels, forests and pictures of change hold what they were given."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.figures import theme
from analytics.figures.bridge import BridgeBar, bridge_figure
from analytics.figures.changes import ScoreLine, cumulative_figure, plane_figure, waterfall_figure
from analytics.figures.classes import classes_figure
from analytics.figures.forest import ForestRow, forest_figure
from analytics.figures.funnel import FunnelMark, funnel_figure
from analytics.figures.heat import heat_figure
from analytics.figures.intervals import interval_figure
from analytics.wording import rates
from tests.wording.made import MEAN, rate

LIGHT = theme.PALETTES["light"]


def texts(figure):
    return [annotation.text for annotation in figure.layout.annotations]


def line(x, n, **changes):
    return rates.drawn_line(rate(x, n, stratum={"site": "A"}, **changes))


def test_a_mean_is_drawn_in_points_and_its_axis_holds_zero_and_both_ends():
    one = rates.drawn_line(replace(MEAN, stratum={"site": "A"}, estimate=8.0, low=7.0, high=9.5))
    figure = interval_figure([one], None, LIGHT, "PHQ-9, points better")
    marks = figure.data[0]
    assert marks.x[0] == 8.0 and marks.error_x.array[0] == 1.5 and marks.error_x.arrayminus[0] == 1.0
    low, high = figure.layout.xaxis.range
    assert low < 0 and high > 9.5
    assert figure.layout.xaxis.title.text == "PHQ-9, points better"


def test_a_mean_below_zero_is_inside_the_axis():
    one = rates.drawn_line(replace(MEAN, stratum={"site": "A"}, estimate=-2.0, low=-4.0, high=-0.5))
    low, high = interval_figure([one], None, LIGHT, "points").layout.xaxis.range
    assert low < -4 and high > 0


def test_a_heat_map_has_a_cell_for_each_combination_and_none_where_there_is_no_course():
    figure = heat_figure([[line(30, 60), None], [line(1, 3), line(8, 16)]], ["A", "B"], ["IV", "<b>IM"], LIGHT)
    cells = figure.data[0].z
    assert cells[0][0] == 0.5 and np.isnan(cells[0][1]) and np.isnan(cells[1][0]) and cells[1][1] == 0.5
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 1)
    said = texts(figure)
    assert len(said) == 3 and "30 of 60" in said[0] and "unstable" in said[2]
    assert "1 of 3" in said[1] and "%" not in said[1].replace("12px", "")
    assert figure.layout.xaxis.ticktext == ("IV", "&lt;b&gt;IM")


def test_a_heat_map_of_nobody_is_empty():
    figure = heat_figure([[line(0, 0)]], ["A"], ["B"], LIGHT, "points")
    assert np.isnan(figure.data[0].z).all()


def funnel(*marks):
    n = np.array([5.0, 50.0])
    return funnel_figure(marks, 0.5, n, np.array([[0.1, 0.3], [0.0, 0.2]]), np.array([[0.9, 0.7], [1.0, 0.8]]), LIGHT)


def test_a_funnel_marks_who_lies_beyond_by_shape_and_colour():
    figure = funnel(FunnelMark("North", 40, 0.5, "inside", "x"), FunnelMark("<South>", 45, 0.9, "beyond_998", "y"),
                    FunnelMark("West", 5, 1.0, "too_small", "z"))
    points = figure.data[-1]
    assert points.x.tolist() == [40, 45, 5] and points.y.tolist() == [0.5, 0.9, 1.0]
    assert points.marker.symbol == ("circle", "diamond", "circle-open")
    assert points.marker.color.tolist() == [LIGHT.accent, LIGHT.text, LIGHT.accent]
    assert {"North", "&lt;South&gt;", "West", "95\N{NO-BREAK SPACE}%", "99.8\N{NO-BREAK SPACE}%"} <= set(texts(figure))
    assert [trace.y.tolist() for trace in figure.data[:4]] == [[0.1, 0.3], [0.9, 0.7], [0.0, 0.2], [1.0, 0.8]]


def test_a_rate_above_one_after_adjustment_is_inside_the_funnels_axis():
    assert funnel(FunnelMark("A", 10, 1.4, "inside", "")).layout.yaxis.range[1] > 1.4


def test_a_forest_row_that_is_not_symmetric_keeps_its_ends():
    rows = [ForestRow("Response", "+14 (4 to 30)", 0.14, 0.04, 0.30, True),
            ForestRow("Remission", "too few to compare", None, None, None)]
    figure = forest_figure(rows, "points", "IV", "IM", LIGHT)
    marks = figure.data[0]
    assert marks.x[0] == pytest.approx(14) and np.isnan(marks.x[1])
    assert marks.error_x.array[0] == pytest.approx(16) and marks.error_x.arrayminus[0] == pytest.approx(10)
    assert marks.marker.size.tolist() == [14, 10]
    assert {"IV better →", "← IM better", "too few to compare"} <= set(texts(figure))
    low, high = figure.layout.xaxis.range
    assert low == -high and high > 30


def test_an_empty_forest_has_an_axis_around_zero():
    low, high = forest_figure([], "points", "A", "B", LIGHT).layout.xaxis.range
    assert (low, high) == (-100, 100)


def test_means_in_a_forest_are_not_made_percentages():
    figure = forest_figure([ForestRow("Improvement", "", 2.0, 1.0, 3.5)], "points", "A", "B", LIGHT, is_share=False)
    assert figure.data[0].x[0] == 2.0


def plane(*, is_higher_better):
    lines = [ScoreLine("No change", (0, 0), (27, 27), "dot"), ScoreLine("", (0, 1), (26, 27))]
    return plane_figure(np.array([20.0, 20.0, 10.0]), np.array([5.0, 20.0, 16.0]), np.array([4, 1, 1]), lines, (0, 27),
                        "PHQ-9", LIGHT, is_higher_better=is_higher_better).data


def test_circles_have_areas_of_their_counts_and_colours_of_their_change():
    circles = plane(is_higher_better=False)[-1]
    assert circles.marker.size[0] == pytest.approx(2 * circles.marker.size[1])
    assert circles.marker.color.tolist() == [LIGHT.accent, LIGHT.muted, LIGHT.worsened]
    assert plane(is_higher_better=True)[-1].marker.color.tolist() == [LIGHT.worsened, LIGHT.muted, LIGHT.accent]


def test_a_line_without_a_name_is_not_in_the_legend():
    assert [trace.showlegend for trace in plane(is_higher_better=False)] == [True, False, False]


def test_a_waterfall_cuts_what_passes_its_frame_and_says_it_on_pointing():
    figure = waterfall_figure(np.array([0.8, 0.0, -1.7]), 0.5, LIGHT)
    bars = figure.data[0]
    assert bars.y.tolist() == [0.8, 0.0, -1.0] and bars.customdata.tolist() == [0.8, 0.0, -1.7]
    assert bars.marker.color.tolist() == [LIGHT.accent, LIGHT.unchanged, LIGHT.worsened]
    assert figure.layout.shapes[0].y0 == 0.5
    assert not waterfall_figure(np.array([0.8]), None, LIGHT).layout.shapes


def test_a_cumulative_curve_carries_its_interval():
    figure = cumulative_figure(np.array([0, 50, 100]), np.array([0.9, 0.5, 0.1]), np.array([0.8, 0.4, 0.05]),
                               np.array([0.95, 0.6, 0.2]), 0.5, LIGHT)
    band, curve = figure.data
    assert band.y.tolist() == [0.95, 0.6, 0.2, 0.05, 0.4, 0.8]
    assert curve.y.tolist() == [0.9, 0.5, 0.1]
    assert figure.layout.shapes[0].x0 == 50


def test_each_class_has_a_shape_of_its_own_and_empty_ones_are_not_in_the_legend():
    names = ("Recovered", "Improved", "Unchanged", "Deteriorated", "Harmed")
    figure = classes_figure(np.array([20.0, 20.0]), np.array([5.0, 19.0]), np.array([3, 1]), np.array([0, 2]), names,
                            12.5, 5.0, (0, 27), "PHQ-9", LIGHT)
    assert [trace.name for trace in figure.data[1:]] == ["Recovered", "Unchanged"]
    assert figure.data[1].marker.symbol != figure.data[2].marker.symbol
    assert {shape.y0 for shape in figure.layout.shapes} == {12.5, 0}
    assert figure.data[0].y.tolist() == [-5, 22, 32, 5]


def bridge(*bars):
    return bridge_figure([BridgeBar(*one) for one in bars], LIGHT)


def test_a_bridge_has_a_bar_from_where_the_number_was_to_where_it_is():
    figure = bridge(("Old", 0.0, 0.75, "75 %", "3 of 4", True), ("<Who>", 0.75, 0.5, "-25", "2 of 4", False),
                    ("Lost", None, None, "too few", "1 of 2", False), ("Now", 0.0, 0.5, "50 %", "2 of 4", True))
    bars = figure.data[0]
    assert bars.orientation == "h" and bars.y.tolist() == [0, 1, 3]
    assert bars.base.tolist() == [0.0, 0.5, 0.0] and bars.x.tolist() == [0.75, 0.25, 0.5]
    assert bars.marker.color.tolist() == [LIGHT.accent, LIGHT.muted, LIGHT.accent]
    assert len(texts(figure)) == 8 and any("&lt;Who&gt;" in text for text in texts(figure))
    assert [(one.x0, one.x1) for one in figure.layout.shapes] == [(0.75, 0.75)]


def test_harm_has_the_colour_it_has_on_the_cards():
    assert interval_figure([line(30, 60)], None, LIGHT, is_harm=True).data[0].error_x.color == LIGHT.worsened
    assert interval_figure([line(30, 60)], None, LIGHT).data[0].error_x.color == LIGHT.accent


def test_rows_of_several_kinds_have_the_colour_of_their_kind_and_keep_their_places():
    rows = [line(30, 60), line(3, 60), line(45, 60), line(2, 19)]
    better, worse = interval_figure(rows, None, LIGHT, inks=("accent", "worsened", "accent", "worsened")).data
    assert (better.error_x.color, worse.error_x.color) == (LIGHT.accent, LIGHT.worsened)
    assert (better.y.tolist(), worse.y.tolist()) == ([0, 2], [1, 3])
    assert better.x.tolist() == [0.5, 0.75] and worse.marker.color.tolist() == [LIGHT.worsened, LIGHT.paper]
    assert worse.customdata.tolist() == [1, 3] and len(interval_figure([], None, LIGHT).data) == 1


def test_of_many_units_only_those_beyond_chance_are_named():
    many = [FunnelMark(f"S{place}", 20 + place, 0.5, "inside", "") for place in range(12)]
    assert {f"S{place}" for place in range(12)} <= set(texts(funnel(*many)))
    said = texts(funnel(*many, FunnelMark("Far", 45, 0.9, "beyond_95", "")))
    assert "Far" in said and "S0" not in said
