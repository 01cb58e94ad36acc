"""More than two groups in words: the range, the test of all, and the pairs that stand out."""

from __future__ import annotations

from typing import Any

from analytics.results.comparison_pairs import MOST_PAIRED
from analytics.wording.comparison_phrases import (
    ALPHA,
    amount,
    at_most,
    courses_of,
    decimals_for,
    headline_of,
    interval,
    is_mean,
    is_narrow,
    is_of_fewer,
    is_of_worth,
    name_of,
    p_words,
)
from analytics.wording.numbers import count, percent, points

MOST_NAMED = 3
"""So many pairs are named in a sentence; the table has all."""


def between(comparison: Any, shown: list[Any]) -> str:
    """Between which values the groups lie, without a ranking; of many groups the ends are not named.

    The furthest of many are small ones that chance put there.
    """
    low, high = (pick(shown, key=lambda one: one.compared.estimate) for pick in (min, max))
    ends = [_end(comparison, one, is_named=len(shown) <= MOST_PAIRED) for one in (low, high)]
    far = "" if len(shown) <= MOST_PAIRED else " Of so many, small ones lie far apart by chance alone."
    if is_mean(comparison):
        over = " over first counted courses" if is_of_fewer(comparison) else ""
        return f"The average improvement of {count(len(shown))} groups lies between {ends[0]} and {ends[1]}{over}.{far}"
    return f"Between {ends[0]} and {ends[1]} of {courses_of(comparison)}, in {count(len(shown))} groups.{far}"


def _end(comparison: Any, group: Any, *, is_named: bool) -> str:
    estimate = group.compared.estimate
    shown = f"{points(estimate)} points" if is_mean(comparison) else percent(estimate)
    return f"{shown} in {name_of(comparison, group.value)}" if is_named else shown


def pairs_sentence(comparison: Any) -> str:
    """Which pairs stand out after correction; without pairs, what the test of all groups says."""
    if not comparison.pairs:
        return _overall(comparison)
    headed = [(pair, headline_of(pair.contrast)) for pair in comparison.pairs]
    clear = [(pair, head) for pair, head in headed if head is not None and head.excludes_zero]
    standing_out = [(pair, head) for pair, head in clear if pair.p_holm is not None and pair.p_holm < ALPHA]
    number = count(len(comparison.pairs))
    doubtful = len(clear) - len(standing_out)
    more = "" if not doubtful else (
        f" In {count(doubtful)} the interval alone excludes 0, which the correction for {number} pairs does not bear "
        "out: test and interval do not agree there.")
    if standing_out:
        named = "; ".join(_pair(comparison, pair, head) for pair, head in standing_out[:MOST_NAMED])
        return f"After correction for {number} pairs {_stand(len(standing_out))}: {named}.{more}"
    if all(head is not None and is_narrow(comparison, head) for _, head in headed) and not clear:
        furthest = max((head for _, head in headed if head), key=lambda one: max(abs(one.low), abs(one.high)))
        return (f"No pair of {number} stands out after correction, and a difference of more than "
                f"{at_most(comparison, furthest)} between any two is unlikely.")
    return (f"No pair of {number} stands out after correction, which does not show that the groups are alike: their "
            f"intervals leave room for real differences.{more}")


def _stand(number: int) -> str:
    return "1 stands out" if number == 1 else f"{count(number)} stand out"


def _pair(comparison: Any, pair: Any, head: Any) -> str:
    better, other = (pair.a, pair.b) if head.estimate > 0 else (pair.b, pair.a)
    decimals = decimals_for(comparison, head)
    than = "better than" if is_of_worth(comparison) else "above"
    return (f"{name_of(comparison, better)} {than} {name_of(comparison, other)} by "
            f"{amount(comparison, head.estimate, decimals)} ({interval(comparison, head.low, head.high, decimals)})")


def _overall(comparison: Any) -> str:
    test = comparison.test
    if test.p is None:
        return f"No test was made. {test.why}"
    if test.p < ALPHA:
        return f"All together they differ more than chance explains ({test.name}, {p_words(test.p)})."
    return (f"All together they differ no more than chance may explain ({test.name}, {p_words(test.p)}), which does "
            "not show that they are alike.")
