"""Workbooks of every kind, and what a spreadsheet knows besides its values."""

from __future__ import annotations

import io
import os
import zipfile

import pytest
import xlsxwriter

from analytics.ingest import old_workbooks, sheet_xml, workbooks
from analytics.ingest.load import load, open_files, tables_of
from analytics.ingest.read import Source
from tests.ingest.books import (
    OLD_BOOK,
    accounted,
    book,
    changed,
    open_document,
    open_row,
    sheet_book,
    text_cell,
    zipped,
)
from tests.ingest.files import codes, finding, place, scores

ROWS = [["patient_id", "day", "phq9"], ["P1", 0, 20], ["P1", 28, 9], ["P2", 0, 18]]
EXPECTED = [("P1", "phq9", 0, 20.0), ("P1", "phq9", 28, 9.0), ("P2", "phq9", 0, 18.0)]
SHEET = "xl/worksheets/sheet1.xml"


def opened(content: bytes, name: str = "book.xlsx", **options):
    return load([Source(name, content)], **options)


def written(make) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        make(made, made.add_worksheet("Scores"))
    return target.getvalue()


def test_an_old_workbook():
    tables = opened(OLD_BOOK, "scores.xls")
    assert [row[0] for row in scores(tables)] == ["P1", "P1", "P2", "P3"]
    assert place(finding(tables, "out_of_range")) == ("drops_rows", "scores.xls [Scores]", "phq9", (7,))
    assert place(finding(tables, "merged_filled")) == ("note", "scores.xls [Scores]", "patient_id", (7,))
    assert tables.axis == "date"
    assert accounted(tables)


@pytest.mark.parametrize(("code", "words"), [
    (old_workbooks.PASSWORD, "password"), (old_workbooks.DAMAGED, "damaged"), (old_workbooks.SPARSE, "memory"),
    (-9, "memory"),
])
def test_why_an_old_workbook_gives_nothing(monkeypatch, code, words):
    class Done:
        returncode, stdout = code, b""

    monkeypatch.setattr(workbooks.subprocess, "run", lambda *_, **__: Done)
    assert words in finding(opened(OLD_BOOK), "unreadable").problem


def test_an_old_workbook_that_takes_too_long(monkeypatch):
    def run(command, **_):
        raise workbooks.subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(workbooks.subprocess, "run", run)
    assert "memory" in finding(opened(OLD_BOOK), "unreadable").problem


def test_a_damaged_old_workbook_and_other_old_documents(monkeypatch):
    broken = workbooks.OLE_MARK + bytes(600) + "Workbook".encode("utf-16-le")
    assert "damaged" in finding(opened(broken), "unreadable").problem
    assert "no workbook" in finding(opened(workbooks.OLE_MARK + bytes(600)), "unreadable").problem
    monkeypatch.setattr(workbooks, "_MOST_OLD_BYTES", 100)
    assert "size" in finding(opened(OLD_BOOK), "unreadable").problem


def test_a_workbook_with_a_password():
    protected = workbooks.OLE_MARK + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    tables = opened(protected)
    assert place(finding(tables, "unreadable")) == ("blocks", "book.xlsx", None, ())
    assert "password" in finding(tables, "unreadable").problem
    rows = open_row("patient_id", "day", "phq9")
    locked = changed(open_document(rows), "META-INF/manifest.xml", b"<manifest/>",
                     b"<manifest><encryption-data/></manifest>")
    assert "password" in finding(opened(locked, "book.ods"), "unreadable").problem


def test_an_open_document_and_its_hidden_rows():
    rows = "".join(open_row(*row) for row in ROWS[:2])
    rows += open_row("P1", 28, 9, extra=' table:visibility="collapse"') + open_row("P2", 0, 300)
    rows += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    tables = opened(open_document(rows), "scores.ods")
    assert scores(tables) == EXPECTED[:2]
    assert place(finding(tables, "hidden_rows")) == ("note", "scores.ods [Scores]", None, (3,))
    assert finding(tables, "out_of_range").rows == (4,)


@pytest.mark.parametrize(("content", "words"), [
    (zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "no workbook"),
    (zipped({"[Content_Types].xml": "", "xl/workbook.bin": ""}), ".xlsb"),
    (open_document("", mimetype="application/vnd.oasis.opendocument.text"), "no workbook"),
    (zipped({"xl/workbook.xml": "<workbook/>"}), "damaged"),
    (zipped({"xl/workbook.xml": "<workbook", "xl/_rels/workbook.xml.rels": "<x/>"}), "damaged"),
    (changed(open_document(open_row("a")), "content.xml", b"</table:table>", b""), "damaged"),
    (changed(book(Scores=ROWS), "xl/_rels/workbook.xml.rels", b"sheet1.xml", b"sheet7.xml"), "damaged"),
])
def test_zipped_documents_that_are_no_readable_workbook(content, words):
    assert words in finding(opened(content), "unreadable").problem


