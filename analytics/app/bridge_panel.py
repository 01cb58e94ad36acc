"""From the clinic's old number to ours: five questions, then the way, one rule at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from analytics.app import panels, state, way_codes, widgets
from analytics.app.questions import Question
from analytics.app.view import View
from analytics.app.widgets import markdown_safe
from analytics.definitions.instruments import Instrument
from analytics.definitions.old_ways import ANSWERS, QUESTIONS, USUAL_WAYS, Way, visit_answers
from analytics.figures.bridge import BridgeBar, bridge_figure
from analytics.reports.sections import Grid
from analytics.wording import bridge as words

OWN = "own"
FIRST = "first_to_last"


def show(question: Question, instrument: Instrument) -> None:
    """The five answers, the waterfall, and its steps as sentences."""
    way, order = _in_force(question)
    choose(question, way, order)
    found = question.bridge(way, order, question.headline)
    rungs = words.waterfall(found)
    sentences = words.bridge_sentences(found)
    if not rungs:
        st.html(widgets.said_html(sentences, ()))
        return
    st.html(widgets.said_html(sentences[1:2], ()))
    widgets.plot("bridge", bridge_figure(bars(rungs), widgets.palette()), " ".join(sentences[:2]))
    st.html(widgets.list_html(words.step_sentences(found)))
    widgets.below("bridge", sentences[-1] if len(found.steps) > 1 else "",
                  (panels.context(question, found.end.denominator),),
                  Grid(words.BRIDGE_HEADER, words.bridge_rows(found)))


def bars(rungs: tuple[Any, ...]) -> list[BridgeBar]:
    """The old number, one bar a step, and ours."""
    first, *steps = rungs
    changes = [BridgeBar(one.title, one.before, one.after, one.change or one.shown, one.counts, False) for one in steps]
    return [_total(first.title, first), *changes, _total("This number", rungs[-1])]


def _total(title: str, rung: Any) -> BridgeBar:
    return BridgeBar(title, None if rung.after is None else 0.0, rung.after, rung.shown, rung.counts, True)


def _in_force(question: Question) -> tuple[Way, tuple[Any, ...]]:
    code = question.view.way
    return way_codes.way_and_order(code) if code else (USUAL_WAYS[FIRST], QUESTIONS)


def choose(question: Question, way: Way, order: tuple[Any, ...]) -> None:
    """A usual way, or five answers of one's own; and the order of the steps."""
    named = next((name for name, one in USUAL_WAYS.items() if one == way), OWN)
    titles = {**words.WAY_TITLES, OWN: "Another way: answer the five questions"}
    st.selectbox("How did the clinic count before?", list(titles), format_func=titles.__getitem__, **state.bound(
        "way.usual", named, lambda view, name: _with(view, USUAL_WAYS.get(name, way), order)))
    with st.expander("The five questions", key="way.questions", expanded=False):
        visits = visit_answers(question.dataset.shape.visits)
        rows = [st.columns(2, gap="medium") for _ in QUESTIONS[::2]]
        for place, asked in enumerate(QUESTIONS):
            answers = [*ANSWERS[asked], *(visits if asked == "after" else ())]
            rows[place // 2][place % 2].selectbox(
                words.QUESTION_TITLES[asked], answers,
                format_func=lambda key, asked=asked: markdown_safe(words.answer(asked, key)), **state.bound(
                    f"way.{asked}", way.answer(asked),
                    lambda view, key, asked=asked: _with(view, replace(way, **{asked: key}), order)))
        st.multiselect("Order of the steps (clear it and choose anew)", list(QUESTIONS),
                       format_func=words.QUESTION_TITLES.__getitem__, **state.bound(
                           "way.order", list(order), lambda view, chosen: _with(view, way, _whole(chosen))))


def _whole(chosen: list[Any]) -> tuple[Any, ...]:
    """The questions in the order chosen; those not chosen come last."""
    return (*chosen, *(one for one in QUESTIONS if one not in chosen))


def _with(view: View, way: Way, order: tuple[Any, ...]) -> View:
    return replace(view, way=way_codes.code_of(way, order))
