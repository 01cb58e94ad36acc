"""The parts of a comparison's sentences: names, amounts, intervals, small numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from analytics.definitions.measures import MEASURES
from analytics.results.comparison_values import FEWEST_TESTED
from analytics.wording import definitions
from analytics.wording.numbers import SMALLEST_SHOWN, SMALLEST_STABLE, SPACE, count, percent, points, rounded
from analytics.wording.rates import NINETY_FIVE, size
from analytics.wording.rules import level

NARROW_SHARE = 0.1
"""An interval of a difference of rates that stays within so much of 0 on both sides is called narrow; convention."""

NARROW_OF_RANGE = 0.05
"""The same for points as a share of the scale's range, where the scale has no smallest important change; else within
half of that change; convention."""

ALPHA = 0.05
_MOST_DECIMALS = 4
_MOST_DECIMALS_OF_P = 6


@dataclass(frozen=True)
class Headline:
    """The difference a reading follows, positive when a did better; ``is_adjusted`` for the same starting score."""

    estimate: float
    low: float
    high: float
    is_adjusted: bool

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of 0."""
        return self.low > 0 or self.high < 0


def headline_of(contrast: Any) -> Headline | None:
    """The adjusted difference where there is one, else the plain one; missing without an interval."""
    chosen = contrast.adjusted or contrast.difference
    if chosen is None or chosen.low is None or chosen.high is None:
        return None
    return Headline(chosen.estimate, chosen.low, chosen.high, contrast.adjusted is not None)


def is_mean(comparison: Any) -> bool:
    """Whether points are compared, and not rates."""
    return MEASURES[comparison.measure].kind == "mean"


def name_of(comparison: Any, value: str | None) -> str:
    """What a group is called in a sentence; filters of a cohort in quotation marks, so that their end can be seen."""
    name = level(comparison.by, value)
    return f"“{name}”" if comparison.by == "cohort" and ("; " in name or " or " in name) else name


def is_narrow(comparison: Any, headline: Headline) -> bool:
    """Whether an interval is so near 0 on both sides that it says something although it includes 0."""
    furthest = max(abs(headline.low), abs(headline.high))
    if not is_mean(comparison):
        return furthest <= NARROW_SHARE
    instrument = comparison.instrument
    important = instrument.important_change
    if important is not None:
        return furthest <= important.value / 2
    return furthest <= NARROW_OF_RANGE * (instrument.maximum - instrument.minimum)


def decimals_for(comparison: Any, headline: Headline) -> int:
    """So many decimals that neither end of the interval is written as 0 without being 0."""
    scale, fewest = (1, 1) if is_mean(comparison) else (100, 0)
    for decimals in range(fewest, _MOST_DECIMALS):
        if all(end == 0 or rounded(abs(end) * scale, decimals) for end in (headline.low, headline.high)):
            return decimals
    return _MOST_DECIMALS


def amount(comparison: Any, number: float, decimals: int) -> str:
    """The size of a difference with its unit: 14 percentage points, 1.9 points."""
    bare = amount_alone(comparison, number, decimals)
    unit = "point" if is_mean(comparison) else "percentage point"
    return f"{bare}{SPACE}{unit}" + ("" if bare == "1" else "s")


def amount_alone(comparison: Any, number: float, decimals: int) -> str:
    """The size of a difference without its unit."""
    return points(abs(number) * (1 if is_mean(comparison) else 100), decimals)


def at_most(comparison: Any, headline: Headline) -> str:
    """The furthest end of an interval, rounded away from 0, so that it is never said to be smaller than it is."""
    decimals = decimals_for(comparison, headline)
    scale = 10**decimals * (1 if is_mean(comparison) else 100)
    furthest = math.ceil(max(abs(headline.low), abs(headline.high)) * scale - 1e-9) / scale
    return amount(comparison, furthest, decimals)


