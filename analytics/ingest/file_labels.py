"""What tells files of one kind apart by their names: a site, a part, a number; never a month or a year."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.ingest.parts import Part
from analytics.ingest.synonyms import route_of, squeezed
from analytics.ingest.visits import names_visit

ALIKE = 0.6
"""Share of headers that two tables of one kind have in common, at least."""

_TOKENS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+|[0-9]+")
_ENDING = re.compile(r"(?<=.)\.(?:csv|tsv|txt|tab|xlsx?|xlsm|ods|html?|xml|parquet|json|ndjson|gz|zip)(?![^\W_])",
                     re.IGNORECASE)
_MONTH = re.compile(
    r"jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|mar(?:ch|s)?|mrz|apr(?:il)?|ma[iy]|june?|juni|july?|juli|aug(?:ust)?|"
    r"sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?")
_DATE_UNITS = frozenset({"q", "quarter", "w", "wk", "week", "h", "half", "month", "year", "fy", "day"})
_SAY_NO_SITE = frozenset({
    "part", "pt", "page", "batch", "file", "old", "new", "archive", "archived", "current", "copy", "export",
    "exported", "version", "v", "final", "first", "second", "third", "latest", "previous", "prev", "all",
    "data", "report", "update", "updated", "legacy", "sheet", "table", "tab", "set", "chunk", "download", "of",
    "and", "the", "session", "sessions", "infusion", "infusions", "score", "scores", "treatment", "treatments",
    "assessment", "assessments", "visits", "log", "list", "induction", "maintenance", "booster", "boosters",
    "active", "inactive", "discharged", "completed", "closed", "open", "corrected", "correction", "corrections",
    "revised", "fixed", "original", "resend", "resent", "backup",
})
"""Words by which files of the same patients are told apart."""


@dataclass(frozen=True)
class Kind:
    """Tables of one kind, and what tells each of them apart; the same words in two names are one label."""

    parts: tuple[Part, ...]
    labels: Mapping[str, str]

    @property
    def is_told_apart(self) -> bool:
        """Whether the names tell at least two groups of tables apart."""
        return len(set(self.labels.values())) > 1


def kinds_of(parts: Sequence[Part]) -> list[Kind]:
    """Tables whose headers are mostly the same, in the order of the first of each kind."""
    groups: list[list[Part]] = []
    headers = {part.name: {squeezed(header) or header for header in part.headers} for part in parts}
    for part in parts:
        mine = headers[part.name]
        group = next((group for group in groups if _alike(mine, headers[group[0].name])), None)
        if group is None:
            groups.append([part])
        else:
            group.append(part)
    return [Kind(tuple(group), _told_apart([part.name for part in group])) for group in groups]


def file_labels(parts: Sequence[Part]) -> dict[str, str | None]:
    """What stands before the patient codes of each table where they are unique within a file only.

    Missing for a table that stands alone of its kind and whose name has none of the words by which the others are
    told apart. Tables of which no two are of one kind are taken to be of one place: what their names share.
    """
    kinds = kinds_of(parts)
    labels: dict[str, str | None] = {name: label for kind in kinds if kind.is_told_apart
                                     for name, label in kind.labels.items()}
    if not labels:
        return dict.fromkeys((part.name for part in parts), _shared_words([part.name for part in parts]))
    known = sorted({*labels.values()} - {None, ""}, key=lambda label: -len(label))
    for part in parts:
        if part.name not in labels:
            words = _words(part.name)
            fitting = [label for label in known if set(label.split()) <= set(words)]
            labels[part.name] = fitting[0] if fitting else None
    return labels


def says_site(labels: Iterable[str], names_of_scales: Collection[str]) -> bool:
    """Whether at least two labels hold a word that is neither a number, a scale, a visit, a route nor a part of one."""
    def is_telling(word: str) -> bool:
        return (len(word) > 1 and not word.isdigit() and word not in _SAY_NO_SITE and word not in names_of_scales
                and not names_visit(word) and route_of(word) is None)

    return len({label for label in labels if any(map(is_telling, label.split())) and not _names_scale(
        label, names_of_scales)}) > 1


def _names_scale(label: str, names_of_scales: Collection[str]) -> bool:
    return squeezed(label) in names_of_scales


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= ALIKE * len(one | other)


def _told_apart(names: Sequence[str]) -> dict[str, str]:
    """The words of each name that are not in all of them."""
    words = {name: _words(name) for name in names}
    shared = set.intersection(*(set(found) for found in words.values()))
    return {name: " ".join(word for word in found if word not in shared) for name, found in words.items()}


def _shared_words(names: Sequence[str]) -> str:
    shared = set.intersection(*(set(_words(name)) for name in names)) if names else set()
    return " ".join(word for word in (_words(names[0]) if names else []) if word in shared and word not in _SAY_NO_SITE)


def _words(name: str) -> list[str]:
    """The words and numbers of a name, each once, without its ending and without what says a time."""
    tokens = [token.lower() for token in _TOKENS.findall(_ENDING.sub(" ", name))]
    is_dated = any(_MONTH.fullmatch(token) or _is_year(token) for token in tokens)
    kept = []
    for place, token in enumerate(tokens):
        is_number = token.isdigit()
        before = tokens[place - 1] if place else ""
        after = tokens[place + 1] if place + 1 < len(tokens) else ""
        is_time = (_MONTH.fullmatch(token) or _is_year(token) or (is_number and (
            len(token) in (6, 8) or before in _DATE_UNITS or (is_dated and len(token) <= 2)))
            or (token in _DATE_UNITS and after.isdigit()))
        if not is_time:
            kept.append(token)
    return list(dict.fromkeys(kept))


def _is_year(token: str) -> bool:
    return re.fullmatch(r"(?:19|20)[0-9]{2}", token) is not None
