"""Signals that chance makes no more often than the rules of a control chart promise.

The four rules promise their rates of false alarm for a normal process whose centre and limits are known. Rates of few
courses are lumpy and skewed, and limits from few points miss. So a signal of a rule must here also be as rare as the
rule says, against the other points of the baseline: a point outside has a tail of at most that of three standard
errors, seven on one side are together as rare as seven tosses of a coin, two near a limit as two beyond two errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from analytics.statistics.control_charts import RUN, Chart

OUTSIDE = 0.0013498980316300933
"""The normal tail beyond three standard errors."""

NEAR = 0.02275013194817921
"""The normal tail beyond two standard errors."""

ROW = 2.0**-RUN
_ROW_BITS = RUN - 0.35
"""A coin that falls to one side in 52 of 100 tosses still counts as even."""

_HAIR = 1e-9
_RANGE_FREEDOM = 0.62
"""Degrees of freedom that each moving range brings; Ryan 2011, Statistical methods for quality improvement."""


@dataclass(frozen=True)
class Signals:
    """The points that belong to a signal of each rule, arrays of bool."""

    is_outside: np.ndarray
    is_run: np.ndarray
    is_trend: np.ndarray
    is_near_limit: np.ndarray


class Evidence(Protocol):
    """How rare points are if nothing changed."""

    def tail(self, places: np.ndarray, side: int) -> float:
        """The chance that these points together lie so far on this side (1 above, -1 below), or further."""

    def on_side(self, places: np.ndarray, side: int) -> np.ndarray:
        """The chance of each point to lie on this side of the centre."""


@dataclass(frozen=True)
class Ranges:
    """Values whose spread is read from moving ranges: normal, their centre and spread not quite known.

    ``error`` is the standard error of each point. Points of the baseline made the limits themselves, which holds them
    in; those after a frozen baseline are predicted from it, as a mean with Student's t. ``freedom``, where given, are
    the degrees of freedom of each point's own tail: the mean of a few skewed values is not normal.
    """

    chart: Chart
    error: np.ndarray
    n_baseline: int
    freedom: np.ndarray | None = None

    def tail(self, places: np.ndarray, side: int) -> float:
        from scipy.special import ndtr, stdtr

        z = side * (self.chart.values[places] - self.chart.centre) / self.error[places]
        if (places < self.n_baseline).all():
            return float(np.prod(ndtr(-z) if self.freedom is None else stdtr(self.freedom[places], -z)))
        seen = self.chart.n_baseline
        spread = np.sqrt(1 / len(places) + 1 / seen)
        return float(stdtr(max(_RANGE_FREEDOM * (seen - 1), 1), -z.mean() / spread))

    def on_side(self, places: np.ndarray, side: int) -> np.ndarray:
        return np.full(len(places), 0.5)


@dataclass(frozen=True)
class Rates:
    """Counts x of n: exact, given how many there are in all (hypergeometric)."""

    chart: Chart
    x: np.ndarray
    n: np.ndarray
    n_baseline: int

    def tail(self, places: np.ndarray, side: int) -> float:
        others = _others(self.chart, places, self.n_baseline)
        x, n = int(self.x[places].sum()), int(self.n[places].sum())
        had, whole = x + int(self.x[others].sum()), n + int(self.n[others].sum())
        return hypergeometric_tail(x, n, had, whole) if side > 0 else hypergeometric_tail(n - x, n, whole - had, whole)

    def on_side(self, places: np.ndarray, side: int) -> np.ndarray:
        from scipy.special import bdtr, bdtrc

        n, centre = self.n[places].astype(int), self.chart.centre
        middle = n * centre
        if side > 0:
            return bdtrc(np.floor(middle + _HAIR), n, centre)
        below = np.ceil(middle - _HAIR) - 1
        return np.where(below < 0, 0.0, bdtr(np.maximum(below, 0), n, centre))


@dataclass(frozen=True)
class Counts:
    """Counts of equal spans: exact, given how many there are in all (binomial), and as rare by their moving ranges."""

    chart: Chart
    n_baseline: int

    @cached_property
    def ranges(self) -> Ranges:
        """The same points by their moving ranges."""
        return Ranges(self.chart, self.chart.third, self.n_baseline)

    def tail(self, places: np.ndarray, side: int) -> float:
        from scipy.special import bdtr, bdtrc

        others = _others(self.chart, places, self.n_baseline)
        x = int(self.chart.values[places].sum())
        whole, share = x + int(self.chart.values[others].sum()), len(places) / (len(places) + len(others))
        exact = bdtr(x, whole, share) if side < 0 else bdtrc(x - 1, whole, share) if x > 0 else 1.0
        is_after = (places >= self.n_baseline).any()
        return max(float(exact), self.ranges.tail(places, side)) if is_after else float(exact)

    def on_side(self, places: np.ndarray, side: int) -> np.ndarray:
        from scipy.special import pdtr, pdtrc

        centre = self.chart.centre
        below = np.ceil(centre - _HAIR) - 1
        chance = pdtrc(np.floor(centre + _HAIR), centre) if side > 0 else pdtr(below, centre) if below >= 0 else 0.0
        return np.full(len(places), float(chance))


@dataclass(frozen=True)
class Both:
    """The more careful of two."""

    one: Evidence
    other: Evidence

    def tail(self, places: np.ndarray, side: int) -> float:
        return max(self.one.tail(places, side), self.other.tail(places, side))

    def on_side(self, places: np.ndarray, side: int) -> np.ndarray:
        return np.maximum(self.one.on_side(places, side), self.other.on_side(places, side))


def hypergeometric_tail(x: int, n: int, had: int, whole: int) -> float:
    """The chance that of n drawn from a whole at least x are among those that had it.

    Summed from the largest term down by its logarithm: loading ``scipy.stats`` would hold up the first chart by a
    second.
    """
    from scipy.special import gammaln

    k = np.arange(max(x, 0, n + had - whole), min(n, had) + 1)
    if not len(k):
        return 0.0

    def log_choose(of: int, some: np.ndarray | int) -> np.ndarray:
        return gammaln(of + 1) - gammaln(np.asarray(some) + 1) - gammaln(of - np.asarray(some) + 1)

    log_terms = log_choose(had, k) + log_choose(whole - had, n - k) - log_choose(whole, n)
    return float(min(np.exp(log_terms).sum(), 1.0))


def _others(chart: Chart, places: np.ndarray, n_baseline: int) -> np.ndarray:
    """The points of the baseline that are not among these."""
    is_other = ~np.isnan(chart.values)
    is_other[n_baseline:] = False
    is_other[places] = False
    return np.flatnonzero(is_other)


def signals(chart: Chart, evidence: Evidence, n_baseline: int) -> Signals:
    """The signals of a chart that are as rare as their rules say.

    Parameters
    ----------
    chart : its own flags are the textbook's; each is looked at again
    evidence : how rare points are if nothing changed
    n_baseline : the first so many points are the baseline, empty ones included

    Returns
    -------
    Signals
        Rising or falling points need no limits: their flags stay as they are.
    """
    side = np.sign(chart.values - chart.centre)
    is_outside = chart.is_outside.copy()
    for place in np.flatnonzero(is_outside):
        is_outside[place] = evidence.tail(np.array([place]), int(side[place])) <= OUTSIDE * (1 + _HAIR)
    return Signals(is_outside, _rows(chart, evidence, n_baseline, side), chart.is_trend.copy(),
                   _near(chart, evidence, n_baseline, side))


def _rows(chart: Chart, evidence: Evidence, n_baseline: int, side: np.ndarray) -> np.ndarray:
    """Points on one side that are together as rare as seven tosses; after a frozen baseline also as far from it."""
    found = np.zeros(len(chart.values), dtype=bool)
    places = np.flatnonzero(~np.isnan(chart.values))
    flagged = chart.is_run[places]
    breaks = np.flatnonzero((flagged[1:] != flagged[:-1]) | (side[places][1:] != side[places][:-1])) + 1
    for row in np.split(places, breaks):
        if not len(row) or not chart.is_run[row[0]]:
            continue
        way = int(side[row[0]])
        with np.errstate(divide="ignore"):
            bits = -np.log2(evidence.on_side(row, way)).sum()
        windows = [row[start:start + RUN] for start in range(len(row) - RUN + 1) if row[start + RUN - 1] >= n_baseline]
        is_far = row[RUN - 1] < n_baseline or any(evidence.tail(window, way) <= ROW for window in windows)
        found[row] = bits >= _ROW_BITS and is_far
    return found


def _near(chart: Chart, evidence: Evidence, n_baseline: int, side: np.ndarray) -> np.ndarray:
    """Two of three beyond two thirds of the way to one limit, each as rare; after a frozen baseline both together."""
    found = np.zeros(len(chart.values), dtype=bool)
    seen = np.flatnonzero(~np.isnan(chart.values))
    is_near = chart.is_near_limit[seen]
    for apart in (1, 2):
        for place in np.flatnonzero(is_near[:-apart] & is_near[apart:]):
            pair = seen[[place, place + apart]]
            way = int(side[pair[0]])
            if side[pair[1]] != way:
                continue
            if pair[1] < n_baseline:
                is_rare = all(evidence.tail(pair[[one]], way) <= NEAR * (1 + _HAIR) for one in (0, 1))
            else:
                is_rare = evidence.tail(pair, way) <= NEAR**2
            found[pair] |= is_rare
    return found
