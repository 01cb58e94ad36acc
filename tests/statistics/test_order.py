"""Rows in the order of several keys; the witness is ``np.lexsort``."""

import numpy as np
import pytest

from analytics.statistics.order import in_order

RANDOM = np.random.default_rng(5)


def test_the_first_key_decides_and_equal_rows_stay_as_they_came():
    assert in_order(np.array([2, 1, 2, 1]), np.array([-1, 7, -3, 7])).tolist() == [1, 3, 2, 0]


@pytest.mark.parametrize("keys", [
    [RANDOM.integers(-5, 5, 300), RANDOM.integers(-40, 3, 300).astype(np.int32)],
    [RANDOM.integers(0, 3, 300), RANDOM.integers(0, 9, 300) / 2],
    [RANDOM.choice([np.nan, np.inf, -np.inf, -1.5, 2.0], 300), RANDOM.integers(0, 3, 300)],
    [RANDOM.integers(0, 2, 300).astype(bool), np.full(300, 7), np.full(300, -0.0)],
    [RANDOM.integers(-2**62, 2**62, 300), RANDOM.integers(0, 9, 300)],
    [np.array([-2**62, 2**62, 0]), np.array([3, 2, 1])],
    [RANDOM.choice([1e300, -1e300, 0.5], 300)],
    [np.array([], dtype=np.int64), np.array([])],
], ids=["whole", "halves", "not numbers", "constants", "too wide", "widest", "large", "empty"])
def test_the_order_is_that_of_lexsort(keys):
    np.testing.assert_array_equal(in_order(*keys), np.lexsort(keys[::-1]))
