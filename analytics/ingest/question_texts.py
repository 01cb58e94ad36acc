"""Items told by the words of their question, where a file has whole questions as headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analytics.definitions.instruments import Instrument

_FEWEST_WORDS = 2
"""Single words are names of many things: a header is a question from two words on."""

_FEWEST_ITEMS = 3
_PART_OF_A_SET = 0.5
"""Questions of one instrument found in a table from which on they are taken for its items, in number and share."""

_SHORTEST_CUT = 3
"""Letters of a last word that an export has cut off by which the word can still be told."""

_ITEMS: dict[str, tuple[str, ...]] = {
    "phq9": (
        "interest pleasure|pleasure doing", "down depress|depress hopeless|down hopeless",
        "falling asleep|staying asleep|trouble sleeping|trouble falling", "tired energy|tired little|feeling tired",
        "appetite overeat|poor appetite", "bad yourself|yourself failure|bad about|are failure",
        "concentrat things|concentrat newspaper|concentrat read|trouble concentrat",
        "moving slow|speaking slow|moving speaking|fidgety restless",
        "better dead|hurting yourself|off dead|thoughts would"),
    "gad7": (
        "nervous anxious|nervous edge", "stop worry|control worry|able stop",
        "worry too|worry different|too much worry", "trouble relax", "restless sit|so restless -fidgety|hard sit",
        "annoy irritable|easily annoy|easily irritable", "afraid awful|feeling afraid|something awful"),
    "who5": (
        "cheerful spirits|felt cheerful", "calm relaxed|felt calm", "active vigorous|felt active",
        "woke fresh|wake fresh|woke rested|fresh rested", "daily life|filled interest"),
    "peg": ("pain average|average pain", "interfere enjoyment|enjoyment life", "interfere activity|general activity"),
    "wsas": (
        "ability work|impair work", "home manage", "social leisure", "private leisure",
        "close relationship|form maintain"),
    "qids_sr16": (
        "falling asleep", "sleep during night", "waking early", "sleeping too much", "feeling sad",
        "decreased appetite", "increased appetite", "decreased weight", "increased weight", "concentration decision",
        "view myself", "thoughts death", "general interest", "energy level", "slowed down", "feeling restless"),
}
"""Words by which each item is told: alternatives between bars, each a set of beginnings of words, a minus
before those that must not be there; the texts themselves are their owners'."""

_BEGINNINGS = frozenset(
    stem.lstrip("-")[:_SHORTEST_CUT] for items in _ITEMS.values() for item in items for stem in re.split(r"[ |]", item))
"""First letters of all these words: a header without two of them asks no item."""


@dataclass(frozen=True)
class Question:
    """The item that a header asks.

    Attributes
    ----------
    is_whole_set : whether every item of the instrument is asked once, in its own order
    """

    key: str
    item: int
    is_whole_set: bool


Matched = Mapping[str, Mapping[str, int]]
"""Header -> instrument -> the item whose words it holds."""


def matched_words(headers: Iterable[str]) -> Matched:
    """Which headers hold the words of an item, each by itself."""
    return {header: found for header in headers if (found := _matches(header))}


def questions(matched: Matched, instruments: Mapping[str, Instrument]) -> dict[str, Question]:
    """The headers of a table that ask an item, judged together: a single question may be any form's."""
    found: dict[str, Question] = {}
    for key in sorted(_ITEMS, key=lambda key: -_strength(key, matched)):
        name = _known_as(key, matched, instruments)
        if name is None:
            continue
        items = {header: of_header[key] for header, of_header in matched.items()
                 if key in of_header and header not in found}
        numbers = list(items.values())
        n_items = instruments[name].n_items
        if len(set(numbers)) < len(numbers) or max(numbers, default=0) > n_items:
            continue
        if len(numbers) < max(_FEWEST_ITEMS, _PART_OF_A_SET * n_items):
            continue
        is_whole = numbers == list(range(1, n_items + 1))
        found.update({header: Question(name, item, is_whole) for header, item in items.items()})
    return found


def asked_twice(matched: Matched, instruments: Mapping[str, Instrument]) -> dict[str, tuple[str, int]]:
    """Headers that ask an item which another header asks too, so that neither can be told from the other."""
    asked: dict[tuple[str, int], list[str]] = {}
    for header, of_header in matched.items():
        for key, item in of_header.items():
            if key in instruments:
                asked.setdefault((key, item), []).append(header)
    n_twice = {key: sum(len(twice) > 1 for (other, _), twice in asked.items() if other == key) for key, _ in asked}
    return {header: place for place, twice in asked.items() if len(twice) > 1 and n_twice[place[0]] >= _FEWEST_ITEMS
            for header in twice}


def _known_as(key: str, matched: Matched, instruments: Mapping[str, Instrument]) -> str | None:
    """The instrument whose items these are; the first eight of the PHQ-9 alone are a PHQ-8, where that is known."""
    items = {found[key] for found in matched.values() if key in found}
    if key == "phq9" and items == set(range(1, 9)) and "phq8" in instruments and instruments["phq8"].n_items == 8:
        return "phq8"
    return key if key in instruments and instruments[key].n_items == len(_ITEMS[key]) else None


def _strength(key: str, matched: Matched) -> float:
    """Share of an instrument's items that are asked: of two with a question in common the fuller one has it."""
    return len({found[key] for found in matched.values() if key in found}) / len(_ITEMS[key])


def _matches(header: str) -> dict[str, int]:
    """The one item of each instrument whose words a header holds."""
    words = re.findall(r"[^\W\d_]+", header.lower())
    if len({word[:_SHORTEST_CUT] for word in words} & _BEGINNINGS) < _FEWEST_WORDS:
        return {}
    found = {}
    for key, items in _ITEMS.items():
        hits = {item: max(scores) for item, alternatives in enumerate(items, start=1)
                if (scores := [len(stems.split()) for stems in alternatives.split("|") if _holds(words, stems)])}
        best = [item for item, score in hits.items() if score == max(hits.values())]
        if len(best) == 1:
            found[key] = best[0]
    return found


def _holds(words: list[str], stems: str) -> bool:
    return all(_has(words, stem) if not stem.startswith("-") else not _has(words, stem[1:]) for stem in stems.split())


def _has(words: list[str], stem: str) -> bool:
    """Whether a word begins so, or the last one is the beginning of it, cut off."""
    is_cut = len(words[-1]) >= _SHORTEST_CUT and stem.startswith(words[-1])
    return is_cut or any(word.startswith(stem) for word in words)
