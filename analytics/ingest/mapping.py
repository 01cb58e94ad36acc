"""Which column of a file is what: by the caller's word, by its header, by what it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import ColumnUse
from analytics.ingest.cells import date_in, time_in
from analytics.ingest.fields import Use, map_option
from analytics.ingest.headers import aliases_of, instrument_named, score_header
from analytics.ingest.identifiers import identifies
from analytics.ingest.problems import ProblemLog, these_columns
from analytics.ingest.read import Part
from analytics.ingest.score_columns import score_uses
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
    chosen.update(score_uses(part, scores, instruments, log))
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


def _most(part: Part, header: str, meaning: Callable[[str], object]) -> bool:
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
            remedy = (f"Say {map_option(header, likely)} if it is that." if likely
                      else "Describe it in an instruments file if it should be counted.")
            log.add("column_ambiguous", part.name, header, why=f"The column {why}; it was not read.", what_to_do=remedy)
            return Use(header, None, f"{why}; not guessed", is_told=True)
    if word in ("time", "id"):
        return Use(header, None, "could be a visit or a time of day" if word == "time"
                   else "could be the patient or the row")
    if re.fullmatch(r"\(column [0-9]+\)", header):
        return Use(header, None, "it has no name", is_told=True)
    return Use(header, None, "", may_be_attribute=True)


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
        result.append(Use(use.header, None, f"{use.words} is read from {first}", is_told=True))
    return result


def note_unused(part: Part, uses: Iterable[Use], log: ProblemLog) -> None:
    """One note about columns that are not read, and one about those that look like identifiers."""
    unused = [use for use in uses if use.field is None and not use.is_explicit and not use.is_told]
    hidden = [use.header for use in unused if identifies(use.header)]
    told = [use.header for use in unused if use.header not in hidden]
    if hidden:
        log.add("identifier_not_read", part.name, count=len(hidden), these=these_columns(len(hidden)),
                names=", ".join(hidden))
    if told:
        log.add("column_not_used", part.name, these=these_columns(len(told)), names=", ".join(told))


def records_of_use(part: Part, uses: Iterable[Use]) -> list[ColumnUse]:
    """What every column was taken for, and why."""
    return [ColumnUse(part.name, use.header, use.words or ("ignore" if use.is_explicit else None),
                      use.reason or "nothing known has this name",
                      use.confidence if use.field is not None or use.is_explicit else "open") for use in uses]
