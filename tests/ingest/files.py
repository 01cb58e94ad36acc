"""Small files drawn in the tests, and their findings by code."""

from __future__ import annotations

from analytics.definitions.findings import Finding
from analytics.definitions.tables import Tables
from analytics.ingest.load import load
from analytics.ingest.read import Source


def source(text: str | bytes, name: str = "scores.csv") -> Source:
    """A file in memory; lines may be indented as the test is."""
    if isinstance(text, bytes):
        return Source(name, text)
    lines = [line.strip(" ") for line in text.strip("\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return Source(name, ("\n".join(lines) + "\n").encode())


def loaded(*texts: str | bytes | Source, **options) -> Tables:
    """Files loaded; the first is called scores.csv, the others file2.csv and so on."""
    names = ["scores.csv", *(f"file{place}.csv" for place in range(2, len(texts) + 1))]
    return load([text if isinstance(text, Source) else source(text, name)
                 for text, name in zip(texts, names, strict=True)], **options)


def codes(tables: Tables) -> list[str]:
    """The codes of the findings."""
    return [finding.code for finding in tables.findings]


def finding(tables: Tables, code: str) -> Finding:
    """The one finding of a code."""
    found = [one for one in tables.findings if one.code == code]
    assert len(found) == 1, f"{len(found)} findings {code} among {codes(tables)}"
    return found[0]


def place(one: Finding) -> tuple[str, str | None, str | None, tuple[int, ...]]:
    """Severity, file, column and rows of a finding."""
    return one.severity, one.file, one.column, one.rows


def scores(tables: Tables) -> list[tuple]:
    """Patient, instrument, day or visit, and total of every assessment, sorted."""
    rows = tables.assessments
    when = rows["visit"].astype("str") if tables.axis == "visit" else rows["day"].astype("Int64")
    return sorted(zip(rows["patient_id"].astype("str"), rows["instrument"].astype("str"), when.tolist(),
                      rows["total"].tolist(), strict=True))
