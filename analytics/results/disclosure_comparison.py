"""A comparison as an audience may be told it: all of it, or none."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.definitions.measures import MEASURES
from analytics.results.cohorts import in_cohort
from analytics.results.comparison import Comparison, Group
from analytics.results.comparison_sides import Levels, sides
from analytics.results.comparison_values import judged
from analytics.results.disclosure import Disclosure, Page
from analytics.results.disclosure_audit import TellSet
from analytics.results.disclosure_groups import refuse_persons
from analytics.results.disclosure_parts import Result, with_parts
from analytics.results.rates import Counting, Mean
from analytics.statistics.proportions import wilson

WhyNot = Literal["small", "landmark", "cohorts", "public"]


def disclosed_comparison(
    of: Outcomes, comparison: Comparison, disclosure: Disclosure, page: Page | None = None
) -> Comparison | WhyNot:
    """The comparison without what an audience is not told, or why it is not told at all.

    A difference, a test and an effect size are worked back to the counts they are made of, so they are told together
    with those or not at all. A group is told with the courses that are compared, first ones of each patient: beside all
    of its courses the few others would follow. ``small``: a count would follow. ``landmark``, ``cohorts``: its courses
    are not those of one table. ``public``: it has no harm beside it.

    Raises
    ------
    NotForAudienceError
        When the groups or filters name those who treat.
    """
    if disclosure.audience == "inside":
        return comparison
    if comparison.landmark is not None or comparison.by not in of.courses:
        return "landmark" if comparison.landmark is not None else "cohorts"
    refuse_persons(of, (comparison.by, *comparison.where), disclosure)
    if disclosure.audience == "public":
        return "public"
    page = page or Page(of, disclosure)
    if not _may_tell(page, comparison):
        return "small"
    told = tuple(replace(one, result=_compared_only(one)) for one in comparison.groups)
    return replace(comparison, groups=told, not_compared={}, patients_in_several=0, overlap=None)


def _may_tell(page: Page, comparison: Comparison) -> bool:
    """Whether the sizes of the groups, and of those in them that have what is counted, may be told."""
    instrument, where, threshold = comparison.instrument.key, comparison.where, page.disclosure.threshold
    returning = (one.compared.n - one.compared.patients for one in comparison.groups)
    if any(0 < one < threshold for one in returning):
        return False
    taken = _taken(page.of, comparison)
    auditor = page.auditor(instrument)
    kinds = [auditor.kind(mask & taken) for mask in page.sets(instrument).of_measure(comparison.measure).parts["core"]]
    stays = in_cohort(page.of, where)
    masks = (in_cohort(page.of, {comparison.by: [one.value]}) & stays for one in comparison.groups)
    groups = [page.group(instrument, mask, where, (comparison.by,)) for mask in masks]
    return auditor.may_tell([TellSet(group, kind) for group in groups for kind in kinds])


def _taken(of: Outcomes, comparison: Comparison) -> np.ndarray:
    """The courses that are compared."""
    values = tuple(one.value for one in comparison.groups)
    apart = sides(of, comparison.instrument.key, Levels(comparison.by, values), comparison.where).apart
    found = judged(Counting(of, comparison.instrument.key, apart), MEASURES[comparison.measure], comparison.courses)
    mask = np.zeros(len(of.courses), dtype=bool)
    mask[found.course] = True
    return mask


def _compared_only(group: Group) -> Result:
    """A group's result over the courses that are compared."""
    compared, result = group.compared, with_parts(group.result, ("core",), has_median=False)
    if isinstance(result, Mean):
        is_same = result.n == compared.n
        ends = (result.low, result.high) if is_same else (None, None)
        return replace(result, n=compared.n, estimate=compared.estimate, sd=compared.sd, low=ends[0], high=ends[1])
    if result.denominator == compared.n:
        return result
    low, high = (None if not compared.n else float(end[0]) for end in wilson(
        np.array([compared.numerator]), np.array([compared.n])))
    return replace(result, numerator=compared.numerator, denominator=compared.n, estimate=compared.estimate, low=low,
                   high=high, interval="wilson")
