"""The tables of a comparison in words: measures, tests, effect sizes, pairs, the groups before treatment."""

from __future__ import annotations

from typing import Any

from analytics.definitions.measures import MEASURES
from analytics.wording.comparison_phrases import (
    amount_alone,
    decimals_for,
    headline_of,
    is_mean,
    name_of,
    p_words,
)
from analytics.wording.definitions import measure_title
from analytics.wording.numbers import (
    MINUS,
    SMALLEST_SHOWN,
    SPACE,
    count,
    listed,
    percent,
    plural,
    points,
    points_range,
)
from analytics.wording.rates import TOO_FEW, UNSTABLE, Line, line
from analytics.wording.rules import attribute, level

IMBALANCE = 0.1
"""A standardised difference beyond it is commonly called an imbalance: Austin 2009, Stat Med 28:3083."""


def title(comparison: Any) -> str:
    """Response: North and South."""
    measure, names = measure_title(MEASURES[comparison.measure]), [
        name_of(comparison, one.value) for one in comparison.groups]
    if len(names) > 4:
        return f"{measure} in {count(len(names))} groups of {attribute(comparison.by)}"
    return f"{measure}: {listed(names)}"


def size_words(group: Any) -> str:
    """How many courses a group has in all, beside those counted."""
    return plural(group.result.courses, "course")


def adjusted_sentence(comparison: Any) -> str:
    """How a mean difference was brought to the same starting score."""
    found = comparison.adjusted
    ends = points_range(found.low, found.high)
    return f"Difference at the same starting score: {points(found.estimate)} points ({ends}), {found.method}."


def difference_text(comparison: Any) -> str:
    """The difference with its interval, signed: +14 (4 to 24); or why there is none."""
    small = min((one.compared.n for one in comparison.groups), default=0)
    if small < SMALLEST_SHOWN:
        return "too few to compare"
    headline = headline_of(comparison)
    if headline is None:
        return "not known"
    decimals = decimals_for(comparison, headline)
    ends = [_signed(comparison, end, decimals) for end in (headline.estimate, headline.low, headline.high)]
    return f"{ends[0]} ({ends[1]} to {ends[2]})"


def _signed(comparison: Any, number: float, decimals: int) -> str:
    bare = amount_alone(comparison, number, decimals)
    if not bare.strip("0."):
        return bare
    return f"{MINUS if number < 0 else '+'}{bare}"


def measures_header(comparison: Any) -> tuple[str, ...]:
    """The columns of the table of all measures."""
    names = [name_of(comparison, one.value) for one in comparison.groups]
    return ("Measure", *names, *((f"Difference, 95{SPACE}% interval",) if len(names) == 2 else ()))


def measures_row(comparison: Any) -> tuple[str, ...]:
    """One measure: every group's result, and the difference where two are compared."""
    cells = [_result(line(one.result, "")) for one in comparison.groups]
    return (measure_title(MEASURES[comparison.measure]), *cells,
            *((_difference_with_unit(comparison),) if len(cells) == 2 else ()))


def _result(shown: Line) -> str:
    """One group's result with its counts, and whether it is unstable."""
    if shown.estimate is None and not shown.interval:
        return f"{shown.shown}, too few" if shown.counts == TOO_FEW else shown.counts
    return f"{shown.shown} ({shown.counts}){', unstable' if shown.mark == UNSTABLE else ''}"


def _difference_with_unit(comparison: Any) -> str:
    text = difference_text(comparison) if comparison.difference is not None else "too few to compare"
    unit = "points" if is_mean(comparison) else "percentage points"
    return f"{text}{SPACE}{unit}" if text.endswith(")") else text


TESTS_HEADER = ("Test", "p", "Courses on each side", "Why this one", "What it assumes")


def tests_rows(comparison: Any) -> tuple[tuple[str, ...], ...]:
    """Every test with its reason; one that could not be made says why."""
    return tuple(
        (one.name, p_words(one.p) if one.p is not None else "none", listed(count(n) for n in one.n[:6]) or "none",
         one.why, one.assumptions) for one in comparison.tests)


EFFECTS_HEADER = ("Effect size", "Value", "95 % interval", "In units of")


_EFFECT_NAMES = {"d_z": "Cohen's d of the changes (d_z)", "d_av": "Cohen's d of the scores (d_av)"}


def effects_rows(effects: Any, second: str = "the second group") -> tuple[tuple[str, ...], ...]:
    """Effect sizes with what divides them.

    Parameters
    ----------
    second : name of the second group, which some of them are divided by
    """
    return tuple(
        (_EFFECT_NAMES.get(one.name) or one.name[:1].upper() + one.name[1:], points(one.estimate, 2),
         points_range(one.low, one.high) if one.low is None or one.high is None else
         f"{points(one.low, 2)} to {points(one.high, 2)}", one.denominator.replace("group b", second))
        for one in effects if one.estimate is not None)


