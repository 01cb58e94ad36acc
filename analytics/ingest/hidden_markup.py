"""Which rows of an HTML table a browser or a spreadsheet program would not show."""

from __future__ import annotations

import re
from typing import Any

_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_SIMPLE = re.compile(r"(?:\*|[a-z][a-z0-9]*)?([.#])([\w-]+)", re.IGNORECASE)


def may_hide(content: bytes) -> bool:
    """Whether a page holds any of the words without which nothing in it is hidden."""
    return re.search(rb"hidden|display|visibility", content, re.IGNORECASE) is not None


class Hiding:
    """What a page hides: by attributes, by styles in its elements, and by its rules for one class or one name.

    Rules of several parts, as ``.a .b``, are not followed: a row that only they hide is read like any other.
    """

    def __init__(self, style: str) -> None:
        self._classes: set[str] = set()
        self._names: set[str] = set()
        for rule in _without_comments(style).split("}"):
            selectors, _, body = rule.rpartition("{")
            if _HIDES.search(body):
                for selector in selectors.rpartition("{")[2].split(","):
                    if (match := _SIMPLE.fullmatch(selector.strip())) is not None:
                        (self._classes if match[1] == "." else self._names).add(match[2])

    def hides_row(self, line: Any) -> bool:
        """Whether a row is not shown: itself, what it stands in, or every cell of it."""
        if self._hides(line) or any(map(self._hides, line.iterancestors("tbody", "thead", "tfoot", "table", "div"))):
            return True
        cells = list(line.iterchildren("td", "th"))
        return bool(cells) and all(map(self._hides, cells))

    def _hides(self, element: Any) -> bool:
        if "hidden" in element.attrib or _HIDES.search(element.get("style", "")):
            return True
        return element.get("id") in self._names or not self._classes.isdisjoint(element.get("class", "").split())


def _without_comments(style: str) -> str:
    kept = []
    for place, text in enumerate(style.replace("<!--", "").replace("-->", "").split("/*")):
        kept.append(text.partition("*/")[2] if place else text)
    return "".join(kept)
