"""Seeded cohorts watched long after the endpoint: losses, their confirmation, maintenance, boosters."""

from random import Random

from tests.plain.cohorts import BEFORE, PRESET_OF_INDICATION, Cohort

INSTRUMENTS = ("phq9", "pain_nrs_worst", "who5")

WELL = {"phq9": (0, 2, 4, 5, 5, 7), "pain_nrs_worst": (0, 1, 2, 2.8), "who5": (72, 80, 100)}
POORLY = {"phq9": (9, 10, 10, 14, 16, 20), "pain_nrs_worst": (4.9, 5, 7, 8), "who5": (8, 16, 24, 48)}

SETTINGS = ((), (), (), (("eligible", "all"),), (("missing", "failure"),), (("missing", "unchanged"),),
            (("scoring", "complete"),), (("endpoint_pick", "last_available"),), (("endpoint_window", "1..14"),),
            (("phq9.response_fraction", "0.3"),), (("phq9.caseness", "8"),), (("phq9.remission_at_most", "5"),),
            (("kinds", "induction"),), (("first_course_only", "true"),), (("gap_days", "90"),))


def cohort(seed):
    """The cohort of a seed; every tenth holds scores alone, with a course for each id."""
    rng = Random(70_000 + seed)
    preset = rng.choice(("clinic", "clinic", "induction", "induction", "induction_strict", "first_last", "pain_series"))
    has_sessions = seed % 10 != 9
    axis = rng.choice(("day", "date"))
    indications = {f"P{number:02d}": rng.choice(tuple(PRESET_OF_INDICATION)) for number in range(rng.randrange(8, 31))}
    style = {"ids": rng.choice(("none", "none", "full", "partial")), "phases": rng.choice(("none", "none", "full")),
             "times": rng.choice(("none", "some", "all"))}
    assessments, sessions, ends = [], [], {}
    for patient_id in indications:
        start = rng.choice((0, 0, -40, 100)) if axis == "day" else 19000 + rng.randrange(200)
        courses = _courses(rng, start)
        for number, course in enumerate(courses):
            next_day = courses[number + 1]["induction"][0] if number + 1 < len(courses) else None
            rows = _session_rows(patient_id, number, course, style)
            if has_sessions:
                sessions += [row | {"course_id": _label(rng, style, row["course_id"])} for row in rows]
            for instrument in rng.sample(INSTRUMENTS, rng.choice((1, 1, 2, 3))):
                assessments += _score_rows(rng, patient_id, number, course, next_day, instrument, style)
        last = max(row["day"] for row in assessments if row["patient_id"] == patient_id)
        ends[patient_id] = last - rng.choice((0, 0, 20, 60))
    if not has_sessions and style["ids"] != "full":
        assessments = [row | {"course_id": None} for row in assessments]
    as_of = max(ends.values()) - rng.choice((0, 0, 40)) if axis == "date" else None
    observed = {one: day for one, day in ends.items() if rng.random() < 0.3} if axis == "day" else {}
    rng.shuffle(assessments)
    rng.shuffle(sessions)
    return Cohort(seed, axis, assessments, sessions, indications, dict.fromkeys(indications), preset,
                  rng.choice(SETTINGS), as_of, observed)


def _courses(rng, start):
    """One patient's courses: an induction, then boosters and inductions, each with its maintenance or none."""
    courses = []
    for number in range(rng.choice((1, 1, 2, 2, 3))):
        n_sessions = rng.choice((1, 2)) if number and rng.random() < 0.5 else rng.choice((3, 4, 4, 6, 8))
        induction = [start + 3 * later for later in range(n_sessions)]
        maintenance = []
        if rng.random() < 0.5:
            day = induction[-1] + rng.choice((15, 18, 21, 28, 35, 42))
            for _ in range(rng.choice((1, 2, 4))):
                maintenance.append(day)
                day += rng.choice((14, 21, 28, 45))
        courses.append({"induction": induction, "maintenance": maintenance})
        start = (maintenance or induction)[-1] + rng.choice((60, 61, 75, 91, 120))
    return courses


def _session_rows(patient_id, number, course, style):
    """The sessions of one course."""
    return [{"patient_id": patient_id, "course_id": f"C{number + 1}", "day": day, "planned_sessions": None,
             "phase": None if style["phases"] == "none" else phase}
            for phase in ("induction", "maintenance") for day in course[phase]]


def _label(rng, style, label):
    """The course id as the files of this style give it."""
    return label if style["ids"] == "full" or (style["ids"] == "partial" and rng.random() < 0.6) else None


def _days(rng, course, next_day):
    """Days of scores: before, during, at the end, and then until some time after the next course's start."""
    first, last, maintenance = course["induction"][0], course["induction"][-1], course["maintenance"]
    days = [first + rng.choice((-30, -7, -1, 0, 0, 0))] if rng.random() < 0.95 else []
    days += [first + rng.randrange(1, last - first + 1) for _ in range(rng.choice((0, 1, 3))) if last > first]
    day = last + rng.choice((1, 7, 13, 14, 15, 20, 28, 31, 32))
    for _ in range(rng.choice((1, 2, 4, 6, 8))):
        days.append(day)
        day += rng.choice((1, 7, 7, 14, 21, 40))
    days += rng.sample(maintenance, rng.randrange(len(maintenance) + 1))
    if next_day is not None:
        days += rng.sample((next_day - 1, next_day, next_day, next_day + 1), rng.choice((0, 1, 2)))
    return days


def _score_rows(rng, patient_id, number, course, next_day, instrument, style):
    """The scores of one course with one instrument; well and poorly come in stretches."""
    rows, is_well = [], rng.random() < 0.7
    for day in sorted(_days(rng, course, next_day)):
        if day <= course["induction"][0]:
            total = rng.choice(BEFORE[instrument][:6] if instrument != "who5" else (8, 12, 20, 24, 40))
            total = BEFORE[instrument][-1 if instrument != "who5" else 0] if rng.random() < 0.06 else total
        else:
            is_well = is_well if rng.random() < 0.7 else not is_well
            total = rng.choice((WELL if is_well else POORLY)[instrument])
        label = f"C{number + 1}" if rng.random() < 0.95 else rng.choice(("C1", "C2"))
        label = _label(rng, style, label)
        rows.append(_score(rng, patient_id, instrument, day, total, label, style))
        if rng.random() < 0.12:
            total = rng.choice((WELL if rng.random() < 0.5 else POORLY)[instrument])
            rows.append(_score(rng, patient_id, instrument, day, total, label, style))
    return rows


def _score(rng, patient_id, instrument, day, total, course_id, style):
    has_time = style["times"] == "all" or (style["times"] == "some" and rng.random() < 0.5)
    return {"patient_id": patient_id, "course_id": course_id, "day": day, "visit": None,
            "time": rng.choice((480, 540, 900)) if has_time else None,
            "timing": rng.choice(("during", "after")) if rng.random() < 0.05 else None, "instrument": instrument,
            "total": None if rng.random() < 0.03 else total, "item9": None,
            "n_items_missing": rng.choice((None, 0, 0, 0, 1))}
