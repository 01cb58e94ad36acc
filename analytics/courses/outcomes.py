"""Courses and their scores -> one row per course and instrument, with what happened and why it counts or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.courses.attributes import places_in
from analytics.courses.build import NEVER, Built, built, session_keys
from analytics.courses.judgement import Pair, Standing, achieved, left_out_codes, standing
from analytics.courses.windows import (
    NONE,
    anchor_day,
    baseline_means,
    baseline_rows,
    endpoint_rows,
    scores_of,
)
from analytics.definitions.findings import Finding
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import LEFT_OUT, MEASURES, OUTCOME_MEASURES
from analytics.definitions.rules import Rules, RuleSet, rule_set
from analytics.definitions.tables import Tables


@dataclass(frozen=True)
class Outcomes:
    """What happened to every course, by instrument.

    Attributes
    ----------
    courses : one row per course: ``tables.COURSES`` and one column per attribute, header verbatim
    table : one row per course and instrument, courses in the same order within each instrument:
        ``course`` (row position in ``courses``), ``instrument``, the columns of ``tables.OUTCOMES``, and for every
        measure a nullable boolean (missing where the course does not count) and ``left_out_<measure>``
    patient : code of each course's patient, one element a course
    assessments_by_patient : assessments up to the as-of day, one element a patient code
    rules, instruments, as_of, axis : what was in force
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

    @property
    def instrument_keys(self) -> tuple[str, ...]:
        """Instruments that the files hold, in the order of ``instruments``."""
        return tuple(str(key) for key in self.table["instrument"].cat.categories)


