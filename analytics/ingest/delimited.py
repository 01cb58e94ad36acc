"""Text with delimiters: encoding, delimiter, and cells with the row numbers a spreadsheet shows.

A plain file goes through Arrow's reader. Whatever is unusual (ragged rows, blank lines, quoted line breaks,
lone quotation marks) goes through Python's csv module record by record, so that row numbers stay right.
"""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv

DELIMITERS = (",", ";", "\t", "|")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SNIFFED_RECORDS = 60
_MOST_LINES_IN_A_CELL = 200
"""A quotation mark whose partner is further away than this stands alone."""


@dataclass(frozen=True)
class Grid:
    """A table of text as it stands in the file.

    Attributes
    ----------
    headers : cells of the header row
    columns : one array of text a header; missing where the cell is empty
    rows : the row number of each row, the header's line counted
    ragged, short, lone_quotes : row numbers with too many cells (not in ``columns``), with too few, and
        with a quotation mark without partner
    """

    headers: tuple[str, ...]
    columns: tuple[pa.ChunkedArray | pa.Array, ...]
    rows: np.ndarray
    ragged: tuple[int, ...] = ()
    short: tuple[int, ...] = ()
    lone_quotes: tuple[int, ...] = ()


def as_utf8(content: bytes) -> tuple[bytes, str | None]:
    """The content as UTF-8 without mark, and the name of an encoding that had to be guessed."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            content = content[len(mark):]
            return (content if encoding == "utf-8" and _is_utf8(content)
                    else content.decode(encoding, errors="replace").encode()), None
    encoding = _encoding_without_mark(content)
    if encoding is not None:
        return content.decode(encoding, errors="replace").encode(), None
    if _is_utf8(content):
        return content, None
    try:
        return content.decode("cp1252").encode(), "Windows-1252"
    except UnicodeDecodeError:
        return content.decode("latin-1").encode(), "Latin-1"


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _encoding_without_mark(content: bytes) -> str | None:
    """UTF-16 by its pattern of zeros: in Western text every other byte is one."""
    head = content[:4096]
    pairs = len(head) // 2
    if pairs < 2:
        return None
    at_even, at_odd = head[0:2 * pairs:2].count(0) / pairs, head[1:2 * pairs:2].count(0) / pairs
    if at_odd > 0.4 and at_even < 0.1:
        return "utf-16-le"
    if at_even > 0.4 and at_odd < 0.1:
        return "utf-16-be"
    return None


def read_delimited(content: bytes) -> Grid:
    """The table of a text in UTF-8 without NUL characters."""
    content, delimiter = _announced_delimiter(content)
    delimiter = delimiter or _delimiter(content)
    return _plain(content, delimiter) or _unusual(content.decode("utf-8", errors="replace"), delimiter)


def _announced_delimiter(content: bytes) -> tuple[bytes, str | None]:
    """Spreadsheets hide a first line such as ``sep=;``, so it has no row number either."""
    line, _, rest = content.partition(b"\n")
    text = line.strip().strip(b'"').lower()
    if text.startswith(b"sep=") and len(text) == 5:
        return rest, text[4:].decode("latin-1")
    return content, None


def _delimiter(content: bytes) -> str:
    """The delimiter that gives the first records the same number of cells, the more the better."""
    head = content[:200_000].decode("utf-8", errors="replace")

    def merit(delimiter: str) -> tuple[float, int]:
        counts = [len(record) for record in _some_records(head, delimiter)]
        if not counts or counts[0] < 2:
            return 0.0, 0
        return sum(count == counts[0] for count in counts) / len(counts), counts[0]

    merits = {delimiter: merit(delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: (merits[delimiter][0] >= 0.5, *merits[delimiter]))
    return best if merits[best][1] else ","


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
    headers = _split(header_line.decode("utf-8").rstrip("\r"), delimiter)
    names = [f"column {position}" for position in range(len(headers))]
    table = _arrow_table(body, names, delimiter, first_row=1, may_quote=b'"' in content)
    if table is None or table.num_rows != content.count(b"\n", 0, end):
        return None
    rows = np.arange(2, table.num_rows + 2, dtype=np.int32)
    return Grid(tuple(headers), tuple(table.columns), rows)


def _arrow_table(
    body: bytes | memoryview, names: list[str], delimiter: str, *, first_row: int, may_quote: bool
) -> pa.Table | None:
    """Every cell as text, by Arrow's reader; missing where a row has another number of cells."""
    try:
        return pyarrow.csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=first_row),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, quote_char='"' if may_quote else False, newlines_in_values=may_quote,
                ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=True, null_values=[""],
                quoted_strings_can_be_null=True),
        )
    except pa.ArrowInvalid:
        return None


