"""Findings as a file for the person who owns the data."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analytics.definitions.findings import Finding
from analytics.reports.cells import inert_table

COLUMNS = ("severity", "code", "file", "column", "n_rows", "rows", "problem", "remedy")


def findings_csv(findings: Iterable[Finding]) -> bytes:
    """All findings as CSV, one a line, every row number in it; no cell can act as a formula."""
    lines = [(one.severity, one.code, one.file, one.column, len(one.rows), " ".join(map(str, one.rows)), one.problem,
              one.remedy) for one in findings]
    table = inert_table(pd.DataFrame(lines, columns=list(COLUMNS)))
    return table.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
