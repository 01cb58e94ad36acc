"""An exhibit's chart as HTML for a room: it fills what the screen leaves, and its type never shrinks with it.

A figure of Plotly has one height in pixels and one size of type for every screen; a projector and a phone need others.
Nothing is computed here but places along an axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from analytics.figures.theme import Palette
from analytics.reports.drawing import ink, picture, svg
from analytics.reports.exhibits import Chart, Exhibit, Series
from analytics.reports.exhibits_data import SHADES
from analytics.reports.plain_text import printable
from analytics.reports.sections import Grid, grid_html
from analytics.wording import deck as words
from analytics.wording import numbers

MOST_LINES = 10
"""Lines of type that can be read from the back row and still fit a phone and a projector."""
_MOST_NAME = 80
_LEAST_SHARE = 0.07
"""A narrower piece of a bar goes without its text, which stands in the legend's order in the workbook."""


def chart_html(exhibit: Exhibit, palette: Palette) -> str:
    """The chart, or the first rows of the table where there is none."""
    chart = exhibit.chart
    if chart is None:
        grid = exhibit.table
        return grid_html(Grid(grid.header, grid.rows[:MOST_LINES])) if grid.rows else ""
    drawn = {"interval": _intervals, "bars": _bars, "stacked": _stacked}.get(chart.kind)
    body = svg(picture(chart, palette), exhibit.title, exhibit.reading) if drawn is None else drawn(chart, palette)
    spoken = escape(said(exhibit.measure_title, chart))
    return f'<div class="stage-chart {chart.kind}" role="img" aria-label="{spoken}">{body}</div>'


def said(title: str, chart: Chart) -> str:
    """What the chart shows, for those who do not see it."""
    lines = (f"{_name(category)}: " + ", ".join(
        f"{one.name} {one.texts[row]}" if len(chart.series) > 1 else one.texts[row]
        for one in chart.series if one.texts and one.texts[row]) for row, category in enumerate(chart.categories))
    return "; ".join((printable(title, 200), *list(lines)[:40]))


def cut(exhibit: Exhibit) -> str:
    """What the screen leaves out, in words; empty where it leaves out nothing."""
    if exhibit.chart is None:
        return words.groups_cut(len(exhibit.table.rows), MOST_LINES)
    if exhibit.chart.kind == "stacked":
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


# --- rates and means with their intervals ------------------------------------------------------------


def _intervals(chart: Chart, palette: Palette) -> str:
    low, high = _range(chart)
    lines = []
    for row, category in enumerate(chart.categories[:_rows(chart)]):
        for place, series in enumerate(_told(chart, row)):
            name = escape(_name(category)) if place == 0 else ""
            lines.append(f'<div class="line"><span class="name" dir="auto">{name}</span>'
                         f'<span class="track">{_mark(chart, series, row, palette, low, high)}</span>'
                         f'<span class="value">{escape(printable(series.texts[row], 60))}</span></div>')
    legend = _legend(chart, palette) if len(chart.series) > 1 else ""
    return f'{"".join(lines)}<div class="line axis"><span class="name"></span><span class="track">' \
           f'{_ticks(chart, low, high)}</span><span class="value"></span></div>{legend}'


def _range(chart: Chart) -> tuple[float, float]:
    if chart.unit == "percent":
        return 0.0, 1.0
    ends = [one for series in chart.series for many in (series.values, series.low, series.high) for one in many
            if one is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    return low, high if high > low else low + 1


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
    fill = palette.paper if is_hollow else colour
    parts.append(f'<i class="dot" style="left:{_at(value, low, high)};background:{fill};border-color:{colour}"></i>')
    return "".join(parts)


def _ticks(chart: Chart, low: float, high: float) -> str:
    if chart.unit == "percent":
        places: Sequence[float] = (0.0, 0.25, 0.5, 0.75, 1.0)
        texts = [numbers.percent(one) for one in places]
    else:
        places = sorted({low, 0.0, high})
        texts = [numbers.points(one) for one in places]
    return "".join(f'<b style="left:{_at(place, low, high)}">{escape(text)}</b>'
                   for place, text in zip(places, texts, strict=True))


def _legend(chart: Chart, palette: Palette) -> str:
    return _legend_html((one.name, ink(palette, one.ink)) for one in chart.series)


def _legend_html(pairs: Iterable[tuple[str, str]]) -> str:
    return '<div class="legend">' + "".join(
        f'<span><i style="background:{colour}"></i>{escape(_name(name))}</span>' for name, colour in pairs) + "</div>"


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
        lines.append(f'<div class="step"><span class="name"><strong>{escape(first)}</strong> '
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
        lines.append(f'<div class="stack"><span class="name">{escape(_name(category))}</span>'
                     f'<span class="pieces">{"".join(pieces)}</span></div>')
    return "".join(lines) + _legend(chart, palette)
