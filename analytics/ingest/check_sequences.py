"""Rows of one patient in the order of time: what cannot follow, follows too fast, or lies too late."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.definitions.instruments import Instrument
from analytics.ingest.cells import MISSING, number_in
from analytics.ingest.check import Checker
from analytics.ingest.records import NO_CODE, AssessmentRows, Rows, SessionRows, ValueRows
from analytics.ingest.repeats import one_key
from analytics.ingest.sheets import TIMINGS, Sheet, Words
from analytics.ingest.synonyms import squeezed
from analytics.statistics.order import in_order

JUMP_FRACTION = 0.9
"""A change of this part of an instrument's range from one day to the next is told: 27 to 0, not 20 to 4."""

SHORT_RECALL_DAYS = 1
"""Scales that ask of the last hours, as of pain, may fall from top to bottom in a day and are not judged."""

RARE_SHARE = 0.002
RARE_FEW = 2
"""Sessions on the day after another are told where at most so few, or this share, of a route's sessions do that:
in a clinic that often treats on consecutive days they say nothing."""

FEWEST_SESSIONS = 20
"""Sessions of a route before anything can be called rare for it."""

SERIES_GAP_DAYS = 14
"""Longer gaps are no part of a series, so they do not say how closely a patient is treated."""

DAILY_ROUTES = frozenset({"lozenge", "oral"})
"""Taken at home, day after day."""

_NUMBER_HEADERS = frozenset(
    f"{what}{word}" for what in ("session", "infusion", "treatment", "dose", "injection")
    for word in ("number", "no", "num", "nr", "index", "count"))
_COURSE_NUMBERS = ("courseno", "coursenumber", "episodenumber", "episodeno")
_BEFORE = TIMINGS.index("before")


def after_observed(checker: Checker, rows: Rows, until: np.ndarray) -> None:
    """Note rows after the last observed day of their patient."""
    last = until[rows.patient]
    is_after = (last != MISSING) & (rows.day > last)
    if is_after.any():
        checker.tell("after_observed", rows, np.flatnonzero(is_after))


