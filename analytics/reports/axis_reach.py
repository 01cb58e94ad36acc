"""How far the value axis of a native chart reaches: office programs look at its values alone, and cut its intervals."""

from __future__ import annotations

import math

from analytics.reports.exhibits_data import Chart

_STEPS = (1, 2, 2.5, 5, 10)
_MOST_STEPS = 7


def reach(chart: Chart) -> tuple[float, float, float] | None:
    """Both ends and the step of an axis, in round numbers around every value and interval, and around 0.

    Missing for shares, whose axis is 0 to 100 %, and where nothing is drawn.
    """
    ends = [one for series in chart.series for many in (series.values, series.low, series.high) for one in many
            if one is not None]
    if chart.unit == "percent" or not ends:
        return None
    low, high = min(0.0, *ends), max(0.0, *ends)
    if low == high:
        return 0.0, 1.0, 1.0
    step = _step(high - low)
    # Rounding must not add a step to an end that lies on one.
    return step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9), step


def _step(width: float) -> float:
    """A round step of which few fit into a width."""
    size = 10.0 ** math.floor(math.log10(width / _MOST_STEPS))
    return next(size * one for one in _STEPS if width / (size * one) <= _MOST_STEPS)
