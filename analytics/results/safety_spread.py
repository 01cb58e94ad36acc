"""How an amount of the sessions spreads over groups: median, quartiles and outer tenths, never a mean of levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.definitions.safety import NUMBERS_SHOWN
from analytics.results.safety import Looked
from analytics.results.safety_forms import Forms

FRACTIONS = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Which quantiles are given: the quartiles, and the outer tenths as whiskers."""

MOST_DOSES = 4
"""Different doses that stand by themselves; more of them are put into fourths."""


@dataclass(frozen=True)
class Spread:
    """An amount in one group of sessions.

    Attributes
    ----------
    group : what the group is: a route, a session number (``NUMBERS_SHOWN + 1`` and later together), or a band of doses;
        missing where it is not recorded
    n, n_patients : sessions with the amount, and their patients
    tenth, lower, median, upper, ninetieth : quantiles, linear between values; missing where n is 0
    """

    group: str | int | DoseBand | None
    n: int
    n_patients: int
    tenth: float | None
    lower: float | None
    median: float | None
    upper: float | None
    ninetieth: float | None


@dataclass(frozen=True)
class DoseBand:
    """Doses from ``low`` to ``high``, both inclusive, of one route and unit."""

    route: str | None
    low: float
    high: float
    unit: str | None


@dataclass(frozen=True)
class Spreads:
    """An amount over its groups, in their order; ``n_unknown`` sessions have no such amount on their form."""

    amount: str
    groups: tuple[Spread, ...]
    n: int
    n_unknown: int


@dataclass(frozen=True)
class DoseCourse:
    """Doses of one route and unit over the session number."""

    route: str | None
    unit: str | None
    by_number: tuple[Spread, ...]
    n: int


@dataclass(frozen=True)
class RouteMix:
    """Sessions by route over the session number.

    Attributes
    ----------
    routes : words of the routes, most sessions first; missing last
    numbers : session numbers; the last stands for itself and all later ones when it is above ``NUMBERS_SHOWN``
    counts : array of int, one row a route, one column a number
    """

    routes: tuple[str | None, ...]
    numbers: tuple[int, ...]
    counts: np.ndarray


def spread_by(looked: Looked, patient: np.ndarray, amount: str, by: str) -> Spreads:
    """One amount by route, dose or session number.

    Parameters
    ----------
    patient : of each course
    by : ``route``, ``dose`` or ``number``
    """
    found = looked.forms
    ranks, values = found.ranked(amount)
    rank = ranks[looked.place]
    known = np.flatnonzero(rank >= 0)
    codes, labels = _groups(found, looked.place[known], by)
    spreads = _spreads(rank[known], values, codes, labels, patient[looked.course[known]])
    return Spreads(amount, tuple(one for one in spreads if one.n), len(known), len(rank) - len(known))


def dose_courses(looked: Looked, patient: np.ndarray) -> tuple[DoseCourse, ...]:
    """Doses over the session number, each route and unit by itself, most sessions first: units are never mixed."""
    found = looked.forms
    ranks, values = found.ranked("dose")
    rank = ranks[looked.place]
    (routes, route_words), (units, unit_words) = (found.words[name] for name in ("route", "dose_unit"))
    known = np.flatnonzero(rank >= 0)
    kind = (routes[looked.place[known]] + 1) * (len(unit_words) + 1) + units[looked.place[known]] + 1
    n_of_kind = np.bincount(kind)
    courses = []
    for one in sorted(np.flatnonzero(n_of_kind).tolist(), key=lambda code: (-n_of_kind[code], code)):
        route, unit = divmod(one, len(unit_words) + 1)
        of_kind = known[kind == one]
        codes, labels = _groups(found, looked.place[of_kind], "number")
        spreads = _spreads(rank[of_kind], values, codes, labels, patient[looked.course[of_kind]])
        courses.append(DoseCourse((None, *route_words)[route], (None, *unit_words)[unit],
                                  tuple(spread for spread in spreads if spread.n), len(of_kind)))
    return tuple(courses)


