"""FHIR R4 -> one table a file: a line an assessment or a session, under headers that the mapping knows.

The files of one export are read together, because a resource in one names what is in another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from analytics.definitions.instruments import BUILT_IN, Instrument
from analytics.ingest.cells import Cells
from analytics.ingest.fhir_bundle import Bundle, bundle_in, current, together
from analytics.ingest.fhir_scores import Answer, ScoreReader
from analytics.ingest.fhir_sessions import Session, SessionReader
from analytics.ingest.measure_names import Measure
from analytics.ingest.parts import Part, Source, refuse
from analytics.ingest.pivot import side_by_side
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import numbered

_READ = frozenset({"Observation", "QuestionnaireResponse", "Procedure", "MedicationAdministration"})
_BESIDE = frozenset({"Patient", "Encounter", "Questionnaire", "Medication"})
_NAMED = _BESIDE | _READ | frozenset({
    "Practitioner", "PractitionerRole", "Organization", "Location", "Condition", "MedicationRequest", "Claim",
    "MedicationStatement", "DiagnosticReport", "ExplanationOfBenefit", "CarePlan", "CareTeam", "DocumentReference",
    "Immunization", "AllergyIntolerance", "Provenance", "Device", "OperationOutcome", "Appointment", "Goal",
    "ServiceRequest", "Coverage", "Consent",
})
"""Kinds of resources a note may name; any other text is counted as other."""

_SESSION_COLUMNS = ("treated_on", "drug", "route", "dose", "dose_unit")


@dataclass(frozen=True)
class FhirFile:
    """A FHIR file whose resources are known and not yet read."""

    name: str
    sha256: str
    book: str
    bundle: Bundle


def fhir_files(source: Source, log: ProblemLog) -> list[FhirFile] | None:
    """The file where it is a FHIR Bundle, one resource, or NDJSON; none where it is damaged; missing for other JSON."""
    if source.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return None
    try:
        bundle = bundle_in(source.content)
    except ValueError:
        refuse(log, source, "a damaged FHIR file", "Export the file again.")
        return []
    return None if bundle is None else [FhirFile(source.name, source.sha256, source.book, bundle)]


def fhir_parts(
    files: Sequence[FhirFile], log: ProblemLog, instruments: Mapping[str, Instrument] | None = None
) -> tuple[Part, ...]:
    """The tables of the files of one export, read together.

    Notes
    -----
    A row is numbered by the place of its entry in the Bundle or of its line in the NDJSON, from 1 in each file.
    """
    if not files:
        return ()
    bundle, starts = together([one.bundle for one in files])
    export = _Export(files, np.array(starts, dtype=np.int64))
    answers, asked, sessions = _read(export, bundle, dict(instruments or BUILT_IN), log)
    return tuple(_parts(export, answers, asked, sessions, log))


@dataclass(frozen=True)
class _Export:
    """The files that are read together; a row of the whole lies behind the start of its file."""

    files: Sequence[FhirFile]
    starts: np.ndarray

    def file_of(self, rows: Iterable[int]) -> np.ndarray:
        """The file of each row of the whole, by its position."""
        return np.searchsorted(self.starts, np.array([*rows], dtype=np.int64), side="left") - 1

    def told(self, code: str, rows: Iterable[int], log: ProblemLog) -> None:
        """Note a problem under each file that has a row with it."""
        rows = np.array(sorted(rows), dtype=np.int64)
        where = self.file_of(rows)
        for place in np.unique(where).tolist():
            log.add(code, self.files[place].name, rows=rows[where == place] - self.starts[place])


def _read(
    export: _Export, bundle: Bundle, instruments: Mapping[str, Instrument], log: ProblemLog
) -> tuple[list[Answer], dict[Measure, list[int]], list[Session]]:
    """What counts in the resources, the scores and items that are asked, and what is to be said of the others."""
    entries, again, unclear = current([entry for entry in bundle.entries
                                       if entry.resource["resourceType"] in _READ | _BESIDE])
    scores, treatments = ScoreReader(bundle, entries, instruments), SessionReader(bundle, entries)
    for entry in entries:
        scores.read(entry)
        treatments.read(entry)
    problems: dict[str, list[int]] = {"resource_unreadable": bundle.unreadable, "resource_again": again,
                                      "resource_versions_unclear": unclear}
    for found in (scores.problems, treatments.problems):
        for code, rows in found.items():
            problems.setdefault(code, []).extend(rows)
    sessions = treatments.sessions()
    for one in export.files:
        log.add("resources_numbered", one.name)
        if one.bundle.is_page:
            log.add("bundle_is_a_page", one.name)
    for code, rows in (*problems.items(), ("sessions_joined", treatments.joined)):
        export.told(code, rows, log)
    told = {row for rows in problems.values() for row in rows} | scores.rows | treatments.rows
    _note_others(export, bundle, told, log)
    return scores.answers, scores.asked, sessions


def _note_others(export: _Export, bundle: Bundle, told: set[int], log: ProblemLog) -> None:
    entries = [entry for entry in bundle.entries if entry.row not in told]
    where = export.file_of(entry.row for entry in entries).tolist()
    for place, one in enumerate(export.files):
        kinds = (entry.resource["resourceType"] for entry, file in zip(entries, where, strict=True) if file == place)
        others = Counter(kind if kind in _NAMED else "of other kinds" for kind in kinds if kind not in _BESIDE)
        if others:
            log.add("resources_not_used", one.name, count=sum(others.values()),
                    names=", ".join(f"{count:,} {kind}" for kind, count in sorted(others.items())))


def _parts(
    export: _Export, answers: list[Answer], asked: Mapping[Measure, list[int]], sessions: list[Session],
    log: ProblemLog,
) -> Iterable[Part]:
    """The tables: a line stands in the file of its first answer, or of the administration."""
    groups: dict[tuple, int] = {}
    group = [groups.setdefault((one.patient, one.anchor or one.on), len(groups)) for one in answers]
    lead: dict[int, int] = {}
    for one, number in zip(answers, group, strict=True):
        lead.setdefault(number, one.row)
    file_of_line = export.file_of(lead[number] for number in group).tolist()
    file_of_session = export.file_of(one.row for one in sessions).tolist()
    own = export.file_of(one.row for one in answers).tolist()
    export.told("resources_read_elsewhere", {one.row for one, file, led in zip(answers, own, file_of_line, strict=True)
                                             if file != led}, log)
    for place in range(len(export.files)):
        chosen = [number for number, where in enumerate(file_of_line) if where == place]
        mine = [answers[number] for number in chosen]
        there = {one.measure for one in mine} | {
            measure for measure, rows in asked.items() if place in export.file_of(rows)}
        yield _part(export, place, mine, np.array([group[number] for number in chosen], dtype=np.int64),
                    [measure for measure in asked if measure in there],
                    [one for one, where in zip(sessions, file_of_session, strict=True) if where == place])


def _part(
    export: _Export, place: int, answers: list[Answer], group: np.ndarray, measures: list[Measure],
    sessions: list[Session],
) -> Part:
    """The table of one file: the lines of answers, then the sessions."""
    where = {measure: number for number, measure in enumerate(measures)}
    rows = np.array([one.row for one in answers], dtype=np.int64)
    lines = side_by_side(numbered(group), np.array([where[one.measure] for one in answers], dtype=np.int64), measures,
                         Cells(pa.array([one.text for one in answers], type=pa.string())))
    firsts = [answers[number] for number in lines.first]
    columns: dict[str, list[str | None]] = {"patient_id": [one.patient for one in (*firsts, *sessions)]}
    if answers:
        columns["assessed_on"] = [one.on for one in firsts] + [None] * len(sessions)
    for header in _SESSION_COLUMNS if sessions else ():
        values = [getattr(one, header) for one in sessions]
        if any(values):
            columns[header] = [None] * len(firsts) + values
    blank = pa.nulls(len(sessions), pa.string())
    cells = [Cells(pa.array(column, type=pa.string())) for column in columns.values()]
    cells += [Cells(pa.concat_arrays([_plain(column.array), blank])) for column in lines.columns.values()]
    file, start = export.files[place], export.starts[place]
    n_files = len(export.files)
    lines_at = np.concatenate([rows[lines.first], np.array([one.row for one in sessions], dtype=np.int64)])
    behind, leaders = _joined(rows, lines.first, lines.of, sessions)
    is_mine = export.file_of(behind) == place
    return Part(file.name, file.sha256, (*columns, *lines.columns), tuple(cells), lines_at - start,
                file.bundle.n_rows, bool(file.book) or n_files > 1,
                joined=(behind[is_mine] - start, leaders[is_mine] - start),
                book=file.book or (export.files[0].name if n_files > 1 else ""), is_member=bool(file.book))


def _plain(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _joined(
    rows: np.ndarray, first: np.ndarray, line: np.ndarray, sessions: list[Session]
) -> tuple[np.ndarray, np.ndarray]:
    """Rows that stand on the line of another row, and those other rows."""
    pairs = np.array([(row, one.row) for one in sessions for row in one.also], dtype=np.int64).reshape(-1, 2)
    leader = rows[first][line]
    apart = rows != leader
    return np.concatenate([rows[apart], pairs[:, 0]]), np.concatenate([leader[apart], pairs[:, 1]])

