"""Scores at visits or days where sessions have dates: counted from the first session, if that is said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import ColumnUse
from analytics.ingest.cells import MISSING, UNREADABLE
from analytics.ingest.fields import FIRST_SESSION, FOR_ALL, map_option, use_said
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import NO_CODE, AssessmentRows, SessionRows, present
from analytics.ingest.visits import day_from_first_session

_LEFT_OUT = ("leave these scores out", "ignore")
_FROM_DAYS = "days count from each patient's first session"
_FROM_VISITS = "visits count from each patient's first session: week 4 is its day 28, a baseline its day 0"
_BY_VISITS = "visits place all scores; sessions are left out"


@dataclass(frozen=True)
class Answers:
    """What can be said of a file whose scores have visits, or days, where sessions have more."""

    column: str
    choices: tuple[tuple[str, str], ...]
    rows: np.ndarray
    has: str
    wanted: str

    @property
    def ways(self) -> str:
        """The choices as options of the command line."""
        return " or ".join(map_option(self.column, words) for _, words in self.choices)


def anchored(
    assessments: AssessmentRows | None, sessions: SessionRows | None, labels: Sequence[str], files: Sequence[str],
    columns: Sequence[ColumnUse],
) -> AssessmentRows | None:
    """Assessments of the files of which it is said, dated from their patient's first session.

    A score of a patient without a session, or at a visit whose name says no day, stays without a date.
    """
    if assessments is None or sessions is None:
        return assessments
    said = {use.file for use in columns if use.field is not None and FIRST_SESSION in use.field}
    chosen = np.isin(assessments.file, [place for place, name in enumerate(files) if name in said])
    is_dated = bool((sessions.date > UNREADABLE).any())
    own, theirs = ("date", sessions.date) if is_dated else ("day", sessions.day)
    chosen &= getattr(assessments, own) == MISSING
    if not chosen.any():
        return assessments
    n_patients = int(max(assessments.patient.max(), sessions.patient.max(initial=0))) + 1
    first = np.full(n_patients, np.iinfo(np.int32).max, dtype=np.int64)
    there = theirs > UNREADABLE
    np.minimum.at(first, sessions.patient[there], theirs[there])
    after = _days_after(assessments, labels, has_days=is_dated)
    is_known = chosen & (after > UNREADABLE) & (first[assessments.patient] < np.iinfo(np.int32).max)
    on = np.where(is_known, first[assessments.patient] + after, getattr(assessments, own)).astype(np.int32)
    others = {"day": np.where(is_known, MISSING, assessments.day).astype(np.int32)} if is_dated else {}
    return replace(assessments, **{**others, own: on})


def is_by_visits(assessments: AssessmentRows | None, columns: Sequence[ColumnUse]) -> bool:
    """Whether a person said that visits place all scores, of which there are some."""
    return assessments is not None and any(use.field is not None and FOR_ALL in use.field for use in columns)


def by_visits(
    assessments: AssessmentRows, sessions: SessionRows | None, files: Sequence[str], log: ProblemLog
) -> AssessmentRows:
    """The scores without days or dates; each session is told to be left out."""
    for file in present(sessions.file) if sessions is not None else ():
        log.add("sessions_left_out", files[file], rows=sessions.row[sessions.file == file])
    nowhere = np.full(len(assessments), MISSING, dtype=np.int32)
    return replace(assessments, day=nowhere, date=nowhere)


def _days_after(assessments: AssessmentRows, labels: Sequence[str], *, has_days: bool) -> np.ndarray:
    """Days after the first session: of the row, else of its visit."""
    of_label = np.array([*(MISSING if (day := day_from_first_session(label)) is None else day for label in labels),
                         MISSING], dtype=np.int64)
    by_visit = of_label[assessments.visit]
    return np.where(assessments.day == MISSING, by_visit, assessments.day) if has_days else by_visit


def answers_without_dates(
    assessments: AssessmentRows | None, sessions: SessionRows | None, labels: Sequence[str], files: Sequence[str],
    columns: Sequence[ColumnUse], instruments: Mapping[str, Instrument],
) -> dict[str, Answers]:
    """By file, whether visits or days count from the first session, where it has nothing else and sessions have more.

    It is offered only where every visit says its day: week 4, day 28, or a baseline, which is day 0. That visits
    place all scores, so that sessions are left out, is offered only where every score has one.
    """
    if assessments is None or sessions is None:
        return {}
    has_dates, has_days = bool((sessions.date > UNREADABLE).any()), bool((sessions.day > UNREADABLE).any())
    is_all_at_visits = bool((assessments.visit != NO_CODE).all())
    found = {}
    for file in present(assessments.file):
        rows = assessments.take(assessments.file == file)
        are_days, are_visits = bool((rows.day != MISSING).any()), bool((rows.visit != NO_CODE).any())
        is_less = (has_dates and not has_days) if are_days else (has_dates or has_days) and are_visits
        use = _column(files[file], columns, instruments, are_days=are_days)
        if (rows.date != MISSING).any() or not is_less or use is None:
            continue
        choices = [_LEFT_OUT]
        if not are_days and is_all_at_visits:
            choices.insert(0, _said(use, instruments, _BY_VISITS, FOR_ALL))
        if are_days or all(day_from_first_session(labels[visit]) is not None for visit in present(rows.visit)):
            choices.insert(0, _said(use, instruments, _FROM_DAYS if are_days else _FROM_VISITS, FIRST_SESSION))
        found[files[file]] = Answers(use.column, tuple(choices), rows.row, "days" if are_days else "visits",
                                     "dates" if has_dates else "days")
    return found


def _said(use: ColumnUse, instruments: Mapping[str, Instrument], meaning: str, option: str) -> tuple[str, str]:
    said = use_said(use.column, use.field, instruments)
    return meaning, replace(said, options=(*said.options, option)).words


def note_without_dates(answers: Mapping[str, Answers], told: Collection[str | None], log: ProblemLog) -> None:
    """Ask about the files of which no other finding does."""
    for file, one in answers.items():
        if file not in told:
            log.add("scores_without_dates", file, one.column, rows=one.rows, choices=one.choices, ways=one.ways,
                    has=one.has, wanted=one.wanted)


def _column(
    file: str, columns: Sequence[ColumnUse], instruments: Mapping[str, Instrument], *, are_days: bool
) -> ColumnUse | None:
    """The column that places the scores of a file: of days, of visits, or the first score at a visit."""
    mine = [use for use in columns if use.file == file and use.field is not None]
    field = "day" if are_days else "visit"
    place = next((use for use in mine if use.field.split("[")[0] == field), None)
    if place is not None:
        return place
    return next((use for use in mine if "@" in use.field and (
        use.field.split("@")[0].split("[")[0].split(".")[0] in instruments)), None)
