"""Whatever column types a notebook or a parallel reader hands over, the outcomes are the same."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analytics.courses.outcomes import outcomes
from analytics.definitions.rules import rule_set
from tests.drawn import attribute, drawn_tables, induction, score


@pytest.fixture
def tables():
    scores = [score("a", 0, 100, instrument="pain_vas"), score("a", 30, 50, instrument="pain_vas"),
              score("b", 0, 90, instrument="pain_vas"), score("b", 30, 70, instrument="pain_vas")]
    return drawn_tables(scores, induction("a", route="IV") + induction("b"), [attribute("c", "site", "North")])


def with_types(tables, **types):
    """The tables with other column types, where a table has the column."""
    frames = {name: getattr(tables, name) for name in ("assessments", "sessions", "attributes")}
    return replace(tables, **{
        name: frame.astype({column: kind for column, kind in types.items() if column in frame})
        for name, frame in frames.items()})


@pytest.mark.parametrize("types", [
    {"total": "Int8"}, {"total": "int8"}, {"total": "float32"}, {"day": "Int64"}, {"day": "int32[pyarrow]"},
    {"patient_id": "str"}, {"patient_id": "object"}, {"patient_id": "string[pyarrow]"}, {"instrument": "str"},
    {"instrument": "object"}, {"route": "category"}, {"course_id": "string[pyarrow]"}, {"name": "category"}], ids=str)
def test_column_types_change_nothing(tables, types):
    expected = outcomes(tables, rule_set("pain_series"))
    other = outcomes(with_types(tables, **types), rule_set("pain_series"))
    pd.testing.assert_frame_equal(other.table, expected.table)
    assert other.courses["kind"].tolist() == expected.courses["kind"].tolist()
    assert other.counts == expected.counts


def test_twice_a_score_of_a_hundred_does_not_overflow(tables):
    of = outcomes(with_types(tables, total="Int8"), rule_set("pain_series"))
    assert of.table["pain_50"].tolist() == [True, False]


def test_categories_that_differ_between_tables_are_matched_by_name(tables):
    turned = tables.sessions["patient_id"].cat.set_categories(["c", "b", "a"])
    other = replace(tables, sessions=tables.sessions.assign(patient_id=turned))
    pd.testing.assert_frame_equal(outcomes(other, rule_set("pain_series")).table,
                                  outcomes(tables, rule_set("pain_series")).table)
