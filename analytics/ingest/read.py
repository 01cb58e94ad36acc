"""Bytes -> tables of cells. The content decides what a file is, never its name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from analytics.ingest.cells import number_in, writes_date
from analytics.ingest.delimited import read_delimited
from analytics.ingest.encodings import as_utf8
from analytics.ingest.grid import Grid, NoHeader, NotATable, require_names
from analytics.ingest.labels import sheets_shown
from analytics.ingest.markup_tables import markup_sheets
from analytics.ingest.parts import Part, Source, part_of, refuse
from analytics.ingest.problems import ProblemLog
from analytics.ingest.raw_sheets import RawSheet, grid_of_sheet
from analytics.ingest.sheet_names import SHEET_COLUMN, with_sheet_names
from analytics.ingest.typed_files import parquet_grid
from analytics.ingest.workbooks import OLE_MARK, sheets_of

if TYPE_CHECKING:
    from analytics.definitions.instruments import Instrument
    from analytics.ingest.fhir import FhirFile

_EXPORT = "Export the table as CSV or XLSX and give that file."

_BINARY: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", _EXPORT),
    (b"\x89PNG", "a picture", _EXPORT),
    (b"\xff\xd8\xff", "a picture", _EXPORT),
    (b"GIF8", "a picture", _EXPORT),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it and give the files inside."),
    (b"Rar!", "a RAR archive", "Unpack it and give the files inside."),
    (b"BZh", "a bzip2 archive", "Unpack it and give the file inside."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it and give the file inside."),
    (b"SQLite format 3", "a database", _EXPORT),
    (b"$FL2", "an SPSS file", _EXPORT),
    (b"{\\rtf", "a text document", _EXPORT),
)


_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<workbook", b"<meta", b"<head", b"<style", b"<body", b"<div")
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_JSON = (b"{", b"[{", b"[\n", b"[\r\n", b"[[", b"[ ")


def read(source: Source, log: ProblemLog, named: Collection[str] = ()) -> tuple[Part, ...]:
    """The tables of a file; none, and a finding that blocks, where it is no table.

    Parameters
    ----------
    named : headers that the caller knows; a table that has one of them has a header row
    """
    try:
        found = _tables(source, log, named)
    except NotATable as reason:
        log.forget(source.name)
        refuse(log, source, reason.looks_like, reason.what_to_do)
        return ()
    except NoHeader:
        log.add("sheet_no_header" if source.book else "no_header", source.name)
        return ()
    parts = tuple(part for part in found if _has_header(part, named, log))
    if found and not parts and not source.book and found[0].is_sheet:
        log.add("no_header", source.name)
    return with_sheet_names(parts, named, log)


def _has_header(part: Part, named: Collection[str], log: ProblemLog) -> bool:
    """Whether the first row names columns and is not a row of values, which no finding may then show."""
    bare = (re.sub(r"\s*\(column [0-9]+\)$", "", header) for header in part.headers if header != SHEET_COLUMN)
    texts = [text for text in bare if text]
    n_values = sum(number_in(text) is not None or writes_date(text) for text in texts)
    if n_values == 0 or 2 * n_values < len(texts) or set(texts) & set(named):
        return True
    log.forget(part.name)
    log.add("sheet_no_header" if part.is_sheet else "no_header", part.name)
    return False


def _tables(source: Source, log: ProblemLog, named: Collection[str]) -> tuple[Part, ...]:
    content = source.content
    if _is_blank(content):
        if source.book:
            refuse(log, source, "an empty file", "Leave it out.")
        else:
            log.add("empty", source.name)
        return ()
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", OLE_MARK)):
        return _of_sheets(source, sheets_of(content), log, named)
    if content.startswith(b"PAR1"):
        return _read_parquet(source, log, named)
    for magic, looks_like, what_to_do in _BINARY:
        if content.startswith(magic):
            raise NotATable(looks_like, what_to_do)
    return _read_text(source, log, named)


def _is_blank(content: bytes) -> bool:
    blank = b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"
    return not content[:4096].strip(blank) and not content.strip(blank)


def _read_text(source: Source, log: ProblemLog, named: Collection[str]) -> tuple[Part, ...]:
    content, guessed = as_utf8(source.content)
    start = content[:8192].lstrip()[:200].lower()
    if start.startswith(_MARKUP):
        return _of_sheets(source, iter(markup_sheets(content)), log, named)
    if start.startswith(_JSON):
        resources = resources_in(source, log)
        if resources is None:
            raise NotATable("JSON", _EXPORT)
        return resource_tables(resources, log)
    if _is_binary(content[:8192]):
        raise NotATable("a binary file", _EXPORT)
    if guessed is not None:
        log.add("encoding_unsure" if guessed.others else "encoding_guessed", source.name, encoding=guessed.title,
                others=" or ".join(guessed.others))
    has_nul = b"\0" in content
    grid = read_delimited(content.replace(b"\0", _REPLACED.encode()) if has_nul else content, named)
    part = part_of(source, grid, log, named)
    if has_nul and part is not None:
        _note_replaced(part, log)
    return (part,) if part is not None else ()


def resources_in(source: Source, log: ProblemLog) -> list[FhirFile] | None:
    """The file where it holds FHIR resources, none where it is damaged; missing for any other file."""
    if b'"resourceType"' not in source.content:
        return None
    from analytics.ingest.fhir import fhir_files

    return fhir_files(source, log)


def resource_tables(
    files: list[FhirFile], log: ProblemLog, instruments: Mapping[str, Instrument] | None = None
) -> tuple[Part, ...]:
    """The tables of files with FHIR resources that are of one export; without instruments, those that are built in."""
    from analytics.ingest.fhir import fhir_parts

    return fhir_parts(files, log, instruments)


def _is_binary(head: bytes) -> bool:
    n_control = sum(byte < 32 and byte not in (0, 9, 10, 12, 13) for byte in head)
    return (n_control + max(0, head.count(0) - 20)) > 0.05 * len(head)


def _note_replaced(part: Part, log: ProblemLog) -> None:
    is_hit = np.zeros(len(part.rows), dtype=bool)
    for cells in part.cells:
        is_hit |= cells.spread(np.array([_REPLACED in text for text in cells.texts], dtype=bool), False)
    log.add("nul_bytes", part.name, rows=part.rows[is_hit])


def _read_parquet(source: Source, log: ProblemLog, named: Collection[str]) -> tuple[Part, ...]:
    grid = parquet_grid(source.content)
    if grid is None:
        raise NotATable("a damaged Parquet file", "Export the file again.")
    require_names(grid.headers)
    part = part_of(source, grid, log, named)
    return (part,) if part is not None else ()


def _of_sheets(
    source: Source, sheets: Iterator[RawSheet], log: ProblemLog, named: Collection[str]
) -> tuple[Part, ...]:
    """The tables of a workbook or a page, one a sheet that holds anything."""
    grids: list[tuple[int, Grid]] = []
    headless: list[int] = []
    names: list[str] = []
    n_sheets = 0
    for sheet in sheets:
        if not sheet.holds_anything:
            continue
        n_sheets += 1
        names.append(sheet.name)
        try:
            grids.append((n_sheets, grid_of_sheet(sheet, named)))
        except NoHeader:
            headless.append(n_sheets)
    shown = sheets_shown(names)
    if n_sheets and not grids:
        raise NoHeader
    if not n_sheets:
        if source.book:
            refuse(log, source, "an empty workbook", "Leave it out.")
        else:
            log.add("empty", source.name)
    for number in headless:
        log.add("sheet_no_header", f"{source.name} [{shown[number - 1]}]")
    parts = [part_of(source, grid, log, named, sheet=shown[number - 1] or None, is_sheet=n_sheets > 1)
             for number, grid in grids]
    if n_sheets > 1 and not any(parts) and not source.book:
        log.add("no_rows", source.name)
    return tuple(part for part in parts if part is not None)
