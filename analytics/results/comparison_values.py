"""What a comparison rests on: the value, group and patient of every course that counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from analytics.courses.blocks import is_first_of
from analytics.definitions.measures import Measure
from analytics.results.rates import Counting, is_achieved

Courses = Literal["first", "all"]

FEWEST_TESTED = 10
"""No test where a side has fewer courses."""


@dataclass(frozen=True)
class Judged:
    """The counted courses that are compared, one element a course, in the order of patients and their courses.

    Attributes
    ----------
    course : position in ``courses``
    group : position of the group
    value : 1 or 0 for a rate; for a mean the improvement in points
    baseline : score before, in points
    patient : code
    n_groups : how many groups there are, with those that hold no course
    is_clustered : whether all courses are taken and some patient has more than one
    patients_in_several : patients with counted courses in more than one group, before any was dropped
    not_first : counted courses that are not compared because an earlier one of the patient is
    """

    course: np.ndarray
    group: np.ndarray
    value: np.ndarray
    baseline: np.ndarray
    patient: np.ndarray
    n_groups: int
    is_clustered: bool
    patients_in_several: int
    not_first: int

    @cached_property
    def n(self) -> np.ndarray:
        """Courses of each group."""
        return np.bincount(self.group, minlength=self.n_groups)

    @property
    def n_patients(self) -> int:
        """Patients in all groups together."""
        return int(is_first_of(self.patient).sum())

    @property
    def patients(self) -> np.ndarray:
        """Patients of each group; one may stand in several where all courses are taken."""
        if not self.is_clustered:
            return self.n
        return np.bincount(patients_by_group(self.patient, self.group)[1], minlength=self.n_groups)

    @cached_property
    def x(self) -> np.ndarray:
        """Courses of each group that have what a rate counts."""
        return np.bincount(self.group, self.value, self.n_groups)

    @cached_property
    def values_by_group(self) -> list[np.ndarray]:
        """The values of each group."""
        return np.split(self.value[np.argsort(self.group, kind="stable")], np.cumsum(self.n)[:-1])

    def of_groups(self, groups: tuple[int, ...]) -> Judged:
        """Only these groups, numbered 0, 1, ... in the order given."""
        place = np.full(self.n_groups, -1)
        place[list(groups)] = np.arange(len(groups))
        stays = place[self.group] >= 0
        return replace(self, course=self.course[stays], group=place[self.group[stays]], value=self.value[stays],
                       baseline=self.baseline[stays], patient=self.patient[stays], n_groups=len(groups))


def patients_by_group(patient: np.ndarray, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of patient and group that occurs, once, by patient; arrays of codes."""
    n_groups = int(group.max(initial=0)) + 1
    keys = np.sort(patient.astype(np.int64) * n_groups + group)
    keys = keys[is_first_of(keys)]
    return keys // n_groups, keys % n_groups


def _in_several(patient: np.ndarray, group: np.ndarray, is_first: np.ndarray) -> int:
    """Patients with a course in another group than that of their first; courses stand by patient."""
    first = np.flatnonzero(is_first)
    of_patient = np.cumsum(is_first) - 1
    elsewhere = group != group[first][of_patient]
    return int(np.count_nonzero(np.bincount(of_patient[elsewhere], minlength=len(first))))


def judged(counting: Counting, measure: Measure, courses: Courses) -> Judged:
    """The counted courses with their values: the same that the measure's rate or mean counts.

    Parameters
    ----------
    courses : ``first`` takes the first counted course of each patient within all groups together, so that a patient
        stands in one group only; ``all`` takes every counted course
    """
    value, counted = _values(counting, measure)
    course, group = counting.course[counted], counting.cell[counted]
    patient, baseline, value = counting.patient[counted], counting.baseline[counted], value[counted]
    # Courses stand sorted by patient and first day.
    is_first = is_first_of(patient)
    n_groups = len(counting.strata)
    several = _in_several(patient, group, is_first)
    taken = is_first if courses == "first" else np.ones(len(patient), dtype=bool)
    return Judged(course[taken], group[taken], value[taken], baseline[taken], patient[taken], n_groups,
                  courses == "all" and not is_first.all(), several, int((~taken).sum()))


def _values(counting: Counting, measure: Measure) -> tuple[np.ndarray, np.ndarray]:
    """The value of every row, and which rows count, as ``rates`` and ``means`` count them."""
    counted = counting.reasons(measure) < 0
    if measure.kind == "rate":
        return is_achieved(counting, measure, counted).astype(float), counted
    # A course without an endpoint counts only where the rules call it unchanged.
    return np.where(counting.has_endpoint, counting.improvement, 0.0), counted
