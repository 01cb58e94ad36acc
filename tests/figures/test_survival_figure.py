"""Curves with those at risk under the ticks: the figure holds what it was given, at the ticks' own places."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.figures import theme
from analytics.figures.survival import DASHES, MOST_BANDS, Axis, Printed, SurvivalLine, n_rows, survival_figure
from analytics.results.survival_curves import Steps

LIGHT = theme.PALETTES["light"]
AXIS = Axis((0, 28, 56), ("0", "4", "8"), "Weeks", "Still responding", "Still watched")


def some(*times, share=(1.0, 0.8, 0.6)):
    share = np.array(share[:len(times)])
    low = np.where(share < 1, share - 0.2, np.nan)
    return Steps(np.array(times, dtype=float), share, low, low + 0.3, np.arange(len(times)))


NONE = some()


def line(title="", at_risk=("30", "20", "9"), thin=NONE):
    return SurvivalLine(title, some(0, 10, 30), thin, at_risk)


def texts(figure):
    return {one.text: one for one in figure.layout.annotations}


def test_numbers_at_risk_stand_at_the_ticks_of_the_axis():
    figure = survival_figure([line()], AXIS, LIGHT)
    numbers = [one for one in figure.layout.annotations if one.xref == "x"]
    assert [(one.x, one.text, one.xanchor) for one in numbers] == [
        (0, "30", "center"), (28, "20", "center"), (56, "9", "center")]
    assert tuple(figure.layout.xaxis.tickvals) == AXIS.ticks and tuple(figure.layout.xaxis.ticktext) == AXIS.labels
    assert len({one.yshift for one in numbers}) == 1
    low, high = figure.layout.xaxis.range
    assert low < 0 and high > 56


def test_each_curve_has_its_row_its_name_and_a_piece_of_its_line():
    figure = survival_figure([line("North"), line("<b>South", ("5", "4", "3"))], AXIS, LIGHT)
    said = texts(figure)
    assert {"North", "&lt;b&gt;South", "Still watched", "5"} <= set(said)
    assert said["30"].yshift < said["North"].yshift < said["Still watched"].yshift
    assert said["5"].yshift < said["&lt;b&gt;South"].yshift < said["30"].yshift
    samples = figure.layout.shapes
    assert [one.line.dash for one in samples] == list(DASHES[:2])
    assert [one.line.color for one in samples] == list(theme.OKABE_ITO[:2])
    for place, name in enumerate(("North", "&lt;b&gt;South")):
        # The piece lies at the middle of its name's row.
        assert said[name].yshift > samples[place].y0 > said[name].yshift - 17


def test_the_margin_holds_every_row():
    for lines in ([line()], [line(name) for name in "ABCDEFG"]):
        figure = survival_figure(lines, AXIS, LIGHT)
        lowest = min(one.yshift for one in figure.layout.annotations)
        assert figure.layout.margin.b >= -lowest + 17
        assert n_rows(lines) == pytest.approx(2 if len(lines) == 1 else 17.8)


def test_steps_and_intervals_are_those_given_and_the_rest_is_thin():
    figure = survival_figure([line(thin=some(30, 56, share=(0.6, 0.5)))], AXIS, LIGHT)
    low, high, firm, thin = figure.data
    assert firm.x.tolist() == [0, 10, 30] and firm.y.tolist() == [1, 0.8, 0.6]
    assert low.x.tolist() == high.x.tolist() == [10, 30]
    np.testing.assert_allclose(low.y, [0.6, 0.4])
    np.testing.assert_allclose(high.y, [0.9, 0.7])
    assert {one.line.shape for one in figure.data} == {"hv"}
    assert high.fill == "tonexty" and thin.line.width < firm.line.width and thin.x.tolist() == [30, 56]
    assert firm.line.color == LIGHT.accent


@pytest.mark.parametrize(("n", "has_bands"), [(MOST_BANDS, True), (MOST_BANDS + 1, False)])
def test_more_curves_than_can_be_told_apart_have_no_bands(n, has_bands):
    figure = survival_figure([line(name) for name in "ABCDEFG"[:n]], AXIS, LIGHT)
    assert any(one.fill for one in figure.data) == has_bands


def test_seven_curves_have_seven_colours_and_seven_dashes():
    figure = survival_figure([line(name) for name in "ABCDEFG"], AXIS, LIGHT)
    assert len({one.line.color for one in figure.data}) == len({one.line.dash for one in figure.data}) == 7


def test_a_long_name_is_cut_and_a_published_share_has_a_level_or_a_point():
    figure = survival_figure([replace(line(), title="x" * 90)], AXIS, LIGHT, [
        Printed("ever", 0.72), Printed("80 %", 0.8, 28)])
    said = texts(figure)
    assert max(map(len, said)) <= 40
    assert [one.y0 for one in figure.layout.shapes if one.xsizemode != "pixel"] == [0.72]
    assert said["80 %"].x == 28
    assert figure.data[-1].x.tolist() == [28] and figure.data[-1].marker.symbol == "diamond-open"
