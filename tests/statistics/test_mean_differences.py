from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.mean_differences import (
    Estimate,
    adjusted_difference,
    clustered_difference,
    paired_interval,
    welch_interval,
)
from tests.oracles import r_robust_models as robust
from tests.oracles import r_tests

A, B = np.array(r_tests.A, dtype=float), np.array(r_tests.B, dtype=float)
VALUES = np.concatenate([A, B])
BASELINE, GROUP, CLUSTER = np.array(robust.BASELINE, float), np.array(robust.GROUP), np.array(robust.CLUSTER)
SIDES = {"levels": ("a", "b")}


def ends(one):
    return one.estimate, one.low, one.high


def numbers(one):
    return *ends(one), one.p


def is_without_interval(one):
    return one.low is None and one.high is None and one.why.endswith(".") and len(one.why) > 15


def test_the_welch_interval_is_that_of_r():
    np.testing.assert_allclose(ends(welch_interval(A, np.append(B, np.nan))),
                               (A.mean() - B.mean(), *r_tests.WELCH_INTERVAL), rtol=1e-9)
    swapped = welch_interval(B, A)
    np.testing.assert_allclose((-swapped.high, -swapped.low), r_tests.WELCH_INTERVAL, rtol=1e-9)


def test_the_paired_interval_is_that_of_r():
    np.testing.assert_allclose(ends(paired_interval(np.append(A, np.nan))), (A.mean(), *r_tests.PAIRED_INTERVAL),
                               rtol=1e-9)


@pytest.mark.parametrize(("first", "second", "difference"), [
    ([], A, None), (A, [np.nan], None), ([], [], None), ([3.0], [1.0], 2), ([3.0, 4.0], [1.0], 2.5),
    ([3.0], [1.0, 2.0], 1.5), ([3.0, 3], [1.0, 1], 2)])
def test_without_two_values_or_spread_there_is_no_interval(first, second, difference):
    one = welch_interval(first, second)
    assert is_without_interval(one)
    assert one.estimate == difference


def test_one_side_without_spread_keeps_its_interval():
    assert welch_interval(A, [1.0, 1]).low < A.mean() - 1 < welch_interval([1.0, 1], A[::-1]).high + 2 * A.mean()


@pytest.mark.parametrize(("changes", "mean"), [([], None), ([np.nan], None), ([4.0], 4), ([4.0, 4], 4)])
def test_without_two_pairs_or_spread_there_is_no_interval(changes, mean):
    one = paired_interval(changes)
    assert is_without_interval(one)
    assert one.estimate == mean
    assert isinstance(one, Estimate)


@pytest.mark.parametrize(("cluster", "expected", "method", "n_clusters"), [
    (None, robust.ADJUSTED, "robust standard errors (HC3)", None),
    (CLUSTER, robust.ADJUSTED_BY_CLUSTER, "standard errors by cluster", robust.N_CLUSTERS),
    (CLUSTER.astype(str), robust.ADJUSTED_BY_CLUSTER, "standard errors by cluster", robust.N_CLUSTERS)])
def test_the_adjusted_difference_agrees_with_r(cluster, expected, method, n_clusters):
    one = adjusted_difference(VALUES, BASELINE, GROUP, cluster, **SIDES)
    np.testing.assert_allclose(numbers(one), expected, rtol=1e-9)
    assert one.method == f"Analysis of covariance on the baseline, {method}"
    assert (one.n, one.n_clusters, one.why) == ((12, 9), n_clusters, "")


@pytest.mark.parametrize(("values", "cluster", "expected"), [
    (VALUES, None, robust.MEANS), (VALUES, CLUSTER, robust.MEANS_BY_CLUSTER),
    (VALUES >= 2.5, CLUSTER, robust.PROPORTIONS_BY_CLUSTER)])
def test_the_plain_difference_agrees_with_r(values, cluster, expected):
    one = clustered_difference(values, GROUP, cluster, **SIDES)
    np.testing.assert_allclose(numbers(one), expected, rtol=1e-9)
    assert one.method.startswith("Difference of means, ")


def test_clusters_of_one_change_nothing():
    alone = adjusted_difference(VALUES, BASELINE, GROUP, np.arange(21), **SIDES)
    assert alone == adjusted_difference(VALUES, BASELINE, GROUP, **SIDES)


