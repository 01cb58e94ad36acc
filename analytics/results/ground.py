"""What every recount of one rate stands on: the courses, the cohort, and the scores before and after."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from analytics.courses.blocks import NO_ID
from analytics.courses.build import Built, built
from analytics.courses.judgement import Pair, standing
from analytics.courses.outcomes import Outcomes, kept_courses
from analytics.courses.rows import pair_of
from analytics.courses.scores import Scores
from analytics.courses.windows import scores_of
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES, Measure
from analytics.definitions.rules import Rules
from analytics.definitions.tables import Tables
from analytics.results.cohorts import Where, in_cohort


@dataclass(frozen=True)
class Ground:
    """What every recount of one cohort, instrument and measure stands on.

    Attributes
    ----------
    kept : courses that the rules in force keep at all; one element a course of ``courses``
    stays : courses that the filters keep
    """

    tables: Tables
    courses: Built
    instrument: Instrument
    measure: Measure
    where: Where
    kept: np.ndarray
    stays: np.ndarray
    _pairs: dict[tuple, Pair] = field(default_factory=dict, repr=False, compare=False)

    def pair(self, courses: Built) -> Pair:
        """The scores before and after of each course; found once for rules that choose the same scores."""
        key = (courses.rule_set.base.scoring, *(_choosing(one) for one in courses.rules))
        if key not in self._pairs:
            self._pairs[key] = pair_of(courses, self.tables, self.instrument)
        return self._pairs[key]

    @cached_property
    def every_score(self) -> Scores:
        """The scores of the instrument, those during and after a session too, with every course of their patient.

        Where days restart with each course a score still belongs to its own: no other knows when it was.
        """
        courses = self.courses
        table = courses.assessments
        ids = courses.assessment_course_id if courses.has_own_days else np.full(len(table), NO_ID)
        table = table.drop(columns="timing") if "timing" in table else table
        return self._scores(replace(courses, assessments=table, assessment_course_id=ids))

    @cached_property
    def usable_score(self) -> Scores:
        """The scores of the instrument that the rules would use, with the courses that they may serve."""
        return self._scores(self.courses)

    def _scores(self, courses: Built) -> Scores:
        is_strict = self.courses.rule_set.base.scoring == "complete"
        return scores_of(courses, self.tables, self.instrument, is_strict)[0]


def _choosing(rules: Rules) -> tuple:
    """What of the rules decides which scores stand for before and after."""
    return (rules.baseline_window, rules.baseline_pick, rules.baseline_visit, rules.endpoint_window,
            rules.endpoint_pick, rules.endpoint_anchor, rules.endpoint_target_day, rules.endpoint_visit,
            rules.counts_from_index, rules.eligible if rules.counts_from_index else None)


def headline_measure(instrument: Instrument) -> Measure:
    """The measure that stands at the top of a page: response, and for pain 30 % down."""
    return MEASURES["pain_30" if instrument.is_pain else "response"]


def ground(of: Outcomes, instrument: str, where: Where | None = None, measure: str | None = None) -> Ground:
    """What the recounts of one rate stand on.

    Parameters
    ----------
    measure : a rate of benefit of the instrument; missing means its headline

    Raises
    ------
    ValueError
        When the files do not hold the instrument, or the measure is none of that kind.
    """
    if instrument not in of.instrument_keys:
        raise ValueError(f"There is no instrument in the files called {instrument!r}; there are "
                         f"{', '.join(of.instrument_keys) or 'none'}.")
    scale = of.instruments[instrument]
    chosen = headline_measure(scale) if measure is None else MEASURES.get(measure)
    if chosen is None or not is_recounted(chosen, scale):
        usable = [one.key for one in of.measures_of(instrument) if is_recounted(one, scale)]
        raise ValueError(f"A rate of benefit was needed ({', '.join(usable)}); {measure!r} came.")
    return ground_of(of.tables, built(of.tables, of.rules, of.as_of), scale, chosen, where or {}, of)


def is_recounted(measure: Measure, instrument: Instrument) -> bool:
    """Whether a measure can be counted anew: a rate of benefit on one scale."""
    return measure.kind == "rate" and measure.direction == "benefit" and measure.applies_to(instrument)


def ground_of(
    tables: Tables, courses: Built, instrument: Instrument, measure: Measure, where: Where, of: Outcomes
) -> Ground:
    """The same over courses that are built already.

    Parameters
    ----------
    of : any outcomes of the same tables; its own courses do not matter
    """
    return Ground(tables, courses, instrument, measure, where, kept_courses(tables, courses, standing(courses)),
                  in_cohort(replace(of, courses=courses.courses), where))
