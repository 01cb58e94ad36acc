"""How many courses a finding touches, and how far it could move the headline rate."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.definitions.findings import Finding
from analytics.definitions.measures import LEFT_OUT, MEASURES
from analytics.definitions.rules import INDICATION_HEADERS
from analytics.definitions.tables import Tables
from analytics.results.cohorts import in_cohort
from analytics.results.rates import Rate
from analytics.results.summary import Summary

_COULD_COME_IN = ("not_assessed", "no_baseline", "no_endpoint", "no_sessions")
"""Courses left out for want of a row: mending one may bring them into the rate."""

_DECIDES = frozenset({
    "patient_id", "course_id", "day", "date", "assessed_on", "treated_on", "visit", "time", "timing", "instrument",
    "total", "record_type", "observed_until_day", "planned_sessions", "phase",
})
"""Fields that decide what a course is, which score belongs to it or which rules it follows. What else a column
holds, as a dose or a side effect or another scale, cannot move the headline."""


@dataclass(frozen=True)
class Impact:
    """What one finding could do to the headline.

    Attributes
    ----------
    finding : position in ``Tables.findings``
    n_courses : courses of the cohort whose patient a row of the finding belongs to; missing where that cannot be
        told, as where the finding names no row or no row of it has a patient
    low, high : the headline rate if every touched course had failed, and if every one had succeeded, those that are
        left out for want of a score included; missing where it cannot be told, or there is no course to count
    largest_move : the larger distance of the two from the headline, 0 to 1
    """

    finding: int
    n_courses: int | None
    low: float | None
    high: float | None
    largest_move: float | None


@dataclass(frozen=True)
class Headline:
    """The headline's courses: one element a course of the cohort.

    Attributes
    ----------
    patient : the patient's code as text
    is_counted, is_achieved : whether the course is in the denominator, and in the numerator
    could_come_in : left out for want of a score or a session
    """

    instrument: str
    measure: str
    estimate: float | None
    patient: np.ndarray
    is_counted: np.ndarray
    is_achieved: np.ndarray
    could_come_in: np.ndarray


def impact(tables: Tables, of: Outcomes, summary: Summary, instrument: str | None = None) -> tuple[Impact, ...]:
    """One record a finding of ``tables.findings``, in their order.

    The bounds are arithmetic and no forecast: nobody knows which way a wrong score errs, so every touched course
    is taken to fail, then to succeed. A row touches all courses of its patient. Findings of a column touch nothing
    of the headline where the column holds something the headline does not rest on.

    Parameters
    ----------
    summary : its ``where`` gives the cohort
    instrument : the headline's; missing means the one with most courses that have both scores
    """
    of_headline = headline_courses(of, summary, instrument)
    return tuple(_impact(place, one, tables, of_headline) for place, one in enumerate(tables.findings))


def headline_courses(of: Outcomes, summary: Summary, instrument: str | None = None) -> Headline | None:
    """The courses of the headline rate; missing where the files hold no instrument."""
    key = instrument or _headline_instrument(of)
    if key is None:
        return None
    measure = MEASURES["pain_30" if of.instruments[key].is_pain else "response"]
    rows = of.rows_of(key)
    rows = rows[in_cohort(of, summary.where)[rows["course"].to_numpy()]]
    reason = rows["left_out" if measure.key == "response" else f"left_out_{measure.key}"].cat.codes.to_numpy()
    result = summary.result(key, measure.key)
    return Headline(
        key, measure.key, result.estimate if isinstance(result, Rate) else None,
        of.courses["patient_id"].astype("str").to_numpy(object)[rows["course"].to_numpy()],
        reason < 0, rows[measure.key].fillna(False).to_numpy(bool),
        np.isin(reason, [LEFT_OUT.index(one) for one in _COULD_COME_IN]))


def _headline_instrument(of: Outcomes) -> str | None:
    if not len(of.table):
        return None
    pairs = of.table[(of.table["baseline"].notna() & of.table["endpoint"].notna()).to_numpy(bool)]
    counts = pairs["instrument"].astype("str").value_counts()
    best = sorted(counts.index, key=lambda key: (-counts[key], key))
    return best[0] if best else next(iter(of.instrument_keys), None)


def patients_of(finding: Finding, tables: Tables) -> pd.Series:
    """The patient code of each row of a finding; missing where the row has none. The index is the row."""
    known = tables.patient_of_row.get(finding.file or "", pd.Series(dtype="str"))
    return known.reindex(list(finding.rows)).astype("str")


def _impact(place: int, finding: Finding, tables: Tables, headline: Headline | None) -> Impact:
    patients = _touched(finding, tables)
    if headline is None or patients is None:
        return Impact(place, None, None, None, None)
    touched = pd.Index(headline.patient).isin(patients)
    n_touched = int(touched.sum())
    if not _could_move(finding, tables, headline):
        stays = headline.estimate
        return Impact(place, n_touched, stays, stays, None if stays is None else 0.0)
    return Impact(place, n_touched, *_bounds(headline, touched))


def _touched(finding: Finding, tables: Tables) -> pd.Index | None:
    """The patients a finding touches; missing where nobody can say."""
    if finding.rows:
        known = patients_of(finding, tables).dropna()
        return pd.Index(known.unique()) if len(known) else None
    field = _field(finding, tables)
    if field not in tables.instruments:
        return None
    rows = tables.assessments
    mine = (rows["instrument"].astype("str") == field) & (rows["file"].astype("str") == finding.file)
    return pd.Index(rows.loc[mine.to_numpy(bool), "patient_id"].astype("str").unique())


def _field(finding: Finding, tables: Tables) -> str | None:
    """What the finding's column is read as, without item, range and visit; missing where it is not read."""
    words = next((use.field for use in tables.columns if use.file == finding.file and use.column == finding.column),
                 None)
    return None if words is None else re.split(r"[.\[@]", words)[0]


def _could_move(finding: Finding, tables: Tables, headline: Headline) -> bool:
    if finding.column is None:
        return True
    field = _field(finding, tables)
    if field == "attribute":
        return re.sub(r"[^a-z0-9]", "", finding.column.lower()) in INDICATION_HEADERS
    return field is None or field == headline.instrument or field in _DECIDES


def _bounds(headline: Headline, touched: np.ndarray) -> tuple[float | None, float | None, float | None]:
    n_counted = int(headline.is_counted.sum())
    n_achieved = int((headline.is_achieved & headline.is_counted).sum())
    n_touched = int((touched & headline.is_counted).sum())
    n_touched_achieved = int((touched & headline.is_achieved & headline.is_counted).sum())
    n_more = int((touched & headline.could_come_in).sum())
    if headline.estimate is None or not n_counted:
        return None, None, None
    low = (n_achieved - n_touched_achieved) / (n_counted + n_more)
    high = (n_achieved - n_touched_achieved + n_touched + n_more) / (n_counted + n_more)
    return low, high, max(headline.estimate - low, high - headline.estimate)
