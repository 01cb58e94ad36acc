"""Definitions in words: cut-offs, measures, reasons for leaving a course out."""

from __future__ import annotations

from analytics.definitions.instruments import CutOff, Instrument
from analytics.definitions.measures import Measure
from analytics.definitions.nhs import NhsScales, nhs_caseness
from analytics.wording.numbers import SPACE, count, listed, percent, plural, score

_WITHIN = {">=": "{} or more", ">": "more than {}", "<": "below {}", "<=": "{} or less"}
_OUTSIDE = {">=": "below {}", ">": "{} or less", "<": "{} or more", "<=": "more than {}"}


def cut_off(line: CutOff) -> str:
    """A cut-off in words: 10 or more, below 5."""
    return _WITHIN[line.comparison].format(score(line.value))


def outside_cut_off(line: CutOff) -> str:
    """The other side of a cut-off in words: below 10, 5 or more."""
    return _OUTSIDE[line.comparison].format(score(line.value))


CARD_TITLES = {
    "item9_resolved": "Item 9", "pain_30": f"Pain down 30{SPACE}%", "pain_50": f"Pain down 50{SPACE}%",
}
"""Shorter still, for cards, where the words below say the rest."""

TITLES = {
    "response": "Response",
    "partial_response": "Partial response",
    "remission": "Remission",
    "important_change": "Noticeably better",
    "reliable_improvement": "Reliably better",
    "reliable_deterioration": "Reliably worse",
    "worsening": "Got worse",
    "mean_improvement": "Improvement",
    "pain_30": "Pain down by 30 %",
    "pain_50": "Pain down by 50 %",
    "pain_2_points": "Pain down by 2 points",
    "item9_resolved": "Item 9 no longer endorsed",
    "item9_reduced": "Item 9 lower",
    "item9_new": "Item 9 newly endorsed",
    "item9_increased": "Item 9 higher",
    "follow_up": "Followed up",
    "nhs_recovery": "NHS recovery",
    "nhs_reliable_improvement": "NHS reliable improvement",
    "nhs_reliable_deterioration": "NHS reliable deterioration",
    "nhs_no_reliable_change": "NHS no reliable change",
    "nhs_reliable_recovery": "NHS reliable recovery",
}
"""Short names of the measures on cards and sheets."""


def measure_title(measure: Measure) -> str:
    """The short name of a measure on screen."""
    return TITLES.get(measure.key, measure.title)


def response(instrument: Instrument) -> str:
    """How much better a response is: 50 % of the starting score, 10 points."""
    if instrument.is_response_in_points:
        return plural_points(instrument.response.value)
    return f"{percent(instrument.response.value)} of the starting score"


def what_counts(measure: Measure, instrument: Instrument | NhsScales) -> str:
    """What a course did to be in the numerator, with the instrument's own cut-off."""
    if measure.needs == "nhs":
        return _nhs_counts(measure, instrument)
    texts = {
        "response": f"improved by at least {response(instrument)}",
        "partial_response": "improved by 25 % to less than 50 % of the starting score",
        "worsening": "ended with a worse score than at the start, by any amount",
        "mean_improvement": "points of improvement from start to end",
        "follow_up": "have a score in the endpoint window",
        "pain_30": f"{_pain(instrument)} went down by at least 30 % of the starting score",
        "pain_50": f"{_pain(instrument)} went down by at least 50 % of the starting score",
        "item9_resolved": "item 9 went from 1 or more to 0",
        "item9_reduced": "item 9 went down",
        "item9_new": "item 9 went from 0 to 1 or more",
        "item9_increased": "item 9 went up",
    }
    if measure.key == "remission" and instrument.remission is not None:
        return f"no longer {_condition(instrument)} by score ({cut_off(instrument.remission)})"
    reliable, important = instrument.reliable_change, instrument.important_change
    if measure.key in ("reliable_improvement", "reliable_deterioration") and reliable is not None:
        way = "better" if measure.key == "reliable_improvement" else "worse"
        return f"ended at least {plural_points(reliable.value)} {way} than at the start"
    if measure.key == "important_change" and important is not None:
        return f"improved by at least {plural_points(important.value)}"
    if measure.key == "pain_2_points":
        return f"improved by at least {plural_points(_two_points(instrument))}"
    return texts.get(measure.key, measure.numerator)


