"""Tables as they stand in a file, odd lines and all, so that a copy can have the same oddities."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.ingest.delimited import DELIMITERS
from analytics.ingest.encodings import as_utf8
from analytics.ingest.odd_lines import record_at
from analytics.ingest.read import Part, Source

_HEAD_LINES = 60
_NUMBERED = re.compile(r"\(column [0-9]+\)$")
_NOT_TEXT = (b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")


@dataclass
class RawTable:
    """One table with everything that stands in it.

    Attributes
    ----------
    name : the name under which findings speak of it
    headers : the names under which its columns are known, one a cell of the header
    records : all records, the header and what stands above it included; cells are trimmed
    rows : the row number of each record, as findings have it
    at : position of the header
    lone : positions of records with a quotation mark without partner
    first_line : ``sep=;`` where the file begins so
    """

    name: str
    headers: list[str]
    records: list[list[str]]
    rows: list[int]
    at: int
    lone: frozenset[int] = frozenset()
    delimiter: str = ","
    encoding: str = "utf-8"
    first_line: str = ""

    def written(self, records: Sequence[Sequence[str]]) -> bytes:
        """Records in the form of this table."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\n")
        text.write(self.first_line)
        for place, record in enumerate(records):
            if place in self.lone or not any(record):
                text.write(self.delimiter.join(record) + "\n")
            else:
                writer.writerow(record)
        return text.getvalue().encode(self.encoding, errors="replace")


def raw_tables(source: Source, parts: Sequence[Part]) -> list[RawTable]:
    """The tables of a file: line by line where it is text, else what was read of it."""
    if len(parts) == 1 and not source.content.startswith(_NOT_TEXT) and (raw := _raw_text(source, parts[0])):
        return [raw]
    return [of_part(part) for part in parts]


def of_part(part: Part) -> RawTable:
    """What was read of a table, where the file itself cannot be followed line by line."""
    columns = [[cells.texts[code] if code >= 0 else "" for code in cells.codes.tolist()] for cells in part.cells]
    headers = [_NUMBERED.sub("", header).strip() for header in part.headers]
    records = [headers, *([*record] for record in zip(*columns, strict=True))]
    return RawTable(part.name, list(part.headers), records, [0, *part.rows.tolist()], 0)


def _raw_text(source: Source, part: Part) -> RawTable | None:
    content, guessed = as_utf8(source.content)
    text = content.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    first_line = f"{first}\n" if first.strip().strip('"').lower().startswith("sep=") else ""
    lines = (rest if first_line else text).split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    wanted = {header for header in part.headers if not _NUMBERED.search(header)}
    for delimiter in dict.fromkeys((*first_line.strip()[4:5], *DELIMITERS)):
        at = next((place for place in range(min(len(lines), _HEAD_LINES))
                   if wanted <= {cell.strip() for cell in record_at(lines, place, delimiter, None)[0]}), None)
        if at is not None:
            return _records(part, lines, delimiter, at, "cp1252" if guessed else "utf-8", first_line)
    return None


def _records(part: Part, lines: list[str], delimiter: str, at: int, encoding: str, first_line: str) -> RawTable:
    header, used, _ = record_at(lines, at, delimiter, None)
    records, lone = [], set()
    place, header_at = 0, 0
    while place < len(lines):
        width = None if place <= at else len(header)
        record, used, is_lone = record_at(lines, place, delimiter, width)
        header_at = len(records) if place == at else header_at
        if is_lone:
            lone.add(len(records))
        records.append([cell.strip() for cell in record])
        place += used
    names = [next((name for name in (f"{cell} (column {number})", f"(column {number})") if name in part.headers), cell)
             for number, cell in enumerate(records[header_at], start=1)]
    return RawTable(part.name, names, records, list(range(1, len(records) + 1)), header_at, frozenset(lone), delimiter,
                    encoding, first_line)
