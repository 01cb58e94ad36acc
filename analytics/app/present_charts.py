"""An exhibit's chart as HTML for a room: it fills what the screen leaves, and its type never shrinks with it.

A figure of Plotly has one height in pixels and one size of type for every screen; a projector and a phone need others.
Nothing is computed here but places along an axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from html import escape

from analytics.figures.theme import PALETTES, Palette
from analytics.reports.axis_reach import reach
from analytics.reports.drawing import ink
from analytics.reports.exhibits import Chart, Exhibit, Series
from analytics.reports.exhibits_data import SHADES
from analytics.reports.plain_text import printable
from analytics.reports.sections import Grid, grid_html
from analytics.wording import deck as words
from analytics.wording import numbers

MOST_LINES = 10
"""Lines of type that can be read from the back row and still fit a phone and a projector."""
_MOST_NAME = 80
_MOST_TICKS = 8
_FEW = 7
"""Lines between which a name has room for a second line."""
_MARKS = ("", " square", " diamond")
"""Shapes of the marks of a chart's series, in order: which series a mark is of, no colour alone says."""
_LEAST_SHARE = 0.07
"""A narrower piece of a bar goes without its text, which stands in the legend's order in the workbook."""


def _either() -> Palette:
    """Every colour of both themes at once: the screen follows the room's theme without another run."""
    light, dark = PALETTES["light"], PALETTES["dark"]
    both = {one.name: (getattr(light, one.name), getattr(dark, one.name)) for one in fields(Palette)}
    return Palette(**{name: tuple(f"light-dark({one}, {other})" for one, other in zip(*pair, strict=True))
                      if isinstance(pair[0], tuple) else f"light-dark({pair[0]}, {pair[1]})"
                      for name, pair in both.items()})


EITHER = _either()


def chart_html(exhibit: Exhibit, palette: Palette = EITHER) -> str:
    """The chart, or the first rows of the table where there is none."""
    chart = exhibit.chart
    if chart is None:
        grid = exhibit.table
        return grid_html(Grid(grid.header, grid.rows[:MOST_LINES])) if grid.rows else ""
    draw = {"interval": _intervals, "bars": _bars, "stacked": _stacked, "line": _line}[chart.kind]
    spoken = escape(said(exhibit.measure_title, chart))
    n_lines = _lines(chart)
    return (f'<div class="stage-chart {chart.kind}{" few" * (n_lines <= _FEW)}" style="--rows:{n_lines}" role="img" '
            f'aria-label="{spoken}">{draw(chart, palette)}</div>')


def said(title: str, chart: Chart) -> str:
    """What the chart shows, for those who do not see it."""
    lines = (f"{_name(category)}: " + ", ".join(
        f"{one.name} {one.texts[row]}" if len(chart.series) > 1 else one.texts[row]
        for one in chart.series if one.texts and one.texts[row]) for row, category in enumerate(chart.categories))
    return "; ".join((printable(title, 200), *list(lines)[:40]))


def parts(exhibit: Exhibit) -> tuple[str, ...]:
    """What of a chart can be marked by its place: the names of its rows, or of the points along a line."""
    chart = exhibit.chart
    if chart is None:
        return ()
    most = None if chart.kind in ("stacked", "line") else _rows(chart)
    return tuple(_name(one) for one in chart.categories[:most])


def cut(exhibit: Exhibit) -> str:
    """What the screen leaves out, in words; empty where it leaves out nothing."""
    if exhibit.chart is None:
        return words.groups_cut(len(exhibit.table.rows), MOST_LINES)
    if exhibit.chart.kind in ("stacked", "line"):
        return ""
    return words.groups_cut(len(exhibit.chart.categories), _rows(exhibit.chart))


def _name(text: str) -> str:
    return printable(text, _MOST_NAME)


def _told(chart: Chart, row: int) -> list[Series]:
    return [one for one in chart.series if one.values[row] is not None or (one.texts and one.texts[row])]


