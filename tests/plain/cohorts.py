"""Seeded cohorts that sit on every edge of the rules: gaps, spans, windows, ties, missing ids, running courses."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.rules import rule_set, without_sessions

INSTRUMENTS = {key: BUILT_IN[key] for key in ("phq9", "gad7", "pcl5", "pain_nrs_worst", "who5")}
DRAWN = ("phq9", "pain_nrs_worst", "who5")
"""The instruments of every cohort; the others are written beside the PHQ-9 in some."""

PRESET_OF_INDICATION = {None: "induction", "Depression": "induction", "CRPS": "pain_series",
                        "Neuropathic pain": "pain_series"}
"""What the preset clinic takes for an indication, written down by hand."""

VISITS = ("screening", "baseline", "week 2", "week 10", "post")

BEFORE = {"gad7": (21, 15, 12, 11, 10, 10, 9, 8, 8, 7, 7, 5, 4, 0), "pcl5": (80, 50, 42, 33, 32, 31, 10, 0),
          "phq9": (27, 20, 20, 16, 14, 11, 10, 10, 9, 9, 5, 4, 2, 0),
          "pain_nrs_worst": (10, 8, 7, 7, 6.5, 5, 4, 4, 3.9, 3, 1, 0),
          "who5": (0, 8, 12, 20, 24, 32, 40, 48, 52, 60)}
AFTER = {"gad7": (21, 15, 12, 11, 8, 8, 7, 7, 6, 4, 4, 3, 1, 0), "pcl5": (80, 41, 40, 32, 31, 23, 22, 10, 0),
         "phq9": (27, 21, 16, 15, 14, 10, 10, 9, 7, 5, 5, 4, 4, 2, 0),
         "pain_nrs_worst": (10, 8, 7, 5, 4.9, 4.55, 3.5, 3, 2.8, 2, 0),
         "who5": (0, 8, 16, 20, 36, 48, 52, 72, 100)}


@dataclass(frozen=True)
class Cohort:
    """One generated file set and the rules it is counted by.

    Attributes
    ----------
    axis : ``day``, ``date`` (days from 1970-01-01) or ``visit`` (``day`` is missing, order as in ``VISITS``)
    as_of : day number the figures speak for, on the date axis
    observed_until : last day looked at, by patient, on the day axis
    """

    seed: int
    axis: str
    assessments: list
    sessions: list
    indications: dict
    sites: dict
    preset: str
    settings: tuple
    as_of: int | None = None
    observed_until: dict = field(default_factory=dict)

    @cached_property
    def rule_set(self):
        """The rules as they are asked for."""
        return rule_set(self.preset, self.settings)

    @cached_property
    def rules_of(self):
        """The rules of each patient: clinic picks by indication, and is first_last where no session is."""
        if self.preset == "clinic" and not self.sessions:
            changed = without_sessions(self.rule_set)
            return dict.fromkeys(self.indications, changed.base)
        return {patient_id: self.rule_set.rules_for(PRESET_OF_INDICATION[indication] if self.preset == "clinic"
                                                    else self.preset)
                for patient_id, indication in self.indications.items()}

    @cached_property
    def instruments(self):
        """The instruments that the files hold, with the cut-offs of the settings."""
        held = {row["instrument"] for row in self.assessments}
        return {key: one for key, one in self.rule_set.instruments(INSTRUMENTS).items() if key in held}


def cohort(seed):
    """The cohort of a seed: mostly with sessions.

    Every thirteenth holds visits, every eighth scores alone, and in every eleventh days restart with each course.
    From 300 on the rules know no course but an index score; from 400 on the cohorts from 0 come again. In both the
    anxiety scale stands beside.
    """
    if seed >= 400:
        return _with_others(replace(_drawn(seed - 400), seed=seed))
    return _with_others(_of_index(Random(seed), seed)) if seed >= 300 else _drawn(seed)


def _with_others(drawn):
    """The cohort with scores of the GAD-7 and the PCL-5 beside those of the PHQ-9, some of which are taken away.

    Drawn from a seed of its own, so that the rest of the cohort is what it would be without.
    """
    rng = Random(10_000 + drawn.seed)
    beside, dropped = [], []
    for row in drawn.assessments:
        if row["instrument"] != "phq9":
            continue
        for key, share in (("gad7", 0.75), ("pcl5", 0.3)):
            if rng.random() < share:
                total = None if row["total"] is None else rng.choice(rng.choice((BEFORE, AFTER))[key])
                later = rng.choice((0, 0, 0, 0, 1)) if row["day"] is not None else None
                day = None if row["day"] is None else row["day"] + later
                beside.append({**row, "instrument": key, "total": total, "item9": None, "day": day})
        if rng.random() < 0.15:
            dropped.append(row)
    kept = [row for row in drawn.assessments if not any(row is gone for gone in dropped)]
    return replace(drawn, assessments=[*kept, *beside])


def _of_index(rng, seed):
    """Scores around an index score and at the ends of both windows from it; sessions in some, which say nothing."""
    preset = rng.choice(("twelve_month", "four_to_eight_month"))
    choices = [("eligible", "all"), ("missing", rng.choice(("observed", "unchanged"))), ("scoring", "complete"),
               ("endpoint_window", rng.choice(("300..430", "120..", "..425"))),
               ("phq9.caseness", rng.choice(("8", "11"))), ("gad7.caseness", "8"),
               ("endpoint_pick", "last_available"), ("endpoint_pick", "closest")]
    settings = dict(rng.sample(choices, rng.choice((0, 0, 0, 1, 2))))
    if settings.get("endpoint_pick") == "closest":
        settings["endpoint_target_day"] = rng.choice(("180", "365"))
    indications, sites = _people(rng, rng.randrange(8, 41))
    axis = rng.choice(("day", "date"))
    style = {"times": rng.choice(("none", "some", "all")), "timing": rng.random() < 0.4}
    assessments, sessions, observed_until, ends = [], [], {}, []
    for patient_id in indications:
        start = rng.choice((0, 0, -40, 100)) if axis == "day" else 19000 + rng.randrange(300)
        ends.append(start + rng.choice((239, 240, 241, 424, 425, 426, 600)))
        if axis == "day" and rng.random() < 0.4:
            observed_until[patient_id] = ends[-1]
        for instrument in rng.sample(DRAWN, rng.choice((0, 1, 2, 3))):
            early = rng.sample((-20, -20, -1, 0, 0, 0, 3, 30), rng.choice((1, 2, 3)))
            late = rng.sample((119, 120, 121, 180, 239, 240, 241, 304, 305, 306, 365, 424, 425, 426),
                              rng.choice((0, 1, 2, 4)))
            for day, pool in [*((day, BEFORE) for day in early), *((day, AFTER) for day in late)]:
                label = rng.choice((None, None, "C1"))
                assessments.append(_score(rng, patient_id, instrument, start + day, pool, label, style))
        if rng.random() < 0.3:
            rows = [{"patient_id": patient_id, "course_id": None, "day": start + day, "phase": None,
                     "planned_sessions": None} for day in (-5, 2, 130)]
            sessions += rows
    as_of = rng.choice(ends) if axis == "date" else None
    rng.shuffle(assessments)
    return Cohort(seed, axis, assessments, sessions, indications, sites, preset, tuple(settings.items()), as_of,
                  observed_until)


def _drawn(seed):
    rng = Random(seed)
    if seed % 13 == 12:
        return _of_visits(rng, seed)
    if seed % 8 == 7:
        return _of_scores(rng, seed)
    if seed % 11 == 10:
        return _with_restarting_days(rng, seed)
    return _of_sessions(rng, seed)


def _settings(rng):
    """A preset and some settings beside it, drawn so that the plain preset is the most common."""
    preset = rng.choice(("clinic", "clinic", "induction", "induction", "induction_strict", "first_last", "pain_series"))
    choices = [
        ("gap_days", rng.choice(("45", "90"))),
        ("induction_gap_days", rng.choice(("7", "15"))),
        ("induction_span_days", rng.choice(("21", "29"))),
        ("induction_max_sessions", rng.choice(("4", "6", "9"))),
        ("planned_sessions", rng.choice(("3", "6", "9"))),
        ("complete_sessions", rng.choice(("1", "3", "5"))),
        ("kinds", rng.choice(("induction", "induction,re_induction", "re_induction", "induction,incomplete"))),
        ("baseline_window", rng.choice(("-14..0", "-60..-1", "-30..", "..0"))),
        ("baseline_pick", rng.choice(("first", "worst", "last"))),
        ("baseline_pick", "mean_last_7_days"),
        ("endpoint_window", rng.choice(("14..31", "1..28", "0..45", "7..", "-3..10"))),
        ("endpoint_pick", "last_available"),
        ("endpoint_pick", "closest"),
        ("endpoint_anchor", rng.choice(("last_session", "day_0"))),
        ("complete_last_day_window", "7..28"),
        ("eligible", "all"),
        ("missing", rng.choice(("failure", "unchanged"))),
        ("missing", rng.choice(("failure", "unchanged"))),
        ("first_course_only", "true"),
        ("drop_started_before", "true"),
        ("scoring", "complete"),
        ("scoring", "complete"),
        ("complete_inductions_only", "true"),
        ("phq9.caseness", rng.choice(("8", "11"))),
        ("phq9.remission_at_most", "5"),
        ("phq9.response_fraction", "0.3"),
        ("pain_nrs_worst.caseness", "3"),
    ]
    chosen = dict(rng.sample(choices, rng.choice((0, 0, 1, 2, 3, 4))))
    if chosen.get("baseline_pick") == "mean_last_7_days":
        chosen.pop("baseline_window", None)
    if chosen.get("endpoint_pick") == "closest":
        chosen["endpoint_target_day"] = rng.choice(("7", "14", "28"))
        if preset == "first_last":
            chosen.setdefault("endpoint_window", "1..60")
    return preset, tuple(chosen.items())


def _induction_days(rng):
    """Days of one induction from its first session: usual, or at the limit of a gap or of the span."""
    n_sessions = rng.choice((1, 2, 3, 3, 4, 4, 6, 6, 8, 9))
    gaps = [rng.choice((2, 3, 3, 4)) for _ in range(n_sessions - 1)]
    if gaps and rng.random() < 0.3:
        gaps[rng.randrange(len(gaps))] = rng.choice((7, 8, 14, 14, 15, 15))
    days = [sum(gaps[:position]) for position in range(n_sessions)]
    if n_sessions > 2 and rng.random() < 0.25:
        days = [*range(0, 7 * (n_sessions - 1), 7)][:n_sessions - 1]
        days.append(rng.choice((28, 29)) if days[-1] < 28 else days[-1] + 3)
    return days


def _segments(rng, has_phases):
    """One patient's treatment: segments of (induction days, maintenance days), on one axis from 0."""
    segments = []
    day = 0
    for _ in range(rng.choice((1, 1, 2, 2, 3, 4))):
        induction = [day + later for later in _induction_days(rng)]
        if segments and rng.random() < 0.35:
            induction = induction[:rng.choice((1, 2))]
        maintenance = []
        if rng.random() < 0.5:
            for _ in range(rng.choice((1, 2, 3, 5))):
                last = maintenance[-1] if maintenance else induction[-1]
                maintenance.append(last + rng.choice((14, 15, 21, 28, 45, 46, 59, 60)))
        segments.append((induction, maintenance))
        gaps = (44, 45, 46, 59, 60, 60, 61, 61, 62, 75, 90, 91, 120) + ((14, 15, 21, 28) if has_phases else ())
        day = (maintenance or induction)[-1] + rng.choice(gaps)
    return segments


