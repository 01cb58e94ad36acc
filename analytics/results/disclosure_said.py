"""One result as an audience may be told it, with the harm of the same courses beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics.results.cohorts import Where
from analytics.results.disclosure import Page
from analytics.results.disclosure_gate import harm_of
from analytics.results.disclosure_groups import names_persons
from analytics.results.disclosure_kinds import Told
from analytics.results.disclosure_parts import Result
from analytics.results.summary import summarize


@dataclass(frozen=True)
class Said:
    """What an audience may be told of one result.

    Attributes
    ----------
    result : with what may not be told taken out
    harm : the rate of harm of the same instrument, told alike; missing where it has none
    told : what was done before it was told
    """

    result: Result
    harm: Any
    told: Told


def said_of(page: Page, instrument: str, measure: str, where: Where) -> Said | None:
    """One result of a cohort as the audience of a page may be told it; missing where the filters name those who treat.

    What is told stands on the page from then on.
    """
    courses = page.of.courses
    if any(name in courses and names_persons(name, courses[name]) for name in where):
        return None
    harm = harm_of(page.of, instrument)
    wanted = dict.fromkeys(one for one in (measure, harm) if one is not None)
    summary = page.disclosed(summarize(page.of, (), where, (instrument,), tuple(wanted)))
    found = {one.measure: one for one in summary.results if one.instrument == instrument}
    assert summary.told is not None, "A summary for the outside says what was done to it."
    return Said(found[measure], found.get(harm or ""), summary.told)
