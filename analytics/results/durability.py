"""How long a response or a remission lasted, of all courses that had one at their endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.courses.series import Series, series
from analytics.courses.sessions import CourseSessions, course_sessions, maintenance_days
from analytics.results.cohorts import Where, in_cohort
from analytics.results.time_to_response import (
    NO_LATER_SCORE,
    check_countable,
    counted_reasons,
    first_or_last,
    median_gap,
    reasons,
)

Start = Literal["response", "remission"]

WEEKS = (4, 8, 12, 26)
"""Weeks after the endpoint at which the share is told."""

NOT_REACHED: dict[Start, str] = {"response": "no_response", "remission": "no_remission"}
MAINTENANCE_BEFORE_ENDPOINT = "maintenance_before_endpoint"


@dataclass(frozen=True)
class Durable:
    """Every course that responded (or was in remission) at its endpoint, with how long that lasted.

    Attributes
    ----------
    course : positions in the courses, by course
    time : days from the endpoint to the score at which it was lost, or to the last score while watched
    is_event : whether it was lost
    left_out : courses of the cohort that are not among them, by reason, only those above 0
    gap_days : median days from one score while watched to the next, from the endpoint on; missing where there is none
    """

    instrument: str
    start: Start
    is_confirmed: bool
    is_censored_at_maintenance: bool
    course: np.ndarray
    time: np.ndarray
    is_event: np.ndarray
    left_out: dict[str, int]
    gap_days: float | None


def durability(
    of: Outcomes, instrument: str, *, start: Start = "response", confirm: bool = True,
    censor_at_maintenance: bool = False, where: Where | None = None, scores: Series | None = None,
    sessions: CourseSessions | None = None,
) -> Durable:
    """The time from the endpoint to the loss of response, or from remission to relapse.

    Lost is a response at the first later score that has it no more, and a remission at the first later score at the
    caseness line. The watching ends with the last score up to the first day of the patient's next course, whose own
    score counts; where maintenance censors, with the last score up to the first session after the induction.

    Parameters
    ----------
    confirm : the next score while watched, where there is one, must say the same; else the first one alone decides
    censor_at_maintenance : a course whose maintenance began on a day before its endpoint is left out then
    scores, sessions : the instrument's series and the sessions, where they were made already

    Raises
    ------
    ValueError
        When the files hold visits and no days, or the instrument has no remission.
    """
    check_countable(of, instrument, start)
    scores = scores if scores is not None else series(of, instrument)
    stays, begun = in_cohort(of, where or {}), endpoint_days(of, instrument, start)
    until = np.full(len(stays), np.inf)
    if censor_at_maintenance:
        maintenance = maintenance_days(sessions if sessions is not None else course_sessions(of), len(stays))
        until = np.where(np.isnan(maintenance), np.inf, maintenance)
    has_begun = stays & ~np.isnan(begun)
    is_late = has_begun & (until < begun)
    watched = (has_begun & ~is_late)[scores.course] & (scores.day > begun[scores.course])
    watched = np.flatnonzero(watched & (scores.day <= until[scores.course]))
    lost = ~scores.reached(start)[watched] if start == "response" else scores.is_case[watched]
    course, is_event, decisive = first_or_last(
        scores.course[watched], confirmed(scores.course[watched], lost) if confirm else lost)
    is_followed = np.zeros(len(stays), dtype=bool)
    is_followed[course] = True
    why = reasons(of, instrument, start)
    why = np.where(has_begun, np.where(is_late, MAINTENANCE_BEFORE_ENDPOINT, NO_LATER_SCORE),
                   np.where(why == "", NOT_REACHED[start], why))
    between = is_followed[scores.course] & (scores.day >= begun[scores.course]) & (scores.day <= until[scores.course])
    return Durable(instrument, start, confirm, censor_at_maintenance, course,
                   scores.day[watched][decisive] - begun[course], is_event,
                   counted_reasons(why[stays & ~is_followed]), median_gap(scores, between))


def endpoint_days(of: Outcomes, instrument: str, measure: str) -> np.ndarray:
    """Day of the endpoint of each course that has what the measure counts there, from day 0; nan for the others."""
    rows = of.rows_of(instrument)
    achieved = rows[measure].fillna(False).to_numpy(bool) & rows["endpoint"].notna().to_numpy()
    return np.where(achieved, rows["endpoint_day"].to_numpy(float, na_value=np.nan), np.nan)


def confirmed(course: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """Scores at which something was lost and the next score of the course, where there is one, says the same.

    Parameters
    ----------
    course, lost : arrays, one element a score while watched, by course and day
    """
    is_last = np.ones(len(course), dtype=bool)
    is_last[:-1] = course[1:] != course[:-1]
    return lost & (is_last | np.append(lost[1:], False))