def _session_rows(rng, patient_id, segments, id_mode, phase_mode, planned_mode):
    """Session rows of one patient; ids may join segments, cut one in two, or cross."""
    rows = []
    for number, (induction, maintenance) in enumerate(segments):
        label = f"C{number + 1}"
        if number and rng.random() < 0.12:
            label = rows[-1]["course_id"]
        planned = rng.choice((3, 4, 6, 9, None)) if planned_mode else None
        is_booster = len(induction) < 3 and rng.random() < 0.3
        for day in [*induction, *maintenance]:
            phase = "maintenance" if is_booster or day in maintenance else "induction"
            row = {"patient_id": patient_id, "course_id": label, "day": day, "phase": phase,
                   "planned_sessions": planned}
            rows.append(row)
            if rng.random() < 0.03:
                rows.append(dict(row))
        if len(induction) > 5 and rng.random() < 0.1:
            for row in rows:
                if row["day"] >= induction[4] and row["course_id"] == label:
                    row["course_id"] = f"{label}b"
    if len(segments) > 1 and rng.random() < 0.08:
        rows[rng.randrange(len(rows))]["course_id"] = "C1"
    _same_on_one_day(rows)
    for row in rows:
        if id_mode == "none" or (id_mode == "partial" and rng.random() < 0.4):
            row["course_id"] = None
        if phase_mode == "none" or (phase_mode == "partial" and rng.random() < 0.3):
            row["phase"] = None
        if row["planned_sessions"] is not None and rng.random() < 0.3:
            row["planned_sessions"] = None
    _same_on_one_day(rows)
    return rows


