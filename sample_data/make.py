"""Make the invented exports of this folder, the same bytes on every run.

``python sample_data/make.py`` writes into this folder, ``--out DIR`` elsewhere. Nobody in these files
exists: every value comes from the seeded generator below or, for ``messy_export.csv``, from the list of
deliberate faults at its end.

The way is: patients are drawn; each is given courses (days of sessions) and visits (days of assessments);
a course has a severity before it and a benefit, a visit a progress between the two; scores follow.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import Generator

SEED = 611
"""One of several hundred tried: with it the rates come close to what README.md says they should be."""

N_PATIENTS = 800
FIRST_START = date(2023, 1, 9)
DATA_CUT = date(2025, 12, 31)

SITES = ("North", "South", "West")
SITE_SHARES = (0.42, 0.34, 0.24)
WEST_OPENED_ON = date(2023, 4, 3)

INDICATIONS = ("depression", "PTSD", "OCD", "anxiety", "neuropathic pain", "CRPS", "fibromyalgia", "migraine")
INDICATION_SHARES = {
    "North": (0.52, 0.12, 0.05, 0.09, 0.08, 0.05, 0.05, 0.04),
    "South": (0.46, 0.14, 0.06, 0.11, 0.08, 0.05, 0.06, 0.04),
    "West": (0.40, 0.10, 0.05, 0.09, 0.12, 0.09, 0.09, 0.06),
}
PAIN_INDICATIONS = INDICATIONS[4:]

ROUTES = ("IV", "IM", "nasal", "lozenge")
ROUTE_SHARES = {
    "North": (0.62, 0.14, 0.16, 0.08),
    "South": (0.44, 0.20, 0.24, 0.12),
    "West": (0.40, 0.22, 0.10, 0.28),
}
PAIN_ROUTE_SHARES = (0.74, 0.07, 0.05, 0.14)

AGE_BANDS = ("18-29", "30-39", "40-49", "50-59", "60-69", "70-89")
FAILED_TREATMENTS = ("0-1", "2", "3-4", "5 or more")

# The benefit is the share of the severity before that goes away; about half of the courses get half.
BENEFIT = {"depression": 0.51, "PTSD": 0.48, "OCD": 0.42, "anxiety": 0.50}
PAIN_PATIENT_BENEFIT = 0.36
PAIN_BENEFIT = 0.245
ROUTE_BENEFIT = {"IV": 0.03, "IM": 0.0, "nasal": 0.0, "lozenge": -0.05}
FAILED_BENEFIT = {"0-1": 0.04, "2": 0.01, "3-4": -0.02, "5 or more": -0.06}
BENEFIT_SD = 0.26  # between patients, and again between the courses of one patient

SEVERITY = {"depression": (17.0, 4.8), "PTSD": (16.0, 5.0), "OCD": (15.2, 4.8), "anxiety": (14.8, 4.8)}
PAIN_PATIENT_SEVERITY = (11.0, 5.0)

PLANNED_SESSIONS = {
    "IV": (4, 5, 6, 6, 6, 6, 6, 6, 8),
    "IM": (4, 6, 6, 6, 6),
    "nasal": (8,),
    "lozenge": (4, 6, 6, 8),
}
PLANNED_PAIN_SESSIONS = (1, 2, 3, 4, 5, 5, 6, 6, 8, 10)
GAPS = {
    "IV": ((3, 4), (3, 4), (2, 2, 3)),
    "IM": ((3, 4),),
    "nasal": ((3, 4),),
    "lozenge": ((3, 4), (3, 4), (7,)),
}
PAIN_GAPS = ((1, 1, 1, 1, 3), (2, 2, 3), (3, 4))

LATER_VISITS = (45, 60, 90, 120, 150, 180)

DOSES = {
    "IV": (0.5, 0.5, 0.6, 0.75, 0.9, 1.0),
    "IV pain": (0.5, 0.75, 1.0, 1.25, 1.5, 2.0),
    "IM": (0.5, 0.6, 0.75, 0.9, 1.0, 1.2),
    "esketamine": (56, 84, 84, 84, 84, 84),
    "nasal": (80, 100, 120, 120, 140, 150),
    "lozenge": (100, 150, 200, 250, 300, 400),
}
MINUTES = {"IV": (40, 40, 45, 50, 60), "IV pain": (120, 150, 180, 240), "IM": (45, 60), "nasal": (40, 60),
           "lozenge": (60, 90)}
DISSOCIATION = {"IV": 16, "IM": 18, "nasal": 10, "lozenge": 6}
PRESSURE_RISE = {"IV": 17, "IM": 18, "nasal": 12, "lozenge": 9}

PHQ9_ITEMS = tuple(f"phq9_{number}" for number in range(1, 10))
TRAITS = ("start_on", "weekday", "route", "is_pain", "is_esketamine", "benefit", "pain_benefit", "severity",
          "anxiety", "pain", "answers_phq9", "answers_gad7", "answers_pain")
"""Columns of the patients that no file shows."""


def invented_patients(rng: Generator) -> pd.DataFrame:
    """One row per patient, ordered by a code that says nothing about start, site or outcome."""
    site = rng.choice(SITES, N_PATIENTS, p=SITE_SHARES)
    indication = by_group(rng, site, INDICATIONS, INDICATION_SHARES)
    is_pain = np.isin(indication, PAIN_INDICATIONS)
    route = np.where(is_pain, rng.choice(ROUTES, N_PATIENTS, p=PAIN_ROUTE_SHARES),
                     by_group(rng, site, ROUTES, ROUTE_SHARES))
    start_on = first_sessions(rng, site)
    patients = pd.DataFrame({
        "patient_id": [f"P{number:04d}" for number in range(1, N_PATIENTS + 1)],
        "site": site,
        "clinician": clinicians(rng, site),
        "indication": indication,
        "sex": np.where(rng.random(N_PATIENTS) < np.where(is_pain, 0.66, 0.58), "F", "M"),
        "age_band": rng.choice(AGE_BANDS, N_PATIENTS, p=(0.17, 0.24, 0.23, 0.19, 0.12, 0.05)),
        "failed_treatments": rng.choice(FAILED_TREATMENTS, N_PATIENTS, p=(0.10, 0.30, 0.38, 0.22)),
        "observed_until_day": (np.datetime64(DATA_CUT) - start_on).astype(int),
        "start_on": start_on,
        "weekday": (start_on.astype(int) + 3) % 7,
        "route": route,
        "is_pain": is_pain,
        "is_esketamine": rng.random(N_PATIENTS) < 0.8,
    })
    return with_traits(rng, patients)


def by_group(rng: Generator, group: np.ndarray, choices: tuple, shares: dict) -> np.ndarray:
    """One choice a patient, with the shares of the patient's group."""
    limits = np.array([np.cumsum(shares[name]) for name in group])
    drawn = (rng.random(len(group))[:, None] >= limits).sum(axis=1)
    return np.array(choices)[np.minimum(drawn, len(choices) - 1)]


