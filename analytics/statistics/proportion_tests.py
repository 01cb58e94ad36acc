"""Tests whether proportions differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.statistics.answers import INDEPENDENT, Test

SEED = 20_241_101
"""Where the draws of a simulated p begin, so that the same counts give the same p."""

RESAMPLES = 20_000
"""Tables drawn for a simulated p: at p = 0.05 its standard error is 0.0015."""

SMALLEST_EXPECTED = 5
"""An expected count below this asks for an exact test."""

MOST_TO_SIMULATE = 5_000_000
"""Groups times resamples: a second or two."""

MOST_FOR_BOSCHLOO = 400
"""Trials of both sides; beyond, the search takes many seconds."""

_FEW = f"an expected count is below {SMALLEST_EXPECTED}"
_ENOUGH = f"every expected count is {SMALLEST_EXPECTED} or more"


def two_proportions(x1: int, n1: int, x2: int, n2: int, *, exact: str | None = None) -> Test:
    """Whether two proportions differ, two-sided.

    Parameters
    ----------
    x1, n1, x2, n2 : successes and trials of each side, 0 <= x <= n
    exact : None or "boschloo"
        None takes Fisher's exact test where any expected count is below 5 (5 itself is enough), else Pearson's
        chi-square without continuity correction. "boschloo" takes Boschloo's exact test, up to 400 trials.

    Raises
    ------
    ValueError
        When ``exact`` is something else.

    Source
    ------
    Campbell 2007, Stat Med 26:3661 (when which); Boschloo 1970, Statistica Neerlandica 24:1. Fisher's two-sided p
    adds the tables that are no likelier than the one seen; Boschloo's doubles the smaller one-sided p.
    """
    if exact not in (None, "boschloo"):
        raise ValueError(f'Needed None or "boschloo" as the exact test, got {exact!r}.')
    seen, sizes = np.array([x1, x2]), np.array([n1, n2])
    if exact == "boschloo":
        return _boschloo(seen, sizes)
    if _smallest_expected(seen, sizes) >= SMALLEST_EXPECTED:
        return _pearson(seen, sizes)
    return _fisher(seen, sizes)


def many_proportions(
    x: Sequence[int], n: Sequence[int], *, seed: int = SEED, n_resamples: int = RESAMPLES
) -> Test:
    """Whether the proportions of several groups differ.

    Parameters
    ----------
    x, n : successes and trials, one element a group
        Groups without trials are left out.
    seed, n_resamples : of the simulated p
        Below an expected count of 5 the Fisher-Freeman-Halton p comes from tables drawn with the same margins;
        the table seen is counted among them, so p is never 0.

    Source
    ------
    Freeman and Halton 1951, Biometrika 38:141; Phipson and Smyth 2010, Stat Appl Genet Mol Biol 9:39 (counting
    the table seen)
    """
    sizes = np.asarray(n)
    seen, sizes = np.asarray(x)[sizes > 0], sizes[sizes > 0]
    if _smallest_expected(seen, sizes) >= SMALLEST_EXPECTED:
        return _pearson(seen, sizes)
    name = "Fisher-Freeman-Halton exact test, simulated"
    assumptions = f"{INDEPENDENT} The p comes from {n_resamples:,} drawn tables and is exact but for that."
    hindrance = _no_proportions_to_test(seen, sizes)
    if not hindrance and len(sizes) * n_resamples > MOST_TO_SIMULATE:
        hindrance = f"There are too many small groups to compare at once ({len(sizes):,})."
    if hindrance:
        return Test(name, None, None, hindrance, assumptions, _whole(sizes))
    p = _freeman_halton(seen, sizes, np.random.default_rng(seed), n_resamples)
    return Test(name, p, None, f"Chosen because {_FEW}.", assumptions, _whole(sizes))


def _smallest_expected(seen: np.ndarray, sizes: np.ndarray) -> float:
    """The smallest count expected in any cell if all groups were alike; 0 where there is nobody."""
    total = sizes.sum()
    if total == 0:
        return 0.0
    return float(sizes.min() * min(seen.sum(), total - seen.sum()) / total)


def _no_proportions_to_test(seen: np.ndarray, sizes: np.ndarray) -> str:
    """Why these groups leave nothing to test, in a sentence; empty where they do."""
    if (sizes > 0).sum() < 2 or (sizes == 0).any():
        return "A test needs at least one count on each side."
    if seen.sum() == 0:
        return "None on any side counted, so there is nothing to tell apart."
    if seen.sum() == sizes.sum():
        return "All on every side counted, so there is nothing to tell apart."
    return ""


def _pearson(seen: np.ndarray, sizes: np.ndarray) -> Test:
    from scipy.special import chdtrc

    expected = sizes * seen.sum() / sizes.sum()
    # Both rows of a table of successes and failures deviate by the same counts.
    deviations = (seen - expected) ** 2
    statistic = float((deviations / expected + deviations / (sizes - expected)).sum())
    return Test("Pearson chi-square, no continuity correction", float(chdtrc(len(sizes) - 1, statistic)), statistic,
                f"Chosen because {_ENOUGH}.", INDEPENDENT, _whole(sizes))


def _fisher(seen: np.ndarray, sizes: np.ndarray) -> Test:
    from scipy.stats import fisher_exact

    hindrance = _no_proportions_to_test(seen, sizes)
    p = None if hindrance else float(fisher_exact(np.array([seen, sizes - seen])).pvalue)
    assumptions = f"{INDEPENDENT} Cautious: true differences are missed more often than with other tests."
    return Test("Fisher's exact test", p, None, hindrance or f"Chosen because {_FEW}.", assumptions, _whole(sizes))


def _boschloo(seen: np.ndarray, sizes: np.ndarray) -> Test:
    from scipy.stats import boschloo_exact

    hindrance = _no_proportions_to_test(seen, sizes)
    if not hindrance and sizes.sum() > MOST_FOR_BOSCHLOO:
        hindrance = f"Boschloo's test takes too long beyond {MOST_FOR_BOSCHLOO} in all; the usual test is as good here."
    p = None if hindrance else min(float(boschloo_exact(np.array([seen, sizes - seen])).pvalue), 1.0)
    return Test("Boschloo's exact test", p, None, hindrance or "Chosen by the person.", INDEPENDENT, _whole(sizes))


def _freeman_halton(seen: np.ndarray, sizes: np.ndarray, rng: np.random.Generator, n_resamples: int) -> float:
    """Share of drawn tables that are no likelier than the one seen."""
    from scipy.special import gammaln

    drawn = rng.multivariate_hypergeometric(sizes, int(seen.sum()), size=n_resamples, method="marginals")
    tables = np.vstack([seen, drawn])
    likelihood = -(gammaln(tables + 1) + gammaln(sizes - tables + 1)).sum(axis=1)
    # Tables as likely as the one seen differ from it by rounding only.
    return float((likelihood[1:] <= likelihood[0] + 1e-9).sum() + 1) / (n_resamples + 1)


def _whole(sizes: np.ndarray) -> tuple[int, ...]:
    return tuple(int(size) for size in sizes)
