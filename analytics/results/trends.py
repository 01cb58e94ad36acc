"""Control charts of what a clinic does over calendar time, and when they may speak.

One entry for every chart: ``chart_of``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.statistics.chart_signals import Both, Counts, Evidence, Ranges, Rates, Signals, signals
from analytics.statistics.control_charts import Chart, is_overdispersed, laney_p, p_chart, xmr

Kind = Literal["p", "xmr", "count"]
Drawn = Literal["p", "p_prime", "xmr"]
Why = Literal["", "too_few_periods", "too_few_events", "no_variation"]

LEAST_PERIODS = 8
"""Fewer judged periods than this make no limits, and no rule speaks."""

LEAST_FROZEN = 6
"""A frozen baseline with fewer periods than this is none."""

LEAST_COURSES = 5
"""A period of fewer courses has no rate and no mean: it is neither drawn nor judged."""

_FREEDOM = 2
"""Degrees of freedom that each course brings to the tail of a mean: as of means of skewed days (gamma, shape 2)."""

LEAST_EVENTS = 5
"""A baseline in which fewer courses than this achieved, or did not, makes no limits of a rate."""


@dataclass(frozen=True)
class TrendChart:
    """A series of periods with its centre, its limits and its signals; arrays of one element a period.

    Attributes
    ----------
    values : what is drawn: a rate (0 to 1), a mean or a count; nan where there is nothing or too little
    is_judged : the periods that made the limits (or were judged by them) and that the rules looked at
    centre : nan where there are too few periods
    low, high : limits of judged periods; nan elsewhere, and everywhere without limits
    is_outside, is_run, is_trend, is_near_limit : the points that belong to a signal of each rule
    kind : the chart: ``p``, ``p_prime`` (Laney's, where rates vary more than chance makes them) or ``xmr``
    ratio : Laney's ratio of a p' chart, else nan
    n_judged, n_baseline : periods with a value that were judged, and those that made the limits
    is_frozen : whether limits come from the first periods alone
    why : why there are no limits; empty where there are
    """

    values: np.ndarray
    is_judged: np.ndarray
    centre: float
    low: np.ndarray
    high: np.ndarray
    is_outside: np.ndarray
    is_run: np.ndarray
    is_trend: np.ndarray
    is_near_limit: np.ndarray
    kind: Drawn
    ratio: float
    n_judged: int
    n_baseline: int
    is_frozen: bool
    why: Why

    @property
    def is_signal(self) -> np.ndarray:
        """The points that belong to any signal."""
        return self.is_outside | self.is_run | self.is_trend | self.is_near_limit

    @property
    def can_speak(self) -> bool:
        """Whether there were enough periods for the rules."""
        return self.why == ""


def chart_of(
    x: np.ndarray | None, n: np.ndarray | None, values: np.ndarray | None = None, kind: Kind = "p",
    n_baseline: int | None = None, is_judged: np.ndarray | None = None,
) -> TrendChart:
    """The control chart of a series of periods, empty ones included.

    Parameters
    ----------
    x, n : courses that achieved and courses counted, one element a period. For ``p`` both; for ``xmr`` only n, the
        courses behind each value (missing: as many behind each); for ``count`` only x
    values : for ``xmr``, one mean a period, nan where there is none
    kind : ``p`` a rate, ``xmr`` a mean, ``count`` a count (an XmR chart whose signals must be rare as counts too)
    n_baseline : limits come from so many periods from the first judged one on; from all if not given
    is_judged : periods that may be judged; all if not given. The others make no limits, and no rule sees them

    Returns
    -------
    TrendChart
        A period of fewer than ``LEAST_COURSES`` courses has no value. Without limits and signals where fewer than
        ``LEAST_PERIODS`` are judged, the baseline has fewer than ``LEAST_FROZEN``, or a rate's baseline has fewer than
        ``LEAST_EVENTS`` courses with or without what is counted. Limits are the textbook's; a signal of a rule must
        also be as rare as the rule says (``statistics.chart_signals``), so that lumpy rates of few courses raise none.
    """
    series = _series(x, n, values, kind)
    judged = ~np.isnan(series.values) & (True if is_judged is None else np.asarray(is_judged, dtype=bool))
    start = int(np.argmax(judged)) if judged.any() else 0
    baseline = np.zeros(len(judged), dtype=bool)
    baseline[start:None if n_baseline is None else start + n_baseline] = True
    why = _too_little(series, judged, judged & baseline)
    if why:
        return _silent(series, judged, why)
    length = len(judged) - start if n_baseline is None else min(n_baseline, len(judged) - start)
    of = series.only(judged).since(start)
    chart, evidence, drawn = _charted(of, kind, length)
    if chart.why:
        return _silent(series, judged, "no_variation", chart.centre)
    return _spoken(series, judged, start, chart, drawn, signals(chart, evidence, length), length)


@dataclass(frozen=True)
class _Series:
    """Counts and values, arrays of one element a period; nan where there is none."""

    x: np.ndarray
    n: np.ndarray
    values: np.ndarray
    kind: Kind

    def only(self, judged: np.ndarray) -> _Series:
        """The same with nothing in the periods that are not judged."""
        return _Series(*(np.where(judged, one, np.nan) for one in (self.x, self.n, self.values)), self.kind)

    def since(self, start: int) -> _Series:
        return _Series(self.x[start:], self.n[start:], self.values[start:], self.kind)


def _series(x: np.ndarray | None, n: np.ndarray | None, values: np.ndarray | None, kind: Kind) -> _Series:
    if kind == "count":
        assert x is not None, "A chart of counts needs the counts."
        counts = np.asarray(x, dtype=float)
        return _Series(counts, np.full(len(counts), np.nan), counts, kind)
    if kind == "p":
        assert x is not None and n is not None, "A chart of rates needs both counts."
        x, n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
        enough = (n >= LEAST_COURSES) & ~np.isnan(x)
        with np.errstate(divide="ignore", invalid="ignore"):
            return _Series(x, n, np.where(enough, x / n, np.nan), kind)
    assert values is not None, "A chart of means needs the means."
    values = np.asarray(values, dtype=float)
    n = np.full(len(values), np.nan) if n is None else np.asarray(n, dtype=float)
    return _Series(np.full(len(values), np.nan), n, np.where(n < LEAST_COURSES, np.nan, values), kind)


def _too_little(series: _Series, judged: np.ndarray, baseline: np.ndarray) -> Why:
    if judged.sum() < LEAST_PERIODS or baseline.sum() < LEAST_FROZEN:
        return "too_few_periods"
    if series.kind == "p":
        had = series.x[baseline].sum()
        if min(had, series.n[baseline].sum() - had) < LEAST_EVENTS:
            return "too_few_events"
    return "too_few_events" if series.kind == "count" and series.x[baseline].sum() < LEAST_EVENTS else ""


def _charted(of: _Series, kind: Kind, n_baseline: int) -> tuple[Chart, Evidence, Drawn]:
    if kind == "count":
        chart = xmr(of.values, n_baseline)
        return chart, Counts(chart, n_baseline), "xmr"
    if kind == "xmr":
        chart = xmr(of.values, n_baseline)
        is_known = not np.isnan(of.n).all()
        return chart, Ranges(chart, np.fmax(chart.third, _error_of(of, n_baseline)), n_baseline,
                             _FREEDOM * of.n if is_known else None), "xmr"
    is_wide = is_overdispersed(of.x, of.n, n_baseline)
    chart = (laney_p if is_wide else p_chart)(of.x, of.n, n_baseline)
    exact = Rates(chart, of.x, of.n, n_baseline)
    if is_wide:
        return chart, Both(exact, Ranges(chart, chart.third, n_baseline)), "p_prime"
    return chart, exact, "p"


def _error_of(of: _Series, n_baseline: int) -> np.ndarray:
    """The standard error of each mean, from how much those in a row differ and how many courses are behind each.

    Here rows go across empty periods, where the chart's own ranges do not: few ranges would make narrow limits.
    """
    weight = np.where(np.isnan(of.n).all(), 1.0, of.n)
    seen = np.flatnonzero(~np.isnan(of.values[:n_baseline]))
    steps = np.abs(np.diff(of.values[seen])) / np.sqrt(1 / weight[seen][1:] + 1 / weight[seen][:-1])
    # The mean absolute difference of two normal values is 2 / sqrt(pi) of their standard deviation; root 2 is in n.
    return steps.mean() * np.sqrt(np.pi / 2) / np.sqrt(weight)


def _silent(series: _Series, judged: np.ndarray, why: Why, centre: float = np.nan) -> TrendChart:
    """A series that is drawn and not judged."""
    none, unknown = np.zeros(len(judged), dtype=bool), np.full(len(judged), np.nan)
    drawn: Drawn = "p" if series.kind == "p" else "xmr"
    return TrendChart(series.values, judged, centre, unknown, unknown, none, none, none, none, drawn, np.nan,
                      int(judged.sum()), 0, False, why)


def _spoken(
    series: _Series, judged: np.ndarray, start: int, chart: Chart, drawn: Drawn, found: Signals, n_baseline: int
) -> TrendChart:
    low, high = (np.where(judged, np.append(np.full(start, np.nan), edge), np.nan) for edge in (chart.low, chart.high))
    if series.kind == "count":
        low = np.maximum(low, 0)
    flags = (np.append(np.zeros(start, dtype=bool), one) for one in (
        found.is_outside, found.is_run, found.is_trend, found.is_near_limit))
    return TrendChart(series.values, judged, chart.centre, low, high, *flags, drawn, chart.ratio, int(judged.sum()),
                      chart.n_baseline, n_baseline < len(judged) - start, "")
