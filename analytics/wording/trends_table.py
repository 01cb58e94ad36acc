"""Trends as tables, and what a pointer over a point says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.definitions.measures import MEASURES
from analytics.results.trends import LEAST_COURSES
from analytics.results.trends_series import SiteTrend, Standing, Trend
from analytics.results.trends_signals import Rule, Signal
from analytics.wording.definitions import measure_title
from analytics.wording.numbers import DASH, SMALLEST_STABLE, count, percent_range, points_range
from analytics.wording.rates import UNSTABLE
from analytics.wording.trends import STATES, limit, period, span, value, way

RULES: dict[Rule, str] = {"outside": "outside a limit", "run": "seven on one side", "trend": "seven rising or falling",
                          "near_limit": "two of three near a limit"}

NOTES: dict[Standing, str] = {
    "judged": "", "silent": "", "empty": "no course", "too_few": f"fewer than {LEAST_COURSES} courses, not drawn",
    "not_due": "courses not yet due, not judged", "not_over": "not known to be over, not judged",
    "not_whole": "not yet begun, or begun in it, not judged"}

_NUMERATORS = {"follow_up": "With a score at the end", "evaluated": "With both scores"}
_DENOMINATORS = {"follow_up": "Due", "evaluated": "Should have both", "endpoint_day": "Courses",
                 "mean_improvement": "Courses"}


def header(found: Trend) -> tuple[str, ...]:
    """The columns of the table."""
    what = found.asked.what
    counts: tuple[str, ...] = ()
    if found.asked.kind == "p":
        counts = (_NUMERATORS.get(what) or measure_title(MEASURES[what]), _DENOMINATORS.get(what, "Counted"))
    elif found.asked.kind == "xmr":
        counts = ("Courses",)
    name = {"count": "Number", "p": "Rate", "xmr": "Mean"}[found.asked.kind]
    interval = ("95 % interval",) if has_interval(found) else ()
    return (found.unit.capitalize(), *counts, name, *interval, "Lower limit", "Centre", "Upper limit", "Signal", "Note")


def has_interval(found: Trend) -> bool:
    """Whether the values of a series have an interval of their own."""
    return found.asked.kind == "p" or found.asked.what == "mean_improvement"


def rows(found: Trend) -> tuple[tuple[str, ...], ...]:
    """One row a period, empty ones included."""
    at = signals_at(found.signals, len(found.labels), found.asked.direction)
    return tuple(_row(found, place, at[place]) for place in range(len(found.labels)))


def _row(found: Trend, place: int, signal: str) -> tuple[str, ...]:
    asked, chart, tally = found.asked, found.chart, found.tally
    counts: tuple[str, ...] = ()
    if asked.kind != "count":
        n = count(int(tally.n[place]))
        counts = (count(int(tally.x[place])), n) if asked.kind == "p" else (n,)
    edges = found.lows[place], found.highs[place]
    interval: tuple[str, ...] = ()
    if has_interval(found):
        known = not np.isnan([*edges, chart.values[place]]).any()
        words = percent_range if asked.kind == "p" else points_range
        interval = (words(*(float(edge) for edge in edges)) if known else DASH,)
    limits = tuple(limit(asked, one) for one in (
        chart.low[place], chart.centre if chart.is_judged[place] else np.nan, chart.high[place]))
    return (period(found.labels[place]), *counts, value(asked, chart.values[place]), *interval, *limits,
            signal or DASH, note(found, place))


def note(found: Trend, place: int) -> str:
    """What must be known of one period."""
    text = NOTES[found.standing[place]]
    is_unstable = found.asked.kind == "p" and LEAST_COURSES <= found.tally.n[place] < SMALLEST_STABLE
    return "; ".join(one for one in (text, UNSTABLE if is_unstable else "") if one) or DASH


def signals_at(signals: Sequence[Signal], n_periods: int, direction: str) -> list[str]:
    """The rules that each period breaks, with what they mean here."""
    at: list[list[str]] = [[] for _ in range(n_periods)]
    for signal in signals:
        meaning = way(signal, direction)
        for place in signal.places:
            at[place].append(RULES[signal.rule] + (f" ({meaning})" if meaning else ""))
    return ["; ".join(one) for one in at]


def point_texts(found: Trend) -> list[str]:
    """What a pointer over each point says: period, value, counts, signal, note."""
    at = signals_at(found.signals, len(found.labels), found.asked.direction)
    texts = []
    for place, label in enumerate(found.labels):
        parts = [value(found.asked, found.chart.values[place])]
        if found.asked.kind == "p":
            parts.append(f"{count(int(found.tally.x[place]))} of {count(int(found.tally.n[place]))}")
        elif found.asked.kind == "xmr":
            parts.append(f"{count(int(found.tally.n[place]))} courses")
        parts += [at[place], NOTES[found.standing[place]]]
        texts.append(f"{period(label)}: " + ", ".join(part for part in parts if part))
    return texts


# --- sites -------------------------------------------------------------------------------------------


def site_header(name: str) -> tuple[str, ...]:
    """The columns of the table behind the small charts."""
    return (name, "Judged", "Centre", "Newest value", "What the chart says", "Signals")


def site_row(site: SiteTrend, title: str, labels: Sequence[str]) -> tuple[str, ...]:
    """One site's chart."""
    chart = site.chart
    judged = np.flatnonzero(chart.is_judged)
    newest = DASH
    if len(judged):
        newest = f"{value(site.asked, chart.values[judged[-1]])} ({period(labels[judged[-1]])})"
    told = "; ".join(f"{span([labels[place] for place in one.places])}: {RULES[one.rule]}" for one in site.signals)
    return title, count(chart.n_judged), limit(site.asked, chart.centre), newest, STATES[site.state], told or DASH


def site_point_texts(site: SiteTrend, title: str, labels: Sequence[str]) -> list[str]:
    """What a pointer over each point of a small chart says."""
    at = signals_at(site.signals, len(labels), site.asked.direction)
    return [f"{title}, {period(label)}: " + ", ".join(
        part for part in (value(site.asked, site.chart.values[place]), at[place]) if part)
        for place, label in enumerate(labels)]
