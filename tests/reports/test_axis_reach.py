"""How far an axis reaches: every interval lies on it, in few round steps."""

import pytest

from analytics.reports.axis_reach import reach
from analytics.reports.exhibits_data import Chart, Series


def chart(values, low=(), high=(), unit="points"):
    return Chart("interval", tuple("abc"[:len(values)]), (Series("One", values, low, high),), unit)


@pytest.mark.parametrize(("values", "low", "high", "ends"), [
    ((11.0, 7.0), (6.0, 4.0), (20.0, 14.0), (0, 20, 5)), ((2.5,), (-9.8,), (15.0,), (-10, 15, 5)),
    ((-0.04,), (-1.4,), (1.36,), (-1.5, 1.5, 0.5)), ((8.0, None), (7.4, None), (8.6, None), (0, 10, 2)),
    ((7.0,), (), (), (0, 7, 1)), ((-3.0,), (), (), (-3, 0, 0.5)), ((0.0,), (), (), (0, 1, 1)),
    ((812.0,), (), (), (0, 1000, 200)),
])
def test_it_holds_every_interval_and_nought(values, low, high, ends):
    assert reach(chart(values, low, high)) == pytest.approx(ends)


def test_shares_have_an_axis_of_their_own_and_nothing_needs_none():
    assert reach(chart((0.5,), (0.4,), (0.6,), "percent")) is None
    assert reach(chart((None, None))) is None
