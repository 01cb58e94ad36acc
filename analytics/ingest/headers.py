"""What a header says: a score, one of its items, or a score at a visit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from analytics.definitions.instruments import WITHOUT_LAST_ITEM, Instrument
from analytics.ingest.synonyms import squeezed, timing_of
from analytics.ingest.visits import names_visit

SCORE_WORDS = frozenset({"total", "score", "totalscore", "sum", "tot", "sumscore", "totscore", "scoretotal", "scores",
                         "summe", "summenwert", "summenscore", "gesamt", "gesamtwert", "gesamtscore", "punktwert"})
_ITEM_WORDS = frozenset({"q", "item", "i", "question", "itm"})
_DATE_WORDS = frozenset({"date", "completed", "completedon", "dateofassessment", "assessmentdate", "on", "timestamp",
                         "submitted", "datetime", "dt", "administered"})
_RANGE = re.compile(r"[\s_(\[]*0\s*(?:-|–|to|\.\.)\s*([0-9]+)\s*[)\]]?\s*$", re.IGNORECASE)
_NHANES_ITEM = re.compile(r"dpq0([1-9])0")


@dataclass(frozen=True)
class ScoreHeader:
    """A header that names an instrument.

    Attributes
    ----------
    key : the instrument
    item : one item of it
    visit : the visit, as written
    number : a bare number behind the name, an item or a visit
    stem : the part of the header that named the instrument, letters and digits only
    is_date : whether it is the date of that instrument's assessment
    timing : when it was taken of a day's session, before, during or after
    """

    key: str
    item: int | None = None
    visit: str | None = None
    number: int | None = None
    stem: str = ""
    is_date: bool = False
    timing: str | None = None


def aliases_of(instruments: Mapping[str, Instrument]) -> dict[str, str]:
    """Every squeezed name of every instrument, and its key; a name of two instruments is nobody's.

    The bare name of the PHQ-8 is none: under a header it could be item 8 of the PHQ-9.
    """
    found: dict[str, set[str]] = {}
    for key, instrument in instruments.items():
        bare = () if key in WITHOUT_LAST_ITEM.values() else (key, instrument.title)
        for name in _squeezed_names((*bare, *instrument.aliases)):
            found.setdefault(name, set()).add(key)
    return {name: keys.pop() for name, keys in found.items() if name and len(keys) == 1}


def cell_aliases_of(instruments: Mapping[str, Instrument]) -> dict[str, str]:
    """The names under which the cells of a long file know an instrument: there no name can be that of an item."""
    own = {name: key for key, instrument in instruments.items() for name in _squeezed_names((key, instrument.title))}
    return {**own, **aliases_of(instruments)}


@lru_cache(maxsize=512)
def _squeezed_names(names: tuple[str, ...]) -> frozenset[str]:
    """Names of an instrument, kept: every load asks for those of all instruments many times over."""
    return frozenset(map(squeezed, names))


def score_header(header: str, aliases: Mapping[str, str], instruments: Mapping[str, Instrument]) -> ScoreHeader | None:
    """What a header says about a score; missing where it says nothing of the kind."""
    whole = squeezed(header)
    if whole in aliases:
        return ScoreHeader(aliases[whole], stem=whole)
    if match := _NHANES_ITEM.fullmatch(whole):
        return ScoreHeader("phq9", item=int(match[1]), stem="dpq") if "phq9" in instruments else None
    if match := _RANGE.search(header):
        return _with_range(header[:match.start()], float(match[1]), aliases, instruments)
    return _by_start(header, aliases, instruments) or _by_end(header, aliases)


def timing_in_header(label: str) -> str | None:
    """before, during or after, where a header names an infusion, a session or an injection: pre alone is a visit."""
    word = squeezed(label)
    is_named = word.endswith(("infusion", "session", "injection"))
    return timing_of(word.replace("injection", "infusion")) if is_named else None


def instrument_named(text: str, aliases: Mapping[str, str]) -> str | None:
    """The key of the instrument that a cell of a long file names."""
    whole = squeezed(text)
    for word in ("", *sorted(SCORE_WORDS, key=len, reverse=True)):
        if whole.endswith(word) and (key := aliases.get(whole.removesuffix(word))):
            return key
    return None


def _with_range(
    start: str, highest: float, aliases: Mapping[str, str], instruments: Mapping[str, Instrument]
) -> ScoreHeader | None:
    """A header such as ``PHQ-9 (0-27)``: taken only when the range is the instrument's own."""
    found = score_header(start, aliases, instruments) if squeezed(start) else None
    if found is None or found.item is not None or found.number is not None:
        return None
    return found if instruments[found.key].maximum == highest else None