def outcomes(tables: Tables, rules: RuleSet | None = None, as_of: date | None = None) -> Outcomes:
    """What happened to every course under the rules, as of a day.

    Parameters
    ----------
    tables : from ``load``
    rules : from ``rule_set``; missing means the preset ``clinic``
    as_of : the day the figures speak for; missing means the latest date in the files

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
    courses = built(tables, rules, as_of)
    _check_visits(tables, courses.rules)
    present = set(tables.assessments["instrument"].astype("str").unique())
    keys = [key for key in instruments if key in present]
    course_standing = standing(courses)
    parts = [_of_instrument(courses, tables, instruments[key], course_standing) for key in keys]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"course": [], "left_out": []})
    table.insert(1, "instrument", pd.Categorical(
        np.repeat(keys, len(courses.patient)) if keys else [], categories=keys))
    kept = _in_cohort(tables, courses, course_standing)
    return _outcomes(tables, courses, table, instruments, kept, _notes(tables, courses.rule_set, as_of))


def _check_usable(tables: Tables, rules: RuleSet) -> None:
    """Refuse to count where files hold sessions or scores and not one of them could be used."""
    needs_sessions = rules.preset == "clinic" or rules.base.requires_sessions
    for word, table, is_needed in (("sessions", tables.sessions, needs_sessions),
                                   ("assessments", tables.assessments, True)):
        if is_needed and table.empty and any(word in one.kind for one in tables.files):
            raise ValueError(f"The files hold rows of {word}, and none of them could be used; check says why.")


def _check_visits(tables: Tables, rules: Iterable[Rules]) -> None:
    if tables.axis != "visit" or tables.is_visit_order_known:
        return
    if any(one.baseline_visit is None or one.endpoint_visit is None for one in rules):
        labels = ", ".join(_visit_labels(tables))
        raise ValueError(f"The visits of the files ({labels}) have no order that can be read from their labels; name "
                         "two of them with --set baseline_visit=LABEL --set endpoint_visit=LABEL.")


def _in_cohort(tables: Tables, built: Built, course: Standing) -> np.ndarray:
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
    return tuple(notes)


def _of_instrument(built: Built, tables: Tables, instrument: Instrument, course: Standing) -> pd.DataFrame:
    pair = _pair(built, tables, instrument)
    frame = _pair_frame(built, pair, has_days=tables.axis != "visit")
    reasons = {measure.key: left_out_codes(measure, pair, course) for measure in MEASURES.values()
               if measure.applies_to(instrument)}
    for key, codes in reasons.items():
        is_lost = (codes == LEFT_OUT.index("no_endpoint")) & course.counts_missing[MEASURES[key].kind]
        if MEASURES[key].direction == "benefit":
            reasons[key] = np.where(is_lost, -1, codes)
        if MEASURES[key] in OUTCOME_MEASURES:
            frame[key] = pd.arrays.BooleanArray(achieved(MEASURES[key], pair) & ~is_lost, reasons[key] >= 0)
    for key, codes in reasons.items():
        name = "left_out" if key == "response" else f"left_out_{key}"
        frame[name] = pd.Categorical.from_codes(codes, categories=list(LEFT_OUT))
    return frame


def _pair(built: Built, tables: Tables, instrument: Instrument) -> Pair:
    scores, measured = scores_of(built, tables, instrument, built.rule_set.base.scoring == "complete")
    before, after = (np.full(len(built.patient), NONE) for _ in range(2))
    means = np.full(len(built.patient), np.nan)
    visits, is_visit_axis = _visit_labels(tables), tables.axis == "visit"
    for position, rules in enumerate(built.rules):
        in_force = built.rule == position
        chosen = baseline_rows(scores, built, rules, in_force, visits, is_visit_axis=is_visit_axis)
        before = np.where(in_force, chosen, before)
        if rules.baseline_pick == "mean_last_7_days" and rules.baseline_visit is None:
            means = np.where(in_force, baseline_means(scores, built, in_force), means)
        chosen = endpoint_rows(scores, built, rules, in_force, visits, before, is_visit_axis=is_visit_axis)
        after = np.where(in_force, chosen, after)
    baseline = _at(scores.total, before)
    return Pair(instrument, measured[built.patient], np.where(np.isnan(means), baseline, means),
                 _at(scores.total, after), _at(scores.self_harm, before), _at(scores.self_harm, after),
                 _at(scores.day, before), _at(scores.day, after))


def _visit_labels(tables: Tables) -> tuple[str, ...]:
    visit = tables.assessments.get("visit")
    return tuple(visit.cat.categories) if visit is not None and isinstance(visit.dtype, pd.CategoricalDtype) else ()


def _at(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.append(np.asarray(values, dtype=float), np.nan)[rows]


def _pair_frame(built: Built, pair: Pair, *, has_days: bool) -> pd.DataFrame:
    anchor = np.zeros(len(built.patient))
    for position, rules in enumerate(built.rules):
        anchor = np.where(built.rule == position, anchor_day(rules, built), anchor)
    nowhere = np.full(len(built.patient), np.nan)
    baseline_day = pair.baseline_day if has_days else nowhere
    endpoint_day = pair.endpoint_day if has_days else nowhere
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = np.where(pair.baseline > 0, pair.improvement / pair.baseline, np.nan)
    looks_back = endpoint_day - built.anchor_day < pair.instrument.recall_days
    return pd.DataFrame({
        "course": np.arange(len(built.patient)),
        "baseline": _nullable(pair.baseline),
        "baseline_day": _nullable(baseline_day - built.first_day, "Int32"),
        "endpoint": _nullable(pair.endpoint),
        "endpoint_day": _nullable(endpoint_day - built.first_day, "Int32"),
        "endpoint_days_from_anchor": _nullable(endpoint_day - anchor, "Int32"),
        "improvement": _nullable(pair.improvement),
        "improvement_fraction": _nullable(fraction),
        "self_harm_baseline": _nullable(pair.self_harm_baseline, "Int8"),
        "self_harm_endpoint": _nullable(pair.self_harm_endpoint, "Int8"),
        "n_sessions_before_endpoint": _sessions_between(built, endpoint_day),
        "looks_back": pd.arrays.BooleanArray(looks_back, np.isnan(endpoint_day) | ~built.has_anchor),
    })


def _nullable(values: np.ndarray, dtype: str = "Float64") -> pd.Series:
    is_missing = np.isnan(values)
    if dtype == "Float64":
        return pd.Series(pd.arrays.FloatingArray(np.array(values, dtype=float), is_missing))
    whole = np.where(is_missing, 0, values).astype(dtype.lower())
    return pd.Series(pd.arrays.IntegerArray(whole, is_missing))


def _sessions_between(built: Built, endpoint_day: np.ndarray) -> pd.Series:
    """Sessions after the last induction session and before the endpoint's day."""
    is_known = ~np.isnan(endpoint_day) & built.has_anchor
    course = np.arange(len(built.patient))
    endpoint = np.where(is_known, endpoint_day, 0).astype(np.int64)
    until = np.searchsorted(built.session_key, session_keys(course, endpoint))
    since = np.searchsorted(built.session_key, session_keys(course, built.anchor_day), side="right")
    return pd.Series(pd.arrays.IntegerArray(np.maximum(until - since, 0), ~is_known)).astype("Int32")
