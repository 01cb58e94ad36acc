"""What a page shows of a clinic to an audience, and what an attacker who has all of it looks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.courses.outcomes import Outcomes
from analytics.results.cohorts import strata
from analytics.results.disclosure import Disclosure, Page
from analytics.results.summary import summarize, with_more
from analytics.wording.summary_record import summary_record
from tests.results.attacker import Attack, Recovered, Terms, attack, cell_of, recovered, targets_of

View = tuple[tuple[str, ...], Mapping[str, Sequence[str | None]]]

TABLE: tuple[View, ...] = ((("site",), {}),)
"""What one command writes: every measure."""

PAGE: tuple[View, ...] = (((), {}), (("site",), {}), (("route",), {}))
"""Linked tables by different attributes."""

CROSSED: tuple[View, ...] = ((("site",), {}), (("site", "sex"), {}), (("site",), {"sex": ["F"]}))
"""A table, the same crossed with another attribute, and the same for a part of the courses."""

FEW = ("response", "remission", "reliable_deterioration", "worsening", "mean_improvement", "follow_up")
"""The measures of a page."""


def shown(
    of: Outcomes, disclosure: Disclosure, views: Sequence[View], measures: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """The records of the views of one page, as ``summary --format json`` writes them; a page's of one instrument."""
    page, instruments = Page(of, disclosure), None if measures is None else ("phq9",)
    return [summary_record(page.disclosed(with_more(
        summarize(of, by, where, instruments, measures), of, by, where))) for by, where in views]


def small_counts(
    of: Outcomes, records: Sequence[Mapping[str, Any]], views: Sequence[View], audience: str, n_solved: int = 40,
) -> list[Recovered]:
    """The counts of 1 to 10 that the attacker recovers; of the board's those of breakdowns, as totals are declared."""
    names = sorted({name for by, where in views for name in (*by, *where)})
    cells = strata(of, names, [True] * len(of.courses)).labels if names else ({},)
    pieces = [tuple(sorted(label.items())) for label in cells]
    on = attack(records, pieces)
    if not on.equal:
        return []
    return recovered(on, _targets(on, records, pieces, views, audience), n_solved=n_solved)


def _targets(
    on: Attack, records: Sequence[Mapping[str, Any]], pieces: Sequence[tuple], views: Sequence[View], audience: str,
) -> dict[tuple, Terms]:
    keys = {(result["instrument"], result["measure"]) for record in records for result in record["results"]}
    asked = {piece: (piece,) for piece in pieces}
    for by, where in views:
        for label in {tuple((name, dict(piece)[name]) for name in by) for piece in pieces}:
            cell = cell_of(dict(label), {}, pieces, where)
            if cell:
                asked[label, str(where)] = cell
    if audience == "board":
        asked = {name: cell for name, cell in asked.items() if set(cell) != set(pieces)}
    return targets_of(on, asked, sorted(keys))

