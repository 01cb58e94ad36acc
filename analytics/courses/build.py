"""Canonical tables -> one row per course."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.courses.attributes import attribute_columns, indication_of
from analytics.courses.blocks import (
    INDUCTION,
    MAINTENANCE,
    NEVER,
    NO_ID,
    InductionRules,
    SessionArrays,
    block_of_session,
    induction_flags,
    is_first_of,
    kind_codes,
)
from analytics.courses.description import calendar, description, last_of_each
from analytics.courses.index import index_days
from analytics.definitions.findings import Finding
from analytics.definitions.rules import KINDS, Rules, RuleSet, without_sessions
from analytics.definitions.tables import Tables, day_number
from analytics.statistics.order import in_order


@dataclass(frozen=True)
class Built:
    """Courses with what is needed to find their scores.

    Attributes
    ----------
    courses : one row per course, columns of ``tables.COURSES`` and one per attribute
    patients : codes of the patients, sorted; positions in it are the patient codes below
    patient, first_day, anchor_day, last_day, next_day, course_id : arrays, one element a course, sorted by
        patient and first day; ``anchor_day`` the last induction session, ``next_day`` the first session of
        the patient's next course (``NEVER`` without one); days on the patient's axis
    has_sessions, has_anchor : whether there is a session, and an induction session, at all
    rules : the different rules in force; ``rule`` gives each course's position in it
    session_key : ``session_keys`` of every session, sorted
    session_row, is_induction_session : one element a session in the same order: its position in the tables'
        sessions, and whether it belongs to the induction
    has_own_days : whether every session and score carries a course id, so that days may restart with each course
    assessments : the assessments up to the as-of day, as they came
    last_known_day : one element a patient, as-of or observed-until day (``NEVER`` where unknown)
    """

    courses: pd.DataFrame
    patients: pd.Index
    patient: np.ndarray
    first_day: np.ndarray
    anchor_day: np.ndarray
    has_sessions: np.ndarray
    has_anchor: np.ndarray
    last_day: np.ndarray
    next_day: np.ndarray
    course_id: np.ndarray
    rules: tuple[Rules, ...]
    rule: np.ndarray
    session_key: np.ndarray
    session_row: np.ndarray
    is_induction_session: np.ndarray
    is_dated: bool
    has_own_days: bool
    assessments: pd.DataFrame
    assessment_patient: np.ndarray
    assessment_course_id: np.ndarray
    last_known_day: np.ndarray
    rule_set: RuleSet
    as_of: date | None
    findings: tuple[Finding, ...]
    counts: dict[str, int]

    def is_kind(self, *kinds: str) -> np.ndarray:
        """Which courses are of one of these kinds."""
        wanted = [KINDS.index(kind) for kind in kinds]
        return np.isin(self.courses["kind"].cat.codes.to_numpy(), wanted)


_OF_SESSIONS = ("course_id", "day", "phase", "planned_sessions", "route", "drug", "dose", "dose_unit")
"""What courses are built from and described by: side effects and vital signs are not carried along."""


def built(tables: Tables, rule_set: RuleSet, as_of: date | None = None) -> Built:
    """The courses of the tables under the rules, as of a day.

    Parameters
    ----------
    tables : what was read; rows after ``as_of`` (or after a patient's ``observed_until``) are not used
    rule_set : the rules in force; ``clinic`` becomes ``first_last`` where the files hold no session at all
    as_of : the day the figures speak for; missing means the tables' own
    """
    rule_set = without_sessions(rule_set) if tables.sessions.empty else rule_set
    as_of = (as_of or tables.as_of) if tables.axis == "date" else None
    patients, session_patient, assessment_patient = _patient_codes(tables)
    last_known = _last_known_day(tables, patients, as_of)
    keep_sessions = _is_known(tables.sessions, session_patient, last_known)
    known_assessments = _is_known(tables.assessments, assessment_patient, last_known)
    keep_assessments = known_assessments & tables.assessments["total"].notna().to_numpy()
    looked_at = tables.sessions[[name for name in _OF_SESSIONS if name in tables.sessions]]
    sessions, session_patient = _chosen(looked_at, keep_sessions), session_patient[keep_sessions]
    assessments = _chosen(tables.assessments, keep_assessments)
    assessment_patient = assessment_patient[keep_assessments]
    ids, session_ids, assessment_ids = _id_codes(sessions, assessments)
    common = {
        "patients": patients, "assessments": assessments, "assessment_patient": assessment_patient,
        "assessment_course_id": assessment_ids, "last_known_day": last_known, "rule_set": rule_set, "as_of": as_of,
        "is_dated": tables.axis == "date",
        "has_own_days": bool((session_ids != NO_ID).all() and (assessment_ids != NO_ID).all()),
        "counts": {"sessions_after_as_of": int((~keep_sessions).sum()),
                   "assessments_after_as_of": int((~known_assessments).sum())},
    }
    if rule_set.base.counts_from_index:
        return _index_courses(tables, common, sessions, session_patient)
    if tables.sessions.empty:
        return _assessed_courses(tables, common, _assessed_spans(
            common, np.ones(len(assessments), dtype=bool), len(ids)), ids)
    return _session_courses(tables, np.flatnonzero(keep_sessions), sessions, session_patient, session_ids, common, ids)


def _chosen(table: pd.DataFrame, chosen: np.ndarray) -> pd.DataFrame:
    """The chosen rows; of all of them no copy is made."""
    return table if chosen.all() else table[chosen]


def _patient_codes(tables: Tables) -> tuple[pd.Index, np.ndarray, np.ndarray]:
    left, right = tables.sessions["patient_id"], tables.assessments["patient_id"]
    if (isinstance(left.dtype, pd.CategoricalDtype) and isinstance(right.dtype, pd.CategoricalDtype)
            and left.cat.categories.equals(right.cat.categories)
            and left.cat.categories.is_monotonic_increasing):
        return left.cat.categories, left.cat.codes.to_numpy(np.int64), right.cat.codes.to_numpy(np.int64)
    both = pd.concat([left.astype("str"), right.astype("str")], ignore_index=True)
    codes, patients = pd.factorize(both, sort=True)
    return pd.Index(patients), codes[:len(left)].astype(np.int64), codes[len(left):].astype(np.int64)


def _id_codes(sessions: pd.DataFrame, assessments: pd.DataFrame) -> tuple[pd.Index, np.ndarray, np.ndarray]:
    """Course ids as codes in sorted order over both tables; ``NO_ID`` where blank."""
    columns = [table["course_id"].astype("str") if "course_id" in table and table["course_id"].notna().any()
               else None for table in (sessions, assessments)]
    if all(column is None for column in columns):
        return pd.Index([]), np.full(len(sessions), NO_ID), np.full(len(assessments), NO_ID)
    filled = [pd.Series([pd.NA] * len(table), dtype="str") if column is None else column
              for column, table in zip(columns, (sessions, assessments), strict=True)]
    codes, ids = pd.factorize(pd.concat(filled, ignore_index=True), sort=True)
    return pd.Index(ids), codes[:len(sessions)].astype(np.int64), codes[len(sessions):].astype(np.int64)


def _last_known_day(tables: Tables, patients: pd.Index, as_of: date | None) -> np.ndarray:
    last = np.full(len(patients), NEVER if as_of is None else day_number(as_of), dtype=np.int64)
    if not tables.observed_until.empty:
        until = tables.observed_until
        until = until.set_axis(until.index.astype("str")).reindex(patients.astype("str"))
        last = np.minimum(last, until.astype("Int64").fillna(NEVER).to_numpy(np.int64))
    return last


def _is_known(table: pd.DataFrame, patient: np.ndarray, last_known: np.ndarray) -> np.ndarray:
    if "day" not in table or not len(table) or (last_known == NEVER).all():
        return np.ones(len(table), dtype=bool)
    day = table["day"]
    return (day.fillna(0).to_numpy(np.int64) <= last_known[patient]) | day.isna().to_numpy()


def _session_courses(
    tables: Tables, place: np.ndarray, sessions: pd.DataFrame, patient: np.ndarray, course_id: np.ndarray,
    common: dict, ids: pd.Index,
) -> Built:
    rule_set: RuleSet = common["rule_set"]
    order, arrays = _sorted_sessions(sessions, patient, course_id)
    block = block_of_session(arrays, rule_set.base.gap_days)
    by_block = np.argsort(block, kind="stable")
    order, block = order[by_block], block[by_block]
    arrays = SessionArrays(*(getattr(arrays, name)[by_block] for name in arrays.__dataclass_fields__))
    sessions = sessions.iloc[order]
    starts = np.flatnonzero(is_first_of(block))
    n_blocks = len(starts)
    block_patient, first_day = arrays.patient[starts], arrays.day[starts]
    block_id = np.full(n_blocks, NO_ID)
    block_id[block[arrays.course_id != NO_ID]] = arrays.course_id[arrays.course_id != NO_ID]
    spans = _Spans(block_patient, first_day, last_of_each(arrays.day, starts, len(block)), block_id)
    spans = _with_absent(spans, common, len(ids))
    attributes, findings = attribute_columns(tables, common["patients"], spans.patient, spans.first_day,
                                             spans.last_day, ids, spans.course_id)
    rules, rule = _rules_of_courses(rule_set, indication_of(attributes), len(spans.patient))
    is_induction = induction_flags(arrays, block, first_day, _induction_rules(rules, rule[:n_blocks]))
    n_induction = np.bincount(block[is_induction], minlength=n_blocks)
    anchor = np.full(n_blocks, 0, dtype=np.int64)
    anchor[block[is_induction]] = arrays.day[is_induction]
    complete = np.array([one.complete_sessions for one in rules])[rule[:n_blocks]]
    kind = kind_codes(block_patient, n_induction, complete)
    frame = description(sessions, block, starts, n_induction, first_day, anchor, kind)
    frame = frame.reindex(range(len(spans.patient)))
    frame["kind"] = frame["kind"].fillna("assessed")
    return _put_together(common, frame, spans, attributes, findings, rules, rule, anchor, n_induction > 0,
                         _SessionRows(session_keys(block, arrays.day), place[order], is_induction), ids)


@dataclass(frozen=True)
class _SessionRows:
    """The sessions by course and day: key, position in the tables, and whether of the induction."""

    key: np.ndarray
    row: np.ndarray
    is_induction: np.ndarray


_NO_SESSIONS = _SessionRows(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, bool))


@dataclass(frozen=True)
class _Spans:
    """Where each course lies: patient, first and last day, course id."""

    patient: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray
    course_id: np.ndarray


def _with_absent(spans: _Spans, common: dict, n_ids: int) -> _Spans:
    """The courses, and after them those of patients who have scores and no session."""
    has_sessions = np.zeros(len(common["patients"]), dtype=bool)
    has_sessions[spans.patient] = True
    absent = _assessed_spans(common, ~has_sessions[common["assessment_patient"]], n_ids)
    return _Spans(*(np.concatenate([getattr(spans, name), getattr(absent, name)])
                    for name in _Spans.__dataclass_fields__))


def _assessed_spans(common: dict, chosen: np.ndarray, n_ids: int) -> _Spans:
    """Courses without sessions: one per course id of a patient's chosen scores, else one per patient."""
    patient, course_id = common["assessment_patient"], common["assessment_course_id"]
    has_ids = np.zeros(len(common["patients"]), dtype=bool)
    has_ids[patient[course_id != NO_ID]] = True
    chosen = chosen & ((course_id != NO_ID) | ~has_ids[patient])
    day = common["assessments"]["day"].astype("Int64").fillna(NEVER).to_numpy(np.int64)[chosen]
    keys = patient[chosen] * (n_ids + 1) + course_id[chosen] + 1
    present, inverse = np.unique(keys, return_inverse=True)
    first, last = np.full(len(present), NEVER), np.full(len(present), -NEVER)
    np.minimum.at(first, inverse, day)
    np.maximum.at(last, inverse, np.where(day == NEVER, -NEVER, day))
    first, last = np.where(first == NEVER, 0, first), np.where(last == -NEVER, 0, last)
    owner, block_id = present // (n_ids + 1), present % (n_ids + 1) - 1
    order = np.lexsort((block_id, first, owner))
    return _Spans(owner[order], first[order], last[order], block_id[order])


def session_keys(course: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One number for course and day that sorts by course, then day; days may be negative."""
    return (course.astype(np.int64) << 32) + day + 2**31


def _sorted_sessions(
    sessions: pd.DataFrame, patient: np.ndarray, course_id: np.ndarray
) -> tuple[np.ndarray, SessionArrays]:
    """Sessions by patient and day; what happened on one day is ordered by its content, never by file order."""
    day = sessions["day"].to_numpy(np.int64)
    phase = _phase_codes(sessions)
    planned = (sessions["planned_sessions"].astype("Int64").fillna(NO_ID).to_numpy(np.int64)
               if "planned_sessions" in sessions else np.full(len(sessions), NO_ID))
    when = patient * 2**32 + day
    order = in_order(patient, day)
    same_day = when[order][1:] == when[order][:-1]
    if same_day.any():
        tied = np.append(same_day, False) | np.insert(same_day, 0, False)
        rows = order[tied]
        content = [pd.factorize(sessions[name].iloc[rows], sort=True)[0] for name in ("dose", "route", "drug")
                   if name in sessions and sessions[name].notna().any()]
        order[tied] = rows[np.lexsort((*content, planned[rows], phase[rows], course_id[rows], when[rows]))]
    return order, SessionArrays(patient[order], day[order], course_id[order], phase[order], planned[order])


def _phase_codes(sessions: pd.DataFrame) -> np.ndarray:
    if "phase" not in sessions:
        return np.full(len(sessions), NO_ID)
    codes, labels = pd.factorize(sessions["phase"])
    known = np.array([{"induction": INDUCTION, "maintenance": MAINTENANCE}.get(label, NO_ID) for label in labels]
                     + [NO_ID])
    return known[codes]


def _rules_of_courses(
    rule_set: RuleSet, indication: pd.Series | None, n_courses: int
) -> tuple[tuple[Rules, ...], np.ndarray]:
    if not rule_set.is_by_indication or indication is None:
        return (rule_set.base,), np.zeros(n_courses, dtype=np.int64)
    codes, names = pd.factorize(indication)
    presets = [rule_set.preset_for(name) for name in names] + [rule_set.preset_for(None)]
    different = sorted(set(presets))
    position = np.array([different.index(preset) for preset in presets])
    return tuple(rule_set.rules_for(preset) for preset in different), position[codes]


def _induction_rules(rules: tuple[Rules, ...], rule: np.ndarray) -> InductionRules:
    def of_block(name: str) -> np.ndarray:
        return np.array([NO_ID if getattr(one, name) is None else getattr(one, name) for one in rules])[rule]

    return InductionRules(of_block("induction_gap_days"), of_block("induction_span_days"),
                          of_block("induction_max_sessions"), of_block("planned_sessions"),
                          of_block("complete_sessions"))


def _index_courses(tables: Tables, common: dict, sessions: pd.DataFrame, session_patient: np.ndarray) -> Built:
    """One course for each patient with a score or a session: day 0 is the index score, and sessions are not looked at.

    A patient without an index score starts at the first score, and without any at the first session.
    """
    patient, n_patients = common["assessment_patient"], len(common["patients"])
    rule_set: RuleSet = common["rule_set"]
    day = index_days(common["assessments"], patient, n_patients, rule_set.instruments(tables.instruments),
                     rule_set.base)
    treated = np.full(n_patients, NEVER)
    np.minimum.at(treated, session_patient, sessions["day"].to_numpy(np.int64))
    day = np.where(day == NEVER, treated, day)
    has_rows = np.zeros(n_patients, dtype=bool)
    has_rows[np.concatenate([patient, session_patient])] = True
    day = np.where(day == NEVER, 0, day)[has_rows]
    spans = _Spans(np.flatnonzero(has_rows), day, day, np.full(len(day), NO_ID))
    # A score's course id says nothing here: a patient has one index, whatever course it was written for.
    common = common | {"assessment_course_id": np.full(len(patient), NO_ID), "has_own_days": False}
    return _assessed_courses(tables, common, spans, pd.Index([]))


def _assessed_courses(tables: Tables, common: dict, spans: _Spans, ids: pd.Index) -> Built:
    """Courses without sessions, as they lie."""
    n_courses = len(spans.patient)
    attributes, findings = attribute_columns(tables, common["patients"], spans.patient, spans.first_day,
                                             spans.last_day, ids, spans.course_id)
    rules, rule = _rules_of_courses(common["rule_set"], indication_of(attributes), n_courses)
    none = pd.array([pd.NA] * n_courses, dtype="Int32")
    frame = pd.DataFrame({
        "kind": pd.Categorical(["assessed"] * n_courses, categories=list(KINDS)),
        "last_induction_day": none, "last_day": none, "n_sessions": none, "n_induction": none,
    })
    return _put_together(common, frame, spans, attributes, findings, rules, rule, spans.first_day,
                         np.zeros(n_courses, dtype=bool), _NO_SESSIONS, ids)


def _put_together(
    common: dict, frame: pd.DataFrame, spans: _Spans, attributes: pd.DataFrame,
    findings: tuple[Finding, ...], rules: tuple[Rules, ...], rule: np.ndarray, anchor: np.ndarray,
    has_anchor: np.ndarray, sessions: _SessionRows, ids: pd.Index,
) -> Built:
    n_absent = len(spans.patient) - len(anchor)
    order = np.lexsort((spans.first_day, spans.patient)) if n_absent else np.arange(len(anchor))
    patient, first_day = spans.patient[order], spans.first_day[order]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    starts = is_first_of(patient)
    number = np.arange(len(patient)) - np.flatnonzero(starts)[np.cumsum(starts) - 1] + 1
    keys = pd.DataFrame({
        "patient_id": pd.Categorical.from_codes(patient, categories=common["patients"]),
        "course_id": pd.Categorical.from_codes(spans.course_id[order], categories=ids),
        "course_number": pd.array(number, dtype="Int32"),
    })
    if common["is_dated"]:
        keys = pd.concat([keys, calendar(first_day)], axis=1)
    else:
        keys["first_day"] = pd.array(first_day, dtype="Int32")
    courses = pd.concat([keys, frame.iloc[order].reset_index(drop=True)], axis=1)
    named = attributes.iloc[order].reset_index(drop=True)
    courses = pd.concat([courses, named.rename(columns={name: f"{name} (file)" for name in named if name in courses})],
                        axis=1)
    padded = {name: np.append(column, np.zeros(n_absent, dtype=column.dtype))[order]
              for name, column in (("anchor_day", anchor), ("has_anchor", has_anchor))}
    if n_absent:
        moved = (rank[sessions.key >> 32] << 32) + (sessions.key & (2**32 - 1))
        by_key = np.argsort(moved, kind="stable")
        sessions = _SessionRows(moved[by_key], sessions.row[by_key], sessions.is_induction[by_key])
    next_day = _next_day(patient, first_day)
    if common["has_own_days"]:
        # Every row carries an id and days may restart: the next course's first day says nothing of this one's scores.
        next_day = np.where(next_day <= spans.last_day[order], NEVER, next_day)
    with_sessions = (order < len(anchor)) & (len(sessions.key) > 0)
    built_courses = Built(
        courses=courses, has_sessions=with_sessions, patient=patient, first_day=first_day,
        last_day=spans.last_day[order], next_day=next_day,
        course_id=spans.course_id[order], rules=rules, rule=rule[order], session_key=sessions.key,
        session_row=sessions.row, is_induction_session=sessions.is_induction, findings=findings, **common, **padded)
    return replace(built_courses, counts=common["counts"] | {
        "patients_without_sessions": int((np.bincount(patient[~with_sessions]) > 0).sum()) if n_absent else 0})


def _next_day(patient: np.ndarray, first_day: np.ndarray) -> np.ndarray:
    """First day of the patient's next course; ``NEVER`` where there is none."""
    following = np.full(len(patient), NEVER)
    following[:-1] = np.where(patient[1:] == patient[:-1], first_day[1:], NEVER)
    return following
