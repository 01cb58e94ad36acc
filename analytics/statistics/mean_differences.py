"""Differences of means with their intervals: plain, of pairs, adjusted for where each side began, by cluster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.statistics.means import mean_interval
from analytics.statistics.proportions import CONFIDENCE
from analytics.statistics.spread import counted, has_spread

_FULL_LEVERAGE = 1 - 1e-9
"""From here on the line runs through a value whatever it is, and its error cannot be seen."""


@dataclass(frozen=True)
class Estimate:
    """A difference and its interval, 95 %; None where it cannot be computed, and ``why`` then says the reason."""

    estimate: float | None
    low: float | None
    high: float | None
    why: str = ""


@dataclass(frozen=True)
class Adjusted:
    """A modelled difference, first side minus second, and its interval, 95 %.

    ``n`` counts the values used of each side, ``n_clusters`` the clusters of both. Numbers are None where they
    cannot be computed, and ``why`` then says the reason.
    """

    estimate: float | None
    low: float | None
    high: float | None
    p: float | None
    method: str
    n: tuple[int, int]
    n_clusters: int | None = None
    why: str = ""


def import_models() -> None:
    """Import what a model needs, ahead of the first one: statsmodels and SciPy's tests take two seconds to start."""
    import scipy.stats  # noqa: F401
    import statsmodels.regression.linear_model  # noqa: F401


def welch_interval(values1: np.ndarray, values2: np.ndarray) -> Estimate:
    """The difference of two means, first minus second, without assuming equal spreads.

    Parameters
    ----------
    values1, values2 : arrays of float
        Missing values (nan) are left out.

    Source
    ------
    Welch 1947, Biometrika 34:28, with Satterthwaite's degrees of freedom
    """
    # Imported where it is needed: SciPy takes a quarter of a second to start.
    from scipy.special import stdtrit

    first, second = counted(values1), counted(values2)
    if not len(first) or not len(second):
        return Estimate(None, None, None, "A side has no value.")
    difference = float(first.mean() - second.mean())
    if min(len(first), len(second)) < 2:
        return Estimate(difference, None, None, "An interval needs at least two values on each side.")
    if not has_spread(first) and not has_spread(second):
        return Estimate(difference, None, None, "The values within each side are all the same: no error to estimate.")
    parts = np.array([side.var(ddof=1) / len(side) for side in (first, second)])
    freedom = parts.sum() ** 2 / (parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(second) - 1))
    half = float(stdtrit(freedom, 0.5 + CONFIDENCE / 2) * np.sqrt(parts.sum()))
    return Estimate(difference, difference - half, difference + half)


def paired_interval(changes: np.ndarray) -> Estimate:
    """The mean of changes, one element a pair, and its t interval; missing changes (nan) are left out.

    Source
    ------
    Student 1908, Biometrika 6:1
    """
    seen = counted(changes)
    if not len(seen):
        return Estimate(None, None, None, "There is no pair.")
    mean = float(seen.mean())
    if len(seen) < 2:
        return Estimate(mean, None, None, "An interval needs at least two pairs.")
    if not has_spread(seen):
        return Estimate(mean, None, None, "All changes are the same: no error to estimate.")
    low, high = mean_interval(seen, np.ones_like(seen), np.zeros(len(seen), dtype=int), 1)
    return Estimate(mean, float(low[0]), float(high[0]))


def adjusted_difference(
    change: np.ndarray, baseline: np.ndarray, group: np.ndarray, cluster: np.ndarray | None = None, *,
    levels: tuple[object, object],
) -> Adjusted:
    """The difference of two groups' mean changes at the same baseline: analysis of covariance.

    Parameters
    ----------
    change, baseline : arrays of float, one element a row
        Rows with a missing value (nan) are left out.
    group : array, the group of each row; rows of neither level are left out
    cluster : array of integers or texts, or None
        What repeats, so that its rows are not independent. Where none repeats it changes nothing.
    levels : the two groups; the difference is first minus second

    Returns
    -------
    Adjusted
        Errors are robust: HC3, t with n - 3 degrees of freedom; with repeats by cluster, t with clusters - 1.

    Source
    ------
    Vickers and Altman 2001, BMJ 323:1123 (the model); Long and Ervin 2000, Am Stat 54:217 (HC3);
    Cameron and Miller 2015, J Hum Resour 50:317 (clusters)
    """
    change, baseline = np.asarray(change, dtype=float), np.asarray(baseline, dtype=float)
    return _modelled(change, group, levels, cluster, baseline)


