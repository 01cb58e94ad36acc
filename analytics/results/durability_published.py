"""Published shares still responding after a time, with ours counted their way beside them."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.courses.outcomes import Outcomes
from analytics.courses.series import Series
from analytics.courses.sessions import CourseSessions
from analytics.definitions.benchmarks import BENCHMARKS, FACTS, Benchmark, Fact, TheirRules
from analytics.results.cohorts import Where
from analytics.results.durability import Durable, durability
from analytics.results.survival_curves import Curves, all_together, curves

MCINNES = "mcinnes_2022"
PRINTED: tuple[Fact, ...] = tuple(one for one in FACTS if one.about == "durability")
"""What was printed: shares of responders without maintenance who still responded."""


@dataclass(frozen=True)
class Beside:
    """Ours by their rules: responders at their endpoint, watched until maintenance or the next course.

    ``why_not`` says why our files cannot be counted so, one of ``REASONS``; empty where they can.
    """

    benchmark: Benchmark
    found: Durable | None
    curves: Curves | None
    why_not: str


REASONS = ("no_instrument", "no_sessions", "no_days", "no_attribute", "nobody")


def their_rules() -> TheirRules:
    """The rules of the source, in the words of ``rule_set``."""
    rules = BENCHMARKS[MCINNES].rules
    assert rules is not None, "the source has rules"
    return rules


def why_not(of: Outcomes) -> str:
    """Why our files cannot be counted their way; empty where they can."""
    if their_rules().instrument not in set(of.tables.assessments["instrument"].unique()):
        return "no_instrument"
    if of.tables.sessions.empty:
        return "no_sessions"
    return "no_days" if of.tables.axis == "visit" else ""


def beside(
    theirs: Outcomes, where: Where | None = None, scores: Series | None = None, sessions: CourseSessions | None = None
) -> Beside:
    """Our courses by their rules: each patient's first response without maintenance, and how long it lasted.

    Parameters
    ----------
    theirs : outcomes under ``their_rules``
    where : the filters; they may ask for an attribute that exists under other rules only
    """
    benchmark = BENCHMARKS[MCINNES]
    reason = why_not(theirs)
    if reason:
        return Beside(benchmark, None, None, reason)
    try:
        found = durability(theirs, their_rules().instrument, censor_at_maintenance=True, where=where, scores=scores,
                           sessions=sessions)
    except ValueError:
        return Beside(benchmark, None, None, "no_attribute")
    drawn = curves(found, theirs.patient, all_together(theirs))
    return Beside(benchmark, found, drawn, "" if drawn.groups else "nobody")
