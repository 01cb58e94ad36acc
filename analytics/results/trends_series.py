"""One series over the periods with its chart, and the same of every site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.courses.sessions import CourseSessions
from analytics.results.cohorts import Strata, Where, in_cohort, strata
from analytics.results.trends import LEAST_COURSES, LEAST_PERIODS, TrendChart, chart_of
from analytics.results.trends_periods import MONTHS, Periods, Unit, periods
from analytics.results.trends_signals import Signal, State, signals_of, state_of
from analytics.results.trends_tally import Asked, CourseTally, Tally, count_tally, started

Standing = Literal["judged", "silent", "empty", "too_few", "not_due", "not_over", "not_whole"]
"""How a period stands: judged; with a value where there are too few periods for limits; without a course; with too
few courses for a value; with courses not yet due; not over by the as-of day; or begun before the files do."""


@dataclass(frozen=True)
class Trend:
    """One series with its chart, its signals and how each period stands.

    Attributes
    ----------
    unit, labels : the calendar unit and its periods
    attribute : the attribute of the files that the years come from; missing where there are dates
    lows, highs : 95 % interval of each period, nan where there is none
    n_courses : courses of the cohort that have a period, ``n_undated`` those that have none
    left_out : courses by reason over all periods; empty for the number of courses or sessions
    """

    asked: Asked
    unit: Unit
    labels: tuple[str, ...]
    attribute: str | None
    tally: Tally
    chart: TrendChart
    signals: tuple[Signal, ...]
    standing: tuple[Standing, ...]
    lows: np.ndarray
    highs: np.ndarray
    n_courses: int
    n_undated: int
    left_out: dict[str, int]

    @property
    def state(self) -> State:
        """What the chart says at a glance."""
        return state_of(self.chart, self.signals, self.asked.direction)


@dataclass(frozen=True)
class SiteTrend:
    """The chart of one site; a site that is not recorded is the value None."""

    site: str | None
    asked: Asked
    tally: Tally
    chart: TrendChart
    signals: tuple[Signal, ...]

    @property
    def state(self) -> State:
        """What the chart says at a glance."""
        return state_of(self.chart, self.signals, self.asked.direction)


def trend(
    of: Outcomes, asked: Asked, found: Periods, where: Where | None = None, sessions: CourseSessions | None = None,
    n_frozen: int | None = None,
) -> Trend:
    """One series over the periods.

    Parameters
    ----------
    sessions : from ``course_sessions``; needed for their number
    n_frozen : limits come from so many first periods; from all if not given
    """
    stays = in_cohort(of, where or {})
    cell = np.where(stays, found.of_course, -1)
    lows = highs = np.full(found.n, np.nan)
    left_out: dict[str, int] = {}
    if asked.kind == "count":
        tally = count_tally(of, asked, found, np.where(stays, 0, -1), 1, sessions)
        stays = stays & started(of) if asked.what == "volume" else stays
    else:
        courses = CourseTally(of, asked, cell, found.n)
        tally, (lows, highs), left_out = courses.tally, courses.intervals, courses.left_out
    chart = _chart(asked, tally, found, n_frozen)
    return Trend(asked, found.unit, found.labels, found.attribute, tally, chart, signals_of(chart),
                 _standing(asked, tally, found, chart), lows, highs, int((stays & (found.of_course >= 0)).sum()),
                 int((stays & (found.of_course < 0)).sum()), left_out)


def site_trends(
    of: Outcomes, asked: Asked, found: Periods, by: str, where: Where | None = None,
    sessions: CourseSessions | None = None, n_frozen: int | None = None,
) -> tuple[SiteTrend, ...]:
    """The same series of every value of an attribute, sorted by name, missing last."""
    sites = strata(of, (by,), in_cohort(of, where or {}))
    trends = []
    for label, own in zip(sites.labels, _tallies(of, asked, found, sites, sessions), strict=True):
        chart = _chart(asked, own, found, n_frozen)
        trends.append(SiteTrend(label[by], asked, own, chart, signals_of(chart)))
    return tuple(trends)


def _tallies(
    of: Outcomes, asked: Asked, found: Periods, sites: Strata, sessions: CourseSessions | None
) -> list[Tally]:
    """The counts of every site."""
    if asked.kind == "count":
        tally = count_tally(of, asked, found, sites.of_course, len(sites), sessions)
    else:
        is_in = (sites.of_course >= 0) & (found.of_course >= 0)
        cell = np.where(is_in, sites.of_course * found.n + found.of_course, -1)
        tally = CourseTally(of, asked, cell, len(sites) * found.n).tally
    return [tally.of_site(place, found.n) for place in range(len(sites))]


def _chart(asked: Asked, tally: Tally, found: Periods, n_frozen: int | None) -> TrendChart:
    is_judged = found.is_over & (tally.n_not_due == 0) & _is_whole(asked, tally, found)
    return chart_of(tally.x, tally.n, tally.values, asked.kind, n_frozen, is_judged)


def _is_whole(asked: Asked, tally: Tally, found: Periods) -> np.ndarray:
    """Periods whose number of courses or sessions is a whole one: after the one in which the files, or a site, begin.

    Before its first course a site was not open, and a row of noughts would say that it was idle.
    """
    if asked.kind != "count" or not tally.values.any():
        return np.ones(found.n, dtype=bool)
    began = int(np.argmax(tally.values > 0))
    return found.is_whole & ((np.arange(found.n) > began) | (began == 0))


def _standing(asked: Asked, tally: Tally, found: Periods, chart: TrendChart) -> tuple[Standing, ...]:
    """How each period stands; the first that applies."""
    n = np.full(found.n, LEAST_COURSES) if asked.kind == "count" else tally.n
    is_cut = ~_is_whole(asked, tally, found)
    conditions: tuple[tuple[Standing, np.ndarray], ...] = (
        ("not_over", ~found.is_over), ("not_due", tally.n_not_due > 0), ("not_whole", is_cut), ("empty", n == 0),
        ("too_few", n < LEAST_COURSES))
    told = np.full(found.n, "judged" if chart.can_speak else "silent", dtype=object)
    for name, is_so in reversed(conditions):
        told[is_so] = name
    return tuple(told)


def fitting_unit(
    of: Outcomes, asked: Asked, units: Sequence[Unit], where: Where | None = None, by: str | None = None,
    sessions: CourseSessions | None = None,
) -> Unit:
    """The finest calendar unit whose periods hold enough courses; the coarsest where none does.

    Three of four periods that are over need ``LEAST_COURSES``, and there must be enough of them for limits: of one
    series, or with ``by`` in at least half of the sites. Where no unit gives limits, the first condition alone decides.
    """
    calendars = [periods(of, unit) for unit in units]
    finest = calendars[0]
    tallies = _tallies(of, asked, finest, strata(of, (by,) if by else (), in_cohort(of, where or {})), sessions)
    sizes = [one.x if asked.kind == "count" else one.n for one in tallies]
    shares = [[_fits(size, finest, found) for size in sizes] for found in calendars]
    for is_enough in (lambda fit: fit == (True, True), lambda fit: fit[0]):
        for unit, fits in zip(units, shares, strict=True):
            if fits and 2 * sum(is_enough(fit) for fit in fits) >= len(fits):
                return unit
    return units[-1]


def _fits(size: np.ndarray, finest: Periods, found: Periods) -> tuple[bool, bool]:
    """Whether enough of a series' periods that are over have a value, and whether those are enough for limits.

    ``size`` are its courses in the finest periods, which coarser ones are made of.
    """
    months = (finest.first + np.arange(finest.n)) * MONTHS[finest.unit]
    n = np.bincount(months // MONTHS[found.unit] - found.first, size, found.n)
    has_value = n[found.is_over] >= LEAST_COURSES
    return bool(len(has_value) and has_value.sum() * 4 >= len(has_value) * 3), bool(has_value.sum() >= LEAST_PERIODS)
