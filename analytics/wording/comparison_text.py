"""A comparison as lines of text for a console."""

from __future__ import annotations

from typing import Any

from analytics.definitions.measures import MEASURES
from analytics.wording.comparison import reading
from analytics.wording.comparison_notes import notes
from analytics.wording.comparison_phrases import (
    amount,
    decimals_for,
    headline_of,
    interval,
    lead,
    name_of,
    p_words,
    reach,
)
from analytics.wording.definitions import measure_title
from analytics.wording.numbers import SMALLEST_SHOWN, console, points, points_range
from analytics.wording.rates import line
from analytics.wording.rules import attribute, cohort_sentence, rule_set_sentence

MOST_LINES = 60
"""So many groups are listed; JSON and CSV have all."""


def comparison_text(comparison: Any) -> str:
    """What was asked, one line a group, the difference, the tests and the reading."""
    lines = [
        f"{comparison.instrument.title}: {measure_title(MEASURES[comparison.measure])} by {attribute(comparison.by)}",
        f"Courses: {cohort_sentence(comparison.where)}",
        f"Rules: {rule_set_sentence(comparison.rules)}",
        f"As of: {comparison.as_of or 'the end of the files'}", ""]
    lines += [f"  {_group(comparison, one)}" for one in comparison.groups[:MOST_LINES]]
    if len(comparison.groups) > MOST_LINES:
        lines.append(f"  ... and {len(comparison.groups) - MOST_LINES} more groups")
    lines += ["", *_numbers(comparison), "", *reading(comparison), "", *notes(comparison)]
    return console("\n".join(lines))


def _group(comparison: Any, group: Any) -> str:
    shown = line(group.result, name_of(comparison, group.value))
    parts = [f"{shown.title}: {shown.shown}", shown.counts]
    parts += [f"95 % interval {shown.interval}"] if shown.interval else []
    return "; ".join(filter(None, [*parts, shown.mark]))


def _numbers(comparison: Any) -> list[str]:
    """Difference, effect sizes and tests; no difference where a side is too small for a percentage."""
    lines = []
    groups = comparison.groups
    if len(groups) == 2 and min(one.compared.n for one in groups) >= SMALLEST_SHOWN:
        lines += _difference(comparison, *groups)
        lines += [f"{one.name}: {points(one.estimate, 2)}" + (
            f", 95 % interval {points_range(one.low, one.high)}" if one.low is not None else "")
            + f" (divided by: {one.denominator})" for one in comparison.effect_sizes if one.estimate is not None]
    return [*lines, *(_test(one) for one in comparison.tests)]


def _difference(comparison: Any, a: Any, b: Any) -> list[str]:
    headline = headline_of(comparison)
    if headline is None:
        return []
    first, second = name_of(comparison, a.value), name_of(comparison, b.value)
    decimals = decimals_for(comparison, headline)
    method = (comparison.adjusted or comparison.difference).method
    if not headline.excludes_zero:
        return [f"Difference: {reach(comparison, headline, first, second)} ({method})"]
    better = first if headline.estimate > 0 else second
    return [f"Difference: {amount(comparison, headline.estimate, decimals)} {lead(comparison)} {better}, "
            f"{interval(comparison, headline.low, headline.high, decimals)} ({method})"]


def _test(test: Any) -> str:
    return f"{test.name}: {test.why}" if test.p is None else f"{test.name}: {p_words(test.p)}. {test.why}"
