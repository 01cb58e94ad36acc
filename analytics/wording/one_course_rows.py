"""Scores and sessions of one course as rows of texts."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.results.one_course import Given, OneCourse
from analytics.wording.numbers import listed, score
from analytics.wording.one_course import day_words, points_of

ROLES = {"baseline": "start", "endpoint": "end", "": ""}

SCORE_HEADER = ("Day", "Scale", "Score", "Item 9", "Stands for")
SESSION_HEADER = ("Day", "Session", "Part", "Drug and route", "Dose", "Side effects", "CADSS peak",
                  "Minutes until ready")


def score_rows(course: OneCourse) -> tuple[tuple[str, ...], ...]:
    """Every score of the course as a row of texts, by day, then scale."""
    found = []
    for scored in course.scored.values():
        for point, role, is_usable in zip(scored.points, scored.role, scored.is_usable, strict=True):
            stands = ROLES[role] or ("" if is_usable else "never: taken during or after a session, or not complete")
            answer = "" if point.self_harm is None else str(point.self_harm)
            when = day_words(point.day) or (point.visit or "")
            found.append((point.day if point.day is not None else 0, (
                when, scored.instrument.title, points_of(point), answer, stands)))
    return tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))


def session_rows(course: OneCourse) -> tuple[tuple[str, ...], ...]:
    """Every session of the course as a row of texts."""
    return tuple((
        day_words(one.day), str(one.number), one.phase, ", ".join(text for text in (one.drug, one.route) if text),
        dose(one), effects(one), "" if one.cadss_peak is None else score(one.cadss_peak),
        "" if one.minutes_until_ready is None else score(one.minutes_until_ready)) for one in course.sessions)


def dose(session: Given) -> str:
    """The dose with its unit, as written down."""
    return "" if session.dose is None else f"{score(session.dose)} {session.dose_unit or ''}".strip()


def effects(session: Given) -> str:
    """The side effects of a session; a blank form is unknown and never none."""
    if session.effects:
        return listed(name.replace("_", " ") for name in session.effects)
    return "none reported" if session.is_form_filled else "not recorded"


def sessions_text(sessions: Sequence[Given]) -> str:
    """What was given in the sessions of a course: drugs, routes, and the doses from the lowest to the highest."""
    if not sessions:
        return "none on record"
    given = [listed(sorted({text for text in texts if text})) for texts in (
        [one.drug for one in sessions], [one.route for one in sessions])]
    units = sorted({one.dose_unit or "" for one in sessions if one.dose is not None})
    known = [one.dose for one in sessions if one.dose is not None]
    if known and len(units) == 1:
        low, high = score(min(known)), score(max(known))
        given.append(f"{low if low == high else f'{low} to {high}'} {units[0]}".strip())
    return ", ".join(text for text in given if text)


def session_text(session: Given) -> str:
    """One session in a line, for whoever points at it."""
    parts = [f"Session {session.number}, {day_words(session.day)}", session.phase,
             ", ".join(text for text in (session.drug, session.route, dose(session)) if text), effects(session)]
    return "; ".join(text for text in parts if text)
