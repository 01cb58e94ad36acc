"""Who is to be asked now: courses whose endpoint window is open, or closes within a week, as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.courses.blocks import NEVER
from analytics.courses.build import Built
from analytics.courses.outcomes import Outcomes
from analytics.courses.windows import anchor_day
from analytics.definitions.measures import LEFT_OUT
from analytics.definitions.rules import Rules
from analytics.definitions.tables import DAY_ZERO, date_of
from analytics.results.course_list import rows_of

CLOSING_DAYS = 7
"""A window that closes within so many days is on the list, even where it is not open yet."""

_STILL_USEFUL = (-1, LEFT_OUT.index("not_due"), LEFT_OUT.index("no_endpoint"))
"""A score now would be an endpoint of these; -1 has one already."""


@dataclass(frozen=True)
class Worklist:
    """Courses to follow up as of a day, sorted by the day on which their windows close.

    Attributes
    ----------
    on : the day of the list
    course : position in the courses of ``of``; the further arrays have one element each of these
    opens_on, closes_on : first and last day of the window, as dates; a window closes at the latest with the first
        session of the patient's next course
    days_left : days from ``on`` to the last day; 0 is today
    has_score : whether a usable score lies in the window already
    n_without_start : courses with an open window and no starting score, to which a score could not be compared
    of : the outcomes as of the day
    """

    on: date
    course: np.ndarray
    opens_on: tuple[date, ...]
    closes_on: tuple[date, ...]
    days_left: np.ndarray
    has_score: np.ndarray
    n_without_start: int
    of: Outcomes


def why_no_worklist(of: Outcomes) -> str | None:
    """Why there can be no worklist: ``no_dates`` or ``no_window``; missing where there can."""
    if of.axis != "date":
        return "no_dates"
    has_window = [one.endpoint_visit is None and one.endpoint_window[1] is not None for one in of.built.rules]
    return None if any(has_window) else "no_window"


def worklist(of: Outcomes, instrument: str, stays: np.ndarray, within_days: int = CLOSING_DAYS) -> Worklist:
    """Courses whose endpoint window is open on the as-of day of the outcomes, or closes within so many days.

    Both ends of a window are inside it. On the list are the courses that a score could be compared in: those with a
    starting score, no booster, whatever they scored. A patient who is no longer observed is not on it.

    Parameters
    ----------
    of : with dates, made as of the day of the list, so that nothing later is known
    stays : bool, one element a course: those that are asked about

    Raises
    ------
    ValueError
        When there are no dates or no window that closes.
    """
    why = why_no_worklist(of)
    if why is not None or of.as_of is None:
        raise ValueError("Dates and a window that closes were needed for a worklist; the files or rules have none.")
    opens, closes = endpoint_windows(of, instrument)
    first_day = of.built.first_day[of.kept]
    today = (of.as_of - DAY_ZERO).days - first_day
    does_close = np.array([one.endpoint_window[1] is not None for one in of.built.rules])[of.built.rule][of.kept]
    is_open = does_close & (today <= closes) & ((opens <= today) | (closes <= today + within_days))
    rows = rows_of(of, instrument)
    reason = rows["left_out_worsening"].cat.codes.to_numpy()
    asked = is_open & stays & ~_is_gone(of)
    course = np.flatnonzero(asked & np.isin(reason, _STILL_USEFUL))
    course = course[np.lexsort((course, closes[course] + first_day[course]))]
    opens_on, closes_on = (tuple(date_of(int(day)) for day in (days + first_day)[course]) for days in (opens, closes))
    return Worklist(
        of.as_of, course, opens_on, closes_on, (closes - today)[course].astype(np.int64),
        rows["has_endpoint"].to_numpy(bool)[course],
        int((asked & (reason == LEFT_OUT.index("no_baseline"))).sum()), of)


def _is_gone(of: Outcomes) -> np.ndarray:
    """Courses of patients who are no longer observed on the as-of day."""
    assert of.as_of is not None, "Only dated files know when a patient was last observed."
    return of.built.last_known_day[of.patient] < (of.as_of - DAY_ZERO).days


def endpoint_windows(of: Outcomes, instrument: str) -> tuple[np.ndarray, np.ndarray]:
    """First and last day on which a score can be the endpoint, from day 0 of the course.

    Returns
    -------
    opens, closes : float arrays, one element a course
        nan where the rules leave that end open, and both where the course has no window: visits, no induction
        session to count from, no index score. No window outlasts the first day of the patient's next course.
    """
    built = of.built
    opens, closes = np.full((2, len(built.patient)), np.nan)
    baseline_day = np.full(len(built.patient), np.nan)
    baseline_day[of.kept] = rows_of(of, instrument)["baseline_day"].to_numpy(float, na_value=np.nan)
    for position, rules in enumerate(built.rules):
        if rules.endpoint_visit is not None or of.tables.axis == "visit":
            continue
        low, high = _window(rules, built, baseline_day)
        in_force = built.rule == position
        opens, closes = np.where(in_force, low, opens), np.where(in_force, high, closes)
    return opens[of.kept], closes[of.kept]


def _window(rules: Rules, built: Built, baseline_day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The window of one set of rules, from day 0 of every course; nan where an end is open or nothing anchors it."""
    low, high = rules.endpoint_window
    anchor = baseline_day if rules.counts_from_index else (anchor_day(rules, built) - built.first_day).astype(float)
    if rules.endpoint_anchor == "last_induction_session":
        anchor = np.where(built.has_anchor, anchor, np.nan)
    opens = anchor + (np.nan if low is None else low)
    if rules.endpoint_pick == "last_available":
        # Any score after day 0 may be the last there is.
        opens = np.where(np.isnan(anchor), np.nan, 1.0)
    next_day = np.where(built.next_day == NEVER, np.nan, built.next_day - built.first_day)
    closes = np.fmin(anchor + (np.nan if high is None else high), next_day)
    return opens, np.where(np.isnan(anchor), np.nan, closes)
