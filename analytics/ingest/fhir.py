"""FHIR R4 -> one table: a line an assessment or a session, under headers that the mapping knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from analytics.definitions.instruments import BUILT_IN, Instrument
from analytics.ingest.cells import Cells
from analytics.ingest.fhir_bundle import Bundle, bundle_in, current
from analytics.ingest.fhir_scores import Answer, ScoreReader
from analytics.ingest.fhir_sessions import Session, SessionReader
from analytics.ingest.measure_names import Measure
from analytics.ingest.parts import Part, Source
from analytics.ingest.pivot import side_by_side
from analytics.ingest.problems import ProblemLog

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


def fhir_parts(
    source: Source, log: ProblemLog, instruments: Mapping[str, Instrument] | None = None
) -> tuple[Part, ...] | None:
    """The table of a FHIR file, a Bundle, one resource, or NDJSON; missing where the JSON is not FHIR.

    Notes
    -----
    A row is numbered by the place of its entry in the Bundle or of its line in the NDJSON, from 1.
    """
    if source.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return None
    try:
        bundle = bundle_in(source.content)
    except ValueError:
        log.add("unreadable", source.name, looks_like="a damaged FHIR file", what_to_do="Export the file again.")
        return ()
    if bundle is None:
        return None
    answers, measures, sessions = _read(source.name, bundle, dict(instruments or BUILT_IN), log)
    return (_part(source, bundle.n_rows, answers, measures, sessions),)


def _read(
    name: str, bundle: Bundle, instruments: Mapping[str, Instrument], log: ProblemLog
) -> tuple[list[Answer], list[Measure], list[Session]]:
    """What counts in the resources, the scores and items that are asked, and what is to be said of the others."""
    kinds = [entry.resource["resourceType"] for entry in bundle.entries]
    entries, again, unclear = current([entry for entry, kind in zip(bundle.entries, kinds, strict=True)
                                       if kind in _READ | _BESIDE])
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
    log.add("resources_numbered", name)
    for code, rows in problems.items():
        if rows:
            log.add(code, name, rows=rows)
    if treatments.joined:
        log.add("sessions_joined", name, rows=treatments.joined)
    if bundle.is_page:
        log.add("bundle_is_a_page", name)
    told = {row for rows in problems.values() for row in rows} | scores.rows | treatments.rows
    _note_others(name, bundle, told, log)
    return scores.answers, list(scores.asked), sessions


def _note_others(name: str, bundle: Bundle, told: set[int], log: ProblemLog) -> None:
    others = Counter(kind if kind in _NAMED else "of other kinds" for entry in bundle.entries
                     if entry.row not in told and (kind := entry.resource["resourceType"]) not in _BESIDE)
    if others:
        log.add("resources_not_used", name, count=sum(others.values()),
                names=", ".join(f"{count:,} {kind}" for kind, count in sorted(others.items())))


def _part(
    source: Source, n_rows: int, answers: list[Answer], measures: list[Measure], sessions: list[Session]
) -> Part:
    """The table: the lines of answers, then the sessions."""
    groups: dict[tuple, int] = {}
    group = np.array([groups.setdefault((one.patient, one.anchor or one.on), len(groups)) for one in answers],
                     dtype=np.int64)
    where = {measure: place for place, measure in enumerate(measures)}
    rows = np.array([one.row for one in answers], dtype=np.int64)
    lines = side_by_side(group, np.array([where[one.measure] for one in answers], dtype=np.int64), measures,
                         Cells(pa.array([one.text for one in answers], type=pa.string())))
    firsts = [answers[place] for place in lines.first]
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
    return Part(source.name, source.sha256, (*columns, *lines.columns), tuple(cells),
                np.concatenate([rows[lines.first], np.array([one.row for one in sessions], dtype=np.int64)]),
                n_rows, joined=_joined(rows, lines.first, lines.of, sessions))


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

