"""A sheet as rows of text with what a spreadsheet knows besides, and the table in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from analytics.ingest.cells import as_text, number_in
from analytics.ingest.dates import FIRST_SERIAL, LAST_SERIAL
from analytics.ingest.grid import Grid, NoHeader, Remark, require_names
from analytics.ingest.identifiers import header_words
from analytics.ingest.layout import HEAD_ROWS, header_place, with_groups, without_extra_rows
from analytics.ingest.synonyms import ATTRIBUTE_HEADERS, HEADERS, squeezed

_REPEATED = frozenset(name for key in ("patient_id", "course_id", "date", "assessed_on", "treated_on", "visit", "day")
                      for name in HEADERS[key]) | ATTRIBUTE_HEADERS
"""Headers under which one cell merged over several rows can only mean that each of them has its value."""

_DATE_HEADERS = frozenset(name for key in ("date", "assessed_on", "treated_on") for name in HEADERS[key])
_DATE_WORDS = frozenset({"date", "dates", "dt", "on", "dos", "datum", "fecha"})
_FOUR_YEARS = 1462
"""Days between the two zeros that spreadsheets count from."""


@dataclass(frozen=True)
class RawSheet:
    """A sheet as rows of text, all of one width; rows and columns count from 0.

    Attributes
    ----------
    merged : first and last row and column of cells that were made one
    hidden : rows that the spreadsheet does not show
    uncached : cells whose formula was saved without a result
    is_hidden : whether the whole sheet is not shown
    from_1904 : the columns with a cell formatted as a date, where the numbers of days of the workbook count from
        1904; missing where they count from 1900
    """

    name: str
    records: list[list[str]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    hidden: tuple[int, ...] = ()
    uncached: tuple[tuple[int, int], ...] = ()
    is_hidden: bool = field(default=False)
    from_1904: tuple[int, ...] | None = None

    @property
    def holds_anything(self) -> bool:
        """Whether any cell does."""
        return any(any(record) for record in self.records)


def grid_of_sheet(sheet: RawSheet, named: Collection[str] = ()) -> Grid:
    """The table of a sheet.

    Raises
    ------
    NoHeader
        When no row can be told to name the columns.
    NotATable
        When there are more columns than are read.
    """
    records = sheet.records
    place = header_place(records[:HEAD_ROWS], named)
    if place is None:
        raise NoHeader
    require_names(records[place])
    remarks = [*_blanked(sheet, place), *_filled_down(sheet, place), *_days_from_1900(sheet, place)]
    headers, above = with_groups(records[:place], records[place])
    hidden = tuple(row + 1 for row in sheet.hidden if place < row < len(records) and any(records[row]))
    remarks += [Remark("hidden_rows", hidden)] if hidden else []
    remarks += [Remark("sheet_hidden", ())] if sheet.is_hidden else []
    columns = tuple(pa.array([record[column] or None for record in records[place + 1:]], type=pa.string())
                    for column in range(len(headers)))
    rows = np.arange(place + 2, len(records) + 1, dtype=np.int32)
    return without_extra_rows(Grid(tuple(headers), columns, rows, remarks=(*above, *remarks)))


def _blanked(sheet: RawSheet, place: int) -> list[Remark]:
    """Empty the cells whose formula has no result: some programs write 0 there, which would be a score."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, column in sheet.uncached:
        if place < row < len(sheet.records) and column < len(sheet.records[row]):
            sheet.records[row][column] = ""
            header = sheet.records[place][column].strip()
            rows[header or f"(column {column + 1})"].append(row + 1)
    return [Remark("formula_without_value", tuple(found), header) for header, found in rows.items()]


def _days_from_1900(sheet: RawSheet, place: int) -> list[Remark]:
    """Turn bare numbers of days that count from 1904 into those that count from 1900, which all dates are read by.

    Cells formatted as dates are dates already. Bare numbers are days only in a column that has such cells, or under a
    header that says so.
    """
    remarks = []
    for column, header in enumerate(sheet.records[place] if sheet.from_1904 is not None else ()):
        if column not in sheet.from_1904 and not _says_date(header):
            continue
        found = []
        for row in range(place + 1, len(sheet.records)):
            number = number_in(sheet.records[row][column])
            if number is not None and FIRST_SERIAL <= number + _FOUR_YEARS < LAST_SERIAL + 1:
                sheet.records[row][column] = as_text(number + _FOUR_YEARS)
                found.append(row + 1)
        if found:
            remarks.append(Remark("days_from_1904", tuple(found), header.strip() or f"(column {column + 1})"))
    return remarks


def _says_date(header: str) -> bool:
    return squeezed(header) in _DATE_HEADERS or bool(_DATE_WORDS & set(header_words(header)))


def _filled_down(sheet: RawSheet, place: int) -> list[Remark]:
    """Give each row the value of a cell merged over it, in columns that say where a row belongs."""
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    done: dict[int, int] = {}
    for (first, column), (last, last_column) in sorted(sheet.merged):
        is_inside = place < first <= done.get(column, -1) or column >= len(sheet.records[place])
        if first <= place or first == last or column != last_column or is_inside:
            continue
        last = min(last, len(sheet.records) - 1)
        done[column] = last
        header = sheet.records[place][column].strip()
        value = sheet.records[first][column]
        if not value:
            continue
        is_known = squeezed(header) in _REPEATED
        code = "merged_filled" if is_known else "merged_not_filled"
        for row in range(first + 1, last + 1):
            if not any(sheet.records[row]):
                continue
            if is_known:
                sheet.records[row][column] = value
            rows[code, header].append(row + 1)
    return [Remark(code, tuple(found), header or None) for (code, header), found in rows.items()]
