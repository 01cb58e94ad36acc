"""Every score of an instrument in its course: what curves and times until something happened are read from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.courses.blocks import NEVER
from analytics.courses.build import Built
from analytics.courses.judgement import Pair, achieved
from analytics.courses.lines import is_beyond
from analytics.courses.outcomes import Outcomes
from analytics.courses.scores import Scores, time_of_ties
from analytics.courses.sessions import n_sessions_before
from analytics.courses.windows import scores_of
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.statistics.order import in_order

UNKNOWN = -1
"""Sessions before a score where the files hold visits alone."""


@dataclass(frozen=True)
class Series:
    """The scores of one instrument by course, one a day, sorted by course, then day.

    Attributes
    ----------
    course, day, total, self_harm, n_sessions, is_last : arrays, one element a course and day with a score
        ``course`` position in the courses of the outcomes; ``day`` from day 0 (on the visit axis the visit's place in
        order); ``self_harm`` the answer to item 9, nan where unknown; ``n_sessions`` sessions of the course on days
        before the score; ``is_last`` whether it is the course's last
    baseline : array, one element a course, in points; nan where there is none
    next_day, last_known_day : arrays, one element a course: first day of the patient's next course, and the day until
        which the patient is known, from day 0; inf where there is none or it is unknown
    """

    instrument: Instrument
    course: np.ndarray
    day: np.ndarray
    total: np.ndarray
    self_harm: np.ndarray
    n_sessions: np.ndarray
    is_last: np.ndarray
    baseline: np.ndarray
    next_day: np.ndarray
    last_known_day: np.ndarray

    def __len__(self) -> int:
        return len(self.course)

    @property
    def improvement(self) -> np.ndarray:
        """Change from the course's baseline in the good direction, in points; nan without a baseline."""
        return self._pair.improvement

    @property
    def is_case(self) -> np.ndarray:
        """Whether each score is at or beyond the caseness line."""
        return is_beyond(self.total, self.instrument.caseness)

    def reached(self, measure: str) -> np.ndarray:
        """Whether each score has what a measure counts, against the course's baseline; False without a baseline."""
        return achieved(MEASURES[measure], self._pair) & ~np.isnan(self.baseline[self.course])

    @property
    def _pair(self) -> Pair:
        unknown, never = np.full(len(self), np.nan), np.zeros(len(self), dtype=bool)
        return Pair(self.instrument, never, self.baseline[self.course], self.total, unknown, self.self_harm, unknown,
                    self.day, never, never)


def series(of: Outcomes, instrument: str) -> Series:
    """Every usable score of an instrument in every course that it may serve.

    A score serves from the start of the course's baseline window (or from its baseline, where that is earlier) up to
    and with the first day of the patient's next course: there it is taken before that course's first session. Those
    during or after a session serve nothing. Of two on one day the one is taken that could be a baseline up to day 0,
    and the one that could be an endpoint after it.
    """
    built, scale = of.built, of.instruments[instrument]
    scores, _ = scores_of(built, of.tables, scale, built.rule_set.base.scoring == "complete")
    rows = of.rows_of(instrument)
    baseline = rows["baseline"].to_numpy(float, na_value=np.nan)
    row, course = scores.row, scores.course
    fits = of.kept[course]
    if of.tables.axis != "visit":
        start = np.zeros(len(of.kept))
        start[of.kept] = rows["baseline_day"].to_numpy(float, na_value=np.inf)
        since = scores.day[row] - built.first_day[course]
        fits &= (since >= np.minimum(start, _window_start(built))[course]) & (scores.day[row] <= built.next_day[course])
    row, course = _one_a_day(scores, built, row[fits], course[fits], is_visit_axis=of.tables.axis == "visit")
    return _series(of, scale, scores, row, course, baseline)


def _window_start(built: Built) -> np.ndarray:
    """Where the baseline window of each course begins, from day 0; an index score begins its own."""
    starts = [np.inf if one.counts_from_index else -np.inf if one.baseline_window[0] is None
              else one.baseline_window[0] for one in built.rules]
    return np.array(starts, dtype=float)[built.rule]


def _one_a_day(
    scores: Scores, built: Built, row: np.ndarray, course: np.ndarray, *, is_visit_axis: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The score of each course and day, by course and day."""
    day = scores.day[row]
    is_before = (day == 0) if is_visit_axis else (day <= built.first_day[course])
    sign = np.where(is_before, -1, 1)
    self_harm = np.where(np.isnan(scores.self_harm[row]), np.where(is_before, 99, -1), scores.self_harm[row])
    time = time_of_ties(scores.time[row], course, day)
    order = in_order(course, day, sign * time, sign * scores.badness[row], sign * self_harm)
    row, course, day = row[order], course[order], day[order]
    is_last = np.ones(len(row), dtype=bool)
    is_last[:-1] = (course[1:] != course[:-1]) | (day[1:] != day[:-1])
    return row[is_last], course[is_last]


def _series(
    of: Outcomes, scale: Instrument, scores: Scores, row: np.ndarray, course: np.ndarray, baseline: np.ndarray
) -> Series:
    built, is_visit_axis = of.built, of.tables.axis == "visit"
    position = np.cumsum(of.kept) - 1
    last = np.ones(len(course), dtype=bool)
    last[:-1] = course[1:] != course[:-1]
    first_day = np.zeros_like(built.first_day) if is_visit_axis else built.first_day
    known = [np.where(day >= NEVER, np.inf, day - first_day)[of.kept]
             for day in (built.next_day, built.last_known_day[built.patient])]
    n_sessions = (np.full(len(row), UNKNOWN) if is_visit_axis
                  else n_sessions_before(built, course, scores.day[row]))
    return Series(scale, position[course], scores.day[row] - first_day[course], scores.total[row],
                  scores.self_harm[row], n_sessions, last, baseline, *known)
