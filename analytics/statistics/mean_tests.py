"""Tests whether values differ between groups, or from 0 within pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.statistics.answers import INDEPENDENT, Test
from analytics.statistics.spread import counted, has_spread

MOST_FOR_EXACT_RANKS = 50
"""Values from which the ranks are compared with a normal distribution instead of with all orders, as R does."""


def two_means(values1: np.ndarray, values2: np.ndarray) -> tuple[Test, Test]:
    """Welch's t test and the Mann-Whitney test of two sides, two-sided.

    Parameters
    ----------
    values1, values2 : arrays of float
        Missing values (nan) are left out and not in ``n``.

    Returns
    -------
    welch, mann_whitney : Test
        The statistics are t, positive when the first side is higher, and U of the first side.

    Source
    ------
    Welch 1947, Biometrika 34:28; Mann and Whitney 1947, Ann Math Stat 18:50. All orders are counted where nothing
    is tied and both sides have fewer than 50 values, else the normal distribution with tie and continuity
    correction: the rule of R's ``wilcox.test``.
    """
    sides = counted(values1), counted(values2)
    return _welch(*sides), _mann_whitney(*sides)


def _welch(first: np.ndarray, second: np.ndarray) -> Test:
    from scipy.stats import ttest_ind_from_stats

    hindrance = _no_means_to_test([first, second])
    answer = None if hindrance else ttest_ind_from_stats(
        first.mean(), first.std(ddof=1), len(first), second.mean(), second.std(ddof=1), len(second), equal_var=False)
    return _answered("Welch t test", answer, hindrance or "Chosen because the spreads need not be equal.",
                     f"{INDEPENDENT} The means are near normal, as they are with 20 or more a side.", first, second)


def _mann_whitney(first: np.ndarray, second: np.ndarray) -> Test:
    from scipy.stats import mannwhitneyu

    pooled = np.concatenate([first, second])
    hindrance = "" if len(first) and len(second) else "A test needs at least one value on each side."
    if not hindrance and not has_spread(pooled):
        hindrance = "All values are the same, so there is nothing to tell apart."
    is_exact = max(len(first), len(second)) < MOST_FOR_EXACT_RANKS and len(np.unique(pooled)) == len(pooled)
    answer = None if hindrance else mannwhitneyu(first, second, method="exact" if is_exact else "asymptotic")
    return _answered("Mann-Whitney test", answer, hindrance or "Beside the means, because it compares ranks.",
                     f"{INDEPENDENT} It speaks of medians only where both sides have the same shape.", first, second)


def many_means(groups: Sequence[np.ndarray]) -> tuple[Test, Test]:
    """Welch's analysis of variance and the Kruskal-Wallis test of several groups.

    Parameters
    ----------
    groups : arrays of float, one a group
        Missing values (nan) and groups without a value are left out.

    Source
    ------
    Welch 1951, Biometrika 38:330; Kruskal and Wallis 1952, J Am Stat Assoc 47:583, with tie correction
    """
    from scipy.stats import f_oneway, kruskal

    sides = [side for side in map(counted, groups) if len(side)]
    hindrance = _no_means_to_test(sides)
    if not hindrance and not all(map(has_spread, sides)):
        hindrance = "The values of a group are all the same, so its error cannot be estimated."
    welch = None if hindrance else f_oneway(*sides, equal_var=False)
    first = _answered("Welch analysis of variance", welch, hindrance or "Chosen because the spreads need not be equal.",
                      f"{INDEPENDENT} The means are near normal, as they are with 20 or more a group.", *sides)
    hindrance = "" if len(sides) > 1 else "A test needs at least two groups with values."
    if not hindrance and not has_spread(np.concatenate(sides)):
        hindrance = "All values are the same, so there is nothing to tell apart."
    ranks = None if hindrance else kruskal(*sides)
    return first, _answered("Kruskal-Wallis test", ranks, hindrance or "Beside the means, because it compares ranks.",
                            f"{INDEPENDENT} It speaks of medians only where all groups have the same shape.", *sides)


def _no_means_to_test(sides: Sequence[np.ndarray]) -> str:
    """Why these groups leave nothing to test, in a sentence; empty where they do."""
    if len(sides) < 2 or min(map(len, sides)) < 2:
        return "A test needs at least two values in each of two groups or more."
    if not any(map(has_spread, sides)):
        return "The values within each group are all the same, so no error can be estimated."
    return ""


def paired(changes: np.ndarray) -> tuple[Test, Test]:
    """The paired t test and the Wilcoxon signed rank test of changes against 0, two-sided.

    Parameters
    ----------
    changes : array of float, one element a pair
        Missing values (nan) are left out.

    Returns
    -------
    t, wilcoxon : Test
        The statistics are t and the sum of the ranks of the positive changes. Wilcoxon leaves changes of 0 out,
        so its ``n`` may be smaller; tied changes share their mean rank.

    Source
    ------
    Student 1908, Biometrika 6:1; Wilcoxon 1945, Biometrics Bulletin 1:80. All signs are counted where nothing is
    tied or 0 and there are fewer than 50 changes, else the normal distribution with tie and continuity
    correction: the rule of R's ``wilcox.test``.
    """
    from scipy.stats import ttest_1samp

    seen = counted(changes)
    hindrance = "" if len(seen) > 1 else "A test needs at least two changes."
    if not hindrance and not has_spread(seen):
        hindrance = "All changes are the same, so no error can be estimated."
    answer = None if hindrance else ttest_1samp(seen, 0.0)
    t = _answered("Paired t test", answer, hindrance or "Chosen because each start has its own end.",
                  "The pairs are independent of each other. The mean change is near normal.", seen)
    return t, _signed_rank(seen)


def _signed_rank(changes: np.ndarray) -> Test:
    from scipy.stats import rankdata, wilcoxon

    moved = changes[changes != 0]
    name, assumptions = "Wilcoxon signed rank test", (
        "The pairs are independent of each other. The changes lie evenly around their median. Changes of 0 are left "
        "out.")
    if len(moved) == 0:
        why = "Nothing changed, so there is nothing to rank." if len(changes) else "A test needs at least one change."
        return Test(name, None, None, why, assumptions, (0,))
    ranks = rankdata(np.abs(moved))
    is_exact = len(moved) == len(changes) < MOST_FOR_EXACT_RANKS and len(np.unique(ranks)) == len(ranks)
    p = wilcoxon(moved, correction=not is_exact, method="exact" if is_exact else "asymptotic").pvalue
    return Test(name, float(p), float(ranks[moved > 0].sum()), "Beside the mean, because it compares ranks.",
                assumptions, (len(moved),))


def _answered(name: str, answer: object, why: str, assumptions: str, *sides: np.ndarray) -> Test:
    """A test in our words, from SciPy's answer or from None where nothing could be computed."""
    p = None if answer is None else float(answer.pvalue)
    statistic = None if answer is None else float(answer.statistic)
    return Test(name, p, statistic, why, assumptions, tuple(len(side) for side in sides))
