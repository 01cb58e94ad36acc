"""Told sets as a table over atoms, and what follows from it.

An atom is a base (courses in the same told groups) by a status (courses of the same told kinds). Every status that
occurs in the clinic is thought possible in every base: that it does not occur there is not known, unless the told sizes
say so; such atoms are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.statistics.derivable import alike, connected, echelon, is_small_derivable_apart

_NEAR = 1e-9


@dataclass(frozen=True)
class Piece:
    """Told sets that share bases with one another and with no others.

    Attributes
    ----------
    rows : what the told sets add up to and what is left, over the atoms: as much is known by them
    sizes : courses by atom
    places : array of bool, bases by atoms
    is_all : whether these are all bases of the table
    """

    rows: np.ndarray
    sizes: np.ndarray
    places: np.ndarray
    is_all: bool

    def tells_small(self, threshold: int, *, is_apart: bool) -> bool:
        """Whether a set of 1 to ``threshold`` - 1 follows; ``is_apart`` looks only for those absent from some base."""
        places = self.places if is_apart and self.is_all else np.zeros_like(self.places[:1])
        return is_small_derivable_apart(self.rows, self.sizes, threshold, places)


class Table:
    """What is told, by kind and group.

    Attributes
    ----------
    base, status : by cell of courses, as given
    counts : courses, bases by statuses
    is_empty : atoms that are known to be empty
    """

    def __init__(self, told: np.ndarray, in_group: np.ndarray, of_kind: np.ndarray, counts: np.ndarray) -> None:
        """A table of told sets.

        Parameters
        ----------
        told : array of bool, groups by kinds
        in_group, of_kind : arrays of bool: groups by cells of courses, kinds by cells of courses
        counts : courses by cell of groups and cell of kinds
        """
        # The same masks over fewer cells: the first of each kind, and the kind of every cell.
        bases, self.base = alike(in_group, 1)
        statuses, self.status = alike(of_kind, 1)
        self.in_group, self.of_kind, self.told = in_group[:, bases], of_kind[:, statuses], told
        self.counts = _summed(_summed(counts, self.base).T, self.status).T
        self._groups, self._kinds = np.nonzero(told)
        self._held = ((self.in_group @ self.counts) @ self.of_kind.T)[self._groups, self._kinds]
        self._is_within = (_within(self.in_group)[np.ix_(self._groups, self._groups)]
                           & _within(self.of_kind)[np.ix_(self._kinds, self._kinds)])
        self.is_empty = self._known_empty()

    def _known_empty(self) -> np.ndarray:
        """Atoms that the sizes say are empty: of a set of 0, or between a set and a larger one of the same size."""
        is_same = self._is_within & (self._held[:, None] == self._held[None, :]) & (self._held > 0)[:, None]
        np.fill_diagonal(is_same, False)
        empty = self._any_of(np.flatnonzero(self._held == 0))
        for part in np.flatnonzero(is_same.any(axis=1)):
            empty |= self._any_of(np.flatnonzero(is_same[part])) & ~self._any_of(np.array([part]))
        return empty

    def _any_of(self, told: np.ndarray) -> np.ndarray:
        """Atoms that are in any of these told sets, bases by statuses."""
        groups = self.in_group[self._groups[told]].astype(np.float32)
        return groups.T @ self.of_kind[self._kinds[told]].astype(np.float32) > 0

    def tells_a_difference(self, threshold: int, *, is_apart: bool) -> bool:
        """Whether a told set less one that is part of it is 1 to ``threshold`` - 1: what is seen without a search."""
        beyond = self._held[None, :] - self._held[:, None]
        is_small = self._is_within & (beyond > 0) & (beyond < threshold)
        if is_apart:
            is_part = ~self.in_group.all(axis=1)[self._groups]
            is_small &= is_part[None, :] | (self._kinds[:, None] == self._kinds[None, :])
        return bool(is_small.any())

    def tells_where(self, statuses: np.ndarray) -> bool:
        """Whether a set is known to be absent from some base.

        Parameters
        ----------
        statuses : array of bool, sets by cells of courses by kinds: where the courses of each set are
        """
        if len(self.counts) < 2 or not len(statuses):
            return False
        reached = _summed(statuses.T.astype(np.int64), self.status, len(self.counts.T)).T > 0
        return bool((reached.astype(np.int64) @ (~self.is_empty).T.astype(np.int64) == 0).any())

    def pieces(self) -> Iterator[Piece]:
        """The table in pieces of which each is told, or not, by itself."""
        spans = _Spans(self.in_group)
        of_kinds = [spans.of(groups) for groups in self.told.T]
        piece_of = connected(np.vstack(of_kinds))
        for piece in range(int(piece_of.max(initial=-1)) + 1):
            inside = piece_of == piece
            rows = [np.outer(row[inside], self.of_kind[kind]).ravel()
                    for kind, span in enumerate(of_kinds) for row in span if np.abs(row[inside]).max() > _NEAR]
            kept = ~self.is_empty[inside].ravel()
            places = np.repeat(np.eye(int(inside.sum()), dtype=bool), self.counts.shape[1], axis=1)
            yield Piece(np.array(rows)[:, kept], self.counts[inside].ravel()[kept], places[:, kept], bool(inside.all()))


class _Spans:
    """What sums and differences of groups there are, in few bases each."""

    def __init__(self, in_group: np.ndarray) -> None:
        self.in_group = in_group.astype(float)
        self._found: dict[bytes, np.ndarray] = {}

    def of(self, groups: np.ndarray) -> np.ndarray:
        """A basis of the sums and differences of these groups, rows by bases."""
        key = groups.tobytes()
        if key not in self._found:
            self._found[key] = echelon(self.in_group[groups])[0]
        return self._found[key]


def _within(masks: np.ndarray) -> np.ndarray:
    """Whether the first mask is part of the second, for all pairs."""
    table = masks.astype(np.float32)
    return table @ (1 - table).T == 0


def _summed(table: np.ndarray, kind: np.ndarray, n: int | None = None) -> np.ndarray:
    """Rows of the same kind added up."""
    total = np.zeros((int(kind.max()) + 1 if n is None else n, table.shape[1]), dtype=table.dtype)
    np.add.at(total, kind, table)
    return total
