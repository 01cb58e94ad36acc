"""What the name of one measurement says: a total or an item of an instrument, as EHRs write it into a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analytics.definitions.instruments import Instrument
from analytics.ingest.fields import Use
from analytics.ingest.headers import score_header
from analytics.ingest.synonyms import squeezed


class Measure(NamedTuple):
    """A total (without item) or one item of an instrument; ``called`` where a person said what a name means."""

    instrument: str
    item: int | None = None
    called: str | None = None

    @property
    def header(self) -> str:
        """The header under which the mapping knows it."""
        if self.called is not None:
            return self.called
        return self.instrument if self.item is None else f"{self.instrument}_q{self.item}"


_ROW_MARK = re.compile(r"^\s*(?:(?:r|row|flo|ip|op|amb|bh|hb)[\s_]+)+", re.IGNORECASE)
"""What an EHR's builders write before the name of a row of a flow sheet."""

_ITEM = re.compile(r"(?<=[\d\s_:,.()#-])(?:q|ques|question|item|itm|no|#)[\s_.#-]*0?(?P<item>[0-9]{1,2})(?![0-9])",
                   re.IGNORECASE)
_BARE_ITEM = re.compile(r"(?<=[0-9])[\s_.:-]+0?(?P<item>[0-9]{1,2})(?=[\s_.:)-]|$)")
_NUMBERED = re.compile(r"(.*?)0?([0-9]{1,2})", re.DOTALL)
_ONLY_ITEMS = frozenset({1, 3, 5, 6, 7})
"""Numbers behind a name of which no scale is called: there are a PHQ-2, -4, -8, -9 and -15."""

_HAS_WORD_FOR_TOTAL = re.compile(r"total|sum\b|score", re.IGNORECASE)

OTHER_MEASURES: dict[str, str] = {
    word: shown for shown, words in {
        "blood pressure": ("bp", "bloodpressure", "nibp", "sbp", "dbp", "systolicbloodpressure",
                           "diastolicbloodpressure", "systolic", "diastolic", "bpsystolic", "bpdiastolic", "map"),
        "pulse": ("pulse", "heartrate", "hr", "pulserate"),
        "oxygen saturation": ("spo2", "o2sat", "oxygensaturation", "pulseoximetry", "sao2", "spo2percent"),
        "respirations": ("resp", "respirations", "respiratoryrate", "rr"),
        "temperature": ("temp", "temperature", "bodytemperature"),
        "weight": ("weight", "bodyweight", "wt", "weightkg"),
        "height": ("height", "bodyheight", "ht"),
        "body mass index": ("bmi", "bodymassindex"),
        "sedation scale": ("rass", "richmondagitationsedationscale", "poss", "ramsay"),
    }.items() for word in words
}
"""Measures of flow sheets that are no score, and the words a note may show for them."""


def measure_of(name: str, aliases: Mapping[str, str], instruments: Mapping[str, Instrument]) -> Measure | None:
    """The total or the item that a name says; missing where it says neither, or says a visit too."""
    bare = _without_its_name_again(_ROW_MARK.sub("", name).strip(), aliases)
    found = score_header(bare, aliases, instruments) if bare else None
    if found is not None and found.visit is None and not found.is_date:
        if found.number is None:
            return Measure(found.key, found.item)
        return _item(found.key, found.number, instruments)
    if (key := _by_words(bare, aliases)) is not None:
        return Measure(key)
    for pattern in (_ITEM, _BARE_ITEM):
        for match in pattern.finditer(bare):
            key = aliases.get(squeezed(bare[:match.start()]))
            if key is not None and not _HAS_WORD_FOR_TOTAL.search(bare[match.end():]):
                return _item(key, int(match["item"]), instruments)
    return None


def _without_its_name_again(name: str, aliases: Mapping[str, str]) -> str:
    """``PHQ-9 (Patient Health Questionnaire) Total`` without what stands in brackets."""
    match = re.fullmatch(r"([^()]+)\(([^()]+)\)(.*)", name)
    if match is None or squeezed(match[2]) not in aliases:
        return name
    is_same = aliases.get(squeezed(match[1])) == aliases[squeezed(match[2])]
    return f"{match[1].strip()} {match[3].strip()}" if is_same else name


