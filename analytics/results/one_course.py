"""One course in full: every score and session, the windows as they were used, and how it stands in a measure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analytics.courses.blocks import NEVER, NO_ID
from analytics.courses.build import Built
from analytics.courses.index import index_rows
from analytics.courses.lines import is_beyond
from analytics.courses.outcomes import Outcomes
from analytics.courses.rows import visit_labels
from analytics.courses.scores import NONE, number_of, usable_rows
from analytics.courses.sessions import CourseSessions
from analytics.courses.windows import baseline_rows, endpoint_rows, scores_of
from analytics.definitions.instruments import ALLOWANCE, Instrument
from analytics.definitions.measures import MEASURES
from analytics.definitions.nhs import nhs_caseness
from analytics.definitions.rules import MEAN_DAYS, Rules, Window
from analytics.definitions.safety import SIDE_EFFECTS
from analytics.definitions.tables import date_of
from analytics.results.course_list import rows_of
from analytics.results.worklist import endpoint_windows

EFFECTS = (*(one.key for one in SIDE_EFFECTS), "stopped_early")
"""Columns of the sessions that say yes or no; blank is unknown, never no."""


@dataclass(frozen=True)
class Point:
    """One score.

    Attributes
    ----------
    day : from day 0 of the course; missing where the files hold visits alone, which ``visit`` then names
    self_harm : the answer to item 9; missing where unknown
    """

    total: float
    day: int | None
    visit: str | None = None
    self_harm: int | None = None


@dataclass(frozen=True)
class Scored:
    """One instrument in one course.

    Attributes
    ----------
    points : every score of the course, by day
    is_usable : whether each may stand for before or after: none that was taken during or after a session may
    role : of each: ``baseline``, ``endpoint`` or empty
    baseline, endpoint : what stands for before and after; the baseline's total is a mean where the rules say so
    improvement : in the good direction; missing without both
    baseline_window, endpoint_window : first and last day from day 0, missing where that end is open; no window at all
        where the rules name visits, or nothing anchors it
    closes : last day of the window in itself, also where the next course began before it; missing without one
    """

    instrument: Instrument
    points: tuple[Point, ...]
    is_usable: tuple[bool, ...]
    role: tuple[str, ...]
    baseline: Point | None
    endpoint: Point | None
    improvement: float | None
    baseline_window: Window | None
    endpoint_window: Window | None
    closes: int | None

    @property
    def is_case(self) -> tuple[bool | None, bool | None]:
        """Whether the score before and the one after are a case inside the NHS set; missing without the score."""
        line = nhs_caseness(self.instrument)
        before, after = (None if one is None else bool(is_beyond(np.float64(one.total), line))
                         for one in (self.baseline, self.endpoint))
        return before, after

    @property
    def reliably(self) -> str:
        """Reliable change from start to end: better, worse, or neither (also where it is not known)."""
        size = self.instrument.reliable_change
        if self.improvement is None or size is None:
            return "neither"
        if self.improvement >= size.value - ALLOWANCE:
            return "better"
        return "worse" if -self.improvement >= size.value - ALLOWANCE else "neither"


@dataclass(frozen=True)
class Given:
    """One session: day from day 0 and what the files tell of it; missing where they do not.

    Attributes
    ----------
    phase : induction, maintenance or booster; empty where the rules look at no session
    """

    day: int
    number: int
    phase: str
    drug: str | None
    route: str | None
    dose: float | None
    dose_unit: str | None
    effects: tuple[str, ...]
    is_form_filled: bool
    cadss_peak: float | None
    minutes_until_ready: float | None


@dataclass(frozen=True)
class Judged:
    """How the course stands in one measure: ``flag`` is missing where it is left out, and of a mean."""

    measure: str
    flag: bool | None
    reason: str | None
    on: tuple[Scored, ...]


@dataclass(frozen=True)
class OneCourse:
    """One course with everything that is known of it.

    Attributes
    ----------
    position : in the courses of the outcomes; ``code`` and ``number`` of the patient and the course
    started_on : date of day 0, where the files keep dates; ``first_day`` on the patient's own axis else
    next_day : first day of the patient's next course, from day 0; missing without one
    last_known_day : until when the patient is known, from day 0; missing where unknown
    rules : those in force for this course
    scored : by instrument, those with a score in the course or not; ``sessions`` by day
    has_days : whether the files tell days; else visits alone
    """

    of: Outcomes
    position: int
    code: str
    number: int
    kind: str
    started_on: date | None
    first_day: int | None
    n_sessions: int | None
    n_induction: int | None
    last_induction_day: int | None
    next_day: int | None
    last_known_day: int | None
    rules: Rules
    scored: dict[str, Scored]
    sessions: tuple[Given, ...]
    has_days: bool

    def judged(self, key: str, measure: str) -> Judged:
        """How the course stands in a measure of an instrument, or of the two scales of the NHS set."""
        reason = _value(self.of, key, self.position, "left_out" if measure == "response" else f"left_out_{measure}")
        members = [key] if key in self.scored else [one.key for one in self.of.nhs.members]
        flag = None
        if pd.isna(reason) and MEASURES[measure].kind == "rate":
            flag = bool(_value(self.of, key, self.position, "has_endpoint" if measure == "follow_up" else measure))
        return Judged(measure, flag, None if pd.isna(reason) else str(reason),
                      tuple(self.scored[one] for one in members))


def _value(of: Outcomes, key: str, position: int, name: str) -> Any:
    """What the outcomes say of one course under one key, in one column."""
    return rows_of(of, key, name).iloc[position]


def found(of: Outcomes, patient: int, number: int) -> int | None:
    """The position of a patient's course by its number; missing where these rules do not keep it."""
    first, last = np.searchsorted(of.patient, patient), np.searchsorted(of.patient, patient, side="right")
    numbers = of.courses["course_number"].iloc[first:last].to_numpy(int)
    at = np.flatnonzero(numbers == number)
    return int(first + at[0]) if len(at) else None


