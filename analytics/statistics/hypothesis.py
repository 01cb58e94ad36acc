"""Tests: a p with the name of the test, why it was chosen, what it assumes, and how many values it used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.statistics.answers import Test
from analytics.statistics.mean_tests import many_means, paired, two_means
from analytics.statistics.proportion_tests import many_proportions, two_proportions

__all__ = ["Test", "holm", "many_means", "many_proportions", "paired", "two_means", "two_proportions"]


def holm(p: Sequence[float | None]) -> np.ndarray:
    """The p values after Holm's correction for their number.

    Parameters
    ----------
    p : p values; None or nan is a test that could not be computed
        It stays missing and is not counted among the tests.

    Source
    ------
    Holm 1979, Scand J Stat 6:65
    """
    from statsmodels.stats.multitest import multipletests

    given = np.array([np.nan if one is None else one for one in p], dtype=float)
    is_known = np.isfinite(given)
    adjusted = np.full(len(given), np.nan)
    if is_known.any():
        adjusted[is_known] = multipletests(given[is_known], method="holm")[1]
    return adjusted
