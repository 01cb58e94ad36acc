"""Flat exports of REDCap, raw or with labels: one table of all forms -> one table of what stands once an event,
and one of every form that repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from analytics.ingest.awful_headers import NOT_NEEDED
from analytics.ingest.cells import Cells, writes_date
from analytics.ingest.fields import Use, map_option
from analytics.ingest.identifiers import identifies
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part
from analytics.ingest.sessions import SESSION_FIELDS
from analytics.ingest.synonyms import HEADERS, SIDE_EFFECTS, side_effect_of, squeezed

_OWN = {
    "event": ("redcap_event_name", "Event Name"),
    "form": ("redcap_repeat_instrument", "Repeat Instrument"),
    "instance": ("redcap_repeat_instance", "Repeat Instance"),
    "group": ("redcap_data_access_group", "Data Access Group"),
    "person": ("redcap_survey_identifier", "Survey Identifier"),
}
"""Columns that REDCap adds to those of a project, as raw names and as labels."""

_STATES = frozenset({"0", "1", "2", "incomplete", "unverified", "complete"})
_UNFINISHED = frozenset({"0", "1", "incomplete", "unverified"})
_CHECKED, _UNCHECKED = frozenset({"1", "checked"}), frozenset({"0", "unchecked"})
_RAW_BOX = re.compile(r"(?P<field>.+?)___(?P<choice>.+)")
_LABEL_BOX = re.compile(r"(?P<field>.+?)\s*\(choice=(?P<choice>.+)\)(?: \(column [0-9]+\))?")
_STATE = re.compile(r"(?P<form>.+)_complete|Complete\?(?: \(column [0-9]+\))?")
_TIMESTAMP = re.compile(r"(?P<form>.+)_timestamp|Survey Timestamp(?: \(column [0-9]+\))?")
_OF_SIDE_EFFECTS = re.compile(r"side[ _]?effects?|adverse|(?:^|_)(?:ae|sae|aes|se)(?:_|$)", re.IGNORECASE)
_NO_ONE_EFFECT = frozenset({"none", "noneoftheabove", "nosideeffects", "other", "unknown", "na"})
_PLACED = frozenset({"date", "assessed_on", "treated_on", "day", "visit"})
_DAYS = frozenset(HEADERS["day"]) | {"day"}
_INSTANCE_AS_VISIT = "repeat instance as visit"
_NOT_COMPLETED = "[not completed]"
_MOST_FORMS = 60


@dataclass(frozen=True)
class Block:
    """The columns of one form, in the order of the export, which ends every form with its state."""

    state: str
    columns: tuple[str, ...]


def is_redcap(part: Part) -> bool:
    """Whether a table is an export of REDCap: it has REDCap's own columns, or the states of forms."""
    raw = [names[0] for names in _OWN.values()]
    if any(header in raw for header in part.headers) or {"Repeat Instrument", "Repeat Instance"} <= set(part.headers):
        return True
    states = [header for header in part.headers if _STATE.fullmatch(header) and _holds(part, header, _STATES)]
    return bool(states) and ("Event Name" in part.headers or squeezed(part.headers[0]) == "recordid")


def own_column(part: Part, what: str) -> str | None:
    """The header of one of REDCap's own columns: event, form, instance, group or person."""
    return next((name for name in _OWN[what] if name in part.headers), None)


def with_redcap(parts: Iterable[Part], said: Mapping[str, Use], log: ProblemLog) -> list[Part]:
    """The tables, with exports of REDCap taken apart into tables whose rows are of one kind."""
    made: list[Part] = []
    for part in parts:
        if is_redcap(part):
            plain = _plain(part, said, log)
            is_placed = _is_placed(plain, said)
            made += [one if is_placed else _placed_by_instance(one) for one in _taken_apart(plain)]
        else:
            made.append(part)
    return made


def _is_placed(part: Part, said: Mapping[str, Use]) -> bool:
    """Whether any column of an export says when something was, dates of birth and the like left out."""
    own = {name for names in _OWN.values() for name in names} | {part.headers[0]}
    for header, cells in zip(part.headers, part.cells, strict=True):
        if header in said:
            if said[header].field in _PLACED:
                return True
        elif header not in own and not identifies(header):
            sample = cells.sample(200)
            if sample and (squeezed(header) in _DAYS or 2 * sum(map(writes_date, sample)) > len(sample)):
                return True
    return False


def _placed_by_instance(part: Part) -> Part:
    """A repeating form whose rows nothing else tells apart, with the count of the form as its visit."""
    instance, event = own_column(part, "instance"), own_column(part, "event")
    if instance is None or not (part.column(instance).codes >= 0).any():
        return part
    if event is not None and len(part.column(event).texts) > 1:
        return part
    return replace(part, headers=(*part.headers, _INSTANCE_AS_VISIT), cells=(*part.cells, part.column(instance)))


