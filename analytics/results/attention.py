"""Courses that a clinician may want to look at; lists as of a day, never alerts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.courses.attributes import places_in
from analytics.courses.outcomes import Outcomes
from analytics.courses.scores import number_of
from analytics.courses.series import Series
from analytics.results.course_list import rows_of
from analytics.results.durability import durability
from analytics.statistics.order import in_order


@dataclass(frozen=True)
class Attention:
    """Courses of a list with the day that put them there.

    Attributes
    ----------
    course : positions in the courses, ascending
    day : days from day 0 of the course; nan where the files hold visits alone
    answer : what item 9 was answered with; nan where the list is of something else
    """

    course: np.ndarray
    day: np.ndarray
    answer: np.ndarray


def lost_response(of: Outcomes, instrument: str, scores: Series | None = None) -> Attention | None:
    """Courses that responded at their endpoint and lost the response later, confirmed where there is a next score.

    Missing where the files hold visits and no days, so that nobody can be watched.
    """
    if of.tables.axis == "visit":
        return None
    found = durability(of, instrument, start="response", confirm=True, scores=scores)
    course = found.course[found.is_event]
    begun = rows_of(of, instrument)["endpoint_day"].to_numpy(float, na_value=np.nan)[course]
    return Attention(course, begun + found.time[found.is_event], np.full(len(course), np.nan))


def item9_positive_last(of: Outcomes) -> Attention:
    """Courses whose patient answered item 9 with 1 or more at the last score known of a scale that asks it.

    Every filling-in of a scale with such an item counts, also one without a total and one taken during or after a
    session. Where the last has no answer to item 9 the patient is not on the list: something came after. Of two on one
    day the later time is the last, and without times on both the higher answer. The course is the patient's
    last one that had begun by then, else his first; it is on the list only where the rules keep that course.
    """
    built, found = of.built, []
    for key in of.instrument_keys:
        if of.instruments[key].self_harm_item is not None:
            patient, day, answer = _last_answers(of, key)
            is_positive = answer >= 1
            found.append((patient[is_positive], day[is_positive], answer[is_positive]))
    if not found or (of.tables.axis == "visit" and not of.tables.is_visit_order_known):
        return Attention(np.empty(0, np.int64), np.empty(0), np.empty(0))
    patient, day, answer = (np.concatenate(parts) for parts in zip(*found, strict=True))
    course = _course_at(built.patient, built.first_day, patient, day, is_visit_axis=of.tables.axis == "visit")
    is_kept = of.kept[course]
    course, day, answer = course[is_kept], day[is_kept], answer[is_kept]
    since = np.full(len(day), np.nan) if of.tables.axis == "visit" else day - built.first_day[course]
    position = (np.cumsum(of.kept) - 1)[course]
    order = np.lexsort((-answer, position))
    position, first = np.unique(position[order], return_index=True)
    return Attention(position, since[order][first].astype(float), answer[order][first])


def _last_answers(of: Outcomes, key: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each patient's last filling-in of a scale: patient, day on the axis, answer to item 9 (nan where unanswered)."""
    table = of.tables.assessments
    table = table[(table["instrument"] == key).to_numpy(bool)]
    patient = places_in(of.built.patients, table["patient_id"])
    if of.tables.axis == "visit":
        day = table["visit"].cat.codes.to_numpy(np.int64)
        usable = (day >= 0) & (patient >= 0)
    else:
        day = table["day"].astype("Int64").fillna(0).to_numpy(np.int64)
        usable = table["day"].notna().to_numpy() & (patient >= 0) & (day <= of.built.last_known_day[patient])
    answer = number_of(table, "self_harm_item")[usable]
    time, patient, day = number_of(table, "time")[usable], patient[usable], day[usable]
    is_tie_timed = _all_timed(patient, day, time)
    order = in_order(patient, day, np.where(is_tie_timed, time, 0), np.nan_to_num(answer, nan=-1))
    last = np.ones(len(order), dtype=bool)
    last[:-1] = patient[order][1:] != patient[order][:-1]
    chosen = order[last]
    return patient[chosen], day[chosen], answer[chosen]


def _all_timed(patient: np.ndarray, day: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Whether every filling-in of that patient and day has a time."""
    if np.isnan(time).all():
        return np.zeros(len(time), dtype=bool)
    _, tie = np.unique(np.stack([patient, day]), axis=1, return_inverse=True)
    return np.bincount(tie, np.isnan(time))[tie] == 0


def _course_at(
    course_patient: np.ndarray, first_day: np.ndarray, patient: np.ndarray, day: np.ndarray, *, is_visit_axis: bool
) -> np.ndarray:
    """The course of each patient that had begun by a day, else the first; position among all courses."""
    starts = np.searchsorted(course_patient, patient)
    ends = np.searchsorted(course_patient, patient, side="right")
    if is_visit_axis:
        return ends - 1
    begun = np.searchsorted(_keys(course_patient, first_day), _keys(patient, day), side="right")
    return np.clip(begun - 1, starts, ends - 1)


def _keys(patient: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One number that sorts by patient, then day; days may be negative."""
    return (patient.astype(np.int64) << 32) + day + 2**31
