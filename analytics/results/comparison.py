"""Two or more groups set against each other in one measure, with everything that a reading of it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES, Measure
from analytics.definitions.nhs import NhsScales
from analytics.definitions.rules import RuleSet
from analytics.definitions.tables import FileRecord
from analytics.results.cohorts import Where
from analytics.results.comparison_means import mean_contrasts, overall_mean_tests
from analytics.results.comparison_rates import Contrast, Difference, overall_rate_test, rate_contrasts
from analytics.results.comparison_sides import Cohorts, Levels, Overlap, Sides, Value, sides
from analytics.results.comparison_values import FEWEST_TESTED, Courses, Judged, judged, patients_by_group
from analytics.results.rates import Counting, Mean, Rate, means, rates
from analytics.results.summary import indications
from analytics.statistics.effect_sizes import Effect
from analytics.statistics.hypothesis import Test, holm
from analytics.statistics.mean_differences import Adjusted

MOST_PAIRED = 10
"""With more groups than this no pairs are made: nobody reads more than 45 of them."""

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
class PairOfGroups:
    """Two of more than two groups; ``p_holm`` is corrected for all pairs that have a test."""

    a: Value
    b: Value
    contrast: Contrast
    p_holm: float | None


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
    chosen = _measure(of, instrument, measure)
    apart = sides(of, instrument, Levels(groups) if isinstance(groups, str) else groups, where, landmark)
    counting = Counting(of, instrument, apart.apart)
    taken = judged(of, counting, chosen, courses)
    contrast, pairs, not_paired = _contrasts(taken, chosen, apart, exact)
    return Comparison(
        instrument=of.named(instrument), measure=measure, by=apart.by,
        groups=_groups(of, counting, chosen, apart, taken),
        difference=contrast.difference, tests=contrast.tests, adjusted=contrast.adjusted,
        why_not_adjusted=contrast.why_not_adjusted, effect_sizes=contrast.effect_sizes, pairs=pairs,
        not_paired=not_paired, courses=courses, overlap=apart.overlap,
        patients_in_several=taken.patients_in_several, not_compared=apart.not_compared, landmark=landmark,
        standing=standing or Standing(), rules=of.rules, by_indication=indications(of),
        where={name: list(values) for name, values in (where or {}).items()},
        as_of=of.as_of.isoformat() if of.as_of else None, files=of.tables.files)


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
    of: Outcomes, counting: Counting, measure: Measure, apart: Sides, taken: Judged
) -> tuple[Group, ...]:
    """Every group with its own result and with what of it is compared."""
    own = [counting if cells is apart.apart else Counting(of, counting.instrument, cells) for cells in apart.shown]
    count = rates if measure.kind == "rate" else means
    results = [one for each in own for one in count(each, measure)]
    n, x = taken.n, taken.x
    patients = np.bincount(patients_by_group(taken.patient, taken.group)[1], minlength=taken.n_groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = x / n
        squares = np.bincount(taken.group, (taken.value - estimate[taken.group]) ** 2, taken.n_groups)
        sd = np.sqrt(squares / (n - 1))
    is_rate = measure.kind == "rate"
    return tuple(
        Group(value, result, Compared(
            int(n[at]), int(patients[at]), int(x[at]) if is_rate else None, float(estimate[at]) if n[at] else None,
            float(sd[at]) if not is_rate and n[at] > 1 else None))
        for at, (value, result) in enumerate(zip(apart.values, results, strict=True)))


def _contrasts(
    taken: Judged, measure: Measure, apart: Sides, exact: Literal["boschloo"] | None
) -> tuple[Contrast, tuple[PairOfGroups, ...], str | None]:
    """The one contrast of two groups, or the test of all groups and their pairs."""
    def of_pairs(pairs: list[tuple[int, int]]) -> list[Contrast]:
        return (rate_contrasts(taken, pairs, measure, exact) if measure.kind == "rate"
                else mean_contrasts(taken, pairs))

    n_groups = len(apart.values)
    if n_groups == 2:
        return of_pairs([(0, 1)])[0], (), None
    tested = tuple(int(one) for one in np.flatnonzero(taken.n >= FEWEST_TESTED))
    enough = taken.of_groups(tested)
    tests = (overall_rate_test(enough),) if measure.kind == "rate" else overall_mean_tests(enough)
    overall = Contrast(None, tests)
    if len(tested) < 2 or len(tested) > MOST_PAIRED:
        return overall, (), _not_paired(n_groups, len(tested))
    pairs = list(combinations(tested, 2))
    contrasts = of_pairs(pairs)
    corrected = [None if np.isnan(p) else float(p) for p in holm([_p_of(one) for one in contrasts])]
    return overall, tuple(
        PairOfGroups(apart.values[a], apart.values[b], contrast, p)
        for (a, b), contrast, p in zip(pairs, contrasts, corrected, strict=True)), _not_paired(n_groups, len(tested))


def _not_paired(n_groups: int, n_tested: int) -> str | None:
    if n_groups < 2:
        return None
    if n_tested > MOST_PAIRED:
        return (f"{n_tested:,} groups have {FEWEST_TESTED} courses or more, and pairs are made of {MOST_PAIRED} at "
                "most: choose two of them.")
    if n_tested < n_groups:
        return (f"Groups with fewer than {FEWEST_TESTED} courses are shown and are in no test: "
                f"{n_groups - n_tested:,} of {n_groups:,}.")
    return None


def _p_of(contrast: Contrast) -> float | None:
    """The p that is corrected: of the headline, which for a mean is the adjusted difference."""
    return contrast.adjusted.p if contrast.adjusted is not None else contrast.tests[0].p
