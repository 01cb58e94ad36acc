"""Shares of sessions and of courses, each with its denominator, who is left out by reason, and a clustered interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from analytics.results.cohorts import Strata
from analytics.results.rates import Stratum
from analytics.statistics.proportions import effective_trials, wilson

COUNTED = -1
"""The reason of a session or a course that counts."""


@dataclass(frozen=True)
class SafetyShare:
    """How many of how many sessions, or courses with at least one such session, in one stratum.

    Attributes
    ----------
    total : sessions or courses of the stratum; always ``denominator + sum(left_out.values())``
    left_out : by reason, in the order in which reasons apply; only those above 0
    estimate, low, high : 0 to 1; missing when there is nothing to count
    interval : ``wilson``, or ``wilson_clustered`` when a patient is in the denominator more than once
    says_no : whether the files ever say no: a column of yes and blanks has no denominator to trust
    """

    measure: str
    unit: Literal["session", "course"]
    stratum: Stratum
    total: int
    numerator: int
    denominator: int
    left_out: dict[str, int]
    estimate: float | None
    low: float | None
    high: float | None
    interval: str
    says_no: bool = True


@dataclass(frozen=True)
class Judged:
    """One measure of some sessions or courses: arrays of one element each.

    Attributes
    ----------
    is_yes : whether it has what is counted; of use where it counts
    reason : position in ``reasons`` why it does not count, ``COUNTED`` where it does
    """

    is_yes: np.ndarray
    reason: np.ndarray
    reasons: tuple[str, ...]
    says_no: bool = True


@dataclass(frozen=True)
class Clusters:
    """Patients in strata: one cluster each, whose sessions and courses are not independent of one another.

    Attributes
    ----------
    of_course : cluster of each course, -1 where the course is in no stratum
    stratum : stratum of each cluster
    """

    of_course: np.ndarray
    stratum: np.ndarray
    strata: Strata

    @cached_property
    def inside(self) -> np.ndarray:
        """Positions of the courses that are in a stratum."""
        return np.flatnonzero(self.of_course >= 0)

    def by_stratum(self, counts: np.ndarray) -> np.ndarray:
        """Sums over the courses of each stratum."""
        if len(self.strata) == 1:
            return np.array([counts[self.inside].sum()])
        return np.bincount(self.strata.of_course[self.inside], counts[self.inside], len(self.strata))

    def by_cluster(self, counts: np.ndarray) -> np.ndarray:
        """Sums over the courses of each cluster."""
        return np.bincount(self._cluster_inside, counts[self.inside], len(self.stratum))

    @cached_property
    def _cluster_inside(self) -> np.ndarray:
        return self.of_course[self.inside]


def clusters(patient: np.ndarray, strata: Strata) -> Clusters:
    """One cluster for each patient in each stratum.

    Parameters
    ----------
    patient : one element a course
    """
    n_strata, inside = max(len(strata), 1), strata.of_course >= 0
    if len(strata) == 1:
        is_there = np.zeros(int(patient.max(initial=-1)) + 1, dtype=bool)
        is_there[patient[inside]] = True
        number = np.cumsum(is_there) - 1
        return Clusters(np.where(inside, number[patient], -1), np.zeros(int(is_there.sum()), np.int64), strata)
    keys, dense = np.unique(patient[inside] * n_strata + strata.of_course[inside], return_inverse=True)
    of_course = np.full(len(patient), -1)
    of_course[inside] = dense
    return Clusters(of_course, keys % n_strata, strata)


@dataclass(frozen=True)
class Tally:
    """One measure summed up by course, so that a filter need not look at sessions again.

    Attributes
    ----------
    yes, no : arrays of int, one element a course: sessions (or the course itself) that have it and that do not
    left_out : the same by reason, in the order of the reasons; only those that occur
    """

    yes: np.ndarray
    no: np.ndarray
    left_out: dict[str, np.ndarray]
    says_no: bool = True


def tally(judged: Judged, course: np.ndarray, n_courses: int) -> Tally:
    """How many sessions of each course are yes, no, and left out by reason.

    Parameters
    ----------
    course : the course of each judged session, or of each judged course
    """
    counted = judged.reason == COUNTED
    left = {name: chosen for place, name in enumerate(judged.reasons) if (chosen := judged.reason == place).any()}
    yes, no, *others = (np.bincount(course[chosen], minlength=n_courses).astype(np.int32)
                        for chosen in (counted & judged.is_yes, counted & ~judged.is_yes, *left.values()))
    return Tally(yes, no, dict(zip(left, others, strict=True)), judged.says_no)


def shares(measure: str, unit: Literal["session", "course"], of: Tally, within: Clusters) -> list[SafetyShare]:
    """One share a stratum; courses that are in none are not looked at."""
    successes = within.by_cluster(of.yes)
    trials = successes + within.by_cluster(of.no)
    x, misses = within.by_stratum(of.yes), within.by_stratum(of.no)
    n = x + misses
    left = {name: within.by_stratum(counts) for name, counts in of.left_out.items()}
    is_clustered = np.bincount(within.stratum, trials > 1, len(within.strata)) > 0
    low, high = _interval(successes, trials, within.stratum, x, n, is_clustered)
    return [SafetyShare(
        measure, unit, label, int(n[at] + sum(counts[at] for counts in left.values())), int(x[at]), int(n[at]),
        {name: int(counts[at]) for name, counts in left.items() if counts[at]},
        float(x[at] / n[at]) if n[at] else None, _known(low[at]), _known(high[at]),
        "wilson_clustered" if is_clustered[at] else "wilson", of.says_no)
        for at, label in enumerate(within.strata.labels)]


def _interval(
    successes: np.ndarray, trials: np.ndarray, stratum: np.ndarray, x: np.ndarray, n: np.ndarray,
    is_clustered: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Wilson interval of each stratum, on the effective sample size where a patient counts more than once."""
    none = np.zeros(len(n), dtype=np.int64)
    effective = np.where(is_clustered, effective_trials(successes, trials, stratum, none, none), n)
    with np.errstate(divide="ignore", invalid="ignore"):
        return wilson(np.where(n > 0, x / n * effective, 0), effective)


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
