"""Exhibits as native charts of a slide: the numbers stand behind them and can be edited in the office program."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.dml.color import MSO_THEME_COLOR
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from analytics.figures.theme import shortened_apart
from analytics.reports.axis_reach import reach
from analytics.reports.exhibits_data import Chart, Ink, Series
from analytics.reports.plain_text import printable
from analytics.reports.sheet_formats import label_format

SIZE = Pt(14)
MOST_CATEGORIES = 10
"""More than these cannot be read from the back of a room; the workbook holds all."""

_MADE_ON = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_THEME: dict[Ink, tuple[MSO_THEME_COLOR, float]] = {
    "accent": (MSO_THEME_COLOR.ACCENT_1, 0), "worsened": (MSO_THEME_COLOR.ACCENT_2, 0),
    "unchanged": (MSO_THEME_COLOR.BACKGROUND_1, -0.25), "muted": (MSO_THEME_COLOR.TEXT_2, 0),
}
"""Colours of the presentation's own theme, so that a clinic's template colours its charts."""

_TINTS: dict[Ink, tuple[MSO_THEME_COLOR, float]] = {
    "mildest": (MSO_THEME_COLOR.ACCENT_1, 0.85), "mild": (MSO_THEME_COLOR.ACCENT_1, 0.6),
    "middle": (MSO_THEME_COLOR.ACCENT_1, 0.35), "grave": (MSO_THEME_COLOR.ACCENT_1, 0),
    "gravest": (MSO_THEME_COLOR.ACCENT_1, -0.35),
}
_OWN_TINTS: dict[Ink, tuple[MSO_THEME_COLOR, float]] = {
    "mildest": (MSO_THEME_COLOR.BACKGROUND_2, 0), "mild": (MSO_THEME_COLOR.ACCENT_4, 0),
    "middle": (MSO_THEME_COLOR.ACCENT_5, 0), "grave": (MSO_THEME_COLOR.ACCENT_1, 0),
    "gravest": (MSO_THEME_COLOR.ACCENT_6, 0),
}
"""Severity from mild to grave: a template has one colour to shade, our theme has a colour for each."""

_INKS = _THEME | _TINTS

_DARK: tuple[Ink, ...] = ("grave", "gravest", "accent", "worsened")
_NARROW = 0.045
"""A piece of a stacked bar below this share is too narrow for its label."""

_LABEL_LENGTH = {"line": 16, "bars": 60, "stacked": 20}
_NAME_LINES = 2.2
"""Lines that the name of an interval may take below the chart; what it rests on takes one more."""


def add_chart(
    slide: Any, chart: Chart, place: tuple[int, int, int, int], description: str, *, is_own: bool = True
) -> Any:
    """Put a chart on a slide.

    Parameters
    ----------
    place : left, top, width and height, in EMU
    description : what stands for the chart where it cannot be seen
    is_own : whether the theme is ours
    """
    categories, series = _shown(chart, Emu(int(place[2])).pt)
    data = CategoryChartData(number_format="0%" if chart.unit == "percent" else "General")
    data.categories = categories
    for one in series:
        data.add_series(printable(one.name, 60), one.values)
    kinds = {"interval": XL_CHART_TYPE.LINE_MARKERS, "line": XL_CHART_TYPE.LINE_MARKERS,
             "bars": XL_CHART_TYPE.BAR_STACKED, "stacked": XL_CHART_TYPE.BAR_STACKED}
    frame = slide.shapes.add_chart(kinds[chart.kind], *place, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", printable(description, 1000))
    native = frame.chart
    # Theirs takes a category that begins with an equals sign for a formula.
    native.part.chart_workbook.update_from_xlsx_blob(_workbook(categories, series, chart.unit))
    native.has_title = False
    native.font.size = SIZE
    native.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    _axes(native, chart)
    for place_, (drawn, one) in enumerate(zip(native.plots[0].series, series, strict=True)):
        _dress(drawn, one, chart, place_, len(series), len(categories), _THEME | (_OWN_TINTS if is_own else _TINTS))
    native.has_legend = len(series) > 1
    if native.has_legend:
        native.legend.position, native.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        native.legend.font.size = SIZE
    return native


def _shown(chart: Chart, width: float) -> tuple[list[str], list[Series]]:
    """Categories that can be read in a width in points, and the series of them; the whole cohort is one of its own."""
    most = MOST_CATEGORIES if chart.kind in ("interval", "bars", "stacked") else len(chart.categories)
    names = [printable(name) for name in chart.categories[:most]]
    if chart.kind == "bars" and len(chart.series) > 1:
        names = [f"{name} ({text})" if text else name
                 for name, text in zip(names, chart.series[1].texts[:most], strict=True)]
    a_line = 0.95 * width / max(len(names), 1) / (SIZE.pt * 0.52)
    longest = _LABEL_LENGTH.get(chart.kind, min(44, max(12, int(_NAME_LINES * a_line))))
    categories = shortened_apart(names, longest)
    if chart.kind == "interval":
        told = [next((one.counts[place] for one in chart.series if one.counts and one.counts[place]), "")
                for place in range(len(categories))]
        categories = [f"{name}\n({text})" if text else name for name, text in zip(categories, told, strict=True)]
    series = [Series(one.name, one.values[:most], one.low[:most], one.high[:most], one.texts[:most],
                     one.counts[:most], one.hollow[:most], one.ink) for one in chart.series]
    if chart.overall is not None:
        series.append(Series(chart.overall[0], (chart.overall[1],) * len(categories), ink="muted"))
    return categories, series


def _workbook(categories: Sequence[str], series: Sequence[Series], unit: str) -> bytes:
    """The numbers behind a chart: values beside their names, then low, high, and the lengths of the error bars."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": _MADE_ON})
        sheet = book.add_worksheet("Sheet1")
        form = book.add_format({"num_format": "0.0%" if unit == "percent" else "General"})
        for row, name in enumerate(categories, start=1):
            sheet.write_string(row, 0, name)
        for column, (name, values) in enumerate(_columns(series), start=1):
            sheet.write_string(0, column, name)
            for row, value in enumerate(values, start=1):
                if value is not None:
                    sheet.write_number(row, column, value, form)
    return target.getvalue()


