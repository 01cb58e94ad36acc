"""The three counts of a rate and what travels with it (definitions 4.1), by counting one course at a time."""

from math import sqrt

from analytics.definitions.measures import LEFT_OUT

Z_95 = 1.959963984540054


def wilson(numerator, denominator):
    """The Wilson 95 % interval."""
    share = numerator / denominator
    spread = Z_95 * sqrt(share * (1 - share) / denominator + Z_95**2 / (4 * denominator**2))
    middle = share + Z_95**2 / (2 * denominator)
    scale = 1 + Z_95**2 / denominator
    return (middle - spread) / scale, (middle + spread) / scale


def fraction(part, whole):
    """A part of a whole; missing when there is no whole."""
    return part / whole if whole else None


def median(numbers):
    """The middle number, or the mean of the two in the middle; missing when there is none."""
    ordered = sorted(numbers)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def counts_as_failure(row, measure):
    """Whether the rules count a missing endpoint in this measure's headline."""
    if measure.kind == "mean":
        return row["missing"] == "unchanged"
    return measure.direction == "benefit" and row["missing"] in ("failure", "unchanged")


def tally(rows, measure):
    """Counts of one measure over outcome rows of one instrument: seen, reached, lost, and each reason."""
    seen = [row for row in rows if row["left_out"][measure.key] is None]
    reasons = {}
    for why in LEFT_OUT:
        n_courses = len([row for row in rows if row["left_out"][measure.key] == why])
        if n_courses:
            reasons[why] = n_courses
    return seen, reasons


def shared(rows, measure, seen, reasons):
    """What every rate and mean carries besides its counts."""
    n_seen, n_lost = len(seen), reasons.get("no_endpoint", 0)
    known = [row["looks_back"] for row in seen if row["looks_back"] is not None]
    days = [row["endpoint_days_from_anchor"] for row in seen if row["endpoint_days_from_anchor"] is not None]
    return {
        "instrument": rows[0]["instrument"],
        "measure": measure.key,
        "courses": len(rows),
        "follow_up": fraction(n_seen, n_seen + n_lost),
        "evaluated": fraction(n_seen, n_seen + n_lost + reasons.get("no_baseline", 0)),
        "looks_back": fraction(len([is_back for is_back in known if is_back]), len(known)),
        "median_endpoint_day": median(days),
    }


def rate(rows, measure):
    """One measure over the outcome rows of one instrument in one stratum; rows is not empty."""
    seen, reasons = tally(rows, measure)
    n_reached = len([row for row in seen if row["flag"][measure.key]])
    n_lost = reasons.get("no_endpoint", 0)
    denominator = len(seen)
    left_out = dict(reasons)
    counts_lost = measure.key == "follow_up" or any(counts_as_failure(row, measure) for row in rows)
    if counts_lost:
        denominator += n_lost
        left_out.pop("no_endpoint", None)
    counted = [row for row in rows if row["left_out"][measure.key] is None
               or (counts_lost and row["left_out"][measure.key] == "no_endpoint")]
    patients = [row["course"]["patient_id"] for row in counted]
    is_clustered = len(set(patients)) < len(patients)
    eligible = len(seen) + n_lost
    bounds = None
    if eligible and measure.key != "follow_up":
        bounds = n_reached / eligible, (n_reached + n_lost) / eligible
    return {
        **shared(rows, measure, seen, reasons),
        "numerator": n_reached,
        "denominator": denominator,
        "left_out": left_out,
        "estimate": fraction(n_reached, denominator),
        "is_clustered": is_clustered,
        "interval": wilson(n_reached, denominator) if denominator and not is_clustered else None,
        "missing_as_failure": (n_reached, eligible) if measure.direction == "benefit" else None,
        "observed": (n_reached, len(seen)) if counts_lost and measure.key != "follow_up" else None,
        "bounds": bounds,
    }


def mean(rows, measure):
    """Mean improvement over the outcome rows of one instrument in one stratum; rows is not empty."""
    seen, reasons = tally(rows, measure)
    improvements = [row["improvement"] for row in seen]
    left_out = dict(reasons)
    n_lost = reasons.get("no_endpoint", 0)
    as_unchanged = fraction(sum(improvements), len(improvements) + n_lost)
    if any(row["missing"] == "unchanged" for row in rows):
        improvements += [0] * n_lost
        left_out.pop("no_endpoint", None)
    estimate = fraction(sum(improvements), len(improvements))
    sd = None
    if len(improvements) > 1:
        sd = sqrt(sum((gain - estimate) ** 2 for gain in improvements) / (len(improvements) - 1))
    return {
        **shared(rows, measure, seen, reasons),
        "n": len(improvements),
        "estimate": estimate,
        "sd": sd,
        "left_out": left_out,
        "missing_as_unchanged": as_unchanged,
    }


def results(rows, measures, stratum_of=None):
    """Every measure per instrument and stratum: a dictionary keyed (instrument, measure, stratum)."""
    found = {}
    groups = {}
    for row in rows:
        stratum = stratum_of(row) if stratum_of else None
        groups.setdefault((row["instrument"], stratum), []).append(row)
    for (instrument, stratum), group in groups.items():
        for measure in measures:
            if measure.key in group[0]["left_out"]:
                count = mean if measure.kind == "mean" else rate
                found[instrument, measure.key, stratum] = count(group, measure)
    return found
