"""Relational exports: tables whose rows carry the id of an event get its patient, date and place from the event.

Only what is certain is joined: the id is a unique key of one other table, and nearly all ids are found there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from analytics.ingest.cells import Cells
from analytics.ingest.fields import Use
from analytics.ingest.parts import Part
from analytics.ingest.pivot import picked
from analytics.ingest.problems import ProblemLog
from analytics.ingest.synonyms import DOSE_UNITS_IN_HEADER, HEADERS, squeezed

_STEMS = ("event", "appointment", "appt", "visit", "encounter", "session", "treatment", "booking", "surveyresponse",
          "response", "survey", "assessment", "questionnaire", "questionnaireresponse", "form", "submission",
          "patenccsn", "csn", "contact")
_ID = re.compile(rf"(?P<stem>{'|'.join(sorted(_STEMS, key=len, reverse=True))})(?:id|key|uuid|guid|csnid)")
_PLACES = frozenset({"day", "date", "assessed_on", "treated_on", "visit"})
_FOUND_FROM = 0.95
"""Share of the ids that must be found for a join to be certain."""

_ALSO = frozenset({"site", "sitename", "siteid", "sitecode", "clinic", "clinicname", "location", "facility",
                   "clinician", "cliniciancode", "clinicianid", "provider", "providercode", "providerid", "therapist"})
_TRAVELS = _PLACES | {"patient_id", "course_id", "time", "route", "instrument"}
_PASSES = (True, True, True, False, True)
"""Whether a pass joins only tables that give all that is missing; a chain of ids takes several."""


@dataclass(frozen=True)
class Key:
    """A column of one table whose ids are a unique key."""

    part: Part
    header: str
    stem: str


def with_relations(parts: list[Part], said: Mapping[str, Use], log: ProblemLog) -> list[Part]:
    """The tables, with what an id says put beside each row that carries it."""
    if len(parts) < 2:
        return parts
    parts = _with_patient_ids(parts, said, log)
    done: set[str] = set()
    for is_whole in _PASSES:
        keys = [key for part in parts for key in keys_of(part)]
        parts = [_joined(part, keys, said, done, log, is_whole=is_whole) for part in parts]
    return parts


def _with_patient_ids(parts: list[Part], said: Mapping[str, Use], log: ProblemLog) -> list[Part]:
    """The table of patients whose own ``id`` is what other tables call the patient, under that name."""
    theirs = [(header, part.column(header)) for part in parts for header, field in fields_of(part, said).items()
              if field == "patient_id"]
    turned = []
    for part in parts:
        own = next((header for header in part.headers if squeezed(header) == "id" and header not in said), None)
        word = word_of_name(part.name)
        if (own is None or not theirs or "patient_id" in fields_of(part, said).values()
                or not _is_unique(part.column(own))
                or not re.search(r"patient|client|demographic", word)
                or any(_positions(cells, part.column(own)) is None for _, cells in theirs if cells.texts)):
            turned.append(part)
            continue
        log.add("id_is_patient", part.name, own)
        turned.append(replace(part, headers=tuple(theirs[0][0] if header == own else header
                                                  for header in part.headers)))
    return turned


_FIELD_BY_WORD = dict.fromkeys(DOSE_UNITS_IN_HEADER, "dose") | {
    word: field for field, words in HEADERS.items() for word in (*words, squeezed(field))}
"""What a header is by its name alone."""


def fields_of(part: Part, said: Mapping[str, Use]) -> dict[str, str]:
    """What headers are by their name alone, or by a person's word: header -> field."""
    fields = {header: said[header].field if header in said else _FIELD_BY_WORD.get(squeezed(header))
              for header in part.headers}
    return {header: field for header, field in fields.items() if field is not None}


def id_columns(part: Part) -> dict[str, str]:
    """Headers that hold the id of an event, a response or the like, and what of."""
    found = {header: match["stem"] for header in part.headers if (match := _ID.fullmatch(squeezed(header)))}
    return {header: stem for header, stem in found.items() if part.column(header).texts}


def keys_of(part: Part) -> list[Key]:
    """The columns of a table whose ids are a unique key; a plain ``id`` is that of what the table is named after."""
    own = next((header for header in part.headers if squeezed(header) == "id"), None)
    columns = id_columns(part)
    stem = _stem_of_name(part.name)
    if own is not None and stem is not None and stem not in columns.values():
        columns[own] = stem
    return [Key(part, header, stem) for header, stem in columns.items() if _is_unique(part.column(header))]


def word_of_name(name: str) -> str:
    """What a table is called, letters and digits only: ``export.zip [Events.csv]`` is ``events``."""
    last = re.split(r"[\[/\\]", name.rstrip("]"))[-1]
    return squeezed(re.sub(r"\.[a-z]+$", "", last, flags=re.IGNORECASE))


