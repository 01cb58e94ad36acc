"""The whole way from files to canonical tables and findings, in order."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from analytics.definitions.findings import Finding
from analytics.definitions.instruments import BUILT_IN, Instrument
from analytics.definitions.tables import FileRecord, Tables, date_of
from analytics.ingest.cells import Cells
from analytics.ingest.fields import Use, use_said
from analytics.ingest.gather import Gathered, gathered
from analytics.ingest.labels import file_shown
from analytics.ingest.members import NotUsed, not_needed
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part, Source, read, resource_tables, resources_in
from analytics.ingest.reshape import names_to_say, reshaped
from analytics.ingest.row_patients import patients_of_rows
from analytics.ingest.screen import kept_cells
from analytics.ingest.settle import Settled, settled
from analytics.ingest.unpack import sources_of

Dates = Literal["keep", "relative"]


Progress = Callable[[str, float], None]
"""Told what is being done and how much is, from 0 to 1; may raise to stop the load."""


def load(
    sources: str | Path | Source | Iterable[str | Path | Source],
    *,
    mapping: Mapping[str, str] | None = None,
    instruments: Mapping[str, Instrument] | None = None,
    attributes: Collection[str] = (),
    dates: Dates = "keep",
    as_of: date | None = None,
    secret: bytes | None = None,
) -> Tables:
    """Files as canonical tables, with a finding for everything that was wrong or left out.

    Parameters
    ----------
    sources : paths, or files in memory; one or several
    mapping : header -> what it is, in the words of ``--map``; applies to every file with that header
    instruments : a clinic's own instruments, besides the built-in ones
    attributes : headers that are kept as attributes even where nothing else says so
    dates : ``relative`` counts days from each patient's first session, and keeps no date
    as_of : the day the figures speak for; the latest date in the files otherwise
    secret : the key for patient codes that are mapped to ``patient_id[keyed]``; kept by the caller, at least 16 bytes

    Raises
    ------
    ValueError
        When the mapping names a field that does not exist or a header that no file has.
    OSError
        When a path cannot be read.
    """
    opened = open_files(sources, tuple(mapping or ()), instruments=instruments)
    return tables_of(opened, mapping=mapping, instruments=instruments, attributes=attributes, dates=dates, as_of=as_of,
                     secret=secret)


@dataclass(frozen=True)
class Opened:
    """Files as tables of cells, before anything is known of their columns.

    Attributes
    ----------
    log : what was wrong with the files as such
    """

    parts: tuple[Part, ...]
    log: ProblemLog

    def without(self, columns: Collection[tuple[str, str]]) -> Opened:
        """The same without some columns, each given by its header and the name of its table or of one made of it."""
        return replace(self, parts=tuple(
            part.without({header for name, header in columns if f"{name} [".startswith(f"{part.name} [")})
            for part in self.parts))

    def without_cells(self, findings: Iterable[Finding]) -> Opened:
        """The same with the single cells blank that findings name as identifying."""
        named = {(one.file, one.column): one.rows for one in findings if one.code == "identifier_in_cells"}
        return replace(self, parts=tuple(_blanked(part, named) for part in self.parts))

    def screened(self, tables: Tables, secret: bytes | None) -> Opened:
        """The same as the screen let it pass: what could identify is gone, or only what a person kept of it is there.

        Parameters
        ----------
        tables : the same files as they were read
        """
        gone = {(one.file, one.column) for one in tables.columns if one.is_identifier and one.field is None}
        return replace(self, parts=tuple(
            kept_cells(part, tables.columns, tables.instruments, secret)
            for part in self.without(gone).without_cells(tables.findings).parts))

    def packed(self) -> bytes:
        """The same, small, to be kept in memory; never written anywhere."""
        bare = [replace(part, cells=tuple(Cells(cells.array) for cells in part.cells)) for part in self.parts]
        return zlib.compress(pickle.dumps((bare, self.log), protocol=5), 1)


def _blanked(part: Part, named: Mapping[tuple[str | None, str | None], Collection[int]]) -> Part:
    cells = tuple(
        column.blanked(np.isin(part.rows, list(named[part.name, header]))) if (part.name, header) in named else column
        for header, column in zip(part.headers, part.cells, strict=True))
    return replace(part, cells=cells)


def unpacked(content: bytes) -> Opened:
    """What ``Opened.packed`` made, which must never come from outside of this process."""
    parts, log = pickle.loads(zlib.decompress(content))
    return Opened(tuple(parts), log)


def open_files(
    sources: str | Path | Source | Iterable[str | Path | Source], named: Collection[str] = (),
    progress: Progress = lambda doing, done: None, instruments: Mapping[str, Instrument] | None = None,
) -> Opened:
    """Files opened, so that they can be read once or several times, each time with another mapping.

    Parameters
    ----------
    named : headers that the caller knows; a table that has one of them has a header row
    instruments : a clinic's own, by whose codes FHIR resources are known as they are opened
    """
    log = ProblemLog()
    given = [sources] if isinstance(sources, str | Path | Source) else list(sources)

    def told() -> Iterable[str | Path | Source]:
        for place, one in enumerate(given):
            progress(f"Reading file {place + 1} of {len(given)}", 0.6 * place / len(given))
            yield one

    return Opened(tuple(_parts(told(), named, {**BUILT_IN, **(instruments or {})}, log)), log)


def tables_of(
    opened: Opened, *, mapping: Mapping[str, str] | None = None, instruments: Mapping[str, Instrument] | None = None,
    attributes: Collection[str] = (), dates: Dates = "keep", as_of: date | None = None, secret: bytes | None = None,
    progress: Progress = lambda doing, done: None,
) -> Tables:
    """Opened files as canonical tables; parameters and errors as of ``load``."""
    if dates not in ("keep", "relative"):
        raise ValueError(f"dates is keep or relative; {dates!r} came.")
    known = {**BUILT_IN, **(instruments or {})}
    said = {header: use_said(header, text, known) for header, text in (mapping or {}).items()}
    log = opened.log.copy()
    log.forget_asked(said)
    parts = list(opened.parts)
    _require_headers(said, parts)
    progress("Finding out what the columns are", 0.6)
    parts = reshaped(parts, said, known, log)
    aside: list[NotUsed] = []
    while True:
        found = gathered(parts, said, attributes, known, log.copy(), secret, {one.part.name for one in aside})
        for one in aside:
            one.told(found.log)
        progress("Setting the rows against each other", 0.8)
        result = settled(found, dates, as_of)
        more = not_needed(found)
        if not more:
            break
        aside += more
    return _tables(found, result, known)


def _parts(
    sources: Iterable[str | Path | Source], named: Collection[str], instruments: Mapping[str, Instrument],
    log: ProblemLog,
) -> list[Part]:
    """The tables of all files; a file with the content of an earlier one is not read again."""
    tables: list[tuple[Part, ...]] = []
    exports: dict[tuple[str, bool], tuple[int, list]] = {}
    seen: set[str] = set()
    names: set[str] = set()
    for given in sources:
        is_any, books = False, set()
        for source in sources_of(given, log, len(names) + 1):
            source = replace(source, name=_unique(file_shown(source.name, len(names) + 1), names))
            books.add(source.book)
            if source.sha256 in seen:
                log.add("duplicate_file", source.name)
                books.clear()
                continue
            seen.add(source.sha256)
            resources = resources_in(source, log)
            if resources is None:
                tables.append(tuple(part if part.name == source.name else replace(part, name=_unique(part.name, names))
                                    for part in read(source, log, named)))
                is_any |= bool(tables[-1])
                continue
            for one in resources:
                key = (one.name, True) if one.bundle.is_whole else (one.book, False)
                exports.setdefault(key, (len(tables), []))[1].append(one)
            is_any |= bool(resources)
            tables.append(())
        for book in books - {""} if not is_any else ():
            log.add("no_table_inside", book)
    for place, files in exports.values():
        tables[place] = resource_tables(files, log, instruments)
    return [part for parts in tables for part in parts]


def _unique(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where another file or sheet has it already."""
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name} ({number})"
    taken.add(unique)
    return unique


