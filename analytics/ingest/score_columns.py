"""Which columns are totals, items or visits of an instrument, judged over all columns together."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analytics.definitions.instruments import Instrument
from analytics.ingest.awful_headers import NOT_NEEDED
from analytics.ingest.fields import Use, map_option
from analytics.ingest.headers import ScoreHeader
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part
from analytics.ingest.score_values import are_answers, hold_answers
from analytics.ingest.synonyms import RESEMBLING, squeezed

_OF_SEVERAL_FORMS = frozenset({"phq", "gad"})
"""Names that forms of several lengths share; a column of them is read as the longest, and shown for a look."""


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
            uses[header] = _total(part, header, found, instruments[found.key])
    return uses


def _total(part: Part, header: str, found: ScoreHeader, instrument: Instrument) -> Use:
    reason = "its name is one of the instrument" + (" and a visit" if found.visit else "")
    is_likely = found.stem in _OF_SEVERAL_FORMS
    if is_likely:
        reason = "its name is one that forms of several lengths share" + (" and a visit" if found.visit else "")
    elif found.visit is None and are_answers(part, header, instrument):
        is_likely, reason = True, reason + "; every value could be an answer to one item too"
    if found.timing:
        reason += f" and says {found.timing} the session"
    return Use(header, "total", reason, found.key, visit=found.visit, options=(found.timing,) if found.timing else (),
               confidence="likely" if is_likely else "sure")


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
            if twin is not None and hold_answers(part, [twin], instrument):
                candidates[last] = twin
        if instrument.n_items and set(candidates) == wanted and set(headers) <= wanted and hold_answers(
                part, candidates.values(), instrument):
            items.update({header: number for number, header in candidates.items()})
    return items


def _item_or_visit(
    part: Part, header: str, found: ScoreHeader, instruments: Mapping[str, Instrument], log: ProblemLog
) -> Use:
    key, number = found.key, found.number
    for pattern, why, likely in RESEMBLING:
        if re.fullmatch(pattern, squeezed(header)):
            log.add("column_ambiguous", part.name, header, why=f"The column {why}; it was not read.",
                    what_to_do=f"Say {map_option(header, likely)} if it is that.",
                    choices=((f"item {number} of {instruments[key].title}", likely), NOT_NEEDED))
            return Use(header, None, f"{why}; not guessed", confidence="open", is_told=True)
    is_item = 1 <= number <= instruments[key].n_items and hold_answers(part, [header], instruments[key])
    ways = [(f"item {number}", f"{key}.{number}")] if is_item else []
    ways.append((f"the total at visit {number}", f"{key}@{number}"))
    said = ", ".join(f"{map_option(header, words)} if it is {meaning}" for meaning, words in ways)
    log.add("column_ambiguous", part.name, header,
            why="The number in the column's name could be an item or a visit; the column was not read.",
            what_to_do=f"Say {said}.", choices=(*ways, NOT_NEEDED))
    return Use(header, None, "an item or a visit; not guessed", confidence="open", is_told=True)
