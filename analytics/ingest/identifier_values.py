"""What a column's values tell of persons: its kind of identifier, judged over its different texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.ingest.cells import is_missing
from analytics.ingest.identifier_patterns import (
    ADDRESS,
    AGE,
    BIRTH,
    NAME,
    NATIONAL,
    NUMBER,
    PHONE,
    POSTCODE,
    TEXT,
    has_check_digit,
    is_address,
    is_postcode,
    kind_in,
    may_hold,
)
from analytics.ingest.identifiers import is_of_age, is_of_codes, is_of_places_or_things
from analytics.ingest.name_columns import are_names
from analytics.ingest.person_names import is_of_a_site
from analytics.ingest.reductions import year_in

OLDEST_SHOWN = 89
_MOST_JUDGED = 1000
_A_COLUMN = 0.3
"""From this share of the filled rows on, a column is taken for what its cells hold; below it, the cells are."""

_NUMBERS_ONLY = re.compile(r"[-+0-9.,eE\n]*")
_LONG_NUMBER = re.compile(r"[A-Za-z]{0,5}[-# ]?[0-9]{6,}(?:[-/][0-9]+)?|(?=(?:.*[0-9]){5})(?=.*[A-Z])[A-Z0-9-]{9,20}|"
                          r"[A-Z]{2,5}[-# ]?[0-9]{5,}|[0-9]{4}(?:[ -][0-9]{4}){2,3}")
_NUMBERED_PLACE = re.compile(r"[0-9]{1,6}[a-z]?,? (?:[A-Z][\w'’.-]+ ?){2,5}(?:[0-9]+)?")
_FUNCTION_WORDS = frozenset(
    [
        "the", "a", "an", "and", "or", "but", "is", "was", "were", "are", "has", "had", "have", "his", "her", "she",
        "he", "they", "their", "my", "i", "we", "with", "without", "to", "of", "in", "on", "at", "for", "from",
        "about", "after", "since", "when", "who", "that", "this", "not", "no", "very", "pt", "patient", "reports",
        "reported", "feels", "felt", "says", "said",
    ])


@dataclass(frozen=True)
class Values:
    """The different texts of some rows of a column.

    Attributes
    ----------
    texts : each once
    codes : which of them stands in each row; -1 where the cell is blank
    patients : the patient of each row as a code, -1 where there is none; missing without a patient column
    is_key : whether the column says which patient a row belongs to
    is_labels : whether it is read as visits, drugs or another thing with names of its own
    year : the middle year of the dates of the file; missing without dates
    """

    header: str
    texts: tuple[str, ...]
    codes: np.ndarray
    patients: np.ndarray | None = None
    is_key: bool = False
    is_labels: bool = False
    year: int | None = None

    @cached_property
    def rows(self) -> np.ndarray:
        """How many rows hold each text; 0 for words that say nothing."""
        counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.texts))
        return counts * np.array([not is_missing(text) for text in self.texts], dtype=bool)

    @cached_property
    def judged(self) -> np.ndarray:
        """The texts that are judged, spread over all that say something."""
        filled = np.flatnonzero(self.rows)
        return filled[np.linspace(0, len(filled) - 1, min(len(filled), _MOST_JUDGED)).astype(int)]

    @cached_property
    def are_numbers(self) -> bool:
        """Whether no text holds anything but the signs of numbers and dates."""
        return _NUMBERS_ONLY.fullmatch("\n".join(self.texts[place] for place in self.judged)) is not None

    def share(self, holds: Callable[[str], bool]) -> float:
        """The share of the filled rows whose text holds something."""
        return self.shares(np.array([holds(self.texts[place]) for place in self.judged], dtype=bool))

    def shares(self, is_hit: np.ndarray) -> float:
        """The same of texts that were judged already."""
        rows = self.rows[self.judged]
        return float(rows[is_hit].sum() / rows.sum()) if rows.sum() else 0.0

    @cached_property
    def per_patient(self) -> tuple[int, float, float]:
        """Patients with a value; the share of them with one value only; different values for each of them."""
        chosen = (self.codes >= 0) & (self.rows[self.codes] > 0)
        if self.patients is not None:
            chosen &= self.patients >= 0
        if not chosen.any():
            return 0, 0.0, 0.0
        patients = self.patients[chosen] if self.patients is not None else np.flatnonzero(chosen)
        pairs = np.unique(patients.astype(np.int64) * len(self.texts) + self.codes[chosen])
        _, n_values = np.unique(pairs // len(self.texts), return_counts=True)
        return len(n_values), float((n_values == 1).mean()), len(np.unique(pairs % len(self.texts))) / len(n_values)


def kind_of(values: Values) -> str | None:
    """The kind of identifier a column holds; missing where it holds none."""
    if not len(values.judged):
        return None
    hits = hits_in(values)
    told = [kind for kind in hits if kind]
    if told and values.shares(np.array([kind is not None for kind in hits])) >= _A_COLUMN:
        return max(sorted(set(told)), key=told.count)
    asked = _OF_KEYS if values.is_key else _OF_COLUMNS
    return next((kind for kind, holds in asked if holds(values)), None)


def hits_in(values: Values) -> list[str | None]:
    """The identifier that each judged text holds by itself."""
    if values.are_numbers and "." not in "".join(values.texts[place] for place in values.judged[:50]):
        blob = "\n".join(values.texts[place] for place in values.judged)
        if "-" not in blob:
            return [None] * len(values.judged)
    return kinds_in([values.texts[place] for place in values.judged])


def kinds_in(texts: Sequence[str]) -> list[str | None]:
    """The identifier that each text holds by itself; codes that count up, as 001-01-0001, are none."""
    if not may_hold(texts):
        return [None] * len(texts)
    kinds = [kind_in(text) for text in texts]
    if count_up([text for text, kind in zip(texts, kinds, strict=True) if kind in (NATIONAL, PHONE)]):
        return [None if kind in (NATIONAL, PHONE) else kind for kind in kinds]
    return kinds


def count_up(texts: Sequence[str]) -> bool:
    """Whether the last digits of three or more texts lie as close together as numbers that were given out in turn."""
    lasts = {int(digits[-4:]) for text in texts if (digits := re.sub(r"[^0-9]", "", text))}
    return len(lasts) >= 3 and max(lasts) - min(lasts) <= 3 * len(lasts)


def _are_births(values: Values) -> bool:
    """Dates, one a patient, decades before the other dates of the file, or decades apart where there are none."""
    years: list[int] = []
    for n_before, place in enumerate(values.judged.tolist()):
        year = year_in(values.texts[place])
        years += [year] if year is not None else []
        # As soon as too many are no dates the others need no look.
        if n_before + 1 - len(years) > 0.2 * len(values.judged) + 1:
            return False
    known = np.array(years)
    n_patients, constant, _ = values.per_patient
    if len(known) < 0.8 * len(values.judged) or constant < 0.9:
        return False
    if values.year is not None:
        ages = values.year - known
        return bool(np.median(ages) >= 12 and ages.min() >= 0 and ages.max() <= 115)
    return n_patients >= 2 and bool(np.median(known) <= 2008 and np.ptp(known) >= 8)


def _are_old_ages(values: Values) -> bool:
    if not is_of_age(values.header):
        return False
    found = [re.fullmatch(r"([0-9]{1,3})(?:\.[0-9]+)?\s*(?:y|yo|yrs?|years?(?: old)?)?", values.texts[place].lower())
             for place in values.judged]
    return any(match is not None and OLDEST_SHOWN < int(match[1]) <= 125 for match in found)


def _are_postcodes(values: Values) -> bool:
    """Written as only postcodes are; or five digits that patients share as they do a place, and no site."""
    texts = [values.texts[place] for place in values.judged]
    if not values.are_numbers or "-" in "".join(texts):
        return values.share(lambda text: is_postcode(text) or re.fullmatch(r"[0-9]{5}", text) is not None) >= 0.7 and (
            values.share(is_postcode) >= 0.1)
    n_patients, constant, per_patient = values.per_patient
    if is_of_codes(values.header) or n_patients < 5 or constant < 0.9 or not 0.4 <= per_patient <= 1 or len(texts) < 4:
        return False
    if not all(re.fullmatch(r"[0-9]{5}", text) for text in texts):
        return False
    numbers = np.sort(np.array([int(text) for text in texts]))
    return per_patient < 1 or int(np.median(np.diff(numbers))) > 3


def _are_numbers_of_persons(values: Values) -> bool:
    """Long numbers, one a patient and different for each."""
    n_patients, constant, per_patient = values.per_patient
    if n_patients < 3 or constant < 0.95 or per_patient < 0.9 or values.patients is None or is_of_codes(values.header):
        return False
    if count_up([values.texts[place] for place in values.judged]):
        return False
    return values.share(lambda text: _LONG_NUMBER.fullmatch(text) is not None and year_in(text) is None) >= 0.9


def _are_health_numbers(values: Values) -> bool:
    texts = [values.texts[place] for place in values.judged]
    return len(texts) >= 5 and all(re.fullmatch(r"[0-9]{10}", text) and has_check_digit(text) for text in texts)


def _are_sentences(values: Values) -> bool:
    """Several words a cell, hardly ever the same, with the small words of sentences or of great length."""
    texts = [values.texts[place] for place in values.judged]
    n_rows = int(values.rows[values.judged].sum())
    if len(texts) < 3 or len(texts) < 0.5 * min(n_rows, values.per_patient[0]):
        return False
    words = [[word.strip(".,;:!?'()") for word in text.lower().split()] for text in texts]
    lengths = np.array([len(found) for found in words])
    spoken = np.array([bool(_FUNCTION_WORDS & set(found)) for found in words])
    return bool(lengths.mean() >= 8 or (lengths.mean() >= 3.5 and spoken.mean() >= 0.4 and len(texts) >= 5))


def _are_addresses(values: Values) -> bool:
    if values.are_numbers or is_of_places_or_things(values.header):
        return False
    if values.share(lambda text: is_address(text) and not is_of_a_site(text)) >= _A_COLUMN:
        return True
    n_patients, _, per_patient = values.per_patient
    return n_patients >= 5 and per_patient >= 0.7 and values.share(
        lambda text: _NUMBERED_PLACE.fullmatch(text) is not None and not is_of_a_site(text)) >= 0.7


_OF_COLUMNS: tuple[tuple[str, Callable[[Values], bool]], ...] = (
    (BIRTH, _are_births), (AGE, _are_old_ages), (POSTCODE, _are_postcodes), (NATIONAL, _are_health_numbers),
    (NUMBER, _are_numbers_of_persons), (ADDRESS, _are_addresses), (NAME, are_names), (TEXT, _are_sentences),
)
_OF_KEYS = ((NATIONAL, _are_health_numbers), (NAME, are_names), (ADDRESS, _are_addresses))
"""What a column of patient codes is asked: a long number may well be the clinic's own code."""
