"""Which patient each row of a table belongs to; a table where that cannot be told is refused."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from analytics.definitions.instruments import Instrument
from analytics.ingest.cells import Cells
from analytics.ingest.fields import Use, map_option
from analytics.ingest.identifiers import identifies
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part
from analytics.ingest.records import NO_CODE
from analytics.ingest.sheets import Sheet, Words

_PLACES = frozenset({"patient_id", "course_id", "day", "date", "assessed_on", "visit", "time", "timing", "instrument",
                     "record_type", None})
"""Columns that say where a row belongs and not what it holds."""

_LIKELY = ("id", "code", "number", "key")


def sheet_of(
    part: Part, file: int, uses: tuple[Use, ...], instruments: dict[str, Instrument], words: Words, log: ProblemLog
) -> Sheet | None:
    """A table with its patients; missing, with a finding, where it holds nothing known or nobody can be told."""
    patient = next((use for use in uses if use.field == "patient_id"), None)
    if patient is not None and identifies(patient.header):
        log.add("patient_key_identifies", part.name, patient.header)
        return None
    if patient is None:
        return _without_patient(part, file, uses, instruments, words, log)
    codes = words.patients.codes(_codes_as_text(part.column(patient.header)))
    keep = np.flatnonzero(codes != NO_CODE)
    if len(keep) < len(codes):
        log.add("patient_missing", part.name, patient.header, rows=part.rows[codes == NO_CODE])
    cells = dict(zip(part.headers, part.cells, strict=True))
    rows = part.rows
    if len(keep) < len(codes):
        cells = {header: column.take(keep) for header, column in cells.items()}
        codes, rows = codes[keep], rows[keep]
    return Sheet(part.name, file, uses, cells, rows, codes, instruments, words, log)


def _codes_as_text(cells: Cells) -> Cells:
    """Whole numbers that another program wrote as 17.0 are the code 17."""
    if not cells.texts or not all(re.fullmatch(r"[0-9]+\.0", text) for text in cells.texts):
        return cells
    texts = pa.array([text[:-2] for text in cells.texts])
    return Cells(texts.take(pa.array(cells.codes, mask=cells.codes == NO_CODE)))


def _without_patient(
    part: Part, file: int, uses: tuple[Use, ...], instruments: dict[str, Instrument], words: Words, log: ProblemLog
) -> Sheet | None:
    if any(use.field in ("total", "item") and use.visit is not None for use in uses):
        log.add("rows_as_patients", part.name)
        label = "row {}" if file == 0 else f"{part.name} row {{}}"
        codes = np.array([words.patients.code(label.format(row)) for row in part.rows.tolist()], dtype=np.int32)
        return Sheet(part.name, file, uses, dict(zip(part.headers, part.cells, strict=True)), part.rows, codes,
                     instruments, words, log)
    is_known = any(use.field not in _PLACES for use in uses)
    person = next((use.header for use in uses if use.field is None and not use.is_explicit
                   and identifies(use.header)), None)
    if is_known and person is not None:
        log.add("patient_key_identifies", part.name, person)
    elif is_known:
        likely = _likely_key(uses)
        log.add("no_patient_column", part.name, likely, option=map_option(likely or "COLUMN", "patient_id"))
    elif part.is_sheet:
        log.add("sheet_not_used", part.name)
    else:
        log.add("nothing_recognised", part.name)
    return None


def _likely_key(uses: tuple[Use, ...]) -> str | None:
    """A column that nothing is known of and whose name could be that of a code."""
    return next((use.header for use in uses if use.field is None and use.header.lower() in _LIKELY), None)
