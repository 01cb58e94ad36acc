"""How a comparison was made, in sentences: who is compared, who is not, and on how many sides a patient stands."""

from __future__ import annotations

from typing import Any

from analytics.wording.comparison_phrases import is_mean, name_of
from analytics.wording.numbers import count, listed, plural
from analytics.wording.rates import size
from analytics.wording.rules import attribute

FEWEST_CLUSTERS = 40
"""Errors by patient are too small with fewer patients; Cameron and Miller 2015, J Hum Resour 50:317, section VI."""

_REASONS = {
    "not_recorded": "without a value of {by}",
    "other_values": "in neither group",
    "mixed": "mixed, which only what happened after day 0 decides",
    "in_both_cohorts": "in both cohorts",
    "not_judged_after_landmark": "not judged after the landmark",
}


def notes(comparison: Any) -> tuple[str, ...]:
    """What a reader must know about how the numbers were made; only what applies."""
    found = (_landmark(comparison), _unit(comparison), _in_several(comparison), _overlap(comparison),
             _not_compared(comparison))
    return tuple(one for one in found if one)


def _landmark(comparison: Any) -> str:
    if comparison.landmark is None:
        return ""
    day = count(comparison.landmark)
    return (f"Landmark day {day}: only courses judged after it count, and what is settled after day 0 is taken as it "
            "stood at the end of that day.")


def _unit(comparison: Any) -> str:
    """Whether the difference rests on other courses than the groups show."""
    if comparison.courses == "all":
        return "Every counted course is compared; the errors allow for patients with more than one." + _few(comparison)
    fewer = [one for one in comparison.groups if one.compared.n < size(one.result)]
    start = "The difference and the tests rest on the first counted course of each patient"
    if not fewer:
        return f"{start}, which here are all counted courses."
    parts = [f"{_of_them(comparison, one)} in {name_of(comparison, one.value)}" for one in fewer[:3]]
    more = f" and fewer in {plural(len(fewer) - 3, 'more group')}" if len(fewer) > 3 else ""
    return f"{start}: {listed(parts)}{more}. The groups' own numbers are of all their counted courses."


def _few(comparison: Any) -> str:
    number = sum(one.compared.patients for one in comparison.groups)
    if number >= FEWEST_CLUSTERS:
        return ""
    return (f" With {plural(number, 'patient')}, fewer than {FEWEST_CLUSTERS}, such errors come out too small: compare "
            "the first courses.")


def _of_them(comparison: Any, group: Any) -> str:
    taken = f"{count(group.compared.n)} of {count(size(group.result))} courses"
    if is_mean(comparison) or not group.compared.n:
        return taken
    return f"{taken} ({count(group.compared.numerator)} of the {count(group.compared.n)})"


def _in_several(comparison: Any) -> str:
    number = comparison.patients_in_several
    if not number:
        return ""
    have = "has" if number == 1 else "have"
    end = ("their errors are taken together" if comparison.courses == "all"
           else "each stands only where the first of them does")
    return f"{plural(number, 'patient')} {have} counted courses in more than one group; {end}."


def _overlap(comparison: Any) -> str:
    overlap = comparison.overlap
    if overlap is None or not overlap.patients:
        return ""
    if not overlap.courses:
        return f"{plural(overlap.patients, 'patient')} {'is' if overlap.patients == 1 else 'are'} in both cohorts."
    is_one = overlap.courses == 1
    return (f"{plural(overlap.courses, 'course')} of {plural(overlap.patients, 'patient')} {'is' if is_one else 'are'} "
            f"in both cohorts: in both their own numbers, and on neither side of the difference, which "
            f"{'it' if is_one else 'they'} would pull towards 0.")


def _not_compared(comparison: Any) -> str:
    reasons = {key: number for key, number in comparison.not_compared.items() if key != "in_both_cohorts"}
    if not reasons:
        return ""
    words = [f"{count(number)} {_REASONS[key].format(by=attribute(comparison.by))}" for key, number in reasons.items()]
    return f"Not compared: {plural(sum(reasons.values()), 'course')} ({listed(words)})."
