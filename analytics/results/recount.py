"""A cohort counted anew from its scores, by the rules in force, by changed rules or by an old way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analytics.courses.build import Built
from analytics.courses.judgement import Pair, Standing, achieved, left_out_codes, standing
from analytics.courses.outcomes import kept_courses
from analytics.courses.rows import visit_labels
from analytics.definitions.instruments import ALLOWANCE
from analytics.definitions.measures import LEFT_OUT, MEASURES, Measure
from analytics.definitions.old_ways import OURS, Question, Way, changed_rules, visit_answers
from analytics.definitions.rules import Rules
from analytics.results.ground import Ground
from analytics.results.old_endpoints import ended

_LOST = LEFT_OUT.index("no_endpoint")


@dataclass(frozen=True)
class Counted:
    """How many of how many courses; ``estimate`` is missing when there is no course to count."""

    numerator: int
    denominator: int

    @property
    def estimate(self) -> float | None:
        """Numerator of denominator, 0 to 1."""
        return self.numerator / self.denominator if self.denominator else None


def by_rules(on: Ground, rules: tuple[Rules, ...] | None = None) -> Counted:
    """The rate by the rules in force, or by others that build the same courses.

    Parameters
    ----------
    rules : one for each of ``on.courses.rules``; they differ from these in nothing that decides what a course is
    """
    courses = on.courses if rules is None else replace(on.courses, rules=rules, rule_set=replace(
        on.courses.rule_set, base=replace(on.courses.rule_set.base, scoring=rules[0].scoring)))
    course = standing(courses)
    kept = on.kept if rules is None else kept_courses(on.tables, courses, course)
    pair = on.pair(courses)
    return _counted(on.measure, pair, course, kept & on.stays, achieved(on.measure, pair),
                    lost_count=course.counts_missing["rate"], lost_succeed=False)


def by_way(on: Ground, way: Way) -> Counted:
    """The rate by a way of counting; where that is ours in everything, the rate by the rules in force.

    Raises
    ------
    ValueError
        When these files cannot be counted that way: see ``why_not``.
    """
    reasons = why_not(on, way)
    if reasons:
        raise ValueError(f"These files cannot be counted that way: {', '.join(reason for _, reason in reasons)}.")
    visit = visit_answers(visit_labels(on.tables)).get(way.after)
    courses = replace(on.courses, rules=tuple(changed_rules(one, way, visit) for one in on.courses.rules))
    pair = ended(on, courses, way)
    course = _standing(courses, way)
    asked = on.measure if way.success == OURS else MEASURES[
        "pain_30" if way.success in ("third", "half") else "mean_improvement"]
    return _counted(asked, pair, course, _who(on, way) & on.stays, _has_success(on, way, pair),
                    lost_count=course.counts_missing["rate"], lost_succeed=way.lost == "succeeded")


def why_not(on: Ground, way: Way) -> tuple[tuple[Question, str], ...]:
    """Why these files cannot be counted that way: pairs of the question and a reason.

    Returns
    -------
    tuple of (question, reason); empty where they can
        Reasons are needs_sessions, needs_days (visits alone), needs_courses (the rules in force start at an index
        score), no_such_visit, no_line (of remission) and no_important_change.
    """
    reasons: list[tuple[Question, str]] = []
    for question in (one for one, answers in _NEEDS_SESSIONS.items() if way.answer(one) in answers):
        if on.courses.rule_set.base.counts_from_index:
            reasons.append((question, "needs_courses"))
        elif on.tables.axis == "visit":
            reasons.append((question, "needs_days"))
        elif not on.courses.has_sessions.any():
            reasons.append((question, "needs_sessions"))
    if way.after.startswith("visit-") and way.after not in visit_answers(visit_labels(on.tables)):
        reasons.append(("after", "no_such_visit"))
    if way.success in ("below_line", "half_or_below") and on.instrument.remission is None:
        reasons.append(("success", "no_line"))
    if way.success == "important" and on.instrument.important_change is None:
        reasons.append(("success", "no_important_change"))
    return tuple(reasons)


_NEEDS_SESSIONS: dict[Question, tuple[str, ...]] = {
    "who": ("completers", "courses"), "before": ("last", "worst"), "after": ("last_after", "best_after")}
"""Answers that mean nothing where nobody knows when treatment began, or where courses are not looked at."""


def _counted(
    measure: Measure, pair: Pair, course: Standing, stays: np.ndarray, has_it: np.ndarray, *, lost_count: np.ndarray,
    lost_succeed: bool,
) -> Counted:
    codes = left_out_codes(measure, pair, course)
    is_lost = codes == _LOST
    counts = stays & ((codes < 0) | (is_lost & lost_count))
    return Counted(int((counts & np.where(is_lost, lost_succeed, has_it)).sum()), int(counts.sum()))


def _who(on: Ground, way: Way) -> np.ndarray:
    if way.who == OURS:
        return on.kept
    if way.who in ("patients", "case_patients"):
        return on.courses.courses["course_number"].to_numpy(int) == 1
    return np.ones(len(on.kept), dtype=bool)


def _standing(courses: Built, way: Way) -> Standing:
    course = standing(courses)
    if way.who in (OURS, "completers"):
        return course
    never = np.zeros(len(courses.patient), dtype=bool)
    return replace(course, no_sessions=never, booster=never, incomplete_induction=never)


def _has_success(on: Ground, way: Way, pair: Pair) -> np.ndarray:
    match way.success:
        case "ours":
            return achieved(on.measure, pair)
        case "any":
            return pair.improvement > ALLOWANCE
        case "third":
            return achieved(MEASURES["pain_30"], pair)
        case "half":
            return achieved(MEASURES["pain_50"], pair)
        case "important":
            return achieved(MEASURES["important_change"], pair)
        case "below_line":
            return achieved(MEASURES["remission"], pair)
    is_halved = achieved(MEASURES["pain_50"], pair) & (pair.baseline > 0)
    return is_halved | achieved(MEASURES["remission"], pair)


