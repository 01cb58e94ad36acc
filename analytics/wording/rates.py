"""Rates and means in words: the headline, the cards, the rows of a plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.wording import definitions
from analytics.wording.numbers import (
    SMALLEST_SHOWN,
    SMALLEST_STABLE,
    SPACE,
    count,
    percent,
    percent_range,
    plural,
    points,
    points_range,
)
from analytics.wording.rules import level

NO_COURSE = "No course to count"
UNSTABLE = f"unstable: fewer than {SMALLEST_STABLE}"
TOO_FEW = "too few for a percentage"
WITHHELD = "small numbers, not shown"
"""Not "fewer than 11": what is withheld beside a small number need not be small itself."""
NINETY_FIVE = f"95{SPACE}%"


@dataclass(frozen=True)
class Line:
    """One result in words, with the fractions a figure needs to draw it.

    Attributes
    ----------
    title : what it is a result of: a measure, or the value of an attribute
    shown : the large number, or what stands in its place
    counts : numerator of denominator
    interval : the interval in words, empty where none is shown
    mark : what the reader must know before trusting it, empty where nothing
    estimate, low, high, if_lost_failed : fractions, missing where nothing may be drawn
    """

    title: str
    shown: str
    counts: str
    interval: str = ""
    mark: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    if_lost_failed: float | None = None
    n: int = 0


@dataclass(frozen=True)
class Headline:
    """The first two lines of the page."""

    title: str
    text: str


def size(result: Any) -> int:
    """The courses a result rests on."""
    return result.n if result.measure == "mean_improvement" else result.denominator


def is_shown(result: Any) -> bool:
    """Whether a percentage or a mean may be shown."""
    return not result.withheld and size(result) >= SMALLEST_SHOWN


def mark(result: Any) -> str:
    """What must stand beside a number: nothing, unstable, or too few."""
    if not result.withheld and size(result) and not is_shown(result):
        return TOO_FEW
    return mark_of(size(result)) or ""


def mark_of(n: int | None) -> str | None:
    """What must stand beside a number that rests on so many courses; missing where nothing must.

    A number of courses that is missing is one that the audience is not told.
    """
    if n is None:
        return WITHHELD
    if n == 0:
        return NO_COURSE
    if n < SMALLEST_SHOWN:
        return TOO_FEW
    return UNSTABLE if n < SMALLEST_STABLE else None


def counts(result: Any) -> str:
    """The counts behind a result: 288 of 537; empty where they are not told."""
    if result.withheld:
        return ""
    if result.measure == "mean_improvement":
        return plural(result.n, "course")
    return f"{count(result.numerator)} of {count(result.denominator)}"


def line(result: Any, title: str) -> Line:
    """A result in words under a title of the caller's."""
    if result.withheld:
        return Line(title, "\N{EN DASH}", WITHHELD)
    if size(result) == 0:
        return Line(title, "\N{EN DASH}", NO_COURSE.lower(), mark=_most_left_out(result))
    if not is_shown(result):
        return Line(title, counts(result), TOO_FEW, n=size(result))
    if result.measure == "mean_improvement":
        shown = f"{points(result.estimate)}{SPACE}points"
        interval = points_range(result.low, result.high)
        return Line(title, shown, counts(result), interval, mark(result), n=result.n)
    failed = result.missing_as_failure
    return Line(
        title, percent(result.estimate), counts(result), percent_range(result.low, result.high), mark(result),
        result.estimate, result.low, result.high, failed.estimate if failed else None, result.denominator)


def card(result: Any) -> Line:
    """A result as a card: titled by its measure."""
    title = definitions.CARD_TITLES.get(result.measure) or definitions.measure_title(MEASURES[result.measure])
    return line(result, title)


def stratum_line(result: Any) -> Line:
    """A result of one stratum: titled by its values."""
    return line(result, ", ".join(level(name, value) for name, value in result.stratum.items()))


def drawn_line(result: Any) -> Line:
    """A result of one stratum as a figure draws it: a mean with its estimate and interval in points."""
    found = stratum_line(result)
    if result.measure != "mean_improvement" or not is_shown(result):
        return found
    return replace(found, estimate=result.estimate, low=result.low, high=result.high)


def _most_left_out(result: Any) -> str:
    """The commonest reason for leaving out, in two or three words."""
    reasons: Mapping[str, int] = result.left_out
    if not reasons:
        return ""
    key = max(reasons, key=lambda reason: reasons[reason])
    return f"{count(reasons[key])} {definitions.REASON_TITLES[key].lower()}"


def headline(result: Any, instrument: Instrument) -> Headline:
    """The sentence a director reads first, and what she must know with it."""
    verb = definitions.outcome_verb(MEASURES[result.measure])
    if result.denominator == 0:
        return Headline(NO_COURSE, _left_out_sentence(result, instrument))
    judged = f"{counts(result)} who could be judged"
    if not is_shown(result):
        text = f"{TOO_FEW.capitalize()}. {_beside(result, verb)}"
        return Headline(f"{counts(result)} courses {verb}", text.strip())
    interval = f"{NINETY_FIVE} interval {percent_range(result.low, result.high)}."
    if result.observed is not None:
        judged = f"{counts(result)} who should have been judged, those without a score at the end as not"
    else:
        judged += f" ({percent(result.evaluated)})"
    unstable = "" if size(result) >= SMALLEST_STABLE else f" {UNSTABLE.capitalize()}."
    return Headline(f"{percent(result.estimate)} of courses {verb}",
                    f"{judged}, {interval}{unstable} {_beside(result, verb)}".strip())


