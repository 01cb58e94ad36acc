"""Whether a column holds names of persons: patients, each with their own, or a few clinicians over and over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analytics.ingest.identifiers import is_of_persons, is_of_places_or_things
from analytics.ingest.ordinary_words import is_ordinary
from analytics.ingest.person_names import GIVEN, SURNAMES, evidence, folded, has_title, name_words

if TYPE_CHECKING:
    from analytics.ingest.identifier_values import Values

_LISTED = GIVEN | SURNAMES
_ALONE = 10
"""So many patients, each with a capitalised word of their own, make names of lone words that no list knows."""

_A_FEW = 7
"""So many do where no word is one of the language."""


def are_names(values: Values) -> bool:
    """Titles, listed names in many cells, or capitalised words of no other meaning.

    The latter where they differ for every patient, or where they have the make of names and share no word.
    """
    if values.are_numbers or values.is_labels or is_of_places_or_things(values.header):
        return False
    texts = [values.texts[place] for place in values.judged]
    if values.is_key:
        texts = [re.sub(r"[\d_-]+$", "", text) for text in texts]
    if sum(map(has_title, texts)) >= 0.2 * len(texts):
        return True
    kinds = [_kind(text) for text in texts]
    said = Counter(kinds)
    share = {what: said[what] / len(texts) for what in ("sure", "word", "shape", "lone", "plain")}
    like = share["sure"] + share["shape"] + share["word"] + share["lone"]
    n_patients, _, per_patient = values.per_patient
    is_rare = n_patients >= 5 and per_patient >= 0.75
    if share["sure"] >= 0.3 and like + is_rare * share["plain"] >= 0.6:
        return True
    if is_of_persons(values.header) and not values.is_key and len(set(map(folded, texts))) >= 2:
        return like >= 0.8 or (like >= 0.6 and said["sure"] + said["word"] > 0)
    if _are_listed(said, share) or (is_rare and _are_of_patients(values, texts, said, share)):
        return True
    return not values.is_key and _are_repeated(texts, kinds)


def _kind(text: str) -> str:
    """The evidence for a name in a text, none where a word beside the given name is one of places, as in Ann Arbor."""
    kind = evidence(text)
    if kind == "sure" and any(is_ordinary(word) and word not in _LISTED for word in name_words(text)):
        return ""
    return kind


def _are_listed(said: Counter, share: dict[str, float]) -> bool:
    """Whether enough of the texts hold names that are known as such, wherever they stand."""
    return (share["sure"] >= 0.2 and share["sure"] + share["shape"] >= 0.9) or (
        said["word"] >= 2 and share["sure"] + share["word"] >= 0.5)


def _are_of_patients(values: Values, texts: Sequence[str], said: Counter, share: dict[str, float]) -> bool:
    """Whether texts of which nearly every patient has one of their own have the look of names."""
    listed, full = share["sure"] + share["word"], share["sure"] + share["shape"]
    like = full + share["word"] + share["lone"]
    if listed >= 0.2 and like >= 0.8:
        return True
    if said["sure"] >= 2 and share["sure"] >= 0.15 and like + share["plain"] >= 0.9:
        return True
    if values.is_key:
        return False
    n_patients, _, per_patient = values.per_patient
    n_least = _ALONE if any(is_ordinary(word) for text in texts for word in name_words(text)) else _A_FEW
    return full >= 0.8 or (n_patients >= n_least and per_patient >= 0.95 and like >= 0.9)


def _are_repeated(texts: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether a few texts are the names of staff although no list knows them.

    Sites, treatments and answers share words ("North Clinic", "South Clinic"), or have one of the language; people
    hardly ever do. One text alone has nothing to be compared with: it must have an initial.
    """
    named = [name_words(text) for text, kind in zip(texts, kinds, strict=True) if kind in ("sure", "shape")]
    if len(named) < 0.9 * len(texts) or any(is_ordinary(word) for words in named for word in words):
        return False
    words = [word for found in named for word in set(found) if len(word) > 1]
    if len(texts) == 1:
        return _has_initial(named[0])
    n_initials = sum(map(_has_initial, named))
    return len(set(words)) >= 0.8 * len(words) and (n_initials > 0 or all(map(_can_be_said, words)))


def _has_initial(words: Sequence[str]) -> bool:
    return len(words) >= 2 and any(len(word) == 1 for word in words) and any(len(word) >= 3 for word in words)


def _can_be_said(word: str) -> bool:
    """Whether a word is no abbreviation: it has a vowel."""
    return re.search("[aeiouy]", word) is not None or not word.isascii()
