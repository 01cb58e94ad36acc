"""Courses that miss a window by a few days: an analyst may find the score, or widen the window and say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.courses.build import Built, built
from analytics.courses.outcomes import Outcomes
from analytics.courses.windows import Scores, anchor_day, scores_of
from analytics.definitions.rules import MEAN_DAYS, Rules, Window
from analytics.results.cohorts import Where, in_cohort

NEAR_DAYS = 15
"""Half of the 30 days of the usual windows: a score further away says little of the course's beginning or end."""


@dataclass(frozen=True)
class NearMiss:
    """Courses of one instrument without a score in a window, and with one close to it.

    Attributes
    ----------
    n_courses : how many have a score at most ``within_days`` outside
    n_missing : how many have no score in the window at all
    """

    instrument: str
    window: Literal["baseline", "endpoint"]
    n_courses: int
    n_missing: int
    within_days: int = NEAR_DAYS


def near_misses(of: Outcomes, where: Where | None = None, within_days: int = NEAR_DAYS) -> tuple[NearMiss, ...]:
    """Near misses of both windows, per instrument; those of nobody are left out.

    A baseline is only missed by a score that is too early: one after the first session is no baseline whatever the
    window. An endpoint is missed by a score that is too late, before the patient's next course, or too early, after
    the anchor. Visits without days have no near misses, nor have windows with an open end
    or from an index score.
    """
    if of.axis == "visit" or not len(of.table) or of.rules.base.counts_from_index:
        return ()
    courses = built(of.tables, of.rules, of.as_of)
    place = _places(of, courses)
    stays = in_cohort(of, where or {})
    found = []
    for key in of.instrument_keys:
        rows = of.rows_of(key)
        course, reason = rows["course"].to_numpy(), rows["left_out"].astype("str")
        scores, _ = scores_of(courses, of.tables, of.instruments[key], of.rules.base.scoring == "complete")
        lacks: Mapping[str, np.ndarray] = {
            "baseline": (reason == "no_baseline").to_numpy(bool),
            "endpoint": ((reason.isna() | (reason == "no_endpoint")) & rows["endpoint"].isna()).to_numpy(bool)}
        near = {"baseline": _near_baseline(courses, scores, within_days),
                "endpoint": _near_endpoint(courses, scores, within_days)}
        for window in ("baseline", "endpoint"):
            missing = lacks[window] & stays[course]
            n_near = int((missing & near[window][place[course]]).sum())
            if n_near:
                found.append(NearMiss(key, window, n_near, int(missing.sum()), within_days))
    return tuple(found)


def _places(of: Outcomes, courses: Built) -> np.ndarray:
    """Position among all courses of each course of the outcomes, found by patient and number."""
    keys = [frame["patient_id"].cat.codes.to_numpy(np.int64) * 2**31 + frame["course_number"].to_numpy(np.int64)
            for frame in (courses.courses, of.courses)]
    return np.searchsorted(keys[0], keys[1])


def _near_baseline(courses: Built, scores: Scores, within_days: int) -> np.ndarray:
    since = scores.day[scores.row] - courses.first_day[scores.course]
    near = np.zeros(len(courses.patient), dtype=bool)
    for position, rules in enumerate(courses.rules):
        low = _baseline_window(rules)[0]
        if low is None or rules.baseline_visit is not None:
            continue
        fits = (courses.rule[scores.course] == position) & (since < low) & (since >= low - within_days)
        near[scores.course[fits]] = True
    return near


def _baseline_window(rules: Rules) -> Window:
    return (1 - MEAN_DAYS, 0) if rules.baseline_pick == "mean_last_7_days" else rules.baseline_window


def _near_endpoint(courses: Built, scores: Scores, within_days: int) -> np.ndarray:
    day, course = scores.day[scores.row], scores.course
    near = np.zeros(len(courses.patient), dtype=bool)
    for position, rules in enumerate(courses.rules):
        if rules.endpoint_visit is not None:
            continue
        low, high = rules.endpoint_window
        since = day - anchor_day(rules, courses)[course]
        fits = np.zeros(len(day), dtype=bool)
        if high is not None:
            fits |= (since > high) & (since <= high + within_days)
        if low is not None:
            fits |= (since < low) & (since >= low - within_days) & (since > 0)
        fits &= (courses.rule[course] == position) & (day <= courses.next_day[course])
        near[course[fits]] = True
    return near
