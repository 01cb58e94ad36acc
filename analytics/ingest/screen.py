"""The privacy screen: what could say who a patient is goes no further than this, unless a person said so."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import ColumnUse
from analytics.ingest.cells import Cells
from analytics.ingest.fields import Use, map_option, use_said
from analytics.ingest.identifier_patterns import AGE, BIRTH, POSTCODE
from analytics.ingest.identifier_values import Values, kind_of, kinds_in
from analytics.ingest.identifiers import identifies, is_of_birth, is_of_post
from analytics.ingest.problems import ProblemLog, these_columns
from analytics.ingest.pseudonyms import keyed
from analytics.ingest.read import Part
from analytics.ingest.reductions import is_reduced, reduced, with_texts, year_in

MOST_ROWS = 5000
"""In larger tables the rows of some patients, spread over the file, stand for all."""

_MOST_TEXTS = 500
_PATIENTS = 600
_KEPT_AS_TEXT = frozenset({"attribute", "visit", "drug", "course_id", "patient_id"})
"""Fields whose texts are kept as they stand; numbers, dates and known words hold nothing else when they are read."""

_DATES = frozenset({"date", "assessed_on", "treated_on"})
_REDUCED: dict[str, tuple[str, str]] = {
    BIRTH: ("keep the year only", "attribute[year]"),
    AGE: ("keep ten-year bands, 90 and over together", "attribute[age band]"),
    POSTCODE: ("keep the first three digits", "attribute[three digits]"),
}
KEYED = ("replace it by codes made with a key that stays here", "patient_id[keyed]")


def screened(
    part: Part, uses: Iterable[Use], log: ProblemLog, secret: bytes | None = None
) -> tuple[Part, tuple[Use, ...]]:
    """A table without what could identify a patient, and its uses.

    Columns that identify are emptied and not read, single cells that hold an e-mail address or the like are
    blanked; what a person mapped is read as mapped. A patient key that identifies keeps its use, marked with what
    it is, and is refused with a finding.

    Parameters
    ----------
    secret : the key for patient codes that are mapped to ``patient_id[keyed]``
    """
    uses = tuple(uses)
    rows, patients = _rows_looked_at(part, uses)
    year = _middle_year(part, uses, rows)
    judged, cells = [], list(part.cells)
    places = {header: place for place, header in enumerate(part.headers)}
    for use in uses:
        place = places[use.header]
        if not _is_looked_at(use, uses):
            judged.append(use)
            continue
        kind = _kind(use, cells[place], rows, patients, year)
        if kind is None and not use.is_explicit and _may_be_kept(use):
            cells[place] = _without_cells(part, use, cells[place], rows, log)
        judged.append(replace(use, identifier=kind))
    part = replace(part, cells=tuple(cells))
    uses = _dropped(part, judged, log)
    part = _emptied(part, uses)
    part = reduced(part, uses, log)
    return _keyed(part, uses, secret, log)


def _is_looked_at(use: Use, uses: tuple[Use, ...]) -> bool:
    if use.field in _DATES:
        return use.field == "date" and not use.is_explicit and any(
            other.field in _DATES and other is not use for other in uses)
    return use.field in _KEPT_AS_TEXT or (use.field is None and not use.is_explicit)


def _may_be_kept(use: Use) -> bool:
    return use.field in _KEPT_AS_TEXT or use.may_be_attribute


def _rows_looked_at(part: Part, uses: tuple[Use, ...]) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Positions of the rows that are judged (missing: all), and the patient of each as a code."""
    key = next((use for use in uses if use.field == "patient_id"), None)
    codes = part.column(key.header).codes if key is not None else None
    if len(part.rows) <= MOST_ROWS:
        return None, codes
    spread = np.linspace(0, len(part.rows) - 1, MOST_ROWS).astype(np.int64)
    if codes is None:
        return spread, None
    step = max(1, math.ceil((int(codes.max(initial=0)) + 1) / _PATIENTS))
    chosen = np.flatnonzero(codes % step == 0)
    if len(chosen) > MOST_ROWS:
        chosen = chosen[np.linspace(0, len(chosen) - 1, MOST_ROWS).astype(np.int64)]
    return chosen, codes[chosen]


def _middle_year(part: Part, uses: tuple[Use, ...], rows: np.ndarray | None) -> int | None:
    """The middle year of the dates that place the rows."""
    years: list[int] = []
    for use in uses:
        if use.field in _DATES and (use.field != "date" or not years):
            texts = _some(part.column(use.header), rows).texts[:200]
            years += [year for text in texts if (year := year_in(text)) is not None]
    return int(np.median(years)) if years else None


def _some(cells: Cells, rows: np.ndarray | None) -> Cells:
    return cells if rows is None else cells.take(rows)


