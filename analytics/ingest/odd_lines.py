"""Text whose lines are not all alike: quoted line breaks, blank lines, other numbers of cells, lone quotation marks."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from analytics.ingest.grid import Grid, arrow_table, split_line

_MOST_LINES_IN_A_CELL = 200
"""A quotation mark whose partner is further away than this stands alone."""


@dataclass
class _OddLines:
    """Records that were read one by one, and what was odd about them; all by the place of their first line.

    Attributes
    ----------
    records, places : cells, as many as there are headers
    is_inside : whether each line continues the record of a line above it
    """

    is_inside: np.ndarray
    records: list[list[str]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    ragged: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    lone_quotes: list[int] = field(default_factory=list)

    def add(self, place: int, record: list[str], width: int) -> None:
        """Keep a record, filled up to the width; one with more cells than that is only remembered."""
        if any(cell.strip() for cell in record[width:]):
            self.ragged.append(place)
            return
        if len(record) < width:
            self.short.append(place)
        self.records.append((record + [""] * width)[:width])
        self.places.append(place)


def read_oddly(text: str, delimiter: str) -> Grid:
    """The table with its odd lines read one by one: those with quotation marks or another number of cells."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start = next((place for place, line in enumerate(lines) if line.strip(f"{delimiter} \t")), len(lines) - 1)
    headers, used, is_lone = record_at(lines, start, delimiter, None)
    width = len(headers)
    is_plain = np.array([line.count(delimiter) == width - 1 and '"' not in line for line in lines], dtype=bool)
    is_plain[:start + used] = False
    odd = _odd_lines(lines, is_plain, start + used, delimiter, width)
    odd.is_inside[start + 1:start + used] = True
    odd.lone_quotes += [start] if is_lone else []
    plain = np.flatnonzero(is_plain & ~odd.is_inside)
    columns = _columns([lines[place] for place in plain.tolist()], odd.records, width, delimiter)
    row_of_line = np.arange(1, len(lines) + 1) - np.cumsum(odd.is_inside)
    places = np.append(plain, np.array(odd.places, dtype=np.int64))
    order = np.argsort(places)
    return Grid(
        tuple(headers), tuple(column.take(pa.array(order)) for column in columns),
        row_of_line[places[order]].astype(np.int32),
        *(tuple(row_of_line[sorted(found)].tolist()) for found in (odd.ragged, odd.short, odd.lone_quotes)),
    )


def _odd_lines(lines: list[str], is_plain: np.ndarray, start: int, delimiter: str, width: int) -> _OddLines:
    odd = _OddLines(np.zeros(len(lines), dtype=bool))
    for place in (np.flatnonzero(~is_plain[start:]) + start).tolist():
        if odd.is_inside[place]:
            continue
        record, used, is_lone = record_at(lines, place, delimiter, width)
        odd.is_inside[place + 1:place + used] = True
        if any(cell.strip() for cell in record):
            odd.lone_quotes += [place] if is_lone else []
            odd.add(place, record, width)
    return odd


def _columns(plain: list[str], odd: list[list[str]], width: int, delimiter: str) -> list[pa.ChunkedArray]:
    """The columns of plain lines, and below them those of the records that were read one by one."""
    names = [f"column {position}" for position in range(width)]
    table = None
    if plain and width > 1:
        table = arrow_table("\n".join(plain).encode(), names, delimiter, first_row=0, may_quote=False)
    if table is None:
        odd = [line.split(delimiter) for line in plain] + odd
        table = pa.table({name: pa.array([], pa.string()) for name in names})
    return [pa.chunked_array([*column.chunks, pa.array([record[place] or None for record in odd], type=pa.string())])
            for place, column in enumerate(table.columns)]


def record_at(
    lines: list[str], place: int, delimiter: str, width: int | None
) -> tuple[list[str], int, bool]:
    """The record that starts on a line, the lines it takes, and whether a quotation mark stood alone.

    Lines are joined while a quotation mark is open, but only when that gives a record as wide as the header:
    a mark that was typed by accident must not swallow the rows below it.
    """
    line = lines[place]
    if line.count('"') % 2 == 0:
        return split_line(line, delimiter), 1, False
    joined = line
    for used in range(2, min(_MOST_LINES_IN_A_CELL, len(lines) - place) + 1):
        joined = f"{joined}\n{lines[place + used - 1]}"
        if lines[place + used - 1].count('"') % 2:
            record = _split_strictly(joined, delimiter)
            if record is not None and width in (None, len(record)):
                return record, used, False
            break
    return line.split(delimiter), 1, True


def _split_strictly(lines: str, delimiter: str) -> list[str] | None:
    """One record of several lines; missing where a quotation mark closes in the middle of a cell."""
    try:
        return next(csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None
