"""Where the courses went: each step with its reason, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import LEFT_OUT, MEASURES, Measure
from analytics.definitions.nhs import NhsScales
from analytics.wording.definitions import case_words, counted_reason, outside_cut_off
from analytics.wording.numbers import count, plural


@dataclass(frozen=True)
class FlowStep:
    """Courses that are still in, what they are, and how many left on the way to here.

    Attributes
    ----------
    left : those who left with their reason, as "39 boosters"
    short_label, short_left : the same in a word or two, for a narrow figure
    reason : key of the reason for which they left; empty for the first step
    """

    remaining: int
    label: str
    lost: int = 0
    left: str = ""
    short_label: str = ""
    short_left: str = ""
    reason: str = ""


def steps(result: Any, instrument: Instrument | NhsScales) -> tuple[FlowStep, ...]:
    """From all courses of the cohort to those counted in a result, one step a reason."""
    measure = MEASURES[result.measure]
    remaining, found = result.courses, [FlowStep(result.courses, "courses", short_label="courses")]
    for key in LEFT_OUT:
        lost = result.left_out.get(key, 0)
        if lost:
            remaining -= lost
            short_label, short_left = shortly(key, instrument, measure)
            found.append(FlowStep(
                remaining, still_in(key, instrument, measure), lost, counted_reason(lost, key, instrument, measure),
                short_label, plural(lost, "booster") if key == "booster" else f"{count(lost)} {short_left}", key))
    return tuple(found)


def shortly(key: str, instrument: Instrument | NhsScales, measure: Measure) -> tuple[str, str]:
    """Those who are still in after a reason, and those who left for it, each in a word or two."""
    return {
        "no_sessions": ("with a session", "without"),
        "booster": ("inductions", "boosters"),
        "not_assessed": (f"with any {instrument.title}", "never measured"),
        "no_baseline": ("with a starting score", "without"),
        "not_a_case": (case_words(instrument, measure), "milder"),
        "already_in_remission": ("not yet in remission", "already there"),
        "baseline_zero": ("above 0", "at 0"),
        "not_at_risk": ("in the group at the start", "not in it"),
        "items_missing": ("item 9 answered", "unanswered"),
        "incomplete_induction": ("induction completed", "not completed"),
        "not_due": ("due", "not yet due"),
        "no_endpoint": ("followed up", "lost to follow-up"),
    }.get(key, (still_in(key, instrument, measure), key.replace("_", " ")))


def still_in(key: str, instrument: Instrument | NhsScales, measure: Measure) -> str:
    """What the courses are that did not leave for this reason."""
    line = None if isinstance(instrument, NhsScales) else instrument.remission
    return {
        "no_sessions": "with a session",
        "booster": "inductions",
        "not_assessed": f"measured with {instrument.title}",
        "no_baseline": "with a score at the start",
        "not_a_case": f"{case_words(instrument, measure)} at the start",
        "already_in_remission": f"{outside_cut_off(line)} at the start" if line else "not in remission at the start",
        "baseline_zero": "above 0 at the start",
        "not_at_risk": f"item 9 at {'1 or more' if measure.at_risk == 'positive' else '0'} at the start",
        "items_missing": "item 9 answered",
        "incomplete_induction": "induction completed",
        "not_due": "due",
        "no_endpoint": "followed up",
    }.get(key, key.replace("_", " "))


def flow_sentence(result: Any, instrument: Instrument) -> str:
    """The whole way in one sentence."""
    lost = result.left_out.get("no_endpoint", 0)
    counted = result.courses - sum(result.left_out.values())
    sentence = f"{count(counted)} of {plural(result.courses, 'course')} could be judged."
    if lost:
        sentence += f" {count(lost)} that should have been judged were lost to follow-up."
    return sentence


def patients_sentence(flow: Any) -> str:
    """The patients before the first step, and those of whom the files hold nothing to count."""
    sentence = f"{plural(flow.patients, 'patient')} with {plural(flow.courses, 'course')}."
    if flow.patients_without_records:
        sentence += (f" {plural(flow.patients_without_records, 'patient')} of {count(flow.patients_in_files)} in the "
                     "files have neither a session nor a score.")
    return sentence
