"""Long, visit-wise, wide and mixed tables -> rows of assessments and sessions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import SESSIONS, Column
from analytics.ingest.cells import (
    MISSING,
    MISSING_ITEM_NUMBERS,
    Cells,
    Reading,
    number_in,
    read_numbers,
    read_words,
    read_yes_no,
)
from analytics.ingest.fields import Use
from analytics.ingest.headers import aliases_of, instrument_named
from analytics.ingest.records import MISSING_ITEM, NO_CODE, AssessmentRows, SessionRows, numbered
from analytics.ingest.scoring import Scored, scored
from analytics.ingest.sheets import Sheet
from analytics.ingest.synonyms import (
    ASSESSMENT_WORDS,
    SESSION_WORDS,
    dose_unit_of,
    phase_of,
    route_of,
    squeezed,
)

_PLACES = frozenset({"patient_id", "course_id", "day", "treated_on"})
SESSION_FIELDS = tuple(column.name for column in SESSIONS
                       if column.name not in _PLACES and column.name != "planned_sessions")
"""Columns that only a session has."""

_COLUMN_OF: dict[str, Column] = {column.name: column for column in SESSIONS}


@dataclass(frozen=True)
class ScoresSeen:
    """The scores of one instrument in one file, for judging the range that the file uses.

    Attributes
    ----------
    values : scores within the instrument's range, as in the file
    beyond : numbers outside of it
    columns : their headers; empty in a long file, where a range cannot be mapped
    """

    file: str
    instrument: str
    values: np.ndarray
    beyond: np.ndarray
    columns: tuple[str, ...]


def has_scores(sheet: Sheet) -> bool:
    """Whether a table has a column of scores or of items."""
    return bool(sheet.all_of("total", "item"))


def has_sessions(sheet: Sheet) -> bool:
    """Whether a table holds sessions: by a column only they have, or by days without scores."""
    if sheet.all_of("treated_on", *SESSION_FIELDS):
        return True
    return not has_scores(sheet) and bool(sheet.all_of("day", "date"))


def assessment_rows(sheet: Sheet, seen: list[ScoresSeen]) -> list[AssessmentRows]:
    """The assessments of a table, one block an instrument and visit."""
    blocks = []
    for key in sheet.instruments:
        visits = dict.fromkeys(use.visit for use in sheet.all_of("total", "item") if use.instrument == key)
        for visit in visits:
            blocks.append(_assessments(sheet, key, visit, seen))
    if sheet.use("instrument") is not None and sheet.use("total") is not None:
        blocks += _long_assessments(sheet, seen)
    return [block for block in blocks if len(block)]


def _assessments(sheet: Sheet, key: str, visit: str | None, seen: list[ScoresSeen]) -> AssessmentRows:
    """The assessments that the columns of one instrument and visit hold."""
    instrument = sheet.instruments[key]
    total_use = sheet.use("total", key, visit)
    stored = np.full(len(sheet), np.nan)
    if total_use is not None:
        stored = _stored_totals(sheet, total_use, instrument, seen)
    item_uses = [use for use in sheet.all_of("item") if use.instrument == key and use.visit == visit]
    items, made = _items(sheet, item_uses, instrument, stored, total_use)
    total = stored if made is None else made.total
    has_total = ~np.isnan(total)
    chosen = np.flatnonzero(has_total & _may_assess(sheet))
    if visit is not None:
        chosen = _once_a_patient(sheet, chosen, total, total_use or item_uses[0])
    place = sheet.assessment_place(key, visit)
    n_missing = np.full(len(sheet), MISSING, dtype=np.int32)
    if made is not None:
        n_missing = np.where(made.is_answered, made.n_missing, MISSING).astype(np.int32)
    rows = AssessmentRows(
        patient=sheet.patient, course=sheet.course, day=place.day, date=place.date,
        file=np.full(len(sheet), sheet.file, dtype=np.int32), row=sheet.rows,
        visit=sheet.visit_codes(visit), time=place.time, timing=sheet.timing_codes(visit),
        instrument=np.full(len(sheet), list(sheet.instruments).index(key), dtype=np.int16),
        total=total, prorated=np.zeros(len(sheet), dtype=bool) if made is None else made.is_prorated,
        n_items_missing=n_missing, items=items,
    )
    return rows if len(chosen) == len(sheet) else rows.take(chosen)


def _long_assessments(sheet: Sheet, seen: list[ScoresSeen]) -> list[AssessmentRows]:
    """The assessments of a table in which one column names the instrument and one holds the total."""
    name_use, total_use = sheet.use("instrument"), sheet.use("total")
    aliases = aliases_of(sheet.instruments)
    codes, keys, _ = read_words(sheet.cells(name_use), lambda text: instrument_named(text, aliases))
    cells = sheet.cells(total_use)
    unnamed = np.flatnonzero(codes == NO_CODE)
    unnamed = unnamed[cells.is_filled[unnamed]] if len(unnamed) else unnamed
    if len(unnamed):
        sheet.report(name_use, {"instrument_unknown": unnamed})
    total = np.full(len(sheet), np.nan)
    for place, key in enumerate(keys):
        positions = np.flatnonzero(codes == place)
        reading = _read_total(cells.take(positions), sheet.instruments[key], None)
        total[positions] = reading.values
        _report_totals(sheet, total_use, sheet.instruments[key], reading, positions)
        _see(seen, sheet, key, cells.take(positions), reading, ())
    place = sheet.assessment_place(None, None)
    known = list(sheet.instruments)
    numbers = np.array([*(known.index(key) for key in keys), NO_CODE], dtype=np.int16)
    chosen = np.flatnonzero(~np.isnan(total) & _may_assess(sheet))
    rows = AssessmentRows(
        patient=sheet.patient, course=sheet.course, day=place.day, date=place.date,
        file=np.full(len(sheet), sheet.file, dtype=np.int32), row=sheet.rows,
        visit=sheet.visit_codes(None), time=place.time, timing=sheet.timing_codes(None),
        instrument=numbers[codes], total=total, prorated=np.zeros(len(sheet), dtype=bool),
        n_items_missing=np.full(len(sheet), MISSING, dtype=np.int32),
        items=np.empty((0, len(sheet)), dtype=np.int8),
    )
    return [rows if len(chosen) == len(sheet) else rows.take(chosen)]


def _stored_totals(sheet: Sheet, use: Use, instrument: Instrument, seen: list[ScoresSeen]) -> np.ndarray:
    cells = sheet.cells(use)
    reading = _read_total(cells, instrument, use.scale)
    _report_totals(sheet, use, instrument, reading, None, use.scale)
    if use.scale is None:
        _see(seen, sheet, instrument.key, cells, reading, (use.header,))
    return reading.values


def _read_total(cells: Cells, instrument: Instrument, scale: tuple[float, float] | None) -> Reading:
    if scale is None:
        return read_numbers(cells, instrument.minimum, instrument.maximum)
    return read_numbers(cells, *scale, convert=_conversion(instrument, scale))


def _conversion(instrument: Instrument, scale: tuple[float, float]) -> Callable[[float], float]:
    """From the file's range to the instrument's; rounded so that whole numbers stay whole."""
    low, high = scale
    width = instrument.maximum - instrument.minimum
    return lambda number: round(instrument.minimum + (number - low) * width / (high - low), 9)


def _report_totals(
    sheet: Sheet, use: Use, instrument: Instrument, reading: Reading, positions: np.ndarray | None,
    scale: tuple[float, float] | None = None,
) -> None:
    """Note what was wrong with totals; ``positions`` where the reading is of some of the rows only."""
    low, high = scale or (instrument.minimum, instrument.maximum)
    problems = dict(reading.problems)
    if instrument.is_whole:
        is_fraction = ~np.isnan(reading.values) & (reading.values != np.floor(reading.values))
        if is_fraction.any():
            problems["fractional_total"] = np.flatnonzero(is_fraction)
    if positions is not None:
        problems = {code: positions[chosen] for code, chosen in problems.items()}
    total = f"a score of {instrument.title}," if instrument.is_pain else f"a {instrument.title} total"
    sheet.report(use, problems, expected=f"{total} from {low:g} to {high:g}", title=instrument.title)


def _see(
    seen: list[ScoresSeen], sheet: Sheet, key: str, cells: Cells, reading: Reading, columns: tuple[str, ...]
) -> None:
    beyond = np.array([])
    if "out_of_range" in reading.problems:
        numbers = np.array([number_in(text) or 0.0 for text in cells.texts])
        beyond = cells.spread(numbers, math.nan)[reading.problems["out_of_range"]]
    seen.append(ScoresSeen(sheet.name, key, reading.values[~np.isnan(reading.values)], beyond, columns))


def _items(
    sheet: Sheet, uses: list[Use], instrument: Instrument, stored: np.ndarray, total_use: Use | None
) -> tuple[np.ndarray, Scored | None]:
    """The answers, and the totals they give; without a column for every item, no totals."""
    if not uses:
        return np.empty((0, len(sheet)), dtype=np.int8), None
    items = np.full((instrument.n_items, len(sheet)), MISSING_ITEM, dtype=np.int8)
    expected = f"an answer from {instrument.item_minimum} to {instrument.item_maximum}"
    for use in uses:
        reading = read_numbers(sheet.cells(use), instrument.item_minimum, instrument.item_maximum, is_whole=True,
                               missing_numbers=MISSING_ITEM_NUMBERS)
        sheet.report(use, reading.problems, expected=expected)
        answered = ~np.isnan(reading.values)
        items[use.item - 1, answered] = reading.values[answered].astype(np.int8)
    words = {"n_there": len(uses), "n_items": instrument.n_items, "title": instrument.title}
    if len(uses) < instrument.n_items:
        unscored = (items != MISSING_ITEM).any(axis=0) & np.isnan(stored)
        if unscored.any() or total_use is None:
            sheet.log.add("item_columns_missing", sheet.name, uses[0].header, rows=sheet.rows[unscored], **words)
        else:
            sheet.log.add("items_not_used", sheet.name, uses[0].header, **words)
        return items, None
    made = scored(items, stored, instrument)
    column = (total_use or uses[0]).header
    for code, is_hit in (("total_disagrees", made.disagrees), ("total_with_missing_items", made.differs),
                         ("too_few_items", made.too_few)):
        if is_hit.any():
            sheet.log.add(code, sheet.name, column, rows=sheet.rows[is_hit], title=instrument.title)
    return items, made


def _once_a_patient(sheet: Sheet, chosen: np.ndarray, total: np.ndarray, use: Use) -> np.ndarray:
    """Of a value repeated on the rows of a patient (and course) the first row; none where the values differ."""
    group = sheet.patient[chosen].astype(np.int64) * (len(sheet.words.courses) + 1) + sheet.course[chosen] + 1
    which = numbered(group)
    first = np.full(int(which.max(initial=-1)) + 1, len(chosen), dtype=np.int64)
    np.minimum.at(first, which, np.arange(len(chosen)))
    if len(first) == len(chosen):
        return chosen
    differs = np.zeros(len(first), dtype=bool)
    differs[which[total[chosen] != total[chosen][first[which]]]] = True
    if differs.any():
        sheet.log.add("repeated_value_disagrees", sheet.name, use.header, rows=sheet.rows[chosen[differs[which]]])
    return chosen[first[~differs]]


def _type_mask(sheet: Sheet, words: frozenset[str]) -> np.ndarray | None:
    """Which rows the record type puts among some words; missing without such a column."""
    use = sheet.use("record_type")
    if use is None:
        return None
    cells = sheet.cells(use)
    known = np.array([squeezed(text) in words or squeezed(text).removesuffix("s") in words for text in cells.texts],
                     dtype=bool)
    return cells.spread(known, False)


def _may_assess(sheet: Sheet) -> np.ndarray:
    is_session = _type_mask(sheet, SESSION_WORDS)
    return np.ones(len(sheet), dtype=bool) if is_session is None else ~is_session


def session_rows(sheet: Sheet) -> SessionRows | None:
    """The sessions of a table; in one that holds scores too, the rows that fill a column of sessions."""
    chosen = _sessions_chosen(sheet)
    columns = {use.field: _session_column(sheet, use) for use in sheet.all_of("planned_sessions", *SESSION_FIELDS)}
    dose = sheet.use("dose")
    if dose is not None and dose.unit is not None and "dose_unit" not in columns:
        unit = sheet.words.column("dose_unit").code(dose.unit)
        columns["dose_unit"] = np.where(np.isnan(columns["dose"]), NO_CODE, unit).astype(np.int32)
    place = sheet.session_place()
    rows = SessionRows(
        patient=sheet.patient, course=sheet.course, day=place.day, date=place.date,
        file=np.full(len(sheet), sheet.file, dtype=np.int32), row=sheet.rows, columns=columns)
    return rows.take(np.flatnonzero(chosen)) if chosen.any() else None


def _sessions_chosen(sheet: Sheet) -> np.ndarray:
    is_session = _type_mask(sheet, SESSION_WORDS)
    is_assessment = _type_mask(sheet, ASSESSMENT_WORDS)
    chosen = np.ones(len(sheet), dtype=bool)
    if has_scores(sheet):
        chosen = np.zeros(len(sheet), dtype=bool)
        for use in sheet.all_of("treated_on", *SESSION_FIELDS):
            chosen |= sheet.cells(use).is_filled
    if is_session is not None and is_assessment is not None:
        chosen = (chosen | is_session) & ~is_assessment
    return chosen


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
