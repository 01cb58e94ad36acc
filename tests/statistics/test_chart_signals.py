from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.chart_signals import (
    NEAR,
    OUTSIDE,
    ROW,
    Both,
    Counts,
    Ranges,
    Rates,
    hypergeometric_tail,
    signals,
)
from analytics.statistics.control_charts import is_overdispersed, p_chart, xmr
from tests.oracles.r_control_charts import RATES
from tests.oracles.r_hypergeometric import TAILS


@pytest.mark.parametrize(("case", "tail"), TAILS)
def test_the_tail_is_that_of_r(case, tail):
    assert hypergeometric_tail(*case) == pytest.approx(tail, rel=1e-9)


def test_a_count_that_cannot_be_has_no_tail():
    assert hypergeometric_tail(4, 10, 3, 20) == 0
    assert hypergeometric_tail(11, 10, 20, 40) == 0


def test_the_lines_are_those_of_the_rules():
    """pnorm(-3), pnorm(-2) and seven tosses of a coin."""
    lines = np.array([OUTSIDE, NEAR, ROW])
    np.testing.assert_allclose(lines, [0.00134989803163, 0.0227501319482, 0.0078125], rtol=1e-10)


def rates(x, n, n_baseline=None):
    chart = p_chart(np.array(x), np.array(n), n_baseline)
    length = n_baseline or len(x)
    return signals(chart, Rates(chart, np.array(x, float), np.array(n, float), length), length)


def test_a_rate_outside_by_the_textbook_must_be_as_rare_by_count():
    """3 of 5 beside 18 of 360 lie beyond the limit with a tail of 0.00153, 4 of 5 with one of 0.00005."""
    n = [5, *[20] * 18]
    few, more = [3, *[1] * 18], [4, *[1] * 18]
    assert p_chart(np.array(few), np.array(n)).is_outside[0]
    assert not rates(few, n).is_outside[0]
    assert rates(more, n).is_outside[0]


def test_a_rate_of_none_is_judged_from_below():
    n = [60] * 12
    x = [0, *[20, 22, 19, 21, 20, 18, 22, 20, 21, 19, 20]]
    assert rates(x, n).is_outside.tolist() == [True] + [False] * 11


def test_seven_on_the_likelier_side_are_no_signal_and_enough_of_them_are():
    """One in ten of five courses: six of ten months hold none, so a row of seven without is nothing."""
    n = [5] * 30
    lone = [2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 2, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1]
    chart = p_chart(np.array(lone), np.array(n))
    assert chart.is_run[2:9].all() and not rates(lone, n).is_run.any()
    for length, is_rare in ((11, False), (12, True)):
        x = [0, 2, 0, 2, 0, 1, *[0] * length, 1, 0, 1, 0, 1, 0, 1, 0, 1]
        chart = p_chart(np.array(x), np.array([5] * len(x)))
        assert chart.is_run[6:6 + length].all()
        assert rates(x, [5] * len(x)).is_run[6:6 + length].all() == is_rare


def test_seven_on_one_side_of_an_even_coin_are_a_signal_and_six_are_not():
    x = [240, 160, 248, 152, 224, 176, 232, 168, 216, 224, 208, 232, 216, 224, 216, 168, 160, 176, 152, 160]
    found = rates(x, [400] * 20)
    assert np.flatnonzero(found.is_run).tolist() == [8, 9, 10, 11, 12, 13, 14]
    assert not rates([*x[:14], 176, *x[15:]], [400] * 20).is_run.any()


def ranges(values, n_baseline=None):
    chart = xmr(np.array(values, float), n_baseline)
    length = n_baseline or len(values)
    return chart, signals(chart, Ranges(chart, chart.third, length), length)


def test_limits_of_all_points_leave_the_textbooks_signals_as_they_are():
    values = np.array([10, 11, 9, 10, 12, 10, 9, 11, 10, 25, 11, 10, 9, 12, 10, 11, 9, 10, 11, 9], float)
    chart, found = ranges(values)
    for name in ("is_outside", "is_run", "is_trend", "is_near_limit"):
        np.testing.assert_array_equal(getattr(found, name), getattr(chart, name))
    assert found.is_outside.sum() == 1


