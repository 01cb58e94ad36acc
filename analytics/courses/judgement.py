"""What happened to each course, and why it counts or does not: the measures' rules, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.courses.blocks import NEVER
from analytics.courses.build import Built
from analytics.courses.lines import is_beyond
from analytics.courses.windows import anchor_day
from analytics.definitions.instruments import ALLOWANCE, Instrument
from analytics.definitions.measures import LEFT_OUT, Measure
from analytics.definitions.rules import Rules


@dataclass(frozen=True)
class Pair:
    """Baseline and endpoint of one instrument, arrays of one element a course; nan where there is none.

    Where an index score stands for the course, ``never_a_case`` says whose scores hold none, and ``not_due`` whose
    window from that score is still open; elsewhere both are False.
    """

    instrument: Instrument
    measured: np.ndarray
    baseline: np.ndarray
    endpoint: np.ndarray
    self_harm_baseline: np.ndarray
    self_harm_endpoint: np.ndarray
    baseline_day: np.ndarray
    endpoint_day: np.ndarray
    never_a_case: np.ndarray
    not_due: np.ndarray

    @property
    def improvement(self) -> np.ndarray:
        """Change in the good direction. The direction of the instrument is read here and nowhere else."""
        fall = self.baseline - self.endpoint
        return -fall if self.instrument.is_higher_better else fall


def achieved(measure: Measure, pair: Pair) -> np.ndarray:
    """Whether each course has what the measure counts; only of use where the course is not left out.

    Response is ``improvement >= fraction * baseline`` within ``ALLOWANCE``: 20 to 10 is exactly half,
    7.0 to 4.9 exactly 30 %. On an instrument with a response in points it is ``improvement >= points``.
    """
    instrument, gain, baseline = pair.instrument, pair.improvement, pair.baseline
    span = instrument.maximum - instrument.minimum

    def by_fraction(fraction: float) -> np.ndarray:
        return gain >= fraction * baseline - ALLOWANCE

    def by_points(points: float) -> np.ndarray:
        return gain >= points - ALLOWANCE

    before, after = pair.self_harm_baseline, pair.self_harm_endpoint
    match measure.key:
        case "response":
            size = instrument.response.value
            return by_points(size) if instrument.is_response_in_points else by_fraction(size)
        case "partial_response":
            return by_fraction(0.25) & ~by_fraction(0.5)
        case "remission":
            return is_beyond(pair.endpoint, instrument.remission)
        case "important_change":
            return by_points(instrument.important_change.value)
        case "reliable_improvement":
            return by_points(instrument.reliable_change.value)
        case "reliable_deterioration":
            return -gain >= instrument.reliable_change.value - ALLOWANCE
        case "worsening":
            return gain < -ALLOWANCE
        case "pain_30":
            return by_fraction(0.3)
        case "pain_50":
            return by_fraction(0.5)
        case "pain_2_points":
            return by_points(0.2 * span)
        case "item9_resolved":
            return after == 0
        case "item9_reduced":
            return after < before
        case "item9_new":
            return after >= 1
        case "item9_increased":
            return after > before
    raise AssertionError(f"No rule for the measure {measure.key}")


@dataclass(frozen=True)
class Standing:
    """What decides about a course whatever the instrument; arrays of one element a course.

    ``counts_missing`` says, for rates and for means, where a missing endpoint counts in the headline.
    """

    no_sessions: np.ndarray
    booster: np.ndarray
    incomplete_induction: np.ndarray
    not_due: np.ndarray
    requires_case: np.ndarray
    counts_missing: dict[str, np.ndarray]


def standing(built: Built) -> Standing:
    """How each course stands under its rules."""
    def of_rules(values: list[bool]) -> np.ndarray:
        return np.array(values)[built.rule]

    return Standing(
        no_sessions=~built.has_sessions & (of_rules([one.requires_sessions for one in built.rules])
                                           | (len(built.session_key) > 0)),
        booster=built.is_kind("booster"),
        incomplete_induction=is_incomplete(built), not_due=is_not_due(built),
        requires_case=of_rules([one.eligible == "caseness" for one in built.rules]),
        counts_missing={"rate": of_rules([one.missing != "observed" for one in built.rules]),
                        "mean": of_rules([one.missing == "unchanged" for one in built.rules])})


def left_out_codes(measure: Measure, pair: Pair, course: Standing) -> np.ndarray:
    """Why each course is not in the rate: positions in ``measures.LEFT_OUT``, -1 where it is."""
    before, after = pair.self_harm_baseline, pair.self_harm_endpoint
    has_endpoint = ~np.isnan(pair.endpoint)
    never = np.zeros(len(has_endpoint), dtype=bool)
    is_item9 = measure.at_risk is not None
    conditions = {
        "no_sessions": course.no_sessions,
        "booster": course.booster,
        "not_assessed": ~pair.measured,
        "no_baseline": np.isnan(pair.baseline) & ~pair.never_a_case,
        "not_a_case": pair.never_a_case | (
            course.requires_case & ~is_beyond(pair.baseline, pair.instrument.caseness)
            if measure.asks_caseness else never),
        "already_in_remission": is_beyond(pair.baseline, pair.instrument.remission)
        if measure.needs == "remission" else never,
        "baseline_zero": np.abs(pair.baseline) <= ALLOWANCE if measure.is_percent_of(pair.instrument) else never,
        "not_at_risk": {"positive": before < 1, "zero": before >= 1}.get(measure.at_risk or "", never),
        "items_missing": np.isnan(before) | (has_endpoint & np.isnan(after)) if is_item9 else never,
        "incomplete_induction": course.incomplete_induction,
        "not_due": course.not_due | pair.not_due,
        "no_endpoint": never if measure.key == "follow_up" else ~has_endpoint,
    }
    return first_reasons(conditions, len(has_endpoint))


def first_reasons(conditions: Mapping[str, np.ndarray], n_courses: int) -> np.ndarray:
    """The first reason that applies to each course: positions in ``measures.LEFT_OUT``, -1 where none does."""
    codes = np.full(n_courses, -1, dtype=np.int8)
    for code in reversed(range(len(LEFT_OUT))):
        if LEFT_OUT[code] in conditions:
            codes[conditions[LEFT_OUT[code]]] = code
    return codes


def is_incomplete(built: Built) -> np.ndarray:
    """Courses without the complete induction that their rules require."""
    since = built.anchor_day - built.first_day
    incomplete = np.zeros(len(built.patient), dtype=bool)
    for position, rules in enumerate(built.rules):
        in_force = built.rule == position
        if rules.complete_inductions_only or "incomplete" not in rules.kinds:
            incomplete |= in_force & built.is_kind("incomplete")
        low, high = rules.complete_last_day_window
        if rules.complete_inductions_only and (low, high) != (None, None):
            outside = (since < (low if low is not None else -NEVER)) | (since > (high if high is not None else NEVER))
            incomplete |= in_force & built.is_kind("induction", "re_induction") & outside
    return incomplete


def is_not_due(built: Built) -> np.ndarray:
    """Courses whose endpoint window closes after the day the figures speak for.

    Windows from an index score are the instruments' own: see ``is_index_not_due``.
    """
    last_known = built.last_known_day[built.patient]
    is_open = np.zeros(len(built.patient), dtype=bool)
    for position, rules in enumerate(built.rules):
        end = rules.endpoint_window[1]
        if end is None or rules.endpoint_visit is not None or rules.counts_from_index:
            continue
        has_anchor = built.has_anchor | (rules.endpoint_anchor != "last_induction_session")
        is_open |= (built.rule == position) & has_anchor & (anchor_day(rules, built) + end > last_known)
    return is_open


def is_index_not_due(built: Built, rules: Rules, index_day: np.ndarray) -> np.ndarray:
    """Courses whose endpoint window from their index score closes after the day the figures speak for."""
    end = rules.endpoint_window[1]
    if end is None:
        return np.zeros(len(index_day), dtype=bool)
    return index_day + end > built.last_known_day[built.patient]
