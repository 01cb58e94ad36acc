"""A finding: one problem in a file, told so that the person who owns the file can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["blocks", "drops_rows", "note"]

SEVERITIES: tuple[Severity, ...] = ("blocks", "drops_rows", "note")
"""Gravest first: nothing is loaded; a row or a value was not used; nothing was lost."""


@dataclass(frozen=True)
class Finding:
    """One problem in one file. Holds rows and a column, never a value of a patient.

    Attributes
    ----------
    severity : what it did to the load, see ``SEVERITIES``
    code : short stable name of the kind of problem, as in ``out_of_range``
    problem : what kind of thing came and what was expected, one sentence or two
    remedy : what to do, one sentence
    file : the file's name, or missing where the finding is about all files
    column : the header as it stands in the file, or missing
    rows : rows as a spreadsheet numbers them (the header is row 1), ascending
    choices : answers where the finding asks something, as pairs of what it means and what to map the
        column to, in the words of ``--map``
    """

    severity: Severity
    code: str
    problem: str
    remedy: str
    file: str | None = None
    column: str | None = None
    rows: tuple[int, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"A severity is one of {', '.join(SEVERITIES)}; {self.severity!r} came.")


def gravest(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity among findings; missing when there is none."""
    present = {finding.severity for finding in findings}
    return next((severity for severity in SEVERITIES if severity in present), None)
