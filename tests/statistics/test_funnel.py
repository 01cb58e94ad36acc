from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.funnel import funnel_limits, funnel_place, overdispersion
from tests.oracles import r_funnel


def test_the_limits_are_the_counts_of_the_oracles():
    low, high = funnel_limits(np.array(list(r_funnel.TARGET_536)), 0.536)
    for place, counts in enumerate(r_funnel.TARGET_536.values()):
        assert (low[1, place], low[0, place], high[0, place], high[1, place]) == counts


def test_the_limits_of_an_uneven_target_are_those_of_r():
    low, high = funnel_limits(np.array(r_funnel.SIZES), r_funnel.TARGET)
    assert low.tolist() == [list(r_funnel.AT_02_5), list(r_funnel.AT_00_1)]
    assert high.tolist() == [list(r_funnel.AT_97_5), list(r_funnel.AT_99_9)]


def test_overdispersion_and_the_widened_limits_are_those_of_r():
    x, n = np.array(r_funnel.SCATTERED_X), np.array(r_funnel.SCATTERED_N)
    assert overdispersion(x, n, r_funnel.SCATTERED_TARGET) == pytest.approx(r_funnel.PHI, rel=1e-12)
    funnel = funnel_place(x, n, is_overdispersed=True)
    assert funnel.target == r_funnel.SCATTERED_TARGET
    assert funnel.phi == pytest.approx(r_funnel.PHI, rel=1e-12)
    assert funnel.low.tolist() == [list(r_funnel.WIDENED_95[0]), list(r_funnel.WIDENED_998[0])]
    assert funnel.high.tolist() == [list(r_funnel.WIDENED_95[1]), list(r_funnel.WIDENED_998[1])]
    assert set(funnel.place) == {"inside", "beyond_95"}


@pytest.mark.parametrize(("x", "n", "phi", "at_00_1", "at_02_5", "at_97_5", "at_99_9"), r_funnel.DRAWN)
def test_ten_sets_of_units_lie_as_the_limits_of_r_say(x, n, phi, at_00_1, at_02_5, at_97_5, at_99_9):
    x, n = np.array(x), np.array(n)
    funnel = funnel_place(x, n, minimum_n=6)
    assert funnel.low.tolist() == [list(at_02_5), list(at_00_1)]
    assert funnel.high.tolist() == [list(at_97_5), list(at_99_9)]
    places = ["beyond_998" if one < lowest or one > highest else "beyond_95" if one < low or one > high else "inside"
              for one, lowest, low, high, highest in zip(x, at_00_1, at_02_5, at_97_5, at_99_9, strict=True)]
    assert funnel.place.tolist() == places
    assert funnel.side.tolist() == [0 if place == "inside" else 1 if one > high else -1
                                    for one, high, place in zip(x, at_97_5, places, strict=True)]
    assert overdispersion(x, n, x.sum() / n.sum()) == pytest.approx(phi, rel=1e-10)
    assert funnel_place(x, n, is_overdispersed=True).phi == pytest.approx(max(phi, 1), rel=1e-10)


def test_the_drawn_sets_hold_units_in_every_place():
    found = [set(funnel_place(np.array(case[0]), np.array(case[1])).place) for case in r_funnel.DRAWN]
    assert len(found) >= 10
    for place in ("inside", "beyond_95", "beyond_998"):
        assert sum(place in one for one in found) >= 3


def test_a_count_on_a_limit_is_inside_and_one_further_is_not():
    n = np.full(10, 50)
    funnel = funnel_place(np.array([20, 19, 16, 15, 34, 35, 37, 38, 0, 50]), n, 0.536)
    assert funnel.place.tolist() == ["inside", "beyond_95", "beyond_95", "beyond_998", "inside", "beyond_95",
                                     "beyond_95", "beyond_998", "beyond_998", "beyond_998"]
    assert funnel.side.tolist() == [0, -1, -1, -1, 0, 1, 1, 1, -1, 1]


@pytest.mark.parametrize("target", [0.0, 0.0001, 0.3, 1.0])
def test_a_unit_of_one_never_signals(target):
    funnel = funnel_place(np.array([1, 0]), np.array([1, 1]), target)
    assert funnel.place.tolist() == ["too_small", "too_small"]
    assert funnel.side.tolist() == [0, 0]
    assert funnel_place(np.array([1]), np.array([1])).target == 1


def test_a_unit_is_judged_from_the_minimum_on():
    funnel = funnel_place(np.array([4, 5, 0]), np.array([4, 5, 0]), 0.01)
    assert funnel.place.tolist() == ["too_small", "beyond_998", "too_small"]
    assert funnel_place(np.array([2]), np.array([2]), 0.01, minimum_n=2).place.tolist() == ["beyond_998"]
    with pytest.raises(ValueError, match="at least 2"):
        funnel_place(np.array([1]), np.array([1]), 0.01, minimum_n=1)


