"""The signals of a chart one by one: which rule, which periods, which way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.results.trends import TrendChart
from analytics.statistics.control_charts import RUN

Rule = Literal["outside", "run", "trend", "near_limit"]
State = Literal["too_few", "none", "better", "worse", "changed"]
"""What a chart says at a glance: too few periods to judge, no signal, or which way its newest signal points."""

_HAIR = 1e-9


@dataclass(frozen=True)
class Signal:
    """One signal of one rule.

    Attributes
    ----------
    places : the periods that belong to it, in order
    is_up : whether it lies above the centre, or rises
    """

    rule: Rule
    places: tuple[int, ...]
    is_up: bool


def signals_of(chart: TrendChart) -> tuple[Signal, ...]:
    """Every signal of a chart, by rule, then in order of time; neighbours of one rule on one side are one signal.

    Points near a limit that all lie outside it are a signal of the first rule alone.
    """
    seen = np.flatnonzero(chart.is_judged)
    side = np.sign(chart.values[seen] - chart.centre)
    near = [one for one in _in_rows("near_limit", chart.is_near_limit[seen], side, seen)
            if not chart.is_outside[list(one.places)].all()]
    return (*_in_rows("outside", chart.is_outside[seen], side, seen), *_in_rows("run", chart.is_run[seen], side, seen),
            *(_slopes(chart, seen) if chart.is_trend.any() else ()), *near)


def _in_rows(rule: Rule, flagged: np.ndarray, side: np.ndarray, seen: np.ndarray) -> list[Signal]:
    # Of three points in a row two are near the limit: one that is not may stand between them.
    reach = 2 if rule == "near_limit" else 1
    rows: list[list[int]] = []
    for place in np.flatnonzero(flagged):
        if rows and place - rows[-1][-1] <= reach and side[place] == side[rows[-1][-1]]:
            rows[-1].append(int(place))
        else:
            rows.append([int(place)])
    return [Signal(rule, tuple(int(seen[one]) for one in row), bool(side[row[0]] > 0)) for row in rows]


def _slopes(chart: TrendChart, seen: np.ndarray) -> list[Signal]:
    values = chart.values[seen]
    steps = np.diff(values)
    way = np.where(np.abs(steps) > _HAIR * np.maximum(1.0, np.abs(values[1:])), np.sign(steps), 0)
    rows = np.split(np.arange(len(way)), np.flatnonzero(way[1:] != way[:-1]) + 1)
    return [Signal("trend", tuple(int(seen[one]) for one in (*row, row[-1] + 1)), bool(way[row[0]] > 0))
            for row in rows if len(row) >= RUN - 1 and way[row[0]]]


def state_of(chart: TrendChart, signals: tuple[Signal, ...], direction: str) -> State:
    """What a chart says at a glance.

    Parameters
    ----------
    direction : what up means: benefit, harm, or process (neither better nor worse)

    Of several signals the one that reaches furthest to the right speaks; of two that end together the one of the
    earlier rule.
    """
    if not chart.can_speak:
        return "too_few"
    if not signals:
        return "none"
    newest = max(signals, key=lambda one: one.places[-1])
    if direction == "process":
        return "changed"
    return "better" if newest.is_up == (direction == "benefit") else "worse"
