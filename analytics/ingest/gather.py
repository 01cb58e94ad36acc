"""Every table of every file shaped on its own, before rows are set against each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import ColumnUse
from analytics.ingest.appointments import with_types
from analytics.ingest.attributes import attribute_rows, with_inferred
from analytics.ingest.check_sequences import session_numbers
from analytics.ingest.date_columns import with_ways
from analytics.ingest.fields import Use, map_option
from analytics.ingest.file_labels import file_labels
from analytics.ingest.mapping import note_unused, records_of_use, uses_of
from analytics.ingest.patient_codes import PER_FILE
from analytics.ingest.patients import sheet_of
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part
from analytics.ingest.records import AssessmentRows, AttributeRows, SessionRows, ValueRows, present
from analytics.ingest.scales import ScoresSeen
from analytics.ingest.screen import screened
from analytics.ingest.sessions import SESSION_FIELDS, has_sessions, session_rows
from analytics.ingest.shapes import assessment_rows
from analytics.ingest.sheets import Sheet, Words
from analytics.ingest.values import observed_rows, planned_rows
from analytics.ingest.wide_sessions import dated_visits, wide_session_uses


@dataclass
class Gathered:
    """What the tables of all files hold; rows name their file by its position in ``parts``."""

    instruments: dict[str, Instrument]
    log: ProblemLog
    words: Words = field(default_factory=Words)
    parts: list[Part] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    columns: list[ColumnUse] = field(default_factory=list)
    assessments: list[AssessmentRows] = field(default_factory=list)
    sessions: list[SessionRows] = field(default_factory=list)
    attributes: dict[str, list[AttributeRows]] = field(default_factory=dict)
    observed: list[ValueRows] = field(default_factory=list)
    planned: list[ValueRows] = field(default_factory=list)
    seen: list[ScoresSeen] = field(default_factory=list)
    numbers: list[tuple[str, ValueRows]] = field(default_factory=list)
    patient_of_row: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """The names of the tables."""
        return [part.name for part in self.parts]


def gathered(
    parts: Iterable[Part], said: Mapping[str, Use], attributes: Collection[str], instruments: dict[str, Instrument],
    log: ProblemLog, secret: bytes | None = None, aside: Collection[str] = (),
) -> Gathered:
    """All tables shaped.

    Parameters
    ----------
    aside : names of tables that are not used, which is told already
    """
    found = Gathered(instruments, log)
    parts = list(parts)
    each = with_ways(parts, _uses(parts, said, attributes, instruments, log), log)
    labels = _labels(parts, each)
    for part, uses in zip(parts, each, strict=True):
        part, uses = screened(part, uses, log, secret)
        found.parts.append(part)
        sheet = None
        if part.name not in aside:
            sheet = sheet_of(part, len(found.parts) - 1, uses, instruments, found.words, log, labels)
        if sheet is None:
            found.kinds.append("not used")
            found.columns += records_of_use(part, uses)
        else:
            _gather(sheet, part, found)
    _require_a_sheet(found)
    return found


def _uses(
    parts: list[Part], said: Mapping[str, Use], attributes: Collection[str], instruments: dict[str, Instrument],
    log: ProblemLog,
) -> list[tuple[Use, ...]]:
    """The uses of all tables, with what only rows, or other tables, tell of a column."""
    each = []
    for part in parts:
        uses = wide_session_uses(part, uses_of(part, said, attributes, instruments, log), log)
        each.append(dated_visits(part, uses))
    return with_types(parts, each, log)


def _labels(parts: list[Part], each: list[tuple[Use, ...]]) -> dict[str, str | None]:
    """What the names of the tables say whose patient codes are unique within a file only."""
    return file_labels([part for part, uses in zip(parts, each, strict=True)
                        if any(use.field == "patient_id" and PER_FILE in use.options for use in uses)])


def _require_a_sheet(found: Gathered) -> None:
    """A workbook of which no sheet is known is refused like any other file, unless it is refused already."""
    for book in dict.fromkeys(part.book or part.sha256 for part in found.parts if part.is_sheet):
        mine = [place for place, part in enumerate(found.parts) if book in (part.book, part.sha256)]
        names = {book, *(found.parts[place].book for place in mine), *(found.parts[place].name for place in mine)}
        if all(found.kinds[place] == "not used" for place in mine) and not found.log.is_blocked(names):
            first = found.parts[mine[0]]
            found.log.add("nothing_recognised", first.book or first.name.rsplit(" [", 1)[0])


def _gather(sheet: Sheet, part: Part, found: Gathered) -> None:
    holds_scores = sheet.has_scores
    sheet.uses = with_inferred(sheet)
    if holds_scores:
        sheet.uses = _route_settled(sheet)
    elif not _dates_are_sessions(sheet):
        sheet.uses = _date_closed(sheet)
    holds_sessions = has_sessions(sheet)
    if holds_scores:
        found.assessments += assessment_rows(sheet, found.seen)
    if holds_sessions:
        found.sessions += session_rows(sheet)
    elif (planned := planned_rows(sheet)) is not None:
        found.planned.append(planned)
    if (observed := observed_rows(sheet)) is not None:
        found.observed.append(observed)
    for header, rows in attribute_rows(sheet, holds_sessions=holds_sessions, holds_scores=holds_scores).items():
        found.attributes.setdefault(header, []).append(rows)
    found.numbers += session_numbers(sheet)
    found.patient_of_row[sheet.name] = sheet.rows, sheet.patient
    words = [word for word, there in (("assessments", holds_scores), ("sessions", holds_sessions)) if there]
    found.kinds.append(" and ".join(words) or "attributes")
    found.columns += records_of_use(part, sheet.uses)
    note_unused(part, sheet.uses, found.log)


def _route_settled(sheet: Sheet) -> tuple[Use, ...]:
    """In a table of scores a route alone makes sessions only where it is blank on some rows, and rows have days."""
    route = sheet.use("route")
    others = [use for use in sheet.all_of("treated_on", *SESSION_FIELDS) if use is not route]
    if route is None or route.is_explicit or others:
        return sheet.uses
    has_days = bool(sheet.all_of("day", "date", "assessed_on"))
    if has_days and not bool(np.all(sheet.cells(route).is_filled)):
        return sheet.uses
    sheet.log.add("route_as_attribute", sheet.name, route.header, option=map_option(route.header, "route"))
    reason = "a route in a table of scores that has no sessions"
    return tuple(replace(use, field="attribute", reason=reason) if use is route else use for use in sheet.uses)


def _dates_are_sessions(sheet: Sheet) -> bool:
    """Whether a general date is the day of a session; not where one row a patient holds nothing but attributes."""
    date = sheet.use("date")
    if date is None or date.is_explicit or sheet.use("day") is not None:
        return True
    if sheet.all_of("treated_on", "course_id", "record_type", *SESSION_FIELDS):
        return True
    return len(present(sheet.patient)) < len(sheet)


def _date_closed(sheet: Sheet) -> tuple[Use, ...]:
    date = sheet.use("date")
    sheet.log.add("date_not_used", sheet.name, date.header, option=map_option(date.header, "treated_on"))
    reason = "one row a patient that holds attributes: not the day of a session"
    return tuple(replace(use, field=None, reason=reason) if use is date else use for use in sheet.uses)