def _same_on_one_day(rows):
    """Give the sessions of one day the same id, phase and plan: which of two comes first is nobody's to say."""
    seen = {}
    for row in rows:
        first = seen.setdefault(row["day"], row)
        for name in ("course_id", "phase", "planned_sessions"):
            row[name] = first[name]


def _item9(rng, instrument):
    return rng.choice((None, 0, 0, 0, 1, 1, 2, 3)) if instrument == "phq9" else None


def _score(rng, patient_id, instrument, day, pool, course_id, style):
    total = rng.choice(pool[instrument])
    if rng.random() < 0.06:
        total = None
    time = None
    if style["times"] == "all" or (style["times"] == "some" and rng.random() < 0.5):
        time = rng.choice((480, 540, 600, 900))
    timing = rng.choice(("before", "during", "after")) if style["timing"] and rng.random() < 0.2 else None
    return {"patient_id": patient_id, "course_id": course_id, "day": day, "visit": None, "time": time,
            "timing": timing, "instrument": instrument, "total": total, "item9": _item9(rng, instrument),
            "n_items_missing": rng.choice((None, 0, 0, 1, 2)) if total is not None else None}


def _score_rows(rng, patient_id, segments, style):
    """Scores around the first session and the last of every induction, at the windows' ends and between."""
    rows = []
    instruments = [key for key, share in (("phq9", 0.85), ("pain_nrs_worst", 0.5), ("who5", 0.4))
                   if rng.random() < share]
    for instrument in instruments:
        for number, (induction, maintenance) in enumerate(segments):
            places = [(induction[0] + offset, BEFORE) for offset in
                      rng.sample((-61, -31, -30, -29, -14, -7, -6, -3, -1, 0, 0, 0, 1, 5), rng.choice((0, 1, 1, 2, 3)))]
            for anchor in {induction[-1], induction[min(len(induction), 8) - 1], (maintenance or induction)[-1]}:
                places += [(anchor + offset, AFTER) for offset in
                           rng.sample((-1, 0, 1, 1, 2, 7, 10, 13, 14, 15, 21, 28, 28, 29, 31, 31, 32, 45, 46),
                                      rng.choice((0, 1, 1, 2, 3)))]
            if rng.random() < 0.4:
                places.append((induction[0] + rng.randrange(0, 130), AFTER))
            for day, pool in sorted(places, key=lambda place: place[0]):
                label = f"C{number + 1}"
                if rng.random() < 0.06:
                    label = rng.choice(("C1", "C2", "C9"))
                if style["ids"] == "none" or (style["ids"] == "partial" and rng.random() < 0.6):
                    label = None
                rows.append(_score(rng, patient_id, instrument, day, pool, label, style))
                if rng.random() < 0.2:
                    rows.append(_score(rng, patient_id, instrument, day, pool, label, style))
    return rows


