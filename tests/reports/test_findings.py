"""Findings as a file."""

import csv
import io

from analytics.definitions.findings import Finding
from analytics.reports.findings import findings_csv


def rows(*findings):
    return list(csv.DictReader(io.StringIO(findings_csv(findings).decode("utf-8-sig"), newline="")))


def test_every_row_number_is_in_the_file():
    (one,) = rows(Finding("note", "code", "Problem.", "Remedy.", "a.csv", "x", tuple(range(2, 60))))
    assert one["n_rows"] == "58" and one["rows"].split()[-1] == "59"
    assert one["severity"] == "note" and one["remedy"] == "Remedy."


def test_no_cell_is_a_formula():
    for sign in "=+-@\t":
        (one,) = rows(Finding("note", "code", f"{sign}cmd|' /C calc'!A0", "Remedy.", f"{sign}a.csv", f"{sign}SUM(A1)"))
        assert one["column"].startswith("'") and one["file"].startswith("'") and one["problem"].startswith("'")


def test_no_findings_is_a_header():
    assert rows() == []
