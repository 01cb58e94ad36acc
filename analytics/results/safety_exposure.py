"""Sessions per patient-year: how much treatment a patient gets over the time in which we know of him."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from analytics.courses.attributes import places_in
from analytics.courses.blocks import NEVER
from analytics.courses.build import Built
from analytics.courses.outcomes import Outcomes
from analytics.definitions.safety import DAYS_A_YEAR
from analytics.statistics.means import mean_interval

MOST_YEARS = 5
"""Years since the first session that are looked at by themselves."""


@dataclass(frozen=True)
class Observed:
    """How long each patient was observed, from his first session on.

    Attributes
    ----------
    day : array, one element a session that is known: days since that patient's first session
    patient : array, the patient of each of them
    days : array, one element a patient: from the first session to the last day on which he is known; nan without a
        session
    until : what that day is: the as-of ``date``, the files' own ``observed_until`` day, or the patient's ``last_row``
        where the files do not say; ``mixed`` where both the last two occur
    """

    day: np.ndarray
    patient: np.ndarray
    days: np.ndarray
    until: Literal["as_of", "observed_until", "last_row", "mixed"]

    @cached_property
    def by_year(self) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
        """Sessions and observed days of every patient: in all, then in each year; patients without time have none."""
        days = np.where(self.days > 0, self.days, 0.0)
        n_patients, inside = len(days), days[self.patient] > 0
        day, patient = self.day[inside], self.patient[inside]
        found = [(np.bincount(patient, minlength=n_patients), days)]
        for year in range(MOST_YEARS):
            start, end = year * DAYS_A_YEAR, (year + 1) * DAYS_A_YEAR
            # Each year ends with its last day, so that whoever has a session in it has time in it too.
            of_year = (day <= end) & ((day > start) | (year == 0))
            found.append((np.bincount(patient[of_year], minlength=n_patients), np.clip(days - start, 0, DAYS_A_YEAR)))
        return tuple(found)


@dataclass(frozen=True)
class Exposure:
    """Sessions over patient-years.

    Attributes
    ----------
    year : the how-manieth year since the first session; missing for all of them together
    sessions, years, patients : what the rate is made of; patients with any observed time
    rate, low, high : sessions a patient-year with the clustered t interval of a ratio; missing without time, the ends
        also with fewer than two patients
    n_without_time : patients whose first session is the last day on which they are known
    """

    year: int | None
    sessions: int
    years: float
    patients: int
    rate: float | None
    low: float | None
    high: float | None
    n_without_time: int = 0


def observed(of: Outcomes) -> Observed:
    """The observed time of every patient; sessions of every course count, boosters too.

    Raises nothing: patients without a session have no observed time.
    """
    built = of.built
    sessions = of.tables.sessions
    day = sessions["day"].to_numpy(np.int64) if len(sessions) else np.empty(0, np.int64)
    patient = places_in(built.patients, sessions["patient_id"]) if len(sessions) else np.empty(0, np.int64)
    known = day <= built.last_known_day[patient]
    day, patient = day[known], patient[known]
    first, last = np.full(len(built.patients), NEVER), np.full(len(built.patients), -NEVER)
    np.minimum.at(first, patient, day)
    np.maximum.at(last, patient, day)
    is_told = built.last_known_day < NEVER
    until = np.where(is_told, built.last_known_day, np.maximum(last, _last_score(built)))
    days = np.where(first == NEVER, np.nan, until - first)
    return Observed(day - first[patient], patient, days, _until(of, is_told[first != NEVER]))


def _last_score(built: Built) -> np.ndarray:
    """Day of each patient's last score, far before all where there is none."""
    last = np.full(len(built.patients), -NEVER)
    if "day" in built.assessments and len(built.assessments):
        day = built.assessments["day"].astype("Int64").fillna(-NEVER).to_numpy(np.int64)
        np.maximum.at(last, built.assessment_patient, day)
    return last


def _until(of: Outcomes, is_told: np.ndarray) -> Literal["as_of", "observed_until", "last_row", "mixed"]:
    if of.tables.axis == "date" and of.tables.observed_until.empty:
        return "as_of"
    if is_told.all():
        return "observed_until"
    return "mixed" if is_told.any() else "last_row"


def exposure(of: Outcomes, found: Observed, stays: np.ndarray) -> tuple[Exposure, ...]:
    """Sessions per patient-year of the patients with a course in the cohort: all years, then each year by itself.

    All sessions of such a patient count, whichever course they are of: his time cannot be dealt out to courses.
    """
    chosen = np.zeros(len(found.days), dtype=bool)
    chosen[of.patient[stays]] = True
    chosen &= ~np.isnan(found.days)
    timed = np.flatnonzero(chosen & (found.days > 0))
    (sessions, days), *years = found.by_year
    whole = _rate(None, sessions[timed], days[timed], int(chosen.sum()) - len(timed))
    if not whole.patients:
        return (whole,)
    n_years = min(MOST_YEARS, int(np.ceil(days[timed].max() / DAYS_A_YEAR)))
    of_years = []
    for year, (sessions, days) in enumerate(years[:n_years]):
        has_time = timed[days[timed] > 0]
        of_years.append(_rate(year + 1, sessions[has_time], days[has_time]))
    return (whole, *of_years)


def _rate(year: int | None, sessions: np.ndarray, days: np.ndarray, n_without: int = 0) -> Exposure:
    """One rate of patients with time in it; sessions and days are arrays of one element a patient."""
    years = days / DAYS_A_YEAR
    total = float(years.sum())
    low, high = mean_interval(sessions, years, np.zeros(len(years), np.int64), 1) if len(years) else ([np.nan],) * 2
    return Exposure(year, int(sessions.sum()), total, len(years), float(sessions.sum() / total) if total else None,
                    _known(low[0]), _known(high[0]), n_without)


def _known(number: float) -> float | None:
    return None if np.isnan(number) else max(float(number), 0.0)
