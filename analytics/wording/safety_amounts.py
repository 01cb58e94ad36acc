"""Amounts of the sessions in words: minutes, CADSS, doses, levels, sessions a year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analytics.definitions.safety import NUMBERS_SHOWN, LevelScale
from analytics.wording.numbers import (
    DASH,
    SMALLEST_SHOWN,
    count,
    listed,
    percent,
    plural,
    points,
    rounded,
    score,
)
from analytics.wording.rates import NINETY_FIVE, TOO_FEW, mark_of
from analytics.wording.rules import level

NO_MINUTES = "Minutes until ready: the files do not hold them (column minutes_until_ready)."
READY_BY = {"route": "By route", "dose": "By route and dose", "number": "By session of the course"}
MIX_CONTEXT = ("Later sessions are those of the courses that had so many; a change along the axis may be other "
               "patients and no change of the route.")
DOSE_CONTEXT = ("Doses as the files hold them, never turned from one unit into another. Later sessions are those of "
                "the courses that had so many.")


def group_label(group: Any) -> str:
    """A route or a band of doses."""
    if group is None or isinstance(group, str):
        return level("route", group)
    doses = score(group.low) if group.low == group.high else f"{score(group.low)} to {score(group.high)}"
    return f"{group.route or 'no route'}, {doses} {group.unit or 'without unit'}"


def number_label(number: int) -> str:
    """A session number; the one after the most stands for all later ones too."""
    return str(number) if number <= NUMBERS_SHOWN else f"{number} or later"


def amount(number: float | None) -> str:
    """An amount with one decimal at most; a small one keeps two."""
    return "not known" if number is None else score(rounded(number, 2 if abs(number) < 10 else 1))


SPREAD_HEADER = ("Sessions", "Patients", "Lower tenth", "Lower quartile", "Median", "Upper quartile", "Upper tenth", "")


def spread_row(spread: Any, label: str) -> tuple[str, ...]:
    """One group as a row; below five sessions no quantile is shown."""
    counts = (label, count(spread.n), count(spread.n_patients))
    if spread.n < SMALLEST_SHOWN:
        return (*counts, *("",) * 5, "too few")
    marks = (spread.tenth, spread.lower, spread.median, spread.upper, spread.ninetieth)
    return (*counts, *(amount(one) for one in marks), mark_of(spread.n) or "")


def box_text(spread: Any, label: str) -> str:
    """What stands beside a box."""
    if spread.n < SMALLEST_SHOWN:
        return f"{plural(spread.n, 'session')}, too few"
    mark = mark_of(spread.n)
    return (f"median {amount(spread.median)}, half between {amount(spread.lower)} and {amount(spread.upper)}, "
            f"{plural(spread.n, 'session')}{f', {mark}' if mark else ''}")


def spread_sentence(groups: Sequence[Any], what: str, labels: Sequence[str]) -> str:
    """Between which medians the groups lie."""
    shown = [(one, label) for one, label in zip(groups, labels, strict=True) if one.n >= SMALLEST_SHOWN]
    if not shown:
        return f"{what}: too few sessions for a median."
    low, high = (choose(shown, key=lambda pair: pair[0].median) for choose in (min, max))
    one = shown[0][0]
    if len(shown) == 1:
        return f"{what}: median {amount(one.median)}, half between {amount(one.lower)} and {amount(one.upper)}."
    if low[0].median == high[0].median:
        return f"{what}: median {amount(one.median)} in every group."
    return (f"{what}: medians between {amount(low[0].median)} ({low[1]}) and {amount(high[0].median)} "
            f"({high[1]}).")


def spread_context(spreads: Any) -> str:
    """What the quantiles rest on."""
    return (f"{plural(spreads.n, 'session')} with a value, {count(spreads.n_unknown)} without. Box: the middle half; "
            "line: median; whiskers: all but the outer tenths, from 20 sessions on.")


def mix_sentence(mix: Any) -> str:
    """The routes over all sessions."""
    total = int(mix.counts.sum())
    if total < SMALLEST_SHOWN:
        return "Too few sessions for a share."
    said = listed(f"{level('route', route)} {percent(part / total)} ({count(int(part))})"
                  for route, part in zip(mix.routes, mix.counts.sum(axis=1), strict=True))
    mark = mark_of(total)
    return f"Of {plural(total, 'session')}: {said}{'; ' + mark if mark else ''}."


def mix_rows(mix: Any, numbers: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Sessions by number and route, with the share where there are enough."""
    totals = mix.counts.sum(axis=0)
    return tuple((number, *(_part(int(part), int(totals[at])) for part in mix.counts[:, at]), count(int(totals[at])))
                 for at, number in enumerate(numbers))


