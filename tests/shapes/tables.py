"""Records written as tables: long, a row a visit, wide, semicolons, workbook, Parquet, flow sheet, relational."""

from __future__ import annotations

import csv
import io
import zipfile

import pyarrow as pa
import pyarrow.parquet
import xlsxwriter

from analytics.ingest.read import Source
from tests.shapes.records import ITEMS, Records, clock, number

Table = list[list[str]]
SESSION_FIELDS = ("course_id", "phase", "planned_sessions", "drug", "route", "dose", "dose_unit")


def written(table: Table, delimiter: str = ",", *, comma: bool = False) -> bytes:
    """A table as delimited text; with decimal commas where asked."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(
        [[cell.replace(".", ",") if comma and _is_decimal(cell) else cell for cell in row] for row in table])
    return out.getvalue().encode()


def _is_decimal(cell: str) -> bool:
    whole, point, rest = cell.partition(".")
    return bool(point) and whole.isdigit() and rest.isdigit()


def sessions(records: Records) -> Table:
    """The sessions, one row each; only columns that hold anything."""
    when = {"date": "treated_on"}.get(records.axis, "day")
    names = [name for name in SESSION_FIELDS if any(row.get(name) is not None for row in records.sessions)]
    return [["patient_id", when, *names],
            *([row["patient_id"], records.place(row), *(_text(row.get(name)) for name in names)]
              for row in records.sessions)]


def _text(value: object) -> str:
    if value is None:
        return ""
    return number(value) if isinstance(value, int | float) else str(value)


def patients(records: Records) -> Table:
    """The attributes, one row a patient."""
    names = list(dict.fromkeys(name for values in records.patients.values() for name in values))
    return [["patient_id", *names], *([code, *(_text(values.get(name)) for name in names)]
                                      for code, values in records.patients.items())]


def _places(records: Records) -> tuple[list[str], list[str]]:
    """Headers and fields of the columns that say when a score was."""
    when = {"date": ("assessed_on", "day"), "day": ("day", "day"), "visit": ("visit", "visit")}[records.axis]
    also = [name for name in ("time", "timing", "course_id")
            if any(row.get(name) is not None for row in records.scores)]
    return [when[0], *({"time": "time_of_day"}.get(name, name) for name in also)], [when[1], *also]


def _cells(records: Records, row: dict, fields: list[str]) -> list[str]:
    return [records.place(row) if name == "day" else clock(row.get(name)) if name == "time" else _text(row.get(name))
            for name in fields]


def long_scores(records: Records) -> Table:
    """One row a score."""
    headers, fields = _places(records)
    return [["patient_id", *headers, "instrument", "total"],
            *([row["patient_id"], *_cells(records, row, fields), row["instrument"], number(row["total"])]
              for row in records.scores)]


def _of_instrument(row: dict) -> dict[str, str]:
    """The cells of a score by header: its total and its answers."""
    cells = {row["instrument"]: number(row["total"])}
    return cells | {f"{row['instrument']}_{item}": number(answer) for item, answer in row.get("items", {}).items()}


def _columns(records: Records) -> list[str]:
    keys = list(dict.fromkeys(row["instrument"] for row in records.scores))
    with_items = {row["instrument"] for row in records.scores if row.get("items")}
    return [name for key in keys for name in
            (key, *(f"{key}_{item}" for item in range(1, ITEMS.get(key, 0) + 1) if key in with_items))]


def visit_scores(records: Records) -> Table:
    """One row a patient and time, one column a score; a second score of one instrument opens a second row."""
    headers, fields = _places(records)
    rows: dict[tuple, dict[str, str]] = {}
    for row in records.scores:
        place, again = (row["patient_id"], *_cells(records, row, fields)), 0
        while row["instrument"] in rows.get((*place, again), {}):
            again += 1
        rows.setdefault((*place, again), {}).update(_of_instrument(row))
    columns = _columns(records)
    return [["patient_id", *headers, *columns],
            *([*place[:-1], *(cells.get(column, "") for column in columns)] for place, cells in rows.items())]


def wide_scores(records: Records) -> tuple[Table, dict[str, str]]:
    """One row a patient, the columns of each visit behind those of the one before; and what they are."""
    narrow = visit_scores(records)
    names = narrow[0][1:]
    by_patient: dict[str, Table] = {}
    for row in narrow[1:]:
        by_patient.setdefault(row[0], []).append(row[1:])
    n_visits = max(map(len, by_patient.values()))
    mapping = {f"{name} T{visit}": f"{_field(name)}@{visit}" for visit in range(1, n_visits + 1) for name in names}
    table = [["patient_id", *mapping]]
    for code, rows in by_patient.items():
        cells = [cell for row in rows for cell in row]
        table.append([code, *cells, *[""] * (len(mapping) - len(cells))])
    return table, mapping


def _field(name: str) -> str:
    key, _, item = name.rpartition("_")
    return f"{key}.{item}" if key in ITEMS else {"time_of_day": "time"}.get(name, name)


def wide_visits(records: Records) -> Table:
    """One row a patient, one column an instrument and visit, named as clinics do."""
    columns = list(dict.fromkeys((row["instrument"], row["visit"]) for row in records.scores))
    cells = {(row["patient_id"], row["instrument"], row["visit"]): number(row["total"]) for row in records.scores}
    return [["patient_id", *(f"{key}_{visit}" for key, visit in columns)],
            *([code, *(cells.get((code, *column), "") for column in columns)] for code in records.patients)]


def as_long(records: Records) -> list[Source]:
    """Three CSV files."""
    return [Source("scores.csv", written(long_scores(records))), *beside(records)]


def beside(records: Records, delimiter: str = ",", *, comma: bool = False) -> list[Source]:
    """Sessions and patients as CSV files."""
    made = [("sessions.csv", sessions(records))] if records.sessions else []
    return [Source(name, written(table, delimiter, comma=comma))
            for name, table in (*made, ("patients.csv", patients(records)))]


def as_semicolons(records: Records) -> list[Source]:
    """Three CSV files of a European spreadsheet."""
    return [Source("scores.csv", b"sep=;\n" + written(long_scores(records), ";", comma=True)),
            *beside(records, ";", comma=True)]


def as_visits(records: Records) -> list[Source]:
    """A row a visit."""
    return [Source("visits.csv", written(visit_scores(records))), *beside(records)]


def as_workbook(records: Records) -> list[Source]:
    """One workbook, numbers as numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        tables = {"Scores": visit_scores(records), "Patients": patients(records)}
        if records.sessions:
            tables["Sessions"] = sessions(records)
        for name, table in tables.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(table):
                for column, cell in enumerate(row):
                    is_number = _is_decimal(cell) or cell.lstrip("-").isdigit()
                    sheet.write(place, column, float(cell) if is_number and place else cell)
    return [Source("clinic.xlsx", out.getvalue())]


