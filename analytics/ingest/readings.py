"""Whole columns read as numbers, days, dates, times, yes and no, and words, with the rows that could not be."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from analytics.definitions.tables import day_number
from analytics.ingest.cells import MISSING, UNREADABLE, Cells, date_in, is_missing, number_in, time_in
from analytics.ingest.dates import DateText, Order, date_text, is_without_year, serial_day

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
    in_words: Callable[[str], tuple[float | None, str]] | None = None,
) -> Reading:
    """Numbers within limits, both inclusive; NaN where there is none.

    Parameters
    ----------
    is_whole : whether a fraction is out of range
    missing_numbers : numbers that mean missing where they lie outside the limits
    convert : what makes the value from the number, where the file uses another range
    in_words : what a text says that is no number, and the code of a finding about it, which may be empty
    """
    clean = cells.clean_numbers()
    if clean is not None and _is_within(clean, minimum, maximum, is_whole):
        return Reading(clean if convert is None else _converted(clean, convert))

    def judge(text: str) -> tuple[float, str]:
        number, code = number_in(text), ""
        if number is None and is_missing(text):
            return math.nan, ""
        if number is None:
            number, code = in_words(text) if in_words is not None else (None, "not_a_number")
        if number is None:
            return math.nan, code
        if minimum <= number <= maximum and not (is_whole and number != int(number)):
            return (number if convert is None else convert(number)), code
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


_DAY_WORDS = re.compile(r"d(?:ay)?[\s_.:]*([+-]?[0-9]+)|([+-]?[0-9]+)\s*d(?:ays?)?", re.IGNORECASE)
_WEEK_WORDS = re.compile(r"w(?:ee)?k?s?[\s_.:]*([+-]?[0-9]+)|([+-]?[0-9]+)\s*(?:w|wks?|weeks?)", re.IGNORECASE)


def week_in(text: str) -> int | None:
    """The number of a text such as week 2 or W2; missing where it says no week."""
    match = _WEEK_WORDS.fullmatch(text)
    return int(match[1] or match[2]) if match else None


def read_days(
    cells: Cells, minimum: int, maximum: int, *, is_from_one: bool = False, is_weeks: bool = False
) -> Reading:
    """Whole numbers of days; ``MISSING`` where blank, ``UNREADABLE`` where anything else stands.

    Parameters
    ----------
    is_from_one : whether the first day is called 1, with no day 0: day 1 is 0, day -1 stays -1
    is_weeks : whether bare numbers and numbers of weeks count weeks of seven days
    """
    clean = cells.clean_numbers()
    if clean is not None and not is_from_one and not is_weeks and _is_within(clean, minimum, maximum, is_whole=True):
        return Reading(np.where(np.isnan(clean), MISSING, clean).astype(np.int32))

    def judge(text: str) -> tuple[int, str]:
        if is_missing(text):
            return MISSING, ""
        number = number_in(text)
        number = number if number is None or not is_weeks else 7 * number
        if number is None and (match := _DAY_WORDS.fullmatch(text)):
            number = int(match[1] or match[2])
        if number is None and is_weeks and (week := week_in(text)) is not None:
            number = 7 * week
        if number is None or number != int(number) or not minimum <= number <= maximum or (is_from_one and number == 0):
            return UNREADABLE, "not_a_day"
        return int(number) - (is_from_one and number > 0), ""

    return _judged(cells, judge, np.int32, MISSING)


def read_dates(
    cells: Cells, order: Order | None = None, *, is_serial: bool = False
) -> tuple[Reading, np.ndarray | None]:
    """Day numbers from 1970-01-01, and minutes after midnight where any cell holds a time.

    Parameters
    ----------
    order : of day, month and year in dates that have several readings; without it those cannot be read
    is_serial : whether numbers are a spreadsheet's serial days
    """
    clean = cells.clean_dates
    if clean is not None:
        filled = clean[clean != MISSING]
        if not len(filled) or (filled.min() >= day_number(FIRST_DATE) and filled.max() <= day_number(LAST_DATE)):
            return Reading(clean), None
    found = [date_text(text) for text in cells.texts]
    takes_serials = is_serial or any(one is not None and one.readings for one in found)
    minutes = np.full(len(found), MISSING, dtype=np.int32)
    days = np.full(len(found), MISSING, dtype=np.int32)
    codes = []
    for place, (text, one) in enumerate(zip(cells.texts, found, strict=True)):
        on, minute, code = _one_date(text, one, order, takes_serials)
        if on is not None:
            is_known = FIRST_DATE <= on <= LAST_DATE
            days[place] = day_number(on) if is_known else UNREADABLE
            code = code if is_known else "date_out_of_range"
            minutes[place] = MISSING if minute is None else minute
        elif code:
            days[place] = UNREADABLE
        codes.append("" if is_serial and code == "serial_dates_read" else code)
    reading = Reading(cells.spread(days, MISSING), _positions(cells, codes))
    return reading, cells.spread(minutes, MISSING) if (minutes != MISSING).any() else None


def _one_date(
    text: str, found: DateText | None, order: Order | None, takes_serials: bool
) -> tuple[datetime.date | None, int | None, str]:
    """The day and minutes of one text, and the code of a finding about it, which may be empty."""
    if is_missing(text):
        return None, None, ""
    if found is None:
        number = number_in(text) if takes_serials else None
        serial = serial_day(number) if number is not None else None
        unreadable = None, None, "date_without_year" if is_without_year(text) else "not_a_date"
        return unreadable if serial is None else (*serial, "serial_dates_read")
    said = found.read_as(order)
    if said is None:
        return None, None, "date_ambiguous" if order is None and found.readings else "not_a_date"
    return (*said, "short_years" if found.is_short else "")


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
    return Reading(cells.spread(values, blank), _positions(cells, [code for _, code in judged]))


def _positions(cells: Cells, codes: list[str]) -> dict[str, np.ndarray]:
    """Positions of the rows of each finding, from the code that each text got."""
    return {code: np.flatnonzero(cells.spread(np.array([one == code for one in codes], dtype=bool), False))
            for code in dict.fromkeys(codes) if code}
