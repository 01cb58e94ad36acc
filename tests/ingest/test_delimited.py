"""Encodings, delimiters, quotes, and the row numbers a spreadsheet shows."""

from __future__ import annotations

import codecs
import csv

import pytest

from analytics.ingest.delimited import read_delimited
from analytics.ingest.grid import split_line
from tests.ingest.files import codes, finding, loaded, place, scores

PLAIN = "patient_id,day,phq9,site\nP1,0,20,Zürich\nP1,28,9,Zürich\nP2,0,18,Genève\n"
EXPECTED = [("P1", "phq9", 0, 20.0), ("P1", "phq9", 28, 9.0), ("P2", "phq9", 0, 18.0)]


@pytest.mark.parametrize("content", [
    PLAIN.encode(), codecs.BOM_UTF8 + PLAIN.encode(), PLAIN.encode("utf-16"), PLAIN.encode("utf-16-le"),
    PLAIN.encode("utf-16-be"), codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"), PLAIN.encode("utf-32"),
], ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16-le bare", "utf-16-be bare", "utf-16-be with mark", "utf-32"])
def test_unicode_is_told_by_itself(content):
    tables = loaded(content)
    assert scores(tables) == EXPECTED
    assert sorted(tables.attributes["value"]) == ["Genève", "Zürich"]
    assert codes(tables) == []


@pytest.mark.parametrize(("encoding", "title"), [("cp1252", "Windows-1252"), ("latin-1", "Latin-1")])
def test_older_encodings_are_guessed_and_said(encoding, title):
    text = PLAIN.replace("Genève", "Gen\x81ve") if encoding == "latin-1" else PLAIN
    tables = loaded(text.encode(encoding))
    assert scores(tables) == EXPECTED
    assert place(finding(tables, "encoding_guessed")) == ("note", "scores.csv", None, ())
    assert title in finding(tables, "encoding_guessed").problem


def test_a_mark_before_text_that_is_not_what_it_says():
    tables = loaded(codecs.BOM_UTF8 + PLAIN.encode("cp1252"))
    assert scores(tables) == EXPECTED


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter):
    text = PLAIN.replace(",", delimiter).replace("Zürich", "a, b; c" if delimiter not in ",;" else "a b")
    assert scores(loaded(text.encode())) == EXPECTED


def test_the_delimiter_is_the_one_that_fits_every_row():
    text = b"patient_id|remark, one, two, three, four|day|phq9\nP1|a, b|0|20\nP2|c|0|18\nP3|d, e, f|0|17\n"
    assert [row[3] for row in scores(loaded(text))] == [20.0, 18.0, 17.0]


def test_decimal_commas_between_semicolons():
    tables = loaded("patient_id;day;pain\nP1;0;7,5\nP1;20;3,0\nP2;0;4\n")
    assert [row[3] for row in scores(tables)] == [7.5, 3.0, 4.0]


@pytest.mark.parametrize("line", ["sep=;\n", '"sep=;"\r\n', "SEP=;\r", "sep=;\n\n"])
def test_the_line_that_announces_a_delimiter_is_no_row(line):
    end = "\r" if line.endswith("\r") else "\n"
    tables = loaded(f"{line}patient_id;day;phq9{end}P1;0;99{end}".encode())
    assert finding(tables, "missing_code").rows == (3 if line.endswith("\n\n") else 2,)


def test_a_tab_is_announced_and_lines_end_in_several_ways():
    assert len(scores(loaded(b"sep=\t\rpatient_id\tday\tphq9\rP1\t0\t20\r"))) == 1
    mixed = loaded(b"North clinic\r\rpatient_id,day,phq9\nP1,0,20\r\nP2,0,300\r")
    assert finding(mixed, "out_of_range").rows == (5,)


def test_a_delimiter_that_is_announced_wins_over_one_that_fits():
    tables = loaded("sep=^\npatient_id^day^phq9^a,b\nP1^0^20^a,b\nP2^0^18^a,b\n")
    assert scores(tables) == [("P1", "phq9", 0, 20.0), ("P2", "phq9", 0, 18.0)]


def test_quoted_delimiters_and_line_breaks_keep_row_numbers():
    tables = loaded('patient_id,day,phq9,remark\n'
                    'P1,0,20,"first line\nsecond, line\n\nthird"\n'
                    'P1,28,300,"said ""ok"""\n')
    assert finding(tables, "out_of_range").rows == (3,)
    assert [tuple(one) for one in scores(tables)] == [("P1", "phq9", 0, 20.0)]


def test_a_quoted_line_break_in_the_header():
    tables = loaded('patient_id,day,"phq9\ntotal"\nP1,0,20\nP2,0,300\n')
    assert place(finding(tables, "out_of_range")) == ("drops_rows", "scores.csv", "phq9\ntotal", (3,))


def test_blank_lines_count_but_are_no_rows():
    tables = loaded(b"\npatient_id,day,phq9\n\nP1,0,20\n,,\nP2,0,300\n   \n\n")
    assert finding(tables, "out_of_range").rows == (6,)
    assert tables.files[0].rows == 2


