"""Values without the missing ones, and whether they differ at all."""

from __future__ import annotations

import numpy as np

_DIGITS = 9
"""Differences below 1e-9 come from rounding: 7.0 - 4.9 and 2.1 are the same change."""


def counted(values: np.ndarray) -> np.ndarray:
    """The values that are there, in their order, to nine decimals."""
    seen = np.asarray(values, dtype=float)
    return np.round(seen[~np.isnan(seen)], _DIGITS)


def has_spread(values: np.ndarray) -> bool:
    """Whether the values differ from one another, beyond the nine decimals kept; False for none and for one."""
    return len(values) > 1 and bool(values.min() != values.max())
