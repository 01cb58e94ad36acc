"""Figures hold what they were given: positions and texts, never a number of their own."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.figures import theme
from analytics.figures.flow import flow_figure
from analytics.figures.intervals import MOST_ROWS, interval_figure
from analytics.figures.severity import severity_figure
from analytics.wording import flow, rates
from tests.wording.made import RATE, rate

LIGHT = theme.PALETTES["light"]
TONES = sorted(theme.PALETTES)


def texts(figure):
    return [annotation.text for annotation in figure.layout.annotations]


def lines(*counts, names="ABCDEFG"):
    return [rates.stratum_line(rate(x, n, stratum={"site": name})) for (x, n), name in zip(counts, names, strict=False)]


def test_a_mark_stands_in_the_figure_above_all_else_and_takes_no_room_from_it():
    bare, figure = (interval_figure(lines((30, 60)), None, LIGHT) for _ in range(2))
    theme.marked(figure, "For <the> board", LIGHT)
    assert figure.layout.title.text == "For &lt;the&gt; board" and figure.layout.title.y == 1
    assert figure.layout.margin.t - bare.layout.margin.t == figure.layout.height - bare.layout.height == 18
    assert theme.marked(bare, "", LIGHT).layout.title.text is None
    bare.update_layout(showlegend=True)
    assert theme.marked(bare, "Board", LIGHT).layout.legend.title.text == "Board"


def test_a_name_turns_nothing_that_stands_beside_it():
    turned = "".join(map(chr, (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
    assert theme.literal(f"N{turned}<b>") == "N&lt;b&gt;"
    said = [*texts(interval_figure(lines((3, 4), names=["\u202eNorth"]), None, LIGHT)),
            *interval_figure(lines((30, 40), names=["\u202eNorth"]), None, LIGHT).layout.yaxis.ticktext]
    assert any("North" in one for one in said) and not any("\u202e" in one for one in said)


def test_intervals_stand_where_the_estimates_are():
    figure = interval_figure(lines((30, 60), (8, 16)), None, LIGHT)
    marks = figure.data[0]
    assert marks.x.tolist() == [0.5, 0.5]
    assert marks.error_x.array == pytest.approx([0.1, 0.1])
    assert figure.layout.yaxis.ticktext == ("A  ", "B  ")
    assert figure.layout.xaxis.range == (-0.02, 1.02)


def test_an_interval_that_is_not_symmetric_keeps_its_ends():
    one = rates.stratum_line(rate(2, 60, stratum={"site": "A"}, low=0.01, high=0.11))
    marks = interval_figure([one], None, LIGHT).data[0]
    assert marks.error_x.arrayminus[0] == pytest.approx(2 / 60 - 0.01)
    assert marks.error_x.array[0] == pytest.approx(0.11 - 2 / 60)


def test_an_unstable_row_is_hollow_and_says_so():
    figure = interval_figure(lines((30, 60), (8, 16)), None, LIGHT)
    assert figure.data[0].marker.color.tolist() == [LIGHT.accent, LIGHT.paper]
    assert "16 unstable" in texts(figure) and "60" in texts(figure)


def test_a_row_below_five_has_no_mark_and_no_percentage():
    figure = interval_figure(lines((1, 4), (0, 0)), None, LIGHT)
    assert np.isnan(figure.data[0].x).all()
    assert "1 of 4, too few" in texts(figure)
    assert "no course to count" in texts(figure)
    assert not any("%" in text for text in texts(figure))


def test_rows_keep_the_order_they_came_in():
    figure = interval_figure(lines((10, 100), (90, 100), (50, 100)), None, LIGHT)
    assert [text.strip() for text in figure.layout.yaxis.ticktext] == ["A", "B", "C"]


def test_the_whole_cohort_is_a_line_behind():
    assert interval_figure(lines((30, 60)), rates.card(RATE), LIGHT).layout.shapes[0].x0 == RATE.estimate
    assert not interval_figure(lines((30, 60)), rates.card(rate(1, 3)), LIGHT).layout.shapes


def test_many_rows_are_cut_and_none_is_no_error():
    many = interval_figure(lines(*[(30, 60)] * 90, names=map(str, range(90))), None, LIGHT)
    assert len(many.data[0].x) == MOST_ROWS
    assert len(interval_figure([], None, LIGHT).data[0].x) == 0


def test_text_from_a_file_is_not_markup():
    one = rates.stratum_line(rate(30, 60, stratum={"site": '<a href="x">&North</a>'}))
    figure = interval_figure([one], None, LIGHT)
    assert figure.layout.yaxis.ticktext[0].startswith('&lt;a href="x"&gt;&amp;Nor')
    assert "<a" not in figure.data[0].text[0]


def test_the_flow_loses_nobody_between_its_steps():
    steps = flow.steps(RATE, BUILT_IN["phq9"])
    remaining, lost = (trace.x for trace in flow_figure(steps, LIGHT).data)
    assert (remaining[:-1] - lost[1:]).tolist() == remaining[1:].tolist()
    shown = texts(flow_figure(steps, LIGHT))
    assert "200 lost to follow-up" in shown and "<b>537</b> followed up" in shown


def test_a_flow_of_nobody():
    figure = flow_figure(flow.steps(rate(0, 0), BUILT_IN["phq9"]), LIGHT)
    assert figure.layout.xaxis.range == (0, 1)


def test_both_bars_of_bands_are_the_same_courses():
    before, after = np.array([5, 5, 10]), np.array([12, 6, 2])
    figure = severity_figure(["minimal", "mild", "severe"], before, after, [("a", "b")] * 3, LIGHT)
    assert sum(trace.x for trace in figure.data) == pytest.approx([1, 1])
    assert figure.data[2].customdata[:, 1].tolist() == [2, 10]
    assert [trace.name for trace in figure.data] == ["minimal", "mild", "severe"]


def test_bands_of_nobody():
    nobody = np.zeros(2, dtype=int)
    assert severity_figure(["a", "b"], nobody, nobody, [("", "")] * 2, LIGHT).data[0].x.tolist() == [0, 0]


@pytest.mark.parametrize(("n", "places"), [(1, [0]), (2, [0, 4]), (4, [0, 1, 3, 4]), (5, [0, 1, 2, 3, 4])])
def test_the_gravest_band_has_the_gravest_colour(n, places):
    assert theme.severity_places(n) == places


@pytest.mark.parametrize("tone", TONES)
def test_every_figure_is_drawn_in_the_theme(tone):
    palette = theme.PALETTES[tone]
    figure = interval_figure(lines((30, 60)), None, palette)
    assert figure.layout.font.color == palette.text
    assert figure.layout.font.size >= 12
    assert isinstance(figure, go.Figure)


def contrast(one, other):
    def luminance(colour):
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tone", TONES)
def test_text_can_be_read(tone):
    palette = theme.PALETTES[tone]
    assert contrast(palette.text, palette.paper) >= 7
    assert contrast(palette.muted, palette.paper) >= 4.5
    assert min(contrast(colour, palette.paper) for colour in (palette.accent, palette.worsened)) >= 3
    pieces = zip(palette.severity_text, palette.severity, strict=True)
    assert min(contrast(text, colour) for text, colour in pieces) >= 4.5


def test_nothing_is_sent_elsewhere():
    assert theme.CONFIG["showSendToCloud"] is False
    assert json.dumps(theme.CONFIG)


@pytest.mark.parametrize(("text", "short"), [("North", "North"), ("A clinic by the sea", "A clini…")])
def test_long_labels_are_shortened(text, short):
    assert theme.shortened(text, 8) == short


def test_long_names_that_begin_alike_are_shown_from_where_they_part():
    names = ["Clinic by the sea, house 1", "Clinic by the sea, house 2", "Clinic by the lake of the hills", "North"]
    assert theme.shortened_apart(names, 12) == ["\N{HORIZONTAL ELLIPSIS}sea, house\N{HORIZONTAL ELLIPSIS}"] * 2 + [
        "\N{HORIZONTAL ELLIPSIS}lake of th\N{HORIZONTAL ELLIPSIS}", "North"]
    assert theme.shortened_apart(names[:2], 12) == ["\N{HORIZONTAL ELLIPSIS}1", "\N{HORIZONTAL ELLIPSIS}2"]
    assert theme.shortened_apart(["A" * 9, "A" * 8 + "B"], 4) == ["AAA\N{HORIZONTAL ELLIPSIS}"] * 2
    assert theme.shortened_apart([], 4) == []
