"""Mood and pain of the same courses: two curves of the same people, and whether they respond in both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.results.ground import headline_measure
from analytics.results.trajectories import Trajectories, trajectories
from analytics.results.trajectories_points import Points, starting_courses
from analytics.statistics.agreement import Agreement, agreement


@dataclass(frozen=True)
class Beside:
    """Two scales of the same courses.

    Attributes
    ----------
    first, second : the curves of the courses that start both: eligible for both headline measures, with both baselines
    agreement : responders at the endpoint by both measures, of the courses that count in both
    n_patients : patients of those courses
    n_not_both : courses that start the first curve and not the second
    """

    first: Trajectories
    second: Trajectories
    agreement: Agreement
    n_patients: int
    n_not_both: int


def other_scale(of: Outcomes, instrument: str, pairs: dict[str, int]) -> str | None:
    """The scale to stand beside: pain beside mood, mood beside pain, the one with most pairs; missing without one.

    Parameters
    ----------
    pairs : courses with both scores by instrument, most first
    """
    is_pain = of.instruments[instrument].is_pain
    others = [key for key in pairs if of.instruments[key].is_pain != is_pain and pairs[key]]
    if is_pain:
        # Beside pain the mood is asked for; anxiety or wellbeing only where no scale of depression is.
        others.sort(key=lambda key: of.instruments[key].about != "depression")
    return others[0] if others else None


def beside(of: Outcomes, first: Points, second: Points, stays: np.ndarray) -> Beside:
    """Two scales over the courses that start a curve of both.

    Parameters
    ----------
    first, second : their scores in the same windows
    """
    measures = [headline_measure(one.series.instrument).key for one in (first, second)]
    keys = [one.series.instrument.key for one in (first, second)]
    starts = [starting_courses(of, key, measure, stays) for key, measure in zip(keys, measures, strict=True)]
    both = starts[0] & starts[1]
    curves = [trajectories(one, measure, stays, among=both)
              for one, measure in zip((first, second), measures, strict=True)]
    flags = [np.where(both, _flag(of, key, measure), np.nan) for key, measure in zip(keys, measures, strict=True)]
    judged = ~np.isnan(flags[0]) & ~np.isnan(flags[1])
    return Beside(*curves, agreement(*(flag[both] for flag in flags)), len(np.unique(of.patient[judged])),
                  int((starts[0] & ~both).sum()))


def _flag(of: Outcomes, instrument: str, measure: str) -> np.ndarray:
    rows = of.rows_of(instrument)
    return rows[measure].astype("Float64").to_numpy(float, na_value=np.nan)