def blocks_of(part: Part) -> list[Block]:
    """The forms of an export by the columns that hold their states; columns after the last one are in none."""
    own = {name for names in _OWN.values() for name in names}
    blocks, start = [], 1
    for place, header in enumerate(part.headers):
        if _STATE.fullmatch(header) and _holds(part, header, _STATES):
            columns = tuple(name for name in part.headers[start:place] if name not in own)
            blocks.append(Block(header, columns))
            start = place + 1
    return blocks


def redcap_uses(part: Part, headers: Iterable[str], log: ProblemLog) -> dict[str, Use]:
    """What is known of an export's columns beyond their names."""
    if not is_redcap(part):
        return {}
    uses: dict[str, Use] = {}
    states = {block.state for block in blocks_of(part)}
    reasons = {own_column(part, "form"): "REDCap's name of the form", own_column(part, "person"): "names the person",
               own_column(part, "instance"): "REDCap's count of the form"}
    for header in headers:
        if header == _INSTANCE_AS_VISIT:
            uses[header] = Use(header, "visit", "REDCap's count of the form; no column has dates", confidence="likely")
        elif header == own_column(part, "event"):
            is_count = _INSTANCE_AS_VISIT in part.headers
            uses[header] = Use(header, None, "the same for all rows; the form is counted instead", is_told=True) \
                if is_count else Use(header, "visit", "REDCap's event")
        elif header == own_column(part, "group"):
            uses[header] = Use(header, "attribute", "REDCap's group of users, most often a site")
        elif header in reasons:
            uses[header] = Use(header, None, reasons[header], is_told=True)
        elif header in states:
            uses[header] = Use(header, None, "REDCap's state of a form", is_told=True)
        elif (choice := _choice(header)) is not None and (field := side_effect_of(choice)) is not None:
            uses[header] = Use(header, field, "a box of a list, named by its choice", confidence="likely")
        elif choice is not None and _OF_SIDE_EFFECTS.search(_list_of(header)):
            uses[header] = _asked_box(part, header, log) if squeezed(choice) not in _NO_ONE_EFFECT else Use(
                header, None, "a box of a list of side effects that names no one of them", is_told=True)
    return uses


def _asked_box(part: Part, header: str, log: ProblemLog) -> Use:
    """A box of a list of side effects whose choice is a number, or a word that is not known here."""
    log.add("box_without_label", part.name, header, option=map_option(header, "nausea"), choices=(
        *((field.replace("_", " "), field) for field in SIDE_EFFECTS), ("a category of its own", "attribute"),
        NOT_NEEDED))
    return Use(header, None, "a box of a list of side effects; asked which", confidence="open", is_told=True)


def timestamp_uses(part: Part, uses: Mapping[str, Use]) -> dict[str, Use]:
    """When a survey was sent in is the date of the scores of its form, where the form has no date of its own.

    A form with several instruments dates the rows as a whole, which only one form of a table can do.
    """
    dated = {use.instrument for use in uses.values()
             if use.field == "assessed_on" and not _TIMESTAMP.fullmatch(use.header)}
    found: dict[str, Use] = {}
    of_several: list[str] = []
    for block in blocks_of(part) if is_redcap(part) else ():
        stamps = [header for header in block.columns if _TIMESTAMP.fullmatch(header)]
        scored = {uses[header].instrument for header in block.columns
                  if header in uses and uses[header].field in ("total", "item")}
        has_date = any(header in uses and uses[header].field in ("date", "assessed_on", "treated_on")
                       for header in block.columns if header not in stamps)
        for header in stamps:
            if header in uses and uses[header].is_explicit:
                continue
            if len(scored) == 1 and not has_date and not scored & dated:
                found[header] = Use(header, "assessed_on", "when the form with these scores was sent in",
                                    next(iter(scored)))
                continue
            found[header] = Use(header, None, "when a form was sent in", is_told=True)
            if len(scored) > 1 and not has_date and not scored & dated:
                of_several.append(header)
    if len(of_several) == 1 and _is_only_date(part, uses, found, of_several[0]):
        header = of_several[0]
        found[header] = Use(header, "assessed_on", "when the form with all these scores was sent in")
    return found


def _is_only_date(part: Part, uses: Mapping[str, Use], found: Mapping[str, Use], stamp: str) -> bool:
    """Whether every score outside of the form has a date of its own, so that none would borrow the form's."""
    block = next(block for block in blocks_of(part) if stamp in block.columns)
    dated = {use.instrument for use in (*uses.values(), *found.values()) if use.field == "assessed_on"}
    others = {use.instrument for use in uses.values()
              if use.field in ("total", "item") and use.header not in block.columns}
    general = any(use.field == "date" or (use.field == "assessed_on" and use.instrument is None)
                  for use in uses.values())
    return others <= dated and not general


def events_without_sessions(part: Part, uses: list[Use]) -> list[Use]:
    """The general date of an event is no day of a session: sessions have a form with columns of their own."""
    if not is_redcap(part) or any(use.is_explicit and use.field == "date" for use in uses):
        return uses
    if any(use.field in ("total", "item", "treated_on", *SESSION_FIELDS) for use in uses):
        return uses
    return [replace(use, field=None, reason="the date of an event without scores or sessions", is_told=True)
            if use.field in ("date", "day") else use for use in uses]


