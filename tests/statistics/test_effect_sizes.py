from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.effect_sizes import (
    group_effects,
    paired_effects,
    standardised_difference_of_categories,
    standardised_difference_of_means,
    standardised_difference_of_proportions,
)
from tests.oracles import printed_effect_sizes, r_effect_sizes, r_standardised, r_tests

A, B = np.array(r_tests.A, dtype=float), np.array(r_tests.B, dtype=float)
BEFORE, AFTER = np.array(r_effect_sizes.BASELINE, float), np.array(r_effect_sizes.ENDPOINT, float)


def numbers(effect):
    return effect.estimate, effect.low, effect.high


def is_without_numbers(effect):
    return numbers(effect) == (None, None, None) and effect.why.endswith(".")


def with_moments(n, mean, sd, like=None, correlation=0.0):
    """Values with exactly this mean and standard deviation, and this correlation with the values given."""
    own = np.random.default_rng(8).normal(size=n) if like is None else np.random.default_rng(9).normal(size=n)
    own = (own - own.mean()) / own.std(ddof=1)
    if like is not None:
        like = (like - like.mean()) / like.std(ddof=1)
        own -= like * (own @ like) / (n - 1)
        own = correlation * like + np.sqrt(1 - correlation**2) * own / own.std(ddof=1)
    return mean + sd * own


def pairs_of(paper):
    """Pairs with the printed moments, correlated so that the changes vary as the printed d_z says."""
    (mean1, sd1), (mean2, sd2) = paper["before"], paper["after"]
    sd_change = (mean1 - mean2) / paper["d_z"]
    correlation = (sd1**2 + sd2**2 - sd_change**2) / (2 * sd1 * sd2)
    before = with_moments(paper["n"], mean1, sd1)
    return before, with_moments(paper["n"], mean2, sd2, before, correlation)


def test_the_printed_d_of_20_veterans_is_d_z_and_not_d_av():
    d_z, d_av = paired_effects(*pairs_of(printed_effect_sizes.VETERANS))
    assert round(d_z.estimate, 2) == printed_effect_sizes.VETERANS["d_z"]
    assert round(d_av.estimate, 2) == 0.70


def test_the_printed_d_of_madrs_is_d_av_and_not_d_z():
    d_z, d_av = paired_effects(*pairs_of(printed_effect_sizes.MADRS))
    assert round(d_z.estimate, 2) == printed_effect_sizes.MADRS["d_z"]
    assert round(d_av.estimate, 1) == printed_effect_sizes.MADRS["d_av"]


def test_paired_effects_and_their_intervals_agree_with_r():
    d_z, d_av = paired_effects(np.append(BEFORE, [np.nan, 3]), np.append(AFTER, [2, np.nan]))
    np.testing.assert_allclose(numbers(d_z), r_effect_sizes.D_Z, rtol=1e-6)
    np.testing.assert_allclose(numbers(d_av), r_effect_sizes.D_AV, rtol=1e-6)
    assert (d_z.name, d_z.denominator) == ("d_z", "standard deviation of the changes")
    assert (d_av.name, d_av.denominator) == ("d_av", "root mean square of both standard deviations")


def test_higher_is_better_turns_the_sign():
    d_z, d_av = paired_effects(BEFORE, AFTER, is_higher_better=True)
    np.testing.assert_allclose((-d_z.estimate, -d_z.high, -d_z.low), r_effect_sizes.D_Z, rtol=1e-6)
    np.testing.assert_allclose((-d_av.estimate, -d_av.high, -d_av.low), r_effect_sizes.D_AV, rtol=1e-6)


def test_group_effects_and_their_intervals_agree_with_r():
    glass, hedges = group_effects(A, np.append(B, np.nan))
    np.testing.assert_allclose(numbers(glass), r_effect_sizes.GLASS_BY_B, rtol=1e-5)
    np.testing.assert_allclose(numbers(hedges), r_effect_sizes.HEDGES_G, rtol=1e-5)
    by_a = group_effects(B, A)[0]
    np.testing.assert_allclose(numbers(by_a), r_effect_sizes.GLASS_BY_A, rtol=1e-4)
    assert (glass.name, glass.denominator) == ("Glass's delta", "standard deviation of the second side")


