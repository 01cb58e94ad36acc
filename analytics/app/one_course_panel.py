"""The one course that is open: why it counts as it does, its scores and sessions, and both as tables."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from analytics.app import loading, state, visitors, widgets
from analytics.app.questions import Question
from analytics.app.view import View
from analytics.definitions.measures import MEASURES
from analytics.figures.one_course import LEGEND, one_course_figure, panels_of, ticks_of
from analytics.reports.sections import Grid, without_empty_columns
from analytics.results.one_course import OneCourse, found, one_course
from analytics.wording import one_course as words
from analytics.wording import one_course_rows as rows
from analytics.wording.definitions import measure_title
from analytics.wording.rules import rules_sentence


def set_measure(view: View, key: str) -> View:
    """The view with another measure."""
    return replace(view, measure=key)


def opened(of: Any, course: Any) -> int | None:
    """The position of the open course: the one chosen last where it is listed, else the first of the list."""
    if not len(course):
        return None
    patient, number = state.remembered("courses.open", (-1, 0))
    position = found(of, patient, number)
    return position if position is not None and position in course else int(course[0])


def open_course(of: Any, position: int) -> None:
    """Remember which course is open: the place of its patient and its number, never a code or a score."""
    state.remember("courses.open", (int(of.patient[position]), int(of.courses["course_number"].iloc[position])))


def show(question: Question, of: Any, position: int) -> None:
    """Title, the sentence, the figure, the tables."""
    visitors.person().needs("rows")
    course = one_course(of, position, sessions_of(question, of))
    judged = course.judged(question.measured.key, question.measure)
    st.html(f'<h2 class="chart-title">{escape(words.title(course))}</h2>')
    widgets.said(words.why(course, judged), (words.about(course, with_date=question.dataset.dates == "keep"),
                                             f"{rules_sentence(course.rules)}."))
    panels = panels_of(course, question.instrument.key)
    if panels:
        widgets.plot("one_course", one_course_figure(panels, ticks_of(course), widgets.palette(), course.next_day),
                     "Scores and sessions of one course by day; every number is in the tables below.")
        widgets.said("", (LEGEND,))
    widgets.table_behind("one_scores", without_empty_columns(Grid(rows.SCORE_HEADER, rows.score_rows(course))),
                         "Scores as table")
    widgets.table_behind("one_sessions", without_empty_columns(Grid(rows.SESSION_HEADER, rows.session_rows(course))),
                         "Sessions as table")
    widgets.table_behind("one_measures", every_measure(question, course), "How it counts in every measure")


def every_measure(question: Question, course: OneCourse) -> Grid:
    """The sentence of every measure of the headline instrument."""
    return Grid(("Measure", "Why"), tuple(
        (measure_title(MEASURES[key]), words.why(course, course.judged(question.read_from(key).key, key)))
        for key in question.measures()))


def sessions_of(question: Question, of: Any) -> Any:
    """The sessions of the outcomes; those of the view are made once."""
    from analytics.courses.sessions import course_sessions

    if of is question.outcomes:
        return question.sessions()
    return loading.answer_of(question.dataset, ("sessions as of", question.rules, of.as_of),
                             lambda: course_sessions(of))
