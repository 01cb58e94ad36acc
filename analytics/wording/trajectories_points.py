"""The points of a curve in words: their names, labels and numbers under the axis, marks, and the table of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analytics.wording.numbers import (
    DASH,
    SMALLEST_SHOWN,
    SMALLEST_STABLE,
    count,
    percent,
    plural,
    points,
    points_range,
    sentence_case,
)
from analytics.wording.rates import NINETY_FIVE
from analytics.wording.rules import level

PHASES = {"induction": "induction", "maintenance": "maintenance", "booster": "boosters"}


def window_names(windows: Any) -> tuple[str, ...]:
    """Each window in words: start, days 1-3, week 2, after 4 sessions, or the visit's own name."""
    if windows.axis == "visit":
        return windows.labels
    later = tuple(zip(windows.first[1:], windows.last[1:], strict=True))
    if windows.axis == "session":
        return ("start", *(f"after {plural(int(first), 'session')}" for first, _ in later))
    return ("start", *(_days(int(first), int(last)) for first, last in later))


def _days(first: int, last: int) -> str:
    """Week k is day 7k - 3 to 7k + 3; what does not fit into weeks is named by its days."""
    week, end = (first + 3) // 7, (last - 3) // 7
    if first < 4:
        return f"days {first}{DASH}{last}"
    return f"week {week}" if week == end else f"weeks {week}{DASH}{end}"


def window_spans(windows: Any) -> tuple[str, ...]:
    """What each window takes in, for the table."""
    if windows.axis == "visit":
        return ("",) * len(windows)
    if windows.axis == "session":
        return ("baseline", *("first after it",) * (len(windows) - 1))
    spans = (f"days {first}{DASH}{last}"
             for first, last in zip(windows.first[1:], windows.last[1:], strict=True))
    return ("baseline", *spans)


