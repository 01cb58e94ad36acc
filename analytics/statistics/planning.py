"""How many courses more an answer takes."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from analytics.statistics.proportions import CONFIDENCE

WIDTH = 0.2
"""20 percentage points: a rate within 10 of what it is."""

_ALLOWANCE = 1e-9
"""Keeps a number that is whole but for the computer's last digit from being rounded up."""


def trials_for_width(
    estimate: np.ndarray | float, width: float = WIDTH, confidence: float = CONFIDENCE
) -> np.ndarray:
    """The smallest number of trials with which the Wilson interval around a rate is no wider than this.

    Parameters
    ----------
    estimate : array of rates, 0 to 1
        The rate seen so far, taken to stay as it is.
    width : float, from end to end of the interval, above 0 and below 1

    Returns
    -------
    array of float, whole numbers of at least 1
        Missing (nan) where the rate is unknown. An interval of exactly the width counts.

    Raises
    ------
    ValueError
        Where width is not above 0 and below 1.

    Source
    ------
    The width of Wilson 1927, J Am Stat Assoc 22:209, solved for n: it falls with n at every rate.
    """
    if not 0 < width < 1:
        raise ValueError(f"An interval's width lies between 0 and 1; this one is {width}.")
    estimate = np.asarray(estimate, dtype=float)
    square = NormalDist().inv_cdf(0.5 + confidence / 2) ** 2
    spread = estimate * (1 - estimate)
    # width^2 (n + z^2)^2 = 4 z^2 (spread n + z^2 / 4), a quadratic in n + z^2
    root = np.sqrt(4 * square**2 * spread**2 + width**2 * square**2 * (1 - 4 * spread))
    n = (2 * square * spread + root) / width**2 - square
    return np.maximum(np.ceil(n - _ALLOWANCE), 1.0)


def trials_more(
    successes: np.ndarray, trials: np.ndarray, width: float = WIDTH, effective: np.ndarray | None = None,
    confidence: float = CONFIDENCE,
) -> np.ndarray:
    """How many trials more until the Wilson interval is no wider than this, at the observed rate.

    Parameters
    ----------
    successes, trials : arrays of counts, one element a stratum
    width : float, from end to end of the interval
    effective : array, how many independent trials these are worth where patients return; trials if not given
        The trials to come are taken to be worth as much each.

    Returns
    -------
    array of float, whole numbers
        0 where the interval is narrow enough already; missing (nan) where there is no trial to go by.

    Source
    ------
    trials_for_width
    """
    successes, trials = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    effective = trials if effective is None else np.asarray(effective, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = trials_for_width(successes / trials, width, confidence) * (trials / effective)
        return np.maximum(np.ceil(needed - _ALLOWANCE) - trials, 0.0)
