"""Courses and their scores -> one row per course and instrument, with what happened and why it counts or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.courses.attributes import places_in
from analytics.courses.blocks import NEVER
from analytics.courses.build import Built, built
from analytics.courses.judgement import Standing, standing
from analytics.courses.nhs import nhs_columns, pair_columns
from analytics.courses.reuse import Build
from analytics.courses.rows import instrument_columns, pair_of, stacked, visit_labels
from analytics.definitions.findings import Finding
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES, NHS_MEASURES, Measure
from analytics.definitions.nhs import NhsScales, nhs_scales
from analytics.definitions.rules import Rules, RuleSet, rule_set
from analytics.definitions.tables import Tables


class NotCountableError(ValueError):
    """Files that were read and cannot be counted under these rules; the message is for a person."""


@dataclass(frozen=True)
class Outcomes:
    """What happened to every course, by instrument.

    Attributes
    ----------
    courses : one row per course: ``tables.COURSES`` and one column per attribute, header verbatim
    table : one row per course and instrument, courses in the same order within each instrument:
        ``course`` (row position in ``courses``), ``instrument``, the columns of ``tables.OUTCOMES``, and for every
        measure a nullable boolean (missing where the course does not count) and ``left_out_<measure>``. Where the
        files hold both scales of the NHS set, its results stand in rows of their own under the key of the two
    patient : code of each course's patient, one element a course
    assessments_by_patient : assessments up to the as-of day, one element a patient code
    rules, instruments, as_of, axis : what was in force
    nhs : the scales of the NHS Talking Therapies set; missing where the files hold none
    findings : those of the files and those made while building
    counts : patients, courses, sessions, assessments, and rows after the as-of day
    """

    courses: pd.DataFrame
    table: pd.DataFrame
    patient: np.ndarray
    assessments_by_patient: np.ndarray
    rules: RuleSet
    instruments: dict[str, Instrument]
    as_of: date | None
    axis: str
    findings: tuple[Finding, ...]
    counts: dict[str, int]
    tables: Tables
    nhs: NhsScales | None = None

    @cached_property
    def built(self) -> Built:
        """The courses with what is needed to find their scores, as the outcomes were made of; ``kept`` are ours."""
        return built(self.tables, self.rules, self.as_of)

    @cached_property
    def kept(self) -> np.ndarray:
        """Which courses of ``built`` are in ``courses``, in the same order; array of bool."""
        return kept_courses(self.tables, self.built, standing(self.built))

    @property
    def instrument_keys(self) -> tuple[str, ...]:
        """Instruments that the files hold, in the order of ``instruments``."""
        return tuple(key for key in self.result_keys if key in self.instruments)

    @property
    def result_keys(self) -> tuple[str, ...]:
        """Everything that results are named by: the instruments, and the two scales of the NHS set together."""
        return tuple(str(key) for key in self.table["instrument"].cat.categories)

    def rows_of(self, key: str) -> pd.DataFrame:
        """The rows of one result name, one a course in the order of the courses: a part of ``table``, not a copy."""
        if key not in self.result_keys:
            return self.table.iloc[:0]
        n_courses, place = len(self.courses), self.result_keys.index(key)
        return self.table.iloc[place * n_courses:(place + 1) * n_courses]

    def with_pair(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The keys, and that of the NHS set's two scales where both are among them."""
        keys = tuple(keys)
        is_asked = self.nhs is not None and self.nhs.is_pair and self.nhs.member_keys <= set(keys)
        return (*keys, self.nhs.key) if is_asked and self.nhs.key not in keys else keys

    def measures_of(self, key: str) -> tuple[Measure, ...]:
        """The measures that results of this name have."""
        own = self.instruments.get(key)
        nhs = NHS_MEASURES if self.nhs is not None and self.nhs.key == key else ()
        return (*(measure for measure in MEASURES.values() if own is not None and measure.applies_to(own)), *nhs)

    def named(self, key: str) -> Instrument | NhsScales | None:
        """What results of this name are of: an instrument, or the two scales of the NHS set."""
        return self.instruments.get(key, self.nhs)


