"""Time until something happens, when not everyone was watched until it did."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from analytics.statistics.proportions import CONFIDENCE

_ALLOWANCE = 1e-9


@dataclass(frozen=True)
class Curve:
    """The Kaplan-Meier curve of one group.

    Attributes
    ----------
    times : array, each time at which an event or a censoring was seen, rising; in the unit of the input
    n_at_risk, n_events, n_censored : arrays of int, at each of these times
    share : array, those without the event just after each time, 0 to 1
    low, high : arrays, its interval; nan where the share is 1 or 0, at which Greenwood's variance says nothing
    n, n_left_out : int, followed, and those without a time or a status
    median, median_low, median_high : float or None, None where the curve does not come down so far; with clusters an
        end of the interval may rise again, and the median's then reaches from the first time to the last that it allows
    """

    times: np.ndarray
    n_at_risk: np.ndarray
    n_events: np.ndarray
    n_censored: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: int
    n_left_out: int
    median: float | None
    median_low: float | None
    median_high: float | None


@dataclass(frozen=True)
class LogRank:
    """The log-rank test of two or more groups.

    Attributes
    ----------
    observed, expected : arrays, events of each group, and those expected if no group differed
    statistic, p : float or None
    degrees : int, degrees of freedom
    why : str, why there is no p; else empty
    """

    observed: np.ndarray
    expected: np.ndarray
    statistic: float | None
    p: float | None
    degrees: int
    why: str


def kaplan_meier(
    times: np.ndarray, is_event: np.ndarray, confidence: float = CONFIDENCE, cluster: np.ndarray | None = None
) -> Curve:
    """The share still without the event, with the log-log interval of Greenwood's variance or one of clusters.

    Parameters
    ----------
    times : array of float, how long each was watched; nan takes no part and is counted
    is_event : array of float or bool, 1 where the event ended the watching, 0 where it was censored, nan unknown
        One censored at the time of an event was still at risk of it.
    cluster : array of int, who each belongs to, where somebody is there more than once: the variance is then that of
        the sums of each one's influence, which without repeats is Greenwood's

    Returns
    -------
    Curve
        Empty, with no median, where nobody was watched.

    Raises
    ------
    ValueError
        Where a time is below 0 or the two arrays differ in length.

    Source
    ------
    Kaplan and Meier 1958, J Am Stat Assoc 53:457; interval of Kalbfleisch and Prentice 1980 as survfit of R's
    survival package with conf.type = "log-log"; median as its print method, halfway along a level stretch at
    exactly one half; clusters by the infinitesimal jackknife, as its cluster argument. SciPy's ecdf gives the same
    curve, but warns wherever the interval is unknown.
    """
    if cluster is not None:
        cluster = np.asarray(cluster)[~np.isnan(np.asarray(times, float)) & ~np.isnan(np.asarray(is_event, float))]
    times, is_event, n_left_out = _watched(times, is_event)
    moments, position = np.unique(times, return_inverse=True)
    events = np.bincount(position[is_event], minlength=len(moments))
    leaving = np.bincount(position, minlength=len(moments))
    at_risk = len(times) - np.cumsum(leaving) + leaving
    share = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events.astype(float))))
        if cluster is not None:
            gain = np.where(is_event, 1 / (at_risk - events.astype(float))[position], 0.0) - variance[position]
            # After the event of all there is no variance to speak of; nor may it spread to the sums of others.
            variance = _clustered(cluster, position, np.where(np.isfinite(gain), gain, 0.0), variance)
        log_share = np.where((share > 0) & (share < 1), np.log(share), np.nan)
        factor = np.exp(NormalDist().inv_cdf(0.5 + confidence / 2) * np.sqrt(variance) / np.abs(log_share))
        low, high = np.exp(log_share * factor), np.exp(log_share / factor)
    return Curve(moments, at_risk, events, leaving - events, share, low, high, len(times), n_left_out,
                 _halfway(moments, share), _halfway(moments, low),
                 _halfway(moments, np.fmax.accumulate(high[::-1])[::-1]))


def share_at(curve: Curve, times: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The share without the event at given times, with its interval.

    Returns
    -------
    share, low, high : arrays, one element a time
        1 before the first time seen, without an interval. Missing (nan) after the last time seen, unless all had
        the event by then: nobody was watched so long.
    """
    times = np.asarray(times, dtype=float)
    if not curve.n:
        return tuple(np.full(times.shape, np.nan) for _ in range(3))
    place = np.searchsorted(curve.times, times, side="right")
    is_seen = (times <= curve.times[-1]) | (curve.share[-1] == 0)
    start = ((1.0, curve.share), (np.nan, curve.low), (np.nan, curve.high))
    return tuple(np.where(is_seen, np.append(first, values)[place], np.nan) for first, values in start)


def n_at_risk(curve: Curve, times: np.ndarray) -> np.ndarray:
    """How many are still watched and without the event just before each time, for the row under the axis."""
    if not curve.n:
        return np.zeros(np.shape(times), dtype=int)
    return np.append(curve.n_at_risk, 0)[np.searchsorted(curve.times, np.asarray(times, dtype=float), side="left")]


