"""Figures of trends: what is drawn, and what is not."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.figures.signal_grid import SHAPES, GridMark, signal_grid_figure
from analytics.figures.theme import PALETTES
from analytics.figures.trends import SYMBOLS, Axis, Points, strips_figure, trend_figure

NAN = np.nan
LIGHT = PALETTES["light"]
AXIS = Axis(tuple(f"M{place}" for place in range(6)), "", True)


def points(title="", **changes):
    drawn = {"values": np.array([0.5, NAN, 0.9, 0.1, 0.6, 0.4]), "centre": 0.5,
             "low": np.array([0.2, NAN, 0.3, 0.2, 0.2, NAN]), "high": np.array([0.8, NAN, 0.7, 0.8, 0.8, NAN]),
             "marks": ("plain", "plain", "better", "worse", "changed", "hollow"),
             "texts": tuple(f"M{place}: <b>text</b>" for place in range(6))}
    return Points(title, **(drawn | changes))


def markers(figure):
    return [trace for trace in figure.data if trace.mode == "markers"]


def test_every_point_has_its_shape_and_empty_periods_have_none():
    (dots,) = markers(trend_figure(points(), AXIS, LIGHT))
    assert list(dots.x) == [0, 2, 3, 4, 5] and list(dots.customdata) == [0, 2, 3, 4, 5]
    assert list(dots.marker.symbol) == ["circle", "triangle-up", "triangle-down", "diamond", "circle-open"]
    assert dots.text[0] == "M0: &lt;b&gt;text&lt;/b&gt;"


def test_every_mark_has_a_shape_of_its_own():
    assert len(set(SYMBOLS.values())) == len(SYMBOLS) and len(set(SHAPES.values())) == len(SHAPES)
    assert all(SYMBOLS[state] == SHAPES[state] for state in ("better", "worse", "changed"))


def test_limits_are_stairs_that_end_where_nothing_is_judged():
    low, high, centre, line, _ = trend_figure(points(), AXIS, LIGHT).data
    assert low.line.shape == high.line.shape == "hvh" and np.isnan(high.y[[1, 5]]).all()
    assert np.isnan(centre.y[[1, 5]]).all() and centre.y[0] == 0.5
    assert np.isnan(line.y[1]) and line.connectgaps is None


def test_a_change_is_a_numbered_line():
    figure = trend_figure(points(), AXIS, LIGHT, [(1.25, 3)])
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1, line.yref) == (1.25, 1.25, "paper")
    assert figure.layout.annotations[0].text == "<b>3</b>"


def test_lines_are_named_at_their_ends_unless_too_close():
    names = ("20 %", "centre 50 %", "80 %")
    texts = [one.text for one in trend_figure(points(), AXIS, LIGHT, names=names).layout.annotations]
    assert texts == ["20 %", "centre 50 %", "80 %"]
    tight = points(low=np.full(6, 0.47), high=np.full(6, 0.8))
    texts = [one.text for one in trend_figure(tight, AXIS, LIGHT, names=names).layout.annotations]
    assert texts == ["centre 50 %", "80 %"]
    none = points(low=np.full(6, NAN), high=np.full(6, NAN))
    assert not trend_figure(none, AXIS, LIGHT, names=names).layout.annotations


def test_rates_are_drawn_from_none_to_all_and_counts_from_nothing():
    assert trend_figure(points(), AXIS, LIGHT).layout.yaxis.range == (-0.03, 1.03)
    counts = points(values=np.array([5.0, 9, 7, NAN, 8, 6]), low=np.full(6, 2.0), high=np.full(6, 12.0), centre=7)
    low, high = trend_figure(counts, Axis(AXIS.periods, "Courses", False), LIGHT).layout.yaxis.range
    assert -0.5 < low <= 0 and high > 12
    down = points(values=np.array([-3.0, 2, 1, 0, 1, 2]), low=np.full(6, -5.0), high=np.full(6, 4.0), centre=1)
    assert trend_figure(down, Axis(AXIS.periods, "Points", False), LIGHT).layout.yaxis.range[0] < -5


@pytest.mark.parametrize("n", [1, 5, 36, 120])
def test_the_axis_names_a_few_periods(n):
    axis = Axis(tuple(f"Jan\N{NO-BREAK SPACE}{place}" for place in range(n)), "", True)
    drawn = points(values=np.full(n, 0.5), low=np.full(n, 0.3), high=np.full(n, 0.7), marks=("plain",) * n, texts=())
    ticks = trend_figure(drawn, axis, LIGHT).layout.xaxis.ticktext
    assert 1 <= len(ticks) <= 9 and ticks[0] == "Jan<br>0"


def test_nothing_at_all_is_an_empty_chart():
    drawn = points(values=np.array([]), low=np.array([]), high=np.array([]), marks=(), texts=())
    assert len(markers(trend_figure(drawn, Axis((), "", True), LIGHT))[0].x) == 0
    assert not strips_figure([], Axis((), "", False), LIGHT).data


def test_sites_stand_one_under_the_other_in_one_scale():
    figure = strips_figure([points("North"), points("<b>South</b>"), points("W" * 80)], AXIS, LIGHT)
    ranges = {figure.layout[name].range for name in ("yaxis", "yaxis2", "yaxis3")}
    tops = [figure.layout[name].domain[1] for name in ("yaxis", "yaxis2", "yaxis3")]
    assert len(ranges) == 1 and tops == sorted(tops, reverse=True)
    assert [dots.yaxis for dots in markers(figure)] == ["y", "y2", "y3"]
    texts = [one.text for one in figure.layout.annotations]
    assert texts[1] == "<b>&lt;b&gt;South&lt;/b&gt;</b>" and len(texts[2]) < 60
    assert figure.layout.xaxis.anchor == "y3"


def test_the_grid_has_a_mark_a_chart_with_its_words():
    marks = [GridMark(0, 0, "better", "Response. <i>A</i>: signal, better"), GridMark(0, 1, "none", "b"),
             GridMark(1, 0, "too_few", "c"), GridMark(1, 1, "worse", "d")]
    figure = signal_grid_figure(marks, ["Response", "Started"], ["<i>A</i>", "B"], LIGHT)
    (dots,) = figure.data
    assert list(dots.marker.symbol) == ["triangle-up", "circle-open", "line-ew-open", "triangle-down"]
    assert dots.text[0] == "Response. &lt;i&gt;A&lt;/i&gt;: signal, better"
    assert figure.layout.xaxis.ticktext[0] == "&lt;i&gt;A&lt;/i&gt;" and figure.layout.xaxis.tickangle == 0


def test_many_or_long_names_are_slanted_and_stay_apart():
    names = [f"Ketamine clinic of the northern valley, house {place}" for place in range(12)]
    figure = signal_grid_figure([], ["Response"], names, LIGHT)
    assert figure.layout.xaxis.tickangle == -50 and len(set(figure.layout.xaxis.ticktext)) == 12
