"""Control charts: whether a series of months varies more than it always has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RUN = 7
"""So many points in a row on one side of the centre, or each higher (lower) than the one before."""

_ALLOWANCE = 1e-9
_MEAN_RANGE_OF_TWO = 1.128
"""What the mean range of two is, in standard deviations: the constant d2 of Shewhart's charts."""

OVERDISPERSED = 0.05
"""The tail of chance below which rates vary too much for a p chart."""

_OUTER = 0.1
_LEFT_OF_VARIANCE = 0.6787
"""The variance of a normal value whose outer tenths were drawn in: 0.8 - 2 z f(z) + 0.2 z squared at z = 1.2816."""

_XMR_FACTOR = 2.66
"""3 / 1.128, as every book prints it."""


@dataclass(frozen=True)
class Chart:
    """A series with its centre, its limits and the points that signal.

    Attributes
    ----------
    values : array, one element a point; nan is an empty point, drawn as empty
    centre : float, nan where there is no point to go by
    low, high : arrays, the limits of each point, clipped to what the values can be; nan where unknown
    is_outside, is_run, is_trend, is_near_limit : arrays of bool, the points that belong to a signal of each rule
    ratio : float, Laney's ratio of the variation between points to that of chance; nan on other charts
    n_baseline : int, the points that centre and limits were made from
    why : str, why there are no limits; else empty
    third : array, a third of the way from the centre to a limit before it was clipped; nan where unknown
    """

    values: np.ndarray
    centre: float
    low: np.ndarray
    high: np.ndarray
    is_outside: np.ndarray
    is_run: np.ndarray
    is_trend: np.ndarray
    is_near_limit: np.ndarray
    ratio: float
    n_baseline: int
    why: str
    third: np.ndarray


def xmr(values: np.ndarray, n_baseline: int | None = None) -> Chart:
    """Single values: limits at the mean and 2.66 mean moving ranges.

    Parameters
    ----------
    values : array of float, in order of time; nan is an empty point
        A moving range is taken between neighbours only, never across an empty point.
    n_baseline : centre and limits come from so many first points, empty ones included; from all if not given

    Returns
    -------
    Chart
        Without limits where no two neighbours were seen, or where the baseline never varied.

    Source
    ------
    Wheeler and Chambers 1992, Understanding statistical process control, 2nd ed.
    """
    values = np.asarray(values, dtype=float)
    frozen = values[:n_baseline]
    seen = frozen[~np.isnan(frozen)]
    ranges = np.abs(np.diff(frozen))
    ranges = ranges[~np.isnan(ranges)]
    centre = float(seen.mean()) if len(seen) else np.nan
    third = _XMR_FACTOR / 3 * ranges.mean() if len(ranges) else np.nan
    return _chart(values, centre, np.full(len(values), third), len(seen))


def c_chart(counts: np.ndarray, n_baseline: int | None = None) -> Chart:
    """Counts of events over equal spans: limits at the mean and three roots of the mean, not below 0.

    Parameters
    ----------
    counts, n_baseline : as the values of xmr

    Source
    ------
    Montgomery 2013, Introduction to statistical quality control, 7th ed., section 7.3; as qicharts2
    """
    counts = np.asarray(counts, dtype=float)
    seen = counts[:n_baseline][~np.isnan(counts[:n_baseline])]
    centre = float(seen.mean()) if len(seen) else np.nan
    return _chart(counts, centre, np.full(len(counts), np.sqrt(centre)), len(seen), lowest=0.0)


def p_chart(x: np.ndarray, n: np.ndarray, n_baseline: int | None = None) -> Chart:
    """Rates with a varying n: limits three standard errors away, clipped to 0 and 1.

    Parameters
    ----------
    x, n : arrays of counts, one element a point; where n is 0 or unknown the point is empty
    n_baseline : as for xmr

    Returns
    -------
    Chart
        Without limits where the baseline has no course, none that achieved, or nothing but those.

    Source
    ------
    Montgomery 2013, section 7.2; as qicharts2
    """
    return _rates(x, n, n_baseline, is_laney=False)


def laney_p(x: np.ndarray, n: np.ndarray, n_baseline: int | None = None) -> Chart:
    """As p_chart, its limits multiplied by how much more (or less) neighbours differ than chance makes them.

    Parameters
    ----------
    x, n, n_baseline : as for p_chart

    Returns
    -------
    Chart
        ratio is the multiplier; use the chart where it is above 1.

    Source
    ------
    Laney 2002, Qual Eng 14:531
    """
    return _rates(x, n, n_baseline, is_laney=True)


def _rates(x: np.ndarray, n: np.ndarray, n_baseline: int | None, is_laney: bool) -> Chart:
    x, n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    n = np.where((n > 0) & ~np.isnan(x), n, np.nan)
    shares, frozen = x / n, ~np.isnan(n[:n_baseline])
    counted = n[:n_baseline][frozen].sum()
    centre = float(x[:n_baseline][frozen].sum() / counted) if counted else np.nan
    error = np.sqrt(centre * (1 - centre) / n)
    ratio = np.nan
    if is_laney and 0 < centre < 1:
        steps = np.abs(np.diff(((shares - centre) / error)[:n_baseline]))
        steps = steps[~np.isnan(steps)]
        ratio = float(steps.mean() / _MEAN_RANGE_OF_TWO) if len(steps) else np.nan
    return _chart(shares, centre, error * ratio if is_laney else error, int(frozen.sum()), 0.0, 1.0, ratio)


