"""Invented files of every kind for ``fuzz.py``: tables drawn at random, written in many ways, and damaged."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet
import xlsxwriter

Table = list[list[str]]


@dataclass(frozen=True)
class Made:
    """A file that was made.

    Attributes
    ----------
    n_rows : rows below the header that hold anything; missing where damage makes that unknowable
    """

    kind: str
    name: str
    content: bytes
    n_rows: int | None


_COLUMNS: dict[str, tuple[str, ...]] = {
    "patient_id": ("patient_id", "Patient ID", "subject", "record_id", "Kürzel", "Pt code"),
    "place": ("day", "assessed_on", "Date", "visit", "Infusion date", "study_day"),
    "phq9": ("phq9", "PHQ-9 Total", "PHQ tot V3 (wk)", "phq9_total", "baseline_phq9", "phq9_q1", "phq9_2"),
    "other": ("gad7", "Pain worst?? 0-10 post", "pain_nrs", "bdi2", "site", "sex", "remark", "dose_mg", "route", "dob",
              "Unnamed: 3", "", "Over the last two weeks, how often have you felt down?", "pcl5", "madrs", "e-mail",
              "timing", "time", "course_id", "instrument", "score", "redcap_event_name", "phase", "nausea"),
}
_ODD = (
    "", "", " ", "NA", "-99", "88", "x", "=1+1", "<b>7</b>", "7,5", "1,234", "5-9", "9-May", "1.2E+11", "2024-02-30",
    "31/12/2024", "12/31/2024", "45678", "14 (moderate)", "Several days", "Day 14", "week 2", "\ufeff", "ü", "a,b",
    "a;b", 'say "so"', "two\nlines", "tab\there", "9" * 40, "-0", "+5", "1e5", "nan", "inf", "true", "'007", "00012",
    "{7}", "2024-01-05T08:30:00+02:00", "\u202e", "\x0b", "#DIV/0!", "a@example.invalid", "Total", "n = 3", "[7]")


def table(rng: random.Random) -> Table:
    """A header and rows; each row holds something."""
    header = [rng.choice(_COLUMNS[key]) for key in ("patient_id", "place", "phq9")]
    header += rng.choices(_COLUMNS["other"], k=rng.randrange(0, 9))
    if rng.random() < 0.15:
        rng.shuffle(header)
    rows = [header]
    odd = rng.choice((0.0, 0.02, 0.2, 0.9))
    for number in range(rng.choice((0, 1, 2, 5, 20, 60, 200))):
        row = [_cell(name, number, rng) if rng.random() >= odd else rng.choice(_ODD) for name in header]
        rows.append(row if any(cell.strip() for cell in row) else ["P1", *row[1:]])
    return rows


def _cell(name: str, number: int, rng: random.Random) -> str:
    if name in _COLUMNS["patient_id"]:
        return f"P{number // 3}"
    if name in ("assessed_on", "Date", "Infusion date"):
        return f"2024-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    if name in ("day", "study_day"):
        return str(rng.randrange(-20, 60))
    if name in ("site", "sex", "route", "visit", "remark", "phase", "instrument"):
        return rng.choice(("North", "South", "f", "IV", "baseline", "week 4", "phq9", "induction", "calm today"))
    return str(rng.randrange(0, 28))


def _text(rows: Table, rng: random.Random) -> tuple[bytes, int]:
    """Delimited text in one of many dialects, and how many rows it holds."""
    target = io.StringIO()
    end = rng.choice(("\n", "\r\n", "\r"))
    quoting = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC))
    # The csv module leaves a line feed bare where lines end otherwise.
    writer = csv.writer(target, delimiter=rng.choice(",,,;\t|"), lineterminator=end,
                        quoting=csv.QUOTE_ALL if end == "\r" else quoting)
    if rng.random() < 0.08:
        target.write(f"sep={writer.dialect.delimiter}{end}")
    titles = ((), (), (), ("North clinic",), ("Scores, all", "", "made in May"))
    for line in rng.choice(titles if len(rows) > 1 else titles[:1]):
        writer.writerow([line] if line else [])
    writer.writerow(rows[0])
    n_rows = 0
    for row in rows[1:]:
        writer.writerow(row)
        n_rows += 1
        if rng.random() < 0.02:
            target.write(end)
        elif rng.random() < 0.01:
            writer.writerow(rows[0])
            n_rows += any(cell.strip() for cell in rows[0])
    if rng.random() < 0.1:
        writer.writerow(["Total", *[""] * (len(rows[0]) - 2), "99"][:len(rows[0])])
        n_rows += 1
    text = target.getvalue()
    text = text[:len(text) - len(end)] if rng.random() < 0.3 else text
    encoding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"))
    return text.encode(encoding, errors="replace"), n_rows


def _book(rows: Table, rng: random.Random) -> tuple[bytes, int]:
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": rng.random() < 0.1, "strings_to_urls": False,
               "strings_to_numbers": rng.random() < 0.5}
    n_sheets = rng.choice((1, 1, 1, 2, 12))
    with xlsxwriter.Workbook(target, options) as made:
        for _ in range(n_sheets):
            sheet = made.add_worksheet()
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(place, column, cell.replace("\x0b", "")) if cell else None
                if rng.random() < 0.02:
                    sheet.set_row(place, None, None, {"hidden": True})
    return target.getvalue(), n_sheets * (len(rows) - 1)


def _parquet(rows: Table, rng: random.Random) -> tuple[bytes, int]:
    names = [f"{name}{'' if rows[0].index(name) == place else place}" for place, name in enumerate(rows[0])]
    columns = [[row[place] or None for row in rows[1:]] for place in range(len(names))]
    target = io.BytesIO()
    pyarrow.parquet.write_table(pa.table([pa.array(column, pa.string()) for column in columns], names=names), target,
                                compression=rng.choice(("none", "snappy")))
    return target.getvalue(), len(rows) - 1


def _page(rows: Table, rng: random.Random) -> tuple[bytes, int]:
    lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    return f"<html><table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table></html>".encode(), len(rows) - 1


def _plain_xml(text: str) -> str:
    return html.escape(text.replace("\x0b", ""))


def _spreadsheet(rows: Table, rng: random.Random) -> tuple[bytes, int]:
    lines = ("".join(f'<Cell><Data ss:Type="String">{_plain_xml(cell)}</Data></Cell>' for cell in row) for row in rows)
    return (f'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:'
            f'schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>'
            f'{"".join(f"<Row>{line}</Row>" for line in lines)}</Table></Worksheet></Workbook>').encode(), len(rows) - 1


def _open_document(rows: Table, rng: random.Random) -> tuple[bytes, int]:
    start, end = '<table:table-cell office:value-type="string"><text:p>', "</text:p></table:table-cell>"
    lines = ("".join(f"{start}{_plain_xml(cell)}{end}" for cell in row) for row in rows)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:'
               f'table:1.0" xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="A">'
               + "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
               + "</table:table></office:spreadsheet></office:body></office:document-content>")
    return _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode(),
                 "META-INF/manifest.xml": b"<manifest/>"}), len(rows) - 1


def _json(rows: Table, rng: random.Random) -> tuple[bytes, None]:
    records = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    resources = [{"resourceType": "Observation",
                  "status": rng.choice(("final", "amended", "entered-in-error", 7, None)),
                  "code": {"coding": [{"system": "http://loinc.org", "code": rng.choice(("44261-6", "70274-6", 5))}]},
                  "subject": rng.choice(({"reference": f"Patient/{number}"}, None, "x", [])),
                  "effectiveDateTime": rng.choice(("2024-01-05", "2024", "", None)),
                  "valueQuantity": rng.choice(({"value": 7}, {"value": "x"}, [], None))}
                 for number in range(len(rows) - 1)]
    chosen = rng.randrange(4)
    if chosen == 0:
        return json.dumps(records).encode(), None
    if chosen == 1:
        return "\n".join(map(json.dumps, resources)).encode(), None
    entries: list[object] = [{"resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "searchset",
                       "entry": entries if chosen == 2 else rng.choice((entries, {}, "x", [7, None]))}).encode(), None


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


_WRITERS: dict[str, tuple[str, int, Callable[[Table, random.Random], tuple[bytes, int | None]]]] = {
    "text": ("csv", 12, _text), "workbook": ("xlsx", 4, _book), "parquet": ("parquet", 2, _parquet),
    "page": ("xls", 2, _page), "spreadsheet": ("xls", 2, _spreadsheet), "open document": ("ods", 2, _open_document),
    "json": ("json", 2, _json),
}


def _packed(made: Made, rng: random.Random) -> Made:
    """The file in an archive, now and then with others."""
    if rng.random() < 0.5:
        return Made(f"{made.kind} in gzip", made.name + ".gz", gzip.compress(made.content, mtime=0), made.n_rows)
    members = {rng.choice(("a/", "", "../", "/")) + made.name: made.content}
    if rng.random() < 0.3:
        members["guide.pdf"] = b"%PDF-1.7"
    return Made(f"{made.kind} in zip", "export.zip", _zip(members), made.n_rows)


_PUT_IN = (b"\0", b'"', b"\n", b"\r", b",", b";", b"\xff", b"<", b"&", b"=", b"\x1a", b"9" * 400, b'"' * 99, b"," * 300,
           b"\n" * 300, b"<!DOCTYPE x>")


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Bytes turned, cut out, doubled, moved, or put in."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        if not changed:
            return bytes(changed)
        place, length = rng.randrange(len(changed)), rng.choice((1, 1, 2, 8, 100))
        how = rng.randrange(7)
        if how == 0:
            changed[place] = rng.randrange(256)
        elif how == 1:
            del changed[place:place + length]
        elif how == 2:
            changed[place:place] = changed[place:place + length] * rng.choice((1, 2, 50))
        elif how == 3:
            changed[place:place] = rng.choice(_PUT_IN)
        elif how == 4:
            del changed[place:]
        elif how == 5:
            changed[place:place + length] = bytes(rng.randrange(256) for _ in range(length))
        else:
            other = rng.randrange(len(changed))
            changed[place:place + length] = changed[other:other + length]
    return bytes(changed)


def _damaged_inside(content: bytes, rng: random.Random) -> bytes:
    """A zip archive, sound itself, with one member damaged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(sorted(members))
    return _zip({**members, name: damaged(members[name], rng)})


def made_file(seed: int, number: int) -> Made:
    """The file of a number, the same each time."""
    rng = random.Random(f"{seed} {number}")
    kind = rng.choices(list(_WRITERS), weights=[weight for _, weight, _ in _WRITERS.values()])[0]
    suffix, _, write = _WRITERS[kind]
    content, n_rows = write(table(rng), rng)
    made = Made(kind, f"scores.{suffix}", content, n_rows)
    if rng.random() < 0.55:
        if content.startswith(b"PK") and rng.random() < 0.7:
            made = Made(f"{kind}, damaged inside", made.name, _damaged_inside(content, rng), None)
        else:
            made = Made(f"{kind}, damaged", made.name, damaged(content, rng), None)
    return _packed(made, rng) if rng.random() < 0.15 else made
