"""Safety of one cohort: every rate per session and per course, and who got worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.definitions.safety import LEFT_OUT_COURSES, LEVEL_SCALES, SESSION_MEASURES
from analytics.results.cohorts import Where, strata
from analytics.results.rates import Rate
from analytics.results.safety_forms import BOOSTER, PHASES, Forms
from analytics.results.safety_shares import COUNTED, Judged, SafetyShare, Tally, clusters, shares, tally
from analytics.results.summary import summarize

HARM = ("reliable_deterioration", "worsening")
"""The measures of courses that got worse."""

_BOOSTER, _NO_SESSIONS, _NO_FORM = range(len(LEFT_OUT_COURSES))


@dataclass(frozen=True)
class Looked:
    """The sessions that are looked at: those of courses that the filters keep, of one phase or all.

    Attributes
    ----------
    place : positions in the forms
    course : course of each of them
    n_filled : how many have a filled form
    n_patients : patients they are of
    """

    forms: Forms
    place: np.ndarray
    course: np.ndarray
    n_filled: int
    n_patients: int
    phase: str

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True)
class SafetyRates:
    """Every session measure that the files can show: per session and per course, one share a stratum.

    Attributes
    ----------
    sessions, courses : by key of ``SESSION_MEASURES``, the strata in their order. A course counts where at least one of
        its sessions is judged, and has it where one session has. ``courses`` is empty when boosters alone are looked
        at, which are in no rate per course
    """

    sessions: dict[str, list[SafetyShare]]
    courses: dict[str, list[SafetyShare]]


@dataclass(frozen=True)
class LevelCounts:
    """Sessions by their level, gravest last; ``n_patients`` by the gravest level each patient reached."""

    scale: str
    levels: tuple[int, ...]
    n_sessions: tuple[int, ...]
    n_patients: tuple[int, ...]
    n_unknown: int


def looked_at(of: Outcomes, found: Forms, stays: np.ndarray, phase: str = "all") -> Looked:
    """The sessions of a cohort and phase.

    Parameters
    ----------
    phase : ``all`` (a booster's sessions too) or one of ``PHASES``
    """
    place = _of_phase(found, phase)
    place = place[stays[found.course[place]]]
    course = found.course[place]
    has_sessions = np.zeros(len(of.courses), dtype=bool)
    has_sessions[course] = True
    n_patients = int((np.bincount(of.patient[has_sessions]) > 0).sum())
    return Looked(found, place, course, int(found.is_filled[place].sum()), n_patients, phase)


def _of_phase(found: Forms, phase: str) -> np.ndarray:
    """Positions of the sessions of a phase; none where the rules know no phase."""
    if phase == "all":
        return np.arange(len(found))
    return np.flatnonzero((found.phase == PHASES.index(phase)) & found.has_phases)


def tallies(
    of: Outcomes, found: Forms, pressure: Mapping[str, Judged], phase: str = "all"
) -> dict[str, tuple[Tally, Tally]]:
    """Everything the files can show, summed up by course, over the sessions of a phase; made once for all filters.

    Each measure has its sessions by course, and the courses with at least one such session.

    Parameters
    ----------
    pressure : from ``safety_forms.pressure``
    """
    judged, place = {**found.judged, **pressure}, _of_phase(found, phase)
    course = found.course[place]
    is_booster = (of.courses["kind"] == "booster").to_numpy(bool)
    sessions = {key: tally(replace(judged[key], is_yes=judged[key].is_yes[place], reason=judged[key].reason[place]),
                           course, len(of.courses)) for key in SESSION_MEASURES if key in judged}
    return {key: (one, _of_courses(one, is_booster)) for key, one in sessions.items()}


def safety_rates(
    of: Outcomes, tallied: Mapping[str, tuple[Tally, Tally]], stays: np.ndarray, phase: str = "all",
    by: str | None = None,
) -> SafetyRates:
    """The rates of a cohort, or of every stratum of an attribute.

    Parameters
    ----------
    tallied : from ``tallies``, of the same phase
    stays : which courses the filters keep
    """
    within = clusters(of.patient, strata(of, () if by is None else (by,), stays))
    sessions = {key: shares(key, "session", one, within) for key, (one, _) in tallied.items()}
    courses = {} if phase == PHASES[BOOSTER] else {
        key: shares(key, "course", one, within) for key, (_, one) in tallied.items()}
    return SafetyRates(sessions, courses)


def _of_courses(sessions: Tally, is_booster: np.ndarray) -> Tally:
    """The same of courses with at least one judged session; boosters are in no rate per course."""
    is_told, is_yes = sessions.yes + sessions.no > 0, sessions.yes > 0
    has_session = np.logical_or.reduce([is_told, *(counts > 0 for counts in sessions.left_out.values())])
    reason = np.select([is_booster, ~has_session, ~is_told], [_BOOSTER, _NO_SESSIONS, _NO_FORM], COUNTED)
    judged = Judged(is_yes, reason, LEFT_OUT_COURSES, sessions.says_no)
    return tally(judged, np.arange(len(is_yes)), len(is_yes))


def deterioration(
    of: Outcomes, where: Where | None = None, instruments: Sequence[str] | None = None, by: str | None = None
) -> tuple[Rate, ...]:
    """Reliable deterioration and worsening of every instrument, the whole cohort first, then each stratum.

    Measures that an instrument does not have are left out.
    """
    if not len(of.table):
        return ()
    found = summarize(of, () if by is None else (by,), where, instruments, HARM).results
    return tuple(one for one in found if one.measure in HARM and one.instrument in of.instruments)


def level_counts(of: Outcomes, looked: Looked) -> tuple[LevelCounts, ...]:
    """Sessions and patients by level, of each scale of levels that the files hold."""
    found = []
    for scale in LEVEL_SCALES:
        if scale.key not in looked.forms.levels:
            continue
        codes = looked.forms.levels[scale.key][looked.place]
        rank_of = np.full(max(one.value for one in scale.levels) + 1, -1)
        rank_of[[one.value for one in scale.levels]] = np.arange(len(scale.levels))
        rank = np.where(codes < 0, -1, rank_of[codes])
        gravest = np.full(int(of.patient.max(initial=-1)) + 1, -1)
        np.maximum.at(gravest, of.patient[looked.course], rank)
        n_levels = len(scale.levels)
        found.append(LevelCounts(
            scale.key, tuple(one.value for one in scale.levels),
            tuple(np.bincount(rank[rank >= 0], minlength=n_levels).tolist()),
            tuple(np.bincount(gravest[gravest >= 0], minlength=n_levels).tolist()), int((rank < 0).sum())))
    return tuple(found)
