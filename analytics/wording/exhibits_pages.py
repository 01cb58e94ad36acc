"""Exhibits of the pages beside the overview in words: curves, trends, comparisons, sessions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from analytics.definitions.measures import MEASURES
from analytics.wording import (
    comparison_tables,
    durability,
    rates,
    survival,
    time_to_response,
    trajectories_points,
    trends,
)
from analytics.wording.comparison_phrases import headline_of, name_of
from analytics.wording.definitions import measure_title
from analytics.wording.numbers import (
    SMALLEST_SHOWN,
    SMALLEST_STABLE,
    count,
    inside_sentence,
    listed,
    percent,
    plural,
    points,
)
from analytics.wording.rates import ranged
from analytics.wording.rules import attribute

# --- what is kept, and why ---------------------------------------------------------------------------

ROUNDED_KEPT = ("It is made of exact counts, and to this audience counts are told rounded, so it is kept for the "
                "inside.")
CURVE_KEPT = ("Each step of the curve is a few courses that left it, and fewer than {} could be counted off it, so it "
              "is kept for the inside.")
GROUPS_OF_COURSES_KEPT = ("Its groups are made by what was given from day to day, which is not looked at together with "
                          "the other tables, so it is kept for the inside.")
SCORES_KEPT = ("At no point later than the start are there {} courses or more both with a score and without, so the "
               "curve is kept for the inside.")
SESSIONS_KEPT = ("Sessions are counted here, and a few patients can have had many: small numbers of patients could "
                 "follow, so of a part of the clinic, and for the public, it is kept for the inside.")
SPREAD_KEPT = "A median or a quartile is the value of single sessions, so it is kept for the inside."
PROCESS_KEPT = ("How many courses or sessions there were, and how they were followed, is not looked at together with "
                "the other tables, so by year it is kept for the inside.")
NO_YEARS_KEPT = "The files hold no year by which it could be told to this audience, so it is kept for the inside."
ALL_SMALL_KEPT = ("Every number of it is small, or a small one would follow from it, so it is kept for the inside. "
                  "Wait for more courses, take a wider filter, or a longer period.")
NOT_COMPARED = "not told to this audience"
NO_STEP_BACK = "Quartiles, and who is not at a point and why, are kept for the inside."
NOT_TOLD_POINTS = "Points at which fewer than {} courses have a score, or have none, are not shown."

# --- curves ------------------------------------------------------------------------------------------

RESPONSE_AXES = {"sessions": "sessions so far", "days": "days", "index": "days from the first score"}
FOLLOWED, WATCHED = "still followed", "still watched"
IN_BRACKETS = "(in brackets: {})"
CURVE_LIMITS = ("Those not watched to the end count for as long as they were, as if they would have fared like those "
                "who stayed; there is no control group.")
LANDMARK_LIMITS = ("Those given more may have differed before: it is no trial, and those not watched to the end count "
                   "for as long as they were.")


def response_title(found: Any, drawn: Any) -> str:
    """A finding: half had responded after 5 sessions."""
    return _curve_title(drawn, time_to_response.title(found.measure), found.unit, time_to_response.share_title(
        found.measure).lower().removeprefix("have ").removesuffix(" so far"), is_rising=True)


def durability_title(found: Any, drawn: Any, at: Any) -> str:
    """A finding: half had lost it after 90 days, or how many still had it at the last time that is told."""
    title = durability.TITLES[found.start]
    if at is not None:
        title = f"{title}, from {survival.weeks(at.day)} after the endpoint on"
    lost = {"response": "lost the response", "remission": "relapsed"}[found.start]
    return _curve_title(drawn, title, "days", lost, is_rising=False)


def _curve_title(drawn: Any, title: str, unit: str, had: str, *, is_rising: bool) -> str:
    if not survival.has_curve(drawn):
        return f"{title}: too few courses for a curve"
    if drawn.by:
        return _groups_title(drawn, f"{title} by {survival.by_words(drawn)}", unit)
    curve = drawn.groups[0].curve
    who = survival.unit_of(drawn)
    if survival.has_median(curve):
        return f"By estimate half of {who} had {had} after {survival.amount(curve.median, unit)}"
    last, share = last_told(curve, _PLACES[unit], is_rising=is_rising)
    if share is None:
        return f"{title}: too few followed for a share"
    after = survival.amount(last, unit) if unit == "sessions" or is_rising else survival.weeks(last)
    return f"By estimate {percent(share if is_rising else 1 - share)} of {who} had {had} after {after}"


_PLACES = {"sessions": tuple(range(1, 11)), "days": tuple(range(7, 183, 7))}


def last_told(curve: Any, times: Sequence[float], *, is_rising: bool) -> tuple[float, float | None]:
    """The last of some times at which a share is told, and that share; missing where there is none."""
    for time in reversed(times):
        found = survival.share_words(curve, time, is_rising=is_rising)
        if found.shown.endswith("%"):
            share = float(survival.share_at(curve, time)[0])
            return time, 1 - share if is_rising else share
    return 0, None


def _groups_title(drawn: Any, title: str, unit: str) -> str:
    """The medians in a range, without a ranking."""
    large = [one.curve for one in drawn.groups if one.n >= SMALLEST_SHOWN]
    medians = sorted(one.median for one in large if survival.has_median(one))
    if not medians:
        return f"{title}: half not reached in any group"
    rest = len(large) - len(medians)
    also = f", not reached in {plural(rest, 'group')}" if rest else ""
    last = survival.amount(medians[-1], unit)
    first = "" if medians[0] == medians[-1] else f"{points(medians[0], _decimals(medians[0]))} to "
    return f"{title}: half after {first}{last}{also}"


def _decimals(number: float) -> int:
    return 0 if number == int(number) else 1


def axis_words(unit_title: str, at_risk: str, *, is_one: bool) -> str:
    """What the categories of a curve are, and what stands in brackets."""
    axis = f"by {unit_title[:1].lower()}{unit_title[1:]}"
    return f"{axis} {IN_BRACKETS.format(at_risk)}" if is_one else axis


def category(label: str, n: int | None) -> str:
    """A point of a curve with those that it rests on in brackets."""
    return label if n is None else f"{label} ({count(n)})"


def scores_title(found: Any, instrument: Any, place: int | None, name: str) -> str:
    """A finding: mean PHQ-9 17.1 at the start, 9.3 in week 4."""
    if found.groups:
        return _groups_of_scores(found, instrument)
    if place is None:
        return f"{instrument.title} over time: too few courses for a mean"
    one = found.whole
    return (f"Mean {instrument.title} {points(float(one.baseline_of_present[place]))} at the start, "
            f"{points(float(one.mean[place]))} {at_point(name, found.windows.axis)}")


def _groups_of_scores(found: Any, instrument: Any) -> str:
    """The groups in a range at the last point that all of them can be told at, without a ranking."""
    title = f"Mean {instrument.title} over time by {listed(attribute(one) for one in found.groups[0].stratum)}"
    is_shown = np.array([trajectories_points.is_shown(one) for one in found.groups]).all(axis=0)
    if not is_shown[1:].any():
        return title
    place = int(np.flatnonzero(is_shown)[-1])
    means = sorted(float(one.mean[place]) for one in found.groups)
    where = at_point(trajectories_points.window_names(found.windows)[place], found.windows.axis)
    return f"{title}: between {points(means[0])} and {points(means[-1])} {where}"


def scores_title_outside(instrument: Any, name: str, axis: str, mean: float) -> str:
    """The same for an audience that is told the points alone."""
    return f"Mean {instrument.title} {points(mean)} {at_point(name, axis)}"


def at_point(name: str, axis: str) -> str:
    """A point in a sentence: in week 4, after 3 sessions, at a visit."""
    if axis == "visit":
        return f"at “{name}”"
    return name if axis == "session" else f"in {name}"


def scores_measured(instrument: Any, by: str) -> str:
    """What a course of scores is of."""
    return f"Mean {instrument.title}{f' of each {by}' if by else ''}"


def short_point(name: str) -> str:
    """A point as an axis has room for it, which says what is counted: 4 of week 4, 3 of after 3 sessions."""
    short = name.removeprefix("after ").removesuffix(" session").removesuffix(" sessions")
    return short.removeprefix("weeks ").removeprefix("week ")


POINT_HEADER = ("Point", "Courses", "Mean", "95 % interval", "Middle half", "Same courses at the start", "")
SCORES_LIMITS = ("Each point is of those who have a score there, so it is no curve of the same people, and there is no "
                 "comparison without treatment.")


def scores_reading(rows: Sequence[tuple[str, float, int]], instrument: Any, group: str = "") -> str:
    """The points that are told of one curve."""
    said = listed(f"{name} {points(mean)} (of {plural(n, 'course')})" for name, mean, n in rows)
    return f"Mean {instrument.title}{f', {group}' if group else ''}: {said}."


# --- trends ------------------------------------------------------------------------------------------

TREND_LIMITS = ("A process chart says where to look and not why, and no signal does not prove that nothing changed; "
                "there is no control group.")
TREND_SERIES = ("Centre", "Lower limit", "Upper limit")


def trend_title(found: Any, what: str) -> str:
    """What is charted, its first and last value that are drawn, and what the chart says."""
    drawn = [(trends.period(label), value) for label, value in zip(found.labels, found.chart.values, strict=True)
             if not math.isnan(value)]
    ends = dict(drawn[:1] + drawn[-1:])
    said = [listed(f"{trends.value(found.asked, value)} in {name}" for name, value in ends.items())] if ends else []
    return f"{what} by {found.unit}: {'; '.join((*said, _trend_finding(found)))}"


def _trend_finding(found: Any) -> str:
    """What the chart says, in a few words."""
    chart = found.chart
    if not chart.can_speak:
        return f"too few {found.unit}s to judge" if chart.why == "too_few_periods" else "no limits can be drawn"
    judged = plural(chart.n_judged, found.unit)
    return f"no signal in {judged}" if not found.signals else f"{plural(len(found.signals), 'signal')} in {judged}"


# --- comparisons -------------------------------------------------------------------------------------

FOREST_UNIT = "Difference in percentage points"
FOREST_MEAN_UNIT = "Difference in points"


def percentage_points(fraction: float | None) -> float | None:
    """A difference of fractions as percentage points."""
    return None if fraction is None else 100 * fraction


def comparison_title(comparison: Any) -> str:
    """Who did better and by how much, or that it cannot be told."""
    names = [name_of(comparison, one.value) for one in comparison.groups]
    measure = measure_title(MEASURES[comparison.measure])
    if any(one.compared.n < SMALLEST_SHOWN for one in comparison.groups):
        return f"{measure}, {listed(names)}: too few to compare"
    shown = [_result(comparison, one) for one in comparison.groups]
    headline = headline_of(comparison)
    unsure = "" if headline is None or headline.excludes_zero else ", which chance alone may explain"
    return f"{measure}: {shown[0]} in {names[0]}, {shown[1]} in {names[1]}{unsure}"


def _result(comparison: Any, group: Any) -> str:
    if MEASURES[comparison.measure].kind == "mean":
        return f"{points(group.compared.estimate)} points"
    return percent(group.compared.estimate)


COMPARE_LIMITS = "Chance did not make the groups, so they may differ in more than this."
EXPLORATORY = "Exploratory, unless it was declared the primary comparison before anybody looked."
TESTS_TITLE, EFFECT_SIZES_TITLE = "Tests", "Effect sizes"


def compared_title(comparison: Any) -> str:
    """What is compared: Response: North and South."""
    return comparison_tables.title(comparison)


def direction_words(first: str) -> str:
    """Which side of nought is whose."""
    return f"Above 0 {first} did better, for harm too: there fewer is better."


# --- sessions ----------------------------------------------------------------------------------------

SESSIONS_LIMITS = ("What is blank on a form is unknown, never none; sessions of one patient are alike, and there is no "
                   "control group.")
SPREAD_LIMITS = "Later sessions are those of the courses that had so many; what is blank on a form is unknown."
PER_SESSION, PER_COURSE = "Of sessions", "Of courses"
SPREAD_SERIES = "Median, with the middle half"
AMOUNTS = {"cadss": ("Highest CADSS score by session", "CADSS, points"),
           "ready": ("Minutes until ready to leave", "Minutes"), "dose": ("Dose by session of the course", "Dose")}
"""Title and axis of each chart of amounts."""

AMOUNT_COLUMNS = {"cadss": "cadss_peak", "ready": "minutes_until_ready"}
QUANTILES = ("Lower tenth", "Lower quartile", "Median", "Upper quartile", "Upper tenth")
EFFECTS_TITLE, PRESSURE_TITLE = "Side effects", "Blood pressure excursions"
ROUTES_TITLE, ITEM9_TITLE = "Route by session of the course", "Item 9 of {}"
ITEM9_LIMITS = ("A lower answer to item 9 is no response to treatment, unanswered is unknown and never 0, and there is "
                "no control group.")


def sessions_n(n: int) -> str:
    """How many sessions a point rests on."""
    return plural(n, "session")


def session_number(label: str) -> str:
    """A session number with what it is."""
    return f"Session {label}"


def routes_title(names: Sequence[str], mix: Any) -> str:
    """The commonest route and its share of all sessions."""
    total, most = int(mix.counts.sum()), int(mix.counts[0].sum())
    if total < SMALLEST_SHOWN:
        return f"{ROUTES_TITLE}: too few sessions for a share"
    return f"{ROUTES_TITLE}: {names[0]} in {percent(most / total)} of {plural(total, 'session')}"


def session_reading(name: str, line: Any) -> str:
    """One thing of sessions in a sentence, with its counts and interval."""
    if line.estimate is None:
        return f"{name}: {line.shown} ({line.counts})."
    sure = f", {rates.NINETY_FIVE} interval {line.interval}" if line.interval else ""
    mark = f"; {line.mark}" if line.mark else ""
    return f"{name}: {line.shown} of sessions with an answer ({line.counts}{sure}{mark})."


def session_title(name: str, by: Sequence[str], lines: Sequence[Any]) -> str:
    """One thing of sessions in a finding; groups by their range, without a ranking."""
    if not by:
        one = lines[0]
        return f"{name}: {one.counts}" if one.estimate is None else f"{name} in {one.shown} of sessions"
    shown = [line for line in lines if line.estimate is not None]
    title = f"{name} by {listed(attribute(one) for one in by)}"
    if not shown:
        return f"{title}: no group has enough sessions"
    told, _ = ranged(shown, "session")
    low, high = (choose(told, key=lambda line: line.estimate).shown for choose in (min, max))
    among = f" in groups of {SMALLEST_STABLE} sessions or more" if len(told) < len(shown) else ""
    return f"{title}: {low} of sessions{among}" if low == high else (
        f"{title}: between {low} and {high} of sessions{among}")


def item9_title(instrument: Any, lines: Sequence[Any]) -> str:
    """Item 9 in a finding: who no longer endorsed it, and who newly did."""
    shown = [f"{inside_sentence(line.title.removeprefix('Item 9 '))} {line.shown}" for line in (lines[:1] + lines[2:3])
             if line.estimate is not None]
    return f"{ITEM9_TITLE.format(instrument.title)}: {', '.join(shown) or 'too few courses for a percentage'}"


def spread_title(title: str, groups: Sequence[Any], labels: Sequence[str]) -> str:
    """Between which medians the groups lie."""
    shown = [(one.median, label) for one, label in zip(groups, labels, strict=True) if one.n >= SMALLEST_SHOWN]
    if not shown:
        return f"{title}: too few sessions for a median"
    low, high = min(one for one, _ in shown), max(one for one, _ in shown)
    if low == high:
        return f"{title}: median {points(low, _decimals(low))}"
    return f"{title}: medians between {points(low, _decimals(low))} and {points(high, _decimals(high))}"
