"""Tables -> rows of sessions: which rows are one, and what their columns say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analytics.definitions.tables import SESSIONS, Column
from analytics.ingest.cells import MISSING
from analytics.ingest.dates import date_text
from analytics.ingest.fields import Use, map_option
from analytics.ingest.held import not_held, status_of
from analytics.ingest.identifiers import header_words
from analytics.ingest.readings import read_days, read_numbers, read_words, read_yes_no
from analytics.ingest.records import NO_CODE, SessionRows
from analytics.ingest.sheets import Sheet
from analytics.ingest.synonyms import ASSESSMENT_WORDS, SESSION_WORDS, dose_unit_of, phase_of, route_of
from analytics.ingest.timing import TIME
from analytics.ingest.visits import DAY_LIMIT
from analytics.ingest.wide_sessions import is_wide, wide_session_rows

_PLACES = frozenset({"patient_id", "course_id", "day", "treated_on"})
_BESIDE = ("planned_sessions", "cssrs_highest")
"""Columns of a session that other rows may have too: a screener is also given without one."""

SESSION_FIELDS = tuple(column.name for column in SESSIONS if column.name not in _PLACES and column.name not in _BESIDE)
"""Columns that only a session has."""

_COLUMN_OF: dict[str, Column] = {column.name: column for column in SESSIONS}


def has_sessions(sheet: Sheet) -> bool:
    """Whether a table holds sessions: by a column only they have, or by days without scores."""
    if sheet.all_of("treated_on", *SESSION_FIELDS):
        return True
    is_session = sheet.says(SESSION_WORDS)
    if is_session is not None and is_session.any() and sheet.all_of("day", "date", "assessed_on"):
        return True
    return not sheet.has_scores and bool(sheet.all_of("day", "date"))


def session_rows(sheet: Sheet) -> list[SessionRows]:
    """The sessions of a table; in one that holds scores too, the rows that fill a column of sessions."""
    columns = {use.field: _session_column(sheet, use) for use in sheet.all_of(*_BESIDE, *SESSION_FIELDS)}
    dose = sheet.use("dose")
    if dose is not None and dose.unit is not None and "dose_unit" not in columns:
        unit = sheet.words.column("dose_unit").code(dose.unit)
        columns["dose_unit"] = np.where(np.isnan(columns["dose"]), NO_CODE, unit).astype(np.int32)
    if is_wide(sheet):
        return wide_session_rows(sheet, columns)
    chosen = _sessions_chosen(sheet)
    place = sheet.session_place()
    if not sheet.has_scores and not sheet.all_of("day", "date", "treated_on", "assessed_on"):
        _ask_for_the_day(sheet)
    if (place.time != MISSING).any():
        columns[TIME] = np.where(place.time == MISSING, np.nan, place.time)
    rows = SessionRows(
        patient=sheet.patient, course=sheet.course, day=place.day, date=place.date,
        file=np.full(len(sheet), sheet.file, dtype=np.int32), row=sheet.rows, columns=columns)
    return [rows.take(np.flatnonzero(chosen))] if chosen.any() else []


def _sessions_chosen(sheet: Sheet) -> np.ndarray:
    is_session = sheet.says(SESSION_WORDS)
    is_assessment = sheet.says(ASSESSMENT_WORDS)
    chosen = np.ones(len(sheet), dtype=bool)
    if sheet.has_scores:
        chosen = np.zeros(len(sheet), dtype=bool)
        for use in sheet.all_of("treated_on", *SESSION_FIELDS):
            chosen |= sheet.cells(use).is_filled
    if is_session is not None and is_assessment is not None:
        chosen = (chosen | is_session) & ~is_assessment
    return chosen & ~_not_held(sheet, chosen)


def _not_held(sheet: Sheet, chosen: np.ndarray) -> np.ndarray:
    """Which of the rows chosen as sessions a column of states calls cancelled or missed."""
    header = status_of(use.header for use in sheet.uses)
    use = next((use for use in sheet.uses if use.header == header), None)
    if use is None or use.is_explicit or use.field not in (None, "attribute"):
        return np.zeros(len(sheet), dtype=bool)
    is_off = chosen & not_held(sheet.cells(use))
    if is_off.any():
        sheet.log.add("events_not_held", sheet.name, header, rows=sheet.rows[is_off])
        sheet.uses = tuple(replace(one, is_told=True, reason="says which sessions took place")
                           if one is use and one.field is None else one for one in sheet.uses)
    return is_off


def _ask_for_the_day(sheet: Sheet) -> None:
    """Ask about columns that are not read and hold dates, or days where the name says so."""
    for use in sheet.uses:
        if use.field is not None or use.is_explicit or use.identifier is not None or not any(
                sheet.cells(use).is_filled):
            continue
        texts = sheet.cells(use).sample()
        are_days = "day" in header_words(use.header) and not read_days(
            sheet.cells(use), -DAY_LIMIT, DAY_LIMIT).problems
        if are_days or all(map(date_text, texts)):
            words = "day" if are_days else "treated_on"
            sheet.log.add("session_day_asked", sheet.name, use.header, option=map_option(use.header, words), choices=(
                ("the day of the session", words), ("something else", "ignore")))


def _session_column(sheet: Sheet, use: Use) -> np.ndarray:
    """A column of a session: numbers, 1 and 0 for yes and no, or codes of words."""
    column = _COLUMN_OF[use.field]
    if column.kind == "yes/no":
        reading = read_yes_no(sheet.cells(use))
        sheet.report(use, reading.problems)
        return reading.values
    if column.kind == "category":
        return _session_words(sheet, use)
    reading = read_numbers(sheet.cells(use), column.minimum, column.maximum, is_whole=column.kind == "whole number")
    sheet.report(use, reading.problems,
                 expected=f"a number from {column.minimum:g} to {column.maximum:g} ({column.meaning})")
    return reading.values


_MEANINGS: dict[str, tuple[Callable[[str], str | None], str, str | None, str]] = {
    "route": (route_of, "IV, IM, nasal, lozenge, oral, subcutaneous", "other", "The route counts as other."),
    "dose_unit": (dose_unit_of, "mg, mg/kg, mg/h, mg/kg/h", None, "The unit counts as missing."),
    "phase": (phase_of, "induction, maintenance", None, "The phase counts as missing."),
}
"""Meaning of a word, words expected, what an unknown word becomes, and that in a sentence."""


def _session_words(sheet: Sheet, use: Use) -> np.ndarray:
    vocabulary = sheet.words.column(use.field)
    if use.field not in _MEANINGS:
        return vocabulary.codes(sheet.cells(use))
    meaning, expected, otherwise, then = _MEANINGS[use.field]
    codes, meanings, unknown = read_words(sheet.cells(use), meaning)
    places = np.array([*(vocabulary.code(word) for word in meanings), NO_CODE], dtype=np.int32)
    found = places[codes]
    if len(unknown):
        sheet.report(use, {"word_not_known": unknown}, expected=expected, then=then)
        found[unknown] = NO_CODE if otherwise is None else vocabulary.code(otherwise)
    return found
