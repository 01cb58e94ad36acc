"""Columns that describe a patient or a course -> one row a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from analytics.ingest.cells import MISSING, UNREADABLE, Cells, is_blank, number_in, writes_date
from analytics.ingest.fields import Use
from analytics.ingest.identifiers import header_words
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import NO_CODE, AttributeRows, joined, numbered, present
from analytics.ingest.sheets import Sheet
from analytics.ingest.synonyms import FREE_TEXT_WORDS

MOST_VALUES = 30
MOST_NUMBERS = 12
_FEW_NUMBERS = 3
LONGEST_VALUE = 40
"""Longer texts are sentences: they may hold anything, so they are never taken by themselves."""

_SAMPLE = 20_000
_CONSTANT_SHARE = 0.95


def with_inferred(sheet: Sheet) -> tuple[Use, ...]:
    """The uses of a table, with columns nothing is known of taken as attributes where their values say so."""
    course = sheet.course
    group = numbered(sheet.patient.astype(np.int64) * (int(course.max(initial=0)) + 2) + course + 1)
    uses = []
    for use in sheet.uses:
        if use.may_be_attribute and _is_category(use.header, sheet.cells(use), group):
            use = replace(use, field="attribute", may_be_attribute=False, confidence="likely",
                          reason="few different values, the same on all rows of a patient")
        uses.append(use)
    return tuple(uses)


def _is_category(header: str, cells: Cells, group: np.ndarray) -> bool:
    """Whether a column has few short values that hardly ever change inside a patient (and course); ages never."""
    words = set(header_words(header))
    if words & (FREE_TEXT_WORDS | {"age"}) or len(cells.sample(_SAMPLE)) > MOST_VALUES:
        return False
    texts = [cells.texts[place] for place in present(cells.codes)]
    n_groups = int(group.max(initial=-1)) + 1
    n_numbers = sum(number_in(text) is not None for text in texts)
    n_dates = sum(map(writes_date, texts))
    if not 1 <= len(texts) <= MOST_VALUES or max(map(len, texts)) > LONGEST_VALUE or 2 * n_dates > len(texts):
        return False
    if 2 * n_numbers > len(texts) and len(texts) > min(MOST_NUMBERS, max(_FEW_NUMBERS, n_groups / 2)):
        return False
    if n_groups >= 10 and len(texts) >= n_groups / 2:
        return False
    has_more = np.bincount(group, minlength=n_groups) > 1
    constant = constant_groups(cells.codes, group, n_groups)[has_more]
    return not len(constant) or float(constant.mean()) >= _CONSTANT_SHARE


def constant_groups(codes: np.ndarray, group: np.ndarray, n_groups: int) -> np.ndarray:
    """Whether each group holds one value only; blanks (-1) are no value."""
    filled = np.flatnonzero(codes >= 0)
    first = np.full(n_groups, NO_CODE, dtype=np.int64)
    first[group[filled]] = codes[filled]
    constant = np.ones(n_groups, dtype=bool)
    constant[group[filled[codes[filled] != first[group[filled]]]]] = False
    return constant


def attribute_rows(sheet: Sheet, *, holds_sessions: bool, holds_scores: bool) -> dict[str, AttributeRows]:
    """The values of a table's attributes by header; their day is the one of the row, where it has one."""
    uses = sheet.all_of("attribute")
    if not uses:
        return {}
    missing = np.full(len(sheet), MISSING, dtype=np.int32)
    day, date = missing, missing
    places = [sheet.session_place()] if holds_sessions else []
    for place in [*places, *([sheet.assessment_place(None, None)] if holds_scores else [])]:
        day, date = np.where(day > UNREADABLE, day, place.day), np.where(date > UNREADABLE, date, place.date)
    file = np.full(len(sheet), sheet.file, dtype=np.int32)
    return {use.header: AttributeRows(sheet.patient, sheet.course, day, date, file, sheet.rows,
                                      sheet.words.column(f"attribute {use.header}").codes(sheet.cells(use), is_blank))
            for use in uses}


def settled(
    blocks: Iterable[AttributeRows], header: str, n_patients: int, axis: str, files: list[str], log: ProblemLog
) -> tuple[AttributeRows, list[AttributeRows]]:
    """The values of one attribute, each once, and the rows that gave one.

    A patient whose value never varies has one row without day and course. Otherwise a course with one value
    has one row without day; of the others each day has one. Two values on one day, or without days, contradict:
    none is kept.
    """
    rows = joined(list(blocks))
    day = rows.date if axis == "date" else rows.day if axis == "day" else np.full(len(rows), MISSING, dtype=np.int32)
    rows = replace(rows, day=np.where(day == UNREADABLE, MISSING, day))
    rows = rows.take(np.flatnonzero(rows.value >= 0))
    is_constant = constant_groups(rows.value, rows.patient, n_patients)[rows.patient]
    constant = rows.take(_first_of(rows.patient) if is_constant.all() else
                         _first_of(np.where(is_constant, rows.patient, -1), skip=-1))
    constant = replace(constant, day=np.full(len(constant), MISSING, dtype=np.int32),
                       course=np.full(len(constant), NO_CODE, dtype=np.int32))
    if is_constant.all():
        return constant, [rows]
    varying, used = _varying(rows.take(np.flatnonzero(~is_constant)), header, files, log)
    return joined([constant, varying]), [rows.take(np.flatnonzero(is_constant)), used]


def _varying(
    rows: AttributeRows, header: str, files: list[str], log: ProblemLog
) -> tuple[AttributeRows, AttributeRows]:
    course_key = rows.patient.astype(np.int64) * (int(rows.course.max()) + 2) + rows.course + 1
    course = numbered(course_key)
    is_constant = constant_groups(rows.value, course, len(rows))[course] & (rows.course != NO_CODE)
    day = np.where(is_constant, MISSING, rows.day)
    place = numbered(course.astype(np.int64) * 2**32 + (day.astype(np.int64) - MISSING))
    agrees = constant_groups(rows.value, place, len(rows))[place]
    for file in present(rows.file[~agrees]):
        log.add("attribute_contradicts", files[file], header, rows=rows.row[~agrees & (rows.file == file)])
    rows, place = replace(rows, day=day.astype(np.int32)).take(np.flatnonzero(agrees)), place[agrees]
    return rows.take(_first_of(place)), rows


def _first_of(group: np.ndarray, skip: int | None = None) -> np.ndarray:
    """Position of the first row of each group, in the order of the rows."""
    if not len(group):
        return np.array([], dtype=np.int64)
    first = np.full(int(group.max()) + 1, -1, dtype=np.int64)
    positions = np.arange(len(group))[::-1]
    if skip is not None:
        positions = positions[group[positions] != skip]
    first[group[positions]] = positions
    return np.sort(first[first >= 0])
