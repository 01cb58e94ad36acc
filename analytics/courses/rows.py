"""One row per course of an instrument: the scores before and after, and every measure's flag and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analytics.courses.build import Built, session_keys
from analytics.courses.index import index_rows
from analytics.courses.judgement import Pair, Standing, achieved, is_index_not_due, left_out_codes
from analytics.courses.scores import NONE, Scores
from analytics.courses.windows import anchor_day, baseline_means, baseline_rows, endpoint_rows, scores_of
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import LEFT_OUT, MEASURES, OUTCOME_MEASURES
from analytics.definitions.rules import Rules
from analytics.definitions.tables import Tables

_REASONS = pd.CategoricalDtype(list(LEFT_OUT))


Columns = dict[str, Any]
"""Columns of one length by name, each an array; a frame is made of them once, at the end: it takes a millisecond."""


def instrument_columns(built: Built, pair: Pair, course: Standing, *, has_days: bool) -> Columns:
    """One row a course: the scores of an instrument, and every measure's flag and reason.

    Parameters
    ----------
    has_days : whether the files tell days; else visits alone
    """
    instrument = pair.instrument
    reasons = {measure.key: left_out_codes(measure, pair, course) for measure in MEASURES.values()
               if measure.applies_to(instrument)}
    has_it = {key: achieved(MEASURES[key], pair) for key in reasons if MEASURES[key] in OUTCOME_MEASURES}
    return _pair_columns(built, pair, has_days=has_days) | measure_columns(has_it, reasons, course)


def measure_columns(
    achieved: Mapping[str, np.ndarray], reasons: Mapping[str, np.ndarray], course: Standing
) -> Columns:
    """Flag and reason of every measure; a missing endpoint is a failure where the rules count it in the headline.

    Parameters
    ----------
    achieved : whether each course has what the measure counts, by measure; only those with a flag
    reasons : from ``left_out_codes``, by measure
    """
    flags, left_out = {}, {}
    for key, codes in reasons.items():
        measure = MEASURES[key]
        is_lost = (codes == LEFT_OUT.index("no_endpoint")) & course.counts_missing[measure.kind]
        counted = np.where(is_lost, -1, codes) if measure.direction == "benefit" else codes
        if key in achieved:
            flags[key] = pd.arrays.BooleanArray(achieved[key] & ~is_lost, counted >= 0)
        name = "left_out" if key == "response" else f"left_out_{key}"
        left_out[name] = pd.Categorical.from_codes(counted, dtype=_REASONS)
    return flags | left_out


def stacked(parts: Sequence[Columns]) -> Columns:
    """The columns one under the other; a column that a part has not is missing there."""
    lengths = [len(part["course"]) for part in parts]
    known = {name: column for part in parts for name, column in part.items()}
    return {name: _one_under_the_other([part[name] if name in part else column[:0].take([-1] * n, allow_fill=True)
                                        for part, n in zip(parts, lengths, strict=True)])
            for name, column in known.items()}


def _one_under_the_other(columns: list[Any]) -> Any:
    if isinstance(columns[0], np.ndarray):
        return np.concatenate(columns)
    # What pandas asks of every kind of array; joining frames takes thirty times as long where they are small.
    return type(columns[0])._concat_same_type(columns)


def pair_of(built: Built, tables: Tables, instrument: Instrument) -> Pair:
    """Which scores of an instrument stand for before and after in each course."""
    scores, measured = scores_of(built, tables, instrument, built.rule_set.base.scoring == "complete")
    before, after = (np.full(len(built.patient), NONE) for _ in range(2))
    means = np.full(len(built.patient), np.nan)
    visits, is_visit_axis = visit_labels(tables), tables.axis == "visit"
    never_a_case, not_due = np.zeros((2, len(built.patient)), dtype=bool)
    for position, rules in enumerate(built.rules):
        in_force = built.rule == position
        if rules.counts_from_index:
            chosen = _index(scores, built, instrument, rules, is_visit_axis=is_visit_axis)
        else:
            chosen = baseline_rows(scores, built, rules, in_force, visits, is_visit_axis=is_visit_axis)
        before = np.where(in_force, chosen, before)
        if rules.baseline_pick == "mean_last_7_days" and rules.baseline_visit is None:
            means = np.where(in_force, baseline_means(scores, built, in_force), means)
        chosen = endpoint_rows(scores, built, rules, in_force, visits, before, is_visit_axis=is_visit_axis)
        after = np.where(in_force, chosen, after)
        if rules.counts_from_index:
            not_due |= in_force & is_index_not_due(built, rules, _at(scores.day, before))
            never_a_case |= in_force & (before == NONE) & _has_score(scores, built, is_visit_axis=is_visit_axis)
    baseline = _at(scores.total, before)
    return Pair(instrument, measured[built.patient], np.where(np.isnan(means), baseline, means),
                _at(scores.total, after), _at(scores.self_harm, before), _at(scores.self_harm, after),
                _at(scores.day, before), _at(scores.day, after), never_a_case, not_due)


def _index(
    scores: Scores, built: Built, instrument: Instrument, rules: Rules, *, is_visit_axis: bool
) -> np.ndarray:
    """The index score of each course; none in files of visits, whose windows cannot be counted."""
    if is_visit_axis:
        return np.full(len(built.patient), NONE)
    return index_rows(scores, instrument, rules, len(built.patient))


def _has_score(scores: Scores, built: Built, *, is_visit_axis: bool) -> np.ndarray:
    """Whether a course has any usable score with a day."""
    has_score = np.zeros(len(built.patient), dtype=bool)
    has_score[scores.course] = not is_visit_axis
    return has_score


def visit_labels(tables: Tables) -> tuple[str, ...]:
    """The labels of the visits in their order; empty where the files hold none."""
    visit = tables.assessments.get("visit")
    return tuple(visit.cat.categories) if visit is not None and isinstance(visit.dtype, pd.CategoricalDtype) else ()


def _at(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.append(np.asarray(values, dtype=float), np.nan)[rows]


def _pair_columns(built: Built, pair: Pair, *, has_days: bool) -> Columns:
    anchor = np.zeros(len(built.patient))
    for position, rules in enumerate(built.rules):
        start = pair.baseline_day if rules.counts_from_index else anchor_day(rules, built)
        anchor = np.where(built.rule == position, start, anchor)
    nowhere = np.full(len(built.patient), np.nan)
    baseline_day = pair.baseline_day if has_days else nowhere
    endpoint_day = pair.endpoint_day if has_days else nowhere
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = np.where(pair.baseline > 0, pair.improvement / pair.baseline, np.nan)
    looks_back = endpoint_day - built.anchor_day < pair.instrument.recall_days
    return {
        "course": np.arange(len(built.patient)),
        "baseline": nullable(pair.baseline),
        "baseline_day": nullable(baseline_day - built.first_day, "Int32"),
        "endpoint": nullable(pair.endpoint),
        "endpoint_day": nullable(endpoint_day - built.first_day, "Int32"),
        "endpoint_days_from_anchor": nullable(endpoint_day - anchor, "Int32"),
        "improvement": nullable(pair.improvement),
        "improvement_fraction": nullable(fraction),
        "self_harm_baseline": nullable(pair.self_harm_baseline, "Int8"),
        "self_harm_endpoint": nullable(pair.self_harm_endpoint, "Int8"),
        "n_sessions_before_endpoint": _sessions_between(built, endpoint_day),
        "looks_back": pd.arrays.BooleanArray(looks_back, np.isnan(endpoint_day) | ~built.has_anchor),
        "has_endpoint": pd.array(~np.isnan(pair.endpoint), dtype="boolean"),
    }


def nullable(values: np.ndarray, dtype: str = "Float64") -> pd.api.extensions.ExtensionArray:
    """An array as a nullable one; nan is missing."""
    is_missing = np.isnan(values)
    if dtype == "Float64":
        return pd.arrays.FloatingArray(np.array(values, dtype=float), is_missing)
    whole = np.where(is_missing, 0, values).astype(dtype.lower())
    return pd.arrays.IntegerArray(whole, is_missing)


def _sessions_between(built: Built, endpoint_day: np.ndarray) -> pd.arrays.IntegerArray:
    """Sessions after the last induction session and before the endpoint's day."""
    is_known = ~np.isnan(endpoint_day) & built.has_anchor
    course = np.arange(len(built.patient))
    endpoint = np.where(is_known, endpoint_day, 0).astype(np.int64)
    until = np.searchsorted(built.session_key, session_keys(course, endpoint))
    since = np.searchsorted(built.session_key, session_keys(course, built.anchor_day), side="right")
    return pd.arrays.IntegerArray(np.maximum(until - since, 0).astype(np.int32), ~is_known)