def clinicians(rng: Generator, site: np.ndarray) -> np.ndarray:
    """C1 and C2 work at the first site, C3 and C4 at the second, C5 and C6 at the third."""
    first = 1 + 2 * np.array([SITES.index(name) for name in site])
    return np.array([f"C{number}" for number in first + (rng.random(len(site)) < 0.45)])


def first_sessions(rng: Generator, site: np.ndarray) -> np.ndarray:
    """The date of each patient's first session: a Monday or Tuesday, the third site opening later."""
    opened = np.where(site == "West", np.datetime64(WEST_OPENED_ON), np.datetime64(FIRST_START))
    n_weeks = (np.datetime64(DATA_CUT) - opened).astype(int) // 7
    weeks = np.floor(rng.random(len(site)) * (n_weeks + 1)).astype(int)
    return opened + 7 * weeks + rng.integers(0, 2, len(site))


def with_traits(rng: Generator, patients: pd.DataFrame) -> pd.DataFrame:
    """The patients with what no file shows: how severe, how much benefit, which instruments they answer."""
    is_pain, n = patients["is_pain"].to_numpy(), len(patients)
    usual = np.array([SEVERITY.get(name, PAIN_PATIENT_SEVERITY) for name in patients["indication"]])
    severity = np.clip(rng.normal(usual[:, 0], usual[:, 1]), 3, 26)
    severity = np.where(rng.random(n) < np.where(is_pain, 0.08, 0.006), 0, severity)
    gain = (patients["failed_treatments"].map(FAILED_BENEFIT) + rng.normal(0, BENEFIT_SD, n)).to_numpy()
    anxiety = np.where(patients["indication"].isin(["anxiety", "PTSD"]), 0.85, 0.68) * severity
    pain = np.where(is_pain, rng.normal(7.2, 1.4, n), rng.normal(5.0, 1.8, n))
    return patients.assign(
        benefit=patients["indication"].map(BENEFIT).fillna(PAIN_PATIENT_BENEFIT).to_numpy() + gain,
        pain_benefit=PAIN_BENEFIT + 0.7 * gain,
        severity=severity,
        anxiety=anxiety + rng.normal(0, 2, n),
        pain=np.where(rng.random(n) < 0.03, 0, np.clip(pain, 2, 10)),
        answers_phq9=rng.random(n) < np.where(is_pain, 0.55, 0.99),
        answers_gad7=rng.random(n) < np.where(is_pain, 0.25, 0.70),
        answers_pain=rng.random(n) < np.where(is_pain, 0.98, 0.16),
    )


