from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.case_mix import expected_by_case_mix
from analytics.statistics.proportions import wilson
from tests.oracles import r_glm

ACHIEVED, BASELINE, UNIT = np.array(r_glm.ACHIEVED), np.array(r_glm.BASELINE), np.array(r_glm.UNIT)


def test_observed_expected_and_interval_are_those_of_r():
    case_mix = expected_by_case_mix(ACHIEVED, BASELINE, UNIT, 4)
    assert case_mix.observed.tolist() == list(r_glm.OBSERVED)
    assert case_mix.n.tolist() == [30, 24, 20, 10]
    np.testing.assert_allclose(case_mix.expected, r_glm.EXPECTED, rtol=1e-8)
    np.testing.assert_allclose(case_mix.ratio, np.array(r_glm.OBSERVED) / r_glm.EXPECTED, rtol=1e-8)
    np.testing.assert_allclose(case_mix.low, r_glm.LOW, rtol=1e-7)
    np.testing.assert_allclose(case_mix.high, r_glm.HIGH, rtol=1e-7)
    assert (case_mix.n_left_out, case_mix.why) == (0, "")


def test_two_variables_are_those_of_r_whatever_their_scale():
    third = (np.arange(1, 85) % 3 == 0).astype(float)
    for scale in (1, 1e6):
        case_mix = expected_by_case_mix(ACHIEVED, np.column_stack([BASELINE * scale, third]), UNIT, 4)
        np.testing.assert_allclose(case_mix.expected, r_glm.EXPECTED_BY_TWO, rtol=1e-8)


def test_expected_counts_add_up_to_those_observed():
    case_mix = expected_by_case_mix(ACHIEVED, BASELINE, UNIT, 4)
    assert case_mix.expected.sum() == pytest.approx(ACHIEVED.sum())


def test_where_the_baseline_says_nothing_the_interval_is_that_of_wilson():
    achieved, baseline = np.tile([1, 0, 0, 1, 0, 0, 0, 1], 20), np.repeat([10.0, 20.0], 80)
    achieved[:8] = achieved[80:88] = [1, 1, 1, 1, 1, 1, 1, 1]
    unit = np.tile(np.arange(80) // 8, 2)
    case_mix = expected_by_case_mix(achieved, baseline, unit, 10)
    rate = achieved.mean()
    low, high = wilson(case_mix.observed, case_mix.n)
    np.testing.assert_allclose(case_mix.expected, 16 * rate)
    np.testing.assert_allclose(case_mix.low, low / rate, atol=1e-9)
    np.testing.assert_allclose(case_mix.high, high / rate, atol=1e-9)
    assert case_mix.high[0] == pytest.approx(1 / rate)


def test_units_of_none_all_and_nobody():
    achieved, unit = ACHIEVED.copy(), UNIT.copy()
    unit[:5], unit[5:10], unit[10] = 4, 6, 7
    achieved[:5], achieved[5:10] = 0, 1
    case_mix = expected_by_case_mix(achieved, BASELINE, unit, 8)
    assert 0 < case_mix.expected[7] < 1
    assert (case_mix.ratio[4], case_mix.low[4]) == (0, 0)
    assert 0 < case_mix.high[4] < np.inf
    assert case_mix.high[6] == 5 / case_mix.expected[6]
    assert 0 < case_mix.low[6] < case_mix.ratio[6]
    assert (case_mix.n[5], case_mix.observed[5]) == (0, 0)
    assert np.isnan([case_mix.expected[5], case_mix.ratio[5], case_mix.low[5], case_mix.high[5]]).all()


def test_courses_with_anything_unknown_are_left_out_and_counted():
    nan = np.nan
    case_mix = expected_by_case_mix(np.append(ACHIEVED, [nan, 1, nan]), np.append(BASELINE, [12, nan, nan]),
                                    np.append(UNIT, [0, 1, 2]), 4)
    assert case_mix.n_left_out == 3
    assert case_mix.n.tolist() == [30, 24, 20, 10]
    np.testing.assert_allclose(case_mix.expected, r_glm.EXPECTED, rtol=1e-8)


@pytest.mark.parametrize("is_turned", [False, True])
def test_ten_events_a_variable_are_enough_and_nine_are_not(is_turned):
    baseline = np.tile(np.arange(10.0), 6)
    for n_events in (9, 10):
        achieved = (np.arange(60) % 6 == 0).astype(float)
        achieved[np.flatnonzero(achieved)[n_events:]] = 0
        achieved = 1 - achieved if is_turned else achieved
        case_mix = expected_by_case_mix(achieved, baseline, np.zeros(60, int), 1)
        assert (case_mix.why == "") == (n_events == 10)
    few = expected_by_case_mix((np.arange(60) % 6 == 0), np.column_stack([baseline, baseline**2]), np.zeros(60, int), 1)
    assert "2 variables takes at least 20 courses of either result; the rarer one has 10" in few.why
    assert few.observed.tolist() == [10]
    assert np.isnan([few.expected, few.ratio, few.low, few.high]).all()


def test_separated_courses_have_a_reason_and_no_model():
    score = np.repeat(np.arange(10.0), 6)
    is_even = np.arange(60) % 2 == 0
    for achieved, scores in ((score >= 5, score), (score < 5, score), (score >= 5, 1e9 * score),
                             ((score > 5) | ((score == 5) & is_even), score), ((score >= 5) & is_even, score >= 5),
                             (score >= 5, np.where(score >= 5, score + 1e6, score))):
        case_mix = expected_by_case_mix(achieved, scores, np.zeros(60, int), 1)
        assert "without a miss" in case_mix.why
        assert np.isnan(case_mix.expected).all()


def test_separated_variables_that_leave_no_matrix_to_invert_have_the_same_reason():
    place = np.arange(90)
    steep = np.where(place >= 60, (place - 59.0) ** 3, 0)
    case_mix = expected_by_case_mix(place >= 60, np.column_stack([steep, place % 7, place % 5]), place % 2, 2)
    assert "without a miss" in case_mix.why


def test_variables_that_do_not_vary_or_repeat_each_other_have_a_reason():
    assert "same for every course" in expected_by_case_mix(ACHIEVED, np.full(84, 0.1), UNIT, 4).why
    assert "same for every course" in expected_by_case_mix(ACHIEVED, 1e6 + 1e-6 * BASELINE, UNIT, 4).why
    twice = np.column_stack([BASELINE, 3 * BASELINE + 1])
    assert "follows from the others" in expected_by_case_mix(ACHIEVED, twice, UNIT, 4).why


@pytest.mark.parametrize("achieved", [[], [np.nan] * 4, [1] * 40, [0] * 40])
def test_nobody_none_and_all_have_a_reason(achieved):
    case_mix = expected_by_case_mix(np.array(achieved, float), np.arange(float(len(achieved))),
                                    np.zeros(len(achieved), int), 2)
    assert "1 variable takes at least 10 courses of either result; the rarer one has 0" in case_mix.why
    assert case_mix.n.shape == case_mix.ratio.shape == (2,)
