"""The gate to the public: what must be so before a clinic's rate is told to anyone at all."""

from __future__ import annotations

from analytics.courses.outcomes import Outcomes
from analytics.definitions.measures import MEASURES
from analytics.results.disclosure_kinds import Range, Shut, Why
from analytics.results.disclosure_sets import Sets
from analytics.results.rates import Mean, Rate

LEAST_COURSES = 30
LEAST_FOLLOW_UP = 0.8

HARM = ("reliable_deterioration", "worsening", "nhs_reliable_deterioration")
"""What is told in the same breath, the first that an instrument has."""

_FIRST_KINDS = frozenset({"induction", "incomplete", "assessed"})
"""An induction that was broken off is a first one, too: without it the rate would flatter."""

_REFUSED_WORDS = ("recovery",)


def shut(of: Outcomes, sets: Sets, headline: Rate, cohort) -> tuple[Shut, ...]:
    """Why nothing of an instrument is for the public; empty where it is.

    Parameters
    ----------
    headline : the rate of its headline measure over the cohort
    cohort : array of bool over the courses

    At least 30 courses that could be judged; at least 80 % of those eligible followed up; first inductions only; an
    interval; a measure of harm to stand beside it.
    """
    counted = sets.of_measure(headline.measure).counted & cohort
    kinds = set(of.courses["kind"].astype("str")[counted])
    found = {
        "few": headline.denominator < LEAST_COURSES,
        "follow_up": headline.follow_up is None or headline.follow_up < LEAST_FOLLOW_UP,
        "kinds": not kinds <= _FIRST_KINDS,
        "interval": headline.low is None or headline.high is None,
        "harm": harm_of(of, headline.instrument) is None}
    return tuple(Shut(headline.instrument, why, title=title_of(of, headline.instrument))
                 for why, is_so in found.items() if is_so)


def title_of(of: Outcomes, instrument: str) -> str | None:
    """What an instrument is called; missing for the scales of the NHS set, that have no one name."""
    return of.instruments[instrument].title if instrument in of.instruments else None


def unbelievable(result: Rate | Mean) -> tuple[Why, ...]:
    """Why a single result is not for the public: too few judged, or too few followed up."""
    n = result.n if isinstance(result, Mean) else result.denominator
    is_followed = result.follow_up is not None and result.follow_up >= LEAST_FOLLOW_UP
    return tuple(why for why, is_so in (("few", n < LEAST_COURSES), ("follow_up", not is_followed)) if is_so)


def range_of(result: Rate | Mean, threshold: int) -> Range | None:
    """Fewer than the threshold, of how many: for a numerator that is rare, or rarely missing; else missing."""
    if isinstance(result, Mean):
        return None
    few, n, x = threshold - 1, result.denominator, result.numerator
    if n <= 2 * few or not (0 < x <= few or 0 < n - x <= few):
        return None
    low, high = (0, few) if x <= few else (n - few, n)
    return Range(result.instrument, result.measure, low, high, n, dict(result.stratum))


def harm_of(of: Outcomes, instrument: str) -> str | None:
    """The measure of harm that stands beside an instrument's rates."""
    there = {measure.key for measure in of.measures_of(instrument)}
    return next((key for key in HARM if key in there), None)


def is_refused_word(measure: str) -> bool:
    """Whether a measure has a name that the public reads as cure."""
    return any(word in MEASURES[measure].title.lower() for word in _REFUSED_WORDS)
