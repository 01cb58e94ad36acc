"""HTML and SpreadsheetML that programs save as .xls."""

from __future__ import annotations

import pytest

from analytics.ingest import markup_tables
from analytics.ingest.load import load
from analytics.ingest.read import Source
from tests.ingest.books import accounted
from tests.ingest.files import codes, finding, place, scores

EXPECTED = [("P1", "phq9", 0, 20.0), ("P1", "phq9", 28, 9.0), ("P2", "phq9", 0, 18.0)]
HTML_ROWS = ("<tr><th>patient_id</th><th>day</th><th>phq9</th></tr><tr><td>P1</td><td>0</td><td>20</td></tr>"
             "<tr><td>P1<td> 28 <td><b>9</b></tr><tr><td>P2</td><td>0</td><td>18</td></tr>")


def opened(text: str | bytes, **options):
    return load([Source("scores.xls", text.encode() if isinstance(text, str) else text)], **options)


@pytest.mark.parametrize("page", [
    "<html><body><table>{}</table></body></html>", "<table>{}</table>",
    "<!DOCTYPE html><html><head><meta charset='utf-8'><style>td {{x: 1}}</style></head><table>{}</table>",
    "\n<HTML xmlns:x='urn:schemas-microsoft-com:office:excel'><TABLE>{}</TABLE></HTML>",
    "<html><table><tr><td><table>{}</table></td></tr></table></html>",
    "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><table>{}</table></html>",
    "<meta http-equiv='Content-Type' content='text/html; charset=utf-8'><table><thead>{}</thead></table>",
    "<html><!-- <table><tr><td>no</td></tr></table> --><table>{}</table>",
])
def test_a_page_with_one_table(page):
    tables = opened(page.format(HTML_ROWS))
    assert scores(tables) == EXPECTED
    assert [one.name for one in tables.files] == ["scores.xls"]
    assert codes(tables) == []


def test_a_page_in_another_encoding_and_with_marks_in_its_cells():
    name = "Zürich&nbsp;&amp;&lt;b&gt;<script>x()</script>"
    page = f"<html><table>{HTML_ROWS}</table></html>".replace("<td>P2", f"<td>{name}")
    for encoding in ("utf-8", "cp1252", "utf-16"):
        tables = opened(page.encode(encoding))
        assert scores(tables)[-1] == ("Zürich &<b>", "phq9", 0, 18.0)


def test_two_tables_of_a_page_are_two_tables():
    other = HTML_ROWS.replace("phq9", "gad7").replace("20", "300")
    tables = opened(f"<html><table>{HTML_ROWS}</table><table><tr></tr></table><table>{other}</table></html>")
    assert [one.name for one in tables.files] == ["scores.xls [table 1]", "scores.xls [table 3]"]
    assert place(finding(tables, "out_of_range")) == ("drops_rows", "scores.xls [table 3]", "gad7", (2,))


def test_cells_over_several_rows_and_columns():
    page = ("<table><tr><td colspan=3>North clinic</td></tr><tr><th>patient_id<th>day<th>phq9</tr>"
            "<tr><td rowspan=2>P1</td><td>0</td><td>20</td></tr><tr><td>28</td><td>9</td></tr>"
            "<tr><td>P2</td><td>0</td><td>18</td></tr></table>")
    tables = opened(page)
    assert scores(tables) == EXPECTED
    assert finding(tables, "merged_filled").rows == (4,)
    assert finding(tables, "header_moved").rows == (1,)
    assert accounted(tables)


def test_a_cell_at_the_end_of_a_row_that_goes_down():
    page = ("<table><tr><th>patient_id<th>day<th>phq9<th>site</tr><tr><td>P1<td>0<td>20<td rowspan=2>North</tr>"
            "<tr><td>P1<td>28<td>9</tr><tr><td>P2<td>0<td>18<td>South</tr></table>")
    tables = opened(page)
    assert scores(tables) == EXPECTED
    assert sorted(set(tables.attributes["value"])) == ["North", "South"]
    assert place(finding(tables, "merged_filled")) == ("note", "scores.xls", "site", (3,))


SPREADSHEET = ('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
               '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
               'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{}</Workbook>')


def sheet(rows: str, name: str = "Scores") -> str:
    return f'<Worksheet ss:Name="{name}"><Table>{rows}</Table></Worksheet>'


