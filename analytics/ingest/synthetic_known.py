"""What all tables of a synthetic copy share: the same old value has the same new one everywhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.definitions.plausible import AGE_BAND_HEADERS
from analytics.definitions.tables import ColumnUse, Tables, day_number
from analytics.ingest.cells import date_in, number_in, time_in
from analytics.ingest.synonyms import squeezed
from analytics.ingest.synthetic_tables import RawTable
from analytics.ingest.synthetic_values import Codes, new_days

DATES = frozenset({"date", "assessed_on", "treated_on"})

_TOGETHER = frozenset({"same_day_scores", "same_day_sessions"})
"""Findings about rows that differ from each other: dealt out anew they might be equal, so they stay."""


def _numbered(prefix: str, texts: list[str], rng: np.random.Generator) -> Codes:
    """New codes of which none is one of the old."""
    old = {text.upper() for text in texts}
    while any(text.startswith(prefix) for text in old):
        prefix += "X"
    width = max(4, len(str(len(old))))
    return Codes(texts, rng, lambda number: f"{prefix}{number + 1:0{width}d}")


@dataclass
class Known:
    """What all tables share: what columns are, which cells have findings, and the new values of old ones."""

    uses: dict[tuple[str, str], ColumnUse]
    flags: dict[tuple[str, str], dict[int, frozenset[str]]]
    tables: Tables
    rng: np.random.Generator
    patients: Codes
    courses: Codes
    days: dict[str, dict[int, int]] = field(default_factory=dict)
    dates: dict[str, dict[int, int]] = field(default_factory=dict)
    times: dict[int, int] = field(default_factory=dict)
    categories: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    bands: dict[int, int] = field(default_factory=dict)
    fakes: dict[tuple[str, str], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    read: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    together: dict[str, frozenset[int]] = field(default_factory=dict)
    invented: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(
        cls, raw: Sequence[RawTable], tables: Tables, rng: np.random.Generator,
        invented: frozenset[tuple[str, str]] = frozenset(),
    ) -> Known:
        """Everything drawn that must be the same in all tables.

        Parameters
        ----------
        invented : tables and columns whose cells are invented already
        """
        uses = {(use.file, use.column): use for use in tables.columns}
        flags: dict[tuple[str, str], dict[int, frozenset[str]]] = defaultdict(dict)
        for one in tables.findings:
            if one.file is not None and one.column is not None:
                of_column = flags[(one.file, one.column)]
                for row in one.rows:
                    of_column[row] = of_column.get(row, frozenset()) | {one.code}
        known = cls(uses, flags, tables, rng, Codes([], rng, str), Codes([], rng, str),
                    invented=invented)
        known.taken = {text for table in raw for place, header in enumerate(table.headers)
                       if known.field(table, header) in (None, "attribute", "ignore")
                       for record in table.records[table.at + 1:] for text in record[place:place + 1]}
        known.patients = _numbered("P", [text for table in raw for text in known.column(table, "patient_id")], rng)
        known.courses = _numbered("C", [text for table in raw for text in known.column(table, "course_id")], rng)
        known.together = {file: frozenset(row for one in tables.findings if one.file == file and one.code in _TOGETHER
                                          for row in one.rows) for file in {one.file for one in tables.findings}}
        known._draw_days(raw)
        starts = {start for table in raw for place, header in enumerate(table.headers)
                  if squeezed(header) in AGE_BAND_HEADERS for record in table.records[table.at + 1:]
                  if place < len(record) and (start := first_number(record[place])) is not None}
        known.bands = {start: rank for rank, start in enumerate(sorted(starts), start=1)}
        return known

    def place(self, text: str) -> tuple[int | None, int | None]:
        """The date and the day that a text writes; each text is judged once."""
        if text not in self.read:
            self.read[text] = plain_date(text), plain_day(text)
        return self.read[text]

    def field(self, table: RawTable, header: str) -> str | None:
        """What a column is read as, without item, range and visit."""
        use = self.uses.get((table.name, header))
        return None if use is None or use.field is None else re.split(r"[.\[@]", use.field)[0]

    def column(self, table: RawTable, name: str) -> list[str]:
        """The texts of the first column that is read as a field, one a record below the header."""
        place = next((place for place, header in enumerate(table.headers) if self.field(table, header) == name), None)
        if place is None:
            return []
        return [record[place] if place < len(record) else "" for record in table.records[table.at + 1:]]

    def _draw_days(self, raw: Sequence[RawTable]) -> None:
        days: dict[str, set[int]] = defaultdict(set)
        dates: dict[str, set[int]] = defaultdict(set)
        times: set[int] = set()
        for table in raw:
            patients = self.column(table, "patient_id") or [str(row) for row in table.rows[table.at + 1:]]
            for place, header in enumerate(table.headers):
                name = self.field(table, header)
                cells = ((patient, record[place]) for patient, record in
                         zip(patients, table.records[table.at + 1:], strict=True) if place < len(record))
                if name in (*DATES, "observed_until_day", "day"):
                    for patient, text in cells:
                        on, day = self.place(text)
                        if on is not None:
                            dates[patient].add(on)
                        elif day is not None:
                            days[patient].add(day)
                elif name == "time":
                    times |= {minutes for _, text in cells if (minutes := time_in(text)) is not None}
        self.days = {patient: new_days(there, self.rng, None) for patient, there in sorted(days.items())}
        self.dates = {patient: new_days(there, self.rng, int(self.rng.integers(14_000, 18_500)))
                      for patient, there in sorted(dates.items())}
        chosen = sorted(self.rng.choice(1440, size=len(times), replace=False).tolist()) if times else []
        self.times = dict(zip(sorted(times), chosen, strict=True))


def first_number(text: str) -> int | None:
    """The first whole number in a text."""
    found = re.search(r"[0-9]+", text)
    return int(found[0]) if found else None


def plain_date(text: str) -> int | None:
    """The day number of a date that starts with its year and lies where dates are accepted."""
    if not re.match(r"[0-9]{4}[-/]", text) or (found := date_in(text)) is None:
        return None
    return day_number(found[0]) if 1990 <= found[0].year <= 2099 else None


def plain_day(text: str) -> int | None:
    """A whole number that may be a day."""
    number = number_in(text)
    return int(number) if number is not None and number == int(number) and abs(number) <= 36_500 else None
