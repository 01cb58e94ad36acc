"""Which courses a list holds, in which order: the same courses that a figure counted, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.definitions.instruments import ALLOWANCE
from analytics.definitions.measures import LEFT_OUT, MEASURES
from analytics.statistics.order import in_order

LEFT, NO, YES = -1, 0, 1
"""What a measure says of a course: it does not count, it counts and has it not, it has it."""

Sort = Literal["patient", "start", "sessions", "baseline", "endpoint", "change", "outcome"]


@dataclass(frozen=True)
class CourseRows:
    """What one measure says of every course; arrays of one element a course.

    Attributes
    ----------
    instrument, measure : keys; scores are of the instrument, flag and reason of what the measure is judged on
    baseline, endpoint, improvement, endpoint_day : nan where unknown; days from day 0
    flag : ``YES``, ``NO`` or ``LEFT``; of a mean, whether the course improved at all
    reason : position in ``LEFT_OUT``, -1 where the course counts
    is_worse : whether the instrument's endpoint is worse than its baseline, of courses that count for harm
    is_paired : whether the course counts for harm, so that it has a place in the severity bands
    """

    instrument: str
    measure: str
    baseline: np.ndarray
    endpoint: np.ndarray
    improvement: np.ndarray
    endpoint_day: np.ndarray
    flag: np.ndarray
    reason: np.ndarray
    is_worse: np.ndarray
    is_paired: np.ndarray


def rows_of(of: Outcomes, key: str, column: str | None = None) -> Any:
    """The rows of the outcomes under one key, one a course, or one column of them.

    A view, because outcomes hold the rows of a key as one block with the courses in order.
    """
    first = of.result_keys.index(key) * len(of.courses)
    table = of.table if column is None else of.table[column]
    return table.iloc[first:first + len(of.courses)]


def course_rows(of: Outcomes, instrument: str, judged_on: str, measure: str) -> CourseRows:
    """What a measure says of every course.

    Parameters
    ----------
    instrument : key of the scores that are shown
    judged_on : key of the results that flag and reason are read from: the instrument, or the pair of the NHS set
    """
    rows, judged = rows_of(of, instrument), rows_of(of, judged_on)
    reason = judged["left_out" if measure == "response" else f"left_out_{measure}"].cat.codes.to_numpy()
    number = {name: rows[name].to_numpy(float, na_value=np.nan)
              for name in ("baseline", "endpoint", "improvement", "endpoint_day")}
    if measure == "follow_up":
        has_it = judged["has_endpoint"].to_numpy(bool)
    elif MEASURES[measure].kind == "mean":
        has_it = number["improvement"] > ALLOWANCE
    else:
        has_it = judged[measure].fillna(False).to_numpy(bool)
    return CourseRows(
        instrument, measure, flag=np.where(reason >= 0, LEFT, np.where(has_it, YES, NO)).astype(np.int8),
        reason=reason, is_worse=rows["worsening"].fillna(False).to_numpy(bool),
        is_paired=rows["left_out_worsening"].isna().to_numpy(), **number)


def is_listed(rows: CourseRows, name: str, reason: str = "none") -> np.ndarray:
    """Which courses a list holds, of all courses; bool, one element a course.

    Parameters
    ----------
    name : all, judged, responders, not, left_out, or worse
    reason : of ``left_out`` only those of one reason; ``none`` means all

    Raises
    ------
    ValueError
        When there is no such list or reason.
    """
    if name == "left_out":
        if reason != "none" and reason not in LEFT_OUT:
            raise ValueError(f"A reason was needed, one of {', '.join(LEFT_OUT)}; another came.")
        return rows.flag == LEFT if reason == "none" else rows.reason == LEFT_OUT.index(reason)
    lists = {"all": np.ones(len(rows.flag), dtype=bool), "judged": rows.flag != LEFT, "responders": rows.flag == YES,
             "not": rows.flag == NO, "worse": rows.is_worse}
    if name not in lists:
        raise ValueError(f"A list was needed, one of left_out, {', '.join(lists)}; another came.")
    return lists[name]


def places_of(of: Outcomes, course: np.ndarray) -> np.ndarray:
    """Which courses are at these positions; bool, one element a course."""
    chosen = np.zeros(len(of.courses), dtype=bool)
    chosen[course] = True
    return chosen


def in_band(of: Outcomes, rows: CourseRows, side: Literal["start", "end"], place: int) -> np.ndarray:
    """Which courses are in one severity band at the start or at the end, of those that the bands are drawn of.

    Parameters
    ----------
    place : of the instrument's bands, mildest first; one that is not there holds no course
    """
    edges = [band.start for band in of.instruments[rows.instrument].bands[1:]]
    scores = rows.baseline if side == "start" else rows.endpoint
    return rows.is_paired & (np.digitize(scores, edges) == place)


def starts_with(of: Outcomes, text: str) -> np.ndarray:
    """Which courses are of a patient whose code begins with a text, whatever its case; blank finds all."""
    wanted = text.strip().casefold()
    if not wanted:
        return np.ones(len(of.patient), dtype=bool)
    fits = of.built.patients.astype("str").str.casefold().str.startswith(wanted)
    return np.asarray(fits, dtype=bool)[of.patient]


def in_order_of(of: Outcomes, rows: CourseRows, chosen: np.ndarray, sort: Sort, *, is_down: bool) -> np.ndarray:
    """Positions of the chosen courses in order; unknown last either way, ties by patient and number of the course.

    Parameters
    ----------
    chosen : bool, one element a course
    is_down : whether the largest comes first
    """
    course = np.flatnonzero(chosen)
    if sort == "patient":
        return course[::-1] if is_down else course
    key = _sort_key(of, rows, sort)[course]
    return course[in_order(np.where(np.isnan(key), np.inf, -key if is_down else key), course)]


def _sort_key(of: Outcomes, rows: CourseRows, sort: Sort) -> np.ndarray:
    """What courses are sorted by: a number each, nan where unknown."""
    match sort:
        case "start":
            return of.built.first_day[of.kept].astype(float)
        case "sessions":
            return of.courses["n_sessions"].to_numpy(float, na_value=np.nan)
        case "baseline":
            return rows.baseline
        case "endpoint":
            return rows.endpoint
        case "change":
            return rows.improvement
        case "outcome":
            # Those who have it, those who have it not, then the reasons in the order in which they apply.
            return np.where(rows.flag == YES, -2, np.where(rows.flag == NO, -1, rows.reason)).astype(float)
    raise ValueError("An order was needed: patient, start, sessions, baseline, endpoint, change or outcome.")
