"""Values of sessions and patients against what is usual and what can be: doses, lengths, pressures, sex, age band."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analytics.definitions.plausible import (
    AGE_BAND_HEADERS,
    DOSE_LIMITS,
    MINUTES_LIMITS,
    SEX_HEADERS,
)
from analytics.ingest.cells import MISSING, is_missing
from analytics.ingest.check import Checker
from analytics.ingest.records import NO_CODE, AttributeRows, SessionRows, joined
from analytics.ingest.sheets import Words
from analytics.ingest.synonyms import squeezed

_SEXES = {**dict.fromkeys(("f", "female", "w", "woman", "girl"), "female"),
          **dict.fromkeys(("m", "male", "man", "boy"), "male")}

_READINGS = ("before", "peak", "leaving")


def unusual_doses(checker: Checker, sessions: SessionRows, words: Words) -> None:
    """Note doses outside what is usual for the route, where route and unit are known."""
    dose = sessions.columns.get("dose")
    if dose is None:
        return
    route = _texts(sessions, "route", words)
    unit = _texts(sessions, "dose_unit", words)
    drug = _texts(sessions, "drug", words)
    is_open = ~np.isnan(dose)
    for limit in DOSE_LIMITS:
        fits = is_open & route.is_(limit.route) & unit.is_(limit.unit)
        if limit.drug is not None:
            fits &= drug.matches(limit.drug)
        is_open &= ~fits
        is_usual = np.isin(dose, limit.steps) if limit.steps else (dose >= limit.minimum) & (dose <= limit.maximum)
        told = np.flatnonzero(fits & ~is_usual)
        if len(told):
            checker.tell("dose_unusual", sessions, told, field="dose", expected=limit.words)


def unusual_minutes(checker: Checker, sessions: SessionRows, words: Words) -> None:
    """Note sessions shorter or longer than is usual for their route."""
    minutes = sessions.columns.get("minutes")
    if minutes is None:
        return
    route = _texts(sessions, "route", words)
    for name, (low, high) in MINUTES_LIMITS.items():
        told = np.flatnonzero(route.is_(name) & ((minutes < low) | (minutes > high)))
        if len(told):
            checker.tell("minutes_unusual", sessions, told, field="minutes",
                         expected=f"{name} {low:g} to {high:g} minutes")


def swapped_pressures(checker: Checker, sessions: SessionRows) -> None:
    """Note readings whose diastolic pressure is not below the systolic one."""
    for reading in _READINGS:
        systolic = sessions.columns.get(f"systolic_{reading}")
        diastolic = sessions.columns.get(f"diastolic_{reading}")
        if systolic is None or diastolic is None:
            continue
        told = np.flatnonzero(diastolic >= systolic)
        if len(told):
            checker.tell("pressure_swapped", sessions, told, field=f"diastolic_{reading}")


class _Words:
    """A column of words: which rows have which."""

    def __init__(self, codes: np.ndarray, texts: list[str]) -> None:
        self.codes, self.texts = codes, texts

    def is_(self, text: str) -> np.ndarray:
        return self._where([one == text for one in self.texts])

    def matches(self, pattern: re.Pattern[str]) -> np.ndarray:
        return self._where([bool(pattern.search(one)) for one in self.texts])

    def _where(self, chosen: list[bool]) -> np.ndarray:
        return np.array([*chosen, False], dtype=bool)[self.codes]


def _texts(sessions: SessionRows, name: str, words: Words) -> _Words:
    codes = sessions.columns.get(name, np.full(len(sessions), NO_CODE, dtype=np.int32))
    return _Words(codes, words.column(name).texts)


def changed_sex(
    checker: Checker, given: Mapping[str, Iterable[AttributeRows]], settled: Mapping[str, AttributeRows], words: Words
) -> None:
    """Note patients with two sexes over time or over columns; two on one day are a contradiction told elsewhere."""
    headers = [header for header in given if squeezed(header) in SEX_HEADERS]
    kept = pd.concat([_meanings(settled[header], header, words) for header in headers]) if headers else None
    if kept is None or not len(kept):
        return
    differ = kept.groupby("patient")["meaning"].nunique()
    patients = differ.index[differ > 1]
    if not len(patients):
        return
    rows_of = {header: joined(list(given[header])) for header in headers}
    said = {header: _meanings(rows, header, words) for header, rows in rows_of.items()}
    said = {header: mine[mine["patient"].isin(patients)] for header, mine in said.items()}
    usual = pd.concat(said.values()).groupby("patient")["meaning"].agg(_most_frequent)
    for header, mine in said.items():
        told = mine.index[(mine["meaning"] != mine["patient"].map(usual)).to_numpy()].to_numpy()
        _tell_attribute(checker, "attribute_changes", header, rows_of[header], told)


def _meanings(rows: AttributeRows, header: str, words: Words) -> pd.DataFrame:
    """Patient and meaning of every row that says something; the index is the row's position."""
    texts = words.column(f"attribute {header}").texts
    said = [None if is_missing(text) else meaning_of_attribute(header, text) for text in texts]
    meaning = np.array([*said, None], dtype=object)[rows.value]
    return pd.DataFrame({"patient": rows.patient, "meaning": meaning}).dropna()


def meaning_of_attribute(header: str, text: str) -> str:
    """What a value says, whatever its spelling, where the header is that of the sex; else the text."""
    if squeezed(header) not in SEX_HEADERS:
        return text
    return _SEXES.get(squeezed(text), squeezed(text))


def _most_frequent(meanings: pd.Series) -> str:
    """The value most rows have; empty where two are as frequent, so that all rows are told."""
    counts = meanings.value_counts()
    return "" if len(counts) > 1 and counts.iloc[0] == counts.iloc[1] else str(counts.index[0])


def falling_age_bands(checker: Checker, settled: Mapping[str, AttributeRows], words: Words) -> None:
    """Note age bands that are lower than those of earlier days."""
    for header, rows in settled.items():
        if squeezed(header) not in AGE_BAND_HEADERS:
            continue
        starts = [re.search(r"[0-9]+", text) for text in words.column(f"attribute {header}").texts]
        start = np.array([np.nan if one is None else int(one[0]) for one in starts] + [np.nan])[rows.value]
        known = np.flatnonzero(~np.isnan(start) & (rows.day != MISSING))
        order = known[np.lexsort((start[known], rows.day[known], rows.patient[known]))]
        one, next_one = order[:-1], order[1:]
        is_lower = (rows.patient[one] == rows.patient[next_one]) & (start[next_one] < start[one])
        _tell_attribute(checker, "age_band_falls", header, rows, next_one[is_lower])


def _tell_attribute(checker: Checker, code: str, header: str, rows: AttributeRows, told: np.ndarray) -> None:
    for file in np.unique(rows.file[told]):
        checker.log.add(code, checker.files[file], header, rows=rows.row[told][rows.file[told] == file])
