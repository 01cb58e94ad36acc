"""The pictures of safety: what a mark stands for, and that nothing is drawn of a handful."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.figures.safety import Box, box_figure, mix_figure, share_figure
from analytics.figures.theme import PALETTES
from analytics.wording.rates import TOO_FEW, UNSTABLE, Line

BOTH = list(PALETTES.values())
LINE = Line("Nausea", "12 %", "12 of 100 sessions", "7-20 %", "", 0.12, 0.07, 0.2, n=100)
FEW = Line("Headache", "1 of 4", TOO_FEW, n=4)
SHAKY = Line("Dizziness", "20 %", "2 of 10 sessions", "5-50 %", UNSTABLE, 0.2, 0.05, 0.5, n=10)
BOX = Box("IV", 40, 50.0, 60.0, 70.0, 80.0, 90.0, True, "median 70")
NO_BOX = Box("<b>IM</b>", 3, None, None, None, None, None, False, "3 sessions, too few")


def texts(figure):
    return [one.text for one in figure.layout.annotations]


@pytest.mark.parametrize("palette", BOTH)
def test_a_row_has_a_disc_of_sessions_and_a_diamond_of_courses(palette):
    figure = share_figure([LINE, SHAKY], [LINE, SHAKY], palette)
    sessions, courses = figure.data
    assert (sessions.marker.symbol, courses.marker.symbol) == ("circle", "diamond-open")
    assert list(sessions.x) == [0.12, 0.2] and all(np.array(sessions.y) < np.array(courses.y))
    np.testing.assert_allclose(sessions.error_x.array, [0.08, 0.3])
    np.testing.assert_allclose(sessions.error_x.arrayminus, [0.05, 0.15])
    assert list(sessions.marker.color) == [palette.worsened, palette.paper]
    assert figure.layout.xaxis.range == (-0.02, 1.02)
    assert "12 % of 100 sessions, 12 % of 100 courses" in texts(figure)
    assert "20 % of 10 sessions, 20 % of 10 courses" in texts(figure)
    assert figure.layout.xaxis.tickangle == 0


def test_a_handful_has_no_mark_and_a_reason():
    figure = share_figure([FEW], [], BOTH[0])
    assert len(figure.data) == 1 and np.isnan(figure.data[0].x[0])
    assert "1 of 4, too few" in texts(figure)
    assert "<b>Headache</b>" in texts(figure)


@pytest.mark.parametrize("is_upright", [True, False])
@pytest.mark.parametrize("palette", BOTH)
def test_boxes_have_quartiles_and_whiskers_only_where_there_are_enough(palette, is_upright):
    shaky = Box("IM", 10, 50.0, 60.0, 70.0, 80.0, 90.0, False, "")
    figure = box_figure([BOX, shaky, NO_BOX], "Minutes", palette, is_upright=is_upright)
    spread = figure.data[0]
    assert list(spread.q1)[:2] == [60, 60] and list(spread.median)[:2] == [70, 70] and list(spread.q3)[:2] == [80, 80]
    assert list(spread.lowerfence)[:2] == [50, 60] and list(spread.upperfence)[:2] == [90, 80]
    assert np.isnan(spread.median[2])
    axis, groups = (figure.layout.yaxis, figure.layout.xaxis) if is_upright else (
        figure.layout.xaxis, figure.layout.yaxis)
    assert axis.rangemode == "tozero" and axis.title.text == "Minutes"
    assert "&lt;b&gt;IM" in groups.ticktext[2]
    assert any("few" in text for text in texts(figure))
    assert not is_upright or [text.split("<br>")[1] for text in groups.ticktext] == ["40", "10", "3"]


def test_bars_of_routes_add_up_and_differ_by_more_than_colour():
    counts = np.array([[30, 2], [10, 1]])
    figure = mix_figure(["IV", "<i>"], ["1", "2"], counts, BOTH[0], np.array([True, False]))
    assert sum(bar.y[0] for bar in figure.data) == 1 and all(len(bar.x) == 1 for bar in figure.data)
    assert len({bar.marker.pattern.shape for bar in figure.data}) == 2
    assert figure.data[1].name == "&lt;i&gt;"
    assert "30 of 40" in figure.data[0].text[0]
    assert list(figure.layout.xaxis.ticktext) == ["1<br>40", "2<br>3"]


def test_nothing_is_drawn_of_nothing():
    for figure in (share_figure([], [], BOTH[0]), box_figure([], "x", BOTH[0]),
                   mix_figure([], [], np.empty((0, 0), int), BOTH[0], np.empty(0, bool))):
        assert figure.layout.height > 0
