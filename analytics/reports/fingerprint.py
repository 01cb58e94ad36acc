"""Fingerprints of files that say which row changed, and nothing of what stands in it.

A hash of one row would give its score away: there are 28 answers to try. So each number here is made of half the rows
of a block, 16 bits of a sum of hashes: fewer bits a row than its score has. Row 37 of a block is in one half of each of
seven pairs of halves; when that row alone changed, the halves that differ spell its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.ingest.parts import Part

BLOCK = 128
FEWEST = 64
"""Of fewer rows the halves would say too much: a file of fewer has one number for all of them."""

_BITS = 7

@dataclass(frozen=True)
class Fingerprint:
    """What is kept of one file: its rows, and the halves of each block.

    Attributes
    ----------
    n_rows : rows that hold a score, a session or an attribute
    halves : 16 bits each; of every block seven pairs of halves, one after the other; of few rows one number
    """

    n_rows: int
    halves: tuple[int, ...]


@dataclass(frozen=True)
class Changed:
    """Rows of a file in which something changed: one row, or somewhere among several.

    Attributes
    ----------
    first, last : rows as a spreadsheet numbers them
    """

    first: int
    last: int


def fingerprints(parts: Iterable[Part]) -> dict[str, Fingerprint]:
    """The fingerprint of each file, by its name."""
    return {name: _fingerprint(sums) for name, sums in _row_sums(parts).items()}


def changed_rows(before: Fingerprint, parts: Iterable[Part], name: str) -> tuple[Changed, ...]:
    """Where a file differs from its fingerprint; empty where it does not, and where rows came or went."""
    sums = _row_sums(parts).get(name)
    if sums is None or len(sums) != before.n_rows:
        return ()
    rows, after = sums.index.to_numpy(), _fingerprint(sums)
    if len(before.halves) != len(after.halves):
        return ()
    if before.n_rows < FEWEST:
        return () if before.halves == after.halves or not len(rows) else (Changed(int(rows[0]), int(rows[-1])),)
    differ = (np.array(before.halves) != np.array(after.halves)).reshape(-1, _BITS, 2)
    block, code = _slots(len(rows))
    return tuple(_changed(differ[one], rows[block == one], code[block == one])
                 for one in np.flatnonzero(differ.any(axis=(1, 2))))


def _changed(differ: np.ndarray, rows: np.ndarray, code: np.ndarray) -> Changed:
    """The one row that the halves spell, or the whole block where several changed."""
    if (differ.sum(axis=1) == 1).all():
        spelled = int((differ[:, 1] << np.arange(_BITS)).sum())
        found = rows[code == spelled]
        if len(found) == 1:
            return Changed(int(found[0]), int(found[0]))
    return Changed(int(rows[0]), int(rows[-1]))


def _slots(n_rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Block and place in it of each row: places are spread, so that every half holds about half of the rows."""
    n_blocks = -(-n_rows // BLOCK)
    slot = np.arange(n_rows) * (n_blocks * BLOCK) // max(n_rows, 1)
    return slot // BLOCK, slot % BLOCK


def _fingerprint(sums: pd.Series) -> Fingerprint:
    hashes, n_rows = sums.to_numpy(np.uint64), len(sums)
    if n_rows < FEWEST:
        return Fingerprint(n_rows, (int(hashes.sum(dtype=np.uint64) & np.uint64(0xFFFF)),))
    block, code = _slots(n_rows)
    halves = np.zeros((int(block[-1]) + 1, _BITS, 2), np.uint64)
    for bit in range(_BITS):
        np.add.at(halves, (block, bit, code >> bit & 1), hashes)
    return Fingerprint(n_rows, tuple(int(one) for one in (halves & np.uint64(0xFFFF)).ravel()))


def _row_sums(parts: Iterable[Part]) -> dict[str, pd.Series]:
    """By file: a hash of what each row holds, read or not, by the row's number, ascending."""
    found: dict[str, pd.Series] = {}
    for part in parts:
        total = np.zeros(len(part.rows), np.uint64)
        for header, cells in zip(part.headers, part.cells, strict=True):
            hashes = pd.util.hash_array(np.array([*cells.texts, ""], dtype=object))
            # Folded first, so that a text in another column is another number; blank is nothing.
            mixed = (hashes ^ (hashes >> np.uint64(29))) * np.uint64(2 * (_number_of(header) % 2**62) + 1)
            mixed[-1] = 0
            total += mixed[cells.codes]
        found[part.name] = pd.Series(total, index=part.rows).sort_index()
    return found


def _number_of(name: str) -> int:
    """A number for a name, the same on every machine."""
    return int(pd.util.hash_array(np.array([name], dtype=object))[0])
