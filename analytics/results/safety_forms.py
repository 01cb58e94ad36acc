"""What the forms of the sessions say: yes, no or unknown for everything that is counted of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.courses.lines import is_beyond
from analytics.courses.outcomes import Outcomes
from analytics.courses.sessions import NO_COURSE, CourseSessions
from analytics.definitions.instrument import ALLOWANCE
from analytics.definitions.instruments_safety import CADSS
from analytics.definitions.safety import (
    LEFT_OUT_SESSIONS,
    LEVEL_SCALES,
    PRESSURE_CRITERIA,
    READINGS,
    SIDE_EFFECTS,
    PressureLines,
)
from analytics.results.safety_shares import COUNTED, Judged

INDUCTION, MAINTENANCE, BOOSTER = 0, 1, 2
PHASES = ("induction", "maintenance", "booster")
"""What a session is given for, in the order of its codes."""

AMOUNTS = ("cadss_peak", "cadss_leaving", "minutes_until_ready", "dose", *READINGS)
"""Columns of numbers."""

_NO_FORM, _NOT_ANSWERED, _BEFORE_ONLY, _NO_BEFORE, _NO_PEAK, _NOT_ABOVE, _NO_LEAVING = range(len(LEFT_OUT_SESSIONS))


@dataclass(frozen=True)
class Forms:
    """The sessions of counted courses with what stands on their forms, sorted by course, then day.

    Attributes
    ----------
    course, number, phase : arrays, one element a session: position in the courses of the outcomes; 1, 2, ... in the
        course; code in ``PHASES``, all 0 where ``has_phases`` is False
    amounts : numbers by column, nan where unknown; only columns that the files hold
    words : codes and words of route and dose unit by column, -1 where unknown
    judged : everything that is counted but blood pressure, whose lines can be chosen, by key of ``SESSION_MEASURES``
    is_filled : whether anything stands on the form: a side effect answered, a CADSS score, blood pressure, a level,
        or the minutes until ready
    levels : codes of ``LEVEL_SCALES`` by column, -1 where unknown
    n_elsewhere : known sessions of no counted course
    """

    course: np.ndarray
    number: np.ndarray
    phase: np.ndarray
    has_phases: bool
    amounts: dict[str, np.ndarray]
    words: dict[str, tuple[np.ndarray, tuple[str, ...]]]
    judged: dict[str, Judged]
    levels: dict[str, np.ndarray]
    is_filled: np.ndarray
    n_elsewhere: int

    def __len__(self) -> int:
        return len(self.course)

    def ranked(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Rank of every session's amount among the amounts that occur, -1 where unknown; and those amounts, sorted."""
        if name not in self._ranked:
            values = self.amounts.get(name, np.full(len(self), np.nan))
            known = ~np.isnan(values)
            ranks = np.full(len(self), -1)
            different, ranks[known] = np.unique(values[known], return_inverse=True)
            self._ranked[name] = ranks, different
        return self._ranked[name]

    @cached_property
    def _ranked(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """What was ranked so far: a filter looks at some of the same sessions again."""
        return {}

    @property
    def has_pressure(self) -> bool:
        """Whether the files hold a reading after the start of a session."""
        return any(name in self.amounts for name in READINGS if not name.endswith("before"))


def forms(of: Outcomes, sessions: CourseSessions) -> Forms:
    """What the form of every session of a counted course says.

    A yes or no that is blank is unknown, never no. A column that is empty is not there.
    """
    inside = sessions.course != NO_COURSE
    row, course = sessions.row[inside], sessions.course[inside]
    table = of.tables.sessions
    answers = {name: codes for name in (*(one.key for one in SIDE_EFFECTS), "stopped_early")
               if (codes := _yes_no(table, name, row)) is not None}
    amounts = {name: values for name in AMOUNTS if (values := _numbers(table, name, row)) is not None}
    levels = {scale.key: codes for scale in LEVEL_SCALES if (codes := _levels(table, scale.key, row)) is not None}
    is_filled = _is_filled(len(row), answers, amounts, levels)
    judged = {name: _answered(codes, is_filled) for name, codes in answers.items()}
    judged |= _any_effect(judged, is_filled) | _cadss(amounts, is_filled)
    is_booster = (of.courses["kind"] == "booster").to_numpy(bool)[course]
    phase = np.where(is_booster, BOOSTER, np.where(sessions.is_induction[inside], INDUCTION, MAINTENANCE))
    has_phases = not of.rules.base.counts_from_index
    words = {name: _words(table, name, row) for name in ("route", "dose_unit")}
    return Forms(course, sessions.number[inside], (phase if has_phases else phase * 0).astype(np.int8), has_phases,
                 amounts, words, judged, levels, is_filled, int((~inside).sum()))


def _yes_no(table: pd.DataFrame, name: str, row: np.ndarray) -> np.ndarray | None:
    """1 for yes, 0 for no, -1 for unknown; missing where the column is not there or empty."""
    if name not in table:
        return None
    codes = table[name].astype("boolean").astype("Int8").fillna(-1).to_numpy(np.int8)[row]
    return codes if (codes >= 0).any() else None


def _numbers(table: pd.DataFrame, name: str, row: np.ndarray) -> np.ndarray | None:
    if name not in table:
        return None
    values = table[name].to_numpy(float, na_value=np.nan)[row]
    return None if np.isnan(values).all() else values


def _levels(table: pd.DataFrame, name: str, row: np.ndarray) -> np.ndarray | None:
    values = _numbers(table, name, row)
    return None if values is None else np.where(np.isnan(values), -1, values).astype(np.int8)


def _words(table: pd.DataFrame, name: str, row: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes into the sorted words that occur, -1 where unknown."""
    if name not in table:
        return np.full(len(row), -1), ()
    codes, words = pd.factorize(table[name].iloc[row], sort=True)
    return codes.astype(np.int64), tuple(str(word) for word in words)


def _is_filled(
    n: int, answers: Mapping[str, np.ndarray], amounts: Mapping[str, np.ndarray], levels: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Whether the session has a form; dose and being stopped stand in the record of the treatment too."""
    filled = np.zeros(n, dtype=bool)
    for name, codes in {**answers, **levels}.items():
        if name != "stopped_early":
            filled |= codes >= 0
    for name, values in amounts.items():
        if name != "dose":
            filled |= ~np.isnan(values)
    return filled


def _answered(codes: np.ndarray, is_filled: np.ndarray) -> Judged:
    reason = np.where(codes >= 0, COUNTED, np.where(is_filled, _NOT_ANSWERED, _NO_FORM)).astype(np.int8)
    return Judged(codes == 1, reason, LEFT_OUT_SESSIONS, says_no=bool((codes == 0).any()))


def _any_effect(judged: Mapping[str, Judged], is_filled: np.ndarray) -> dict[str, Judged]:
    """Whether any side effect is a yes, of sessions that answer one; a column that never says no answers nothing."""
    effects = [judged[one.key] for one in SIDE_EFFECTS if one.key in judged]
    told = [one for one in effects if one.says_no]
    if not told:
        return {}
    is_told = np.logical_or.reduce([one.reason == COUNTED for one in told])
    is_yes = np.logical_or.reduce([one.is_yes for one in effects])
    reason = np.where(is_told, COUNTED, np.where(is_filled, _NOT_ANSWERED, _NO_FORM)).astype(np.int8)
    return {"any_effect": Judged(is_yes, reason, LEFT_OUT_SESSIONS)}


def _cadss(amounts: Mapping[str, np.ndarray], is_filled: np.ndarray) -> dict[str, Judged]:
    """Whether dissociation rose above the line of leaving, and of those whether it was back before leaving."""
    peak = amounts.get("cadss_peak")
    if peak is None:
        return {}
    is_above = ~np.isnan(peak) & ~is_beyond(peak, CADSS.ready_to_leave)
    no_peak = np.where(is_filled, _NO_PEAK, _NO_FORM)
    found = {"cadss_above": Judged(is_above, np.where(np.isnan(peak), no_peak, COUNTED).astype(np.int8),
                                   LEFT_OUT_SESSIONS)}
    leaving = amounts.get("cadss_leaving")
    if leaving is not None:
        reason = np.select([np.isnan(peak), ~is_above, np.isnan(leaving)], [no_peak, _NOT_ABOVE, _NO_LEAVING], COUNTED)
        found["cadss_back"] = Judged(is_beyond(leaving, CADSS.ready_to_leave), reason.astype(np.int8),
                                     LEFT_OUT_SESSIONS)
    return found


def pressure(found: Forms, lines: PressureLines) -> dict[str, Judged]:
    """Excursions of blood pressure under the lines: any of the four criteria, and each by itself.

    Only a session with a reading during it or before leaving can show one: a reading before alone is left out. A
    reading at the line counts, a rise of exactly the line does not. A rise needs a reading before; a session without
    one still counts by its readings.
    """
    if not found.has_pressure:
        return {}
    at_line, rises = {}, {}
    for kind in ("systolic", "diastolic"):
        before, later = _reading(found, f"{kind}_before"), _later(found, kind)
        highest = np.fmax(before, later)
        at_line[kind] = (highest >= getattr(lines, kind) - ALLOWANCE, later)
        rises[kind] = (later - before > getattr(lines, f"{kind}_rise") + ALLOWANCE, later - before)
    criteria = (at_line["systolic"], at_line["diastolic"], rises["systolic"], rises["diastolic"])
    is_counted = np.logical_or.reduce([~np.isnan(rests_on) for _, rests_on in criteria])
    judged = {"pressure": _pressure(found, np.logical_or.reduce(
        [is_yes & ~np.isnan(rests_on) for is_yes, rests_on in criteria]), is_counted)}
    for one, (is_yes, rests_on) in zip(PRESSURE_CRITERIA, criteria, strict=True):
        judged[one.key] = _pressure(found, is_yes, ~np.isnan(rests_on), one.key.split("_")[0])
    return judged


def _pressure(found: Forms, is_yes: np.ndarray, is_counted: np.ndarray, kind: str | None = None) -> Judged:
    """One criterion; why a session cannot show it is said by the readings of its kind."""
    kinds = ("systolic", "diastolic") if kind is None else (kind,)
    has_later = np.logical_or.reduce([~np.isnan(_later(found, one)) for one in kinds])
    has_before = np.logical_or.reduce([~np.isnan(_reading(found, f"{one}_before")) for one in kinds])
    reason = np.select([is_counted, ~found.is_filled, has_later, has_before],
                       [COUNTED, _NO_FORM, _NO_BEFORE, _BEFORE_ONLY], _NOT_ANSWERED)
    return Judged(is_yes & is_counted, reason.astype(np.int8), LEFT_OUT_SESSIONS)


def _reading(found: Forms, name: str) -> np.ndarray:
    return found.amounts[name] if name in found.amounts else np.full(len(found), np.nan)


def _later(found: Forms, kind: str) -> np.ndarray:
    """The highest reading during the session or before leaving."""
    return np.fmax(_reading(found, f"{kind}_peak"), _reading(found, f"{kind}_leaving"))
