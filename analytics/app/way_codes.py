"""The old way of counting as one word of the view and of its address: five answers, and the order of the steps.

``patients.first.last_ever.left_out.any.wbals``: the answers of ``Way.code``, then the first letters of the questions in
the order in which our rules take their places. In an address a visit is named by its place, never by its label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from analytics.definitions.old_ways import QUESTIONS, VISIT, Question, Way, visit_answers, way_from

_LETTERS: dict[str, Question] = {question[0]: question for question in QUESTIONS}
_AT = "at-"


def code_of(way: Way, order: Sequence[Question] = QUESTIONS) -> str:
    """The word of a way and an order of its steps."""
    return f"{way.code}.{''.join(question[0] for question in order)}"


def way_and_order(code: str) -> tuple[Way, tuple[Question, ...]]:
    """The way of a word, and the order of its steps.

    Raises
    ------
    ValueError
        When the word is none, or names a question not exactly once.
    """
    answers, _, letters = code.rpartition(".")
    if sorted(letters) != sorted(_LETTERS):
        raise ValueError("An order of the five questions, each once, was needed; something else came.")
    return way_from(answers), tuple(_LETTERS[letter] for letter in letters)


def encoded(code: str, visits: Sequence[str]) -> str:
    """The word as an address holds it. Raises ValueError where it is none, or names a visit that is not there."""
    if not code:
        return ""
    way, order = way_and_order(code)
    if not way.after.startswith(VISIT):
        return code_of(way, order)
    known = list(visit_answers(visits))
    if way.after not in known:
        raise ValueError("A visit of this dataset was needed; another came.")
    parts = code_of(way, order).split(".")
    return ".".join((*parts[:2], f"{_AT}{known.index(way.after)}", *parts[3:]))


def decoded(text: str, visits: Sequence[str]) -> str:
    """The word of what an address holds. Raises ValueError where that is none."""
    if not text:
        return ""
    parts = text.split(".")
    found = re.fullmatch(f"{_AT}(0|[1-9][0-9]{{0,5}})", parts[2]) if len(parts) > 2 else None
    if found is not None:
        known = list(visit_answers(visits))
        if int(found[1]) >= len(known):
            raise ValueError("A visit of this dataset was needed; another came.")
        parts[2] = known[int(found[1])]
    elif len(parts) > 2 and parts[2].startswith(VISIT):
        raise ValueError("A visit stands in an address by its place; a label came.")
    code = ".".join(parts)
    way_and_order(code)
    return code
