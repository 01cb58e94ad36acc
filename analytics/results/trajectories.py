"""The course of scores: mean, interval and quartiles at every point of time, and who is in each point and who not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.results.cohorts import strata
from analytics.results.trajectories_points import Points, left_out, starting_courses
from analytics.results.trajectories_windows import OUTSIDE, Windows
from analytics.statistics.means import mean_and_sd, mean_interval

MOST_LINES = 7
"""More groups than this cannot be told apart in one picture."""

QUARTILES = (0.25, 0.5, 0.75)

_NO_WIDTH = 1e-9
"""Up to this many points an interval is rounding and no interval."""


@dataclass(frozen=True)
class Trajectory:
    """The scores of one group of courses; arrays of one element a window.

    Attributes
    ----------
    started : courses of the group; at every window ``n`` and ``absent`` add up to it
    n : courses with a score in the window
    mean, low, high : in points, with the 95 % t interval; nan where nobody has a score, the interval also where one
        patient alone has, or all scores are the same
    quartiles : shape (3, windows), in points: 25, 50 and 75 %
    is_clustered : whether a patient is in the window with more than one course, which the interval allows for
    absent : courses without a score there, by reason: ``next_course`` had begun before the window, ``not_yet`` known
        to its end, ``fewer_sessions`` had by then, ``no_score``
    baseline_of_present : mean baseline of those with a score in the window
    n_treated, n_treated_started : those of the window, and of all who started, with a session of the course in the
        window or later; -1 where the axis is no time or the rules look at no session
    """

    stratum: dict[str, str | None]
    started: int
    n: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    quartiles: np.ndarray
    is_clustered: np.ndarray
    absent: dict[str, np.ndarray]
    baseline_of_present: np.ndarray
    n_treated: np.ndarray
    n_treated_started: np.ndarray

    @property
    def is_half(self) -> np.ndarray:
        """Whether half or more of those who started have a score in each window."""
        return 2 * self.n >= self.started


@dataclass(frozen=True)
class Trajectories:
    """The course of scores of one cohort, whole and by group.

    Attributes
    ----------
    courses : courses of the filters; always ``whole.started + sum(left_out.values())``
    left_out : courses by reason, in the order of ``LEFT_OUT``; only those above 0
    groups : the largest ``MOST_LINES`` in the order of their names; empty where none were asked for
    n_groups : how many there are
    """

    instrument: str
    measure: str
    windows: Windows
    courses: int
    left_out: dict[str, int]
    whole: Trajectory
    groups: tuple[Trajectory, ...]
    n_groups: int


def trajectories(
    found: Points, measure: str, stays: np.ndarray, by: str | None = None, among: np.ndarray | None = None
) -> Trajectories:
    """The course of scores of the courses that are eligible for a measure and have a baseline.

    Parameters
    ----------
    found : the points of the measure's instrument
    stays : which courses the filters keep
    by : an attribute whose values are lines of their own
    among : courses that are looked at beyond that, where not all are; the others are left out by no name
    """
    of, key = found.of, found.series.instrument.key
    stays = stays if among is None else stays & among
    starts = starting_courses(of, key, measure, stays)
    whole = _trajectories(found, np.where(starts, 0, OUTSIDE), ({},))[0]
    groups: tuple[Trajectory, ...] = ()
    n_groups = 0
    if by is not None:
        cells = strata(of, (by,), starts)
        n_groups = len(cells)
        largest = np.argsort(-np.bincount(cells.of_course[starts], minlength=n_groups), kind="stable")[:MOST_LINES]
        shown = np.sort(largest)
        place = np.full(n_groups + 1, OUTSIDE)
        place[shown] = np.arange(len(shown))
        groups = _trajectories(found, place[cells.of_course], tuple(cells.labels[one] for one in shown))
    return Trajectories(key, measure, found.windows, int(stays.sum()), left_out(of, key, measure, stays), whole,
                        groups, n_groups)


def _trajectories(
    found: Points, group: np.ndarray, labels: tuple[dict[str, str | None], ...]
) -> tuple[Trajectory, ...]:
    """One curve a group; ``group`` is the place of each course's label, ``OUTSIDE`` for none."""
    n_groups, n_windows = len(labels), len(found.windows)
    inside = group[found.course] != OUTSIDE
    course, window, total = found.course[inside], found.window[inside], found.total[inside]
    cell = group[course] * n_windows + window
    shape = (n_groups, n_windows)
    n = np.bincount(cell, minlength=n_groups * n_windows)
    mean, _ = mean_and_sd(total, cell, n_groups * n_windows)
    start, _ = mean_and_sd(found.series.baseline[course], cell, n_groups * n_windows)
    low, high, is_clustered = _intervals(found, group, course, window, total, shape)
    quartiles = _quartiles(total, cell, n)
    started = np.bincount(group[group != OUTSIDE], minlength=n_groups)
    absent = _absent(found, group, course, window, shape)
    treated = _treated(found, group, course, window, shape)
    n, mean, start, low, high = (one.reshape(shape) for one in (n, mean, start, low, high))
    return tuple(Trajectory(
        label, int(started[place]), n[place], mean[place], low[place], high[place],
        quartiles.reshape(3, *shape)[:, place], is_clustered.reshape(shape)[place],
        {name: counts[place] for name, counts in absent.items()}, start[place],
        treated[0][place], treated[1][place]) for place, label in enumerate(labels))