def _pain(instrument: Instrument) -> str:
    return "interference of pain" if instrument.about == "pain interference" else "pain"


def _nhs_counts(measure: Measure, of: Instrument | NhsScales) -> str:
    """The same for the NHS set, with the lines of every scale that it is judged on."""
    scales = of.members if isinstance(of, NhsScales) else (of,)
    cases = ", ".join(f"{one.title} {cut_off(nhs_caseness(one))}" for one in scales)
    changes = ", ".join(f"{one.title} {plural_points(one.reliable_change.value)}" for one in scales
                        if one.reliable_change is not None)
    ways = {"nhs_recovery": (f"a case at the start and on no scale at the end ({cases})", ""),
            "nhs_reliable_recovery": (f"a case at the start and on no scale at the end ({cases}), and ", "better")}
    if measure.key == "nhs_no_reliable_change":
        return f"neither reliably better nor reliably worse, or better on one scale and worse on the other ({changes})"
    start, way = ways.get(measure.key, ("", "worse" if measure.direction == "harm" else "better"))
    if not way:
        return start
    other = "better" if way == "worse" else "worse"
    return f"{start}reliably {way} on either scale and reliably {other} on none ({changes})"


def about(measure: Measure, instrument: Instrument | NhsScales) -> str:
    """What a card counts, in a few words."""
    if measure.needs == "nhs":
        return f"on {instrument.title}"
    remission, fraction = instrument.remission, instrument.response.value
    is_half = fraction == 0.5 and not instrument.is_higher_better and not instrument.is_response_in_points
    least = plural_points(fraction) if instrument.is_response_in_points else percent(fraction)
    improved = "score at least halved" if is_half else f"at least {least} better"
    return {
        "response": improved,
        "remission": f"{cut_off(remission)} at the end" if remission else "",
        "mean_improvement": "from start to end",
        "worsening": f"{'lower' if instrument.is_higher_better else 'higher'} score at the end",
        "item9_resolved": "no longer endorsed",
        "pain_30": _pain_about(instrument),
        "pain_50": _pain_about(instrument),
        "follow_up": "of those due",
    }.get(measure.key, instrument.title)


def _pain_about(instrument: Instrument) -> str:
    kind = instrument.title.partition(", ")[2]
    return f"{kind} pain" if kind and instrument.about == "pain" else instrument.title


def plural_points(number: float) -> str:
    """A number of points with its noun."""
    return f"{score(number)} point" if number == 1 else f"{score(number)} points"


def _two_points(instrument: Instrument) -> float:
    return 2 * (instrument.maximum - instrument.minimum) / 10


def _condition(instrument: Instrument) -> str:
    return {"depression": "depressed", "anxiety": "anxious"}.get(instrument.about, "a case")


def outcome_verb(measure: Measure) -> str:
    """What the courses in the numerator did, to follow "54 % of courses"."""
    return {
        "response": "responded",
        "partial_response": "responded in part",
        "remission": "reached remission",
        "important_change": "got noticeably better",
        "reliable_improvement": "got reliably better",
        "reliable_deterioration": "got reliably worse",
        "worsening": "got worse",
        "pain_30": "had pain down by 30 % or more",
        "pain_50": "had pain down by 50 % or more",
        "pain_2_points": "had pain down by 2 points of 10 or more",
        "item9_resolved": "no longer endorsed item 9",
        "item9_reduced": "had a lower item 9",
        "item9_new": "newly endorsed item 9",
        "item9_increased": "had a higher item 9",
        "follow_up": "were followed up",
        "nhs_recovery": "recovered by the NHS rule",
        "nhs_reliable_improvement": "got reliably better by the NHS rule",
        "nhs_reliable_deterioration": "got reliably worse by the NHS rule",
        "nhs_no_reliable_change": "had no reliable change by the NHS rule",
        "nhs_reliable_recovery": "recovered reliably by the NHS rule",
    }.get(measure.key, measure.title.lower())


