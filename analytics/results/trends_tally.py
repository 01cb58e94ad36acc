"""What a trend is made of: counts and means by cell, a cell being a period, or a site's period."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from analytics.courses.judgement import standing
from analytics.courses.outcomes import Outcomes
from analytics.courses.sessions import NO_COURSE, CourseSessions
from analytics.definitions.measures import LEFT_OUT, MEASURES, Measure
from analytics.results.cohorts import Strata
from analytics.results.rates import Counting, is_achieved, means, rates
from analytics.results.trends import Kind
from analytics.results.trends_periods import Periods, session_places
from analytics.statistics.proportions import wilson

PROCESS = ("volume", "sessions", "follow_up", "evaluated", "endpoint_day")
"""What is charted beside the measures of outcome: courses started, sessions given, and how the clinic measures."""


@dataclass(frozen=True)
class Asked:
    """What is charted.

    Attributes
    ----------
    what : key of a measure of outcome, or one of ``PROCESS``
    instrument : what it is read from
    """

    what: str
    instrument: str

    @property
    def kind(self) -> Kind:
        """The chart that it has."""
        if self.what in ("volume", "sessions"):
            return "count"
        return "xmr" if self.what in ("endpoint_day", "mean_improvement") else "p"

    @property
    def direction(self) -> Literal["benefit", "harm", "process"]:
        """What up means: better, worse, or neither."""
        if self.what in ("follow_up", "evaluated"):
            return "benefit"
        return MEASURES[self.what].direction if self.what in MEASURES else "process"

    @property
    def measure(self) -> Measure:
        """The measure whose reasons for leaving out apply."""
        return MEASURES.get(self.what, MEASURES["follow_up"])


@dataclass(frozen=True)
class Tally:
    """Counts and means, arrays of one element a cell.

    Attributes
    ----------
    x, n : courses that achieved and courses counted; nan where the series has no such count: a mean has no x, the
        number of courses or sessions has no n
    values : rates (0 to 1), means or counts; nan where there is nothing
    n_not_due : courses whose endpoint is not yet due
    """

    x: np.ndarray
    n: np.ndarray
    values: np.ndarray
    n_not_due: np.ndarray

    def of_site(self, place: int, n_periods: int) -> Tally:
        """The cells of one site, where they stand one site after the other."""
        own = slice(place * n_periods, (place + 1) * n_periods)
        return Tally(self.x[own], self.n[own], self.values[own], self.n_not_due[own])


def started(of: Outcomes) -> np.ndarray:
    """Courses that count as started: boosters stand in the number of sessions alone.

    A patient without a session started none, where the rules or the files know sessions.
    """
    return (of.courses["kind"] != "booster").to_numpy(bool) & ~standing(of.built).no_sessions[of.kept]


def count_tally(
    of: Outcomes, asked: Asked, found: Periods, group: np.ndarray, n_groups: int, sessions: CourseSessions | None
) -> Tally:
    """Courses started, or sessions given, in every cell.

    Parameters
    ----------
    group : each course's group, -1 outside the cohort
    """
    if asked.what == "sessions":
        assert sessions is not None, "The number of sessions is asked for with the sessions of the courses."
        place = session_places(of, found, sessions)
        group = np.append(group, -1)[np.where(sessions.course == NO_COURSE, len(group), sessions.course)]
    else:
        place = np.where(started(of), found.of_course, -1)
    chosen = (group >= 0) & (place >= 0)
    n_cells = n_groups * found.n
    counts = np.bincount((group * found.n + place)[chosen], minlength=n_cells).astype(float)
    return Tally(counts, np.full(n_cells, np.nan), counts, np.zeros(n_cells, dtype=int))


class CourseTally:
    """A rate or a mean of courses by cell, counted once for all that is asked of it."""

    def __init__(self, of: Outcomes, asked: Asked, cell: np.ndarray, n_cells: int) -> None:
        self.asked = asked
        self.n_cells = n_cells
        self.counting = Counting(of, asked.instrument, Strata(cell, ({},) * n_cells))
        self.reason = self.counting.reasons(asked.measure)

    @cached_property
    def tally(self) -> Tally:
        """The counts."""
        x, n, values = self._mean() if self.asked.kind == "xmr" else self._rate()
        return Tally(x, n, values, self.counting.per_cell(self.reason == LEFT_OUT.index("not_due")))

    def _rate(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        of, counted = self.counting, self.reason < 0
        achieved = is_achieved(of, self.asked.measure, counted) & counted
        if self.asked.what == "evaluated":
            counted = counted | np.isin(self.reason, [LEFT_OUT.index(one) for one in ("no_baseline", "no_endpoint")])
        x, n = of.per_cell(achieved), of.per_cell(counted)
        return x, n, _share(x, n)

    def _mean(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        of = self.counting
        if self.asked.what == "mean_improvement":
            results = means(of, self.asked.measure)
            values = np.array([np.nan if one.estimate is None else one.estimate for one in results], dtype=float)
            return np.full(self.n_cells, np.nan), np.array([one.n for one in results], dtype=int), values
        is_known = (self.reason < 0) & of.has_endpoint & ~np.isnan(of.endpoint_day)
        n = of.per_cell(is_known)
        total = np.bincount(of.cell[is_known], of.endpoint_day[is_known], self.n_cells)
        return np.full(self.n_cells, np.nan), n, _share(total, n)

    @property
    def intervals(self) -> tuple[np.ndarray, np.ndarray]:
        """95 % interval of each cell, nan where there is none; a mean of days has none."""
        if self.asked.what == "evaluated":
            return wilson(self.tally.x, self.tally.n)
        if self.asked.what == "endpoint_day":
            return np.full(self.n_cells, np.nan), np.full(self.n_cells, np.nan)
        results = (means if self.asked.kind == "xmr" else rates)(self.counting, self.asked.measure)
        edges = [[np.nan if edge is None else edge for edge in (one.low, one.high)] for one in results]
        low, high = np.array(edges, dtype=float).reshape(-1, 2).T
        return low, high

    @property
    def left_out(self) -> dict[str, int]:
        """Courses by the reason why they are left out, over all cells."""
        numbers = np.bincount(self.reason + 1, minlength=len(LEFT_OUT) + 1)[1:]
        taken = ("no_baseline", "no_endpoint") if self.asked.what == "evaluated" else ()
        return {name: int(one) for name, one in zip(LEFT_OUT, numbers, strict=True) if one and name not in taken}


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
