"""The log that gathers problems while files are read, and the findings it makes of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from analytics.definitions.findings import SEVERITIES, Finding, Severity
from analytics.ingest.problem_kinds import PROBLEM_KINDS


class Count:
    """A number that chooses its own words: ``{n:row is|rows are}``."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __format__(self, forms: str) -> str:
        one, _, many = forms.partition("|")
        words = one if self.number == 1 else many
        is_bare = words in ("was", "were")
        return words if is_bare or words.startswith("a ") else f"{self.number:,} {words}"


def these_columns(count: int) -> str:
    """The columns of a finding counted, with their verb."""
    return "1 column was" if count == 1 else f"{count} columns were"


@dataclass
class _Entry:
    code: str
    file: str | None
    column: str | None
    rows: list[np.ndarray] = field(default_factory=list)
    words: dict[str, list] = field(default_factory=dict)
    severity: Severity | None = None
    count: int | None = None
    choices: tuple[tuple[str, str], ...] = ()


class ProblemLog:
    """Gathers problems while files are read; one finding a file, column and code, with all its rows."""

    def __init__(self) -> None:
        self._entries: dict[tuple, _Entry] = {}

    def add(
        self, code: str, file: str | None = None, column: str | None = None, rows=(), *, count: int | None = None,
        choices: tuple[tuple[str, str], ...] = (), **words,
    ) -> None:
        """Note a problem.

        Parameters
        ----------
        rows : numbers of rows as a spreadsheet has them
        count : what the text counts, where that is not the rows
        choices : answers where the problem asks something: what each means, and its words of ``--map``
        words : what the text of the code asks for
        """
        key = (file, column, code)
        entry = self._entries.setdefault(key, _Entry(code, file, column))
        entry.rows.append(np.asarray(rows, dtype=np.int64))
        if count is not None:
            entry.count = (entry.count or 0) + count
        entry.choices = choices or entry.choices
        for name, word in words.items():
            known = entry.words.setdefault(name, [])
            if word not in known:
                known.append(word)

    def copy(self) -> ProblemLog:
        """A log that starts with what this one knows and adds nothing to it."""
        other = ProblemLog()
        other._entries = {key: replace(entry, rows=list(entry.rows), words={
            name: list(found) for name, found in entry.words.items()}) for key, entry in self._entries.items()}
        return other

    def forget(self, file: str) -> None:
        """Take back what was noted of a file, where a graver finding makes it meaningless."""
        self._entries = {key: entry for key, entry in self._entries.items() if entry.file != file}

    def forget_asked(self, columns: Collection[str]) -> None:
        """Take back what was asked of columns of which a person has said what they are."""
        self._entries = {key: entry for key, entry in self._entries.items()
                         if not (entry.choices and entry.column in columns)}

    def is_blocked(self, files: Collection[str | None]) -> bool:
        """Whether something stops the load for one of these files."""
        return any(entry.file in files and PROBLEM_KINDS[entry.code].severity == "blocks"
                   for entry in self._entries.values())

    @property
    def codes(self) -> frozenset[str]:
        """The kinds of problems that were noted."""
        return frozenset(entry.code for entry in self._entries.values())

    def forget_blocking(self, file: str) -> None:
        """Take back what would stop the load for a file, where the file is left out instead."""
        self._entries = {key: entry for key, entry in self._entries.items()
                         if entry.file != file or PROBLEM_KINDS[entry.code].severity != "blocks"}

    def dropped_rows(self, file: str) -> np.ndarray:
        """Rows of a file that a finding of severity ``drops_rows`` names."""
        chosen = [rows for entry in self._entries.values()
                  if entry.file == file and PROBLEM_KINDS[entry.code].severity == "drops_rows"
                  for rows in entry.rows]
        return np.unique(np.concatenate(chosen)) if chosen else np.array([], dtype=np.int64)

    def findings(self) -> tuple[Finding, ...]:
        """The findings, gravest first, in the order of the files as they were noted."""
        made = [_finding(entry) for entry in self._entries.values()]
        return tuple(sorted(made, key=lambda finding: SEVERITIES.index(finding.severity)))


def _finding(entry: _Entry) -> Finding:
    kind = PROBLEM_KINDS[entry.code]
    rows = np.unique(np.concatenate(entry.rows))
    words = {name: found[0] if len(found) == 1 else " or ".join(str(word) for word in found)
             for name, found in entry.words.items()}
    words["n"] = Count(entry.count if entry.count is not None else len(rows))
    return Finding(
        severity=kind.severity, code=entry.code, problem=kind.problem.format(**words),
        remedy=kind.remedy.format(**words), file=entry.file, column=entry.column, rows=tuple(rows.tolist()),
        choices=entry.choices,
    )
