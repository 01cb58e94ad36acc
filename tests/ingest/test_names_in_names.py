"""Names of persons in the names of files, folders, archives, members and sheets come up nowhere."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile

import pytest

from analytics.ingest.load import load
from analytics.ingest.read import Source
from tests.ingest.books import book, zipped
from tests.ingest.test_fhir import PATIENT, phq9
from tests.shapes.fhir import bundle, ndjson

WHO = "Maria Gonzalez"
SCORES = "patient_id,day,phq9\nP1,0,20\nP1,28,9\n"
SHEET = [["patient_id", "day", "phq9"], ["P1", 0, 20]]
OTHER = [["patient_id", "day", "gad7"], ["P1", 0, 11]]


def damaged() -> bytes:
    return zipped({f"{WHO}.csv": SCORES}).replace(b"P1,28", b"P1,29")


def locked() -> bytes:
    content = bytearray(zipped({f"{WHO}.csv": SCORES}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + offset] |= 1
    return bytes(content)


def linked() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo(f"{WHO}.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hostname")
    return target.getvalue()


WAYS = {
    "a file": Source(f"{WHO}.csv", SCORES.encode()),
    "a file that is no table": Source(f"{WHO}.pdf", b"%PDF-1.7"),
    "an empty file": Source(f"{WHO}.csv", b""),
    "gzip": Source(f"{WHO}.csv.gz", gzip.compress(SCORES.encode())),
    "damaged gzip": Source(f"{WHO}.csv.gz", gzip.compress(SCORES.encode())[:-9]),
    "an archive": Source(f"{WHO}.zip", zipped({"a.csv": SCORES, "b.pdf": b"%PDF-1.7"})),
    "an archive without tables": Source(f"{WHO}.zip", zipped({"b.pdf": b"%PDF-1.7"})),
    "an empty archive": Source(f"{WHO}.zip", zipped({})),
    "an archive of which nothing is known": Source(f"{WHO}.zip", zipped({"a.csv": "red,green\na,b\n"})),
    "a member": Source("x.zip", zipped({f"{WHO}.csv": SCORES, f"{WHO}/b.csv": "red,green\na,b\n"})),
    "a member that is no table": Source("x.zip", zipped({"a.csv": SCORES, f"{WHO}.pdf": b"%PDF-1.7"})),
    "a member that leads out": Source("x.zip", zipped({f"../{WHO}.csv": SCORES})),
    "a folder that leads out": Source("x.zip", zipped({f"../{WHO}/a.csv": SCORES})),
    "a damaged member": Source("x.zip", damaged()),
    "a locked member": Source("x.zip", locked()),
    "a linked member": Source("x.zip", linked()),
    "an archive inside": Source("x.zip", zipped({f"{WHO}.zip": zipped({"a.csv": SCORES})})),
    "an archive inside an archive inside": Source("x.zip", zipped({"b.zip": zipped({f"{WHO}.zip": zipped(
        {"a.csv": SCORES})})})),
    "a member without patients": Source("x.zip", zipped({"a.csv": SCORES, f"{WHO}.csv": "day,phq9\n0,9\n"})),
    "sheets": Source("x.xlsx", book(**{WHO: SHEET, "Gonzalez, Maria": OTHER, "Maria": SHEET})),
    "sheets without patients": Source("x.xlsx", book(**{WHO: [row[1:] for row in SHEET],
                                                        "James Smith": [row[1:] for row in SHEET]})),
    "a sheet without a header": Source("x.xlsx", book(**{WHO: [[1, 2], [3, 4]], "a": SHEET})),
    "an empty sheet": Source("x.xlsx", book(**{WHO: SHEET[:1], "a": SHEET})),
    "a workbook": Source(f"{WHO}.xlsx", book(A=SHEET, B=OTHER)),
    "a workbook without a header": Source(f"{WHO}.xlsx", book(A=[[1, 2], [3, 4]], B=[[1, 2], [3, 5]])),
    "a Bundle": Source(f"{WHO}.json", bundle([PATIENT, phq9()])),
    "a damaged Bundle": Source(f"{WHO}.json", bundle([PATIENT, phq9()])[:-9]),
    "NDJSON in an archive": Source(f"{WHO}.zip", zipped({f"{WHO}.ndjson": ndjson([PATIENT, phq9()])})),
    "the same file twice": Source("x.zip", zipped({"a.csv": SCORES, f"{WHO}.csv": SCORES})),
}


def shown(tables) -> str:
    return str((tables.findings, tables.columns, tables.files, sorted(map(str, tables.patient_of_row)),
                tables.assessments["file"].cat.categories.tolist()
                if hasattr(tables.assessments["file"], "cat") else tables.assessments["file"].tolist())).lower()


@pytest.mark.parametrize("way", WAYS)
def test_no_name_comes_up(way):
    text = shown(load([WAYS[way]]))
    assert "gonzalez" not in text
    assert "maria" not in text


@pytest.mark.parametrize("shape", ["a folder", "a folder called so", "a folder inside", "an empty folder"])
def test_no_name_comes_up_of_a_folder(shape, tmp_path):
    folder = tmp_path / (WHO if shape in ("a folder called so", "an empty folder") else "export")
    inside = folder / WHO if shape == "a folder inside" else folder
    inside.mkdir(parents=True)
    if shape != "an empty folder":
        (inside / (f"{WHO}.csv" if shape == "a folder" else "a.csv")).write_text(SCORES, encoding="utf-8")
        (inside / f"{WHO}.pdf").write_bytes(b"%PDF-1.7")
    text = shown(load([folder]))
    assert "gonzalez" not in text
    assert "maria" not in text


@pytest.mark.parametrize("name", ["PHQ Scores.csv", "North Clinic.csv", "Ketamine Sessions.csv"])
def test_other_names_stay(name):
    assert load([Source("x.zip", zipped({name: SCORES}))]).files[0].name == f"x.zip/{name}"


def test_too_large_files_are_not_named_after_a_person(tmp_path, monkeypatch):
    from analytics.ingest import unpack

    monkeypatch.setattr(unpack, "MOST_BYTES", 10)
    (tmp_path / f"{WHO}.csv").write_text(SCORES, encoding="utf-8")
    for given in (tmp_path / f"{WHO}.csv", tmp_path, Source(f"{WHO}.zip", zipped({"a.csv": SCORES}))):
        text = shown(load([given]))
        assert "too_large" in text
        assert "gonzalez" not in text