def as_parquet(records: Records) -> list[Source]:
    """Three Parquet files."""
    tables = {"scores": visit_scores(records), "patients": patients(records)}
    if records.sessions:
        tables["sessions"] = sessions(records)
    made = []
    for name, (headers, *rows) in tables.items():
        out = io.BytesIO()
        columns = {header: pa.array([row[place] or None for row in rows], type=pa.string())
                   for place, header in enumerate(headers)}
        pyarrow.parquet.write_table(pa.table(columns), out)
        made.append(Source(f"{name}.parquet", out.getvalue()))
    return made


NAMES = {"phq9": "R PHQ-9 TOTAL SCORE", "gad7": "GAD-7 Total Score", "pain_nrs_worst": "R PAIN SCORE WORST",
         "pain_nrs_average": "Average Pain Score", "who5": "WHO-5 Score"}
SURVEYS = {"phq9": "PHQ-9", "gad7": "GAD-7", "pain_nrs_worst": "Worst pain", "pain_nrs_average": "Average pain",
           "who5": "WHO-5"}
ITEM_NAMES = {"phq9": "PHQ-9 Q{} ANSWER", "gad7": "GAD-7 Q{}"}


def flow_sheet(records: Records) -> Table:
    """One measurement a row, with vital signs between them."""
    rows = [["PAT_ID", "FSD_ID", "RECORDED_TIME", "FLO_MEAS_NAME", "MEAS_VALUE"]]
    for form, row in enumerate(records.scores):
        at = records.place(row) + (f" {clock(row['time'])}" if row.get("time") is not None else "")
        place = [row["patient_id"], f"F{form}", at]
        if row["total"] is not None:
            rows.append([*place, NAMES[row["instrument"]], number(row["total"])])
        rows += [[*place, ITEM_NAMES[row["instrument"]].format(item), number(answer)]
                 for item, answer in row.get("items", {}).items() if answer is not None]
        if form % 7 == 0:
            rows += [[*place, "BP", "128/76"], [*place, "SpO2", "97"]]
    return rows


