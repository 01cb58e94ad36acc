"""What may be kept of a cell that could identify: the year, ten years of age, three digits of a postcode."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from analytics.ingest.cells import Cells, is_missing, number_in
from analytics.ingest.fields import Use
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part

_OLDEST_BAND = 90
_MONTHS = frozenset([
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär", "mai", "okt", "dez",
    "fév", "avr", "aoû", "déc", "ene", "abr", "ago",
])
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})(?:[T ].*)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]{1,2}([0-9]{1,2})[-/. ]{1,2}([0-9]{4}|[0-9]{2})(?:[T ].*)?")
_MONTH_NAMED = re.compile(
    r"(?:[0-9]{1,2}(?:st|nd|rd|th)?[-/., ]+)?([^\W\d_]{3,9})\.?[-/., ]+(?:[0-9]{1,2}(?:st|nd|rd|th)?[-/., ]+)?"
    r"([0-9]{4}|[0-9]{2})(?:[T ].*)?", re.IGNORECASE)
_CLOSED_UP = re.compile(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])")
_FEW_PEOPLE = frozenset({"036", "059", "063", "102", "203", "205", "369", "556", "692", "753", "772", "790", "821",
                         "823", "830", "831", "878", "879", "884", "890", "893"})
"""Areas of 20,000 people or fewer in the census of 2000 or 2010, shown as 000 (HHS guidance on 45 CFR 164.514(b))."""


def year_in(text: str) -> int | None:
    """The year of a date in any of the usual forms; two digits above 30 are of the last century."""
    if (match := _YEAR_FIRST.fullmatch(text)) is not None:
        month, day, year = int(match[2]), int(match[3]), int(match[1])
    elif (match := _YEAR_LAST.fullmatch(text)) is not None:
        day, month, year = int(match[1]), int(match[2]), int(match[3])
    elif (match := _CLOSED_UP.fullmatch(text)) is not None:
        day, month, year = int(match[3]), int(match[2]), int(match[1])
    elif (match := _MONTH_NAMED.fullmatch(text)) is not None and match[1].lower()[:3] in _MONTHS:
        day, month, year = 1, 1, int(match[2])
    else:
        return None
    if year < 100:
        year += 1900 if year > 30 else 2000
    return year if min(day, month) <= 12 and 1 <= day <= 31 and 1 <= month <= 31 and 1850 <= year <= 2100 else None


def year_of(text: str) -> str | None:
    """The year alone, of a date or of a year."""
    if re.fullmatch(r"(?:18|19|20)[0-9]{2}", text):
        return text
    year = year_in(text)
    return None if year is None else str(year)


def age_band_of(text: str) -> str | None:
    """Ten years of age, as in 50-59; 90 and more are one band. A band stays as it is."""
    if re.fullmatch(r"0-9|(?P<ten>[1-8])0-(?P=ten)9|90\+", text):
        return text
    match = re.match(r"[0-9]{1,3}(?:[.,][0-9]+)?(?=\s*(?:y|$))", text.lower())
    age = number_in(match[0]) if match is not None else None
    if age is None or age > 125:
        return None
    decade = int(age) // 10 * 10
    return f"{_OLDEST_BAND}+" if decade >= _OLDEST_BAND else f"{decade}-{decade + 9}"


def three_digits_of(text: str) -> str | None:
    """The first three signs of a postcode; 000 for areas of few people. Lost zeros in front are put back."""
    code = text.replace(" ", "").upper()
    if (match := re.fullmatch(r"([0-9]{3,5})(?:-?[0-9]{4})?", code)) is not None:
        first = match[1].zfill(5)[:3] if len(match[1]) > 3 else match[1]
        return "000" if first in _FEW_PEOPLE else first
    return code[:3] if re.fullmatch(r"(?=.*[0-9])[A-Z][A-Z0-9]{4,6}", code) else None


_KEPT: dict[str, tuple[Callable[[str], str | None], str]] = {
    "year": (year_of, "a date or a year"),
    "age band": (age_band_of, "an age in years"),
    "three digits": (three_digits_of, "a postcode"),
}


def is_reduced(use: Use) -> bool:
    """Whether a person said that only a part of each cell is kept."""
    return use.field == "attribute" and not _KEPT.keys().isdisjoint(use.options)


def reduced(part: Part, uses: Iterable[Use], log: ProblemLog) -> Part:
    """The table with the cells of reduced columns replaced by what is kept; what cannot be reduced is not read."""
    cells = list(part.cells)
    for use in filter(is_reduced, uses):
        place = part.headers.index(use.header)
        keep, expected = next(_KEPT[option] for option in use.options if option in _KEPT)
        kept = [None if is_missing(text) else keep(text) for text in cells[place].texts]
        is_lost = np.array([new is None and not is_missing(text)
                            for new, text in zip(kept, cells[place].texts, strict=True)], dtype=bool)
        if is_lost.any():
            rows = part.rows[cells[place].spread(is_lost, False)]
            log.add("not_reduced", part.name, use.header, rows=rows, expected=expected)
        cells[place] = with_texts(cells[place], kept)
    return replace(part, cells=tuple(cells))


def with_texts(cells: Cells, texts: list[str | None]) -> Cells:
    """A column with each of its different texts replaced; missing makes the cell blank."""
    known = pa.array([*texts, None], type=pa.string())
    codes = np.where(cells.codes < 0, len(texts), cells.codes)
    return Cells(known.take(pa.array(codes)))
