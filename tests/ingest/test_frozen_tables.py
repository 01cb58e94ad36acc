"""Tables kept as Parquet and facts come back exactly."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pandas as pd
import pyarrow.parquet as pq
import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.ingest.frozen_tables import frames_to_tables, tables_to_frames
from analytics.ingest.load import load
from analytics.ingest.read import Source
from tests.drawn import attribute, drawn_tables, induction, score
from tests.ingest.cohort import faulty_export
from tests.ingest.files import loaded

VISITS = "patient_id,visit,phq9\na,week 10,5\na,week 2,20\nb,week 2,9\n"
DATED = ("patient_id,assessed_on,time,phq9_1,phq9_9,phq9,site\n"
         "a,2026-01-02,09:30,1,0,20,Ärzte\nb,2026-03-01,,,1,7,=1+1\n")
UNTIL = "patient_id,observed_until_day,day,phq9\na,90,0,20\nb,,0,4\nc,12,3,9\n"


def again(tables):
    frames, facts = tables_to_frames(tables)
    return frames_to_tables(frames, json.loads(json.dumps(facts)))


def assert_same(tables):
    kept = again(tables)
    for name in ("assessments", "sessions", "attributes"):
        before, after = getattr(tables, name), getattr(kept, name)
        pd.testing.assert_frame_equal(before, after, check_exact=True)
        for column in before:
            assert before[column].dtype == after[column].dtype, (name, column)
            if isinstance(before[column].dtype, pd.CategoricalDtype):
                pd.testing.assert_index_equal(before[column].cat.categories, after[column].cat.categories)
    pd.testing.assert_series_equal(tables.observed_until, kept.observed_until)
    for name in ("axis", "instruments", "files", "is_visit_order_known", "as_of", "is_turned_relative"):
        assert getattr(tables, name) == getattr(kept, name), name


@pytest.mark.parametrize("dates", ["keep", "relative"])
@pytest.mark.parametrize("text", [VISITS, DATED, UNTIL, faulty_export(3), "patient_id,day,phq9\n", ""])
def test_tables_come_back_exactly(text, dates):
    assert_same(loaded(text, dates=dates))


def test_categories_that_no_row_has_and_their_order_come_back():
    tables = drawn_tables([score("b", 0, 5, visit="z"), score("a", 0, 5), score("a", 1, 5, visit="m")],
                          visits=("z", "m", "unused"))
    kept = again(tables).assessments["visit"]
    assert kept.cat.categories.tolist() == ["z", "m", "unused"]
    assert kept.cat.ordered
    assert kept.tolist()[0] == "z" and pd.isna(kept.iloc[1])


def test_instruments_of_the_clinic_and_changed_ones_come_back():
    own = replace(BUILT_IN["who5"], key="own", domains=((1, 2), (3,)), other_ranges=((0.0, 25.0),), aliases=("x",))
    tables = replace(drawn_tables([score("a", 0, 5)]), instruments={**BUILT_IN, "own": own}, as_of=date(2026, 1, 2))
    kept = again(tables)
    assert kept.instruments["own"] == own
    assert (kept.instruments["own"].aliases, kept.instruments["own"].answers) == (("x",), own.answers)
    assert kept.instruments["phq9"] is BUILT_IN["phq9"]


def test_columns_come_back_and_findings_and_samples_stay_behind():
    tables = loaded(DATED + "c,soon,,,,3,North\n")
    kept = again(tables)
    assert tables.findings and not kept.findings
    assert [(one.file, one.column, one.field, one.reason) for one in kept.columns] == [
        (one.file, one.column, one.field, one.reason) for one in tables.columns]
    assert not any(getattr(one, "sample", "") for one in kept.columns)


def test_another_program_can_read_the_tables(tmp_path):
    frames, _ = tables_to_frames(drawn_tables([score("a", 0, 5)], induction("a"), [attribute("a", "site", "North")]))
    (tmp_path / "attributes.parquet").write_bytes(frames["attributes"])
    read = pq.read_table(tmp_path / "attributes.parquet").to_pylist()
    assert [(row["patient_id"], row["name"], row["value"]) for row in read] == [("a", "site", "North")]


def test_what_is_dropped_by_the_screen_is_in_no_frame():
    text = "patient_id,email,day,phq9,notes\na,nobody@example.org,0,20,Call Dr Nobody back on Monday\n"
    frames, facts = tables_to_frames(load([Source("scores.csv", text.encode())]))
    for content in (*frames.values(), json.dumps(facts).encode()):
        assert b"nobody@" not in content
        assert b"Dr Nobody" not in content


def test_the_same_tables_are_the_same_bytes():
    assert tables_to_frames(loaded(DATED)) == tables_to_frames(loaded(DATED))


def test_tables_of_another_version_are_refused():
    frames, facts = tables_to_frames(loaded(DATED))
    with pytest.raises(ValueError, match="load its files again"):
        frames_to_tables(frames, facts | {"format": 2})
