"""The calendar of trends: months, quarters and years of day 0, in internal mode alone finer than a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.courses.sessions import CourseSessions
from analytics.results.cohorts import groupable_names

Unit = Literal["month", "quarter", "year"]

MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12}
"""Calendar units, finest first, with their months."""

_START_YEAR = "start_year"
_YEAR = re.compile(r"(19|20)\d\d")
_OTHER_YEARS = re.compile(r"birth|born|dob|diagnos|onset|death|graduat", re.IGNORECASE)


@dataclass(frozen=True)
class Periods:
    """Periods in a row, empty ones included.

    Attributes
    ----------
    unit : month, quarter or year
    first : the first period, counted in such units since the year 0
    n : how many there are
    of_course : the place of each course's period, -1 where it has none
    is_over : whether each period had ended by the day the figures speak for; an open end counts as not over
    is_whole : whether the files reach back to the period's first day
    attribute : the attribute of the files that the years come from; missing where there are dates
    """

    unit: Unit
    first: int
    n: int
    of_course: np.ndarray
    is_over: np.ndarray
    is_whole: np.ndarray
    attribute: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """2024-03, 2024-Q1 or 2024."""
        return tuple(_label(self.first + place, self.unit) for place in range(self.n))

    def spot_of(self, when: str) -> float | None:
        """Where a year (YYYY) or a date (YYYY-MM-DD) lies on an axis of places; missing outside.

        A period reaches from half a place before its own to half a place after. A year lies in the middle of its
        period where periods are years, else at its beginning.
        """
        months = MONTHS[self.unit]
        if len(when) == 4:
            place = int(when) * 12 // months - self.first
            spot = float(place) if self.unit == "year" else place - 0.5
        else:
            on = np.datetime64(date.fromisoformat(when), "D")
            place = int(_numbers(on[None], self.unit)[0]) - self.first
            start, end = _first_days(np.array([0, 1]) + self.first + place, self.unit)
            spot = place - 0.5 + float((on - start) / (end - start))
        return spot if 0 <= place < self.n else None


def _label(number: int, unit: Unit) -> str:
    if unit == "year":
        return f"{number}"
    each = 12 // MONTHS[unit]
    year, part = divmod(number, each)
    return f"{year}-Q{part + 1}" if unit == "quarter" else f"{year}-{part + 1:02}"


def units_of(of: Outcomes, is_internal: bool) -> tuple[Unit, ...]:
    """The calendar units that may be shown, finest first; none where the files hold neither dates nor years.

    Parameters
    ----------
    is_internal : whether the dataset keeps real dates for the inside; without it the year is the finest
    """
    if is_internal and _has_dates(of):
        return tuple(MONTHS)
    return ("year",) if _has_dates(of) or year_attribute(of) is not None else ()


def _has_dates(of: Outcomes) -> bool:
    return of.axis == "date" and "started_on" in of.courses


def year_attribute(of: Outcomes) -> str | None:
    """The attribute of the files that says the year: that of the start, else the first whose every value is one.

    Years of something else (of birth, of the diagnosis) are none.
    """
    names = [name for name in groupable_names(of) if not _OTHER_YEARS.search(name)]
    found = [name for name in sorted(names, key=lambda name: (name != _START_YEAR, name)) if _is_year(of, name)]
    return found[0] if found else None


def _is_year(of: Outcomes, name: str) -> bool:
    words = of.courses[name].dropna().astype("str").unique()
    return len(words) > 0 and all(_YEAR.fullmatch(word) for word in words)


def periods(of: Outcomes, unit: Unit) -> Periods:
    """The periods from the first course's to the day the figures speak for; a course belongs to that of its day 0.

    Raises
    ------
    ValueError
        When the files hold neither dates nor years, or no dates and something finer than a year is asked for.
    """
    if not units_of(of, is_internal=True):
        raise ValueError("Dates, or an attribute that holds years, were needed; the files hold neither.")
    if _has_dates(of):
        return _by_date(of, unit)
    if unit != "year":
        raise ValueError(f"Real dates were needed for a {unit}; the files hold years.")
    return _by_year(of)


def _by_date(of: Outcomes, unit: Unit) -> Periods:
    started = of.courses["started_on"].to_numpy("datetime64[D]")
    is_known = ~np.isnat(started)
    own = _numbers(started, unit)
    if not is_known.any():
        return Periods(unit, 0, 0, np.full(len(own), -1), np.empty(0, bool), np.empty(0, bool))
    first, until = int(own[is_known].min()), int(own[is_known].max())
    last_day = None if of.as_of is None else np.datetime64(of.as_of, "D")
    if last_day is not None:
        until = max(until, int(_numbers(last_day[None], unit)[0]))
    n = until - first + 1
    starts = _first_days(np.arange(first, first + n + 1), unit)
    is_over = np.zeros(n, bool) if last_day is None else starts[1:] <= last_day + 1
    return Periods(unit, first, n, np.where(is_known, own - first, -1), is_over, starts[:-1] >= _earliest(of))


def _numbers(days: np.ndarray, unit: Unit) -> np.ndarray:
    """The number of each day's period since the year 0; of no use where the day is not known."""
    whole = days.astype("datetime64[D]").astype(np.int64)
    known = whole[~np.isnat(days)]
    first, last = (int(known.min()), int(known.max())) if len(known) else (0, 0)
    if last - first < len(days):
        # Many days and few different ones: their months are looked up, which is several times quicker.
        calendar = np.arange(first, last + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        months = calendar[np.clip(whole, first, last) - first]
    else:
        months = days.astype("datetime64[M]").astype(np.int64)
    return (months + 1970 * 12) // MONTHS[unit]


def _first_days(numbers: np.ndarray, unit: Unit) -> np.ndarray:
    return (numbers * MONTHS[unit] - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")


def _earliest(of: Outcomes) -> np.datetime64:
    """The first date of a session, or of a score where the files hold no session."""
    table = of.tables.assessments if of.tables.sessions.empty else of.tables.sessions
    return np.datetime64(int(table["day"].min()), "D")


def _by_year(of: Outcomes) -> Periods:
    """Years of an attribute: the last is not known to be over, nor the first to be whole."""
    name = year_attribute(of)
    assert name is not None, "Years are asked for where an attribute holds them."
    # A category of the courses carries the words of every attribute.
    column = of.courses[name].astype("category").cat.remove_unused_categories()
    years = np.append(column.cat.categories.to_numpy(object).astype(int), 0)[column.cat.codes.to_numpy()]
    is_known = years > 0
    first, last = int(years[is_known].min()), int(years[is_known].max())
    n = last - first + 1
    return Periods("year", first, n, np.where(is_known, years - first, -1), np.arange(n) < n - 1, np.arange(n) > 0,
                   name)


def session_places(of: Outcomes, found: Periods, sessions: CourseSessions) -> np.ndarray:
    """The place of each session's period, -1 where it has none.

    Where years come from an attribute, a session belongs to the year of its course.
    """
    if found.attribute is not None:
        return np.append(found.of_course, -1)[sessions.course]
    day = of.tables.sessions["day"].to_numpy(np.int64)[sessions.row] if len(sessions) else np.empty(0, np.int64)
    place = _numbers(day.astype("datetime64[D]"), found.unit) - found.first
    return np.where((place >= 0) & (place < found.n), place, -1)
