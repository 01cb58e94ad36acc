"""On which side of a line a score lies."""

from __future__ import annotations

import numpy as np

from analytics.definitions.instruments import ALLOWANCE, CutOff


def is_beyond(total: np.ndarray, line: CutOff) -> np.ndarray:
    """Whether each total is beyond a line; False where the total is nan. Exact within ``ALLOWANCE``."""
    match line.comparison:
        case ">=":
            return total >= line.value - ALLOWANCE
        case ">":
            return total > line.value + ALLOWANCE
        case "<=":
            return total <= line.value + ALLOWANCE
        case "<":
            return total < line.value - ALLOWANCE
