"""Means and medians of groups, for many strata at once."""

from __future__ import annotations

import numpy as np

from analytics.statistics.proportions import CONFIDENCE


def mean_interval(
    cluster_sums: np.ndarray, cluster_sizes: np.ndarray, stratum: np.ndarray, n_strata: int
) -> tuple[np.ndarray, np.ndarray]:
    """The t interval of a mean whose values come in clusters, 95 %.

    Parameters
    ----------
    cluster_sums, cluster_sizes : arrays, one element a cluster: the sum and the number of its values
    stratum : array of int, the stratum of each cluster, 0 to n_strata - 1

    Returns
    -------
    low, high : arrays, one element a stratum
        Missing (nan) with fewer than two clusters. With clusters of one value it is the plain one-sample
        t interval.

    Source
    ------
    Ratio estimator with the between-cluster variance, k - 1 degrees of freedom: Cochran 1977,
    Sampling Techniques, 3rd ed., section 9A.
    """
    # Imported where it is needed: SciPy takes a quarter of a second to start.
    from scipy.special import stdtrit

    counted = cluster_sizes > 0
    sums, sizes, stratum = cluster_sums[counted], cluster_sizes[counted], stratum[counted]
    n_clusters = np.bincount(stratum, minlength=n_strata).astype(float)
    n_values = np.bincount(stratum, sizes, n_strata)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(stratum, sums, n_strata) / n_values
        squares = np.bincount(stratum, (sums - mean[stratum] * sizes) ** 2, n_strata)
        error = np.sqrt(n_clusters / (n_clusters - 1) * squares) / n_values
        half = stdtrit(np.maximum(n_clusters - 1, 1), 0.5 + CONFIDENCE / 2) * error
    is_known = n_clusters > 1
    return np.where(is_known, mean - half, np.nan), np.where(is_known, mean + half, np.nan)


def mean_and_sd(values: np.ndarray, stratum: np.ndarray, n_strata: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (n - 1) of each stratum; nan where there are too few values."""
    n_values = np.bincount(stratum, minlength=n_strata).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(stratum, values, n_strata) / n_values
        squares = np.bincount(stratum, (values - mean[stratum]) ** 2, n_strata)
        sd = np.where(n_values > 1, np.sqrt(squares / (n_values - 1)), np.nan)
    return mean, sd


def median(values: np.ndarray, n_values: np.ndarray) -> np.ndarray:
    """The median of each stratum; nan where there is no value.

    Parameters
    ----------
    values : sorted by stratum, then by value
    n_values : how many of them are of each stratum
    """
    last = np.cumsum(n_values)
    middle = np.full(len(n_values), np.nan)
    has_value = n_values > 0
    lower = (last - n_values + (n_values - 1) // 2)[has_value]
    upper = (last - n_values + n_values // 2)[has_value]
    middle[has_value] = (values[lower] + values[upper]) / 2
    return middle
