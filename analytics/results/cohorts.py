"""Which courses are asked about, and the strata they fall into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes

Where = Mapping[str, Sequence[str | None]]
"""Attribute to the values that stay; missing is the value None."""


@dataclass(frozen=True)
class Strata:
    """The cells of a grouping: ``of_course`` gives each course's cell, ``labels`` what each cell is."""

    of_course: np.ndarray
    labels: tuple[dict[str, str | None], ...]

    def __len__(self) -> int:
        return len(self.labels)


def column_of(outcomes: Outcomes, name: str) -> pd.Series:
    """The attribute of the courses by its header.

    Raises
    ------
    ValueError
        When no file holds it, or it is not something to group by.
    """
    groupable = groupable_names(outcomes)
    if name not in groupable:
        raise ValueError(f"There is no attribute called {name!r}; there are {', '.join(groupable) or 'none'}.")
    return outcomes.courses[name]


_NOT_GROUPS = {"patient_id", "course_id", "first_day", "started_on", "last_induction_day", "last_day", "dose_start",
               "dose_highest", "dose_last"}


def groupable_names(outcomes: Outcomes) -> tuple[str, ...]:
    """Columns of the courses that can be grouped and filtered by."""
    return tuple(name for name in outcomes.courses.columns if name not in _NOT_GROUPS)


def as_key(where: Where) -> tuple[tuple[str, tuple[str | None, ...]], ...]:
    """Filters as something that a dictionary takes as a key; their order means nothing."""
    return tuple(sorted((name, tuple(values)) for name, values in where.items()))


def in_cohort(outcomes: Outcomes, where: Where) -> np.ndarray:
    """Which courses have one of the given values in every given attribute."""
    stays = np.ones(len(outcomes.courses), dtype=bool)
    for name, values in where.items():
        stays &= _has_one_of(column_of(outcomes, name), values)
    return stays


def _has_one_of(column: pd.Series, values: Sequence[str | None]) -> np.ndarray:
    words = [value for value in values if value is not None]
    if isinstance(column.dtype, pd.CategoricalDtype):
        wanted = column.cat.categories.astype("str").isin(words)
        return np.append(wanted, None in values)[column.cat.codes.to_numpy()]
    column = column.astype("str")
    return column.isin(words).to_numpy(bool) | (column.isna().to_numpy() if None in values else False)


def strata(outcomes: Outcomes, by: Sequence[str], stays: np.ndarray) -> Strata:
    """The cells of the given attributes, crossed, that hold a course; sorted, missing last.

    Courses that are not in the cohort have the cell -1.
    """
    if not by:
        return Strata(np.where(stays, 0, -1), ({},))
    coded = [_coded(column_of(outcomes, name)) for name in by]
    cell = np.zeros(len(stays), dtype=np.int64)
    for codes, words in coded:
        cell = cell * (len(words) + 1) + np.where(codes < 0, len(words), codes)
    present, dense = np.unique(cell[stays], return_inverse=True)
    of_course = np.full(len(stays), -1)
    of_course[stays] = dense
    return Strata(of_course, tuple(_label(int(one), by, coded) for one in present))


def _coded(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Codes in the order of the sorted words, -1 where missing."""
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.categories.is_monotonic_increasing:
        return column.cat.codes.to_numpy(np.int64), column.cat.categories
    codes, words = pd.factorize(column.astype("str"), sort=True)
    return codes.astype(np.int64), pd.Index(words)


def _label(cell: int, by: Sequence[str], coded: list) -> dict[str, str | None]:
    label: dict[str, str | None] = {}
    for name, (_, words) in zip(reversed(by), reversed(coded), strict=True):
        cell, code = divmod(cell, len(words) + 1)
        label[name] = str(words[code]) if code < len(words) else None
    return {name: label[name] for name in by}