def one_course(of: Outcomes, position: int, sessions: CourseSessions) -> OneCourse:
    """Everything of the course at a position.

    Parameters
    ----------
    sessions : of the same outcomes, from ``course_sessions``
    """
    row = {name: of.courses[name].iloc[position] for name in (
        "patient_id", "course_number", "kind", "n_sessions", "n_induction", "last_induction_day")}
    place = int(np.flatnonzero(of.kept)[position])
    small, first = _of_patient(of.built, int(of.patient[position]))
    here = place - first
    first_day = int(small.first_day[here])
    windows = {key: [ends[position] for ends in endpoint_windows(of, key)] for key in of.instrument_keys}
    return OneCourse(
        of, position, str(row["patient_id"]), int(row["course_number"]), str(row["kind"]),
        date_of(first_day) if of.axis == "date" else None, first_day if of.axis == "day" else None,
        *(_whole(row[name]) for name in ("n_sessions", "n_induction", "last_induction_day")),
        _since(int(small.next_day[here]), first_day),
        _since(int(small.last_known_day[small.patient[here]]), first_day), small.rules[small.rule[here]],
        {key: _scored(of, small, here, key, windows[key], position) for key in of.instrument_keys},
        _given(of, sessions, position), of.axis != "visit")


_ASSESSED = ("instrument", "total", "day", "time", "timing", "visit", "n_items_missing", "self_harm_item")
"""Columns of the assessments that are read; the answers to the items are many and not needed."""


