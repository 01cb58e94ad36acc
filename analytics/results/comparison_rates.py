"""Two rates set against each other: difference, ratio, test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analytics.definitions.measures import Measure
from analytics.results.comparison_values import FEWEST_TESTED, Judged
from analytics.statistics.differences import miettinen_nurminen, number_needed, risk_ratio
from analytics.statistics.effect_sizes import Effect
from analytics.statistics.hypothesis import Test, many_proportions, two_proportions
from analytics.statistics.mean_differences import Adjusted, clustered_difference

Way = Literal["a minus b", "b minus a"]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Difference:
    """How much better a did than b: of rates as a fraction, of means in points.

    ``of`` : ``a minus b`` where more is better; ``b minus a`` for harm, where fewer is better. Either way it is
    positive when a did better.
    """

    estimate: float | None
    low: float | None
    high: float | None
    method: str
    of: Way


@dataclass(frozen=True)
class Contrast:
    """One group against another.

    Attributes
    ----------
    difference : missing when a side has no course
    tests : the chosen one first; ``p`` is missing where there is none, and ``why`` says why
    adjusted : for means, the difference at the same baseline; missing for rates and where no model can be fitted
    why_not_adjusted : the sentence where a mean has no adjusted difference
    """

    difference: Difference | None
    tests: tuple[Test, ...]
    adjusted: Adjusted | None = None
    effect_sizes: tuple[Effect, ...] = ()
    why_not_adjusted: str | None = None


def way_of(measure: Measure) -> Way:
    """Which way a difference is taken, so that it is positive when a did better."""
    return "b minus a" if measure.direction == "harm" else "a minus b"


def known(number: float | None) -> float | None:
    """A plain number, missing where it is not finite."""
    return None if number is None or not np.isfinite(number) else float(number)


def no_test(n: Sequence[int], *, is_clustered: bool = False) -> Test | None:
    """Why groups of these sizes are not tested; missing where they can be."""
    if len(n) < 2:
        why = "There are no two groups to test."
    elif min(n) == 0:
        why = "A group has no course to count, so there is nothing to test."
    elif min(n) < FEWEST_TESTED:
        why = f"A group has fewer than {FEWEST_TESTED} courses, too few for a test: the smallest has {min(n)}."
    elif is_clustered:
        why = "A test of all groups at once takes courses as independent, and some patients have more than one here."
    else:
        return None
    return Test("No test", None, None, why, "", tuple(int(one) for one in n))


def rate_contrasts(
    courses: Judged, pairs: Sequence[Pair], measure: Measure, exact: Literal["boschloo"] | None = None
) -> list[Contrast]:
    """Each pair of groups, the intervals of all pairs in one call."""
    first, second = (np.array([pair[side] for pair in pairs], dtype=int) for side in (0, 1))
    x, n = courses.x, courses.n
    way = way_of(measure)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = x[first] / n[first] - x[second] / n[second]
        low, high = miettinen_nurminen(x[first], n[first], x[second], n[second])
    if way == "b minus a":
        difference, low, high = -difference, -high, -low
    return [
        _contrast(courses, pair, exact, Difference(known(estimate), known(lower), known(upper),
                                                   "Miettinen-Nurminen", way))
        for pair, estimate, lower, upper in zip(pairs, difference, low, high, strict=True)]


def _contrast(courses: Judged, pair: Pair, exact: Literal["boschloo"] | None, difference: Difference) -> Contrast:
    a, b = pair
    counts = int(courses.x[a]), int(courses.n[a]), int(courses.x[b]), int(courses.n[b])
    sizes = counts[1], counts[3]
    if min(sizes) == 0:
        return Contrast(None, (no_test(sizes),))
    if courses.is_clustered:
        found = clustered_contrast(courses.of_groups(pair), difference.of)
        ratio = replace(_ratio(counts), low=None, high=None, why="Courses of one patient depend on each other.")
        return replace(found, effect_sizes=(ratio, *_needed(found.difference)))
    test = no_test(sizes) or two_proportions(*counts, exact=exact)
    return Contrast(difference, (test,), effect_sizes=(_ratio(counts), *_needed(difference)))


def clustered_contrast(courses: Judged, way: Way) -> Contrast:
    """The plain difference of two groups, with errors by patient."""
    found = clustered_difference(courses.value, courses.group, courses.patient, levels=(0, 1))
    sign = -1 if way == "b minus a" else 1
    ends = sorted(sign * one for one in (found.low, found.high) if one is not None) or [None, None]
    share = courses.x / courses.n
    shown = Difference(sign * float(share[0] - share[1]), *ends, "Difference with errors by patient", way)
    n_patients = courses.n_patients
    test = no_test(courses.n.tolist()) or Test(
        "t test with errors by patient", found.p, None,
        found.why or "Chosen because some patients have more than one course here.",
        f"Patients are independent of each other; there are {n_patients}.", found.n)
    return Contrast(shown, (test,))


def _ratio(counts: tuple[int, int, int, int]) -> Effect:
    estimate, low, high = (known(float(one)) for one in risk_ratio(*counts))
    why = "" if estimate is not None else "Nobody in group b has it, so there is nothing to divide by."
    return Effect("risk ratio", estimate, low, high, "the rate of group b", why)


def _needed(difference: Difference) -> tuple[Effect, ...]:
    """The number needed, only where the interval of the difference excludes 0."""
    if difference.estimate is None or difference.low is None or difference.high is None:
        return ()
    needed = number_needed(difference.estimate, difference.low, difference.high)
    return () if needed is None else (Effect("number needed", *needed, "the difference of the rates"),)


def overall_rate_test(courses: Judged) -> Test:
    """Whether the rates of more than two groups could all be one rate."""
    return no_test(courses.n.tolist(), is_clustered=courses.is_clustered) or many_proportions(courses.x, courses.n)
