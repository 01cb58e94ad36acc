"""Flow sheets of EHRs: one measurement a row, its name in one cell and its value in another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from analytics.definitions.instruments import Instrument
from analytics.ingest.fields import Use
from analytics.ingest.headers import cell_aliases_of
from analytics.ingest.measure_names import Measure, measures_of, other_measure, with_said
from analytics.ingest.parts import Part
from analytics.ingest.pivot import picked, side_by_side
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import numbered
from analytics.ingest.synonyms import HEADERS, squeezed

_SURE_NAMES = ("flomeasname", "flowsheetmeasurename", "flowsheetmeasurenm", "flowsheetrowname", "measname",
               "flomeasdispname", "dispname", "rowname", "vitalname")
_LIKELY_NAMES = ("measure", "measurename", "measurement", "measurementname", "observation", "observationname",
                 "parameter", *HEADERS["instrument"])
_VALUES = ("measvalue", "measuretxt", "measurevalue", "measurementvalue", "observationvalue", "resultvalue",
           "recordedvalue", "valuetext", *HEADERS["total"])
_PLACES = ("patient_id", "course_id", "day", "date", "assessed_on", "treated_on", "visit", "time", "timing")
_MOST_NAMES = 3000
"""More different texts than this are no names of measures."""

_MOST_SHOWN = 20
"""Rows with a name that is not known that the note points to, one a name."""


def with_flow_sheets(
    parts: Iterable[Part], said: Mapping[str, Use], instruments: Mapping[str, Instrument], log: ProblemLog
) -> list[Part]:
    """The tables, with flow sheets turned into one column a score and an answer."""
    aliases = cell_aliases_of(instruments)
    return [_without_names(part, said, aliases, instruments, log) for part in parts]


def names_in_rows(part: Part, said: Mapping[str, Use]) -> tuple[str, ...]:
    """The names of measurements that stand in the rows of a flow sheet; a person may say what one means."""
    name = _header(part, said, "instrument", (*_SURE_NAMES, *_LIKELY_NAMES))
    value = _header(part, said, "total", _VALUES)
    if name is None or value is None or name == value or len(part.column(name).texts) > _MOST_NAMES:
        return ()
    return part.column(name).texts


def place_headers(part: Part, said: Mapping[str, Use]) -> list[str]:
    """The headers of columns that say whose a row is and when it was."""
    words = {word for field in _PLACES for word in (*HEADERS.get(field, ()), squeezed(field))}
    return [header for header in part.headers
            if (said[header].field in _PLACES if header in said else squeezed(header) in words)]


def _without_names(
    part: Part, said: Mapping[str, Use], aliases: Mapping[str, str], instruments: Mapping[str, Instrument],
    log: ProblemLog,
) -> Part:
    name = _header(part, said, "instrument", (*_SURE_NAMES, *_LIKELY_NAMES))
    value = _header(part, said, "total", _VALUES)
    if name is None or value is None or name == value or len(part.column(name).texts) > _MOST_NAMES:
        return part
    names = part.column(name)
    meant = with_said(names.texts, measures_of(names.texts, aliases, instruments), said)
    if not _is_flow_sheet(name, meant, names.texts):
        return part
    measures = list(dict.fromkeys(one for one in meant if one is not None))
    if {one.header for one in measures} & set(part.headers):
        return part
    _note_others(part, name, meant, log)
    return _turned(part, said, (name, value), meant, measures, log)


def _header(part: Part, said: Mapping[str, Use], field: str, words: tuple[str, ...]) -> str | None:
    """The header that was said to be a field, or the surest of some words."""
    mapped = [header for header in part.headers if header in said and said[header].field == field
              and said[header].instrument is None]
    by_word = {squeezed(header): header for header in reversed(part.headers) if header not in said}
    return next(iter(mapped), next((by_word[word] for word in words if word in by_word), None))


def _is_flow_sheet(name: str, meant: list[Measure | None], texts: tuple[str, ...]) -> bool:
    """Whether names are of single measurements; a table whose names are all instruments is a plain long one."""
    if not any(meant):
        return False
    return squeezed(name) in _SURE_NAMES or any(
        one.item is not None or one.called is not None if one is not None else other_measure(text) is not None
        for one, text in zip(meant, texts, strict=True))


def _note_others(part: Part, name: str, meant: list[Measure | None], log: ProblemLog) -> None:
    names = part.column(name)
    is_other = np.array([one is None for one in meant], dtype=bool)
    hit = np.flatnonzero(names.spread(is_other, False))
    if not len(hit):
        return
    unknown = [text for text, other in zip(names.texts, is_other, strict=True) if other]
    known = sorted({word for text in unknown if (word := other_measure(text)) is not None})
    n_more = sum(other_measure(text) is None for text in unknown)
    shown = [*known, *([f"{n_more} with other names" if known else f"{n_more} different names"] if n_more else [])]
    _, first = np.unique(names.codes[hit], return_index=True)
    without_word = [place for place in hit[first] if other_measure(names.texts[names.codes[place]]) is None]
    log.add("measure_not_used", part.name, name, rows=part.rows[without_word[:_MOST_SHOWN]], count=len(hit),
            names=", ".join(shown))


def _turned(
    part: Part, said: Mapping[str, Use], columns: tuple[str, str], meant: list[Measure | None],
    measures: list[Measure], log: ProblemLog,
) -> Part:
    name, value = columns
    place_of = np.array([-1 if one is None else measures.index(one) for one in meant], dtype=np.int64)
    measure = part.column(name).spread(place_of, -1)
    chosen = np.flatnonzero((measure >= 0) & (part.column(value).codes >= 0))
    lines = side_by_side(grouped(part, place_headers(part, said))[chosen], measure[chosen], measures,
                         part.column(value).take(chosen))
    first = chosen[lines.first]
    others = [header for header in part.headers if header not in columns]
    log.add("measures_in_rows", part.name, name, count=len(chosen), value=value)
    return replace(
        part, headers=(*others, *lines.columns), rows=part.rows[first],
        cells=(*(picked(part.column(header), first) for header in others), *lines.columns.values()),
        joined=joined_rows(part.rows[chosen], part.rows[first], lines.of))


def grouped(part: Part, headers: Iterable[str]) -> np.ndarray:
    """One number a row, equal where all of some columns are."""
    group = np.zeros(len(part.rows), dtype=np.int64)
    for header in headers:
        codes = part.column(header).codes.astype(np.int64) + 1
        group = numbered(group * (int(codes.max(initial=0)) + 1) + codes).astype(np.int64)
    return group


def joined_rows(rows: np.ndarray, first: np.ndarray, line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that stand on the line of another row, and those other rows."""
    leader = first[line]
    apart = rows != leader
    return rows[apart], leader[apart]
