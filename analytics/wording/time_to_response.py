"""Time to the first response in words, kept apart from the rate at the endpoint."""

from __future__ import annotations

from typing import Any

from analytics.definitions.benchmarks import BENCHMARKS
from analytics.definitions.instruments import Instrument
from analytics.results.survival_curves import Curves
from analytics.results.time_to_response import NO_LATER_SCORE, EverBy, TimeTo
from analytics.wording import rates, survival
from analytics.wording.numbers import SMALLEST_SHOWN, count, listed, percent, percent_range, plural, sentence_case
from analytics.wording.rules import attribute

UNITS = {"sessions": "Sessions", "days": "Days"}
AXES = {"sessions": "Sessions of the course before the score", "days": "Days since the first session"}
FROM_THE_INDEX = "Days since the first score"
AT_RISK = "Still followed, not there yet"
PLACES = {"sessions": (1, 2, 3, 4, 6, 8, 10), "days": (7, 14, 28, 42, 56, 84)}
"""At which times the table stands, and the sentence at the one of ``_SAID``."""

TICKS = {"sessions": (0, 2, 4, 6, 8, 10, 12), "days": (0, 14, 28, 42, 56, 70, 84)}
_SAID = {"sessions": 4, "days": 28}
_HAD = {"response": "responded", "remission": "reached remission", "pain_30": "had pain down by 30 % or more"}
_NOUNS = {"response": "response", "remission": "remission", "pain_30": "pain down by 30 %"}
_EVER = {"response": "Ever responded", "remission": "Ever in remission", "pain_30": "Ever had pain down by 30 %"}
_AT_END = {"response": "Responder at endpoint", "remission": "In remission at endpoint",
           "pain_30": "Pain down by 30 % at endpoint"}
EVER_LABEL = "Oliver 2022: ever reached"
_OWN = {NO_LATER_SCORE: "without a score after the start"}


def title(measure: str) -> str:
    """The title of the curve."""
    return f"Time to the first {_NOUNS[measure]}" if measure != "pain_30" else f"Time to {_NOUNS[measure]}"


def share_title(measure: str) -> str:
    """What the curve's axis counts."""
    return f"Have {_HAD[measure]} so far"


def place(time: float, unit: str) -> str:
    """A time as a label: session 4, day 28."""
    return f"after {survival.amount(time, unit)}" if unit == "sessions" else f"by day {count(int(time))}"


def sentence(found: TimeTo, drawn: Curves) -> str:
    """What the curves say."""
    if not drawn.groups:
        return f"{rates.NO_COURSE}: none was followed."
    if drawn.by and not survival.has_curve(drawn):
        return survival.no_curve_sentence(drawn)
    if drawn.by:
        return f"By estimate half had {_HAD[found.measure]}: {survival.medians_words(drawn, found.unit)}."
    group = drawn.groups[0]
    who = survival.counted(drawn, group.n)
    if group.n < SMALLEST_SHOWN:
        return f"{count(group.n_events)} of {who} followed {_HAD[found.measure]} at some score: too few for a curve."
    told = _SAID[found.unit]
    at = survival.estimate_words(group.curve, told, is_rising=True) if group.curve.median != told else ""
    also = f" {sentence_case(place(told, found.unit))} {at} had." if at else ""
    if not survival.has_median(group.curve):
        return f"Fewer than half of {who} had {_HAD[found.measure]} as long as enough were followed.{also}"
    after = survival.median_words(group.curve, found.unit)
    return f"By estimate half of {who} had {_HAD[found.measure]} after {after}.{also}"


def notes(found: TimeTo, drawn: Curves, instrument: Instrument) -> tuple[str, ...]:
    """Who is in the curve and who is not, and what it cannot say; only what applies."""
    who = survival.left_out_sentence(len(found.course), found.left_out, _OWN, "followed", instrument)
    if not survival.has_curve(drawn):
        return tuple(one for one in (survival.small_sentence(drawn), who) if one)
    said = (
        survival.small_sentence(drawn),
        who,
        survival.drawn_sentence(drawn),
        survival.gap_sentence(found.gap_days, f"A {_NOUNS[found.measure]}" if found.measure != "pain_30" else "It"),
        f"{survival.CENSORING} Whoever got there once counts, whatever came after.")
    return tuple(one for one in said if one)


