"""Rows that stand in the files more than once, and files of which another one holds every row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.ingest.records import Rows, present


@dataclass(frozen=True)
class Repeats:
    """Rows of one table that share patient and place with another row.

    Attributes
    ----------
    places : their positions in the table
    frame : what they hold, one row each; two equal rows are one record given twice
    file : the file of each
    n_rows : rows of each file in the whole table
    """

    places: np.ndarray
    frame: pd.DataFrame
    file: np.ndarray
    n_rows: np.ndarray


def repeats(keys: tuple[np.ndarray, ...], rows: Rows, frame_of: Callable[[Rows], pd.DataFrame]) -> Repeats:
    """The rows whose keys occur more than once."""
    places = repeated_places(one_key(*keys))
    subset = rows.take(places)
    return Repeats(places, frame_of(subset), subset.file, np.bincount(rows.file))


def resent_files(scores: Repeats | None, sessions: Repeats | None, n_files: int) -> np.ndarray:
    """Files of which one other file holds every row; of two that hold each other, the later one."""
    tables = [one for one in (scores, sessions) if one is not None]
    if n_files < 2 or not any(len(one.places) for one in tables):
        return np.array([], dtype=np.int64)
    inside = np.ones((n_files, n_files), dtype=bool)
    has_rows = np.zeros(n_files, dtype=bool)
    for one in tables:
        n_rows = np.pad(one.n_rows, (0, n_files - len(one.n_rows)))
        inside &= _inside(one, n_rows) | (n_rows == 0)[:, None]
        has_rows |= n_rows > 0
    inside[~has_rows] = False
    np.fill_diagonal(inside, False)
    resent: list[int] = []
    for file in reversed(range(n_files)):
        others = np.flatnonzero(inside[file])
        if len(np.setdiff1d(others, resent)):
            resent.append(file)
    return np.array(sorted(resent), dtype=np.int64)


def _inside(table: Repeats, n_rows: np.ndarray) -> np.ndarray:
    """Whether every row of one file (first axis) stands in another (second axis) too."""
    inside = np.zeros((len(n_rows), len(n_rows)), dtype=bool)
    n_shared = np.bincount(table.file, minlength=len(n_rows))
    candidates = np.flatnonzero((n_shared == n_rows) & (n_rows > 0))
    if not len(candidates):
        return inside
    record = table.frame.groupby(list(table.frame.columns), dropna=False, sort=False).ngroup().to_numpy()
    records = {file: np.unique(record[table.file == file]) for file in present(table.file)}
    for file in candidates:
        for other, there in records.items():
            inside[file, other] = bool(np.isin(records[file], there).all())
    return inside


def one_key(*codes: np.ndarray) -> np.ndarray:
    """One whole number a row from several codes or days, equal where all of them are."""
    key = np.zeros(len(codes[0]), dtype=np.int64)
    for part in codes:
        low = int(part.min(initial=0))
        key *= int(part.max(initial=0)) - low + 1
        key += part.astype(np.int64) - low
    return key


def repeated_places(key: np.ndarray) -> np.ndarray:
    """Positions of the rows whose key occurs more than once."""
    ordered = np.sort(key)
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return np.flatnonzero(pd.Series(key).isin(again)) if len(again) else np.array([], dtype=np.int64)
