"""Baseline, endpoint, flags and reasons of one course on one instrument (definitions 3.4 to 3.6, 4)."""

from analytics.definitions.measures import MEASURES
from tests.plain.nhs import nhs_rows

NEARLY = 1e-9


def is_usable(score, course, rules):
    """Whether a score may stand for before or after in this course at all."""
    if score["timing"] in ("during", "after"):
        return False
    if rules.scoring == "complete" and score["n_items_missing"]:
        return False
    if rules.counts_from_index:
        return score["day"] is not None
    return score["course_id"] is None or score["course_id"] == course["course_id"]


def is_inside(day, low, high):
    """Whether a day lies in a window, ends included; a missing end is open."""
    return (low is None or day >= low) and (high is None or day <= high)


def badness(score, instrument):
    """The total turned so that more is worse."""
    return -score["total"] if instrument.is_higher_better else score["total"]


def one_of_a_day(scores, instrument, role):
    """The score of one day that takes the role, ``baseline`` or ``endpoint``; the others take none."""
    left = list(scores)
    sign = 1 if role == "baseline" else -1
    if all(score["time"] is not None for score in left):
        first = min(sign * score["time"] for score in left)
        left = [score for score in left if sign * score["time"] == first]
    best = min(sign * badness(score, instrument) for score in left)
    left = [score for score in left if sign * badness(score, instrument) == best]
    answered = [score for score in left if score["item9"] is not None]
    if answered:
        left = sorted(answered, key=lambda score: sign * score["item9"])
    return left[0]


def one_a_day(scores, instrument, role):
    """At most one score for each day (or visit), in order."""
    moments = sorted({score["moment"] for score in scores})
    return [one_of_a_day([score for score in scores if score["moment"] == moment], instrument, role)
            for moment in moments]


def index_score(scores, instrument, rules):
    """The first score of one instrument that is a case, or the first at all where everyone is asked."""
    usable = [{**score, "moment": score["day"]} for score in scores if is_usable(score, None, rules)]
    for score in one_a_day(usable, instrument, "baseline"):
        if rules.eligible == "all" or is_beyond(score["total"], instrument.caseness):
            return score
    return None


def baseline_of(course, scores, instrument, rules):
    """The score that stands for before; missing when there is none."""
    if rules.counts_from_index:
        return index_score(scores, instrument, rules)
    scores = one_a_day([score for score in scores if is_baseline_candidate(score, course, rules)],
                       instrument, "baseline")
    if not scores:
        return None
    if rules.baseline_pick == "first":
        return scores[0]
    if rules.baseline_pick == "worst":
        worst = max(badness(score, instrument) for score in scores)
        return [score for score in scores if badness(score, instrument) == worst][-1]
    if rules.baseline_pick == "mean_last_7_days":
        return {**scores[-1], "total": sum(score["total"] for score in scores) / len(scores)}
    return scores[-1]


def is_baseline_candidate(score, course, rules):
    """Whether a usable score lies where the baseline is looked for."""
    if score["day"] is None:
        return rules.baseline_visit is None or score["visit"] == rules.baseline_visit
    low, high = rules.baseline_window
    if rules.baseline_pick == "mean_last_7_days":
        low, high = -6, 0
    if high is None and course["next_first_day"] is not None and score["day"] >= course["next_first_day"]:
        return False
    return is_inside(score["day"] - course["first_day"], low, high)


def anchor_of(course, rules):
    """The day the endpoint window counts from; missing where a course has no induction session."""
    if rules.endpoint_anchor == "last_induction_session":
        return course["last_induction_on"]
    if rules.endpoint_anchor == "last_session":
        return course["last_session_on"]
    return course["first_day"]


def endpoint_of(course, scores, baseline, instrument, rules):
    """The score that stands for after; missing when there is none."""
    scores = one_a_day([score for score in scores if is_endpoint_candidate(score, course, baseline, rules)],
                       instrument, "endpoint")
    if not scores:
        return None
    if rules.endpoint_pick == "closest":
        target = anchor_of(course, rules) + rules.endpoint_target_day
        if rules.counts_from_index:
            target = baseline["day"] + rules.endpoint_target_day
        nearest = min(abs(score["day"] - target) for score in scores)
        return [score for score in scores if abs(score["day"] - target) == nearest][-1]
    return scores[-1]