def test_the_common_rate_counts_courses_and_not_units():
    funnel = funnel_place(np.array([10, 90]), np.array([100, 100]))
    assert funnel.target == 0.5
    assert funnel_place(np.array([5, 90]), np.array([10, 390])).target == pytest.approx(95 / 400)
    assert funnel.place.tolist() == ["beyond_998", "beyond_998"]
    assert funnel.phi == 1
    assert funnel.why == ""


@pytest.mark.parametrize("is_overdispersed", [False, True])
def test_nobody_gives_no_place_and_no_limit(is_overdispersed):
    for n_units in (0, 3):
        funnel = funnel_place(np.zeros(n_units), np.zeros(n_units), is_overdispersed=is_overdispersed)
        assert funnel.place.tolist() == ["too_small"] * n_units
        assert np.isnan(funnel.target)
        assert funnel.phi == 1
        assert funnel.low.shape == funnel.high.shape == (2, n_units)
        assert bool(funnel.why) == is_overdispersed


@pytest.mark.parametrize("achieved", [0, 1])
def test_none_and_all_are_inside(achieved):
    n = np.array([8, 20, 30, 40, 50, 60])
    funnel = funnel_place(n * achieved, n, is_overdispersed=True)
    assert set(funnel.place) == {"inside"}
    assert funnel.phi == 1
    assert "neither none nor all" in funnel.why


def test_overdispersion_needs_five_units_and_never_narrows():
    x, n = np.array([5, 6, 5, 6]), np.array([10, 10, 10, 10])
    assert overdispersion(x, n, 0.55) is None
    assert "at least 5 units" in funnel_place(x, n, is_overdispersed=True).why
    alike_x, alike_n = np.array([*x, 5, 0]), np.array([*n, 10, 0])
    assert overdispersion(alike_x, alike_n, 0.54) < 1
    alike = funnel_place(alike_x, alike_n, is_overdispersed=True)
    assert (alike.phi, alike.why) == (1, "")
    np.testing.assert_array_equal(alike.low, funnel_place(alike_x, alike_n).low)


def test_a_unit_of_one_course_is_a_unit_and_one_of_none_is_not():
    assert overdispersion(np.array([1, 6, 5, 6, 5]), np.array([1, 10, 10, 10, 10]), 0.55) is not None
    assert overdispersion(np.array([0, 6, 5, 6, 5]), np.array([0, 10, 10, 10, 10]), 0.55) is None


def test_one_unit_far_away_does_not_hide_itself():
    x, n = np.array([50, 52, 48, 51, 49, 50, 50, 52, 48, 50, 51, 5]), np.full(12, 100)
    assert overdispersion(x, n, 0.5) < 1
    assert funnel_place(x, n, 0.5, is_overdispersed=True).place[-1] == "beyond_998"


def test_units_in_any_shape_keep_it():
    low, high = funnel_limits(np.array([[10, 20, 50], [100, 20, 10]]), 0.536)
    assert low.tolist() == [[[2, 6, 20], [44, 6, 2]], [[1, 4, 16], [38, 4, 1]]]
    assert high[1].tolist() == [[10, 17, 37], [69, 17, 10]]


def test_nobody_has_no_limit_beside_units_that_have():
    for limits in funnel_limits(np.array([0, 10]), 0.3):
        assert np.isnan(limits[:, 0]).all()
        assert not np.isnan(limits[:, 1]).any()


def test_wide_overdispersion_keeps_limits_within_what_can_be():
    low, high = funnel_limits(np.array([10, 100]), 0.3, phi=400.0)
    assert low.tolist() == [[0, 0], [0, 0]]
    assert high.tolist() == [[10, 100], [10, 100]]


@pytest.mark.parametrize(("target", "phi", "needed"), [(1.1, 1, "between 0 and 1"), (-0.1, 1, "between 0 and 1"),
                                                       (float("nan"), 1, "between 0 and 1"), (0.5, 0.9, "at least 1")])
def test_what_cannot_be_a_rate_or_a_widening_is_refused(target, phi, needed):
    with pytest.raises(ValueError, match=needed):
        funnel_limits(np.array([10]), target, phi=phi)


def test_ten_thousand_units_go_at_once():
    n = np.arange(10_000)
    funnel = funnel_place(n // 2, n)
    assert funnel.low.shape == (2, 10_000)
    assert set(funnel.place) == {"too_small", "inside"}
