"""Exhibits as a workbook: a sheet each with its numbers, their formats and a native chart; text is never a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from analytics.figures.theme import PALETTES
from analytics.reports.axis_reach import reach
from analytics.reports.defend import Origin
from analytics.reports.drawing import has_values, ink
from analytics.reports.exhibits_data import Chart, Exhibit, Series
from analytics.reports.plain_text import printable
from analytics.reports.sections import Section
from analytics.reports.sheet_formats import FORMATS, label_format
from analytics.reports.trace import origin_facts, told_label
from analytics.reports.web_page import one_audience
from analytics.wording import exhibits as words
from analytics.wording.numbers import sentence_case

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MADE_ON = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_LONGEST_CELL = 2_000
_CHART_ROWS = 21
_WIDE = 8
"""Columns over which a sentence runs beside a chart; below a table of texts it runs over those of the table."""
_MOST_ROWS_ABOVE = 45
"""Rows above a chart that leave it whole on its page of paper."""
_PAPERS = {"a4": 9, "letter": 1}
_WIDEST_UPRIGHT = 190
"""Signs across a sheet that can still be read on a page that stands."""
_LINE = 15.0
"""Height of one line, in points; an office program that does not measure wrapped text gets it from us."""


@dataclass(frozen=True)
class _Styles:
    """The formats of one workbook."""

    title: Any
    plain: Any
    mark: Any
    part: Any
    head: Any
    head_right: Any
    link: Any
    numbers: dict[str, Any]


def workbook(exhibits: Sequence[Exhibit], origin: Origin, paper: str = "a4") -> bytes:
    """The exhibits as XLSX; the same exhibits give the same bytes.

    Parameters
    ----------
    paper : a4 or letter, where it is printed

    Raises
    ------
    ValueError
        When there is no exhibit, or they are of several audiences.
    """
    first = one_audience(exhibits)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"title": printable(first.title, 200), "subject": ", ".join(first.marks),
                             "created": _MADE_ON})
        styles = _styles(book)
        names = sheet_names(exhibits)
        _contents(book, exhibits, names, origin, styles)
        for exhibit, name in zip(exhibits, names, strict=True):
            _exhibit_sheet(book, exhibit, name, styles)
        _origin_sheet(book, exhibits, origin, styles)
        for sheet in book.worksheets():
            sheet.set_paper(_PAPERS[paper])
    return target.getvalue()


def _styles(book: Any) -> _Styles:
    wrapped = {"text_wrap": True, "valign": "top"}
    head = {"bold": True, "bg_color": PALETTES["light"].grid}
    return _Styles(
        book.add_format({"bold": True, "font_size": 14}), book.add_format(wrapped),
        book.add_format({"bold": True, "font_color": PALETTES["light"].worsened}),
        book.add_format({"bold": True, "font_color": PALETTES["light"].accent}),
        book.add_format(wrapped | head), book.add_format(wrapped | head | {"align": "right"}),
        book.add_format(wrapped | {"underline": 1, "font_color": PALETTES["light"].accent}),
        {kind: book.add_format({"num_format": form, "valign": "top"} | (wrapped if kind == "text" else {}))
         for kind, form in FORMATS.items()})


def sheet_names(exhibits: Sequence[Exhibit]) -> tuple[str, ...]:
    """A name for each sheet, of the signs and the length that a workbook allows, each once."""
    taken = {"contents", "origin", "history"}
    found = []
    for exhibit in exhibits:
        base = exhibit.ask.kind if exhibit.ask.kind != "strata" else f"by {' and '.join(exhibit.ask.by)}"
        base = re.sub(r"[\[\]:*?/\\']", " ", printable(base)).strip() or "exhibit"
        name, number = sentence_case(base)[:31].strip(), 2
        while name.lower() in taken:
            name, number = f"{sentence_case(base)[:27].strip()} {number}", number + 1
        taken.add(name.lower())
        found.append(name)
    return tuple(found)


def _sheet(book: Any, name: str, marks: Sequence[str]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer(f"&L{', '.join(marks)}&R&P / &N")
    return sheet


def _text(sheet: Any, row: int, column: int, text: str, form: Any) -> None:
    sheet.write_string(row, column, printable(text, _LONGEST_CELL), form)


def _on_paper(sheet: Any, widths: Sequence[float]) -> None:
    """All columns on one page: upright, or lying where they are many."""
    if sum(widths) > _WIDEST_UPRIGHT:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _contents(
    book: Any, exhibits: Sequence[Exhibit], names: Sequence[str], origin: Origin, styles: _Styles
) -> None:
    sheet = _sheet(book, "Contents", exhibits[0].marks)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 70)
    _on_paper(sheet, (24, 70, 70))
    _text(sheet, 0, 0, exhibits[0].title, styles.title)
    _text(sheet, 1, 0, told_label(exhibits[0], origin), styles.mark)
    _text(sheet, 2, 0, ", ".join(exhibits[0].marks), styles.mark)
    for column, head in enumerate(("Sheet", words.LABELS["reading"], words.LABELS["limits"])):
        _text(sheet, 4, column, head, styles.head)
    for row, (exhibit, name) in enumerate(zip(exhibits, names, strict=True), start=5):
        sheet.set_row(row, _height([(exhibit.title + exhibit.reading, 66), (exhibit.limits, 66)]))
        # A link inside the workbook; the name was made of harmless signs.
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles.link, string=name)
        _text(sheet, row, 1, f"{exhibit.title}. {exhibit.reading}", styles.plain)
        _text(sheet, row, 2, exhibit.limits, styles.plain)


def _exhibit_sheet(book: Any, exhibit: Exhibit, name: str, styles: _Styles) -> None:
    sheet = _sheet(book, name, exhibit.marks)
    heads = ((exhibit.title, styles.title), (exhibit.measure_title, styles.plain),
             (", ".join(exhibit.marks), styles.mark), *((text, styles.plain) for text in (
                 exhibit.reading, exhibit.limits, exhibit.comment, " ".join(exhibit.context))))
    widths = _widths(exhibit)
    _on_paper(sheet, widths)
    for row, (text, form) in enumerate(one for one in heads if one[0]):
        _sentence(sheet, row, text, form, widths)
    row = _numbers(sheet, exhibit, 8, styles)
    breaks = []
    if has_values(exhibit.chart):
        breaks += [row + 1] if row > _MOST_ROWS_ABOVE else []
        row = _chart(book, sheet, exhibit.chart, name, row + 1, styles)
    if exhibit.notes:
        sheet.set_h_pagebreaks([*breaks, row + 1])
    for section in exhibit.notes:
        row = _section(sheet, section, row + 1, styles, widths)


def _numbers(sheet: Any, exhibit: Exhibit, row: int, styles: _Styles) -> int:
    """The unrounded numbers with their formats; gives the first row below."""
    numbers = exhibit.numbers
    for column, width in enumerate(_widths(exhibit)):
        sheet.set_column(column, column, width)
    for column, one in enumerate(numbers.columns):
        _text(sheet, row, column, one.name, styles.head if one.kind == "text" else styles.head_right)
    sheet.set_row(row, 2 * _LINE)
    for place, line in enumerate(numbers.rows, start=row + 1):
        sheet.set_row(place, _height([(cell, _width(exhibit, column)) for column, cell in enumerate(line)
                                      if isinstance(cell, str)]))
        for column, (one, value) in enumerate(zip(numbers.columns, line, strict=True)):
            if isinstance(value, str):
                _text(sheet, place, column, value, styles.numbers["text"])
            elif value is not None:
                sheet.write_number(place, column, value, styles.numbers[one.kind])
    return row + 1 + len(numbers.rows)


def _width(exhibit: Exhibit, column: int) -> float:
    """Width of a column in signs: texts wide, numbers narrow."""
    columns = exhibit.numbers.columns
    if column >= len(columns) or columns[column].kind != "text":
        return 14
    return 40 if exhibit.chart is None else 34


def _widths(exhibit: Exhibit) -> list[float]:
    """Width of every column of a sheet."""
    least = _WIDE if exhibit.chart is not None or exhibit.notes else 3
    return [_width(exhibit, column) for column in range(max(least, len(exhibit.numbers.columns)))]


def _height(cells: Sequence[tuple[str, float]]) -> float:
    """Height of a row in points in which every text is whole."""
    return _LINE * min(max((-(-len(text) // max(int(width) - 2, 1)) for text, width in cells), default=1) or 1, 27)


def _sentence(sheet: Any, row: int, text: str, form: Any, widths: Sequence[float]) -> None:
    """A sentence over several columns, in as many lines as it takes."""
    over = widths[:_WIDE]
    _over(sheet, row, (0, len(over) - 1), text, form)
    sheet.set_row(row, max(_height([(printable(text, _LONGEST_CELL), sum(over))]), 20 if row == 0 else _LINE))


def _over(sheet: Any, row: int, columns: tuple[int, int], text: str, form: Any) -> None:
    if columns[1] > columns[0]:
        sheet.merge_range(row, columns[0], row, columns[1], "", form)
    _text(sheet, row, columns[0], text, form)


def _section(sheet: Any, section: Section, row: int, styles: _Styles, widths: Sequence[float]) -> int:
    _text(sheet, row, 0, section.title, styles.part)
    for place, sentence in enumerate(section.sentences, start=row + 1):
        _sentence(sheet, place, sentence, styles.plain, widths)
    row += 1 + len(section.sentences)
    lines = [section.grid.header, *section.grid.rows] if section.grid else []
    for place, line in enumerate(lines):
        _line(sheet, row + place, line, styles.plain if place else styles.head, widths)
    return row + len(lines)


def _line(sheet: Any, row: int, line: Sequence[str], form: Any, widths: Sequence[float]) -> None:
    """A line of a table of texts; its last cell runs on to the right."""
    last = len(line) - 1
    end = max(last, min(_WIDE, len(widths)) - 1)
    for column, cell in enumerate(line[:-1]):
        _text(sheet, row, column, cell, form)
    _over(sheet, row, (last, end), line[-1], form)
    room = [*widths[:last], sum(widths[last:end + 1]) or 14]
    sheet.set_row(row, _height([(printable(cell, _LONGEST_CELL), one) for cell, one in zip(line, room, strict=False)]))


def _origin_sheet(book: Any, exhibits: Sequence[Exhibit], origin: Origin, styles: _Styles) -> None:
    sheet = _sheet(book, "Origin", exhibits[0].marks)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 110)
    _on_paper(sheet, (30, 110))
    _text(sheet, 0, 0, words.LABELS["origin"], styles.title)
    for row, (fact, text) in enumerate(origin_facts(exhibits, origin), start=2):
        _text(sheet, row, 0, fact, styles.head)
        _text(sheet, row, 1, text, styles.plain)
        sheet.set_row(row, _height([(text, 106), (fact, 28)]))


# --- native charts ---------------------------------------------------------------------------------


def _chart(book: Any, sheet: Any, chart: Chart, name: str, row: int, styles: _Styles) -> int:
    """The chart, and below it the block that it reads; gives the first row below both."""
    block = row + _CHART_ROWS
    columns = _block(sheet, chart, block, styles)
    n_rows = len(chart.categories)
    is_bar = chart.kind in ("bars", "stacked")
    drawn = book.add_chart({"type": "bar", "subtype": "stacked"} if is_bar else {"type": "line"})

    def cells(column: int) -> str:
        return f"='{name}'!{xl_range_abs(block + 2, column, block + 1 + n_rows, column)}"

    for series, first in zip(_with_overall(chart), columns, strict=True):
        drawn.add_series({"name": [name, block + 1, first], "categories": cells(0), "values": cells(first)}
                         | _look(series, chart) | _error_bars(series, cells, first))
    _layout(drawn, chart)
    drawn.set_size({"width": 900, "height": 400})
    sheet.insert_chart(row, 0, drawn, {"description": printable(chart.axis or name, 250), "x_offset": 4})
    return block + n_rows + 3


def _with_overall(chart: Chart) -> list[Series]:
    whole = [] if chart.overall is None else [
        Series(chart.overall[0], (chart.overall[1],) * len(chart.categories), ink="muted")]
    return [*chart.series, *whole]


def _block(sheet: Any, chart: Chart, row: int, styles: _Styles) -> list[int]:
    """What the chart reads: names, then of each series value, and with intervals low, high and both lengths."""
    _text(sheet, row, 0, words.LABELS["numbers"], styles.part)
    _text(sheet, row + 1, 0, "", styles.head)
    sheet.set_row(row + 1, 2 * _LINE)
    form = styles.numbers["percent" if chart.unit == "percent" else "count" if chart.unit == "courses" else "points"]
    for place, name in enumerate(chart.categories):
        _text(sheet, row + 2 + place, 0, name, styles.numbers["text"])
    column, firsts = 1, []
    for series in _with_overall(chart):
        firsts.append(column)
        name = printable(series.name, 60)
        many = [(name, series.values)]
        if series.low:
            ends = list(zip(series.values, series.low, series.high, strict=True))
            many += [("Above", [None if one is None or high is None else high - one for one, _, high in ends]),
                     ("Below", [None if one is None or low is None else one - low for one, low, _ in ends])]
        for title, values in many:
            _text(sheet, row + 1, column, title, styles.head_right)
            for place, value in enumerate(values):
                if value is not None:
                    sheet.write_number(row + 2 + place, column, value, form)
            column += 1
    return firsts


def _look(series: Series, chart: Chart) -> dict[str, Any]:
    palette = PALETTES["light"]
    colour = ink(palette, series.ink)
    labels = {"value": True, "num_format": label_format(series.values, chart.unit)}
    if chart.kind in ("bars", "stacked"):
        is_dark = series.ink in ("grave", "gravest", "accent")
        font = {"color": palette.paper if is_dark else palette.text}
        return {"fill": {"color": colour}, "gap": 40, "data_labels": labels | {"font": font}}
    if not series.low and series.name == (chart.overall or ("",))[0]:
        return {"line": {"color": colour, "width": 1.25, "dash_type": "dash"}, "marker": {"type": "none"}}
    line = {"none": True} if chart.kind == "interval" else {"color": colour, "width": 2}
    hollow = [{"fill": {"color": palette.paper}, "border": {"color": colour}} if one else None
              for one in series.hollow]
    side = "right" if series.low or series.ink != "muted" else "left"
    return {"line": line, "data_labels": labels | {"position": side}, "points": hollow if any(hollow) else None,
            "marker": {"type": "circle", "size": 9, "fill": {"color": colour}, "border": {"color": colour}}}


def _error_bars(series: Series, cells: Any, first: int) -> dict[str, Any]:
    if not series.low:
        return {}
    ends = list(zip(series.values, series.low, series.high, strict=True))
    return {"y_error_bars": {
        "type": "custom", "plus_values": cells(first + 1), "minus_values": cells(first + 2),
        "plus_data": [0 if one is None or high is None else high - one for one, _, high in ends],
        "minus_data": [0 if one is None or low is None else one - low for one, low, _ in ends],
        "line": {"color": ink(PALETTES["light"], series.ink), "width": 1.5}}}


def _layout(drawn: Any, chart: Chart) -> None:
    drawn.set_title({"none": True})
    drawn.set_legend({"position": "bottom"} if len(_with_overall(chart)) > 1 else {"none": True})
    faint = {"visible": True, "line": {"color": PALETTES["light"].grid}}
    if chart.kind in ("bars", "stacked"):
        drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0}
                         | ({"max": 1} if chart.kind == "stacked" else {}))
        drawn.set_y_axis({"reverse": True})
        return
    drawn.set_x_axis({"label_position": "low"})
    scale = {"min": 0, "max": 1, "major_unit": 0.25, "num_format": "0%"} if chart.unit == "percent" else {
        "name": printable(chart.axis, 80)} | dict(zip(("min", "max", "major_unit"), reach(chart) or (), strict=False))
    drawn.set_y_axis(scale | {"major_gridlines": faint})
