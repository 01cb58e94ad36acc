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


def write_cohort(folder: Path, n_scores: int, seed: int = 1) -> list[Path]:
    """Write scores.csv, sessions.csv and patients.csv; one course in six is a second one, three in ten are lost."""
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
    tables = {
        "scores.csv": pd.DataFrame({
            "patient_id": code[patient[scores["course"]]], "assessed_on": FIRST_DAY + scores["day"],
            "phq9": scores["total"]}),
        "sessions.csv": pd.DataFrame({
            "patient_id": code[patient[sessions["course"]]], "treated_on": FIRST_DAY + sessions["day"], "route": "IV"}),
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