def ticks(windows: Any, most: int = 8) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Which windows have a label under the axis, so far apart that one can be read on a phone, and the labels."""
    at = windows.at
    apart = (at[-1] - at[0]) / most if len(at) else 0
    chosen: list[int] = []
    for place in range(len(at)):
        if not chosen or at[place] - at[chosen[-1]] >= apart - 1e-9:
            chosen.append(place)
    return tuple(chosen), tuple(_tick(windows, place) for place in chosen)


def lines_of_n(windows: Any, n_lines: int, most: int = 8) -> tuple[tuple[int, ...], ...]:
    """Which points have their number on which line under the axis: first the labelled ones, the others below them.

    So few on a line that they can be read on a phone; a point for which no line has room is in the table alone.
    """
    at, (labelled, _) = windows.at, ticks(windows, most)
    apart = (at[-1] - at[0]) / most if len(at) else 0
    lines: list[list[int]] = [list(labelled), *([] for _ in range(n_lines - 1))]
    for place in sorted(set(range(len(at))) - set(labelled)):
        free = next((line for line in lines[1:] if not line or at[place] - at[line[-1]] >= apart - 1e-9), None)
        if free is not None:
            free.append(place)
    return tuple(tuple(line) for line in lines if line)


def _tick(windows: Any, place: int) -> str:
    if windows.axis == "visit":
        return windows.labels[place]
    if place == 0:
        return "start"
    if windows.axis == "session":
        return str(windows.first[place])
    week, end = (windows.first[place] + 3) // 7, (windows.last[place] - 3) // 7
    if windows.first[place] < 4:
        return f"{windows.at[place] / 7:.1f}"
    return str(week) if week == end else f"{week}{DASH}{end}"


def is_shown(one: Any) -> np.ndarray:
    """Whether each point may be shown: of fewer courses no mean is."""
    return one.n >= SMALLEST_SHOWN


def is_firm(one: Any) -> np.ndarray:
    """Whether each point is drawn full: half or more of those who started, and not fewer than is stable."""
    return one.is_half & (one.n >= SMALLEST_STABLE)


def group_name(one: Any) -> str:
    """A group by its value, the whole as all courses."""
    return ", ".join(level(name, value) for name, value in one.stratum.items()) or "All courses"


def interval_text(one: Any, place: int) -> str:
    if np.isnan(one.low[place]):
        return ""
    return f" ({NINETY_FIVE} interval {points_range(float(one.low[place]), float(one.high[place]))})"


_SCORES = {"day": "Last score of", "session": "Score", "visit": ""}
_ABSENT = {"next_course": "Next course had begun", "not_yet": "Not known so long", "fewer_sessions": "Fewer sessions",
           "no_score": "No score there"}


def header(found: Any, shares: Any | None) -> tuple[str, ...]:
    """The head of the table behind the curve."""
    reasons = tuple(_ABSENT[name] for name in found.whole.absent)
    phases = tuple(f"Session: {PHASES[name]}" for name in shares.n) if shares is not None else ()
    group = ("Group",) if found.groups else ()
    return (*group, "Point", _SCORES[found.windows.axis], "Courses", "Mean", f"{NINETY_FIVE} interval",
            f"Middle half (25{DASH}75 %)", "Median", "Same courses at the start", *reasons, "", *phases)


def rows(found: Any, shares: Any | None) -> tuple[tuple[str, ...], ...]:
    """One row a point; of the whole, then of each group."""
    made = []
    for one in (found.whole, *found.groups):
        for place, (name, span) in enumerate(
                zip(window_names(found.windows), window_spans(found.windows), strict=True)):
            group = (group_name(one),) if found.groups else ()
            phases = tuple(_share_text(int(n[place]), shares.started) for n in shares.n.values()) if shares else ()
            if phases and one is not found.whole:
                phases = ("",) * len(phases)
            made.append((*group, sentence_case(name), span, *numbers_of(one, place), *phases))
    return tuple(made)


def numbers_of(one: Any, place: int) -> tuple[str, ...]:
    n = int(one.n[place])
    absent = tuple(count(int(counts[place])) for counts in one.absent.values())
    mark = point_mark(one, place)
    if n < SMALLEST_SHOWN:
        return (count(n), *(DASH,) * 5, *absent, mark)
    low, middle, high = (float(value) for value in one.quartiles[:, place])
    interval = DASH if np.isnan(one.low[place]) else points_range(float(one.low[place]), float(one.high[place]))
    return (count(n), points(float(one.mean[place])), interval, points_range(low, high), points(middle),
            points(float(one.baseline_of_present[place])), *absent, mark)


def point_mark(one: Any, place: int) -> str:
    """What must be known of a point before it is trusted."""
    n = int(one.n[place])
    marks = [] if one.is_half[place] else ["fewer than half"]
    if n < SMALLEST_SHOWN:
        marks.append("too few for a mean")
    elif n < SMALLEST_STABLE:
        marks.append("unstable")
    return ", ".join(marks)


def hover(one: Any, names: Sequence[str]) -> tuple[str, ...]:
    """What a pointer over each point says."""
    return tuple(
        f"{group_name(one)}, {name}: mean {points(float(one.mean[place]))}{interval_text(one, place)}, "
        f"{count(int(one.n[place]))} of {plural(one.started, 'course')}"
        + (f"; {point_mark(one, place)}" if point_mark(one, place) else "")
        if one.n[place] >= SMALLEST_SHOWN else "" for place, name in enumerate(names))


def _share_text(n: int, started: int) -> str:
    if started < SMALLEST_SHOWN:
        return f"{count(n)} of {count(started)}"
    return f"{count(n)} ({percent(n / started)})" if started else count(n)


def share_hover(name: str, n: np.ndarray, started: int, names: Sequence[str]) -> tuple[str, ...]:
    """What a pointer over each mark of sessions says."""
    return tuple(f"{PHASES[name]}, {window}: {_share_text(int(one), started)} of {plural(started, 'course')}"
                 for one, window in zip(n, names, strict=True))
