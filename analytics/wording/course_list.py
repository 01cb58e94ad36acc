"""The list of courses in words: which it holds, its columns, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.courses.series import Series
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import LEFT_OUT, MEASURES
from analytics.definitions.nhs import NhsScales
from analytics.results.attention import Attention
from analytics.results.course_list import NO, YES, CourseRows
from analytics.results.worklist import CLOSING_DAYS, Worklist
from analytics.wording.definitions import REASON_TITLES, measure_title, outcome_verb, reason
from analytics.wording.numbers import count, plural
from analytics.wording.one_course import KINDS

SORTS = {"patient": "Patient", "start": "Start", "sessions": "Sessions", "baseline": "Score before",
         "endpoint": "Score after", "change": "Change", "outcome": "Outcome"}
WAYS = {"up": "Smallest first", "down": "Largest first"}

COLUMNS = {"No.": "The patient's first course is 1; boosters are courses of their own.",
           "Before": "The score that stands for the start.", "After": "The score that stands for the end.",
           "Better by": "Points in the good direction; below 0 is worse.",
           "Day after": "Day of the score after, from the first session.",
           "Days left": "Until the last day of the window; 0 is today."}
"""What stands in a column."""

NO_ROWS = ("Single courses are shown only to people who may see patients' rows: on the computer that runs this "
           "dashboard, with the server address set to localhost. Every figure stays available on the other pages.")

AS_LISTS = "A list to work through, made from the files as they were loaded. It watches nothing and alerts nobody."

NO_DAYS = "Whether a response was lost later cannot be told from visits without days."

NO_WORKLIST = {
    "no_dates": "A worklist needs calendar dates. These files hold days or visits, or their dates were turned into "
                "days when they were loaded; load them in the internal view that keeps real dates.",
    "no_window": "Under these rules no endpoint window closes, so nobody is due. Choose rules with a window.",
}


def lists(measure: str) -> dict[str, str]:
    """What each list is called under a measure."""
    verb = "improved" if MEASURES[measure].kind == "mean" else outcome_verb(MEASURES[measure])
    return {
        "all": "All courses", "judged": "Those judged", "responders": verb[:1].upper() + verb[1:],
        "not": f"Judged, not so: {measure_title(MEASURES[measure]).lower()}", "left_out": "Left out",
        "worse": "Worse at endpoint", "lost": "Lost response", "item9": "Item 9 positive at the last score",
        "worklist": "Follow-up worklist"}


def reasons(measure: str, instrument: Instrument | NhsScales) -> dict[str, str]:
    """What each reason to leave a course out is called."""
    return {"none": "Any reason", **{
        key: f"{REASON_TITLES[key]} ({reason(key, instrument, MEASURES[measure])})" for key in LEFT_OUT}}


def bands(instrument: Instrument) -> dict[str, str]:
    """What each severity band at the start or end is called."""
    found = {"none": "Any severity"}
    for side, words in (("start", "at the start"), ("end", "at the end")):
        found |= {f"{side}_{place}": f"{band.label} {words}" for place, band in enumerate(instrument.bands)}
    return found


def lead(n: int, name: str, measure: str, why: str, instrument: Instrument | NhsScales, band: str = "") -> str:
    """How many courses are listed, and which; ``band`` is the severity that is asked for, in words."""
    title, verb = measure_title(MEASURES[measure]), lists(measure)["responders"].lower()
    about = {
        "all": "in the cohort", "judged": f"that could be judged: {title.lower()}", "responders": f"that {verb}",
        "not": f"that could be judged and are not among those that {verb}",
        "left_out": f"left out of the rate: {title.lower()}",
        "worse": f"that ended worse than they began on {instrument.title}",
        "lost": "that responded at endpoint and lost the response later",
        "item9": "of patients who answered item 9 with 1 or more when they last filled in a scale that asks it",
        "worklist": f"with an endpoint window that is open or closes within {CLOSING_DAYS} days",
    }[name]
    more = f", {reason(why, instrument, MEASURES[measure])}" if name == "left_out" and why != "none" else ""
    return f"{plural(n, 'course')} {about}{more}{band and f', {band}'}."


def place(first: int, last: int, n: int) -> str:
    """Which rows of how many are shown."""
    return "No course to show" if n == 0 else f"{count(first)} to {count(last)} of {plural(n, 'course')}"


def outcome_words(rows: CourseRows, course: np.ndarray) -> np.ndarray:
    """What each course counts as, or why it is left out."""
    names = lists(rows.measure)
    texts = [REASON_TITLES[key] for key in LEFT_OUT]
    yes, no = names["responders"], "Did not improve" if MEASURES[rows.measure].kind == "mean" else "Not so"
    labels = np.array([*texts, no, yes], dtype=object)
    flags = rows.flag[course]
    return labels[np.where(flags == YES, len(texts) + 1, np.where(flags == NO, len(texts), rows.reason[course]))]


def table(
    of: Outcomes, rows: CourseRows, course: np.ndarray, series: Series | None = None, *, with_dates: bool,
) -> pd.DataFrame:
    """The courses at some positions as a table with columns in words.

    Parameters
    ----------
    series : of the instrument, for the run of scores; left away without
    with_dates : whether the date of the first session may be shown; else its day, with the year where it is known
    """
    chosen = of.courses.iloc[course]
    columns: dict[str, object] = {"Patient": chosen["patient_id"].astype("str").to_numpy(object),
                                  "No.": chosen["course_number"].to_numpy(int)}
    if series is not None:
        columns["Scores"] = _runs(series, course)
    columns |= {
        "Before": _numbers(rows.baseline[course]), "After": _numbers(rows.endpoint[course]),
        "Better by": _numbers(rows.improvement[course]), "Outcome": outcome_words(rows, course),
        "Kind": np.array([KINDS[one] for one in chosen["kind"].cat.categories], dtype=object)[chosen["kind"].cat.codes],
        "Sessions": chosen["n_sessions"].to_numpy(float, na_value=np.nan),
        "Began": starts(of, course, with_dates=with_dates),
        "Day after": _numbers(rows.endpoint_day[course])}
    return pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})


def starts(of: Outcomes, course: np.ndarray, *, with_dates: bool) -> np.ndarray:
    """When each course began: the date, else the patient's own day and the year where the files tell it."""
    if of.axis == "date" and with_dates:
        started = of.courses["started_on"].to_numpy("datetime64[D]")[course]
        days = np.datetime_as_string(started).astype(object)
        days[np.isnat(started)] = np.nan
        return days
    day = np.full(len(course), "", dtype=object)
    if of.axis == "day":
        day = ("day " + of.courses["first_day"].iloc[course].astype("str")).to_numpy(object)
    if "start_year" not in of.courses:
        return day
    year = of.courses["start_year"].iloc[course].astype("str").fillna("").to_numpy(object)
    both = (day != "") & (year != "")
    return day + np.where(both, ", ", "").astype(object) + year


