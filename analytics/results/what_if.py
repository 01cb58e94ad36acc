"""What another rule would change: one setting at a time, against the rules in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analytics.courses.build import built
from analytics.courses.outcomes import Outcomes, outcomes
from analytics.definitions.rules import Rules, RuleSet, rule_set
from analytics.definitions.tables import Tables
from analytics.results.cohorts import Where
from analytics.results.ground import Ground, ground, ground_of
from analytics.results.recount import Counted, by_rules

ALTERNATIVES: Mapping[str, tuple[str, ...]] = {
    "gap_days": ("45", "60", "90"),
    "baseline_window": ("-14..0", "-30..0", "-60..0", "..0"),
    "baseline_pick": ("last", "first", "worst"),
    "endpoint_window": ("1..14", "1..31", "14..31", "1..60"),
    "endpoint_pick": ("last", "last_available"),
    "kinds": ("induction", "re_induction", "induction,re_induction", "induction,re_induction,incomplete"),
    "eligible": ("caseness", "all"),
    "first_course_only": ("true",),
    "complete_inductions_only": ("true",),
    "missing": ("observed", "failure"),
}
"""The settings that are asked about, and what they could be, in the words of the command line."""

_BUILDS = ("gap_days",)
"""Settings that decide what a course is."""


@dataclass(frozen=True)
class Alternative:
    """One setting that is otherwise than in the rules in force.

    Attributes
    ----------
    setting, value : in the words of the command line
    rules : the rules with that one change
    count : the rate by them
    n_change : courses more in the denominator
    change : change of the rate, -1 to 1; missing where one of the two has no course to count
    """

    setting: str
    value: str
    rules: RuleSet
    count: Counted
    n_change: int
    change: float | None


@dataclass(frozen=True)
class WhatIf:
    """The rate by the rules in force, and by each change of one of them."""

    instrument: str
    measure: str
    count: Counted
    alternatives: tuple[Alternative, ...]


def what_if(
    tables: Tables, rules: RuleSet, instrument: str, measure: str | None = None, where: Where | None = None,
    as_of: date | None = None, of: Outcomes | None = None,
) -> WhatIf:
    """The rate by the rules in force and by every alternative that is something else.

    Parameters
    ----------
    measure : a rate of benefit; missing means the instrument's headline
    of : outcomes of these tables and rules, where they are there already

    Windows are asked about only where the rules have one that closes; what the rules cannot be given is left out.

    Raises
    ------
    ValueError
        As ``outcomes``, and when the instrument or the measure is not there.
    """
    of = of or outcomes(tables, rules, as_of, only=(instrument,))
    on = ground(of, instrument, where, measure)
    in_force = by_rules(on)
    found = []
    for setting, values in ALTERNATIVES.items():
        for value in values if _is_asked(setting, on) else ():
            changed = _changed(of.rules, setting, value)
            if changed is not None and _used(changed, on) != on.courses.rules:
                found.append(_alternative(of, on, in_force, changed, (setting, value)))
    return WhatIf(instrument, on.measure.key, in_force, tuple(found))


def _is_asked(setting: str, on: Ground) -> bool:
    base = on.courses.rule_set.base
    has_sessions = bool(on.courses.has_sessions.any())
    if setting == "baseline_window":
        return has_sessions and base.baseline_window[1] is not None and base.baseline_visit is None
    if setting in ("endpoint_window", "endpoint_pick"):
        return has_sessions and base.endpoint_window[1] is not None and base.endpoint_visit is None
    if setting == "baseline_pick":
        return base.baseline_visit is None
    return has_sessions or setting in ("eligible", "missing", "first_course_only")


def _changed(rules: RuleSet, setting: str, value: str) -> RuleSet | None:
    """The rules with one change; missing where these rules do not take it."""
    others = tuple(pair for pair in rules.settings if pair[0] != setting)
    try:
        return rule_set(rules.preset, (*others, (setting, value)))
    except ValueError:
        return None


def _used(rules: RuleSet, on: Ground) -> tuple[Rules, ...]:
    """The changed rules in the place of each that the courses follow."""
    if not rules.is_by_indication:
        return (rules.base,) * len(on.courses.rules)
    return tuple(rules.rules_for(one.preset) for one in on.courses.rules)


def _alternative(
    of: Outcomes, on: Ground, in_force: Counted, rules: RuleSet, change: tuple[str, str]
) -> Alternative:
    if change[0] in _BUILDS:
        courses = built(of.tables, rules, of.as_of)
        count = by_rules(ground_of(of.tables, courses, on.instrument, on.measure, on.where, of))
    else:
        count = by_rules(on, _used(rules, on))
    both = in_force.estimate is not None and count.estimate is not None
    return Alternative(*change, rules, count, count.denominator - in_force.denominator,
                       count.estimate - in_force.estimate if both else None)
