"""Funnel plots: which units lie further from a common rate than chance takes them, for many units at once."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

LEVELS = (0.95, 0.998)
MINIMUM_N = 5
"""Below it a unit gets no place: its rate is not shown either."""

WINSORISED = 0.1
"""The share of units at each end whose distance is drawn in before overdispersion is measured."""

MINIMUM_UNITS = 5
"""With fewer units, overdispersion cannot be told from one unit that differs."""

TOO_SMALL, INSIDE, BEYOND_95, BEYOND_998 = "too_small", "inside", "beyond_95", "beyond_998"


@dataclass(frozen=True)
class Funnel:
    """Where each unit lies.

    Attributes
    ----------
    place : array of str, one element a unit: too_small, inside, beyond_95, beyond_998
    side : array of int: -1 below the funnel, 1 above it, 0 where the place is inside or too_small
    low, high : arrays of counts, shape (levels, units)
    target : float, the common rate
    phi : float, what the variance was multiplied by; 1 where it was left alone
    why : str, why overdispersion could not be allowed for; empty where it was, or was not asked
    """

    place: np.ndarray
    side: np.ndarray
    low: np.ndarray
    high: np.ndarray
    target: float
    phi: float
    why: str


def funnel_limits(
    n: np.ndarray, target: float, levels: tuple[float, ...] = LEVELS, phi: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and the largest count that chance explains, exact binomial.

    Parameters
    ----------
    n : array of counts, any shape
    target : float, the common rate, 0 to 1
    levels : the share of units that chance leaves inside
    phi : float, at least 1: what overdispersion multiplies the variance by

    Returns
    -------
    low, high : arrays of counts, shape (levels, *n.shape)
        A count on a limit is inside. Divide by n for the lines of the plot. Missing (nan) where n is 0.

    Notes
    -----
    With phi the tail probability is that of a normal deviate sqrt(phi) times as far out, so that the limits
    stay exact, whole and within 0 and n, and for large n become those of a variance multiplied by phi.

    Raises
    ------
    ValueError
        Where target is not a rate or phi is below 1.

    Source
    ------
    Spiegelhalter 2005, Stat Med 24:1185
    """
    from scipy.stats import binom

    if not 0 <= target <= 1:
        raise ValueError(f"A target rate lies between 0 and 1; this one is {target}.")
    if not phi >= 1:
        raise ValueError(f"Overdispersion widens the limits: phi is at least 1, and this one is {phi}.")
    n = np.asarray(n, dtype=float)
    deviates = np.array([NormalDist().inv_cdf(0.5 - level / 2) for level in levels])
    # A level is taken as it is where phi is 1: through the normal deviate and back it would lose its last digit.
    tails = np.array([(1 - level) / 2 if phi == 1 else NormalDist().cdf(deviate * phi**0.5)
                      for level, deviate in zip(levels, deviates, strict=True)])
    tails = tails.reshape(-1, *[1] * n.ndim)
    trials = np.where(n > 0, n, np.nan)
    # The upper limit is the lower limit of the failures: 1 minus a small tail would lose its digits. A tail too
    # small for the computer is 0, of which SciPy says -1.
    low, low_of_failures = (np.maximum(binom.ppf(tails, trials, rate), 0) for rate in (target, 1 - target))
    return low, trials - low_of_failures


def overdispersion(x: np.ndarray, n: np.ndarray, target: float) -> float | None:
    """How many times the units vary as much as chance makes them, winsorised.

    Parameters
    ----------
    x, n : arrays, one element a unit; units with n = 0 take no part
    target : float, the common rate

    Returns
    -------
    float or None
        The mean square of the standardised distances after the outer tenth at each end was drawn in to its
        quantile, so that a unit that truly differs does not hide itself. Below 1: no more than chance.
        None with fewer than 5 units, or where the target is 0 or 1 and nothing can vary.

    Source
    ------
    Spiegelhalter 2005, Stat Med 24:1185; quantiles as type 7 of R
    """
    x, n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    x, n = x[n > 0], n[n > 0]
    if len(n) < MINIMUM_UNITS or not 0 < target < 1:
        return None
    distances = (x / n - target) / np.sqrt(target * (1 - target) / n)
    return float(np.mean(np.clip(distances, *np.quantile(distances, [WINSORISED, 1 - WINSORISED])) ** 2))


def funnel_place(
    x: np.ndarray, n: np.ndarray, target: float | None = None, *, minimum_n: int = MINIMUM_N,
    is_overdispersed: bool = False,
) -> Funnel:
    """Where each unit lies: inside the funnel, beyond the 95 % or the 99.8 % limits, or too small to say.

    Parameters
    ----------
    x, n : arrays of counts, one element a unit, 0 <= x <= n
    target : float, the common rate; all units together where it is not given
    minimum_n : a unit below it is too small, whatever its rate; at least 2, so that 1 of 1 never signals
    is_overdispersed : whether to allow for more variation between units than chance makes

    Returns
    -------
    Funnel
        With no course at all every unit is too small and the target is nan.

    Raises
    ------
    ValueError
        Where minimum_n is below 2.

    Source
    ------
    Spiegelhalter 2005, Stat Med 24:1185
    """
    if minimum_n < 2:
        raise ValueError(f"A unit of one course says nothing: minimum_n is at least 2, and this one is {minimum_n}.")
    x, n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    if not n.sum() > 0:
        nothing = np.full((len(LEVELS), len(n)), np.nan)
        return Funnel(np.full(len(n), TOO_SMALL), np.zeros(len(n), int), nothing, nothing, np.nan, 1.0,
                      "There is no course to count." if is_overdispersed else "")
    target = float(x.sum() / n.sum()) if target is None else target
    measured = overdispersion(x, n, target) if is_overdispersed else 1.0
    why = "" if measured is not None else (
        f"Overdispersion takes at least {MINIMUM_UNITS} units and a common rate that is neither none nor all.")
    phi = max(1.0, measured or 1.0)
    low, high = funnel_limits(n, target, phi=phi)
    is_judged = n >= minimum_n
    # The second level is the wider: beyond it is beyond both.
    n_beyond = np.where(is_judged, ((x < low) | (x > high)).sum(axis=0), 0)
    side = np.where(n_beyond > 0, np.where(x > high[0], 1, -1), 0)
    place = np.where(is_judged, np.array([INSIDE, BEYOND_95, BEYOND_998])[n_beyond], TOO_SMALL)
    return Funnel(place, side, low, high, target, phi, why)
