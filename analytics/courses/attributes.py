"""Attributes -> one value per course, the one in force on day 0."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analytics.definitions.findings import Finding
from analytics.definitions.rules import INDICATION_HEADERS
from analytics.definitions.tables import Tables

AROUND_DAYS = 30
"""A value written down so many days before or after the sessions still speaks of the course: its scores lie there."""


def indication_of(attributes: pd.DataFrame) -> pd.Series | None:
    """The column that names the indication, by its header; missing when no file has one."""
    for name in attributes.columns:
        if re.sub(r"[^a-z0-9]", "", name.lower()) in INDICATION_HEADERS:
            return attributes[name]
    return None


def places_in(words: pd.Index, column: pd.Series) -> np.ndarray:
    """The position in ``words`` of the text of each row, -1 where it is not among them; each text is looked up once."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return words.get_indexer(pd.Index(column.astype(words.dtype)))
    texts = column.cat.categories
    places = np.arange(len(words)) if texts.equals(words) else words.get_indexer(texts.astype(words.dtype))
    return np.append(places, -1)[column.cat.codes.to_numpy()]


def attribute_columns(
    tables: Tables, patients: pd.Index, patient: np.ndarray, first_day: np.ndarray, last_day: np.ndarray,
    ids: pd.Index, course_id: np.ndarray,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """One column per attribute, one row per course, and a finding where a value varies inside a course.

    Parameters
    ----------
    patient, first_day, last_day, course_id : arrays, one element a course
        Codes in ``patients`` and ``ids``; days on the patient's axis.

    A value that carries the course's id wins; then the last one written down on or before day 0, else the
    first one after it; then the patient's one value without a day. Missing stays missing.
    """
    rows = tables.attributes
    owner = places_in(patients, rows["patient_id"])
    rows, owner = rows[owner >= 0], owner[owner >= 0]
    row_id = (ids.get_indexer(pd.Index(rows["course_id"].astype("str"))) if "course_id" in rows and len(ids)
              else np.full(len(rows), -1))
    has_id = rows["course_id"].notna().to_numpy() if "course_id" in rows else np.zeros(len(rows), dtype=bool)
    by_patient = np.argsort(patient, kind="stable")
    first_course = np.searchsorted(patient[by_patient], np.arange(len(patients)))
    n_courses = np.bincount(patient, minlength=len(patients))
    columns: dict[str, pd.Series] = {}
    findings: list[Finding] = []
    names, labels = pd.factorize(rows["name"].astype("str"), sort=True)
    for code, name in enumerate(labels):
        chosen = np.flatnonzero(names == code)
        repeat = n_courses[owner[chosen]]
        row = np.repeat(chosen, repeat)
        course = by_patient[np.repeat(first_course[owner[chosen]], repeat) + position_in_run(repeat)]
        match = ~has_id[row] | (row_id[row] == course_id[course])
        row, course = row[match], course[match]
        values, words = pd.factorize(rows["value"].astype("str"), sort=True)
        picked, varies = _value_at_day_zero(rows, row, course, values, has_id, first_day, last_day)
        columns[name] = pd.Series(pd.Categorical.from_codes(picked, categories=words))
        if varies.any():
            findings.extend(_varying(name, rows.iloc[row[varies]], len(np.unique(course[varies]))))
    return pd.DataFrame(columns, index=range(len(patient))), tuple(findings)


def position_in_run(lengths: np.ndarray) -> np.ndarray:
    """0, 1, ... for each run of the given lengths, one after the other."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths)


def _value_at_day_zero(
    rows: pd.DataFrame, row: np.ndarray, course: np.ndarray, values: np.ndarray, has_id: np.ndarray,
    first_day: np.ndarray, last_day: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Code of each course's value, and which of the pairs lie inside a course with another value."""
    day = rows["day"].astype("Int64") if "day" in rows else pd.Series(pd.NA, index=rows.index, dtype="Int64")
    has_day = day.notna().to_numpy()[row]
    since = day.fillna(0).to_numpy(np.int64)[row] - first_day[course]
    nearness = np.where(since <= 0, since, -(2**40) - since)
    order = np.lexsort((values[row], np.where(has_day, nearness, 0), has_day, has_id[row]))
    picked = np.full(len(first_day), -1)
    picked[course[order]] = values[row[order]]
    is_inside = has_day & (since >= -AROUND_DAYS) & (since <= (last_day - first_day)[course] + AROUND_DAYS)
    differs = is_inside & (values[row] != picked[course])
    has_other = np.zeros(len(first_day), dtype=bool)
    has_other[course[differs]] = True
    return picked, differs & has_other[course]


def _varying(name: str, rows: pd.DataFrame, n_courses: int) -> list[Finding]:
    by_file = rows.groupby(rows["file"].astype("str"))["file_row"].unique() if "file" in rows else {None: []}
    return [
        Finding(
            "note", "attribute_varies",
            f"{n_courses} {'course has' if n_courses == 1 else 'courses have'} more than one value of this "
            "attribute, in its sessions or the month before and after; one was expected.",
            "The value of day 0 is used. Where that is wrong, correct the rows or give each course its own id.",
            file=file, column=name, rows=tuple(sorted(int(one) for one in by_file[file])))
        for file in (by_file.index if isinstance(by_file, pd.Series) else by_file)
    ]
