"""Rows on their way from files to tables: arrays with one element a row, texts as codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import compress, count
from typing import TypeVar

import numpy as np
import pandas as pd

from analytics.ingest.cells import Cells, are_missing, is_missing

MISSING_ITEM = np.int8(-128)

NO_CODE = -1


class Vocabulary:
    """Texts in the order in which they came, each with a code; one list for all files."""

    def __init__(self) -> None:
        self._code_of: defaultdict[str, int] = defaultdict(count().__next__)

    def __len__(self) -> int:
        return len(self._code_of)

    @property
    def texts(self) -> list[str]:
        """The texts by code."""
        return list(self._code_of)

    def code(self, text: str) -> int:
        """The code of one text, which is learnt if it is new."""
        return self._code_of[text]

    def codes(self, cells: Cells, says_nothing: Callable[[str], bool] = is_missing) -> np.ndarray:
        """A code a row; ``NO_CODE`` where the cell says that there is nothing."""
        nothing = are_missing(cells.texts) if says_nothing is is_missing else [*map(says_nothing, cells.texts)]
        is_said = ~np.array(nothing, dtype=bool)
        said = cells.texts if is_said.all() else [*compress(cells.texts, is_said)]
        each = np.full(len(is_said), NO_CODE, dtype=np.int32)
        each[is_said] = np.fromiter(map(self._code_of.__getitem__, said), np.int32, len(said))
        return cells.spread(each, NO_CODE)

    def in_order(self) -> tuple[list[str], np.ndarray]:
        """The texts sorted, and the new code of every old one (the last element for ``NO_CODE``)."""
        texts = self.texts
        order = sorted(range(len(texts)), key=texts.__getitem__)
        places = np.empty(len(texts) + 1, dtype=np.int32)
        places[order] = np.arange(len(texts), dtype=np.int32)
        places[-1] = NO_CODE
        return [texts[place] for place in order], places


@dataclass(frozen=True)
class Rows:
    """What every kind of row has.

    Attributes
    ----------
    patient, course : codes in the vocabularies; ``NO_CODE`` where there is no course id
    day, date : days from the patient's origin, and from 1970-01-01; ``MISSING`` or ``UNREADABLE`` without
    file, row : which file, and the row in it
    """

    patient: np.ndarray
    course: np.ndarray
    day: np.ndarray
    date: np.ndarray
    file: np.ndarray
    row: np.ndarray

    def __len__(self) -> int:
        return len(self.patient)

    def take(self, chosen: np.ndarray):
        """Some of the rows, by a mask or by positions."""
        return replace(self, **{item.name: _chosen(getattr(self, item.name), chosen) for item in fields(self)})


@dataclass(frozen=True)
class AssessmentRows(Rows):
    """Assessments; ``items`` has one line an item and one column a row, ``MISSING_ITEM`` where unanswered."""

    visit: np.ndarray
    time: np.ndarray
    timing: np.ndarray
    instrument: np.ndarray
    total: np.ndarray
    prorated: np.ndarray
    n_items_missing: np.ndarray
    items: np.ndarray


@dataclass(frozen=True)
class SessionRows(Rows):
    """Sessions; ``columns`` by name of ``tables.SESSIONS``, NaN or ``NO_CODE`` where missing."""

    columns: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class AttributeRows(Rows):
    """Values of one attribute, as codes in its own vocabulary."""

    value: np.ndarray


@dataclass(frozen=True)
class ValueRows(Rows):
    """A whole number that a row gives a patient: the last observed day, or planned sessions."""

    value: np.ndarray


AnyRows = TypeVar("AnyRows", bound=Rows)


def _chosen(part, chosen: np.ndarray):
    if isinstance(part, dict):
        return {name: array[chosen] for name, array in part.items()}
    return part[:, chosen] if part.ndim == 2 else part[chosen]


def joined(blocks: Sequence[AnyRows]) -> AnyRows | None:
    """All blocks as one; missing when there is none."""
    if len(blocks) <= 1:
        return blocks[0] if blocks else None
    return replace(blocks[0], **{item.name: _joined([getattr(block, item.name) for block in blocks],
                                                    [len(block) for block in blocks])
                                 for item in fields(blocks[0])})


def _joined(parts: list, lengths: list[int]):
    if isinstance(parts[0], dict):
        names = dict.fromkeys(name for part in parts for name in part)
        return {name: np.concatenate([part[name] if name in part else _blank_like(name, parts, length)
                                      for part, length in zip(parts, lengths, strict=True)]) for name in names}
    if parts[0].ndim == 2:
        n_items = max(part.shape[0] for part in parts)
        return np.concatenate([_padded(part, n_items) for part in parts], axis=1)
    return np.concatenate(parts)


def _blank_like(name: str, parts: Iterable[dict], length: int) -> np.ndarray:
    kind = next(part[name].dtype for part in parts if name in part)
    return np.full(length, np.nan if kind == np.float64 else NO_CODE, dtype=kind)


def _padded(items: np.ndarray, n_items: int) -> np.ndarray:
    padding = np.full((n_items - items.shape[0], items.shape[1]), MISSING_ITEM, dtype=np.int8)
    return np.concatenate([items, padding]) if len(padding) else items


def present(codes: np.ndarray) -> np.ndarray:
    """The different codes (or row numbers) that occur, ascending; negative ones apart."""
    if not len(codes):
        return np.array([], dtype=np.int64)
    return np.flatnonzero(np.bincount(codes if codes.min() >= 0 else codes[codes >= 0]))


def without(codes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The codes that are not among others."""
    return codes[~np.isin(codes, others, kind="table")] if len(codes) and len(others) else codes


def numbered(key: np.ndarray) -> np.ndarray:
    """0, 1, ... for the different keys in the order in which they come; one element a row."""
    return pd.factorize(key)[0]
