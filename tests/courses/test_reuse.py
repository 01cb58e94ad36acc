"""Courses that are built once for rules that build alike are those that each set of rules builds for itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analytics
from analytics.courses import reuse
from analytics.courses.build import built
from analytics.definitions.rules import PRESET_NAMES

SAMPLE = Path(__file__).parents[2] / "sample_data"
SETTINGS = ((), (("eligible", "all"),), (("phq9.caseness", "15"),))
ASKED = [(preset, settings) for settings in SETTINGS for preset in PRESET_NAMES]
ASKED += [(preset, (("gap_days", "30"),)) for preset in ("induction", "first_last", "pain_series")]
ASKED += [("induction", (("complete_sessions", "2"),))]


@pytest.fixture(scope="module")
def tables():
    """The first 60 patients of the sample."""
    whole = analytics.load([SAMPLE / name for name in ("assessments.csv", "sessions.csv", "patients.csv")])
    frames = {name: getattr(whole, name) for name in ("assessments", "sessions", "attributes")}
    return replace(whole, **{name: frame[frame["patient_id"].cat.codes < 60].reset_index(drop=True)
                             for name, frame in frames.items()})


def test_what_was_built_for_others_is_what_would_be_built_anew(tables):
    build = reuse.built_once()
    for preset, settings in ASKED:
        rules = analytics.rule_set(preset, settings)
        again, anew = build(tables, rules, None), built(tables, rules, None)
        assert (again.rules, again.rule_set) == (anew.rules, anew.rule_set)
        pd.testing.assert_frame_equal(again.courses, anew.courses)
        for name in ("anchor_day", "has_anchor", "rule", "first_day", "next_day", "session_key"):
            np.testing.assert_array_equal(getattr(again, name), getattr(anew, name))


def test_rules_that_differ_only_in_what_counts_are_built_once(tables, monkeypatch):
    asked = []
    monkeypatch.setattr(reuse, "built", lambda *given: asked.append(given[1].preset) or built(*given))
    build = reuse.built_once()
    for preset in PRESET_NAMES:
        build(tables, analytics.rule_set(preset), None)
    assert asked == ["clinic", "induction", "pain_series", "twelve_month"]
