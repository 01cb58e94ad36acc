"""Visits: which words name one, and in which order they come."""

from __future__ import annotations

import re
from collections.abc import Iterable

_GROUPS: tuple[frozenset[str], ...] = (
    frozenset({"screening", "screen", "scr"}),
    frozenset({"baseline", "base", "bl", "pre", "before", "intake", "start", "initial", "admission", "pretreatment",
               "predose", "enrollment", "enrolment", "entry", "pretest"}),
    frozenset(),
    frozenset({"post", "end", "endpoint", "discharge", "after", "final", "exit", "completion", "posttreatment", "eot",
               "last", "termination", "posttest"}),
    frozenset({"followup", "fu", "fup", "follow"}),
)
_NUMBERED = 2
_DAYS_OF_UNIT = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 1 / 1440),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 1 / 24),
    **dict.fromkeys(("d", "day", "days"), 1.0),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 7.0),
    **dict.fromkeys(("mo", "mos", "mth", "month", "months"), 30.4375),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), 365.25),
}
_PLAIN_WORDS = frozenset({"visit", "v", "t", "time", "timepoint", "point", "session", "s", "assessment", "wave", "no",
                          "number", "m", "tp", "infusion", "event"})
_FILLERS = frozenset({"at", "treatment", "visit", "of", "assessment", "up", "the", "score"})
DAY_LIMIT = 36500
"""Days further away than a hundred years are typing errors."""

_DAY_LABEL = re.compile(r"day(?:[\s_-]+(?=-)|[\s_-]*(?=[0-9]))(-?[0-9]{1,5})", re.IGNORECASE)
"""The hyphen of Day-3 is one; that of Day -3, with something before it, is a sign."""

_TOKENS = re.compile(r"[^\W\d_]+|(?:(?<=\s)|^)-?[0-9]+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")

Rank = tuple[int, str | None, float]
"""Group, kind of number (missing without one), number in days or as written."""


def folded(label: str) -> str:
    """A label as it is compared: case and spaces do not matter."""
    return " ".join(label.lower().split())


def day_of_label(label: str) -> int | None:
    """The day of a label that says nothing else, as ``Day 14`` does."""
    match = _DAY_LABEL.fullmatch(label.strip())
    return int(match[1]) if match and abs(int(match[1])) <= DAY_LIMIT else None


def day_from_first_session(label: str) -> int | None:
    """The day of a visit counted from the first session, as its name says it: 28 for week 4, 0 for a baseline.

    Missing where it names no day, as post does, or hours of one.
    """
    day = day_of_label(label)
    rank = _rank(label) if day is None else None
    if rank is None:
        return day
    group, kind, number = rank
    if kind is None:
        return 0 if group < _NUMBERED else None
    is_of_days = kind == "time" and (number == 0 or abs(number) >= 1) and abs(number) <= DAY_LIMIT
    return round(number) if is_of_days else None


def sameness(label: str) -> Rank | str:
    """What labels of one visit share: the same place in the order, or the same words."""
    return _rank(label) or folded(label)


def names_visit(text: str) -> bool:
    """Whether a text is a usual word for a visit, or holds a number with a unit or the word visit."""
    tokens = _tokens(text)
    words = _telling(token for token in tokens if not _is_number(token))
    n_numbers = sum(_is_number(token) for token in tokens)
    if not words or len(tokens) > 4:
        return False
    if any(_group(word) is not None for word in words):
        return all(_group(word) is not None or word in _DAYS_OF_UNIT for word in words)
    return len(words) == 1 and n_numbers == 1 and (words[0] in _DAYS_OF_UNIT or words[0] in _PLAIN_WORDS)


def ordered(labels: Iterable[str]) -> tuple[str, ...] | None:
    """Labels in the order of their visits; missing where their names do not tell it.

    Numbers decide among numbered visits, units converted; otherwise screening, baseline, numbered, post,
    follow-up. Two visits of one rank, or numbers with and without unit, leave the order unknown.
    """
    labels = sorted(labels)
    if len(labels) < 2:
        return tuple(labels)
    ranks = [_rank(label) for label in labels]
    if any(rank is None for rank in ranks):
        return None
    kinds = {(group, kind) for group, kind, _ in ranks if kind is not None}
    if len(kinds) > len({group for group, _ in kinds}):
        return None
    if len({(group, number) for group, _, number in ranks}) < len(ranks):
        return None
    in_order = sorted(zip(ranks, labels, strict=True), key=lambda pair: (pair[0][0], pair[0][2]))
    return tuple(label for _, label in in_order)


def _rank(label: str) -> Rank | None:
    """Group, kind of unit and number of a label; missing where it is not understood."""
    tokens = _tokens(label)
    numbers = [float(token) for token in tokens if _is_number(token)]
    words = _telling(token for token in tokens if not _is_number(token))
    groups = {_group(word) for word in words} - {None}
    if len(numbers) > 1 or len(groups) > 1:
        return None
    rest = [word for word in words if _group(word) is None]
    units = [word for word in rest if word in _DAYS_OF_UNIT]
    plain = [word for word in rest if word not in _DAYS_OF_UNIT]
    if len(units) > 1 or (units and plain) or len(plain) > 1 or (plain and plain[0] not in _PLAIN_WORDS):
        return None
    if not numbers:
        return (groups.pop(), None, 0.0) if groups and not units and not plain else None
    number = numbers[0] * (_DAYS_OF_UNIT[units[0]] if units else 1.0)
    kind = "time" if units else plain[0] if plain else ""
    return (groups.pop() if groups else _NUMBERED), kind, number


def _tokens(text: str) -> list[str]:
    joined = re.sub(r"[\s_(]+arm[\s_]?[0-9]+\)?$", "", folded(text))
    joined = re.sub(r"follow[\s_-]*ups?", " followup ", joined)
    joined = re.sub(r"(pre|post)[\s_-]*(treatment|test|dose)", r" \1 ", joined)
    return _TOKENS.findall(joined.replace("_", " "))


def _telling(words: Iterable[str]) -> list[str]:
    """Words without those that add nothing beside one that names a visit or a unit."""
    words = list(words)
    is_named = any(_group(word) is not None or word in _DAYS_OF_UNIT for word in words)
    return [word for word in words if not (is_named and word in _FILLERS)]


def _is_number(token: str) -> bool:
    return token[-1].isdigit()


def _group(word: str) -> int | None:
    return next((place for place, words in enumerate(_GROUPS) if word in words), None)