def _of_patient(built: Built, patient: int) -> tuple[Built, int]:
    """The courses and assessments of one patient alone, and the place of his first course among all."""
    first, last = np.searchsorted(built.patient, patient), np.searchsorted(built.patient, patient, side="right")
    chosen = np.flatnonzero(built.assessment_patient == patient)
    arrays = {name: getattr(built, name)[first:last] for name in (
        "patient", "first_day", "anchor_day", "has_sessions", "has_anchor", "last_day", "next_day", "course_id",
        "rule")}
    needed = [name for name in _ASSESSED if name in built.assessments]
    return replace(built, courses=built.courses.iloc[first:last], assessments=built.assessments[needed].iloc[chosen],
                   assessment_patient=built.assessment_patient[chosen],
                   assessment_course_id=built.assessment_course_id[chosen], **arrays), int(first)


def _scored(of: Outcomes, small: Built, here: int, key: str, window: list[float], position: int) -> Scored:
    """One instrument in the course at ``here`` of its patient's courses."""
    instrument, rules = of.instruments[key], small.rules[small.rule[here]]
    is_there = (small.assessments["instrument"] == key).to_numpy(bool).any()
    before, after = _chosen(of, small, here, instrument) if is_there else ([], [])
    rows = _rows_of(of, small, here, key, [*before, *after])
    table, is_usable = small.assessments.iloc[rows], usable_rows(
        small.assessments.iloc[rows], needs_day=of.axis != "visit", is_strict=small.rule_set.base.scoring == "complete")
    points = _points(table, small, here, of)
    role = tuple("baseline" if one in before else "endpoint" if one in after else "" for one in rows)
    baseline, endpoint = (next((point for point, one in zip(points, role, strict=True) if one == side), None)
                          for side in ("baseline", "endpoint"))
    if baseline is not None and rules.baseline_pick == "mean_last_7_days" and rules.baseline_visit is None:
        last = [point for point, one in zip(points, role, strict=True) if one == "baseline"][-1]
        baseline = replace(last, total=float(_value(of, key, position, "baseline")))
    improvement = _value(of, key, position, "improvement")
    opens, closes = (None if np.isnan(end) else int(end) for end in window)
    own_end = rules.endpoint_window[1]
    return Scored(
        instrument, points, tuple(bool(one) for one in is_usable), role, baseline, endpoint,
        None if pd.isna(improvement) else float(improvement), _baseline_window(rules, has_days=of.axis != "visit"),
        None if opens is None and closes is None and own_end is not None else (opens, closes),
        _closes(rules, small, here, baseline))


def _closes(rules: Rules, small: Built, here: int, baseline: Point | None) -> int | None:
    """The last day of the endpoint window in itself, from day 0; missing where it has no end or no anchor."""
    end = rules.endpoint_window[1]
    if end is None or rules.endpoint_visit is not None:
        return None
    if rules.counts_from_index:
        return None if baseline is None or baseline.day is None else baseline.day + end
    if rules.endpoint_anchor == "last_induction_session":
        return int(small.anchor_day[here] - small.first_day[here]) + end if small.has_anchor[here] else None
    return end + (int(small.last_day[here] - small.first_day[here]) if rules.endpoint_anchor == "last_session" else 0)


def _baseline_window(rules: Rules, *, has_days: bool) -> Window | None:
    if rules.counts_from_index or rules.baseline_visit is not None or not has_days:
        return None
    return (1 - MEAN_DAYS, 0) if rules.baseline_pick == "mean_last_7_days" else rules.baseline_window


def _chosen(of: Outcomes, small: Built, here: int, instrument: Instrument) -> tuple[list[int], list[int]]:
    """Rows of the patient's assessments that stand for before and after in the course; of a mean before all of it."""
    rules, is_visit_axis = small.rules[small.rule[here]], of.axis == "visit"
    scores, _ = scores_of(small, of.tables, instrument, small.rule_set.base.scoring == "complete")
    in_force, visits = small.rule == small.rule[here], visit_labels(of.tables)
    if rules.counts_from_index:
        before = np.full(len(small.patient), NONE) if is_visit_axis else index_rows(
            scores, instrument, rules, len(small.patient))
    else:
        before = baseline_rows(scores, small, rules, in_force, visits, is_visit_axis=is_visit_axis)
    after = endpoint_rows(scores, small, rules, in_force, visits, before, is_visit_axis=is_visit_axis)
    of_instrument = np.flatnonzero((small.assessments["instrument"] == instrument.key).to_numpy(bool) & usable_rows(
        small.assessments, needs_day=not is_visit_axis, is_strict=small.rule_set.base.scoring == "complete"))
    chosen = [[int(of_instrument[one[here]])] if one[here] != NONE else [] for one in (before, after)]
    if chosen[0] and rules.baseline_pick == "mean_last_7_days" and rules.baseline_visit is None:
        rows = scores.row[scores.course == here]
        since = scores.day[rows] - small.first_day[here]
        chosen[0] = [int(one) for one in of_instrument[rows[(since >= 1 - MEAN_DAYS) & (since <= 0)]]]
    return chosen[0], chosen[1]


