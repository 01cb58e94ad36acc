"""Sites and clinicians against what chance alone would make of one common rate: a funnel, never a ranking."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.definitions.measures import MEASURES
from analytics.results.cohorts import Where, in_cohort, strata
from analytics.results.groups import Groups
from analytics.results.rates import Counting, is_achieved
from analytics.statistics.case_mix import CaseMix, expected_by_case_mix
from analytics.statistics.funnel import LEVELS, MINIMUM_N, Funnel, funnel_limits, funnel_place

_UNIT = re.compile(
    r"site|clinic|location|office|cent(er|re)|branch|facility|provider|physician|therapist|prescriber|practitioner|"
    r"nurse|doctor|operator|region", re.IGNORECASE)
_NO_UNIT = re.compile(r"infusion.?site|injection|pain.?site|site.?of|clinical|state|status", re.IGNORECASE)

LEAST_N = MINIMUM_N
CURVE_POINTS = 160

Place = Literal["too_small", "inside", "beyond_95", "beyond_998"]
_PLACES: tuple[Place, ...] = ("inside", "beyond_95", "beyond_998")


def is_unit(attribute: str) -> bool:
    """Whether an attribute, by its name, says where or by whom courses were given."""
    return _UNIT.search(attribute) is not None and _NO_UNIT.search(attribute) is None


@dataclass(frozen=True)
class Unit:
    """One site or clinician.

    Attributes
    ----------
    numerator, n : courses with the outcome, and those counted
    expected : how many a model on the score at the start leads one to expect; missing without adjustment
    ratio, low, high : observed / expected with its 95 % interval; missing without adjustment
    estimate : the rate, 0 to 1; with adjustment the ratio times the common rate, which may pass 1
    side : -1 below the funnel, 1 above it, 0 inside or too small
    """

    value: str | None
    numerator: int
    n: int
    expected: float | None
    ratio: float | None
    low: float | None
    high: float | None
    estimate: float | None
    place: Place
    side: int


@dataclass(frozen=True)
class FunnelPlot:
    """Units around the rate of them all.

    Attributes
    ----------
    target : the common rate; missing without a course
    curve_n, low, high : limits for so many courses, fractions of shape (2, points): 95 % first, then 99.8 %
    phi : what the variance was multiplied by for variation beyond chance
    is_adjusted : whether the units stand at observed / expected
    why : why an option that was asked for could not be used; empty otherwise
    n_not_recorded : counted courses whose unit is not recorded; they are in the common rate and no unit of their own
    """

    attribute: str
    measure: str
    target: float | None
    units: tuple[Unit, ...]
    curve_n: np.ndarray
    low: np.ndarray
    high: np.ndarray
    phi: float
    is_adjusted: bool
    least_n: int
    why: tuple[str, ...]
    n_not_recorded: int


def funnel_plot(
    found: Groups, of: Outcomes, where: Where | None = None, *, least_n: int = LEAST_N,
    is_overdispersed: bool = False, is_adjusted: bool = False,
) -> FunnelPlot:
    """The funnel of one measure over the values of one attribute.

    Parameters
    ----------
    found : a rate by one attribute, from ``groups``
    least_n : a unit with fewer courses gets no place; at least 2, so that 1 of 1 never signals
    is_overdispersed : whether the limits allow for more variation between units than chance makes
    is_adjusted : whether units stand at observed / expected, by a model on the score at the start; a unit is then
        beyond the limits where the interval of its own ratio excludes 1

    Raises
    ------
    ValueError
        When the groups are of two attributes, or of a mean.
    """
    if len(found.by) != 1 or MEASURES[found.overall.measure].kind != "rate":
        raise ValueError("A funnel is of one rate by one attribute.")
    cells = [cell for cell in found.cells if cell.stratum[found.by[0]] is not None]
    x, n = (np.array([getattr(cell, part) for cell in cells], dtype=float) for part in ("numerator", "denominator"))
    overall, least = found.overall, max(least_n, 2)
    if not overall.denominator or not cells:
        nothing = np.empty((2, 0))
        return FunnelPlot(found.by[0], overall.measure, None, (), np.empty(0), nothing, nothing, 1.0, False, least, (),
                          overall.denominator)
    target = overall.numerator / overall.denominator
    placed = funnel_place(x, n, target, minimum_n=least, is_overdispersed=is_overdispersed)
    mix = _case_mix(found, of, where or {}) if is_adjusted else None
    units = (_units(found.by[0], cells, placed) if mix is None or mix[0].why
             else _adjusted_units(found, mix, target, least))
    curve_n = np.unique(np.geomspace(least, max(n.max() * 1.15, 20), CURVE_POINTS).round())
    low, high = funnel_limits(curve_n, target, phi=placed.phi)
    why = tuple(one for one in (placed.why, mix[0].why if mix else "") if one)
    return FunnelPlot(found.by[0], overall.measure, target, units, curve_n, low / curve_n, high / curve_n, placed.phi,
                      bool(mix) and not mix[0].why, least, why, int(overall.denominator - n.sum()))


def _units(name: str, cells: list, placed: Funnel) -> tuple[Unit, ...]:
    return tuple(
        Unit(cell.stratum[name], cell.numerator, cell.denominator, None, None, None, None, cell.estimate,
             str(place), int(side))
        for cell, place, side in zip(cells, placed.place, placed.side, strict=True))


def _case_mix(found: Groups, of: Outcomes, where: Where) -> tuple[CaseMix, CaseMix]:
    """Observed and expected of every cell of the groups, with the intervals of both limits."""
    cells = strata(of, found.by, in_cohort(of, where))
    counting = Counting(of, found.overall.instrument, cells)
    measure = MEASURES[found.overall.measure]
    counted = (counting.reasons(measure) < 0) & (counting.cell >= 0)
    achieved = is_achieved(counting, measure, counted)[counted].astype(float)
    baseline = counting.rows["baseline"].to_numpy(float, na_value=np.nan)[counted]
    by_name = {cell.stratum[found.by[0]]: place for place, cell in enumerate(found.cells)}
    # Groups may be sorted by size: a cell's place there, from its place among the strata.
    unit = np.array([by_name[label[found.by[0]]] for label in cells.labels])[counting.cell[counted]]
    first, second = (expected_by_case_mix(achieved, baseline, unit, len(found.cells), level) for level in LEVELS)
    return first, second


def _adjusted_units(
    found: Groups, mix: tuple[CaseMix, CaseMix], target: float, least: int
) -> tuple[Unit, ...]:
    inner = mix[0]
    units = []
    for at, cell in enumerate(found.cells):
        value = cell.stratum[found.by[0]]
        if value is None:
            continue
        if not inner.n[at]:
            units.append(Unit(value, cell.numerator, cell.denominator, None, None, None, None, None, "too_small", 0))
            continue
        ratio = float(inner.ratio[at])
        n_beyond = sum(not one.low[at] <= 1 <= one.high[at] for one in mix) if cell.denominator >= least else 0
        place: Place = _PLACES[n_beyond] if cell.denominator >= least else "too_small"
        units.append(Unit(value, cell.numerator, cell.denominator, float(inner.expected[at]), ratio,
                          float(inner.low[at]), float(inner.high[at]), ratio * target, place,
                          int(np.sign(ratio - 1)) if n_beyond else 0))
    return tuple(units)