def measures_of(
    names: Sequence[str], aliases: Mapping[str, str], instruments: Mapping[str, Instrument]
) -> list[Measure | None]:
    """What the names of one table or form say, judged together.

    ``PHQ 1`` to ``PHQ 9`` are nine items, although the last of them alone would be the name of the PHQ-9; with some
    of them missing nobody can tell, and the last one is not read.
    """
    numbered = measures_by_number(names, aliases, instruments)
    meant = numbered or [None] * len(names)
    numbers: dict[str, set[int]] = {}
    for name in names:
        if match := _NUMBERED.fullmatch(name):
            numbers.setdefault(match[1], set()).add(int(match[2]))
    for place, name in enumerate(names):
        measure = meant[place] or measure_of(name, aliases, instruments)
        match = _NUMBERED.fullmatch(name)
        is_last_of_some = (measure is not None and measure.item is None and match is not None
                           and squeezed(match[1]) in aliases
                           and bool((numbers[match[1]] - {int(match[2])}) & _ONLY_ITEMS))
        meant[place] = None if is_last_of_some else measure
    return meant


def with_said(
    names: Sequence[str], meant: Sequence[Measure | None], said: Mapping[str, Use]
) -> list[Measure | None]:
    """What names mean, those that a person said by their word; names of the same thing share one column."""
    called: dict[str, str] = {}
    for name in names:
        if name in said and said[name].instrument is not None:
            called.setdefault(said[name].words, name)
    result = []
    for name, measure in zip(names, meant, strict=True):
        use = said.get(name)
        if use is not None and (use.instrument is not None or use.field is None):
            measure = None if use.field is None else Measure(use.instrument, use.item, called[use.words])
        elif measure is not None:
            words = measure.instrument if measure.item is None else f"{measure.instrument}.{measure.item}"
            measure = measure._replace(called=called.get(words))
        result.append(measure)
    return result


def measures_by_number(
    names: Sequence[str], aliases: Mapping[str, str], instruments: Mapping[str, Instrument], key: str | None = None
) -> list[Measure | None] | None:
    """Items by the number behind one stem, where every number of the instrument is there once; missing without.

    Parameters
    ----------
    key : the instrument, where it is known; else the stem must name it
    """
    split = [_NUMBERED.fullmatch(name) for name in names]
    meant: list[Measure | None] = [None] * len(names)
    for stem in dict.fromkeys(match[1] for match in split if match):
        numbers = [int(match[2]) if match and match[1] == stem else 0 for match in split]
        own = key or aliases.get(squeezed(stem))
        n_items = instruments[own].n_items if own is not None else 0
        if n_items and all(numbers.count(number) == 1 for number in range(1, n_items + 1)):
            meant = [Measure(own, number) if 1 <= number <= n_items else measure
                     for measure, number in zip(meant, numbers, strict=True)]
    return meant if any(meant) else None


def _item(key: str, number: int, instruments: Mapping[str, Instrument]) -> Measure | None:
    return Measure(key, number) if 1 <= number <= instruments[key].n_items else None


_SCORE = r"(?:total|score|sum|rating|level|scale|nrs|\(?0\s*(?:-|to)\s*10\)?)"


def _by_words(name: str, aliases: Mapping[str, str]) -> str | None:
    """Names in which the word for a score stands in the middle, as ``pain score worst``."""
    words = re.sub(rf"\b{_SCORE}(?=$|[\s:_-])|\(0\s*(?:-|to)\s*10\)", " ", name, flags=re.IGNORECASE)
    return aliases.get(squeezed(words)) if squeezed(words) != squeezed(name) else None


def other_measure(name: str) -> str | None:
    """The plain word for a measure that is known to be no score."""
    return OTHER_MEASURES.get(squeezed(_ROW_MARK.sub("", name)))
