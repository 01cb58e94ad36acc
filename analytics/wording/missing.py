"""Those who were lost, in words: what if, who they were, and how many courses more."""

from __future__ import annotations

from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.wording import bridge, definitions, rates
from analytics.wording.numbers import DASH, SMALLEST_SHOWN, count, percent, plural, points

READINGS_HEADER = ("If those lost", "Counts", "Result")


def reading_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """Every reading of the number, as rows of a table under ``READINGS_HEADER``."""
    result = found.result
    if result.measure == "mean_improvement":
        return _mean_rows(result)
    rows = [("are left out", *_share(found.observed))]
    if MEASURES[result.measure].direction == "benefit":
        rows += [("had all failed", *_share(result.missing_as_failure))] if result.missing_as_failure else []
        rows += [("had stayed as they were at the start, so had failed", *_share(result.missing_as_failure))] if (
            result.missing_as_failure) else []
        for title, one in (("had ended with their last score seen, where there is one", found.last_available),
                           ("had ended with their last score seen, or as they began", found.carried)):
            rows += [(title, bridge.counts(one), bridge.rate(one))] if one is not None else []
    if result.bounds is not None:
        n = found.observed.denominator + found.lost
        low, high = found.observed.numerator, found.observed.numerator + found.lost
        rows.append(("had fared in the worst or in the best way", f"{count(low)} to {count(high)} of {count(n)}",
                     f"{percent(result.bounds[0])} to {percent(result.bounds[1])}" if n >= SMALLEST_SHOWN else DASH))
    return tuple(rows)


def _share(share: Any) -> tuple[str, str]:
    return bridge.counts(share), bridge.rate(share)


def _mean_rows(result: Any) -> tuple[tuple[str, ...], ...]:
    observed = result.observed or {"n": result.n, "estimate": result.estimate}
    return tuple((title, plural(one["n"], "course"), f"{points(one['estimate'])} points" if one["n"] >= SMALLEST_SHOWN
                  else rates.TOO_FEW) for title, one in (
        ("are left out", observed), ("had not changed at all", result.missing_as_unchanged)))


WHO_HEADER = ("Scores", "Followed", "Lost")


def who_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """Those followed and those lost, as rows of a table under ``WHO_HEADER``."""
    rows = []
    for title, followed, lost in (("At the start", found.baseline_followed, found.baseline_lost),
                                  ("Last score after the start, ahead of the endpoint's days", found.seen_followed,
                                   found.seen_lost)):
        rows.append((f"{title}: mean (sd)", _mean(followed), _mean(lost)))
        rows.append((f"{title}: median", _median(followed), _median(lost)))
        rows.append((f"{title}: courses", count(followed.n), count(lost.n)))
    return tuple(rows)


def _mean(scores: Any) -> str:
    if scores.n < SMALLEST_SHOWN:
        return DASH
    return f"{points(scores.mean)} ({points(scores.sd)})"


def _median(scores: Any) -> str:
    return points(scores.median) if scores.n >= SMALLEST_SHOWN else DASH


def missing_sentences(found: Any, instrument: Instrument) -> tuple[str, ...]:
    """What those lost could do, who they were, and how many courses more would make the number surer."""
    result = found.result
    n = rates.size(result)
    if not n and not found.lost:
        return (f"{rates.NO_COURSE} with {instrument.title}.",)
    if not n and not found.baseline_followed.n:
        return (f"All {plural(found.lost, 'course')} that should have been judged were lost: nothing can be said.",)
    sentences = [] if found.lost else ["Nobody was lost."]
    sentences += [_tipping_sentence(one, found, instrument) for one in found.tipping]
    sentences += [_who_sentence(found, instrument)] if found.lost else []
    sentences += [more_sentence(found)] if found.more is not None else []
    return tuple(one for one in sentences if one)


_LINES = {
    "observed": "to stay what it is among those followed ({})",
    "low": "to reach the low end of its interval ({})",
    "half": "to be {}",
}


def _tipping_sentence(one: Any, found: Any, instrument: Instrument) -> str:
    if found.observed.denominator < SMALLEST_SHOWN:
        return ""
    verb = definitions.outcome_verb(MEASURES[found.result.measure])
    line = _LINES[one.name].format(percent(one.line))
    if one.needed is None:
        return f"For the rate of all {line} not even all {count(found.lost)} of the lost would be enough."
    if not one.needed:
        return f"For the rate of all {line} none of the {count(found.lost)} lost need have fared well."
    return (f"For the rate of all {line}, {count(one.needed)} of the {count(found.lost)} lost must be courses that "
            f"{verb} ({percent(one.needed / found.lost)}).")


def _who_sentence(found: Any, instrument: Instrument) -> str:
    followed, lost = found.baseline_followed, found.baseline_lost
    if min(followed.n, lost.n) < SMALLEST_SHOWN:
        return "Too few were followed or lost to say how they differ."
    start = (f"At the start those lost had a mean {instrument.title} of {points(lost.mean)}, those followed of "
             f"{points(followed.mean)}.")
    seen, kept = found.seen_lost, found.seen_followed
    if min(seen.n, kept.n) < SMALLEST_SHOWN:
        return f"{start} What became of them during treatment is not on file."
    return (f"{start} Their last score ahead of the endpoint's days was {points(seen.mean)} "
            f"({plural(seen.n, 'course')}) against {points(kept.mean)} ({plural(kept.n, 'course')}).")


def more_sentence(found: Any) -> str:
    width = f"{percent(found.width)[:-2]} percentage points"
    if not found.more:
        return f"The interval is {width} wide or narrower already."
    return (f"{plural(found.more, 'course')} more, at the same rate, would make the interval {width} wide.")
