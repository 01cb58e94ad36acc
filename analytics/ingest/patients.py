"""Which patient each row of a table belongs to; a table where that cannot be told is refused."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from analytics.definitions.instruments import Instrument
from analytics.ingest.appointments import types_told
from analytics.ingest.awful_headers import NOT_NEEDED
from analytics.ingest.cells import Cells, number_in
from analytics.ingest.fields import Use, map_option
from analytics.ingest.identifier_patterns import EMAIL, NAME, NATIONAL, NUMBER
from analytics.ingest.identifiers import identifies, is_of_number
from analytics.ingest.patient_codes import (
    FILL_DOWN,
    PER_FILE,
    PER_SITE,
    codes_as_text,
    codes_per_site,
    damaged,
    filled_down,
    is_damaged_code,
    site_use,
    stand_on_first_rows,
)
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part
from analytics.ingest.records import NO_CODE
from analytics.ingest.screen import KEYED
from analytics.ingest.sheet_names import SHEET_COLUMN
from analytics.ingest.sheets import Sheet, Words

_PLACES = frozenset({"patient_id", "course_id", "day", "date", "assessed_on", "visit", "time", "timing", "instrument",
                     "record_type", None})
"""Columns that say where a row belongs and not what it holds."""

IN_KEYS = frozenset({EMAIL, NAME, NATIONAL, NUMBER})
"""Identifiers by which an export may tell its patients apart."""

_LIKELY = ("id", "code", "number", "key")


def sheet_of(
    part: Part, file: int, uses: tuple[Use, ...], instruments: dict[str, Instrument], words: Words, log: ProblemLog,
    labels: Mapping[str, str | None] | None = None,
) -> Sheet | None:
    """A table with its patients; missing, with a finding, where it holds nothing known or nobody can be told.

    Parameters
    ----------
    labels : what the names of the tables say of them, where codes are unique within a file only
    """
    patient = next((use for use in uses if use.field == "patient_id"), None)
    if patient is not None and patient.identifier is not None:
        return None
    if patient is None:
        return _without_patient(part, file, uses, instruments, words, log)
    codes = _codes(part, uses, patient, words, log, (labels or {}).get(part.name))
    if codes is None:
        return None
    keep = np.flatnonzero(codes != NO_CODE)
    cells = dict(zip(part.headers, part.cells, strict=True))
    cells |= {use.header: types_told(cells[use.header], use) for use in uses if use.field == "record_type"}
    rows = part.rows
    if len(keep) < len(codes):
        cells = {header: column.take(keep) for header, column in cells.items()}
        codes, rows = codes[keep], rows[keep]
    return Sheet(part.name, file, uses, cells, rows, codes, instruments, words, log)


def _codes(
    part: Part, uses: tuple[Use, ...], patient: Use, words: Words, log: ProblemLog, label: str | None = None
) -> np.ndarray | None:
    """The patient of each row, ``NO_CODE`` with a finding where none can be told; missing where no row can be."""
    cells = part.column(patient.header)
    if patient.missing_numbers:
        cells = cells.without(lambda text: number_in(text) in patient.missing_numbers)
    is_damaged = damaged(cells)
    if is_damaged.any():
        log.add("id_damaged", part.name, patient.header, rows=part.rows[is_damaged])
        cells = cells.without(is_damaged_code)
    cells = codes_as_text(cells, patient.options)
    if FILL_DOWN in patient.options:
        cells = filled_down(cells)
        is_damaged &= ~cells.is_filled
    is_without_site = np.zeros(len(part.rows), dtype=bool)
    if PER_FILE in patient.options:
        if label is None:
            log.add("file_without_label", part.name, patient.header)
            return None
        names = Cells(pa.array([label] * len(part.rows), type=pa.string()))
        codes = codes_per_site(words.patients, cells, names)[0] if label else words.patients.codes(cells)
    elif PER_SITE not in patient.options:
        codes = words.patients.codes(cells)
    else:
        site = site_use(uses)
        if site is None:
            log.add("no_site_column", part.name, patient.header)
            return None
        codes, is_without_site = codes_per_site(words.patients, cells, part.column(site.header))
        if is_without_site.any():
            log.add("site_missing", part.name, site.header, rows=part.rows[is_without_site])
    is_blank = (codes == NO_CODE) & ~is_damaged & ~is_without_site
    if is_blank.any() and not patient.is_explicit and stand_on_first_rows(codes):
        option = map_option(patient.header, f"patient_id[{FILL_DOWN}]")
        log.add("patient_on_first_row", part.name, patient.header, rows=part.rows[is_blank], option=option, choices=(
            ("a blank row belongs to the patient above it", f"patient_id[{FILL_DOWN}]"),
            ("blank rows are nobody's", "patient_id")))
    elif is_blank.any():
        log.add("patient_missing", part.name, patient.header, rows=part.rows[is_blank])
    return codes


def _without_patient(
    part: Part, file: int, uses: tuple[Use, ...], instruments: dict[str, Instrument], words: Words, log: ProblemLog
) -> Sheet | None:
    is_known = any(use.field not in _PLACES for use in uses)
    person = _person_key(uses)
    is_wide = any(use.field in ("total", "item") and use.visit is not None for use in uses)
    if is_wide and (person is None or not _has_rows_of_visits(uses)):
        likely = _likely_key(uses)
        log.add("rows_as_patients", part.name, likely,
                choices=(("the patient's code", "patient_id"), NOT_NEEDED) if likely else ())
        label = "row {}" if file == 0 else f"{part.name} row {{}}"
        codes = np.array([words.patients.code(label.format(row)) for row in part.rows.tolist()], dtype=np.int32)
        return Sheet(part.name, file, uses, dict(zip(part.headers, part.cells, strict=True)), part.rows, codes,
                     instruments, words, log)
    if is_known and person is not None:
        log.add("patient_key_identifies", part.name, person, choices=(KEYED,))
    elif is_known:
        likely = _likely_key(uses) or (SHEET_COLUMN if SHEET_COLUMN in part.headers else None)
        # Sheets of the same columns are asked about once, under the name of their workbook.
        where = part.book if SHEET_COLUMN in part.headers and part.book else part.name
        log.add("no_patient_column", where, likely, option=map_option(likely or "COLUMN", "patient_id"),
                choices=(("the patient's code", "patient_id"),) if likely else ())
    elif part.is_sheet:
        log.add("sheet_not_used", part.name)
    else:
        log.add("nothing_recognised", part.name)
    return None


def _person_key(uses: tuple[Use, ...]) -> str | None:
    """The column by which the export seems to tell patients apart and that identifies them; numbers before names."""
    found = [use.header for use in uses if use.field is None and not use.is_explicit
             and (identifies(use.header) or use.identifier in IN_KEYS)]
    return min(found, key=lambda header: not is_of_number(header), default=None)


def _has_rows_of_visits(uses: tuple[Use, ...]) -> bool:
    """Whether rows have a day or date of their own, so that a patient may have several."""
    return any(use.field in ("day", "date", "assessed_on", "treated_on") and use.visit is None
               and use.instrument is None for use in uses)


def _likely_key(uses: tuple[Use, ...]) -> str | None:
    """A column that nothing is known of and whose name could be that of a code."""
    return next((use.header for use in uses if use.field is None and use.header.lower() in _LIKELY), None)
