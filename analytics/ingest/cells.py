"""The cells of one column, and what they say as numbers, days, dates, times and words.

A column is kept as the list of its different texts and, for each row, which of them stands there: each text
is judged once, in plain Python, however many rows repeat it. Where a whole column is clean, Arrow's own
conversion is taken and no text is looked at.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa

from analytics.definitions.tables import day_number

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

MISSING_NUMBERS = frozenset({-9, -8, -7, -99, -98, -97, -88, -77, 77, 88, 98, 99, 777, 888, 998, 999, 9999, -999})
"""Numbers that stand for a missing answer where they lie outside the range."""

MISSING_ITEM_NUMBERS = MISSING_NUMBERS | {7, 8, 9}
"""The same for the answer to one item: 7 refused, 9 does not know."""

FIRST_DATE = datetime.date(1990, 1, 1)
LAST_DATE = datetime.date(2099, 12, 31)

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DECIMAL_COMMA = re.compile(r"([+-]?[0-9]+),([0-9]+)")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_DATE = re.compile(
    r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})"
    r"(?:[T ]([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:[.,][0-9]+)?)?\s*(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*([ap]\.?m\.?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What a column's cells say.

    Attributes
    ----------
    values : one element a row; NaN, ``MISSING`` or ``UNREADABLE`` where there is no value
    problems : code of a finding -> positions of the rows it is about
    """

    values: np.ndarray
    problems: dict[str, np.ndarray] = field(default_factory=dict)


class Cells:
    """One column of a file."""

    def __init__(self, array: pa.Array | pa.ChunkedArray) -> None:
        self.array = array

    def take(self, positions: np.ndarray) -> Cells:
        """The same column with some of its rows."""
        return Cells(self.array.take(pa.array(positions)))

    @cached_property
    def _encoded(self) -> tuple[np.ndarray, tuple[str, ...]]:
        encoded = self.array.dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
        return _folded(codes, [as_text(value) for value in encoded.dictionary.to_pylist()])

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
        return self.spread(np.array([not is_missing(text) for text in self.texts], dtype=bool), False)

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

    def clean_dates(self) -> np.ndarray | None:
        """Every row as a day number, ``MISSING`` where blank; missing when any cell is anything else."""
        kind = self.array.type
        if not (pa.types.is_string(kind) or pa.types.is_date32(kind)):
            return None
        try:
            days = self.array.cast(pa.date32()).cast(pa.int32())
        except pa.ArrowInvalid:
            return None
        filled = days.fill_null(MISSING)
        return filled.to_numpy() if isinstance(filled, pa.ChunkedArray) else filled.to_numpy(zero_copy_only=False)

    def sample(self, count: int = 2000) -> list[str]:
        """The different filled texts among the first rows."""
        head = Cells(self.array.slice(0, count))
        return [text for text in head.texts if not is_missing(text)]


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
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace").strip()
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


def number_in(text: str) -> float | None:
    """The finite number a text writes, decimal comma or point; a thousands comma is no number, it has two readings."""
    if _NUMBER.fullmatch(text) is None:
        match = _DECIMAL_COMMA.fullmatch(text)
        if match is None or _THOUSANDS.fullmatch(text):
            return None
        text = f"{match[1]}.{match[2]}"
    number = float(text)
    return number if math.isfinite(number) else None


def date_in(text: str) -> tuple[datetime.date, int | None] | None:
    """The date a text writes, year first, and the minutes after midnight where it has a time."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        on = datetime.date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None
    minutes = int(match[5]) * 60 + int(match[6]) if match[5] else 0
    return (on, minutes or None) if minutes < 24 * 60 else None


def time_in(text: str) -> int | None:
    """Minutes after midnight of a time of day such as 14:05 or 2:05 pm."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def read_numbers(
    cells: Cells, minimum: float, maximum: float, *, is_whole: bool = False,
    missing_numbers: frozenset[int] = MISSING_NUMBERS, convert: Callable[[float], float] | None = None,
) -> Reading:
    """Numbers within limits, both inclusive; NaN where there is none.

    Parameters
    ----------
    is_whole : whether a fraction is out of range
    missing_numbers : numbers that mean missing where they lie outside the limits
    convert : what makes the value from the number, where the file uses another range
    """
    clean = cells.clean_numbers()
    if clean is not None and _is_within(clean, minimum, maximum, is_whole):
        return Reading(clean if convert is None else _converted(clean, convert))

    def judge(text: str) -> tuple[float, str]:
        number = number_in(text)
        if number is None:
            return math.nan, "" if is_missing(text) else "not_a_number"
        if minimum <= number <= maximum and not (is_whole and number != int(number)):
            return (number if convert is None else convert(number)), ""
        return math.nan, "missing_code" if number in missing_numbers else "out_of_range"

    return _judged(cells, judge, np.float64, math.nan)


