"""A file in memory, and the tables that are read from it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analytics.ingest.cells import Cells
from analytics.ingest.grid import Grid
from analytics.ingest.labels import header_shown
from analytics.ingest.problem_kinds import PROBLEM_KINDS
from analytics.ingest.problems import ProblemLog

_UNNAMED = re.compile(r"Unnamed: [0-9]+(?:_level_[0-9]+)?")
"""What another program calls a column without a name."""


@dataclass(frozen=True)
class Source:
    """A file in memory: a name for people, its content, and the archive or folder it came from, if any."""

    name: str
    content: bytes
    book: str = ""

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
    is_sheet : whether there are other tables in the same workbook, archive or folder, so that one of which nothing
        is known is no mistake
    book : the name of that workbook, archive or folder
    is_member : whether it came in an archive or folder, of which other files may be read where this one is not
    joined : rows of the file that were put on the line of another row, and the numbers of those lines
    """

    name: str
    sha256: str
    headers: tuple[str, ...]
    cells: tuple[Cells, ...]
    rows: np.ndarray
    n_rows: int
    is_sheet: bool = False
    joined: tuple[np.ndarray, np.ndarray] | None = None
    book: str = ""
    is_member: bool = False

    def with_joined(self, rows: np.ndarray) -> np.ndarray:
        """Row numbers, with those of the rows that stand on their lines."""
        if self.joined is None:
            return rows
        return np.union1d(rows, self.joined[0][np.isin(self.joined[1], rows)])

    def column(self, header: str) -> Cells:
        """The cells under a header."""
        return self.cells[self._places[header]]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {header: place for place, header in enumerate(self.headers)}

    def without(self, headers: Collection[str]) -> Part:
        """The table without some of its columns."""
        kept = [place for place, header in enumerate(self.headers) if header not in headers]
        return replace(self, headers=tuple(self.headers[place] for place in kept),
                       cells=tuple(self.cells[place] for place in kept))


def refuse(log: ProblemLog, source: Source, looks_like: str, what_to_do: str) -> None:
    """Tell what a file looks like that is not read; beside others in an archive or folder it blocks nothing."""
    code = "member_not_read" if source.book else "unreadable"
    log.add(code, source.name, looks_like=looks_like, what_to_do=what_to_do)


def part_of(
    source: Source, grid: Grid, log: ProblemLog, named: Collection[str] = (), *, sheet: str | None = None,
    is_sheet: bool = False,
) -> Part | None:
    """The part a grid makes: blank rows left out, headers once; missing when there is nothing to read.

    Parameters
    ----------
    named : headers that the caller knows
    sheet : the name of the sheet of a workbook
    is_sheet : whether it is one of several
    """
    name = source.name if sheet is None else f"{source.name} [{sheet}]"
    is_sheet = is_sheet or bool(source.book)
    for code, rows in (("row_ragged", grid.ragged), ("row_short", grid.short), ("lone_quote", grid.lone_quotes)):
        if rows:
            log.add(code, name, rows=rows)
    for remark in grid.remarks:
        log.add(remark.code, name, remark.column, rows=remark.rows, **remark.words)
    columns = tuple(Cells(column) for column in grid.columns)
    keep = _filled_rows(columns, len(grid.rows))
    rows = grid.rows if keep is None else grid.rows[keep]
    n_rows = len(rows) + _n_beside(grid, rows)
    if n_rows == 0:
        log.add("sheet_empty" if is_sheet else "no_rows", name)
        return None
    headers, places = _headers(name, grid, named, log)
    cells = tuple(columns[place] if keep is None else columns[place].take(keep) for place in places)
    return Part(name, source.sha256, headers, cells, rows, n_rows, is_sheet, book=source.book or source.name,
                is_member=bool(source.book))


def _n_beside(grid: Grid, rows: np.ndarray) -> int:
    """How many rows are dropped by a finding and not among those that are read."""
    dropped = [np.array(grid.ragged, dtype=np.int64)]
    dropped += [np.array(remark.rows, dtype=np.int64) for remark in grid.remarks
                if PROBLEM_KINDS[remark.code].severity == "drops_rows"]
    found = np.unique(np.concatenate(dropped))
    return len(found) - int(np.isin(found, rows).sum()) if len(found) else 0


def _filled_rows(columns: tuple[Cells, ...], n_rows: int) -> np.ndarray | None:
    """Positions of the rows that hold anything; missing when all do."""
    blank = np.arange(n_rows)
    for place, cells in enumerate(columns):
        if not len(blank):
            return None
        blank = blank[(cells if place == 0 else cells.take(blank)).codes < 0]
    return np.delete(np.arange(n_rows), blank) if len(blank) else None


def same_named(header: str, place: int) -> str:
    """What a later column of the same name is called."""
    return f"{header} (column {place + 1})"


def _headers(
    name: str, grid: Grid, named: Collection[str], log: ProblemLog
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Headers that are read, trimmed, and their places; a later column of the same name carries its number."""
    seen: dict[str, int] = {}
    n_blank = 0
    for place, header in enumerate(grid.headers):
        trimmed = str(header).strip()
        if trimmed not in named:
            trimmed = header_shown(trimmed, place)
        if _UNNAMED.fullmatch(trimmed) and trimmed not in named:
            trimmed = ""
        if not trimmed:
            if grid.columns[place].null_count < len(grid.rows):
                n_blank += 1
                seen.setdefault(f"(column {place + 1})", place)
        elif trimmed in seen:
            log.add("duplicate_header", name, trimmed)
            if grid.columns[place].null_count < len(grid.rows):
                seen[same_named(trimmed, place)] = place
        else:
            seen[trimmed] = place
    if n_blank:
        log.add("blank_header", name, count=n_blank)
    return tuple(seen), tuple(seen.values())