def _intervals(
    found: Points, group: np.ndarray, course: np.ndarray, window: np.ndarray, total: np.ndarray,
    shape: tuple[int, int],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ends of each cell's interval, and whether a patient is in it more than once."""
    n_groups, n_windows = shape
    own = found.of.patient * n_groups + np.maximum(group, 0)
    is_shared = (np.bincount(own[group != OUTSIDE], minlength=int(own.max(initial=-1)) + 1) > 1)[own]
    # The score of a patient with one course in the group is a cluster by itself; only the others need be summed up.
    of_shared = is_shared[course]
    keys, cluster = np.unique(own[course[of_shared]], return_inverse=True)
    where = cluster * n_windows + window[of_shared]
    sizes = np.bincount(where, minlength=len(keys) * n_windows)
    sums = np.bincount(where, total[of_shared], len(keys) * n_windows)
    cell = ((keys % n_groups)[:, None] * n_windows + np.arange(n_windows)).ravel()
    lone = ~of_shared
    low, high = mean_interval(
        np.append(sums, total[lone]), np.append(sizes, np.ones(int(lone.sum()), np.int64)),
        np.append(cell, group[course[lone]] * n_windows + window[lone]), n_groups * n_windows)
    has_width = high - low > _NO_WIDTH
    is_clustered = np.bincount(cell[sizes > 1], minlength=n_groups * n_windows) > 0
    return np.where(has_width, low, np.nan), np.where(has_width, high, np.nan), is_clustered


def _quartiles(total: np.ndarray, cell: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Quartiles of each cell, shape (3, cells): type 7 of R; nan where there is no score."""
    order = np.argsort(cell.astype(np.int16), kind="stable")
    found = np.full((len(QUARTILES), len(n)), np.nan)
    for place, values in enumerate(np.split(total[order], np.cumsum(n)[:-1])):
        if len(values):
            found[:, place] = np.quantile(values, QUARTILES)
    return found


def _absent(
    found: Points, group: np.ndarray, course: np.ndarray, window: np.ndarray, shape: tuple[int, int]
) -> dict[str, np.ndarray]:
    """Courses of each group without a score in each window, by the first reason that applies; shape of the cells."""
    windows, of_series = found.windows, found.series
    members = np.flatnonzero(group != OUTSIDE)
    has_score = np.zeros((len(group), shape[1]), dtype=bool)
    has_score[course, window] = True
    reasons: dict[str, np.ndarray] = {}
    rest = ~has_score[members]
    if windows.axis == "day":
        reasons["next_course"] = of_series.next_day[members][:, None] < windows.first
        reasons["not_yet"] = (
            of_series.last_known_day - found.origin)[members][:, None] < windows.last
    elif windows.axis == "session":
        reasons["fewer_sessions"] = found.n_sessions[members][:, None] < windows.first
    reasons["no_score"] = np.ones_like(rest)
    counted = {}
    for name, applies in reasons.items():
        counted[name] = _per_group(rest & applies, group[members], shape)
        rest &= ~applies
    return counted


def _per_group(chosen: np.ndarray, group: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """How many courses of each group are chosen in each window; ``chosen`` has a row a course."""
    return np.stack([np.count_nonzero(chosen[group == one], axis=0) for one in range(shape[0])])


def _treated(
    found: Points, group: np.ndarray, course: np.ndarray, window: np.ndarray, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Courses with a session in each window or later: of those with a score there, and of all who started."""
    is_looked_at = np.isfinite(found.last_session).any() and not found.of.rules.base.counts_from_index
    if found.windows.axis != "day" or not is_looked_at:
        return np.full(shape, -1), np.full(shape, -1)
    first = found.windows.first
    present = found.last_session[course] >= first[window]
    of_window = np.bincount((group[course] * shape[1] + window)[present], minlength=shape[0] * shape[1])
    members = np.flatnonzero(group != OUTSIDE)
    everyone = _per_group(found.last_session[members][:, None] >= first, group[members], shape)
    return of_window.reshape(shape), everyone
