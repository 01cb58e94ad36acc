"""Text with delimiters: the delimiter, and cells with the row numbers a spreadsheet shows.

A plain file goes through Arrow's reader as a whole. Whatever is unusual about it goes line by line, see
``odd_lines``, so that row numbers stay right.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Collection

import numpy as np

from analytics.ingest.grid import Grid, NoHeader, NotATable, arrow_table, require_names, split_line
from analytics.ingest.layout import HEAD_ROWS, header_place, with_groups, without_extra_rows
from analytics.ingest.odd_lines import read_oddly, record_at

DELIMITERS = (",", ";", "\t", "|")

_SNIFFED_RECORDS = 60
_HEAD_BYTES = 60_000

LONGEST_LINE = 10_000_000
"""Bytes; a text with a longer line is refused."""


def read_delimited(content: bytes, named: Collection[str] = ()) -> Grid:
    """The table of a text in UTF-8 without NUL characters.

    Parameters
    ----------
    named : headers that the caller knows

    Raises
    ------
    NotATable
        Where a line is longer, or the table wider, than any export.
    NoHeader
        Where no row can be told to name the columns.
    """
    content, delimiter = _announced_delimiter(content)
    _require_lines(content)
    delimiter = delimiter or _delimiter(content)
    records, first_lines = _first_records(content, delimiter)
    place = header_place(records, named) if records else 0
    if place is None:
        raise NoHeader
    if records:
        require_names(records[place])
    body = content if place == 0 else content[_start_of_line(content, first_lines[place]):]
    grid = _plain(body, delimiter) or read_oddly(body.decode("utf-8", errors="replace"), delimiter)
    return without_extra_rows(grid if place == 0 else _moved_down(grid, records[:place]))


def _moved_down(grid: Grid, above: list[list[str]]) -> Grid:
    """The table with the row numbers it has below other rows."""
    by = len(above)
    headers, remarks = with_groups(above, grid.headers)
    ragged, short, lone = (tuple(row + by for row in rows) for rows in (grid.ragged, grid.short, grid.lone_quotes))
    return Grid(tuple(headers), grid.columns, grid.rows + np.int32(by), ragged, short, lone, remarks)


def _require_lines(content: bytes) -> None:
    """Refuse a text with a line that no export has: it would be one cell, or millions of columns."""
    start = 0
    while len(content) - start > LONGEST_LINE:
        end = start + LONGEST_LINE
        stop = content.rfind(b"\n", start, end)
        stop = stop if stop >= 0 else content.rfind(b"\r", start, end)
        if stop < 0:
            raise NotATable(f"a text with a line of more than {LONGEST_LINE // 1_000_000:,} MB",
                            "Export the table again, one line a record.")
        start = stop + 1


def _first_records(content: bytes, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first records, and the line on which each starts; a quotation mark without partner swallows no line."""
    n_bytes = _HEAD_BYTES
    while n_bytes < len(content) and sum(content.count(end, 0, n_bytes) for end in (b"\r", b"\n")) < 2 * HEAD_ROWS:
        n_bytes *= 4
    head = content[:n_bytes].decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = head.split("\n")[:10 * HEAD_ROWS]
    if n_bytes < len(content) and len(lines) < 10 * HEAD_ROWS:
        lines.pop()
    records: list[list[str]] = []
    starts: list[int] = []
    line = 0
    while line < len(lines) and len(records) < HEAD_ROWS:
        record, used, _ = record_at(lines, line, delimiter, None)
        records.append(record)
        starts.append(line)
        line += used
    return (records, starts) if any(any(record) for record in records) else ([], [])


def _start_of_line(content: bytes, line: int) -> int:
    """Where a line starts, whatever ends the lines above it."""
    ends = re.finditer(rb"\r\n|\r|\n", content)
    return next(itertools.islice(ends, line - 1, None)).end() if line else 0


def _announced_delimiter(content: bytes) -> tuple[bytes, str | None]:
    """Spreadsheets hide a first line such as ``sep=;``, so it has no row number either."""
    line = re.match(rb"[^\r\n]{0,20}", content)[0]
    text = line.strip(b' "').lower()
    if text.startswith(b"sep=") and len(text) == 5:
        rest = content[len(line):]
        return rest[2 if rest.startswith(b"\r\n") else 1:], text[4:].decode("latin-1")
    return content, None


def _delimiter(content: bytes) -> str:
    """The delimiter that gives the first records the same number of cells, the more the better.

    That number is the first record's, or the usual one where the first is a title.
    """
    head = content[:200_000].decode("utf-8", errors="replace")

    def merit(delimiter: str) -> tuple[bool, bool, float, int]:
        counts = [len(record) for record in _some_records(head, delimiter)]
        usual = max((count for count in counts if count > 1), key=counts.count, default=0)
        if not usual:
            return False, False, 0.0, 0
        share = counts.count(counts[0]) / len(counts)
        if counts[0] > 1 and (share >= 0.5 or counts[0] == usual):
            return share >= 0.5, True, share, counts[0]
        share = counts.count(usual) / len(counts)
        return share >= 0.5, False, share, usual

    merits = {delimiter: merit(delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: merits[delimiter])
    return best if merits[best][3] else ","


def _some_records(text: str, delimiter: str) -> list[list[str]]:
    records = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(record):
                records.append(record)
            if len(records) >= _SNIFFED_RECORDS:
                return records
    except csv.Error:
        pass
    return records


def _plain(content: bytes, delimiter: str) -> Grid | None:
    """The table by Arrow's reader; missing when anything about the text is unusual."""
    end = len(content)
    while end and content[end - 1] in b"\r\n":
        end -= 1
    body = memoryview(content)[:end]
    first_end = content.find(b"\n", 0, end)
    header_line = content[:first_end if first_end >= 0 else end]
    if b"\r" in content and content.count(b"\r") != content.count(b"\r\n"):
        return None
    if header_line.count(b'"') % 2 or not header_line.strip() or len(header_line) == end:
        return None
    headers = split_line(header_line.decode("utf-8").rstrip("\r"), delimiter)
    names = [f"column {position}" for position in range(len(headers))]
    table = arrow_table(body, names, delimiter, first_row=1, may_quote=b'"' in content)
    if table is None or table.num_rows != content.count(b"\n", 0, end):
        return None
    rows = np.arange(2, table.num_rows + 2, dtype=np.int32)
    return Grid(tuple(headers), tuple(table.columns), rows)