PAIRS_HEADER = ("Pair", "Difference, 95 % interval", "p, corrected after Holm")


def pairs_rows(comparison: Any) -> tuple[tuple[str, ...], ...]:
    """Every pair of more than two groups."""
    found = []
    for pair in comparison.pairs:
        headline = headline_of(pair.contrast)
        text = "not known"
        if headline is not None:
            decimals = decimals_for(comparison, headline)
            ends = [_signed(comparison, end, decimals) for end in (headline.estimate, headline.low, headline.high)]
            text = f"{ends[0]} ({ends[1]} to {ends[2]})"
        names = f"{name_of(comparison, pair.a)} and {name_of(comparison, pair.b)}"
        found.append((names, text, p_words(pair.p_holm) if pair.p_holm is not None else "no test"))
    return tuple(found)


# --- before treatment ---------------------------------------------------------------------------------


def baseline_header(table: Any) -> tuple[str, ...]:
    """The groups with their courses and patients."""
    groups = [f"{level(table.by, value)} ({plural(courses, 'course')}, {plural(patients, 'patient')})"
              for value, courses, patients in zip(table.values, table.courses, table.patients, strict=True)]
    return ("At the start", *groups, "Standardised difference")


def baseline_rows(table: Any, instruments: Any) -> tuple[tuple[str, ...], ...]:
    """One row a score, and a block of rows an attribute; what is missing has a row of its own."""
    found: list[tuple[str, ...]] = []
    for row in table.rows:
        found += _number_rows(row, instruments) if hasattr(row, "mean") else _category_rows(row)
    return tuple(found)


def _number_rows(row: Any, instruments: Any) -> list[tuple[str, ...]]:
    name = f"{instruments[row.name].title} score" if row.name in instruments else attribute(row.name)
    cells = [f"{points(mean)} (SD {points(sd)})" if n >= SMALLEST_SHOWN and sd is not None else f"{count(n)} only"
             for n, mean, sd in zip(row.n, row.mean, row.sd, strict=True)]
    return [(f"{name}, mean", *cells, _standardised(row.standardised)), *_missing_rows(row)]


def _category_rows(row: Any) -> list[tuple[str, ...]]:
    name = attribute(row.name)
    if not row.levels:
        return [(name, *(f"{count(n)} recorded" for n in row.n), f"{count(row.n_levels)} different values"),
                *_missing_rows(row)]
    lines = [(f"{name}: {value}", *(_share(x, n) for x, n in zip(counts, row.n, strict=True)),
              _standardised(row.standardised) if place == 0 else "")
             for place, (value, counts) in enumerate(zip(row.levels, row.counts, strict=True))]
    return [*lines, *_missing_rows(row)]


def _missing_rows(row: Any) -> list[tuple[str, ...]]:
    return [("not recorded", *(count(n) for n in row.missing), "")] if any(row.missing) else []


def _share(part: int, whole: int) -> str:
    return f"{count(part)} ({percent(part / whole)})" if whole >= SMALLEST_SHOWN else count(part)


def _standardised(effect: Any) -> str:
    if effect is None or effect.estimate is None:
        return "not known"
    mark = ", differs" if abs(effect.estimate) > IMBALANCE else ""
    return f"{points(abs(effect.estimate), 2)}{mark}"


def baseline_sentence(table: Any, instruments: Any) -> str:
    """In what the groups differed before treatment."""
    if table.why:
        return table.why
    names = [instruments[row.name].title if row.name in instruments else attribute(row.name) for row in table.rows
             if row.standardised is not None and row.standardised.estimate is not None
             and abs(row.standardised.estimate) > IMBALANCE]
    if not names:
        return f"No standardised difference at the start is above {IMBALANCE:g}."
    shown = [*names[:5], f"{count(len(names) - 5)} more"] if len(names) > 5 else names
    # The name of a scale may hold a comma of its own.
    several = "; ".join(shown) if any("," in name for name in shown) else listed(shown)
    return (f"Already different at the start (standardised difference above {IMBALANCE:g}): {several}. What "
            "differs at the start may explain what differs at the end.")


def settled_later(name: str) -> str:
    """Why groups that formed after the first session are not compared, and what to do."""
    words = attribute(name)
    return (f"{words[:1].upper()}{words[1:]} is settled only by what happened after the first session: those who did "
            "well or stayed long enough would make the groups. Choose a landmark day below. Only courses judged after "
            "that day are then compared, grouped by what had happened until it.")
