"""The letters of a PDF: they come with the libraries, so that a page looks the same everywhere and asks no network."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import as_file, files
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from analytics.reports.plain_text import LONGEST, printable

PLAIN, BOLD = "Vera", "VeraBd"
_MORE = "Arimo"
"""Of the words whose signs the plain letters lack: all of Latin, Greek, Cyrillic and Hebrew."""
_MISSING = "?"
_HEBREW = re.compile("[\u0590-\u05ff](?:[^A-Za-z0-9]*[\u0590-\u05ff])*")
_SIGN = re.compile(".[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]*", re.DOTALL)


@cache
def signs(font: str = PLAIN) -> frozenset[int]:
    """The signs that letters have; loads them."""
    folders = {PLAIN: ("reportlab", "fonts/Vera.ttf"), BOLD: ("reportlab", "fonts/VeraBd.ttf"),
               _MORE: ("fontpkg_arimo", "files/Arimo[wght].ttf")}
    package, name = folders[font]
    with as_file(files(package) / name) as path:
        pdfmetrics.registerFont(TTFont(font, str(path)))
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


def is_lost(text: str) -> bool:
    """Whether a sign of a text is in none of the letters."""
    return any(ord(sign) not in signs() and ord(sign) not in signs(_MORE) for sign in printable(text, LONGEST))


def runs(text: str, font: str = PLAIN, most: int = 4 * LONGEST) -> list[tuple[str, str]]:
    """A text in pieces, each with its letters; a question mark stands for a sign that none has.

    A word is written in one kind of letters. Hebrew is turned around, as it stands on paper.
    """
    found: list[tuple[str, str]] = []
    turned = _HEBREW.sub(_turned, printable(text, most))
    for piece in re.findall(r"\s+|\S+", turned):
        known = signs(font)
        is_plain = all(ord(sign) in known for sign in piece) or not any(ord(sign) in signs(_MORE) - known
                                                                        for sign in piece)
        letters = font if is_plain else _MORE
        shown = "".join(sign if ord(sign) in signs(letters) else _MISSING for sign in piece)
        if found and (found[-1][0] == letters or piece.isspace()):
            found[-1] = (found[-1][0], found[-1][1] + shown)
        else:
            found.append((letters, shown))
    return found


def _turned(found: re.Match[str]) -> str:
    return "".join(reversed(_SIGN.findall(found.group())))


def marked_up(text: str, font: str = PLAIN, most: int = 4 * LONGEST) -> str:
    """A text for a paragraph of a font; every sign of it is escaped."""
    return "".join(escape(shown) if letters == font else f'<font name="{letters}">{escape(shown)}</font>'
                   for letters, shown in runs(text, font, most))


def width_of(text: str, font: str, size: float) -> float:
    """Width of a text on one line, in points."""
    return sum(pdfmetrics.stringWidth(shown, letters, size) for letters, shown in runs(text, font))


def draw(canvas: Any, place: tuple[float, float], text: str, font: str, size: float, anchor: str = "start") -> None:
    """One line of text by its baseline, at its start, middle or end."""
    x, y = place
    x -= {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width_of(text, font, size)
    for letters, shown in runs(text, font):
        canvas.setFont(letters, size)
        canvas.drawString(x, y, shown)
        x += pdfmetrics.stringWidth(shown, letters, size)
