"""Courses built once for all rules that build the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from analytics.courses.build import Built, built
from analytics.definitions.rules import RuleSet
from analytics.definitions.tables import Tables

Build = Callable[[Tables, RuleSet, date | None], Built]
"""How courses are made of tables: ``built``, or something that answers as it does."""


def built_once() -> Build:
    """``built`` for one set of tables and one as-of day: courses of rules that build alike are made once."""
    made: dict[tuple, Built] = {}

    def build(tables: Tables, rule_set: RuleSet, as_of: date | None = None) -> Built:
        if rule_set.is_by_indication:
            return built(tables, rule_set, as_of)
        key = _building(rule_set)
        if key not in made:
            made[key] = built(tables, rule_set, as_of)
        found = made[key]
        return found if found.rule_set == rule_set else replace(
            found, rules=(rule_set.base,), rule=np.zeros_like(found.rule), rule_set=rule_set)

    return build


def _building(rule_set: RuleSet) -> tuple:
    """What of the rules decides which courses there are and what they are called."""
    base = rule_set.base
    blocks = (base.gap_days, base.induction_gap_days, base.induction_span_days, base.induction_max_sessions,
              base.planned_sessions, base.complete_sessions)
    # An index score is the first that is a case: by the cut-offs that a person set.
    return (*blocks, *((base.eligible, base.scoring, rule_set.settings) if base.counts_from_index else ()))
