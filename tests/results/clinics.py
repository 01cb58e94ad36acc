"""Whole clinics, drawn by chance from a seed: two scales with item 9, sites, routes, sexes, second courses, losses."""

from __future__ import annotations

import numpy as np

from analytics.courses.outcomes import Outcomes
from tests.drawn import INDUCTION_DAYS, attribute, outcomes_of, score, session

ROUTES = ("IV", "IM", "nasal", "lozenge")


def clinic(n_courses: int, seed: int, *, is_well_followed: bool = False, has_gad7: bool = True) -> Outcomes:
    """The outcomes of a clinic of so many courses.

    Parameters
    ----------
    is_well_followed : nearly all have a score at the end, and nobody a second course: the gate to the public is open
    """
    chance = np.random.default_rng(seed)
    n_patients = n_courses if is_well_followed else max(1, int(n_courses / chance.uniform(1, 1.2)))
    patients = np.append(np.arange(n_patients), chance.integers(0, n_patients, n_courses - n_patients))
    number = np.arange(n_courses) >= n_patients
    n_sites = int(chance.integers(2, 6))
    site = chance.choice(n_sites, n_patients, p=chance.dirichlet(np.full(n_sites, 1.5)))
    route = chance.choice(4, n_patients, p=chance.dirichlet((6, 3, 1, 0.5)))
    effect, lost = chance.uniform(0.3, 0.6), chance.uniform(0, 0.12) if is_well_followed else chance.uniform(0.05, 0.4)
    scores, sessions, attributes = [], [], []
    for patient in range(n_patients):
        code = f"p{patient:04}"
        attributes.append(attribute(code, "site", f"S{site[patient]}"))
        if chance.random() < 0.95:
            attributes.append(attribute(code, "sex", "F" if chance.random() < 0.6 else "M"))
    for patient, is_second in zip(patients, number, strict=True):
        code, start = f"p{patient:04}", 200 * int(is_second)
        days = INDUCTION_DAYS if chance.random() < 0.92 else INDUCTION_DAYS[:2]
        sessions += [session(code, start + day, route=ROUTES[route[patient]]) for day in days]
        scores += _scores(chance, code, start, days[-1], effect, lost, has_gad7=has_gad7)
    return outcomes_of(scores, sessions, attributes)


def _scores(
    chance: np.random.Generator, code: str, start: int, last: int, effect: float, lost: float, *, has_gad7: bool
) -> list[dict]:
    """The scores of one course: PHQ-9 with item 9, and for most the GAD-7."""
    found = []
    gone = chance.random() < lost
    for instrument, top, asked in (("phq9", 27, 0.95), ("gad7", 21, 0.8 if has_gad7 else 0)):
        if chance.random() > asked:
            continue
        before = int(np.clip(chance.normal(0.65 * top, 0.2 * top), 0, top))
        share = np.clip(chance.normal(effect, 0.35), -0.5, 1)
        after = int(np.clip(round(before * (1 - share)), 0, top))
        item9 = [int(one) if instrument == "phq9" and chance.random() < 0.95 else None
                 for one in np.clip(chance.poisson((0.8, 0.4)), 0, 3)]
        if chance.random() < 0.95:
            found.append(score(code, start, before, instrument=instrument, item9=item9[0]))
        if not gone and chance.random() < 0.98:
            found.append(score(code, start + last + 14, after, instrument=instrument, item9=item9[1]))
    return found
