"""Courses by the sets they are in, however many there are: each kind of course once, with how many are of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Cells:
    """The kinds of courses that masks tell apart, refined with every mask.

    Attributes
    ----------
    code : by course, its cell
    """

    def __init__(self, n: int) -> None:
        self.code = np.zeros(n, dtype=np.int64)
        self._n_cells = min(n, 1)
        self._holds = np.zeros((0, self._n_cells), dtype=bool)
        self._waiting: list[np.ndarray] = []

    def add(self, mask: np.ndarray) -> None:
        """One more mask over the courses."""
        self._waiting.append(mask)

    def holds(self) -> np.ndarray:
        """Masks by cells, in the order in which they came: whether a mask holds the courses of a cell."""
        if self._waiting:
            of_course = self.code
            for mask in self._waiting:
                self._split(mask)
            first = np.empty(self._n_cells, dtype=np.int64)
            first[self.code] = np.arange(len(self.code))
            new = np.array([mask[first] for mask in self._waiting])
            self._holds = np.vstack([self._holds[:, of_course[first]], new])
            self._waiting = []
        return self._holds

    def _split(self, mask: np.ndarray) -> None:
        code = 2 * self.code + mask
        is_there = np.bincount(code, minlength=2 * self._n_cells) > 0
        self.code = (np.cumsum(is_there) - 1)[code]
        self._n_cells = int(is_there.sum())


def counted(rows: np.ndarray, columns: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """How many courses are of every pair of codes."""
    return np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(tuple(shape))