def is_endpoint_candidate(score, course, baseline, rules):
    """Whether a usable score lies where the endpoint is looked for, and after the baseline."""
    if baseline is not None and score["moment"] <= baseline["moment"]:
        return False
    if score["day"] is None:
        return rules.endpoint_visit is None or score["visit"] == rules.endpoint_visit
    anchor = anchor_of(course, rules)
    if rules.counts_from_index:
        anchor = baseline["day"] if baseline is not None else None
    if anchor is None:
        return False
    if course["next_first_day"] is not None and score["day"] > course["next_first_day"]:
        return False
    low, high = rules.endpoint_window
    if rules.endpoint_pick == "last_available":
        return score["day"] > course["first_day"] and is_inside(score["day"] - anchor, None, high)
    return is_inside(score["day"] - anchor, low, high)


def is_due(course, rules, until, baseline):
    """Whether the endpoint window has closed on the last day looked at."""
    anchor = anchor_of(course, rules)
    if rules.counts_from_index:
        anchor = baseline["day"] if baseline is not None else None
    high = rules.endpoint_window[1]
    if anchor is None or high is None or until is None:
        return True
    return anchor + high <= until


def is_beyond(total, cut_off):
    """Whether a total is beyond a line; nearly on it is on it."""
    if cut_off.comparison == ">=":
        return total >= cut_off.value - NEARLY
    if cut_off.comparison == ">":
        return total > cut_off.value + NEARLY
    if cut_off.comparison == "<":
        return total < cut_off.value - NEARLY
    return total <= cut_off.value + NEARLY


def improvement_of(baseline, endpoint, instrument):
    """Points of change in the good direction; missing when a score is."""
    if baseline is None or endpoint is None:
        return None
    return badness(baseline, instrument) - badness(endpoint, instrument)


def reason(measure, course, row, instrument, rules):
    """Why a course is not in the observed rate of a measure; missing when it is. In the order of 4.1."""
    baseline, endpoint = row["baseline_score"], row["endpoint_score"]
    if course["kind"] is None:
        return "no_sessions"
    if course["kind"] == "booster":
        return "booster"
    if not row["is_measured"]:
        return "not_assessed"
    if row["is_never_a_case"]:
        return "not_a_case"
    if baseline is None:
        return "no_baseline"
    if measure.asks_caseness and rules.eligible == "caseness" and not is_beyond(baseline["total"], instrument.caseness):
        return "not_a_case"
    if measure.key == "remission" and is_beyond(baseline["total"], instrument.remission):
        return "already_in_remission"
    is_in_points = measure.key == "response" and instrument.is_response_in_points
    if measure.is_percent and not is_in_points and abs(baseline["total"]) < NEARLY:
        return "baseline_zero"
    if measure.at_risk is not None and baseline["item9"] is not None:
        if measure.at_risk == "positive" and baseline["item9"] == 0:
            return "not_at_risk"
        if measure.at_risk == "zero" and baseline["item9"] >= 1:
            return "not_at_risk"
    is_unanswered = baseline["item9"] is None or (endpoint is not None and endpoint["item9"] is None)
    if measure.at_risk is not None and is_unanswered:
        return "items_missing"
    if course["kind"] == "incomplete" and ("incomplete" not in rules.kinds or rules.complete_inductions_only):
        return "incomplete_induction"
    if rules.complete_inductions_only and course["last_induction_on"] is not None:
        low, high = rules.complete_last_day_window
        if not is_inside(course["last_induction_on"] - course["first_day"], low, high):
            return "incomplete_induction"
    if not row["is_due"]:
        return "not_due"
    if endpoint is None:
        return "no_endpoint"
    return None


