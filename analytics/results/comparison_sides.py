"""Which courses stand on which side of a comparison: the levels of an attribute, or two cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.results.cohorts import Strata, Where, column_of, in_cohort, strata
from analytics.results.landmark import (
    MAY_BE_MIXED,
    MIXED,
    at_risk,
    is_settled_later,
    landmarked,
    name_at_landmark,
)

Value = str | None


class SettledLater(ValueError):
    """Groups that formed after day 0 were asked for without a landmark; ``name`` is the column they are made by."""

    def __init__(self, sentence: str, name: str) -> None:
        super().__init__(sentence)
        self.name = name


@dataclass(frozen=True)
class Levels:
    """Groups by the values of one attribute.

    ``values`` : those compared, the first is a; missing means every value that the cohort holds, sorted, where the
    missing value is no group and neither is ``mixed`` (a course becomes mixed by what happened after day 0)
    """

    by: str
    values: tuple[Value, ...] | None = None


@dataclass(frozen=True)
class Cohort:
    """A named cohort: the courses its filters leave."""

    name: str
    where: Where


@dataclass(frozen=True)
class Cohorts:
    """Two named cohorts, a and b."""

    a: Cohort
    b: Cohort


@dataclass(frozen=True)
class Overlap:
    """Courses and patients in both cohorts. Such a course is in neither side of the difference."""

    courses: int
    patients: int


@dataclass(frozen=True)
class Sides:
    """The groups of a comparison.

    Attributes
    ----------
    by : the attribute, or ``cohort``
    values : what each group is called, in order; the first is a
    shown : the strata whose results are the groups' own; two cohorts may share courses, so each has its own
    apart : the group of each course, -1 for one that is in none or, of two cohorts, in both
    overlap : missing where groups cannot share a course
    not_compared : courses of the cohort that are in no group, by reason
    """

    by: str
    values: tuple[Value, ...]
    shown: tuple[Strata, ...]
    apart: Strata
    overlap: Overlap | None
    not_compared: dict[str, int]


def sides(
    of: Outcomes, instrument: str, groups: Levels | Cohorts, where: Where | None = None, landmark: int | None = None
) -> Sides:
    """The groups, of the courses that the filters leave and, with a landmark, that are judged after it.

    Raises
    ------
    ValueError
        When an attribute or a value is not there, when the two groups are one, or when groups are made by what
        happened after day 0 and there is no landmark.
    """
    stays = in_cohort(of, where or {})
    not_compared = {}
    if landmark is not None:
        if landmark < 0:
            raise ValueError(f"A landmark is a day from day 0 on, 0 or more; {landmark} came.")
        is_risk = at_risk(of, instrument, landmark)
        not_compared["not_judged_after_landmark"] = int((stays & ~is_risk).sum())
        of, stays = landmarked(of, landmark), stays & is_risk
    found = (_of_levels(of, groups, stays, landmark) if isinstance(groups, Levels)
             else _of_cohorts(of, groups, stays, landmark))
    counts = {reason: number for reason, number in (not_compared | found.not_compared).items() if number}
    return Sides(found.by, found.values, found.shown, found.apart, found.overlap, counts)


def _refuse_later(of: Outcomes, name: str, values: Sequence[Value], landmark: int | None) -> None:
    if landmark is not None:
        return
    if is_settled_later(of, name) or (name in MAY_BE_MIXED and MIXED in values):
        what = name if is_settled_later(of, name) else f"{name} {MIXED}"
        instead = f", or by {name}_first" if f"{name}_first" in of.courses else ""
        raise SettledLater(
            f"{what} is settled only by what happened after day 0, so that those who did well or stayed long enough "
            f"would make the groups; compare from a landmark on (--landmark DAY), which counts the courses judged "
            f"after that day and groups them by what had happened up to it{instead}.", name)


def _of_levels(of: Outcomes, groups: Levels, stays: np.ndarray, landmark: int | None) -> Sides:
    _refuse_later(of, groups.by, groups.values or (), landmark)
    name = name_at_landmark(groups.by)
    name = name if name in of.courses else groups.by
    column = column_of(of, name)
    cells = strata(of, [name], stays)
    there = [label[name] for label in cells.labels]
    values = groups.values
    if values is None:
        is_mixed_kept = groups.by not in MAY_BE_MIXED or landmark is not None
        values = tuple(one for one in there if one is not None and (one != MIXED or is_mixed_kept))
    _check_values(groups, values, column)
    place = {value: position for position, value in enumerate(values)}
    group = np.array([place.get(value, -1) for value in there] + [-1])[cells.of_course]
    n_courses = np.bincount(cells.of_course[stays], minlength=len(there))
    left = dict.fromkeys(("not_recorded", "other_values", "mixed"), 0)
    for value, number in zip(there, n_courses, strict=True):
        if value not in place:
            is_mixed = value == MIXED and groups.by in MAY_BE_MIXED
            left["not_recorded" if value is None else "mixed" if is_mixed else "other_values"] += int(number)
    apart = Strata(group, tuple({groups.by: value} for value in values))
    return Sides(groups.by, values, (apart,), apart, None, left)


def _check_values(groups: Levels, values: tuple[Value, ...], column: pd.Series) -> None:
    if groups.values is None:
        return
    if len(set(values)) != len(values):
        raise ValueError(f"Two different values of {groups.by} are compared; the same one came twice.")
    known = {str(one) for one in column.unique() if not pd.isna(one)} | {None}
    if any(value not in known for value in values):
        raise ValueError(f"No course has the value of {groups.by} that was asked for; values are compared as "
                         f"summary --by {groups.by} writes them.")


def _of_cohorts(of: Outcomes, groups: Cohorts, stays: np.ndarray, landmark: int | None) -> Sides:
    a, b = groups.a, groups.b
    if a.name == b.name:
        raise ValueError("The two cohorts need names of their own; the same name came twice.")
    for name in sorted({*a.where, *b.where}):
        # A condition that both share does not make the groups.
        if set(a.where.get(name, ())) != set(b.where.get(name, ())):
            _refuse_later(of, name, [*a.where.get(name, ()), *b.where.get(name, ())], landmark)
    in_a, in_b = (stays & _in_cohort(of, one.where) for one in (a, b))
    both = in_a & in_b
    group = np.where(in_a & ~both, 0, np.where(in_b & ~both, 1, -1))
    patients = [np.bincount(of.patient[one], minlength=len(of.assessments_by_patient)) > 0 for one in (in_a, in_b)]
    overlap = Overlap(int(both.sum()), int((patients[0] & patients[1]).sum()))
    apart = Strata(group, tuple({"cohort": one.name} for one in (a, b)))
    shown = tuple(Strata(np.where(one, 0, -1), (label,))
                  for one, label in zip((in_a, in_b), apart.labels, strict=True))
    return Sides("cohort", (a.name, b.name), shown, apart, overlap,
                 {"other_values": int((stays & ~in_a & ~in_b).sum()), "in_both_cohorts": int(both.sum())})


def _in_cohort(of: Outcomes, where: Where) -> np.ndarray:
    return in_cohort(of, {name_at_landmark(name) if name_at_landmark(name) in of.courses else name: values
                          for name, values in where.items()})
