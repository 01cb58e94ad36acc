"""Charts as plain shapes, for pages and PDFs: one layout, written as SVG or painted on paper; computes no result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from analytics.figures.theme import PALETTES, Palette, shortened, shortened_apart
from analytics.reports.exhibits_data import SHADES, Chart, Ink, Series
from analytics.reports.plain_text import printable

WIDTH = 720.0
"""Width of every picture in its own units; the height follows from the rows."""

MOST_ROWS = 40
_ROW, _SIZE, _LABEL_LENGTH, _TEXT_LENGTH = 30.0, 13.0, 26, 30
_LEFT, _RIGHT, _TOP, _AXIS = 205.0, 190.0, 8.0, 26.0
_SIGN = 0.55
"""Width of a sign in parts of the type's size: a fair guess that no font has to be asked for."""


@dataclass(frozen=True)
class Box:
    """A filled rectangle; y runs down."""

    x: float
    y: float
    width: float
    height: float
    fill: str


@dataclass(frozen=True)
class Stroke:
    """A line from one point through others."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1.0
    is_dashed: bool = False


@dataclass(frozen=True)
class Dot:
    """A circle; hollow ones are filled with paper."""

    x: float
    y: float
    radius: float
    fill: str
    colour: str


@dataclass(frozen=True)
class Words:
    """One line of text by its baseline."""

    x: float
    y: float
    text: str
    colour: str
    anchor: Literal["start", "middle", "end"] = "start"
    is_bold: bool = False
    size: float = _SIZE


Shape = Box | Stroke | Dot | Words


@dataclass(frozen=True)
class Picture:
    """Shapes on a sheet, in units of 1/96 inch at full size."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def picture(chart: Chart, palette: Palette = PALETTES["light"]) -> Picture:
    """A chart as a picture."""
    draw = {"interval": _intervals, "bars": _bars, "stacked": _stacked, "line": _line}[chart.kind]
    return draw(chart, palette)


def has_values(chart: Chart | None) -> bool:
    """Whether there is anything to draw: of a chart whose values are all withheld only its axes would stay."""
    return chart is not None and any(value is not None for one in chart.series for value in one.values)


def ink(palette: Palette, name: Ink) -> str:
    """The colour of an ink."""
    return palette.severity[SHADES.index(name)] if name in SHADES else getattr(palette, name)


def _labels(chart: Chart) -> list[str]:
    return shortened_apart([printable(name) for name in chart.categories[:MOST_ROWS]], _LABEL_LENGTH)


