"""Which columns are totals, items or visits of an instrument, judged over all columns together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from analytics.definitions.instruments import Instrument
from analytics.ingest.cells import Cells, number_in
from analytics.ingest.fields import Use, map_option
from analytics.ingest.headers import ScoreHeader
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part
from analytics.ingest.readings import MISSING_ITEM_NUMBERS
from analytics.ingest.synonyms import RESEMBLING, squeezed

_TYPING_ERRORS = 0.1
"""Share of answers above the range up to which a full set of numbered columns is still taken for items."""

_LOOKED_AT = 5000
"""Rows that are looked at to tell items from totals."""


def score_uses(
    part: Part, scores: Mapping[str, ScoreHeader], instruments: Mapping[str, Instrument], log: ProblemLog
) -> dict[str, Use]:
    """Totals, items, visits and dates of instruments; a bare number is settled over all columns together."""
    numbered: dict[tuple[str, str], dict[int, str]] = {}
    for header, found in scores.items():
        if found.number is not None:
            numbered.setdefault((found.key, found.stem), {}).setdefault(found.number, header)
    items = _items_among(part, numbered, scores, instruments)
    uses = {}
    for header, found in scores.items():
        if found.is_date:
            uses[header] = Use(header, "assessed_on", "its name is a date of that instrument", found.key)
        elif header in items:
            uses[header] = Use(header, "item", "one of a full set of numbered items", found.key, items[header])
        elif found.number is not None:
            uses[header] = _item_or_visit(part, header, found, instruments, log)
        elif found.item is not None:
            uses[header] = Use(header, "item", "its name is one of an item", found.key, found.item)
        else:
            reason = "its name is one of the instrument" + (" and a visit" if found.visit else "")
            uses[header] = Use(header, "total", reason, found.key, visit=found.visit)
    return uses


def _items_among(
    part: Part, numbered: Mapping[tuple[str, str], Mapping[int, str]], scores: Mapping[str, ScoreHeader],
    instruments: Mapping[str, Instrument],
) -> dict[str, int]:
    """Headers with a bare number that are items: all are there, hardly a value is above an item's range."""
    items: dict[str, int] = {}
    for (key, stem), headers in numbered.items():
        instrument = instruments[key]
        wanted = set(range(1, instrument.n_items + 1))
        last = instrument.n_items
        candidates = {number: header for number, header in headers.items() if number in wanted}
        if wanted - set(candidates) == {last}:
            # In some clinics phq1 to phq9 are the items, so that the column phq9 is item 9 and no total.
            twin = next((header for header, found in scores.items() if found.key == key and found.visit is None
                         and found.number is None and found.item is None and not found.is_date
                         and squeezed(header) == f"{stem}{last}"), None)
            if twin is not None and _hold_answers(part, [twin], instrument):
                candidates[last] = twin
        if instrument.n_items and set(candidates) == wanted and set(headers) <= wanted and _hold_answers(
                part, candidates.values(), instrument):
            items.update({header: number for number, header in candidates.items()})
    return items


def _hold_answers(part: Part, headers: Iterable[str], instrument: Instrument) -> bool:
    """Whether columns can hold answers to single items: above the range are missing codes and typing errors."""
    n_above = n_numbers = 0
    for header in headers:
        cells = Cells(part.column(header).array.slice(0, _LOOKED_AT))
        each = [number_in(text) for text in cells.texts]
        is_number = np.array([number is not None for number in each], dtype=bool)
        is_above = np.array([number is not None and number > instrument.item_maximum
                             and number not in MISSING_ITEM_NUMBERS for number in each], dtype=bool)
        n_numbers += int(cells.spread(is_number, False).sum())
        n_above += int(cells.spread(is_above, False).sum())
    return n_above <= _TYPING_ERRORS * n_numbers


def _item_or_visit(
    part: Part, header: str, found: ScoreHeader, instruments: Mapping[str, Instrument], log: ProblemLog
) -> Use:
    key, number = found.key, found.number
    for pattern, why, likely in RESEMBLING:
        if re.fullmatch(pattern, squeezed(header)):
            log.add("column_ambiguous", part.name, header, why=f"The column {why}; it was not read.",
                    what_to_do=f"Say {map_option(header, likely)} if it is that.")
            return Use(header, None, f"{why}; not guessed", is_told=True)
    item = f"{map_option(header, f'{key}.{number}')} if it is item {number}"
    visit = f"{map_option(header, f'{key}@{number}')} if it is the total at visit {number}"
    ways = [item, visit] if 1 <= number <= instruments[key].n_items else [visit]
    log.add("column_ambiguous", part.name, header,
            why="The number in the column's name could be an item or a visit; the column was not read.",
            what_to_do=f"Say {', '.join(ways)}.")
    return Use(header, None, "an item or a visit; not guessed", is_told=True)