def log_rank(times: np.ndarray, is_event: np.ndarray, group: np.ndarray, n_groups: int) -> LogRank:
    """Whether groups differ in how soon the event comes.

    Parameters
    ----------
    times, is_event : as for kaplan_meier
    group : array of int, 0 to n_groups - 1

    Returns
    -------
    LogRank
        A group of which nobody was at risk when an event came takes no part, as in R; p is None with a reason
        where fewer than two are left, or where events come only when a single group is still watched.

    Source
    ------
    Mantel 1966, Cancer Chemother Rep 50:163; Peto and Peto 1972, J R Stat Soc A 135:185, as survdiff of R's
    survival package; SciPy's logrank compares only two groups.
    """
    from scipy.special import chdtrc

    group = np.asarray(group)
    is_known = ~np.isnan(np.asarray(times, dtype=float)) & ~np.isnan(np.asarray(is_event, dtype=float))
    times, is_event, _ = _watched(times, is_event)
    events, at_risk = _by_group(times, is_event, group[is_known], n_groups)
    died, alive = events.sum(axis=1), at_risk.sum(axis=1)
    share = at_risk / alive[:, None]
    observed, expected = events.sum(axis=0), (died[:, None] * share).sum(axis=0)
    if not died.sum():
        return LogRank(observed, expected, None, None, 0, "No event was seen in any group.")
    taking_part = np.flatnonzero(expected > 0)
    scale = died * (alive - died) / np.maximum(alive - 1, 1)
    weighted = share * scale[:, None]
    variance = np.diag(weighted.sum(axis=0)) - share.T @ weighted
    kept = taking_part[:-1]
    distance, variance = (observed - expected)[kept], variance[np.ix_(kept, kept)]
    if not len(kept) or np.linalg.matrix_rank(variance) < len(kept):
        return LogRank(observed, expected, None, None, 0,
                       "Events come only when too few groups are still watched to be compared.")
    statistic = float(distance @ np.linalg.solve(variance, distance))
    return LogRank(observed, expected, statistic, float(chdtrc(len(kept), statistic)), len(kept), "")


def _clustered(cluster: np.ndarray, position: np.ndarray, gain: np.ndarray, greenwood: np.ndarray) -> np.ndarray:
    """The variance of the log of the share at each time: squares of what each cluster moves it by, summed.

    Someone moves it by ``gain`` from his own time on, and before by minus Greenwood's sum up to then. A cluster's
    sum is therefore a - b * greenwood, with a from those whose time has come and b the number of the others.

    Parameters
    ----------
    position : array of int, of each one's time among the times
    """
    order = np.lexsort((position, cluster))
    cluster, position, gain = cluster[order], position[order], gain[order]
    starts = np.flatnonzero(np.append(True, cluster[1:] != cluster[:-1])) if len(cluster) else np.empty(0, int)
    sizes = np.diff(np.append(starts, len(cluster)))
    so_far = np.cumsum(gain)
    came = so_far - np.repeat(so_far[starts] - gain[starts], sizes)
    waiting = np.repeat(sizes + starts, sizes) - np.arange(len(cluster)) - 1.0
    before = np.where(np.isin(np.arange(len(cluster)), starts), 0.0, np.append(0.0, came[:-1]))
    squares, products, counts = (
        np.cumsum(np.bincount(position, change, len(greenwood))) for change in (
            came**2 - before**2, came * waiting - before * (waiting + 1), waiting**2 - (waiting + 1) ** 2))
    return squares - 2 * greenwood * products + greenwood**2 * (counts + (sizes.astype(float) ** 2).sum())


def _by_group(
    times: np.ndarray, is_event: np.ndarray, group: np.ndarray, n_groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """Events and numbers at risk, one row an event time, one column a group."""
    moments = np.unique(times[is_event])
    flat = np.searchsorted(moments, times[is_event]) * n_groups + group[is_event]
    events = np.bincount(flat, minlength=len(moments) * n_groups).reshape(len(moments), n_groups)
    # Someone is at risk at every event time up to his own: count his last one, then add up from the end.
    last = np.searchsorted(moments, times, side="right") - 1
    counted = last >= 0
    lasting = np.bincount(last[counted] * n_groups + group[counted], minlength=len(moments) * n_groups)
    return events, np.cumsum(lasting.reshape(len(moments), n_groups)[::-1], axis=0)[::-1]


def _watched(times: np.ndarray, is_event: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    times, is_event = np.asarray(times, dtype=float), np.asarray(is_event, dtype=float)
    if times.shape != is_event.shape:
        raise ValueError(f"Each time needs one status; there are {len(times)} times and {len(is_event)} of those.")
    is_known = ~np.isnan(times) & ~np.isnan(is_event)
    times, is_event = times[is_known], is_event[is_known] == 1
    if (times < 0).any():
        raise ValueError(f"Times start at 0; {int((times < 0).sum())} of these lie before it.")
    return times, is_event, int((~is_known).sum())


def _halfway(times: np.ndarray, values: np.ndarray) -> float | None:
    """The time at which a falling curve reaches one half; the middle of the stretch on which it is exactly that.

    A stretch that nothing ends reaches to the last time.
    """
    reached = np.flatnonzero(values < 0.5 + _ALLOWANCE)
    if not len(reached):
        return None
    first = reached[0]
    below = reached[values[reached] < values[first] - _ALLOWANCE]
    if abs(values[first] - 0.5) < _ALLOWANCE:
        return float(times[first] + (times[below[0]] if len(below) else times[-1])) / 2
    return float(times[first])
