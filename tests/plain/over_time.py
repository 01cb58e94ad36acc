"""Time to response and durability, one course at a time (definitions 4.6).

Written from the definitions alone. A course is followed from day 0, or from its endpoint, score by score.
"""

from tests.plain import outcomes as plain_outcomes

STILL_ELIGIBLE = (None, "not_due", "no_endpoint")


def scores_of(course, assessments, instrument, rules, until):
    """The usable scores of a course with one instrument after day 0, in order, one a day.

    The last day that belongs to it is the first of the next course, because a score is taken before the session.
    """
    found = []
    for score in assessments:
        if score["patient_id"] != course["patient_id"] or score["instrument"] != instrument.key:
            continue
        if score["total"] is None or score["day"] is None or (until is not None and score["day"] > until):
            continue
        if not plain_outcomes.is_usable(score, course, rules) or score["day"] <= course["first_day"]:
            continue
        if course["next_first_day"] is not None and score["day"] > course["next_first_day"]:
            continue
        found.append({**score, "moment": score["day"]})
    return plain_outcomes.one_a_day(found, instrument, "endpoint")


def sessions_before(course, day):
    """How many sessions of the course were given on days before a day of its patient."""
    return len([one for one in course["session_days"] if one < day])


def first_maintenance(course):
    """The first session after the induction; missing without one, or without an induction."""
    if course["last_induction_on"] is None:
        return None
    later = [day for day in course["session_days"] if day > course["last_induction_on"]]
    return min(later) if later else None


def counted(left_out, why):
    """Count one more course that is left out for a reason."""
    left_out[why] = left_out.get(why, 0) + 1


def time_to(rows, assessments, instrument, rules_of, until_of_patient, measure="response", unit="days"):
    """When a course first had a score with what the measure counts.

    Parameters
    ----------
    rows : the plain outcome rows of this instrument, one a course, in order

    Returns
    -------
    followed : list of (place of the course, time, whether it happened)
    left_out : how many courses for each reason
    """
    followed, left_out = [], {}
    for place, row in enumerate(rows):
        course = row["course"]
        why = row["left_out"][measure]
        if why not in STILL_ELIGIBLE:
            counted(left_out, why)
            continue
        rules = rules_of[course["patient_id"]]
        scores = scores_of(course, assessments, instrument, rules, until_of_patient[course["patient_id"]])
        # A score before the one that stands for before can show no response to anything.
        scores = [score for score in scores if score["day"] > row["baseline_score"]["day"]]
        if not scores:
            counted(left_out, "no_later_score")
            continue
        happened = [score for score in scores
                    if plain_outcomes.is_reached(measure, row["baseline_score"], score, instrument)]
        end = happened[0] if happened else scores[-1]
        # Rules that know no course count from the index score of each instrument, as their windows do.
        origin = row["baseline_score"]["day"] if rules.counts_from_index else course["first_day"]
        time = end["day"] - origin if unit == "days" else sessions_before(course, end["day"])
        followed.append((place, time, bool(happened)))
    return followed, left_out


def is_lost(start, row, score, instrument):
    """Whether a later score shows the loss of a response, or the relapse of one in remission."""
    if start == "remission":
        return plain_outcomes.is_beyond(score["total"], instrument.caseness)
    return not plain_outcomes.is_reached("response", row["baseline_score"], score, instrument)


def first_loss(is_bad, confirm):
    """The place of the first loss among later scores, each of which is one or not; missing without one.

    A loss that the next score takes back is none; the last score has no next one and counts.
    """
    for place, bad in enumerate(is_bad):
        if bad and (not confirm or place + 1 == len(is_bad) or is_bad[place + 1]):
            return place
    return None


def durability(rows, assessments, instrument, rules_of, until_of_patient, start="response", confirm=True,
               censor_at_maintenance=False):
    """How long what was reached at the endpoint lasted; as ``time_to``, in days from the endpoint."""
    followed, left_out = [], {}
    for place, row in enumerate(rows):
        course, end = row["course"], row["endpoint_score"]
        if row["left_out"][start] is not None:
            counted(left_out, row["left_out"][start])
            continue
        if not row["flag"][start]:
            counted(left_out, f"no_{start}")
            continue
        rules = rules_of[course["patient_id"]]
        scores = scores_of(course, assessments, instrument, rules, until_of_patient[course["patient_id"]])
        scores = [score for score in scores if score["day"] > end["day"]]
        maintenance = first_maintenance(course)
        if censor_at_maintenance and maintenance is not None:
            if maintenance < end["day"]:
                counted(left_out, "maintenance_before_endpoint")
                continue
            scores = [score for score in scores if score["day"] <= maintenance]
        if not scores:
            counted(left_out, "no_later_score")
            continue
        lost = first_loss([is_lost(start, row, score, instrument) for score in scores], confirm)
        last = scores[-1] if lost is None else scores[lost]
        followed.append((place, last["day"] - end["day"], lost is not None))
    return followed, left_out
