"""Blocks, induction, kinds and visits, one patient at a time (definitions 3.1, 3.2, 3.3, 3.6).

A row is a dictionary. ``day`` is a whole number on the patient's axis, or missing in files of visits.
"""

from tests.plain.outcomes import index_score


def observed(rows, until):
    """The rows up to the last day that is looked at; without such a day all of them."""
    return [row for row in rows if until is None or row["day"] is None or row["day"] <= until]


def until_of(patient_id, as_of, observed_until):
    """The last day a patient is looked at: the earlier of the file's day and the patient's own, or missing."""
    days = [day for day in (as_of, observed_until.get(patient_id)) if day is not None]
    return min(days) if days else None


def starts_block(session, previous, rules):
    """Whether a session without an id does not go on with the patient's session before it."""
    if previous is None:
        return True
    gap_is_long = session["day"] - previous["day"] > rules.gap_days
    if session["phase"] == "induction":
        return gap_is_long or previous["phase"] == "maintenance"
    if session["phase"] == "maintenance":
        return False
    return gap_is_long


def in_day_order(sessions):
    """Sessions by day. Rows of one day are alike in what matters here, so any order among them will do."""
    return sorted(sessions, key=lambda session: (session["day"], session["course_id"] or "", session["phase"] or ""))


def runs(sessions, rules):
    """Sessions in day order, cut where the gap rule or the phase column starts a block."""
    found = []
    previous = None
    for session in in_day_order(sessions):
        if starts_block(session, previous, rules):
            found.append([])
        found[-1].append(session)
        previous = session
    return found


def blocks(sessions, rules):
    """One patient's sessions as blocks, first day first; a block is (course id or missing, sessions).

    Sessions of one id are one block. In a run, blank ids before the first id join it, later ones join the
    session before them; a run of blank ids is a block of its own.
    """
    of_id = {}
    of_run = []
    for run in runs(sessions, rules):
        ids = [session["course_id"] for session in run if session["course_id"] is not None]
        if not ids:
            of_run.append((None, run))
            continue
        current = ids[0]
        for session in run:
            if session["course_id"] is not None:
                current = session["course_id"]
            of_id.setdefault(current, []).append(session)
    found = [*of_id.items(), *of_run]
    return sorted(((course_id, in_day_order(rows)) for course_id, rows in found),
                  key=lambda block: (block[1][0]["day"], block[0] or ""))


def most_induction_sessions(sessions, rules):
    """How many sessions the induction has at most: planned in the file, planned by the clinic, or the rule."""
    for session in sessions:
        if session["planned_sessions"] is not None:
            return min(session["planned_sessions"], rules.induction_max_sessions)
    if rules.planned_sessions is not None:
        return min(rules.planned_sessions, rules.induction_max_sessions)
    return rules.induction_max_sessions


def induction_of(sessions, rules):
    """The induction sessions of one block, in day order."""
    if any(session["phase"] is not None for session in sessions):
        return [session for session in sessions if session["phase"] == "induction"]
    most = most_induction_sessions(sessions, rules)
    induction = []
    for session in sessions:
        if len(induction) == most:
            break
        if session["day"] - sessions[0]["day"] > rules.induction_span_days:
            break
        if induction and session["day"] - induction[-1]["day"] > rules.induction_gap_days:
            break
        induction.append(session)
    return induction


def kinds_of(lengths, rules):
    """The kind of each block of one patient from the lengths of their inductions, in order."""
    kinds = []
    has_complete = False
    for n_induction in lengths:
        if n_induction >= rules.complete_sessions:
            kinds.append("re_induction" if has_complete else "induction")
            has_complete = True
        else:
            kinds.append("booster" if has_complete else "incomplete")
    return kinds


def next_first_day(position, found, may_restart):
    """The first day of the patient's next block; missing without one.

    Where every row of the files carries an id, days may restart with each course: a next block that seems to
    start inside this one then says nothing.
    """
    if position + 1 == len(found):
        return None
    day = found[position + 1][1][0]["day"]
    return None if may_restart and day <= found[position][1][-1]["day"] else day


def treated_courses(patient_id, sessions, rules, may_restart=False):
    """The courses of a patient with sessions."""
    found = blocks(sessions, rules)
    inductions = [induction_of(rows, rules) for _, rows in found]
    kinds = kinds_of([len(induction) for induction in inductions], rules)
    courses = []
    for position, (course_id, rows) in enumerate(found):
        induction = inductions[position]
        courses.append({
            "patient_id": patient_id,
            "course_id": course_id,
            "course_number": position + 1,
            "kind": kinds[position],
            "first_day": rows[0]["day"],
            "last_session_on": rows[-1]["day"],
            "last_induction_on": induction[-1]["day"] if induction else None,
            "session_days": [session["day"] for session in rows],
            "n_sessions": len(rows),
            "n_induction": len(induction),
            "next_first_day": next_first_day(position, found, may_restart),
        })
    return courses


