"""Sessions -> blocks, induction and kinds, on plain arrays sorted by patient and day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NO_ID = -1
"""Code of a missing course id, phase or plan."""

NEVER = np.iinfo(np.int64).max // 4
"""A day that never comes: the next course of a patient's last one, the as-of of files without one."""

INDUCTION, MAINTENANCE = 0, 1
"""Codes of the phase column."""


@dataclass(frozen=True)
class SessionArrays:
    """Sessions as arrays of one length, sorted by patient, then day.

    patient : int, code of the patient
    day : int, days on the patient's axis
    course_id : int, code of the course id in sorted order, ``NO_ID`` where blank
    phase : int, ``INDUCTION``, ``MAINTENANCE`` or ``NO_ID``
    planned : int, sessions planned, ``NO_ID`` where unknown
    """

    patient: np.ndarray
    day: np.ndarray
    course_id: np.ndarray
    phase: np.ndarray
    planned: np.ndarray

    def __len__(self) -> int:
        return len(self.patient)


def is_first_of(codes: np.ndarray) -> np.ndarray:
    """Where a run of equal codes starts; codes are sorted."""
    starts = np.ones(len(codes), dtype=bool)
    starts[1:] = codes[1:] != codes[:-1]
    return starts


def block_of_session(sessions: SessionArrays, gap_days: int) -> np.ndarray:
    """The block of each session, numbered 0, 1, ... over all patients in order of patient and first day.

    Sessions of one course id are one block. Without an id a session starts a block where the gap to the
    patient's session before is above ``gap_days``; with a phase, where induction follows maintenance or
    a gap. A session with a blank id belongs to the id of the session before it, as long as no rule starts
    a block between them; before the first id, to the one after it.
    """
    starts = _starts_run(sessions, gap_days)
    run = np.cumsum(starts) - 1
    if (sessions.course_id == NO_ID).all():
        return run
    owner = _filled_id(sessions.course_id, run, np.flatnonzero(starts))
    has_id = owner != NO_ID
    n_ids = int(sessions.course_id.max(initial=NO_ID)) + 1
    # Codes of blocks with an id lie in [0, patients * ids), those without above them.
    n_with_id = (int(sessions.patient.max(initial=-1)) + 1) * n_ids
    raw = np.where(has_id, sessions.patient.astype(np.int64) * n_ids + owner, n_with_id + run)
    _, block = np.unique(raw, return_inverse=True)
    return _renumbered(block, sessions)


def _starts_run(sessions: SessionArrays, gap_days: int) -> np.ndarray:
    is_new_patient = is_first_of(sessions.patient)
    is_gap = np.zeros(len(sessions), dtype=bool)
    is_gap[1:] = np.diff(sessions.day) > gap_days
    follows_maintenance = np.zeros(len(sessions), dtype=bool)
    follows_maintenance[1:] = (sessions.phase[1:] == INDUCTION) & (sessions.phase[:-1] == MAINTENANCE)
    return is_new_patient | (is_gap & (sessions.phase != MAINTENANCE)) | follows_maintenance


def _filled_id(course_id: np.ndarray, run: np.ndarray, run_starts: np.ndarray) -> np.ndarray:
    if (course_id == NO_ID).all() or (course_id != NO_ID).all():
        return course_id
    position = np.arange(len(course_id))
    last_with_id = np.maximum.accumulate(np.where(course_id != NO_ID, position, -1))
    is_after = last_with_id >= run_starts[run]
    first_with_id = np.full(len(run_starts), -1)
    with_id = np.flatnonzero(course_id != NO_ID)[::-1]
    first_with_id[run[with_id]] = with_id
    source = np.where(is_after, last_with_id, first_with_id[run])
    return np.where(source >= 0, course_id[source], NO_ID)


def _renumbered(block: np.ndarray, sessions: SessionArrays) -> np.ndarray:
    n_blocks = int(block.max(initial=-1)) + 1
    patient = np.zeros(n_blocks, dtype=np.int64)
    patient[block] = sessions.patient
    first_day = np.full(n_blocks, np.iinfo(np.int64).max)
    np.minimum.at(first_day, block, sessions.day)
    rank = np.empty(n_blocks, dtype=np.int64)
    # np.lexsort is stable: blocks that start on one day keep the order of their ids.
    rank[np.lexsort((first_day, patient))] = np.arange(n_blocks)
    return rank[block]


@dataclass(frozen=True)
class InductionRules:
    """The induction rule of each block, as arrays of one element a block."""

    gap_days: np.ndarray
    span_days: np.ndarray
    max_sessions: np.ndarray
    planned_sessions: np.ndarray
    complete_sessions: np.ndarray


def induction_flags(
    sessions: SessionArrays, block: np.ndarray, first_day: np.ndarray, rules: InductionRules
) -> np.ndarray:
    """Whether each session is an induction session. Sessions are sorted by block, then day.

    Induction is the first sessions while each gap and the day since the first are within the rule and no
    more than the plan and the most the rule allows have come. In a block with any phase, the phase decides.
    """
    n_blocks = len(first_day)
    starts = is_first_of(block)
    position = np.arange(len(block)) - np.flatnonzero(starts)[block]
    gap = np.zeros(len(block), dtype=np.int64)
    gap[1:] = np.diff(sessions.day)
    gap[starts] = 0
    plan = _first_known(sessions.planned, block, n_blocks)
    plan = np.where(plan == NO_ID, rules.planned_sessions, plan)
    most = np.where(plan == NO_ID, rules.max_sessions, np.minimum(plan, rules.max_sessions))
    breaks = (
        (gap > rules.gap_days[block])
        | (sessions.day - first_day[block] > rules.span_days[block])
        | (position >= most[block])
    )
    first_break = np.full(n_blocks, np.iinfo(np.int64).max)
    np.minimum.at(first_break, block[breaks], position[breaks])
    has_phase = np.zeros(n_blocks, dtype=bool)
    has_phase[block[sessions.phase != NO_ID]] = True
    return np.where(has_phase[block], sessions.phase == INDUCTION, position < first_break[block])


def _first_known(codes: np.ndarray, block: np.ndarray, n_blocks: int) -> np.ndarray:
    known = np.flatnonzero(codes != NO_ID)[::-1]
    first = np.full(n_blocks, NO_ID, dtype=np.int64)
    first[block[known]] = codes[known]
    return first


def kind_codes(patient: np.ndarray, n_induction: np.ndarray, complete_sessions: np.ndarray) -> np.ndarray:
    """The kind of each block, sorted by patient and first day: positions in ``rules.KINDS``.

    A block with enough induction sessions is an induction when it is the patient's first such, else a
    re-induction; a shorter one is incomplete before the first complete one and a booster after it.
    """
    is_complete = n_induction >= complete_sessions
    position = np.arange(len(patient))
    first_complete = np.full(int(patient.max(initial=-1)) + 1, len(patient))
    complete = np.flatnonzero(is_complete)[::-1]
    first_complete[patient[complete]] = complete
    is_first = position == first_complete[patient]
    is_later = position > first_complete[patient]
    return np.select([is_complete & is_first, is_complete, is_later], [0, 1, 3], default=2).astype(np.int8)
