"""Reliable change and the crossing of a cut-off: the clinical significance of Jacobson and Truax."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RELIABLE = 1.96
"""A change is reliable strictly beyond so many standard errors of a difference."""

CLASSES = ("recovered", "improved", "unchanged", "deteriorated", "harmed")
"""In the order of the class codes, 0 to 4; a course with a score missing has code -1."""

_ALLOWANCE = 1e-9


@dataclass(frozen=True)
class ReliableChange:
    """What became of each course.

    Attributes
    ----------
    code : array of int, one element a course: the place in CLASSES, -1 where it cannot be said
    index : array, the reliable change index, positive when better; nan where a score is missing
    error : float or None, the standard error of a difference, in points
    cut_off : float or None, in points
    mean_baseline, sd_baseline : float or None, of the n courses with both scores
    n : int, courses with both scores
    why : str, why no course could be classed; else empty
    """

    code: np.ndarray
    index: np.ndarray
    error: float | None
    cut_off: float | None
    mean_baseline: float | None
    sd_baseline: float | None
    n: int
    why: str

    def counts(self) -> dict[str, int]:
        """Courses of each class."""
        counted = np.bincount(self.code[self.code >= 0], minlength=len(CLASSES))
        return {name: int(count) for name, count in zip(CLASSES, counted, strict=True)}


def error_of_difference(sd_baseline: float, reliability: float) -> float:
    """The standard error of the difference of two scores of one person, in points.

    Raises
    ------
    ValueError
        Where reliability does not lie between 0 and 1.

    Source
    ------
    Jacobson and Truax 1991, J Consult Clin Psychol 59:12: sd * sqrt(2) * sqrt(1 - reliability)
    """
    if not 0 <= reliability <= 1:
        raise ValueError(f"A reliability lies between 0 and 1; this one is {reliability}.")
    return float(sd_baseline * np.sqrt(2) * np.sqrt(1 - reliability))


def cut_off_points(
    mean_baseline: float, sd_baseline: float, mean_functional: float | None, sd_functional: float | None,
    is_higher_better: bool,
) -> dict[str, float | None]:
    """The three cut-offs between the two populations, in points.

    Returns
    -------
    dict of a, b, c
        a: two standard deviations of those treated from their mean, toward function. b: two of the functional group
        from its mean, toward dysfunction. c: between the means, nearer to the group that varies less. b and c are
        None where the functional group is unknown; c also where neither group varies.

    Source
    ------
    Jacobson and Truax 1991, J Consult Clin Psychol 59:12
    """
    toward_function = 1 if is_higher_better else -1
    points: dict[str, float | None] = {"a": mean_baseline + toward_function * 2 * sd_baseline, "b": None, "c": None}
    if mean_functional is None or sd_functional is None:
        return points
    points["b"] = mean_functional - toward_function * 2 * sd_functional
    if sd_baseline + sd_functional > 0:
        points["c"] = (sd_baseline * mean_functional + sd_functional * mean_baseline) / (sd_baseline + sd_functional)
    return points


def reliable_change(
    baseline: np.ndarray, endpoint: np.ndarray, *, reliability: float, cut_off: str = "c",
    mean_functional: float | None = None, sd_functional: float | None = None, is_higher_better: bool = False,
) -> ReliableChange:
    """What became of each course: recovered, improved, unchanged, deteriorated or harmed.

    Parameters
    ----------
    baseline, endpoint : arrays of float, one element a course of the whole cohort, before any grouping
        Where either is missing (nan) the course has no class and no part in the standard deviation.
    reliability : float, 0 to 1, of the instrument
    cut_off : "a", "b" or "c"
    mean_functional, sd_functional : float, of the functional group; b and c need them

    Returns
    -------
    ReliableChange
        A change of exactly 1.96 standard errors is unchanged, and a score on the cut-off is on neither side.
        recovered: reliably better and across; improved: reliably better, not across; deteriorated: reliably worse,
        not across; harmed: reliably worse and across.

    Raises
    ------
    ValueError
        Where cut_off is none of the three or the reliability is not between 0 and 1.

    Source
    ------
    Jacobson and Truax 1991, J Consult Clin Psychol 59:12
    """
    if cut_off not in ("a", "b", "c"):
        raise ValueError(f"The cut-off is a, b or c; this one is {cut_off}.")
    baseline, endpoint = np.asarray(baseline, dtype=float), np.asarray(endpoint, dtype=float)
    error_of_difference(0.0, reliability)
    is_paired = ~np.isnan(baseline) & ~np.isnan(endpoint)
    n = int(is_paired.sum())
    if n < 2:
        return _unknown(len(baseline), n, "At least two courses with both scores are needed for a standard deviation.")
    mean, sd = float(baseline[is_paired].mean()), float(baseline[is_paired].std(ddof=1))
    error = error_of_difference(sd, reliability)
    point = cut_off_points(mean, sd, mean_functional, sd_functional, is_higher_better)[cut_off]
    why = _why_not(error, point, mean, mean_functional, is_higher_better)
    if why:
        return _unknown(len(baseline), n, why)
    upward = 1 if is_higher_better else -1
    index = upward * (endpoint - baseline) / error
    code = _codes(index, upward * (baseline - point), upward * (endpoint - point))
    return ReliableChange(np.where(is_paired, code, -1), index, error, point, mean, sd, n, "")


def _codes(index: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The class of each course from its index and the distances to the cut-off, positive on the side of function."""
    is_better, is_worse = index > RELIABLE + _ALLOWANCE, index < -RELIABLE - _ALLOWANCE
    is_up = (before < -_ALLOWANCE) & (after > _ALLOWANCE)
    is_down = (before > _ALLOWANCE) & (after < -_ALLOWANCE)
    conditions = [is_better & is_up, is_better, is_worse & is_down, is_worse]
    return np.select(conditions, [CLASSES.index(name) for name in ("recovered", "improved", "harmed", "deteriorated")],
                     CLASSES.index("unchanged"))


def _why_not(
    error: float, point: float | None, mean: float, mean_functional: float | None, is_higher_better: bool
) -> str:
    if not error > _ALLOWANCE:
        return "All scores before are the same, or the reliability is 1: no standard error of a difference."
    if point is None:
        return "This cut-off needs the mean and the standard deviation of the functional group."
    if mean_functional is not None and (mean - mean_functional) * (1 if is_higher_better else -1) >= 0:
        return "The scores before are no worse on average than those of the functional group."
    return ""


def _unknown(n_courses: int, n: int, why: str) -> ReliableChange:
    return ReliableChange(np.full(n_courses, -1), np.full(n_courses, np.nan), None, None, None, None, n, why)
