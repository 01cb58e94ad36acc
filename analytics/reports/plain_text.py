"""Text from files on its way into a document: signs that can be seen, in a length that fits, and nothing that acts."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029]"  # control characters and line breaks of every kind
)
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of what follows them: a name could dress up its neighbours."""
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")

LONGEST = 400
"""Signs of one text in a table; names are never longer in earnest."""


def printable(text: str, most: int | None = None) -> str:
    """A text without signs that cannot be seen or that turn others around; each run of blanks is one space.

    Parameters
    ----------
    most : cut to so many signs, the last one an ellipsis; missing means whole
    """
    seen = _NO_CHARACTER.sub("", _TURNS.sub("", _UNSEEN.sub(" ", text)))
    # The no-break space of a number and its sign stays.
    seen = re.sub("[ \t]+", " ", seen).strip(" ")
    return cut(seen, most) if most is not None else seen


def cut(text: str, most: int) -> str:
    """A text of no more than so many signs."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def fitting(text: str, width: float, height: float, sizes: tuple[float, ...]) -> tuple[str, float]:
    """A text and the largest type in which it fits into a box; cut where it fits in none.

    Parameters
    ----------
    width, height : in points
    sizes : in points, largest first
    """
    for size in sizes:
        if fits(text, width, height, size):
            return text, size
    return cut(text, max(_room(width, height, sizes[-1]), 2)), sizes[-1]


def fits(text: str, width: float, height: float, size: float) -> bool:
    """Whether a text of that size fits into a box; all in points."""
    return len(text) <= _room(width, height, size)


def _room(width: float, height: float, size: float) -> int:
    """Signs that a box holds; a line loses a word's half at its end."""
    lines = int(height // (size * 1.2))
    per_line = width / (size * 0.52)
    return int(lines * per_line - (lines - 1) * 5)