def _by_start(header: str, aliases: Mapping[str, str], instruments: Mapping[str, Instrument]) -> ScoreHeader | None:
    """The longest name of an instrument that the header starts with, and what stands behind it."""
    for end in range(len(header), 0, -1):
        stem = squeezed(header[:end])
        if stem not in aliases or not _is_boundary(header, end):
            continue
        found = _behind(aliases[stem], stem, header[end:], instruments)
        if found is not None or stem[-1].isdigit():
            # The number of a name is no visit: what stands behind PHQ-9 must not be read as visit 9 of the PHQ.
            return found
    return None


def _is_boundary(header: str, place: int) -> bool:
    """Whether a word ends here: at a separator, between letter and digit, or before a capital."""
    before, after = header[place - 1], header[place]
    if not before.isalnum():
        return False
    if not after.isalnum():
        return True
    return before.isdigit() != after.isdigit() or (before.islower() and after.isupper())


def _behind(key: str, stem: str, rest: str, instruments: Mapping[str, Instrument]) -> ScoreHeader | None:
    tokens = re.findall(r"[^\W\d_]+|[0-9]+", rest.lower())
    kept = [token for token in tokens if token not in SCORE_WORDS]
    has_score_word = len(kept) < len(tokens)
    if not kept:
        return ScoreHeader(key, stem=stem)
    if all(token in _DATE_WORDS for token in kept):
        return ScoreHeader(key, stem=stem, is_date=True)
    n_items = instruments[key].n_items
    if len(kept) == 2 and kept[0] in _ITEM_WORDS and kept[1].isdigit():
        return ScoreHeader(key, item=int(kept[1]), stem=stem) if 1 <= int(kept[1]) <= n_items else None
    if len(kept) == 1 and kept[0].isdigit():
        return None if has_score_word else ScoreHeader(key, number=int(kept[0]), stem=stem)
    label = _label(rest)
    if (timing := timing_in_header(label)) is not None:
        return ScoreHeader(key, stem=stem, timing=timing)
    return ScoreHeader(key, visit=label, stem=stem) if _is_visit(label) else None


def _by_end(header: str, aliases: Mapping[str, str]) -> ScoreHeader | None:
    """A header such as ``baseline_phq9`` or ``Total PHQ-9``."""
    for start in range(1, len(header)):
        stem = squeezed(header[start:])
        if header[start - 1].isalnum() or not header[start].isalnum():
            continue
        key = instrument_named(stem, aliases)
        if key is None:
            continue
        label = _label(header[:start])
        if not label:
            return ScoreHeader(key, stem=stem)
        if (timing := timing_in_header(label)) is not None:
            return ScoreHeader(key, stem=stem, timing=timing)
        return ScoreHeader(key, visit=label, stem=stem) if _is_visit(label) else None
    return None


def _is_visit(label: str) -> bool:
    """Whether a label names a visit and nothing else: scr beside a score could be short for score too."""
    return names_visit(label) and not re.search(r"(?<![^\W_])scr(?![^\W_])", label.lower())


def _label(rest: str) -> str:
    """The visit as written, without the words for a score and the separators around it."""
    pattern = r"(?:^|(?<=[\W_]))(?:" + "|".join(sorted(SCORE_WORDS, key=len, reverse=True)) + r")(?=[\W_]|$)"
    return re.sub(pattern, "", rest, flags=re.IGNORECASE).strip(" _-.:()[]/")
