"""The part Response of the Over time page: how soon courses first respond, and who ever did."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.app import deck_panels, leads, page_options, panels, survival_panels, widgets
from analytics.app.questions import Question
from analytics.definitions.measures import MEASURES
from analytics.figures.survival import Axis, Printed
from analytics.reports.sections import Grid, grid_html
from analytics.results.survival_curves import curves
from analytics.results.time_to_response import STEPS, counts_sessions, ever_by, time_to
from analytics.wording import survival
from analytics.wording import time_to_response as words
from analytics.wording.definitions import measure_title
from analytics.wording.numbers import SMALLEST_SHOWN


def show(question: Question) -> None:
    """Choices, the curve, and the table of those who ever responded."""
    if question.dataset.tables.axis == "visit":
        widgets.hint(words.NO_DAYS)
        return
    choose(question)
    curve(question)
    is_split = page_options.chosen(question.view, "response.split") == "by"
    deck_panels.add_button(question, "response", measure_of(question), (question.view.by if is_split else None,),
                           unit=unit_of(question), courses=question.view.unit)
    ever(question)


def choose(question: Question) -> None:
    """What is waited for, along what, of whom."""
    events = {key: measure_title(MEASURES[measure]) for key, measure in _events(question).items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(events) > 1:
            widgets.choose_option(question, "response.event", "Time to", events)
        if counts_sessions(question.outcomes):
            widgets.choose_option(question, "response.unit", "Counted in", words.UNITS)
        if question.by is not None:
            names = {key: widgets.markdown_safe(name) for key, name in words.by_names(question.by).items()}
            widgets.choose_option(question, "response.split", "Curves", names)
        survival_panels.choose_unit(question)


def _events(question: Question) -> dict[str, str]:
    """What can be waited for: the measure of each choice."""
    own = {one.key for one in question.outcomes.measures_of(question.instrument.key)} if question.instrument else set()
    return {"response": question.headline} | ({"remission": "remission"} if "remission" in own else {})


def measure_of(question: Question) -> str:
    """The measure that is waited for; response where the instrument has no other."""
    events = _events(question)
    return events.get(page_options.chosen(question.view, "response.event"), events["response"])


def unit_of(question: Question) -> Any:
    """What the time is counted in; days where no sessions are counted."""
    return page_options.chosen(question.view, "response.unit") if counts_sessions(question.outcomes) else "days"


def followed(question: Question) -> Any:
    """Every followed course of the cohort."""
    key, measure, unit = question.instrument.key, measure_of(question), unit_of(question)
    return question.answer("time to", lambda: time_to(
        question.outcomes, key, measure, unit, question.where, question.series(key)), key, measure, unit)


@st.fragment
def curve(question: Question) -> None:
    """The share that has responded so far, and those still followed under the axis."""
    found, is_split = followed(question), page_options.chosen(question.view, "response.split") == "by"
    grouping, refused = survival_panels.grouping_of(question, is_split)
    drawn = question.answer("time to curves", lambda: curves(
        found, question.outcomes.patient, grouping, question.view.unit), *survival_panels.asked(question),
        found.measure, found.unit, is_split)
    title, sentence = words.title(found.measure), words.sentence(found, drawn)
    level, published = words.ever_published(found.measure, question.instrument)
    printed = [Printed(words.EVER_LABEL, level)] if level is not None and not drawn.by else []
    st.html(f'<h2 class="chart-title">{title}</h2>')
    survival_panels.curve("response", title, drawn, _axis(question, found, drawn), sentence, is_rising=True,
                          printed=printed)
    context = (refused, *words.notes(found, drawn, question.instrument), published if printed else "",
               panels.context(question, len(found.course) + sum(found.left_out.values())))
    widgets.said(sentence, context)
    if survival.has_curve(drawn):
        survival_panels.test("response", drawn)
    if survival.has_curve(drawn):
        widgets.table_behind("response", Grid(words.header(drawn, found.measure), words.rows(found, drawn)))
        if drawn.by:
            st.html(grid_html(Grid(words.medians_header(drawn, found.measure),
                                   survival.group_rows(drawn, found.unit))))


def _axis(question: Question, found: Any, drawn: Any) -> Axis:
    ticks = survival.shown_ticks(words.TICKS[found.unit], drawn)
    title = words.AXES[found.unit] if not question.dataset.tables.sessions.empty else words.FROM_THE_INDEX
    return Axis(ticks, tuple(str(tick) for tick in ticks), title, words.share_title(found.measure),
                words.AT_RISK)


@st.fragment
def ever(question: Question) -> None:
    """Who ever responded, kept apart from who did at the endpoint."""
    found, of = followed(question), question.outcomes
    told = question.answer("ever by", lambda: ever_by(found, of.patient, STEPS[found.unit]), found.instrument,
                           found.measure, found.unit)
    at_end = question.rate(found.instrument, found.measure).results[0]
    st.html(f'<h2 class="chart-title">{words.ever_title(found.measure)}</h2>')
    widgets.said(words.ever_sentence(found, told, at_end), ())
    if len(found.course) >= SMALLEST_SHOWN:
        st.html(grid_html(Grid(words.EVER_HEADER, words.ever_rows(found, told, at_end))))
    if at_end.numerator:
        widgets.way(leads.lead(question, words.at_end_way(found.measure, at_end.numerator), "responders",
                               measure=found.measure))
