"""The bridge in words: the old way, every rule that takes its place, and why the number is not the old one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.definitions.old_ways import OURS, QUESTIONS, VISIT, Question, Way
from analytics.definitions.rules import Rules, RuleSet
from analytics.wording import definitions
from analytics.wording.numbers import MINUS, SMALLEST_SHOWN, SPACE, count, percent, plural, rounded
from analytics.wording.rules import CHOICES, rules_sentence, setting

QUESTION_TITLES: Mapping[Question, str] = {
    "who": "Who counts", "before": "Which score before", "after": "Which score after", "lost": "What of those lost",
    "success": "What is success"}

WAY_TITLES = {
    "first_to_last": "Everyone with two scores, first to last, any improvement",
    "completers_best": "Those who completed, worst before to best after, halved",
    "best_ever": "Best score ever, halved",
    "carried_forward": "As now, with the last score carried forward",
    "completers": "As now, of those who completed",
    "lost_left_out": "Scored as a case, last score ever, halved or below the line",
}
"""The usual ways as a person chooses among them."""

_ANSWERS: Mapping[Question, Mapping[str, str]] = {
    "who": {
        "patients": "each patient once (the first course), however mild",
        "case_patients": "each patient once (the first course), if a case at the start",
        "courses": "every course, boosters and mild ones with the rest",
        "completers": "every completed induction, however mild",
    },
    "before": {
        "last": "the last score up to day 0, however long ago",
        "first": "the first score on file",
        "worst": "the worst score up to day 0, however long ago",
    },
    "after": {
        "last_after": "the last score before the next course",
        "last_ever": "the last score on file, whenever it was",
        "best_after": "the best score before the next course",
        "best_ever": "the best score ever",
    },
    "lost": {
        "left_out": "left out",
        "failed": "counted as not better",
        "succeeded": "counted as better",
        "carried": "their last score is carried forward",
    },
    "success": {
        "any": "any improvement",
        "third": f"down by 30{SPACE}% or more",
        "half": f"down by 50{SPACE}% or more",
        "important": "the smallest important change or more",
        "below_line": "in remission by score at the end, wherever it began",
        "half_or_below": f"down by 50{SPACE}% or more, or in remission by score at the end",
    },
}


def answer(question: Question, key: str) -> str:
    """One answer as a person chooses it."""
    if key == OURS:
        return "as the rules in force have it"
    if key.startswith(VISIT):
        return f"the score of the visit “{key.removeprefix(VISIT).replace('-', ' ')}”"
    return _ANSWERS[question][key]


def our_answer(question: Question, rules: RuleSet, instrument: Instrument, measure: str) -> str:
    """The answer of the rules in force; of the first of them where courses follow different ones."""
    base = rules.base
    words = {
        "who": _our_who(base, instrument),
        "before": _our_before(base),
        "after": rules_sentence(base).partition(", everyone")[0],
        "lost": CHOICES["missing"][base.missing],
        "success": definitions.what_counts(MEASURES[measure], instrument),
    }[question]
    is_split = rules.is_by_indication and question in ("before", "after") and base != rules.rules_for("pain_series")
    return _lower(words) + (" (pain indications by their own rules)" if is_split and question == "after" else "")


def _our_who(rules: Rules, instrument: Instrument) -> str:
    if rules.counts_from_index:
        return f"each patient from the first score of {definitions.cut_off(instrument.caseness)}"
    who = "complete inductions" if rules.complete_inductions_only else "courses, boosters aside,"
    case = " with a score at the start"
    if rules.eligible == "caseness":
        case = f" that scored {definitions.cut_off(instrument.caseness)} at the start"
    return f"{who}{case}" + (", the first of each patient" if rules.first_course_only else "")


def _our_before(rules: Rules) -> str:
    if rules.baseline_visit is not None:
        return f"the score of the visit {rules.baseline_visit}"
    if rules.counts_from_index:
        return "the first score that is a case"
    days = setting(rules, "baseline_window")
    pick = CHOICES["baseline_pick"][rules.baseline_pick]
    return f"the {pick}" if days == "any day" else f"the {pick}, {days}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def way_sentence(way: Way) -> str:
    """An old way in one sentence, by its answers that are not ours."""
    parts = [f"{QUESTION_TITLES[question].lower()}: {answer(question, way.answer(question))}"
             for question in QUESTIONS if way.answer(question) != OURS]
    return f"Counted before by: {'; '.join(parts)}." if parts else "Counted before as now."


@dataclass(frozen=True)
class Rung:
    """One step of the waterfall in words, with the fractions that a figure needs.

    Attributes
    ----------
    title, sentence : the rule, and what it did
    counts, shown, change : numerator of denominator after it, the rate, and by how many percentage points it moved;
        changes are of the rates as they are shown, so that they add up on paper
    before, after : rates, 0 to 1; missing where none may be drawn
    """

    title: str
    sentence: str
    counts: str
    shown: str
    change: str
    before: float | None
    after: float | None


def waterfall(found: Any) -> tuple[Rung, ...]:
    """From the old number down to ours: a rung for the start, one for each step; empty where it cannot be counted."""
    if found.start is None:
        return ()
    start = Rung("The old way", way_sentence(found.way), counts(found.start), rate(found.start), "", None,
                 _drawn(found.start))
    return (start, *(
        Rung(QUESTION_TITLES[one.question], step_sentence(one, found), counts(one.after), rate(one.after),
             change(one.before, one.after), _drawn(one.before), _drawn(one.after)) for one in found.steps))


def counts(counted: Any) -> str:
    """20 of 37."""
    return f"{count(counted.numerator)} of {count(counted.denominator)}"


def rate(counted: Any) -> str:
    """A rate, or what stands in its place where too few are counted."""
    if not counted.denominator:
        return "no course to count"
    return percent(counted.estimate) if counted.denominator >= SMALLEST_SHOWN else "too few for a percentage"


def _drawn(counted: Any) -> float | None:
    return counted.estimate if counted.denominator >= SMALLEST_SHOWN else None


def change(before: Any, after: Any) -> str:
    """By how many percentage points one shown rate lies above another; empty where one is not shown."""
    if _drawn(before) is None or _drawn(after) is None:
        return ""
    moved = int(rounded(after.estimate * 100) - rounded(before.estimate * 100))
    sign = "+" if moved > 0 else MINUS if moved < 0 else ""
    return f"{sign}{abs(moved)}"


def step_sentence(step: Any, found: Any) -> str:
    """What one rule took the place of, and what that did."""
    now = our_answer(step.question, found.rules, found.instrument, found.measure)
    if is_same(step, found):
        return f"{now[:1].upper()}{now[1:]}, then as now. {_moved(step)}"
    return f"Not {answer(step.question, step.was)}, but {now}. {_moved(step)}"


def is_same(step: Any, found: Any) -> bool:
    """Whether the old answer says in other words what the rules in force say."""
    if step.question == "lost":
        meant = {"observed": "left_out", "failure": "failed", "unchanged": "failed"}
        return step.was == meant[found.rules.base.missing]
    if step.question != "success":
        return False
    scale: Instrument = found.instrument
    share = {"pain_30": 0.3, "pain_50": 0.5}.get(found.measure)
    if found.measure == "response" and not scale.is_response_in_points:
        share = scale.response.value
    return share is not None and {"third": 0.3, "half": 0.5}.get(step.was) == share


def _moved(step: Any) -> str:
    more = step.denominator_change
    verb = "counts" if abs(more) == 1 else "count"
    courses = "The same number of courses count"
    if more:
        courses = f"{plural(abs(more), 'course')} {'more' if more > 0 else 'fewer'} {verb}"
    if _drawn(step.before) is None or _drawn(step.after) is None:
        return f"{courses}: {counts(step.before)} becomes {counts(step.after)}."
    before, after = rate(step.before), rate(step.after)
    return f"{courses}, and {before} stays {after}." if before == after else f"{courses}, and {before} becomes {after}."


_WHY_NOT = {
    "needs_sessions": "the files hold no session, so nobody knows what came before treatment and what after",
    "needs_days": "the files hold visits without days",
    "needs_courses": "the rules in force start at a first score and look at no session",
    "no_such_visit": "the files hold no such visit",
    "no_line": "the scale has no line of remission",
    "no_important_change": "the scale has no published important change",
}


def why_not_sentences(found: Any) -> tuple[str, ...]:
    """Why the files cannot be counted the old way; empty where they can."""
    return tuple(f"{QUESTION_TITLES[question]}, {answer(question, found.way.answer(question))}: cannot be counted, "
                 f"because {_WHY_NOT[reason]}." for question, reason in found.why_not)


def bridge_sentences(found: Any) -> tuple[str, ...]:
    """Why it is not the number we used to say: for the sheet that defends it."""
    if found.start is None:
        return why_not_sentences(found)
    verb = definitions.outcome_verb(MEASURES[found.measure])
    sentences = [way_sentence(found.way), _both(found, verb)]
    sentences += step_sentences(found)
    if len(found.steps) > 1:
        sentences.append("Every step is a count of its own from the scores. In another order the steps differ in size; "
                         "where they start and end does not.")
    return tuple(sentences)


def step_sentences(found: Any) -> tuple[str, ...]:
    """What each rule did, in the order of the steps."""
    return tuple(f"{QUESTION_TITLES[one.question]}. {step_sentence(one, found)}" for one in found.steps)


def _both(found: Any, verb: str) -> str:
    old, ours = found.start, found.end
    if _drawn(old) is None or _drawn(ours) is None:
        return f"The old way gives {counts(old)}; by the rules in force {counts(ours)} {verb}."
    moved = int(rounded(ours.estimate * 100) - rounded(old.estimate * 100))
    how = "the same when rounded" if not moved else (
        f"{plural(abs(moved), 'percentage point')} {'lower' if moved < 0 else 'higher'}")
    return (f"The old way gives {percent(old.estimate)} ({counts(old)}). By the rules in force "
            f"{percent(ours.estimate)} {verb} ({counts(ours)}): {how}.")


BRIDGE_HEADER = ("Rule", "What changed", "Courses", "Rate", "Points")


def bridge_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """The waterfall as rows of a table under ``BRIDGE_HEADER``."""
    return tuple((one.title, one.sentence, one.counts, one.shown, one.change) for one in waterfall(found))
