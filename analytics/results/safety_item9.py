"""Item 9 before and after: at the endpoint, and after the first session alone. Unanswered is unknown, never 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.courses.rows import pair_of
from analytics.courses.series import Series
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import LEFT_OUT, MEASURES
from analytics.results.cohorts import strata
from analytics.results.rates import Counting, Rate, rates
from analytics.results.safety_shares import COUNTED, Judged, SafetyShare, clusters, shares, tally
from analytics.statistics.means import median

ITEM_9 = ("item9_resolved", "item9_reduced", "item9_new", "item9_increased")
"""The measures of item 9."""

LEFT_OUT_FIRST = ("no_sessions", "booster", "not_assessed", "no_baseline", "not_at_risk", "items_missing",
                  "incomplete_induction", "no_first_score", "first_missing")
"""Why a course is not in a rate after the first session; the first that applies."""

_AS_AT_ENDPOINT = ("no_sessions", "booster", "not_assessed", "no_baseline")


@dataclass(frozen=True)
class Item9Scores:
    """Answers to item 9, arrays of one element a course of the outcomes; nan where unknown.

    Attributes
    ----------
    before, after : at baseline and at the endpoint
    first : of the last score with exactly one session before it: after session 1 and not after the day of session 2
    first_day : day of that score from day 0; nan where there is no such score
    """

    instrument: Instrument
    before: np.ndarray
    after: np.ndarray
    first: np.ndarray
    first_day: np.ndarray


@dataclass(frozen=True)
class Item9Table:
    """Courses by the answer before and the answer after.

    Attributes
    ----------
    counts : array of int, answers before (rows) by answers after (columns), from 0 up
    rates : the four measures of item 9, by key; ``rates["item9_increased"]`` is of all in ``counts``
    median_day : of the score after, from day 0; missing where there is none
    """

    counts: np.ndarray
    rates: dict[str, Rate | SafetyShare]
    median_day: float | None


def item9_instruments(of: Outcomes) -> tuple[str, ...]:
    """The instruments of the files that ask about self-harm."""
    return tuple(key for key in of.instrument_keys if of.instruments[key].self_harm_item is not None)


def item9_scores(of: Outcomes, scores: Series) -> Item9Scores:
    """The answers of every course."""
    pair = pair_of(of.built, of.tables, scores.instrument)
    after_one = np.flatnonzero((scores.n_sessions == 1) & (scores.day > 0))
    # Sorted by course, then day: the last of each course is written last and stays.
    first, first_day = (np.full(len(of.courses), np.nan) for _ in range(2))
    first[scores.course[after_one]] = scores.self_harm[after_one]
    first_day[scores.course[after_one]] = scores.day[after_one]
    return Item9Scores(scores.instrument, pair.self_harm_baseline[of.kept], pair.self_harm_endpoint[of.kept], first,
                       first_day)


def item9_at_endpoint(of: Outcomes, answers: Item9Scores, stays: np.ndarray) -> Item9Table:
    """From baseline to endpoint, as the measures of item 9 count."""
    key = answers.instrument.key
    rows = of.rows_of(key)
    counted = stays & (rows["left_out_item9_increased"].cat.codes.to_numpy() < 0)
    counting = Counting(of, key, strata(of, (), stays))
    found = {name: rates(counting, MEASURES[name])[0] for name in ITEM_9}
    day = rows["endpoint_day"].to_numpy(float, na_value=np.nan)[counted]
    return Item9Table(_table(answers, answers.after, counted), found, _median(day))


def item9_after_first(of: Outcomes, answers: Item9Scores, stays: np.ndarray) -> Item9Table:
    """From baseline to the last score with exactly one session before it."""
    reason = _reasons(of, answers)
    within = clusters(of.patient, strata(of, (), stays))
    course = np.flatnonzero(stays)
    found: dict[str, Rate | SafetyShare] = {}
    for name in ITEM_9:
        of_measure = _at_risk(reason, answers.before, MEASURES[name].at_risk)[course]
        judged = Judged(_has(name, answers.before, answers.first)[course], of_measure, LEFT_OUT_FIRST)
        found[name] = shares(name, "course", tally(judged, course, len(stays)), within)[0]
    counted = stays & (reason == COUNTED)
    return Item9Table(_table(answers, answers.first, counted), found, _median(answers.first_day[counted]))


def _reasons(of: Outcomes, answers: Item9Scores) -> np.ndarray:
    """Why each course is not among those with both answers; position in ``LEFT_OUT_FIRST``."""
    rows = of.rows_of(answers.instrument.key)
    at_endpoint = rows["left_out_worsening"].cat.codes.to_numpy()
    conditions = {name: at_endpoint == LEFT_OUT.index(name) for name in (*_AS_AT_ENDPOINT, "incomplete_induction")}
    conditions |= {"items_missing": np.isnan(answers.before), "no_first_score": np.isnan(answers.first_day),
                   "first_missing": np.isnan(answers.first)}
    names = [name for name in LEFT_OUT_FIRST if name in conditions]
    return np.select([conditions[name] for name in names], [LEFT_OUT_FIRST.index(name) for name in names], COUNTED)


def _at_risk(reason: np.ndarray, before: np.ndarray, at_risk: str | None) -> np.ndarray:
    """The reasons with those who are not in the group that a measure asks."""
    outside = {"positive": before < 1, "zero": before >= 1}.get(at_risk or "", np.zeros(len(before), dtype=bool))
    place = LEFT_OUT_FIRST.index("not_at_risk")
    return np.where(outside & ((reason == COUNTED) | (reason > place)), place, reason)


def _has(name: str, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return {"item9_resolved": after == 0, "item9_reduced": after < before, "item9_new": after >= 1,
            "item9_increased": after > before}[name]


def _table(answers: Item9Scores, after: np.ndarray, counted: np.ndarray) -> np.ndarray:
    n_levels = answers.instrument.item_maximum + 1
    code = (answers.before[counted] * n_levels + after[counted]).astype(np.int64)
    return np.bincount(code, minlength=n_levels**2).reshape(n_levels, n_levels)


def _median(days: np.ndarray) -> float | None:
    ordered = np.sort(days[~np.isnan(days)])
    return float(median(ordered, np.array([len(ordered)]))[0]) if len(ordered) else None