def outcomes(
    tables: Tables, rules: RuleSet | None = None, as_of: date | None = None, only: Iterable[str] | None = None,
    build: Build = built,
) -> Outcomes:
    """What happened to every course under the rules, as of a day.

    Parameters
    ----------
    tables : from ``load``
    rules : from ``rule_set``; missing means the preset ``clinic``
    as_of : the day the figures speak for; missing means the latest date in the files
    only : keys of the instruments whose rows are made; missing means all. Courses are the same either way
    build : from ``built_once``, where the same tables are counted by several rules

    Raises
    ------
    ValueError
        When the tables are blocked, the rules name a visit or an instrument that the files do not hold, or the
        visits have no order and the rules do not name them.
    """
    if tables.is_blocked:
        raise ValueError("The files could not be loaded; see the findings that block.")
    rules = rules or rule_set()
    _check_usable(tables, rules)
    instruments = rules.instruments(tables.instruments)
    courses = build(tables, rules, as_of)
    _check_visits(tables, courses.rules)
    present = set(tables.assessments["instrument"].unique())
    keys = [key for key in instruments if key in present and (only is None or key in only)]
    course_standing, nhs = standing(courses), nhs_scales(instruments, keys)
    table = _table(courses, tables, [instruments[key] for key in keys], course_standing, nhs)
    kept = kept_courses(tables, courses, course_standing)
    notes = _notes(tables, courses.rule_set, as_of)
    found = replace(_outcomes(tables, courses, table, instruments, kept, notes), nhs=nhs)
    # Kept as if it had been asked for: making it again takes as long as all the rest.
    vars(found)["built"] = courses
    return found


def _table(
    courses: Built, tables: Tables, instruments: Sequence[Instrument], course: Standing, nhs: NhsScales | None
) -> pd.DataFrame:
    """One row per course and instrument, one instrument after the other, and last the pair of the NHS set."""
    pairs = {one.key: pair_of(courses, tables, one) for one in instruments}
    parts = {key: instrument_columns(courses, pair, course, has_days=tables.axis != "visit")
             for key, pair in pairs.items()}
    if nhs is not None:
        members = [one.key for one in nhs.members]
        columns = nhs_columns([pairs[key] for key in members], course)
        own = pair_columns([parts[key] for key in members], columns) if nhs.is_pair else parts[nhs.key]
        parts[nhs.key] = own | {name: column for name, column in columns.items() if name not in own}
    keys = list(parts)
    table = pd.DataFrame(stacked(list(parts.values())) if keys else {
        "course": np.empty(0, dtype=np.int64), "left_out": []}, copy=False)
    table.insert(1, "instrument", pd.Categorical(
        np.repeat(keys, len(courses.patient)) if keys else [], categories=keys))
    return table


def _check_usable(tables: Tables, rules: RuleSet) -> None:
    """Refuse to count where files hold sessions or scores and not one of them could be used."""
    needs_sessions = rules.preset == "clinic" or rules.base.requires_sessions
    for word, table, is_needed in (("sessions", tables.sessions, needs_sessions),
                                   ("assessments", tables.assessments, True)):
        if is_needed and table.empty and any(word in one.kind for one in tables.files):
            raise NotCountableError(
                f"The files hold rows of {word}, and none of them could be used; the findings say why.")


def _check_visits(tables: Tables, rules: Iterable[Rules]) -> None:
    if tables.axis != "visit" or tables.is_visit_order_known or any(one.counts_from_index for one in rules):
        return
    if any(one.baseline_visit is None or one.endpoint_visit is None for one in rules):
        labels = ", ".join(visit_labels(tables))
        raise NotCountableError(
            f"The visits of the files ({labels}) have no order that can be read from their labels; name "
            "two of them with --set baseline_visit=LABEL --set endpoint_visit=LABEL.")


