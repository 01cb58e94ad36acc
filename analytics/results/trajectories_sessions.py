"""When sessions were given under a curve of scores: induction, maintenance and boosters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.courses.sessions import NO_COURSE, CourseSessions
from analytics.results.trajectories_windows import OUTSIDE, Windows

PHASES = ("induction", "maintenance", "booster")


@dataclass(frozen=True)
class SessionShares:
    """How many of the courses that started had a session in each window.

    Attributes
    ----------
    started : courses that started
    n : by phase, one element a window: on the axis of days courses with a session of that phase in the window, on that
        of sessions courses whose session of that number is of that phase. A booster is a course of its own: here it
        counts for the course before it, on that course's days, until the patient's next course that is none
    has_boosters : whether boosters can be placed: not on the axis of sessions, nor where days restart with each course
    """

    started: int
    n: dict[str, np.ndarray]
    has_boosters: bool


def session_shares(of: Outcomes, sessions: CourseSessions, windows: Windows, starts: np.ndarray) -> SessionShares:
    """Courses with a session in each window, by phase.

    Parameters
    ----------
    starts : bool, one element a course: those of the curve
    """
    own = sessions.course != NO_COURSE
    own[own] = starts[sessions.course[own]]
    course, day, number = sessions.course[own], sessions.day[own], sessions.number[own]
    window = _window(windows, day, number)
    found = {}
    for name, is_phase in (("induction", sessions.is_induction[own]), ("maintenance", ~sessions.is_induction[own])):
        found[name] = _courses_in(course[is_phase], window[is_phase], len(windows))
    has_boosters = windows.axis == "day" and not of.built.has_own_days
    if has_boosters:
        course, day = _booster_sessions(of, sessions, starts)
        found["booster"] = _courses_in(course, _window(windows, day, day), len(windows))
    return SessionShares(int(starts.sum()), found, has_boosters)


def _window(windows: Windows, day: np.ndarray, number: np.ndarray) -> np.ndarray:
    """The window of each session; the start is day 0, and holds no session where windows count sessions."""
    if windows.axis == "session":
        return np.where((number < len(windows)) & (day < windows.until), number, OUTSIDE)
    place = np.searchsorted(windows.first, day, side="right") - 1
    return np.where((place >= 0) & (day <= windows.last[-1]), place, OUTSIDE)


def _courses_in(course: np.ndarray, window: np.ndarray, n_windows: int) -> np.ndarray:
    """Different courses in each window, of sessions sorted by course, then day."""
    inside = window != OUTSIDE
    keys = course[inside] * n_windows + window[inside]
    is_new = np.append(True, keys[1:] != keys[:-1])[:len(keys)]
    return np.bincount(keys[is_new] % n_windows, minlength=n_windows)


def _booster_sessions(
    of: Outcomes, sessions: CourseSessions, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sessions of boosters, as those of the last course before that is none: its place and the day from its day 0."""
    is_booster = (of.courses["kind"] == "booster").to_numpy(bool)
    before = np.maximum.accumulate(np.where(is_booster, NO_COURSE, np.arange(len(is_booster))))
    follows = is_booster & (before != NO_COURSE)
    follows[follows] = starts[before[follows]] & (of.patient[before[follows]] == of.patient[follows])
    first_day = of.built.first_day[of.kept]
    chosen = sessions.course != NO_COURSE
    chosen[chosen] = follows[sessions.course[chosen]]
    booster = sessions.course[chosen]
    return before[booster], sessions.day[chosen] + first_day[booster] - first_day[before[booster]]