def _part(part: int, whole: int) -> str:
    return f"{count(part)} ({percent(part / whole)})" if whole >= SMALLEST_SHOWN else count(part)


def dose_title(course: Any) -> str:
    """Route and unit of a chart of doses."""
    return f"{course.route or 'Route not recorded'}, {course.unit or 'unit not recorded'}"


def dose_sentence(course: Any) -> str:
    """The dose of the first and of the last session number that has enough."""
    shown = [one for one in course.by_number if one.n >= SMALLEST_SHOWN]
    if not shown:
        return f"{dose_title(course)}: {plural(course.n, 'session')}, too few for a median."
    first, last, unit = shown[0], shown[-1], f" {course.unit}" if course.unit else ""
    said = f"{dose_title(course)}: median {amount(first.median)}{unit} at session {number_label(first.group)}"
    if last is not first:
        said += f", {amount(last.median)}{unit} at session {number_label(last.group)}"
    return f"{said} ({plural(course.n, 'session')})."


# --- sessions per patient-year -----------------------------------------------------------------------

_SHORT = "that makes the time too short and the rate too high"
_UNTIL = {
    "as_of": "the as-of day",
    "observed_until": "the day until which the files say the patient was observed",
    "last_row": f"the patient's last session or score, because the files say no more; {_SHORT}",
    "mixed": "the day until which the files say the patient was observed, and where they do not, to the last session "
             f"or score; {_SHORT}",
}


def exposure_sentence(found: Sequence[Any]) -> str:
    """Sessions per patient-year, and in the first two years."""
    whole, *years = found
    if whole.rate is not None and whole.patients < SMALLEST_SHOWN:
        return (f"{plural(whole.sessions, 'session')} of {plural(whole.patients, 'patient')}: too few patients for a "
                "number a year.")
    if whole.rate is None:
        return "No patient has any observed time after the first session."
    said = f"{_rate_words(whole)} sessions per patient-year over all observed time"
    if len(years) < 2:
        return f"{said}."
    return (f"{said}: {_rate_words(years[0])} in the first year after the first session, {_rate_words(years[1])} in "
            "the second.")


def _rate_words(one: Any) -> str:
    return _a_year(one.rate) if one.patients >= SMALLEST_SHOWN else "too few patients to say how many"


def _a_year(rate: float) -> str:
    return points(rate, 1 if rate >= 1 else 2)


def exposure_context(found: Sequence[Any], until: str) -> str:
    """How the time is measured."""
    without = found[0].n_without_time
    more = f" {plural(without, 'patient')} without observed time {'is' if without == 1 else 'are'} not in it." \
        if without else ""
    return (f"Observed time: from the patient's first session to {_UNTIL[until]}. All sessions of a patient count, "
            f"boosters too, whichever sessions are chosen above. Intervals: t, clustered by patient.{more}")


EXPOSURE_HEADER = ("After the first session", "Sessions a year", f"{NINETY_FIVE} interval", "Sessions", "Patient-years",
                   "Patients")


def exposure_row(one: Any) -> tuple[str, ...]:
    """One year, or all of them, as a row."""
    name = "all years" if one.year is None else f"year {one.year}"
    is_shown = one.patients >= SMALLEST_SHOWN and one.rate is not None
    interval = f"{_a_year(one.low)} to {_a_year(one.high)}" if one.low is not None else ""
    return (name, _a_year(one.rate) if is_shown else DASH, interval if is_shown else TOO_FEW, count(one.sessions),
            points(one.years), count(one.patients))


# --- levels ------------------------------------------------------------------------------------------

LEVELS_HEADER = ("Level", "Meaning", "Sessions", "Share of sessions", "Patients whose gravest it is")


def level_rows(found: Any, scale: LevelScale) -> tuple[tuple[str, ...], ...]:
    """Sessions and patients by level."""
    total = sum(found.n_sessions)
    words = {one.value: one.words for one in scale.levels}
    return tuple(
        (str(value), words[value], count(n), percent(n / total, 1) if total >= SMALLEST_SHOWN else "", count(m))
        for value, n, m in zip(found.levels, found.n_sessions, found.n_patients, strict=True))


def level_sentence(found: Any, scale: LevelScale) -> str:
    """How many sessions have a level at all, and how many of them a graver one than the mildest."""
    total = sum(found.n_sessions)
    graver = total - found.n_sessions[0]
    return (f"{count(graver)} of {plural(total, 'session')} with a level {'is' if graver == 1 else 'are'} graver than "
            f"{found.levels[0]}, {scale.levels[0].words}; {plural(found.n_unknown, 'session has', 'sessions have')} "
            f"none recorded. Levels are counted, never averaged ({scale.source}).")
