"""Patient codes that stand in several files of one kind: one patient in all of them, or one in each file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from analytics.definitions.tables import ColumnUse
from analytics.ingest.cells import MISSING, UNREADABLE
from analytics.ingest.fields import map_option
from analytics.ingest.file_labels import Kind, kinds_of, says_site
from analytics.ingest.parts import Part
from analytics.ingest.patient_codes import CLEARLY, PER_FILE, contradicting, is_constant, is_site, values_of
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import NO_CODE, AssessmentRows, AttributeRows, SessionRows, present

_FEWEST_MIXED = 2
"""Shared codes with rows mixed in time that say something: one may be a patient who went back and forth."""

_FEWEST_SHARED = 5
"""Shared codes that are told where nothing but the names of the files speaks."""

_CHOICES = (("the same person in all files", "patient_id"),
            ("codes are unique only within a file", f"patient_id[{PER_FILE}]"))
_MOST_NAMES = 4
_ROW = ["patient", "file", "row"]


def note_codes_in_files(
    parts: Sequence[Part], patient_of_row: Mapping[str, tuple[np.ndarray, np.ndarray]],
    assessments: AssessmentRows | None, sessions: SessionRows | None,
    attributes: Mapping[str, Sequence[AttributeRows]], columns: Sequence[ColumnUse], names_of_scales: Collection[str],
    log: ProblemLog,
) -> None:
    """Ask about codes that files of one kind share, where their rows or the names of the files speak for two people.

    Notes
    -----
    Names that differ by months, years or nothing but the copy of a file are of the same patients. Where people of one
    code contradict each other, or their rows lie in and out of each other in files named as sites are, it cannot be
    left open which one it is; otherwise it is only told.
    """
    asked = [part for part in parts if part.name in patient_of_row and _column_of(part, columns) is not None]
    for kind in kinds_of(asked):
        if not kind.is_told_apart:
            continue
        where = _where(kind, parts, patient_of_row)
        shared = _shared(where)
        if not len(shared):
            continue
        differ = _contradict(where, shared, attributes)
        mixed = [_mixed(rows, where, shared) for rows in (assessments, sessions) if rows is not None]
        is_mixed = max(mixed, default=0) >= max(_FEWEST_MIXED, CLEARLY * len(shared))
        are_sites = says_site(kind.labels.values(), names_of_scales)
        if differ or (is_mixed and are_sites):
            _ask(log, "ids_per_file", kind, where, shared, columns)
        elif is_mixed or (are_sites and len(shared) >= min(_FEWEST_SHARED, _half_of_fewest(where))):
            _ask(log, "codes_in_several_files", kind, where, shared, columns)


def _column_of(part: Part, columns: Sequence[ColumnUse]) -> str | None:
    """The column of codes, where nobody said what it is and no column holds the site."""
    mine = [use for use in columns if use.file == part.name]
    if any(use.field == "attribute" and is_site(use.column) for use in mine):
        return None
    return next((use.column for use in mine if use.field is not None and use.field.startswith("patient_id")
                 and use.confidence != "said"), None)


def _where(
    kind: Kind, parts: Sequence[Part], patient_of_row: Mapping[str, tuple[np.ndarray, np.ndarray]]
) -> pd.DataFrame:
    """Patient, label, file and row of every row of the tables of one kind."""
    place_of = {part.name: place for place, part in enumerate(parts)}
    labels = {label: code for code, label in enumerate(dict.fromkeys(kind.labels.values()))}
    frames = []
    for part in kind.parts:
        rows, patient = patient_of_row[part.name]
        frames.append(pd.DataFrame({"patient": patient, "file": place_of[part.name], "row": rows,
                                    "label": labels[kind.labels[part.name]], "name": part.name}))
    return pd.concat(frames, ignore_index=True)


def _shared(where: pd.DataFrame) -> np.ndarray:
    """The patients who stand in tables of several labels."""
    once = where.drop_duplicates(["patient", "label"])
    return once.loc[once.duplicated("patient"), "patient"].unique()


def _half_of_fewest(where: pd.DataFrame) -> float:
    return max(1.0, where.groupby("label")["patient"].nunique().min() / 2)


def _contradict(
    where: pd.DataFrame, shared: np.ndarray, attributes: Mapping[str, Sequence[AttributeRows]]
) -> bool:
    """Whether what people have one of contradicts itself between files, and clearly so."""
    rows = where[where["patient"].isin(shared)].rename(columns={"label": "site"})
    blocks = [found for name, found in attributes.items() if is_constant(name)]
    return any(len(told) and len(told) >= CLEARLY * n_several
               for told, n_several in (contradicting(rows.merge(values_of(found, "value"), on=_ROW))
                                       for found in blocks))


def _mixed(rows: AssessmentRows | SessionRows, where: pd.DataFrame, shared: np.ndarray) -> int:
    """How many patients have rows of one label in the midst of those of another, or other scores in one place.

    Rows that stand alike under several labels are one record that was exported twice, and say nothing.
    """
    frame = _placed(rows).merge(where[where["patient"].isin(shared)], on=_ROW)
    record = ["patient", "series", "visit", "when", "total"]
    several = frame.groupby(record, dropna=False)["label"].transform("nunique") > 1
    frame = frame[~several]
    is_series = frame["series"] >= 0
    same_place = frame[is_series].groupby(["patient", "series", "visit", "when"], dropna=False)
    other_scores = set(frame.loc[same_place["label"].transform("nunique").reindex(frame.index, fill_value=1) > 1,
                                 "patient"])
    dated = frame[frame["when"].notna()]
    spans = dated.groupby(["patient", "series", "label"])["when"].agg(["min", "max"]).reset_index()
    spans = spans.sort_values(["patient", "series", "min", "max"])
    before = spans.groupby(["patient", "series"])["max"].transform(lambda ends: ends.cummax().shift())
    return len(other_scores | set(spans.loc[spans["min"] < before, "patient"]))


def _placed(rows: AssessmentRows | SessionRows) -> pd.DataFrame:
    """Rows by patient, series (an instrument, or -1 for sessions), place in time and score."""
    known = [np.where((days != MISSING) & (days != UNREADABLE), days, np.nan) for days in (rows.date, rows.day)]
    is_scored = isinstance(rows, AssessmentRows)
    return pd.DataFrame({
        "patient": rows.patient, "file": rows.file, "row": rows.row,
        "series": rows.instrument.astype(np.int64) if is_scored else -1,
        "visit": rows.visit if is_scored else NO_CODE,
        "when": np.where(np.isnan(known[0]), known[1], known[0]),
        "total": rows.total if is_scored else 0.0,
    })


def _ask(
    log: ProblemLog, code: str, kind: Kind, where: pd.DataFrame, shared: np.ndarray, columns: Sequence[ColumnUse]
) -> None:
    """One question for every name that the column of codes has among the files."""
    firsts = {_column_of(part, columns): part for part in reversed(kind.parts)}
    rows = where[where["patient"].isin(shared)]
    for column, part in firsts.items():
        ways = " or ".join(map_option(column, words) for _, words in _CHOICES)
        log.add(code, part.name, column, rows=present(rows.loc[rows["name"] == part.name, "row"].to_numpy()),
                count=len(shared), choices=_CHOICES, ways=ways, names=_listed([part.name for part in kind.parts]))


def _listed(names: Sequence[str]) -> str:
    """Names in a sentence; the first few of many."""
    if len(names) > _MOST_NAMES:
        return f"{', '.join(names[:_MOST_NAMES - 1])} and {len(names) - _MOST_NAMES + 1} more"
    return f"{', '.join(names[:-1])} and {names[-1]}"