def _list_of(header: str) -> str:
    match = _LABEL_BOX.fullmatch(header) or _RAW_BOX.fullmatch(header)
    return match["field"] if match else ""


def _choice(header: str) -> str | None:
    match = _LABEL_BOX.fullmatch(header) or _RAW_BOX.fullmatch(header)
    return match["choice"] if match else None


def _holds(part: Part, header: str, words: frozenset[str]) -> bool:
    texts = part.column(header).texts[:50]
    return all(text.lower() in words for text in texts)


def _plain(part: Part, said: Mapping[str, Use], log: ProblemLog) -> Part:
    """Boxes as yes and no, blank where their form is; surveys that were not completed without a time."""
    cells = dict(zip(part.headers, part.cells, strict=True))
    blocks = blocks_of(part)
    for header, column in cells.items():
        if _TIMESTAMP.fullmatch(header):
            cells[header] = _reworded(column, {_NOT_COMPLETED: None})
    in_a_block = {header for block in blocks for header in block.columns}
    rest = tuple(header for header in part.headers[1:] if header not in in_a_block and not _STATE.fullmatch(header))
    for columns, state in [*((block.columns, block.state) for block in blocks), (rest, None)]:
        boxes = [header for header in columns if _choice(header) is not None and header not in said
                 and _holds(part, header, _CHECKED | _UNCHECKED)]
        others = [header for header in columns if header not in boxes]
        is_filled = _any_filled([cells[header] for header in others], len(part.rows))
        is_checked = np.zeros(len(part.rows), dtype=bool)
        for header in boxes:
            words = [text.lower() in _CHECKED for text in cells[header].texts]
            is_checked |= cells[header].spread(np.array(words, dtype=bool), False)
        for header in boxes:
            cells[header] = _boxes(cells[header], is_filled | is_checked if others else None)
        if state is not None:
            _note_unfinished(part, state, cells[state], is_filled | is_checked, log)
    return replace(part, cells=tuple(cells[header] for header in part.headers))


def _any_filled(columns: Iterable[Cells], n_rows: int) -> np.ndarray:
    is_filled = np.zeros(n_rows, dtype=bool)
    for cells in columns:
        is_filled |= cells.codes >= 0
    return is_filled


def _reworded(cells: Cells, words: Mapping[str, str | None]) -> Cells:
    """The column with some of its texts, told in lower case, replaced; missing makes a cell blank."""
    if not any(text.lower() in words for text in cells.texts):
        return cells
    texts = pa.array([words.get(text.lower(), text) for text in cells.texts], pa.string())
    return Cells(texts.take(pa.array(cells.codes, mask=cells.codes < 0)))


def _boxes(cells: Cells, is_there: np.ndarray | None) -> Cells:
    """Yes and no; an unticked box means nothing where the rest of its form is blank, since REDCap fills it always."""
    worded = _reworded(cells, {**dict.fromkeys(_CHECKED, "yes"), **dict.fromkeys(_UNCHECKED, "no")})
    if is_there is None:
        return worded
    texts = pa.array(worded.texts, pa.string())
    return Cells(texts.take(pa.array(worded.codes, mask=(worded.codes < 0) | ~is_there)))


def _note_unfinished(part: Part, state: str, cells: Cells, is_filled: np.ndarray, log: ProblemLog) -> None:
    is_open = cells.spread(np.array([text.lower() in _UNFINISHED for text in cells.texts], dtype=bool), False)
    if (is_open & is_filled).any():
        log.add("form_not_complete", part.name, state, rows=part.rows[is_open & is_filled])


def _taken_apart(part: Part) -> list[Part]:
    """Rows of every repeating form in a table of their own, with the columns that they fill."""
    form = own_column(part, "form")
    names = part.column(form).texts if form is not None else ()
    if not names or len(names) > _MOST_FORMS:
        return [part]
    codes = part.column(form).codes
    chosen = [np.flatnonzero(codes == place) for place in range(-1, len(names))]
    made = [_of_rows(part, part.name if place == 0 else f"{part.name} [{names[place - 1]}]", rows, is_rest=place == 0)
            for place, rows in enumerate(chosen) if len(rows)]
    n_unread = part.n_rows - len(part.rows)
    first = replace(made[0], name=part.name, n_rows=made[0].n_rows + n_unread)
    return [first, *made[1:]]


def _of_rows(part: Part, name: str, rows: np.ndarray, *, is_rest: bool) -> Part:
    """Some rows of an export; columns that no row of the export fills stay with the rows that repeat nothing."""
    own = {header for names in _OWN.values() for header in names} | {part.headers[0]}
    kept = []
    for header, cells in zip(part.headers, part.cells, strict=True):
        is_here = bool((cells.codes[rows] >= 0).any())
        if header in own or is_here or (is_rest and bool((cells.codes < 0).all())):
            kept.append(header)
    return replace(part, name=name, headers=tuple(kept), rows=part.rows[rows], n_rows=len(rows), is_sheet=True,
                   cells=tuple(part.column(header).take(rows) for header in kept))
