"""The cells of one column, and the number, date or time that a single text writes.

A column is kept as the list of its different texts and, for each row, which of them stands there: each text
is judged once, in plain Python, however many rows repeat it. Where a whole column is clean, Arrow's own
conversion is taken and no text is looked at.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.ingest.dates import Order, clock_minutes, date_text

MISSING = np.iinfo(np.int32).min
"""Stands for a day, date, time or item that is not there."""

UNREADABLE = MISSING + 1
"""Stands for a day or date that is there, cannot be read, and has a finding already."""

BLANK_WORDS = frozenset({"", "na", "n/a", "#n/a", "#na", "null", "nan", "nat", "<na>", ".", "-", "--", "*", "?"})
"""What programs and people write into a cell that holds nothing, in lower case."""

MISSING_WORDS = BLANK_WORDS | {
    "none", "refused", "declined", "unknown", "missing", "not done", "not applicable", "not available", "not answered",
    "no answer", "prefer not to say",
}
"""What a cell says when nobody answered; among attributes these words are values."""


_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DECIMAL_COMMA = re.compile(r"([+-]?[0-9]+),([0-9]+)")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_SPACES = "[ \u00a0\u2009\u202f']"
_GROUPED = re.compile(rf"[+-]?[1-9][0-9]{{0,2}}(?:"
                      rf"(?:\.[0-9]{{3}})+,[0-9]+|(?:\.[0-9]{{3}}){{2,}}|(?:,[0-9]{{3}})+\.[0-9]+|(?:,[0-9]{{3}}){{2,}}|"
                      rf"(?:{_SPACES}[0-9]{{3}})+(?:[.,][0-9]+)?)")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*([ap]\.?m\.?)?", re.IGNORECASE)


class Cells:
    """One column of a file."""

    def __init__(self, array: pa.Array | pa.ChunkedArray) -> None:
        self.array = array

    def without(self, is_nothing: Callable[[str], bool]) -> Cells:
        """The same column with some of its texts blank."""
        kept = [None if is_nothing(text) else text for text in self.texts]
        if None not in kept:
            return self
        return Cells(pa.array(kept, type=pa.string()).take(pa.array(self.codes, mask=self.codes < 0)))

    def take(self, positions: np.ndarray) -> Cells:
        """The same column with some of its rows."""
        return Cells(self.array.take(pa.array(positions)))

    def blanked(self, is_blank: np.ndarray) -> Cells:
        """The same column with some of its cells blank; texts that stood there alone are gone."""
        kept = np.where(is_blank, -1, np.arange(len(is_blank)))
        return Cells(self.array.take(pa.array(kept, mask=kept < 0)))

    @cached_property
    def _encoded(self) -> tuple[np.ndarray, tuple[str, ...]]:
        encoded = self.array.dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
        values = encoded.dictionary
        texts = (pc.utf8_trim_whitespace(values).to_pylist() if pa.types.is_string(values.type)
                 else [as_text(value) for value in values.to_pylist()])
        return _folded(codes, texts)

    @property
    def codes(self) -> np.ndarray:
        """Which of ``texts`` stands in each row; -1 where the cell is blank."""
        return self._encoded[0]

    @property
    def texts(self) -> tuple[str, ...]:
        """The different texts of the column, trimmed."""
        return self._encoded[1]

    @property
    def is_filled(self) -> np.ndarray:
        """Whether each row holds anything but a blank or a word for missing."""
        return self.spread(~np.array(are_missing(self.texts), dtype=bool), False)

    def spread(self, per_text: np.ndarray, blank) -> np.ndarray:
        """One value a row from one value a text."""
        return np.append(per_text, np.array([blank], dtype=per_text.dtype))[self.codes]

    def clean_numbers(self) -> np.ndarray | None:
        """Every row as a number, NaN where blank; missing when any cell is anything else."""
        kind = self.array.type
        if not (pa.types.is_string(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)):
            return None
        try:
            numbers = self.array.cast(pa.float64())
        except pa.ArrowInvalid:
            return None
        values = numbers.to_numpy() if isinstance(numbers, pa.ChunkedArray) else numbers.to_numpy(zero_copy_only=False)
        return values if int(np.isnan(values).sum()) == self.array.null_count else None

    @cached_property
    def clean_dates(self) -> np.ndarray | None:
        """Every row as a day number, ``MISSING`` where blank; missing when any cell is not YYYY-MM-DD."""
        if not pa.types.is_string(self.array.type):
            return None
        try:
            days = self.array.cast(pa.date32()).cast(pa.int32())
        except pa.ArrowInvalid:
            return None
        filled = days.fill_null(MISSING)
        return filled.to_numpy() if isinstance(filled, pa.ChunkedArray) else filled.to_numpy(zero_copy_only=False)

    def head(self, count: int) -> Cells:
        """The column with its first rows only."""
        return self if len(self.array) <= count else Cells(self.array.slice(0, count))

    def sample(self, count: int = 2000) -> list[str]:
        """The different filled texts among the first rows."""
        return [text for text in self.head(count).texts if not is_missing(text)]


def as_text(value: object) -> str:
    """A cell of any kind as text: whole numbers without a point, dates as YYYY-MM-DD, without midnight."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    return str(value).strip()


