"""One result as far as its audience may hear it: parts taken away, intervals of few returning patients made coarse."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from analytics.results.disclosure_kinds import POOLED
from analytics.results.disclosure_sets import Part
from analytics.results.rates import Mean, Rate, Share
from analytics.statistics.proportions import wilson

Result = Rate | Mean

COARSE = 0.05
"""Ends of intervals that count with returning patients are told to this fraction, outwards: the exact end would tell
how many patients returned."""

_COARSE_POINTS = 1.0


def withheld(result: Result) -> Result:
    """The result without any number."""
    nothing = dict.fromkeys(("courses", "estimate", "low", "high", "follow_up", "evaluated", "looks_back",
                             "median_endpoint_day", "observed"))
    nothing |= dict.fromkeys(("n", "sd", "missing_as_unchanged") if isinstance(result, Mean) else (
        "numerator", "denominator", "missing_as_failure", "bounds"))
    return replace(result, left_out={}, withheld=True, **nothing)


def with_parts(result: Result, parts: Collection[Part], has_median: bool) -> Result:
    """The result with these parts of it."""
    changes: dict = {}
    if "courses" not in parts:
        changes |= {"courses": None, "left_out": {}}
    elif "reasons" not in parts:
        changes["left_out"] = _pooled(result.left_out)
    if "lost" not in parts:
        kind = ("missing_as_unchanged",) if isinstance(result, Mean) else ("missing_as_failure", "bounds")
        changes |= dict.fromkeys(("follow_up", "observed", *kind))
    for part in ("evaluated", "looks_back"):
        if part not in parts:
            changes[part] = None
    if not has_median:
        changes["median_endpoint_day"] = None
    return replace(_coarse(result), **changes)


def pooled_where_rare(result: Result, threshold: int) -> Result:
    """The result with one reason for all left out, where a reason is rare."""
    if all(number >= threshold for number in result.left_out.values()):
        return result
    return replace(result, left_out=_pooled(result.left_out))


def _pooled(left_out: Mapping[str, int]) -> dict[str, int]:
    return {POOLED: sum(left_out.values())} if left_out else {}


def _is_clustered(result: Result) -> bool:
    return result.interval.endswith("_clustered")


def _coarse(result: Result) -> Result:
    if not _is_clustered(result):
        return result
    if isinstance(result, Mean):
        return replace(result, **_outwards(result.low, result.high, _COARSE_POINTS), observed=_coarse_mean(
            result.observed), missing_as_unchanged=_coarse_mean(result.missing_as_unchanged))
    return replace(result, **_outwards(result.low, result.high, COARSE), observed=_coarse_share(result.observed),
                   missing_as_failure=_coarse_share(result.missing_as_failure))


def _coarse_share(share: Share | None) -> Share | None:
    return None if share is None else replace(share, **_outwards(share.low, share.high, COARSE))


def _coarse_mean(record: dict | None) -> dict | None:
    return None if record is None else record | _outwards(record["low"], record["high"], _COARSE_POINTS)


def _outwards(low: float | None, high: float | None, step: float) -> dict[str, float | None]:
    if low is None or high is None:
        return {"low": None, "high": None}
    return {"low": round(math.floor(low / step + 1e-9) * step, 9),
            "high": round(math.ceil(high / step - 1e-9) * step, 9)}


def with_rounded_counts(result: Result, to: int) -> Result:
    """The result with counts to the nearest multiple, and all that is made of counts made of those.

    What would need another count beside them is left out.
    """
    if result.withheld:
        return result
    courses = None if result.courses is None else nearest(result.courses, to)
    changes = {"courses": courses, "observed": None, "follow_up": None, "evaluated": None, "looks_back": None,
               "median_endpoint_day": None}
    if isinstance(result, Mean):
        n = nearest(result.n, to)
        tenth = {name: None if value is None else round(value, 1)
                 for name, value in (("estimate", result.estimate), ("low", result.low), ("high", result.high))}
        return replace(result, **changes, **tenth, n=n, sd=None, missing_as_unchanged=None,
                       left_out=_left(courses, n))
    n = nearest(result.denominator, to)
    x = min(nearest(result.numerator, to), n)
    ends = (result.low, result.high)
    if not _is_clustered(result):
        ends = tuple(None if not n else float(end[0]) for end in wilson(np.array([x]), np.array([n])))
    return replace(result, **changes, numerator=x, denominator=n, estimate=x / n if n else None, low=ends[0],
                   high=ends[1], missing_as_failure=None, bounds=None, left_out=_left(courses, n))


def nearest(number: int, to: int) -> int:
    """The nearest multiple; a half goes up."""
    return (2 * number + to) // (2 * to) * to


def _left(courses: int | None, n: int) -> dict[str, int]:
    return {} if courses is None or courses <= n else {POOLED: courses - n}
