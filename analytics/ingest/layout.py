"""Where the table is in a sheet: titles above the header, a second header row, and rows that are no records.

Only the first and last rows are looked at, besides two comparisons of whole columns: a long table costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.definitions.instruments import BUILT_IN
from analytics.ingest.cells import date_in, is_missing, number_in
from analytics.ingest.grid import Grid, Remark
from analytics.ingest.identifiers import header_words
from analytics.ingest.synonyms import ATTRIBUTE_HEADERS, HEADERS, squeezed

HEAD_ROWS = 30
FOOT_ROWS = 10
_MOST_SECOND_HEADERS = 3

_LONGEST_REPORT = 100_000
"""Rows; in a longer table no total is looked for above the foot: reports with subtotals are made for reading."""

_KNOWN_HEADERS = frozenset(name for names in HEADERS.values() for name in names) | ATTRIBUTE_HEADERS
_KNOWN_WORDS = frozenset({
    "patient", "client", "subject", "participant", "pt", "id", "code", "mrn", "name", "dob", "date", "day", "visit",
    "week", "session", "infusion", "treatment", "score", "total", "sum", "tot", "dose", "route", "pain", "site",
    "clinic", "age", "sex", "gender", "drug", "item", "question", "often", "weeks", "bothered", "completed",
    "assessment", "provider",
}) | {match[0] for key in BUILT_IN if (match := re.match(r"[a-z]{3,}", key))}

_LABEL = re.compile(
    r"(?:grand |overall |sub[- ]?)?(?:totals?|mean|average|avg|median|gesamt|summe|mittelwert|durchschnitt|moyenne|"
    r"promedio)(?:[\s:=().,±/+-]|scores?|patients|rows|records|count|sd|n|[0-9])*|n\s*=\s*[0-9]+", re.IGNORECASE)
_WEAK_LABEL = re.compile(
    r"(?:n|count|sum|sd|std\.?(?: ?dev\.?)?|st\. ?dev\.?|min|max|minimum|maximum|range|se)[\s:=0-9.]*", re.IGNORECASE)
_SUBTOTALS = ("Total", "TOTAL", "total", "Subtotal", "SUBTOTAL", "subtotal", "Sub-total", "Sub total", "Grand Total",
              "Grand total", "Total:", "Mean", "mean", "Average", "average", "Average:", "Mean:", "Median")
_REMARK = re.compile(
    r"[*†‡].*|(?:note|notes|source|legend|end of|generated|exported|printed|confidential)\b.*|\S+(?:\s+\S+){3,}",
    re.IGNORECASE | re.DOTALL)


def is_value(text: str) -> bool:
    """Whether a text writes a number or a date."""
    return number_in(text) is not None or date_in(text) is not None


def header_place(records: Sequence[Sequence[str]], named: Collection[str] = ()) -> int | None:
    """The place of the header among the first rows of a sheet; missing where no row can be told to be it.

    The first row that holds anything is the header, unless it fills half of the columns at most: then it is a title,
    and so are the rows like it below. A row that holds a header which the caller knows is the header in any case.
    """
    filled = [[cell.strip() for cell in record if cell.strip()] for record in records]
    places = [place for place, cells in enumerate(filled) if cells]
    if not places:
        return None
    for place in places:
        if named and not set(filled[place]).isdisjoint(named) and not _is_record(records, filled, place):
            return place
    first = places[0]
    widths = sorted(len(filled[place]) for place in places)
    # One row may have too many cells by mistake; above a header without rows a title of one cell is still told.
    width = widths[-1] if len(filled[first]) == 1 and len(places) < 4 else widths[-2:][0]
    if 2 * len(filled[first]) > width or any(map(_is_usual, filled[first])):
        return _below_groups(records, filled, first)
    place = next((place for place in places if 2 * len(filled[place]) > width), None)
    if place is None or not _names_columns(filled[place]) or _repeats(records, place):
        return None
    return _below_groups(records, filled, place)


def _is_record(records: Sequence[Sequence[str]], filled: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a row stands below usual names of columns and holds values, as one that names a measurement does."""
    is_below = any(_is_usual(cell) for cells in filled[:place] for cell in cells)
    return is_below and (any(map(is_value, filled[place])) or _repeats(records, place))


