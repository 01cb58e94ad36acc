"""Whether two yes/no definitions say the same of the same courses."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from analytics.statistics.proportions import CONFIDENCE


@dataclass(frozen=True)
class Agreement:
    """The 2 x 2 table of two definitions.

    Attributes
    ----------
    both, only_first, only_second, neither : int, courses; they add up to n
    left_out : int, courses of which either definition knows nothing
    share : float or None, courses of which both say the same / n
    kappa, low, high : float or None, -1 to 1
    why : str, why kappa or its interval is missing; else empty
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    left_out: int
    share: float | None
    kappa: float | None
    low: float | None
    high: float | None
    why: str

    @property
    def n(self) -> int:
        """Courses of which both definitions know the answer."""
        return self.both + self.only_first + self.only_second + self.neither


def cohen_kappa(
    both: np.ndarray, only_first: np.ndarray, only_second: np.ndarray, neither: np.ndarray,
    confidence: float = CONFIDENCE,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cohen's kappa of many 2 x 2 tables at once: the agreement beyond that of chance.

    Parameters
    ----------
    both, only_first, only_second, neither : arrays of counts, same shape, one element a table

    Returns
    -------
    kappa, low, high : arrays, -1 to 1
        kappa is missing (nan) where a table is empty or both definitions give one and the same answer to all;
        the interval also where the large-sample variance is 0, as it is when no course is disagreed on.

    Source
    ------
    Cohen 1960, Educ Psychol Meas 20:37; variance of Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323
    """
    counts = np.stack([np.asarray(cell, dtype=float) for cell in (both, only_first, only_second, neither)])
    n = counts.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        yes_yes, yes_no, no_yes, no_no = counts / n
        first, second = yes_yes + yes_no, yes_yes + no_yes
        seen = yes_yes + no_no
        chance = first * second + (1 - first) * (1 - second)
        kappa = (seen - chance) / (1 - chance)
        agreed = (yes_yes * (1 - (first + second) * (1 - kappa)) ** 2
                  + no_no * (1 - (2 - first - second) * (1 - kappa)) ** 2)
        disagreed = (1 - kappa) ** 2 * (yes_no * (second + 1 - first) ** 2 + no_yes * (first + 1 - second) ** 2)
        variance = (agreed + disagreed - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
        half = NormalDist().inv_cdf(0.5 + confidence / 2) * np.sqrt(np.where(variance > 1e-15, variance, np.nan))
    return kappa, np.maximum(kappa - half, -1.0), np.minimum(kappa + half, 1.0)


def agreement(first: np.ndarray, second: np.ndarray, confidence: float = CONFIDENCE) -> Agreement:
    """How far two definitions agree, course by course.

    Parameters
    ----------
    first, second : arrays of float, one element a course: 1 yes, 0 no, nan unknown

    Raises
    ------
    ValueError
        Where the two are not of the same courses.

    Source
    ------
    cohen_kappa
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if first.shape != second.shape:
        raise ValueError(f"Two definitions of the same courses are needed; these are of {len(first)} and "
                         f"{len(second)}.")
    is_known = ~np.isnan(first) & ~np.isnan(second)
    yes_first, yes_second = first[is_known] == 1, second[is_known] == 1
    table = [int(cell.sum()) for cell in (yes_first & yes_second, yes_first & ~yes_second,
                                          ~yes_first & yes_second, ~yes_first & ~yes_second)]
    n, left_out = sum(table), int((~is_known).sum())
    if not n:
        return Agreement(*table, left_out, None, None, None, None, "There is no course that both definitions judge.")
    kappa, low, high = (float(one) for one in cohen_kappa(*table, confidence=confidence))
    share = (table[0] + table[3]) / n
    if np.isnan(kappa):
        return Agreement(*table, left_out, share, None, None, None,
                         "Both definitions give the same one answer for every course: chance alone would agree.")
    if np.isnan(low):
        return Agreement(*table, left_out, share, kappa, None, None,
                         "The courses seen leave the spread of kappa unknown, so it has no interval.")
    return Agreement(*table, left_out, share, kappa, low, high, "")
