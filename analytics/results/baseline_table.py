"""Who the groups were before treatment: one table, with standardised differences, missing counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.definitions.measures import MEASURES
from analytics.results.cohorts import Strata, Where, groupable_names
from analytics.results.comparison_sides import Cohorts, Levels, Value, sides
from analytics.results.comparison_values import judged, patients_by_group
from analytics.results.landmark import MAY_BE_MIXED, is_settled_later
from analytics.results.rates import Counting
from analytics.statistics.effect_sizes import (
    Effect,
    standardised_difference_of_categories,
    standardised_difference_of_means,
)
from analytics.statistics.means import mean_and_sd

MOST_LEVELS = 30
"""An attribute with more values describes nobody; its values are counted and not listed."""

MOST_GROUPS = 12
"""More groups than this fit on no page."""

FEWEST_NUMBERS = 10
"""An attribute whose values are all numbers, and more different ones than this, is described by mean and SD."""

_NOT_BASELINE = frozenset({"start_quarter", "start_month", "dose_start"})


@dataclass(frozen=True)
class NumberRow:
    """A score or number before treatment: mean and SD of each group, and how many courses have none."""

    name: str
    kind: Literal["baseline_score", "number"]
    n: tuple[int, ...]
    mean: tuple[float | None, ...]
    sd: tuple[float | None, ...]
    missing: tuple[int, ...]
    standardised: Effect | None


@dataclass(frozen=True)
class CategoryRow:
    """An attribute: courses of each group by value, and how many have none.

    Attributes
    ----------
    levels : values in sorted order; empty where there are more than ``MOST_LEVELS``, ``n_levels`` says how many
    counts : one tuple a value, one element a group
    standardised : over the recorded values
    """

    name: str
    levels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    n: tuple[int, ...]
    missing: tuple[int, ...]
    n_levels: int
    standardised: Effect | None


@dataclass(frozen=True)
class BaselineTable:
    """Groups before treatment.

    Attributes
    ----------
    courses, patients : one element a group
    who : ``compared`` (the courses the difference rests on) or ``all`` courses of the groups
    rows : scores first, then attributes by name
    why : the sentence where there is no table
    """

    by: str
    values: tuple[Value, ...]
    courses: tuple[int, ...]
    patients: tuple[int, ...]
    who: Literal["compared", "all"]
    rows: tuple[NumberRow | CategoryRow, ...]
    why: str | None = None


def baseline_table(
    of: Outcomes, instrument: str, measure: str, groups: str | Levels | Cohorts, *, where: Where | None = None,
    landmark: int | None = None, who: Literal["compared", "all"] = "compared",
) -> BaselineTable:
    """What the groups of a comparison were like on day 0.

    Parameters
    ----------
    instrument, measure, groups, where, landmark : as for ``compare``
    who : the courses that the difference rests on, so that the table describes those compared; or all of the groups,
        counted or not

    Only what was known on day 0 has a row: baseline scores of every instrument, attributes of the files, first route
    and drug, year. The attributes that make the groups have none. With more than two groups the standardised
    difference is the largest of any pair.
    """
    groups = Levels(groups) if isinstance(groups, str) else groups
    apart = sides(of, instrument, groups, where, landmark)
    cells = apart.apart
    if who == "compared":
        counting = Counting(of, instrument, cells)
        cells = Strata(_of_compared(of, counting, measure), cells.labels)
    n_groups = len(apart.values)
    courses = np.bincount(cells.of_course[cells.of_course >= 0], minlength=n_groups)
    inside = cells.of_course >= 0
    patients = np.bincount(patients_by_group(of.patient[inside], cells.of_course[inside])[1], minlength=n_groups)
    why = None
    if n_groups > MOST_GROUPS:
        why = f"There are {n_groups} groups; a table of more than {MOST_GROUPS} cannot be read."
    elif not courses.sum():
        why = "There is no course to describe."
    names = {groups.by} if isinstance(groups, Levels) else {*groups.a.where, *groups.b.where}
    makes_groups = names | {f"{name}_first" for name in names}
    rows = () if why else (*_scores(of, cells, instrument), *_attributes(of, cells, makes_groups))
    return BaselineTable(apart.by, apart.values, _whole(courses), _whole(patients), who, rows, why)


def _of_compared(of: Outcomes, counting: Counting, measure: str) -> np.ndarray:
    """The group of each course that the difference rests on, -1 for the others."""
    group = np.full(len(of.courses), -1)
    taken = judged(counting, MEASURES[measure], "first")
    group[taken.course] = taken.group
    return group


def _scores(of: Outcomes, cells: Strata, instrument: str) -> Iterator[NumberRow]:
    keys = sorted(of.instrument_keys, key=lambda key: key != instrument)
    for key in keys:
        rows = of.rows_of(key)
        score = np.full(len(of.courses), np.nan)
        score[rows["course"].to_numpy()] = rows["baseline"].to_numpy(float, na_value=np.nan)
        yield _number_row(key, "baseline_score", score, cells)


def _attributes(of: Outcomes, cells: Strata, makes_groups: set[str]) -> Iterator[NumberRow | CategoryRow]:
    for name in groupable_names(of):
        if name in makes_groups or name in _NOT_BASELINE or name in MAY_BE_MIXED or is_settled_later(of, name):
            continue
        codes, words = _words_of(of.courses[name])
        # Read once a word: a column of 250,000 courses holds few different ones.
        number = pd.to_numeric(pd.Series(words), errors="coerce").to_numpy(float, na_value=np.nan)
        if np.isfinite(number).all() and len(np.unique(number)) > FEWEST_NUMBERS:
            yield _number_row(name, "number", np.append(number, np.nan)[codes], cells)
        elif len(words):
            yield _category_row(name, codes, words, cells)


def _words_of(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Each course's place among the words of a column, -1 where missing; and the words that occur, sorted."""
    codes, values = pd.factorize(column)
    words = np.asarray(pd.Series(values).astype("str"), dtype=object)
    order = np.argsort(words, kind="stable")
    place = np.full(len(words) + 1, -1)
    place[order] = np.arange(len(words))
    return place[codes], words[order]


