"""The canonical tables: what a row is, and each column's kind, meaning, unit and limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from analytics.definitions.findings import Finding, gravest
from analytics.definitions.instruments import Instrument

Axis = Literal["day", "date", "visit"]

DAY_ZERO = date(1970, 1, 1)
"""Where day numbers start when the files hold calendar dates."""


@dataclass(frozen=True)
class Column:
    """One column of a canonical table."""

    name: str
    kind: Literal["code", "day", "date", "time", "number", "whole number", "category", "yes/no", "text"]
    meaning: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    is_required: bool = False


ASSESSMENTS = (
    Column("patient_id", "code", "the clinic's own code of the patient", is_required=True),
    Column("course_id", "code", "the clinic's own code of the course; wins over the gap rule"),
    Column("day", "day", "days from one origin per patient, shared by all files", "days", -36500, 36500),
    Column("assessed_on", "date", "date of the assessment, YYYY-MM-DD"),
    Column("visit", "category", "label of the visit, where there are no days or dates"),
    Column("time", "time", "time of day, HH:MM"),
    Column("timing", "category", "before, during or after that day's session"),
    Column("instrument", "category", "key of the instrument", is_required=True),
    Column("total", "number", "total by the instrument's own rule", "points"),
    Column("prorated", "yes/no", "whether unanswered items were replaced by the mean of the others"),
    Column("n_items_missing", "whole number", "unanswered items, where the file holds items"),
)
"""A row is one filling-in of one instrument on one day."""

SESSIONS = (
    Column("patient_id", "code", "the clinic's own code of the patient", is_required=True),
    Column("course_id", "code", "the clinic's own code of the course"),
    Column("day", "day", "days from the patient's origin", "days", -36500, 36500),
    Column("treated_on", "date", "date of the session, YYYY-MM-DD"),
    Column("drug", "category", "what was given"),
    Column("route", "category", "IV, IM, nasal, lozenge or other"),
    Column("dose", "number", "dose given", "see dose_unit", 0, 5000),
    Column("dose_unit", "category", "mg, mg/kg, mg/h or mg/kg/h"),
    Column("minutes", "number", "length of the session", "minutes", 0, 1440),
    Column("phase", "category", "induction or maintenance; overrides the induction rule"),
    Column("planned_sessions", "whole number", "sessions planned for the induction", "sessions", 1, 100),
    Column("nausea", "yes/no", "nausea during the session"),
    Column("headache", "yes/no", "headache during the session"),
    Column("dizziness", "yes/no", "dizziness during the session"),
    Column("drowsiness", "yes/no", "drowsiness during the session"),
    Column("fatigue", "yes/no", "fatigue after the session"),
    Column("vomiting", "yes/no", "vomiting during the session"),
    Column("dissociation", "yes/no", "dissociation during the session"),
    Column("hallucinations", "yes/no", "hallucinations during the session"),
    Column("sedation", "yes/no", "sedation during the session"),
    Column("allergic_reaction", "yes/no", "allergic reaction"),
    Column("respiratory_depression", "yes/no", "respiratory depression"),
    Column("cadss_peak", "number", "highest dissociation score of the session", "points", 0, 92),
    Column("cadss_leaving", "number", "dissociation score before leaving", "points", 0, 92),
    Column("moaas_lowest", "whole number", "lowest level of alertness, MOAA/S: 5 awake to 0 no response", "", 0, 5),
    Column("cssrs_highest", "whole number", "highest level of the C-SSRS screener: 0 none to 6 behaviour", "", 0, 6),
    Column("systolic_before", "number", "systolic blood pressure before", "mmHg", 40, 300),
    Column("diastolic_before", "number", "diastolic blood pressure before", "mmHg", 20, 200),
    Column("systolic_peak", "number", "highest systolic blood pressure", "mmHg", 40, 300),
    Column("diastolic_peak", "number", "highest diastolic blood pressure", "mmHg", 20, 200),
    Column("systolic_leaving", "number", "systolic blood pressure before leaving", "mmHg", 40, 300),
    Column("diastolic_leaving", "number", "diastolic blood pressure before leaving", "mmHg", 20, 200),
    Column("minutes_until_ready", "number", "minutes until ready to leave", "minutes", 0, 1440),
    Column("stopped_early", "yes/no", "whether the session was stopped early"),
)
"""A row is one administration of treatment."""

ATTRIBUTES = (
    Column("patient_id", "code", "the clinic's own code of the patient", is_required=True),
    Column("course_id", "code", "the course the value belongs to, where it is known"),
    Column("day", "day", "the day the value was written down, where it is known", "days"),
    Column("name", "category", "the header, verbatim", is_required=True),
    Column("value", "text", "the category", is_required=True),
)
"""A row is one value of one attribute; a patient whose value never varies has one row without a day."""

COURSES = (
    Column("patient_id", "code", "the clinic's own code of the patient", is_required=True),
    Column("course_id", "code", "the clinic's own code of the course, where the files hold one"),
    Column("course_number", "whole number", "1, 2, ... per patient, boosters counted"),
    Column("kind", "category",
           "induction, re_induction, incomplete, booster, or assessed where there is no session"),
    Column("started_on", "date", "date of day 0, where the files hold dates"),
    Column("first_day", "day", "day 0 of the course on the patient's axis", "days"),
    Column("last_induction_day", "day", "last induction session, from day 0 of the course", "days"),
    Column("last_day", "day", "last session, from day 0 of the course", "days"),
    Column("n_sessions", "whole number", "sessions of the course", "sessions"),
    Column("n_induction", "whole number", "induction sessions", "sessions"),
    Column("route", "category", "the one route, or mixed"),
    Column("drug", "category", "the one drug, or mixed"),
    Column("dose_start", "number", "first dose", "dose_unit"),
    Column("dose_highest", "number", "highest dose", "dose_unit"),
    Column("dose_last", "number", "last dose", "dose_unit"),
)
"""A row is one course: sessions given with one purpose."""

OUTCOMES = (
    Column("instrument", "category", "key of the instrument, or of the two scales of the NHS set", is_required=True),
    Column("baseline", "number", "score before", "points"),
    Column("baseline_day", "day", "day of the baseline, from day 0 of the course", "days"),
    Column("endpoint", "number", "score after", "points"),
    Column("endpoint_day", "day", "day of the endpoint, from day 0 of the course", "days"),
    Column("endpoint_days_from_anchor", "day", "day of the endpoint from the window's anchor", "days"),
    Column("improvement", "number", "change in the good direction", "points"),
    Column("improvement_fraction", "number", "improvement as a fraction of baseline; missing at baseline 0"),
    Column("n_sessions_before_endpoint", "whole number",
           "sessions between the last induction session and the endpoint", "sessions"),
    Column("looks_back", "yes/no", "whether the endpoint's recall reaches into the induction"),
    Column("has_endpoint", "yes/no", "whether there is a score after; of two scales, whether one has both scores"),
    Column("left_out", "category", "why the course is not in the response rate; missing where it is"),
)
"""A row is one course and instrument; one more column a measure, missing where the course does not count."""


@dataclass(frozen=True)
class FileRecord:
    """One file as it was read: enough to find it again and to account for its rows."""

    name: str
    sha256: str
    rows: int
    kind: str
    rows_used: int = 0
    rows_blank: int = 0


Confidence = Literal["said", "sure", "likely", "open"]


@dataclass(frozen=True)
class ColumnUse:
    """What one column of a file was taken for, and why.

    Attributes
    ----------
    field : in the words of ``--map``; missing where the column was not read
    confidence : ``said`` by a person, ``sure``, ``likely`` (to be looked at), or ``open`` (not read, asked about)
    is_identifier : whether the column could say who a patient is
    sample : what stands in it, for the person who checks the mapping; never a value that could be a patient's
    """

    file: str
    column: str
    field: str | None
    reason: str
    confidence: Confidence = "sure"
    is_identifier: bool = False
    sample: str = ""


@dataclass(frozen=True)
class Tables:
    """Everything that was read, in canonical form.

    Attributes
    ----------
    assessments : one row per assessment that can be used
        patient_id (categorical, the categories of all three tables are the same sorted list), course_id
        (str, missing where none), day (Int32), visit (ordered categorical or missing), time (Int32,
        minutes after midnight), timing (categorical: before, during, after), instrument (categorical),
        total (Float64), prorated (boolean), n_items_missing (Int32, missing where the file has no items),
        self_harm_item (Int8, the answer to the instrument's item 9), item_1 ... item_k (Int8, only as many
        as any instrument in the files needs), file (categorical), file_row (Int32).
    sessions : one row per session, columns of ``SESSIONS`` that came, and file, file_row
    attributes : one row per value, columns of ``ATTRIBUTES``, and file, file_row
    axis : what ``day`` counts from: ``day`` the patient's own origin, ``date`` 1970-01-01;
        ``visit`` when the files hold ordered visits only (``day`` is missing)
    observed_until : Int32 by patient code, the last day each patient was observed, on the same axis;
        empty when the files do not say
    is_visit_order_known : whether ``visit`` is ordered; otherwise the rules must name the visits
    as_of : the day the files speak for, where they hold dates
    is_turned_relative : whether the files held dates that were turned into days when they were read
    patient_of_row : by file, the patient code of each row that a finding names, the index is the row
    """

    assessments: pd.DataFrame
    sessions: pd.DataFrame
    attributes: pd.DataFrame
    axis: Axis
    instruments: dict[str, Instrument]
    files: tuple[FileRecord, ...] = ()
    findings: tuple[Finding, ...] = ()
    columns: tuple[ColumnUse, ...] = ()
    observed_until: pd.Series = field(default_factory=lambda: pd.Series(dtype="Int32"))
    is_visit_order_known: bool = True
    as_of: date | None = None
    is_turned_relative: bool = False
    patient_of_row: dict[str, pd.Series] = field(default_factory=dict)

    @property
    def is_blocked(self) -> bool:
        """Whether a file could not be used at all, so that no number may be shown."""
        return gravest(self.findings) == "blocks"

    @property
    def attribute_names(self) -> tuple[str, ...]:
        """Names of the attributes, sorted; headers verbatim."""
        return tuple(sorted(self.attributes["name"].dropna().astype(str).unique()))


def day_number(on: date) -> int:
    """Days from ``DAY_ZERO`` to a date."""
    return (on - DAY_ZERO).days


def date_of(day: int) -> date:
    """The date of a day number."""
    return DAY_ZERO + timedelta(days=int(day))
