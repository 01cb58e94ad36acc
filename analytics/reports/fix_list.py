"""The fix list: one line a row that is worth mending, as a workbook for the person who owns the files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

import pandas as pd
import xlsxwriter

from analytics.definitions.findings import SEVERITIES, Finding
from analytics.definitions.tables import Tables
from analytics.reports.cells import inert
from analytics.results.impact import Impact, patients_of
from analytics.wording.files import SEVERITY_TITLES
from analytics.wording.numbers import count, plural

MOST_LINES = 100_000
"""Longer lists are cut with a sentence that says so: nobody mends more by hand, and a spreadsheet stays quick."""

_COLUMNS = (
    ("File", 24), ("Row", 8), ("Patient", 12), ("Column", 18), ("What is wrong", 60), ("Proposed repair", 60),
    ("What it did", 24), ("Courses touched", 10), ("Headline could move by (points)", 14),
)
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

_MADE_ON = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Workbooks carry the moment they were made; a fixed one keeps the same findings the same bytes."""


@dataclass(frozen=True)
class _Line:
    file: str
    row: int | None
    patient: str
    column: str
    problem: str
    remedy: str
    severity: str
    n_courses: int | None
    move: float | None


def fix_list(tables: Tables, impacts: Iterable[Impact] = (), *, most_lines: int = MOST_LINES) -> bytes:
    """The fix list as XLSX: a sheet that says what it is, and a sheet with one line a finding and row.

    Findings come in the order of the courses they touch, then of how far they could move the headline rate, then as
    they were found; those that cannot be placed in courses come after all others of their severity class that touch
    none. No cell can act as a formula. The list holds patient codes: it is for the inside.

    Parameters
    ----------
    impacts : from ``results.impact``; without them the order is that of the findings
    """
    by_finding = {one.finding: one for one in impacts}
    order = sorted(range(len(tables.findings)), key=lambda place: _rank(tables.findings[place], by_finding.get(place)))
    n_lines = sum(max(1, len(one.rows)) for one in tables.findings)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"title": "Fix list", "created": _MADE_ON})
        _read_me(book, tables, n_lines, most_lines)
        _lines_sheet(book, [*islice(_lines(tables, order, by_finding), most_lines)])
    return target.getvalue()


def _rank(finding: Finding, impact: Impact | None) -> tuple:
    n_courses = -1 if impact is None or impact.n_courses is None else impact.n_courses
    move = 0.0 if impact is None or impact.largest_move is None else impact.largest_move
    return -n_courses, -move, SEVERITIES.index(finding.severity)


def _lines(tables: Tables, order: Sequence[int], impacts: dict[int, Impact]) -> Iterator[_Line]:
    for place in order:
        one, impact = tables.findings[place], impacts.get(place)
        remedy = " ".join([one.remedy, *(f"{means}: --map {one.column}={words}." for means, words in one.choices)])
        patients = patients_of(one, tables).to_numpy(object)
        rows: Iterable[tuple[int | None, object]] = zip(one.rows, patients, strict=True) if one.rows else [(None, None)]
        for row, patient in rows:
            yield _Line(one.file or "all files", row, "" if pd.isna(patient) else str(patient), one.column or "",
                        one.problem, remedy, SEVERITY_TITLES[one.severity], impact.n_courses if impact else None,
                        impact.largest_move if impact else None)


def _read_me(book: xlsxwriter.Workbook, tables: Tables, n_lines: int, most_lines: int) -> None:
    sheet = book.add_worksheet("Read me")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    title = book.add_format({"bold": True, "font_size": 14})
    bold = book.add_format({"bold": True, "valign": "top"})
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, "Fix list", title)
    facts = [
        ("What this is", "One line for each row that a finding names. Mend the rows in the source, export again and "
                         "load the new files."),
        ("Order", "First what touches most courses, then what could move the headline rate furthest. A row touches all "
                  "courses of its patient. How far: if every touched course had failed, or had succeeded."),
        ("Who may see it", "It holds patient codes: for the inside only."),
        ("As of", tables.as_of.isoformat() if tables.as_of else "the files hold no dates"),
        ("Findings", plural(len(tables.findings), "finding") + ": " + ", ".join(
            f"{sum(one.severity == name for one in tables.findings)} {SEVERITY_TITLES[name].lower()}"
            for name in SEVERITIES)),
        ("Lines", _lines_sentence(n_lines, most_lines)),
        *((f"File: {one.name}", f"{plural(one.rows, 'row')}, {count(one.rows_used)} used, sha256 {one.sha256}")
          for one in tables.files),
    ]
    safe = inert(pd.Series([name for name, _ in facts], dtype="str"))
    for place, ((_, text), name) in enumerate(zip(facts, safe, strict=True), start=2):
        sheet.write_string(place, 0, name, bold)
        sheet.write_string(place, 1, text, wrapped)


def _lines_sentence(n_lines: int, most_lines: int) -> str:
    if n_lines <= most_lines:
        return f"All {plural(n_lines, 'line')} are in the list."
    return (f"The first {count(most_lines)} of {plural(n_lines, 'line')}; {count(n_lines - most_lines)} more are not "
            "in the list. Mend these first and load the files again.")


def _lines_sheet(book: xlsxwriter.Workbook, lines: Sequence[_Line]) -> None:
    sheet = book.add_worksheet("To mend")
    header = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    plain = book.add_format({"valign": "top"})
    points = book.add_format({"valign": "top", "num_format": "0.0"})
    for place, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, header)
    texts = _inert_texts(lines)
    for number, line in enumerate(lines, start=1):
        _write(sheet, number, line, plain, wrapped, points, texts)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(lines)), len(_COLUMNS) - 1)


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, at: int, line: _Line, plain: object, wrapped: object, points: object,
    texts: dict[str, str],
) -> None:
    cells = ((0, line.file, plain), (2, line.patient, plain), (3, line.column, plain), (4, line.problem, wrapped),
             (5, line.remedy, wrapped), (6, line.severity, wrapped))
    for place, text, form in cells:
        sheet.write_string(at, place, texts[text], form)
    if line.row is not None:
        sheet.write_number(at, 1, line.row, plain)
    if line.n_courses is not None:
        sheet.write_number(at, 7, line.n_courses, plain)
    if line.move is None:
        sheet.write_string(at, 8, "cannot be told", plain)
    else:
        sheet.write_number(at, 8, line.move * 100, points)


def _inert_texts(lines: Iterable[_Line]) -> dict[str, str]:
    """Every text of the lines as a cell may hold it."""
    texts = list({text for line in lines for text in (line.file, line.patient, line.column, line.problem, line.remedy,
                                                      line.severity)})
    return dict(zip(texts, inert(pd.Series(texts, dtype="str")).tolist(), strict=True))