def route_mix(looked: Looked) -> RouteMix:
    """Sessions by route over the session number."""
    codes, words = looked.forms.words["route"]
    number, labels = _groups(looked.forms, looked.place, "number")
    width = len(labels)
    grid = np.bincount((codes[looked.place] + 1) * width + number, minlength=(len(words) + 1) * width)
    grid = grid.reshape(len(words) + 1, width)
    names = (None, *words)
    order = sorted(np.flatnonzero(grid.sum(axis=1)).tolist(), key=lambda at: (at == 0, -grid[at].sum(), at))
    return RouteMix(tuple(names[at] for at in order), tuple(labels), grid[order])


def _amount(found: Forms, name: str) -> np.ndarray:
    return found.amounts[name] if name in found.amounts else np.full(len(found), np.nan)


def _groups(found: Forms, place: np.ndarray, by: str) -> tuple[np.ndarray, list]:
    """The group of each session and what the groups are."""
    if by == "number":
        number = np.minimum(found.number[place], NUMBERS_SHOWN + 1)
        return number - 1, list(range(1, int(number.max(initial=0)) + 1))
    if by == "route":
        codes, words = found.words["route"]
        return np.where(codes[place] < 0, len(words), codes[place]), [*words, None]
    return _dose_groups(found, place)


def _dose_groups(found: Forms, place: np.ndarray) -> tuple[np.ndarray, list[DoseBand | None]]:
    """Bands of dose of each route and unit, from the lowest up; sessions without a dose last."""
    dose = _amount(found, "dose")[place]
    (route, routes), (unit, units) = ((codes[place] + 1, (None, *words)) for codes, words in (
        found.words["route"], found.words["dose_unit"]))
    kind = np.where(np.isnan(dose), -1, route * len(units) + unit)
    codes, bands = np.full(len(dose), -1), []
    for one in np.flatnonzero(np.bincount(kind + 1)[1:]).tolist():
        of_kind = np.flatnonzero(kind == one)
        edges = _edges(dose[of_kind])
        band = np.searchsorted(edges, dose[of_kind])
        codes[of_kind] = len(bands) + band
        which = routes[one // len(units)], units[one % len(units)]
        bands += [DoseBand(which[0], float(inside.min()), float(inside.max()), which[1])
                  for at in range(len(edges)) for inside in (dose[of_kind[band == at]],)]
    return np.where(codes < 0, len(bands), codes), [*bands, None]


def _edges(dose: np.ndarray) -> np.ndarray:
    """The highest dose of each band: every dose, or the quartiles, which are doses that were given."""
    different = np.unique(dose)
    if len(different) <= MOST_DOSES:
        return different
    return np.unique(np.quantile(dose, [0.25, 0.5, 0.75, 1], method="inverted_cdf"))


def _spreads(
    rank: np.ndarray, values: np.ndarray, codes: np.ndarray, labels: list, patient: np.ndarray
) -> list[Spread]:
    """Quantiles of every group, linear between values as R's type 7.

    Parameters
    ----------
    rank : of each session's amount among ``values``, which are sorted
    """
    n = np.bincount(codes, minlength=len(labels))
    start = np.cumsum(n) - n
    # Group and rank in one number: whole numbers sort many times quicker than pairs of keys.
    ordered = np.append(np.sort(codes * len(values) + rank), -1)
    marks = []
    for fraction in FRACTIONS:
        place = fraction * np.maximum(n - 1, 0)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, np.maximum(n - 1, 0))
        with np.errstate(invalid="ignore"):
            at_low, at_high = (np.append(values, np.nan)[np.where(
                n > 0, ordered[np.where(n > 0, start + one, -1)] % max(len(values), 1), -1)] for one in (low, high))
            marks.append(at_low + (place - low) * (at_high - at_low))
    n_patients = _n_patients(patient, codes, len(labels))
    return [Spread(label, int(n[at]), int(n_patients[at]),
                   *(float(mark[at]) if n[at] else None for mark in marks)) for at, label in enumerate(labels)]


def _n_patients(patient: np.ndarray, codes: np.ndarray, n_groups: int) -> np.ndarray:
    """How many different patients each group has; they are counted and not sorted."""
    seen = np.zeros((n_groups, int(patient.max(initial=-1)) + 1), dtype=bool)
    seen[codes, patient] = True
    return seen.sum(axis=1)
