"""Which column of a file is what: by the caller's word, by its header, by what it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import ColumnUse
from analytics.ingest.awful_headers import NOT_NEEDED
from analytics.ingest.cells import time_in
from analytics.ingest.dates import date_text
from analytics.ingest.fields import Use, map_option
from analytics.ingest.headers import aliases_of, cell_aliases_of, instrument_named, score_header
from analytics.ingest.identifiers import identifies
from analytics.ingest.problems import ProblemLog, these_columns
from analytics.ingest.proposals import (
    around_sessions,
    awful_uses,
    first_of_several,
    later_ones,
    named_by_table,
    question_uses,
    unnamed_total,
)
from analytics.ingest.read import Part
from analytics.ingest.redcap import events_without_sessions, redcap_uses, timestamp_uses
from analytics.ingest.reductions import is_reduced
from analytics.ingest.samples import sample_of
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

_FIELD_OF = {word: field for field, words in reversed(HEADERS.items()) for word in (*words, squeezed(field))}
"""The field of every usual name; a name of two fields is the one's that comes first."""


def uses_of(
    part: Part, said: Mapping[str, Use], attributes: Collection[str], instruments: Mapping[str, Instrument],
    log: ProblemLog,
) -> tuple[Use, ...]:
    """What every column of a table is read as; attributes found by their values come later."""
    aliases = aliases_of(instruments)
    chosen = {header: _with_instrument(use, aliases, instruments)
              for header, use in _said_or_screened(part, said, log).items()}
    chosen.update(redcap_uses(part, _without(part, chosen), log))
    chosen.update(later_ones(part, _without(part, chosen), aliases, instruments, log))
    scores = {header: found for header in _without(part, chosen)
              if (found := score_header(header, aliases, instruments)) is not None}
    chosen.update(score_uses(part, scores, instruments, log))
    in_cells = cell_aliases_of(instruments)
    for header in _without(part, chosen):
        use = _use_by_header(part, header)
        if use is not None and (use.field != "instrument" or _names_instruments(part, header, in_cells)):
            chosen[header] = use
        elif header in attributes or squeezed(header) in ATTRIBUTE_HEADERS:
            chosen[header] = Use(header, "attribute", "named as an attribute" if header in attributes
                                 else "its name is one of a usual attribute")
    chosen.update(question_uses(part, _without(part, chosen), instruments, log))
    chosen.update(timestamp_uses(part, chosen))
    is_long = any(use.field == "instrument" for use in chosen.values())
    totals = [use.header for use in chosen.values() if use.field == "total" and use.instrument is None
              and not use.is_explicit]
    if not is_long:
        chosen.update(named_by_table(part, [*totals, *_without(part, chosen)], chosen.values(), aliases, instruments))
    for header in _without(part, chosen):
        chosen[header] = _left_open(part, header, log)
    unknown = [use.header for use in chosen.values() if use.may_be_attribute]
    chosen.update(awful_uses(part, unknown, aliases, instruments, log))
    uses = first_of_several(part, [chosen[header] for header in part.headers])
    if not is_long:
        uses = _totals_closed(part, uses, instruments, log)
    uses = _as_attributes(around_sessions(part, uses, log), attributes)
    return tuple(_one_of_each(part, events_without_sessions(part, uses), log))


def _said_or_screened(part: Part, said: Mapping[str, Use], log: ProblemLog) -> dict[str, Use]:
    """Columns that a person named, and those that are not read because they could identify one."""
    chosen: dict[str, Use] = {}
    for header in part.headers:
        if header in said:
            chosen[header] = said[header]
            if identifies(header) and said[header].field not in (None, "patient_id") and not is_reduced(said[header]):
                log.add("identifier_mapped", part.name, header)
        elif identifies(header):
            chosen[header] = Use(header, None, "looks like it could identify a person")
    return chosen


def _with_instrument(use: Use, aliases: Mapping[str, str], instruments: Mapping[str, Instrument]) -> Use:
    """A date that a person described, still that of the one instrument its header names."""
    found = score_header(use.header, aliases, instruments) if use.field == "assessed_on" else None
    return replace(use, instrument=found.key) if found is not None and found.is_date else use


def _without(part: Part, chosen: Collection[str]) -> list[str]:
    return [header for header in part.headers if header not in chosen]


