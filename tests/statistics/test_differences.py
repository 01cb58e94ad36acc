from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.differences import miettinen_nurminen, newcombe, number_needed, risk_ratio
from tests.oracles import ketect_2022, licorice_gargle, newcombe_1998, r_score_interval, r_tests, sustain_3

EVERY_SMALL_PAIR = np.array([(x1, n1, x2, n2) for n1 in (1, 2, 5, 9) for n2 in (1, 4, 9) for x1 in range(n1 + 1)
                             for x2 in range(n2 + 1)], dtype=float).T


@pytest.mark.parametrize("row", newcombe_1998.TABLE_II)
def test_both_intervals_are_those_printed_by_newcombe(row):
    score, hybrid = miettinen_nurminen(*row[:4]), newcombe(*row[:4])
    assert [round(float(end), 4) for end in (*score, *hybrid)] == list(row[4:])


@pytest.mark.parametrize("row", r_score_interval.MIETTINEN_NURMINEN)
def test_the_score_interval_is_the_one_found_by_search(row):
    np.testing.assert_allclose(miettinen_nurminen(*row[:4]), row[4:], atol=1e-8)


def test_ketect_remission_differs_by_the_points_printed():
    x1, n1, x2, n2 = ketect_2022.REMISSION
    ends = (x1 / n1 - x2 / n2, *miettinen_nurminen(x1, n1, x2, n2))
    assert [round(100 * float(end)) for end in ends] == list(ketect_2022.DIFFERENCE_PERCENTAGE_POINTS)


@pytest.mark.parametrize("row", [sustain_3.RESPONSE, sustain_3.REMISSION])
def test_sustain_3_percents_and_difference_go_together(row):
    x1, n1, percent1, x2, n2, percent2 = row
    assert (round(100 * x1 / n1, 1), round(100 * x2 / n2, 1)) == (percent1, percent2)
    low, high = miettinen_nurminen(x1, n1, x2, n2)
    assert low < (percent1 - percent2) / 100 < high
    assert (high < 0) == (row is sustain_3.REMISSION)


@pytest.mark.parametrize(("x1", "n1", "percent1", "x2", "n2", "percent2"), licorice_gargle.PAIN)
def test_licorice_gargle_differs_with_the_whole_interval_below_0(x1, n1, percent1, x2, n2, percent2):
    assert (round(100 * x1 / n1), round(100 * x2 / n2)) == (percent1, percent2)
    assert miettinen_nurminen(x1, n1, x2, n2)[1] < 0


@pytest.mark.parametrize("interval", [miettinen_nurminen, newcombe])
def test_swapping_the_sides_swaps_the_ends_and_their_signs(interval):
    x1, n1, x2, n2 = EVERY_SMALL_PAIR
    low, high = interval(x1, n1, x2, n2)
    swapped_low, swapped_high = interval(x2, n2, x1, n1)
    np.testing.assert_allclose(low, -swapped_high, rtol=0, atol=1e-12)
    np.testing.assert_allclose(high, -swapped_low, rtol=0, atol=1e-12)


@pytest.mark.parametrize("interval", [miettinen_nurminen, newcombe])
def test_counting_failures_instead_turns_the_interval_round(interval):
    x1, n1, x2, n2 = EVERY_SMALL_PAIR
    low, high = interval(x1, n1, x2, n2)
    of_failures = interval(n1 - x1, n1, n2 - x2, n2)
    np.testing.assert_allclose((low, high), (-of_failures[1], -of_failures[0]), rtol=0, atol=1e-9)


@pytest.mark.parametrize("interval", [miettinen_nurminen, newcombe])
def test_every_interval_lies_within_minus_1_and_1_and_holds_the_difference(interval):
    x1, n1, x2, n2 = EVERY_SMALL_PAIR
    low, high = interval(x1, n1, x2, n2)
    difference = x1 / n1 - x2 / n2
    assert (low >= -1).all()
    assert (high <= 1).all()
    assert (low <= difference + 1e-12).all()
    assert (high >= difference - 1e-12).all()
    assert (high - low > 0.1).all()


@pytest.mark.parametrize("interval", [miettinen_nurminen, newcombe, risk_ratio])
def test_a_side_without_trials_has_no_interval_and_spoils_no_other(interval):
    answer = interval([0, 3, 9], [0, 10, 10], [1, 0, 3], [2, 0, 10])
    assert np.isnan([end[:2] for end in answer]).all()
    assert np.isfinite([end[2] for end in answer]).all()
    assert all(len(end) == 0 for end in interval([], [], [], []))


def test_more_confidence_gives_a_wider_interval():
    narrow, usual, wide = (interval for level in (0.8, 0.95, 0.99)
                           for interval in [miettinen_nurminen(9, 10, 3, 10, level)])
    assert wide[0] < usual[0] < narrow[0] < narrow[1] < usual[1] < wide[1]
    assert newcombe(9, 10, 3, 10, 0.99)[0] < newcombe(9, 10, 3, 10)[0]


def test_a_whole_column_gives_what_each_row_gives_alone():
    rng = np.random.default_rng(4)
    n1, n2 = rng.integers(1, 500, (2, 10_000))
    x1, x2 = rng.binomial(n1, 0.5), rng.binomial(n2, 0.05)
    low, high = miettinen_nurminen(x1, n1, x2, n2)
    for row in (0, 17, 9_999):
        assert miettinen_nurminen(x1[row], n1[row], x2[row], n2[row]) == (low[row], high[row])


@pytest.mark.parametrize(("counts", "estimate", "low", "high"), r_tests.RISK_RATIO)
def test_the_risk_ratio_agrees_with_epitools(counts, estimate, low, high):
    np.testing.assert_allclose(risk_ratio(*counts), (estimate, low, high), rtol=1e-9)


def test_a_risk_ratio_without_success_or_without_failure_has_no_interval():
    none_first, all_both, all_first = (risk_ratio(*one) for one in ((0, 5, 2, 5), (5, 5, 7, 7), (5, 5, 2, 7)))
    assert (none_first[0], all_both[0]) == (0, 1)
    assert np.isnan([*none_first[1:], *all_both[1:]]).all()
    assert all_first[1] < 3.5 < all_first[2]
    assert np.isnan(risk_ratio(2, 5, 0, 5)).all()


def test_the_number_needed_is_the_reciprocal_with_its_ends_in_order():
    assert number_needed(0.2, 0.1, 0.25) == (5, 4, 10)
    assert number_needed(-0.2, -0.25, -0.1) == (5, 4, 10)


@pytest.mark.parametrize("interval", [(0.1, -0.1, 0.3), (0.1, 0.0, 0.3), (-0.1, -0.3, 0.0), (0.0, -0.1, 0.1),
                                      (float("nan"),) * 3, (0.5, float("nan"), float("nan"))])
def test_there_is_no_number_needed_unless_the_interval_leaves_0_out(interval):
    assert number_needed(*interval) is None
