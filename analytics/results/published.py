"""Our courses counted by the rules of each published figure, beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.courses.build import built
from analytics.courses.lines import is_beyond
from analytics.courses.outcomes import Outcomes, outcomes
from analytics.courses.reuse import Build, built_once
from analytics.definitions.benchmarks import BENCHMARKS, Benchmark, Figure, TheirRules
from analytics.definitions.measures import LEFT_OUT
from analytics.definitions.rules import rule_set
from analytics.results.cohorts import Where, in_cohort, strata
from analytics.results.rates import Counting, Share


@dataclass(frozen=True)
class Beside:
    """A printed figure and ours by its rules; missing where nobody of ours can be counted so."""

    printed: Figure
    ours: Share | None


@dataclass(frozen=True)
class CountedTheirWay:
    """One published row and what became of our courses under its rules.

    Attributes
    ----------
    courses : courses of the cohort under its rules; always the denominator of a figure and those left out together
    left_out : courses by reason, for its first figure
    why_not : why our files cannot be counted that way, one of ``REASONS``; empty where they can
    """

    benchmark: Benchmark
    figures: tuple[Beside, ...]
    courses: int
    left_out: dict[str, int]
    why_not: str


REASONS = ("no_rules", "ever_reached", "no_instrument", "no_sessions", "no_days", "no_attribute", "refused", "nobody")
"""No rules give the figure back; it is of another kind; our files lack the scale, the sessions, the days; the filters
ask for an attribute that only exists under other rules; its cut-offs do not fit a scale of ours; or no course of ours
is left."""


def published(of: Outcomes, where: Where | None = None) -> tuple[CountedTheirWay, ...]:
    """Every published row with our courses counted its way; one that cannot be says why."""
    build = built_once()
    return tuple(counted_their_way(of, one, where, build) for one in BENCHMARKS.values())


def counted_their_way(
    of: Outcomes, benchmark: Benchmark, where: Where | None = None, build: Build = built
) -> CountedTheirWay:
    """Our courses counted by the rules of one published row.

    What a person set in the rules in force plays no part: theirs apply, with their cut-offs.
    """
    rules = benchmark.rules
    reason = _why_not(of, benchmark)
    if rules is None or reason:
        return _not_counted(benchmark, reason)
    try:
        theirs = outcomes(of.tables, rule_set(rules.preset, rules.settings), of.as_of, (rules.instrument,), build)
    except ValueError:
        return _not_counted(benchmark, "refused")
    try:
        stays = in_cohort(theirs, where or {})
    except ValueError:
        return _not_counted(benchmark, "no_attribute")
    counting = Counting(theirs, rules.instrument, strata(theirs, (), stays))
    figures = tuple(Beside(one, _share(counting, rules, one)) for one in benchmark.figures)
    left_out = _left_out(counting, benchmark.figures[0])
    is_nobody = all(one.ours is None for one in figures)
    return CountedTheirWay(benchmark, figures, int(stays.sum()), left_out, "nobody" if is_nobody else "")


def _not_counted(benchmark: Benchmark, reason: str) -> CountedTheirWay:
    return CountedTheirWay(benchmark, tuple(Beside(one, None) for one in benchmark.figures), 0, {}, reason)


def _why_not(of: Outcomes, benchmark: Benchmark) -> str:
    rules = benchmark.rules
    if rules is None:
        return "ever_reached" if benchmark.kind == "ever_reached" else "no_rules"
    if rules.instrument not in set(of.tables.assessments["instrument"].unique()):
        return "no_instrument"
    if rules.needs_sessions and of.tables.sessions.empty:
        return "no_sessions"
    return "no_days" if rules.needs_days and of.axis == "visit" else ""


_REASON_OF = {"response": "left_out", "remission": "left_out_mean_improvement", "worsening": "left_out_worsening"}
"""Whose reasons say who counts: theirs leaves nobody out of a remission for being below the line at the start."""


def _reasons(counting: Counting, figure: Figure) -> np.ndarray:
    return counting.rows[_REASON_OF[figure.measure]].codes


def _share(counting: Counting, rules: TheirRules, figure: Figure) -> Share | None:
    counted = _reasons(counting, figure) < 0
    if figure.measure == "remission":
        assert rules.remission is not None, "a printed remission has a line"
        achieved = is_beyond(counting.rows["endpoint"].to_numpy(float, na_value=np.nan), rules.remission)
    else:
        achieved = counting.rows[figure.measure].to_numpy(bool, na_value=False)
    x, n = counting.per_cell(achieved & counted), counting.per_cell(counted)
    if not n[0]:
        return None
    low, high, _ = counting.interval(achieved, counted, x, n)
    return Share(int(x[0]), int(n[0]), float(x[0] / n[0]), float(low[0]), float(high[0]))


def _left_out(counting: Counting, figure: Figure) -> dict[str, int]:
    counts = np.bincount(_reasons(counting, figure) + 1, minlength=len(LEFT_OUT) + 1)[1:]
    return {name: int(n) for name, n in zip(LEFT_OUT, counts, strict=True) if n}