def _below_groups(records: Sequence[Sequence[str]], filled: Sequence[Sequence[str]], place: int) -> int:
    """One row further down where this one only groups the columns that the next one names.

    The next one names more columns, some of them alike and one of them by a usual name, which none has here; it holds
    no value, and its cells do not come again below.
    """
    above, below = filled[place], filled[place + 1] if place + 1 < len(filled) else []
    has_twins = len(set(below)) < len(below)
    if not has_twins or len(below) <= len(above) or any(map(is_value, below)):
        return place
    names_them = any(map(_is_usual, below)) and not any(map(_is_usual, above))
    return place + 1 if names_them and not _repeats(records, place + 1) else place


def _is_usual(cell: str) -> bool:
    return squeezed(cell) in _KNOWN_HEADERS


def _names_columns(cells: Sequence[str]) -> bool:
    if 2 * sum(map(is_value, cells)) >= len(cells):
        return False
    return any(_is_usual(cell) or not _KNOWN_WORDS.isdisjoint(header_words(cell))
               for cell in cells)


def _repeats(records: Sequence[Sequence[str]], place: int) -> bool:
    """Whether cells of a row come again below it, as those of a record do; a header comes again as a whole only."""
    header = list(records[place])
    others = [record for record in records[place + 1:] if any(record) and list(record) != header]
    n_again = sum(bool(cell.strip()) and any(column < len(record) and record[column] == cell for record in others)
                  for column, cell in enumerate(header))
    return not others or n_again > 1