def test_a_workbook_with_a_damaged_member():
    content = bytearray(book(Scores=ROWS))
    where = content.find(SHEET.encode()) + len(SHEET) + 4
    content[where:where + 60] = bytes(60)
    assert "damaged" in finding(opened(bytes(content)), "unreadable").problem


def test_monthly_sheets_are_one_dataset():
    sheets = {f"M{month:02}": [["patient_id", "day", "phq9"], [f"P{month}", 0, 20], [f"P{month}", 28, month]]
              for month in range(1, 13)}
    tables = opened(book(**sheets))
    assert len(tables.assessments) == 24
    assert [one.name for one in tables.files] == [f"book.xlsx [M{month:02}]" for month in range(1, 13)]
    assert codes(tables) == []


def test_sheets_that_may_be_patients_are_asked_about_and_read_as_said():
    sheets = {name: [["day", "phq9"], [0, 20], [28, 9]] for name in ("K1", "K2", "K3")}
    content = book(**sheets, Notes=[["colour"], ["red"]])
    asked = opened(content)
    one = finding(asked, "sheet_names_asked")
    assert place(one) == ("note", "book.xlsx", "(sheet)", ())
    assert [words for _, words in one.choices] == ["patient_id", "attribute", "ignore"]
    assert [one.code for one in asked.findings if one.severity == "blocks"] == ["no_patient_column"]
    told = opened(content, mapping={"(sheet)": "patient_id"})
    assert {row[0] for row in scores(told)} == {"K1", "K2", "K3"}
    assert not told.is_blocked
    assert "sheet_names_asked" not in codes(told)


def test_names_of_sheets_that_were_said_after_opening_are_not_asked_about_again():
    sheets = {name: [["day", "phq9"], [0, 20], [28, 9]] for name in ("K1", "K2", "K3")}
    files = open_files([Source("book.xlsx", book(**sheets))])
    assert "sheet_names_asked" in codes(tables_of(files))
    assert "sheet_names_asked" not in codes(tables_of(files, mapping={"(sheet)": "patient_id"}))
    assert "sheet_names_asked" in codes(tables_of(files, mapping={"day": "day"}))


def test_a_workbook_of_which_nothing_is_known_is_refused_once():
    tables = opened(book(One=[["colour"], ["red"]], Two=[["taste"], ["sweet"]]))
    assert [one.code for one in tables.findings if one.severity == "blocks"] == ["nothing_recognised"]


def test_sheets_with_a_patient_column_are_not_asked_about():
    sheets = dict.fromkeys(("North", "South"), ROWS)
    assert "sheet_names_asked" not in codes(opened(book(**sheets)))
    by_site = opened(book(North=ROWS, South=[ROWS[0], ["P8", 0, 20]]), mapping={"(sheet)": "attribute"})
    assert sorted(set(by_site.attributes["value"])) == ["North", "South"]


def test_hidden_rows_and_sheets_are_read_and_told():
    def make(made, sheet):
        for row, cells in enumerate(ROWS):
            sheet.write_row(row, 0, cells)
        for row in (0, 2, 9):
            sheet.set_row(row, None, None, {"hidden": True})
        other = made.add_worksheet("Old")
        other.write_row(0, 0, ["patient_id", "day", "gad7"])
        other.write_row(1, 0, ["P1", 0, 11])
        other.hide()

    tables = opened(written(make))
    assert scores(tables) == [("P1", "gad7", 0, 11.0), *EXPECTED]
    assert place(finding(tables, "hidden_rows")) == ("note", "book.xlsx [Scores]", None, (3,))
    assert place(finding(tables, "sheet_hidden")) == ("note", "book.xlsx [Old]", None, ())


def test_merged_cells_are_filled_where_they_say_where_a_row_belongs():
    def make(made, sheet):
        sheet.merge_range(0, 0, 0, 3, "North clinic")
        sheet.write_row(1, 0, ["patient_id", "day", "phq9", "remark"])
        for row, (day, score) in enumerate([(0, 20), (28, 9), (56, 7), (0, 18)], start=2):
            sheet.write_row(row, 1, [day, score])
        sheet.merge_range(2, 0, 4, 0, "P1")
        sheet.write(5, 0, "P2")
        sheet.merge_range(3, 3, 4, 3, "same")
        sheet.merge_range(6, 0, 8, 0, "P3")

    tables = opened(written(make))
    assert scores(tables) == [*EXPECTED[:2], ("P1", "phq9", 56, 7.0), EXPECTED[2]]
    assert place(finding(tables, "merged_filled")) == ("note", "book.xlsx [Scores]", "patient_id", (4, 5))
    assert place(finding(tables, "merged_not_filled")) == ("note", "book.xlsx [Scores]", "remark", (5,))
    assert accounted(tables)


