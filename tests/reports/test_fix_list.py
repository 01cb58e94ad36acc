"""The fix list as a workbook: order, counts, and nothing that a spreadsheet would run."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from analytics.definitions.findings import Finding
from analytics.definitions.tables import FileRecord, Tables
from analytics.reports.fix_list import fix_list
from analytics.results.impact import Impact
from tests.drawn import drawn_tables, induction, score

HEADER = ["File", "Row", "Patient", "Column", "What is wrong", "Proposed repair", "What it did", "Courses touched",
          "Headline could move by (points)"]


def found(code: str, rows: tuple[int, ...], severity: str = "note", column: str | None = "phq9", **others) -> Finding:
    file = others.pop("file", "scores.csv")
    return Finding(severity, code, f"Problem {code}.", f"Repair {code}.", file, column, rows, **others)


def tables_of(*findings: Finding, as_of: date | None = None) -> Tables:
    patients = pd.Series(["P1", "P2", "=P3"], index=[2, 3, 4])
    files = (FileRecord("scores.csv", "ab" * 32, 1200, "assessments", 1100, 3),)
    return replace(drawn_tables([score("P1", 0, 20)], induction("P1")), findings=findings, files=files, as_of=as_of,
                   patient_of_row={"scores.csv": patients})


def sheet(content: bytes, name: str = "To mend") -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def test_one_line_a_row_with_its_patient():
    lines = sheet(fix_list(tables_of(found("one", (2, 3, 9))), [Impact(0, 4, 0.1, 0.9, 0.1234)]))
    assert lines[0] == HEADER
    assert lines[1] == ["scores.csv", 2, "P1", "phq9", "Problem one.", "Repair one.",
                        "Good to know, nothing was lost", 4, pytest.approx(12.34)]
    assert [line[1:3] for line in lines[1:]] == [[2, "P1"], [3, "P2"], [9, ""]]


def test_what_touches_most_courses_comes_first_then_what_moves_the_headline_furthest():
    findings = [found(code, (2,)) for code in "abcde"] + [found("f", (2,), "drops_rows")]
    impacts = [Impact(0, 1, None, None, 0.1), Impact(1, None, None, None, None), Impact(2, 9, None, None, 0.0),
               Impact(3, 1, None, None, 0.2), Impact(4, 0, None, None, 0.0), Impact(5, 1, None, None, 0.1)]
    lines = sheet(fix_list(tables_of(*findings), impacts))
    assert [line[4] for line in lines[1:]] == [f"Problem {code}." for code in "cdfaeb"]
    assert lines[-1][7:] == ["", "cannot be told"]


def test_findings_without_rows_and_without_a_file_have_one_line():
    question = found("b", (), column="day", choices=(("a day", "day"), ("a visit", "visit")))
    lines = sheet(fix_list(tables_of(found("a", (), column=None, file=None), question)))
    assert [line[:4] for line in lines[1:]] == [["all files", "", "", ""], ["scores.csv", "", "", "day"]]
    assert lines[2][5] == "Repair b. a day: --map day=day. a visit: --map day=visit."


def test_nothing_is_a_formula():
    hostile = Finding("note", "a", "=1+1", "@SUM(A1)", "=cmd.csv", "+phq9", (4,))
    tables = tables_of(hostile, found("b", (4,)))
    content = fix_list(tables)
    cells = [cell for line in sheet(content) for cell in line]
    assert {"'=1+1", "'@SUM(A1)", "'=cmd.csv", "'+phq9", "'=P3"} <= set(cells)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name)


def test_the_first_sheet_says_what_it_is():
    facts = dict(sheet(fix_list(tables_of(found("a", (2, 3)), found("b", (), "blocks"), as_of=date(2025, 3, 31))),
                       "Read me")[2:])
    assert facts["As of"] == "2025-03-31"
    assert facts["Findings"].startswith("2 findings: 1 nothing can be counted")
    assert facts["Lines"] == "All 3 lines are in the list."
    assert facts["File: scores.csv"] == f"1,200 rows, 1,100 used, sha256 {'ab' * 32}"
    assert dict(sheet(fix_list(tables_of()), "Read me")[2:])["As of"] == "the files hold no dates"


@pytest.mark.parametrize(("most", "n_lines", "sentence"), [
    (3, 3, "All 3 lines are in the list."),
    (2, 2, "The first 2 of 3 lines; 1 more are not in the list. Mend these first and load the files again."),
])
def test_a_long_list_is_cut_and_says_so(most, n_lines, sentence):
    content = fix_list(tables_of(found("a", (2, 3, 4))), most_lines=most)
    assert len(sheet(content)) == 1 + n_lines
    assert dict(sheet(content, "Read me")[2:])["Lines"] == sentence


def test_the_header_stays_and_filters_and_the_same_findings_give_the_same_bytes():
    content = fix_list(tables_of(found("a", (2, 3))))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        xml = parts.read("xl/worksheets/sheet2.xml").decode()
    assert '<autoFilter ref="A1:I3"/>' in xml
    assert 'state="frozen"' in xml
    assert "customWidth" in xml
    assert content == fix_list(tables_of(found("a", (2, 3))))
    assert len(sheet(fix_list(tables_of()))) == 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_program_opens_it(tmp_path):
    content = fix_list(tables_of(found("a", (2, 3))))
    (tmp_path / "fix.xlsx").write_bytes(content)
    subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to",
                    "ods", "--outdir", str(tmp_path), str(tmp_path / "fix.xlsx")], check=True, timeout=180,
                   capture_output=True)
    opened = CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "fix.ods").read_bytes()))
    assert opened.get_sheet_by_name("To mend").to_python() == sheet(content)


def test_another_reader_finds_every_part_whole():
    """Where no office program is: the workbook of the test above, cell by cell, and every part as it was packed."""
    content = fix_list(tables_of(found("a", (2, 3))))
    opened = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert opened.sheet_names == ["Read me", "To mend"]
    assert opened.get_sheet_by_name("To mend").to_python() == [
        HEADER, *(["scores.csv", row, patient, "phq9", "Problem a.", "Repair a.", "Good to know, nothing was lost",
                   "", "cannot be told"] for row, patient in ((2, "P1"), (3, "P2")))]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            ElementTree.fromstring(parts.read(name))
