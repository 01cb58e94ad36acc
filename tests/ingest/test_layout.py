"""Where the table is: titles above it, second header rows, totals below, and rows that are not guessed at."""

from __future__ import annotations

import pytest

from analytics.ingest.layout import header_place
from tests.ingest.books import accounted, book
from tests.ingest.files import codes, finding, loaded, place, scores

HEADER = "patient_id,day,phq9,gad7"
ROWS = "P1,0,20,11\nP1,28,9,4\nP2,0,18,300\n"
TITLE = "North clinic\nExported for the board\n\n"


def test_a_title_block_above_the_header_is_passed_over_and_named():
    tables = loaded(TITLE + HEADER + "\n" + ROWS)
    assert place(finding(tables, "header_moved")) == ("note", "scores.csv", None, (1, 2))
    assert "row 4" in finding(tables, "header_moved").problem
    assert finding(tables, "out_of_range").rows == (7,)
    assert tables.assessments["file_row"].max() == 7
    assert tables.files[0].rows == 3
    assert len(scores(tables)) == 5


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_title_does_not_decide_the_delimiter(delimiter):
    text = "Scores, all of them\n" + (HEADER + "\n" + ROWS).replace(",", delimiter)
    tables = loaded(text if delimiter != "," else text.replace("Scores, all", "Scores; all"))
    assert len(scores(tables)) == 5
    assert finding(tables, "header_moved").rows == (1,)


def test_a_title_in_a_workbook_keeps_its_row_numbers():
    rows = [["North clinic"], ["Patients: 2"], [], *[line.split(",") for line in (HEADER + "\n" + ROWS).split("\n")]]
    tables = loaded(book(Scores=rows[:-1]))
    assert finding(tables, "header_moved").rows == (1, 2)
    assert finding(tables, "out_of_range").rows == (7,)


def test_quoted_line_breaks_in_the_title_and_the_header_keep_row_numbers():
    tables = loaded('"North\nclinic"\n' + HEADER.replace("gad7", '"gad7\ntotal"') + "\n" + ROWS)
    assert finding(tables, "header_moved").rows == (1,)
    assert finding(tables, "out_of_range").rows == (5,)


def test_a_header_the_caller_names_wins_over_what_looks_like_a_title():
    text = "Kuerzel;;;\nx1;y1;z1;w1\nP1;0;20;11\nP2;0;18;4\n"
    assert codes(loaded(text)) == ["no_header"]
    tables = loaded(text, mapping={"Kuerzel": "patient_id"})
    assert "no_header" not in codes(tables)
    assert tables.files[0].rows == 3


@pytest.mark.parametrize(("records", "expected"), [
    ([["a", "b"], ["1", "2"]], 0),
    ([["", ""], ["patient_id", "b"], ["1", "2"]], 1),
    ([["title", "", ""], ["patient", "day", "phq9"], ["P1", "0", "3"]], 1),
    ([["title", "", ""], ["P1", "0", "3"], ["P2", "1", "4"]], None),
    ([["title", "", ""], ["red", "green", "blue"], ["P2", "1", "4"]], None),
    ([["title", "more", "", ""], ["patient", "day", "phq9", "x"], ["P1", "0", "3", "1"]], 1),
    ([["patient", "day", "phq9", ""], ["P1", "0", "3", "1"], ["P1", "0", "3", "1"]], 0),
    ([["patient_id", "", ""], ["P1", "x", "y"], ["P2", "x", "y"]], 0),
    ([["title", "", ""], ["patient code", "yes", "no"], ["patient code", "yes", "no"]], None),
    ([["patient_id", "", "phq9"], ["P1", "week 4", "week 4"], ["P2", "week 8", "3"]], 0),
    ([["patient_id", "", "phq9"], ["week 4", "12", "12"], ["P2", "week 8", "3"]], 0),
    ([["", "Before", "After"], ["patient", "PHQ-9", "PHQ-9"], ["P1", "20", "3"]], 1),
    ([["phq9"], ["3"]], 0), ([[""]], None), ([], None),
])
def test_which_row_is_the_header(records, expected):
    assert header_place(records) == expected


def test_the_row_of_groups_above_names_completes_names_that_come_twice():
    tables = loaded(",Baseline,,Week 4,\npatient_id,PHQ-9,GAD-7,PHQ-9,GAD-7\nP1,20,11,9,4\nP2,18,8,3,2\n")
    assert finding(tables, "header_joined").rows == (1, 2)
    assert [column.column for column in tables.columns] == [
        "patient_id", "Baseline PHQ-9", "Baseline GAD-7", "Week 4 PHQ-9", "Week 4 GAD-7"]
    assert len(tables.assessments) == 8


def test_names_below_a_row_of_groups_that_names_the_patient():
    tables = loaded("patient_id,Baseline,,Week 4,\n,PHQ-9,GAD-7,PHQ-9,GAD-7\nP1,20,11,9,4\nP2,18,8,3,2\n")
    assert [column.column for column in tables.columns][:3] == ["patient_id", "Baseline PHQ-9", "Baseline GAD-7"]
    assert len(tables.assessments) == 8
    assert accounted(tables)


