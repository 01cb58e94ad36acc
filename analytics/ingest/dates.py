"""Dates as files write them, and the order of day, month and year of a whole column.

A text either says its day by itself (year first, month by name) or holds three numbers whose order only the
column tells: a single ``03/04/2024`` has two readings, and no row is guessed on its own.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[Order, ...] = get_args(Order)

FIRST_SHORT_YEAR = 90
"""Years of two digits: 90 to 99 are 1990 to 1999, 00 to 89 are 2000 to 2089; no clinic's file is older."""

EXCEL_DAY_ZERO = datetime.date(1899, 12, 30)
FIRST_SERIAL = (datetime.date(1990, 1, 1) - EXCEL_DAY_ZERO).days
LAST_SERIAL = (datetime.date(2099, 12, 31) - EXCEL_DAY_ZERO).days

_LONGEST = 80
"""Characters of the longest date with time and zone; longer texts are not looked at, which could take long."""

_CLEARLY_MORE = 2
"""Different numbers by which the place of the day exceeds that of the year, before it is told from it."""

_MONTHS = {name: month for month, names in enumerate((
    "jan january januar jänner janvier enero", "feb february februar fev février febrero",
    "mar march mär märz mrz mars marzo", "apr april avril abril", "may mai mayo", "jun june juni juin junio",
    "jul july juli juillet julio", "aug august août agosto", "sep sept september septembre septiembre",
    "oct october okt oktober octobre octubre", "nov november novembre noviembre",
    "dec december dez dezember décembre diciembre"), start=1) for name in names.split()}

_ZONE = r"(?:(?:UTC|GMT)?[+-][0-9]{1,2}(?::?[0-9]{2})?|Z|[A-Z]{2,5}|[A-Za-z]+/[A-Za-z_/]+)(?:\s*[(\[][^()\[\]]*[)\]])?"
_CLOCK = (r"(?:(?:T|,?\s+)(?P<hour>[0-9]{1,2}):?(?P<minute>[0-9]{2})(?::?[0-9]{2}(?:[.,][0-9]+)?)?"
          rf"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?:{_ZONE})?)?")
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_NUMBERS = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{1,2})" + _CLOCK)
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})" + _CLOCK)
_NAME = r"([^\W\d_]{3,10})\.?"
_GAP = r"[\s.,/-]*"
_DAY_FIRST = re.compile(
    _WEEKDAY + rf"([0-9]{{1,2}})(?:st|nd|rd|th)?{_GAP}{_NAME}{_GAP}([0-9]{{4}}|[0-9]{{2}})" + _CLOCK, re.IGNORECASE)
_MONTH_FIRST = re.compile(
    _WEEKDAY + rf"{_NAME}{_GAP}([0-9]{{1,2}})(?:st|nd|rd|th)?[\s.,/-]+([0-9]{{4}}|[0-9]{{2}})" + _CLOCK, re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"([0-9]{{4}}){_GAP}{_NAME}{_GAP}([0-9]{{1,2}})" + _CLOCK, re.IGNORECASE)


@dataclass(frozen=True)
class DateText:
    """A date as one text writes it.

    Attributes
    ----------
    readings : the day under every order that makes one; empty where there is no such day
    minutes : after midnight, missing without a time and at midnight itself
    is_short : whether the year has two digits
    numbers : the three numbers as written, where their order is open
    """

    readings: dict[Order, datetime.date]
    minutes: int | None
    is_short: bool = False
    numbers: tuple[int, int, int] | None = None

    def read_as(self, order: Order | None) -> tuple[datetime.date, int | None] | None:
        """The day, and the minutes; missing where it has two readings and the order is not known."""
        if order is not None and self.numbers is not None:
            on = self.readings.get(order)
            return None if on is None else (on, self.minutes)
        days = set(self.readings.values())
        return (days.pop(), self.minutes) if len(days) == 1 else None