def test_after_a_frozen_baseline_a_point_must_be_further_out():
    """Six points know their centre and their spread badly: what is outside must be predicted from them."""
    base = [10, 12, 9, 11, 10, 12]
    chart, found = ranges([*base, 16.5, 10, 11], 6)
    assert chart.is_outside[6] and not found.is_outside[6]
    assert ranges([*base, 40, 10, 11], 6)[1].is_outside[6]


def test_after_a_frozen_baseline_seven_on_one_side_must_be_far_from_it_together():
    base = [10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 10, 11]
    near, far = [*base, *[11, 12, 11, 12, 11, 12, 11]], [*base, *[13, 14, 13, 14, 13, 14, 13]]
    chart, found = ranges(near, 12)
    assert chart.is_run[12:].all() and not found.is_run[12:].any()
    assert ranges(far, 12)[1].is_run[12:].all()


def test_a_row_that_was_long_enough_in_the_baseline_stays_one_after_it():
    values = [14, 8, 15, 7, 14, 8, 13, 12, 13, 12, 13, 12, 13, 12, 8]
    chart, found = ranges(values, 13)
    assert chart.is_run[6:14].all() and found.is_run[6:14].all()
    assert not ranges(values, 12)[1].is_run.any()


def test_two_near_a_limit_after_a_frozen_baseline_count_together():
    base = [10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 10, 11]
    near = [*base, 17, 10, 17]
    chart, found = ranges(near, 12)
    assert chart.is_near_limit[[12, 14]].all() and not found.is_near_limit.any()
    assert ranges([*base, 18, 10, 18], 12)[1].is_near_limit[[12, 14]].all()


def test_points_near_opposite_limits_are_no_pair():
    base = [10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 10, 11]
    assert not ranges([*base, 20, 1], 12)[1].is_near_limit.any()


def test_the_tail_of_few_courses_is_heavier():
    values = [10, 11, 9, 10, 12, 10, 9, 11, 10, 15.9, 11, 10, 9, 12, 10, 11, 9, 10, 11, 9]
    chart = xmr(np.array(values, float))
    place = np.array([9])
    plain = Ranges(chart, chart.third, 20).tail(place, 1)
    heavy = Ranges(chart, chart.third, 20, np.full(20, 10.0)).tail(place, 1)
    assert heavy > 2 * plain


def counts(values, n_baseline=None):
    chart = xmr(np.array(values, float), n_baseline)
    length = n_baseline or len(values)
    return chart, signals(chart, Counts(chart, length), length)


def test_a_month_of_many_courses_must_be_as_rare_as_a_count():
    """Two a month: eight in one have a tail of 0.0014, nine one of 0.0003; both lie beyond the moving range."""
    quiet = [2, 1, 2, 3, 2, 1, 2, 3, 2, 2, 1, 2, 3, 2, 2, 1, 2, 3, 2, 2]
    chart, found = counts([*quiet, 8, *quiet])
    assert chart.is_outside[20] and not found.is_outside[20]
    assert counts([*quiet, 9, *quiet])[1].is_outside[20]


def test_a_month_without_a_course_can_be_too_few():
    busy = [30, 32, 29, 31, 30, 33, 28, 31, 30, 29, 31, 30]
    assert counts([*busy, 0, *busy])[1].is_outside[12]
    assert counts([0] * 12)[0].why != ""


def test_the_side_of_a_small_count_has_its_own_chance():
    chart = xmr(np.array([0, 1, 0, 0, 2, 0, 1, 0, 0, 1], float))
    evidence = Counts(chart, 10)
    below, above = (evidence.on_side(np.array([0]), side)[0] for side in (-1, 1))
    assert below == pytest.approx(np.exp(-0.5))
    assert above == pytest.approx(1 - np.exp(-0.5))


