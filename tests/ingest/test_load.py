"""The tables that come out: kinds of columns, and that no bytes bring an exception."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import analytics.ingest
from analytics.definitions.findings import SEVERITIES
from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.tables import Tables
from analytics.ingest.load import load
from analytics.ingest.read import Source
from tests.ingest.files import codes, finding, loaded, scores

FILES = (
    "patient_id,course_id,day,phq9,site\nP2,A,0,18,South\nP1,,0,20,North\nP1,,28,9,North\n",
    "patient_id,course_id,day,dose_mg,route,nausea,planned_sessions\nP2,A,0,40,IM,,4\nP1,,0,42.5,IV,yes,\nP3,,1,40,IV,no,6\n",
)


def test_kinds_of_columns():
    tables = loaded(*FILES)
    assert tables.assessments.dtypes.astype(str).to_dict() == {
        "patient_id": "category", "course_id": "str", "day": "Int32", "visit": "category", "time": "Int32",
        "timing": "category", "instrument": "category", "total": "Float64", "prorated": "boolean",
        "n_items_missing": "Int32", "self_harm_item": "Int8", "file": "category", "file_row": "Int32"}
    assert tables.sessions.dtypes.astype(str).to_dict() == {
        "patient_id": "category", "course_id": "str", "day": "Int32", "route": "category", "dose": "Float64",
        "dose_unit": "category", "planned_sessions": "Int32", "nausea": "boolean", "file": "category",
        "file_row": "Int32"}
    assert tables.attributes.dtypes.astype(str).to_dict() == {
        "patient_id": "category", "course_id": "str", "day": "Int32", "name": "category", "value": "str",
        "file": "category", "file_row": "Int32"}
    for frame in (tables.assessments, tables.sessions, tables.attributes):
        assert frame["patient_id"].cat.categories.tolist() == ["P1", "P2", "P3"]
    assert tables.instruments.keys() == BUILT_IN.keys()
    assert tables.sessions["course_id"].isna().tolist() == [False, True, True]


def test_empty_tables_have_the_same_kinds():
    nothing = load([])
    assert nothing.assessments.dtypes.astype(str).to_dict() == loaded(*FILES).assessments.dtypes.astype(str).to_dict()
    assert nothing.sessions.empty
    assert nothing.attributes.empty
    assert nothing.attribute_names == ()
    assert not nothing.is_blocked


def test_files_in_one_table_or_in_several_give_the_same():
    together = loaded("patient_id,day,phq9,dose_mg\nP1,0,20,\nP1,0,,40\nP1,28,9,\n")
    apart = loaded("patient_id,day,phq9\nP1,0,20\nP1,28,9\n", "patient_id,day,dose_mg\nP1,0,40\n")
    assert scores(together) == scores(apart)
    assert together.sessions[["day", "dose"]].equals(apart.sessions[["day", "dose"]])


def test_numbers_are_read_once_per_text_and_never_by_the_slow_ways():
    """pandas reads 5 million texts as numbers in seconds where Arrow takes hundredths."""
    for module in Path(analytics.ingest.__file__).parent.glob("*.py"):
        slow = re.search(r"to_numeric|pd\.read_csv|\.apply\(|iterrows|itertuples", module.read_text("utf-8"))
        assert slow is None, f"{module.name}: {slow}"


def test_totals_beyond_a_byte_do_not_wrap(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text("""
[big]
title = "Big"
about = "anxiety"
minimum = 0
maximum = 600
n_items = 6
item_minimum = 0
item_maximum = 100
recall_days = 1
caseness = {comparison = ">=", value = 10, source = "drawn"}
response = {value = 0.5, source = "drawn"}
bands = []
bands_source = "drawn"
missing_items = {most_missing = 0, source = "drawn"}
licence = "drawn"
source = "drawn"
""", encoding="utf-8")
    from analytics.definitions.custom_instruments import instruments_from_toml

    tables = loaded("patient_id,day,big_q1,big_q2,big_q3,big_q4,big_q5,big_q6\nP1,0,100,100,100,100,100,99\n",
                    instruments=instruments_from_toml(path))
    assert scores(tables) == [("P1", "big", 0, 599.0)]
    assert "big" in tables.instruments


def test_a_large_clean_file_names_its_one_fault():
    drawn = np.random.default_rng(3)
    n_rows = 60_000
    frame = pd.DataFrame({"patient_id": np.char.add("P", (np.arange(n_rows) // 4).astype(str)),
                          "day": np.tile(np.arange(0, 28, 7), n_rows // 4), "phq9": drawn.integers(0, 28, n_rows)})
    text = frame.to_csv(index=False).split("\n")
    text[41_234] = "P3,4,99,1,2"
    text[50_000] = "P3,3,twelve"
    tables = loaded("\n".join(text).encode())
    assert finding(tables, "row_ragged").rows == (41_235,)
    assert finding(tables, "not_a_number").rows == (50_001,)
    assert len(tables.assessments) == n_rows - 2


def test_one_path_needs_no_list(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text(FILES[0], encoding="utf-8")
    assert scores(load(path)) == scores(load(str(path))) == scores(load([path]))


def test_names_of_files_and_sheets_stay_apart():
    names = ["a.csv", "a.csv", "a.csv (2)"]
    tables = load([Source(name, FILES[0].replace("20", str(place)).encode()) for place, name in enumerate(names)])
    assert [record.name for record in tables.files] == ["a.csv", "a.csv (2)", "a.csv (2) (2)"]


def test_several_files_of_sessions_with_different_columns():
    tables = loaded("patient_id,day,dose,route\nP1,0,40,IV\n", "patient_id,day,minutes,route\nP1,3,45,IM\n")
    assert tables.sessions["dose"].isna().tolist() == [False, True]
    assert tables.sessions["minutes"].isna().tolist() == [True, False]
    assert tables.sessions["route"].astype("str").tolist() == ["IV", "IM"]
    several = loaded("patient_id,day,dose\nP1,0,40\n", "patient_id,day,route\nP1,3,IM\n")
    assert several.sessions["route"].isna().tolist() == [True, False]


def check(tables: Tables) -> None:
    for one in tables.findings:
        assert one.severity in SEVERITIES
        assert one.problem
        assert one.remedy
        assert list(one.rows) == sorted(set(one.rows))
    for record in tables.files:
        assert record.rows_used >= 0
        assert record.rows_blank >= 0
        dropped = {row for one in tables.findings if one.file == record.name and one.severity == "drops_rows"
                   for row in one.rows}
        assert record.rows - record.rows_used - record.rows_blank <= len(dropped)


CELL = st.one_of(
    st.sampled_from(["", "P1", "P2", "0", "1", "28", "7", "99", "NA", "2024-01-05", "2024-02-30", "yes", "IV",
                     "baseline", "week 4", "phq9", "gad7", "twelve", "1e400", "-", "\x00", '"', "a\nb", "é", " ",
                     "12:30", "5,5", "session"]),
    st.text(max_size=4))
HEADER = st.one_of(
    st.sampled_from(["patient_id", "day", "date", "visit", "phq9", "gad7", "phq9_1", "phq9_2", "phq9_week4", "total",
                     "instrument", "dose_mg", "route", "site", "name", "course_id", "time", "timing", "treated_on",
                     "who5", "observed_until_day", "planned_sessions", "record_type", "nausea", "phase", "pain", "",
                     "phq9_q1"]),
    st.text(max_size=5))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300))
def test_no_bytes_bring_an_exception(content):
    check(load([Source("bytes", content)]))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"\xfe\xff", b"sep=;\n", b"patient_id,day,phq9\n",
                        b"%PDF"]),
       st.binary(max_size=80))
def test_no_bytes_behind_a_known_start_bring_an_exception(start, content):
    check(load([Source("bytes", start + content)]))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(HEADER, min_size=1, max_size=6).flatmap(lambda headers: st.tuples(
    st.just(headers), st.lists(st.lists(CELL, min_size=0, max_size=len(headers) + 1), max_size=6))),
    st.sampled_from([",", ";", "\t"]), st.sampled_from(["keep", "relative"]))
def test_no_small_table_brings_an_exception(table, delimiter, dates):
    headers, rows = table
    text = "\n".join(delimiter.join(cells) for cells in [headers, *rows])
    check(load([Source("table.csv", text.encode("utf-8", errors="surrogatepass"))], dates=dates))


def quoted(cells: list[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


@settings(max_examples=24, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=8))
def test_cells_come_back_as_they_were_quoted(rows):
    text = quoted(["patient_id", "day", "phq9", "site"]) + "\n" + "".join(quoted(cells) + "\n" for cells in rows)
    tables = load([Source("table.csv", text.encode("utf-8", errors="replace"))])
    check(tables)
    plain = {(cells[0].strip(), int(cells[1]), float(cells[2])) for cells in rows
             if cells[0].strip() in ("P1", "P2") and cells[1] in ("0", "1", "28", "7") and cells[2] in ("0", "1", "7")}
    if tables.axis == "day" and not tables.is_blocked:
        assert plain <= {(row[0], row[2], row[3]) for row in scores(tables)} or "encoding_guessed" in codes(tables)


@pytest.mark.parametrize("mapping", [
    {"phq9": "pain_vas[0..1]"}, {"day": "visit"}, {"phq9": "phq9@post"}, {"site": "route"}, {"site": "record_type"},
    {"site": "instrument", "phq9": "total"}, {"day": "treated_on"}, {"site": "course_id"}, {"patient_id": "ignore"},
    {"site": "timing", "day": "time"}, {"day": "day@post", "phq9": "phq9@post"}, {"site": "observed_until_day"}])
def test_no_mapping_brings_an_exception(mapping):
    check(load([Source("scores.csv", FILES[0].encode())], mapping=mapping))
    check(load([Source("scores.csv", FILES[0].encode())], mapping=mapping, dates="relative"))
