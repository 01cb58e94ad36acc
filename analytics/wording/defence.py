"""What must be said beside a number when somebody doubts it."""

from __future__ import annotations

from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.definitions.nhs import NhsScales
from analytics.definitions.rules import Rules
from analytics.wording import definitions
from analytics.wording.numbers import count, percent, percent_range, plural, points, points_range, score
from analytics.wording.rates import NINETY_FIVE, is_shown, mark, size
from analytics.wording.rules import CHOICES


def what_it_says(result: Any, instrument: Instrument | NhsScales) -> str:
    """The definition of the number in one sentence."""
    measure = MEASURES[result.measure]
    asked = ""
    if "not_a_case" in result.left_out:
        case = definitions.case_words(instrument, measure)
        asked = f" Asked of courses that {'were a case: ' * isinstance(instrument, NhsScales)}{case} at the start."
    return f"{instrument.title}: {definitions.what_counts(measure, instrument)}.{asked}"


def missing_sentences(result: Any) -> tuple[str, ...]:
    """Who is missing, and what if."""
    lost, no_baseline = result.left_out.get("no_endpoint", 0), result.left_out.get("no_baseline", 0)
    not_due = result.left_out.get("not_due", 0)
    sentences = [_follow_up_sentence(result, lost)]
    sentences += _what_if(result, lost) if is_shown(result) else []
    if no_baseline:
        sentences.append(f"{plural(no_baseline, 'course')} without a score at the start cannot be judged at all.")
    if not_due:
        sentences.append(f"{plural(not_due, 'course')} {'is' if not_due == 1 else 'are'} not yet due and will be "
                         "counted later.")
    return tuple(sentence for sentence in sentences if sentence)


def _follow_up_sentence(result: Any, lost: int) -> str:
    if result.follow_up is None or size(result) == 0:
        return "Nobody who should have been judged is on record."
    if result.measure == "follow_up":
        return "This number is itself the share of courses that were followed up."
    if not lost and result.observed is None:
        return "Nobody was lost: every course that should have been judged has a score at the end."
    lost_words = f"{plural(lost, 'course')} {'was' if lost == 1 else 'were'} lost to follow-up; " if lost else ""
    return f"{lost_words}{percent(result.follow_up)} of those who should have been judged were."


def _what_if(result: Any, lost: int) -> list[str]:
    if result.measure == "mean_improvement":
        return _what_if_unchanged(result)
    sentences = []
    if result.observed is not None:
        seen = result.observed
        sentences.append("Those lost are counted as not better. Of those with a score at the end alone it would be "
                         f"{percent(seen.estimate)} ({count(seen.numerator)} of {count(seen.denominator)}).")
    elif lost and result.missing_as_failure is not None:
        failed = result.missing_as_failure
        sentences.append(f"If none of them had made it, the number would be {percent(failed.estimate)} "
                         f"({count(failed.numerator)} of {count(failed.denominator)}).")
    if result.bounds is not None and result.bounds[0] != result.bounds[1]:
        low, high = result.bounds
        sentences.append(f"Whatever became of them, it lies between {percent(low)} and {percent(high)}.")
    if lost and MEASURES[result.measure].direction == "harm":
        sentences.append("Harm is not filled in for those who are lost: counting them as unharmed would flatter.")
    return sentences


def _what_if_unchanged(result: Any) -> list[str]:
    filled = result.missing_as_unchanged
    if not filled or (filled["n"] == result.n and result.observed is None):
        return []
    if result.observed is not None:
        return [f"Those lost are counted as unchanged. Of those with a score at the end alone it would be "
                f"{points(result.observed['estimate'])} points."]
    return [f"If those lost had not changed at all, it would be {points(filled['estimate'])} points."]


_INTERVALS = {
    "wilson": "Wilson interval",
    "wilson_clustered": "Wilson interval on the effective number of courses, as some patients count more than once",
    "t": "t interval",
    "t_clustered": "t interval over patients, because some count more than once",
}


def sure_sentences(result: Any, rules: Rules) -> tuple[str, ...]:
    """How sure, and how the scores were taken."""
    sentences = []
    if is_shown(result):
        is_mean = result.measure == "mean_improvement"
        shown = (points_range(result.low, result.high) + " points" if is_mean
                 else percent_range(result.low, result.high))
        sentences.append(f"{NINETY_FIVE} interval {shown} ({_INTERVALS[result.interval]}): chance alone in who came "
                         "could move the number that far.")
    warning = mark(result)
    if warning:
        sentences.append(f"{warning[0].upper()}{warning[1:]}.")
    if result.median_endpoint_day is not None:
        anchor = CHOICES["endpoint_anchor"][rules.endpoint_anchor]
        sentences.append(f"Half of the end scores lie within {score(result.median_endpoint_day)} days of {anchor}.")
    if result.looks_back:
        sentences.append(f"{percent(result.looks_back)} of them ask about days that reach back into the induction.")
    return tuple(sentences)


def limits_sentences(result: Any, instrument: Instrument | NhsScales) -> tuple[str, ...]:
    """What the number does not say."""
    measure = MEASURES[result.measure]
    sentences = [
        "It does not say what treatment caused: there is no control group.",
        "People come when they are at their worst, and scores tend to fall from there whatever is done "
        "(regression to the mean).",
        "Those who were followed up may differ from those who were lost.",
    ]
    if measure.key == "remission":
        sentences.append("Remission means a score on one day. It does not mean cured, and it does not say how long it "
                         "lasts.")
    elif measure.at_risk is not None:
        sentences.append("An answer to item 9 is no assessment of risk, and this is no monitoring or alerting tool.")
    elif measure.needs == "nhs":
        sentences.append("Recovery is the word of the NHS set for no longer being a case by score. It is not remission "
                         "and does not mean cured.")
    elif instrument.is_pain:
        sentences.append("Kinds of pain (worst, average, least, now) are different series and are never pooled.")
    elif measure.direction == "benefit":
        sentences.append("It speaks of the score on the day of the endpoint, not of how long it lasts.")
    return tuple(sentences)
