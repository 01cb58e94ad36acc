from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.control_charts import c_chart, laney_p, p_chart, run_rules, xmr
from tests.oracles import chart_packages
from tests.oracles import r_control_charts as oracles

NAN = np.nan


def rules_of(values, third=1.0):
    """The points that signal, by rule, around a centre of 0."""
    values = np.array(values, float)
    rules = run_rules(values, np.zeros(len(values)), np.full(len(values), third))
    return dict(zip(("outside", "run", "trend", "near"), (np.flatnonzero(rule).tolist() for rule in rules),
                    strict=True))


def test_xmr_of_the_twelve_months_is_that_worked_by_hand():
    chart = xmr(np.array(oracles.TWELVE_MONTHS))
    assert [round(float(one), 2) for one in (chart.centre, chart.low[0], chart.high[-1])] == list(
        oracles.TWELVE_MONTHS_CHART)


@pytest.mark.parametrize(("name", "values", "n_baseline", "expected"), oracles.XMR, ids=[one[0] for one in oracles.XMR])
def test_xmr_is_that_of_r(name, values, n_baseline, expected):
    chart = xmr(np.array(values, float), n_baseline)
    np.testing.assert_allclose((chart.centre, chart.low[0], chart.high[-1]), expected, rtol=1e-10)
    assert len(chart.low) == len(chart.high) == len(chart.is_outside) == len(values)
    assert chart.n_baseline == np.sum(~np.isnan(values[:n_baseline]))
    assert chart.why == ""


def test_frozen_limits_show_the_step_that_limits_of_all_would_hide():
    values = np.array(oracles.XMR[3][1], float)
    assert np.flatnonzero(xmr(values, 12).is_outside).tolist() == [12, 14]
    assert xmr(values).high[0] > xmr(values, 12).high[0]
    assert not xmr(values).is_near_limit[:12].any()