def kept_courses(tables: Tables, built: Built, course: Standing) -> np.ndarray:
    """Courses that the rules keep at all; a booster and one without sessions stay, to be left out by name."""
    kept = np.zeros(len(built.patient), dtype=bool)
    started_before = started_before_files(tables, built)
    for position, rules in enumerate(built.rules):
        stays = built.is_kind(*rules.kinds, "booster", "incomplete") | course.no_sessions
        if rules.first_course_only:
            stays &= built.courses["course_number"].to_numpy(int) == 1
        if rules.drop_started_before:
            stays &= ~started_before
        kept |= (built.rule == position) & stays
    return kept


def started_before_files(tables: Tables, built: Built) -> np.ndarray:
    """Courses of patients whose first session lies within the gap of the files' first date."""
    if tables.axis != "date" or tables.sessions.empty:
        return np.zeros(len(built.patient), dtype=bool)
    earliest = min(table["day"].min() for table in (tables.sessions, tables.assessments) if len(table))
    first = np.full(len(built.patients), NEVER)
    np.minimum.at(first, built.patient[built.has_sessions], built.first_day[built.has_sessions])
    return (first - int(earliest) <= built.rule_set.base.gap_days)[built.patient]


def _outcomes(
    tables: Tables, built: Built, table: pd.DataFrame, instruments: dict[str, Instrument], kept: np.ndarray,
    notes: tuple[Finding, ...],
) -> Outcomes:
    per_patient = np.bincount(built.assessment_patient, minlength=len(built.patients))
    started_before = built.patient[started_before_files(tables, built) & kept]
    counts = built.counts | patient_counts(tables, built) | {
        "possibly_started_before": int((np.bincount(started_before) > 0).sum())}
    if not kept.all():
        position = np.cumsum(kept) - 1
        table = table[kept[table["course"].to_numpy()]].reset_index(drop=True)
        table["course"] = position[table["course"].to_numpy()]
    courses = built.courses[kept].reset_index(drop=True)
    findings = tables.findings + built.findings + notes
    return Outcomes(courses, table, built.patient[kept], per_patient, built.rule_set, instruments, built.as_of,
                    tables.axis, findings, counts, tables)


def patient_counts(tables: Tables, built: Built) -> dict[str, int]:
    """Patients that any file names, and those of them with neither a session nor a score."""
    has_course = np.zeros(len(built.patients), dtype=bool)
    has_course[built.patient] = True
    is_known = places_in(built.patients, pd.Series(tables.attributes["patient_id"].unique()))
    n_without = int((is_known < 0).sum() + (~has_course[is_known[is_known >= 0]]).sum())
    return {"patients_in_files": int(has_course.sum()) + n_without, "patients_without_records": n_without}


def _notes(tables: Tables, rules: RuleSet, as_of: date | None) -> tuple[Finding, ...]:
    """What was asked for and could not be done as asked."""
    notes = []
    if rules.requested is not None:
        notes.append(Finding(
            "note", "rules_changed",
            f"The files hold no session, so the rules {rules.requested} became {rules.preset}: the first and the last "
            "score of each patient.",
            "Add the file of sessions to count per course, or name the rules you mean."))
    if as_of is not None and tables.axis != "date":
        notes.append(Finding(
            "note", "as_of_not_used", "An as-of date was given, and the files hold no dates: it changes nothing.",
            "Give each patient's observed_until_day, or load files with dates."))
    if rules.base.counts_from_index and tables.axis == "visit":
        notes.append(Finding(
            "note", "rules_need_days", f"The rules {rules.preset} count days from the index score, and the files hold "
            "visits without days: no course can be counted.", "Load files with days or dates, or choose other rules."))
    elif rules.base.counts_from_index and not tables.sessions.empty:
        notes.append(Finding(
            "note", "sessions_not_used", f"The rules {rules.preset} count from the first score that is a case: each "
            "patient is one course, and sessions are not looked at.", "Choose other rules to count by sessions."))
    return tuple(notes)
