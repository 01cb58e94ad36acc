"""Before and after within one cohort, in words."""

from __future__ import annotations

from typing import Any

from analytics.results.comparison_values import FEWEST_TESTED
from analytics.wording.comparison_phrases import ALPHA, p_words
from analytics.wording.numbers import SMALLEST_SHOWN, SMALLEST_STABLE, count, listed, plural, points, points_range
from analytics.wording.rates import NINETY_FIVE, size

CAUTION = (
    "There is no group without treatment to set this against: people come when they are at their worst, and part of "
    "the change would have come anyway (regression to the mean); this says how far scores moved, not why.")


def before_after_reading(found: Any) -> tuple[str, ...]:
    """How far scores moved, on which courses, and what cannot be concluded."""
    if not found.n:
        return (f"No course has both scores on {found.instrument.title}, so there is nothing to set side by side.",)
    if found.n < SMALLEST_SHOWN:
        return (f"Only {plural(found.n, 'course')} with both scores: too few for an average.",)
    return tuple(one for one in (_moved(found), _unit(found), CAUTION) if one)


def _moved(found: Any) -> str:
    change = found.change
    start = (f"From {points(found.baseline)} to {points(found.endpoint)} points on average in "
             f"{plural(found.n, 'course')}")
    if change.low is None:
        return f"{start}. How sure that is cannot be told: {change.why}"
    way = f"{points(abs(change.estimate))} points {'better' if change.estimate >= 0 else 'worse'}"
    moved = f"{start}, {way} ({NINETY_FIVE} interval {points_range(change.low, change.high)})."
    if change.low <= 0 <= change.high:
        moved += " The interval includes 0, so whether scores moved cannot be told."
    return moved + _tests(found)


def _tests(found: Any) -> str:
    if found.n < FEWEST_TESTED:
        return f" Too few for a test, which needs {FEWEST_TESTED} courses."
    excludes = found.change.low > 0 or found.change.high < 0
    against = [one for one in found.tests if one.p is not None and (one.p < ALPHA) != excludes]
    unstable = f" Unstable: fewer than {SMALLEST_STABLE} courses." if found.n < SMALLEST_STABLE else ""
    if not against:
        return unstable
    named = listed(f"{one.name}, {p_words(one.p)}" for one in against)
    return f"{unstable} Test and interval do not agree ({named}): this reading follows the interval."


def _unit(found: Any) -> str:
    if found.n == size(found.result):
        return ""
    return (f"These are the first counted courses of {count(found.n)} patients with both scores; all "
            f"{plural(size(found.result), 'counted course')} improved by {points(found.result.estimate)} points on "
            "average.")
