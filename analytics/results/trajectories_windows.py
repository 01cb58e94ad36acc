"""Where the points of a curve lie: windows of days, numbers of sessions, or visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.courses.rows import visit_labels
from analytics.courses.series import Series
from analytics.courses.sessions import NO_COURSE, CourseSessions

Axis = Literal["day", "session", "visit"]

OUTSIDE = -1
"""The window of a score that lies in none."""

WEEKLY = 12
"""Weeks with a window of their own; after them a window is four weeks wide."""

_WIDE = 4
_AROUND = 3
"""Week k is day 7k - 3 to 7k + 3, as everywhere."""

MOST_SESSIONS = 16
"""Sessions after which a curve of sessions ends."""


@dataclass(frozen=True)
class Windows:
    """The points of a curve, in order; both ends of a window belong to it.

    Attributes
    ----------
    axis : what the ends count: days from day 0, sessions of the course before the score, or places of visits
    first, last : arrays of int, one element a window; on the axes of days and sessions the first window is the
        start, where each course has its baseline, whenever that was taken
    at : array of float, where the point is drawn, in the unit of the ends
    until : last day that is looked at on the axes of days and sessions
    labels : the visits' own names, else empty
    """

    axis: Axis
    first: np.ndarray
    last: np.ndarray
    at: np.ndarray
    until: float
    labels: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.first)

    @property
    def has_start(self) -> bool:
        """Whether the first point is the baseline."""
        return self.axis != "visit"


def day_windows(until: int) -> Windows:
    """The start, days 1 to 3, each week to ``WEEKLY``, then four weeks at a time: those whose middle is in time."""
    weeks = np.arange(1, WEEKLY + 1)
    first, last = [0, 1, *(7 * weeks - _AROUND)], [0, _AROUND, *(7 * weeks + _AROUND)]
    while last[-1] < until:
        first.append(last[-1] + 1)
        last.append(last[-1] + 7 * _WIDE)
    starts, ends = np.array(first), np.array(last)
    at = (starts + ends) / 2
    fits = at <= until
    return Windows("day", starts[fits], ends[fits], at[fits], float(ends[fits][-1]))


def session_windows(sessions: CourseSessions, cohort: np.ndarray, until: int) -> Windows:
    """The start, and after 1, 2, ... sessions, as far as any course of the cohort came within so many days.

    Parameters
    ----------
    cohort : bool, one element a course
    """
    counts = (sessions.course != NO_COURSE) & (sessions.day < until)
    counts[counts] = cohort[sessions.course[counts]]
    most = min(int(sessions.number[counts].max(initial=0)), MOST_SESSIONS)
    numbers = np.arange(most + 1)
    return Windows("session", numbers, numbers, numbers.astype(float), float(until))


def visit_windows(of: Outcomes) -> Windows:
    """The visits in order; those that the rules name for before and after where the order is not known."""
    labels = visit_labels(of.tables)
    places = list(range(len(labels)))
    rules = of.rules.base
    if not of.tables.is_visit_order_known:
        places = [labels.index(one) for one in (rules.baseline_visit, rules.endpoint_visit) if one in labels]
    order = np.array(places, dtype=np.int64)
    return Windows("visit", order, order, np.arange(len(order), dtype=float), np.inf,
                   tuple(labels[place] for place in places))


def window_of(of_series: Series, windows: Windows, baseline_day: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """The window of each score, ``OUTSIDE`` for none; the start holds no score, because it is the baseline.

    Parameters
    ----------
    baseline_day : day of each course's baseline, nan where none: no score up to it is in a window, as it shows nothing
        of what came after
    origin : the day from which each course's windows count
    """
    if windows.axis == "visit":
        place = np.full(int(max(of_series.day.max(initial=0), windows.first.max(initial=0))) + 1, OUTSIDE)
        place[windows.first] = np.arange(len(windows))
        return place[of_series.day]
    day = of_series.day - origin[of_series.course]
    is_after = of_series.day > baseline_day[of_series.course]
    if windows.axis == "session":
        fits = (of_series.n_sessions >= 1) & (of_series.n_sessions < len(windows)) & (day <= windows.until)
        return np.where(fits & is_after, of_series.n_sessions, OUTSIDE)
    place = np.searchsorted(windows.first, day, side="right") - 1
    return np.where((place >= 1) & (day <= windows.last[-1]) & is_after, place, OUTSIDE)


def one_a_window(course: np.ndarray, window: np.ndarray, axis: Axis) -> np.ndarray:
    """Which scores stand for their course in their window; bool, of scores sorted by course, then day.

    The last in a window of days, the first after a number of sessions: what follows the last session for months must
    not stand for "after six sessions".
    """
    stands = window != OUTSIDE
    where = np.flatnonzero(stands)
    is_new = (course[where][1:] != course[where][:-1]) | (window[where][1:] != window[where][:-1])
    ends = np.insert(is_new, 0, True) if axis == "session" else np.append(is_new, True)
    stands[where] = ends[:len(where)]
    return stands
