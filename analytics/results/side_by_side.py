"""One cohort by every definition: each measure, how far two agree, and each preset beside the one in force."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes, outcomes
from analytics.courses.reuse import Build, built_once
from analytics.definitions.measures import MEASURES, Measure
from analytics.definitions.rules import PRESET_NAMES, RuleSet, rule_set
from analytics.results.cohorts import Where, in_cohort, strata
from analytics.results.ground import headline_measure
from analytics.results.rates import Counting, Mean, Rate, rates
from analytics.results.summary import summarize
from analytics.statistics.agreement import Agreement, agreement


@dataclass(frozen=True)
class Agreed:
    """Two measures over the courses that both judge, those without an endpoint left aside."""

    first: str
    second: str
    agreement: Agreement


@dataclass(frozen=True)
class ByPreset:
    """The headline measure under one preset.

    Attributes
    ----------
    is_in_force : whether this is the rate by the rules in force, a person's settings included
    rate : missing where the files cannot be counted by the preset
    why_not : empty, or ``no_sessions``, ``no_days``, ``no_attribute`` (a filter asks for one that only exists under
        other rules) or ``same`` (without sessions the preset is another one)
    problem : what ``outcomes`` said, where it refused
    """

    preset: str
    is_in_force: bool
    rules: RuleSet
    rate: Rate | None
    why_not: str
    problem: str = ""


@dataclass(frozen=True)
class SideBySide:
    """Every definition of one instrument over one cohort."""

    instrument: str
    headline: str
    measures: tuple[Rate | Mean, ...]
    agreements: tuple[Agreed, ...]
    presets: tuple[ByPreset, ...]


def side_by_side(of: Outcomes, instrument: str, where: Where | None = None) -> SideBySide:
    """Every measure of one instrument for one cohort, and what the choice among them does.

    Raises
    ------
    ValueError
        When the files do not hold the instrument or the attribute of a filter.
    """
    if instrument not in of.instrument_keys:
        raise ValueError(f"There is no instrument in the files called {instrument!r}; there are "
                         f"{', '.join(of.instrument_keys) or 'none'}.")
    results = summarize(of, where=where, instruments=(instrument,)).results
    measures = tuple(one for one in results if one.instrument == instrument)
    return SideBySide(instrument, headline_measure(of.instruments[instrument]).key, measures,
                      agreements(of, instrument, where), presets(of, instrument, where))


def agreements(of: Outcomes, instrument: str, where: Where | None = None) -> tuple[Agreed, ...]:
    """How far each two yes/no measures of the score agree; item 9 asks other courses and stays aside."""
    rows = of.rows_of(instrument)
    rows = rows[in_cohort(of, where or {})[rows["course"].to_numpy()]]
    chosen = [one for one in of.measures_of(instrument)
              if one.kind == "rate" and one.key in rows and one.at_risk is None]
    answers = {one.key: _answers(rows, one) for one in chosen}
    return tuple(Agreed(first, second, agreement(answers[first], answers[second]))
                 for first, second in combinations(answers, 2))


def _answers(rows: pd.DataFrame, measure: Measure) -> np.ndarray:
    """1 yes, 0 no, nan where the course is not judged or has no endpoint."""
    answers = rows[measure.key].astype("Float64").to_numpy(float, na_value=np.nan)
    return np.where(rows["has_endpoint"].to_numpy(bool), answers, np.nan)


def presets(of: Outcomes, instrument: str, where: Where | None = None) -> tuple[ByPreset, ...]:
    """The headline measure by the rules in force, and by every preset with a person's cut-offs and no other setting."""
    cut_offs = tuple(pair for pair in of.rules.settings if "." in pair[0] and not pair[0].startswith("by_indication."))
    found = [ByPreset(of.rules.preset, True, of.rules, _rate(of, instrument, where), "")]
    build = built_once()
    for name in PRESET_NAMES:
        rules = rule_set(name, cut_offs)
        if rules != of.rules:
            found.append(_by_preset(of, rules, instrument, where, build))
    return tuple(found)


def _by_preset(of: Outcomes, rules: RuleSet, instrument: str, where: Where | None, build: Build) -> ByPreset:
    has_sessions = not of.tables.sessions.empty
    reason = ""
    if not has_sessions and rules.preset == "clinic":
        reason = "same"
    elif not has_sessions and rules.base.requires_sessions:
        reason = "no_sessions"
    elif of.axis == "visit" and rules.base.counts_from_index:
        reason = "no_days"
    if reason:
        return ByPreset(rules.preset, False, rules, None, reason)
    try:
        then = outcomes(of.tables, rules, of.as_of, only=(instrument,), build=build)
    except ValueError as refused:
        return ByPreset(rules.preset, False, rules, None, "refused", str(refused))
    try:
        return ByPreset(rules.preset, False, rules, _rate(then, instrument, where), "")
    except ValueError:
        return ByPreset(rules.preset, False, rules, None, "no_attribute")


def _rate(of: Outcomes, instrument: str, where: Where | None) -> Rate:
    stays = in_cohort(of, where or {})
    measure = MEASURES[headline_measure(of.instruments[instrument]).key]
    return rates(Counting(of, instrument, strata(of, (), stays)), measure)[0]
