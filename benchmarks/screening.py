"""Measure the privacy screen on invented exports: recall and precision by kind, and its false alarms by name."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parent.parent))

from analytics.definitions.tables import Tables
from analytics.ingest.cells import Cells
from analytics.ingest.fields import Use
from analytics.ingest.load import load
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part, Source
from analytics.ingest.screen import screened
from benchmarks.planted import PLANTED, Export, corpus


@dataclass
class Measured:
    """Columns by kind: planted, found, and harmless ones that were taken for the kind; the latter with their names."""

    planted: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    mistaken: Counter = field(default_factory=Counter)
    alarms: list[tuple[str, str, str, str]] = field(default_factory=list)
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    n_harmless: Counter = field(default_factory=Counter)

    def recall(self, kind: str) -> float:
        """The share of the planted columns of a kind that were not read."""
        return self.found[kind] / self.planted[kind] if self.planted[kind] else float("nan")

    def precision(self, kind: str) -> float:
        """The share of the columns taken for a kind that were planted."""
        n_taken = self.found[kind] + self.mistaken[kind]
        return self.found[kind] / n_taken if n_taken else float("nan")


def measured(exports: Iterable[Export]) -> Measured:
    """The screen's answers on exports of which it is known what they hold."""
    result = Measured()
    for export in exports:
        tables = load(Source(export.name, export.text.encode()))
        alarms = _alarms(tables)
        for header, kind in export.planted.items():
            result.planted[kind] += 1
            if header in alarms:
                result.found[kind] += 1
            else:
                result.missed.append((export.name, header, kind))
        for header, what in {**export.harmless, "patient_id": "patient code"}.items():
            result.n_harmless[what] += 1
            if header in alarms:
                result.mistaken[alarms[header]] += 1
                result.alarms.append((export.name, header, what, alarms[header]))
    return result


def _alarms(tables: Tables) -> dict[str, str]:
    """By header, what a column was taken for."""
    found = {
        use.column: use.reason.removeprefix("its values look like ") for use in tables.columns if use.is_identifier
    }
    for finding in tables.findings:
        if finding.code in ("identifier_in_cells", "patient_key_identifies"):
            found.setdefault(finding.column, finding.code)
    return found


def table(result: Measured) -> str:
    """Recall and precision by kind, as a table for ``results.md``."""
    lines = [
        "| kind | planted columns | not read | recall | harmless columns taken for it | precision |",
        "|---|---|---|---|---|---|",
    ]
    for kind in PLANTED:
        lines.append(
            f"| {kind} | {result.planted[kind]} | {result.found[kind]} | {result.recall(kind):.3f} "
            f"| {result.mistaken[kind]} | {result.precision(kind):.3f} |"
        )
    n_harmless = sum(result.n_harmless.values())
    lines.append(
        f"| all | {sum(result.planted.values())} | {sum(result.found.values())} "
        f"| {sum(result.found.values()) / sum(result.planted.values()):.3f} | {len(result.alarms)} of {n_harmless} "
        f"| {sum(result.found.values()) / (sum(result.found.values()) + len(result.alarms)):.3f} |"
    )
    return "\n".join(lines)


def seconds_of_large(n_rows: int) -> float:
    """Seconds of a processor for the screen of a table of scores with three attributes and a column of unique texts."""
    chance = np.random.default_rng(1)
    rows = np.arange(n_rows)
    columns = {
        "patient_id": np.char.add("P", (rows // 8).astype(str)),
        "assessed_on": np.full(n_rows, "2024-01-05"),
        "phq9": chance.integers(0, 28, n_rows).astype(str),
        "site": np.array(["North", "South"])[rows % 2],
        "clinician": np.array(["C1", "C2", "C3"])[rows % 3],
        "weight": np.round(chance.uniform(50, 120, n_rows), 1).astype(str),
        "token": np.char.add("t", rows.astype(str)),
    }
    part = Part(
        "scores.csv", "", tuple(columns), tuple(Cells(pa.array(texts)) for texts in columns.values()), rows + 2, n_rows
    )
    fields = {
        "patient_id": "patient_id",
        "assessed_on": "assessed_on",
        "phq9": "total",
        "site": "attribute",
        "clinician": "attribute",
    }
    uses = tuple(Use(header, fields.get(header), "", may_be_attribute=header not in fields) for header in columns)
    for header in ("patient_id", "site", "clinician"):
        # The load needs the different texts of these columns in any case.
        assert part.column(header).texts
    start = time.process_time()
    screened(part, uses, ProblemLog())
    return time.process_time() - start


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--exports", type=int, default=200, help="exports with planted identifiers, and as many without")
    asked.add_argument("--seed", type=int, default=12)
    given = asked.parse_args()
    result = measured(corpus(given.exports, given.seed))
    print(table(result))
    print("\nFalse alarms:")
    for alarm in result.alarms or [("none", "", "", "")]:
        print("  " + ", ".join(alarm))
    print("\nMissed:")
    for missed in result.missed or [("none", "", "")]:
        print("  " + ", ".join(missed))
    print(f"\n1,000,000 rows: {seconds_of_large(1_000_000):.2f} s")


if __name__ == "__main__":
    main()