def _unusual(text: str, delimiter: str) -> Grid:
    """The table with its odd lines read one by one: those with quotation marks or another number of cells."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start = next((place for place, line in enumerate(lines) if line.strip(f"{delimiter} \t")), len(lines) - 1)
    headers, used, is_lone = _record(lines, start, delimiter, None)
    lone_quotes = [start] if is_lone else []
    width = len(headers)
    is_plain = np.array([line.count(delimiter) == width - 1 and '"' not in line for line in lines], dtype=bool)
    is_inside = np.zeros(len(lines), dtype=bool)
    is_inside[start + 1:start + used] = True
    is_plain[:start + used] = False
    odd: list[list[str]] = []
    places: list[int] = []
    ragged: list[int] = []
    short: list[int] = []
    for place in (np.flatnonzero(~is_plain[start + used:]) + start + used).tolist():
        if is_inside[place]:
            continue
        record, used, is_lone = _record(lines, place, delimiter, width)
        is_inside[place + 1:place + used] = True
        if not any(cell.strip() for cell in record):
            continue
        lone_quotes += [place] if is_lone else []
        if any(cell.strip() for cell in record[width:]):
            ragged.append(place)
            continue
        short += [place] if len(record) < width else []
        odd.append((record + [""] * width)[:width])
        places.append(place)
    row_of_line = np.arange(1, len(lines) + 1) - np.cumsum(is_inside)
    plain = np.flatnonzero(is_plain & ~is_inside)
    columns = _columns([lines[place] for place in plain.tolist()], odd, width, delimiter)
    order = np.argsort(np.append(plain, places))
    return Grid(
        tuple(headers), tuple(column.take(pa.array(order)) for column in columns),
        row_of_line[np.append(plain, places).astype(np.int64)][order].astype(np.int32),
        *(tuple(row_of_line[found].tolist()) for found in (ragged, short, lone_quotes)),
    )


def _columns(plain: list[str], odd: list[list[str]], width: int, delimiter: str) -> list[pa.ChunkedArray]:
    """The columns of plain lines, and below them those of the records that were read one by one."""
    names = [f"column {position}" for position in range(width)]
    table = None
    if plain and width > 1:
        table = _arrow_table("\n".join(plain).encode(), names, delimiter, first_row=0, may_quote=False)
    if table is None:
        odd, table = [line.split(delimiter) for line in plain] + odd, pa.table({name: pa.array([], pa.string()) for name in names})
    return [pa.chunked_array([*column.chunks, pa.array([record[place] or None for record in odd], type=pa.string())])
            for place, column in enumerate(table.columns)]


def _record(
    lines: list[str], place: int, delimiter: str, width: int | None
) -> tuple[list[str], int, bool]:
    """The record that starts on a line, the lines it takes, and whether a quotation mark stood alone.

    Lines are joined while a quotation mark is open, but only when that gives a record as wide as the header:
    a mark that was typed by accident must not swallow the rows below it.
    """
    line = lines[place]
    if line.count('"') % 2 == 0:
        return _split(line, delimiter), 1, False
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


def _split(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)