def _chart(
    values: np.ndarray, centre: float, third: np.ndarray, n_seen: int, lowest: float = -np.inf,
    highest: float = np.inf, ratio: float = np.nan,
) -> Chart:
    """The chart from the third of the way to a limit, one element a point."""
    why = ""
    if np.isnan(centre):
        why = "The baseline has no point with a value."
    elif not (third[~np.isnan(third)] > _ALLOWANCE * max(1.0, abs(centre))).any():
        third = np.full(len(values), np.nan)
        why = "The baseline leaves the usual variation unknown: it has no two neighbouring points, or they never vary."
    low, high = np.maximum(centre - 3 * third, lowest), np.minimum(centre + 3 * third, highest)
    rules = run_rules(values, np.full(len(values), centre), third)
    return Chart(values, centre, low, high, *rules, ratio, n_seen, why, third)


def is_overdispersed(x: np.ndarray, n: np.ndarray, n_baseline: int | None = None) -> bool:
    """Whether rates vary more between points than chance makes them: Laney's chart is the right one.

    Both must hold in the baseline: Laney's ratio is above 1, and the dispersion of the standardised rates is beyond
    the 95 % point of chi-square with one degree of freedom fewer than points. The outer tenth at each end is drawn in
    to its quantile and the sum divided by what that leaves of a normal variance: one point that truly differs is a
    signal, and must not widen the limits that show it.

    Parameters
    ----------
    x, n, n_baseline : as for p_chart

    Source
    ------
    Laney 2002, Qual Eng 14:531; Spiegelhalter 2005, Stat Med 24:1185, section 4 for the winsorised dispersion
    """
    from scipy.special import chdtrc

    chart = laney_p(x, n, n_baseline)
    if not chart.ratio > 1:
        return False
    z = ((chart.values - chart.centre) / chart.third * chart.ratio)[:n_baseline]
    z = z[~np.isnan(z)]
    drawn_in = np.clip(z, *np.quantile(z, [_OUTER, 1 - _OUTER]))
    return bool(chdtrc(len(z) - 1, (drawn_in ** 2).sum() / _LEFT_OF_VARIANCE) < OVERDISPERSED)


def run_rules(
    values: np.ndarray, centre: np.ndarray, third: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The points that belong to a signal of each of the four rules.

    Parameters
    ----------
    values, centre, third : arrays, one element a point: its value, its centre, a third of the way to its limit
        Empty points (nan) are passed over: they neither make nor break a row of points. An unknown third (nan)
        leaves the two rules that need a limit silent. Where a limit was clipped the third is of the whole way.

    Returns
    -------
    is_outside : beyond a limit; on it is inside
    is_run : one of 7 in a row on one side; a point on the centre ends the row
    is_trend : one of 7 in a row of which each is higher than the one before, or each lower; an equal one ends it
    is_near_limit : one of the two, of three in a row, beyond two thirds of the way to the same limit

    Source
    ------
    Provost and Murray 2011, The health care data guide; the list of definitions
    """
    seen = np.flatnonzero(~np.isnan(values) & ~np.isnan(centre))
    distance, third = (values - centre)[seen], third[seen]
    hair = _ALLOWANCE * np.maximum(1.0, np.abs(values[seen]))
    is_far = np.abs(distance) > 3 * third + hair
    side = np.where(np.abs(distance) > hair, np.sign(distance), 0)
    is_run = (_row_lengths(side) >= RUN) & (side != 0)
    steps = np.diff(values[seen])
    way = np.where(np.abs(steps) > hair[1:], np.sign(steps), 0)
    is_rising = (_row_lengths(way) >= RUN - 1) & (way != 0)
    is_trend = np.append(is_rising, False) | np.append(False, is_rising)
    is_near = _two_of_three(distance > 2 * third + hair) | _two_of_three(-distance > 2 * third + hair)
    return tuple(_at(seen, rule[:len(seen)], len(values)) for rule in (is_far, is_run, is_trend, is_near))


def _row_lengths(keys: np.ndarray) -> np.ndarray:
    """For each element, how many equal ones stand in a row with it."""
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[:len(keys)])
    lengths = np.diff(np.append(starts, len(keys)))
    return np.repeat(lengths, lengths)


def _two_of_three(is_beyond: np.ndarray) -> np.ndarray:
    """Those beyond that have another one beyond within the same three points."""
    if len(is_beyond) < 3:
        return np.zeros(len(is_beyond), dtype=bool)
    padded = np.pad(is_beyond, 2)
    return is_beyond & (padded[:-4] | padded[1:-3] | padded[3:-1] | padded[4:])


def _at(places: np.ndarray, flags: np.ndarray, n_points: int) -> np.ndarray:
    placed = np.zeros(n_points, dtype=bool)
    placed[places] = flags
    return placed
