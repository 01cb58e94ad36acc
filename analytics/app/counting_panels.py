"""The panels of the Counting page: other ways to count the same courses."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from analytics.app import bridge_panel, frame, panels, pictures_panels, state, widgets
from analytics.app.questions import Question
from analytics.definitions.instruments import Instrument
from analytics.reports.sections import Grid, grid_html, without_empty_columns
from analytics.results.side_by_side import side_by_side
from analytics.results.what_if import what_if
from analytics.wording import missing as missing_words
from analytics.wording import published as published_words
from analytics.wording import side_by_side as words

WAYS = {"side": "Side by side", "what_if": "What if", "bridge": "From your number to ours",
        "published": "Counted their way", "missing": "Those lost", "pictures": "Pictures of change"}
LEADS = {
    "side": "One cohort by every measure and by every set of rules, and how far two measures agree.",
    "what_if": "What one other choice in the rules would do to the number.",
    "bridge": "From the way the clinic used to count to this number, one rule at a time.",
    "published": "Published figures, and our courses counted again by their rules.",
    "missing": "What those who were lost could do to the number, and who they were.",
    "pictures": "How far each course changed, from start to end.",
}


def show(question: Question) -> None:
    """The chosen way; only it is counted."""
    chosen = state.remembered("counting.way", "side")
    frame.title(WAYS[chosen], LEADS[chosen])
    st.segmented_control("Show", list(WAYS), format_func=WAYS.__getitem__, required=True,
                         label_visibility="collapsed", **state.kept("counting.way", "side"))
    assert question.instrument is not None, "Counting is asked of a dataset with an instrument."
    _PANELS[state.remembered("counting.way", "side") or "side"](question, question.instrument)


def side(question: Question, instrument: Instrument) -> None:
    """Every measure, every preset, and how far two measures agree."""
    with st.spinner("Counting by every set of rules ..."):
        found = question.answer("side by side", lambda: side_by_side(
            question.outcomes, instrument.key, question.where), instrument.key)
    _table(f"{instrument.title} by every measure", Grid(words.MEASURES_HEADER, words.measure_rows(found, instrument)))
    _table("By every set of rules", Grid(words.PRESETS_HEADER, words.preset_rows(found)),
           words.presets_sentence(found, instrument))
    _table("Do two measures say the same?", Grid(words.AGREEMENT_HEADER, words.agreement_rows(found)),
           next((words.agreement_sentence(one) for one in found.agreements
                 if (one.first, one.second) == ("response", "remission")), ""))


def alternatives(question: Question, instrument: Instrument) -> None:
    """One other choice at a time."""
    with st.spinner("Counting with every other choice ..."):
        found = question.answer("what if", lambda: what_if(
            question.dataset.tables, question.outcomes.rules, instrument.key, None, question.where,
            question.outcomes.as_of, question.outcomes), instrument.key)
    _table("One other choice at a time", Grid(words.WHAT_IF_HEADER, words.what_if_rows(found)),
           words.what_if_sentence(found))


def their_way(question: Question, instrument: Instrument) -> None:
    """Published figures beside ours by their rules."""
    with st.spinner("Counting by the rules of every published figure ..."):
        found = question.published()
    _table("Printed, and ours by their rules", Grid(
        published_words.PUBLISHED_HEADER, published_words.published_rows(found)))
    for one in found:
        with st.expander(one.benchmark.source, key=f"published.{one.benchmark.key}"):
            st.html(widgets.text_block(published_words.published_sentences(one)))


def lost(question: Question, instrument: Instrument) -> None:
    """What those lost could do to the headline's measure."""
    measure = question.measure if question.read_from(question.measure) is instrument else question.headline
    with st.spinner("Counting those lost ..."):
        found = question.missing(measure)
    sentences = missing_words.missing_sentences(found, instrument)
    _table("If those lost ...", Grid(missing_words.READINGS_HEADER, missing_words.reading_rows(found)))
    st.html(widgets.said_html(sentences, (panels.context(question, found.result.courses),)))
    _table("Who was lost", Grid(missing_words.WHO_HEADER, missing_words.who_rows(found)))


def _table(title: str, grid: Grid, sentence: str = "") -> None:
    st.html(f'<h2 class="chart-title">{escape(title)}</h2>')
    if sentence:
        st.html(widgets.said_html((sentence,), ()))
    st.html(grid_html(without_empty_columns(grid)))


def _pictures(question: Question, instrument: Instrument) -> None:
    pictures_panels.show(question)


def _bridge(question: Question, instrument: Instrument) -> None:
    bridge_panel.show(question, instrument)


_PANELS: dict[str, Any] = {"side": side, "what_if": alternatives, "bridge": _bridge, "published": their_way,
                           "missing": lost, "pictures": _pictures}
