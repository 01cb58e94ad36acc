"""Invented cells for columns whose values are gone: as many as the table has rows, of the kind that was found there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from analytics.definitions.tables import ColumnUse, Tables
from analytics.ingest.identifier_patterns import (
    ADDRESS,
    AGE,
    BIRTH,
    EMAIL,
    NAME,
    NATIONAL,
    NETWORK,
    NUMBER,
    PHONE,
    POSTCODE,
    TEXT,
    WEB,
)
from analytics.ingest.person_names import AMBIGUOUS, GIVEN, SURNAMES
from analytics.ingest.read import Part
from analytics.ingest.synthetic_tables import RawTable, of_part

_GIVEN, _FAMILY = (sorted(name.title() for name in names - AMBIGUOUS) for names in (GIVEN, SURNAMES))

_FAKES: dict[str, Callable[[int], str]] = {
    EMAIL: lambda n: f"x{n}@example.org",
    PHONE: lambda n: f"555-010-{n % 10_000:04d}",
    NATIONAL: lambda n: f"900-{n % 90 + 10}-{n % 10_000:04d}",
    WEB: lambda n: f"https://example.org/{n}",
    NETWORK: lambda n: f"192.0.2.{n % 254 + 1}",
    ADDRESS: lambda n: f"{n % 900 + 1} Invented Street",
    POSTCODE: lambda n: f"{n % 90_000 + 10_000}",
    BIRTH: lambda n: (date(1940, 1, 1) + timedelta(n % 20_000)).isoformat(),
    AGE: lambda n: str(20 + n % 80),
    NAME: lambda n: f"{_GIVEN[n % len(_GIVEN)]} {_FAMILY[n * 7 % len(_FAMILY)]}",
    NUMBER: lambda n: f"{n + 10_000_000}",
    TEXT: lambda n: f"Invented sentence {n} about nobody, of some length and without any meaning.",
}

_BY_HEADER = ((r"mail", EMAIL), (r"phone|mobile|fax", PHONE), (r"birth|dob", BIRTH), (r"zip|post", POSTCODE),
              (r"address|street", ADDRESS), (r"name", NAME), (r"note|comment", TEXT))


def with_fakes(part: Part, tables: Tables, rng: np.random.Generator) -> tuple[RawTable, frozenset[str]]:
    """A table as it was opened, with fakes under the headers whose columns were taken out, and those headers."""
    uses = [use for use in tables.columns if use.file == part.name]
    gone = [use for use in uses if use.is_identifier and use.field is None
            and (use.column not in part.headers or not part.column(use.column).texts)]
    table = of_part(part)
    named = {use.column for use in gone}
    order = list(dict.fromkeys(use.column for use in uses if use.column in {*part.headers, *named}))
    order += [header for header in part.headers if header not in order]
    columns = {header: [record[place] for record in table.records]
               for place, header in enumerate(table.headers) if header not in named}
    for use in gone:
        columns[use.column] = [use.column, *_fakes(use, len(part.rows), rng)]
    records = [[*record] for record in zip(*(columns[header] for header in order), strict=True)]
    return RawTable(part.name, order, records, table.rows, 0), frozenset(named)


def _fakes(use: ColumnUse, n_rows: int, rng: np.random.Generator) -> list[str]:
    """As many fakes as there are rows, of the kind that the reason or the header tells."""
    kind = next((kind for kind in _FAKES if kind in use.reason), None)
    kind = kind or next((kind for words, kind in _BY_HEADER if re.search(words, use.column, re.IGNORECASE)), NUMBER)
    start = int(rng.integers(1, 80_000))
    return [_FAKES[kind](start + int(number)) for number in rng.permutation(n_rows)]
