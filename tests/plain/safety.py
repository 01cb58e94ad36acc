"""Everything the Safety page counts of sessions, once more: a session at a time, so plain that nobody would ship it."""

from random import Random

EFFECTS = ("dissociation", "hallucinations", "sedation", "nausea", "vomiting", "headache", "dizziness", "drowsiness",
           "fatigue", "allergic_reaction", "respiratory_depression")
READINGS = ("systolic_before", "systolic_peak", "systolic_leaving", "diastolic_before", "diastolic_peak",
            "diastolic_leaving")
FORM = (*EFFECTS, "cadss_peak", "cadss_leaving", "minutes_until_ready", "moaas_lowest", "cssrs_highest", *READINGS)


def generated(seed, n=40):
    """Sessions as dicts with patient, day, site, and by construction course, number and phase; None where blank."""
    chance = Random(seed)
    found = []
    for place in range(n):
        patient, site = f"P{place:03d}", chance.choice(["North", "South", None])
        days = [(0, 4), (200, 1), (300, 4)][:chance.choice([1, 1, 2, 3])]
        for block, (start, least) in enumerate(days):
            length = 1 if least == 1 else least + chance.randrange(3)
            at = [start + 3 * one for one in range(length)]
            phases = ["booster" if least == 1 else "induction"] * length
            if least > 1 and chance.random() < 0.5:
                at, phases = [*at, at[-1] + 20], [*phases, "maintenance"]
            found += [{"patient": patient, "site": site, "day": day, "course": (patient, block), "number": number + 1,
                       "phase": phases[number], **_form(chance)} for number, day in enumerate(at)]
    return found


def _form(chance):
    form = dict.fromkeys((*FORM, "stopped_early", "route", "dose", "dose_unit"))
    form |= {"route": chance.choice(["IV", "nasal", None]), "dose": chance.choice([0.5, 56.0, 84.0, None]),
             "dose_unit": chance.choice(["mg/kg", "mg", None])}
    if chance.random() < 0.8:
        form["stopped_early"] = chance.random() < 0.1
    if chance.random() < 0.15:
        return form
    for name in ("nausea", "headache", "dizziness", "dissociation"):
        form[name] = chance.choice([None, False, False, True])
    form["fatigue"] = chance.choice([None, True])
    form["cadss_peak"] = chance.choice([None, 0.0, 4.0, 5.0, 30.0])
    form["cadss_leaving"] = chance.choice([None, 0.0, 4.0, 5.0])
    form["minutes_until_ready"] = chance.choice([None, 40.0, 60.0, 75.0, 90.0])
    form["moaas_lowest"], form["cssrs_highest"] = chance.choice([None, 5, 4, 2]), chance.choice([None, 0, 1, 6])
    for name, values in (("systolic_before", (120.0, 140.0, 180.0)), ("systolic_peak", (160.0, 179.0, 180.0, 181.0)),
                         ("systolic_leaving", (140.0, 160.0, 161.0)), ("diastolic_before", (80.0, 85.0, 110.0)),
                         ("diastolic_peak", (105.0, 109.0, 110.0, 111.0)), ("diastolic_leaving", (80.0, 105.0, 106.0))):
        form[name] = chance.choice([None, *values])
    return form


def answer(measure, session, lines=(180, 110, 40, 25)):
    """True, False, or why the session cannot say."""
    is_filled = any(session[name] is not None for name in FORM)
    none = "not_answered" if is_filled else "no_form"
    if measure in (*EFFECTS, "stopped_early"):
        return none if session[measure] is None else session[measure]
    if measure == "any_effect":
        # fatigue is yes or blank in these files and so answers nothing by itself.
        if all(session[name] is None for name in EFFECTS if name != "fatigue"):
            return none
        return any(session[name] is True for name in EFFECTS)
    if measure in ("cadss_above", "cadss_back"):
        if session["cadss_peak"] is None:
            return "no_peak" if is_filled else "no_form"
        if measure == "cadss_above":
            return session["cadss_peak"] > 4
        if session["cadss_peak"] <= 4:
            return "not_above"
        return "no_leaving" if session["cadss_leaving"] is None else session["cadss_leaving"] <= 4
    if measure == "pressure":
        each = [_criterion(name, session, lines) for name in
                ("systolic_line", "diastolic_line", "systolic_rise", "diastolic_rise")]
        if any(one in (True, False) and not isinstance(one, str) for one in each):
            return any(one is True for one in each)
        if not is_filled:
            return "no_form"
        before = [session["systolic_before"], session["diastolic_before"]]
        return "not_answered" if before == [None, None] else "before_only"
    found = _criterion(measure, session, lines)
    return "no_form" if isinstance(found, str) and not is_filled else found


def _criterion(measure, session, lines):
    kind, what = measure.split("_")
    before = session[f"{kind}_before"]
    later = [one for one in (session[f"{kind}_peak"], session[f"{kind}_leaving"]) if one is not None]
    line, rise = (lines[0], lines[2]) if kind == "systolic" else (lines[1], lines[3])
    if not later:
        return "not_answered" if before is None else "before_only"
    if what == "line":
        return max([*later, *([] if before is None else [before])]) >= line
    if before is None:
        return "no_reading_before"
    return max(later) - before > rise


def per_session(measure, sessions, lines=(180, 110, 40, 25)):
    """Numerator, denominator and left out of some sessions."""
    yes = no = 0
    left = {}
    for session in sessions:
        found = answer(measure, session, lines)
        if isinstance(found, str):
            left[found] = left.get(found, 0) + 1
        elif found:
            yes += 1
        else:
            no += 1
    return yes, yes + no, left


def per_course(measure, sessions, everyone, lines=(180, 110, 40, 25)):
    """The same of courses: ``sessions`` those looked at, ``everyone`` all of the stratum."""
    yes = n = 0
    left = {}
    for course in {one["course"]: None for one in everyone}:
        is_booster = any(one["phase"] == "booster" for one in everyone if one["course"] == course)
        mine = [answer(measure, one, lines) for one in sessions if one["course"] == course]
        told = [one for one in mine if not isinstance(one, str)]
        if is_booster or not told:
            reason = "booster" if is_booster else "no_form" if mine else "no_sessions"
            left[reason] = left.get(reason, 0) + 1
            continue
        n += 1
        yes += any(told)
    return yes, n, left


def quantile(values, fraction):
    """Linear between values, as R's type 7."""
    ordered = sorted(values)
    place = fraction * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