def _rows(chart: Chart) -> int:
    """Rows that fit: those with two series take two lines."""
    depth = max((len(_told(chart, row)) for row in range(len(chart.categories))), default=1) or 1
    return MOST_LINES if chart.kind == "bars" else max(MOST_LINES // depth, 1)


def _lines(chart: Chart) -> int:
    """Lines that the chart draws: as high as these it has to be."""
    if chart.kind != "interval":
        return len(chart.categories[:MOST_LINES])
    return sum(max(len(_told(chart, row)), 1) for row in range(len(chart.categories[:_rows(chart)])))


# --- rates and means with their intervals ------------------------------------------------------------


def _intervals(chart: Chart, palette: Palette) -> str:
    low, high = _range(chart)
    lines = []
    for row, category in enumerate(chart.categories[:_rows(chart)]):
        for place, series in enumerate(_told(chart, row)):
            name = escape(_name(category)) if place == 0 else ""
            lines.append(f'<div class="line" data-part="{row}"><span class="name" dir="auto">{name}</span>'
                         f'<span class="track">{_mark(chart, series, row, palette, low, high)}</span>'
                         f'<span class="value">{escape(printable(series.texts[row], 60))}</span></div>')
    legend = _legend(chart, palette) if len(chart.series) > 1 else ""
    return f'{"".join(lines)}<div class="line axis"><span class="name"></span><span class="track">' \
           f'{_ticks(chart, low, high)}</span><span class="value"></span></div>{legend}'


def _range(chart: Chart) -> tuple[float, float]:
    if chart.unit == "percent":
        return 0.0, 1.0
    low, high, _ = reach(chart) or (0.0, 1.0, 1.0)
    return low, high


def _at(value: float, low: float, high: float) -> str:
    return f"{100 * (value - low) / (high - low):.2f}%"


def _mark(chart: Chart, series: Series, row: int, palette: Palette, low: float, high: float) -> str:
    parts = []
    if chart.overall is not None:
        parts.append(f'<i class="whole" style="left:{_at(chart.overall[1], low, high)}"></i>')
    value, colour = series.values[row], ink(palette, series.ink)
    if value is None:
        return "".join(parts)
    ends = (series.low[row], series.high[row]) if series.low and series.high else (None, None)
    if ends[0] is not None and ends[1] is not None:
        left, right = 100 * (ends[0] - low) / (high - low), 100 * (ends[1] - low) / (high - low)
        parts.append(f'<i class="span" style="left:{left:.2f}%;width:{right - left:.2f}%;background:{colour}"></i>')
    is_hollow = bool(series.hollow) and series.hollow[row]
    fill, shape = palette.paper if is_hollow else colour, _shape(chart, series)
    parts.append(f'<i class="dot{shape}" style="left:{_at(value, low, high)};background:{fill};'
                 f'border-color:{colour}"></i>')
    return "".join(parts)


def _shape(chart: Chart, series: Series) -> str:
    return _MARKS[chart.series.index(series) % len(_MARKS)]


def _ticks(chart: Chart, low: float, high: float) -> str:
    if chart.unit == "percent":
        places: Sequence[float] = (0.0, 0.25, 0.5, 0.75, 1.0)
        texts = [numbers.percent(one) for one in places]
    else:
        _, _, step = reach(chart) or (0.0, 1.0, 1.0)
        places = [low + place * step for place in range(round((high - low) / step) + 1)]
        decimals = 0 if all(one == round(one) for one in places) else 1
        texts = [numbers.points(one, decimals) for one in places]
    return "".join(f'<b style="left:{_at(place, low, high)}">{escape(text)}</b>'
                   for place, text in zip(places, texts, strict=True))


def _legend(chart: Chart, palette: Palette) -> str:
    """Every series by its colour and, where it is drawn as marks, by their shape."""
    is_marked = chart.kind in ("interval", "line")
    return '<div class="legend">' + "".join(
        f'<span><i class="{f"mark{_shape(chart, one)}" if is_marked else "piece"}" '
        f'style="background:{ink(palette, one.ink)}"></i>{escape(_name(one.name))}</span>'
        for one in chart.series) + "</div>"


# --- counts, and shares of one whole ---------------------------------------------------------------


def _bars(chart: Chart, palette: Palette) -> str:
    rows = range(len(chart.categories[:_rows(chart)]))
    whole = max((sum(one.values[row] or 0 for one in chart.series) for row in rows), default=1) or 1
    lines = []
    for row in rows:
        first, *others = (one.texts[row] if one.texts else "" for one in chart.series)
        is_last = row == len(chart.categories) - 1
        pieces = "".join(
            f'<i style="width:{100 * (one.values[row] or 0) / whole:.2f}%;background:'
            f'{ink(palette, one.ink) if is_last or one.ink != "accent" else palette.severity[2]}"></i>'
            for one in chart.series)
        beside = ", ".join(filter(None, (printable(one, 60) for one in others)))
        lines.append(f'<div class="step" data-part="{row}"><span class="name"><strong>{escape(first)}</strong> '
                     f'{escape(_lower(_name(chart.categories[row])))}</span>'
                     f'<span class="value">{escape(beside)}</span><span class="bar-line">{pieces}</span></div>')
    return "".join(lines)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _stacked(chart: Chart, palette: Palette) -> str:
    lines = []
    for row, category in enumerate(chart.categories):
        pieces = []
        for one in chart.series:
            share = one.values[row] or 0
            text = one.texts[row] if one.texts and share >= _LEAST_SHARE else ""
            colour = palette.severity_text[SHADES.index(one.ink)] if one.ink in SHADES else palette.text
            pieces.append(f'<i style="width:{100 * share:.2f}%;background:{ink(palette, one.ink)};color:{colour}">'
                          f"<em>{escape(text)}</em></i>")
        lines.append(f'<div class="stack" data-part="{row}"><span class="name">{escape(_name(category))}</span>'
                     f'<span class="pieces">{"".join(pieces)}</span></div>')
    return "".join(lines) + _legend(chart, palette)


# --- a course of values ----------------------------------------------------------------------------


def _line(chart: Chart, palette: Palette) -> str:
    """A line through the categories in order, with the interval of each; a missing value is a gap."""
    low, high = _range(chart)
    last = max(len(chart.categories) - 1, 1)
    every = -(-len(chart.categories) // _MOST_TICKS)
    levels = _ticks(chart, low, high).replace("left:", "bottom:")
    below = "".join(f'<b data-part="{place}" style="left:{100 * place / last:.2f}%">{escape(_name(name))}</b>'
                    for place, name in enumerate(chart.categories) if place % every == 0)
    drawn = "".join(_curve(chart, one, palette, low, high) for one in chart.series)
    legend = _legend(chart, palette) if len(chart.series) > 1 else ""
    return (f'<div class="plot"><div class="levels">{levels}</div><div class="field">{drawn}</div>'
            f'<div class="below">{below}</div></div>{legend}')


def _curve(chart: Chart, series: Series, palette: Palette, low: float, high: float) -> str:
    colour, last = ink(palette, series.ink), max(len(chart.categories) - 1, 1)
    places = [(100 * place / last, None if value is None else 100 * (value - low) / (high - low))
              for place, value in enumerate(series.values)]
    marks = []
    ends = zip(places, series.low or series.values, series.high or series.values, strict=True)
    for part, ((x, y), start, end) in enumerate(ends):
        if y is None:
            continue
        if start is not None and end is not None:
            bottom, top = 100 * (start - low) / (high - low), 100 * (end - low) / (high - low)
            marks.append(f'<i class="reach" style="left:{x:.2f}%;bottom:{bottom:.2f}%;height:{top - bottom:.2f}%;'
                         f'background:{colour}"></i>')
        marks.append(f'<i class="dot{_shape(chart, series)}" style="left:{x:.2f}%;bottom:{y:.2f}%;'
                     f'background:{colour};border-color:{colour}" data-part="{part}"></i>')
    return "".join(_path(run, colour) for run in _runs(places)) + "".join(marks)


def _runs(places: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    """Points in a row, each run without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in places:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if len(run) > 1]


def _path(run: Sequence[tuple[float, float]], colour: str) -> str:
    """A line as the cut of a coloured field: Streamlit takes pictures out of HTML."""
    over, under = ([f"{x:.2f}% calc({100 - y:.2f}% {side} 1.5px)" for x, y in run] for side in "-+")
    return (f'<i class="run" style="position:absolute;inset:0;background:{colour};'
            f'clip-path:polygon({",".join((*over, *under[::-1]))})"></i>')