def _columns(series: Sequence[Series]) -> list[tuple[str, tuple[float | None, ...]]]:
    columns = [(printable(one.name, 60), one.values) for one in series]
    for one in series:
        if one.low:
            name = printable(one.name, 60)
            columns += [(f"{name}: plus", lengths(one)[0]), (f"{name}: minus", lengths(one)[1]),
                        (f"{name}: low", one.low), (f"{name}: high", one.high)]
    return columns


def lengths(series: Series) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """How far each interval reaches above and below its value; missing where there is none."""
    ends = list(zip(series.values, series.low, series.high, strict=True))
    return (tuple(None if value is None or high is None else high - value for value, _, high in ends),
            tuple(None if value is None or low is None else value - low for value, low, _ in ends))


def _axes(native: Any, chart: Chart) -> None:
    values, names = native.value_axis, native.category_axis
    values.has_major_gridlines = chart.kind in ("interval", "line")
    _grey(names.format.line.color)
    names.tick_labels.font.size = SIZE
    names.has_major_gridlines = False
    if chart.kind in ("bars", "stacked"):
        names.reverse_order = True
        values.visible = False
        values.minimum_scale = 0
        values.maximum_scale = 1 if chart.kind == "stacked" else None
        return
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    # Names break into lines; an office program that turned them would leave the chart no room.
    body = names._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}")
    body.set("rot", "0")
    body.set("vert", "horz")
    _grey(values.major_gridlines.format.line.color)
    values.major_gridlines.format.line.width = Pt(0.5)
    values.format.line.fill.background()
    values.tick_labels.font.size = SIZE
    values.tick_labels.number_format = "0%" if chart.unit == "percent" else "#,##0.##"
    values.tick_labels.number_format_is_linked = False
    if chart.unit == "percent":
        values.minimum_scale, values.maximum_scale, values.major_unit = 0, 1, 0.25
    if ends := reach(chart):
        values.minimum_scale, values.maximum_scale, values.major_unit = ends
    if chart.axis:
        values.has_title = True
        values.axis_title.text_frame.text = printable(chart.axis, 60)
        values.axis_title.text_frame.paragraphs[0].runs[0].font.size = SIZE
        values.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False


def _grey(colour: Any) -> None:
    """A grey of any theme: its paper, darker."""
    colour.theme_color, colour.brightness = MSO_THEME_COLOR.BACKGROUND_1, -0.15


def _dress(
    drawn: Any, series: Series, chart: Chart, place: int, n_series: int, n_rows: int,
    theme: dict[Ink, tuple[MSO_THEME_COLOR, float]],
) -> None:
    """Colours, marks, labels and error bars of one series."""
    if chart.kind in ("bars", "stacked"):
        ink: Ink = series.ink if chart.kind == "stacked" or series.ink != "accent" else "middle"
        _fill(drawn.format.fill, theme[ink])
        _stacked_labels(drawn, series, chart)
        return
    drawn.smooth = False
    is_overall = chart.overall is not None and place == n_series - 1
    if is_overall or chart.kind == "line":
        _fill(drawn.format.line.fill, theme[series.ink])
        drawn.format.line.width = Pt(1.5 if is_overall else 2.5)
    if is_overall:
        drawn.format.line.dash_style = MSO_LINE.SQUARE_DOT
        drawn.marker.style = XL_MARKER_STYLE.NONE
        return
    if chart.kind == "interval":
        drawn.format.line.fill.background()
    _markers(drawn, series)
    _labels(drawn, series, chart)
    if series.low:
        _error_bars(drawn, series, n_series, n_rows, place, chart)


