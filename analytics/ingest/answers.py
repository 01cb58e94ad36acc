"""What a score or an answer says where it is no bare number: phrases, and numbers among words."""

from __future__ import annotations

import re
from functools import lru_cache

from analytics.definitions.instruments import Instrument
from analytics.ingest.cells import number_in
from analytics.ingest.dates import date_text
from analytics.ingest.synonyms import squeezed

Said = tuple[float | None, str]
"""The number a text says, or none, and the code of a finding about it, which may be empty."""

_LOINC = re.compile(r"LA[0-9]{3,6}-[0-9]", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-z]*\.?"
_DAMAGED = re.compile(rf"[0-9]{{1,2}}\.?[\s-]?{_MONTH}|{_MONTH}[\s-]?[0-9]{{1,2}}", re.IGNORECASE)
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})")
_NUMBER = r"[+-]?[0-9]+(?:[.,][0-9]+)?"
_DECIMALS = r"[0-9]+(?:[.,][0-9]+)?"
_BAND = re.compile(rf"{_DECIMALS}\s*(?:-|–|—|to|bis|\.\.)\s*{_DECIMALS}|[<>≤≥]=?\s*[0-9]+|[0-9]+\s*\+", re.IGNORECASE)
_OF_MAXIMUM = re.compile(rf"(?<![0-9/])({_NUMBER})\s*(?:/|out of|of|von)\s*({_NUMBER})(?![0-9/])", re.IGNORECASE)
_LONGEST = 200
"""Characters up to which a cell is looked at: longer ones are stories."""

_SCORE_WORDS = frozenset({
    "score", "scores", "total", "sum", "raw", "result", "points", "point", "pts", "pt", "punkte", "severity", "severe",
    "moderate", "moderately", "mild", "mildly", "minimal", "none", "normal", "low", "high", "little", "very", "extreme",
    "no", "depression", "depressive", "depressed", "anxiety", "anxious", "pain", "symptoms", "range", "level", "worst",
    "average", "least", "is", "mm",
})
"""Words that may stand beside a score without changing which number it is."""


def is_excel_date(text: str) -> bool:
    """Whether a text is what a spreadsheet makes of a range such as 5-9: a day and a month, or a whole date."""
    if _DAMAGED.fullmatch(text):
        return True
    if match := _SLASHED.fullmatch(text):
        one, other = int(match[1]), int(match[2])
        return 1 <= one <= 31 and 1 <= other <= 31 and min(one, other) <= 12
    found = date_text(text)
    return found is not None and bool(found.readings) and not text.isdigit()


def is_band(text: str) -> bool:
    """Whether a text is a range of numbers, open or closed."""
    return _BAND.fullmatch(text) is not None


@lru_cache(maxsize=32)
def _phrases(answers: tuple[tuple[str, ...], ...], lowest: int) -> dict[str, int]:
    return {squeezed(phrase): number for number, phrases in enumerate(answers, start=lowest) for phrase in phrases}


def answer_in(text: str, instrument: Instrument) -> Said:
    """The answer to an item that a phrase says, with or without its number; both must say the same."""
    if len(text) > _LONGEST:
        return None, "not_a_number"
    phrases = _phrases(instrument.answers, instrument.item_minimum)
    numbers = [phrases.get(squeezed(code)) for code in _LOINC.findall(text)]
    rest = _LOINC.sub(" ", text)
    numbers += [int(number) for number in re.findall(r"[0-9]+", rest)]
    words = squeezed(re.sub(r"[0-9]+", " ", rest))
    if words:
        numbers.append(phrases.get(words))
    if (words and words in phrases) or (not words and numbers and _LOINC.search(text)):
        said = set(numbers)
        return (float(said.pop()), "") if len(said) == 1 and None not in said else (None, "answer_unclear")
    return None, "excel_date_damage" if is_excel_date(text) else "not_a_number"


def score_in(text: str, instrument: Instrument, maximum: float) -> Said:
    """The score among words, where exactly one number can be it.

    Parameters
    ----------
    maximum : the highest score of the range the file uses: ``14/27`` is 14 only where that is 27
    """
    if len(text) > _LONGEST:
        return None, "not_a_number"
    bare = _without_name(text, instrument)
    if match := _OF_MAXIMUM.search(bare):
        if number_in(match[2]) == maximum:
            bare = bare[:match.start()] + match[1] + bare[match.end():]
        elif not is_excel_date(bare.strip()):
            return None, "not_a_number"
    if is_excel_date(bare.strip()):
        return None, "excel_date_damage"
    words = re.findall(r"[^\W\d_]+", _BAND.sub(" ", bare).lower())
    is_known = all(word in _known_words(instrument) for word in words)
    if _BAND.search(bare) and is_known:
        return None, "band_not_score"
    numbers = re.findall(rf"(?<![\w.,]){_NUMBER}(?![\w.,]*[0-9])", bare)
    left = re.sub(rf"{_NUMBER}|[^\W\d_]+|[\s()\[\]:=,;.*-]", "", bare)
    if len(numbers) != 1 or len(re.findall(r"[0-9]+(?:[.,][0-9]+)?", bare)) != 1 or not is_known or left not in (
            "", "%" if maximum == 100 else ""):
        return None, "not_a_number"
    number = number_in(numbers[0])
    return number, "not_a_number" if number is None else "number_in_text"


@lru_cache(maxsize=64)
def _known_words(instrument: Instrument) -> frozenset[str]:
    return _SCORE_WORDS.union(word for band in instrument.bands for word in band.label.lower().split())


def _without_name(text: str, instrument: Instrument) -> str:
    """A text without the instrument's own name, which may hold a number."""
    names = sorted({squeezed(name) for name in (instrument.key, instrument.title, *instrument.aliases)}, key=len)
    for name in reversed(names):
        pattern = r"(?<![^\W_])" + r"[\W_]*".join(map(re.escape, name)) + r"(?![^\W_])"
        if match := re.search(pattern, text, re.IGNORECASE):
            return text[:match.start()] + " " + text[match.end():]
    return text
