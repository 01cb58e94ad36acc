"""Tipping points: how those lost would have to have fared for what is said to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.statistics.differences import miettinen_nurminen

GRID = 41
"""So many values a side, at most, in the picture."""

TRIED = 65
"""So many numbers are tried at once in the search for an end."""

_ALLOWANCE = 1e-9

Interval = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Side:
    """What is known of one group.

    Attributes
    ----------
    achieved, counted : int, courses that achieved the measure, of those followed
    lost : int, courses that would have counted had they been followed
    """

    achieved: int
    counted: int
    lost: int


@dataclass(frozen=True)
class TippingPoint:
    """What those lost do to the conclusion of a comparison.

    Attributes
    ----------
    conclusion : int or None, among those followed: 1 the interval says the first side did better, -1 worse, 0 it
        does not tell; None where a side has nobody followed
    kept_first, kept_second : (int, int) or None: the conclusion stays if so many of those lost on this side, from
        and to, achieved it, while those lost on the other side fared as its followed; None where it stays for no number
    at_worst, at_best : int or None, the conclusion if all those lost on the first side failed and all those on the
        second achieved it, and the other way round
    why : str, why there is no conclusion; else empty
    """

    conclusion: int | None
    kept_first: tuple[int, int] | None
    kept_second: tuple[int, int] | None
    at_worst: int | None
    at_best: int | None
    why: str

    @property
    def is_always_kept(self) -> bool:
        """Whether nothing that may have become of those lost changes the conclusion."""
        return self.conclusion is not None and self.conclusion == self.at_worst == self.at_best


def achieved_for_line(achieved: np.ndarray, counted: np.ndarray, lost: np.ndarray, line: float) -> np.ndarray:
    """How many of those lost must have achieved it for the rate of all to reach a line.

    Parameters
    ----------
    achieved, counted, lost : arrays of counts, one element a stratum
    line : float, a rate, 0 to 1; exactly reached counts

    Returns
    -------
    array of float, whole numbers from 0 (reached even if all of them failed) to lost
        Missing (nan) where it is not reached even if all of them achieved it, and where there is no course.

    Raises
    ------
    ValueError
        Where line is not a rate.

    Source
    ------
    Arithmetic of the bounds of Manski 1989, J Hum Resour 24:343
    """
    if not 0 <= line <= 1:
        raise ValueError(f"A line lies between 0 and 1; this one is {line}.")
    achieved, counted, lost = (np.asarray(one, dtype=float) for one in (achieved, counted, lost))
    needed = np.maximum(np.ceil(line * (counted + lost) - achieved - _ALLOWANCE), 0.0)
    return np.where((needed <= lost) & (counted + lost > 0), needed, np.nan)


def tipping_point(first: Side, second: Side, interval: Interval = miettinen_nurminen) -> TippingPoint:
    """How those lost would have to have fared for the conclusion of a comparison to change.

    Parameters
    ----------
    first, second : Side
    interval : the interval of the difference of two rates that the conclusion is read from

    Returns
    -------
    TippingPoint
        "Fared as its followed" is their rate times those lost, to the nearest course, a half up.

    Source
    ------
    Yan, Lee and Li 2009, J Biopharm Stat 19:1085; the conclusion moves one way as more achieve it, so that what
    is kept is a stretch, and only its ends are looked for.
    """
    if not first.counted or not second.counted:
        return TippingPoint(None, None, None, None, None, "A side has no course that was followed to its end.")

    def told(more_first: np.ndarray, more_second: np.ndarray) -> np.ndarray:
        return _conclusions(first, second, more_first, more_second, interval)

    conclusion = int(_read(interval(*(np.array([one]) for one in (
        first.achieved, first.counted, second.achieved, second.counted))))[0])
    usual_first, usual_second = _as_followed(first), _as_followed(second)
    at_worst, at_best = told(np.array([0, first.lost]), np.array([second.lost, 0]))
    return TippingPoint(
        conclusion, _kept(first.lost, conclusion, lambda more: told(more, usual_second)),
        _kept(second.lost, -conclusion, lambda more: -told(usual_first, more)), int(at_worst), int(at_best), "")


def tipping_grid(
    first: Side, second: Side, interval: Interval = miettinen_nurminen
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The conclusion for what may have become of those lost, for a picture.

    Returns
    -------
    achieved_first, achieved_second : arrays of int, how many of those lost achieved it: 0 to all, 41 values at most
    conclusion : array of int, shape (first, second), as that of TippingPoint
        Empty where a side has no course that was followed to its end.
    """
    values = [np.unique(np.linspace(0, side.lost, GRID).round().astype(int)) for side in (first, second)]
    if not first.counted or not second.counted:
        return *values, np.zeros((0, 0), dtype=int)
    return *values, _conclusions(first, second, values[0][:, None], values[1][None, :], interval)


def _conclusions(
    first: Side, second: Side, more_first: np.ndarray, more_second: np.ndarray, interval: Interval
) -> np.ndarray:
    return _read(interval(first.achieved + more_first, first.counted + first.lost,
                          second.achieved + more_second, second.counted + second.lost))


def _read(ends: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """1 where an interval lies above 0, -1 where below, 0 where it holds 0."""
    low, high = ends
    return np.where(low > 0, 1, np.where(high < 0, -1, 0))


def _as_followed(side: Side) -> int:
    return (2 * side.achieved * side.lost + side.counted) // (2 * side.counted)


def _kept(lost: int, conclusion: int, told: Callable[[np.ndarray], np.ndarray]) -> tuple[int, int] | None:
    """From and to how many the conclusion stays, when it only rises with their number."""
    start = _first_number(lost, lambda more: told(more) >= conclusion)
    end = _first_number(lost, lambda more: told(more) > conclusion) - 1
    return (start, end) if start <= end else None


def _first_number(lost: int, is_reached: Callable[[np.ndarray], np.ndarray]) -> int:
    """The first of 0 to lost from which on it is reached, lost + 1 where it never is; many are tried at once."""
    start, end = 0, lost + 1
    while start < end:
        tried = np.unique(np.linspace(start, end - 1, TRIED).astype(int))
        reached = np.append(is_reached(tried), True)
        place = int(reached.argmax())
        start, end = tried[place - 1] + 1 if place else start, np.append(tried, end)[place]
    return int(start)