def _runs(series: Series, course: np.ndarray) -> list[list[float]]:
    """The scores of each course, by day."""
    first, last = (np.searchsorted(series.course, course, side=side) for side in ("left", "right"))
    return [series.total[one:other].tolist() for one, other in zip(first, last, strict=True)]


def _numbers(values: np.ndarray) -> np.ndarray:
    return np.round(values, 2)


def with_attention(shown: pd.DataFrame, found: Attention, course: np.ndarray, name: str) -> pd.DataFrame:
    """The table with the day that put each course on its list."""
    at = np.searchsorted(found.course, course)
    more = {"Lost on day" if name == "lost" else "Last score on day": _numbers(found.day[at])}
    if name == "item9":
        more = {"Item 9": _numbers(found.answer[at])} | more
    return _after(shown, more)


def with_windows(shown: pd.DataFrame, found: Worklist, course: np.ndarray) -> pd.DataFrame:
    """The table with the window of each course, which is on the worklist."""
    by_course = np.argsort(found.course)
    at = by_course[np.searchsorted(found.course, course, sorter=by_course)]

    def dates(days: Sequence[date]) -> list[str]:
        return [days[one].isoformat() for one in at]

    left = found.days_left[at]
    return _after(shown, {
        "Closes": dates(found.closes_on), "Days left": left,
        "Score in it": ["yes" if one else "not yet" for one in found.has_score[at]], "Opens": dates(found.opens_on)})


def _after(shown: pd.DataFrame, more: dict[str, object]) -> pd.DataFrame:
    """Further columns after patient and course."""
    added = pd.DataFrame({name: pd.Series(values) for name, values in more.items()})
    return pd.concat([shown.iloc[:, :2], added, shown.iloc[:, 2:]], axis=1)


def worklist_sentences(found: Worklist) -> tuple[str, ...]:
    """What the worklist rests on."""
    closing, without = int((found.days_left <= CLOSING_DAYS).sum()), int((~found.has_score).sum())
    closes = f"{plural(closing, 'window')} {'closes' if closing == 1 else 'close'} within {CLOSING_DAYS} days"
    said = [f"As of {found.on.isoformat()}: {closes}; {plural(without, 'course')} of the list "
            f"{_has(without)} no score in the window yet."]
    if found.n_without_start:
        more = plural(found.n_without_start, "more course")
        said.append(f"{more} with such a window {_has(found.n_without_start)} no starting score, so that a score now "
                    "could not be compared.")
    said.append("A window counts from the last induction session known on that day; another session moves it.")
    return tuple(said)


def _has(number: int) -> str:
    return "has" if number == 1 else "have"