def mean_headline(result: Any) -> Headline:
    """The same for a mean."""
    if not is_shown(result):
        title = NO_COURSE if result.n == 0 else f"{plural(result.n, 'course')} only"
        return Headline(title, f"{mark(result).capitalize()}.")
    change = "better" if result.estimate >= 0 else "worse"
    unstable = "" if size(result) >= SMALLEST_STABLE else f" {UNSTABLE.capitalize()}."
    interval = f"{NINETY_FIVE} interval {points_range(result.low, result.high)}"
    title = f"{points(abs(result.estimate))}{SPACE}points {change} on average"
    return Headline(title, f"{counts(result)}, {interval}.{unstable}")


def _beside(result: Any, verb: str) -> str:
    """The sentences on those who are missing."""
    lost, no_baseline = result.left_out.get("no_endpoint", 0), result.left_out.get("no_baseline", 0)
    sentences = []
    if result.observed is not None:
        seen = result.observed
        shown = percent(seen.estimate) if seen.denominator >= SMALLEST_SHOWN else f"{seen.numerator}"
        sentences.append(f"Of the {count(seen.denominator)} with a score at the end: {shown}.")
    elif lost and result.missing_as_failure is not None and is_shown(result):
        failed = result.missing_as_failure
        sentences.append(f"If none of the {count(lost)} we lost had {_had(verb)}: {percent(failed.estimate)}.")
    elif lost:
        sentences.append(f"What became of the {count(lost)} we lost is not known.")
    if no_baseline:
        sentences.append(f"{count(no_baseline)} more {'has' if no_baseline == 1 else 'have'} no baseline.")
    return " ".join(sentences)


def _had(verb: str) -> str:
    """The verb after "had": had responded, had got better, had had pain down."""
    first, _, rest = verb.partition(" ")
    return " ".join(filter(None, ({"were": "been"}.get(first, first), rest)))


def left_out_words(result: Any, instrument: Instrument) -> tuple[str, ...]:
    """Every reason with its count: 200 lost to follow-up."""
    measure = MEASURES[result.measure]
    return tuple(definitions.counted_reason(number, key, instrument, measure)
                 for key, number in result.left_out.items())


def _left_out_sentence(result: Any, instrument: Instrument) -> str:
    if not result.courses:
        return "No course matches the filters."
    return f"Of {plural(result.courses, 'course')}: {', '.join(left_out_words(result, instrument))}."


def counts_sentence(result: Any, instrument: Instrument) -> str:
    """Who is in a result and who is not, in one line: denominator and left out make all courses."""
    if result.withheld:
        return WITHHELD.capitalize()
    if result.courses is None:
        return f"{plural(size(result), 'course')} counted"
    parts = [f"{count(size(result))} of {plural(result.courses, 'course')} counted"]
    parts += left_out_words(result, instrument)
    return "; ".join(parts)


def strata_sentence(lines: Sequence[Line], by: str, verb: str) -> str:
    """What a plot by stratum says, without a ranking."""
    shown = [one for one in lines if one.estimate is not None]
    if not shown:
        return f"No value of {by} has enough courses for a percentage."
    if len(shown) == 1:
        return f"{shown[0].title}: {shown[0].shown} of courses {verb} ({shown[0].counts})."
    told, aside = ranged(shown)
    low, high = min(one.estimate or 0 for one in told), max(one.estimate or 0 for one in told)
    return f"Between {percent(low)} and {percent(high)} of courses {verb}, by {by}.{overlap(told)}{aside}"


def ranged(shown: Sequence[Line], unit: str = "course") -> tuple[list[Line], str]:
    """The groups that a range is of: the stable ones where there are two; and a sentence on the others."""
    stable = [one for one in shown if one.n >= SMALLEST_STABLE]
    unstable = len(shown) - len(stable)
    if not unstable:
        return stable, ""
    few = f"fewer than {SMALLEST_STABLE} {unit}s"
    if len(stable) > 1:
        return stable, f" {plural(unstable, 'group', 'groups')} of {few} {'is' if unstable == 1 else 'are'} left aside."
    return list(shown), f" {few.capitalize()} make {'all' if not stable else count(unstable)} of these unstable."


def overlap(told: Sequence[Line]) -> str:
    """Whether the intervals of stable groups share a range, in a sentence; empty where they do not."""
    known = [one for one in told if one.low is not None and one.high is not None]
    is_shared = len(known) > 1 and all(one.n >= SMALLEST_STABLE for one in told) and (
        max(one.low or 0 for one in known) <= min(one.high or 0 for one in known))
    return " All their intervals share a range, so the differences may be chance." if is_shared else ""
