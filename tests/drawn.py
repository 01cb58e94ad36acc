"""Small tables drawn by hand: one row a score or a session, so that a case can be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

import pandas as pd

from analytics.courses.outcomes import Outcomes, outcomes
from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.rules import rule_set
from analytics.definitions.tables import Tables


def score(
    patient: str, day: int | None, total: float | None, *, instrument: str = "phq9", item9: int | None = None,
    course: str | None = None, time: int | None = None, timing: str | None = None, visit: str | None = None,
    n_items_missing: int | None = None, row: int = 2,
) -> dict:
    """One assessment."""
    return {"patient_id": patient, "course_id": course, "day": day, "visit": visit, "time": time, "timing": timing,
            "instrument": instrument, "total": total, "prorated": False, "n_items_missing": n_items_missing,
            "self_harm_item": item9, "file": "scores.csv", "file_row": row}


def session(
    patient: str, day: int, *, course: str | None = None, phase: str | None = None, planned: int | None = None,
    route: str | None = None, dose: float | None = None, dose_unit: str | None = None,
) -> dict:
    """One session."""
    return {"patient_id": patient, "course_id": course, "day": day, "phase": phase, "planned_sessions": planned,
            "route": route, "dose": dose, "dose_unit": dose_unit, "file": "sessions.csv", "file_row": 2}


def attribute(patient: str, name: str, value: str, *, day: int | None = None, course: str | None = None) -> dict:
    """One value of one attribute."""
    return {"patient_id": patient, "course_id": course, "day": day, "name": name, "value": value,
            "file": "patients.csv", "file_row": 2}


_TYPES = {"day": "Int32", "total": "Float64", "prorated": "boolean", "n_items_missing": "Int32", "time": "Int32",
          "self_harm_item": "Int8", "planned_sessions": "Int32", "dose": "Float64", "file_row": "Int32",
          "course_id": "str", "timing": "str", "phase": "str", "route": "str", "dose_unit": "str", "value": "str"}


_KNOWN = {name: pd.array([], dtype=kind).dtype for name, kind in {**_TYPES, "": "str"}.items()}


@lru_cache
def _kinds(names: tuple[str, ...], *, is_ordered: bool = False) -> pd.CategoricalDtype:
    """Categories, made once: that takes longer than a table of a few rows."""
    return pd.CategoricalDtype(pd.Index(names, dtype="str") if names else [], ordered=is_ordered)


def _categorical(values: list[str | None], kinds: pd.CategoricalDtype) -> pd.Categorical:
    place = {code: at for at, code in enumerate(kinds.categories)}
    return pd.Categorical.from_codes(
        [-1 if value is None else place.get(value, -1) for value in values], dtype=kinds, validate=False)


def _table(rows: list[dict], columns: list[str], **kinds: pd.CategoricalDtype) -> pd.DataFrame:
    return pd.DataFrame({
        name: _categorical([row[name] for row in rows], kinds[name]) if name in kinds
        else pd.array([row[name] for row in rows], dtype=_KNOWN.get(name, _KNOWN[""])) for name in columns}, copy=False)


def drawn_tables(
    scores: list[dict], sessions: list[dict] = (), attributes: list[dict] = (), *, axis: str = "day",
    visits: tuple[str, ...] = (), is_visit_order_known: bool = True, observed_until: dict[str, int] | None = None,
    as_of: date | None = None,
) -> Tables:
    """Tables from drawn rows; on the date axis days count from 1970-01-01."""
    patients = _kinds(tuple(sorted({row["patient_id"] for row in [*scores, *sessions, *attributes]})))
    instruments = pd.CategoricalDtype(pd.Index(sorted({row["instrument"] for row in scores}), dtype="str"))
    assessments = _table(
        list(scores), list(score("", 0, 0)), patient_id=patients, instrument=instruments,
        visit=_kinds(tuple(visits), is_ordered=True))
    until = pd.Series(observed_until or {}, dtype="Int32")
    return Tables(
        assessments, _table(list(sessions), list(session("", 0)), patient_id=patients),
        _table(list(attributes), list(attribute("", "", "")), patient_id=patients), axis, dict(BUILT_IN),
        observed_until=until, is_visit_order_known=is_visit_order_known, as_of=as_of)


INDUCTION_DAYS = (0, 3, 7, 10)
"""Four sessions: a complete induction whose last session is on day 10."""


def induction(patient: str, start: int = 0, days: tuple[int, ...] = INDUCTION_DAYS, **columns: object) -> list[dict]:
    """The sessions of one complete induction."""
    return [session(patient, start + day, **columns) for day in days]


_KEPT = 200
"""Outcomes that are kept for the next test that draws the same rows; one takes 0.3 MB."""

_MADE: dict[str, Outcomes] = {}


def outcomes_of(
    scores: list[dict], sessions: list[dict] = (), attributes: list[dict] = (), *, preset: str = "induction",
    settings: dict[str, str] | None = None, **tables: object,
) -> Outcomes:
    """Outcomes of drawn rows under a preset: made once of the same rows, and every caller has frames of its own."""
    key = repr((list(scores), list(sessions), list(attributes), preset, settings, sorted(tables.items())))
    found = _MADE.pop(key, None) or outcomes(
        drawn_tables(scores, sessions, attributes, **tables), rule_set(preset, (settings or {}).items()))
    _MADE[key] = found
    if len(_MADE) > _KEPT:
        del _MADE[next(iter(_MADE))]
    own = replace(found, courses=found.courses.copy(), table=found.table.copy())
    vars(own)["built"] = found.built
    return own


def row_of(of: Outcomes, course: int = 0, instrument: str = "phq9") -> pd.Series:
    """The outcome of one course and instrument."""
    rows = of.table[(of.table["course"] == course) & (of.table["instrument"] == instrument)]
    assert len(rows) == 1
    return rows.iloc[0]


def flag(of: Outcomes, measure: str, course: int = 0, instrument: str = "phq9") -> bool | None:
    """What the measure says of one course: yes, no, or missing."""
    value = row_of(of, course, instrument)[measure]
    return None if pd.isna(value) else bool(value)


def reason(of: Outcomes, measure: str = "response", course: int = 0, instrument: str = "phq9") -> str | None:
    """Why one course is left out of a measure; missing where it counts."""
    value = row_of(of, course, instrument)["left_out" if measure == "response" else f"left_out_{measure}"]
    return None if pd.isna(value) else str(value)