@pytest.mark.parametrize("case", oracles.RATES, ids=[one[0] for one in oracles.RATES])
def test_rates_are_those_of_r(case):
    _, x, n, n_baseline, is_laney, centre, low, high, ratio = case
    chart = (laney_p if is_laney else p_chart)(np.array(x), np.array(n), n_baseline)
    assert chart.centre == pytest.approx(centre, rel=1e-10)
    np.testing.assert_allclose(chart.low, low, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(chart.high, high, rtol=1e-9)
    np.testing.assert_allclose(chart.values, np.array(x) / n)
    assert chart.ratio == pytest.approx(ratio, rel=1e-10) if is_laney else np.isnan(chart.ratio)


@pytest.mark.parametrize(("name", "values", "expected"), chart_packages.XMR_OF_ABSPC)
def test_xmr_is_that_of_a_package(name, values, expected):
    """The package divides by 1.128 where we multiply by 2.66, as the books print it."""
    chart = xmr(np.array(values, float))
    reach = (expected[2] - expected[0]) * 2.66 * 1.128 / 3
    np.testing.assert_allclose((chart.centre, chart.low[0], chart.high[-1]),
                               (expected[0], expected[0] - reach, expected[0] + reach), rtol=1e-10)
    assert chart.low[0] == pytest.approx(expected[1], rel=1e-3, abs=0.01)


@pytest.mark.parametrize(("name", "x", "n", "centre", "low", "high"), chart_packages.P_OF_SHEWHART)
def test_p_charts_are_those_of_a_package(name, x, n, centre, low, high):
    chart = p_chart(np.array(x), np.array(n))
    assert chart.centre == pytest.approx(centre, rel=1e-10)
    np.testing.assert_allclose(chart.low, low, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(chart.high, high, rtol=1e-9)


@pytest.mark.parametrize(("name", "x", "n", "centre", "ratio", "low", "high"), chart_packages.LANEY_OF_QIKIT)
def test_laney_charts_are_those_of_a_package(name, x, n, centre, ratio, low, high):
    chart = laney_p(np.array(x), np.array(n))
    assert (chart.centre, chart.ratio) == pytest.approx((centre, ratio), rel=1e-10)
    np.testing.assert_allclose(chart.low, np.maximum(low, 0), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(chart.high, np.minimum(high, 1), rtol=1e-9)


@pytest.mark.parametrize(("values", "outside", "run", "trend", "near"), chart_packages.RULES_OF_SHEWHART)
def test_the_four_rules_are_those_of_a_package(values, outside, run, trend, near):
    assert rules_of(values) == {"outside": list(outside), "run": list(run), "trend": list(trend), "near": list(near)}


def test_each_rule_and_chart_has_ten_data_sets_and_each_rule_signals_in_three():
    is_laney = [case[4] for case in oracles.RATES]
    assert len(oracles.XMR) + len(chart_packages.XMR_OF_ABSPC) >= 10
    assert is_laney.count(False) + len(chart_packages.P_OF_SHEWHART) >= 10
    assert is_laney.count(True) + len(chart_packages.LANEY_OF_QIKIT) >= 10
    assert len(chart_packages.RULES_OF_SHEWHART) >= 10
    for rule in range(1, 5):
        assert sum(bool(case[rule]) for case in chart_packages.RULES_OF_SHEWHART) >= 3


def test_laney_quiets_what_only_varies_more_than_chance():
    _, x, n, *_ = oracles.RATES[2]
    assert p_chart(np.array(x), np.array(n)).is_outside.sum() == 5
    assert not laney_p(np.array(x), np.array(n)).is_outside.any()


def test_counts_are_those_of_r_and_qicharts2():
    chart = c_chart(np.array(oracles.DISCOVERIES))
    np.testing.assert_allclose((chart.centre, chart.low[0], chart.high[0]), oracles.DISCOVERIES_CHART, rtol=1e-10)
    centre, low, high = oracles.CDI_CHART
    chart = c_chart(np.array([10, 15, 20, 12, 17, 15]))
    assert [round(float(one), 4) for one in (chart.centre, chart.low[0], chart.high[0])] == [centre, low, high]


def test_a_point_on_a_limit_is_inside_and_one_beyond_is_not():
    assert rules_of([3, -3, 3.001, -3.001])["outside"] == [2, 3]


def test_seven_on_one_side_are_a_run_and_six_are_not():
    assert rules_of([1, 2, 1, 2, 1, 2, -1])["run"] == []
    assert rules_of([-1, 1, 2, 1, 2, 1, 2, 1, -1])["run"] == [1, 2, 3, 4, 5, 6, 7]
    assert rules_of([-1, -2, -1, -2, -1, -2, -1, 1])["run"] == [0, 1, 2, 3, 4, 5, 6]


def test_a_point_on_the_centre_ends_a_run_and_an_empty_one_does_not():
    assert rules_of([1, 2, 1, 0, 2, 1, 2, 1])["run"] == []
    assert rules_of([0, 0, 0, 0, 0, 0, 0, 0])["run"] == []
    assert rules_of([1, 2, 1, NAN, 2, 1, 2, 1])["run"] == [0, 1, 2, 4, 5, 6, 7]


def test_a_hair_from_the_centre_is_on_it_however_large_the_values():
    for size in (0.5, 1e6):
        values, centre = np.full(8, size), np.full(8, size * (1 + 5e-10))
        assert not np.any(run_rules(values, centre, np.full(8, 1e-12)))
        assert run_rules(values, centre - 4e-9 * max(size, 1), np.full(8, 1.0))[1].all()


def test_seven_rising_or_falling_are_a_trend_six_and_an_equal_step_are_not():
    assert rules_of([-3, -2, -1, 0, 1, 2])["trend"] == []
    assert rules_of([-3, -2, -1, 0, 1, 2, 3])["trend"] == [0, 1, 2, 3, 4, 5, 6]
    assert rules_of([0, 3, 2, 1, 0, -1, -2, -3, 0])["trend"] == [1, 2, 3, 4, 5, 6, 7]
    assert rules_of([-3, -2, -1, -1, 0, 1, 2, 2.5])["trend"] == []
    assert rules_of([0] * 9)["trend"] == []
    assert rules_of([NAN, -3, -2, -1, 0, NAN, 1, 2, 3])["trend"] == [1, 2, 3, 4, 6, 7, 8]


def test_two_of_three_near_the_same_limit_signal():
    assert rules_of([2.1, 0, 2.1])["near"] == [0, 2]
    assert rules_of([0, 2.1, 2.1])["near"] == [1, 2]
    assert rules_of([-2.1, -2.1, 0])["near"] == [0, 1]
    assert rules_of([2.1, 0, 0, 2.1])["near"] == []
    assert rules_of([2.1, 0, -2.1])["near"] == []
    assert rules_of([2, 0, 2])["near"] == []
    assert rules_of([2.1, 2.1])["near"] == []
    assert rules_of([0, 2.1, NAN, 0, -1, 2.1])["near"] == []
    assert rules_of([0, 2.1, NAN, NAN, 0, 2.1])["near"] == [1, 5]


def test_a_month_of_one_course_is_a_point_as_wide_as_can_be():
    chart = p_chart(np.array([1, 4, 3]), np.array([1, 10, 9]))
    assert (chart.values[0], chart.low[0], chart.high[0], chart.n_baseline) == (1, 0, 1, 3)
    assert chart.centre == 0.4


def test_a_clipped_limit_brings_no_point_nearer():
    x, n = np.array([2, 0, 0, 3, 1, 1]), np.full(6, 20)
    chart = p_chart(x, n)
    assert chart.low.tolist() == [0] * 6
    assert not chart.is_near_limit.any()
    assert not chart.is_outside.any()


def test_empty_months_stay_empty_and_change_no_limit():
    _, x, n, *_ = oracles.RATES[0]
    whole = p_chart(np.array(x), np.array(n))
    for nothing in ((0, 0), (NAN, 12), (3, NAN)):
        chart = p_chart(np.insert(np.array(x, float), 4, nothing[0]), np.insert(np.array(n, float), 4, nothing[1]))
        assert np.isnan([chart.values[4], chart.low[4], chart.high[4]]).all()
        assert (chart.centre, chart.n_baseline) == (whole.centre, 10)
        np.testing.assert_array_equal(np.delete(chart.low, 4), whole.low)


@pytest.mark.parametrize("chart", [
    xmr(np.array([])), xmr(np.array([NAN, NAN])), xmr(np.array([NAN, 5]), 1), c_chart(np.array([])),
    p_chart(np.array([]), np.array([])), p_chart(np.array([0, 0]), np.array([0, 0])),
    laney_p(np.array([NAN]), np.array([4]))])
def test_without_a_point_there_is_a_reason_and_no_limit(chart):
    assert np.isnan(chart.centre)
    assert np.isnan(chart.low).all()
    assert "no point with a value" in chart.why
    assert not (chart.is_outside | chart.is_run | chart.is_trend | chart.is_near_limit).any()


def test_the_last_digits_of_large_values_are_no_variation():
    assert "unknown" in xmr(np.array([1e6, 1e6 + 1e-4, 1e6])).why
    assert xmr(np.array([1e6, 1e6 + 0.1, 1e6])).why == ""
    assert xmr(np.array([0.5, 0.5 + 1e-4, 0.5])).why == ""


@pytest.mark.parametrize(("chart", "centre"), [
    (xmr(np.array([4.0])), 4), (xmr(np.array([4, NAN, 9])), 6.5), (xmr(np.array([4, 4, 4, 9]), 3), 4),
    (xmr(np.full(9, 0.1)), 0.1), (c_chart(np.array([0, 0])), 0), (p_chart(np.array([0, 0, 3]), np.full(3, 5), 2), 0),
    (p_chart(np.array([5, 7]), np.array([5, 7])), 1), (laney_p(np.array([5, 7]), np.array([5, 7])), 1),
    (laney_p(np.array([0, 0, 0]), np.array([5, 7, 6])), 0),
    (laney_p(np.array([2]), np.array([5])), 0.4), (laney_p(np.array([2, 2]), np.array([4, 4])), 0.5)])
def test_where_variation_is_unknown_there_is_a_centre_but_no_limit(chart, centre):
    assert chart.centre == pytest.approx(centre)
    assert np.isnan(chart.low).all()
    assert np.isnan(chart.high).all()
    assert "unknown" in chart.why
    assert not (chart.is_outside | chart.is_near_limit).any()
