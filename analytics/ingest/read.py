"""Bytes -> tables of cells. The content decides what a file is, never its name."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from analytics.ingest.cells import Cells, date_in, number_in
from analytics.ingest.delimited import as_utf8, read_delimited
from analytics.ingest.grid import Grid
from analytics.ingest.problems import ProblemLog
from analytics.ingest.typed_files import WORKBOOK_MARK, names_in_archive, parquet_grid, sheet_grids


@dataclass(frozen=True)
class Source:
    """A file in memory: a name for people, and its content."""

    name: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        """The digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Part:
    """One table of one file: the file itself, or one sheet of a workbook.

    Attributes
    ----------
    name : the file's name, with the sheet as in ``book.xlsx [Scores]``
    headers : names of the columns that are read, each once, as they stand in the file
    cells : one a header
    rows : the row number of each row as a spreadsheet shows it; blank rows are not among them
    n_rows : rows that hold anything, those that could not be used included
    is_sheet : whether the file has several sheets, so that one of which nothing is known is no mistake
    """

    name: str
    sha256: str
    headers: tuple[str, ...]
    cells: tuple[Cells, ...]
    rows: np.ndarray
    n_rows: int
    is_sheet: bool = False

    def column(self, header: str) -> Cells:
        """The cells under a header."""
        return self.cells[self.headers.index(header)]

    def without(self, headers: Collection[str]) -> Part:
        """The table without some of its columns."""
        kept = [place for place, header in enumerate(self.headers) if header not in headers]
        return replace(self, headers=tuple(self.headers[place] for place in kept),
                       cells=tuple(self.cells[place] for place in kept))


_EXPORT = "Export the table as CSV or XLSX and give that file."

_BINARY: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", _EXPORT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file (.xls) or one with a password",
     "Save it as .xlsx or .csv without a password and give that file."),
    (b"\x89PNG", "a picture", _EXPORT),
    (b"\xff\xd8\xff", "a picture", _EXPORT),
    (b"GIF8", "a picture", _EXPORT),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and give the file inside."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it and give the files inside."),
    (b"Rar!", "a RAR archive", "Unpack it and give the files inside."),
    (b"BZh", "a bzip2 archive", "Unpack it and give the file inside."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it and give the file inside."),
    (b"SQLite format 3", "a database", _EXPORT),
    (b"$FL2", "an SPSS file", _EXPORT),
    (b"{\\rtf", "a text document", _EXPORT),
)


def as_source(given: str | Path | Source) -> Source:
    """A file in memory, from a path or as it is.

    Raises
    ------
    OSError
        When a path cannot be read.
    """
    if isinstance(given, Source):
        return given
    path = Path(given)
    return Source(path.name, path.read_bytes())


def read(source: Source, log: ProblemLog, named: Collection[str] = ()) -> tuple[Part, ...]:
    """The tables of a file; none, and a finding that blocks, where it is no table.

    Parameters
    ----------
    named : headers that the caller knows; a table that has one of them has a header row
    """
    return tuple(part for part in _tables(source, log) if _has_header(part, named, log))


def _has_header(part: Part, named: Collection[str], log: ProblemLog) -> bool:
    """Whether the first row names columns and is not a row of values, which no finding may then show."""
    texts = [header for header in part.headers if not header.startswith("(column ")]
    n_values = sum(number_in(text) is not None or date_in(text) is not None for text in texts)
    if n_values == 0 or 2 * n_values < len(texts) or set(texts) & set(named):
        return True
    log.forget(part.name)
    log.add("no_header", part.name)
    return False


def _tables(source: Source, log: ProblemLog) -> tuple[Part, ...]:
    if not source.content.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        log.add("empty", source.name)
        return ()
    if source.content.startswith(b"PK\x03\x04") or source.content.startswith(b"PK\x05\x06"):
        return _read_zip(source, log)
    if source.content.startswith(b"PAR1"):
        return _read_parquet(source, log)
    for magic, looks_like, what_to_do in _BINARY:
        if source.content.startswith(magic):
            log.add("unreadable", source.name, looks_like=looks_like, what_to_do=what_to_do)
            return ()
    return _read_text(source, log)


def _read_text(source: Source, log: ProblemLog) -> tuple[Part, ...]:
    content, guessed = as_utf8(source.content)
    looks_like = _not_a_table(content)
    if looks_like is not None:
        log.add("unreadable", source.name, looks_like=looks_like, what_to_do=_EXPORT)
        return ()
    if guessed is not None:
        log.add("encoding_guessed", source.name, encoding=guessed)
    has_nul = b"\0" in content
    grid = read_delimited(content.replace(b"\0", "�".encode()) if has_nul else content)
    part = _part(source.name, source.sha256, grid, log)
    if has_nul and part is not None:
        _note_replaced(part, log)
    return (part,) if part is not None else ()


