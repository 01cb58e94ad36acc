"""Two means of improvement set against each other: at the same baseline, and as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics.results.comparison_rates import Contrast, Difference, Pair, clustered_contrast, no_test
from analytics.results.comparison_values import FEWEST_TESTED, Judged
from analytics.statistics.effect_sizes import Effect, group_effects
from analytics.statistics.hypothesis import Test, many_means, two_means
from analytics.statistics.mean_differences import Adjusted, adjusted_difference, welch_interval

_SIDES = {"the second side": "group b", "both sides": "both groups"}


def mean_contrasts(courses: Judged, pairs: Sequence[Pair]) -> list[Contrast]:
    """Each pair of groups: the difference at the same baseline, and the plain one with its tests and effect sizes.

    With all courses the errors of both differences go by patient, and the tests and intervals that take courses as
    independent are left out.
    """
    return [_contrast(courses.of_groups(pair)) for pair in pairs]


def overall_mean_tests(courses: Judged) -> tuple[Test, ...]:
    """Whether the means of more than two groups could all be one mean."""
    refused = no_test(courses.n.tolist(), is_clustered=courses.is_clustered)
    if refused is not None:
        return (refused,)
    return many_means(courses.values_by_group)


def _contrast(courses: Judged) -> Contrast:
    first, second = courses.values_by_group
    sizes = len(first), len(second)
    if min(sizes) == 0:
        return Contrast(None, (no_test(sizes),))
    adjusted = _adjusted(courses)
    has_model = adjusted.low is not None
    model = {"adjusted": adjusted if has_model else None, "why_not_adjusted": None if has_model else adjusted.why}
    effects = tuple(_named(one, courses) for one in group_effects(first, second))
    if courses.is_clustered:
        return replace(clustered_contrast(courses, "a minus b"), effect_sizes=effects, **model)
    plain = welch_interval(first, second)
    refused = no_test(sizes)
    return Contrast(
        Difference(plain.estimate, plain.low, plain.high, "Welch t interval", "a minus b"),
        (refused,) if refused else two_means(first, second), effect_sizes=effects, **model)


def _adjusted(courses: Judged) -> Adjusted:
    found = adjusted_difference(courses.value, courses.baseline, courses.group,
                                courses.patient if courses.is_clustered else None, levels=(0, 1))
    # Its p is a test too.
    return replace(found, p=None) if min(found.n) < FEWEST_TESTED else found


def _named(effect: Effect, courses: Judged) -> Effect:
    """An effect size whose denominator speaks of groups; without an interval where courses are not independent."""
    text = effect.denominator
    for side, group in _SIDES.items():
        text = text.replace(side, group)
    effect = replace(effect, denominator=text)
    if not courses.is_clustered or effect.estimate is None:
        return effect
    return replace(effect, low=None, high=None, why="Courses of one patient depend on each other.")
