"""The NHS Talking Therapies set of one course (definitions 4.3), from the rows of its scales."""

RELIABLE = ("nhs_reliable_improvement", "nhs_reliable_deterioration", "nhs_no_reliable_change")
RECOVERY = ("nhs_recovery", "nhs_reliable_recovery")
CASES_FROM = {"phq9": 10, "gad7": 8}
"""The caseness lines inside the set, written down by hand; another scale has its own."""


def scale_of(instruments, about):
    """The first scale of depression, or of anxiety, that has a reliable change; missing without one."""
    for instrument in instruments.values():
        if instrument.about == about and instrument.reliable_change is not None:
            return instrument
    return None


def is_case(total, instrument):
    """Whether a total is a case inside the set."""
    return total >= CASES_FROM.get(instrument.key, instrument.caseness.value)


def change_of(row, instrument):
    """``better`` or ``worse`` where the change is reliable, else ``same``."""
    if abs(row["improvement"]) < instrument.reliable_change.value - 1e-9:
        return "same"
    return "better" if row["improvement"] > 0 else "worse"


def nhs_rows(course, rows, instruments, rules):
    """The row of the pair, or nothing where one scale stands alone: its own row then carries the set's results."""
    scales = [scale for scale in (scale_of(instruments, "depression"), scale_of(instruments, "anxiety")) if scale]
    if not scales:
        return []
    own = [next(row for row in rows if row["instrument"] == scale.key) for scale in scales]
    judged = [(row, scale) for row, scale in zip(own, scales, strict=True)
              if row["baseline"] is not None and row["endpoint"] is not None]
    told = judged or [(row, scale) for row, scale in zip(own, scales, strict=True) if row["baseline"] is not None]
    was_case = any(is_case(row["baseline"], scale) for row, scale in told)
    is_case_still = any(is_case(row["endpoint"], scale) for row, scale in judged)
    changes = {change_of(row, scale) for row, scale in judged}
    improved = "better" in changes and "worse" not in changes
    deteriorated = "worse" in changes and "better" not in changes
    left_out, flag = {}, {}
    reached = {
        "nhs_recovery": was_case and not is_case_still,
        "nhs_reliable_improvement": improved,
        "nhs_reliable_deterioration": deteriorated,
        "nhs_no_reliable_change": not improved and not deteriorated,
        "nhs_reliable_recovery": was_case and not is_case_still and improved,
    }
    for key in (*RELIABLE, *RECOVERY):
        left_out[key] = reason(course, own, rules, bool(told), bool(judged), key in RECOVERY and not was_case)
        flag[key] = reached[key] if left_out[key] is None else None
    if len(scales) == 1:
        own[0]["left_out"].update(left_out)
        own[0]["flag"].update(flag)
        return []
    return [pair_row(course, [row for row, _ in judged], [row for row, _ in told], left_out, flag, scales, own[0])]


def reason(course, own, rules, has_baseline, has_pair, is_left_out_as_no_case):
    """Why a course is not in a rate of the set; missing where it is."""
    if course["kind"] is None:
        return "no_sessions"
    if course["kind"] == "booster":
        return "booster"
    if not any(row["is_measured"] for row in own):
        return "not_assessed"
    if not has_baseline:
        return "not_a_case" if any(row["is_never_a_case"] for row in own) else "no_baseline"
    if is_left_out_as_no_case:
        return "not_a_case"
    if course["kind"] == "incomplete" and ("incomplete" not in rules.kinds or rules.complete_inductions_only):
        return "incomplete_induction"
    if rules.complete_inductions_only and course["last_induction_on"] is not None:
        low, high = rules.complete_last_day_window
        day = course["last_induction_on"] - course["first_day"]
        if (low is not None and day < low) or (high is not None and day > high):
            return "incomplete_induction"
    if not all(row["is_due"] for row in own):
        return "not_due"
    return None if has_pair else "no_endpoint"


def latest(rows, name):
    """The largest of what the rows say, or missing."""
    return max((row[name] for row in rows if row[name] is not None), default=None)


def pair_row(course, judged, told, left_out, flag, scales, any_row):
    """The row of both scales together: no score, the days of those that are judged."""
    return {
        "course": course,
        "instrument": "+".join(scale.key for scale in scales),
        "baseline": None,
        "endpoint": None,
        "improvement": None,
        "baseline_day": min((row["baseline_day"] for row in told if row["baseline_day"] is not None), default=None),
        "endpoint_day": latest(judged, "endpoint_day"),
        "endpoint_days_from_anchor": latest(judged, "endpoint_days_from_anchor"),
        "n_sessions_before_endpoint": latest(judged, "n_sessions_before_endpoint"),
        "looks_back": latest(judged, "looks_back"),
        "missing": any_row["missing"],
        "left_out": left_out,
        "flag": flag,
    }