def _totals_closed(
    part: Part, uses: list[Use], instruments: Mapping[str, Instrument], log: ProblemLog
) -> list[Use]:
    """Totals without an instrument are not read; the only one of a table that has no score is asked about."""
    nameless = [use for use in uses if use.field == "total" and use.instrument is None]
    has_scores = any(use.field in ("total", "item") and use.instrument is not None for use in uses)
    is_asked = len(nameless) == 1 and not has_scores and not nameless[0].is_explicit and any(
        use.field == "patient_id" for use in uses)
    return [use if use not in nameless else unnamed_total(part, use.header, instruments, log) if is_asked
            else _closed(use, "a total needs a column that names the instrument") for use in uses]


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
    field = _FIELD_OF.get(word)
    if word == "time":
        return Use(header, "time", "its values are times of day") if _most(part, header, time_in) else None
    if field in ("day", "time") and _most(part, header, date_text):
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
            choices = (("it is that", likely), NOT_NEEDED) if likely else ()
            log.add("column_ambiguous", part.name, header, why=f"The column {why}; it was not read.", what_to_do=remedy,
                    choices=choices)
            return Use(header, None, f"{why}; not guessed", confidence="open", is_told=True)
    if word in ("time", "id"):
        return Use(header, None, "could be a visit or a time of day" if word == "time"
                   else "could be the patient or the row")
    if re.fullmatch(r"\((?:column [0-9]+|sheet)\)", header):
        return Use(header, None, "it has no name", is_told=True)
    if re.fullmatch(r"unnamed[0-9]+(level[0-9]+)?", word):
        return Use(header, None, "it has no name")
    return Use(header, None, "", may_be_attribute=True)


def _one_of_each(part: Part, uses: Iterable[Use], log: ProblemLog) -> list[Use]:
    """One column a field: what was said by name first, then the surest name, then the leftmost."""
    taken: dict[tuple, Use] = {}
    uses = list(uses)

    def sureness(use: Use) -> tuple:
        words = HEADERS.get(use.field or "", ())
        word = squeezed(use.header)
        return (not use.is_explicit, use.confidence != "sure", words.index(word) if word in words else -1,
                part.headers.index(use.header))

    for use in sorted((use for use in uses if use.field not in (None, "attribute")), key=sureness):
        taken.setdefault(_thing(use), use)
    kept = {id(use) for use in taken.values()}
    result = []
    for use in uses:
        if use.field in (None, "attribute") or id(use) in kept:
            result.append(use)
            continue
        first = taken[_thing(use)].header
        log.add("column_ambiguous", part.name, use.header,
                why="Another column was read for the same thing; this one was not.",
                what_to_do="Say which one it is with --map, and --map the other to ignore.",
                choices=(("this one instead of the other", use.words), NOT_NEEDED))
        result.append(Use(use.header, None, f"{use.words} is read from {first}", confidence="open", is_told=True))
    return result


def _thing(use: Use) -> tuple:
    """What two columns cannot both be; scores before and after a session are two things."""
    return use.field, use.instrument, use.item, use.visit, *(set(use.options) & {"before", "during", "after"})


def note_unused(part: Part, uses: Iterable[Use], log: ProblemLog) -> None:
    """One note about columns that are not read, and one about those that look like identifiers."""
    unused = [use for use in uses if use.field is None and not use.is_explicit and not use.is_told]
    hidden = [use.header for use in unused if identifies(use.header)]
    told = [use.header for use in unused if use.header not in hidden]
    if hidden:
        log.add("identifier_not_read", part.name, count=len(hidden), these=these_columns(len(hidden)),
                names=", ".join(hidden))
    likely = [use.header for use in uses if use.field not in (None, "attribute") and use.confidence == "likely"]
    if likely:
        log.add("columns_likely", part.name, count=len(likely), these=these_columns(len(likely)),
                names=", ".join(likely))
    if told:
        log.add("column_not_used", part.name, these=these_columns(len(told)), names=", ".join(told))


def records_of_use(part: Part, uses: Iterable[Use]) -> list[ColumnUse]:
    """What every column was taken for, and why."""
    return [ColumnUse(part.name, use.header, use.words or ("ignore" if use.is_explicit else None),
                      use.reason or "nothing known has this name",
                      use.confidence if use.field is not None or use.is_explicit else "open",
                      is_identifier=use.identifier is not None,
                      sample=sample_of(part.column(use.header), use, is_identifier=use.identifier is not None))
            for use in uses]
