"""The NHS Talking Therapies set: every course judged on a depression and an anxiety scale together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.courses.judgement import Pair, Standing, first_reasons
from analytics.courses.lines import is_beyond
from analytics.courses.rows import Columns, measure_columns, nullable
from analytics.definitions.instruments import ALLOWANCE
from analytics.definitions.measures import NHS_MEASURES
from analytics.definitions.nhs import nhs_caseness


@dataclass(frozen=True)
class _Judged:
    """What both scales say of each course; arrays of one element a course.

    A course is judged on the scales for which it has both scores; whether one without such a scale was a case at the
    start is judged on the scores that it has there.
    """

    measured: np.ndarray
    has_baseline: np.ndarray
    is_paired: np.ndarray
    never_a_case: np.ndarray
    not_due: np.ndarray
    case_before: np.ndarray
    case_after: np.ndarray
    better: np.ndarray
    worse: np.ndarray


def nhs_columns(pairs: Sequence[Pair], course: Standing) -> Columns:
    """Flag and reason of every measure of the set, and whether there is an endpoint; one row a course.

    Reliable change counts from exactly its size on; a scale that is better and one that is worse make no change.

    Source
    ------
    NHS Talking Therapies manual, 2024
    """
    of = _judged(pairs)
    improved, deteriorated = of.better & ~of.worse, of.worse & ~of.better
    recovered = of.case_before & ~of.case_after
    achieved = {
        "nhs_recovery": recovered, "nhs_reliable_improvement": improved, "nhs_reliable_deterioration": deteriorated,
        "nhs_no_reliable_change": ~improved & ~deteriorated, "nhs_reliable_recovery": recovered & improved}
    reasons = {measure.key: _reasons(of, course, asks_caseness=measure.asks_caseness) for measure in NHS_MEASURES}
    return {"has_endpoint": pd.array(of.is_paired, dtype="boolean"), **measure_columns(achieved, reasons, course)}


def _judged(pairs: Sequence[Pair]) -> _Judged:
    has_baseline = np.stack([~np.isnan(pair.baseline) for pair in pairs])
    paired = has_baseline & np.stack([~np.isnan(pair.endpoint) for pair in pairs])
    is_paired = paired.any(axis=0)
    judged = np.where(is_paired, paired, has_baseline)
    before = np.stack([is_beyond(pair.baseline, nhs_caseness(pair.instrument)) for pair in pairs])
    after = np.stack([is_beyond(pair.endpoint, nhs_caseness(pair.instrument)) for pair in pairs])
    gain = np.stack([pair.improvement for pair in pairs])
    size = np.array([pair.instrument.reliable_change.value for pair in pairs])[:, None] - ALLOWANCE
    return _Judged(
        measured=np.any([pair.measured for pair in pairs], axis=0), has_baseline=has_baseline.any(axis=0),
        is_paired=is_paired, never_a_case=np.any([pair.never_a_case for pair in pairs], axis=0),
        not_due=np.any([pair.not_due for pair in pairs], axis=0), case_before=(judged & before).any(axis=0),
        case_after=(paired & after).any(axis=0), better=(paired & (gain >= size)).any(axis=0),
        worse=(paired & (-gain >= size)).any(axis=0))


def _reasons(of: _Judged, course: Standing, *, asks_caseness: bool) -> np.ndarray:
    """Why each course is not in a rate of the set. Recovery is of cases, whoever the rules ask: others cannot."""
    lacks_index = ~of.has_baseline & of.never_a_case
    return first_reasons({
        "no_sessions": course.no_sessions,
        "booster": course.booster,
        "not_assessed": ~of.measured,
        "no_baseline": ~of.has_baseline & ~of.never_a_case,
        "not_a_case": lacks_index | ~of.case_before if asks_caseness else lacks_index,
        "incomplete_induction": course.incomplete_induction,
        "not_due": course.not_due | of.not_due,
        "no_endpoint": ~of.is_paired,
    }, len(of.measured))


def pair_columns(scales: Sequence[Columns], columns: Columns) -> Columns:
    """The rows of the two scales as one: no score, from the earlier baseline to the later endpoint of those judged.

    Parameters
    ----------
    scales : the scales' own rows
    columns : from ``nhs_columns``
    """
    paired = np.stack([~one["baseline"].isna() & one["has_endpoint"].to_numpy(bool) for one in scales])
    is_judged = paired | ~paired.any(axis=0)

    def of_judged(name: str) -> np.ndarray:
        values = np.stack([one[name].to_numpy(float, na_value=np.nan) for one in scales])
        return np.where(is_judged if name == "baseline_day" else paired, values, np.nan)

    n_courses = len(columns["has_endpoint"])
    none = np.full(n_courses, np.nan)
    latest = {name: np.fmax.reduce(of_judged(name))
              for name in ("endpoint_day", "endpoint_days_from_anchor", "n_sessions_before_endpoint")}
    looks_back = of_judged("looks_back")
    return {
        "course": np.arange(n_courses),
        "baseline": nullable(none),
        "baseline_day": nullable(np.fmin.reduce(of_judged("baseline_day")), "Int32"),
        "endpoint": nullable(none),
        **{name: nullable(latest[name], "Int32") for name in ("endpoint_day", "endpoint_days_from_anchor")},
        "improvement": nullable(none),
        "improvement_fraction": nullable(none),
        "n_sessions_before_endpoint": nullable(latest["n_sessions_before_endpoint"], "Int32"),
        "looks_back": pd.arrays.BooleanArray(np.fmax.reduce(looks_back) == 1, np.isnan(looks_back).all(axis=0)),
        "has_endpoint": columns["has_endpoint"],
    }
