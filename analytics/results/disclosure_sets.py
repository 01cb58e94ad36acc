"""The sets of courses that the numbers of a result are the sizes of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.definitions.measures import LEFT_OUT, MEASURES, Measure
from analytics.results.cohorts import strata
from analytics.results.rates import Counting, is_achieved

Part = Literal["core", "courses", "reasons", "lost", "evaluated", "looks_back"]

PARTS: tuple[Part, ...] = ("core", "courses", "reasons", "lost", "evaluated", "looks_back")
"""What is told of a result, in the order in which it matters; the core is its rate or mean."""


@dataclass(frozen=True)
class ResultSets:
    """Masks over all courses of the clinic, by the part of a result that tells their sizes.

    Attributes
    ----------
    counted, achieved, seen, lost : those in the denominator, those of the numerator, those with an endpoint, those lost
    """

    parts: dict[Part, tuple[np.ndarray, ...]]
    counted: np.ndarray
    achieved: np.ndarray
    seen: np.ndarray
    is_rate: bool

    def every(self) -> Iterable[np.ndarray]:
        """All sets, and what is left of the denominator and of the clinic."""
        for masks in self.parts.values():
            yield from masks
        yield self.counted & ~self.achieved
        yield ~self.counted


class Sets:
    """The sets of every result of one instrument, each found once."""

    def __init__(self, of: Outcomes, instrument: str) -> None:
        self.of, self.instrument = of, instrument
        self._found: dict[str, ResultSets] = {}

    @cached_property
    def _counting(self) -> Counting:
        return Counting(self.of, self.instrument, strata(self.of, (), np.ones(len(self.of.courses), dtype=bool)))

    def of_measure(self, key: str) -> ResultSets:
        """The sets of one measure."""
        if key not in self._found:
            self._found[key] = self._sets(MEASURES[key])
        return self._found[key]

    def _sets(self, measure: Measure) -> ResultSets:
        counting = self._counting
        reason = counting.reasons(measure)
        counted = reason < 0
        is_rate = measure.kind == "rate"
        achieved = (is_achieved(counting, measure, counted) & counted) if is_rate else np.zeros_like(counted)
        no_endpoint, no_baseline = (reason == LEFT_OUT.index(name) for name in ("no_endpoint", "no_baseline"))
        seen, eligible = counted & counting.has_endpoint, counted | no_endpoint
        is_back, is_told = counting.looks_back
        parts = {
            # A mean that counts the lost as unchanged stands on those who are eligible.
            "core": (counted, achieved) if is_rate else (
                eligible if counting.counts_missing == "unchanged" else seen,),
            "courses": (np.ones_like(counted), counted),
            "reasons": tuple(reason == code for code in np.unique(reason[reason >= 0])),
            "lost": (eligible, seen, *([achieved & seen] if is_rate else [])),
            "evaluated": (eligible | no_baseline, seen),
            "looks_back": (seen & is_told, seen & is_told & is_back)}
        spread = {part: tuple(self._spread(mask) for mask in masks) for part, masks in parts.items()}
        return ResultSets(spread, self._spread(counted), self._spread(achieved), self._spread(seen), is_rate)

    def _spread(self, rows: np.ndarray) -> np.ndarray:
        mask = np.zeros(len(self.of.courses), dtype=bool)
        mask[self._counting.course] = rows
        return mask
