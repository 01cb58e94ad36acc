"""Groups made by what happened after day 0: only from a landmark on, with those still at risk there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.courses.attributes import indication_of
from analytics.courses.outcomes import Outcomes
from analytics.courses.sessions import NO_COURSE, course_sessions

SETTLED_LATER = frozenset({
    "kind", "n_sessions", "n_induction", "route_last", "drug_last", "dose_highest", "dose_last", "maintenance"})
"""Columns of the courses that say what happened after day 0. ``maintenance`` exists at a landmark only."""

MAY_BE_MIXED = frozenset({"route", "drug", "dose_unit"})
"""Columns whose value ``mixed`` is settled after day 0: a course becomes mixed by its later sessions."""

MIXED = "mixed"
_DOSES = ("dose_highest", "dose_last")
_SO_FAR = " so far"


def is_settled_later(of: Outcomes, name: str) -> bool:
    """Whether a column, by its name, is ours and says what happened after day 0."""
    if name == "maintenance":
        return name not in of.courses
    return name in SETTLED_LATER


def at_risk(of: Outcomes, instrument: str, day: int) -> np.ndarray:
    """Courses that are judged after the landmark: those whose endpoint lies on a later day than it.

    Parameters
    ----------
    day : days from day 0 of the course; an endpoint on the day itself is one before the landmark's end

    Returns
    -------
    array of bool, one element a course
        A course without an endpoint is not among them, also where the rules count it as a failure: whether it was
        still under observation at the landmark is not known.

    Raises
    ------
    ValueError
        When the files have visits and no days.
    """
    if of.tables.axis == "visit":
        raise ValueError("A landmark is a day, and the files hold visits without days.")
    rows = of.rows_of(instrument)
    since = rows["endpoint_day"].to_numpy(float, na_value=np.nan)
    stays = np.zeros(len(of.courses), dtype=bool)
    stays[rows["course"].to_numpy()[since > day]] = True
    return stays


def landmarked(of: Outcomes, day: int) -> Outcomes:
    """The same outcomes, with every column that is settled after day 0 as it stood at the end of the landmark's day.

    Sessions of the course up to and with that day are counted: how many (``n_sessions``, ``n_induction``), by which
    route and drug (one or mixed, and the last), the highest and the last dose, and whether any came after the
    induction (``maintenance``: yes or no). ``kind`` is complete or incomplete by the induction sessions so far. A
    course without sessions has none of them. Scores, windows and rules are untouched.
    """
    course, rows = _sessions_until(of, day)
    n_courses = len(of.courses)
    n_sessions = np.bincount(course, minlength=n_courses)
    n_induction = np.minimum(n_sessions, of.courses["n_induction"].fillna(0).to_numpy(int))
    has_sessions = n_sessions > 0
    columns = {
        "n_sessions": _words(n_sessions, has_sessions), "n_induction": _words(n_induction, has_sessions),
        "kind": _kind_so_far(of, n_induction, has_sessions)}
    if "maintenance" not in of.courses:
        columns["maintenance"] = pd.Series(np.where(n_sessions > n_induction, "yes", "no"), dtype="str").where(
            has_sessions)
    for name in ("route", "drug", "dose_unit"):
        if name in rows and name in of.courses:
            columns |= _one_or_mixed(of, name, rows[name], course)
    columns |= {name + _SO_FAR: words for name, words in _doses(of, rows, course).items()}
    return replace(of, courses=of.courses.assign(**columns))


def name_at_landmark(name: str) -> str:
    """The column of ``landmarked`` outcomes that holds an attribute; doses are no groups without a landmark."""
    return name + _SO_FAR if name in _DOSES else name


def _words(numbers: np.ndarray, is_known: np.ndarray) -> pd.Series:
    return pd.Series(numbers.astype(str), dtype="str").where(is_known)


def _kind_so_far(of: Outcomes, n_induction: np.ndarray, has_sessions: np.ndarray) -> pd.Series:
    complete = n_induction >= _complete_sessions(of)
    kind = of.courses["kind"].astype("str").to_numpy(object)
    is_later = np.isin(kind, ["re_induction", "booster"])
    so_far = np.where(complete, np.where(is_later, "re_induction", "induction"),
                      np.where(is_later, "booster", "incomplete"))
    return pd.Series(so_far, dtype="str").where(has_sessions)


def _complete_sessions(of: Outcomes) -> np.ndarray:
    """The sessions that make an induction complete, by the rules of each course."""
    column = indication_of(of.courses)
    if not of.rules.is_by_indication or column is None:
        return np.full(len(of.courses), of.rules.base.complete_sessions)
    codes, names = pd.factorize(column)
    presets = [of.rules.preset_for(name) for name in [*names, None]]
    return np.array([of.rules.rules_for(preset).complete_sessions for preset in presets])[codes]


def _sessions_until(of: Outcomes, day: int) -> tuple[np.ndarray, pd.DataFrame]:
    """The sessions of each course up to the landmark: the course's position, and the rows, by course and day."""
    sessions = course_sessions(of)
    last = of.courses["last_day"].fillna(-1).to_numpy(int)[sessions.course]
    inside = (sessions.course != NO_COURSE) & (sessions.day <= np.minimum(day, last))
    return sessions.course[inside], of.tables.sessions.iloc[sessions.row[inside]]


def _one_or_mixed(of: Outcomes, name: str, values: pd.Series, course: np.ndarray) -> dict[str, pd.Series]:
    """The one value of each course so far, or mixed; and the last."""
    known = np.flatnonzero(values.notna().to_numpy())
    words = values.iloc[known].astype("str").to_numpy(object)
    at = course[known]
    first, last = (np.full(len(of.courses), None, dtype=object) for _ in range(2))
    first[at[::-1]], last[at] = words[::-1], words
    is_mixed = np.zeros(len(of.courses), dtype=bool)
    is_mixed[at[words != first[at]]] = True
    one = pd.Series(np.where(is_mixed, MIXED, first), dtype="str")
    return {name: one} | ({f"{name}_last": pd.Series(last, dtype="str")} if f"{name}_last" in of.courses else {})


def _doses(of: Outcomes, rows: pd.DataFrame, course: np.ndarray) -> dict[str, pd.Series]:
    """The highest and the last dose so far, as texts; none where a course has doses of two units."""
    if "dose" not in rows or "dose_highest" not in of.courses:
        return {}
    dose = rows["dose"].to_numpy(float, na_value=np.nan)
    known = np.flatnonzero(~np.isnan(dose))
    highest, last = (np.full(len(of.courses), np.nan) for _ in range(2))
    last[course[known]] = dose[known]
    np.fmax.at(highest, course[known], dose[known])
    if "dose_unit" in rows:
        unit = _one_or_mixed(of, "dose_unit", rows["dose_unit"], course)["dose_unit"].to_numpy(object)
        highest = np.where(unit == MIXED, np.nan, highest)
    return {name: _dose_words(column) for name, column in zip(_DOSES, (highest, last), strict=True)}


def _dose_words(doses: np.ndarray) -> pd.Series:
    codes, known = pd.factorize(doses)
    return pd.Series(np.array([*(f"{one:g}" for one in known), None], dtype=object)[codes], dtype="str")
