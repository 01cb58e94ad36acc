"""A table of text as it stands in a file, and Arrow's reader for lines of cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.csv

MOST_COLUMNS = 4_000
"""Wider tables are refused: no questionnaire export comes near, and each column costs time."""

LONGEST_NAME = 10_000
"""Of a column; no question is as long, and what names say is searched for many patterns."""


class NotATable(Exception):
    """What a file looks like that cannot be read as a table, and what to do about it."""

    def __init__(self, looks_like: str, what_to_do: str) -> None:
        super().__init__(looks_like)
        self.looks_like = looks_like
        self.what_to_do = what_to_do


class NoHeader(Exception):
    """No row can be told to name the columns."""


def require_names(names: Sequence[str | None]) -> None:
    """Refuse a table with more columns than are read, or with a name that is no name."""
    if len(names) > MOST_COLUMNS:
        raise NotATable(f"a table of {len(names):,} columns, more than the {MOST_COLUMNS:,} that are read",
                        "Check the delimiter, or export fewer columns at a time.")
    longest = max((len(name or "") for name in names), default=0)
    if longest > LONGEST_NAME:
        raise NotATable(f"a table with a column name of {longest:,} characters",
                        "Check the delimiter and the quotation marks of the first rows.")


@dataclass(frozen=True)
class Remark:
    """Something about rows of a table that a finding tells; ``words`` are what its text asks for."""

    code: str
    rows: tuple[int, ...]
    column: str | None = None
    words: dict[str, str] = field(default_factory=dict)


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
    remarks : what else is to be told of rows, in ``columns`` or not
    """

    headers: tuple[str, ...]
    columns: tuple[pa.ChunkedArray | pa.Array, ...]
    rows: np.ndarray
    ragged: tuple[int, ...] = ()
    short: tuple[int, ...] = ()
    lone_quotes: tuple[int, ...] = ()
    remarks: tuple[Remark, ...] = ()


def arrow_table(
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


def split_line(line: str, delimiter: str) -> list[str]:
    """The cells of one line; where the csv module gives up, quotation marks are plain text."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)
