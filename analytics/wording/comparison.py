"""A comparison in words: what can be said, what cannot, and what kind of comparison it is."""

from __future__ import annotations

from typing import Any

from analytics.definitions.measures import MEASURES
from analytics.results.comparison_values import FEWEST_TESTED
from analytics.wording import definitions, rates
from analytics.wording.comparison_many import between, pairs_sentence
from analytics.wording.comparison_phrases import (
    ALPHA,
    Headline,
    amount,
    at_most,
    counts_of,
    decimals_for,
    headline_of,
    interval,
    is_mean,
    is_narrow,
    is_of_worth,
    name_of,
    p_words,
    reach,
    results_of,
    smallness,
)
from analytics.wording.numbers import SMALLEST_SHOWN, count, listed, plural

LIMITS = (
    "The files do not say that chance made these groups: other differences between the patients, and bad scores that "
    "get better by themselves (regression to the mean), may be part of it.")
PROCESS_LIMITS = (
    "The files do not say that chance made these groups: other differences between the patients may be part of it.")
NOTHING = "No course matches, so there is nothing to compare."


def reading(comparison: Any) -> tuple[str, ...]:
    """What can be said, what cannot, and whether the comparison was declared primary; two or three sentences or so.

    Follows the interval. A wide interval that includes 0 is never called a lack of difference, and neither is a test
    that could not be made.
    """
    groups = comparison.groups
    if not groups:
        return (NOTHING,)
    if len(groups) == 1:
        return (f"There is one group only, {name_of(comparison, groups[0].value)}, and nothing to compare it with.",)
    said = _of_two(comparison, *groups) if len(groups) == 2 else _of_many(comparison)
    is_process = MEASURES[comparison.measure].direction == "process"
    if sum(one.compared.n >= SMALLEST_SHOWN for one in groups) < 2:
        return (said,)
    return said, PROCESS_LIMITS if is_process else LIMITS, standing_sentence(comparison.standing)


def standing_sentence(standing: Any) -> str:
    """Whether the comparison was declared primary, and of how many it is one."""
    if standing.role == "primary":
        return "This is the comparison that was declared primary."
    number = standing.n_comparisons
    if number is not None and number > 1:
        return f"One of {count(number)} comparisons; exploratory: among so many, some stand out by chance alone."
    return "Exploratory: it was not declared the primary comparison."


def _of_two(comparison: Any, a: Any, b: Any) -> str:
    if min(a.compared.n, b.compared.n) == 0:
        return _empty_side(comparison, [one for one in (a, b) if one.compared.n == 0])
    if min(a.compared.n, b.compared.n) < SMALLEST_SHOWN:
        verb = "were counted" if is_mean(comparison) else definitions.outcome_verb(MEASURES[comparison.measure])
        return (f"Too few to compare: {counts_of(comparison, a)} and {counts_of(comparison, b)} {verb}. No average or "
                f"percentage is shown below {SMALLEST_SHOWN} courses, and no test is made below {FEWEST_TESTED}.")
    headline = headline_of(comparison)
    if headline is None:
        return (f"{results_of(comparison, a, b)[0].upper()}{results_of(comparison, a, b)[1:]}. How sure that is cannot "
                f"be told: {comparison.test.why}")
    return (_finding(comparison, a, b, headline) + smallness(comparison, (a, b))
            + _tests(comparison, (a, b), headline) + _not_adjusted(comparison, headline))


def _empty_side(comparison: Any, empty: list[Any]) -> str:
    """Why a side has no course to compare, by what became of its courses."""
    parts = []
    for one in empty:
        name, result = name_of(comparison, one.value), one.result
        if rates.size(result):
            why = (f"its {plural(rates.size(result), 'counted course')} are on both sides, or an earlier course of the "
                   "same patients is compared")
        elif result.courses:
            measure = MEASURES[comparison.measure]
            why = f"of {plural(result.courses, 'course')}: " + listed(
                definitions.counted_reason(number, key, comparison.instrument, measure)
                for key, number in result.left_out.items())
        else:
            why = "no course matches"
        parts.append(f"{name} has no course to compare ({why})")
    return f"{listed(parts)}, so nothing can be said of a difference."


def _finding(comparison: Any, a: Any, b: Any, headline: Headline) -> str:
    first, second = name_of(comparison, a.value), name_of(comparison, b.value)
    seen, decimals = results_of(comparison, a, b), decimals_for(comparison, headline)
    start = "at the same starting score " if headline.is_adjusted else ""
    if not headline.excludes_zero:
        if is_narrow(comparison, headline):
            return (f"{first} and {second} lie close together: {seen}, and {start}a difference of more than "
                    f"{at_most(comparison, headline)} is unlikely.")
        did = "did better" if is_of_worth(comparison) else "lies higher"
        return (f"Which of the two {did}, if either, cannot be told: {seen}, and {start}"
                f"{reach(comparison, headline, first, second)}.")
    better, other = (first, second) if headline.estimate > 0 else (second, first)
    size = amount(comparison, headline.estimate, decimals)
    ends = interval(comparison, headline.low, headline.high, decimals)
    if is_mean(comparison):
        where = "At the same starting score " if headline.is_adjusted else ""
        return f"{where}{better} improved more than {other}, by {size} ({ends}); {'as they are, ' * bool(where)}{seen}."
    did = "did better than" if is_of_worth(comparison) else "lies above"
    more = "fewer" if MEASURES[comparison.measure].direction == "harm" else "more"
    return f"{better} {did} {other}: {seen}, {size} {more} ({ends})."


def _tests(comparison: Any, groups: tuple[Any, ...], headline: Headline) -> str:
    """A test that could not be made, or that does not agree with the interval; empty where all is well."""
    if min(one.compared.n for one in groups) < FEWEST_TESTED:
        return ""
    if comparison.test.p is None:
        return f" No test could be made. {comparison.test.why}"
    against = [one for one in comparison.tests
               if one.p is not None and (one.p < ALPHA) != headline.excludes_zero]
    if not against:
        return ""
    named = listed(f"{one.name}, {p_words(one.p)}" for one in against)
    because = ("the tests leave the starting score aside" if headline.is_adjusted else
               "the result lies at the edge of what these numbers can show")
    return f" Test and interval do not agree ({named}): this reading follows the interval, and {because}."


def _not_adjusted(comparison: Any, headline: Headline) -> str:
    """Why means are not compared at the same starting score; empty where they are."""
    if not is_mean(comparison) or headline.is_adjusted or not comparison.why_not_adjusted:
        return ""
    return f" The starting score is not taken into account. {comparison.why_not_adjusted}"


def _of_many(comparison: Any) -> str:
    shown = [one for one in comparison.groups if one.compared.n >= SMALLEST_SHOWN]
    if not shown:
        return (f"None of the {count(len(comparison.groups))} groups has {SMALLEST_SHOWN} courses to compare, so "
                "nothing can be said of a difference.")
    return " ".join(filter(None, (between(comparison, shown), pairs_sentence(comparison), comparison.not_paired)))
