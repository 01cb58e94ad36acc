"""How long it took until a course first responded, of all courses that were followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.courses.series import Series, series
from analytics.definitions.measures import LEFT_OUT
from analytics.results.cohorts import Where, in_cohort
from analytics.results.rates import Share
from analytics.statistics.proportions import effective_trials, wilson

Unit = Literal["days", "sessions"]

NO_LATER_SCORE = "no_later_score"
"""Left out because no score shows how the course went on."""

CENSORED_INSTEAD = frozenset({"not_due", "no_endpoint"})
"""Reasons of a rate that play no part here: censoring takes their place."""

STEPS: dict[Unit, tuple[int, ...]] = {"sessions": (1, 2, 3, 4, 5, 6, 8, 10), "days": (7, 14, 21, 28, 42, 56, 84)}
"""By when "ever responded" is told."""


@dataclass(frozen=True)
class TimeTo:
    """Every followed course of a cohort with the time until it first had what a measure counts.

    Attributes
    ----------
    course : positions in the courses, by course
    time : days, or sessions of the course before the score, from day 0 to the first score that has it, or to the
        last score where none has; under rules that count from an index score from that score on
    is_event : whether there was such a score
    left_out : courses of the cohort that are not followed, by reason, only those above 0; they and ``course``
        together are all courses of the cohort
    gap_days : median days from one score of these courses to the next; missing where no course has two
    """

    instrument: str
    measure: str
    unit: Unit
    course: np.ndarray
    time: np.ndarray
    is_event: np.ndarray
    left_out: dict[str, int]
    gap_days: float | None


@dataclass(frozen=True)
class EverBy:
    """How many of all followed courses had ever responded by a step; ``step`` missing: at any time."""

    step: int | None
    share: Share


def time_to(
    of: Outcomes, instrument: str, measure: str = "response", unit: Unit = "days", where: Where | None = None,
    scores: Series | None = None,
) -> TimeTo:
    """The time from day 0 to the first score that has what a measure counts, of every followed course.

    Followed is a course that the measure does not leave out for another reason than a missing or open endpoint, and
    that has a score after day 0 and after its baseline. A score on the first day of the patient's next course is
    this course's last.

    Parameters
    ----------
    measure : response, remission or another rate of benefit that the instrument has
    scores : the instrument's series, where it was made already

    Raises
    ------
    ValueError
        When the files hold visits and no days, when sessions are asked for and none are counted, or when the
        instrument does not have the measure.
    """
    check_countable(of, instrument, measure, unit)
    scores = scores if scores is not None else series(of, instrument)
    stays, reason, start = in_cohort(of, where or {}), reasons(of, instrument, measure), _start(of, instrument)
    is_eligible = stays & pd.Index(reason).isin(["", *CENSORED_INSTEAD])
    later = np.flatnonzero(is_eligible[scores.course] & (scores.day > start[scores.course]))
    reached = scores.reached(measure)[later]
    course, is_event, decisive = first_or_last(scores.course[later], reached)
    decisive = later[decisive]
    time = scores.n_sessions[decisive] if unit == "sessions" else scores.day[decisive] - _zero(of, start)[course]
    is_followed = np.zeros(len(stays), dtype=bool)
    is_followed[course] = True
    left_out = counted_reasons(np.where(is_eligible, NO_LATER_SCORE, reason)[stays & ~is_followed])
    return TimeTo(instrument, measure, unit, course, time.astype(float), is_event, left_out,
                  median_gap(scores, is_followed[scores.course] & (scores.day >= start[scores.course])))


def check_countable(of: Outcomes, instrument: str, measure: str, unit: Unit = "days") -> None:
    """Raises ValueError where times cannot be counted, or the instrument does not have the measure."""
    if of.tables.axis == "visit":
        raise ValueError("Times are counted in days or sessions, and the files hold visits without days.")
    if unit == "sessions" and not counts_sessions(of):
        raise ValueError("Times are counted in sessions only where the files hold sessions and the rules use them.")
    if measure not in {one.key for one in of.measures_of(instrument)}:
        raise ValueError(f"The scale {instrument} has no measure called {measure}.")


def counts_sessions(of: Outcomes) -> bool:
    """Whether the sessions of a course are known and used by the rules."""
    return not of.tables.sessions.empty and not of.rules.base.counts_from_index


def reasons(of: Outcomes, instrument: str, measure: str) -> np.ndarray:
    """Why a measure leaves each course out, one element a course; empty where it does not.

    A missing endpoint is ``no_endpoint`` also where the rules count it as a failure: nobody saw how it ended.
    """
    name = "left_out" if measure == "response" else f"left_out_{measure}"
    rows = of.rows_of(instrument)
    why = np.array([*LEFT_OUT, ""], dtype=object)[rows[name].cat.codes.to_numpy()]
    return np.where((why == "") & rows["endpoint"].isna().to_numpy(), "no_endpoint", why)


def counted_reasons(found: np.ndarray) -> dict[str, int]:
    """How many courses each reason has, in the order in which reasons apply."""
    codes, names = pd.factorize(found)
    counts = dict(zip(names.tolist(), np.bincount(codes, minlength=len(names)).tolist(), strict=True))
    order = (*LEFT_OUT, *sorted(set(counts) - set(LEFT_OUT)))
    return {name: counts[name] for name in order if name in counts}


def first_or_last(course: np.ndarray, is_event: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The first score of each course at which something happened, else its last score.

    Parameters
    ----------
    course, is_event : arrays, one element a score, by course and day

    Returns
    -------
    course : array, each course once
    is_event : array of bool, one element a course: whether it happened
    position : array, one element a course: of the score, in the input
    """
    courses, last = np.unique(course[::-1], return_index=True)
    position = len(course) - 1 - last
    happened, first = np.unique(course[is_event], return_index=True)
    place = np.searchsorted(courses, happened)
    position[place] = np.flatnonzero(is_event)[first]
    has_happened = np.zeros(len(courses), dtype=bool)
    has_happened[place] = True
    return courses, has_happened, position