def _fill(fill: Any, colour_and_brightness: tuple[MSO_THEME_COLOR, float]) -> None:
    colour, brightness = colour_and_brightness
    fill.solid()
    fill.fore_color.theme_color = colour
    if brightness:
        fill.fore_color.brightness = brightness


def _markers(drawn: Any, series: Series) -> None:
    drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 11
    _fill(drawn.marker.format.fill, _INKS[series.ink])
    _fill(drawn.marker.format.line.fill, _INKS[series.ink])
    for place, is_hollow in enumerate(series.hollow):
        if is_hollow:
            marker = drawn.points[place].marker
            marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 11
            marker.format.fill.solid()
            marker.format.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
            _fill(marker.format.line.fill, _INKS[series.ink])


def _labels(drawn: Any, series: Series, chart: Chart) -> None:
    # Numbers of two lines would write over each other; what is muted is no value but a limit or a centre.
    n_told = sum(one.ink != "muted" for one in chart.series)
    if chart.kind == "line" and (len(series.values) > MOST_CATEGORIES or n_told > 1 or series.ink == "muted"):
        return
    labels = drawn.data_labels
    labels.show_value, labels.position = True, XL_LABEL_POSITION.RIGHT
    # Two series in one place would write over each other: the second writes at the left.
    if series.ink == "muted" and (not series.low or len(chart.series) == 2):
        labels.position = XL_LABEL_POSITION.LEFT
    labels.number_format, labels.number_format_is_linked = label_format(series.values, chart.unit), False
    labels.font.size = SIZE
    labels.font.bold = True
    # On paper of their own, so that no line runs through the digits.
    labels._element.find(qn("c:numFmt")).addnext(parse_xml(
        f'<c:spPr {nsdecls("c", "a")}><a:solidFill><a:schemeClr val="bg1"/></a:solidFill></c:spPr>'))


def _stacked_labels(drawn: Any, series: Series, chart: Chart) -> None:
    labels = drawn.data_labels
    labels.show_value, labels.number_format_is_linked = True, False
    labels.number_format = label_format(series.values, chart.unit)
    labels.font.size = SIZE
    labels.position = XL_LABEL_POSITION.INSIDE_BASE if series.ink == "accent" else XL_LABEL_POSITION.CENTER
    if chart.kind == "stacked" and series.ink in _DARK:
        labels.font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    element = labels._element
    narrow = [place for place, value in enumerate(series.values) if chart.kind == "stacked" and (value or 0) < _NARROW]
    for number, place in enumerate(narrow):
        element.insert(number, parse_xml(
            f'<c:dLbl {nsdecls("c")}><c:idx val="{place}"/><c:delete val="1"/></c:dLbl>'))


def _error_bars(drawn: Any, series: Series, n_series: int, n_rows: int, place: int, chart: Chart) -> None:
    """The 95 % intervals, ahead of the categories, where the format wants them; bound to the columns behind."""
    before = sum(bool(one.low) for one in chart.series[:place])
    first = 1 + n_series + 4 * before
    plus, minus = lengths(series)
    colour = _THEME[series.ink][0]
    scheme = {MSO_THEME_COLOR.ACCENT_1: "accent1", MSO_THEME_COLOR.ACCENT_2: "accent2",
              MSO_THEME_COLOR.TEXT_2: "tx2"}[colour]
    drawn._element.find(qn("c:cat")).addprevious(parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/><c:plus>{_reference(plus, first, n_rows)}</c:plus>'
        f'<c:minus>{_reference(minus, first + 1, n_rows)}</c:minus>'
        f'<c:spPr><a:ln w="25400"><a:solidFill><a:schemeClr val="{scheme}"/></a:solidFill></a:ln></c:spPr>'
        "</c:errBars>"))


def _reference(values: Sequence[float | None], column: int, n_rows: int) -> str:
    letter = xlsxwriter.utility.xl_col_to_name(column)
    points = "".join(f'<c:pt idx="{place}"><c:v>{value!r}</c:v></c:pt>'
                     for place, value in enumerate(values) if value is not None)
    return (f"<c:numRef><c:f>Sheet1!${letter}$2:${letter}${n_rows + 1}</c:f><c:numCache>"
            f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef>')