def _require_headers(said: Mapping[str, Use], parts: list[Part]) -> None:
    present = {header for part in parts for header in part.headers}
    missing = [header for header in said if header not in present]
    if any(_is_score(said[header]) for header in missing):
        names = names_to_say(parts, said)
        missing = [header for header in missing if header not in names or not _is_score(said[header])]
    if missing and parts:
        raise ValueError(f"No file has a column {missing[0]!r}; there are {', '.join(sorted(present))}.")


def _is_score(use: Use) -> bool:
    """Whether a name in a row may be said to mean this: a score, an answer, or nothing that is read."""
    return use.instrument is not None or use.field is None


def _tables(found: Gathered, result: Settled, instruments: dict[str, Instrument]) -> Tables:
    findings = found.log.findings()
    return Tables(
        assessments=result.assessments, sessions=result.sessions, attributes=result.attributes, axis=result.axis,
        instruments=instruments, files=_file_records(found, result), findings=findings,
        columns=tuple(found.columns), observed_until=result.observed_until,
        is_visit_order_known=result.is_visit_order_known,
        as_of=date_of(result.as_of) if result.as_of is not None else None,
        is_turned_relative=result.is_turned_relative,
        patient_of_row=patients_of_rows(found, findings),
    )


def _file_records(found: Gathered, result: Settled) -> tuple[FileRecord, ...]:
    """The files with their rows accounted for: used, named in a finding as not used, or holding nothing."""
    records = []
    for file, part in enumerate(found.parts):
        used = part.with_joined(result.used_rows(file))
        dropped = found.log.dropped_rows(part.name)
        n_only_dropped = int((~np.isin(dropped, used)).sum())
        records.append(FileRecord(part.name, part.sha256, part.n_rows, found.kinds[file], len(used),
                                  part.n_rows - len(used) - n_only_dropped))
    return tuple(records)
