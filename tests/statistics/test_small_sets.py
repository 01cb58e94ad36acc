"""Looking for a small set: the turns that a search must take, each in a table small enough to be read."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics import small_sets
from analytics.statistics.small_sets import Combinations, has_small_set


def rows(*of: tuple[int, ...], sizes: tuple[int, ...], places: tuple[tuple[int, ...], ...] = ()) -> Combinations:
    """Two rows with their pivots on the first two atoms; without places every set is absent from one."""
    spread = np.array(places or ((0,) * len(sizes),), dtype=bool)
    return Combinations(np.array(of, dtype=float), np.array(sizes), np.array([0, 1]), spread)


@pytest.mark.parametrize(("threshold", "is_found"), [(11, True), (10, False)])
def test_a_set_that_is_too_large_is_left_by_some_again(threshold, is_found):
    # The first row is 15 courses, the second no set; together they are the first two atoms.
    among = rows((1, 0, 1, 1), (0, 1, -1, -1), sizes=(5, 5, 5, 5))
    assert has_small_set(among, threshold) is is_found


def test_a_set_that_is_everywhere_leaves_a_place_by_an_empty_atom():
    first = ((1, 1, 0), (0, 0, 1))
    assert has_small_set(rows((1, 0, 1), (0, 1, -1), sizes=(5, 0, 0), places=first), 11)
    assert not has_small_set(rows((1, 0, 1), (0, 1, -1), sizes=(5, 0, 0), places=((1, 0, 0), (0, 1, 1))), 11)


def test_what_is_no_set_over_an_empty_atom_is_mended_there():
    assert has_small_set(rows((1, 0, 2), (0, 1, -1), sizes=(5, 0, 0)), 11)
    assert not has_small_set(rows((1, 0, 3), (0, 1, -1), sizes=(5, 0, 0)), 11)


def test_rows_of_empty_atoms_alone_are_no_one():
    assert not has_small_set(rows((1, 0, 1), (0, 1, 0), sizes=(0, 0, 0)), 11)


@pytest.mark.parametrize(("most", "is_found"), [(1, True), (2, False)])
def test_after_too_many_choices_the_answer_is_yes(most, is_found, monkeypatch):
    # Two rows, and neither can become a set: two choices.
    monkeypatch.setattr(small_sets, "MOST_CHOICES", most)
    assert has_small_set(rows((1, 0, 2), (0, 1, 2), sizes=(3, 3, 3)), 11) is is_found
