"""Which columns are totals, items or visits of an instrument, judged over all columns together."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analytics.definitions.instruments import Instrument
from analytics.ingest.cells import number_in
from analytics.ingest.fields import Use
from analytics.ingest.headers import ScoreHeader
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part
from analytics.ingest.synonyms import RESEMBLING, squeezed


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
    """Headers with a bare number that are items: all numbers are there, and no value lies above an item's range."""
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
            if twin is not None:
                candidates[last] = twin
        if instrument.n_items and set(candidates) == wanted and set(headers) <= wanted and all(
                _within(part, header, instrument) for header in candidates.values()):
            items.update({header: number for number, header in candidates.items()})
    return items


def _within(part: Part, header: str, instrument: Instrument) -> bool:
    """Whether the column can hold answers to one item: codes for missing answers apart, none above the range."""
    numbers = [number_in(text) for text in part.column(header).sample()]
    above = [number for number in numbers if number is not None and number > instrument.item_maximum]
    return all(number in (7, 8, 9) or number > 70 for number in above)


def _item_or_visit(
    part: Part, header: str, found: ScoreHeader, instruments: Mapping[str, Instrument], log: ProblemLog
) -> Use:
    key, number = found.key, found.number
    for pattern, why, likely in RESEMBLING:
        if re.fullmatch(pattern, squeezed(header)):
            log.add("column_ambiguous", part.name, header, why=f"The column {why}; it was not read.",
                    what_to_do=f"Say --map {header}={likely} if it is that.")
            return Use(header, None, f"{why}; not guessed")
    item = f"--map {header}={key}.{number} if it is item {number}" if number <= instruments[key].n_items else ""
    visit = f"--map {header}={key}@{number} if it is the total at visit {number}"
    log.add("column_ambiguous", part.name, header,
            why="The number in the column's name could be an item or a visit; the column was not read.",
            what_to_do="Say " + ", ".join(text for text in (item, visit) if text) + ".")
    return Use(header, None, "an item or a visit; not guessed")
