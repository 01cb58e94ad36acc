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
    given = np.array([np.nan if one is None else one for one in p], dtype=float)
    is_known = np.isfinite(given)
    adjusted = np.full(len(given), np.nan)
    known = given[is_known]
    order = np.argsort(known, kind="stable")
    # The smallest p times the number of tests, the next times one less, ..., and none below an earlier one.
    stepped = np.maximum.accumulate(known[order] * np.arange(len(known), 0, -1))
    corrected = np.empty(len(known))
    corrected[order] = np.minimum(stepped, 1.0)
    adjusted[is_known] = corrected
    return adjusted