def _number_row(
    name: str, kind: Literal["baseline_score", "number"], numbers: np.ndarray, cells: Strata
) -> NumberRow:
    n_groups = len(cells)
    inside, known = cells.of_course >= 0, np.isfinite(numbers)
    group, seen = cells.of_course[inside & known], numbers[inside & known]
    n = np.bincount(group, minlength=n_groups)
    mean, sd = mean_and_sd(seen, group, n_groups)
    missing = np.bincount(cells.of_course[inside & ~known], minlength=n_groups)
    effects = [standardised_difference_of_means(seen[group == a], seen[group == b])
               for a, b in combinations(range(n_groups), 2)]
    return NumberRow(name, kind, _whole(n), _known(mean), _known(sd), _whole(missing), _largest(effects))


def _category_row(name: str, codes: np.ndarray, words: np.ndarray, cells: Strata) -> CategoryRow:
    n_groups = len(cells)
    inside = cells.of_course >= 0
    codes, group = codes[inside], cells.of_course[inside]
    n_each = np.bincount(codes[codes >= 0], minlength=len(words))
    codes, words = np.append(np.cumsum(n_each > 0) - 1, -1)[codes], words[n_each > 0]
    missing = np.bincount(group[codes < 0], minlength=n_groups)
    n = np.bincount(group[codes >= 0], minlength=n_groups)
    if len(words) > MOST_LEVELS:
        return CategoryRow(name, (), (), _whole(n), _whole(missing), len(words), None)
    counts = np.bincount(codes[codes >= 0] * n_groups + group[codes >= 0], minlength=len(words) * n_groups)
    counts = counts.reshape(len(words), n_groups)
    effects = [standardised_difference_of_categories(counts[:, a], counts[:, b])
               for a, b in combinations(range(n_groups), 2)]
    return CategoryRow(name, tuple(map(str, words)), tuple(map(_whole, counts)), _whole(n), _whole(missing),
                       len(words), _largest(effects))


def _largest(effects: list[Effect]) -> Effect | None:
    """The largest standardised difference of any pair; one that says why where none can be computed."""
    known = [one for one in effects if one.estimate is not None]
    return max(known, key=lambda one: abs(one.estimate or 0)) if known else (effects[0] if effects else None)


def _whole(numbers: np.ndarray) -> tuple[int, ...]:
    return tuple(int(one) for one in numbers)


def _known(numbers: np.ndarray) -> tuple[float | None, ...]:
    return tuple(float(one) if np.isfinite(one) else None for one in numbers)
