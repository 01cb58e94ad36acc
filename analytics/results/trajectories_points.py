"""Which courses start a curve, and the score that stands for each of them at each point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.courses.series import Series
from analytics.courses.sessions import NO_COURSE, CourseSessions
from analytics.definitions.measures import LEFT_OUT
from analytics.results.trajectories_windows import Windows, one_a_window, window_of

STARTS = ("not_due", "no_endpoint")
"""Left out of the rate and still part of the course of scores: its points ask for no endpoint."""


def starting_courses(of: Outcomes, instrument: str, measure: str, stays: np.ndarray) -> np.ndarray:
    """Courses that are eligible for a measure whether or not their endpoint is known; bool, one element a course.

    Each has a baseline, because without one it is left out by another reason.
    """
    reason = _reasons(of, instrument, measure)
    return stays & np.isin(reason, [-1, *(LEFT_OUT.index(name) for name in STARTS)])


def _reasons(of: Outcomes, instrument: str, measure: str) -> np.ndarray:
    rows = of.rows_of(instrument)
    return rows["left_out" if measure == "response" else f"left_out_{measure}"].cat.codes.to_numpy()


def left_out(of: Outcomes, instrument: str, measure: str, stays: np.ndarray) -> dict[str, int]:
    """Courses that do not start a curve, by reason."""
    n = np.bincount(_reasons(of, instrument, measure)[stays] + 1, minlength=len(LEFT_OUT) + 1)[1:]
    return {name: int(one) for name, one in zip(LEFT_OUT, n, strict=True) if one and name not in STARTS}


@dataclass(frozen=True)
class Points:
    """One element a course and window in which it has a score, and what is known of each course.

    Attributes
    ----------
    course, window, total : arrays, one element a score that stands for its course in its window
    origin : day from which each course's windows count: 0, or that of the index score where the rules know no course
    last_session : day of each course's last session, from day 0; -inf without one
    n_sessions : sessions of each course on days before ``windows.until``
    """

    of: Outcomes
    series: Series
    windows: Windows
    course: np.ndarray
    window: np.ndarray
    total: np.ndarray
    origin: np.ndarray
    last_session: np.ndarray
    n_sessions: np.ndarray


def points(of: Outcomes, of_series: Series, sessions: CourseSessions, windows: Windows) -> Points:
    """The scores that stand for each course in each window; the baseline of every course at the start."""
    rows = of.rows_of(of_series.instrument.key)
    baseline_day = rows["baseline_day"].to_numpy(float, na_value=np.nan)
    origin = np.nan_to_num(baseline_day) if of.rules.base.counts_from_index else np.zeros(len(rows))
    window = window_of(of_series, windows, baseline_day, origin)
    stands = one_a_window(of_series.course, window, windows.axis)
    course, window, total = of_series.course[stands], window[stands], of_series.total[stands]
    if windows.has_start:
        begun = np.flatnonzero(~np.isnan(of_series.baseline))
        course, window = np.concatenate([begun, course]), np.concatenate([np.zeros(len(begun), np.int64), window])
        total = np.concatenate([of_series.baseline[begun], total])
    n_courses = len(of.courses)
    own = sessions.course != NO_COURSE
    last = np.full(n_courses, -np.inf)
    last[sessions.course[own]] = sessions.day[own]
    given = own & (sessions.day < windows.until)
    return Points(of, of_series, windows, course, window, total, origin, last,
                  np.bincount(sessions.course[given], minlength=n_courses))


def sample_lines(
    found: Points, starts: np.ndarray, most: int = 50, seed: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Places and scores of a seeded sample of courses, one after the other with nan between; for inside eyes only.

    """
    members = np.flatnonzero(starts)
    chosen = np.random.default_rng(seed).choice(members, min(most, len(members)), replace=False)
    is_chosen = np.zeros(len(starts), dtype=bool)
    is_chosen[chosen] = True
    inside = is_chosen[found.course]
    order = np.lexsort((found.window[inside], found.course[inside]))
    course, at = found.course[inside][order], found.windows.at[found.window[inside][order]]
    ends = np.flatnonzero(course[1:] != course[:-1]) + 1
    return np.insert(at, ends, np.nan), np.insert(found.total[inside][order], ends, np.nan)
