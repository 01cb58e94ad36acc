"""Differences in units of a standard deviation, each named after the one that divides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.statistics.proportions import CONFIDENCE
from analytics.statistics.spread import counted, has_spread

_LARGEST_T = 1_000
"""Beyond it the search for the ends of an interval takes long, and later for ever."""


@dataclass(frozen=True)
class Effect:
    """One effect size, its interval (95 %) and what divides it.

    Numbers are None where they cannot be computed, and ``why`` then says the reason.
    """

    name: str
    estimate: float | None
    low: float | None
    high: float | None
    denominator: str
    why: str = ""


def paired_effects(
    baseline: np.ndarray, endpoint: np.ndarray, is_higher_better: bool = False
) -> tuple[Effect, Effect]:
    """The mean improvement of pairs in units of two standard deviations; positive is better.

    Parameters
    ----------
    baseline, endpoint : arrays of float, one element a pair
        Pairs with a missing value (nan) are left out.

    Returns
    -------
    d_z : divided by the standard deviation of the changes
        Interval by the noncentral t distribution.
    d_av : divided by the root of the mean of both variances
        Interval of d_z times the ratio of both denominators.

    Source
    ------
    Cumming 2012, Understanding the New Statistics, chapter 11; Algina and Keselman 2003, Educ Psychol Meas 63:537
    (intervals)
    """
    before, after = np.asarray(baseline, dtype=float), np.asarray(endpoint, dtype=float)
    is_paired = ~np.isnan(before) & ~np.isnan(after)
    before, after = before[is_paired], after[is_paired]
    improvement = counted(after - before if is_higher_better else before - after)
    texts = {"d_z": "standard deviation of the changes", "d_av": "root mean square of both standard deviations"}
    if len(improvement) < 2 or not has_spread(improvement):
        why = ("An effect size needs at least two pairs." if len(improvement) < 2 else
               "All changes are the same, so there is no standard deviation to divide by.")
        first, second = (Effect(name, None, None, None, text, why) for name, text in texts.items())
        return first, second
    n_pairs, spread = len(improvement), float(improvement.std(ddof=1))
    d_z, root = float(improvement.mean()) / spread, float(np.sqrt(n_pairs))
    ratio = spread / float(np.sqrt((before.var(ddof=1) + after.var(ddof=1)) / 2))
    effects = []
    for (name, text), scale in zip(texts.items(), (1.0, ratio), strict=True):
        low, high, why = _limits(d_z * root, n_pairs - 1, scale / root)
        effects.append(Effect(name, d_z * scale, low, high, text, why))
    return effects[0], effects[1]


def group_effects(values1: np.ndarray, values2: np.ndarray) -> tuple[Effect, Effect]:
    """The difference of two means in units of a standard deviation; positive when the first is higher.

    Parameters
    ----------
    values1, values2 : arrays of float; missing values (nan) are left out

    Returns
    -------
    glass : divided by the standard deviation of the second side
        Interval by the noncentral t distribution with that side's degrees of freedom, whose standard error lets
        the spreads differ.
    hedges_g : divided by the pooled standard deviation, with the exact correction for small samples
        Interval by the noncentral t distribution, corrected likewise.

    Source
    ------
    Glass 1976, Educ Res 5:3; Hedges 1981, J Educ Stat 6:107; Goulet-Pelletier and Cousineau 2018, Quant Meth
    Psychol 14:242 (intervals)
    """
    first, second = counted(values1), counted(values2)
    if min(len(first), len(second)) < 2:
        why = "An effect size needs at least two values on each side."
        return _none_of_groups(why, why)
    difference = float(first.mean() - second.mean())
    none_of_glass, none_of_g = _none_of_groups(
        "The values of the second side are all the same, so there is no standard deviation to divide by.",
        "The values within each side are all the same, so there is no standard deviation to divide by.")
    is_spread = has_spread(first), has_spread(second)
    return (_glass(first, second, difference) if is_spread[1] else none_of_glass,
            _hedges(first, second, difference) if any(is_spread) else none_of_g)


def _none_of_groups(why_glass: str, why_g: str) -> tuple[Effect, Effect]:
    return (Effect("Glass's delta", None, None, None, _GLASS_TEXT, why_glass),
            Effect("Hedges' g", None, None, None, _HEDGES_TEXT, why_g))


_GLASS_TEXT = "standard deviation of the second side"
_HEDGES_TEXT = "pooled standard deviation of both sides, corrected for small samples"


def _glass(first: np.ndarray, second: np.ndarray, difference: float) -> Effect:
    spread = float(second.std(ddof=1))
    error = float(np.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second)))
    low, high, why = _limits(difference / error, len(second) - 1, error / spread)
    return Effect("Glass's delta", difference / spread, low, high, _GLASS_TEXT, why)


def _hedges(first: np.ndarray, second: np.ndarray, difference: float) -> Effect:
    from scipy.special import gammaln

    freedom = len(first) + len(second) - 2
    spread = float(np.sqrt(((len(first) - 1) * first.var(ddof=1) + (len(second) - 1) * second.var(ddof=1)) / freedom))
    scale = float(np.sqrt(1 / len(first) + 1 / len(second)))
    correction = float(np.exp(gammaln(freedom / 2) - gammaln((freedom - 1) / 2)) / np.sqrt(freedom / 2))
    low, high, why = _limits(difference / spread / scale, freedom, scale * correction)
    return Effect("Hedges' g", difference / spread * correction, low, high, _HEDGES_TEXT, why)


def _limits(t: float, freedom: int, scale: float) -> tuple[float | None, float | None, str]:
    """Ends from the noncentralities at which the t seen is the 97.5th and the 2.5th percentile, times a scale.

    None and a sentence where t is so large that they cannot be found.
    """
    from scipy.special import nctdtrinc

    if abs(t) > _LARGEST_T:
        return None, None, "The values hardly vary, so the interval cannot be computed."
    tail = (1 - CONFIDENCE) / 2
    return float(nctdtrinc(freedom, 1 - tail, t)) * scale, float(nctdtrinc(freedom, tail, t)) * scale, ""


def standardised_difference_of_means(values1: np.ndarray, values2: np.ndarray) -> Effect:
    """First mean minus second, in units of the root of the mean of both variances; for tables of baselines.

    Missing values (nan) are left out. The interval takes the difference as near normal.

    Source
    ------
    Austin 2009, Stat Med 28:3083; Hedges and Olkin 1985, Statistical Methods for Meta-Analysis (interval)
    """
    first, second = counted(values1), counted(values2)
    if min(len(first), len(second)) < 2:
        return _standardised(None, len(first), len(second), "At least two values are needed on each side.")
    variance = (first.var(ddof=1) + second.var(ddof=1)) / 2
    if not has_spread(first) and not has_spread(second):
        return _standardised(None, len(first), len(second), _NO_SPREAD)
    return _standardised(float((first.mean() - second.mean()) / np.sqrt(variance)), len(first), len(second))


def standardised_difference_of_proportions(x1: int, n1: int, x2: int, n2: int) -> Effect:
    """First proportion minus second, in units of the root of the mean of both binomial variances.

    Source
    ------
    Austin 2009, Stat Med 28:3083
    """
    if min(n1, n2) < 1:
        return _standardised(None, n1, n2, _NOBODY)
    p1, p2 = x1 / n1, x2 / n2
    variance = (p1 * (1 - p1) + p2 * (1 - p2)) / 2
    if variance == 0:
        return _standardised(None, n1, n2, _NO_SPREAD)
    return _standardised(float((p1 - p2) / np.sqrt(variance)), n1, n2)


def standardised_difference_of_categories(counts1: Sequence[int], counts2: Sequence[int]) -> Effect:
    """The distance between two sides' shares of the same categories; never negative.

    Parameters
    ----------
    counts1, counts2 : counts of the same categories in the same order
        Categories empty on both sides are left out. With two categories it is the size of the difference of
        proportions.

    Returns
    -------
    Effect
        Without interval: the usual one would reach below 0, where no distance lies.

    Source
    ------
    Yang and Dalton 2012, SAS Global Forum, paper 335
    """
    counts = np.array([counts1, counts2], dtype=float)
    counts = counts[:, counts.sum(axis=0) > 0]
    n1, n2 = (int(n) for n in counts.sum(axis=1))
    if min(n1, n2) < 1:
        return _standardised(None, n1, n2, _NOBODY)
    # The last share follows from the others.
    shares = (counts / counts.sum(axis=1, keepdims=True))[:, :-1]
    covariance = sum(np.diag(one) - np.outer(one, one) for one in shares) / 2
    if shares.shape[1] == 0 or np.linalg.matrix_rank(covariance) < len(covariance):
        return _standardised(None, n1, n2, _NO_SPREAD)
    gap = shares[0] - shares[1]
    distance = float(np.sqrt(gap @ np.linalg.solve(covariance, gap)))
    return replace(_standardised(distance, n1, n2), low=None, high=None)


_NOBODY = "A side has nobody to describe."
_NO_SPREAD = "Nothing varies within the sides, so there is no standard deviation to divide by."


def _standardised(estimate: float | None, n1: int, n2: int, why: str = "") -> Effect:
    """A standardised difference with its large-sample interval."""
    name, denominator = "standardised difference", "root mean square of both standard deviations"
    if estimate is None:
        return Effect(name, None, None, None, denominator, why)
    # Imported where it is needed: SciPy takes a quarter of a second to start.
    from scipy.special import ndtri

    half = float(ndtri(0.5 + CONFIDENCE / 2) * np.sqrt((n1 + n2) / (n1 * n2) + estimate**2 / (2 * (n1 + n2))))
    return Effect(name, estimate, estimate - half, estimate + half, denominator)
