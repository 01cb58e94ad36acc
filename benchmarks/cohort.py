"""A cohort of any size for the benchmarks: invented, seeded, on calendar dates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SCORES_PER_COURSE = 8
SCORES_OF_LOST = 2
SHARE_LOST = 0.3
SCORES_PER_COHORT_COURSE = (1 - SHARE_LOST) * SCORES_PER_COURSE + SHARE_LOST * SCORES_OF_LOST
FIRST_DAY = np.datetime64("2021-01-01")
LAST_DAY = 960
SHARE_MAINTAINED = 0.3
MAINTENANCE_SESSIONS = 3
SHARE_BLANK = 0.1
SIDE_EFFECTS = {"nausea": 0.15, "headache": 0.12, "dizziness": 0.2, "drowsiness": 0.25, "dissociation": 0.5}
"""Shares of yes, all invented."""
READINGS = {"cadss_peak": (12, 8), "cadss_leaving": (2, 2), "systolic_before": (125, 12), "diastolic_before": (78, 8),
            "systolic_peak": (145, 16), "diastolic_peak": (88, 10), "systolic_leaving": (130, 12),
            "diastolic_leaving": (80, 8), "minutes_until_ready": (65, 15)}
"""Mean and spread, all invented."""


def write_cohort(folder: Path, n_scores: int, seed: int = 1, *, with_forms: bool = False) -> list[Path]:
    """Write scores.csv, sessions.csv and patients.csv; one course in six is a second one, three in ten are lost.

    Parameters
    ----------
    with_forms : adds item 9, a pain scale, a form for every session and maintenance sessions, and ends on ``LAST_DAY``
        in the midst of courses; without, nothing changes
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    n_courses = round(n_scores / SCORES_PER_COHORT_COURSE)
    n_patients = int(n_courses / 1.2)
    patient = np.concatenate([np.arange(n_patients), chance.integers(0, n_patients, n_courses - n_patients)])
    again = np.arange(n_courses) >= n_patients
    start = chance.integers(0, 900, n_courses) + again * 150
    code = np.char.add("P", np.char.zfill(np.arange(n_patients).astype(str), 7))
    sessions = _sessions(chance, start)
    scores = _scores(chance, start)
    form: dict[str, np.ndarray] = {}
    answers: dict[str, np.ndarray] = {}
    if with_forms:
        # From chances of its own, so that the rest stays as it is without.
        more = np.random.default_rng([seed, 1])
        sessions, scores = _until_last_day(_with_maintenance(more, start, sessions)), _until_last_day(scores)
        form, answers = _form(more, len(sessions["course"])), _answers(more, scores["total"])
    tables = {
        "scores.csv": pd.DataFrame({
            "patient_id": code[patient[scores["course"]]], "assessed_on": FIRST_DAY + scores["day"],
            "phq9": scores["total"], **answers}),
        "sessions.csv": pd.DataFrame({
            "patient_id": code[patient[sessions["course"]]], "treated_on": FIRST_DAY + sessions["day"], "route": "IV",
            **form}),
        "patients.csv": pd.DataFrame({
            "patient_id": code, "site": np.array(["North", "South", "West"])[chance.integers(0, 3, n_patients)]}),
    }
    for name, table in tables.items():
        # A row that repeats another is a finding and used once; the other tool would count it twice.
        shuffled = table.drop_duplicates().sample(frac=1, random_state=seed)
        shuffled.to_csv(folder / name, index=False, lineterminator="\n")
    return [folder / name for name in tables]


def _sessions(chance: np.random.Generator, start: np.ndarray) -> dict[str, np.ndarray]:
    length = chance.choice([1, 3, 4, 6, 8, 10], len(start), p=[0.08, 0.07, 0.15, 0.5, 0.12, 0.08])
    course = np.repeat(np.arange(len(start)), length)
    position = np.arange(len(course)) - np.repeat(np.cumsum(length) - length, length)
    return {"course": course, "day": start[course] + position * 3 + chance.integers(0, 2, len(course))}


def _scores(chance: np.random.Generator, start: np.ndarray) -> dict[str, np.ndarray]:
    seen = np.where(chance.random(len(start)) < SHARE_LOST, SCORES_OF_LOST, SCORES_PER_COURSE)
    course = np.repeat(np.arange(len(start)), seen)
    position = np.arange(len(course)) - np.repeat(np.cumsum(seen) - seen, seen)
    baseline = chance.integers(4, 28, len(start))[course]
    effect = chance.uniform(-0.2, 1.0, len(start))[course]
    total = baseline * (1 - effect * position / (SCORES_PER_COURSE - 1)) + chance.normal(0, 1.5, len(course))
    return {"course": course, "day": start[course] - 10 + position * 9 + chance.integers(0, 4, len(course)),
            "total": np.clip(np.rint(total), 0, 27).astype(int)}


def _with_maintenance(
    chance: np.random.Generator, start: np.ndarray, sessions: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    maintained = np.flatnonzero(chance.random(len(start)) < SHARE_MAINTAINED)
    course = np.repeat(maintained, MAINTENANCE_SESSIONS)
    position = np.tile(np.arange(MAINTENANCE_SESSIONS), len(maintained))
    return {"course": np.append(sessions["course"], course),
            "day": np.append(sessions["day"], start[course] + 45 + 28 * position)}


def _until_last_day(rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: values[rows["day"] <= LAST_DAY] for name, values in rows.items()}


def _form(chance: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """One form a session; one in ten is blank but for dose and route."""
    is_filled = chance.random(n) > SHARE_BLANK
    columns: dict[str, np.ndarray] = {
        "route": chance.choice(["IV", "IM", "nasal"], n, p=[0.8, 0.1, 0.1]),
        "dose": chance.choice([0.5, 0.75, 1.0], n), "dose_unit": np.repeat("mg/kg", n),
        "stopped_early": np.where(chance.random(n) < 0.02, "yes", "no")}
    filled = {name: np.where(chance.random(n) < share, "yes", "no") for name, share in SIDE_EFFECTS.items()}
    filled |= {name: np.rint(chance.normal(mean, spread, n).clip(0)).astype(int).astype(str)
               for name, (mean, spread) in READINGS.items()}
    return columns | {name: np.where(is_filled, values, "") for name, values in filled.items()}


def _answers(chance: np.random.Generator, total: np.ndarray) -> dict[str, np.ndarray]:
    """Item 9, as far as the total allows it, and a pain scale that goes with the total."""
    item = np.minimum(chance.binomial(3, total / 60), total)
    pain = np.clip(np.rint(total / 3 + chance.normal(0, 1.5, len(total))), 0, 10).astype(int)
    return {"phq9_9": item, "pain_nrs_average": pain}