def row(*cells: object, extra: str = "") -> str:
    made = []
    for cell in cells:
        kind = "String" if isinstance(cell, str) else "Number"
        made.append("<Cell/>" if cell is None else f'<Cell><Data ss:Type="{kind}">{cell}</Data></Cell>')
    return f"<Row{extra}>{''.join(made)}</Row>"


ROWS = row("patient_id", "day", "phq9") + row("P1", 0, 20) + row("P1", 28, 9) + row("P2", 0, 18)


def test_a_spreadsheet_in_xml_and_its_second_sheet():
    other = sheet(row("patient_id", "day", "gad7") + row("P1", 0, 11), "More")
    tables = opened(SPREADSHEET.format(sheet(ROWS) + other))
    assert scores(tables) == [("P1", "gad7", 0, 11.0), *EXPECTED]
    assert [one.name for one in tables.files] == ["scores.xls [Scores]", "scores.xls [More]"]
    assert len(scores(opened(SPREADSHEET.format(sheet(ROWS)).encode("utf-16")))) == 3


def test_places_dates_truth_merges_and_hidden_rows_of_a_spreadsheet_in_xml():
    date = '<Cell ss:Index="2"><Data ss:Type="DateTime">2024-01-{}T00:00:00.000</Data></Cell>'
    rows = (row("patient_id", "assessed_on", "phq9", "flag")
            + '<Row ss:Index="4"><Cell ss:MergeDown="1"><Data ss:Type="String">P1</Data></Cell>' + date.format("05")
            + '<Cell><Data ss:Type="Number">20</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>'
            + '<Row ss:Hidden="1">' + date.format("06")
            + '<Cell><Data ss:Type="Number">300</Data></Cell><Cell><Data ss:Type="Boolean">0</Data></Cell></Row>'
            + "<Row/>")
    tables = opened(SPREADSHEET.format(sheet(rows)), attributes=["flag"])
    assert tables.axis == "date"
    assert finding(tables, "out_of_range").rows == finding(tables, "hidden_rows").rows == (5,)
    assert finding(tables, "merged_filled").rows == (5,)
    assert tables.attributes["value"].tolist() == ["True", "False"]
    assert tables.files[0].rows == 2


@pytest.mark.parametrize(("text", "words"), [
    ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><Workbook>&a;</Workbook>', "entities"),
    ('<!DOCTYPE x SYSTEM "http://x.invalid/x.dtd" [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>', "entities"),
    ('<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://example.invalid/x.dtd"><x/>', "entities"),
    ('<?xml version="1.0"?><patients><patient/></patients>', "without a table"),
    ("<html><p>no table</p></html>", "without a table"), ("<html><table></table></html>", "without a table"),
    ("<html", "without a table"), (SPREADSHEET.format(""), "without a table"),
    (SPREADSHEET.format("<Worksheet><Table><Row>"), "damaged XML"),
])
def test_pages_and_xml_that_hold_no_table(text, words):
    tables = opened(text)
    assert place(finding(tables, "unreadable")) == ("blocks", "scores.xls", None, ())
    assert words in finding(tables, "unreadable").problem


def test_a_table_of_unusual_size_is_refused(monkeypatch):
    monkeypatch.setattr(markup_tables, "MOST_CELLS", 1000)
    assert len(scores(opened(SPREADSHEET.format(sheet(ROWS))))) == 3
    for far in ('<Row ss:Index="9999999"><Cell/></Row>', '<Row><Cell ss:Index="9999999"/></Row>'):
        assert "unusual size" in finding(opened(SPREADSHEET.format(sheet(ROWS + far))), "unreadable").problem
    wide = row(*["x"] * 100) + "<Row/>" * 60
    assert "unusual size" in finding(opened(SPREADSHEET.format(sheet(wide))), "unreadable").problem
    monkeypatch.setattr(markup_tables, "MOST_BYTES", 100)
    assert "unusual size" in finding(opened(f"<table>{HTML_ROWS}</table>"), "unreadable").problem


def test_a_page_nested_without_end_is_read_or_refused():
    deep = "<html>" + "<div>" * 20_000 + f"<table>{HTML_ROWS}</table>"
    assert set(codes(opened(deep))) <= {"unreadable", "no_header"}
    tables = "<table><tr><td>" * 5_000
    assert opened(f"<html>{tables}").is_blocked