def _rows_of(of: Outcomes, small: Built, here: int, key: str, chosen: list[int]) -> np.ndarray:
    """Rows of the patient's assessments that lie in the course, by day: those that series counts, and unusable ones."""
    table, rules = small.assessments, small.rules[small.rule[here]]
    ours, own = small.assessment_course_id, small.course_id[here]
    fits = (table["instrument"] == key).to_numpy(bool) & ((ours == NO_ID) | (ours == own))
    if of.axis == "visit":
        day = table["visit"].cat.codes.to_numpy(np.int64)
    else:
        day = table["day"].astype("Int64").fillna(NEVER).to_numpy(np.int64)
        start = -NEVER if rules.counts_from_index or rules.baseline_window[0] is None else rules.baseline_window[0]
        fits &= (day - small.first_day[here] >= start) & (day <= small.next_day[here]) & (day < NEVER)
    fits[chosen] = True
    rows = np.flatnonzero(fits)
    return rows[np.lexsort((number_of(table, "time")[rows], day[rows]))]


def _points(table: pd.DataFrame, small: Built, here: int, of: Outcomes) -> tuple[Point, ...]:
    """Scores as points, from day 0 of the course."""
    has_days, first_day = of.axis != "visit", int(small.first_day[here])
    visit = table["visit"].astype("str").to_numpy(object) if "visit" in table else np.full(len(table), None)
    return tuple(
        Point(float(total), int(day) - first_day if has_days else None, None if pd.isna(label) else str(label),
              None if np.isnan(answer) else int(answer))
        for total, day, label, answer in zip(
            table["total"], table["day"], visit, number_of(table, "self_harm_item"), strict=True))


def _given(of: Outcomes, sessions: CourseSessions, position: int) -> tuple[Given, ...]:
    """The sessions of the course, by day."""
    first, last = np.searchsorted(sessions.course, position), np.searchsorted(sessions.course, position, side="right")
    table = of.tables.sessions.iloc[sessions.row[first:last]]
    filled = [name for name in EFFECTS if name in table]
    is_booster = of.courses["kind"].iloc[position] == "booster"
    found_rows = []
    for place, (_, row) in zip(range(first, last), table.iterrows(), strict=True):
        effects = tuple(name for name in filled if not pd.isna(row[name]) and bool(row[name]))
        found_rows.append(Given(
            int(sessions.day[place]), int(sessions.number[place]),
            "" if of.rules.base.counts_from_index else "booster" if is_booster
            else "induction" if sessions.is_induction[place] else "maintenance",
            *(_text(row.get(name)) for name in ("drug", "route")), _number(row.get("dose")),
            _text(row.get("dose_unit")), effects, any(not pd.isna(row[name]) for name in filled),
            _number(row.get("cadss_peak")), _number(row.get("minutes_until_ready"))))
    return tuple(found_rows)


def _since(day: int, first_day: int) -> int | None:
    return None if day >= NEVER else day - first_day


def _whole(value: object) -> int | None:
    return None if pd.isna(value) else int(value)


def _number(value: object) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _text(value: object) -> str | None:
    return None if value is None or pd.isna(value) else str(value)
