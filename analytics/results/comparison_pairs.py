"""What is said of the groups of a comparison: the one contrast of two, or the test of all and every pair."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from analytics.definitions.measures import Measure
from analytics.results.comparison_means import mean_contrasts, overall_mean_tests
from analytics.results.comparison_rates import Contrast, overall_rate_test, rate_contrasts
from analytics.results.comparison_sides import Value
from analytics.results.comparison_values import FEWEST_TESTED, Judged
from analytics.statistics.hypothesis import holm

MOST_PAIRED = 10
"""With more groups than this no pairs are made: nobody reads more than 45 of them."""

@dataclass(frozen=True)
class PairOfGroups:
    """Two of more than two groups; ``p_holm`` is corrected for all pairs that have a test."""

    a: Value
    b: Value
    contrast: Contrast
    p_holm: float | None


def contrasts_of(
    taken: Judged, measure: Measure, values: tuple[Value, ...], exact: Literal["boschloo"] | None
) -> tuple[Contrast, tuple[PairOfGroups, ...], str | None]:
    """The one contrast of two groups, or the test of all groups and their pairs."""
    def of_pairs(pairs: list[tuple[int, int]]) -> list[Contrast]:
        return (rate_contrasts(taken, pairs, measure, exact) if measure.kind == "rate"
                else mean_contrasts(taken, pairs))

    n_groups = len(values)
    if n_groups == 2:
        return of_pairs([(0, 1)])[0], (), None
    tested = tuple(int(one) for one in np.flatnonzero(taken.n >= FEWEST_TESTED))
    enough = taken.of_groups(tested)
    tests = (overall_rate_test(enough),) if measure.kind == "rate" else overall_mean_tests(enough)
    overall = Contrast(None, tests)
    if len(tested) < 2 or len(tested) > MOST_PAIRED:
        return overall, (), _not_paired(n_groups, len(tested))
    pairs = list(combinations(tested, 2))
    found = of_pairs(pairs)
    corrected = [None if np.isnan(p) else float(p) for p in holm([_p_of(one) for one in found])]
    return overall, tuple(
        PairOfGroups(values[a], values[b], contrast, p)
        for (a, b), contrast, p in zip(pairs, found, corrected, strict=True)), _not_paired(n_groups, len(tested))


def _not_paired(n_groups: int, n_tested: int) -> str | None:
    if n_groups < 2:
        return None
    if n_tested > MOST_PAIRED:
        return (f"{n_tested:,} groups have {FEWEST_TESTED} courses or more, and pairs are made of {MOST_PAIRED} at "
                "most: choose two of them.")
    if n_tested < n_groups:
        return (f"Groups with fewer than {FEWEST_TESTED} courses are shown and are in no test: "
                f"{n_groups - n_tested:,} of {n_groups:,}.")
    return None


def _p_of(contrast: Contrast) -> float | None:
    """The p that is corrected: of the headline, which for a mean is the adjusted difference."""
    return contrast.adjusted.p if contrast.adjusted is not None else contrast.tests[0].p
