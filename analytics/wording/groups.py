"""Groups in words: titles, the sentence below, the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analytics.definitions.measures import MEASURES
from analytics.wording import rates
from analytics.wording.definitions import measure_title, outcome_verb
from analytics.wording.numbers import SPACE, count, listed, percent, plural, points
from analytics.wording.rates import Line
from analytics.wording.rules import attribute, level


def title(measure: str, by: Sequence[str]) -> str:
    """Response by site and route."""
    return f"{measure_title(MEASURES[measure])} by {listed(attribute(name) for name in by)}"


def sentence(measure: str, by: Sequence[str], lines: Sequence[Line]) -> str:
    """What the groups say, without a ranking."""
    names = listed(attribute(name) for name in by)
    if measure != "mean_improvement":
        return rates.strata_sentence(lines, names, outcome_verb(MEASURES[measure]))
    shown = [line for line in lines if line.estimate is not None]
    if not shown:
        return f"No value of {names} has enough courses for a mean."
    if len(shown) == 1:
        return f"{shown[0].title}: {shown[0].shown} better on average ({shown[0].counts})."
    told, aside = rates.ranged(shown)
    low, high = min(line.estimate or 0 for line in told), max(line.estimate or 0 for line in told)
    return (f"Between {points(low)} and {points(high)} points better on average, by {names}."
            f"{rates.overlap(told)}{aside}")


def small_groups(results: Sequence[Any]) -> str:
    """How many groups are too small to say much of; empty where none is."""
    none = sum(rates.size(one) == 0 for one in results)
    few = sum(0 < rates.size(one) < rates.SMALLEST_SHOWN for one in results)
    unstable = sum(rates.mark(one) == rates.UNSTABLE for one in results)
    parts = [plural(none, "group has", "groups have") + " no course to count"] if none else []
    parts += [plural(few, "has", "have") + f" fewer than {rates.SMALLEST_SHOWN} and no percentage"] if few else []
    if unstable:
        parts.append(f"{plural(unstable, 'is', 'are')} marked unstable (fewer than {rates.SMALLEST_STABLE})")
    return f"{listed(parts)}." if parts else ""


def cut_sentence(n_groups: int, most: int, place: str) -> str:
    """How many groups are drawn where not all are; empty where all are."""
    if n_groups <= most:
        return ""
    return f"The first {count(most)} of {count(n_groups)} groups; the {place} holds all of them."


HEADER = ("Of those judged", "95 % interval", "Courses", "If the lost had failed", "Followed up", "Left out", "")


def header(measure: str, by: Sequence[str]) -> tuple[str, ...]:
    """The columns of the table."""
    names = tuple(attribute(name)[:1].upper() + attribute(name)[1:] for name in by)
    return (*names, measure_title(MEASURES[measure]), *HEADER)


def row(result: Any, by: Sequence[str]) -> tuple[str, ...]:
    """One group as a row of the table; every number that may be shown."""
    line = rates.stratum_line(result)
    failed = getattr(result, "missing_as_failure", None)
    is_shown = rates.is_shown(result)
    return (
        *(level(name, result.stratum[name]) for name in by), line.shown, line.counts, line.interval,
        count(result.courses), percent(failed.estimate) if failed and is_shown else "",
        percent(result.follow_up) if is_shown and result.follow_up is not None else "",
        count(sum(result.left_out.values())), line.mark)

PLACES = {
    "too_small": "too few to say", "inside": "within what chance explains",
    "beyond_95": f"outside the 95{SPACE}% limits", "beyond_998": f"outside the 99.8{SPACE}% limits",
}


def funnel_sentence(found: Any) -> str:
    """What the funnel says: how many units chance does not explain, and how many would be outside by chance."""
    judged = [unit for unit in found.units if unit.place != "too_small"]
    if not judged:
        return f"No {attribute(found.attribute)} has {found.least_n} courses or more, so none is judged."
    beyond = [unit for unit in judged if unit.side]
    if not beyond:
        return (f"None of {count(len(judged))} lies outside what chance explains around the common rate of "
                f"{percent(found.target)}.")
    above, below = (listed(f"{level(found.attribute, unit.value)} ({PLACES[unit.place]})"
                           for unit in beyond if unit.side == side) for side in (1, -1))
    parts = [f"above: {above}"] if above else []
    parts += [f"below: {below}"] if below else []
    return (f"Further from the common rate of {percent(found.target)} than chance explains, {'; '.join(parts)}. Of "
            f"{count(len(judged))}, chance alone puts one in 20 outside the 95{SPACE}% limits.")


def funnel_context(found: Any) -> str:
    """How the funnel was made."""
    parts = ["Exact binomial limits around the rate of all", f"at least {found.least_n} courses to be judged"]
    if found.phi > 1:
        parts.append(f"limits widened for variation beyond chance ({points(found.phi)} times)")
    if found.is_adjusted:
        parts.append("rates adjusted for the score at the start (observed / expected)")
    if found.n_not_recorded:
        parts.append(f"{plural(found.n_not_recorded, 'course')} without a recorded {attribute(found.attribute)}")
    return "; ".join(parts) + ". " + " ".join(found.why)


def funnel_text(unit: Any, target: float) -> str:
    """What stands beside one unit: its counts, and the expected count where it is adjusted."""
    text = f"{count(unit.numerator)} of {count(unit.n)}"
    if unit.n >= rates.SMALLEST_SHOWN:
        text = f"{percent(unit.numerator / unit.n)}, {text}"
    if unit.expected is not None:
        text += f"; {points(unit.expected)} expected"
    return f"{text}; {PLACES[unit.place]}"


ADJUSTED_HEADER = ("Observed", "Expected", "Observed / expected", "95 % interval", "")


def adjusted_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """Observed and expected of every unit."""
    return tuple(
        (level(found.attribute, unit.value), count(unit.numerator), points(unit.expected),
         "not known" if unit.ratio is None else points(unit.ratio, 2),
         "" if unit.ratio is None else f"{points(unit.low, 2)} to {points(unit.high, 2)}", PLACES[unit.place])
        for unit in found.units)
