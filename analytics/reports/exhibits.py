"""Exhibits: the cards and charts of a report, each made by one small function from the outcomes and an ask.

Slides, workbook, page and PDF are made of a tuple of exhibits and an ``Origin``, and of nothing else::

    answers = Answers(outcomes, origin)
    shown = exhibit(answers, Ask("strata", by=("site",)))
    report = standard_report(answers, disclosure=None)

A new kind is one function of ``(answers, ask)`` that gives an ``Exhibit``, or nothing where there is nothing to show,
and one line in ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from analytics.reports import (
    exhibits_cards,
    exhibits_compare,
    exhibits_courses,
    exhibits_curves,
    exhibits_rates,
    exhibits_safety,
    exhibits_scores,
    exhibits_texts,
    exhibits_trends,
)
from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_data import Ask, Card, Chart, Column, Exhibit, Numbers, Series
from analytics.results.cohorts import groupable_names

__all__ = ["KINDS", "Answers", "Ask", "Card", "Chart", "Column", "Exhibit", "Numbers", "Series", "exhibit",
           "main_attributes", "standard_report"]

KINDS: dict[str, Callable[[Answers, Ask], Exhibit | None]] = {
    "headline": exhibits_rates.headline,
    "flow": exhibits_courses.flow,
    "severity": exhibits_courses.severity,
    "strata": exhibits_rates.strata,
    "harm": exhibits_rates.harm,
    "published": exhibits_texts.published,
    "definitions": exhibits_texts.meanings,
    "findings": exhibits_texts.findings,
    "card": exhibits_cards.card,
    "item9": exhibits_cards.item9,
    "compare": exhibits_compare.compare,
    "course": exhibits_scores.course,
    "response": exhibits_curves.response,
    "durability": exhibits_curves.durability,
    "trend": exhibits_trends.over_years,
    "effects": exhibits_safety.effects,
    "pressure": exhibits_safety.blood_pressure,
    "session": exhibits_safety.session,
    "amount": exhibits_safety.amount,
    "routes": exhibits_safety.routes,
}
"""How each kind of exhibit is made."""

_PLACES = ("site", "clinic", "location", "treatment", "treat", "arm", "group")
_MAIN = (_PLACES, ("route",), ("indication",))
"""Names of the attributes that a report is given by, of each kind the first that is there."""


def exhibit(answers: Answers, ask: Ask) -> Exhibit | None:
    """The exhibit that is asked for; missing where the files hold nothing to show.

    Raises
    ------
    ValueError
        When the kind, the instrument, the measure or an attribute is not there.
    """
    if ask.kind not in KINDS:
        raise ValueError(f"There is no exhibit of the kind {ask.kind!r}; there are {', '.join(KINDS)}.")
    return KINDS[ask.kind](answers, ask)


def main_attributes(answers: Answers) -> tuple[str, ...]:
    """The attributes that a report is given by: where, by which route, for what; only those with two values or more."""
    names = {name.lower(): name for name in groupable_names(answers.of)}
    found = (next((names[one] for one in kind if one in names), None) for kind in _MAIN)
    return tuple(name for name in found if name is not None and answers.of.courses[name].nunique(dropna=False) > 1)


def standard_report(
    answers: Answers, *, instrument: str | None = None, by: Sequence[str] = (),
    where: Mapping[str, Sequence[str | None]] | None = None, disclosure: Any = None,
) -> tuple[Exhibit, ...]:
    """What a medical director needs, in order: how many, who is missing, for whom, harm, what it means.

    Parameters
    ----------
    instrument : key; missing means the one with most courses that have both scores
    by : attributes that response is given by; missing means ``main_attributes``
    disclosure : from ``results.disclosure``; missing means the inside
    """
    plain = Ask("headline", instrument, None, (), dict(where or {}), disclosure)
    groups = tuple(replace(plain, kind="strata", by=(name,)) for name in by or main_attributes(answers))
    asks = (plain, *(replace(plain, kind=kind) for kind in ("flow", "severity")), *groups,
            *(replace(plain, kind=kind) for kind in ("harm", "published", "definitions", "findings")))
    made = (exhibit(answers, ask) for ask in asks)
    # What an audience may not see is told where it is asked for by name; a report leaves it out, but says at its top
    # why it has no headline.
    return tuple(one for one in made if one is not None and (not one.is_kept or one.ask.kind == "headline"))
