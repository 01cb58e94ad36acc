"""The endpoints of old ways of counting, which no setting of the rules can say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analytics.courses.blocks import NEVER
from analytics.courses.build import Built
from analytics.courses.judgement import Pair
from analytics.courses.rows import visit_labels
from analytics.courses.scores import NONE, Scores, last_written, time_of_ties
from analytics.courses.windows import anchor_day
from analytics.definitions.old_ways import Way
from analytics.definitions.tables import Tables
from analytics.results.ground import Ground


def ended(on: Ground, courses: Built, way: Way) -> Pair:
    """The scores before and after, with the endpoint of the way.

    Those who have none get their last score seen, where it is carried forward, and without one the score before.
    """
    pair = on.pair(courses)
    before = pair.baseline_day
    if way.after.startswith(("last_", "best_")):
        scores = on.every_score
        is_after = way.after.endswith("_after")
        low = np.fmax(before, courses.first_day) if is_after else before
        rows = _chosen(scores, low, courses.next_day if is_after else np.full(len(low), NEVER),
                       is_best=way.after.startswith("best_"))
        pair = _with_endpoint(pair, scores, rows)
    if way.lost != "carried":
        return pair
    rows = _chosen(on.usable_score, before, _until(courses, before, on.tables), is_best=False)
    seen = _with_endpoint(pair, on.usable_score, rows)
    is_lost, is_unseen = np.isnan(pair.endpoint), rows == NONE

    def filled(name: str, start: str) -> np.ndarray:
        last = np.where(is_unseen, getattr(pair, start), getattr(seen, name))
        return np.where(is_lost, last, getattr(pair, name))

    return replace(pair, endpoint=filled("endpoint", "baseline"), endpoint_day=filled("endpoint_day", "baseline_day"),
                   self_harm_endpoint=filled("self_harm_endpoint", "self_harm_baseline"))


def _chosen(scores: Scores, low: np.ndarray, high: np.ndarray, *, is_best: bool) -> np.ndarray:
    """The last or the best score of each course later than ``low`` and up to ``high``; ``NONE`` where none.

    On one day the later time is the last, else the worse score; of scores as good as the best the last is taken.
    """
    day, course = scores.day[scores.row], scores.course
    with np.errstate(invalid="ignore"):
        fits = (day > low[course]) & (day <= high[course])
    row, course = scores.row[fits], course[fits]
    day, badness = scores.day[row], scores.badness[row]
    preference = (badness, time_of_ties(scores.time[row], course, day), day)
    return last_written(row, course, (day, -badness) if is_best else preference, len(low))


def last_seen(on: Ground) -> np.ndarray:
    """The last score of each course after the one before and ahead of the endpoint's window.

    Where the window has no beginning, as from the first score to the last, there is none.

    Returns
    -------
    array of float, points, one element a course that the rules in force keep; nan where there is none
    """
    courses = on.courses
    before = on.pair(courses).baseline_day
    rows = _chosen(on.usable_score, before, _until(courses, before, on.tables, is_start=True), is_best=False)
    return np.append(on.usable_score.total, np.nan)[rows][on.kept]


def _until(courses: Built, before: np.ndarray, tables: Tables, *, is_start: bool = False) -> np.ndarray:
    """The last day, or visit, up to which the endpoint window reaches, or the last one ahead of it."""
    until = courses.next_day.astype(float)
    labels = [" ".join(one.casefold().split()) for one in visit_labels(tables)]
    for position, rules in enumerate(courses.rules):
        limit = np.full(len(until), -NEVER if is_start else NEVER, dtype=float)
        edge = rules.endpoint_window[0 if is_start else 1]
        if rules.endpoint_visit is not None and tables.axis == "visit":
            limit = np.full(len(until), labels.index(" ".join(rules.endpoint_visit.casefold().split())), dtype=float)
            limit -= is_start
        elif rules.endpoint_visit is None and edge is not None:
            start = before if rules.counts_from_index else anchor_day(rules, courses)
            limit = start + edge - is_start
        until = np.where(courses.rule == position, np.fmin(until, limit), until)
    return until


def _with_endpoint(pair: Pair, scores: Scores, rows: np.ndarray) -> Pair:
    def at(values: np.ndarray) -> np.ndarray:
        return np.append(np.asarray(values, dtype=float), np.nan)[rows]

    return replace(pair, endpoint=at(scores.total), endpoint_day=at(scores.day),
                   self_harm_endpoint=at(scores.self_harm))