def clustered_difference(
    values: np.ndarray, group: np.ndarray, cluster: np.ndarray | None = None, *, levels: tuple[object, object]
) -> Adjusted:
    """The difference of two groups' means, or of proportions where values are 0 and 1, with errors by cluster.

    Parameters and returns as in :func:`adjusted_difference`, without a baseline. A cluster may have rows in both
    groups. A group whose values are all the same leaves its part of the error unknown: there is no interval then.
    Proportions have one even so, from effective sample sizes in
    :func:`analytics.statistics.differences.miettinen_nurminen`.

    Source
    ------
    Cameron and Miller 2015, J Hum Resour 50:317
    """
    return _modelled(np.asarray(values, dtype=float), group, levels, cluster, None)


def _modelled(
    values: np.ndarray, group: np.ndarray, levels: tuple[object, object], cluster: np.ndarray | None,
    baseline: np.ndarray | None,
) -> Adjusted:
    """First minus second level by least squares, with robust errors."""
    group = np.asarray(group, dtype=object)
    is_first = group == levels[0]
    is_used = (is_first | (group == levels[1])) & ~np.isnan(values)
    if baseline is not None:
        is_used &= ~np.isnan(baseline)
    values, is_first = values[is_used], is_first[is_used]
    columns = [np.ones(len(values)), is_first.astype(float)]
    if baseline is not None:
        columns.append(baseline[is_used] - (baseline[is_used].mean() if len(values) else 0.0))
    codes = None if cluster is None else np.unique(np.asarray(cluster)[is_used], return_inverse=True)[1]
    if codes is not None and _n_different(codes) == len(codes):
        codes = None
    return _fitted(values, np.column_stack(columns), codes)


def _fitted(values: np.ndarray, columns: np.ndarray, codes: np.ndarray | None) -> Adjusted:
    """The second column's coefficient with its robust interval, or why there is none."""
    is_first = columns[:, 1] == 1
    n = int(is_first.sum()), int((~is_first).sum())
    n_clusters = None if codes is None else _n_different(codes)
    has_baseline = columns.shape[1] > 2
    method = ("Analysis of covariance on the baseline, " if has_baseline else "Difference of means, ") + (
        "robust standard errors (HC3)" if codes is None else "standard errors by cluster")
    hindrance = _no_model(columns, codes)
    if hindrance:
        return Adjusted(None, None, None, None, method, n, n_clusters, hindrance)
    estimate, low, high, p = _robust(values, columns, codes)
    if not has_baseline and not (has_spread(counted(values[is_first])) and has_spread(counted(values[~is_first]))):
        return Adjusted(estimate, None, None, None, method, n, n_clusters,
                        "The values of one side are all the same, so its part of the error is unknown.")
    if not np.isfinite(p) or high - low < 1e-9:
        return Adjusted(estimate, None, None, None, method, n, n_clusters,
                        "The values leave no spread to estimate an error from.")
    return Adjusted(estimate, low, high, p, method, n, n_clusters)


def _no_model(columns: np.ndarray, codes: np.ndarray | None) -> str:
    """Why the model cannot be fitted, in a sentence; empty where it can."""
    is_first = columns[:, 1] == 1
    if min(is_first.sum(), (~is_first).sum()) < 2:
        return "The model needs at least two values on each side."
    if columns.shape[1] > 2 and not has_spread(counted(columns[:, 2])):
        return "All began at the same baseline, so there is nothing to adjust for."
    if np.linalg.matrix_rank(columns) < columns.shape[1]:
        return "The two sides began at one baseline each, so side and baseline cannot be told apart."
    basis = np.linalg.qr(columns)[0]
    if (basis**2).sum(axis=1).max() > _FULL_LEVERAGE:
        return "One value alone decides the line, so its error cannot be estimated."
    if codes is not None and min(_n_different(codes[is_first]), _n_different(codes[~is_first])) < 2:
        return "The model needs at least two clusters on each side."
    return ""


def _n_different(codes: np.ndarray) -> int:
    return int(np.count_nonzero(np.bincount(codes)))


def _robust(values: np.ndarray, columns: np.ndarray, codes: np.ndarray | None) -> tuple[float, float, float, float]:
    """Estimate, low, high and p of the second column's coefficient."""
    # Imported where it is needed: statsmodels takes more than a second to start.
    from statsmodels.regression.linear_model import OLS

    model = OLS(values, columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        fit = (model.fit(cov_type="HC3", use_t=True) if codes is None else
               model.fit(cov_type="cluster", cov_kwds={"groups": codes}, use_t=True))
        low, high = fit.conf_int(1 - CONFIDENCE)[1]
        return float(fit.params[1]), float(low), float(high), float(fit.pvalues[1])