def _people(rng, n_patients):
    indications = {f"P{number:02d}": rng.choice(tuple(PRESET_OF_INDICATION)) for number in range(n_patients)}
    sites = {patient_id: rng.choice(("North", "South", None)) for patient_id in indications}
    return indications, sites


def _of_sessions(rng, seed):
    preset, settings = _settings(rng)
    indications, sites = _people(rng, rng.randrange(8, 41))
    style = {"ids": rng.choice(("none", "none", "full", "partial")), "times": rng.choice(("none", "some", "all")),
             "timing": rng.random() < 0.6}
    phase_mode = rng.choice(("none", "none", "none", "full", "partial"))
    planned_mode = rng.random() < 0.3 or "planned_sessions" in dict(settings)
    axis = "date" if "drop_started_before" in dict(settings) else rng.choice(("day", "date"))
    assessments, sessions, ends, origin_of = [], [], [], {}
    for patient_id in indications:
        origin = origin_of[patient_id] = rng.choice((0, 0, -40, 100)) if axis == "day" else 19000 + rng.randrange(400)
        segments = _segments(rng, phase_mode != "none")
        segments = [([origin + day for day in induction], [origin + day for day in maintenance])
                    for induction, maintenance in segments]
        ends += [(patient_id, induction[-1]) for induction, _ in segments]
        has_no_sessions, has_no_scores = rng.random() < 0.07, rng.random() < 0.05
        if not has_no_sessions:
            sessions += _session_rows(rng, patient_id, segments, style["ids"], phase_mode, planned_mode)
        if not has_no_scores:
            assessments += _score_rows(rng, patient_id, segments, style)
    as_of, observed_until = None, {}
    if "drop_started_before" in dict(settings):
        _start_at_the_gap(assessments, sessions, int(dict(settings).get("gap_days", 60)))
    if axis == "date":
        days = [row["day"] for row in [*assessments, *sessions]]
        as_of = max(days)
        if rng.random() < 0.7:
            as_of = rng.choice(ends)[1] + rng.choice((27, 28, 29, 30, 31, 32))
    elif rng.random() < 0.6:
        for patient_id, end in ends:
            if rng.random() < 0.5:
                observed_until[patient_id] = end + rng.choice((10, 27, 28, 29, 30, 31, 31, 32, 45))
    rng.shuffle(assessments)
    rng.shuffle(sessions)
    return Cohort(seed, axis, assessments, sessions, indications, sites, preset, settings, as_of, observed_until)


