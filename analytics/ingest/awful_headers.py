"""Headers that name an instrument among other words: read where every word is understood, asked about where not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from analytics.definitions.instruments import Instrument
from analytics.ingest.fields import Use
from analytics.ingest.headers import SCORE_WORDS
from analytics.ingest.read import Part
from analytics.ingest.score_values import are_answers, fit_total, hold_answers
from analytics.ingest.visits import names_visit

NOT_NEEDED = ("not to be read", "ignore")

_RANGE = re.compile(r"(?<![\d.])(?P<low>[01])\s*(?:-|–|to|\.\.)\s*(?P<high>[0-9]{1,3})(?![\d/])", re.IGNORECASE)
_TOKENS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+|[0-9]+")
_FILLERS = frozenset({
    "the", "a", "of", "at", "is", "your", "my", "in", "patient", "pt", "client", "self", "report", "reported", "rating",
    "rated", "result", "results", "questionnaire", "scale", "assessment", "points", "pts", "depression", "anxiety",
    "survey", "form", "today", "calculated", "calc", "auto", "computed", "value", "val", "overall", "raw",
    "instrument", "screener", "level", "intensity", "scores", "ttl",
})
_MADE_FROM_SCORES = frozenset({
    "change", "diff", "difference", "delta", "percent", "pct", "improvement", "improved", "response", "responder",
    "remission", "remitter", "severity", "category", "cat", "band", "group", "interpretation", "status", "due", "sent",
    "link", "comment", "comments", "note", "notes", "complete", "flag", "version", "language", "mode", "difficulty",
    "difficult", "impairment", "functional", "goal", "target", "cutoff", "positive", "reason", "missing", "count",
    "mean", "avg", "average", "sd", "slope", "trend", "label", "text", "desc", "description", "by", "id", "time",
})
_WEAK = {"q9": "phq9", "p9": "phq9", "g7": "gad7", "ph9": "phq9", "phq": "phq9", "gad": "gad7", "qids": "qids_sr16"}
"""Shortened names: what they are most likely short for."""

_SCORE_OR_VISIT = frozenset({"scr"})
"""Short for a score, and for screening."""

_GENERAL = frozenset({"pain", "nrs", "vas"})
"""Names that are words of their own: a file called so need not hold that instrument alone."""


@dataclass(frozen=True)
class Proposal:
    """What a column may be: a use, or a question with its choices."""

    use: Use
    choices: tuple[tuple[str, str], ...] = ()
    why: str = ""


@dataclass(frozen=True)
class _Named:
    """The instrument that a header names, and the words around it."""

    key: str
    stem: str
    rest: tuple[str, ...]
    is_weak: bool


def awful_score(
    part: Part, header: str, aliases: Mapping[str, str], instruments: Mapping[str, Instrument]
) -> Proposal | None:
    """What a header says about a score when read loosely; missing where it says nothing of the kind."""
    ranged = _RANGE.search(header)
    bare = header[:ranged.start()] + " " + header[ranged.end():] if ranged else header
    named = _named(bare, aliases, instruments)
    if named is None:
        return None
    if set(named.rest) & _MADE_FROM_SCORES:
        return Proposal(Use(header, None, "its name says that it is made from scores, or says something about them"))
    instrument = instruments[named.key]
    scale = (float(ranged["low"]), float(ranged["high"])) if ranged else None
    own = (instrument.minimum, instrument.maximum)
    if not fit_total(part, header, scale or own):
        return None if named.stem in _GENERAL else Proposal(
            Use(header, None, f"names {instrument.title}, and its values are not within the range"))
    words = [word for word in named.rest if word not in SCORE_WORDS and word not in _FILLERS]
    is_total = len(words) < len(named.rest) or scale == own or not are_answers(part, header, instrument)
    label = _label(bare, words)
    if scale is not None and scale != own:
        return _asked(header, f"The column's name gives a range that is not the one of {instrument.title}",
                      [(f"{instrument.title}, converted from {scale[0]:g} to {scale[1]:g}",
                        _at(f"{named.key}[{scale[0]:g}..{scale[1]:g}]", label))])
    if set(words) & _SCORE_OR_VISIT:
        return _asked(header, "The column's name holds a word that is short for a score and for a visit",
                      [(f"the {instrument.title} total", named.key), *_totals(named.key, words, label, instrument)])
    if named.is_weak or not is_total:
        return _asked(header, f"The column's name could be short for {instrument.title}",
                      [*_totals(named.key, words, label, instrument), *_item(part, header, named, instrument)])
    if not words or label is not None:
        reason = "the words of its name are those of the instrument" + (" and a visit" if label else "")
        return Proposal(Use(header, "total", reason + "; its values are within the range", named.key, visit=label,
                            confidence="likely"))
    return _asked(header, f"The column's name holds {instrument.title} and words with more than one reading",
                  _totals(named.key, words, label, instrument))


def instrument_in(text: str, aliases: Mapping[str, str], instruments: Mapping[str, Instrument]) -> str | None:
    """The one instrument that the name of a table holds; missing where there is none, or a general word alone."""
    named = _named(text, aliases, instruments)
    if named is None or named.is_weak or named.stem in _GENERAL - {"pain"}:
        return None
    again = _named(" ".join(named.rest), aliases, instruments)
    return named.key if again is None or again.key == named.key else None


def _asked(header: str, why: str, choices: list[tuple[str, str]]) -> Proposal:
    return Proposal(Use(header, None, f"{why[0].lower()}{why[1:]}; not guessed", confidence="open", is_told=True),
                    (*dict.fromkeys(choices), NOT_NEEDED), f"{why}; it was not read.")


def _named(header: str, aliases: Mapping[str, str], instruments: Mapping[str, Instrument]) -> _Named | None:
    """The longest name of an instrument that stands among the words of a header."""
    tokens = [part for token in _TOKENS.findall(header) for part in _unglued(token.lower(), aliases)]
    for length in range(min(len(tokens), 6), 0, -1):
        for start in range(len(tokens) - length + 1):
            stem = "".join(tokens[start:start + length])
            rest = (*tokens[:start], *tokens[start + length:])
            if stem in aliases:
                rest = _without_again(rest, aliases[stem], aliases)
                return _Named(aliases[stem], stem, rest, stem in _WEAK and bool(_numbers(rest)))
            if stem in _WEAK and length > 1 and _WEAK[stem] in instruments:
                return _Named(_WEAK[stem], stem, rest, is_weak=True)
    return None


def _without_again(rest: tuple[str, ...], key: str, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """The words beside an instrument without a second name of it: ``Patient Health Questionnaire (PHQ-9)``."""
    for length in (3, 2, 1):
        for start in range(len(rest) - length + 1):
            if aliases.get("".join(rest[start:start + length])) == key:
                return (*rest[:start], *rest[start + length:])
    return rest


@lru_cache(maxsize=8)
def _without_numbers(names: frozenset[str]) -> frozenset[str]:
    return frozenset(re.sub(r"[0-9]+$", "", name) for name in names)


def _unglued(token: str, aliases: Mapping[str, str]) -> list[str]:
    """A token in which a word for a score stands without a gap: ``phqtot`` is two words."""
    known = _without_numbers(frozenset(aliases))
    for word in SCORE_WORDS:
        for one, other in ((token.removesuffix(word), word), (word, token.removeprefix(word))):
            if one + other == token and one and other and {one, other} & known:
                return [one, other]
    return [token]


def _numbers(words) -> list[str]:
    return [word for word in words if word.isdigit()]


def _label(header: str, words: list[str]) -> str | None:
    """The visit that the words beside the instrument name, as written where they stand together."""
    if not words or not names_visit(" ".join(words)):
        return None
    pattern = r"[\s_.-]*".join(map(re.escape, words))
    match = re.search(pattern, header, re.IGNORECASE)
    return match[0] if match else " ".join(words)


def _at(words: str, visit: str | None) -> str:
    return words if visit is None else f"{words}@{visit}"


def _totals(key: str, words: list[str], label: str | None, instrument: Instrument) -> list[tuple[str, str]]:
    """Totals that a header may mean: at the visit it names, at each visit it could name, or at no visit."""
    if label is not None:
        return [(f"the {instrument.title} total at {label}", f"{key}@{label}")]
    choices = [(f"the {instrument.title} total", key)]
    for number in _numbers(words):
        place = words.index(number)
        beside = [f"{word} {number}" for word in words if not word.isdigit() and names_visit(f"{word} {number}")]
        visits = beside or ([number] if place == len(words) - 1 else [])
        choices += [(f"the {instrument.title} total at {visit}", f"{key}@{visit}") for visit in visits]
    return choices


def _item(part: Part, header: str, named: _Named, instrument: Instrument) -> list[tuple[str, str]]:
    """An item, where a shortened name has a number that is one and the values could be answers to it."""
    number = re.search(r"[0-9]+$", named.stem)
    found = int(number[0]) if number else next(map(int, _numbers(named.rest)), 0)
    is_item = 1 <= found <= instrument.n_items and hold_answers(part, [header], instrument)
    return [(f"item {found} of {instrument.title}", f"{named.key}.{found}")] if is_item else []