def as_flow_sheet(records: Records) -> list[Source]:
    """A flow sheet, sessions and patients."""
    return [Source("flow.csv", written(flow_sheet(records))), *beside(records)]


def as_measures(records: Records) -> list[Source]:
    """A long file with answers as measures of their own."""
    headers, fields = _places(records)
    rows = [["patient_id", "form_id", *headers, "measure", "value"]]
    for form, row in enumerate(records.scores):
        rows += [[row["patient_id"], str(form), *_cells(records, row, fields), name, cell]
                 for name, cell in _of_instrument(row).items() if cell]
    return [Source("measures.csv", written(rows)), *beside(records)]


def as_relational(records: Records) -> list[Source]:
    """A zip of tables joined on ids, as some EHRs hand out at exit."""
    events = [["event_id", "patient_id", "event_type", "date", "status"]]
    surveys = [["survey_response_id", "event_id", "survey_name", "time_of_day", "total_score"]]
    answers = [["survey_response_id", "question_number", "answer"]]
    treatments = [["event_id", *(names := [name for name in SESSION_FIELDS
                                           if any(row.get(name) is not None for row in records.sessions)])]]
    for place, row in enumerate(records.scores):
        events.append([f"E{place}", row["patient_id"], "Questionnaire visit", records.place(row), "done"])
        surveys.append([f"S{place}", f"E{place}", SURVEYS[row["instrument"]], clock(row.get("time")),
                        number(row["total"])])
        answers += [[f"S{place}", str(item), number(answer)] for item, answer in row.get("items", {}).items()]
    for place, row in enumerate(records.sessions):
        events.append([f"T{place}", row["patient_id"], "Ketamine infusion", records.place(row), "done"])
        treatments.append([f"T{place}", *(_text(row.get(name)) for name in names)])
    tables = {"events": events, "survey_responses": surveys, "patients": patients(records)}
    tables |= {"survey_answers": answers} if len(answers) > 1 else {}
    tables |= {"treatments": treatments} if names else {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            archive.writestr(f"export/{name}.csv", written(table))
    return [Source("export.zip", out.getvalue())]


def as_redcap(records: Records) -> list[Source]:
    """One flat export: each form repeats, its columns blank on the rows of the others."""
    own = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"]
    forms = {"visit_form": visit_scores(records), "infusion_form": sessions(records)}
    about = patients(records)
    when = {"visit_form": "assessed_on", "infusion_form": "treated_on"}
    blocks = [("about", about[0][1:])] + [(name, [when[name], *table[0][2:]]) for name, table in forms.items()]
    rows = [[*own, *(name for form, names in blocks for name in (*names, f"{form}_complete"))]]
    width = {form: len(names) + 1 for form, names in blocks}
    for row in about[1:]:
        rest = width["visit_form"] + width["infusion_form"]
        rows.append([row[0], "clinic_arm_1", "", "", *row[1:], "2", *[""] * rest])
    for form, table in forms.items():
        count: dict[str, int] = {}
        for row in table[1:]:
            count[row[0]] = count.get(row[0], 0) + 1
            cells = {name: [""] * size for name, size in width.items()} | {form: [*row[1:], "2"]}
            rows.append([row[0], "clinic_arm_1", form, str(count[row[0]]), *(cell for part in cells.values()
                                                                           for cell in part)])
    return [Source("redcap.csv", written(rows))]
