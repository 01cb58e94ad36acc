"""What the values of a column say about a score: totals of an instrument, answers to one item, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from analytics.definitions.instruments import Instrument
from analytics.ingest.cells import Cells, number_in
from analytics.ingest.read import Part
from analytics.ingest.readings import MISSING_ITEM_NUMBERS, MISSING_NUMBERS

_TYPING_ERRORS = 0.1
"""Share of values outside the range up to which a column is still taken for one of it."""

_LOOKED_AT = 5000
"""Rows that are looked at."""

_FEWEST_ANSWERS = 3
"""Values from which on it can be told that all of them could be answers to one item."""


def hold_answers(part: Part, headers: Iterable[str], instrument: Instrument) -> bool:
    """Whether columns can hold answers to single items: above the range are missing codes and typing errors."""
    n_above = n_numbers = 0
    for header in headers:
        cells = _head(part, header)
        each = [number_in(text) for text in cells.texts]
        is_number = np.array([number is not None for number in each], dtype=bool)
        is_above = np.array([number is not None and number > instrument.item_maximum
                             and number not in MISSING_ITEM_NUMBERS for number in each], dtype=bool)
        n_numbers += int(cells.spread(is_number, False).sum())
        n_above += int(cells.spread(is_above, False).sum())
    return n_above <= _TYPING_ERRORS * n_numbers


def are_answers(part: Part, header: str, instrument: Instrument) -> bool:
    """Whether all values could be answers to one item, so that a total is no longer the likelier reading."""
    if not instrument.n_items:
        return False
    cells = _head(part, header)
    numbers = [number for text in cells.texts if (number := number_in(text)) is not None]
    return (int((cells.codes >= 0).sum()) >= _FEWEST_ANSWERS
            and all(instrument.item_minimum <= number <= instrument.item_maximum for number in numbers))


def fit_total(part: Part, header: str, scale: tuple[float, float]) -> bool:
    """Whether values are numbers within a range, but for missing codes and typing errors; at least one is."""
    cells = _head(part, header)
    each = [_leading_number(text) for text in cells.texts]
    is_inside = np.array([number is not None and scale[0] <= number <= scale[1] for number in each], dtype=bool)
    is_outside = np.array([not inside and number not in MISSING_NUMBERS and bool(text)
                           for text, number, inside in zip(cells.texts, each, is_inside, strict=True)], dtype=bool)
    n_inside = int(cells.spread(is_inside, False).sum())
    n_outside = int((cells.spread(is_outside, False) & cells.is_filled).sum())
    return n_inside > 0 and n_outside <= _TYPING_ERRORS * (n_inside + n_outside)


def same_values(part: Part, one: str, other: str) -> bool:
    """Whether two columns hold the same text on every row."""
    first, second = part.column(one), part.column(other)
    if set(first.texts) != set(second.texts):
        return False
    places = {text: place for place, text in enumerate(first.texts)}
    renumbered = np.array([*(places[text] for text in second.texts), -1], dtype=np.int32)[second.codes]
    return bool((renumbered == first.codes).all())


def _leading_number(text: str) -> float | None:
    """The number of a text, alone or before a word about it as in 14 (moderate)."""
    number = number_in(text)
    if number is None and (match := re.match(r"([0-9]+(?:\.[0-9]+)?)\s*[(/\-–:]", text)):
        return float(match[1])
    return number


def _head(part: Part, header: str) -> Cells:
    return Cells(part.column(header).array.slice(0, _LOOKED_AT))
