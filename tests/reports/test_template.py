"""The template loads as it is, and the guide says what files look like."""

from __future__ import annotations

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from analytics.courses.outcomes import outcomes
from analytics.definitions.tables import SESSIONS
from analytics.ingest.load import load
from analytics.ingest.read import Source
from analytics.reports.guide import guide, guide_html
from analytics.reports.template import field_of, sheets, template_csv, template_xlsx


@pytest.mark.parametrize("axis", ["date", "day"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_loads_and_nothing_of_it_is_lost(axis, kind):
    sources = ([Source("template.xlsx", template_xlsx(axis))] if kind == "xlsx"
               else [Source(name, content) for name, content in template_csv(axis).items()])
    tables = load(sources)
    assert {one.severity for one in tables.findings} <= {"note"}
    assert {one.code for one in tables.findings} <= {"sheet_not_used", "identifier_not_read"}
    assert all("About the columns" in one.file for one in tables.findings)
    assert tables.axis == axis
    used = [(one.rows, one.rows_used) for one in tables.files if one.kind != "not used"]
    assert used == [(4, 4), (8, 8), (2, 2)]
    of = outcomes(tables)
    assert of.courses["kind"].astype(str).tolist() == ["induction", "induction"]
    table = of.table[of.table["instrument"].isin(of.instrument_keys)]
    assert table["baseline"].notna().all()
    assert table["endpoint"].notna().all()


def test_every_column_of_the_template_is_read():
    tables = load([Source(name, content) for name, content in template_csv("day").items()])
    assert [one.column for one in tables.columns if one.field is None] == []


def test_the_workbook_explains_every_column_and_marks_what_is_invented():
    book = CalamineWorkbook.from_filelike(io.BytesIO(template_xlsx("date")))
    assert book.sheet_names == ["Scores", "Sessions", "Patients", "About the columns"]
    explained = {(line[0], line[1]) for line in book.get_sheet_by_name("About the columns").to_python()[1:]}
    for sheet in sheets("date"):
        assert {(sheet.name, field.header) for field in sheet.fields} <= explained
        page = book.get_sheet_by_name(sheet.name).to_python()
        assert page[0] == [field.header for field in sheet.fields]
        assert all(str(line[0]).startswith("INVENTED-") for line in page[1:])
    assert template_xlsx("date") == template_xlsx("date")


def test_limits_and_units_come_from_the_definitions():
    by_name = {column.name: column for column in SESSIONS}
    assert field_of(by_name["minutes"]).form == "number with a decimal point, 0 to 1440 (minutes)"
    assert field_of(by_name["dose"]).form == "number with a decimal point, 0 to 5000"
    assert field_of(by_name["day"], is_place=True).form == "whole number; day 0 is the first session"
    assert field_of(by_name["day"], is_place=True).is_required
    assert not field_of(by_name["dose"]).is_required


def test_the_guide_is_one_page_that_asks_for_nothing():
    page = guide_html().decode()
    assert page.startswith("<!DOCTYPE html>")
    assert not re.search(r"https?://|<script|src=", page)
    words = " ".join(section.words for section in guide())
    for wanted in ("yyyy-mm-dd", "patient_id and assessed_on or day", "treated_on", "phq9_1", "timing",
                   "blank is unknown", "no proof that a file identifies nobody", "rows = used + not used + blank"):
        assert wanted in words
    assert len(words.split()) < 750
