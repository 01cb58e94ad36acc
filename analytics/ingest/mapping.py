"""Which column of a file is what: by the caller's word, by its header, by what it holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import ASSESSMENTS, SESSIONS, ColumnUse
from analytics.ingest.cells import date_in, number_in, time_in
from analytics.ingest.headers import ScoreHeader, aliases_of, instrument_named, score_header
from analytics.ingest.identifiers import identifies
from analytics.ingest.problems import ProblemLog, these_columns
from analytics.ingest.read import Part
from analytics.ingest.synonyms import (
    ASSESSMENT_WORDS,
    ATTRIBUTE_HEADERS,
    ATTRIBUTE_WORDS,
    DOSE_UNITS_IN_HEADER,
    HEADERS,
    RESEMBLING,
    SESSION_WORDS,
    squeezed,
)

_PATTERN = re.compile(
    r"(?P<key>[^.@\[\]\s]+)(?:\.(?P<item>[0-9]+))?"
    r"(?:\[(?P<low>-?[0-9]+(?:\.[0-9]+)?)\.\.(?P<high>-?[0-9]+(?:\.[0-9]+)?)\])?(?:@(?P<visit>.+))?")

_OWN_FIELDS = ("date", "record_type", "observed_until_day", "attribute", "ignore")
_NOT_IN_FILES = frozenset({"prorated", "n_items_missing"})
FIELDS = tuple(dict.fromkeys(
    [column.name for column in (*ASSESSMENTS, *SESSIONS) if column.name not in _NOT_IN_FILES] + list(_OWN_FIELDS)))
"""What a column can be mapped to, besides instruments and their items."""

_AT_A_VISIT = frozenset({"day", "date", "assessed_on", "time", "timing"})


@dataclass(frozen=True)
class Use:
    """What one column is read as.

    Attributes
    ----------
    field : a canonical column, ``total`` or ``item`` of ``instrument``, ``attribute``, or missing (not read)
    visit : the visit a column of a wide file belongs to
    scale : the range the file uses, where it is not the instrument's own
    unit : the unit a header carries
    is_explicit : whether a person said so
    may_be_attribute : whether nothing is known about the column, so that its values may make it an attribute
    """

    header: str
    field: str | None
    reason: str
    instrument: str | None = None
    item: int | None = None
    visit: str | None = None
    scale: tuple[float, float] | None = None
    unit: str | None = None
    is_explicit: bool = False
    may_be_attribute: bool = False

    @property
    def words(self) -> str | None:
        """The use in the words of ``--map``."""
        if self.field is None:
            return None
        words = self.field
        if self.instrument is not None and self.field in ("total", "item"):
            words = self.instrument if self.item is None else f"{self.instrument}.{self.item}"
        if self.scale is not None:
            words += f"[{self.scale[0]:g}..{self.scale[1]:g}]"
        return words if self.visit is None else f"{words}@{self.visit}"


def use_said(header: str, text: str, instruments: Mapping[str, Instrument]) -> Use:
    """What ``--map HEADER=TEXT`` says.

    Raises
    ------
    ValueError
        When the text is no field, no instrument, or names an item, a range or a visit that cannot be.
    """
    match = _PATTERN.fullmatch(text.strip())
    key = match["key"] if match else ""
    key = next((known for known in instruments if known.lower() == key.lower()), key)
    plain = key.lower()
    if match is None or (key not in instruments and plain not in FIELDS):
        raise ValueError(f"--map {header}={text}: there is no such field; there are {', '.join(FIELDS)}, "
                         f"the instruments {', '.join(instruments)}, and their items as in phq9.3.")
    visit = match["visit"].strip() if match["visit"] else None
    scale = (float(match["low"]), float(match["high"])) if match["low"] else None
    if key not in instruments:
        if match["item"] or scale or (visit and plain not in _AT_A_VISIT):
            raise ValueError(f"--map {header}={text}: only an instrument has items and a range, and only scores, days, "
                             "dates, times and timing belong to a visit.")
        return Use(header, None if plain == "ignore" else plain, "mapped by name", visit=visit, is_explicit=True)
    instrument = instruments[key]
    item = int(match["item"]) if match["item"] else None
    if item is not None and (not 1 <= item <= instrument.n_items or scale):
        raise ValueError(f"--map {header}={text}: {instrument.title} has {instrument.n_items} items known here, "
                         "and only a total has a range.")
    if scale is not None and scale[0] >= scale[1]:
        raise ValueError(f"--map {header}={text}: a range goes from its lowest to its highest score, as in [0..10].")
    if scale == (instrument.minimum, instrument.maximum):
        scale = None
    return Use(header, "total" if item is None else "item", "mapped by name", key, item, visit, scale, is_explicit=True)


def uses_of(
    part: Part, said: Mapping[str, Use], attributes: Collection[str], instruments: Mapping[str, Instrument],
    log: ProblemLog,
) -> tuple[Use, ...]:
    """What every column of a table is read as; attributes found by their values come later."""
    aliases = aliases_of(instruments)
    chosen: dict[str, Use] = {}
    open_headers: list[str] = []
    for header in part.headers:
        if header in said:
            chosen[header] = said[header]
            if identifies(header) and said[header].field not in (None, "patient_id"):
                log.add("identifier_mapped", part.name, header)
        elif identifies(header):
            chosen[header] = Use(header, None, "looks like it could identify a person")
        else:
            open_headers.append(header)
    scores = {header: found for header in open_headers
              if (found := score_header(header, aliases, instruments)) is not None}
    chosen.update(_score_uses(part, scores, instruments, log))
    is_long = any(use.field == "instrument" for use in said.values() if use.header in part.headers)
    for header in open_headers:
        if header in chosen:
            continue
        use = _use_by_header(part, header)
        if use is not None and use.field == "instrument":
            use = use if _names_instruments(part, header, aliases) else None
            is_long = is_long or use is not None
        if use is not None:
            chosen[header] = use
        elif header in attributes or squeezed(header) in ATTRIBUTE_HEADERS:
            chosen[header] = Use(header, "attribute", "named as an attribute" if header in attributes
                                 else "its name is one of a usual attribute")
        else:
            chosen[header] = _left_open(part, header, log)
    uses = [chosen[header] for header in part.headers]
    if not is_long:
        uses = [_closed(use, "a total needs a column that names the instrument")
                if use.field == "total" and use.instrument is None else use for use in uses]
    uses = _as_attributes(uses, attributes)
    return tuple(_one_of_each(part, uses, log))


def _as_attributes(uses: list[Use], attributes: Collection[str]) -> list[Use]:
    """Columns not read otherwise become attributes where the caller names them; identifiers never do."""
    return [Use(use.header, "attribute", "named as an attribute")
            if use.field is None and not use.is_explicit and use.header in attributes and not identifies(use.header)
            else use for use in uses]


def _closed(use: Use, reason: str) -> Use:
    return Use(use.header, None, reason)


def _use_by_header(part: Part, header: str) -> Use | None:
    """A field by a usual name, checked against what the column holds where the name says too little."""
    word = squeezed(header)
    if word in DOSE_UNITS_IN_HEADER:
        return Use(header, "dose", "its name is one of a dose with its unit", unit=DOSE_UNITS_IN_HEADER[word])
    field = next((field for field, words in HEADERS.items() if word in words or word == squeezed(field)), None)
    if word == "time":
        return Use(header, "time", "its values are times of day") if _most(part, header, time_in) else None
    if field in ("day", "time") and _most(part, header, date_in):
        return Use(header, "date" if field == "day" else "assessed_on", "its values are dates")
    if field == "record_type":
        return Use(header, field, "its values tell sessions from assessments") if _tells_types(part, header) else None
    return Use(header, field, "its name is a usual one for it") if field is not None else None


def _most(part: Part, header: str, meaning) -> bool:
    sample = part.column(header).sample()
    return bool(sample) and sum(meaning(text) is not None for text in sample) >= 0.8 * len(sample)


def _tells_types(part: Part, header: str) -> bool:
    words = {squeezed(text) for text in part.column(header).texts[:50]}
    known = {word + ending for word in SESSION_WORDS | ASSESSMENT_WORDS | ATTRIBUTE_WORDS for ending in ("", "s")}
    return bool(words) and words <= known


def _names_instruments(part: Part, header: str, aliases: Mapping[str, str]) -> bool:
    return any(instrument_named(text, aliases) for text in part.column(header).texts[:1000])


def _left_open(part: Part, header: str, log: ProblemLog) -> Use:
    word = squeezed(header)
    for pattern, why, likely in RESEMBLING:
        if re.fullmatch(pattern, word):
            remedy = (f"Say --map {header}={likely} if it is that." if likely
                      else "Describe it in an instruments file if it should be counted.")
            log.add("column_ambiguous", part.name, header, why=f"The column {why}; it was not read.", what_to_do=remedy)
            return Use(header, None, f"{why}; not guessed")
    if word in ("time", "id"):
        return Use(header, None, "could be a visit or a time of day; not guessed" if word == "time"
                   else "could be the patient or the row; not guessed")
    return Use(header, None, "", may_be_attribute=True)


def _score_uses(
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


def _one_of_each(part: Part, uses: Iterable[Use], log: ProblemLog) -> list[Use]:
    """One column a field: what was said by name first, then the surest name, then the leftmost."""
    taken: dict[tuple, Use] = {}
    uses = list(uses)

    def sureness(use: Use) -> tuple:
        words = HEADERS.get(use.field or "", ())
        word = squeezed(use.header)
        return (not use.is_explicit, words.index(word) if word in words else -1, part.headers.index(use.header))

    for use in sorted((use for use in uses if use.field not in (None, "attribute")), key=sureness):
        taken.setdefault((use.field, use.instrument, use.item, use.visit), use)
    kept = {id(use) for use in taken.values()}
    result = []
    for use in uses:
        if use.field in (None, "attribute") or id(use) in kept:
            result.append(use)
            continue
        first = taken[(use.field, use.instrument, use.item, use.visit)].header
        log.add("column_ambiguous", part.name, use.header,
                why="Another column was read for the same thing; this one was not.",
                what_to_do="Say which one it is with --map, and --map the other to ignore.")
        result.append(_closed(use, f"{use.words} is read from {first}"))
    return result


def note_unused(part: Part, uses: Iterable[Use], log: ProblemLog) -> None:
    """One note about columns that are not read, and one about those that look like identifiers."""
    unused = [use for use in uses if use.field is None and not use.is_explicit]
    hidden = [use.header for use in unused if use.reason.startswith("looks like it could identify")]
    told = [use.header for use in unused if use.header not in hidden]
    if hidden:
        log.add("identifier_not_read", part.name, count=len(hidden), these=these_columns(len(hidden)),
                names=", ".join(hidden))
    if told:
        log.add("column_not_used", part.name, these=these_columns(len(told)), names=", ".join(told))


def records_of_use(part: Part, uses: Iterable[Use]) -> list[ColumnUse]:
    """What every column was taken for, and why."""
    return [ColumnUse(part.name, use.header, use.words or ("ignore" if use.is_explicit else None),
                      use.reason or "nothing known has this name") for use in uses]


def holds_values(headers: Iterable[str]) -> bool:
    """Whether what should be headers are numbers and dates: the file has no header row."""
    texts = [header for header in headers if not header.startswith("(column ")]
    values = [text for text in texts if number_in(text) is not None or date_in(text) is not None]
    return bool(texts) and 2 * len(values) >= len(texts) and len(values) > 0
