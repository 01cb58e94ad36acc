"""Every check that only tells and changes nothing, in one pass over the settled rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analytics.ingest import check_sequences, check_values
from analytics.ingest.check import Checker
from analytics.ingest.check_counts import collapsed_sites
from analytics.ingest.gather import Gathered
from analytics.ingest.records import AssessmentRows, AttributeRows, SessionRows


def note_implausible(
    found: Gathered, axis: str, assessments: AssessmentRows | None, sessions: SessionRows | None,
    values: Mapping[str, AttributeRows], until: np.ndarray, last: int | None,
) -> None:
    """Note what cannot be, or is so rare that it is more likely a mistake.

    Parameters
    ----------
    values : the attributes, settled
    until : last observed day of each patient
    last : the day the figures speak for, where rows have dates
    """
    checker = Checker(found.files, axis, found.log, found.columns)
    has_days = axis != "visit"
    if sessions is not None and len(sessions):
        check_values.unusual_doses(checker, sessions, found.words)
        check_values.unusual_minutes(checker, sessions, found.words)
        check_values.swapped_pressures(checker, sessions)
        if has_days:
            _session_sequences(checker, sessions, found, until)
    if assessments is not None and len(assessments) and has_days:
        check_sequences.after_observed(checker, assessments, until)
        check_sequences.timing_against_time(checker, assessments)
        check_sequences.score_jumps(checker, assessments, found.instruments)
    check_values.changed_sex(checker, found.attributes, values, found.words)
    check_values.falling_age_bands(checker, values, found.words)
    if last is not None:
        collapsed_sites(checker, {"sessions": sessions, "scores": assessments}, values, len(found.words.patients), last)


def _session_sequences(checker: Checker, sessions: SessionRows, found: Gathered, until: np.ndarray) -> None:
    check_sequences.after_observed(checker, sessions, until)
    check_sequences.maintenance_first(checker, sessions, found.words)
    check_sequences.sessions_too_close(checker, sessions, found.words)
    check_sequences.course_numbers_go_back(checker, sessions, found.words)
    for header, rows in found.numbers:
        check_sequences.numbers_go_back(checker, header, rows)