def median_gap(scores: Series, counts: np.ndarray) -> float | None:
    """Median days between a counted score and the next of the same course; missing where none has a next."""
    course, day = scores.course[counts], scores.day[counts]
    gaps = np.diff(day)[np.diff(course) == 0]
    return float(np.median(gaps)) if len(gaps) else None


def _start(of: Outcomes, instrument: str) -> np.ndarray:
    """The day after which a score is a later one: day 0, or the baseline's where that is after it."""
    rows = of.rows_of(instrument)
    return np.fmax(rows["baseline_day"].to_numpy(float, na_value=np.nan), 0)


def _zero(of: Outcomes, start: np.ndarray) -> np.ndarray:
    """Time 0 of each course, from its day 0."""
    return start if of.rules.base.counts_from_index else np.zeros_like(start)


def ever_by(found: TimeTo, patient: np.ndarray, steps: tuple[int, ...]) -> tuple[EverBy, ...]:
    """Of all followed courses those with any score so far that has it, by each step and at any time.

    Nobody is censored: a course that was followed no further counts as not having had it. That makes it another
    figure than the Kaplan-Meier curve, and another than the rate at the endpoint.

    Parameters
    ----------
    patient : code of each course's patient, one element a course of the outcomes: repeat courses widen the interval
    """
    cluster = np.unique(patient[found.course], return_inverse=True)[1]
    return tuple(EverBy(step, _share(found.is_event & (found.time <= (np.inf if step is None else step)), cluster))
                 for step in (*steps, None))


def _share(achieved: np.ndarray, cluster: np.ndarray) -> Share:
    n, x = len(achieved), int(achieved.sum())
    if not n:
        return Share(0, 0, None, None, None)
    trials = np.bincount(cluster)
    none = np.zeros(1)
    size = float(n) if trials.max() == 1 else effective_trials(
        np.bincount(cluster, achieved), trials, np.zeros(len(trials), dtype=int), none, none)[0]
    low, high = wilson(np.array([x / n * size]), np.array([size]))
    return Share(x, n, x / n, 0.0 if x == 0 else float(low[0]), 1.0 if x == n else float(high[0]))
