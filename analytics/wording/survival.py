"""Kaplan-Meier curves in words: medians, shares at a time, who is drawn, and what the test says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import LEFT_OUT
from analytics.results.comparison_sides import SettledLater
from analytics.results.comparison_values import FEWEST_TESTED
from analytics.results.survival_curves import Curves, Group
from analytics.statistics.answers import Test
from analytics.statistics.survival import Curve, n_at_risk, share_at
from analytics.wording import definitions
from analytics.wording.comparison_phrases import ALPHA, p_words
from analytics.wording.numbers import (
    SMALLEST_SHOWN,
    SMALLEST_STABLE,
    SPACE,
    count,
    isolated,
    listed,
    percent,
    percent_range,
    plural,
    points,
    sentence_case,
)
from analytics.wording.rates import NINETY_FIVE, TOO_FEW, UNSTABLE
from analytics.wording.rules import attribute, level

NOT_REACHED = "not reached"
NOBODY = "nobody watched so long"
_BY = {"maintenance": "maintenance", "dose": "highest dose so far", "sessions": "sessions so far"}


@dataclass(frozen=True)
class Share:
    """The share of one group at one time: as shown, with its interval, those at risk and a mark; empty where none."""

    shown: str
    interval: str
    at_risk: str
    mark: str


def unit_of(found: Curves) -> str:
    """What a curve counts: patients, or courses where somebody may be there more than once."""
    return "patients" if found.courses == "first" else "courses"


def has_curve(found: Curves) -> bool:
    """Whether any group is large enough for a curve."""
    return any(one.n >= SMALLEST_SHOWN for one in found.groups)


def no_curve_sentence(found: Curves) -> str:
    """That no group is large enough for a curve."""
    return f"No group has {SMALLEST_SHOWN} {unit_of(found)} or more: too few for a curve."


def counted(found: Curves, number: int) -> str:
    """A number of patients or courses."""
    return plural(number, unit_of(found)[:-1])


def by_words(found: Curves) -> str:
    """What groups are made by."""
    return _BY.get(found.by) or attribute(found.by)


def group_name(found: Curves, group: Group) -> str:
    """What a group is called; empty where all are one."""
    return level(found.by, group.value) if found.by else ""


def amount(time: float, unit: str) -> str:
    """A number of days or sessions, halves kept."""
    if time == int(time):
        return plural(int(time), unit[:-1])
    return f"{points(time)} {unit}"


def median_words(curve: Curve, unit: str) -> str:
    """The time by which half had it, with its interval: 6 sessions (95 % interval 5 to 8); or why there is none."""
    if curve.n < SMALLEST_SHOWN:
        return TOO_FEW.replace("percentage", "median")
    if not has_median(curve):
        return NOT_REACHED
    assert curve.median is not None, "a median that is shown is there"
    low, high = (None if end is None else points(end, 0 if end == int(end) else 1)
                 for end in (curve.median_low, curve.median_high))
    if low is None:
        return f"{amount(curve.median, unit)} (no interval)"
    reach = f"{low} or more" if high is None else f"{low} to {high}"
    return f"{amount(curve.median, unit)} ({NINETY_FIVE} interval {reach})"


def medians_words(found: Curves, unit: str) -> str:
    """The median of each group: North after 6 sessions (...); West not reached."""
    return "; ".join(
        f"{isolated(group_name(found, one))} {'after ' if has_median(one.curve) and one.n >= SMALLEST_SHOWN else ''}"
        f"{median_words(one.curve, unit)}" for one in found.groups)


def has_median(curve: Curve) -> bool:
    """Whether half had it while enough were watched for it to be told."""
    return curve.median is not None and int(n_at_risk(curve, curve.median)) >= SMALLEST_SHOWN


def share_words(curve: Curve, time: float, *, is_rising: bool) -> Share:
    """The share of a curve at a time: with the event where it rises, else without."""
    share, low, high = (float(one) for one in share_at(curve, time))
    at_risk = int(n_at_risk(curve, time))
    if curve.n < SMALLEST_SHOWN:
        return Share(TOO_FEW, "", count(at_risk), "")
    if math.isnan(share):
        return Share(NOBODY, "", count(at_risk), "")
    if at_risk < SMALLEST_SHOWN and share > 0:
        return Share("too few watched", "", count(at_risk), "")
    if is_rising:
        share, low, high = 1 - share, 1 - high, 1 - low
    interval = "" if math.isnan(low) or math.isnan(high) else percent_range(low, high)
    return Share(percent(share), interval, count(at_risk), UNSTABLE if at_risk < SMALLEST_STABLE else "")


def estimate_words(curve: Curve, time: float, *, is_rising: bool) -> str:
    """The same in a sentence: an estimated 60 % (95 % interval 52-67 %); empty where none can be shown."""
    found = share_words(curve, time, is_rising=is_rising)
    if not found.shown.endswith("%"):
        return ""
    interval = f"{NINETY_FIVE} interval {found.interval}" if found.interval else "no interval"
    return f"an estimated {found.shown} ({interval}{', ' + found.mark if found.mark else ''})"


def share_rows(
    found: Curves, times: Sequence[float], labels: Sequence[str], *, is_rising: bool
) -> tuple[tuple[str, ...], ...]:
    """One row a group and time: group (where there are several), time, share, interval, those at risk, mark."""
    rows = []
    for group in found.groups:
        name = (group_name(found, group),) if found.by else ()
        for time, label in zip(times, labels, strict=True):
            said = share_words(group.curve, time, is_rising=is_rising)
            rows.append((*name, label, said.shown, said.interval, said.at_risk, said.mark))
    return tuple(rows)


def group_rows(found: Curves, unit: str) -> tuple[tuple[str, ...], ...]:
    """One row a group: how many, how many of them had it, the median."""
    return tuple((*((group_name(found, one),) if found.by else ()), count(one.n), count(one.n_events),
                  median_words(one.curve, unit)) for one in found.groups)


def left_out_sentence(n_followed: int, left_out: Mapping[str, int], own: Mapping[str, str], what: str,
                      instrument: Instrument) -> str:
    """Who is followed and who is not, by reason; together they are all courses of the cohort.

    Parameters
    ----------
    own : words that follow a count, by reason, for those that no rate has
    what : what the followed ones are: followed, watched after a response
    """
    parts = [definitions.counted_reason(number, key, instrument) if key in LEFT_OUT else f"{count(number)} {own[key]}"
             for key, number in left_out.items()]
    start = f"{count(n_followed)} of {plural(n_followed + sum(left_out.values()), 'course')} {what}"
    return f"{start}; not: {', '.join(parts)}." if parts else f"{start}."


def drawn_sentence(found: Curves) -> str:
    """What the curve counts of those followed, and which of them it does not."""
    number = sum(one.n for one in found.groups)
    if found.courses == "first":
        start = f"The curve counts {plural(number, 'patient')}, each by the first followed course"
    else:
        start = f"The curve counts {plural(number, 'course')} of {plural(found.n_patients, 'patient')}"
        start += "; its interval allows for patients with several" if found.is_clustered else ""
    words = {
        "later_course": "later courses of the same patients",
        "not_recorded": f"without a record of {by_words(found)}",
        "mixed": "mixed, which only what happened after the start decides",
        "several_units": "with doses in several units",
        "other_values": f"in the {count(found.n_values - len(found.groups))} smallest groups",
    }
    if found.not_drawn.get("later_course") == 1:
        words["later_course"] = "of a later course of the same patient"
    parts = [f"{count(n)} {words[key]}" for key, n in found.not_drawn.items()]
    return f"{start}; not drawn: {listed(parts)}." if parts else f"{start}."


def gap_sentence(gap_days: float | None, what: str) -> str:
    """That what happened is seen at a score only.

    Parameters
    ----------
    what : what is seen: a response, a loss
    """
    start = f"{what} is seen at a score and came at some time since the score before"
    if gap_days is None:
        return f"{start}."
    return f"{start}: half of all scores follow the one before within {amount(gap_days, 'days')}."


CENSORING = ("Those not watched to the end count for as long as they were; the estimate holds if they would have fared "
             "like those who stayed.")


def test_sentence(found: Curves) -> str:
    """What the test says, what it does not say, or why there is none; empty where all are one group."""
    test = found.test
    if test is None:
        return ""
    if test.p is None:
        return f"No {test.name.lower()}: {test.why[:1].lower()}{test.why[1:]}"
    said = f"{test.name} of {plural(len(test.n), 'group')} ({listed(count(n) for n in test.n)} {unit_of(found)})"
    if len(test.n) < len(found.groups):
        said += f", those with fewer than {FEWEST_TESTED} left aside"
    if test.p < ALPHA:
        return (f"{said}: {p_words(test.p)}. The curves differ by more than chance alone would often make. Why, it "
                "does not say: chance did not make the groups. Exploratory.")
    return (f"{said}: {p_words(test.p)}. The curves do not differ by more than chance would often make, which does "
            "not show that they are alike. Exploratory.")


def test_header(found: Curves) -> tuple[str, ...]:
    """The columns of the table of the test."""
    return ("Test", "Statistic", "p", f"{unit_of(found).capitalize()} in each group", "Why this one",
            "What it assumes")


def test_row(test: Test) -> tuple[str, ...]:
    """The test with its reason; one that could not be made says why."""
    statistic = "none" if test.statistic is None else f"chi-square {points(test.statistic, 2)}"
    return (test.name, statistic, p_words(test.p) if test.p is not None else "none",
            listed(count(n) for n in test.n) or "none", test.why, test.assumptions)


def small_sentence(found: Curves) -> str:
    """Groups that are too small for a curve, or whose curve is unstable."""
    if not found.by and not has_curve(found):
        return ""
    named = [(group_name(found, one) or "The cohort", one.n) for one in found.groups]
    few = [f"{isolated(name)} ({count(n)})" for name, n in named if n < SMALLEST_SHOWN]
    unstable = [f"{isolated(name)} ({count(n)})" for name, n in named if SMALLEST_SHOWN <= n < SMALLEST_STABLE]
    said = [f"Too few for a curve: {listed(few)}."] * bool(few)
    said += [f"Unstable, fewer than {SMALLEST_STABLE}: {listed(unstable)}."] * bool(unstable)
    return " ".join(said)


WEEK = 7


def weeks(days: float) -> str:
    """A number of days as weeks."""
    return plural(int(days) // WEEK, "week") if days % WEEK == 0 else amount(days, "days")


def shown_ticks(ticks: Sequence[int], found: Curves) -> tuple[int, ...]:
    """The ticks of an axis as far as anybody was watched, and the first beyond."""
    last = max((float(one.curve.times[-1]) for one in found.groups if one.curve.n), default=0.0)
    n_inside = sum(tick < last for tick in ticks)
    return tuple(ticks[:max(n_inside + 1, 2)])


def interval_title() -> str:
    """The heading of a column of intervals."""
    return f"95{SPACE}% interval"


def not_split(reason: ValueError) -> str:
    """Why a curve is not split, in words of a page."""
    if not isinstance(reason, SettledLater):
        return str(reason)
    return (f"{sentence_case(attribute(reason.name))} is settled only by what happened after the start, so staying "
            "long enough would make the groups: all courses are drawn together. Choose another attribute.")
