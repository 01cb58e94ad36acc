"""What a file is, told by its content; the same table as CSV, XLSX and Parquet."""

from __future__ import annotations

import datetime
import decimal
import gzip
import io
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from analytics.ingest.load import load
from analytics.ingest.read import Source
from tests.ingest.files import codes, finding, loaded, place, scores, source

CSV = "patient_id,assessed_on,phq9,site\n1,2024-01-05,20,North\n1,2024-02-01,9,North\n2,2024-01-08,12.5,South\n"


def workbook(**sheets: list[list]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime.date):
                        sheet.write_datetime(row, column, cell, day)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return target.getvalue()


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("scores.csv", CSV)
    return target.getvalue()


@pytest.mark.parametrize(("content", "words"), [
    (b"%PDF-1.7\n" + b"x" * 200, "PDF"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office"),
    (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"), (gzip.compress(CSV.encode(), mtime=0)[:-20], "gzip"),
    (b"PK\x03\x04broken", "damaged"), (b"PAR1broken", "damaged Parquet"), (b"<html><body>no</body></html>", "web page"),
    (b'{"a": 1}', "JSON"), (bytes(range(1, 32)) * 20, "binary"), (bytes(3000) + b"abc", "binary"),
])
def test_what_is_no_table_is_refused_with_what_it_looks_like(content, words):
    tables = load([Source("scores.csv", content)])
    assert place(finding(tables, "unreadable")) == ("blocks", "scores.csv", None, ())
    assert words in finding(tables, "unreadable").problem
    assert finding(tables, "unreadable").remedy
    assert tables.is_blocked


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n"])
def test_an_empty_file_is_refused(content):
    assert place(finding(loaded(content), "empty")) == ("blocks", "scores.csv", None, ())


@pytest.mark.parametrize("content", [b"patient_id,day,phq9\n", b"patient_id,day,phq9", b"patient_id,day,phq9\n,,\n"])
def test_a_header_alone_is_refused(content):
    assert place(finding(loaded(content), "no_rows")) == ("blocks", "scores.csv", None, ())


def test_a_file_without_header_is_refused_and_none_of_its_cells_is_shown():
    tables = loaded("P77,2024-01-05,phq9,17,17\nP78,2024-01-06,phq9,11,11\n")
    assert codes(tables) == ["no_header"]
    assert not tables.columns
    assert "17" not in str(tables.findings)


def test_the_same_table_as_csv_workbook_and_parquet(tmp_path):
    frame = pd.DataFrame({
        "patient_id": [1, 1, 2], "assessed_on": pd.to_datetime(["2024-01-05", "2024-02-01", "2024-01-08"]),
        "phq9": [20, 9, 12.5], "site": pd.Categorical(["North", "North", "South"])})
    frame.to_parquet(tmp_path / "scores.parquet")
    cells = [["patient_id", "assessed_on", "phq9", "site"],
             [1, datetime.date(2024, 1, 5), 20, "North"], [1, datetime.date(2024, 2, 1), 9, "North"],
             [2, datetime.date(2024, 1, 8), 12.5, "South"]]
    as_csv = load([source(CSV)])
    as_book = load([Source("scores.xlsx", workbook(Scores=cells))])
    as_parquet = load([tmp_path / "scores.parquet"])
    assert scores(as_csv) == scores(as_book) == scores(as_parquet)
    for tables in (as_csv, as_book, as_parquet):
        assert tables.axis == "date"
        assert tables.as_of == datetime.date(2024, 2, 1)
        assert tables.attributes["value"].tolist() == ["North", "South"]
        assert tables.assessments["file_row"].tolist() == [2, 3, 4]
    assert as_book.files[0].name == "scores.xlsx [Scores]"


def test_parquet_with_text_missing_and_nested_columns(tmp_path):
    frame = pd.DataFrame({"patient_id": ["P1", "P2"], "day": [0.0, None], "phq9": ["20", "18"], "more": [[1], [2]],
                          "site": [b"North", b"South"], "nothing": [None, None]})
    frame.to_parquet(tmp_path / "scores.parquet")
    tables = load([tmp_path / "scores.parquet"])
    assert scores(tables) == [("P1", "phq9", 0, 20.0)]
    assert finding(tables, "day_missing").rows == (3,)
    assert "North" in tables.attributes["value"].tolist()


def test_cells_of_a_workbook_as_text():
    rows = [["patient_id", "assessed_on", "time_of_day", "phq9", "flag", None],
            [17, datetime.datetime(2024, 1, 5, 8, 30), datetime.time(9, 15), 20.0, True, None],
            ["17", datetime.datetime(2024, 1, 6), None, 19.0, False, None]]
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Scores")
        formats = {datetime.datetime: "yyyy-mm-dd hh:mm", datetime.time: "hh:mm"}
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                form = formats.get(type(cell))
                if form:
                    sheet.write_datetime(row, column, cell, book.add_format({"num_format": form}))
                elif cell is not None:
                    sheet.write(row, column, cell)
        sheet.write_blank(0, 6, None, book.add_format({"bold": True}))
    tables = load([Source("book.xlsx", target.getvalue())], attributes=["flag"])
    assert scores(tables) == [("17", "phq9", 19727, 20.0), ("17", "phq9", 19728, 19.0)]
    assert tables.assessments["time"].fillna(-1).tolist() == [555, -1]
    assert sorted(tables.attributes["value"]) == ["False", "True"]
    assert codes(tables) == []


def test_a_damaged_workbook_and_damaged_text_in_parquet():
    content = bytearray(workbook(Scores=[["patient_id", "day", "phq9"], ["P1", 0, 20]]))
    content[content.find(b"xl/worksheets/sheet1.xml") + 40:][:20] = bytes(20)
    where = content.find(b"xl/worksheets/sheet1.xml") + 40
    content[where:where + 40] = bytes(40)
    assert codes(load([Source("book.xlsx", bytes(content))])) == ["unreadable"]
    frame = pd.DataFrame({"patient_id": ["P1234567"], "day": [0], "phq9": [20]})
    target = io.BytesIO()
    frame.to_parquet(target, compression="none")
    damaged = target.getvalue().replace(b"P1234567", b"P12\xff4567")
    assert codes(load([Source("scores.parquet", damaged)])) == ["unreadable"]


def test_kinds_of_columns_in_parquet():
    target = io.BytesIO()
    table = pa.table({
        "patient_id": pa.array([17, 18, 19], pa.int64()), "phq9": pa.array([decimal.Decimal("20.00"), None, 9]),
        "assessed_on": pa.array([datetime.datetime(2024, 1, 5, 8, 30), None, None], pa.timestamp("ns", tz="UTC")),
        "site": pa.array(["a", "b", "b"], pa.large_string()).dictionary_encode(),
        "far": pa.array([10_000_000, 1, 2], pa.date32()), "span": pa.array([1, 2, 3], pa.duration("s")),
        "__index_level_0__": [1, 2, 3]})
    pq.write_table(table, target)
    tables = load([Source("scores.parquet", target.getvalue())])
    assert scores(tables) == [("17", "phq9", 19727, 20.0)]
    assert tables.assessments["time"].tolist() == [510]
    rows = tables.attributes
    assert rows.loc[rows["name"] == "site", "value"].tolist() == ["a", "b", "b"]
    assert finding(tables, "column_not_used").problem == "1 column was not used: far."


def test_every_sheet_that_is_known_is_read_and_others_are_noted():
    content = workbook(
        Scores=[["patient_id", "day", "phq9"], ["P1", 0, 20], ["P1", 28, 300]],
        Sessions=[["patient_id", "day", "dose_mg"], ["P1", 0, 40.0]],
        Colours=[["red", "green"], ["a", "b"]], Nothing=[], Later=[["patient_id", "day", "gad7"]])
    tables = load([Source("book.xlsx", content)])
    assert place(finding(tables, "sheet_not_used")) == ("note", "book.xlsx [Colours]", None, ())
    assert place(finding(tables, "out_of_range")) == ("drops_rows", "book.xlsx [Scores]", "phq9", (3,))
    assert [one.kind for one in tables.files] == ["assessments", "sessions", "not used"]
    assert tables.sessions["dose"].tolist() == [40.0]
    assert not tables.is_blocked


def test_a_workbook_of_which_no_sheet_is_known_is_refused():
    content = workbook(One=[["red", "green"], ["a", "b"]], Two=[["red", "green"], ["a", "b"]])
    tables = load([Source("book.xlsx", content)])
    assert place(finding(tables, "nothing_recognised")) == ("blocks", "book.xlsx", None, ())


def test_an_empty_workbook():
    assert codes(load([Source("book.xlsx", workbook(One=[]))])) == ["empty"]


def test_a_workbook_whose_table_starts_lower_keeps_its_row_numbers():
    rows = [[], [], ["patient_id", "day", "phq9"], [], ["P1", 0, 300]]
    tables = load([Source("book.xlsx", workbook(Scores=rows))])
    assert finding(tables, "out_of_range").rows == (5,)


def test_a_path_that_is_not_there_is_the_callers_mistake(tmp_path):
    with pytest.raises(OSError):
        load([tmp_path / "nothing.csv"])


def test_the_same_file_twice_is_read_once():
    tables = load([source(CSV, "a.csv"), source(CSV, "b.csv")])
    assert place(finding(tables, "duplicate_file")) == ("drops_rows", "b.csv", None, ())
    assert scores(tables) == scores(loaded(CSV))


def test_two_files_of_one_name_are_told_apart():
    tables = load([source(CSV, "a.csv"), source(CSV.replace("North", "West").replace("20,", "300,"), "a.csv")])
    assert finding(tables, "out_of_range").file == "a.csv (2)"