def header(drawn: Curves, measure: str) -> tuple[str, ...]:
    """The columns of the table behind the curve."""
    return (*((sentence_case(survival.by_words(drawn)),) if drawn.by else ()), "Time", share_title(measure),
            survival.interval_title(), AT_RISK, "")


def rows(found: TimeTo, drawn: Curves) -> tuple[tuple[str, ...], ...]:
    """The curve as a table."""
    places = PLACES[found.unit]
    labels = [sentence_case(place(one, found.unit)) for one in places]
    return survival.share_rows(drawn, places, labels, is_rising=True)


def medians_header(drawn: Curves, measure: str) -> tuple[str, ...]:
    """The columns of the table of medians."""
    by = (sentence_case(survival.by_words(drawn)),) if drawn.by else ()
    return (*by, survival.unit_of(drawn).capitalize(), f"Of them {_HAD[measure]}", "Median time")


# --- ever, and at the endpoint ---------------------------------------------------------------------------


def ever_title(measure: str) -> str:
    """The heading of the table."""
    return f"“{_EVER[measure]}” is not “{_AT_END[measure].lower()}”"


EVER_HEADER = ("What is counted", "Share", "Courses", survival.interval_title(), "")


def ever_rows(found: TimeTo, ever: tuple[EverBy, ...], at_end: Any) -> tuple[tuple[str, ...], ...]:
    """Ever so far by each step, and last the rate at the endpoint under its own name."""
    own = [(_ever_label(found, one.step), *_share(one.share)) for one in ever]
    return (*own, (_AT_END[found.measure], *_share(at_end)))


def _ever_label(found: TimeTo, step: int | None) -> str:
    if step is None:
        return f"{_EVER[found.measure]}, at any score"
    return f"{_EVER[found.measure]} {place(step, found.unit)}"


def _share(share: Any) -> tuple[str, str, str, str]:
    counts = f"{count(share.numerator)} of {count(share.denominator)}"
    if share.denominator < SMALLEST_SHOWN:
        return (rates.mark_of(share.denominator) or "", counts, "", "")
    return (percent(share.estimate), counts, percent_range(share.low, share.high),
            rates.mark_of(share.denominator) or "")


def _share_words(share: Any) -> str:
    """A share in a sentence, with its counts and that it is unstable; of fewer than five the counts alone."""
    counts = f"{count(share.numerator)} of {count(share.denominator)}"
    if share.denominator < SMALLEST_SHOWN:
        return counts
    mark = rates.mark_of(share.denominator)
    return f"{percent(share.estimate)} ({counts}{', ' + mark if mark else ''})"


def ever_sentence(found: TimeTo, ever: tuple[EverBy, ...], at_end: Any) -> str:
    """How far the two figures lie apart, and why."""
    whole = ever[-1].share
    if not whole.denominator:
        return f"{rates.NO_COURSE}: none was followed."
    shown, end = _share_words(whole), _share_words(at_end)
    return (f"At some score: {shown}. At the endpoint: {end}. The first counts whoever got there once, among all who "
            "were followed, and those not watched any more as not; the second looks at one agreed score. Neither may "
            "stand for the other.")


def at_end_way(measure: str, n: int) -> str:
    """The words of the link to those who had it at the endpoint."""
    return f"See the {plural(n, 'course')} counted as “{_AT_END[measure].lower()}”"


# --- what else ----------------------------------------------------------------------------------------------


def ever_published(measure: str, instrument: Instrument) -> tuple[float | None, str]:
    """A printed figure of those who ever got there, as a fraction and in a sentence; it may stand here alone."""
    benchmark = BENCHMARKS["oliver_2022"]
    figure = next((one for one in benchmark.figures if one.measure == measure), None)
    if figure is None or instrument.about != "depression":
        return None, ""
    uncertain = f" Not certain: {listed(benchmark.uncertain)}." if benchmark.uncertain else ""
    return figure.estimate, (
        f"{benchmark.source} prints {percent(figure.estimate)} who ever {_HAD[measure]}: {benchmark.differs} Other "
        f"patients, another setting, an unknown length of follow-up; like the curve, it is no rate at an endpoint."
        f"{uncertain}")


def by_names(by: str | None) -> dict[str, str]:
    """Whether the curve is whole or split; one choice where there is no attribute."""
    return {"all": "All together"} | ({} if by is None else {"by": f"By {attribute(by)}"})


NO_DAYS = ("Times are counted in days or sessions. These files hold visits without days, so there is no curve; the "
           "part “Course” shows the visits.")

