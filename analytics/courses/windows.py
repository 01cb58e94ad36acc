"""Which assessments stand for before and after: every score against every course of its patient."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.courses.attributes import position_in_run
from analytics.courses.blocks import NEVER, NO_ID
from analytics.courses.build import Built
from analytics.courses.scores import NONE, Scores, last_written, number_of, one_a_day, time_of_ties, usable_rows
from analytics.definitions.instruments import Instrument
from analytics.definitions.rules import MEAN_DAYS, Rules, Window
from analytics.definitions.tables import Tables


def scores_of(built: Built, tables: Tables, instrument: Instrument, is_strict: bool) -> tuple[Scores, np.ndarray]:
    """The scores of one instrument with the courses they may serve, and which patients were ever measured.

    A score that is marked during or after a session never serves; one that carries a course id serves that
    course only.
    """
    table = built.assessments
    of_instrument = (table["instrument"] == instrument.key).to_numpy(bool)
    measured = np.zeros(len(built.patients), dtype=bool)
    measured[built.assessment_patient[of_instrument]] = True
    usable = of_instrument & usable_rows(table, needs_day=tables.axis != "visit", is_strict=is_strict)
    chosen = {name: table[name][usable] for name in ("total", "visit", "day", "self_harm_item", "time")
              if name in table}
    total = chosen["total"].to_numpy(float)
    visit = (chosen["visit"].cat.codes.to_numpy(np.int64)
             if "visit" in chosen and isinstance(chosen["visit"].dtype, pd.CategoricalDtype)
             else np.full(len(total), NONE))
    day = visit if tables.axis == "visit" else chosen["day"].to_numpy(np.int64)
    row, course = _pairs(built, built.assessment_patient[usable], built.assessment_course_id[usable])
    return Scores(total, number_of(chosen, "self_harm_item"), day, number_of(chosen, "time"), visit,
                  -total if instrument.is_higher_better else total, row, course), measured


def _pairs(built: Built, patient: np.ndarray, course_id: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    n_courses = np.bincount(built.patient, minlength=len(built.patients))
    first_course = np.cumsum(n_courses) - n_courses
    repeat = n_courses[patient]
    row = np.repeat(np.arange(len(patient)), repeat)
    course = np.repeat(first_course[patient], repeat) + position_in_run(repeat)
    fits = (course_id[row] == NO_ID) | (course_id[row] == built.course_id[course])
    return row[fits], course[fits]


def baseline_rows(
    scores: Scores, built: Built, rules: Rules, in_force: np.ndarray, visits: tuple[str, ...], *, is_visit_axis: bool
) -> np.ndarray:
    """The assessment that stands for before, one element a course; ``NONE`` where there is none.

    Parameters
    ----------
    in_force : which courses follow these rules

    On one day the earlier time is taken, else the better score, else the lower item 9.
    """
    since = scores.day[scores.row] - built.first_day[scores.course]
    fits = in_force[scores.course].copy()
    if rules.baseline_visit is not None:
        fits &= scores.visit[scores.row] == _visit_code(rules.baseline_visit, visits, "baseline_visit")
    elif not is_visit_axis:
        window = (1 - MEAN_DAYS, 0) if rules.baseline_pick == "mean_last_7_days" else rules.baseline_window
        fits &= _inside(since, window)
        if window[1] is None:
            fits &= scores.day[scores.row] < built.next_day[scores.course]
    row, course = one_a_day(scores, scores.row[fits], scores.course[fits])
    day = scores.day[row]
    if rules.baseline_pick == "first":
        return last_written(row, course, (-day,), len(built.patient))
    if rules.baseline_pick == "worst":
        return last_written(row, course, (day, scores.badness[row]), len(built.patient))
    return last_written(row, course, (day,), len(built.patient))


def baseline_means(scores: Scores, built: Built, in_force: np.ndarray) -> np.ndarray:
    """Mean over day 0 and the six days before of each day's score, one element a course; nan where none."""
    since = scores.day[scores.row] - built.first_day[scores.course]
    fits = in_force[scores.course] & _inside(since, (1 - MEAN_DAYS, 0))
    row, course = one_a_day(scores, scores.row[fits], scores.course[fits])
    count = np.bincount(course, minlength=len(built.patient))
    with np.errstate(invalid="ignore"):
        return np.bincount(course, scores.total[row], len(built.patient)) / count


def endpoint_rows(
    scores: Scores, built: Built, rules: Rules, in_force: np.ndarray, visits: tuple[str, ...], baseline: np.ndarray,
    *, is_visit_axis: bool,
) -> np.ndarray:
    """The assessment that stands for after, one element a course; ``NONE`` where there is none.

    On one day the later time is taken, else the worse score, else the higher item 9. It lies after the
    baseline's day and not after the first day of the patient's next course.
    """
    day, course = scores.day[scores.row], scores.course
    fits = in_force[course] & (scores.row != baseline[course])
    baseline_day = np.where(baseline == NONE, -NEVER, scores.day[baseline] if len(scores.day) else -NEVER)
    if rules.endpoint_visit is not None:
        fits &= scores.visit[scores.row] == _visit_code(rules.endpoint_visit, visits, "endpoint_visit")
    else:
        fits &= day > baseline_day[course]
    if not is_visit_axis and rules.endpoint_visit is None:
        anchor = baseline_day if rules.counts_from_index else anchor_day(rules, built)
        fits &= _in_endpoint_window(rules, built, day, course, anchor)
    if rules.counts_from_index:
        fits &= baseline[course] != NONE
    row, course = scores.row[fits], course[fits]
    badness, day, self_harm = scores.badness[row], scores.day[row], scores.self_harm[row]
    time = time_of_ties(scores.time[row], course, day)
    preference = (np.nan_to_num(self_harm, nan=-1), badness, time, day)
    if rules.endpoint_pick == "closest":
        start = baseline_day if rules.counts_from_index else anchor_day(rules, built)
        distance = np.abs(day - start[course] - rules.endpoint_target_day)
        preference = (*preference, -distance)
    return last_written(row, course, preference, len(built.patient))


def anchor_day(rules: Rules, built: Built) -> np.ndarray:
    """The day from which the endpoint window counts, one element a course, on the patient's axis.

    Where an index score stands for the course, each instrument has its own: the day of its baseline.
    """
    if rules.endpoint_anchor == "last_induction_session":
        return built.anchor_day
    return built.last_day if rules.endpoint_anchor == "last_session" else built.first_day


def _in_endpoint_window(
    rules: Rules, built: Built, day: np.ndarray, course: np.ndarray, anchor: np.ndarray
) -> np.ndarray:
    since_anchor = day - anchor[course]
    fits = day <= built.next_day[course]
    if rules.endpoint_anchor == "last_induction_session":
        fits &= built.has_anchor[course]
    if rules.endpoint_pick == "last_available":
        return fits & (day > built.first_day[course]) & _inside(since_anchor, (None, rules.endpoint_window[1]))
    return fits & _inside(since_anchor, rules.endpoint_window)


def _inside(days: np.ndarray, window: Window) -> np.ndarray:
    low, high = window
    inside = np.ones(len(days), dtype=bool)
    if low is not None:
        inside &= days >= low
    if high is not None:
        inside &= days <= high
    return inside


def _visit_code(label: str, visits: tuple[str, ...], setting: str) -> int:
    folded = [" ".join(visit.casefold().split()) for visit in visits]
    wanted = " ".join(label.casefold().split())
    if wanted not in folded:
        raise ValueError(f"{setting} names a visit of the files; {label!r} came, and there "
                         + (f"are {', '.join(visits)}." if visits else "is no visit in them."))
    return folded.index(wanted)
