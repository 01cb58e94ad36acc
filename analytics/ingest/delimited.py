"""Text with delimiters: encoding, delimiter, and cells with the row numbers a spreadsheet shows.

A plain file goes through Arrow's reader as a whole. Whatever is unusual about it goes line by line, see
``odd_lines``, so that row numbers stay right.
"""

from __future__ import annotations

import codecs
import csv
import io

import numpy as np

from analytics.ingest.grid import Grid, arrow_table, split_line
from analytics.ingest.odd_lines import read_oddly

DELIMITERS = (",", ";", "\t", "|")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SNIFFED_RECORDS = 60
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
    return _plain(content, delimiter) or read_oddly(content.decode("utf-8", errors="replace"), delimiter)


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
    headers = split_line(header_line.decode("utf-8").rstrip("\r"), delimiter)
    names = [f"column {position}" for position in range(len(headers))]
    table = arrow_table(body, names, delimiter, first_row=1, may_quote=b'"' in content)
    if table is None or table.num_rows != content.count(b"\n", 0, end):
        return None
    rows = np.arange(2, table.num_rows + 2, dtype=np.int32)
    return Grid(tuple(headers), tuple(table.columns), rows)
