"""Differences and ratios of two proportions with their intervals, for many pairs at once."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from analytics.statistics.proportions import CONFIDENCE

_HALVINGS = 52
"""Steps of the bisection: an interval of length 2 shrinks below what a float can tell apart."""


def miettinen_nurminen(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray, confidence: float = CONFIDENCE
) -> tuple[np.ndarray, np.ndarray]:
    """The Miettinen-Nurminen score interval of x1 / n1 - x2 / n2.

    Parameters
    ----------
    x1, n1, x2, n2 : arrays of float that broadcast, 0 <= x <= n
        Successes and trials of the first and second side. Need not be whole: effective sample sizes may be given.

    Returns
    -------
    low, high : arrays, -1 to 1
        Missing (nan) where a side has no trial. None and all are allowed on either side. Swapping the sides
        swaps the ends and their signs, to the last digit.

    Source
    ------
    Miettinen and Nurminen 1985, Stat Med 4:213: variance at the constrained maximum of the likelihood, times
    N / (N - 1)
    """
    sides = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (x1, n1, x2, n2)))
    first, n_first, second, n_second = sides
    # The lower end is the upper end of the swapped pair, so that no rounding tells the sides apart.
    low = -_upper_end(second, n_second, first, n_first, confidence)
    return low, _upper_end(first, n_first, second, n_second, confidence)


def _upper_end(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray, confidence: float
) -> np.ndarray:
    """The largest difference that the score test does not reject, by bisection."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    is_known = (n1 > 0) & (n2 > 0)
    n1, n2 = np.where(is_known, n1, 1.0), np.where(is_known, n2, 1.0)
    p1, p2 = np.where(is_known, x1 / n1, 0.0), np.where(is_known, x2 / n2, 0.0)
    inside, outside = p1 - p2, np.ones_like(p1)
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        is_inside = middle - (p1 - p2) <= z * np.sqrt(_score_variance(p1, n1, p2, n2, middle))
        inside, outside = np.where(is_inside, middle, inside), np.where(is_inside, outside, middle)
    return np.where(is_known, inside, np.nan)


def _score_variance(
    p1: np.ndarray, n1: np.ndarray, p2: np.ndarray, n2: np.ndarray, difference: np.ndarray
) -> np.ndarray:
    """Variance of p1 - p2 where the true difference is as given, at the likeliest pair of proportions.

    The likeliest proportion of the second side is the middle root of a cubic (Miettinen and Nurminen 1985,
    appendix I; written with cosines by Farrington and Manning 1990, Stat Med 9:1447).
    """
    ratio = n2 / n1
    a = 1 + ratio
    b = -(1 + ratio + p1 + ratio * p2 + difference * (ratio + 2))
    c = difference**2 + difference * (2 * p1 + ratio + 1) + p1 + ratio * p2
    d = -p1 * difference * (1 + difference)
    third = b / (3 * a)
    bend = third**3 - b * c / (6 * a**2) + d / (2 * a)
    radius = np.copysign(np.sqrt(np.maximum(third**2 - c / (3 * a), 0)), bend)
    cubed = radius**3
    cosine = np.clip(np.divide(bend, cubed, out=np.ones_like(bend), where=cubed != 0), -1, 1)
    first = 2 * radius * np.cos((np.pi + np.arccos(cosine)) / 3) - third
    first = np.clip(first, np.maximum(difference, 0), np.minimum(1 + difference, 1))
    second = np.clip(first - difference, 0, 1)
    trials = n1 + n2
    return (first * (1 - first) / n1 + second * (1 - second) / n2) * trials / (trials - 1)


def newcombe(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray, confidence: float = CONFIDENCE
) -> tuple[np.ndarray, np.ndarray]:
    """Newcombe's hybrid score interval of x1 / n1 - x2 / n2, without continuity correction.

    Parameters and missing rule as in :func:`miettinen_nurminen`.

    Source
    ------
    Newcombe 1998, Stat Med 17:873, method 10
    """
    # Imported where it is needed: statsmodels takes more than a second to start.
    from statsmodels.stats.proportion import confint_proportions_2indep

    sides = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (x1, n1, x2, n2)))
    is_known = (sides[1] > 0) & (sides[3] > 0)
    filled = [np.where(is_known, one, fill) for one, fill in zip(sides, (0.0, 1.0, 0.0, 1.0), strict=True)]
    low, high = confint_proportions_2indep(*filled, method="newcomb", compare="diff", alpha=1 - confidence)
    return np.where(is_known, low, np.nan), np.where(is_known, high, np.nan)


def risk_ratio(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray, confidence: float = CONFIDENCE
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The ratio of x1 / n1 to x2 / n2 and its interval on the logarithmic scale.

    Parameters
    ----------
    x1, n1, x2, n2 : arrays that broadcast, 0 <= x <= n

    Returns
    -------
    estimate, low, high : arrays
        All missing (nan) where a side has no trial or the second side no success: nothing can be divided by.
        The interval is missing where the first side has no success (its logarithm has no end) and where both
        sides have nothing but successes (its standard error would be 0).

    Source
    ------
    Katz 1978, Biometrics 34:469
    """
    first, n_first, second, n_second = np.broadcast_arrays(
        *(np.asarray(one, dtype=float) for one in (x1, n1, x2, n2)))
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    is_known = (n_first > 0) & (n_second > 0) & (second > 0)
    has_interval = is_known & (first > 0) & ((first < n_first) | (second < n_second))
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.where(is_known, (first / n_first) / (second / n_second), np.nan)
        factor = np.exp(z * np.sqrt(1 / first - 1 / n_first + 1 / second - 1 / n_second))
        low, high = estimate / factor, estimate * factor
    return estimate, np.where(has_interval, low, np.nan), np.where(has_interval, high, np.nan)


def number_needed(estimate: float, low: float, high: float) -> tuple[float, float, float] | None:
    """How many on one side for one more success than on the other, from a difference and its interval.

    Parameters
    ----------
    estimate, low, high : a difference of proportions and the ends of its interval

    Returns
    -------
    estimate, low, high, all at least 1, or None
        Always positive: the sign of the difference says which side has more successes. None unless the whole
        interval lies on one side of 0; an end at 0 exactly has no number, and a missing end none either.

    Source
    ------
    Altman 1998, BMJ 317:1309
    """
    if not (low > 0 or high < 0):
        return None
    nearest, farthest = sorted((abs(low), abs(high)))
    return 1 / abs(estimate), 1 / farthest, 1 / nearest