def _is_within(values: np.ndarray, minimum: float, maximum: float, is_whole: bool) -> bool:
    filled = values[~np.isnan(values)]
    if not len(filled):
        return True
    return bool(filled.min() >= minimum and filled.max() <= maximum
                and not (is_whole and (filled != np.floor(filled)).any()))


def _converted(values: np.ndarray, convert: Callable[[float], float]) -> np.ndarray:
    different, codes = np.unique(values, return_inverse=True)
    return np.array([number if math.isnan(number) else convert(number) for number in different.tolist()])[codes]


def read_days(cells: Cells, minimum: int, maximum: int) -> Reading:
    """Whole numbers of days; ``MISSING`` where blank, ``UNREADABLE`` where anything else stands."""
    clean = cells.clean_numbers()
    if clean is not None and _is_within(clean, minimum, maximum, is_whole=True):
        return Reading(np.where(np.isnan(clean), MISSING, clean).astype(np.int32))

    def judge(text: str) -> tuple[int, str]:
        if is_missing(text):
            return MISSING, ""
        number = number_in(text)
        if number is None or number != int(number) or not minimum <= number <= maximum:
            return UNREADABLE, "not_a_day"
        return int(number), ""

    return _judged(cells, judge, np.int32, MISSING)


def read_dates(cells: Cells) -> tuple[Reading, np.ndarray | None]:
    """Day numbers from 1970-01-01, and minutes after midnight where any cell holds a time."""
    clean = cells.clean_dates()
    if clean is not None:
        filled = clean[clean != MISSING]
        if not len(filled) or (filled.min() >= day_number(FIRST_DATE) and filled.max() <= day_number(LAST_DATE)):
            return Reading(clean), None

    def judge(text: str) -> tuple[int, str]:
        if is_missing(text):
            return MISSING, ""
        found = date_in(text)
        if found is None:
            return UNREADABLE, "not_a_date"
        is_known = FIRST_DATE <= found[0] <= LAST_DATE
        return (day_number(found[0]), "") if is_known else (UNREADABLE, "date_out_of_range")

    reading = _judged(cells, judge, np.int32, MISSING)
    found = [date_in(text) for text in cells.texts]
    minutes = np.array([MISSING if one is None or one[1] is None else one[1] for one in found], dtype=np.int32)
    return reading, cells.spread(minutes, MISSING) if (minutes != MISSING).any() else None


def read_times(cells: Cells) -> Reading:
    """Minutes after midnight; ``MISSING`` where there is none."""

    def judge(text: str) -> tuple[int, str]:
        minutes = time_in(text)
        if minutes is None:
            found = date_in(text)
            minutes = found[1] if found is not None else None
            return (MISSING, "") if found is not None and minutes is None else (
                (MISSING, "" if is_missing(text) else "not_a_time") if minutes is None else (minutes, ""))
        return minutes, ""

    return _judged(cells, judge, np.int32, MISSING)


_YES = frozenset({"yes", "y", "true", "t", "1", "1.0", "x", "checked", "present", "ja", "oui", "si"})
_NO = frozenset({"no", "n", "false", "f", "0", "0.0", "unchecked", "absent", "nein", "non"})


def read_yes_no(cells: Cells) -> Reading:
    """1 for yes, 0 for no, NaN where unknown."""

    def judge(text: str) -> tuple[float, str]:
        word = text.lower()
        if word in _YES or word in _NO:
            return float(word in _YES), ""
        is_code = number_in(text) in MISSING_NUMBERS
        return math.nan, "missing_code" if is_code else "" if is_missing(text) else "not_yes_no"

    return _judged(cells, judge, np.float64, math.nan)


def read_words(cells: Cells, meaning: Callable[[str], str | None]) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Words by their meaning.

    Returns
    -------
    codes : which meaning stands in each row, -1 where there is none
    meanings : the different meanings, sorted
    unknown : positions of rows whose word has no meaning
    """
    each = [None if is_missing(text) else meaning(text) for text in cells.texts]
    meanings = sorted({word for word in each if word is not None})
    codes = np.array([-1 if word is None else meanings.index(word) for word in each], dtype=np.int32)
    is_unknown = np.array([word is None and not is_missing(text) for word, text in zip(each, cells.texts, strict=True)],
                          dtype=bool)
    unknown = np.flatnonzero(cells.spread(is_unknown, False)) if is_unknown.any() else np.array([], dtype=np.int64)
    return cells.spread(codes, -1), meanings, unknown


def _judged(cells: Cells, judge: Callable[[str], tuple[float, str]], kind: type, blank) -> Reading:
    judged = [judge(text) for text in cells.texts]
    values = np.array([value for value, _ in judged], dtype=kind)
    codes = [code for _, code in judged]
    return Reading(cells.spread(values, blank), {
        code: np.flatnonzero(cells.spread(np.array([one == code for one in codes], dtype=bool), False))
        for code in _different(codes) if code})


def _different(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
