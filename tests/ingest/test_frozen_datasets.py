"""A dataset that stays comes back with everything that was said of its files."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.ingest.frozen_datasets import dataset_to_frames, frames_to_dataset
from analytics.ingest.frozen_tables import frames_to_tables, tables_to_frames
from analytics.ingest.load import load
from analytics.ingest.read import Source
from tests.ingest.cohort import faulty_export
from tests.ingest.files import loaded
from tests.ingest.test_frozen_tables import DATED, UNTIL, VISITS

ASKED = "patient_id,date,phq9\n" + "".join(f"P{place},0{month}/03/2025,9\n" for place in range(3) for month in (1, 2))


@pytest.mark.parametrize("text", [VISITS, DATED, UNTIL, ASKED, faulty_export(3), "patient_id,day,phq9\n", ""])
def test_findings_patients_of_their_rows_and_samples_come_back_exactly(text):
    tables = loaded(text)
    again = frames_to_dataset(dataset_to_frames(tables))
    assert again.findings == tables.findings and again.columns == tables.columns and again.files == tables.files
    assert set(again.patient_of_row) == {file for file, rows in tables.patient_of_row.items() if len(rows)}
    for file, patients in again.patient_of_row.items():
        pd.testing.assert_series_equal(patients, tables.patient_of_row[file])


def test_there_are_findings_with_rows_and_with_answers_to_lose():
    tables = loaded(faulty_export(3))
    assert any(one.rows for one in tables.findings) and tables.patient_of_row
    assert any(one.choices for one in loaded(ASKED).findings)


def test_the_tables_are_those_that_a_load_keeps():
    tables = loaded(faulty_export(3))
    frames = dataset_to_frames(tables)
    plain, facts = tables_to_frames(tables)
    assert {name: frames[name] for name in plain} == plain
    pd.testing.assert_frame_equal(frames_to_dataset(frames).assessments, frames_to_tables(plain, facts).assessments)


def test_the_same_dataset_is_the_same_bytes():
    assert dataset_to_frames(loaded(faulty_export(3))) == dataset_to_frames(loaded(faulty_export(3)))


def test_what_is_dropped_by_the_screen_is_in_no_frame():
    text = "patient_id,email,day,phq9,notes\na,nobody@example.org,0,20,Call Dr Nobody back on Monday\n"
    for content in dataset_to_frames(load([Source("scores.csv", text.encode())])).values():
        assert b"nobody@" not in content and b"Dr Nobody" not in content
