"""The usable scores of one instrument, and the one that stands for each day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.statistics.order import in_order

NONE = -1
"""No assessment."""


@dataclass(frozen=True)
class Scores:
    """The usable assessments of one instrument, and the courses each may belong to.

    Attributes
    ----------
    total, self_harm, day, time, visit : arrays, one element an assessment
        ``total`` in points; ``self_harm`` the answer to item 9, nan where unknown; ``time`` minutes, nan where
        unknown; ``visit`` the code of the visit, -1 where none. On the visit axis ``day`` is that code.
    badness : total in the bad direction, so that more is worse on every instrument
    row, course : arrays, one element a pair of an assessment and a course of its patient
    """

    total: np.ndarray
    self_harm: np.ndarray
    day: np.ndarray
    time: np.ndarray
    visit: np.ndarray
    badness: np.ndarray
    row: np.ndarray
    course: np.ndarray


def usable_rows(table: pd.DataFrame, *, needs_day: bool, is_strict: bool) -> np.ndarray:
    """Which assessments may stand for before or after: none that was taken during or after a session.

    Parameters
    ----------
    needs_day : whether a row without a day is of no use
    is_strict : whether every item must have been answered
    """
    usable = np.ones(len(table), dtype=bool)
    if "timing" in table:
        usable &= ~table["timing"].isin(["during", "after"]).to_numpy()
    if is_strict and "n_items_missing" in table:
        usable &= ~(table["n_items_missing"].fillna(0) > 0).to_numpy(bool)
    if needs_day:
        usable &= table["day"].notna().to_numpy()
    return usable


def number_of(table: Mapping[str, pd.Series] | pd.DataFrame, name: str) -> np.ndarray:
    """A column as numbers; nan where it is missing, or there is none of that name beside ``total``."""
    if name not in table:
        return np.full(len(table["total"]), np.nan)
    return table[name].astype("Float64").to_numpy(float, na_value=np.nan)


def one_a_day(scores: Scores, row: np.ndarray, course: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the scores of one course and day the one that may stand for before; the others take no role."""
    day, time = scores.day[row], time_of_ties(scores.time[row], course, scores.day[row])
    self_harm = np.nan_to_num(scores.self_harm[row], nan=99)
    order = in_order(course, day, -time, -scores.badness[row], -self_harm)
    row, course, day = row[order], course[order], day[order]
    is_last = np.ones(len(row), dtype=bool)
    is_last[:-1] = (course[1:] != course[:-1]) | (day[1:] != day[:-1])
    return row[is_last], course[is_last]


def time_of_ties(time: np.ndarray, course: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Time of day where every score of that course and day has one, else 0, so that it decides nothing."""
    if np.isnan(time).all():
        return np.zeros(len(time))
    _, tie = np.unique(np.stack([course, day]), axis=1, return_inverse=True)
    n_unknown = np.bincount(tie, np.isnan(time))
    return np.where(n_unknown[tie] > 0, 0.0, time)


def last_written(
    row: np.ndarray, course: np.ndarray, preference: tuple[np.ndarray, ...], n_courses: int
) -> np.ndarray:
    """The preferred row of each course: the last by ``preference``, its last key first."""
    order = in_order(*preference[::-1])
    chosen = np.full(n_courses, NONE)
    chosen[course[order]] = row[order]
    return chosen
