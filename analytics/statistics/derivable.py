"""Whether sums and differences of told counts give away a count that is too small to be told."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analytics.statistics.small_sets import Combinations, has_small_set

_NEAR = 1e-7
"""Closer than this to 0 is 0: the tables are of zeros and ones, and few rows are combined."""

MOST_CELLS = 500_000
"""Tables with more told sets times atoms are judged by their atoms alone: each empty or of the threshold."""

_FINE = 2**20
"""Columns that differ by less than one part of so many are alike."""

_BLOCK = 64
"""So many columns are looked through for a pivot at a time."""


def is_small_derivable(rows: np.ndarray, sizes: np.ndarray, threshold: int, absent: np.ndarray | None = None) -> bool:
    """Whether some set of 1 to ``threshold`` - 1 follows from the sizes of told sets by adding and subtracting.

    Parameters
    ----------
    rows : array, one row a told set, one column an atom: what every told set holds whole (1) or not at all (0)
    sizes : array of int, how many each atom holds; 0 for an atom that is empty without the reader knowing it
    threshold : the smallest size that may be told
    absent : array of bool; only sets without these atoms are looked for

    A set follows if its indicator is a combination of the rows. An atom of at least the threshold cannot be in a small
    set, so only combinations that vanish on all of those are looked at; usually there is none. Where the search takes
    too many steps the answer is yes: nothing is told that was not shown to be safe. The clock has no part in it.
    """
    places = np.zeros((1, len(sizes)), dtype=bool) if absent is None else np.asarray(absent, dtype=bool)[None, :]
    return is_small_derivable_apart(np.asarray(rows), np.asarray(sizes), threshold, places)


def is_small_derivable_apart(rows: np.ndarray, sizes: np.ndarray, threshold: int, places: np.ndarray) -> bool:
    """Whether such a set follows that is absent from at least one of the places.

    Parameters
    ----------
    places : array of bool, places by atoms: where an atom is; a place without any is one that all sets are absent from
    """
    counts = sizes > 0
    # Over the atoms that hold somebody there is less to look through, and what is a set is one there, too.
    return _is_found(rows[:, counts], sizes[counts], threshold, places[:, counts]) and (
        bool(counts.all()) or _is_found(rows, sizes, threshold, places))


def _is_found(rows: np.ndarray, sizes: np.ndarray, threshold: int, places: np.ndarray) -> bool:
    if rows.size > MOST_CELLS:
        return bool(((sizes > 0) & (sizes < threshold)).any())
    found = _combinations(rows, sizes, threshold, places)
    return any(has_small_set(one, threshold) for one in _parts(found))


def _combinations(rows: np.ndarray, sizes: np.ndarray, threshold: int, places: np.ndarray) -> Combinations:
    """Combinations of told sets that vanish on every atom of the threshold or more."""
    first, kind = alike(rows)
    sizes = np.bincount(kind, sizes, len(first)).astype(np.int64)
    # Atoms in the same told sets are in a set together, so a set is where any of them is.
    spread = np.zeros((len(places), len(first)), dtype=bool)
    place, atom = np.nonzero(places)
    spread[place, kind[atom]] = True
    gone = sizes >= threshold
    order = np.argsort(np.where(gone, -np.inf, -sizes), kind="stable")
    table, n_gone = rows[:, first[order]].astype(float), int(gone.sum())
    basis, pivots = echelon(table[alike(table.T)[0]], n_gone)
    kept = order[n_gone:]
    return Combinations(basis, sizes[kept], pivots, spread[:, kept])


def _parts(whole: Combinations) -> Iterator[Combinations]:
    """Those that have no atom in common apart: a set follows from one of the parts, or from none."""
    is_held = np.abs(whole.rows) > _NEAR
    part_of = connected(is_held.T)
    for part in range(int(part_of.max(initial=-1)) + 1):
        inside = np.flatnonzero(part_of == part)
        kept = is_held[inside].any(axis=0)
        yield Combinations(whole.rows[inside][:, kept], whole.sizes[kept], (np.cumsum(kept) - 1)[whole.pivots[inside]],
                           whole.places[:, kept])


def connected(table: np.ndarray) -> np.ndarray:
    """By column, the number of those that it hangs together with by rows that hold two of them; from 0 on."""
    held = csr_array((np.abs(table) > _NEAR).astype(np.float32))
    return connected_components(held.T @ held, directed=False)[1]


def alike(table: np.ndarray, fine: int = _FINE) -> tuple[np.ndarray, np.ndarray]:
    """The first of each kind of column, and the kind of every column; whole numbers need no ``fine`` parts."""
    # A random word a row, summed: two columns that differ share a sum once in 2 ** 64.
    words = np.random.default_rng(0).integers(1, 2**63, len(table), dtype=np.uint64)
    codes = words @ np.rint(table * fine).astype(np.int64).astype(np.uint64)
    _, first, place = np.unique(codes, return_index=True, return_inverse=True)
    return first, place.ravel()


def echelon(rows: np.ndarray, n_gone: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A reduced basis of the combinations that are 0 on the first columns, over the others, and its pivots there.

    In reduced echelon form the rows with a later pivot are 0 on all of the first columns.
    """
    table, pivots, row = rows.astype(float), [], 0
    for start in range(0, table.shape[1], _BLOCK):
        while row < len(table):
            ahead = np.abs(table[row:, start:start + _BLOCK])
            nonzero = np.flatnonzero(ahead.max(axis=0) > _NEAR)
            if not len(nonzero):
                break
            column = start + int(nonzero[0])
            _clear(table, row, row + int(np.argmax(ahead[:, nonzero[0]])), column, column < n_gone)
            pivots.append(column)
            row += 1
    places = np.array(pivots, dtype=int)
    return table[:row][places >= n_gone][:, n_gone:], places[places >= n_gone] - n_gone


def _clear(table: np.ndarray, row: int, best: int, column: int, is_gone: bool) -> None:
    """Makes one row the only one with a number in a column."""
    table[[row, best]] = table[[best, row]]
    table[row] /= table[row, column]
    # Rows above are of no use while their pivot is to vanish.
    others = np.flatnonzero(np.abs(table[:, column]) > _NEAR)
    others = others[(others > row) if is_gone else (others != row)]
    held = np.flatnonzero(table[row])
    table[np.ix_(others, held)] -= np.outer(table[others, column], table[row, held])
    table[others, column] = 0