def joined_header(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Names from two header rows: a label above goes for the columns to its right until the next."""
    names, label = [], ""
    for place, name in enumerate(lower):
        above = upper[place].strip() if place < len(upper) else ""
        label = above or label
        names.append(f"{label} {name.strip()}" if label and name.strip() else name.strip() or above)
    return names


def with_groups(above: Sequence[Sequence[str]], header: Sequence[str]) -> tuple[list[str], tuple[Remark, ...]]:
    """The header with the labels of the row above it where it needs them, and what is to be told of rows above."""
    rows = tuple(place + 1 for place, record in enumerate(above) if any(cell.strip() for cell in record))
    if not rows:
        return list(header), ()
    names = [cell.strip() for cell in header if cell.strip()]
    labels = [cell.strip() for cell in above[-1]]
    if len(set(names)) < len(names) and any(labels[1:]):
        joined = joined_header(labels, header)
        told = (Remark("header_joined", (len(above), len(above) + 1)),)
        if rows[:-1]:
            told += (Remark("header_moved", rows[:-1], words={"row": str(len(above))}),)
        return joined, told
    return list(header), (Remark("header_moved", rows, words={"row": str(len(above) + 1)}),)


def without_extra_rows(grid: Grid) -> Grid:
    """The table without second header rows, repeated headers, and totals, means and remarks at its foot."""
    n_rows = len(grid.rows)
    if n_rows == 0:
        return grid
    grid, n_second = _second_header(grid)
    second = np.arange(n_second)
    repeated = _repeated_headers(grid)
    totals = np.setdiff1d(_totals(grid), np.append(repeated, second))
    dropped = np.concatenate([second, repeated, totals])
    if not len(dropped) or len(dropped) >= n_rows:
        return grid
    keep = pa.array(np.delete(np.arange(n_rows), dropped))
    remarks = [Remark(code, tuple(grid.rows[places].tolist()))
               for code, places in (("second_header", second), ("repeated_header", repeated), ("total_row", totals))
               if len(places)]
    gone = set(grid.rows[dropped].tolist())
    return replace(grid, columns=tuple(column.take(keep) for column in grid.columns), rows=grid.rows[keep.to_numpy()],
                   short=tuple(row for row in grid.short if row not in gone), remarks=(*grid.remarks, *remarks))


def _records(grid: Grid, start: int, stop: int) -> list[list[str]]:
    """Some rows as lists of trimmed text."""
    columns = [[("" if cell is None else cell.strip()) for cell in column.slice(start, stop - start).to_pylist()]
               for column in grid.columns]
    return [list(cells) for cells in zip(*columns, strict=True)]


def _second_header(grid: Grid) -> tuple[Grid, int]:
    """How many rows below the header still belong to it; where they complete its names, with the names completed."""
    records = _records(grid, 0, HEAD_ROWS)
    count = 0
    most = min(_MOST_SECOND_HEADERS, len(records) - 1)
    while count < most and _is_second_header(records[count], records[count + 1:]):
        count += 1
    if not count:
        return grid, 0
    lower = records[0]
    completes = any(cell and not header.strip() for header, cell in zip(grid.headers, lower, strict=True))
    if not completes or not _names_columns([cell for cell in lower if cell]):
        return grid, count
    told = Remark("header_joined", (int(grid.rows[0]) - 1, int(grid.rows[0])))
    return replace(grid, headers=tuple(joined_header(grid.headers, lower)), remarks=(*grid.remarks, told)), count


def _is_second_header(record: list[str], below: list[list[str]]) -> bool:
    """Words, and nothing else, above at least two columns that hold numbers or dates."""
    words = [cell for cell in record if cell]
    if words and all(cell.startswith('{"ImportId"') for cell in words):
        return True
    if len(words) < 2 or any(map(is_value, words)):
        return False
    n_above_values = 0
    for place, word in enumerate(record):
        if not word or is_missing(word):
            continue
        cells = [other[place] for other in below if other[place]]
        n_values = sum(map(is_value, cells))
        n_above_values += n_values > 0 and n_values >= 0.6 * len(cells) and word not in cells
    return n_above_values >= 2


def _repeated_headers(grid: Grid) -> np.ndarray:
    """Places of rows that say the header again."""
    named = [(header, column) for header, column in zip(grid.headers, grid.columns, strict=True) if header.strip()][:4]
    if not named:
        return np.array([], dtype=np.int64)
    hit = None
    for header, column in named:
        same = pc.fill_null(pc.equal(column, pa.scalar(header)), False)
        hit = same if hit is None else pc.and_(hit, same)
        if not pc.any(hit).as_py():
            return np.array([], dtype=np.int64)
    return np.flatnonzero(hit.to_numpy(zero_copy_only=False) if isinstance(hit, pa.Array) else hit.to_numpy())


def _totals(grid: Grid) -> np.ndarray:
    """Places of rows of totals: at the foot by any such word, above it where the first cell is nothing else."""
    n_rows = len(grid.rows)
    start = max(0, n_rows - FOOT_ROWS)
    foot = _foot(_records(grid, start, n_rows), start)
    places = np.array(foot, dtype=np.int64)
    if n_rows <= _LONGEST_REPORT:
        above = pc.is_in(grid.columns[0], value_set=pa.array(_SUBTOTALS))
        places = np.union1d(places, np.flatnonzero(np.asarray(above.to_pylist(), dtype=bool)))
    places = np.unique(places).astype(np.int64)
    return places if len(places) <= max(4, 0.1 * n_rows) and len(places) < n_rows else places[:0]


def _foot(records: list[list[str]], start: int) -> list[int]:
    """Rows from the last one upwards that are totals; words such as ``min`` are that only beside a plain total."""
    found, weak = [], []
    for place in range(len(records) - 1, -1, -1):
        cells = [cell for cell in records[place] if cell]
        if not cells:
            continue
        if _LABEL.fullmatch(cells[0]) or (len(cells) == 1 and len(records[place]) > 2 and records[place][0]
                                         and _REMARK.fullmatch(cells[0])):
            found.append(start + place)
        elif _WEAK_LABEL.fullmatch(cells[0]):
            weak.append(start + place)
        else:
            break
    return found + weak if found else []
