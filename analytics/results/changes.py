"""How far each course changed, as pictures need it: counts by score, never a course of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.courses.judgement import is_beyond
from analytics.courses.outcomes import Outcomes
from analytics.definitions.instruments import ALLOWANCE
from analytics.results.cohorts import Where, in_cohort
from analytics.statistics.proportions import wilson

MOST_BARS = 300
"""A waterfall of more courses shows this many evenly spaced ones of the sorted courses."""

THRESHOLDS = np.arange(0, 101)
"""Improvements, in per cent of baseline, at which the cumulative curve is read."""


@dataclass(frozen=True)
class Region:
    """Courses with one combination of what the lines say.

    Attributes
    ----------
    change : improved or worsened by at least the reliable change, else unchanged; missing where there is no line
    is_response, is_remission : missing where the measure does not exist for the instrument
    """

    change: str | None
    is_response: bool
    is_remission: bool | None
    n: int


@dataclass(frozen=True)
class Changes:
    """The courses that are judged for response and have both scores.

    Attributes
    ----------
    n : how many
    baseline, endpoint, count : courses by their two scores, sorted; one element a pair of scores that occurs
    regions : courses by what the lines of response, remission and reliable change say of them, without empty ones
    improvement : improvement in fractions of baseline, best first; all courses, or ``MOST_BARS`` evenly spaced ones
    is_thinned : whether those are fewer than the courses
    reached : how many courses improved by at least each of ``THRESHOLDS``; low and high are the ends of the 95 %
        interval of their share, 0 to 1
    n_with_fraction : courses whose baseline is not 0, so that a percentage exists
    is_higher_better : of the instrument
    """

    n: int
    baseline: np.ndarray
    endpoint: np.ndarray
    count: np.ndarray
    regions: tuple[Region, ...]
    improvement: np.ndarray
    is_thinned: bool
    reached: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n_with_fraction: int
    is_higher_better: bool


def changes(of: Outcomes, key: str, where: Where | None = None) -> Changes:
    """The changes of one instrument in one cohort.

    Who is in it: courses that count for response and have both scores. A course whose missing endpoint counts as a
    failure has no change to draw.
    """
    rows = of.rows_of(key)
    counts = rows["left_out"].isna() & rows["baseline"].notna() & rows["endpoint"].notna()
    rows = rows[counts.to_numpy(bool) & in_cohort(of, where or {})[rows["course"].to_numpy(int)]]
    baseline, endpoint = (rows[name].to_numpy(float) for name in ("baseline", "endpoint"))
    gain = rows["improvement"].to_numpy(float)
    pairs, count = np.unique(np.stack([baseline, endpoint], axis=1).reshape(-1, 2), axis=0, return_counts=True)
    fraction = rows["improvement_fraction"].to_numpy(float, na_value=np.nan)
    known = -np.sort(-fraction[~np.isnan(fraction)])
    # Compared in points, because 7.0 to 4.9 is exactly 30 % and its quotient is not.
    has_fraction = ~np.isnan(fraction)
    gained, began = gain[has_fraction], baseline[has_fraction]
    reached = np.array([(gained >= share * began - ALLOWANCE).sum() for share in THRESHOLDS / 100])
    low, high = wilson(reached, np.full(len(reached), len(known)))
    return Changes(
        len(rows), pairs[:, 0], pairs[:, 1], count, _regions(of, key, rows, gain, endpoint), _thinned(known),
        len(known) > MOST_BARS, reached, low, high, len(known), of.instruments[key].is_higher_better)


def _thinned(sorted_values: np.ndarray) -> np.ndarray:
    if len(sorted_values) <= MOST_BARS:
        return sorted_values
    return sorted_values[np.linspace(0, len(sorted_values) - 1, MOST_BARS).round().astype(int)]


def _regions(of: Outcomes, key: str, rows, gain: np.ndarray, endpoint: np.ndarray) -> tuple[Region, ...]:
    instrument = of.instruments[key]
    responded = rows["response"].fillna(False).to_numpy(bool)
    remitted = is_beyond(endpoint, instrument.remission) if instrument.remission is not None else None
    change = None
    if instrument.reliable_change is not None:
        line = instrument.reliable_change.value - ALLOWANCE
        change = np.select([gain >= line, -gain >= line], ["improved", "worsened"], "unchanged")
    found = []
    for kind in ("improved", "unchanged", "worsened") if change is not None else (None,):
        for is_response in (True, False):
            for is_remission in (True, False) if remitted is not None else (None,):
                inside = responded == is_response
                inside &= True if kind is None else change == kind
                inside &= True if is_remission is None else remitted == is_remission
                if inside.any():
                    found.append(Region(kind, is_response, is_remission, int(inside.sum())))
    return tuple(found)

