"""Item 9 in words: no longer endorsed, lower, newly endorsed, higher; never a response, never resolved."""

from __future__ import annotations

from typing import Any

from analytics.definitions.measures import MEASURES
from analytics.definitions.safety import ITEM_9_ANSWERS
from analytics.wording.definitions import counted_reason, measure_title
from analytics.wording.numbers import SMALLEST_SHOWN, count, percent, plural
from analytics.wording.rates import NINETY_FIVE, Line, line
from analytics.wording.safety import left_out_words, share_line

MEANING = ("Item 9 asks how often thoughts of being better off dead or of hurting oneself came up. Positive is 1 or "
           "more. A lower answer is no response to treatment, and unanswered is unknown, never 0.")
WHEN = {"endpoint": "At the end", "first": "After session 1"}
EXPLAINED = {
    "endpoint": "From the score at the start to the endpoint.",
    "first": "From the score at the start to the last score with exactly one session before it: after session 1 and "
             "not after the day of session 2.",
}


def answer(value: int) -> str:
    """An answer to item 9 with its words."""
    return f"{value} {ITEM_9_ANSWERS[value]}" if value < len(ITEM_9_ANSWERS) else str(value)


def item9_line(rate: Any) -> Line:
    """One measure of item 9, at the endpoint or after session 1."""
    name = measure_title(MEASURES[rate.measure])
    return share_line(rate, name) if hasattr(rate, "total") else line(rate, name)


def item9_left_out(rate: Any, instrument: Any) -> str:
    """Who is not in it, by reason."""
    if hasattr(rate, "total"):
        return left_out_words(rate)
    return ", ".join(counted_reason(number, key, instrument, MEASURES[rate.measure])
                     for key, number in rate.left_out.items())


def table_sentence(found: Any, when: str) -> str:
    """What a table of item 9 says."""
    n = int(found.counts.sum())
    where = "at the end" if when == "endpoint" else "after session 1"
    if not n:
        return f"No course has an answer to item 9 at the start and {where}."
    positive = found.counts[1:].sum()
    gone, new, at_zero = found.counts[1:, 0].sum(), found.counts[0, 1:].sum(), found.counts[0].sum()
    day = "" if found.median_day is None else f" The second score lies on day {found.median_day:g} (median)."
    return (f"Of {plural(n, 'course')} with both answers, {count(int(positive))} endorsed item 9 at the start; "
            f"{_of(int(gone), int(positive))} of them no longer did {where}. Of {count(int(at_zero))} at 0, "
            f"{_of(int(new), int(at_zero))} newly endorsed it.{day}{_as_failures(found, int(positive))}")


def _as_failures(found: Any, positive: int) -> str:
    """That the rate counts courses that are in no table, where the rules count a missing endpoint as a failure."""
    rate = found.rates.get("item9_resolved")
    more = 0 if rate is None else rate.denominator - positive
    return (f" The rate of those who no longer endorse it counts {plural(more, 'course')} more, without an answer at "
            "the end, as still endorsing it, as these rules do.") if more > 0 else ""


def _of(part: int, whole: int) -> str:
    return f"{count(part)} ({percent(part / whole)})" if whole >= SMALLEST_SHOWN else count(part)


HEADER = ("", "At the end", "", f"{NINETY_FIVE} interval", "Not in it", "After session 1", "",
          f"{NINETY_FIVE} interval", "Not in it")


def measures_row(endpoint: Any, first: Any | None, instrument: Any) -> tuple[str, ...]:
    """One measure at both times."""
    one = item9_line(endpoint)
    other = ("",) * 4
    if first is not None:
        after = item9_line(first)
        other = (after.shown, after.counts, after.interval, item9_left_out(first, instrument))
    return (one.title, one.shown, one.counts, one.interval, item9_left_out(endpoint, instrument), *other)