def test_changed_levels_turn_the_sign():
    one = adjusted_difference(VALUES, BASELINE, GROUP, levels=("b", "a"))
    np.testing.assert_allclose((-one.estimate, -one.high, -one.low), robust.ADJUSTED[:3], rtol=1e-9)
    assert one.n == (9, 12)


def test_missing_values_and_other_groups_are_left_out():
    values, baseline = np.append(VALUES, [np.nan, 3, 4]), np.append(BASELINE, [12, np.nan, 13])
    group = np.array([*GROUP, "a", "b", "c"], dtype=object)
    one = adjusted_difference(values, baseline, group, **SIDES)
    np.testing.assert_allclose(numbers(one), robust.ADJUSTED, rtol=1e-9)
    group[-1] = None
    assert adjusted_difference(values, baseline, group, **SIDES) == one


def test_row_order_changes_no_more_than_rounding():
    order = np.random.default_rng(3).permutation(21)
    one = adjusted_difference(VALUES[order], BASELINE[order], GROUP[order], CLUSTER[order], **SIDES)
    np.testing.assert_allclose(numbers(one), robust.ADJUSTED_BY_CLUSTER, rtol=1e-9)


FEW = [
    ([], [], []),
    ([np.nan] * 4, [1, 2, 3, 4], "aabb"),
    ([1, 2, 4, 5], [1, 2, 3, 4], "aaaa"),
    ([1, 2, 4, 5], [1, 2, 3, 4], "aaab"),
    ([1, 2, 4, 5], [1, 2, 3, 4], "abbb"),
    ([1, 2, 4, 5], [7, 7, 7, 7], "aabb"),
    ([1, 2, 4, 5, 6], [7, 7, 7, 9, 9], "aaabb"),
    ([1, 2, 4, 5, 6, 7], [7, 7, 7, 7, 7, 9], "aaabbb"),
        ([3, 3, 3, 3, 3, 3], [1, 2, 3, 4, 6, 9], "aaabbb"),
    ([1, 2, 3, 4, 6, 9], [1, 2, 3, 4, 6, 9], "aaabbb"),
]


@pytest.mark.parametrize(("change", "baseline", "group"), FEW, ids=range(len(FEW)))
def test_a_model_that_cannot_be_fitted_says_why(change, baseline, group):
    one = adjusted_difference(np.array(change, float), np.array(baseline, float), list(group), **SIDES)
    assert is_without_interval(one)
    assert one.p is None


@pytest.mark.parametrize(("values", "group"), [
    ([0, 0, 0, 0, 0], "aaabb"), ([1, 1, 1, 0, 0], "aaabb"), ([1, 0, 1, 0], "aaab"), ([], "")])
def test_all_none_or_one_alone_has_no_error(values, group):
    for cluster in (None, np.arange(len(values)) // 2):
        one = clustered_difference(np.array(values, float), list(group), cluster, **SIDES)
        assert is_without_interval(one)
        assert one.p is None


@pytest.mark.parametrize("group", ["aaab", "abbb", "aaaa"])
def test_each_side_needs_two_values(group):
    one = adjusted_difference([1.0, 2, 4, 5], [1.0, 2, 3, 4], list(group), **SIDES)
    assert one.why == "The model needs at least two values on each side."


def test_each_side_needs_two_clusters():
    one = clustered_difference([1.0, 2, 4, 5, 7], list("aaabb"), [1, 1, 1, 2, 3], **SIDES)
    assert one.why == "The model needs at least two clusters on each side."
    assert clustered_difference([1.0, 2, 4, 5, 7], list("aaabb"), [1, 1, 4, 2, 3], **SIDES).why == ""


def test_the_smallest_models_have_an_interval():
    assert clustered_difference([1.0, 2, 4, 8], list("aabb"), **SIDES).low < -4.5
    assert adjusted_difference([1.0, 2, 4, 8], [1.0, 3, 2, 5], list("aabb"), **SIDES).why == ""


def test_one_side_without_spread_has_no_interval_by_cluster():
    values, cluster = [0.0, 0, 0, 0, 1, 0, 1, 0], [1, 1, 2, 3, 4, 4, 5, 6]
    for one in (cluster, None):
        answer = clustered_difference(values, list("aaaabbbb"), one, **SIDES)
        assert is_without_interval(answer)
        assert answer.estimate == pytest.approx(-0.5)