def test_overdispersion_is_said_of_rates_that_scatter_and_not_of_those_that_do_not():
    scattered = next(one for one in RATES if one[0] == "large and scattered")
    small = next(one for one in RATES if one[0] == "small months")
    assert is_overdispersed(np.array(scattered[1]), np.array(scattered[2]))
    assert not is_overdispersed(np.array(small[1]), np.array(small[2]))
    assert not is_overdispersed(np.array([5, 5]), np.array([5, 5]))


def test_one_point_far_out_is_a_signal_and_no_overdispersion():
    x, n = [10, 12, 9, 11, 10, 12, 9, 11, 20, 12, 9, 11], [20] * 12
    assert not is_overdispersed(np.array(x), np.array(n))
    assert np.flatnonzero(rates(x, n).is_outside).tolist() == [8]


def test_one_step_up_is_no_overdispersion_where_neighbours_agree():
    """The spread is large and the ratio below 1: a level that shifted is not scatter."""
    x = np.array([*[20] * 10, *[60] * 10])
    assert not is_overdispersed(x, np.full(20, 100))


# --- the tails themselves ----------------------------------------------------------------------------


def test_a_rate_is_held_against_the_other_points_of_the_baseline_alone():
    x, n = np.array([9, 4, 5, 3, 6, 20.0]), np.array([20, 20, 20, 20, 20, 20.0])
    evidence = Rates(p_chart(x, n, 5), x, n, 5)
    assert evidence.tail(np.array([0]), 1) == hypergeometric_tail(9, 20, 27, 100)
    assert evidence.tail(np.array([5]), 1) == hypergeometric_tail(20, 20, 47, 120)
    assert evidence.tail(np.array([3]), -1) == hypergeometric_tail(17, 20, 73, 100)


def test_points_after_a_frozen_baseline_are_predicted_as_in_r():
    """pt(-z / sqrt(1 / m + 1 / 6), 0.62 * 5) of 20, and of 20 and 18 together, after six points."""
    chart = xmr(np.array([10, 12, 9, 11, 10, 12, 20, 18], float), 6)
    evidence = Ranges(chart, chart.third, 6)
    assert evidence.tail(np.array([6]), 1) == pytest.approx(0.007649497094, rel=1e-7)
    assert evidence.tail(np.array([6, 7]), 1) == pytest.approx(0.004759927273, rel=1e-7)


def test_a_count_after_a_frozen_baseline_must_be_rare_by_its_ranges_too():
    """pbinom(29, 94, 1 / 7, lower.tail=FALSE) of R says 0.00002; six points say less."""
    chart = xmr(np.array([10, 12, 9, 11, 10, 12, 30], float), 6)
    evidence = Counts(chart, 6)
    assert evidence.tail(np.array([6]), 1) == evidence.ranges.tail(np.array([6]), 1) > 1.121733074e-05
    inside = xmr(np.array([10, 12, 9, 11, 10, 12, 30], float))
    assert Counts(inside, 7).tail(np.array([6]), 1) == pytest.approx(1.121733074e-05, rel=1e-7)


class Fixed:
    """Evidence that says what it was told."""

    def __init__(self, tail):
        self.told = tail

    def tail(self, places, side):
        return self.told

    def on_side(self, places, side):
        return np.full(len(places), self.told)


@pytest.mark.parametrize(("one", "other"), [(0.1, 0.2), (0.2, 0.1)])
def test_of_two_the_more_careful_speaks(one, other):
    both = Both(Fixed(one), Fixed(other))
    assert both.tail(np.array([0]), 1) == 0.2
    assert both.on_side(np.array([0]), 1) == [0.2]


def test_a_pair_across_the_end_of_a_frozen_baseline_counts_together():
    base = [10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 10, 17]
    chart, found = ranges([*base, 17.5, 11], 12)
    assert chart.is_near_limit[[11, 12]].all() and not found.is_near_limit.any()