def maintenance_first(checker: Checker, sessions: SessionRows, words: Words) -> None:
    """Note maintenance without a session before it that is an induction, or of which the phase is not known.

    Nothing is told where the files know no induction at all: then they hold maintenance alone, by intent.
    """
    phase = sessions.columns.get("phase")
    texts = words.column("phase").texts
    if phase is None or "induction" not in texts or "maintenance" not in texts:
        return
    is_maintenance = phase == texts.index("maintenance")
    if not (phase == texts.index("induction")).any() or not is_maintenance.any():
        return
    first = np.full(int(sessions.patient.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, sessions.patient[~is_maintenance], sessions.day[~is_maintenance].astype(np.int64))
    is_early = is_maintenance & (sessions.day < first[sessions.patient])
    if is_early.any():
        checker.tell("maintenance_first", sessions, np.flatnonzero(is_early), field="phase")


def timing_against_time(checker: Checker, rows: AssessmentRows) -> None:
    """Note scores before a session whose time of day is later than that of one during or after it."""
    timed = np.flatnonzero((rows.time != MISSING) & (rows.timing != NO_CODE))
    if not len(timed) or not (rows.timing[timed] != _BEFORE).any():
        return
    frame = pd.DataFrame({"patient": rows.patient[timed], "day": rows.day[timed], "time": rows.time[timed],
                          "is_before": rows.timing[timed] == _BEFORE})
    since = frame["time"].where(~frame["is_before"]).groupby([frame["patient"], frame["day"]]).transform("min")
    is_late = (frame["is_before"] & (frame["time"] > since)).to_numpy(bool)
    if is_late.any():
        checker.tell("timing_against_time", rows, timed[is_late], field="timing")


def score_jumps(checker: Checker, rows: AssessmentRows, instruments: dict[str, Instrument]) -> None:
    """Note two scores of consecutive days that lie nearly the whole range apart."""
    span = np.array([one.maximum - one.minimum for one in instruments.values()])
    recall = np.array([one.recall_days for one in instruments.values()])
    is_usable = ((rows.timing == NO_CODE) | (rows.timing == _BEFORE)) & ~np.isnan(rows.total)
    usable = np.flatnonzero(is_usable & (recall > SHORT_RECALL_DAYS)[rows.instrument])
    usable = usable[_on_next_days(one_key(rows.patient[usable], rows.instrument[usable]), rows.day[usable])]
    order = usable[in_order(rows.patient[usable], rows.instrument[usable], rows.day[usable])]
    one, next_one = order[:-1], order[1:]
    is_jump = ((rows.patient[one] == rows.patient[next_one]) & (rows.instrument[one] == rows.instrument[next_one])
               & (rows.day[next_one] - rows.day[one] == 1)
               & (np.abs(rows.total[next_one] - rows.total[one]) >= JUMP_FRACTION * span[rows.instrument[one]]))
    told = np.concatenate([one[is_jump], next_one[is_jump]])
    for place, (key, instrument) in enumerate(instruments.items()):
        mine = told[rows.instrument[told] == place]
        if len(mine):
            checker.tell("score_jump", rows, mine, field=key, title=instrument.title)


def _on_next_days(owner: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Positions of all rows of those owners who have rows on two consecutive days."""
    # One number a row, with a free one between the last day of an owner and the first of the next.
    low, width = int(day.min(initial=0)), int(day.max(initial=0)) - int(day.min(initial=0)) + 2
    keys = np.sort(owner.astype(np.int64) * width + (day - low))
    owners = np.unique(keys[1:][np.diff(keys) == 1] // width)
    return np.flatnonzero(pd.Series(owner).isin(owners)) if len(owners) else np.array([], dtype=np.int64)


def sessions_too_close(checker: Checker, sessions: SessionRows, words: Words) -> None:
    """Note sessions on the day after another, where that is rare for the route and for the patient."""
    routes = words.column("route").texts
    route = sessions.columns.get("route", np.full(len(sessions), NO_CODE))
    close = _on_next_days(sessions.patient, sessions.day)
    order = close[in_order(sessions.patient[close], sessions.day[close])]
    one, next_one = order[:-1], order[1:]
    gap = sessions.day[next_one] - sessions.day[one]
    is_series = (sessions.patient[one] == sessions.patient[next_one]) & (gap >= 1) & (gap <= SERIES_GAP_DAYS)
    is_next_day = is_series & (gap == 1)
    owner, n_patients = sessions.patient[next_one], int(sessions.patient.max(initial=0)) + 1
    n_gaps = np.bincount(owner[is_series], minlength=n_patients)
    n_short = np.bincount(owner[is_next_day], minlength=n_patients)
    is_next_day &= (2 * n_short < n_gaps)[owner]
    for code in np.unique(route[next_one[is_next_day]]):
        told = next_one[is_next_day & (route[next_one] == code)]
        n_route = int((route == code).sum())
        is_daily = code != NO_CODE and routes[code] in DAILY_ROUTES
        if not is_daily and n_route >= FEWEST_SESSIONS and len(told) <= max(RARE_FEW, RARE_SHARE * n_route):
            checker.tell("sessions_too_close", sessions, told)


def session_numbers(sheet: Sheet) -> list[tuple[str, ValueRows]]:
    """The columns of a table that count sessions, which nothing else is made of."""
    found = []
    for use in sheet.uses:
        if squeezed(use.header) not in _NUMBER_HEADERS or use.field not in (None, "attribute"):
            continue
        cells = sheet.cells(use)
        numbers = [number_in(text) for text in cells.texts]
        value = cells.spread(np.array([MISSING if one is None or one != int(one) or abs(one) > 10_000 else int(one)
                                       for one in numbers], dtype=np.int32), MISSING)
        place = sheet.session_place()
        file = np.full(len(sheet), sheet.file, dtype=np.int32)
        rows = ValueRows(sheet.patient, sheet.course, place.day, place.date, file, sheet.rows, value)
        found.append((use.header, rows))
    return found


def numbers_go_back(checker: Checker, header: str, rows: ValueRows) -> None:
    """Note session numbers that fall in the order of time; back to 1 is a new course."""
    day = rows.date if checker.axis == "date" else rows.day
    known = np.flatnonzero((day > MISSING + 1) & (rows.value != MISSING))
    back = _falls(rows.patient[known], day[known], rows.value[known], restart=1)
    for position in np.unique(rows.file[known[back]]):
        mine = known[back][rows.file[known[back]] == position]
        checker.log.add("numbers_go_back", checker.files[position], header, rows=rows.row[mine])


def course_numbers_go_back(checker: Checker, sessions: SessionRows, words: Words) -> None:
    """Note course ids that are numbers by their header and fall in the order of time."""
    counted = [file for file in np.unique(sessions.file)
               if squeezed(checker.header(file, "course_id") or "") in _COURSE_NUMBERS]
    if not counted:
        return
    numbers = [number_in(text) for text in words.courses.texts]
    value = np.array([np.nan if one is None else one for one in numbers] + [np.nan])[sessions.course]
    known = np.flatnonzero(np.isin(sessions.file, counted) & ~np.isnan(value))
    back = known[_falls(sessions.patient[known], sessions.day[known], value[known], restart=None)]
    if len(back):
        checker.tell("numbers_go_back", sessions, back, field="course_id")


def _falls(patient: np.ndarray, day: np.ndarray, value: np.ndarray, restart: int | None) -> np.ndarray:
    """Positions where a value is lower than the patient's one before it in time, and not a new start."""
    order = np.lexsort((value, day, patient))
    one, next_one = order[:-1], order[1:]
    is_back = (patient[one] == patient[next_one]) & (value[next_one] < value[one])
    if restart is not None:
        is_back &= value[next_one] > restart
    return next_one[is_back]