def _folded(codes: np.ndarray, texts: list[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Texts that trimming made equal become one, and those it emptied become blank."""
    if "" not in texts and len(set(texts)) == len(texts):
        return codes, tuple(texts)
    different = {text: position for position, text in enumerate(dict.fromkeys(text for text in texts if text))}
    places = np.array([different.get(text, -1) for text in texts] + [-1], dtype=np.int32)
    return places[codes], tuple(different)


def is_blank(text: str) -> bool:
    """Whether a text stands for an empty cell."""
    return text.lower() in BLANK_WORDS


def is_missing(text: str) -> bool:
    """Whether a text says that there is no value."""
    return text.lower() in MISSING_WORDS


def are_missing(texts: Sequence[str]) -> list[bool]:
    """``is_missing`` of many texts."""
    return [*map(MISSING_WORDS.__contains__, map(str.lower, texts))]


def number_in(text: str) -> float | None:
    """The finite number a text writes, decimal comma or point, thousands apart where that has one reading.

    ``1,234`` is no number: it has two readings.
    """
    if _NUMBER.fullmatch(text) is None:
        match = _DECIMAL_COMMA.fullmatch(text)
        if match is not None and not _THOUSANDS.fullmatch(text):
            text = f"{match[1]}.{match[2]}"
        elif _GROUPED.fullmatch(text):
            text = _ungrouped(text)
        else:
            return None
    number = float(text)
    return number if math.isfinite(number) else None


def _ungrouped(text: str) -> str:
    """A number without its thousands separators, with a decimal point: the last sign that occurs once is decimal."""
    text = re.sub(_SPACES, "", text)
    signs = [sign for sign in text if sign in ".,"]
    is_decimal = bool(signs) and signs.count(signs[-1]) == 1
    whole, _, fraction = text.rpartition(signs[-1]) if is_decimal else (text, "", "")
    whole = whole.replace(".", "").replace(",", "")
    return f"{whole}.{fraction}" if is_decimal else whole


def date_in(text: str, order: Order | None = None) -> tuple[datetime.date, int | None] | None:
    """The date a text writes, and the minutes after midnight where it has a time; missing where it has two readings.

    An offset or the name of a time zone changes nothing: the date as written is the day.
    """
    found = date_text(text)
    return found.read_as(order) if found is not None else None


def writes_date(text: str) -> bool:
    """Whether a text is a date, be it one with two readings."""
    found = date_text(text)
    return found is not None and bool(found.readings)


def time_in(text: str) -> int | None:
    """Minutes after midnight of a time of day such as 14:05 or 2:05 pm."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    return clock_minutes(int(match[1]), int(match[2]), match[3])
