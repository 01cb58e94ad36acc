"""Published figures beside ours by their rules, and what may be said to whom, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analytics.definitions.benchmarks import Benchmark, Figure
from analytics.definitions.instruments import BUILT_IN, Instrument
from analytics.definitions.measures import MEASURES
from analytics.definitions.rules import RuleSet
from analytics.wording import audiences, definitions, rates
from analytics.wording.numbers import DASH, SMALLEST_SHOWN, count, listed, percent, percent_range, plural
from analytics.wording.rules import rule_set_sentence

PUBLISHED_HEADER = ("Source", "Figure", "Printed", "Ours, their way", "95 % interval", "Courses", "How they counted")

_FIGURES = {"response": "Response", "remission": "Remission", "worsening": "Got worse"}

_WHY_NOT = {
    "no_rules": "It pools studies that counted in different ways, so no one way of counting gives it back.",
    "ever_reached": "It says who reached it at any time, which is another figure than one at the endpoint; it may "
                    "stand beside a Kaplan-Meier curve only.",
    "no_sessions": "Their count asks for sessions, and our files hold none.",
    "no_days": "Their count asks for days, and our files hold visits without days.",
    "no_attribute": "The filters ask for something that their rules do not know.",
    "refused": "Their rules cannot be applied to our files.",
}


def published_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """Every printed figure with ours beside it, as rows of a table under ``PUBLISHED_HEADER``."""
    return tuple((one.benchmark.source, _FIGURES[beside.printed.measure], printed(beside.printed), *_ours(beside.ours),
                  one.benchmark.window) for one in found for beside in one.figures)


BESIDE_HEADER = ("Source", "Printed", "Ours by their rules", "95 % interval", "Courses")


def rows_of(one: Any, measure: str) -> tuple[tuple[str, ...], ...]:
    """The figures of one measure that ours can be set beside, as rows of a table under ``BESIDE_HEADER``."""
    return tuple((one.benchmark.source, printed(beside.printed), *_ours(beside.ours)) for beside in one.figures
                 if beside.printed.measure == measure and beside.ours is not None)


def printed(figure: Figure) -> str:
    """A figure as its source prints it."""
    shown = percent(figure.estimate, 1)
    if figure.margin is not None:
        return f"{shown} (plus or minus {percent(figure.margin, 1)})"
    if figure.numerator is None or figure.denominator is None:
        return percent(figure.estimate) if round(figure.estimate * 100, 6) == round(figure.estimate * 100) else shown
    return f"{shown} ({count(figure.numerator)} of {count(figure.denominator)})"


def _ours(ours: Any) -> tuple[str, str, str]:
    if ours is None:
        return DASH, "", ""
    counts = f"{count(ours.numerator)} of {count(ours.denominator)}"
    if ours.denominator < SMALLEST_SHOWN:
        return rates.TOO_FEW, "", counts
    return percent(ours.estimate), percent_range(ours.low, ours.high), counts


def published_sentences(one: Any) -> tuple[str, ...]:
    """One published row: ours by its rules beside it or why not, what still differs, and what is not certain."""
    benchmark: Benchmark = one.benchmark
    sentences = [_beside_sentence(one, beside) for beside in one.figures if beside.ours is not None]
    if one.why_not:
        figures = listed(f"{_FIGURES[beside.printed.measure].lower()} {printed(beside.printed)}"
                         for beside in one.figures)
        sentences.append(f"{benchmark.source} prints {figures}. {_why_not(one)}")
    sentences.append(f"What differs however it is counted: {benchmark.differs}")
    if benchmark.uncertain:
        sentences.append(f"Not certain, from memory or not printed where we could read it: "
                         f"{'; '.join(benchmark.uncertain)}.")
    return tuple(sentences)


def _beside_sentence(one: Any, beside: Any) -> str:
    ours, figure = beside.ours, _FIGURES[beside.printed.measure].lower()
    said = f"{one.benchmark.source} prints {figure} {printed(beside.printed)}"
    counts = f"{count(ours.numerator)} of {count(ours.denominator)}"
    if ours.denominator < SMALLEST_SHOWN:
        return f"{said}; of our courses {counts} by their rules, {rates.TOO_FEW}."
    unstable = f", {rates.UNSTABLE}" if ours.denominator < rates.SMALLEST_STABLE else ""
    return (f"{said}; our courses by their rules: {percent(ours.estimate)} ({counts}), {rates.NINETY_FIVE} interval "
            f"{percent_range(ours.low, ours.high)}{unstable}.")


def _why_not(one: Any) -> str:
    rules = one.benchmark.rules
    if one.why_not == "no_instrument":
        return f"It was measured with {_scale(rules.instrument)}, which our files do not hold."
    if one.why_not == "nobody":
        scale = BUILT_IN[rules.instrument]
        # Reasons that were put together for an audience stand as one.
        reasons = [f"{count(number)} left out for several reasons" if key == "pooled"
                   else definitions.counted_reason(number, key, scale) for key, number in one.left_out.items()]
        whole = "No course matches the filters."
        if reasons:
            whole = f"Of {plural(one.courses, 'course')}: {', '.join(reasons)}."
        return f"No course of ours is left by their rules. {whole}"
    return _WHY_NOT[one.why_not]


def _scale(key: str) -> str:
    return f"the {BUILT_IN[key].title}"


GATE_COURSES = 30
GATE_FOLLOW_UP = 0.8
"""What a rate needs before it may be shown in public: convention."""

NEVER_SAID = ("success", "cured", "recovered")


def may_be_said(
    result: Any, instrument: Instrument, rules: RuleSet, harm: Any = None, told: Mapping[str, Any] | None = None,
) -> tuple[tuple[str, str], ...]:
    """What may be said, by audience, as pairs of the audience and a sentence.

    Parameters
    ----------
    result : a rate of benefit, of all courses
    harm : the rate of worsening of the same courses, which belongs in the same breath in public
    told : by audience, from ``disclosure_said``: what is said to it is made of this and of nothing else
    """
    if not result.denominator:
        return (("Anybody", f"{rates.NO_COURSE}, so nothing can be said."),)
    said = _said(result, instrument, rules)
    if told is not None:
        return (("Inside", said), *((audience.capitalize(), said_outside(one, instrument, rules))
                                    for audience, one in told.items()))
    lacks = public_lacks(result, rules, harm)
    public = f"Not yet: {'; '.join(lacks)}." if lacks else f"{said} {_harm(harm)}".strip()
    return (("Inside", said), ("Board", f"{said} {_BREAKDOWNS}"), ("Public", public))


_BREAKDOWNS = "Breakdowns only where every count is 11 or more."


def said_outside(one: Any, instrument: Instrument, rules: RuleSet) -> str:
    """What may be said of a result to an audience, from what ``disclosure_said`` tells it."""
    if one is None:
        return "Nothing: the filters name those who treat."
    if one.result.withheld:
        return audiences.not_said(one.told, one.result)
    if not one.result.denominator:
        return f"{rates.NO_COURSE}, so nothing can be said."
    said = _said(one.result, instrument, rules)
    if one.told.disclosure.audience == "board":
        return f"{said} {_BREAKDOWNS.replace('11', count(one.told.disclosure.threshold))}"
    harm = audiences.harm_said(one)
    return f"{said} {harm}" if harm else f"Not yet. {audiences.HARM_KEPT}"


def _said(result: Any, instrument: Instrument, rules: RuleSet) -> str:
    verb = definitions.outcome_verb(MEASURES[result.measure])
    core = f"{rates.counts(result)} courses {verb}"
    if rates.is_shown(result):
        core = (f"{percent(result.estimate)} of courses {verb} ({rates.counts(result)}, {rates.NINETY_FIVE} interval "
                f"{percent_range(result.low, result.high)})")
    mark = rates.mark(result)
    core += f", {mark}" if mark else ""
    lost = result.left_out.get("no_endpoint", 0)
    known = f"; {plural(lost, 'course')} {'was' if lost == 1 else 'were'} lost to follow-up" if lost else ""
    rule = rule_set_sentence(rules)
    return f"{instrument.title}: {core}{known}. Rule: {rule[:1].lower()}{rule[1:]}."


def public_lacks(result: Any, rules: RuleSet, harm: Any = None) -> tuple[str, ...]:
    """What keeps a rate from being shown in public; empty where nothing does."""
    lacks = []
    if result.denominator < GATE_COURSES:
        lacks.append(f"{plural(result.denominator, 'course')} counted, and {GATE_COURSES} are needed")
    if result.follow_up is None or result.follow_up < GATE_FOLLOW_UP:
        lacks.append(f"{percent(result.follow_up)} followed up, and {percent(GATE_FOLLOW_UP)} are needed")
    if rules.base.kinds != ("induction",) and not rules.base.counts_from_index:
        lacks.append("it is not of first inductions alone")
    if harm is None or not harm.denominator:
        lacks.append("the share that got worse does not stand beside it")
    return tuple(lacks)


def _harm(harm: Any) -> str:
    return f"{percent(harm.estimate)} got worse ({rates.counts(harm)})."


def may_not_be_said(result: Any, instrument: Instrument) -> tuple[str, ...]:
    """What may not be said of a rate, with the reason."""
    sentences = [
        "Not that treatment caused it: there is no control group.",
        f"Not “{NEVER_SAID[0]}”, “{NEVER_SAID[1]}” or “{NEVER_SAID[2]}”: a score on one day says none of them.",
        "Not “of patients”: courses are counted, and a patient can have several.",
        "Not better or worse than a published figure, unless our courses are counted by its rules.",
    ]
    if rates.size(result) and not rates.is_shown(result):
        sentences.append(f"Not as a percentage: {rates.TOO_FEW}.")
    lost = result.left_out.get("no_endpoint", 0)
    if lost and result.denominator:
        sentences.append(f"Not without the {count(lost)} who were lost: they may have fared otherwise.")
    if isinstance(instrument, Instrument) and instrument.is_pain:
        sentences.append("Not as relief right after an infusion: the score is of later days.")
    return tuple(sentences)
