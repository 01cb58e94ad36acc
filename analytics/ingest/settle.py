"""Rows of all files placed in time, set against each other, and made into frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.definitions.tables import Axis, day_number
from analytics.ingest import attributes
from analytics.ingest.anchors import anchored, answers_without_dates, by_visits, is_by_visits
from analytics.ingest.axis import chosen_axis, note_days_from_one, origins, placed, relative
from analytics.ingest.cells import MISSING
from analytics.ingest.check import Checker
from analytics.ingest.check_all import note_implausible
from analytics.ingest.codes_in_files import note_codes_in_files
from analytics.ingest.frames import assessments_frame, attributes_frame, sessions_frame, whole_numbers, words_of
from analytics.ingest.gather import Gathered
from analytics.ingest.headers import aliases_of
from analytics.ingest.patient_codes import note_alike_codes, note_ids_per_site, note_leading_zeros
from analytics.ingest.records import (
    NO_CODE,
    AssessmentRows,
    AttributeRows,
    Rows,
    SessionRows,
    Vocabulary,
    joined,
    present,
)
from analytics.ingest.scales import note_ranges, unmixed
from analytics.ingest.synonyms import squeezed
from analytics.ingest.timing import note_unknown_timing, timed_by_clock, timed_by_order
from analytics.ingest.values import until_by_patient, with_planned
from analytics.ingest.visits import ordered, sameness

START_YEAR = "start_year"
_WITHOUT_SESSIONS = {"assessments and sessions": "assessments", "sessions": "attributes"}
"""What files hold whose sessions are left out."""


@dataclass(frozen=True)
class Settled:
    """The frames of ``tables.Tables``, and which rows of which file gave something."""

    assessments: pd.DataFrame
    sessions: pd.DataFrame
    attributes: pd.DataFrame
    axis: Axis
    observed_until: pd.Series
    is_visit_order_known: bool
    as_of: int | None
    used: tuple[Rows, ...]
    is_turned_relative: bool

    def used_rows(self, file: int) -> np.ndarray:
        """The rows of one file that gave a record or a value, each once."""
        of_file = [rows.row[rows.file == file] for rows in self.used]
        return present(np.concatenate(of_file)) if of_file else np.array([], dtype=np.int32)


def settled(found: Gathered, dates: str, as_of: date | None) -> Settled:
    """Everything that was gathered on one axis, checked, and framed."""
    files, log, words = found.files, found.log, found.words
    note_leading_zeros(words.patients, found.patient_of_row, found.columns, log)
    note_alike_codes(words.patients, found.patient_of_row, found.columns, log)
    note_ids_per_site(found.attributes, files, found.columns, log)
    found.assessments = unmixed(found.assessments, found.seen, found.instruments, log)
    assessments, sessions = joined(found.assessments), joined(found.sessions)
    note_codes_in_files(found.parts, found.patient_of_row, assessments, sessions, found.attributes, found.columns,
                        aliases_of(found.instruments), log)
    assessments = anchored(assessments, sessions, words.visits.texts, files, found.columns)
    if is_by_visits(assessments, found.columns):
        assessments, sessions = by_visits(assessments, sessions, files, log), None
        found.kinds = [_WITHOUT_SESSIONS.get(kind, kind) for kind in found.kinds]
    axis = chosen_axis(assessments, sessions, files, log, answers_without_dates(
        assessments, sessions, words.visits.texts, files, found.columns, found.instruments))
    assessments, visits, is_order_known = _with_visits(assessments, words.visits)
    if assessments is not None:
        assessments, _ = placed(assessments, axis, files, "a score", log)
    if sessions is not None:
        sessions, _ = placed(sessions, axis, files, "a session", log)
    assessments, sessions = _checked(found, axis, assessments, sessions)
    sessions = with_planned(sessions, found.planned, files, log)
    n_patients = len(words.patients)
    until = until_by_patient(found.observed, axis, n_patients, files, log)
    values, value_rows = _attributes(found, axis, n_patients)
    used = [rows for rows in (assessments, sessions, *value_rows, *found.observed, *found.planned) if rows is not None]
    last = _last_date(axis, as_of, assessments, sessions)
    note_implausible(found, axis, assessments, sessions, values, until, last)
    is_turned = dates == "relative" and axis == "date"
    if is_turned:
        assessments, sessions, values, until = _made_relative(found, assessments, sessions, values, until, last)
        axis, last = "day", None
    _notes(found, axis, assessments, sessions, values, until, is_order_known)
    patients, places = _patients_in_order(words.patients, (assessments, sessions, *values.values()))
    assessments, sessions, *blocks = [
        None if rows is None else replace(rows, patient=places[rows.patient])
        for rows in (assessments, sessions, *values.values())]
    return Settled(
        assessments_frame(assessments, patients, words, visits, files, found.instruments, has_days=axis != "visit",
                          is_visit_order_known=is_order_known),
        sessions_frame(sessions, patients, words, files),
        attributes_frame(dict(zip(values, blocks, strict=True)), patients, words, files),
        axis, _observed_until(until, words.patients, places), is_order_known or axis != "visit", last, tuple(used),
        is_turned,
    )


def _with_visits(
    assessments: AssessmentRows | None, labels: Vocabulary
) -> tuple[AssessmentRows | None, list[str], bool]:
    """Visits in their order, where it is known; labels that say the same, as week 4 and wk4, are one visit."""
    if assessments is None:
        return None, [], True
    texts = labels.texts
    occurring = present(assessments.visit)
    name_of: dict[object, str] = {}
    for label in sorted(texts[place] for place in occurring):
        name_of.setdefault(sameness(label), label)
    in_order = ordered(name_of.values())
    visits = list(in_order if in_order is not None else sorted(name_of.values()))
    places = np.full(len(texts) + 1, NO_CODE, dtype=np.int32)
    for place in occurring:
        places[place] = visits.index(name_of[sameness(texts[place])])
    return replace(assessments, visit=places[assessments.visit]), visits, in_order is not None


def _checked(
    found: Gathered, axis: Axis, assessments: AssessmentRows | None, sessions: SessionRows | None
) -> tuple[AssessmentRows | None, SessionRows | None]:
    checker = Checker(found.files, axis, found.log, found.columns)
    note_ranges(found.seen, found.instruments, found.log)
    if axis == "day" and sessions is not None and len(sessions):
        checker.days_restart(sessions, assessments)
    if axis == "day":
        note_days_from_one(assessments, sessions, found.files, found.columns, found.log)
    assessments = timed_by_clock(assessments, sessions)
    assessments = timed_by_order(assessments, sessions, found.files, found.columns, list(found.instruments))
    assessments, sessions = checker.once(assessments, sessions)
    note_unknown_timing(assessments, sessions, axis, found.files, found.columns, list(found.instruments), found.log)
    checker.course_ids(sessions, assessments)
    checker.patients(sessions, assessments)
    return assessments, sessions


def _attributes(found: Gathered, axis: Axis, n_patients: int) -> tuple[dict[str, AttributeRows], list[AttributeRows]]:
    values: dict[str, AttributeRows] = {}
    used: list[AttributeRows] = []
    for header, blocks in found.attributes.items():
        values[header], rows = attributes.settled(blocks, header, n_patients, axis, found.files, found.log)
        used += rows
    return values, used


def _last_date(axis: Axis, as_of: date | None, *tables: Rows | None) -> int | None:
    """The day the figures speak for: as given, else the latest in the files; missing without dates."""
    if axis != "date":
        return None
    if as_of is not None:
        return day_number(as_of)
    return max((int(rows.day.max()) for rows in tables if rows is not None and len(rows)), default=None)


def _made_relative(
    found: Gathered, assessments: AssessmentRows | None, sessions: SessionRows | None,
    values: dict[str, AttributeRows], until: np.ndarray, last: int | None,
) -> tuple[AssessmentRows | None, SessionRows | None, dict[str, AttributeRows], np.ndarray]:
    """Dates as days from each patient's first session; what a date told beyond that is kept as the year alone."""
    origin = origins(sessions, assessments, len(found.words.patients))
    year_of = sessions if sessions is not None and len(sessions) else assessments
    values = {name: relative(rows, origin) for name, rows in values.items()}
    if year_of is not None and not any(squeezed(name) == squeezed(START_YEAR) for name in values):
        years = _years(relative(year_of, origin), year_of.day, found)
        values[START_YEAR], _ = attributes.settled(
            [years], START_YEAR, len(found.words.patients), "day", found.files, found.log)
    is_known = origin != MISSING
    known_until = until if last is None else np.where(until == MISSING, last, until)
    days_until = np.where(is_known & (known_until != MISSING), known_until - np.where(is_known, origin, 0), MISSING)
    return (None if assessments is None else relative(assessments, origin),
            None if sessions is None else relative(sessions, origin), values, days_until.astype(np.int32))