def _stem_of_name(name: str) -> str | None:
    """What the rows of a table are by its name: ``export.zip [events.csv]`` holds events."""
    word = word_of_name(name)
    return next((stem for stem in sorted(_STEMS, key=len, reverse=True)
                 if word in (stem, f"{stem}s", f"{stem}details")), None)


def _is_unique(cells: Cells) -> bool:
    filled = cells.codes[cells.codes >= 0]
    return len(filled) > 0 and len(np.unique(filled)) == len(filled)


def _joined(
    part: Part, keys: Iterable[Key], said: Mapping[str, Use], done: set[str], log: ProblemLog, *, is_whole: bool
) -> Part:
    missing = _missing(part, said)
    if not missing or part.name in done:
        return part
    found = []
    for header, stem in id_columns(part).items():
        for key in keys:
            gives = missing - _missing(key.part, said)
            if key.part.name != part.name and key.stem == stem and (gives == missing if is_whole else gives):
                positions = _positions(part.column(header), key.part.column(key.header))
                if positions is not None:
                    found.append((header, key, positions))
    if len({key.part.name for _, key, _ in found}) > 1:
        found = [one for one in found if _stem_of_name(one[1].part.name) == one[1].stem]
    if len({key.part.name for _, key, _ in found}) != 1:
        return part
    done.add(part.name) if is_whole else None
    return _with_columns(part, *found[0], said, log)


def _missing(part: Part, said: Mapping[str, Use]) -> set[str]:
    """Which of patient and place a table does not say."""
    fields = set(fields_of(part, said).values())
    return {what for what, is_there in (("patient", "patient_id" in fields), ("place", bool(fields & _PLACES)))
            if not is_there}


def _positions(child: Cells, parent: Cells) -> np.ndarray | None:
    """The row of the parent for each row of the child; missing where too few are found."""
    positions = found_at(child, parent)
    n_ids = int((child.codes >= 0).sum())
    return positions if n_ids and (positions >= 0).sum() >= _FOUND_FROM * n_ids else None


def found_at(child: Cells, parent: Cells) -> np.ndarray:
    """The row of the parent with the id of each row of the child, -1 where there is none."""
    row_of = np.full(len(parent.texts) + 1, -1, dtype=np.int64)
    filled = np.flatnonzero(parent.codes >= 0)
    row_of[parent.codes[filled]] = filled
    place = {text: number for number, text in enumerate(parent.texts)}
    return child.spread(row_of[np.array([place.get(text, -1) for text in child.texts], dtype=np.int64)], -1)


def _with_columns(
    part: Part, header: str, key: Key, positions: np.ndarray, said: Mapping[str, Use], log: ProblemLog
) -> Part:
    own, fields = fields_of(part, said), fields_of(key.part, said)
    lost = positions < 0
    differs = _other_patient(part, key.part, positions, own, fields)
    positions = np.where(differs, -1, positions)
    taken = [other for other in key.part.headers
             if other not in part.headers and other != key.header and not _is_there(other, fields, own)
             and (fields.get(other) in _TRAVELS or squeezed(other) in _ALSO)]
    log.add("joined_by_id", part.name, header, parent=key.part.name, names=", ".join(taken))
    if lost.any():
        log.add("id_not_found", part.name, header, rows=part.rows[lost], parent=key.part.name)
    if differs.any():
        log.add("joined_patient_differs", part.name, header, rows=part.rows[differs], parent=key.part.name)
    return replace(part, headers=(*part.headers, *taken),
                   cells=(*part.cells, *(picked(key.part.column(other), positions) for other in taken)))


def _is_there(header: str, fields: Mapping[str, str], own: Mapping[str, str]) -> bool:
    """Whether the child says a thing itself; its own place in time is never doubled."""
    field = fields.get(header)
    if field in _PLACES | {"time"}:
        return bool(_PLACES & set(own.values()))
    return field is not None and field in own.values()


def _other_patient(
    child: Part, parent: Part, positions: np.ndarray, own: Mapping[str, str], fields: Mapping[str, str]
) -> np.ndarray:
    """Rows whose own patient is another one than that of the event."""
    mine = next((header for header, field in own.items() if field == "patient_id"), None)
    theirs = next((header for header, field in fields.items() if field == "patient_id"), None)
    if mine is None or theirs is None:
        return np.zeros(len(positions), dtype=bool)
    here, there = child.column(mine), picked(parent.column(theirs), positions)
    number = {text: place for place, text in enumerate(dict.fromkeys((*here.texts, *there.texts)))}
    codes = [cells.spread(np.array([number[text] for text in cells.texts], dtype=np.int64), -1)
             for cells in (here, there)]
    return (codes[0] >= 0) & (codes[1] >= 0) & (codes[0] != codes[1])
