"""What the Safety page counts of a session: side effects, lines of blood pressure, levels, each with its source."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.definitions.instrument import CONVENTION
from analytics.definitions.instruments_safety import CADSS

DAYS_A_YEAR = 365.25
"""Days of a patient-year."""


@dataclass(frozen=True)
class SideEffect:
    """A yes or no of a session's form.

    Attributes
    ----------
    key : the column of the sessions
    title : what it is called
    """

    key: str
    title: str


SIDE_EFFECTS = tuple(SideEffect(key, title) for key, title in (
    ("dissociation", "Dissociation"),
    ("hallucinations", "Hallucinations"),
    ("sedation", "Sedation"),
    ("nausea", "Nausea"),
    ("vomiting", "Vomiting"),
    ("headache", "Headache"),
    ("dizziness", "Dizziness"),
    ("drowsiness", "Drowsiness"),
    ("fatigue", "Fatigue"),
    ("allergic_reaction", "Allergic reaction"),
    ("respiratory_depression", "Respiratory depression"),
))
"""The side effects that a form may ask for, in the order in which they are shown."""

READINGS = tuple(f"{kind}_{when}" for kind in ("systolic", "diastolic") for when in ("before", "peak", "leaving"))
"""Columns of blood pressure, mmHg."""


@dataclass(frozen=True)
class PressureLines:
    """When a session is an excursion of blood pressure, in mmHg.

    Attributes
    ----------
    systolic, diastolic : a reading at or above this, at any time
    systolic_rise, diastolic_rise : the highest later reading above the one before by more than this
    """

    systolic: float = 180
    diastolic: float = 110
    systolic_rise: float = 40
    diastolic_rise: float = 25
    source: str = CONVENTION


PRESSURE_LINES = PressureLines()
"""The lines in force where nobody chose others."""

READING_CHOICES = ((180, 110), (160, 100), (180, 120), (200, 120))
"""Lines for a reading that can be chosen, systolic and diastolic; the first is the default."""

RISE_CHOICES = ((40, 25), (30, 20), (20, 15))
"""Rises that can be chosen, systolic and diastolic; the first is the default."""


@dataclass(frozen=True)
class SessionMeasure:
    """One thing that is counted of sessions: a rate per session, and of courses with at least one such session."""

    key: str
    title: str
    numerator: str
    denominator: str
    source: str


_ANSWERED = "sessions whose form answers it; a blank is unknown"
_LATER = "sessions with a reading during the session or before leaving"
_ABOVE = f"CADSS above {CADSS.ready_to_leave.value:g} at its highest"

PRESSURE_CRITERIA = tuple(SessionMeasure(key, title, text, over, CONVENTION) for key, title, text, over in (
    ("systolic_line", "Systolic reading", "a systolic reading at or above the line, at any time", _LATER),
    ("diastolic_line", "Diastolic reading", "a diastolic reading at or above the line, at any time", _LATER),
    ("systolic_rise", "Systolic rise", "a systolic rise of more than the line from before",
     "sessions with a systolic reading before and a later one"),
    ("diastolic_rise", "Diastolic rise", "a diastolic rise of more than the line from before",
     "sessions with a diastolic reading before and a later one"),
))
"""The four ways to be an excursion, each counted by itself."""

_ALL = (
    SessionMeasure("any_effect", "Any side effect", "at least one side effect recorded as yes",
                   "sessions with at least one side effect answered; a blank is unknown", CONVENTION),
    *(SessionMeasure(one.key, one.title, f"{one.title.lower()} recorded as yes", _ANSWERED, CONVENTION)
      for one in SIDE_EFFECTS),
    SessionMeasure("cadss_above", f"CADSS above {CADSS.ready_to_leave.value:g}", _ABOVE,
                   "sessions with a highest CADSS score", CADSS.source),
    SessionMeasure("cadss_back", f"CADSS back to {CADSS.ready_to_leave.value:g} or less",
                   f"CADSS {CADSS.ready_to_leave.value:g} or less before leaving",
                   f"sessions with {_ABOVE} and a score before leaving", CADSS.source),
    SessionMeasure("pressure", "Blood pressure excursion", "any of the four criteria", _LATER, CONVENTION),
    *PRESSURE_CRITERIA,
    SessionMeasure("stopped_early", "Stopped early", "the session was stopped early",
                   "sessions of which it is recorded whether they were stopped", CONVENTION),
)

SESSION_MEASURES: dict[str, SessionMeasure] = {one.key: one for one in _ALL}
"""Everything that is counted per session, by key, in the order in which it is shown."""

LEFT_OUT_SESSIONS = ("no_form", "not_answered", "before_only", "no_reading_before", "no_peak", "not_above",
                     "no_leaving")
"""Why a session is not in a rate; the first that applies."""

LEFT_OUT_COURSES = ("booster", "no_sessions", "no_form")
"""Why a course is not in a rate of courses with at least one such session; the first that applies."""


@dataclass(frozen=True)
class Level:
    """One level of an ordered judgement; levels are counted and never averaged."""

    value: int
    words: str


@dataclass(frozen=True)
class LevelScale:
    """A judgement in levels that stands with a session.

    Attributes
    ----------
    key : the column of the sessions
    is_highest_gravest : whether a higher level is the graver one
    """

    key: str
    title: str
    levels: tuple[Level, ...]
    is_highest_gravest: bool
    source: str


CSSRS = LevelScale(
    "cssrs_highest", "C-SSRS screener, highest level", (
        Level(0, "none"), Level(1, "wish to be dead"), Level(2, "non-specific active suicidal thoughts"),
        Level(3, "thoughts with a method"), Level(4, "thoughts with some intent"),
        Level(5, "thoughts with a plan and intent"), Level(6, "suicidal behaviour")),
    is_highest_gravest=True, source="Posner 2011, Am J Psychiatry 168:1266")

MOAAS = LevelScale(
    "moaas_lowest", "Sedation, lowest MOAA/S level", (
        Level(5, "responds readily to the name in a normal tone"), Level(4, "responds lethargically to the name"),
        Level(3, "responds only to the name called loudly or repeatedly"),
        Level(2, "responds only to mild prodding or shaking"), Level(1, "responds only to a painful squeeze"),
        Level(0, "does not respond to a painful squeeze")),
    is_highest_gravest=False, source="Chernik 1990, J Clin Psychopharmacol 10:244")

LEVEL_SCALES = (CSSRS, MOAAS)
"""The judgements in levels, in the order in which they are shown."""

ITEM_9_ANSWERS = ("not at all", "several days", "more than half the days", "nearly every day")
"""The answers to item 9 of the PHQ-9, 0 to 3 (Kroenke 2001, J Gen Intern Med 16:606)."""

NUMBERS_SHOWN = 8
"""Session numbers that stand by themselves: the most an induction can have by default; later ones stand together."""
