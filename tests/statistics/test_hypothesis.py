from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.hypothesis import holm, many_means, many_proportions, paired, two_means, two_proportions
from analytics.statistics.proportion_tests import MOST_FOR_BOSCHLOO
from tests.oracles import ketect_2022, r_tests

A, B, C = (np.array(one, dtype=float) for one in (r_tests.A, r_tests.B, r_tests.C))
NOTHING = np.array([])


def is_without_p(test):
    return test.p is None and test.statistic is None and test.why.endswith(".") and len(test.why) > 20


@pytest.mark.parametrize(("counts", "statistic", "p"), r_tests.PEARSON)
def test_large_counts_take_pearson_as_r_gives_it(counts, statistic, p):
    test = two_proportions(*counts)
    assert test.name == "Pearson chi-square, no continuity correction"
    np.testing.assert_allclose((test.statistic, test.p), (statistic, p), rtol=1e-9)
    assert test.n == (counts[1], counts[3])


def test_ketect_prints_the_p_of_the_test_chosen():
    assert round(two_proportions(*ketect_2022.REMISSION).p, 3) == ketect_2022.P


@pytest.mark.parametrize(("counts", "p"), r_tests.FISHER)
def test_small_counts_take_fisher_as_r_gives_it(counts, p):
    test = two_proportions(*counts)
    assert (test.name, test.statistic, test.why) == (
        "Fisher's exact test", None, "Chosen because an expected count is below 5.")
    assert test.p == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize(("counts", "name"), [
    ((3, 10, 7, 10), "Pearson"), ((3, 10, 6, 10), "Fisher"), ((7, 10, 3, 10), "Pearson"), ((7, 10, 4, 10), "Fisher")])
def test_an_expected_count_of_exactly_5_is_enough(counts, name):
    assert two_proportions(*counts).name.startswith(name)


@pytest.mark.parametrize(("counts", "p"), r_tests.BOSCHLOO)
def test_boschloo_agrees_with_a_search_in_r(counts, p):
    assert two_proportions(*counts, exact="boschloo").p == pytest.approx(p, rel=1e-6)


def test_boschloo_is_not_begun_where_it_would_take_too_long():
    half = MOST_FOR_BOSCHLOO // 2
    assert is_without_p(two_proportions(3, half, 9, half + 1, exact="boschloo"))
    with pytest.raises(ValueError, match="got 'barnard'"):
        two_proportions(1, 2, 1, 2, exact="barnard")


@pytest.mark.parametrize("exact", [None, "boschloo"])
@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (0, 0, 3, 5), (3, 5, 0, 0), (0, 40, 0, 50), (40, 40, 50, 50)])
def test_where_nobody_or_nothing_differs_a_sentence_stands_for_p(counts, exact):
    assert is_without_p(two_proportions(*counts, exact=exact))


def test_three_groups_agree_with_r():
    x, n, statistic, p = r_tests.PEARSON_OF_THREE
    test = many_proportions(x, n)
    np.testing.assert_allclose((test.statistic, test.p), (statistic, p), rtol=1e-9)
    assert many_proportions((*x, 0), (*n, 0)) == test


@pytest.mark.parametrize(("x", "n", "p"), r_tests.FREEMAN_HALTON)
def test_the_simulated_p_is_near_the_exact_one_of_r_and_repeats(x, n, p):
    test = many_proportions(x, n)
    assert test.name == "Fisher-Freeman-Halton exact test, simulated"
    assert abs(test.p - p) < 3 * np.sqrt(p * (1 - p) / 20_000)
    assert many_proportions(x, n) == test
    assert many_proportions(x, n, seed=2).p != test.p
    assert abs(many_proportions(x, n, n_resamples=500_000).p - p) < 3 * np.sqrt(p * (1 - p) / 500_000)


def test_two_groups_simulated_agree_with_fisher_and_p_is_never_0():
    (x1, n1, x2, n2), p = r_tests.FISHER[0]
    assert abs(many_proportions((x1, x2), (n1, n2)).p - p) < 0.003
    assert many_proportions((0, 0, 9), (9, 9, 9), n_resamples=100).p == pytest.approx(1 / 101)
    assert many_proportions((1, 2), (2, 4)).p == 1


@pytest.mark.parametrize(("x", "n"), [
    ((), ()), ((1,), (3,)), ((0, 0), (0, 0)), ((1, 0), (3, 0)), ((0, 0, 0), (9, 9, 9)), ((9, 9, 9), (9, 9, 9)),
    ((1,) * 10_000, (2,) * 10_000)])
def test_groups_that_cannot_be_tested_give_a_sentence(x, n):
    assert is_without_p(many_proportions(x, n))


def test_ten_thousand_large_groups_are_tested():
    test = many_proportions((50,) * 10_000, (100,) * 10_000)
    assert (test.p, test.statistic) == (1, 0)


def test_two_means_agree_with_r():
    welch, ranks = two_means(A, B)
    np.testing.assert_allclose((welch.statistic, welch.p), r_tests.WELCH, rtol=1e-9)
    assert (welch.n, ranks.n) == ((12, 9), (12, 9))
    untied = two_means(r_tests.A_UNTIED, B)[1]
    np.testing.assert_allclose((untied.statistic, untied.p), r_tests.MANN_WHITNEY_UNTIED, rtol=1e-9)
    tied = two_means(r_tests.A_WHOLE, r_tests.B_WHOLE)[1]
    np.testing.assert_allclose((tied.statistic, tied.p), r_tests.MANN_WHITNEY_TIED, rtol=1e-9)


