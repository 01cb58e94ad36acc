"""Whether sums and differences of told counts give away a count that is too small to be told."""

from __future__ import annotations

import numpy as np

_NEAR = 1e-7
"""Closer than this to 0 or 1 is 0 or 1: the tables are of zeros and ones, and few rows are combined."""

MOST_TRIED = 4_000
"""Up to so many combinations at a time are tried; of more, integer programming looks for one."""

_SECONDS = 0.5
_NODES = 50
"""Where integer programming stops; what it has not shown by then is not told."""


def is_small_derivable(rows: np.ndarray, sizes: np.ndarray, threshold: int, absent: np.ndarray | None = None) -> bool:
    """Whether some set of 1 to ``threshold`` - 1 follows from the sizes of told sets by adding and subtracting.

    Parameters
    ----------
    rows : array of bool, one row a told set, one column an atom: what every told set holds whole or not at all
    sizes : array of int, how many each atom holds; 0 for an atom that is empty without the reader knowing it
    threshold : the smallest size that may be told
    absent : array of bool; only sets without these atoms are looked for

    A set follows if its indicator is a combination of the rows. An atom of at least the threshold cannot be in a small
    set, so only combinations that vanish on all of those are looked at; usually there is none. Where the search takes
    too long the answer is yes: nothing is told that was not shown to be safe.
    """
    rows, sizes, absent = _merged(np.asarray(rows, dtype=bool), np.asarray(sizes), absent)
    gone = (sizes >= threshold) | absent
    # The largest first: a pivot then weighs what it can, and few pivots fit into a small set.
    order = np.argsort(np.where(gone, -np.inf, -sizes), kind="stable")
    basis, pivots = _vanishing_on(rows[:, order].astype(float), int(gone.sum()))
    sizes = sizes[order][int(gone.sum()):]
    return bool(len(basis)) and _is_found(basis, sizes, sizes[pivots], threshold)


def _merged(rows: np.ndarray, sizes: np.ndarray, absent: np.ndarray | None) -> tuple[np.ndarray, ...]:
    """Atoms that are in the same told sets as one; told sets once."""
    absent = np.zeros(len(sizes), dtype=bool) if absent is None else absent
    first, place = _alike(np.vstack([rows, absent[None, :]]))
    columns = rows[:, first]
    return (columns[_alike(columns.T)[0]], np.bincount(place, sizes, len(first)).astype(np.int64), absent[first])


def _alike(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first of each kind of column, and the kind of every column."""
    # A random word a row, summed: two columns that differ share a sum once in 2 ** 64.
    words = np.random.default_rng(0).integers(1, 2**63, len(table), dtype=np.uint64)
    _, first, place = np.unique(words @ table.astype(np.uint64), return_index=True, return_inverse=True)
    return first, place.ravel()


def _vanishing_on(table: np.ndarray, n_gone: int) -> tuple[np.ndarray, np.ndarray]:
    """A reduced basis of the combinations that are 0 on the first columns, over the others, and its pivots there.

    In reduced echelon form the rows with a later pivot are 0 on all of the first columns.
    """
    pivots, row = [], 0
    for column in range(table.shape[1]):
        if row == len(table):
            break
        best = row + int(np.argmax(np.abs(table[row:, column])))
        if abs(table[best, column]) < _NEAR:
            continue
        table[[row, best]] = table[[best, row]]
        table[row] /= table[row, column]
        # Rows above are of no use while their pivot is to vanish.
        others = np.flatnonzero(np.abs(table[:, column]) > _NEAR)
        others = others[(others > row) if column < n_gone else (others != row)]
        table[others] -= np.outer(table[others, column], table[row])
        pivots.append(column)
        row += 1
    places = np.array(pivots, dtype=int)
    return table[:row][places >= n_gone][:, n_gone:], places[places >= n_gone] - n_gone


def _is_found(basis: np.ndarray, sizes: np.ndarray, of_pivot: np.ndarray, threshold: int) -> bool:
    """Every choice of rows whose pivots fit: there a set of zeros and ones holds the row's factor, so it is 0 or 1."""
    weighs, counts = of_pivot > 0, sizes > 0
    # Over empty atoms alone the rows left aside can still change a set: without them one may seem to be none.
    found = _is_found_by_trying(basis[weighs], sizes, of_pivot[weighs], threshold, counts)
    if found is None or (found and not weighs.all()):
        return _is_found_by_programming(basis, sizes, threshold)
    if found and not counts.all():
        return _is_found_by_trying(basis, sizes, of_pivot, threshold, np.ones(len(sizes), dtype=bool)) is not False
    return found


def _is_found_by_trying(
    basis: np.ndarray, sizes: np.ndarray, of_pivot: np.ndarray, threshold: int, checked: np.ndarray
) -> bool | None:
    """Missing where there are too many choices; ``checked`` are the atoms on which a set is looked at."""
    columns, weights = basis[:, checked], basis @ sizes
    sets, weight, pivot_weight = columns.copy(), weights.copy(), of_pivot.copy()
    last = np.arange(len(basis))
    while len(sets):
        is_set = ((np.abs(sets) < _NEAR) | (np.abs(sets - 1) < _NEAR)).all(axis=1)
        if (is_set & (weight > 0.5) & (weight < threshold - 0.5)).any():
            return True
        at, row = np.nonzero((pivot_weight[:, None] + of_pivot[None, :] < threshold)
                             & (last[:, None] < np.arange(len(basis))[None, :]))
        if len(at) > MOST_TRIED:
            return None
        sets, weight = sets[at] + columns[row], weight[at] + weights[row]
        pivot_weight = pivot_weight[at] + of_pivot[row]
        last = row
    return False


def _is_found_by_programming(basis: np.ndarray, sizes: np.ndarray, threshold: int) -> bool:
    from scipy.optimize import Bounds, LinearConstraint, milp

    n = len(basis)
    found = milp(
        np.zeros(n), integrality=np.ones(n), bounds=Bounds(0, 1),
        options={"time_limit": _SECONDS, "node_limit": _NODES},
        constraints=[LinearConstraint(basis.T, -_NEAR, 1 + _NEAR),
                     LinearConstraint((basis @ sizes)[None, :], 1 - _NEAR, threshold - 1 + _NEAR)])
    return found.status != 2  # 2: shown to have no solution