def is_reached(key, baseline, endpoint, instrument):
    """Whether two scores are a numerator of the measure; missing where that is unknown."""
    before = baseline["total"]
    gain = improvement_of(baseline, endpoint, instrument)
    if key == "response" and instrument.is_response_in_points:
        return gain >= instrument.response.value - NEARLY
    if key in ("response", "partial_response", "pain_30", "pain_50") and abs(before) < NEARLY:
        return None
    if key == "response":
        return gain >= instrument.response.value * before - NEARLY
    if key == "partial_response":
        return 0.25 * before - NEARLY <= gain < 0.5 * before - NEARLY
    if key == "pain_30":
        return 10 * gain >= 3 * before - NEARLY
    if key == "pain_50":
        return 2 * gain >= before - NEARLY
    if key == "pain_2_points":
        return gain >= 2 * (instrument.maximum - instrument.minimum) / 10 - NEARLY
    if key == "remission":
        return is_beyond(endpoint["total"], instrument.remission)
    if key == "important_change":
        return gain >= instrument.important_change.value - NEARLY
    if key == "reliable_improvement":
        return gain >= instrument.reliable_change.value - NEARLY
    if key == "reliable_deterioration":
        return -gain >= instrument.reliable_change.value - NEARLY
    if key == "worsening":
        return gain < -NEARLY
    if key == "item9_resolved":
        return endpoint["item9"] == 0
    if key == "item9_reduced":
        return endpoint["item9"] < baseline["item9"]
    if key == "item9_new":
        return endpoint["item9"] >= 1
    if key == "item9_increased":
        return endpoint["item9"] > baseline["item9"]
    raise AssertionError(f"No plain reading of {key}.")


def outcome(course, scores, instrument, rules, until):
    """What happened to one course on one instrument.

    Parameters
    ----------
    scores : the patient's assessments with this instrument that have a total, up to ``until``, with a
        ``moment`` each: the day, or the place of the visit in the order of visits
    """
    usable = [score for score in scores if is_usable(score, course, rules)]
    baseline = endpoint = None
    if course["kind"] is not None:
        baseline = baseline_of(course, usable, instrument, rules)
        endpoint = endpoint_of(course, usable, baseline, instrument, rules)
    row = {
        "course": course,
        "instrument": instrument.key,
        "baseline_score": baseline,
        "endpoint_score": endpoint,
        "baseline": baseline["total"] if baseline else None,
        "endpoint": endpoint["total"] if endpoint else None,
        "baseline_day": day_of(baseline, course["first_day"]),
        "endpoint_day": day_of(endpoint, course["first_day"]),
        "endpoint_days_from_anchor": day_of(endpoint, (baseline or {}).get("day") if rules.counts_from_index
                                            else anchor_of(course, rules)),
        "improvement": improvement_of(baseline, endpoint, instrument),
        "is_measured": bool(scores),
        "is_due": is_due(course, rules, until, baseline),
        "is_never_a_case": rules.counts_from_index and baseline is None and bool(usable),
        "missing": rules.missing,
        "looks_back": None,
        "n_sessions_before_endpoint": None,
        "left_out": {},
        "flag": {},
    }
    if endpoint is not None and endpoint["day"] is not None and course["last_induction_on"] is not None:
        row["looks_back"] = endpoint["day"] - course["last_induction_on"] < instrument.recall_days
        row["n_sessions_before_endpoint"] = len([day for day in course["session_days"]
                                                 if course["last_induction_on"] < day < endpoint["day"]])
    for measure in MEASURES.values():
        if not measure.applies_to(instrument):
            continue
        why = reason(measure, course, row, instrument, rules)
        row["left_out"][measure.key] = why
        if measure.kind == "mean":
            continue
        if measure.key == "follow_up":
            row["flag"]["follow_up"] = {None: True, "no_endpoint": False}.get(why)
        else:
            row["flag"][measure.key] = is_reached(measure.key, baseline, endpoint, instrument) if why is None else None
    return row


def day_of(score, origin):
    """The day of a score from an origin; missing when either is."""
    if score is None or score["day"] is None or origin is None:
        return None
    return score["day"] - origin


def outcomes(courses, assessments, instruments, rules_of, until_of_patient, visits=()):
    """One row per course and instrument, and one of the pair of scales of the NHS set where there are two.

    ``visits`` are the labels in order, for files without days.
    """
    rows = []
    for course in courses:
        of_course = []
        rules, until = rules_of[course["patient_id"]], until_of_patient[course["patient_id"]]
        for instrument in instruments.values():
            scores = [
                {**score, "moment": score["day"] if score["day"] is not None else visits.index(score["visit"])}
                for score in assessments
                if score["patient_id"] == course["patient_id"] and score["instrument"] == instrument.key
                and score["total"] is not None and (until is None or score["day"] is None or score["day"] <= until)
            ]
            of_course.append(outcome(course, scores, instrument, rules, until))
        rows += [*of_course, *nhs_rows(course, of_course, instruments, rules)]
    return rows
