"""Tables of appointments: their rows give dates to other tables; only those of a treatment are sessions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from analytics.definitions.instruments import Instrument
from analytics.ingest.cells import Cells
from analytics.ingest.fields import Use, map_option
from analytics.ingest.headers import aliases_of, score_header
from analytics.ingest.held import not_held, status_of
from analytics.ingest.parts import Part
from analytics.ingest.problems import ProblemLog
from analytics.ingest.relations import fields_of, id_columns, keys_of, word_of_name
from analytics.ingest.sessions import SESSION_FIELDS
from analytics.ingest.synonyms import ASSESSMENT_WORDS, ATTRIBUTE_WORDS, SESSION_WORDS, squeezed

KINDS = ("eventtype", "appointmenttype", "appttype", "visittype", "encountertype", "eventname", "appointmentname",
          "service", "servicetype", "servicename", "type")
_TREATMENT = re.compile(r"ketamin|spravato|infusion|injection|\bkap\b|dosing|\btreatment\b", re.IGNORECASE)
_NO_TREATMENT = re.compile(r"consult|intake|consent|follow|screen|evaluat|integrat|prep|check|call|educat|plan|"
                           r"psychothe", re.IGNORECASE)
_NAMED_SESSIONS = re.compile(r"(?:ketamine|esketamine|spravato)?(?:treatment|infusion|session|injection|dosing)s?"
                             r"(?:details?|records?|logs?|list)?")
_OF_SESSIONS = frozenset({"treated_on", *SESSION_FIELDS})
_OF_EVENTS = frozenset({"event", "appointment", "appt", "visit", "encounter", "booking", "patenccsn", "csn", "contact"})


def with_events_told(
    parts: list[Part], said: Mapping[str, Use], instruments: Mapping[str, Instrument], log: ProblemLog
) -> list[Part]:
    """The tables of a relational export, with a column that says which rows are sessions where dates alone would.

    Notes
    -----
    In an export of one table a date without a score is a session. Where tables refer to each other by the ids of
    events, a date may be that of a note, a call or a list of medicines: only treatments are sessions.
    """
    if not _is_relational(parts):
        return parts
    aliases = aliases_of(instruments)
    held = {part.name: _held(part, said) for part in parts}
    open_ones = {part.name for part in parts
                 if not held[part.name] & {"instrument", "total", "record_type"} and not _is_said(part, said)
                 and not any(score_header(header, aliases, instruments) for header in part.headers)}
    of_drugs = {part.name for part in parts if part.name in open_ones and _names_other_drugs(part, said)}
    of_sessions = {part.name for part in parts if part.name in open_ones - of_drugs
                   and _NAMED_SESSIONS.fullmatch(word_of_name(part.name))}
    dated = [part for part in parts
             if part.name in open_ones - of_drugs - of_sessions and held[part.name] & {"date", "day"}
             and not held[part.name] & (_OF_SESSIONS - {"route"})]
    has_treatments = bool(of_sessions) or any(
        fields & (_OF_SESSIONS - {"route"}) for name, fields in held.items() if name not in of_drugs)
    kinds = {} if has_treatments else {part.name: kind for part in dated if (kind := _kind_column(part)) is not None}
    listed = _event_tables(dated) if not has_treatments and not kinds else set()
    told = {part.name: _told(part, kinds.get(part.name), said, log, is_asked=part.name in listed) for part in dated}
    for part in parts:
        if part.name in of_sessions and held[part.name] & {"date", "day"}:
            told[part.name] = _with_types(part, np.ones(len(part.rows), dtype=bool))
        if part.name in of_drugs:
            log.add("not_treatments", part.name)
            told[part.name] = _with_types(part, np.zeros(len(part.rows), dtype=bool))
    return [told.get(part.name, part) for part in parts]


def _held(part: Part, said: Mapping[str, Use]) -> set[str]:
    """The fields of a table; a column of kinds counts only where it tells sessions from assessments."""
    return {field for header, field in fields_of(part, said).items()
            if field != "record_type" or {squeezed(text).removesuffix("s") for text in part.column(header).texts}
            <= SESSION_WORDS | ASSESSMENT_WORDS | ATTRIBUTE_WORDS}


def _is_said(part: Part, said: Mapping[str, Use]) -> bool:
    return any(said[header].field in ("date", "assessed_on", "treated_on", "day", "record_type")
               for header in part.headers if header in said)


def _is_relational(parts: list[Part]) -> bool:
    """Whether the id of an event is a unique key of one table and stands in another too."""
    stems = [set(id_columns(part).values()) & _OF_EVENTS for part in parts]
    keys = [{key.stem for key in keys_of(part)} & _OF_EVENTS for part in parts]
    return any(key & stem for place, key in enumerate(keys) for other, stem in enumerate(stems) if other != place)


def _names_other_drugs(part: Part, said: Mapping[str, Use]) -> bool:
    """Whether a table lists medicines most of which are not ketamine."""
    drug = next((header for header, field in fields_of(part, said).items() if field == "drug"), None)
    texts = part.column(drug).texts if drug is not None else ()
    return 2 * sum(bool(_TREATMENT.search(text)) for text in texts) < len(texts)


def _event_tables(parts: list[Part]) -> set[str]:
    """Tables that list events, the id of each once."""
    return {part.name for part in parts if {key.stem for key in keys_of(part)} & _OF_EVENTS}


def _kind_column(part: Part) -> str | None:
    """The column whose words name treatments on some rows."""
    by_word = {squeezed(header): header for header in reversed(part.headers)}
    headers = [by_word[word] for word in KINDS if word in by_word]
    return next((header for header in headers if any(map(is_treatment, part.column(header).texts))), None)


def _told(part: Part, kind: str | None, said: Mapping[str, Use], log: ProblemLog, *, is_asked: bool) -> Part:
    """A table with dates and no scores: the rows whose kind is a treatment are sessions, no others."""
    date, field = next((header, field) for header, field in fields_of(part, said).items() if field in ("date", "day"))
    if kind is not None:
        is_session = _held_treatments(part, kind, log)
        log.add("events_are_sessions", part.name, kind, rows=part.rows[is_session])
        return _with_types(part, is_session)
    if is_asked:
        yes = "treated_on" if field == "date" else "day"
        log.add("events_open", part.name, date, option=map_option(date, yes),
                choices=(("each row is a session", yes), ("no row is a session", "assessed_on")))
    else:
        log.add("dates_not_sessions", part.name, date)
    return _with_types(part, np.zeros(len(part.rows), dtype=bool))


def _held_treatments(part: Part, kind: str, log: ProblemLog) -> np.ndarray:
    cells = part.column(kind)
    is_session = cells.spread(np.array([is_treatment(text) for text in cells.texts], dtype=bool), False)
    status = status_of(part.headers)
    if status is None:
        return is_session
    is_off = is_session & not_held(part.column(status))
    if is_off.any():
        log.add("events_not_held", part.name, status, rows=part.rows[is_off])
    return is_session & ~is_off


def _with_types(part: Part, is_session: np.ndarray) -> Part:
    words = pa.array(["assessment", "session"]).take(pa.array(is_session.astype(np.int8)))
    return replace(part, headers=(*part.headers, "record_type"), cells=(*part.cells, Cells(words)))


def is_treatment(text: str) -> bool:
    """Whether the name of a kind of event says that ketamine was given."""
    return bool(_TREATMENT.search(text)) and not _NO_TREATMENT.search(text)