def _kind(
    use: Use, cells: Cells, rows: np.ndarray | None, patients: np.ndarray | None, year: int | None
) -> str | None:
    """What of a person a column is, by its header or its values."""
    if identifies(use.header):
        return BIRTH if is_of_birth(use.header) else POSTCODE if is_of_post(use.header) else use.header
    some = _some(cells, rows)
    kind = kind_of(Values(
        use.header, some.texts, some.codes, patients, is_key=use.field in ("patient_id", "course_id"),
        is_labels=use.field in ("visit", "drug"), year=year))
    return kind if use.field != "date" or kind == BIRTH else None


def _without_cells(part: Part, use: Use, cells: Cells, rows: np.ndarray | None, log: ProblemLog) -> Cells:
    """A column without the cells that identify by themselves."""
    if rows is not None and use.may_be_attribute and len(_some(cells, rows).texts) > _MOST_TEXTS:
        return cells
    kinds = _kinds_in(cells.texts)
    if not kinds:
        return cells
    is_hit = np.zeros(len(cells.texts), dtype=bool)
    is_hit[list(kinds)] = True
    log.add("identifier_in_cells", part.name, use.header, rows=part.rows[cells.spread(is_hit, False)],
            what=" or ".join(sorted(set(kinds.values()))))
    return with_texts(cells, [None if hit else text for text, hit in zip(cells.texts, is_hit.tolist(), strict=True)])


def _kinds_in(texts: tuple[str, ...]) -> dict[int, str]:
    """The texts that identify by themselves, by their place; of very many, only e-mail addresses in all."""
    asked = list(range(len(texts)))
    if len(texts) > MOST_ROWS:
        spread = set(np.linspace(0, len(texts) - 1, MOST_ROWS).astype(int).tolist())
        asked = [place for place in asked if place in spread or "@" in texts[place]]
    kinds = kinds_in([texts[place] for place in asked])
    return {place: kind for place, kind in zip(asked, kinds, strict=True) if kind is not None}


def _dropped(part: Part, uses: list[Use], log: ProblemLog) -> tuple[Use, ...]:
    """The uses with identifying columns closed, and the findings that say so."""
    result, told = [], []
    for use in uses:
        if use.identifier is None or is_reduced(use) or "keyed" in use.options:
            result.append(replace(use, identifier=None))
        elif use.field == "patient_id":
            log.add("patient_key_identifies", part.name, use.header, choices=(KEYED,))
            result.append(use)
        elif use.is_explicit:
            log.add("identifier_mapped", part.name, use.header)
            result.append(replace(use, identifier=None))
        else:
            told.append(use)
            result.append(_closed(use))
    if told:
        log.add("identifier_not_read", part.name, count=len(told), these=these_columns(len(told)),
                names=", ".join(map(_named, told)))
    for use in told:
        if use.identifier in _REDUCED:
            meaning, words = _REDUCED[use.identifier]
            log.add("identifier_reducible", part.name, use.header, what=use.identifier, choices=((meaning, words),),
                    meaning=meaning, option=map_option(use.header, words))
    return tuple(result)


def _named(use: Use) -> str:
    return use.header if identifies(use.header) else f"{use.header} ({use.identifier})"


def _closed(use: Use) -> Use:
    reason = ("looks like it could identify a person" if identifies(use.header)
              else f"its values look like {use.identifier}")
    return Use(use.header, None, reason, is_told=True, identifier=use.identifier)


def _emptied(part: Part, uses: Iterable[Use]) -> Part:
    """The table with nothing left in the columns that identify."""
    closed = {use.header for use in uses if use.identifier is not None}
    nothing = Cells(pa.nulls(len(part.rows), pa.string()))
    return replace(part, cells=tuple(nothing if header in closed else cells
                                     for header, cells in zip(part.headers, part.cells, strict=True)))


def _keyed(
    part: Part, uses: tuple[Use, ...], secret: bytes | None, log: ProblemLog
) -> tuple[Part, tuple[Use, ...]]:
    """The table with keyed codes for its patients, where a person asked for them."""
    use = next((use for use in uses if use.field == "patient_id" and "keyed" in use.options), None)
    if use is None:
        return part, uses
    cells, place = list(part.cells), part.headers.index(use.header)
    if secret is None:
        log.add("no_key_for_codes", part.name, use.header)
        cells[place] = Cells(pa.nulls(len(part.rows), pa.string()))
        uses = tuple(replace(one, identifier="without a key") if one is use else one for one in uses)
    else:
        cells[place] = keyed(cells[place], secret)
    return replace(part, cells=tuple(cells)), uses


def kept_cells(
    part: Part, columns: Iterable[ColumnUse], instruments: Mapping[str, Instrument], secret: bytes | None
) -> Part:
    """A table with what is kept in place of what could identify: years, bands, digits, keyed codes.

    Reading it again with the same mapping gives the same.
    """
    uses = tuple(
        use_said(one.column, one.field, instruments) for one in columns
        if one.file == part.name and one.column in part.headers and one.field and "[" in one.field)
    part = reduced(part, uses, ProblemLog())
    return part if secret is None else _keyed(part, uses, secret, ProblemLog())[0]