def _start_at_the_gap(assessments, sessions, gap_days):
    """Move some patients so that their first session lies just within, and just beyond, the gap of the first date."""
    rows = [*assessments, *sessions]
    earliest = min(row["day"] for row in rows)
    for number, patient_id in enumerate(sorted({row["patient_id"] for row in sessions})):
        first = min(row["day"] for row in sessions if row["patient_id"] == patient_id)
        if first - earliest > gap_days and number % 3:
            for row in rows:
                if row["patient_id"] == patient_id:
                    row["day"] += earliest + gap_days + (number % 3 - 1) - first


def _with_restarting_days(rng, seed):
    """Each course counts its own days from 0, and every row says whose it is."""
    preset, settings = _settings(rng)
    indications, sites = _people(rng, rng.randrange(8, 41))
    style = {"ids": "full", "times": rng.choice(("none", "all")), "timing": rng.random() < 0.5}
    phase_mode = rng.choice(("none", "none", "full"))
    assessments, sessions = [], []
    for patient_id in indications:
        for number in range(rng.choice((1, 1, 2, 3))):
            segment = _segments(rng, has_phases=False)[0]
            whose = {"course_id": f"C{number + 1}"}
            if rng.random() < 0.95:
                rows = _session_rows(rng, patient_id, [segment], "full", phase_mode, planned_mode=False)
                sessions += [row | whose for row in rows]
            assessments += [row | whose for row in _score_rows(rng, patient_id, [segment], style)]
    rng.shuffle(assessments)
    rng.shuffle(sessions)
    return Cohort(seed, "day", assessments, sessions, indications, sites, preset, settings)


def _of_scores(rng, seed):
    preset = rng.choice(("clinic", "first_last", "first_last", "induction"))
    settings = rng.choice(((), (("eligible", "all"),), (("missing", "failure"),), (("missing", "unchanged"),)))
    indications, sites = _people(rng, rng.randrange(8, 41))
    axis = rng.choice(("day", "date"))
    has_ids = rng.random() < 0.4
    style = {"ids": "full" if has_ids else "none", "times": rng.choice(("none", "all")), "timing": rng.random() < 0.3}
    assessments = []
    for patient_id in indications:
        origin = rng.choice((0, 5)) if axis == "day" else 19000 + rng.randrange(400)
        for instrument in rng.sample(DRAWN, rng.choice((1, 2, 3))):
            for day in rng.sample((-40, 0, 0, 1, 14, 28, 60, 61, 200), rng.choice((1, 2, 3, 4))):
                label = ("C1" if day < 60 else "C2") if has_ids else None
                assessments.append(_score(rng, patient_id, instrument, origin + day, rng.choice((BEFORE, AFTER)),
                                          label, style))
    as_of = max(row["day"] for row in assessments) if axis == "date" else None
    if axis == "date" and rng.random() < 0.5:
        as_of -= rng.choice((1, 30, 100))
    rng.shuffle(assessments)
    return Cohort(seed, axis, assessments, [], indications, sites, preset, settings, as_of)


def _of_visits(rng, seed):
    preset = rng.choice(("clinic", "first_last", "first_last"))
    settings = rng.choice((
        (), (("baseline_visit", "baseline"), ("endpoint_visit", "post")),
        (("baseline_visit", "baseline"), ("endpoint_visit", "week 10"), ("eligible", "all")),
        (("baseline_visit", "screening"), ("endpoint_visit", "week 2"), ("missing", "failure"))))
    indications, sites = _people(rng, rng.randrange(8, 41))
    style = {"ids": "none", "times": "none", "timing": False}
    assessments = []
    for patient_id in indications:
        for instrument in rng.sample(DRAWN, rng.choice((1, 2, 3))):
            for visit in rng.sample(VISITS, rng.choice((1, 2, 3, 5))):
                for _ in range(rng.choice((1, 1, 1, 1, 2))):
                    row = _score(rng, patient_id, instrument, None, rng.choice((BEFORE, AFTER)), None, style)
                    assessments.append({**row, "visit": visit})
    rng.shuffle(assessments)
    return Cohort(seed, "visit", assessments, [], indications, sites, preset, settings)
