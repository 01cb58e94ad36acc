"""Rows against each other: repetitions, contradictions, patients who are in one table only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.definitions.instruments import Instrument
from analytics.ingest.fields import map_option
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import NO_CODE, AnyRows, AssessmentRows, Rows, SessionRows, present, without
from analytics.ingest.shapes import ScoresSeen
from analytics.ingest.sheets import TIMINGS

_BEFORE = TIMINGS.index("before")


@dataclass(frozen=True)
class Checker:
    """Notes problems of rows under the names of their files."""

    files: list[str]
    axis: str
    log: ProblemLog

    def tell(self, code: str, rows: Rows, chosen: np.ndarray, *, n_patients: int | None = None, **words) -> None:
        """Note a problem of some rows, file by file."""
        rows = rows.take(chosen)
        for file in present(rows.file):
            of_file = rows.file == file
            count = None if n_patients is None else len(present(rows.patient[of_file]))
            self.log.add(code, self.files[file], rows=rows.row[of_file], count=count, **words)

    def assessments(self, rows: AssessmentRows) -> AssessmentRows:
        """Assessments, each once; different scores of one day are noted and kept."""
        place = rows.visit if self.axis == "visit" else rows.day
        near = _repeated(_key(rows.patient, rows.instrument, place))
        if not len(near):
            return rows
        subset = rows.take(near)
        frame = pd.DataFrame({
            "patient": subset.patient, "course": subset.course, "instrument": subset.instrument, "day": subset.day,
            "visit": subset.visit, "time": subset.time, "timing": subset.timing, "total": subset.total,
            **{f"item_{place}": line for place, line in enumerate(subset.items)},
        })
        is_again = frame.duplicated().to_numpy()
        self.tell("duplicate_row", rows, near[is_again])
        kept = frame[~is_again]
        usable = kept[kept["timing"].isin((NO_CODE, _BEFORE))]
        same = ["patient", "course", "instrument", "visit" if self.axis == "visit" else "day"]
        n_totals = usable.groupby(same, sort=False)["total"].transform("nunique")
        if (n_totals > 1).any():
            self.tell("same_day_scores", rows, near[usable.index[n_totals > 1].to_numpy()],
                      axis="visit" if self.axis == "visit" else "day")
        return _without(rows, near[is_again])

    def sessions(self, rows: SessionRows) -> SessionRows:
        """Sessions, each once; different ones of one day are noted and kept."""
        near = _repeated(_key(rows.patient, rows.day))
        if not len(near):
            return rows
        subset = rows.take(near)
        frame = pd.DataFrame({"patient": subset.patient, "course": subset.course, "day": subset.day, **subset.columns})
        is_again = frame.duplicated().to_numpy()
        self.tell("duplicate_row", rows, near[is_again])
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
        near = _repeated(_key(rows.patient, rows.day))
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
        keys = _key(np.concatenate([sessions.patient, assessments.patient]),
                    np.concatenate([sessions.course, assessments.course]))
        is_unknown = (assessments.course != NO_CODE) & ~np.isin(keys[len(sessions):], keys[:len(sessions)])
        if is_unknown.any():
            self.tell("course_id_unknown", assessments, np.flatnonzero(is_unknown))

    def ranges(self, seen: list[ScoresSeen], instruments: dict[str, Instrument]) -> None:
        """Note scores that all lie in a range another form of the scale uses, all columns and visits together."""
        for key in dict.fromkeys(one.instrument for one in seen):
            of_key = [one for one in seen if one.instrument == key]
            values = np.concatenate([one.values for one in of_key])
            other = _other_range(values, np.concatenate([one.beyond for one in of_key]), instruments[key])
            for one in of_key if other is not None else ():
                self._tell_range(one, instruments[key], other)

    def _tell_range(self, one: ScoresSeen, instrument: Instrument, other: tuple[float, float]) -> None:
        low, high = other
        remedy = "Convert the scores in the export if the file uses that form."
        if one.columns:
            option = map_option(one.columns[0], f"{instrument.key}[{low:g}..{high:g}]")
            remedy = f"If the file uses that form, say {option}."
        self.log.add("suspicious_range", one.file, one.columns[0] if one.columns else None, title=instrument.title,
                     other=f"{low:g} to {high:g}", own=f"{instrument.minimum:g} to {instrument.maximum:g}",
                     what_to_do=remedy)


def _other_range(values: np.ndarray, beyond: np.ndarray, instrument: Instrument) -> tuple[float, float] | None:
    """The range the scores seem to be in, the narrowest that holds them; missing where it is the instrument's own."""
    n_above = int((beyond > instrument.maximum).sum())
    if n_above > len(values):
        wider = [other for other in instrument.other_ranges if other[1] > instrument.maximum]
        return next((other for other in sorted(wider, key=lambda pair: pair[1]) if beyond.max() <= other[1]), None)
    if not len(values) or n_above or values.max() <= 0:
        return None
    narrower = sorted((other for other in instrument.other_ranges if other[1] < instrument.maximum),
                      key=lambda pair: pair[1])
    for low, high in narrower:
        # Scores of 0 and 1 alone are as likely little pain as another scale.
        is_fractional = bool((values != np.floor(values)).any())
        if values.max() <= high and values.min() >= low and (high > 1 or is_fractional):
            return low, high
    return None


def _key(*codes: np.ndarray) -> np.ndarray:
    """One whole number a row from several codes or days, equal where all of them are."""
    key = np.zeros(len(codes[0]), dtype=np.int64)
    for part in codes:
        part = part.astype(np.int64)
        low = int(part.min(initial=0))
        key = key * (int(part.max(initial=0)) - low + 1) + (part - low)
    return key


def _repeated(key: np.ndarray) -> np.ndarray:
    """Positions of the rows whose key occurs more than once."""
    ordered = np.sort(key)
    if not (ordered[1:] == ordered[:-1]).any():
        return np.array([], dtype=np.int64)
    return np.flatnonzero(pd.Series(key).duplicated(keep=False).to_numpy())


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
