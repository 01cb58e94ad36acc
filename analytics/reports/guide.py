"""One page about files: what they must look like, what happens to them, and what happens to bad rows."""

from __future__ import annotations

from html import escape

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.tables import SESSIONS
from analytics.reports.sections import Grid, Section, as_html
from analytics.reports.template import sheets
from analytics.wording.files import SEVERITY_TITLES

TITLE = "How a file must look"

_STYLE = """
@page { size: A4; margin: 14mm }
body { font: 9.5pt/1.35 system-ui, sans-serif; max-width: 190mm; margin: 8mm auto; color: #1a1a1a }
h1 { font-size: 15pt; margin: 0 0 2mm } h2 { font-size: 11pt; margin: 3mm 0 1mm } p { margin: 0 0 1mm }
table { border-collapse: collapse; width: 100%; font-size: 8.5pt }
th, td { text-align: left; vertical-align: top; padding: .4mm 2mm .4mm 0; border-bottom: .2mm solid #ccc }
"""


def guide_html() -> bytes:
    """The guide as one page of HTML that prints on paper and asks for nothing from the network."""
    page = (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(TITLE)}</title>'
            f"<style>{_STYLE}</style></head><body>{as_html(guide())}</body></html>\n")
    return page.encode("utf-8")


def guide() -> tuple[Section, ...]:
    """The sections of the guide."""
    return (
        Section(TITLE, (
            "CSV, Excel, OpenDocument or Parquet; one table with its headers in one row and one line a visit, a score "
            "or a session. Scores, sessions and patients may be three files or one. Other shapes, as REDCap's, are "
            "read as they come or asked about.",),
            level=1),
        Section("Columns", (
            "A score is any column called like its scale, as phq9 or PHQ-9 total; answers as phq9_1 to phq9_9. Known "
            f"scales: {', '.join(one.title for one in BUILT_IN.values())}.",), _columns()),
        Section("Days, dates and visits", (
            "Every row needs its place in time, the same way in every file. Dates are written YYYY-MM-DD; where the "
            "order of day and month can be read in two ways, you are asked. Days are whole numbers from one origin per "
            "patient, shared by all files and all courses. Where there are neither, visits with a name do: baseline, "
            "week 4. At loading you choose whether dates are kept here or turned into days.",)),
        Section("Who is who", (
            "Use the clinic's own code, the same in every file: 12 and 0012 are two patients, so keep such columns as "
            "text. Columns that look as if they could identify a person are not read: names, dates of birth, ages over "
            "89, e-mail, telephone, addresses, record numbers, links and free text. Nothing of them is stored. The "
            "screen finds what it knows, and is no proof that a file identifies nobody.",)),
        Section("Blank is unknown", (
            "Leave a cell blank where nobody asked. NA, 99 and refused count as blank where they cannot be a score. A "
            "score outside its range is never clipped, and a blank yes/no is never a no.",)),
        Section("What happens to bad rows", (
            "The file is told everything at once, by row and column, and never by value. A row that cannot be used is "
            "left out and named; the rest is counted. The counts add up: rows = used + not used + blank. Mend the rows "
            "in the source and load the file again; the fix list says which to mend first.",), _severities()),
    )


def _columns() -> Grid:
    rows = []
    for day, date in zip(sheets("day"), sheets("date"), strict=True):
        places = [field.header for sheet in (date, day) for field in sheet.fields
                  if field.is_required and field.header != "patient_id"]
        needed = "patient_id" + (f" and {' or '.join(places)}" if places else "")
        others = [field.header for field in day.fields
                  if field.header == "phq9_total"
                  or not (field.is_required or field.header.startswith("phq9_"))]
        rows.append((day.name, needed, ", ".join(others)))
    words = next(column.meaning for column in SESSIONS if column.name == "route")
    return Grid(("Table", "Needed", "If you have it"),
                (*rows, ("Words", "route", words), ("", "timing", "before, during or after that day's session")))


def _severities() -> Grid:
    what = {"blocks": "No number is shown: the file is no table, nobody can be told apart, or rows cannot be put in "
                      "order.",
            "drops_rows": "The row, or one value of it, counts as missing. It is named.",
            "note": "Nothing changed; worth a look, as a dose far from the usual or a score that jumps within a day."}
    return Grid(("How grave", "What it means"), tuple((SEVERITY_TITLES[name], text) for name, text in what.items()))