def counted_reason(
    number: int, key: str, instrument: Instrument | NhsScales, measure: Measure | None = None
) -> str:
    """A count of courses with the reason why they are not in a rate: 61 without a score at the start."""
    if key == "booster":
        return plural(number, "booster")
    return f"{count(number)} {reason(key, instrument, measure)}"


def reason(key: str, instrument: Instrument | NhsScales, measure: Measure | None = None) -> str:
    """Why courses are not in a rate, in words that follow a count."""
    if key == "not_at_risk":
        return _not_at_risk(measure)
    if key == "not_a_case":
        return _not_a_case(instrument, measure)
    line = None if isinstance(instrument, NhsScales) else instrument.remission
    return {
        "no_sessions": "without a session on record",
        "booster": "boosters",
        "not_assessed": f"never measured with {instrument.title}",
        "no_baseline": "without a score at the start",
        "already_in_remission": f"already {cut_off(line)} at the start" if line else "already in remission",
        "baseline_zero": "scored 0 at the start, so no percentage exists",
        "items_missing": "without an answer to item 9 before and after",
        "incomplete_induction": "induction not completed",
        "not_due": "not yet due",
        "no_endpoint": "lost to follow-up",
    }.get(key, key.replace("_", " "))


def case_words(instrument: Instrument | NhsScales, measure: Measure | None = None) -> str:
    """What a case is at the start: scored 10 or more; inside the NHS set on either of its scales."""
    if isinstance(instrument, NhsScales):
        return listed((f"{one.title} {cut_off(nhs_caseness(one))}" for one in instrument.members), "or")
    is_nhs = measure is not None and measure.needs == "nhs"
    return f"scored {cut_off(nhs_caseness(instrument) if is_nhs else instrument.caseness)}"


def _not_a_case(instrument: Instrument | NhsScales, measure: Measure | None) -> str:
    if isinstance(instrument, NhsScales):
        lines = " and ".join(f"{one.title} {outside_cut_off(nhs_caseness(one))}" for one in instrument.members)
        return f"no case at the start ({lines})"
    line = nhs_caseness(instrument) if measure is not None and measure.needs == "nhs" else instrument.caseness
    return f"scored {outside_cut_off(line)} at the start"


def _not_at_risk(measure: Measure | None) -> str:
    at_risk = measure.at_risk if measure else None
    return {
        "positive": "item 9 was 0 at the start",
        "zero": "item 9 was already 1 or more at the start",
    }.get(at_risk or "", "not in the group at the start")


REASON_TITLES = {
    "no_sessions": "No session on record",
    "booster": "Booster",
    "not_assessed": "Never measured",
    "no_baseline": "No score at the start",
    "not_a_case": "Milder at the start",
    "already_in_remission": "Already in remission",
    "baseline_zero": "Zero at the start",
    "not_at_risk": "Not in the group at the start",
    "items_missing": "Item 9 unanswered",
    "incomplete_induction": "Induction not completed",
    "not_due": "Not yet due",
    "no_endpoint": "Lost to follow-up",
    "pooled": "Left out for any reason",
}
"""The last stands for all others where some are rare and the audience is not told of them one by one."""

REASON_MEANINGS = {
    "no_sessions": "the patient has scores but no session, and the rules need sessions",
    "booster": "fewer sessions than a complete induction, after a complete one; counted on its own",
    "not_assessed": "the patient was never measured with this instrument",
    "no_baseline": "no score that the rules accept before treatment",
    "not_a_case": "the score at the start is not beyond the caseness line; asked of measures of benefit, and of all "
                  "where the first score that is a case is the start",
    "already_in_remission": "the score at the start is already within the remission line; remission only",
    "baseline_zero": "the score at the start is 0, so no percentage exists; percent measures only",
    "not_at_risk": "item 9 at the start is not in the group the measure speaks of",
    "items_missing": "item 9 was not answered before or after, or the file has totals only; never filled in",
    "incomplete_induction": "the rules need a complete induction and this one is not",
    "not_due": "the endpoint window closes after the as-of day, even if a score is there already",
    "no_endpoint": "no score in the endpoint window: lost to follow-up",
}


def recall(instrument: Instrument) -> str:
    """How far one answer looks back."""
    return "right now" if instrument.recall_days == 0 else f"the last {plural(instrument.recall_days, 'day')}"
