"""Kaplan-Meier curves of a cohort, whole or by groups, with the test of whether groups differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from analytics.courses.blocks import is_first_of
from analytics.courses.outcomes import Outcomes
from analytics.results.cohorts import strata
from analytics.results.comparison_sides import SettledLater
from analytics.results.comparison_values import FEWEST_TESTED, Courses
from analytics.results.landmark import MAY_BE_MIXED, MIXED, is_settled_later
from analytics.statistics.answers import INDEPENDENT, Test
from analytics.statistics.survival import Curve, kaplan_meier, log_rank

MOST_GROUPS = 7
"""As many as there are colours; of more groups the largest are drawn."""

TEST = "Log-rank test"
_WHY = "It compares whole curves, where not everyone was watched to the end."
_ASSUMES = ("Why the watching ended has nothing to do with how soon it would have come, and one group is sooner "
            f"throughout, not first one and then the other. {INDEPENDENT}")


class Watched(Protocol):
    """Courses with a time and whether it ended with an event; ``TimeTo`` and ``Durable`` are such."""

    @property
    def course(self) -> np.ndarray: ...

    @property
    def time(self) -> np.ndarray: ...

    @property
    def is_event(self) -> np.ndarray: ...


@dataclass(frozen=True)
class Grouping:
    """The group of every course of the outcomes.

    Attributes
    ----------
    by : what the groups are made by; empty where all are one
    values : what each group is called, in order
    of_course : array of int, position in ``values``, -1 where in none
    why_none : array of str, why a course is in none; empty where it is in one
    """

    by: str
    values: tuple[str, ...]
    of_course: np.ndarray
    why_none: np.ndarray


@dataclass(frozen=True)
class Group:
    """One group: its name (empty where all are one), the courses drawn, and their curve."""

    value: str
    n: int
    n_events: int
    curve: Curve


@dataclass(frozen=True)
class Curves:
    """The curves of a cohort.

    Attributes
    ----------
    courses : ``first`` counts the first followed course of each patient, ``all`` every one
    n_patients : patients in all groups together
    is_clustered : whether somebody is counted more than once, which the intervals then allow for
    not_drawn : followed courses in no curve, by reason: ``later_course``, or a reason of the grouping, or
        ``other_values`` where there are more groups than can be drawn
    n_values : groups there are, drawn or not
    test : missing where all are one group; without ``p`` where it could not be made
    """

    by: str
    courses: Courses
    groups: tuple[Group, ...]
    n_patients: int
    is_clustered: bool
    not_drawn: dict[str, int]
    n_values: int
    test: Test | None


def all_together(of: Outcomes) -> Grouping:
    """Every course in one group."""
    n_courses = len(of.courses)
    return Grouping("", ("",), np.zeros(n_courses, dtype=int), np.full(n_courses, "", dtype=object))


def by_attribute(of: Outcomes, name: str) -> Grouping:
    """Groups by the values of an attribute, sorted; not recorded is no group, and neither is mixed.

    Raises
    ------
    SettledLater
        When the attribute says what happened after day 0: then survival itself would make the groups.
    """
    if is_settled_later(of, name):
        raise SettledLater(f"{name} is settled only by what happened after day 0, so that staying long enough would "
                           "make the groups.", name)
    cells = strata(of, [name], np.ones(len(of.courses), dtype=bool))
    there = [label[name] for label in cells.labels]
    values = tuple(one for one in there if one is not None and not (one == MIXED and name in MAY_BE_MIXED))
    place = {value: position for position, value in enumerate(values)}
    reason = np.array(["not_recorded" if one is None else "" if one in place else "mixed" for one in there] + [""],
                      dtype=object)
    of_course = np.array([place.get(one, -1) if one is not None else -1 for one in there] + [-1])[cells.of_course]
    return Grouping(name, values, of_course, reason[cells.of_course])


def curves(
    found: Watched, patient: np.ndarray, grouping: Grouping, courses: Courses = "first"
) -> Curves:
    """The curve of each group, and whether the groups differ.

    Parameters
    ----------
    found : followed courses, by course; courses stand by patient and first day
    patient : code of each course's patient, one element a course of the outcomes
    courses : ``first`` takes the first followed course of each patient, whatever its group
    """
    who = patient[found.course]
    taken = is_first_of(who) if courses == "first" else np.ones(len(who), dtype=bool)
    group, reason = grouping.of_course[found.course], grouping.why_none[found.course]
    not_drawn = {"later_course": int((~taken).sum())} | _counted(reason[taken & (group < 0)])
    sizes = np.bincount(group[taken & (group >= 0)], minlength=len(grouping.values))
    is_there = sizes > 0
    drawn = np.sort(np.argsort(-sizes, kind="stable")[:MOST_GROUPS])
    drawn = drawn[is_there[drawn]]
    place = np.full(len(grouping.values) + 1, -1)
    place[drawn] = np.arange(len(drawn))
    shown = taken & (place[group] >= 0)
    not_drawn["other_values"] = int((taken & (group >= 0)).sum() - shown.sum())
    time, is_event, who, group = found.time[shown], found.is_event[shown], who[shown], place[group[shown]]
    is_clustered = courses == "all" and not is_first_of(who).all()
    groups = tuple(
        Group(grouping.values[value], int(inside.sum()), int(is_event[inside].sum()),
              kaplan_meier(time[inside], is_event[inside], cluster=who[inside] if is_clustered else None))
        for value, inside in ((value, group == position) for position, value in enumerate(drawn)))
    test = _test(groups, time, is_event, group, is_clustered=is_clustered) if grouping.by else None
    return Curves(grouping.by, courses, groups, int(is_first_of(who).sum()), is_clustered,
                  {key: number for key, number in not_drawn.items() if number}, int(is_there.sum()), test)


def _counted(reasons: np.ndarray) -> Mapping[str, int]:
    codes, names = pd.factorize(reasons)
    return dict(zip(names.tolist(), np.bincount(codes, minlength=len(names)).tolist(), strict=True))


def _test(
    groups: tuple[Group, ...], time: np.ndarray, is_event: np.ndarray, group: np.ndarray, *, is_clustered: bool
) -> Test:
    """The log-rank test of the groups that are large enough; it says why where there is none."""
    large = [position for position, one in enumerate(groups) if one.n >= FEWEST_TESTED]
    n = tuple(one.n for one in groups)
    if is_clustered:
        return Test(TEST, None, None, "It takes every patient once; count the first course of each patient to have it.",
                    _ASSUMES, n)
    if len(large) < 2:
        return Test(TEST, None, None, f"Fewer than two groups have {FEWEST_TESTED} or more.", _ASSUMES, n)
    place = np.full(len(groups), -1)
    place[large] = np.arange(len(large))
    tested = place[group] >= 0
    answer = log_rank(time[tested], is_event[tested], place[group[tested]], len(large))
    return Test(TEST, answer.p, answer.statistic, answer.why or _WHY, _ASSUMES, tuple(n[one] for one in large))


@dataclass(frozen=True)
class Steps:
    """A curve as it is drawn: from time 0 on, one element a step; ``share`` rises or falls.

    ``low`` and ``high`` are nan where there is no interval; ``n_at_risk`` is how many were watched up to each time.
    """

    times: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n_at_risk: np.ndarray

    def part(self, start: int, end: int | None) -> Steps:
        """The steps from one position to another."""
        return Steps(*(getattr(self, name)[start:end] for name in ("times", "share", "low", "high", "n_at_risk")))


def steps(curve: Curve, until: float, *, is_rising: bool) -> Steps:
    """The steps of a curve up to a time; the share with the event where it rises, else the share without it."""
    stays = (curve.times <= until) & (curve.times > 0)
    at_nought = np.flatnonzero(curve.times == 0)
    start = float(curve.share[at_nought[0]]) if len(at_nought) else 1.0
    times = np.append(0.0, curve.times[stays])
    share, low, high = (np.append(first, values[stays]) for first, values in (
        (start, curve.share), (np.nan, curve.low), (np.nan, curve.high)))
    n_at_risk = np.append(curve.n, curve.n_at_risk[stays])
    if curve.n and curve.times[-1] > until:
        times = np.append(times, until)
        share, low, high = (np.append(one, one[-1]) for one in (share, low, high))
        n_at_risk = np.append(n_at_risk, curve.n_at_risk[np.searchsorted(curve.times, until)])
    if is_rising:
        share, low, high = 1 - share, 1 - high, 1 - low
    return Steps(times, share, low, high, n_at_risk)

