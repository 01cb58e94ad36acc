"""Workbooks with one sheet for each patient or site: the names of the sheets as a column, where a person says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

import pyarrow as pa

from analytics.ingest.cells import Cells
from analytics.ingest.parts import Part
from analytics.ingest.problems import ProblemLog
from analytics.ingest.synonyms import HEADERS, squeezed

SHEET_COLUMN = "(sheet)"
"""The header under which the name of a sheet stands; read only where it is mapped."""

_CHOICES = (("each sheet is one patient, its name the patient's code", "patient_id"),
            ("each sheet is a site, a clinician or another group", "attribute"),
            ("the names of the sheets say nothing of the rows", "ignore"))
_PATIENT = frozenset(HEADERS["patient_id"])


def with_sheet_names(parts: tuple[Part, ...], named: Collection[str], log: ProblemLog) -> tuple[Part, ...]:
    """The sheets of a workbook, with their names as a column where sheets are alike and none has a patient column.

    Where such a column is not mapped, it is asked about.
    """
    alike: dict[tuple[str, ...], list[Part]] = defaultdict(list)
    for part in parts:
        if part.is_sheet and part.name.endswith("]"):
            alike[part.headers].append(part)
    groups = [group for headers, group in alike.items() if len(group) > 1
              and not any(squeezed(header) in _PATIENT or header in named for header in headers)]
    if SHEET_COLUMN in named:
        groups = [[part for part in parts if part.name.endswith("]")]]
    else:
        for group in groups:
            log.add("sheet_names_asked", group[0].book, SHEET_COLUMN, count=len(group), choices=_CHOICES)
    chosen = {part.name for group in groups for part in group}
    return tuple(_with_name(part) if part.name in chosen else part for part in parts)


def _with_name(part: Part) -> Part:
    """The table with the name of its sheet on every row."""
    name = part.name.rsplit(" [", 1)[1].removesuffix("]")
    cells = Cells(pa.array([name] * len(part.rows), type=pa.string()))
    return replace(part, headers=(*part.headers, SHEET_COLUMN), cells=(*part.cells, cells))
