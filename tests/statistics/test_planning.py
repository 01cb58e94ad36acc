from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.planning import trials_for_width, trials_more
from analytics.statistics.proportions import wilson
from tests.oracles import r_planning


@pytest.mark.parametrize(("rate", "for_20", "for_10"), r_planning.SMALLEST)
def test_the_smallest_number_is_that_found_by_trying_all(rate, for_20, for_10):
    assert trials_for_width(rate) == for_20
    assert trials_for_width(rate, 0.1) == for_10


def test_the_interval_is_narrow_enough_there_and_not_one_before():
    rates = np.linspace(0, 1, 101)
    needed = trials_for_width(rates)
    for n, is_enough in ((needed, True), (needed - 1, False)):
        z2 = 1.959963984540054**2
        width = 2 * np.sqrt(z2) / (1 + z2 / n) * np.sqrt(rates * (1 - rates) / n + z2 / (4 * n**2))
        assert ((width <= 0.2) == is_enough).all()


def test_an_interval_of_exactly_the_width_counts():
    low, high = wilson(np.array([24]), np.array([80]))
    assert high[0] - low[0] == pytest.approx(r_planning.WIDTH_24_OF_80, rel=1e-12)
    assert trials_for_width(0.3, float(high[0] - low[0])) == 80
    assert trials_for_width(0.3, float(high[0] - low[0]) - 1e-6) == 81


def test_how_many_more_counts_from_those_there_are():
    more = trials_more(np.array([3, 21, 24, 240, 0, 0]), np.array([10, 70, 80, 800, 10, 0]))
    assert more[:5].tolist() == [68, 8, 0, 0, 6]
    assert np.isnan(more[5])
    assert trials_more(np.array([3]), np.array([10]), 0.1).tolist() == [310]


def test_courses_of_returning_patients_are_worth_less():
    assert trials_more(np.array([3, 30]), np.array([10, 100]), effective=np.array([5, 80])).tolist() == [146, 0]
    assert np.isnan(trials_more(np.array([0]), np.array([0]), effective=np.array([0]))).all()


@pytest.mark.parametrize("width", [0, 1, -0.2])
def test_a_width_that_is_none_is_refused(width):
    with pytest.raises(ValueError, match="between 0 and 1"):
        trials_for_width(0.5, width)


def test_an_unknown_rate_stays_unknown_and_a_wide_interval_takes_one():
    assert np.isnan(trials_for_width(np.array([np.nan]))).all()
    assert trials_for_width(0.5, 0.95) == 1
    assert trials_for_width(np.array([])).shape == (0,)