def test_too_many_cells_drop_the_row_and_too_few_are_filled():
    tables = loaded("patient_id,day,phq9\nP1,0,20,7\nP2,0,18,,\nP3,0\nP4,0,11\n")
    assert place(finding(tables, "row_ragged")) == ("drops_rows", "scores.csv", None, (2,))
    assert place(finding(tables, "row_short")) == ("note", "scores.csv", None, (4,))
    assert [row[0] for row in scores(tables)] == ["P2", "P4"]
    assert (tables.files[0].rows, tables.files[0].rows_used, tables.files[0].rows_blank) == (4, 2, 1)


@pytest.mark.parametrize("text", [
    'patient_id,day,phq9,remark\nP1,0,20,"5 foot\nP2,0,18,ok\nP3,0,11,ok\n',
    'patient_id,day,phq9,remark\nP1,0,20,"5 foot\nP2,0,18,ok\nP3,0,11,"6 foot\n',
])
def test_a_lone_quotation_mark_swallows_no_row(text):
    tables = loaded(text)
    assert [row[0] for row in scores(tables)] == ["P1", "P2", "P3"]
    assert finding(tables, "lone_quote").rows[0] == 2
    assert finding(tables, "lone_quote").severity == "note"


def test_nul_characters_fail_the_check_of_their_cell():
    tables = loaded(b"patient_id,day,phq9\nP1,0,2\x000\nP2,0,18\n")
    assert place(finding(tables, "nul_bytes")) == ("note", "scores.csv", None, (2,))
    assert place(finding(tables, "not_a_number")) == ("drops_rows", "scores.csv", "phq9", (2,))
    assert scores(tables) == [("P2", "phq9", 0, 18.0)]


@pytest.mark.parametrize("text", ["a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "a,b\n1,2\n3,4", "a,b\r\n1,2\n3,4\r\n"])
def test_line_ends(text):
    grid = read_delimited(text.encode())
    assert grid.headers == ("a", "b")
    assert [column.to_pylist() for column in grid.columns] == [["1", "3"], ["2", "4"]]
    assert grid.rows.tolist() == [2, 3]


def test_a_cell_larger_than_the_csv_module_takes():
    long = "x" * 200_000
    tables = loaded(f"patient_id,day,phq9,remark\nP1,0,20,{long}\n\nP2,0,300,a\n")
    assert finding(tables, "out_of_range").rows == (4,)
    assert scores(tables) == [("P1", "phq9", 0, 20.0)]
    assert read_delimited(f"a,b\r{long},2\r".encode()).columns[1].to_pylist() == ["2"]
    assert read_delimited(f'a,b\r"{long}",2\r'.encode()).columns[1].to_pylist() == ["2"]
    quoted = loaded(f'patient_id,day,phq9,remark\nP1,0,20,"{long}\n{long}"\nP2,0,11,a\n')
    assert ("P2", "phq9", 0, 11.0) in scores(quoted)


def test_a_quoted_line_break_at_the_very_end():
    grid = read_delimited(b'a,b\n1,"x\ny"')
    assert [column.to_pylist() for column in grid.columns] == [["1"], ["x\ny"]]
    assert grid.lone_quotes == ()


def test_a_quotation_mark_that_stays_open_to_the_end():
    grid = read_delimited(b'a,b\n1,"x\n2,y\n3,z\n')
    assert [column.to_pylist() for column in grid.columns] == [["1", "2", "3"], ['"x', "y", "z"]]
    assert grid.lone_quotes == (2,)


def test_the_plain_and_the_careful_way_agree():
    rows = [f"P{number},{number},{number % 28},\"a {number}\"" for number in range(500)]
    text = "patient_id,day,phq9,remark\n" + "\n".join(rows) + "\n"
    plain, careful = read_delimited(text.encode()), read_delimited((text + "\n").replace("\n", "\r").encode())
    assert [column.to_pylist() for column in plain.columns] == [column.to_pylist() for column in careful.columns]
    assert plain.rows.tolist() == careful.rows.tolist()


def test_later_columns_of_one_name_and_nameless_ones_are_not_read():
    tables = loaded("patient_id,day,phq9,phq9,\nP1,0,20,3,x1\nP2,0,18,4,x2\n")
    assert [row[3] for row in scores(tables)] == [20.0, 18.0]
    assert place(finding(tables, "duplicate_header")) == ("note", "scores.csv", "phq9", ())
    assert "1 column has no name" in finding(tables, "blank_header").problem
    assert {use.column: use.field for use in tables.columns}["(column 5)"] is None
    named = loaded("patient_id,day,phq9,\nP1,0,20,x1\nP2,0,18,x2\n", mapping={"(column 4)": "attribute"})
    assert named.attribute_names == ("(column 4)",)


def test_a_column_name_without_end_is_refused():
    tables = loaded(f"patient_id,day,phq9,{'x' * 2_000_000}\nP1,0,20,1\n")
    assert finding(tables, "unreadable").problem.endswith("a table with a column name of 2,000,000 characters.")


def test_a_cell_longer_than_the_csv_module_takes_is_plain_text():
    longest = csv.field_size_limit()
    fits, too_long = "a" * longest, "a" * (longest + 1)
    assert split_line(f'"{fits}",1', ",") == [fits, "1"]
    assert split_line(f'"{too_long}",1', ",") == [f'"{too_long}"', "1"]
