"""A synthetic copy of a clinic's files: same columns and findings, no patients; for a report of a fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from analytics.definitions.plausible import AGE_BAND_HEADERS
from analytics.definitions.tables import SESSIONS, Tables, date_of
from analytics.ingest.cells import is_missing, number_in, time_in
from analytics.ingest.check_values import meaning_of_attribute
from analytics.ingest.load import Opened, load, open_files
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part, Source
from analytics.ingest.reshape import names_to_say
from analytics.ingest.synonyms import squeezed
from analytics.ingest.synthetic_blocks import new_blocks
from analytics.ingest.synthetic_fakes import with_fakes
from analytics.ingest.synthetic_known import DATES, Known, first_number
from analytics.ingest.synthetic_tables import RawTable, raw_tables
from analytics.ingest.synthetic_values import (
    UNREADABLE,
    letters,
    new_date,
    number_beyond,
    odd_date,
    text_like,
)
from analytics.ingest.unpack import sources_of

NOT_COPIED = frozenset({"site_collapses"})
"""Findings that rest on calendar months: a copy that kept them would keep the months of the patients."""

ATTEMPTS = 5
"""Values are drawn at random and may by chance make or lose a finding; then they are drawn anew."""

_WORDS = frozenset({"timing", "phase", "instrument", "record_type", "visit"})
_SESSION_BLOCK = frozenset(column.name for column in SESSIONS) - {
    "patient_id", "course_id", "day", "treated_on", "phase", "planned_sessions"}
_FOOT_WORDS = frozenset({"total", "totals", "sum", "mean", "average", "grandtotal", "count", "median", "n"})


class SyntheticCopy(dict[str, bytes]):
    """CSV files by name.

    Attributes
    ----------
    differences : what ``check`` tells of the copy and not of the original, or the other way round, in sentences
    """

    differences: tuple[str, ...] = ()


def synthetic_copy(
    sources: Iterable[str | Path | Source], tables: Tables, seed: int
) -> SyntheticCopy:
    """CSV files by name, one a table, that ``check`` tells the same of, finding by finding and column by column.

    Nothing of a patient is in them: codes are numbered anew, days and dates are drawn anew in the same order, scores
    and sessions are dealt out among all rows and their answers mixed, categories become letters, everything else
    nonsense of the same shape. Headers, names of instruments, visits, routes, units, yes and no, and words for
    missing stay. The names of the files do not. Where the findings of the copy are others, it says so.

    Parameters
    ----------
    tables : what was read from the sources
    seed : the same seed gives the same copy
    """
    given = [source for one in sources for source in sources_of(one, ProblemLog())]
    raw = [one for source in given for one in raw_tables(source, _used_parts(source, tables, _said(tables)))]
    return _closest(raw, tables, seed, frozenset(), frozenset())


def synthetic_copy_of(opened: Opened, tables: Tables, seed: int) -> SyntheticCopy:
    """The same of opened files, whose bytes are gone; what the screen took out of them is invented.

    Lines that are no rows of a table (odd lines, titles, blank lines) are gone with the bytes, and so are the
    findings about them; the copy says which.

    Parameters
    ----------
    tables : what was read from the opened files
    """
    unused = {one.name for one in tables.files if one.kind == "not used"}
    rng = np.random.default_rng([seed, ATTEMPTS])
    made = [(part.name, *with_fakes(part, tables, rng)) for part in opened.parts
            if not (part.is_sheet and part.name in unused)]
    invented = frozenset((name, header) for name, _, headers in made for header in headers)
    of_bytes = frozenset((one.code, one.column) for one in opened.log.findings())
    return _closest([raw for _, raw, _ in made], tables, seed, invented, of_bytes)


def _said(tables: Tables) -> dict[str, str]:
    return {use.column: use.field or "ignore" for use in tables.columns if use.confidence == "said"}


def _closest(
    raw: Sequence[RawTable], tables: Tables, seed: int, invented: frozenset[tuple[str, str]],
    of_bytes: frozenset[tuple[str, str | None]],
) -> SyntheticCopy:
    """The copy whose findings are most like those of the tables."""
    wanted = findings_of(tables)
    best: SyntheticCopy | None = None
    fewest = np.inf
    for attempt in range(ATTEMPTS):
        copy = _copied(raw, tables, np.random.default_rng([seed, attempt]), invented)
        found = _findings_again(copy, tables)
        n_differences = len((found ^ wanted) - of_bytes)
        if n_differences < fewest:
            best, fewest = copy, n_differences
            best.differences = tuple(
                f"The {whose} has a finding that the {other} has not: {code}{_of_column(column)}."
                for whose, other, more in (("original", "copy", wanted - found), ("copy", "original", found - wanted))
                for code, column in sorted(more, key=str))
        if not n_differences:
            break
    assert best is not None, "at least one attempt is made"
    return best


def _of_column(column: str | None) -> str:
    return f" in column {column}" if column is not None else ""


def _findings_again(copy: Mapping[str, bytes], tables: Tables) -> set[tuple[str, str | None]]:
    """The findings of a copy that is read as the original was; all of them where it cannot be."""
    said, opened = _said(tables), open_files(
        [Source(name, content) for name, content in copy.items()], instruments=tables.instruments)
    there = {header for part in opened.parts for header in part.headers} | names_to_say(opened.parts, {})
    again = load([Source(name, content) for name, content in copy.items()],
                 mapping={header: words for header, words in said.items() if header in there},
                 instruments=tables.instruments, dates="relative" if tables.is_turned_relative else "keep",
                 attributes={use.column for use in tables.columns if use.field == "attribute"})
    return findings_of(again)


def _used_parts(source: Source, tables: Tables, said: Iterable[str]) -> list[Part]:
    """The tables of a file; sheets of a workbook that nothing was read of are left out, whatever they hold."""
    unused = {one.name for one in tables.files if one.kind == "not used"}
    parts = open_files([source], tuple(said), instruments=tables.instruments).parts
    return [part for part in parts if not (part.is_sheet and part.name in unused)]


def findings_of(tables: Tables) -> set[tuple[str, str | None]]:
    """The kinds of findings with their columns, as far as a copy has them."""
    return {(one.code, one.column) for one in tables.findings if one.code not in NOT_COPIED}


def _copied(
    raw: Sequence[RawTable], tables: Tables, rng: np.random.Generator, invented: frozenset[tuple[str, str]]
) -> SyntheticCopy:
    known = Known.of(raw, tables, rng, invented)
    return SyntheticCopy({f"file_{place}.csv": _copy_of(one, known) for place, one in enumerate(raw, start=1)})


def _copy_of(table: RawTable, known: Known) -> bytes:
    """One table written anew."""
    body = table.records[table.at + 1:]
    rows = table.rows[table.at + 1:]
    width = len(table.headers)
    columns = [[record[place] if place < len(record) else "" for record in body] for place in range(width)]
    patients = known.column(table, "patient_id") or [str(row) for row in rows]
    blocks: dict[str, list[int]] = defaultdict(list)
    made: dict[int, list[str]] = {}
    for place, header in enumerate(table.headers):
        block = _block_of(table, header, known)
        if block is not None:
            blocks[block].append(place)
        else:
            made[place] = _new_column(table, header, columns[place], rows, patients, known)
    where = [place for place, header in enumerate(table.headers)
             if known.field(table, header) in (*DATES, "day", "visit", "time", "timing", "instrument", "course_id")]
    together = frozenset(place for place, row in enumerate(rows) if row in known.together.get(table.name, ()))
    neighbours = _on_neighbouring_days(table, columns, patients, known)
    for name, places in blocks.items():
        flags = [known.flags.get((table.name, table.headers[place]), {}) for place in places]
        items = [position for position, place in enumerate(places)
                 if "." in (known.uses[(table.name, table.headers[place])].field or "")]
        may_mix = name in known.tables.instruments and not known.tables.instruments[name].domains
        new = new_blocks([columns[place] for place in places], flags, rows, patients,
                         [columns[place] for place in where], items if may_mix else [],
                         together if name == "session" else together | neighbours, known.rng)
        made |= dict(zip(places, new, strict=True))
    return table.written([*_head(table), *_body(table, body, made, known)])


def _on_neighbouring_days(
    table: RawTable, columns: list[list[str]], patients: list[str], known: Known
) -> frozenset[int]:
    """Rows of a patient on the day before or after another: scores dealt out anew would seem to jump there."""
    found: set[int] = set()
    for place, header in enumerate(table.headers):
        if known.field(table, header) not in (*DATES, "day"):
            continue
        days = [next((one for one in known.place(text) if one is not None), None) for text in columns[place]]
        there = {(patient, day) for patient, day in zip(patients, days, strict=True) if day is not None}
        found |= {row for row, (patient, day) in enumerate(zip(patients, days, strict=True))
                  if day is not None and ((patient, day - 1) in there or (patient, day + 1) in there)}
    return frozenset(found)


def _head(table: RawTable) -> list[list[str]]:
    """The header as it is, and what stands above it as nonsense."""
    above = [[cell and UNREADABLE for cell in record] for record in table.records[:table.at]]
    return [*above, table.records[table.at]]


def _body(table: RawTable, body: list[list[str]], made: dict[int, list[str]], known: Known) -> list[list[str]]:
    width = len(table.headers)
    records = []
    for number, record in enumerate(body):
        new = [made[place][number] for place in range(min(width, len(record)))]
        new += [cell and UNREADABLE for cell in record[width:]]
        if table.at + 1 + number in table.lone:
            new = [_with_mark(old) if '"' in old else cell for old, cell in zip(record, new, strict=True)]
        records.append(new)
    return records


def _with_mark(text: str) -> str:
    """Nonsense with a quotation mark where a text has one."""
    return f'"{UNREADABLE}' if text.startswith('"') else f'{UNREADABLE}"'


def _block_of(table: RawTable, header: str, known: Known) -> str | None:
    """The cells that travel together: the answers and total of an instrument at a visit, or what a session holds."""
    name = known.field(table, header)
    if name in _SESSION_BLOCK:
        return "session"
    if name in known.tables.instruments or name == "total":
        visit = known.uses[(table.name, header)].field.partition("@")[2]
        return f"{name}@{visit}" if visit else name
    return None


def _new_column(
    table: RawTable, header: str, texts: list[str], rows: list[int], patients: list[str], known: Known
) -> list[str]:
    """New cells of a column that no block holds; blanks and words for missing stay."""
    if (table.name, header) in known.invented:
        return texts
    name = known.field(table, header)
    flags = known.flags.get((table.name, header), {})
    new = _maker(name, header, known)
    return [text if is_missing(text) else new(text, patient, flags.get(row, frozenset()))
            for text, row, patient in zip(texts, rows, patients, strict=True)]


def _maker(name: str | None, header: str, known: Known) -> Callable[[str, str, frozenset[str]], str]:
    if name == "patient_id":
        return lambda text, patient, codes: text if squeezed(text) in _FOOT_WORDS else known.patients[text]
    if name == "course_id":
        return lambda text, patient, codes: _course(text, header, known)
    if name in (*DATES, "day", "observed_until_day"):
        return lambda text, patient, codes: _place(text, patient, header, known)
    if name == "time":
        return lambda text, patient, codes: _time(text, known)
    if name in _WORDS:
        return lambda text, patient, codes: UNREADABLE if codes & {"word_not_known", "instrument_unknown"} else text
    if name == "planned_sessions":
        return lambda text, patient, codes: number_beyond(text, known.rng) if codes & {"not_a_number", "out_of_range"} \
            else text
    if name == "attribute":
        return lambda text, patient, codes: _category(text, header, known)
    return lambda text, patient, codes: _nonsense(text, header, known)


def _course(text: str, header: str, known: Known) -> str:
    return text if number_in(text) is not None and squeezed(header).endswith(("number", "no")) else known.courses[text]


def _place(text: str, patient: str, header: str, known: Known) -> str:
    on, day = known.place(text)
    if on is not None:
        return new_date(text, date_of(known.dates[patient][on]))
    if day is not None:
        return str(known.days[patient][day])
    key = (f"place {header}", text)
    if key not in known.fakes:
        number = number_in(text)
        known.fakes[key] = (odd_date(text, known.rng) if number is None else
                            f"{int(known.rng.integers(2, 30))}.5" if number != int(number) else
                            str(int(known.rng.integers(50_000, 99_000)) * (1 if number > 0 else -1)))
    return known.fakes[key]


def _time(text: str, known: Known) -> str:
    minutes = time_in(text)
    if minutes is None:
        return UNREADABLE
    hour, minute = divmod(known.times[minutes], 60)
    return f"{hour:02d}:{minute:02d}"


def _category(text: str, header: str, known: Known) -> str:
    """A letter for each category, the same in all files; bands of age keep their order."""
    group = squeezed(header)
    if group in AGE_BAND_HEADERS and (start := first_number(text)) is not None:
        return f"band {known.bands[start]}"
    of_header = known.categories[group]
    meaning = meaning_of_attribute(header, text)
    if meaning not in of_header:
        number = len(of_header)
        while (name := letters(number)) in known.taken or name in of_header.values():
            number += 1
        of_header[meaning] = name if text.isascii() else f"{name}n\u00fc"
    return of_header[meaning]


def _nonsense(text: str, header: str, known: Known) -> str:
    """Another text of the same shape, the same for the same text of a column, and none that was there."""
    key = (header, text)
    if key not in known.fakes:
        fake = text_like(text, known.rng)
        for _ in range(20):
            if fake not in known.taken:
                break
            fake = text_like(text, known.rng)
        known.fakes[key] = fake
        known.taken.add(fake)
    return known.fakes[key]
