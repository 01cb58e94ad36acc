"""What follows from told sums: cases small enough to be worked out on paper, and a search that tries everything."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from analytics.statistics import derivable, small_sets
from analytics.statistics.derivable import connected, echelon, is_small_derivable, is_small_derivable_apart


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
    monkeypatch.setattr(small_sets, "MOST_CHOICES", 2)  # a search that is cut short may only err by saying yes
    assert is_small_derivable(rows, sizes, 11) >= expected


def test_strata_by_two_attributes_are_no_more_than_their_margins():
    cells = list(product(range(3), range(3)))
    rows = np.array([[row == one for row, _ in cells] for one in range(3)]
                    + [[column == one for _, column in cells] for one in range(3)])
    assert not is_small_derivable(rows, np.full(9, 5), 11)
    assert is_small_derivable(np.vstack([rows, np.arange(9) == 4]), np.full(9, 5), 11)


def apart_by_trying_every_set(rows: np.ndarray, sizes: np.ndarray, threshold: int, places: np.ndarray) -> bool:
    rank = np.linalg.matrix_rank(rows.astype(float))
    return any(
        1 <= sizes[list(chosen)].sum() < threshold and not places[:, list(chosen)].any(axis=1).all()
        and np.linalg.matrix_rank(np.vstack([rows, np.isin(range(len(sizes)), chosen)]).astype(float)) == rank
        for n in range(1, len(sizes) + 1) for chosen in combinations(range(len(sizes)), n))


@pytest.mark.parametrize("seed", range(60))
def test_sets_that_are_absent_from_a_place_are_those_that_trying_every_set_finds(seed):
    chance = np.random.default_rng(1000 + seed)
    n_bases, n_statuses = int(chance.integers(1, 4)), int(chance.integers(1, 4))
    kinds = chance.random((int(chance.integers(1, 4)), n_statuses)) < 0.6
    groups = np.vstack([np.ones(n_bases, dtype=bool), chance.random((3, n_bases)) < 0.5])
    told = [np.outer(group, kind).ravel() for group in groups for kind in kinds if chance.random() < 0.7 and kind.any()]
    rows = np.array(told) if told else np.ones((1, n_bases * n_statuses), dtype=bool)
    sizes = chance.choice([0, 1, 3, 6, 11], n_bases * n_statuses)
    places = np.repeat(np.eye(n_bases, dtype=bool), n_statuses, axis=1)
    assert is_small_derivable_apart(rows, sizes, 11, places) == apart_by_trying_every_set(rows, sizes, 11, places)


def test_a_small_set_that_is_everywhere_is_none_apart_until_what_is_taken_from_it_follows():
    whole, part = table("1111"), table("1111", "1100")
    sizes, places = np.array([2, 2, 2, 2]), table("1100", "0011")
    assert is_small_derivable(whole, sizes, 11)
    assert not is_small_derivable_apart(whole, sizes, 11, places)
    assert is_small_derivable_apart(part, sizes, 11, places)


@pytest.mark.parametrize(("most", "follows"), [(6, False), (5, True)])
def test_a_table_of_too_many_cells_is_judged_by_its_atoms(most, follows, monkeypatch):
    monkeypatch.setattr(derivable, "MOST_CELLS", most)
    rows = table("110", "011")
    assert is_small_derivable(rows, np.array([20, 5, 20]), 11) is follows
    assert not is_small_derivable(rows, np.array([20, 11, 20]), 11)


def test_the_clock_has_no_part_in_the_answer(monkeypatch):
    import time

    monkeypatch.setattr(time, "monotonic", lambda: 1e12)
    rows = np.random.default_rng(4).random((12, 40)) < 0.5
    sizes = np.full(40, 3)
    assert [is_small_derivable(rows, sizes, 11) for _ in range(3)] == [is_small_derivable(rows, sizes, 11)] * 3


def test_columns_that_hang_together():
    assert connected(table("11000", "01100", "00010")).tolist() == [0, 0, 0, 1, 2]


def test_rows_that_vanish_on_the_first_columns():
    rows, pivots = echelon(table("110", "101"), 1)
    assert (rows * rows[0, 0] == [[1, -1]]).all()  # the second less the first
    assert pivots.tolist() == [0]
