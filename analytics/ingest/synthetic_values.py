"""Invented values of the same kind as real ones: what a reader makes of them stays, what they say does not."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from analytics.definitions.tables import DAY_ZERO
from analytics.ingest.cells import date_in, number_in

_ISO = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})(.*)", re.DOTALL)
_PARTED = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{2}|[0-9]{4})(.*)", re.DOTALL)
_CODES = {66, 77, 88, 99, 666, 777, 888, 999, 7, 8, 9, 98, 97}
"""Numbers that are usual codes of a missing answer: an invented one must not become one of them."""

GAP_CLASSES = ((1, 1), (2, 14), (15, 60), (61, 200))
"""Gaps between the days of a patient are drawn anew within their class, so that what counts as close stays close."""

UNREADABLE = "xxxx"


class Codes:
    """New names for texts, each text its own, numbered in an order that says nothing."""

    def __init__(self, texts: Iterable[str], rng: np.random.Generator, name: Callable[[int], str]) -> None:
        different = sorted(set(texts))
        self._of = {text: name(int(number)) for text, number in
                    zip(different, rng.permutation(len(different)), strict=True)}

    def __getitem__(self, text: str) -> str:
        return self._of[text]


def letters(number: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = string.ascii_uppercase[rest] + name
    return name


def new_days(days: Iterable[int], rng: np.random.Generator, start: int | None) -> dict[int, int]:
    """For the days of one patient other days in the same order; without a ``start`` day 0 stays day 0."""
    ordered = sorted({*days} if start is not None else {*days, 0})
    gaps = [_new_gap(later - earlier, rng) for earlier, later in pairwise(ordered)]
    places = np.cumsum([0, *gaps]) + (start or 0)
    shift = 0 if start is not None else int(places[ordered.index(0)])
    return dict(zip(ordered, (places - shift).tolist(), strict=True))


def _new_gap(gap: int, rng: np.random.Generator) -> int:
    low, high = next((pair for pair in GAP_CLASSES if pair[0] <= gap <= pair[1]), GAP_CLASSES[-1])
    return int(rng.integers(low, high + 1))


def new_date(text: str, on: date) -> str:
    """Another date in the form of a text that writes one as year, month, day."""
    match = _ISO.fullmatch(text)
    if match is None:
        return on.isoformat()
    return f"{on.year:04d}{match[2]}{on.month:0{len(match[3])}d}{match[2]}{on.day:0{len(match[4])}d}{match[5]}"


def odd_date(text: str, rng: np.random.Generator) -> str:
    """For a date that has a finding, or two readings, another of which the same is true."""
    day = DAY_ZERO + timedelta(days=int(rng.integers(16_000, 19_000)))
    match = _ISO.fullmatch(text)
    if match is not None and date_in(text) is None:
        return f"{day.year}{match[2]}02{match[2]}{30 + int(rng.integers(2))}"
    if match is not None:
        return f"{_year_like(int(match[1]), day.year, rng)}{match[2]}{day.month:02d}{match[2]}{day.day:02d}"
    match = _PARTED.fullmatch(text)
    if match is None:
        return UNREADABLE
    first, second = (_part_like(int(match[place]), rng) for place in (1, 3))
    if not _is_a_date(int(match[1]), int(match[3]), int(match[4])):
        first, second = 30 + int(rng.integers(2)), 2
    year = f"{day.year}"[-len(match[4]):]
    return f"{first:0{len(match[1])}d}{match[2]}{second:0{len(match[3])}d}{match[2]}{year}{match[5]}"


def _year_like(year: int, usual: int, rng: np.random.Generator) -> int:
    """A year as far off as another one."""
    if year > 2099:
        return int(rng.integers(2150, 2290))
    return int(rng.integers(1910, 1985)) if year < 1990 else usual


def _is_a_date(first: int, second: int, year: int) -> bool:
    """Whether two numbers are day and month in one order or the other."""
    for day, month in ((first, second), (second, first)):
        try:
            date(max(year, 1), month, day)
        except ValueError:
            continue
        return True
    return False


def _part_like(number: int, rng: np.random.Generator) -> int:
    """A day where only a day can stand, else a number that may be a day or a month."""
    if number > 31:
        return 31 + int(rng.integers(1, 60))
    return int(rng.integers(13, 29)) if number > 12 else int(rng.integers(1, 13))


def number_beyond(text: str, rng: np.random.Generator) -> str:
    """For a number outside its range another one still further out; text that is no number becomes unreadable."""
    number = number_in(text)
    if number is None:
        return UNREADABLE
    steps = [step for step in range(1, 10) if abs(number) + step not in _CODES]
    step = float(rng.choice(steps[:3]))
    further = number + step if number >= 0 else number - step
    return f"{further:g}"


def text_like(text: str, rng: np.random.Generator) -> str:
    """Nonsense in the shape of a text: an address of mail stays one, a number keeps its length and first digit."""
    if "@" in text:
        return f"x{int(rng.integers(10**6))}@example.org"
    if re.match(r"https?://|www\.", text, re.IGNORECASE):
        return f"https://example.org/{int(rng.integers(10**6))}"
    if re.fullmatch(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}", text):
        return f"192.0.2.{int(rng.integers(1, 255))}"
    if _ISO.fullmatch(text) and date_in(text) is not None:
        return (date(1930, 1, 1) + timedelta(days=int(rng.integers(25_000)))).isoformat()
    if _PARTED.fullmatch(text):
        return odd_date(text, rng)
    return "".join(_sign_like(sign, place, text, rng) for place, sign in enumerate(text))


def _sign_like(sign: str, place: int, text: str, rng: np.random.Generator) -> str:
    if sign.isdigit():
        is_first = place == 0 or not text[place - 1].isdigit()
        return sign if is_first else str(rng.integers(10))
    if not sign.isalpha():
        return sign
    if not sign.isascii():
        return "\u00fc"  # of all letters the one that no other encoding reads as a letter of words
    letter = string.ascii_lowercase[int(rng.integers(26))]
    return letter.upper() if sign.isupper() else letter
