"""Workbooks (.xlsx, .xls, .ods) as sheets of text."""

from __future__ import annotations

import datetime
import io
import json
import posixpath
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from xml.parsers import expat

from analytics.ingest import old_workbooks
from analytics.ingest.cells import as_text
from analytics.ingest.grid import NotATable
from analytics.ingest.old_book_facts import OldBookFacts, old_book_facts
from analytics.ingest.raw_sheets import RawSheet
from analytics.ingest.sheet_xml import SheetFacts, member, ods_facts, xlsx_facts

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old Office files start, and newer ones with a password."""

_XLSX_MARK = "xl/workbook.xml"
_XLSX_RELATIONS = "xl/_rels/workbook.xml.rels"
_ODS_MARK = "content.xml"
_MOST_SHEETS = 1000
_MOST_OLD_BYTES = 100_000_000


def _password() -> NotATable:
    return NotATable("a workbook with a password", "Save it without a password, or as .csv, and give that file.")


def _damaged() -> NotATable:
    return NotATable("a damaged or protected workbook", "Save it again without a password, or as .csv.")


def _huge() -> NotATable:
    return NotATable("a workbook whose sheets would fill the memory", "Copy the table alone into a new workbook.")


def is_workbook(names: set[str]) -> bool:
    """Whether an archive with these members is a document of an office program, and no archive to unpack."""
    return "[Content_Types].xml" in names or _XLSX_MARK in names or {"mimetype", _ODS_MARK} <= names


def sheets_of(content: bytes) -> Iterator[RawSheet]:
    """The sheets of a workbook, hidden ones too.

    Raises
    ------
    NotATable
        When it is damaged, protected, another kind of document, or would fill the memory.
    """
    if content.startswith(OLE_MARK):
        _require_old_workbook(content)
        yield from _old_sheets(content)
    else:
        yield from _new_sheets(content, _facts(content))


def _old_sheets(content: bytes) -> Iterator[RawSheet]:
    try:
        done = subprocess.run([sys.executable, "-P", old_workbooks.__file__], input=content, capture_output=True,
                              timeout=2 * old_workbooks.MOST_SECONDS, check=False)
        sheets = json.loads(done.stdout) if done.returncode == 0 else []
    except (subprocess.TimeoutExpired, MemoryError):
        raise _huge() from None
    if done.returncode == old_workbooks.PASSWORD:
        raise _password()
    if done.returncode == old_workbooks.DAMAGED:
        raise _damaged()
    if done.returncode:
        raise _huge()
    facts = old_book_facts(content)
    if len(facts.hidden) != len(sheets):
        facts = OldBookFacts([[] for _ in sheets], facts.is_from_1904)
    for sheet, hidden in zip(sheets, facts.hidden, strict=True):
        cells = [[_typed(cell) for cell in record] for record in sheet["records"]]
        dated = columns_of_dates(cells) if facts.is_from_1904 else None
        records = [[as_text(cell) for cell in record] for record in cells]
        merged = tuple(((first[0], first[1]), (last[0], last[1])) for first, last in sheet["merged"])
        yield RawSheet(sheet["name"], records, merged, tuple(hidden), is_hidden=sheet["is_hidden"], from_1904=dated)


def columns_of_dates(cells: Sequence[Sequence[object]]) -> tuple[int, ...]:
    """The columns of a sheet in which any cell is formatted as a date."""
    return tuple(sorted({place for record in cells for place, cell in enumerate(record)
                         if isinstance(cell, datetime.date)}))


def _typed(cell: object) -> object:
    if not isinstance(cell, dict):
        return "" if cell is None else cell
    (kind, text), = cell.items()
    kinds = {"datetime": datetime.datetime, "date": datetime.date, "time": datetime.time}
    return kinds[kind].fromisoformat(text) if kind in kinds else text


def _new_sheets(content: bytes, facts: list[SheetFacts]) -> Iterator[RawSheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        about = book.sheets_metadata
        if len(about) > _MOST_SHEETS:
            raise NotATable(f"a workbook of {len(about):,} sheets", "Give the sheets in several workbooks.")
        known = facts if len(facts) == len(about) else [SheetFacts() for _ in about]
        for place, (one, fact) in enumerate(zip(about, known, strict=True)):
            sheet = book.get_sheet_by_index(place)
            merged = tuple(sheet.merged_cell_ranges or ())
            cells = sheet.to_python(skip_empty_area=False)
            dated = columns_of_dates(cells) if fact.is_from_1904 else None
            records = [["" if cell is None else as_text(cell) for cell in record] for record in cells]
            yield RawSheet(one.name, records, merged, tuple(fact.hidden), tuple(fact.uncached),
                           one.visible != SheetVisibleEnum.Visible, dated)
    except PasswordError:
        raise _password() from None
    except (CalamineError, OSError, ValueError, OverflowError, zipfile.BadZipFile):
        raise _damaged() from None


def _require_old_workbook(content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _password()
    if "Workbook".encode("utf-16-le") not in content and "Book".encode("utf-16-le") not in content:
        raise NotATable("an old Office document that is no workbook", "Export the table as CSV or XLSX.")
    if len(content) > _MOST_OLD_BYTES:
        raise NotATable("an old workbook of unusual size", "Save it as .xlsx or .csv and give that file.")


def _facts(content: bytes) -> list[SheetFacts]:
    """What each sheet of a zipped workbook says besides its values, in the order of the workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if _XLSX_MARK in names:
                return _xlsx_facts(archive, names)
            if "mimetype" in names and _ODS_MARK in names:
                return _ods_facts(archive)
            kind = "a binary workbook (.xlsb)" if "xl/workbook.bin" in names else "a document that is no workbook"
            raise NotATable(kind, "Export the table as CSV or XLSX and give that file.")
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError):
        raise _damaged() from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise _damaged() from None
        raise


def _ods_facts(archive: zipfile.ZipFile) -> list[SheetFacts]:
    if b"spreadsheet" not in archive.read("mimetype")[:100]:
        raise NotATable("a document that is no workbook", "Export the table as CSV or XLSX and give that file.")
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in member(archive, "META-INF/manifest.xml"):
        raise _password()
    return ods_facts(member(archive, _ODS_MARK))


def _xlsx_facts(archive: zipfile.ZipFile, names: set[str]) -> list[SheetFacts]:
    by_lower = {name.lower(): name for name in names}
    for name in names:
        if name.lower().endswith((".xml", ".rels")) and not name.lower().startswith("xl/worksheets/"):
            member(archive, name)
    book = member(archive, _XLSX_MARK)
    targets = {identifier: target for _, found in _elements(member(archive, _XLSX_RELATIONS), "Relationship")
               if (identifier := found.get("Id")) and (target := found.get("Target"))}
    wanted = [target for _, found in _elements(book, "sheet")
              for key, identifier in found.items() if key.endswith(":id") and (target := targets.get(identifier))]
    is_from_1904 = any(found.get("date1904") in ("1", "true") for _, found in _elements(book, "workbookPr"))
    is_uncalculated = any(found.get("fullCalcOnLoad") in ("1", "true") for _, found in _elements(book, "calcPr"))
    facts = []
    for target in wanted:
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        name = by_lower.get(path.lower())
        if name is None:
            raise _damaged()
        facts.append(xlsx_facts(member(archive, name), zero_is_uncached=is_uncalculated))
        facts[-1].is_from_1904 = is_from_1904
    return facts


def _elements(content: bytes, tag: str) -> list[tuple[str, dict[str, str]]]:
    """The attributes of all elements of a name, whatever their prefix."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == tag:
            found.append((name, attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise _damaged() from None
    return found
