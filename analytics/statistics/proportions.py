"""Intervals for a proportion, for many strata at once."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

CONFIDENCE = 0.95


def wilson(successes: np.ndarray, trials: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The Wilson score interval, 95 %.

    Parameters
    ----------
    successes, trials : arrays of float, same shape, 0 <= successes <= trials
        Need not be whole: an effective sample size may be given.

    Returns
    -------
    low, high : arrays, 0 to 1
        Missing (nan) where trials is 0: there is nothing to estimate.

    Source
    ------
    Wilson 1927, J Am Stat Assoc 22:209
    """
    successes = np.asarray(successes, dtype=float)
    trials = np.asarray(trials, dtype=float)
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = successes / trials
        centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
        half = z / (1 + z**2 / trials) * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    low = np.where(successes == 0, 0.0, centre - half)
    high = np.where(successes == trials, 1.0, centre + half)
    return np.where(trials > 0, low, np.nan), np.where(trials > 0, high, np.nan)


def effective_trials(
    cluster_successes: np.ndarray, cluster_trials: np.ndarray, stratum: np.ndarray, lone_successes: np.ndarray,
    lone_trials: np.ndarray,
) -> np.ndarray:
    """The number of independent trials that would give the variance seen between clusters.

    Parameters
    ----------
    cluster_successes, cluster_trials : arrays, one element a cluster
    stratum : array of int, the stratum of each of these clusters
    lone_successes, lone_trials : arrays, one element a stratum: trials that are each a cluster of their own

    Returns
    -------
    array of float, one element a stratum
        Never above the plain number of trials. Where the clusters leave the variance unknown (one cluster,
        or no success or nothing but successes) it is the number of clusters.

    Source
    ------
    Ratio estimator with the between-cluster variance and the factor k / (k - 1):
    Cochran 1977, Sampling Techniques, 3rd ed., section 9A; as svymean of R's survey package.
    """
    n_strata = len(lone_trials)
    counted = cluster_trials > 0
    successes, trials, stratum = cluster_successes[counted], cluster_trials[counted], stratum[counted]
    n_clusters = np.bincount(stratum, minlength=n_strata) + lone_trials.astype(float)
    n_trials = np.bincount(stratum, trials, n_strata) + lone_trials
    n_successes = np.bincount(stratum, successes, n_strata) + lone_successes
    with np.errstate(divide="ignore", invalid="ignore"):
        share = n_successes / n_trials
        squares = (_squares(successes, trials, stratum, share)
                   + lone_successes * (1 - share) ** 2 + (lone_trials - lone_successes) * share**2)
        variance = n_clusters / (n_clusters - 1) * squares / n_trials**2
        effective = share * (1 - share) / variance
    is_unknown = (n_clusters <= 1) | (n_successes == 0) | (n_successes == n_trials)
    return np.where(is_unknown, n_clusters, np.fmin(effective, n_trials))


def _squares(successes: np.ndarray, trials: np.ndarray, stratum: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Squared distances of the clusters from their stratum's share, summed up by stratum."""
    if len(share) == 1:
        # Nothing has to be dealt out: several times quicker. Not as a product, whose threads wait on a busy machine.
        return np.array([np.square(successes - share[0] * trials).sum()])
    return np.bincount(stratum, (successes - share[stratum] * trials) ** 2, len(share))
