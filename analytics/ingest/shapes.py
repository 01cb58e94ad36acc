"""Long, visit-wise, wide and mixed tables -> rows of assessments."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analytics.definitions.instruments import WITHOUT_LAST_ITEM, Instrument
from analytics.ingest.answers import answer_in, score_in
from analytics.ingest.cells import MISSING, Cells, number_in
from analytics.ingest.fields import FROM_ONE, Use, map_option
from analytics.ingest.headers import cell_aliases_of, instrument_named
from analytics.ingest.readings import MISSING_ITEM_NUMBERS, Reading, read_numbers, read_words
from analytics.ingest.records import MISSING_ITEM, NO_CODE, AssessmentRows, numbered
from analytics.ingest.scales import ScoresSeen
from analytics.ingest.scoring import Scored, scored
from analytics.ingest.sheets import Placement, Sheet


def assessment_rows(sheet: Sheet, seen: list[ScoresSeen]) -> list[AssessmentRows]:
    """The assessments of a table, one block an instrument and visit."""
    blocks = []
    for key in sheet.instruments:
        places = dict.fromkeys((use.visit, use.timing) for use in sheet.all_of("total", "item")
                               if use.instrument == key)
        for visit, timing in places:
            blocks.append(_assessments(sheet, key, visit, timing, seen))
    if sheet.use("instrument") is not None and sheet.use("total") is not None:
        blocks.append(_long_assessments(sheet, seen))
    return [block for block in blocks if len(block)]


def _assessments(
    sheet: Sheet, key: str, visit: str | None, timing: str | None, seen: list[ScoresSeen]
) -> AssessmentRows:
    """The assessments that the columns of one instrument, visit and time of the session hold."""
    n_seen = len(seen)
    instrument = sheet.instruments[key]
    mine = [use for use in sheet.all_of("total", "item")
            if (use.instrument, use.visit, use.timing) == (key, visit, timing)]
    total_use = next((use for use in mine if use.field == "total"), None)
    stored = np.full(len(sheet), np.nan)
    if total_use is not None:
        stored = _stored_totals(sheet, total_use, instrument, seen)
    item_uses = [use for use in mine if use.field == "item"]
    items = _answers(sheet, item_uses, instrument)
    shorter = _shorter(sheet, item_uses, items, instrument, stored)
    if shorter is not None:
        last = next((use for use in item_uses if use.item == instrument.n_items), item_uses[-1])
        sheet.log.add("read_as_phq8", sheet.name, last.header)
        instrument, items = shorter, items[:-1]
    made = _made(sheet, item_uses, items, instrument, stored, total_use)
    total = stored if made is None else made.total
    prorated = np.zeros(len(sheet), dtype=bool) if made is None else made.is_prorated
    n_missing = np.full(len(sheet), MISSING, dtype=np.int32)
    if made is not None:
        n_missing = np.where(made.is_answered, made.n_missing, MISSING).astype(np.int32)
    number = np.full(len(sheet), list(sheet.instruments).index(instrument.key), dtype=np.int16)
    chosen = _scored_rows(sheet, total)
    if visit is not None:
        chosen = _once_a_patient(sheet, chosen, total, total_use or item_uses[0])
    rows = _rows(sheet, sheet.assessment_place(key, visit), visit, timing, chosen, instrument=number, total=total,
                 prorated=prorated, n_items_missing=n_missing, items=items)
    seen[n_seen:] = [replace(one, rows=rows) for one in seen[n_seen:]]
    return rows


def _scored_rows(sheet: Sheet, total: np.ndarray) -> np.ndarray:
    """Positions of the rows that have a total; a session may have one on its row too."""
    return np.flatnonzero(~np.isnan(total))


def _rows(
    sheet: Sheet, place: Placement, visit: str | None, timing: str | None, chosen: np.ndarray, **scores: np.ndarray
) -> AssessmentRows:
    """The chosen rows of a table as assessments."""
    rows = AssessmentRows(
        patient=sheet.patient, course=sheet.course, day=place.day, date=place.date,
        file=np.full(len(sheet), sheet.file, dtype=np.int32), row=sheet.rows,
        visit=sheet.visit_codes(visit), time=place.time, timing=sheet.timing_codes(visit, timing), **scores)
    return rows if len(chosen) == len(sheet) else rows.take(chosen)


def _long_assessments(sheet: Sheet, seen: list[ScoresSeen]) -> AssessmentRows:
    """The assessments of a table in which one column names the instrument and one holds the total."""
    n_seen = len(seen)
    name_use, total_use = sheet.use("instrument"), sheet.use("total")
    aliases = cell_aliases_of(sheet.instruments)
    codes, keys, _ = read_words(sheet.cells(name_use), lambda text: instrument_named(text, aliases))
    cells = sheet.cells(total_use)
    unnamed = np.flatnonzero(codes == NO_CODE)
    unnamed = unnamed[cells.is_filled[unnamed]] if len(unnamed) else unnamed
    if len(unnamed):
        sheet.report(name_use, {"instrument_unknown": unnamed})
    total = np.full(len(sheet), np.nan)
    for place, key in enumerate(keys):
        positions = np.flatnonzero(codes == place)
        mine = cells.take(positions)
        reading = _read_total(mine, sheet.instruments[key], None)
        total[positions] = reading.values
        _report_totals(sheet, total_use, sheet.instruments[key], reading, positions)
        _see(seen, sheet, key, mine, reading, None)
    known = list(sheet.instruments)
    numbers = np.array([*(known.index(key) for key in keys), NO_CODE], dtype=np.int16)
    rows = _rows(sheet, sheet.assessment_place(None, None), None, total_use.timing, _scored_rows(sheet, total),
                 instrument=numbers[codes], total=total, prorated=np.zeros(len(sheet), dtype=bool),
                 n_items_missing=np.full(len(sheet), MISSING, dtype=np.int32),
                 items=np.empty((0, len(sheet)), dtype=np.int8))
    seen[n_seen:] = [replace(one, rows=rows) for one in seen[n_seen:]]
    return rows


def _stored_totals(sheet: Sheet, use: Use, instrument: Instrument, seen: list[ScoresSeen]) -> np.ndarray:
    cells = sheet.cells(use)
    reading = _read_total(cells, instrument, use.scale)
    _report_totals(sheet, use, instrument, reading, None, use.scale)
    if use.scale is None:
        _see(seen, sheet, instrument.key, cells, reading, use)
    return reading.values


def _read_total(cells: Cells, instrument: Instrument, scale: tuple[float, float] | None) -> Reading:
    low, high = scale or (instrument.minimum, instrument.maximum)
    return read_numbers(cells, low, high, convert=None if scale is None else _conversion(instrument, scale),
                        in_words=lambda text: score_in(text, instrument, high))


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
    seen: list[ScoresSeen], sheet: Sheet, key: str, cells: Cells, reading: Reading, use: Use | None
) -> None:
    beyond = np.array([])
    if "out_of_range" in reading.problems:
        numbers = np.array([number_in(text) or 0.0 for text in cells.texts])
        beyond = cells.spread(numbers, math.nan)[reading.problems["out_of_range"]]
    seen.append(ScoresSeen(sheet.name, key, reading.values[~np.isnan(reading.values)], beyond, use))


def _answers(sheet: Sheet, uses: list[Use], instrument: Instrument) -> np.ndarray:
    """The answers, one line an item and one column a row."""
    items = np.full((instrument.n_items if uses else 0, len(sheet)), MISSING_ITEM, dtype=np.int8)
    above = _answers_above(sheet, uses, instrument)
    if above is None:
        return items
    low, high = instrument.item_minimum + above, instrument.item_maximum + above
    for use in uses:
        reading = read_numbers(sheet.cells(use), low, high, is_whole=True,
                               missing_numbers=MISSING_ITEM_NUMBERS - {high},
                               convert=(lambda number: number - above) if above else None,
                               in_words=lambda text: _said_above(text, instrument, above))
        sheet.report(use, reading.problems, expected=f"an answer from {low} to {high}")
        answered = ~np.isnan(reading.values)
        items[use.item - 1, answered] = reading.values[answered].astype(np.int8)
    return items


def _said_above(text: str, instrument: Instrument, above: int) -> tuple[float | None, str]:
    """The answer that a phrase says, as a number of the file would."""
    number, code = answer_in(text, instrument)
    return (None if number is None else number + above), code


def _answers_above(sheet: Sheet, uses: list[Use], instrument: Instrument) -> int | None:
    """By how much the answers of a table lie above the instrument's own; missing where that is asked about.

    Answers are counted from 1 where none of a table is the lowest and several items hold one above the highest.
    """
    every = [use for use in sheet.all_of("item") if use.instrument == instrument.key]
    if any(FROM_ONE in use.options for use in every):
        return 1
    if any(use.is_explicit for use in every):
        return 0
    beyond = instrument.item_maximum + 1
    numbers = [{number_in(text) for text in sheet.cells(use).sample(len(sheet))} for use in every]
    allowed = set(range(instrument.item_minimum + 1, beyond + 1))
    if sum(beyond in found for found in numbers) < 2 or not set().union(*numbers) <= allowed:
        return 0
    is_answered = np.logical_or.reduce([sheet.cells(use).is_filled for use in uses])
    first = every[0]
    sheet.log.add("answers_from_one", sheet.name, first.header, rows=sheet.rows[is_answered], title=instrument.title,
                  low=instrument.item_minimum + 1, high=beyond, choices=(
                      ("the lowest answer is 1", f"{instrument.key}.{first.item}[{FROM_ONE}]"),
                      (f"the lowest answer is {instrument.item_minimum}, and {beyond} a mistake",
                       f"{instrument.key}.{first.item}")),
                  option=map_option(first.header, f"{instrument.key}.{first.item}[{FROM_ONE}]"))
    return None


def _shorter(
    sheet: Sheet, uses: list[Use], items: np.ndarray, instrument: Instrument, stored: np.ndarray
) -> Instrument | None:
    """The instrument that remains where the last item is empty at every visit; missing where it is not.

    A stored total that is more than the other items give holds an answer to the last one, so that it stays.
    """
    shorter = sheet.instruments.get(WITHOUT_LAST_ITEM.get(instrument.key, ""))
    last = instrument.n_items
    if shorter is None or {use.item for use in uses} | {last} != set(range(1, last + 1)):
        return None
    others = [use for use in sheet.all_of("item") if use.instrument == instrument.key and use.item == last]
    if any(sheet.cells(use).is_filled.any() for use in others) or not (items[:-1] != MISSING_ITEM).any():
        return None
    is_complete = (items[:-1] != MISSING_ITEM).all(axis=0) & ~np.isnan(stored)
    if (stored[is_complete] != items[:-1, is_complete].sum(axis=0, dtype=np.int64)).any():
        return None
    has_total_alone = ~np.isnan(stored) & ~is_complete
    return None if has_total_alone.any() and not is_complete.any() else shorter


def _made(
    sheet: Sheet, uses: list[Use], items: np.ndarray, instrument: Instrument, stored: np.ndarray,
    total_use: Use | None,
) -> Scored | None:
    """The totals that answers give; without a column for every item, none."""
    if not uses:
        return None
    there = [use for use in uses if use.item <= instrument.n_items]
    words = {"n_there": len(there), "n_items": instrument.n_items, "title": instrument.title}
    if len(there) < instrument.n_items:
        unscored = (items != MISSING_ITEM).any(axis=0) & np.isnan(stored)
        if unscored.any() or total_use is None:
            sheet.log.add("item_columns_missing", sheet.name, uses[0].header, rows=sheet.rows[unscored], **words)
        else:
            sheet.log.add("items_not_used", sheet.name, uses[0].header, **words)
        return None
    made = scored(items, stored, instrument)
    column = (total_use or uses[0]).header
    for code, is_hit in (("total_disagrees", made.disagrees), ("total_with_missing_items", made.differs),
                         ("too_few_items", made.too_few)):
        if is_hit.any():
            sheet.log.add(code, sheet.name, column, rows=sheet.rows[is_hit], title=instrument.title)
    return made


def _once_a_patient(sheet: Sheet, chosen: np.ndarray, total: np.ndarray, use: Use) -> np.ndarray:
    """Of a value repeated on the rows of a patient (and course) the first row; none where the values differ."""
    course = sheet.course[chosen]
    which = numbered(sheet.patient[chosen].astype(np.int64) * (len(sheet.words.courses) + 1) + course + 1)
    first = np.full(int(which.max(initial=-1)) + 1, len(chosen), dtype=np.int64)
    np.minimum.at(first, which, np.arange(len(chosen)))
    if len(first) == len(chosen):
        return chosen
    differs = np.zeros(len(first), dtype=bool)
    differs[which[total[chosen] != total[chosen][first[which]]]] = True
    if differs.any():
        sheet.log.add("repeated_value_disagrees", sheet.name, use.header, rows=sheet.rows[chosen[differs[which]]])
    return chosen[first[~differs]]
