"""Looking for a small set among combinations of told sets: every choice that could be one, and no other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

_NEAR = 1e-6
"""Closer than this to 0 or 1 is 0 or 1."""

MOST_CHOICES = 6_000
"""So many choices of rows are looked at; what was not shown by then is not told."""

_AT_ONCE = 256


@dataclass(frozen=True)
class Combinations:
    """A basis, in reduced echelon form, of combinations of told sets that vanish on all atoms that are too large.

    Attributes
    ----------
    rows : array of float, one column an atom, the largest atoms first
    sizes : array of int by atom, all below the threshold
    pivots : the column that a row alone has, with the factor 1
    places : array of bool, places by atoms: where what the atom stands for is
    """

    rows: np.ndarray
    sizes: np.ndarray
    pivots: np.ndarray
    places: np.ndarray


def has_small_set(among: Combinations, threshold: int) -> bool:
    """Whether one is a set, zeros and ones, of 1 to ``threshold`` - 1 that is absent from some place.

    Yes where it is not known after ``MOST_CHOICES``. On its pivot a set holds the row's factor, so every row is in it
    once or not at all.
    """
    return bool(among.sizes[among.pivots].any()) and _Search(among, threshold).is_found()


@dataclass
class _Choices:
    """Rows that were chosen, many choices at a time.

    Attributes
    ----------
    taken : choices by rows, those chosen
    open_to : choices by rows, those that may still be chosen
    """

    taken: np.ndarray
    open_to: np.ndarray

    def __len__(self) -> int:
        return len(self.taken)

    def __getitem__(self, which: np.ndarray | slice) -> _Choices:
        return _Choices(self.taken[which], self.open_to[which])

    def with_one_of(self, rows: np.ndarray) -> _Choices:
        """Each choice with one row more, of those given; without those that stood before it, which were tried."""
        at, row = np.nonzero(rows)
        places = np.arange(rows.shape[1])
        return _Choices(self.taken[at] | (places == row[:, None]),
                        self.open_to[at] & ~(rows[at] & (places <= row[:, None])))


class _Atoms:
    """Some of the atoms, and the rows over them; few rows hold an atom, so these tables are mostly of zeros."""

    def __init__(self, among: Combinations, which: np.ndarray) -> None:
        rows = among.rows[:, which]
        self.sizes, self.rows, self.n = among.sizes[which], csr_array(rows), int(which.sum())
        self.below, self.above = csr_array(np.minimum(rows, 0)), csr_array(np.maximum(rows, 0))
        self.is_held = np.abs(rows) > _NEAR
        self.holds, self.takers = csr_array(self.is_held.astype(float)), csr_array((rows < -_NEAR).T.astype(float))
        self.at_place = csr_array(among.places[:, which].T.astype(float))

    def values(self, now: _Choices) -> np.ndarray:
        """Sums of the rows chosen, choices by atoms."""
        return now.taken.astype(float) @ self.rows

    def bounds(self, now: _Choices) -> tuple[np.ndarray, np.ndarray]:
        """The least and the most that the sums can become."""
        values, open_to = self.values(now), now.open_to.astype(float)
        return values + open_to @ self.below, values + open_to @ self.above

    def that_mend(self, now: _Choices, is_one: np.ndarray) -> np.ndarray:
        """Rows of which one must be chosen where a sum is neither 0 nor 1: those of the atom with fewest."""
        n_rows = now.open_to.astype(float) @ self.holds
        return now.open_to & self.is_held[:, np.where(is_one, np.inf, n_rows).argmin(axis=1)].T

    def that_take(self, now: _Choices) -> np.ndarray:
        """Rows of which one must be chosen where somebody, or an atom, is to leave a set again."""
        return now.open_to & ((self.values(now) > 0.5).astype(float) @ self.takers > 0)


class _Search:
    def __init__(self, among: Combinations, threshold: int) -> None:
        self.of_pivot, self.most = among.sizes[among.pivots], threshold - 1
        # Empty atoms are many: they are looked at where a set is one on all others.
        self.held, self.empty = _Atoms(among, among.sizes > 0), _Atoms(among, among.sizes == 0)

    def is_found(self) -> bool:
        """Whether there is a set; yes after too many choices."""
        waiting, n_looked_at = [self._single()], 0
        while waiting:
            now = waiting.pop()
            if len(now) > _AT_ONCE:
                waiting.append(now[_AT_ONCE:])
                now = now[:_AT_ONCE]
            n_looked_at += len(now)
            if n_looked_at > MOST_CHOICES:
                return True
            is_found, more = self._looked_at(self._possible(now))
            if is_found:
                return True
            waiting += [one for one in more if len(one)]
        return False

    def _single(self) -> _Choices:
        """One row each; with none before it that holds somebody: a set has a first such row."""
        first = np.flatnonzero(self.of_pivot > 0)
        places = np.arange(len(self.of_pivot))
        return _Choices(places == first[:, None], (places > first[:, None]) | (self.of_pivot == 0))

    def _possible(self, now: _Choices) -> _Choices:
        """Choices from which a small set can still come, with the rows that fit."""
        left = self.most - now.taken @ self.of_pivot
        now = _Choices(now.taken, now.open_to & (self.of_pivot <= left[:, None]))
        low, high = self.held.bounds(now)
        can_be = _can_be_one(low, high) & ((low > _NEAR) @ self.held.sizes <= self.most)
        return now[can_be & _is_apart(self.held, low)]

    def _looked_at(self, now: _Choices) -> tuple[bool, list[_Choices]]:
        """Whether one of the choices is a set, and what else is to be tried."""
        values = self.held.values(now)
        is_one = _is_one(values)
        is_set = is_one.all(axis=1)
        is_small = is_set & (values @ self.held.sizes < self.most + 0.5) & _is_apart(self.held, values)
        is_large = is_set & ~is_small
        is_found, more = self._over_empty(now[is_small])
        return is_found, [*more, now[is_large].with_one_of(self.held.that_take(now[is_large])),
                          now[~is_set].with_one_of(self.held.that_mend(now[~is_set], is_one[~is_set]))]

    def _over_empty(self, now: _Choices) -> tuple[bool, list[_Choices]]:
        """The same where it is a set on all atoms that hold somebody, over those that hold nobody."""
        if not self.empty.n:
            return len(now) > 0, []
        low, high = self.empty.bounds(now)
        now = now[_can_be_one(low, high)]
        values = self.empty.values(now)
        is_one = _is_one(values)
        is_set = is_one.all(axis=1)
        is_apart = ((self.held.values(now) > 0.5).astype(float) @ self.held.at_place
                    + (values > 0.5).astype(float) @ self.empty.at_place < 0.5).any(axis=1)
        if (is_set & is_apart).any():
            return True, []
        there, broken = now[is_set], now[~is_set]
        return False, [there.with_one_of(self.held.that_take(there) | self.empty.that_take(there)),
                       broken.with_one_of(self.empty.that_mend(broken, is_one[~is_set]))]


def _is_one(values: np.ndarray) -> np.ndarray:
    return (np.abs(values) < _NEAR) | (np.abs(values - 1) < _NEAR)


def _can_be_one(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Choices of which every sum can still become 0 or 1."""
    is_stuck = (high - low < _NEAR) & ~_is_one(low)
    return ~((low > 1 + _NEAR) | (high < -_NEAR) | is_stuck).any(axis=1)


def _is_apart(atoms: _Atoms, values: np.ndarray) -> np.ndarray:
    """Choices that leave some place out: no atom there is in them."""
    return ((values > _NEAR).astype(float) @ atoms.at_place < 0.5).any(axis=1)
