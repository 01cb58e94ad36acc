"""An empty file to fill in, made from the definitions: what it holds loads without a finding that loses anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import xlsxwriter

from analytics.definitions.instruments import BUILT_IN, Instrument
from analytics.definitions.tables import ASSESSMENTS, SESSIONS, Column

TemplateAxis = Literal["date", "day"]

_MADE_ON = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)

_SCORE_COLUMNS = ("patient_id", "course_id", "time", "timing")
_SESSION_COLUMNS = (
    "patient_id", "course_id", "drug", "route", "dose", "dose_unit", "minutes", "phase", "planned_sessions", "nausea",
    "headache", "dizziness", "cadss_peak", "systolic_before", "diastolic_before", "systolic_peak", "diastolic_peak",
    "minutes_until_ready", "stopped_early",
)
_PLACES = {"date": {"Scores": "assessed_on", "Sessions": "treated_on"}, "day": {"Scores": "day", "Sessions": "day"}}
_INSTRUMENTS = ("phq9", "gad7", "pain_nrs_average")
_WITH_ITEMS = "phq9"

_OTHER_MEANINGS = {
    "site": "where the patient is treated; a code or a place, something to group by",
    "indication": "what is treated, as depression or neuropathic pain; it chooses the rules",
    "sex": "as the clinic records it",
    "age_band": "as 40-49; never a date of birth or an age above 89",
    "observed_until_day": "last day the patient was observed, on the same count of days; tells running courses "
                          "from lost ones",
}

_FORMS = {
    "code": "text; never a name or a record number", "day": "whole number; day 0 is the first session",
    "date": "YYYY-MM-DD", "time": "HH:MM", "number": "number with a decimal point", "whole number": "whole number",
    "yes/no": "yes or no; blank where nobody asked", "category": "one of the words", "text": "text",
}

_EXAMPLES: dict[str, tuple[object, object]] = {
    "patient_id": ("INVENTED-1", "INVENTED-2"), "course_id": ("", ""), "time": ("09:30", "10:00"),
    "timing": ("before", "before"), "drug": ("ketamine", "esketamine"), "route": ("IV", "nasal"), "dose": (0.5, 84),
    "dose_unit": ("mg/kg", "mg"), "minutes": (40, 40), "phase": ("induction", "induction"), "planned_sessions": (6, 8),
    "nausea": ("no", "yes"), "headache": ("no", "no"), "dizziness": ("yes", "no"), "cadss_peak": (12, 7),
    "systolic_before": (122, 131), "diastolic_before": (78, 84), "systolic_peak": (139, 150),
    "diastolic_peak": (88, 92), "minutes_until_ready": (60, 90), "stopped_early": ("no", "no"),
    "site": ("North", "South"), "indication": ("depression", "neuropathic pain"), "sex": ("F", "M"),
    "age_band": ("40-49", "60-69"), "observed_until_day": (90, 90),
}
"""What stands in the first example rows; nobody of that kind exists."""

_TOTALS = {"phq9_total": (18, 9), "gad7_total": (15, 6), "pain_nrs_average": (7, 4)}


@dataclass(frozen=True)
class Field:
    """One column of the template: its header, what it is for, how it is written, and what the examples hold."""

    header: str
    meaning: str
    form: str
    is_required: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its columns, and the example rows."""

    name: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[object, ...], ...]


def sheets(axis: TemplateAxis = "date") -> tuple[Sheet, ...]:
    """Scores, Sessions and Patients with their columns and two invented patients.

    Parameters
    ----------
    axis : whether rows are placed by dates, or by days from one origin per patient
    """
    place = _PLACES[axis]
    scores = (*_fields(ASSESSMENTS, (_SCORE_COLUMNS[0], place["Scores"], *_SCORE_COLUMNS[1:])), *_score_fields())
    sessions = _fields(SESSIONS, (_SESSION_COLUMNS[0], place["Sessions"], *_SESSION_COLUMNS[1:]))
    names = [name for name in _OTHER_MEANINGS if axis == "day" or name != "observed_until_day"]
    patients = (*_fields(ASSESSMENTS, ("patient_id",)),
                *(Field(name, _OTHER_MEANINGS[name], "whole number" if name == "observed_until_day" else "text")
                  for name in names))
    days = {"Scores": (-1, 30), "Sessions": (0, 3, 7, 10), "Patients": (0,)}
    return tuple(Sheet(name, tuple(fields), tuple(_rows(fields, days[name], axis)))
                 for name, fields in (("Scores", scores), ("Sessions", sessions), ("Patients", patients)))


