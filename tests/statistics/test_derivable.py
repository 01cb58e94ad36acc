"""What follows from told sums: cases small enough to be worked out on paper, and a search that tries everything."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from analytics.statistics import derivable
from analytics.statistics.derivable import is_small_derivable


def table(*rows: str) -> np.ndarray:
    """One word a told set, 1 for each atom that it holds."""
    return np.array([[letter == "1" for letter in row] for row in rows])


@pytest.mark.parametrize(("rows", "sizes", "follows"), [
    (table("11", "10"), [12, 8], True),  # 12 of 20: 8 follow
    (table("11", "10"), [12, 11], False),
    (table("11", "10"), [12, 0], False),  # 0 may be told
    (table("11", "10"), [12, 1], True),
    (table("1"), [10], True),
    (table("1"), [11], False),
    (table("11"), [5, 6], False),  # their sum alone
    (table("111", "100", "010"), [20, 20, 5], True),  # the last stratum of three
    (table("1111", "1100", "0110"), [5, 15, 5, 15], False),  # two that cross give nothing of their parts
    (table("1111", "1100", "0110", "0100"), [15, 5, 15, 15], True),
    (table("1110", "1100", "0111"), [15, 15, 3, 15], True),
])
def test_what_follows_from_sums(rows, sizes, follows):
    assert is_small_derivable(rows, np.array(sizes), 11) is follows


def test_only_sets_without_the_absent_atoms_are_looked_for():
    rows, sizes = table("11", "10"), np.array([5, 12])
    assert is_small_derivable(rows, sizes, 11)
    assert not is_small_derivable(rows, sizes, 11, np.array([True, False]))


def by_trying_every_set(rows: np.ndarray, sizes: np.ndarray, threshold: int) -> bool:
    """Whether any set of atoms is small and a combination of the rows, by rank."""
    rank = np.linalg.matrix_rank(rows.astype(float))
    places = range(len(sizes))
    return any(
        1 <= sizes[list(chosen)].sum() < threshold
        and np.linalg.matrix_rank(np.vstack([rows, np.isin(places, chosen)]).astype(float)) == rank
        for n in range(1, len(sizes) + 1) for chosen in combinations(places, n))


@pytest.mark.parametrize("seed", range(60))
def test_every_search_finds_what_trying_every_set_finds(seed, monkeypatch):
    chance = np.random.default_rng(seed)
    n = int(chance.integers(3, 8))
    rows = chance.random((int(chance.integers(2, 6)), n)) < 0.5
    rows = rows[rows.any(axis=1)] if rows.any() else np.ones((1, n), dtype=bool)
    sizes = chance.choice([0, 1, 4, 7, 10, 11, 30], n)
    expected = by_trying_every_set(rows, sizes, 11)
    assert is_small_derivable(rows, sizes, 11) == expected
    monkeypatch.setattr(derivable, "MOST_TRIED", 0)  # programming may only err by saying yes
    assert is_small_derivable(rows, sizes, 11) >= expected


def test_strata_by_two_attributes_are_no_more_than_their_margins():
    cells = list(product(range(3), range(3)))
    rows = np.array([[row == one for row, _ in cells] for one in range(3)]
                    + [[column == one for _, column in cells] for one in range(3)])
    assert not is_small_derivable(rows, np.full(9, 5), 11)
    assert is_small_derivable(np.vstack([rows, np.arange(9) == 4]), np.full(9, 5), 11)