@dataclass
class Course:
    """The sessions of one course, and what no file shows about it. Days count on the patient's axis.

    Below, ``patient`` is a row of the patients table, as ``itertuples`` gives it.
    """

    patient: int
    number: int
    induction: list[int]
    maintenance: list[int]
    routes: list[str]
    severity: float
    benefit: float
    pain_benefit: float
    is_booster: bool
    is_lost: bool
    has_baseline: bool
    holds_days: int
    item9: tuple[int, int]
    days: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.days = self.induction + self.maintenance

    def progress(self, day: int, is_pain: bool) -> float:
        """How much of the benefit is there on a day: 0 before the first session, 1 after the induction.

        Scores of a day are taken before its session. Three sessions of an induction that broke off bring
        three quarters. After ``holds_days`` without loss the benefit leaves over three months.
        """
        n_before = sum(session < day for session in self.induction)
        n_full = len(self.induction) if is_pain or self.is_booster else max(4, len(self.induction) - 1)
        n_after = day - max(self.induction[-1] + self.holds_days, self.days[-1] + 21)
        return min(1.0, n_before / n_full) * (1 - min(0.85, max(0, n_after) / 90))


def on_weekday(day: int, weekday: int) -> int:
    """The day itself, or the Monday after it; ``weekday`` is that of day 0, Monday 0."""
    return day + max(0, 7 - (day + weekday) % 7) if (day + weekday) % 7 >= 5 else day


def spaced_days(rng: Generator, first: int, n: int, gaps: tuple, weekday: int) -> list[int]:
    """``n`` session days from ``first`` on, the gaps in turn, now and then one put off."""
    days = [first]
    for number in range(n - 1):
        put_off = int(rng.integers(1, 4)) if rng.random() < 0.05 else 0
        days.append(on_weekday(days[-1] + gaps[number % len(gaps)] + put_off, weekday))
    return days


def induction_days(rng: Generator, patient, route: str, first: int, is_booster: bool) -> list[int]:
    """The days of one induction, or the one or two of a booster."""
    planned = PLANNED_PAIN_SESSIONS if patient.is_pain else PLANNED_SESSIONS[route]
    gaps = PAIN_GAPS if patient.is_pain else GAPS[route]
    n = int(rng.choice(planned))
    if is_booster:
        n = int(rng.integers(1, 3))
    elif rng.random() < 0.085:
        n = min(n, int(rng.integers(1, 4)))
    return spaced_days(rng, first, n, gaps[rng.integers(len(gaps))], patient.weekday)


def maintenance_days(rng: Generator, patient, route: str, induction: list[int], benefit: float) -> list[int]:
    """The days of maintenance: for some, rather those who gained, every three to five weeks (nasal: two)."""
    wanted = 0.46 if benefit > 0.45 else 0.14
    if len(induction) < 4 or rng.random() >= wanted:
        return []
    every = 14 if route == "nasal" else int(rng.integers(21, 36))
    first = on_weekday(induction[-1] + max(every, 28 - induction[-1] + induction[0] + 1), patient.weekday)
    n = 1 + int(rng.geometric(0.16))
    return spaced_days(rng, first, min(n, 18), (every,), patient.weekday)