def test_swapped_sides_turn_the_sign_and_missing_values_are_left_out():
    welch, ranks = two_means(np.append(B, np.nan), A)
    assert welch.statistic == pytest.approx(-r_tests.WELCH[0])
    assert welch.n == ranks.n == (9, 12)
    assert welch.p == pytest.approx(r_tests.WELCH[1])


def test_values_that_differ_by_rounding_only_are_tied():
    almost = np.array([7.0 - 4.9, 3, 5])
    assert two_means(almost, [1, 2.1, 8])[1] == two_means(np.array([2.1, 3, 5]), [1, 2.1, 8])[1]
    assert paired(np.append(almost, -2.1))[1] == paired(np.array([2.1, 3, 5, -2.1]))[1]
    assert is_without_p(two_means([0.3, 0.1 + 0.2], [0.3, 0.3])[0])


def test_from_50_values_on_the_normal_distribution_is_used():
    from scipy.stats import mannwhitneyu, wilcoxon
    for n, method in ((49, "exact"), (50, "asymptotic")):
        first, second = np.arange(n) + 0.5, np.arange(20) * 2 + 1.1
        assert two_means(first, second)[1].p == pytest.approx(mannwhitneyu(first, second, method=method).pvalue)
        changes = np.arange(1, n + 1) * np.where(np.arange(n) % 3 == 1, -1.0, 1.0)
        expected = wilcoxon(changes, method=method, correction=method == "asymptotic").pvalue
        assert paired(changes)[1].p == pytest.approx(expected)


@pytest.mark.parametrize(("first", "second", "which"), [
    (NOTHING, NOTHING, (0, 1)), (A, NOTHING, (0, 1)), ([np.nan], A, (0, 1)), (A, [1.0], (0,)), ([2.0], [1.0], (0,)),
    ([2.0, 2], [2.0, 2, 2], (0, 1)), ([2.0, 2], [5.0, 5, 5], (0,))])
def test_sides_that_cannot_be_tested_give_a_sentence(first, second, which):
    tests = two_means(first, second)
    for place in (0, 1):
        assert is_without_p(tests[place]) == (place in which)


def test_one_side_without_spread_is_still_tested():
    welch, _ = two_means(A, np.full(9, 1.0))
    assert welch.statistic == pytest.approx((A.mean() - 1) / np.sqrt(A.var(ddof=1) / 12))


def test_three_means_agree_with_r():
    welch, ranks = many_means([A, B, NOTHING, C])
    np.testing.assert_allclose((welch.statistic, welch.p), r_tests.WELCH_ANOVA, rtol=1e-9)
    np.testing.assert_allclose((ranks.statistic, ranks.p), r_tests.KRUSKAL_WALLIS, rtol=1e-9)
    assert welch.n == (12, 9, 7)


@pytest.mark.parametrize(("groups", "which"), [
    ([], (0, 1)), ([A], (0, 1)), ([A, NOTHING], (0, 1)), ([A, B, C[:1]], (0,)), ([A, B, [1.0, 1, 1]], (0,)),
    ([[1.0, 1]] * 3, (0, 1)), ([[1.0]] * 10_000, (0, 1)), ([[float(i)] for i in range(10_000)], (0,))],
    ids=range(8))
def test_groups_of_means_that_cannot_be_tested_give_a_sentence(groups, which):
    tests = many_means(groups)
    for place in (0, 1):
        assert is_without_p(tests[place]) == (place in which)


def test_changes_agree_with_r():
    t, ranks = paired(A)
    np.testing.assert_allclose((t.statistic, t.p), r_tests.PAIRED_T, rtol=1e-9)
    np.testing.assert_allclose((ranks.statistic, ranks.p), r_tests.WILCOXON_TIED_WITH_A_ZERO, rtol=1e-9)
    assert (t.n, ranks.n) == ((12,), (11,))
    untied = paired(np.append(r_tests.A_UNTIED, np.nan))[1]
    np.testing.assert_allclose((untied.statistic, untied.p), r_tests.WILCOXON_UNTIED, rtol=1e-9)
    with_zero = paired([0, 1, -2, 3.5, 5, 6.2])[1]
    np.testing.assert_allclose((with_zero.statistic, with_zero.p), r_tests.WILCOXON_UNTIED_WITH_A_ZERO, rtol=1e-9)


@pytest.mark.parametrize(("changes", "which"), [
    (NOTHING, (0, 1)), ([np.nan, np.nan], (0, 1)), ([0.0, 0, 0], (0, 1)), ([5.0], (0,)), ([5.0, 5, 5], (0,)),
    ([0.0, 0, 4], ())])
def test_changes_that_cannot_be_tested_give_a_sentence(changes, which):
    tests = paired(changes)
    for place in (0, 1):
        assert is_without_p(tests[place]) == (place in which)


@pytest.mark.parametrize("n", [1, 2, 7, 45])
def test_holm_agrees_with_statsmodels(n):
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(n).choice([0.0, 1e-9, 0.001, 0.02, 0.02, 0.03, 0.4, 0.9, 1.0], n)
    np.testing.assert_array_equal(holm(p), multipletests(p, method="holm")[1])


def test_holm_agrees_with_r_and_leaves_unknown_unknown():
    np.testing.assert_allclose(holm(r_tests.HOLM_GIVEN), r_tests.HOLM, rtol=1e-12)
    assert len(holm([])) == 0
    assert holm([0.04]) == [0.04]
    assert np.isnan(holm([None, float("nan")])).all()