def interval(comparison: Any, low: float, high: float, decimals: int) -> str:
    """An interval on one side of 0, both ends as sizes, the smaller first."""
    ends = sorted((abs(low), abs(high)))
    near, far = (amount_alone(comparison, end, decimals) for end in ends)
    return f"{NINETY_FIVE} interval {near} to {far}"


def is_of_worth(comparison: Any) -> bool:
    """Whether more, or fewer, of the measure is better, so that one group can be said to have done better.

    It is not where neither is meant, and not for a partial response: who responds fully is not among them.
    """
    return MEASURES[comparison.measure].direction != "process" and comparison.measure != "partial_response"


def lead(comparison: Any) -> str:
    """What stands between the size of a difference and the name of a group."""
    return "in favour of" if is_of_worth(comparison) else "more in"


def reach(comparison: Any, headline: Headline, a: str, b: str) -> str:
    """An interval that includes 0, each end with the group it leans to."""
    decimals = decimals_for(comparison, headline)
    ends = [amount(comparison, headline.low, decimals), amount(comparison, headline.high, decimals)]
    towards = lead(comparison)
    lower = f"{ends[0]} {towards} {b}" if headline.low < 0 else "0"
    upper = f"{ends[1]} {towards} {a}" if headline.high > 0 else "0"
    return f"the {NINETY_FIVE} interval runs from {lower} to {upper}"


def results_of(comparison: Any, a: Any, b: Any) -> str:
    """What was seen in two groups: 55 % of courses responded in IV and 41 % in IM."""
    first, second = name_of(comparison, a.value), name_of(comparison, b.value)
    if is_mean(comparison):
        over = " over first counted courses" if is_of_fewer(comparison) else ""
        return (f"{points(a.compared.estimate)} points better on average in {first} and "
                f"{points(b.compared.estimate)} in {second}{over}")
    return (f"{percent(a.compared.estimate)} of {courses_of(comparison)} in {first} and "
            f"{percent(b.compared.estimate)} in {second}")


def is_of_fewer(comparison: Any) -> bool:
    """Whether the difference rests on fewer courses than the groups' own numbers."""
    return any(one.compared.n < size(one.result) for one in comparison.groups)


def courses_of(comparison: Any) -> str:
    """What a percentage counts and what they did: courses responded; first counted courses got worse."""
    verb = definitions.outcome_verb(MEASURES[comparison.measure])
    return f"{'first counted courses' if is_of_fewer(comparison) else 'courses'} {verb}"


def counts_of(comparison: Any, group: Any) -> str:
    """The compared counts of one group, for numbers too small for a percentage."""
    name = name_of(comparison, group.value)
    if is_mean(comparison):
        return f"{count(group.compared.n)} in {name}"
    return f"{count(group.compared.numerator)} of {count(group.compared.n)} in {name}"


def smallness(comparison: Any, groups: tuple[Any, ...]) -> str:
    """What small groups do to a comparison that can be shown; empty where none is small."""
    few = [one for one in groups if SMALLEST_SHOWN <= one.compared.n < FEWEST_TESTED]
    if few:
        words = " and ".join(f"{name_of(comparison, one.value)} has only {one.compared.n} courses" for one in few)
        return f" {words}: too few for a test, so this is a hint at most."
    unstable = [name_of(comparison, one.value) for one in groups if one.compared.n < SMALLEST_STABLE]
    if unstable:
        return f" Unstable: fewer than {SMALLEST_STABLE} courses in {' and in '.join(unstable)}."
    return ""


def p_words(p: float) -> str:
    """A p-value in a sentence: p = 0.007, p < 0.001; never rounded across 0.05."""
    if p < 0.001:
        return "p < 0.001"
    decimals = next((one for one in range(2 if p >= 0.1 else 3, _MOST_DECIMALS_OF_P)
                     if (rounded(p, one) < ALPHA) == (p < ALPHA)), _MOST_DECIMALS_OF_P)
    return f"p = {rounded(p, decimals):.{decimals}f}"
