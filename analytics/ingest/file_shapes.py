"""The shape of files: which headers their tables have. By it a recipe is found again, whatever the files are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from analytics.definitions.tables import Tables
from analytics.ingest.load import Opened
from analytics.ingest.synonyms import squeezed

Shape = tuple[tuple[str, ...], ...]
"""The headers of every table, as they stand in it; tables with the same headers count once, in a fixed order."""

FOUND_AGAIN = 0.6
"""From this score on a recipe is offered for files."""

ALIKE = 0.75
"""From this likeness of two names on, 0 to 1, a new header may be a renamed one."""

_MOST_NAMES = 400
"""More gone or new headers than this are other files, not renamed columns."""


@dataclass(frozen=True)
class Match:
    """How files fit a recipe.

    Attributes
    ----------
    score : 0 to 1, the share of headers that both have, table by table
    new, gone : headers that only the new files, or only the recipe's have; both hold those of ``renamed`` too
    renamed : pairs of a gone and a new header that look alike; to be asked about, never taken for granted
    """

    score: float
    new: tuple[str, ...]
    gone: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]

    @property
    def is_found_again(self) -> bool:
        """Whether the recipe is for such files."""
        return self.score >= FOUND_AGAIN


def shape_of(read: Tables | Opened) -> Shape:
    """The shape of files, opened or read.

    Of files whose rows are turned into columns while they are read (flow sheets, REDCap) the two differ: compare
    like with like. A recipe keeps the shape of opened files.
    """
    if isinstance(read, Opened):
        return _in_order(part.headers for part in read.parts)
    headers: dict[str, list[str]] = {}
    for use in read.columns:
        headers.setdefault(use.file, []).append(use.column)
    return _in_order(headers.values())


def _in_order(tables: Iterable[Iterable[str]]) -> Shape:
    return tuple(sorted({tuple(headers) for headers in tables}))


def matches(before: Shape, after: Shape) -> Match:
    """How well files of the shape ``after`` fit what was made for ``before``."""
    old, now = _all(before), _all(after)
    gone = tuple(header for header in old if header not in now)
    new = tuple(header for header in now if header not in old)
    return Match(_score(before, after), new, gone, _renamed(gone, new))


def _all(shape: Shape) -> dict[str, None]:
    return dict.fromkeys(header for headers in shape for header in headers)


def _score(before: Shape, after: Shape) -> float:
    """Every table set against the one on the other side that is most like it, weighted by its headers."""
    tables = [{*map(_name, headers)} for headers in before if headers]
    others = [{*map(_name, headers)} for headers in after if headers]
    if not tables or not others:
        return 0.0
    best = [(len(one), max(len(one & other) / len(one | other) for other in against))
            for these, against in ((tables, others), (others, tables)) for one in these]
    return sum(size * score for size, score in best) / sum(size for size, _ in best)


def _name(header: str) -> str:
    return squeezed(header) or header


def _renamed(gone: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The most alike first, each header once. Names with other numbers in them are other columns: week 4, week 8."""
    if max(len(gone), len(new)) > _MOST_NAMES:
        return ()
    pairs = [(-likeness, old, now) for old in gone for now in new if (likeness := _likeness(old, now)) >= ALIKE]
    found: dict[str, str] = {}
    for _, old, now in sorted(pairs):
        if old not in found and now not in found.values():
            found[old] = now
    return tuple((old, found[old]) for old in gone if old in found)


def _likeness(old: str, now: str) -> float:
    if re.findall(r"\d+", old) != re.findall(r"\d+", now):
        return 0.0
    one, other = _name(old), _name(now)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