def date_text(text: str) -> DateText | None:
    """What a text says as a date; missing where it has no form of one."""
    if len(text) > _LONGEST:
        return None
    if match := _NUMBERS.fullmatch(text):
        parts = int(match[1]), int(match[3]), int(match[4])
        if len(match[1]) == 4:
            year_first = len(match[4]) <= 2
            return _made(match, {"ymd": _day(*parts)}) if year_first else None
        if len(match[1]) > 2 or len(match[4]) not in (2, 4):
            return None
        is_short = len(match[4]) == 2
        year = _full_year(parts[2], is_short)
        readings = {"dmy": _day(year, parts[1], parts[0]), "mdy": _day(year, parts[0], parts[1])}
        if is_short:
            readings["ymd"] = _day(_full_year(parts[0], len(match[1]) == 2), parts[1], parts[2])
        return _made(match, readings, is_short, parts)
    if match := _COMPACT.fullmatch(text):
        return _made(match, {"ymd": _day(int(match[1]), int(match[2]), int(match[3]))})
    for pattern, (day, name, year) in ((_DAY_FIRST, (1, 2, 3)), (_MONTH_FIRST, (2, 1, 3)), (_YEAR_FIRST, (3, 2, 1))):
        match = pattern.fullmatch(text)
        month = _MONTHS.get(match[name].lower()) if match else None
        if month is not None:
            is_short = len(match[year]) == 2
            return _made(match, {"dmy": _day(_full_year(int(match[year]), is_short), month, int(match[day]))}, is_short)
    return None


def is_without_year(text: str) -> bool:
    """Whether a text is a day and the name of its month alone, as 9-May."""
    match = re.fullmatch(r"[0-9]{1,2}[-/. ]*([^\W\d_]{3,9})\.?|([^\W\d_]{3,9})\.?[-/ ]*[0-9]{1,2}", text)
    return match is not None and (match[1] or match[2]).lower() in _MONTHS


def _made(
    match: re.Match, readings: dict[Order, datetime.date | None], is_short: bool = False,
    numbers: tuple[int, int, int] | None = None,
) -> DateText:
    real = {order: on for order, on in readings.items() if on is not None}
    if match["hour"] is None:
        return DateText(real, None, is_short, numbers)
    minutes = clock_minutes(int(match["hour"]), int(match["minute"]), match["half"])
    return DateText({} if minutes is None else real, minutes or None, is_short, numbers)


def clock_minutes(hour: int, minute: int, half: str | None) -> int | None:
    """Minutes after midnight; missing where there is no such time. ``half`` is am or pm, or missing."""
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _full_year(year: int, is_short: bool) -> int:
    return year if not is_short else year + (1900 if year >= FIRST_SHORT_YEAR else 2000)


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def serial_day(number: float) -> tuple[datetime.date, int | None] | None:
    """The day and minutes of a spreadsheet's serial number; missing outside 1990 to 2099."""
    if not FIRST_SERIAL <= number < LAST_SERIAL + 1:
        return None
    day, fraction = divmod(number, 1)
    minutes = min(round(fraction * 1440), 1439)
    return EXCEL_DAY_ZERO + datetime.timedelta(days=int(day)), minutes or None


@dataclass(frozen=True)
class OrderSeen:
    """What the dates of a column say about the order of their parts.

    Attributes
    ----------
    shown : orders that a value shows because it has no other reading
    n_open, n_dates : different texts with two readings, and all that are dates
    n_same : different texts whose readings are one day, as 03/03, so that they tell nothing of the others
    possible : orders that could be the column's
    """

    shown: frozenset[Order]
    n_open: int
    n_dates: int
    possible: tuple[Order, ...] = ("dmy", "mdy")
    n_same: int = 0


def order_seen(texts: Iterable[str]) -> OrderSeen:
    """What the different texts of a column say about the order of day, month and year."""
    dates = [one for one in map(date_text, texts) if one is not None and one.readings]
    found = [one for one in dates if one.numbers is not None]
    years_first = _years_first([one for one in found if one.is_short])
    shown: set[Order] = set()
    n_open = n_same = 0
    for one in found:
        readings = {order: on for order, on in one.readings.items()
                    if not one.is_short or years_first is None or (order == "ymd") == years_first}
        if len(readings) == 1:
            shown.update(readings)
        elif len(set(readings.values())) > 1:
            n_open += 1
        else:
            n_same += 1
    has_short = any(one.is_short for one in found)
    possible = ORDERS if has_short and years_first is None else ("ymd",) if years_first and all(
        one.is_short for one in found) else ("dmy", "mdy")
    return OrderSeen(frozenset(shown), n_open, len(dates), possible, n_same)


def _years_first(found: list[DateText]) -> bool | None:
    """Whether years of two digits come first: years repeat more than days do; missing where that does not show."""
    if any(one.numbers[0] > 31 for one in found):
        return True
    firsts, lasts = ({one.numbers[place] for one in found} for place in (0, 2))
    if any(one.numbers[2] > 31 for one in found) or len(firsts) > len(lasts) + _CLEARLY_MORE:
        return False
    return True if len(lasts) > len(firsts) + _CLEARLY_MORE else None
