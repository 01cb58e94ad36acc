"""What is counted: numerator, denominator, who is asked, and where the definition stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analytics.definitions.instruments import CONVENTION, Instrument

LEFT_OUT = (
    "no_sessions", "booster", "not_assessed", "no_baseline", "not_a_case", "already_in_remission",
    "baseline_zero", "not_at_risk", "items_missing", "incomplete_induction", "not_due", "no_endpoint",
)
"""Why a course is not in a rate; the first that applies is given."""


@dataclass(frozen=True)
class Measure:
    """One thing that is counted.

    Attributes
    ----------
    key, title : stable name; words for people
    kind : a rate of courses, or a mean over courses
    direction : benefit, harm, or process (neither)
    asks_caseness : whether only courses beyond the caseness line at baseline count
    is_percent : whether a baseline of 0 makes it unknown
    needs : what an instrument must have for the measure to exist; ``nhs`` is judged over a depression and an anxiety
        scale together, see ``nhs.NhsScales``
    at_risk : item 9 at baseline: ``positive``, ``zero`` or ``any``; missing for other measures
    """

    key: str
    title: str
    kind: Literal["rate", "mean"]
    direction: Literal["benefit", "harm", "process"]
    asks_caseness: bool
    numerator: str
    denominator: str
    source: str
    is_percent: bool = False
    needs: Literal["remission", "reliable_change", "important_change", "self_harm_item", "pain", "pain_rating",
                   "half", "nhs"] | None = None
    at_risk: Literal["positive", "zero", "any"] | None = None

    def applies_to(self, instrument: Instrument) -> bool:
        """Whether the instrument has what the measure needs."""
        if self.needs is None:
            return True
        if self.needs == "nhs":
            return False
        if self.needs == "pain":
            return instrument.is_pain
        if self.needs == "pain_rating":
            return instrument.is_pain_rating
        if self.needs == "half":
            is_half = instrument.response.value >= 0.5 and not instrument.is_response_in_points
            return is_half and not instrument.is_pain
        return getattr(instrument, self.needs) is not None

    def is_percent_of(self, instrument: Instrument) -> bool:
        """Whether a baseline of 0 makes it unknown on this instrument: a response in points it does not."""
        return self.is_percent and not (self.key == "response" and instrument.is_response_in_points)


_CASES = "courses that scored beyond the caseness line at baseline, with both scores"
_PAIRED = "courses with both scores"
_PAIN = "Dworkin 2008, J Pain 9:105"
_NHS = "NHS Talking Therapies manual, 2024"
_NHS_CASES = "courses that were a case on either scale at the start, with both scores of a scale"
_NHS_PAIRED = "courses with both scores of a scale, judged on the scales that have both"
_ITEM_9 = "PHQ-9 item 9, Kroenke 2001, J Gen Intern Med 16:606"

_ALL = (
    Measure("response", "Response", "rate", "benefit", True,
            "improved by at least the response fraction of baseline, or the points that stand for it", _CASES,
            "the instrument's response", is_percent=True),
    Measure("partial_response", "Partial response", "rate", "benefit", True,
            "improved by 25 % to less than 50 % of baseline", _CASES, CONVENTION,
            is_percent=True, needs="half"),
    Measure("remission", "Remission", "rate", "benefit", True,
            "endpoint within the remission line", _CASES + ", baseline outside remission",
            "the instrument's remission line", needs="remission"),
    Measure("important_change", "Smallest important change", "rate", "benefit", True,
            "improved by at least the smallest important change", _CASES,
            "the instrument's smallest important change", needs="important_change"),
    Measure("reliable_improvement", "Reliable improvement", "rate", "benefit", False,
            "improved by at least the reliable change", _PAIRED,
            "the instrument's reliable change", needs="reliable_change"),
    Measure("reliable_deterioration", "Reliable deterioration", "rate", "harm", False,
            "worsened by at least the reliable change", _PAIRED,
            "the instrument's reliable change", needs="reliable_change"),
    Measure("worsening", "Any worsening", "rate", "harm", False,
            "endpoint worse than baseline by any amount", _PAIRED, "McInnes 2022, J Affect Disord 301:486"),
    Measure("mean_improvement", "Mean improvement", "mean", "benefit", True,
            "improvement in points", _CASES, "paired t interval"),
    Measure("pain_30", "Pain down by 30 %", "rate", "benefit", True,
            "improved by at least 30 % of baseline", _CASES, _PAIN, is_percent=True, needs="pain"),
    Measure("pain_50", "Pain down by 50 %", "rate", "benefit", True,
            "improved by at least 50 % of baseline", _CASES, _PAIN, is_percent=True, needs="pain"),
    Measure("pain_2_points", "Pain down by 2 points", "rate", "benefit", True,
            "improved by at least 2 points of 10 (20 of 100)", _CASES, "Farrar 2001, Pain 94:149",
            needs="pain_rating"),
    Measure("item9_resolved", "Item 9 no longer endorsed", "rate", "benefit", False,
            "item 9 from 1 or more to 0", "courses with item 9 at 1 or more at baseline and both answers",
            _ITEM_9, needs="self_harm_item", at_risk="positive"),
    Measure("item9_reduced", "Item 9 reduced", "rate", "benefit", False,
            "item 9 lower than at baseline", "courses with item 9 at 1 or more at baseline and both answers",
            _ITEM_9, needs="self_harm_item", at_risk="positive"),
    Measure("item9_new", "Item 9 newly endorsed", "rate", "harm", False,
            "item 9 from 0 to 1 or more", "courses with item 9 at 0 at baseline and both answers",
            _ITEM_9, needs="self_harm_item", at_risk="zero"),
    Measure("item9_increased", "Item 9 increased", "rate", "harm", False,
            "item 9 higher than at baseline", "courses with both answers to item 9",
            _ITEM_9, needs="self_harm_item", at_risk="any"),
    Measure("follow_up", "Followed up", "rate", "process", True,
            "has an endpoint", "eligible courses: both scores, or lost to follow-up", CONVENTION),
    Measure("nhs_recovery", "NHS recovery", "rate", "benefit", True,
            "a case on either scale at the start and on none at the end", _NHS_CASES, _NHS, needs="nhs"),
    Measure("nhs_reliable_improvement", "NHS reliable improvement", "rate", "benefit", False,
            "reliably better on either scale and reliably worse on none", _NHS_PAIRED, _NHS, needs="nhs"),
    Measure("nhs_reliable_deterioration", "NHS reliable deterioration", "rate", "harm", False,
            "reliably worse on either scale and reliably better on none", _NHS_PAIRED, _NHS, needs="nhs"),
    Measure("nhs_no_reliable_change", "NHS no reliable change", "rate", "process", False,
            "neither reliable improvement nor reliable deterioration, opposite directions included", _NHS_PAIRED,
            _NHS, needs="nhs"),
    Measure("nhs_reliable_recovery", "NHS reliable recovery", "rate", "benefit", True,
            "NHS recovery and NHS reliable improvement", _NHS_CASES, _NHS, needs="nhs"),
)

MEASURES: dict[str, Measure] = {measure.key: measure for measure in _ALL}
"""Every measure by key, in the order in which results are given."""

NHS_MEASURES = tuple(measure for measure in _ALL if measure.needs == "nhs")
"""Judged over a depression and an anxiety scale together."""

OUTCOME_MEASURES = tuple(measure for measure in _ALL if measure.key != "follow_up" and measure.kind == "rate")
"""The rates that have a flag of their own in the outcomes table."""
