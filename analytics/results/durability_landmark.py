"""How long a response lasted by what was given after it: from a landmark on, with those still responding there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.courses.sessions import CourseSessions, course_sessions
from analytics.results.durability import Durable, endpoint_days
from analytics.results.survival_curves import Grouping

GivenBy = Literal["maintenance", "dose", "sessions"]

MAINTENANCE = ("no maintenance", "1 maintenance session", "2 or more")
SESSIONS = ("1 to 4", "5 or 6", "7 or 8", "9 to 12", "13 or more")
"""Groups of courses by the sessions given so far; convention."""

_SESSION_STARTS = (5, 7, 9, 13)
NOT_RECORDED, SEVERAL_UNITS = "not_recorded", "several_units"


@dataclass(frozen=True)
class AtLandmark:
    """The courses still watched and still responding after the landmark, grouped by what was given up to it.

    Attributes
    ----------
    found : those courses; their time counts from the landmark on
    grouping : by what was given up to and with the landmark's day, from the course's day 0 on
    n_lost, n_not_watched : courses that had lost it by the landmark, and those that were not watched beyond it
    """

    day: int
    found: Durable
    grouping: Grouping
    n_lost: int
    n_not_watched: int


def at_landmark(
    of: Outcomes, found: Durable, by: GivenBy, day: int, sessions: CourseSessions | None = None
) -> AtLandmark:
    """Those at risk after a landmark, by what they had been given up to it.

    A loss or the last score on the landmark's own day is one before its end.

    Parameters
    ----------
    day : days from the endpoint of each course
    by : ``maintenance`` counts sessions after the induction, ``dose`` takes the highest of any session, ``sessions``
        counts all of the course

    Raises
    ------
    ValueError
        When the files hold no sessions or the rules do not use them, or the landmark is below 0.
    """
    if of.tables.sessions.empty or of.rules.base.counts_from_index:
        raise ValueError("What was given is known only where the files hold sessions and the rules use them.")
    if day < 0:
        raise ValueError(f"A landmark is a day from the endpoint on, 0 or more; {day} came.")
    sessions = sessions if sessions is not None else course_sessions(of)
    stays = found.time > day
    until = endpoint_days(of, found.instrument, found.start) + day
    given = np.flatnonzero((sessions.course >= 0) & (sessions.day <= until[sessions.course]))
    make = {"maintenance": _by_maintenance, "dose": _by_dose, "sessions": _by_sessions}[by]
    later = replace(found, course=found.course[stays], time=found.time[stays] - day, is_event=found.is_event[stays])
    return AtLandmark(day, later, make(of, sessions, given), int((found.is_event & ~stays).sum()),
                      int((~found.is_event & ~stays).sum()))


def _by_maintenance(of: Outcomes, sessions: CourseSessions, given: np.ndarray) -> Grouping:
    n = np.bincount(sessions.course[given[~sessions.is_induction[given]]], minlength=len(of.courses))
    return _counted("maintenance", MAINTENANCE, np.minimum(n, len(MAINTENANCE) - 1))


def _by_sessions(of: Outcomes, sessions: CourseSessions, given: np.ndarray) -> Grouping:
    n = np.bincount(sessions.course[given], minlength=len(of.courses))
    return _counted("sessions", SESSIONS, np.where(n > 0, np.digitize(n, _SESSION_STARTS), -1))


def _counted(by: str, values: tuple[str, ...], of_course: np.ndarray) -> Grouping:
    return Grouping(by, values, of_course, np.where(of_course < 0, NOT_RECORDED, "").astype(object))


def _by_dose(of: Outcomes, sessions: CourseSessions, given: np.ndarray) -> Grouping:
    """The highest dose so far, as many groups as there are doses; none where doses have several units."""
    table, n_courses = of.tables.sessions, len(of.courses)
    if "dose" not in table:
        return _counted("dose", (), np.full(n_courses, -1))
    dose = table["dose"].to_numpy(float, na_value=np.nan)[sessions.row[given]]
    given = given[~np.isnan(dose)]
    course, dose = sessions.course[given], dose[~np.isnan(dose)]
    codes, units = pd.factorize(table["dose_unit"] if "dose_unit" in table else pd.Series([], dtype="str"))
    # Not recorded is a unit of its own, the last.
    unit = np.append(codes, -1)[sessions.row[given] if len(codes) else np.full(len(given), -1)] % (len(units) + 1)
    names = [*map(str, units), ""]
    highest, least, most = np.full(n_courses, -np.inf), np.full(n_courses, len(names)), np.full(n_courses, -1)
    np.maximum.at(highest, course, dose)
    np.minimum.at(least, course, unit)
    np.maximum.at(most, course, unit)
    is_one = (most >= 0) & (least == most)
    keys, place = np.unique(np.column_stack([most[is_one], highest[is_one]]), axis=0, return_inverse=True)
    of_course = np.full(n_courses, -1)
    of_course[is_one] = place.reshape(-1)
    values = tuple(f"{amount:g} {names[int(code)]}".strip() for code, amount in keys)
    why = np.where(is_one, "", np.where(most >= 0, SEVERAL_UNITS, NOT_RECORDED))
    return Grouping("dose", values, of_course, why.astype(object))