@pytest.mark.parametrize("second", [
    "code,days since start,0 to 27 points,points", ",(d),(0-27),", "Record,Study day,PHQ-9 Total,GAD-7 Total",
    '"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}","{""ImportId"":""QID3""}",',
])
def test_a_second_header_row_is_no_patient(second):
    tables = loaded(f"{HEADER}\n{second}\n{ROWS}")
    assert place(finding(tables, "second_header")) == ("drops_rows", "scores.csv", None, (2,))
    assert finding(tables, "out_of_range").rows == (5,)
    assert len(scores(tables)) == 5
    assert tables.files[0].rows == 4
    assert accounted(tables)


def test_several_second_header_rows():
    tables = loaded(f"{HEADER}\nRecord,Day,Total,Total\nid,d,points,points\n{ROWS}")
    assert finding(tables, "second_header").rows == (2, 3)


@pytest.mark.parametrize("first", [
    "P9,0,declined,5", "P9,0,mild,moderate", "P9,declined,,3", "P9,unknown,refused,NA", "P9,,mild,",
])
def test_a_first_row_with_a_number_or_words_for_missing_is_a_patients(first):
    tables = loaded(f"{HEADER}\n{first}\n{ROWS}")
    assert "second_header" not in codes(tables)


@pytest.mark.parametrize("label", [
    "Total", "TOTAL:", "Mean", "Average score", "Grand total", "Mean (SD)", "n = 3", "Total patients: 3", "Mittelwert",
])
def test_a_total_at_the_foot_is_no_patient(label):
    tables = loaded(f"{HEADER}\n{ROWS}\n{label},,47,15\n")
    assert place(finding(tables, "total_row")) == ("drops_rows", "scores.csv", None, (6,))
    assert {row[0] for row in scores(tables)} == {"P1", "P2"}
    assert tables.files[0].rows == 4
    assert accounted(tables)


def test_words_that_could_be_codes_are_totals_only_beside_one():
    beside = loaded(f"{HEADER}\n{ROWS}Mean,,15.7,7.5\nSD,,5.8,3\nN,,3,3\n")
    assert finding(beside, "total_row").rows == (5, 6, 7)
    alone = loaded(f"{HEADER}\n{ROWS}SD,0,5,3\nMIN,0,3,3\n")
    assert "total_row" not in codes(alone)
    assert {"SD", "MIN"} <= {row[0] for row in scores(alone)}


def test_a_remark_below_the_table_and_one_that_belongs_to_a_patient():
    tables = loaded(f"{HEADER}\n{ROWS}\n* scores of the paper forms\nPrinted by the front desk\n")
    assert finding(tables, "total_row").rows == (6, 7)
    kept = loaded(f"{HEADER}\n{ROWS}P 77\n")
    assert "total_row" not in codes(kept)


def test_a_total_in_the_middle_only_by_its_plain_word_in_the_first_column():
    more = "".join(f"P{number},0,18,3\n" for number in range(2, 40))
    tables = loaded(f"{HEADER}\nP1,0,20,11\nP1,28,9,4\nTotal,,29,15\n{more}")
    assert finding(tables, "total_row").rows == (4,)


def test_a_first_column_that_says_total_on_many_rows_is_a_category():
    rows = "".join(f"Total,P{n},0,{n}\n" for n in range(1, 20))
    tables = loaded(f"kind,patient_id,day,phq9\n{rows}")
    assert "total_row" not in codes(tables)
    assert len(scores(tables)) == 19


def test_a_header_that_comes_again_on_each_page():
    tables = loaded(f"{HEADER}\nP1,0,20,11\n{HEADER}\nP1,28,9,4\n\n{HEADER}\nP2,0,18,3\n")
    assert place(finding(tables, "repeated_header")) == ("drops_rows", "scores.csv", None, (3, 6))
    assert len(scores(tables)) == 6
    assert tables.files[0].rows == 5
    assert accounted(tables)


def test_a_cell_that_is_called_like_its_column_is_no_header():
    tables = loaded("site,patient_id,day,phq9\nsite,P1,0,20\nNorth,P2,0,18\n")
    assert "repeated_header" not in codes(tables)


def test_headers_another_program_made_up_are_blank_ones():
    tables = loaded("Unnamed: 0,patient_id,day,phq9,Unnamed: 4\n0,P1,0,20,x\n1,P2,0,18,y\n")
    assert finding(tables, "blank_header").problem.startswith("2 columns have no name")
    assert [column.column for column in tables.columns] == ["(column 1)", "patient_id", "day", "phq9", "(column 5)"]
    mapped = loaded("Unnamed: 0,day,phq9\nP1,0,20\nP2,0,18\n", mapping={"Unnamed: 0": "patient_id"})
    assert len(scores(mapped)) == 2


def test_every_kind_of_row_at_once():
    foot = "Total,,50,18\n* as of May this year\n"
    tables = loaded(f"North clinic\n\n{HEADER}\ncode,days,points,points\n{ROWS}{HEADER}\nP3,0,3,3\n\n{foot}")
    expected = {"header_moved": (1,), "second_header": (4,), "repeated_header": (8,), "total_row": (11, 12)}
    assert {code: finding(tables, code).rows for code in expected} == expected
    record = tables.files[0]
    assert (record.rows, record.rows_used, record.rows_blank) == (8, 4, 0)
    assert accounted(tables)


def test_a_table_of_totals_alone_is_left_as_it_is():
    assert "total_row" not in codes(loaded(f"{HEADER}\nTotal,0,20,3\n"))
