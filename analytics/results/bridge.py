"""From the way a clinic used to count to ours, one rule at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from analytics.courses.outcomes import Outcomes
from analytics.definitions.instruments import Instrument
from analytics.definitions.old_ways import OURS, QUESTIONS, Question, Way
from analytics.definitions.rules import RuleSet
from analytics.results.cohorts import Where
from analytics.results.ground import ground
from analytics.results.recount import Counted, by_way, why_not


@dataclass(frozen=True)
class Step:
    """One question answered by our rule in place of the old one.

    Attributes
    ----------
    was : the old answer
    before, after : the count with the old answer, and with ours
    """

    question: Question
    was: str
    before: Counted
    after: Counted

    @property
    def numerator_change(self) -> int:
        """Courses more in the numerator."""
        return self.after.numerator - self.before.numerator

    @property
    def denominator_change(self) -> int:
        """Courses more in the denominator."""
        return self.after.denominator - self.before.denominator

    @property
    def change(self) -> Fraction | None:
        """Change of the rate, exact; missing where one of the two has no course to count."""
        return _difference(self.before, self.after)


@dataclass(frozen=True)
class Bridge:
    """The old number, every step from it, and ours.

    Attributes
    ----------
    way : the old way, as it was answered
    start, end : the count by the old way, and by the rules in force; missing where the files cannot be counted
    steps : one for each question that was answered otherwise than ours, in the order chosen; the changes of
        numerator, denominator and rate add up exactly from start to end, except where a count in between has no course
    why_not : pairs of question and reason why these files cannot be counted the old way; empty where they can
    """

    way: Way
    rules: RuleSet
    instrument: Instrument
    measure: str
    start: Counted | None
    steps: tuple[Step, ...]
    end: Counted
    why_not: tuple[tuple[Question, str], ...]

    @property
    def change(self) -> Fraction | None:
        """Change of the rate over all steps, exact; missing where it cannot be told."""
        return None if self.start is None else _difference(self.start, self.end)


def bridge(
    of: Outcomes, way: Way, instrument: str, where: Where | None = None, order: Sequence[Question] = QUESTIONS,
    measure: str | None = None,
) -> Bridge:
    """The way from the old number to ours: every state in between is a count of its own from the scores.

    Parameters
    ----------
    order : the questions in the order in which ours takes the place of the old answer; those not named come last
    measure : a rate of benefit; missing means the instrument's headline

    Raises
    ------
    ValueError
        When the files do not hold the instrument, the measure is no rate of benefit or the order names no question.
    """
    unknown = [one for one in order if one not in QUESTIONS]
    if unknown or len(set(order)) < len(order):
        raise ValueError(f"The order names each of {', '.join(QUESTIONS)} once at most; {', '.join(order)} came.")
    on = ground(of, instrument, where, measure)
    end, reasons = by_way(on, Way()), why_not(on, way)
    steps: list[Step] = []
    start = None if reasons else by_way(on, way)
    if start is not None:
        now, count = way, start
        for question in (*order, *(one for one in QUESTIONS if one not in order)):
            if now.answer(question) != OURS:
                now = replace(now, **{question: OURS})
                steps.append(Step(question, way.answer(question), count, count := by_way(on, now)))
    return Bridge(way, of.rules, on.instrument, on.measure.key, start, tuple(steps), end, reasons)


def _difference(before: Counted, after: Counted) -> Fraction | None:
    if not before.denominator or not after.denominator:
        return None
    return Fraction(after.numerator, after.denominator) - Fraction(before.numerator, before.denominator)
