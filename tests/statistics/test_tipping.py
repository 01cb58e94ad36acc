from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.differences import miettinen_nurminen
from analytics.statistics.tipping import Side, achieved_for_line, tipping_grid, tipping_point


def told(x1, n1, x2, n2):
    low, high = miettinen_nurminen(x1, n1, x2, n2)
    return np.where(low > 0, 1, np.where(high < 0, -1, 0))


def plainly(first, second):
    """The same by trying every number."""
    def outcome(more_first, more_second):
        return told(first.achieved + more_first, first.counted + first.lost, second.achieved + more_second,
                    second.counted + second.lost)

    usual = [int(side.achieved / side.counted * side.lost + 0.5) for side in (first, second)]
    conclusion = told(first.achieved, first.counted, second.achieved, second.counted)
    kept = [np.flatnonzero(outcome(np.arange(first.lost + 1), usual[1]) == conclusion),
            np.flatnonzero(outcome(usual[0], np.arange(second.lost + 1)) == conclusion)]
    return (conclusion, *((one[0], one[-1]) if len(one) else None for one in kept),
            outcome(0, second.lost), outcome(first.lost, 0))


@pytest.mark.parametrize(("achieved", "counted", "lost", "line", "needed"), [
    (40, 80, 20, 0.5, 10), (40, 80, 20, 0.4, 0), (40, 80, 20, 0.41, 1), (40, 80, 20, 0.6, 20),
    (40, 80, 20, 0.61, np.nan), (0, 0, 4, 0.5, 2), (0, 0, 0, 0.5, np.nan), (3, 10, 0, 0.3, 0), (3, 10, 0, 0.31, np.nan),
    (0, 10, 0, 0.0, 0), (7, 70, 30, 0.1, 3),
    (5, 5, 2, 1.0, 2), (1, 1, 0, 0.5, 0)])
def test_how_many_of_those_lost_take_the_rate_to_a_line(achieved, counted, lost, line, needed):
    np.testing.assert_array_equal(achieved_for_line(np.array([achieved]), np.array([counted]), np.array([lost]), line),
                                  [needed])


@pytest.mark.parametrize("line", [-0.1, 1.1, np.nan])
def test_a_line_that_is_no_rate_is_refused(line):
    with pytest.raises(ValueError, match="between 0 and 1"):
        achieved_for_line(np.array([1]), np.array([2]), np.array([1]), line)


@pytest.mark.parametrize(("first", "second"), [
    (Side(60, 100, 20), Side(40, 100, 30)), (Side(40, 100, 30), Side(60, 100, 20)),
    (Side(50, 100, 15), Side(45, 90, 25)), (Side(60, 150, 300), Side(45, 150, 200)),
    (Side(9, 10, 0), Side(2, 10, 7)), (Side(55, 100, 40), Side(40, 100, 3)), (Side(0, 12, 5), Side(7, 9, 4)),
    (Side(13, 20, 60), Side(6, 20, 60)), (Side(1, 1, 1), Side(0, 1, 1)),
    (Side(9, 20, 3), Side(5, 20, 2)), (Side(14, 20, 3), Side(5, 20, 2)), (Side(15, 20, 3), Side(6, 20, 2))])
def test_the_tipping_point_is_that_found_by_trying_all(first, second):
    point = tipping_point(first, second)
    assert (point.conclusion, point.kept_first, point.kept_second, point.at_worst, point.at_best) == plainly(
        first, second)
    assert point.why == ""


def test_a_conclusion_may_hold_whatever_became_of_those_lost():
    assert tipping_point(Side(90, 100, 10), Side(10, 100, 10)).is_always_kept
    fragile = tipping_point(Side(60, 100, 20), Side(40, 100, 30))
    assert (fragile.conclusion, fragile.at_worst, fragile.at_best) == (1, 0, 1)
    assert not fragile.is_always_kept
    whole = tipping_point(Side(60, 100, 0), Side(40, 100, 0))
    assert (whole.kept_first, whole.kept_second, whole.is_always_kept) == ((0, 0), (0, 0), True)


def test_a_conclusion_that_more_courses_would_change_is_kept_by_no_number():
    # Undecided among 20 and 20; with the 60 lost of each side faring alike it would be decided.
    point = tipping_point(Side(13, 20, 600), Side(8, 20, 0))
    assert point.conclusion == 0
    grown = tipping_point(Side(12, 20, 400), Side(8, 20, 400))
    assert grown.conclusion == 0
    assert grown.kept_first[1] < 240
    assert tipping_point(Side(12, 20, 1), Side(8, 20, 0), interval=_decided_by_size).kept_first is None


def _decided_by_size(x1, n1, x2, n2):
    """An interval that tells the sides apart as soon as there are more than 20 courses."""
    low = np.where(np.asarray(n1) > 20, 0.1, -0.1) + 0 * np.asarray(x1)
    return low, low + 0.5


@pytest.mark.parametrize(("ends", "conclusion"), [((0.0, 0.4), 0), ((-0.4, 0.0), 0), ((1e-9, 0.4), 1),
                                                  ((-0.4, -1e-9), -1)])
def test_an_interval_that_ends_at_nought_does_not_tell_the_sides_apart(ends, conclusion):
    def interval(x1, n1, x2, n2):
        return tuple(end + 0.0 * np.asarray(x1 + x2) for end in ends)

    assert tipping_point(Side(3, 9, 2), Side(2, 9, 1), interval).conclusion == conclusion


@pytest.mark.parametrize(("first", "second"), [(Side(0, 0, 5), Side(3, 9, 2)), (Side(3, 9, 2), Side(0, 0, 0))])
def test_a_side_with_nobody_followed_has_no_conclusion(first, second):
    point = tipping_point(first, second)
    assert (point.conclusion, point.kept_first, point.at_worst, point.is_always_kept) == (None, None, None, False)
    assert "followed" in point.why
    assert tipping_grid(first, second)[2].shape == (0, 0)


def test_the_picture_holds_every_number_of_few_and_the_ends_of_many():
    first, second = Side(60, 100, 12), Side(40, 100, 500)
    achieved_first, achieved_second, conclusion = tipping_grid(first, second)
    assert achieved_first.tolist() == list(range(13))
    assert (achieved_second[0], achieved_second[-1], len(achieved_second)) == (0, 500, 41)
    assert conclusion.shape == (13, 41)
    point = tipping_point(first, second)
    assert (conclusion[0, -1], conclusion[-1, 0]) == (point.at_worst, point.at_best)
    assert conclusion[3, 7] == told(63, 112, 40 + achieved_second[7], 600)


def test_tens_of_thousands_lost_are_searched_in_no_time():
    point = tipping_point(Side(60_000, 100_000, 50_000), Side(59_000, 100_000, 50_000))
    assert point.conclusion == 1
    assert 0 < point.kept_first[0] < 30_000 < point.kept_first[1] == 50_000
