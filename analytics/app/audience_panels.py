"""For whom the screen is: the choice, and what the board and the public see in place of the pages of the inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from analytics.app import dataset_names, deck_panels, exhibit_panels, panels, state, told, widgets
from analytics.app.pages import pages
from analytics.app.questions import Question
from analytics.app.sidebar import choose_audience, choose_dataset, sidebar
from analytics.definitions.measures import MEASURES
from analytics.reports.exhibits import Answers, Ask, Exhibit, exhibit
from analytics.wording import audiences as words
from analytics.wording.definitions import measure_title
from analytics.wording.rules import attribute

_FIRST_ONLY = "induction,incomplete"


def is_inside(question: Question) -> bool:
    """Whether the screen is for those who treat and count."""
    return question.view.audience == "inside"


def refuse(question: Question | None, title: str) -> None:
    """Why a page is not shown to this audience, and the way back; nothing of the dataset but its name."""
    audience = state.view().audience
    label = dataset_names.name(question) if question is not None else words.NAMES[audience]
    st.html(f'<div class="headline page">{_mark(question)}<h1>{escape(title)}</h1>'
            f"<p>{escape(words.page_refused(label, audience))}</p></div>")
    with st.container(horizontal=True):
        st.button("Back to Inside", on_click=state.set_view, kwargs={"audience": "inside"}, type="primary")
        st.page_link(pages()["overview"], label="Open the Overview")
    if question is not None:
        with st.sidebar:
            choose_audience(question)
            choose_dataset(question)


def mark(question: Question | None) -> None:
    """For whom the page is, above it; nothing for the inside."""
    if question is not None and not is_inside(question):
        st.html(f'<div class="headline">{_mark(question)}</div>')


def _mark(question: Question | None) -> str:
    if question is None:
        return ""
    invented = '<span class="invented">Invented sample data</span> ' if question.dataset.is_sample else ""
    return f'{invented}<span class="invented">{escape(banner(question))}</span>'


def banner(question: Question) -> str:
    """What names the audience at the top of a page; empty for the inside."""
    return "" if is_inside(question) else words.banner(question.view.audience, question.disclosure.threshold)


def chips(question: Question) -> None:
    """The line of chips, with as much of the counts as is told."""
    as_of = question.outcomes.as_of.isoformat() if question.outcomes.as_of else None
    with st.container(horizontal=True, vertical_alignment="top", wrap=False, key="chips"):
        widgets.chips(question, told.counts(question), as_of)


# --- overview ----------------------------------------------------------------------------------------


def overview(question: Question) -> None:
    """Exhibits in order: how many and how sure, who is missing, for whom, harm, what is published."""
    if not panels.is_countable(question):
        st.html(f'<div class="headline page">{_mark(question)}</div>')
        panels.what_is_missing(question)
        sidebar(question)
        return
    chips(question)
    with told.book(question.view.audience).lock:
        answers = _may_be_shown(question)
        if answers is not None:
            _exhibits(question, answers)
    sidebar(question)


def _may_be_shown(question: Question) -> Answers | None:
    """What the page is made from; else why nothing of it is shown is said."""
    gate = told.gate(question)
    if gate:
        _gate(question, gate)
        return None
    book = told.book(question.view.audience)
    refused = book.show(question)
    if refused is None:
        return book.answers(question)
    st.html(f'<div class="headline page">{_mark(question)}<h1>Not shown</h1><p>{escape(refused)}</p></div>')
    with st.container(horizontal=True):
        if question.view.filters:
            st.button("Show all courses", on_click=state.set_view, kwargs={"filters": ()}, type="primary")
        st.button(words.START_OVER, on_click=told.start_over, args=(question.view.audience,))
    widgets.hint(f"{words.shown_before(book.names, question.view.audience)} {words.START_OVER_HINT}")
    return None


def _gate(question: Question, gate: tuple[Any, ...]) -> None:
    """Why the public is told nothing yet, and what would change that."""
    assert question.instrument is not None, "The gate is asked for a dataset with an instrument."
    title = words.GATE_HEADLINE.format(question.instrument.title)
    st.html(f'<div class="headline">{_mark(question)}<h1>{escape(title)}</h1><p>{escape(words.GATE_LEAD)}</p></div>'
            + widgets.list_html(words.gate_lines(gate)))
    if any(one.why == "kinds" for one in gate):
        settings = dict(question.view.settings) | {"kinds": _FIRST_ONLY}
        st.button(words.FIRST_ONLY, on_click=state.set_view, kwargs={"settings": tuple(settings.items())})


def _exhibits(question: Question, answers: Answers) -> None:
    """Everything that is told, the whole before its parts."""
    def made(kind: str, **more: Any) -> Exhibit | None:
        return exhibit(answers, told.ask(question, kind, **more))

    head = made("headline")
    assert head is not None and question.instrument is not None, "There is a headline where there is an instrument."
    address = widgets.defend_address(question, question.instrument.key, question.headline)
    exhibit_panels.headline(head, banner(question), address)
    deck_panels.add_button(question, "headline")
    left, right = st.columns(2, gap="large")
    _beside(question, left, made("flow"))
    _beside(question, right, made("severity"))
    _strata(question, made)
    _beside(question, st.container(), made("harm"))
    _beside(question, st.container(), made("published"))


def _beside(question: Question, where: Any, one: Exhibit | None, by: tuple[int, ...] = ()) -> None:
    if one is not None:
        with where:
            exhibit_panels.show(one)
            deck_panels.add_button(question, one.ask.kind, one.ask.measure, by)


def _strata(question: Question, made: Callable[..., Exhibit | None]) -> None:
    """The headline by one attribute, chosen among those that may be named."""
    names = {place: attribute(name) for place, (name, levels) in enumerate(question.dataset.shape.attributes)
             if levels and question.is_told(place)}
    if not names:
        return
    shown = question.view.by if question.view.by in names else next(iter(names))
    st.selectbox("Response by" if question.headline == "response" else "By", list(names),
                 format_func=names.__getitem__, width=260, **state.bound("by", shown, lambda view, place: replace(
                     view, by=place, by2=None if view.by2 == place else view.by2)))
    column = question.column(question.dataset.shape.attributes[shown][0])
    _beside(question, st.container(), made("strata", by=(column,)), (shown,))


# --- defend this number ------------------------------------------------------------------------------


def defend(question: Question) -> None:
    """The sheet of one number, made of what this audience is told of it."""
    chips(question)
    with st.container(key="screen_only", horizontal=True, vertical_alignment="bottom"):
        choose_number(question)
    with told.book(question.view.audience).lock:
        answers = _may_be_shown(question)
        if answers is not None:
            asked: Ask = told.ask(question, "headline", measure=_measure(question))
            st.html(exhibit_panels.sheet_html(exhibit(answers, asked), banner(question)))


def _measures(question: Question) -> tuple[str, ...]:
    assert question.instrument is not None, "A sheet is asked for a dataset with an instrument."
    return tuple(one.key for one in question.outcomes.measures_of(question.instrument.key))


def _measure(question: Question) -> str:
    return question.view.measure if question.view.measure in _measures(question) else question.headline


def choose_number(question: Question) -> None:
    """Another number's sheet, and the way back."""
    st.page_link(pages()["overview"], label="Back to the overview", icon=":material/arrow_back:")
    titles = {key: one.title for key, one in question.instruments.items()}
    st.selectbox("Instrument", list(titles), format_func=titles.__getitem__, width=220, **state.bound(
        "sheet.instrument", question.view.instrument, lambda view, key: replace(view, instrument=key)))
    names = {key: measure_title(MEASURES[key]) for key in _measures(question)}
    st.selectbox("Number", list(names), format_func=names.__getitem__, width=280, **state.bound(
        "sheet.measure", _measure(question), lambda view, key: replace(view, measure=key)))
    widgets.hint("Print this page with the browser: it fits one sheet.")
