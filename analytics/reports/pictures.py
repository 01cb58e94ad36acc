"""The charts of exhibits as pictures that an office program scales: one SVG each, its marks in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics.figures.theme import PALETTES
from analytics.reports.archive import zipped
from analytics.reports.drawing import WIDTH, Box, Shape, Stroke, Words, picture, svg
from analytics.reports.exhibits_data import Exhibit
from analytics.reports.plain_text import fitting, printable
from analytics.reports.web_page import one_audience

_HEAD, _FOOT = 62.0, 26.0


def pictures_zip(exhibits: Sequence[Exhibit]) -> bytes:
    """A zip of one picture an exhibit that has a chart, in their order.

    Raises
    ------
    ValueError
        When there is no exhibit, or they are of several audiences.
    """
    one_audience(exhibits)
    drawn = [one for one in exhibits if one.chart is not None]
    return zipped({f"{place:02d}-{one.ask.kind}.svg": exhibit_svg(one).encode("utf-8")
                   for place, one in enumerate(drawn, start=1)})


def exhibit_svg(exhibit: Exhibit) -> str:
    """A chart on paper, below its title, above whom it is for."""
    assert exhibit.chart is not None, "A picture is asked for an exhibit with a chart."
    colours = PALETTES["light"]
    drawn = picture(exhibit.chart, colours)
    title, size = fitting(printable(exhibit.title), WIDTH * 0.95, 24, (17.0, 15.0, 13.0))
    measure, _ = fitting(printable(exhibit.measure_title), WIDTH * 0.95, 18, (12.0,))
    shapes = tuple(_moved(one) for one in drawn.shapes)
    height = drawn.height + _HEAD + _FOOT
    return svg(replace(drawn, height=height, shapes=(
        Box(0, 0, WIDTH, height, colours.paper),
        Words(0, 20, title, colours.text, is_bold=True, size=size), Words(0, 40, measure, colours.muted, size=12),
        *shapes, Words(0, height - 8, ". ".join(exhibit.marks) + ".", colours.worsened, size=12),
    )), exhibit.title, exhibit.reading)


def _moved(shape: Shape) -> Shape:
    """A shape below the head."""
    if isinstance(shape, Stroke):
        return replace(shape, points=tuple((x, y + _HEAD) for x, y in shape.points))
    return replace(shape, y=shape.y + _HEAD)