def _not_a_table(content: bytes) -> str | None:
    head = content[:8192]
    start = head.lstrip()[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<workbook")):
        return "a web page or XML"
    if start.startswith((b"{", b"[{", b"[\n", b"[[")):
        return "JSON"
    n_control = sum(byte < 32 and byte not in (0, 9, 10, 12, 13) for byte in head)
    n_zeros = head.count(0)
    return "a binary file" if (n_control + max(0, n_zeros - 20)) > 0.05 * len(head) else None


def _note_replaced(part: Part, log: ProblemLog) -> None:
    is_hit = np.zeros(len(part.rows), dtype=bool)
    for cells in part.cells:
        is_hit |= cells.spread(np.array(["�" in text for text in cells.texts], dtype=bool), False)
    log.add("nul_bytes", part.name, rows=part.rows[is_hit])


def _read_parquet(source: Source, log: ProblemLog) -> tuple[Part, ...]:
    grid = parquet_grid(source.content)
    if grid is None:
        log.add("unreadable", source.name, looks_like="a damaged Parquet file", what_to_do="Export the file again.")
        return ()
    part = _part(source.name, source.sha256, grid, log)
    return (part,) if part is not None else ()


def _read_zip(source: Source, log: ProblemLog) -> tuple[Part, ...]:
    names = names_in_archive(source.content)
    if names is None:
        log.add("unreadable", source.name, looks_like="a damaged archive or workbook",
                what_to_do="Export the file again.")
        return ()
    if WORKBOOK_MARK not in names:
        log.add("unreadable", source.name, looks_like="an archive", what_to_do="Unpack it and give the files inside.")
        return ()
    sheets = sheet_grids(source.content)
    if sheets is None:
        log.add("unreadable", source.name, looks_like="a damaged or protected workbook",
                what_to_do="Save it again without a password, or as .csv.")
        return ()
    if not sheets:
        log.add("empty", source.name)
    parts = [_part(f"{source.name} [{name}]", source.sha256, grid, log, is_sheet=len(sheets) > 1)
             for name, grid in sheets]
    return tuple(part for part in parts if part is not None)


def _part(name: str, sha256: str, grid: Grid, log: ProblemLog, *, is_sheet: bool = False) -> Part | None:
    """The part a grid makes: blank rows left out, headers once; missing when there is nothing to read."""
    for code, rows in (("row_ragged", grid.ragged), ("row_short", grid.short), ("lone_quote", grid.lone_quotes)):
        if rows:
            log.add(code, name, rows=rows)
    columns = tuple(Cells(column) for column in grid.columns)
    keep = _filled_rows(columns, len(grid.rows))
    n_rows = len(grid.rows) if keep is None else len(keep)
    if n_rows + len(grid.ragged) == 0:
        if not is_sheet:
            log.add("no_rows", name)
        return None
    headers, places = _headers(name, grid, log)
    cells = tuple(columns[place] if keep is None else columns[place].take(keep) for place in places)
    rows = grid.rows if keep is None else grid.rows[keep]
    return Part(name, sha256, headers, cells, rows, n_rows + len(grid.ragged), is_sheet)


def _filled_rows(columns: tuple[Cells, ...], n_rows: int) -> np.ndarray | None:
    """Positions of the rows that hold anything; missing when all do."""
    blank = np.arange(n_rows)
    for place, cells in enumerate(columns):
        if not len(blank):
            return None
        blank = blank[(cells if place == 0 else cells.take(blank)).codes < 0]
    return np.delete(np.arange(n_rows), blank) if len(blank) else None


def _headers(name: str, grid: Grid, log: ProblemLog) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Headers that are read, trimmed, and their places; later columns of the same name are not."""
    seen: dict[str, int] = {}
    n_blank = 0
    for place, header in enumerate(grid.headers):
        trimmed = str(header).strip()
        if not trimmed:
            if grid.columns[place].null_count < len(grid.rows):
                n_blank += 1
                seen.setdefault(f"(column {place + 1})", place)
        elif trimmed in seen:
            log.add("duplicate_header", name, trimmed)
        else:
            seen[trimmed] = place
    if n_blank:
        log.add("blank_header", name, count=n_blank)
    return tuple(seen), tuple(seen.values())
