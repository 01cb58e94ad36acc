"""Every session in its course: when, the how-manieth, and whether of the induction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.courses.attributes import places_in
from analytics.courses.build import Built, session_keys
from analytics.courses.outcomes import Outcomes

NO_COURSE = -1
"""The course of a session that belongs to none that is counted."""


@dataclass(frozen=True)
class CourseSessions:
    """The sessions that are known by the as-of day, sorted by course, then day; arrays of one element a session.

    Attributes
    ----------
    row : position in the tables' sessions
    course : position in the courses of the outcomes; ``NO_COURSE`` (these stand first) where the rules do not keep it
    day : from day 0 of the course; from the axis' own zero where there is no course
    number : 1, 2, ... in the course; 0 where there is none
    is_induction : whether it belongs to the induction; False where the rules count from an index score
    """

    row: np.ndarray
    course: np.ndarray
    day: np.ndarray
    number: np.ndarray
    is_induction: np.ndarray

    def __len__(self) -> int:
        return len(self.row)


def course_sessions(of: Outcomes) -> CourseSessions:
    """Every known session in its course.

    A session after the as-of day, or after its patient was last observed, is not among them. Under rules that count
    from an index score a patient is one course, and his sessions are that course's, those before day 0 too.
    """
    built = of.built
    own, day, row, is_induction = _of_patients(of) if of.rules.base.counts_from_index else (
        built.session_key >> 32, (built.session_key & (2**32 - 1)) - 2**31, built.session_row,
        built.is_induction_session)
    position = np.append(np.where(of.kept, np.cumsum(of.kept) - 1, NO_COURSE), NO_COURSE)
    course = position[own]
    since = np.where(course == NO_COURSE, day, day - np.append(built.first_day, 0)[own])
    order = np.lexsort((since, course))
    course, since = course[order], since[order]
    starts = np.flatnonzero(np.append(True, course[1:] != course[:-1])[:len(course)])
    lengths = np.diff(np.append(starts, len(course)))
    number = np.arange(len(course)) - np.repeat(starts, lengths) + 1
    return CourseSessions(row[order], course, since, np.where(course == NO_COURSE, 0, number), is_induction[order])


def _of_patients(of: Outcomes) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Course in ``built``, day, row and "no induction" of each known session, where each patient is one course."""
    built, sessions = of.built, of.tables.sessions
    if sessions.empty:
        return (np.empty(0, np.int64),) * 3 + (np.empty(0, bool),)
    patient = places_in(built.patients, sessions["patient_id"])
    day = sessions["day"].to_numpy(np.int64)
    row = np.flatnonzero(day <= built.last_known_day[patient])
    course_of_patient = np.full(len(built.patients), NO_COURSE)
    course_of_patient[built.patient] = np.arange(len(built.patient))
    return course_of_patient[patient[row]], day[row], row, np.zeros(len(row), bool)


def n_sessions_before(built: Built, course: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Sessions of a course on days before a day: one on the day itself comes after a score of that day.

    Parameters
    ----------
    course, day : arrays of one length; position in ``built.courses``, and the day on the patient's axis
    """
    until = np.searchsorted(built.session_key, session_keys(course, day))
    return until - np.searchsorted(built.session_key, course.astype(np.int64) << 32)


def maintenance_days(sessions: CourseSessions, n_courses: int) -> np.ndarray:
    """Day of each course's first session after its last induction session, from day 0; nan where there is none.

    A course without an induction session has no maintenance either, and a second session on the day of the last
    induction session is none: an endpoint of the course is looked for from that day on.
    """
    own = np.flatnonzero(sessions.course != NO_COURSE)
    last = np.full(n_courses, np.nan)
    induction = own[sessions.is_induction[own]]
    last[sessions.course[induction]] = sessions.day[induction]
    later = own[sessions.day[own] > last[sessions.course[own]]]
    first = np.full(n_courses, np.nan)
    first[sessions.course[later[::-1]]] = sessions.day[later[::-1]]
    return first