def assessed_courses(patient_id, scores, kind):
    """The courses of a patient without sessions: one per course id, else one."""
    ids = sorted({score["course_id"] for score in scores if score["course_id"] is not None})
    found = []
    for course_id in ids or [None]:
        days = [score["day"] for score in scores if score["course_id"] == course_id and score["day"] is not None]
        found.append((min(days) if days else None, course_id))
    found.sort(key=lambda course: (course[0] if course[0] is not None else 0, course[1] or ""))
    courses = []
    for position, (first_day, course_id) in enumerate(found):
        courses.append({
            "patient_id": patient_id,
            "course_id": course_id,
            "course_number": position + 1,
            "kind": kind,
            "first_day": first_day,
            "last_session_on": None,
            "last_induction_on": None,
            "session_days": [],
            "n_sessions": None,
            "n_induction": None,
            "next_first_day": found[position + 1][0] if position + 1 < len(found) else None,
        })
    return courses


def index_course(patient_id, scores, sessions, instruments, rules):
    """The one course of a patient whose rules know no course: day 0 is the first index score of any instrument.

    Without an index score it is the first score, and without a score the first session.
    """
    index_days = []
    for instrument in instruments.values():
        found = index_score([score for score in scores if score["instrument"] == instrument.key], instrument, rules)
        if found is not None:
            index_days.append(found["day"])
    score_days = [score["day"] for score in scores if score["day"] is not None]
    days = index_days or score_days or [session["day"] for session in sessions]
    return {
        "patient_id": patient_id,
        "course_id": None,
        "course_number": 1,
        "kind": "assessed",
        "first_day": min(days) if days else None,
        "last_session_on": None,
        "last_induction_on": None,
        "session_days": [],
        "n_sessions": None,
        "n_induction": None,
        "next_first_day": None,
    }


def is_in_cohort(course, rules):
    """Whether a course is among those looked at; being left out of a rate is another matter."""
    if rules.first_course_only and course["course_number"] != 1:
        return False
    if course["kind"] in ("induction", "re_induction", "assessed"):
        return course["kind"] in rules.kinds
    return True


def may_have_started_before(own_sessions, sessions, assessments, rules):
    """Whether a patient's first session lies within the gap of the earliest date in the files."""
    if not own_sessions:
        return False
    earliest = min(row["day"] for row in [*sessions, *assessments])
    return min(session["day"] for session in own_sessions) - earliest <= rules.gap_days


def courses(assessments, sessions, rules_of, until_of_patient, *, are_dates=False, instruments=None):
    """All courses of a file, patients sorted, courses in order; ``kind`` is missing for no sessions.

    Parameters
    ----------
    assessments, sessions : lists of dictionaries; an assessment without a total is no score and is not read
    rules_of : the rules by patient
    until_of_patient : the last day looked at by patient, or missing
    are_dates : whether all patients share one calendar
    instruments : by key, for rules that look for an index score
    """
    file_has_sessions = bool(sessions)
    may_restart = file_has_sessions and all(row["course_id"] is not None for row in [
        *(row for row in sessions if observed([row], until_of_patient[row["patient_id"]])),
        *(row for row in assessments
          if row["total"] is not None and observed([row], until_of_patient[row["patient_id"]]))])
    found = []
    for patient_id in sorted({row["patient_id"] for row in [*assessments, *sessions]}):
        rules = rules_of[patient_id]
        until = until_of_patient[patient_id]
        own_sessions = observed([row for row in sessions if row["patient_id"] == patient_id], until)
        own_scores = observed([row for row in assessments
                               if row["patient_id"] == patient_id and row["total"] is not None], until)
        if rules.counts_from_index:
            if own_scores or own_sessions:
                found.append(index_course(patient_id, own_scores, own_sessions, instruments, rules))
            continue
        if (are_dates and rules.drop_started_before
                and may_have_started_before(own_sessions, sessions, assessments, rules)):
            continue
        if own_sessions:
            own_courses = treated_courses(patient_id, own_sessions, rules, may_restart)
        elif own_scores:
            kind = None if file_has_sessions or rules.requires_sessions else "assessed"
            own_courses = assessed_courses(patient_id, own_scores, kind)
        else:
            own_courses = []
        found.extend(course for course in own_courses if is_in_cohort(course, rules))
    return found
