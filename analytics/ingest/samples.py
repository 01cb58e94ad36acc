"""What stands in a column, for the person who checks the mapping: never a value that could be one patient's."""

from __future__ import annotations

import re
from string import ascii_letters, digits

import numpy as np

from analytics.ingest.cells import Cells, is_missing, number_in
from analytics.ingest.fields import Use

LOOKED_AT = 5000
"""Rows from the top that are looked at."""

_OFTEN = 5
"""A text that stands in fewer rows than this could point to a patient."""

_MOST_WORDS = 4
_LONGEST_WORD = 40
_CODES = frozenset({"patient_id", "course_id"})
_SIGNS = str.maketrans(ascii_letters + digits, "A" * len(ascii_letters) + "9" * len(digits))


def sample_of(cells: Cells, use: Use, *, is_identifier: bool = False) -> str:
    """A few words on what a column holds.

    Numbers give their range, words that stand in many rows are quoted, and everything else shows its pattern
    alone (a letter as A, a digit as 9).
    """
    if is_identifier:
        return "not shown"
    head = cells.head(LOOKED_AT)
    rows = np.bincount(head.codes[head.codes >= 0], minlength=len(head.texts))
    filled = [(text, int(n)) for text, n in zip(head.texts, rows, strict=True) if not is_missing(text)]
    if not filled:
        return "empty"
    if use.field in _CODES:
        return _patterns(filled)
    numbers = [number for text, _ in filled if (number := number_in(text)) is not None]
    if len(numbers) == len(filled):
        return f"{min(numbers):g} to {max(numbers):g}" if len(numbers) > 1 else f"{numbers[0]:g}"
    often = [text for text, n in sorted(filled, key=lambda one: -one[1])
             if n >= _OFTEN and len(text) <= _LONGEST_WORD and len(re.findall(r"[0-9]", text)) <= 4]
    if often and len(filled) <= 30:
        more = len(filled) - min(len(often), _MOST_WORDS)
        return ", ".join(often[:_MOST_WORDS]) + (f" and {more} more" if more else "")
    return _patterns(filled)


def _patterns(filled: list[tuple[str, int]]) -> str:
    """The commonest patterns of texts."""
    counts: dict[str, int] = {}
    for text, n in filled:
        pattern = text.translate(_SIGNS) if text.isascii() else re.sub(r"[0-9]", "9", re.sub(r"[^\W\d_]", "A", text))
        counts[pattern if len(pattern) <= _LONGEST_WORD else "long texts"] = counts.get(pattern, 0) + n
    best = sorted(counts, key=lambda pattern: (-counts[pattern], pattern))[:2]
    return "like " + " or ".join(best)