def template_xlsx(axis: TemplateAxis = "date") -> bytes:
    """The template as a workbook; a further sheet says what every column is."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": "Template", "created": _MADE_ON})
        header = book.add_format({"bold": True, "bottom": 1})
        for sheet in sheets(axis):
            page = book.add_worksheet(sheet.name)
            for place, field in enumerate(sheet.fields):
                page.set_column(place, place, max(12, len(field.header) + 2))
                page.write_string(0, place, field.header, header)
                page.write_comment(0, place, f"{field.meaning} ({field.form})", {"author": "", "x_scale": 2})
            for number, row in enumerate(sheet.rows, start=1):
                for place, cell in enumerate(row):
                    if cell != "":
                        page.write(number, place, cell)
            page.freeze_panes(1, 1)
        _explanations(book, axis, header)
    return target.getvalue()


def template_csv(axis: TemplateAxis = "date") -> dict[str, bytes]:
    """The template as one CSV a sheet, by file name."""
    files = {}
    for sheet in sheets(axis):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([field.header for field in sheet.fields])
        writer.writerows(sheet.rows)
        files[f"{sheet.name.lower()}.csv"] = text.getvalue().encode("utf-8")
    return files


def _explanations(book: xlsxwriter.Workbook, axis: TemplateAxis, header: object) -> None:
    page = book.add_worksheet("About the columns")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (name, width) in enumerate((("On sheet", 12), ("Header", 22), ("Needed", 10), ("What it holds", 60),
                                           ("How it is written", 50))):
        page.set_column(place, place, width)
        page.write_string(0, place, name, header)
    lines = [(sheet.name, field.header, "yes" if field.is_required else "if you have it", field.meaning, field.form)
             for sheet in sheets(axis) for field in sheet.fields]
    lines.append(("all", "INVENTED-...", "", "The example rows are invented; delete them before you fill in your own.",
                  ""))
    for number, line in enumerate(lines, start=1):
        for place, text in enumerate(line):
            page.write_string(number, place, text, wrapped)


def _fields(table: Iterable[Column], names: Iterable[str]) -> tuple[Field, ...]:
    by_name = {column.name: column for column in table}
    return tuple(field_of(by_name[name], is_place=name in ("day", "assessed_on", "treated_on")) for name in names)


def field_of(column: Column, *, is_place: bool = False) -> Field:
    """A canonical column as a column of the template."""
    limits = "" if column.minimum is None or column.kind == "day" else f", {column.minimum:g} to {column.maximum:g}"
    unit = "" if not column.unit or column.kind == "day" or column.unit == "see dose_unit" else f" ({column.unit})"
    return Field(column.name, column.meaning, f"{_FORMS[column.kind]}{limits}{unit}",
                 column.is_required or is_place)


def _score_fields() -> list[Field]:
    fields = []
    for key in _INSTRUMENTS:
        instrument = BUILT_IN[key]
        if key == _WITH_ITEMS:
            fields += [Field(f"{key}_{item}", f"{instrument.title}, answer {item}",
                             f"{instrument.item_minimum} to {instrument.item_maximum}; blank where unanswered")
                       for item in range(1, instrument.n_items + 1)]
        fields.append(Field(_total_header(key), f"{instrument.title}, total", _range(instrument)))
    return fields


def _total_header(key: str) -> str:
    return key if BUILT_IN[key].is_pain else f"{key}_total"


def _range(instrument: Instrument) -> str:
    return f"number, {instrument.minimum:g} to {instrument.maximum:g}; blank where not asked"


def _rows(fields: Iterable[Field], days: tuple[int, ...], axis: TemplateAxis) -> Iterable[tuple[object, ...]]:
    for patient in (0, 1):
        for number, day in enumerate(days):
            yield tuple(_example(field.header, patient, number, day, axis) for field in fields)


def _example(header: str, patient: int, number: int, day: int, axis: TemplateAxis) -> object:
    if header in ("assessed_on", "treated_on"):
        return f"2024-{3 + (day + 10) // 31 + patient:02d}-{(day + 10) % 31 + 1:02d}"
    if header == "day":
        return day
    item = header.removeprefix(f"{_WITH_ITEMS}_")
    if item.isdigit():
        return (2, 1)[number]
    if header in _TOTALS:
        return _TOTALS[header][number]
    return _EXAMPLES[header][patient]