@pytest.mark.parametrize(("before", "after"), [([], []), ([np.nan], [1.0]), ([9.0], [4.0]), ([9.0, 8], [4.0, 3])])
def test_pairs_without_spread_have_no_effect_size(before, after):
    assert all(map(is_without_numbers, paired_effects(before, after)))


@pytest.mark.parametrize(("first", "second", "has"), [
    ([], [], (False, False)), (A, [1.0], (False, False)), ([1.0], A, (False, False)),
    ([2.0, 2], [1.0, 1], (False, False)), (A, [1.0, 1], (False, True)), ([1.0, 1], A, (True, True))])
def test_sides_without_spread_have_no_effect_size(first, second, has):
    effects = group_effects(first, second)
    assert tuple(not is_without_numbers(effect) for effect in effects) == has


def test_changes_that_hardly_vary_have_no_interval():
    few = np.array([10.0, 10.00001, 9.99999])
    d_z, _ = paired_effects(few + 10, [10.0, 10, 10])
    assert d_z.estimate > 1e5
    assert (d_z.low, d_z.high) == (None, None)
    assert d_z.why.endswith(".")


def test_the_standardised_difference_of_means_agrees_with_r():
    (n1, n2), (mean1, mean2), (sd1, sd2), expected = r_standardised.AGE.values()
    effect = standardised_difference_of_means(np.append(with_moments(n1, mean1, sd1), np.nan),
                                              with_moments(n2, mean2, sd2))
    np.testing.assert_allclose(numbers(effect), expected, rtol=1e-6)


def test_the_standardised_difference_of_proportions_agrees_with_r():
    (m1, f1), (m2, f2), *expected = r_standardised.SEX
    np.testing.assert_allclose(numbers(standardised_difference_of_proportions(m1, m1 + f1, m2, m2 + f2)), expected,
                               rtol=1e-6)
    swapped = standardised_difference_of_proportions(m2, m2 + f2, m1, m1 + f1)
    np.testing.assert_allclose((-swapped.estimate, -swapped.high, -swapped.low), expected, rtol=1e-6)


@pytest.mark.parametrize(("counts1", "counts2", "expected"), [
    r_standardised.SEX[:3], r_standardised.EDEMA, r_standardised.STAGE])
def test_the_standardised_difference_of_categories_agrees_with_r(counts1, counts2, expected):
    effect = standardised_difference_of_categories(counts1, counts2)
    assert effect.estimate == pytest.approx(expected, rel=1e-9)
    assert (effect.low, effect.high) == (None, None)
    assert standardised_difference_of_categories(counts2[::-1], counts1[::-1]).estimate == pytest.approx(expected)
    assert standardised_difference_of_categories((*counts1, 0), (*counts2, 0)).estimate == pytest.approx(expected)


def test_a_category_of_one_side_only_still_has_a_distance():
    # By hand: covariances of the first two shares average to ((1/4, -1/8), (-1/8, 1/8)), the gap is (0, 1/2).
    assert standardised_difference_of_categories((5, 5, 0), (5, 0, 5)).estimate == pytest.approx(2)


@pytest.mark.parametrize("effect", [
    standardised_difference_of_means([], []), standardised_difference_of_means([1.0], A),
    standardised_difference_of_means([1.0, 1], [2.0, 2]), standardised_difference_of_proportions(0, 0, 1, 2),
    standardised_difference_of_proportions(1, 2, 0, 0), standardised_difference_of_proportions(0, 5, 0, 6),
    standardised_difference_of_proportions(5, 5, 0, 6), standardised_difference_of_categories((), ()),
    standardised_difference_of_categories((0, 0), (1, 2)), standardised_difference_of_categories((3,), (4,)),
    standardised_difference_of_categories((3, 0), (0, 4)),
    standardised_difference_of_categories((3, 2, 0, 0), (0, 0, 4, 1)),
], ids=range(12))
def test_what_cannot_be_standardised_says_why(effect):
    assert is_without_numbers(effect)


def test_one_side_without_spread_is_standardised_by_the_other():
    assert standardised_difference_of_means([1.0, 1], [2.0, 4]).estimate == pytest.approx(-2)
    assert standardised_difference_of_proportions(0, 5, 3, 6).estimate == pytest.approx(-np.sqrt(2))