def course_routes(rng: Generator, route: str, n: int) -> list[str]:
    """The route of each session: one, but in a few courses another from the middle on."""
    if n < 4 or rng.random() >= 0.04:
        return [route] * n
    other = str(rng.choice([name for name in ROUTES if name != route]))
    return [route] * (n // 2) + [other] * (n - n // 2)


def item9_answers(rng: Generator, patient, severity: float, benefit: float) -> tuple[int, int]:
    """The answers to item 9 before and after a course: three of five no longer endorse it, a few newly do."""
    likely = (0.26 if patient.indication == "depression" else 0.20) * severity / 17
    before = int(rng.choice((1, 1, 1, 2, 2, 3))) if rng.random() < likely else 0
    if before == 0:
        return 0, int(rng.random() < 0.025)
    if rng.random() < (0.70 if benefit > 0.45 else 0.44):
        return before, 0
    return before, min(3, max(1, before + int(rng.choice((-1, -1, 0, 0, 0, 1)))))


def course_benefit(rng: Generator, expected: float) -> float:
    """The share of the severity that goes away: little gain is commoner than harm, but a few get worse."""
    if rng.random() < 0.02:
        return -float(rng.uniform(0.2, 0.6))
    benefit = expected + rng.normal(0, BENEFIT_SD)
    return min(1.0, benefit if benefit > 0.15 else 0.15 + 0.4 * (benefit - 0.15))


def invented_course(rng: Generator, patient, number: int, first: int, route: str, is_booster: bool) -> Course:
    """One course from its first day on, to be cut at the data cut later."""
    benefit = course_benefit(rng, patient.benefit + ROUTE_BENEFIT[route])
    pain_benefit = patient.pain_benefit + ROUTE_BENEFIT[route] + rng.normal(0, 0.22)
    severity = patient.severity * (1 if number == 1 else rng.uniform(0.8, 1.05))
    induction = induction_days(rng, patient, route, first, is_booster)
    maintenance = [] if is_booster else maintenance_days(rng, patient, route, induction, benefit)
    is_short = len(induction) < 4 and not patient.is_pain
    lost_share = 0.50 if is_short else 0.34 if benefit < 0.3 else 0.27
    routes = course_routes(rng, route, len(induction) + len(maintenance))
    return Course(
        patient.Index, number, induction, maintenance, routes, severity, benefit,
        float(np.clip(pain_benefit, -0.3, 1)), is_booster,
        is_lost=rng.random() < lost_share, has_baseline=rng.random() < (0.965 if number == 1 else 0.94),
        holds_days=int(rng.exponential(150)), item9=item9_answers(rng, patient, severity, benefit))


def patient_courses(rng: Generator, patient) -> list[Course]:
    """All courses of one patient up to the data cut; each next one starts after more than 60 days."""
    courses, first, route, is_booster = [], 0, patient.route, False
    while first <= patient.observed_until_day:
        course = invented_course(rng, patient, len(courses) + 1, first, route, is_booster)
        courses.append(course)
        had_complete = any(len(earlier.induction) >= 4 for earlier in courses)
        if rng.random() >= (0.42 if course.benefit > 0.35 or not had_complete else 0.12):
            break
        first = on_weekday(course.days[-1] + int(rng.integers(63, 280)), patient.weekday)
        is_booster = had_complete and rng.random() < 0.42
        route = str(rng.choice(ROUTES)) if rng.random() < 0.12 else route
    return courses


def course_visits(rng: Generator, course: Course, observed_until: int) -> list[int]:
    """The days on which the patient of a course filled in questionnaires because of it."""
    first, last = course.induction[0], course.induction[-1]
    days = []
    if course.has_baseline:
        days.append(first - int(rng.choice((0, 0, 0, 0, 1, 2, 3, 5, 7, 7, 10, 14, 21))))
        days += [first - int(rng.integers(14, 45))] if rng.random() < 0.45 else []
    if not course.is_booster:
        every = int(rng.choice((1, 6, 99), p=(0.45, 0.40, 0.15)))
        days += spread(course.induction, every)
    if not course.is_lost:
        days.append(last + int(rng.choice((5, 7, 7, 10, 12, 14, 14, 14, 18, 21, 25, 28))))
        days += [last + int(rng.choice((1, 2, 3)))] if rng.random() < 0.25 else []
        days += [last + int(rng.choice((21, 26, 27, 28, 28, 31)))] if rng.random() < 0.45 else []
    if rng.random() < (0.25 if course.is_lost else 0.70):
        days += [last + later + int(rng.integers(-6, 7)) for later in LATER_VISITS if rng.random() < 0.7]
    days += [day for day in course.maintenance if rng.random() < 0.85]
    if course.is_lost:
        days = [day for day in days if not last < day <= last + 31]
    return [day for day in days if day <= observed_until]


def spread(induction: list[int], every: int) -> list[int]:
    """Session days at least ``every`` days after the one chosen before; the first session's day left out."""
    chosen = [induction[0]]
    for day in induction[1:]:
        if day - chosen[-1] >= every:
            chosen.append(day)
    return chosen[1:]


def patient_visits(rng: Generator, courses: list[Course], observed_until: int) -> dict[int, Course]:
    """The days with a visit, and for each the course that explains its scores.

    Where a course is to have no baseline, the visits of the 30 days before it are dropped.
    """
    visits: dict[int, Course] = {}
    for course, following in zip(courses, [*courses[1:], None], strict=True):
        limit = following.induction[0] if following else observed_until + 1
        first = course.induction[0]
        if not course.has_baseline:
            visits = {day: earlier for day, earlier in visits.items() if not first - 30 <= day <= first}
        for day in course_visits(rng, course, observed_until):
            if day < limit:
                visits[day] = course
    return visits


def invented_assessments(rng: Generator, patients: pd.DataFrame, visits: list[tuple]) -> pd.DataFrame:
    """One row per visit: PHQ-9 with items, GAD-7, worst and average pain, as far as they were answered."""
    rows = pd.DataFrame(visits, columns=["patient", "day", "before", "left", "pain_left", "item9"])
    trait = patients.loc[rows["patient"]].reset_index(drop=True)
    total = points(rng, rows["before"] * rows["left"], 1.5, 27)
    items = phq9_items(rng, total, rows["item9"].to_numpy(), rows["patient"].to_numpy())
    gad7 = points(rng, trait["anxiety"] * (0.1 + 0.9 * rows["left"]), 1.5, 21)
    worst = points(rng, trait["pain"] * rows["pain_left"], 0.6, 10)
    average = np.maximum(0, worst - rng.choice((0, 1, 1, 2, 2, 3), len(rows)))
    answers = {name: trait[f"answers_{name}"].to_numpy() & (rng.random(len(rows)) < 0.985)
               for name in ("phq9", "gad7", "pain")}
    scores = phq9_columns(rng, items, answers["phq9"]).assign(
        gad7_total=whole(gad7, answers["gad7"]),
        pain_nrs_worst=whole(worst, answers["pain"]),
        pain_nrs_average=whole(average, answers["pain"] & (rng.random(len(rows)) < 0.94)),
    )
    scores.insert(0, "patient_id", trait["patient_id"])
    scores.insert(1, "day", rows["day"])
    is_empty = scores.drop(columns=["patient_id", "day"]).isna().all(axis=1)
    return scores[~is_empty].sort_values(["patient_id", "day"]).reset_index(drop=True)


def points(rng: Generator, expected: pd.Series, sd: float, highest: int) -> np.ndarray:
    """Whole points about what is expected, inside the range of the scale."""
    return np.clip(np.rint(rng.normal(expected, sd)), 0, highest).astype(int)


def phq9_items(rng: Generator, total: np.ndarray, item9: np.ndarray, patient: np.ndarray) -> np.ndarray:
    """Nine answers that add up to the total, with a given answer to item 9 where the total allows it.

    The other points fall on the steps 0-1, 1-2, 2-3 of items 1 to 8, the easiest first; what is easy
    differs by item, by step, by patient and, a little, by visit.
    """
    item9 = np.clip(item9, np.maximum(0, total - 24), np.minimum(3, total))
    common = np.array([0.1, 0.0, 0.0, -0.2, 0.15, 0.1, 0.15, 0.6])
    habit = rng.random((patient.max() + 1, 8))[patient]
    step = np.array([0.0, 0.45, 0.9])
    effort = (common + habit)[:, :, None] + step + 0.5 * rng.random((len(total), 8, 3))
    order = np.argsort(effort.reshape(len(total), 24), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    first_eight = (rank < (total - item9)[:, None]).reshape(-1, 8, 3).sum(axis=2)
    return np.column_stack([first_eight, item9])


def phq9_columns(rng: Generator, items: np.ndarray, is_answered: np.ndarray) -> pd.DataFrame:
    """Items with some left blank, and the total the clinic wrote down, blank in about every fifth row."""
    n = len(items)
    n_blank = rng.choice((0, 1, 2, 3, 5), n, p=(0.905, 0.055, 0.025, 0.010, 0.005))
    is_blank = np.argsort(rng.random((n, 9)), axis=1, kind="stable") < n_blank[:, None]
    is_blank |= ~is_answered[:, None]
    n_items = (~is_blank).sum(axis=1)
    answered = np.where(is_blank, 0, items).sum(axis=1)
    # The mean of those answered, times nine, rounded half up, in whole numbers.
    prorated = (18 * answered + n_items) // np.maximum(1, 2 * n_items)
    is_written = (n_items >= 7) & (rng.random(n) < np.where(n_items == 9, 0.85, 0.5))
    columns = {name: whole(items[:, number], ~is_blank[:, number]) for number, name in enumerate(PHQ9_ITEMS)}
    return pd.DataFrame({**columns, "phq9_total": whole(prorated, is_written)})


def whole(numbers: np.ndarray, is_known: np.ndarray) -> pd.Series:
    """Whole numbers, missing where not known."""
    return pd.Series(np.asarray(numbers), dtype="Int64").where(pd.Series(is_known))


def invented_sessions(rng: Generator, patients: pd.DataFrame, courses: list[Course]) -> pd.DataFrame:
    """One row per session up to the data cut: what was given, and how the patient stood it."""
    rows = pd.DataFrame(
        [(course.patient, day, course.induction[0], number, route) for course in courses
         for number, (day, route) in enumerate(zip(course.days, course.routes, strict=True))],
        columns=["patient", "day", "first_day", "number", "route"])
    trait = patients.loc[rows["patient"]].reset_index(drop=True)
    is_seen = rows["day"] <= trait["observed_until_day"]
    rows, trait = rows[is_seen].reset_index(drop=True), trait[is_seen].reset_index(drop=True)
    started_on = trait["start_on"] + pd.to_timedelta(rows["first_day"], unit="D")
    sessions = pd.DataFrame({
        "patient_id": trait["patient_id"], "day": rows["day"], "start_year": started_on.dt.year,
        "drug": np.where((rows["route"] == "nasal") & trait["is_esketamine"], "esketamine", "ketamine"),
        "route": rows["route"]})
    sessions = sessions.assign(**doses(rng, rows, trait), **side_effects(rng, rows, trait))
    return sessions.sort_values(["patient_id", "day"]).reset_index(drop=True)


def doses(rng: Generator, rows: pd.DataFrame, trait: pd.DataFrame) -> dict[str, object]:
    """Dose, unit and length: many stay where they began, others go up every other session."""
    climbs = (rng.random(len(trait)) < 0.6)[rows["patient"].factorize()[0]]
    step = np.minimum(5, np.where(climbs, rows["number"] // 2, 0) + 1)
    is_long = (rows["route"] == "IV") & trait["is_pain"]
    ladder = np.where(is_long, "IV pain", rows["route"])
    minutes = [int(rng.choice(MINUTES[name])) for name in ladder]
    ladder = np.where((rows["route"] == "nasal") & trait["is_esketamine"], "esketamine", ladder)
    step = np.where(rows["number"] == 0, 0, step)
    return {"dose": [f"{DOSES[name][level]:g}" for name, level in zip(ladder, step, strict=True)],
            "dose_unit": np.where(rows["route"].isin(["IV", "IM"]), "mg/kg", "mg"),
            "minutes": minutes}


def side_effects(rng: Generator, rows: pd.DataFrame, trait: pd.DataFrame) -> dict[str, object]:
    """Dissociation, complaints, blood pressure and leaving; blank where the form was not filled."""
    n, route = len(rows), rows["route"]
    is_home = (route == "lozenge") & (rng.random(n) < 0.5)
    is_filled = (rng.random(n) < 0.88) & ~(is_home & (rng.random(n) < 0.3))
    usual = route.map(DISSOCIATION) * np.where(rows["number"] < 3, 1.0, 0.75)
    tendency = rng.gamma(3, 1 / 3, N_PATIENTS)[rows["patient"]]
    cadss = np.minimum(92, np.rint(usual * tendency * rng.gamma(3, 1 / 3, n))).astype(int)
    complaint = {name: yes_no(rng, share, is_filled) for name, share in
                 (("nausea", np.where(route == "lozenge", 0.16, 0.13)), ("headache", 0.09),
                  ("dizziness", 0.17), ("drowsiness", 0.24))}
    stopped = rng.random(n) < 0.012
    minutes = np.rint(rng.normal(route.map({"IV": 70, "IM": 80, "nasal": 95, "lozenge": 75}), 15)).astype(int)
    return {
        "cadss_peak": whole(cadss, ~is_home & (rng.random(n) < 0.7)),
        **complaint,
        **blood_pressure(rng, rows, trait, ~is_home & (rng.random(n) < 0.95)),
        "minutes_until_ready": whole(5 * (np.maximum(20, minutes) // 5), ~is_home & (rng.random(n) < 0.9)),
        "stopped_early": np.where(stopped, "yes", "no"),
    }


def yes_no(rng: Generator, share: float | np.ndarray, is_filled: np.ndarray) -> np.ndarray:
    """Yes or no, blank where the form was not filled."""
    return np.where(is_filled, np.where(rng.random(len(is_filled)) < share, "yes", "no"), "")


def blood_pressure(rng: Generator, rows: pd.DataFrame, trait: pd.DataFrame,
                   is_taken: np.ndarray) -> dict[str, pd.Series]:
    """Pressure before and at its peak, higher in older patients; the peak is never below the start."""
    usual = 118 + 4 * trait["age_band"].map(AGE_BANDS.index) + rng.normal(0, 9, N_PATIENTS)[rows["patient"]]
    systolic = np.rint(rng.normal(usual, 7)).astype(int)
    diastolic = np.rint(rng.normal(0.48 * systolic + 18, 5)).astype(int)
    rise = rows["route"].map(PRESSURE_RISE)
    systolic_rise = np.maximum(0, np.rint(rng.normal(rise, 9))).astype(int)
    diastolic_rise = np.maximum(0, np.rint(rng.normal(0.55 * rise, 6))).astype(int)
    return {"systolic_before": whole(systolic, is_taken), "diastolic_before": whole(diastolic, is_taken),
            "systolic_peak": whole(systolic + systolic_rise, is_taken),
            "diastolic_peak": whole(diastolic + diastolic_rise, is_taken)}


def invented_clinic(rng: Generator) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Patients, sessions and assessments that belong together, on relative days."""
    patients = invented_patients(rng)
    courses, visits = [], []
    for patient in patients.itertuples():
        own_courses = patient_courses(rng, patient)
        courses += own_courses
        for day, course in patient_visits(rng, own_courses, patient.observed_until_day).items():
            progress = course.progress(day, patient.is_pain)
            visits.append((patient.Index, day, course.severity, 1 - course.benefit * progress,
                           1 - course.pain_benefit * progress, course.item9[int(progress > 0.6)]))
    return patients, invented_sessions(rng, patients, courses), invented_assessments(rng, patients, visits)


def dated(table: pd.DataFrame, patients: pd.DataFrame, name: str) -> pd.DataFrame:
    """The same rows with a calendar date in place of the relative day."""
    start_on = patients.set_index("patient_id")["start_on"].loc[table["patient_id"]].reset_index(drop=True)
    on = start_on + pd.to_timedelta(table["day"], unit="D")
    if on.max().date() > DATA_CUT:
        raise AssertionError("A row lies after the data cut.")
    return table.assign(day=on.dt.strftime("%Y-%m-%d")).rename(columns={"day": name})


def write(table: pd.DataFrame, path: Path) -> None:
    """The table as comma-separated UTF-8 with LF line ends on every platform."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(table.to_csv(index=False, lineterminator="\n").encode("utf-8"))


def write_clinic(folder: Path) -> None:
    """The six files of the invented clinic: on relative days, and the same rows with dates."""
    patients, sessions, assessments = invented_clinic(np.random.default_rng(SEED))
    shown = patients.drop(columns=list(TRAITS))
    dated_sessions = dated(sessions, patients, "treated_on")
    dated_assessments = dated(assessments, patients, "assessed_on")
    latest = max(dated_sessions["treated_on"].max(), dated_assessments["assessed_on"].max())
    if latest != DATA_CUT.isoformat():
        raise AssertionError("Nothing happened on the data cut: the dated files would speak for another day.")
    write(assessments, folder / "assessments.csv")
    write(sessions, folder / "sessions.csv")
    write(shown, folder / "patients.csv")
    write(dated_assessments, folder / "dated" / "assessments.csv")
    write(dated_sessions, folder / "dated" / "sessions.csv")
    write(shown.drop(columns="observed_until_day"), folder / "dated" / "patients.csv")


MESSY_HEADER = (
    "patient_name", "date_of_birth", "email", "MRN", "patient_id", "sex", "site", "clinician", "indication",
    "assessed_on", "time_of_day", "timing", "course_id", *PHQ9_ITEMS, "phq9_total", "PHQ-9 score",
    "gad7_q1", "gad7_total", "who5_q1", "pain_nrs_worst", "pain_nrs_average", "pain_vas",
    "treated_on", "planned_sessions", "route", "drug", "dose", "dose_unit", "minutes", "nausea",
    "stopped_early", "misc_flag", "sex", "")
"""Four headers that identify, one nobody knows (``misc_flag``), one twice (``sex``), one blank, two for one
total, one item of the GAD-7 beside its total, one of the WHO-5 without, and a 0-100 scale answered 0-1.
"""

MESSY_FIRST_DAY = date(2024, 1, 8)
MESSY_SESSION_DAYS = (0, 3, 7, 10, 14, 17)
MESSY_VISITS = ("before", *(f"session {number}" for number in range(1, 7)), "after")
NO_ITEMS = dict.fromkeys(PHQ9_ITEMS, "")
NO_VISIT = dict.fromkeys(("assessed_on", "time_of_day", "timing"), "")
NO_SCORES = dict.fromkeys(MESSY_HEADER[MESSY_HEADER.index("phq9_1"):MESSY_HEADER.index("treated_on")], "")

FAULTS = (
    ("Q02", "before", {**NO_ITEMS, "phq9_total": "twelve"}, "score in words"),
    ("Q02", "after", {**NO_ITEMS, "phq9_total": "300"}, "score out of range"),
    ("Q03", "before",
     dict.fromkeys(("phq9_2", "phq9_4", "phq9_6", "phq9_8", "phq9_total", "PHQ-9 score"), ""),
     "four items missing, and no total"),
    ("Q03", "session 2", {"treated_on": "2024-02-30"}, "impossible date"),
    ("Q03", "session 3", {"route": " im "}, "route in lower case with spaces (readable)"),
    ("Q03", "after", {"assessed_on": "31/02/2024"}, "impossible date, not ISO"),
    ("Q04", "before", {"patient_id": ""}, "no patient id"),
    ("Q04", "session 3", {"treated_on": ""}, "no date, a session"),
    ("Q04", "after", {"assessed_on": ""}, "no date, an assessment"),
    ("Q05", "before", {"phq9_total": "9"}, "total that disagrees with complete items"),
    ("Q05", "after", {"phq9_3": "", "phq9_7": ""}, "total that two missing items do not explain"),
    ("Q06", "before", {"phq9_3": "9", "phq9_total": ""}, "9 as the code of an unanswered item"),
    ("Q06", "session 1", {"planned_sessions": "8"}, "another plan than in the other rows"),
    ("Q06", "after", {"phq9_5": "4", "phq9_total": ""}, "item out of range"),
    ("Q07", "before", {"gad7_total": "NA", "pain_nrs_worst": "-99", "pain_nrs_average": "88"},
     "missing codes"),
    ("Q07", "after", {**NO_ITEMS, "phq9_total": "refused", "gad7_total": "*"}, "missing codes"),
    ("Q08", "session 2", {"misc_flag": '5" cuff'}, "a quotation mark without its partner"),
    ("Q09", "before", {**NO_ITEMS, "phq9_total": "12.5"}, "fractional total"),
    ("Q09", "session 4", {"site": "West"}, "site that changes inside a course"),
    ("Q09", "session 5", {"site": "West"}, "site that changes inside a course"),
    ("Q09", "session 6", {"site": "West"}, "site that changes inside a course"),
    ("Q09", "after", {"sex": "M"}, "contradictory sex"),
    ("Q10", "before", {"time_of_day": "noonish"}, "time of day in words"),
    ("Q10", "session 3", {"treated_on": "2024-07-18", "dose": "0.6"}, "second session on one day"),
    ("Q10", "session 6", {"treated_on": "2203-08-01"}, "date far outside"),
    ("Q10", "after", {"assessed_on": "1924-08-15"}, "date far outside"),
    ("Q11", "before", {"timing": "whenever"}, "timing in an unknown word"),
    ("Q11", "session 2", {"dose": "the usual"}, "unknown dose"),
    ("Q11", "session 3", {"route": "infusn?"}, "unknown route"),
    ("Q11", "session 4", {"dose_unit": "drops"}, "unknown dose unit"),
    ("Q11", "session 5", {"nausea": "a bit"}, "unreadable yes/no"),
    ("Q11", "session 6", {"stopped_early": "maybe"}, "unreadable yes/no"),
    ("Q11", "after", {"pain_nrs_worst": "11"}, "pain score out of range"),
    ("Q12", "before", NO_SCORES, "assessment without a score"),
    ("Q12", "session 1", {"misc_flag": "\u00e0 revoir", "": "x"},
     "a value under a blank header, a letter beyond ASCII"),
    ("Q12", "session 3", {"minutes": "forty"}, "number in words"),
    ("Q12", "session 4", {"minutes": "4000"}, "number out of range"),
)
"""Patient, visit, what its row says instead, and what is wrong with that."""


def messy_row(number: int, visit: str) -> dict[str, str]:
    """A row without fault of the invented patient ``Q<number>``: a baseline, six sessions, an endpoint."""
    first_day = MESSY_FIRST_DAY + timedelta(days=21 * (number - 1))
    who = {
        "patient_name": f"Invented Person {number}", "date_of_birth": "1900-01-01",
        "email": f"person{number}@example.invalid", "MRN": f"NOT-REAL-{number}",
        "patient_id": f"Q{number:02d}", "sex": "FM"[number // 2 % 2], "site": "North",
        "clinician": f"C{1 + number % 2}", "indication": "CRPS" if number % 5 == 0 else "depression",
        "misc_flag": str(number % 3)}
    if visit not in ("before", "after"):
        day = MESSY_SESSION_DAYS[MESSY_VISITS.index(visit) - 1]
        return {**who, "treated_on": (first_day + timedelta(days=day)).isoformat(),
                "route": "IV", "drug": "ketamine", "dose": "0.5", "dose_unit": "mg/kg", "minutes": "40",
                "planned_sessions": "6", "nausea": "no", "stopped_early": "no"}
    is_before = visit == "before"
    least = 2 if is_before else int(number % 3 == 0)
    answers = [least + (number + item) % 2 for item in range(8)] + [int(is_before and number % 4 == 1)]
    pain = 7 if is_before else 4 + number % 3
    return {**who, "assessed_on": (first_day + timedelta(days=-2 if is_before else 31)).isoformat(),
            "time_of_day": "09:30", "timing": "before",
            **dict(zip(PHQ9_ITEMS, map(str, answers), strict=True)),
            "phq9_total": str(sum(answers)), "PHQ-9 score": str(sum(answers)),
            "gad7_q1": str(least), "gad7_total": str(sum(answers) * 3 // 4), "who5_q1": str(5 - pain // 2),
            "pain_nrs_worst": str(pain), "pain_nrs_average": str(pain - 1), "pain_vas": f"0.{pain}"}


def messy_cells(row: dict[str, str]) -> list[str]:
    """The cells of a row in the order of the header; the second ``sex`` repeats the first."""
    return [row.get(name, "") for name in MESSY_HEADER]


def messy_lines() -> list[list[str]]:
    """The rows of the messy export, each a list of cells, the header first."""
    lines = [list(MESSY_HEADER)]
    for number in range(1, 13):
        for visit in MESSY_VISITS:
            row = messy_row(number, visit)
            for patient, at, cells, _ in FAULTS:
                row |= cells if (patient, at) == (row["patient_id"], visit) else {}
            lines += torn(number, visit, messy_cells(row))
    lines += [messy_cells(messy_row(13, visit)) for visit in MESSY_VISITS[1:-1]]
    lines += [messy_cells({**messy_row(14, visit), "course_id": "K9"}) for visit in ("before", "after")]
    return [*lines, messy_cells({**messy_row(15, "after"), **NO_SCORES, **NO_VISIT})]


def torn(number: int, visit: str, cells: list[str]) -> list[list[str]]:
    """The line or lines that the faulty export makes of one row: doubled, followed by a blank, cut, too long.

    Q13 has sessions and no score, Q14 scores and no session, Q15 neither: they need no tearing.
    """
    if (number, visit) in ((8, "session 4"), (8, "after")):
        return [cells, list(cells)]
    if (number, visit) == (8, "before"):
        other = messy_cells({**messy_row(8, "before"), **NO_ITEMS, "phq9_total": "19"})
        return [cells, other]
    if (number, visit) == (7, "after"):
        return [cells, []]
    if (number, visit) == (12, "session 5"):
        return [cells[:-5]]
    if (number, visit) == (12, "after"):
        return [[*cells, "one too many"]]
    return [cells]


def write_messy(folder: Path) -> None:
    """The messy export: one file that holds assessments and sessions, and a fault of every kind."""
    text = "".join(",".join(cells) + "\n" for cells in messy_lines())
    (folder / "messy_export.csv").write_bytes(text.encode("utf-8"))


def main() -> None:
    """Write every file into the folder asked for."""
    parser = argparse.ArgumentParser(description="Make the invented exports of this folder.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write into")
    folder = parser.parse_args().out
    write_clinic(folder)
    write_messy(folder)


if __name__ == "__main__":
    main()
