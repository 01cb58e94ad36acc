"""Rows against each other: repetitions, contradictions, patients who are in one table only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.definitions.tables import ColumnUse
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import NO_CODE, AnyRows, AssessmentRows, Rows, SessionRows, present, without
from analytics.ingest.repeats import Repeats, one_key, repeated_places, repeats, resent_files
from analytics.ingest.sheets import TIMINGS

_BEFORE = TIMINGS.index("before")


@dataclass(frozen=True)
class Checker:
    """Notes problems of rows under the names of their files."""

    files: list[str]
    axis: str
    log: ProblemLog
    columns: Sequence[ColumnUse] = ()

    def tell(
        self, code: str, rows: Rows, chosen: np.ndarray, *, n_patients: int | None = None, field: str | None = None,
        **words,
    ) -> None:
        """Note a problem of some rows, file by file; of the column that is read as a field, where one is named."""
        rows = rows.take(chosen)
        for file in present(rows.file):
            of_file = rows.file == file
            count = None if n_patients is None else len(present(rows.patient[of_file]))
            self.log.add(code, self.files[file], self.header(file, field), rows=rows.row[of_file], count=count, **words)

    def header(self, file: int, field: str | None) -> str | None:
        """The first column of a file that is read as a field; missing where there is none."""
        return next((use.column for use in self.columns if field is not None and use.file == self.files[file]
                     and re.split(r"[\[@]", use.field or "")[0] == field), None)

    def once(
        self, assessments: AssessmentRows | None, sessions: SessionRows | None
    ) -> tuple[AssessmentRows | None, SessionRows | None]:
        """Both tables with every row once; a file that another one holds wholly is told as one."""
        scores = None if assessments is None else repeats(self._score_keys(assessments), assessments, _score_frame)
        given = None if sessions is None else repeats((sessions.patient, sessions.day), sessions, _session_frame)
        resent = resent_files(scores, given, len(self.files))
        return (None if assessments is None else self.assessments(assessments, scores, resent),
                None if sessions is None else self.sessions(sessions, given, resent))

    def _score_keys(self, rows: AssessmentRows) -> tuple[np.ndarray, ...]:
        return rows.patient, rows.instrument, rows.visit if self.axis == "visit" else rows.day

    def _again(self, rows: Rows, near: Repeats, resent: np.ndarray) -> np.ndarray:
        """Which of the repeated rows are not used: all but the first, those of a re-sent file before all others."""
        is_resent = np.isin(rows.file[near.places], resent)
        order = np.argsort(is_resent, kind="stable")
        is_again = np.zeros(len(order), dtype=bool)
        is_again[order] = near.frame.iloc[order].duplicated().to_numpy()
        self.tell("file_resent", rows, near.places[is_again & is_resent])
        self.tell("duplicate_row", rows, near.places[is_again & ~is_resent])
        return is_again

    def assessments(self, rows: AssessmentRows, repeated: Repeats, resent: np.ndarray) -> AssessmentRows:
        """Assessments, each once; different scores of one day are noted and kept."""
        near, frame = repeated.places, repeated.frame
        if not len(near):
            return rows
        is_again = self._again(rows, repeated, resent)
        kept = frame[~is_again]
        usable = kept[kept["timing"].isin((NO_CODE, _BEFORE))]
        same = ["patient", "course", "instrument", "visit" if self.axis == "visit" else "day"]
        n_totals = usable.groupby(same, sort=False)["total"].transform("nunique")
        if (n_totals > 1).any():
            self.tell("same_day_scores", rows, near[usable.index[n_totals > 1].to_numpy()],
                      axis="visit" if self.axis == "visit" else "day")
        return _without(rows, near[is_again])

    def sessions(self, rows: SessionRows, repeated: Repeats, resent: np.ndarray) -> SessionRows:
        """Sessions, each once; different ones of one day are noted and kept."""
        near, frame = repeated.places, repeated.frame
        if not len(near):
            return rows
        is_again = self._again(rows, repeated, resent)
        kept = frame[~is_again]
        is_shared = kept.duplicated(["patient", "day"], keep=False).to_numpy()
        if is_shared.any():
            self.tell("same_day_sessions", rows, near[kept.index[is_shared].to_numpy()])
        return _without(rows, near[is_again])

    def days_restart(self, sessions: SessionRows, assessments: AssessmentRows | None) -> None:
        """Refuse days that count from each course anew unless every row says which course it belongs to."""
        patients = np.union1d(self._overlapping(sessions, assessments), self._restarting(sessions))
        if len(patients):
            self.tell("days_restart", sessions, np.flatnonzero(np.isin(sessions.patient, patients)),
                      n_patients=len(patients))

    def _overlapping(self, sessions: SessionRows, assessments: AssessmentRows | None) -> np.ndarray:
        """Patients whose courses overlap in days while one of their rows carries no course id."""
        with_id = sessions.take(np.flatnonzero(sessions.course != NO_CODE))
        if not len(with_id):
            return np.array([], dtype=np.int32)
        spans = (pd.DataFrame({"patient": with_id.patient, "course": with_id.course, "day": with_id.day})
                 .groupby(["patient", "course"], sort=False)["day"].agg(["min", "max"]).reset_index()
                 .sort_values(["patient", "min", "max"]))
        latest = spans.groupby("patient")["max"].cummax().groupby(spans["patient"]).shift()
        overlapping = spans.loc[(spans["min"] <= latest), "patient"].unique()
        tables = [sessions, *([assessments] if assessments is not None else [])]
        without_id = [rows.patient[rows.course == NO_CODE] for rows in tables]
        return np.intersect1d(overlapping, np.concatenate(without_id))

    def _restarting(self, sessions: SessionRows) -> np.ndarray:
        """Patients without course ids whose sequence of days repeats, the first day included, but not as a whole."""
        rows = sessions.take(np.flatnonzero(sessions.course == NO_CODE))
        near = repeated_places(one_key(rows.patient, rows.day))
        if not len(near):
            return np.array([], dtype=np.int32)
        rows = rows.take(np.flatnonzero(np.isin(rows.patient, rows.patient[near])))
        counts = pd.DataFrame({"patient": rows.patient, "day": rows.day}).groupby(["patient", "day"]).size()
        is_twice = (counts > 1).groupby("patient")
        restarts = (is_twice.sum() >= 2) & is_twice.first() & ~is_twice.all()
        return restarts.index[restarts].to_numpy()

    def patients(self, sessions: SessionRows | None, assessments: AssessmentRows | None) -> None:
        """Note patients with sessions and no score, and the other way round."""
        if sessions is None:
            return
        treated = present(sessions.patient)
        assessed = present(assessments.patient) if assessments is not None else np.array([], dtype=np.int64)
        for code, rows, alone in (("sessions_without_scores", sessions, without(treated, assessed)),
                                  ("scores_without_sessions", assessments, without(assessed, treated))):
            if len(alone):
                self.tell(code, rows, _first_rows(rows, alone), n_patients=len(alone))
        if len(treated) and len(assessed) and len(without(treated, assessed)) == len(treated):
            self.log.add("no_patient_in_common")

    def attributes_only(self, described: Rows, known: np.ndarray) -> None:
        """Note patients of whom there is neither a session nor a score."""
        alone = without(present(described.patient), known)
        if len(alone):
            self.tell("attributes_only", described, _first_rows(described, alone), n_patients=len(alone))

    def course_ids(self, sessions: SessionRows | None, assessments: AssessmentRows | None) -> None:
        """Note scores whose course id no session of the patient has, when sessions have ids."""
        if sessions is None or assessments is None or not (sessions.course != NO_CODE).any():
            return
        keys = one_key(np.concatenate([sessions.patient, assessments.patient]),
                    np.concatenate([sessions.course, assessments.course]))
        is_unknown = (assessments.course != NO_CODE) & ~np.isin(keys[len(sessions):], keys[:len(sessions)])
        if is_unknown.any():
            self.tell("course_id_unknown", assessments, np.flatnonzero(is_unknown))


def _score_frame(rows: AssessmentRows) -> pd.DataFrame:
    return pd.DataFrame({
        "patient": rows.patient, "course": rows.course, "instrument": rows.instrument, "day": rows.day,
        "visit": rows.visit, "time": rows.time, "timing": rows.timing, "total": rows.total,
        **{f"item_{place}": line for place, line in enumerate(rows.items)},
    })


def _session_frame(rows: SessionRows) -> pd.DataFrame:
    return pd.DataFrame({"patient": rows.patient, "course": rows.course, "day": rows.day, **rows.columns})


def _without(rows: AnyRows, dropped: np.ndarray) -> AnyRows:
    if not len(dropped):
        return rows
    is_kept = np.ones(len(rows), dtype=bool)
    is_kept[dropped] = False
    return rows.take(is_kept)


def _first_rows(rows: Rows, patients: np.ndarray) -> np.ndarray:
    """Position of the earliest row of each of some patients; on one day the first in the file."""
    mine = np.flatnonzero(np.isin(rows.patient, patients))
    order = mine[np.lexsort((rows.row[mine], rows.file[mine], rows.day[mine], rows.patient[mine]))]
    owner = rows.patient[order]
    return order[np.append(True, owner[1:] != owner[:-1])] if len(order) else order
