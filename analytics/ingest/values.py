"""Numbers that a file gives a patient once: the last observed day, and planned sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analytics.definitions.tables import SESSIONS
from analytics.ingest.cells import MISSING, UNREADABLE, writes_date
from analytics.ingest.date_columns import order_said
from analytics.ingest.dates import ORDERS
from analytics.ingest.problems import ProblemLog
from analytics.ingest.readings import read_dates, read_days, read_numbers
from analytics.ingest.records import NO_CODE, SessionRows, ValueRows, joined, present
from analytics.ingest.sheets import Sheet
from analytics.ingest.visits import DAY_LIMIT

_PLANNED = next(column for column in SESSIONS if column.name == "planned_sessions")


def observed_rows(sheet: Sheet) -> ValueRows | None:
    """The last observed day that rows give, as a day or as a date; missing without such a column."""
    use = sheet.use("observed_until_day")
    if use is None:
        return None
    cells = sheet.cells(use)
    sample = cells.sample()
    missing = np.full(len(sheet), MISSING, dtype=np.int32)
    is_date = bool(set(use.options) & {*ORDERS, "serial"})
    if is_date or (sample and 2 * sum(map(writes_date, sample)) > len(sample)):
        reading, _ = read_dates(cells, order_said(use), is_serial="serial" in use.options)
        day, on = missing, reading.values
    else:
        reading = read_days(cells, -DAY_LIMIT, DAY_LIMIT)
        day, on = reading.values, missing
    sheet.report(use, reading.problems, minimum=f"{-DAY_LIMIT}", maximum=f"{DAY_LIMIT}")
    rows = _value_rows(sheet, np.maximum(day, on))
    rows = replace(rows, day=day, date=on)
    return rows.take(np.flatnonzero(rows.value > UNREADABLE))


def planned_rows(sheet: Sheet) -> ValueRows | None:
    """The planned sessions that rows without sessions give; missing without such a column."""
    use = sheet.use("planned_sessions")
    if use is None:
        return None
    reading = read_numbers(sheet.cells(use), _PLANNED.minimum, _PLANNED.maximum, is_whole=True)
    sheet.report(use, reading.problems,
                 expected=f"a number from {_PLANNED.minimum:g} to {_PLANNED.maximum:g} ({_PLANNED.meaning})")
    value = np.where(np.isnan(reading.values), MISSING, reading.values).astype(np.int32)
    rows = _value_rows(sheet, value)
    return rows.take(np.flatnonzero(rows.value != MISSING))


def _value_rows(sheet: Sheet, value: np.ndarray) -> ValueRows:
    missing = np.full(len(sheet), MISSING, dtype=np.int32)
    return ValueRows(sheet.patient, sheet.course, missing, missing,
                     np.full(len(sheet), sheet.file, dtype=np.int32), sheet.rows, value)


def until_by_patient(
    blocks: Sequence[ValueRows], axis: str, n_patients: int, files: Sequence[str], log: ProblemLog
) -> np.ndarray:
    """The last observed day of each patient on the axis, the earliest where rows disagree; ``MISSING`` without."""
    until = np.full(n_patients, MISSING, dtype=np.int32)
    rows = joined(blocks)
    if rows is None or axis == "visit":
        return until
    given, other = (rows.date, rows.day) if axis == "date" else (rows.day, rows.date)
    for file in present(rows.file[(given == MISSING) & (other != MISSING)]):
        log.add("observed_until_not_used", files[file], has="a day" if axis == "date" else "a date",
                wanted="dates" if axis == "date" else "days")
    rows = replace(rows, value=given).take(np.flatnonzero(given != MISSING))
    return _least(rows, rows.patient, n_patients, "observed_until_disagrees", files, log)


def with_planned(
    sessions: SessionRows | None, blocks: Sequence[ValueRows], files: Sequence[str], log: ProblemLog
) -> SessionRows | None:
    """Sessions that do not say how many were planned take what another table says of the course, or of the patient."""
    rows = joined(blocks)
    if rows is None or sessions is None or not len(rows):
        return sessions
    n_courses = int(max(rows.course.max(), sessions.course.max(initial=NO_CODE))) + 2
    n_keys = (int(max(rows.patient.max(), sessions.patient.max(initial=0))) + 1) * n_courses
    by_key = _least(rows, rows.patient.astype(np.int64) * n_courses + rows.course + 1, n_keys,
                    "planned_sessions_disagree", files, log)
    of_course = by_key[sessions.patient.astype(np.int64) * n_courses + sessions.course + 1]
    of_patient = by_key[sessions.patient.astype(np.int64) * n_courses]
    found = np.where(of_course != MISSING, of_course, of_patient)
    own = sessions.columns.get("planned_sessions", np.full(len(sessions), np.nan))
    planned = np.where(np.isnan(own) & (found != MISSING), found, own)
    return replace(sessions, columns={**sessions.columns, "planned_sessions": planned})


def _least(
    rows: ValueRows, key: np.ndarray, n_keys: int, code: str, files: Sequence[str], log: ProblemLog
) -> np.ndarray:
    """The smallest value of each key; a note where rows of one key disagree."""
    never = np.iinfo(np.int32).max
    least = np.full(n_keys, never, dtype=np.int32)
    np.minimum.at(least, key, rows.value)
    differs = np.zeros(n_keys, dtype=bool)
    differs[key[rows.value != least[key]]] = True
    is_told = differs[key]
    for file in present(rows.file[is_told]):
        log.add(code, files[file], rows=rows.row[is_told & (rows.file == file)])
    return np.where(least == never, MISSING, least)
