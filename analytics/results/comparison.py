"""Two or more groups set against each other in one measure, with everything that a reading of it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES, Measure
from analytics.definitions.nhs import NhsScales
from analytics.definitions.rules import RuleSet
from analytics.definitions.tables import FileRecord
from analytics.results.cohorts import Where
from analytics.results.comparison_pairs import PairOfGroups, contrasts_of
from analytics.results.comparison_rates import Difference
from analytics.results.comparison_sides import Cohorts, Levels, Overlap, Value, sides
from analytics.results.comparison_values import Courses, Judged, judged
from analytics.results.rates import Counting, Mean, Rate, means, rates
from analytics.results.summary import indications
from analytics.statistics.effect_sizes import Effect
from analytics.statistics.hypothesis import Test
from analytics.statistics.mean_differences import Adjusted

UNITS: Mapping[Courses, str] = {
    "first": "first counted course of each patient", "all": "all counted courses, errors by patient"}
"""What one observation of the difference and the tests is."""


@dataclass(frozen=True)
class Compared:
    """The courses of a group that the difference and the tests rest on.

    Attributes
    ----------
    n, patients : courses and patients compared
    numerator : of a rate; missing for a mean
    estimate : the rate (0 to 1) or the mean in points; missing when there is no course
    sd : of a mean, in points
    """

    n: int
    patients: int
    numerator: int | None
    estimate: float | None
    sd: float | None


@dataclass(frozen=True)
class Group:
    """One group: its own result over all its counted courses, as ``summarize`` gives it, and what of it is compared.

    ``result`` and ``compared`` are the same courses unless a patient has more than one, or two cohorts share some.
    """

    value: Value
    result: Rate | Mean
    compared: Compared


@dataclass(frozen=True)
class Standing:
    """Whether the comparison was declared primary, and of how many it is one, where that is known."""

    role: Literal["primary", "exploratory"] = "exploratory"
    n_comparisons: int | None = None


@dataclass(frozen=True)
class Comparison:
    """The whole answer, never rounded.

    Attributes
    ----------
    by : the attribute whose values are compared, or ``cohort``
    groups : the first is a, the second b
    difference, adjusted, effect_sizes : of exactly two groups; missing or empty for more
    tests : the chosen one first, of all groups together
    pairs : of more than two groups, every pair of those with enough courses
    not_paired : of more than two groups, why not every pair is here
    unit : what one observation of difference and tests is
    overlap : courses and patients in both of two cohorts
    patients_in_several : patients with counted courses in more than one group
    not_compared : courses of the cohort in no group, by reason
    landmark : days from day 0; only courses judged after it are in any number here
    """

    instrument: Instrument | NhsScales
    measure: str
    by: str
    groups: tuple[Group, ...]
    difference: Difference | None
    tests: tuple[Test, ...]
    adjusted: Adjusted | None
    why_not_adjusted: str | None
    effect_sizes: tuple[Effect, ...]
    pairs: tuple[PairOfGroups, ...]
    not_paired: str | None
    courses: Courses
    overlap: Overlap | None
    patients_in_several: int
    not_compared: dict[str, int]
    landmark: int | None
    standing: Standing
    rules: RuleSet
    by_indication: dict[str, str]
    where: dict[str, list[str | None]]
    as_of: str | None
    files: tuple[FileRecord, ...]

    @property
    def unit(self) -> str:
        """What one observation of the difference and the tests is."""
        return UNITS[self.courses]

    @property
    def test(self) -> Test:
        """The chosen test."""
        return self.tests[0]


def compare(
    of: Outcomes, instrument: str, measure: str, groups: str | Levels | Cohorts, *, where: Where | None = None,
    courses: Courses = "first", landmark: int | None = None, exact: Literal["boschloo"] | None = None,
    standing: Standing | None = None,
) -> Comparison:
    """Groups of courses set against each other in one measure.

    Parameters
    ----------
    of : from ``outcomes``
    instrument, measure : keys
    groups : an attribute by its name (all its values), ``Levels`` (chosen values of it) or ``Cohorts`` (two filters)
    where : filters on top, the same for every group
    courses : ``first`` counted course of each patient within the whole comparison, so that nobody stands on two sides;
        ``all`` takes every counted course with patient-clustered errors
    landmark : days from day 0. Only courses whose endpoint lies after it count, and what is settled after day 0 (kind,
        number of sessions, last or highest dose, mixed route, maintenance) is taken as it stood at the end of that day
    exact : Boschloo's test in place of the chosen one, for rates of two groups
    standing : primary or exploratory, and of how many comparisons

    Each group's own rate or mean is over all its counted courses, as ``summarize`` gives it. A difference is positive
    when the first group did better, for harm too. A course in both of two cohorts is in both rates and in neither side
    of the difference: on both it would pull the difference to 0 and make the sides depend on each other.

    Raises
    ------
    ValueError
        When an instrument, a measure, an attribute or a value is not there, or the groups are made by what happened
        after day 0 and there is no landmark.
    """
    return compare_measures(of, instrument, (measure,), groups, where=where, courses=courses, landmark=landmark,
                            exact=exact, standing=standing)[0]


def compare_measures(
    of: Outcomes, instrument: str, measures: Sequence[str], groups: str | Levels | Cohorts, *,
    where: Where | None = None, courses: Courses = "first", landmark: int | None = None,
    exact: Literal["boschloo"] | None = None, standing: Standing | None = None,
) -> tuple[Comparison, ...]:
    """The same groups in several measures of one instrument, in the order given; each as ``compare`` gives it.

    The groups are made and the courses sorted into them once: that takes as long as all the measures together.
    """
    chosen = [_measure(of, instrument, measure) for measure in measures]
    apart = sides(of, instrument, Levels(groups) if isinstance(groups, str) else groups, where, landmark)
    counting = Counting(of, instrument, apart.apart)
    own = [counting if cells is apart.apart else Counting(of, instrument, cells) for cells in apart.shown]
    shared = {
        "instrument": of.named(instrument), "by": apart.by, "courses": courses, "overlap": apart.overlap,
        "not_compared": apart.not_compared, "landmark": landmark, "standing": standing or Standing(),
        "rules": of.rules, "by_indication": indications(of),
        "where": {name: list(values) for name, values in (where or {}).items()},
        "as_of": of.as_of.isoformat() if of.as_of else None, "files": of.tables.files}
    return tuple(_in_measure(measure, counting, own, apart.values, exact, shared) for measure in chosen)


def _in_measure(
    measure: Measure, counting: Counting, own: list[Counting], values: tuple[Value, ...],
    exact: Literal["boschloo"] | None, shared: dict[str, Any],
) -> Comparison:
    taken = judged(counting, measure, shared["courses"])
    contrast, pairs, not_paired = contrasts_of(taken, measure, values, exact)
    return Comparison(
        measure=measure.key, groups=_groups(own, measure, values, taken), difference=contrast.difference,
        tests=contrast.tests, adjusted=contrast.adjusted, why_not_adjusted=contrast.why_not_adjusted,
        effect_sizes=contrast.effect_sizes, pairs=pairs, not_paired=not_paired,
        patients_in_several=taken.patients_in_several, **shared)


def _measure(of: Outcomes, instrument: str, measure: str) -> Measure:
    for wanted, there, what in ((instrument, of.result_keys, "instrument in the files"),
                                (measure, tuple(MEASURES), "measure")):
        if wanted not in there:
            raise ValueError(f"There is no {what} called {wanted!r}; there are {', '.join(there) or 'none'}.")
    if MEASURES[measure] not in of.measures_of(instrument):
        raise ValueError(f"The measure {measure} does not exist for {instrument}; "
                         f"there are {', '.join(one.key for one in of.measures_of(instrument))}.")
    return MEASURES[measure]


def _groups(
    own: list[Counting], measure: Measure, values: tuple[Value, ...], taken: Judged
) -> tuple[Group, ...]:
    """Every group with its own result and with what of it is compared."""
    count = rates if measure.kind == "rate" else means
    results = [one for each in own for one in count(each, measure)]
    n, x = taken.n, taken.x
    patients = taken.patients
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = x / n
        squares = np.bincount(taken.group, (taken.value - estimate[taken.group]) ** 2, taken.n_groups)
        sd = np.sqrt(squares / (n - 1))
    is_rate = measure.kind == "rate"
    return tuple(
        Group(value, result, Compared(
            int(n[at]), int(patients[at]), int(x[at]) if is_rate else None, float(estimate[at]) if n[at] else None,
            float(sd[at]) if not is_rate and n[at] > 1 else None))
        for at, (value, result) in enumerate(zip(values, results, strict=True)))