def _years(rows: Rows, dates: np.ndarray, found: Gathered) -> AttributeRows:
    vocabulary = found.words.column(f"attribute {START_YEAR}")
    years = dates.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    different, which = np.unique(years, return_inverse=True)
    codes = np.array([vocabulary.code(str(year)) for year in different.tolist()], dtype=np.int32)[which]
    return AttributeRows(rows.patient, np.full(len(rows), NO_CODE, dtype=np.int32), rows.day, rows.date, rows.file,
                         rows.row, codes)


def _notes(
    found: Gathered, axis: Axis, assessments: AssessmentRows | None, sessions: SessionRows | None,
    values: dict[str, AttributeRows], until: np.ndarray, is_order_known: bool,
) -> None:
    """What concerns all files together."""
    if axis == "visit" and not is_order_known:
        found.log.add("visit_order_unknown")
    if axis == "day" and sessions is not None and len(sessions) and (until == MISSING).all():
        found.log.add("not_due_unknown")
    there = [rows.patient for rows in (assessments, sessions) if rows is not None and len(rows)]
    if there:
        described = joined(list(values.values()))
        if described is not None:
            Checker(found.files, axis, found.log).attributes_only(described, present(np.concatenate(there)))


def _patients_in_order(
    vocabulary: Vocabulary, tables: Iterable[Rows | None]
) -> tuple[pd.Index, np.ndarray]:
    """The patients who have a row, sorted, and the new code of every old one."""
    is_there = np.zeros(len(vocabulary), dtype=bool)
    for rows in tables:
        if rows is not None:
            is_there[rows.patient] = True
    there = np.flatnonzero(is_there)
    texts = pa.array(vocabulary.texts, pa.large_string()).take(pa.array(there))
    order = pc.sort_indices(texts)
    places = np.full(len(vocabulary) + 1, NO_CODE, dtype=np.int32)
    places[there[order.to_numpy()]] = np.arange(len(there), dtype=np.int32)
    return words_of(texts.take(order)), places


def _observed_until(until: np.ndarray, patients: Vocabulary, places: np.ndarray) -> pd.Series:
    known = np.flatnonzero((until != MISSING) & (places[:-1] != NO_CODE))
    known = known[np.argsort(places[known])]
    texts = patients.texts
    return whole_numbers(until[known], MISSING).set_axis(
        pd.Index([texts[place] for place in known], dtype="str", name="patient_id"))
