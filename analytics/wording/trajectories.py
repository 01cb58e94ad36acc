"""The course of scores in words: what it says, who is in it, and what cannot be said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.wording.definitions import counted_reason
from analytics.wording.numbers import (
    DASH,
    SMALLEST_SHOWN,
    SMALLEST_STABLE,
    count,
    isolated,
    listed,
    plural,
    points,
)
from analytics.wording.rates import NINETY_FIVE, NO_COURSE, TOO_FEW, UNSTABLE
from analytics.wording.trajectories_points import group_name, interval_text, is_shown, lines_of_n, window_names

AXES = {"day": "By day", "session": "By session"}
UNTIL = {"30": "30 days", "90": "90 days", "180": "180 days", "365": "365 days"}
PHASE_ROWS = {"induction": "\N{BLACK CIRCLE} Sessions of induction",
              "maintenance": "\N{BLACK DIAMOND} Sessions of maintenance",
              "booster": "\N{BLACK UP-POINTING TRIANGLE} Boosters"}
FROM_THE_INDEX = "Weeks from the first score"
AXIS_TITLES = {"day": "Weeks from the first session", "session": "Sessions before the score", "visit": "Visit"}

MOST_NAMED = 2
"""More scattered points than this are a number."""

LIMITS = ("Each point is of the courses that have a score there: those who stay in treatment are seen longer, so this "
          "is no curve of the same people, and it has no comparison without treatment.")
NO_SESSIONS = "The files hold no session before a score, so scores are shown by day."


def title(instrument: Instrument, axis: str, by: str | None = None) -> str:
    """The title of the curve."""
    return f"{instrument.title} by {axis}{f', each {by}' if by else ''}"


def last_place(one: Any) -> int | None:
    """The point that is spoken of: the last with half of those who started, else the last that may be shown."""
    later = is_shown(one) & (np.arange(len(one.n)) > 0)
    firm = np.flatnonzero(later & one.is_half)
    return int(firm[-1]) if len(firm) else int(np.flatnonzero(later)[-1]) if later.any() else None


def sentence(found: Any, instrument: Instrument) -> str:
    """What the curve says, at the last point that half of those who started are in."""
    if not found.whole.started:
        return f"{NO_COURSE}: no course has a score at the start and is eligible."
    if found.groups:
        return _groups_sentence(found, instrument)
    whole, place = found.whole, last_place(found.whole)
    if place is None:
        return (f"{plural(whole.started, 'course')} started; no later point holds {SMALLEST_SHOWN} courses or more, "
                f"{TOO_FEW.replace('percentage', 'mean')}.")
    name = window_names(found.windows)[place]
    of_half = ("the last point with half of those who started" if whole.is_half[place]
               else "where fewer than half of those who started have a score")
    return (f"{_where(found, name)}, {of_half}, the mean {instrument.title} was {points(float(whole.mean[place]))}"
            f"{interval_text(whole, place)}, from {points(float(whole.baseline_of_present[place]))} in the same "
            f"{plural(int(whole.n[place]), 'course')} at the start{unstable(int(whole.n[place]))}.")


def _where(found: Any, name: str) -> str:
    if found.windows.axis == "visit":
        return f"At “{name}”"
    return f"{name[:1].upper()}{name[1:]}" if found.windows.axis == "session" else f"In {name}"


def unstable(n: int) -> str:
    return f" ({UNSTABLE})" if n < SMALLEST_STABLE else ""


def _groups_sentence(found: Any, instrument: Instrument) -> str:
    """The groups at one point: the last where each of those that can be shown has half of its courses."""
    able = [one for one in found.groups if last_place(one) is not None]
    if not able:
        return f"No group holds {SMALLEST_SHOWN} courses or more after the start."
    place = min(last_place(one) or 0 for one in able)
    parts = [f"{isolated(group_name(one))} {points(float(one.mean[place]))} ({count(int(one.n[place]))} of "
             f"{count(one.started)}{', unstable' if one.n[place] < SMALLEST_STABLE else ''})"
             for one in able if is_shown(one)[place]]
    return (f"{_where(found, window_names(found.windows)[place])} the mean {instrument.title} was {listed(parts)}. "
            "The groups may differ in more than this.")


def remaining(found: Any) -> str:
    """Who is left: from when on fewer than half, how many at the end, and how they differ from those who started."""
    one, names = found.whole, window_names(found.windows)
    if not one.started:
        return ""
    shown = np.flatnonzero(is_shown(one))
    fewer = np.flatnonzero(~one.is_half)
    parts = []
    if len(fewer):
        parts.append(f"Fewer than half of the {plural(one.started, 'course')} that started have a score "
                     f"{_at(names, fewer)}: hollow marks and broken lines.")
    else:
        parts.append(f"At every point half or more of the {plural(one.started, 'course')} that started have a score.")
    if len(shown) and shown[-1] > 0:
        parts.append(_last_point(found, int(shown[-1])))
    return " ".join(parts)


def _at(names: Sequence[str], fewer: np.ndarray) -> str:
    """Points in words: a run to the end as "from week 4 on", up to two others by name, more of them as a number."""
    is_last = np.isin(np.arange(len(names)), fewer)
    run = len(names) - int(np.argmin(is_last[::-1])) if not is_last.all() else 0
    others = [names[place] for place in fewer if place < run]
    if len(others) > MOST_NAMED:
        return f"at {count(len(fewer))} of {count(len(names))} points"
    where = [f"{'' if one.startswith('after') else 'in '}{one}" for one in others]
    if run < len(names):
        where.append(f"{names[run]} and on" if names[run].startswith("after") else f"from {names[run]} on")
    return listed(where)


def _last_point(found: Any, place: int) -> str:
    one, name = found.whole, window_names(found.windows)[place]
    n = int(one.n[place])
    text = (f"{_where(found, name)} {'it is' if n == 1 else 'they are'} {count(n)}: at the start "
            f"{points(float(one.baseline_of_present[place]))} points on average, all who started "
            f"{points(float(one.baseline_of_present[0] if found.windows.has_start else one.mean[0]))}")
    if one.n_treated[place] < 0:
        return f"{text}."
    return (f"{text}; {count(int(one.n_treated[place]))} of the {count(n)} still had a session then or later, of all "
            f"who started {count(int(one.n_treated_started[place]))}.")


def legend(found: Any, *, has_band: bool, n_lines: int = 1) -> str:
    """What the marks mean, which score stands for a course, and where the numbers stand that the picture leaves out."""
    marks = [f"Mean with its {NINETY_FIVE} t interval"]
    if has_band:
        marks.append("shaded: the middle half of the scores")
    marks.append(f"hollow: fewer than half of those who started, or fewer than {SMALLEST_STABLE}")
    clustered = " Intervals allow for patients with more than one course." if found.whole.is_clustered.any() else ""
    n_written = sum(len(line) for line in lines_of_n(found.windows, n_lines))
    rest = " The table has the number of courses at every point." if n_written < len(found.windows) else ""
    return f"{'; '.join(marks)}. {_WHICH[found.windows.axis]}{clustered}{rest}"


_WHICH = {
    "day": f"A point is of the last score of each course in a window: days 1{DASH}3, then weeks (week 1 is days "
           f"4{DASH}10), after week 12 four weeks at a time.",
    "session": "A point is of the first score of each course after so many sessions; one on a session's day is before "
               "it.",
    "visit": "A point is of the scores at that visit.",
}


def who(found: Any, instrument: Instrument) -> str:
    """Who starts the curve and who does not: both make all courses."""
    measure = MEASURES[found.measure]
    parts = [counted_reason(number, key, instrument, measure) for key, number in found.left_out.items()]
    starts = f"{count(found.whole.started)} of {plural(found.courses, 'course')} start the curve"
    return f"{'; '.join((starts, *parts))}."


def more_groups(found: Any) -> str:
    """What is said of groups that are not drawn."""
    rest = found.n_groups - len(found.groups)
    return f"The {len(found.groups)} largest of {found.n_groups} groups are drawn." if rest > 0 else ""


def sessions_sentence(shares: Any, axis: str) -> str:
    """What the marks under the axis are."""
    what = ("whose session of that number was of the induction or of maintenance" if axis == "session"
            else "with a session in the window")
    boosters = ("; a booster is a course of its own and stands here on the days of the course before it"
                if shares.has_boosters else "")
    return f"Marks under the axis: the larger, the more of the courses that started {what}{boosters}."
