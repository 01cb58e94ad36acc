"""What places rows in time: dates, days from one origin per patient, or visits; and dates made relative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.definitions.tables import Axis, ColumnUse
from analytics.ingest.anchors import Answers, note_without_dates
from analytics.ingest.cells import MISSING, UNREADABLE
from analytics.ingest.fields import map_option
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import NO_CODE, AssessmentRows, Rows, SessionRows, present

_WORDS = {"date": "dates", "day": "days", "visit": "visits"}


def _has(days: np.ndarray) -> np.ndarray:
    """Whether a cell held anything, readable or not."""
    return days != MISSING


@dataclass(frozen=True)
class _There:
    """Which rows have a day, a date and a visit, over all files."""

    day: np.ndarray
    date: np.ndarray
    visit: np.ndarray
    file: np.ndarray


def _there(assessments: AssessmentRows | None, sessions: SessionRows | None) -> _There:
    tables = [rows for rows in (assessments, sessions) if rows is not None]
    visits = [rows.visit != NO_CODE if isinstance(rows, AssessmentRows) else np.zeros(len(rows), dtype=bool)
              for rows in tables]
    none = [np.array([], dtype=bool)]
    return _There(
        np.concatenate([_has(rows.day) for rows in tables] or none),
        np.concatenate([_has(rows.date) for rows in tables] or none),
        np.concatenate(visits or none),
        np.concatenate([rows.file for rows in tables] or [np.array([], dtype=np.int32)]),
    )


def chosen_axis(
    assessments: AssessmentRows | None, sessions: SessionRows | None, files: list[str], log: ProblemLog,
    answers: Mapping[str, Answers],
) -> Axis:
    """The axis of all files; a finding that blocks where one file cannot be put on it.

    Dates where every row has one (or there are no days), days otherwise; visits only without both.

    Parameters
    ----------
    answers : what can be said of a file, of which it is asked here or in a note
    """
    told = set()
    there = _there(assessments, sessions)
    axis: Axis = _axis(there)
    on_axis = {"date": there.date, "day": there.day, "visit": there.visit}
    for file in present(there.file):
        of_file = there.file == file
        others = [name for name in ("date", "day", "visit") if name != axis and on_axis[name][of_file].any()]
        if not on_axis[axis][of_file].any() and others and axis != "visit":
            one = answers.get(files[file])
            log.add("axes_differ", files[file], one and one.column, has=_WORDS[others[0]], wanted=_WORDS[axis],
                    choices=one.choices if one else (), or_say=f"; or say {one.ways}" if one else "")
            told.add(files[file])
    note_without_dates(answers, told, log)
    return axis


def _axis(there: _There) -> Axis:
    if not there.day.any() and not there.date.any():
        return "visit" if there.visit.any() else "day"
    n_day_only, n_date_only = (there.day & ~there.date).sum(), (there.date & ~there.day).sum()
    if n_day_only == 0:
        return "date"
    return "day" if n_date_only <= n_day_only else "date"


def placed(rows: Rows, axis: Axis, files: list[str], what: str, log: ProblemLog) -> tuple[Rows, Rows]:
    """Rows with their ``day`` on the axis, and those that have none; the latter are told, unless they were."""
    if axis == "visit":
        day = (np.where(rows.visit == NO_CODE, MISSING, 0) if isinstance(rows, AssessmentRows)
               else np.full(len(rows), MISSING))
    else:
        day = rows.date if axis == "date" else rows.day
    is_there = (day != MISSING) & (day != UNREADABLE)
    if is_there.all():
        return replace(rows, day=day), rows.take(np.array([], dtype=np.int64))
    untold = day == MISSING
    if axis != "visit":
        # A date that could not be read has a finding of its own, also where the days are on the axis.
        other = rows.day if axis == "date" else rows.date
        untold &= other != UNREADABLE
    name = axis if axis != "visit" or isinstance(rows, AssessmentRows) else "day or date"
    for file in present(rows.file[untold]):
        log.add("day_missing", files[file], rows=rows.row[untold & (rows.file == file)], what=what, axis=name)
    return replace(rows, day=day).take(np.flatnonzero(is_there)), rows.take(np.flatnonzero(~is_there))


def origins(sessions: SessionRows | None, assessments: AssessmentRows | None, n_patients: int) -> np.ndarray:
    """Day number of each patient's first session, or of the first assessment without one; ``MISSING`` without both."""
    never = np.iinfo(np.int32).max
    first = np.full(n_patients, never, dtype=np.int32)
    if sessions is not None:
        np.minimum.at(first, sessions.patient, sessions.day)
    if assessments is not None:
        assessed = np.full(n_patients, never, dtype=np.int32)
        np.minimum.at(assessed, assessments.patient, assessments.day)
        first = np.where(first == never, assessed, first)
    return np.where(first == never, MISSING, first).astype(np.int32)


def relative(rows: Rows, origin: np.ndarray) -> Rows:
    """Rows whose day counts from their patient's origin; missing days stay missing."""
    start = origin[rows.patient]
    is_known = (rows.day != MISSING) & (start != MISSING)
    return replace(rows, day=np.where(is_known, rows.day - np.where(is_known, start, 0), MISSING).astype(np.int32))


_FEWEST_PATIENTS = 3
"""Treated patients from which first sessions on day 1 say something."""


def note_days_from_one(
    assessments: AssessmentRows | None, sessions: SessionRows | None, files: list[str],
    columns: Sequence[ColumnUse], log: ProblemLog,
) -> None:
    """Ask whether days count from 1: no row has day 0, most first sessions are on day 1, and some day is negative.

    Without a negative day it makes no difference, because days count from the first session.
    """
    if sessions is None or assessments is None or not len(sessions):
        return
    days = np.concatenate([sessions.day, assessments.day])
    if (days == 0).any() or not (days < 0).any():
        return
    treated = present(sessions.patient)
    first = origins(sessions, None, int(treated.max()) + 1)[treated]
    n_on_one = int((first == 1).sum())
    if len(treated) < _FEWEST_PATIENTS or 2 * n_on_one <= len(treated):
        return
    for file in present(np.concatenate([sessions.file, assessments.file])):
        use = next((use for use in columns if use.file == files[file] and use.field == "day"), None)
        if use is not None and use.confidence != "said":
            choices = (("days from 0, as they stand", "day"), ("days from 1, without a day 0", "day[from 1]"))
            ways = " or ".join(map_option(use.column, words) for _, words in choices)
            log.add("days_from_one", files[file], use.column, count=n_on_one, choices=choices, ways=ways)