def _range(chart: Chart) -> tuple[float, float]:
    """The axis: 0 to 100 % for rates; else from 0 or below to the highest end."""
    if chart.unit == "percent":
        return 0.0, 1.0
    ends = [one for series in chart.series for many in (series.values, series.low, series.high) for one in many
            if one is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    return low, high if high > low else low + 1


def _ticks(chart: Chart) -> list[tuple[float, str]]:
    if chart.unit == "percent":
        return [(one / 4, f"{25 * one}%") for one in range(5)]
    low, high = _range(chart)
    step = next((one for one in (0.5, 1, 2, 5, 10, 20, 50, 100, 500, 1000, 5000, 50_000) if (high - low) / one <= 6),
                1_000_000)
    first = int(low // step)
    return [(place * step, f"{place * step:,g}".replace("-", "\N{MINUS SIGN}"))
            for place in range(first, int(high // step) + 1) if low <= place * step <= high]


def _intervals(chart: Chart, palette: Palette) -> Picture:
    """One row a category; dots with intervals, what they say at the right."""
    rows, labels = len(chart.categories[:MOST_ROWS]), _labels(chart)
    # Series of which each has rows of its own share the row; others are drawn below one another.
    depth = max((sum(one.values[row] is not None or bool(one.texts[row]) for one in chart.series)
                 for row in range(rows)), default=1) or 1
    row_height = _ROW if depth == 1 else 22.0 * depth + 8
    bottom = _TOP + row_height * rows
    shapes: list[Shape] = _grid(chart, palette, bottom)
    for row, label in enumerate(labels):
        middle = _TOP + row_height * (row + 0.5)
        shapes.append(Words(_LEFT - 10, middle + 4.5, label, palette.text, "end"))
        told = [one for one in chart.series if one.values[row] is not None or one.texts[row]]
        for place, series in enumerate(told):
            at = middle + (place - (len(told) - 1) / 2) * 22.0
            shapes += _mark(chart, series, row, at, palette)
    legend = _legend(chart, palette, bottom + _AXIS + 16) if depth > 1 or len(chart.series) > 1 else []
    return Picture(WIDTH, bottom + _AXIS + (26 if legend else 4), tuple(shapes + legend))


def _grid(chart: Chart, palette: Palette, bottom: float) -> list[Shape]:
    shapes: list[Shape] = []
    for value, text in _ticks(chart):
        x = _place(chart, value)
        shapes.append(Stroke(((x, _TOP), (x, bottom)), palette.grid))
        shapes.append(Words(x, bottom + 16, text, palette.muted, "middle", size=12))
    if chart.overall is not None:
        x = _place(chart, chart.overall[1])
        shapes.append(Stroke(((x, _TOP), (x, bottom)), palette.muted, 1.2, True))
        shapes.append(Words(WIDTH, bottom + 16, shortened(chart.overall[0], _TEXT_LENGTH), palette.muted, "end",
                            size=12))
    return shapes


def _place(chart: Chart, value: float) -> float:
    low, high = _range(chart)
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * (value - low) / (high - low)


def _mark(chart: Chart, series: Series, row: int, y: float, palette: Palette) -> list[Shape]:
    value, colour = series.values[row], ink(palette, series.ink)
    text = Words(WIDTH - _RIGHT + 14, y + 4.5, shortened(series.texts[row], _TEXT_LENGTH) if series.texts else "",
                 palette.text if value is not None else palette.muted)
    if value is None:
        return [text]
    shapes: list[Shape] = []
    low, high = (many[row] if many else None for many in (series.low, series.high))
    if low is not None and high is not None:
        ends = _place(chart, low), _place(chart, high)
        shapes.append(Stroke(((ends[0], y), (ends[1], y)), colour, 2))
        shapes += [Stroke(((x, y - 4.5), (x, y + 4.5)), colour, 2) for x in ends]
    is_hollow = bool(series.hollow) and series.hollow[row]
    return [*shapes, Dot(_place(chart, value), y, 5, palette.paper if is_hollow else colour, colour), text]


def _bars(chart: Chart, palette: Palette) -> Picture:
    """One bar a category, its series one behind the other, with their texts above it."""
    rows, labels = len(chart.categories[:MOST_ROWS]), _labels(chart)
    whole = max((sum(series.values[row] or 0 for series in chart.series) for row in range(rows)), default=1) or 1
    shapes: list[Shape] = []
    for row, label in enumerate(labels):
        top, x = _TOP + 44.0 * row, 0.0
        first, *others = (series.texts[row] if series.texts else "" for series in chart.series)
        name = f"{first} {label[:1].lower()}{label[1:]}" if first else label
        shapes.append(Words(0, top + 13, name, palette.text, is_bold=row == rows - 1))
        shapes.append(Words(WIDTH, top + 13, shortened(", ".join(filter(None, others)), 50), palette.muted, "end"))
        for series in chart.series:
            width = WIDTH * (series.values[row] or 0) / whole
            colour = ink(palette, series.ink) if row == rows - 1 or series.ink != "accent" else palette.severity[2]
            shapes += [Box(x, top + 19, width, 14, colour)] * bool(width)
            x += width
    return Picture(WIDTH, _TOP + 44.0 * rows, tuple(shapes))


def _stacked(chart: Chart, palette: Palette) -> Picture:
    """One bar of the full width a category, in pieces; a piece too narrow for its text goes without."""
    shapes: list[Shape] = []
    for row, label in enumerate(_labels(chart)):
        top, x = _TOP + 62.0 * row, 0.0
        shapes.append(Words(0, top + 13, label, palette.text))
        for series in chart.series:
            width = WIDTH * (series.values[row] or 0)
            shapes += [Box(x, top + 20, max(width - 1, 0.5), 30, ink(palette, series.ink))] * bool(width)
            text = series.texts[row] if series.texts else ""
            if text and width > len(text) * _SIZE * _SIGN + 4:
                colour = palette.severity_text[SHADES.index(series.ink)] if series.ink in SHADES else palette.text
                shapes.append(Words(x + width / 2, top + 39.5, text, colour, "middle"))
            x += width
    bottom = _TOP + 62.0 * len(chart.categories)
    legend = _legend(chart, palette, bottom + 16)
    return Picture(WIDTH, bottom + 28, tuple(shapes + legend))


def _line(chart: Chart, palette: Palette) -> Picture:
    """A line through the categories in order, with the interval of each; a missing value is a gap."""
    height, left, right = 260.0, 56.0, WIDTH - 12
    low, high = _range(chart)
    step = (right - left) / max(len(chart.categories) - 1, 1)
    every = max(1, round(80 / step))

    def at(value: float) -> float:
        return _TOP + height * (1 - (value - low) / (high - low))

    shapes: list[Shape] = []
    for value, text in _ticks(chart):
        shapes += [Stroke(((left, at(value)), (right, at(value))), palette.grid),
                   Words(left - 8, at(value) + 4.5, text, palette.muted, "end", size=12)]
    shapes += [Words(left + step * place, _TOP + height + 18, shortened(printable(name), 14), palette.muted, "middle",
                     size=12) for place, name in enumerate(chart.categories) if place % every == 0]
    for series in chart.series:
        shapes += _curve(series, [left + step * place for place in range(len(chart.categories))], at, palette)
    legend = _legend(chart, palette, _TOP + height + 40) if len(chart.series) > 1 else []
    return Picture(WIDTH, _TOP + height + (52 if legend else 28), tuple(shapes + legend))


def _curve(series: Series, x: Sequence[float], at: object, palette: Palette) -> list[Shape]:
    colour, run, shapes = ink(palette, series.ink), [], []
    for place, value in enumerate((*series.values, None)):
        if value is not None:
            run.append((x[place], at(value)))
            low, high = (many[place] if many else None for many in (series.low, series.high))
            if low is not None and high is not None:
                shapes.append(Stroke(((x[place], at(low)), (x[place], at(high))), colour, 1))
            shapes.append(Dot(x[place], at(value), 3.5, colour, colour))
        elif run:
            shapes, run = [*shapes, Stroke(tuple(run), colour, 2)], []
    return shapes


def _legend(chart: Chart, palette: Palette, y: float) -> list[Shape]:
    shapes: list[Shape] = []
    x = 0.0
    for series in chart.series:
        name = shortened(printable(series.name), _LABEL_LENGTH)
        shapes += [Box(x, y - 9, 11, 11, ink(palette, series.ink)), Words(x + 17, y + 1, name, palette.muted, size=12)]
        x += 17 + len(name) * 12 * _SIGN + 22
    return shapes


# --- as SVG ----------------------------------------------------------------------------------------


def svg(drawn: Picture, title: str, description: str) -> str:
    """A picture as an SVG element to stand in a page; every text is escaped."""
    shapes = "".join(_svg_shapes(drawn.shapes))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {drawn.width:g} {drawn.height:g}" '
            f'width="{drawn.width:g}" height="{drawn.height:g}"><title>{escape(printable(title))}</title>'
            f"<desc>{escape(printable(description))}</desc>{shapes}</svg>")


def _svg_shapes(shapes: Iterable[Shape]) -> Iterable[str]:
    for one in shapes:
        if isinstance(one, Box):
            yield (f'<rect x="{one.x:.1f}" y="{one.y:.1f}" width="{one.width:.1f}" height="{one.height:.1f}" '
                   f'fill="{one.fill}"/>')
        elif isinstance(one, Stroke):
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in one.points)
            dash = ' stroke-dasharray="3 4"' if one.is_dashed else ""
            yield f'<polyline points="{points}" fill="none" stroke="{one.colour}" stroke-width="{one.width:g}"{dash}/>'
        elif isinstance(one, Dot):
            yield (f'<circle cx="{one.x:.1f}" cy="{one.y:.1f}" r="{one.radius:g}" fill="{one.fill}" '
                   f'stroke="{one.colour}" stroke-width="2"/>')
        else:
            weight = ' font-weight="600"' if one.is_bold else ""
            yield (f'<text x="{one.x:.1f}" y="{one.y:.1f}" font-size="{one.size:g}" fill="{one.colour}" '
                   f'text-anchor="{one.anchor}" unicode-bidi="isolate"{weight}>{escape(printable(one.text))}</text>')
