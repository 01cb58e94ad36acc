"""Whole columns read as numbers, days, dates, times, yes and no, and words, with the rows that could not be."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from analytics.definitions.tables import day_number
from analytics.ingest.cells import MISSING, UNREADABLE, Cells, date_in, is_missing, number_in, time_in

MISSING_NUMBERS = frozenset({-9, -8, -7, -99, -98, -97, -88, -77, 77, 88, 98, 99, 777, 888, 998, 999, 9999, -999})
"""Numbers that stand for a missing answer where they lie outside the range."""

MISSING_ITEM_NUMBERS = MISSING_NUMBERS | {7, 8, 9}
"""The same for the answer to one item: 7 refused, 9 does not know."""

FIRST_DATE = datetime.date(1990, 1, 1)
LAST_DATE = datetime.date(2099, 12, 31)


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
        for code in dict.fromkeys(codes) if code})
