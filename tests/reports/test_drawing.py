"""Pictures as shapes: where marks lie, and that the SVG holds nothing but shapes and text."""

import xml.etree.ElementTree as ElementTree

import pytest

from analytics.figures.theme import PALETTES
from analytics.reports.drawing import WIDTH, Box, Dot, Stroke, Words, picture, svg
from analytics.reports.exhibits import Chart, Series
from analytics.reports.plain_text import cut, fitting, printable
from tests.reports.exhibited import HOSTILE, sample

INTERVAL = Chart("interval", ("North", "South", "West"), (
    Series("Response", (0.5, None, 0.25), (0.4, None, 0.1), (0.7, None, 0.5), ("50 %, 5 of 10", "2 of 4", "25 %"),
           ("5 of 10", "2 of 4", "1 of 4"), (False, False, True)),), overall=("All courses: 40 %", 0.4))


def shapes(chart, kind):
    return [one for one in picture(chart).shapes if isinstance(one, kind)]


def test_a_dot_lies_where_its_value_is():
    ticks = {one.text: one.x for one in shapes(INTERVAL, Words) if one.text.endswith("%") and "," not in one.text}
    dots = shapes(INTERVAL, Dot)
    assert [dot.x for dot in dots] == pytest.approx([ticks["50%"], ticks["25%"]])
    assert dots[0].fill == PALETTES["light"].accent and dots[1].fill == PALETTES["light"].paper


def test_an_interval_reaches_from_low_to_high():
    ticks = {one.text: one.x for one in shapes(INTERVAL, Words) if one.text in ("0%", "100%")}
    width = ticks["100%"] - ticks["0%"]
    lines = [one for one in shapes(INTERVAL, Stroke) if one.width == 2 and one.points[0][1] == one.points[1][1]]
    assert (lines[0].points[0][0] - ticks["0%"]) / width == pytest.approx(0.4)
    assert (lines[0].points[1][0] - ticks["0%"]) / width == pytest.approx(0.7)


def test_a_row_without_a_number_says_why():
    assert "2 of 4" in [one.text for one in shapes(INTERVAL, Words)]
    assert len(shapes(INTERVAL, Dot)) == 2


def test_the_whole_cohort_stands_behind_as_a_dashed_line():
    dashed = [one for one in shapes(INTERVAL, Stroke) if one.is_dashed]
    assert len(dashed) == 1


def test_points_may_be_negative():
    chart = Chart("interval", ("A", "B"), (Series("Change", (-2.0, 6.0), (-4.0, 5.0), (0.5, 7.0)),), "points", "points")
    ticks = {one.text: one.x for one in shapes(chart, Words)}
    dots = shapes(chart, Dot)
    assert dots[0].x == pytest.approx(ticks["\N{MINUS SIGN}2"]) and dots[1].x == pytest.approx(ticks["6"])


def test_bars_are_as_long_as_their_counts():
    chart = Chart("bars", ("Courses", "Due"), (
        Series("Still in", (100, 60), texts=("100", "60")),
        Series("Left", (None, 40), texts=("", "40 not due"), ink="unchanged")), "courses")
    assert [box.width for box in shapes(chart, Box)] == pytest.approx([WIDTH, WIDTH * 0.6, WIDTH * 0.4])
    assert "60 due" in [one.text for one in shapes(chart, Words)]


def test_stacked_pieces_fill_the_width_and_narrow_ones_have_no_text():
    chart = Chart("stacked", ("Start", "End"), (
        Series("mild", (0.01, 1.0), texts=("1 %", "100 %"), ink="mildest"),
        Series("severe", (0.99, 0.0), texts=("99 %", ""), ink="gravest")))
    said = [one.text for one in shapes(chart, Words)]
    assert "1 %" not in said and "99 %" in said and "100 %" in said
    assert sum(box.width + 1 for box in shapes(chart, Box) if box.height == 30) == pytest.approx(2 * WIDTH)


def test_a_line_has_a_gap_where_a_value_is_missing():
    chart = Chart("line", tuple(f"2024-{month:02d}" for month in range(1, 8)), (
        Series("Response", (0.5, 0.6, None, 0.4, 0.5, None, 0.7), (0.4, 0.5, None, 0.3, 0.4, None, 0.6),
               (0.6, 0.7, None, 0.5, 0.6, None, 0.8)),
        Series("Target", (0.5,) * 7, ink="muted")))
    runs = [len(one.points) for one in shapes(chart, Stroke) if one.width == 2]
    assert runs == [2, 2, 1, 7]
    assert len(shapes(chart, Dot)) == 5 + 7


def test_everything_lies_on_the_sheet():
    for one in sample()[0]:
        if one.chart is None:
            continue
        made = picture(one.chart)
        for shape in made.shapes:
            if isinstance(shape, Box):
                assert shape.x >= 0 and shape.x + shape.width <= made.width + 0.1
                assert shape.y + shape.height <= made.height
            elif isinstance(shape, Words):
                width = len(shape.text) * shape.size * 0.55
                left = {"start": shape.x, "end": shape.x - width, "middle": shape.x - width / 2}[shape.anchor]
                assert left >= -20 and left + width <= made.width + 20 and 0 <= shape.y <= made.height, shape


def test_an_svg_is_shapes_and_text_alone():
    chart = Chart("interval", HOSTILE, (Series("<b>=x", (0.5,) * len(HOSTILE), texts=HOSTILE),))
    text = svg(picture(chart), HOSTILE[1], HOSTILE[8])
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}
    assert tags <= {"svg", "title", "desc", "rect", "polyline", "circle", "text"}
    assert "\u202e" not in text and len(text) < 20_000


@pytest.mark.parametrize(("text", "shown"), [
    ("a\x00b\tc\nd", "a b c d"), ("\u202eabc\u202c", "abc"), ("  a  b ", "a b"), ("שלום", "שלום"), ("🙂", "🙂"),
    ("5\N{NO-BREAK SPACE}%", "5\N{NO-BREAK SPACE}%"), ("\ud800x", "x"), ("\ufeffx\u2028y", "x y"), ("", ""),
])
def test_only_signs_that_can_be_seen_are_left(text, shown):
    assert printable(text) == shown


def test_a_text_is_cut_only_where_it_is_too_long():
    assert cut("abcde", 5) == "abcde" and cut("abcdef", 5) == "abcd\N{HORIZONTAL ELLIPSIS}"
    assert printable("abcdef", 5) == "abcd\N{HORIZONTAL ELLIPSIS}"


def test_the_largest_type_that_fits_is_taken():
    assert fitting("short", 400, 40, (30.0, 20.0)) == ("short", 30.0)
    text, size = fitting("x" * 40, 400, 40, (30.0, 18.0))
    assert (text, size) == ("x" * 40, 18.0)
    text, size = fitting("x" * 4000, 400, 40, (30.0, 20.0))
    assert size == 20.0 and len(text) < 90 and text.endswith("\N{HORIZONTAL ELLIPSIS}")