def test_merges_that_overlap_fill_once():
    rows = ("<row r=\"1\">" + text_cell("A1", "patient_id") + text_cell("B1", "phq9") + "</row>"
            + "".join(f'<row r="{row}"><c r="B{row}"><v>3</v></c></row>' for row in range(2, 7)))
    rows = rows.replace('<row r="2">', '<row r="2">' + text_cell("A2", "P1"))
    merges = "".join(f'<mergeCell ref="{place}"/>' for place in ("A2:A4", "A3:A5", "Z2:Z4"))
    merges = f"<mergeCells>{merges}</mergeCells>"
    assert finding(opened(sheet_book(rows, merges)), "merged_filled").rows == (3, 4)


@pytest.mark.parametrize("cell", ['<c r="C3"><f>A1+1</f></c>', '<c r="C3"><f>A1+1</f><v></v></c>',
                                  '<c r="C3" t="str"><f>A1+1</f><v/></c>'])
def test_a_formula_without_its_result_is_not_read_as_blank_in_silence(cell):
    header = "".join(text_cell(f"{letter}1", name) for letter, name in zip("ABC", ROWS[0], strict=True))
    rows = (f'<row r="1">{header}</row><row r="2">{text_cell("A2", "P1")}<c r="B2"><v>0</v></c><c r="C2"><f>B2</f>'
            f'<v>0</v></c></row><row r="3">{text_cell("A3", "P1")}<c r="B3"><v>28</v></c>{cell}</row>')
    content = changed(sheet_book(rows), "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
    tables = opened(content)
    assert place(finding(tables, "formula_without_value")) == ("drops_rows", "book.xlsx [Scores]", "phq9", (3,))
    assert scores(tables) == [("P1", "phq9", 0, 0.0)]
    assert accounted(tables)


def test_formulas_of_a_program_that_writes_0_for_every_result():
    """XlsxWriter and others write 0 and ask for the sums to be made when the file is opened: 0 would be remission."""
    def make(made, sheet):
        sheet.write_row(0, 0, ["patient_id", "day", "phq9"])
        sheet.write_row(1, 0, ["P1", 0])
        sheet.write_formula(1, 2, "=10+10")
        sheet.write_row(2, 0, ["P1", 28])
        sheet.write_formula(2, 2, "=4+5", value=9)
        sheet.write_row(3, 0, ["P2", 0, 0])
        sheet.write_formula(4, 0, "=A4")

    tables = opened(written(make))
    told = {one.column: one.rows for one in tables.findings if one.code == "formula_without_value"}
    assert told == {"phq9": (2,), "patient_id": (5,)}
    assert scores(tables) == [("P1", "phq9", 28, 9.0), ("P2", "phq9", 0, 0.0)]
    assert tables.files[0].rows == 4
    assert accounted(tables)


def test_a_sheet_without_header_among_others_is_left_out_and_alone_is_refused():
    values = [[1, 2, 3], [4, 5, 6]]
    tables = opened(book(Scores=ROWS, Numbers=values))
    assert place(finding(tables, "sheet_no_header")) == ("drops_rows", "book.xlsx [Numbers]", None, ())
    assert scores(tables) == EXPECTED
    title = [["Totals of the year"], ["x", "y", "z"], ["x", "y", "z"]]
    assert finding(opened(book(Scores=ROWS, Board=title)), "sheet_no_header").file == "book.xlsx [Board]"
    assert codes(opened(book(Numbers=values))) == ["no_header"]
    assert "no_header" in codes(opened(book(One=values, Two=values)))
    assert codes(opened(book(Board=title))) == ["no_header"]


def test_a_workbook_of_headers_alone():
    assert codes(opened(book(One=ROWS[:1]))) == ["no_rows"]
    tables = opened(book(One=ROWS[:1], Two=ROWS[:1]))
    assert tables.is_blocked
    assert finding(opened(book(One=ROWS, Two=ROWS[:1])), "sheet_empty").file == "book.xlsx [Two]"


@pytest.mark.parametrize("rows", [
    '<row r="1">{0}</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    '<row r="1">{0}</row><row r="1048576"><c r=\'XFD1048576\'><v>1</v></c></row>',
    '<row r="1">{0}</row><row r="1048576">{1}</row>',
    '<row r="1">{0}</row>' + "<row/>" * 70_000 + '<row><c r="BZ70002"><v>1</v></c></row>',
])
def test_a_sheet_of_a_few_cells_far_apart_is_refused_before_it_is_made(rows):
    across = "<c><v>1</v></c>" * 16_384
    tables = opened(sheet_book(rows.format(text_cell("A1", "patient_id"), across)))
    assert "cells filled" in finding(tables, "unreadable").problem


def test_blank_cells_with_a_format_far_away_do_no_harm():
    rows = f'<row r="1">{text_cell("A1", "patient_id")}{text_cell("B1", "phq9")}</row>'
    rows += f'<row r="2">{text_cell("A2", "P1")}<c r="B2"><v>3</v></c></row>'
    rows += '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    tables = opened(sheet_book(rows))
    assert tables.files[0].rows == 1


@pytest.mark.parametrize(("height", "n_filled", "is_refused"), [
    (10, 1, False), (40, 20, False), (40, 19, True), (101, 1000, True), (100, 1000, False),
])
def test_how_large_and_how_sparse_a_sheet_may_be(monkeypatch, height, n_filled, is_refused):
    monkeypatch.setattr(sheet_xml, "SPARSE_CELLS", 100)
    monkeypatch.setattr(sheet_xml, "MOST_CELLS", 1000)
    facts = sheet_xml.SheetFacts(n_filled=n_filled, height=height, width=10)
    if not is_refused:
        facts.require_room()
        return
    with pytest.raises(sheet_xml.NotATable):
        facts.require_room()


def test_an_open_document_that_repeats_cells_without_end_is_refused():
    wide = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    rows = open_row("patient_id") + f'<table:table-row table:number-rows-repeated="1048575">{wide}</table:table-row>'
    assert "cells filled" in finding(opened(open_document(rows)), "unreadable").problem
    apart = open_row("patient_id", *["x"] * 30)
    apart += '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
    apart += open_row("P1")
    assert "cells filled" in finding(opened(open_document(apart)), "unreadable").problem


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"])
def test_entities_in_a_workbook_are_refused(name):
    content = book(Scores=ROWS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.read(name).split(b"?>", 1)[0] + b"?>"
    tables = opened(changed(content, name, start, start + ENTITIES))
    assert "entities" in finding(tables, "unreadable").problem


def test_a_workbook_in_another_encoding_or_of_another_size_is_refused(monkeypatch):
    content = book(Scores=ROWS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        old = archive.read(SHEET)
    wide = changed(content, SHEET, old, old.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert "encoding" in finding(opened(wide), "unreadable").problem
    monkeypatch.setattr(sheet_xml, "MOST_BYTES", len(old) - 1)
    assert "far more" in finding(opened(content), "unreadable").problem


def test_a_workbook_of_too_many_sheets(monkeypatch):
    monkeypatch.setattr(workbooks, "_MOST_SHEETS", 2)
    assert "unreadable" not in codes(opened(book(A=ROWS, B=[["x"]])))
    assert "3 sheets" in finding(opened(book(A=ROWS, B=[["x"]], C=[["x"]])), "unreadable").problem


def test_the_script_for_old_workbooks_ends_with_its_reason(monkeypatch, capsys):
    monkeypatch.setattr(old_workbooks, "_limit", lambda: None)

    def run(content: bytes) -> int | None:
        monkeypatch.setattr(old_workbooks.sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        try:
            old_workbooks.main()
        except SystemExit as end:
            return end.code
        return None

    assert run(b"nothing") == old_workbooks.DAMAGED
    assert run(OLD_BOOK) is None
    assert '"P1"' in capsys.readouterr().out
    monkeypatch.setattr(old_workbooks, "SPARSE_CELLS", 10)
    assert run(book(A=[["x"], *[[None]] * 30, [None] * 30 + [1]])) == old_workbooks.SPARSE
    assert os.path.exists(old_workbooks.__file__)


def test_sheets_that_may_be_patients_are_asked_about_by_their_names():
    tables = opened(book(**{name: [["Date", "PHQ-9"], ["2024-01-01", 20]] for name in ("KC1", "KC2")}))
    asked = [one for one in tables.findings if one.code == "no_patient_column"]
    assert [one.column for one in asked] == ["(sheet)"]
    assert asked[0].remedy.startswith('Name it with --map "(sheet)=patient_id"')
