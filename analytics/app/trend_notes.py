"""Changes of the process as people write them down: kept with the dataset, numbered in the chart, listed below it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from analytics.app import dataset_notes, state, widgets
from analytics.app.questions import Question
from analytics.figures.signal_grid import SHAPES
from analytics.wording.overview import day_words
from analytics.wording.trends import STATES

_SIGNS = {"none": "\N{WHITE CIRCLE}", "better": "\N{BLACK UP-POINTING TRIANGLE}",
          "worse": "\N{BLACK DOWN-POINTING TRIANGLE}", "changed": "\N{BLACK DIAMOND}", "too_few": "\N{EN DASH}"}
_COLOURS = {"better": "accent", "worse": "worsened"}
assert set(_SIGNS) == set(SHAPES), "Every mark of the grid has a sign in its legend."


def legend_html() -> str:
    """What each mark of the grid means."""
    parts = (f'<span style="display:inline-block;margin-right:0.9rem"><b aria-hidden="true" '
             f'style="color:var(--{_COLOURS.get(key, "text")})">{sign}</b> {escape(STATES[key])}</span>'
             for key, sign in _SIGNS.items())
    return f'<p class="context">{"".join(parts)}</p>'


def show(question: Question, is_drawn: Sequence[bool], labels: Sequence[str]) -> None:
    """The list of changes, and a form for another.

    Parameters
    ----------
    is_drawn : whether each change lies inside the chart
    labels : the periods of the chart
    """
    found = dataset_notes.changes(question.dataset)
    st.html('<h2 class="chart-title">Changes of the process</h2>')
    if not found:
        widgets.hint("None written down. A new protocol, another way of asking for scores, a new site: what is written "
                     "here stands in every trend of these data as a numbered line.")
    for number, (change, is_inside) in enumerate(zip(found, is_drawn, strict=True), start=1):
        _line(question, number, change, is_inside=is_inside)
    _form(question, labels)


def _line(question: Question, number: int, change: dataset_notes.Change, *, is_inside: bool) -> None:
    outside = "" if is_inside else " (outside the chart)"
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.html(f'<p class="reading"><b>{number}</b> {escape(_when(change.when))}: {escape(change.text)}'
                f"{outside}</p>")
        st.button("Remove", key=f"change.drop.{change.code}", type="tertiary",
                  help=f"Remove change {number}", on_click=dataset_notes.drop_change,
                  args=(question.dataset, change.code))


def _when(when: str) -> str:
    return day_words(when) if len(when) > 4 else when


def _form(question: Question, labels: Sequence[str]) -> None:
    is_internal = question.dataset.dates == "keep"
    with st.form(state.fresh("change"), border=False), st.container(
            horizontal=True, vertical_alignment="bottom", key="change_form"):
        if is_internal:
            on = st.date_input("Date", value=None, format="YYYY-MM-DD", width=150)
            when = on.isoformat() if on is not None else ""
        else:
            years = sorted({label[:4] for label in labels})
            when = st.selectbox("Year", years, index=None, placeholder="Year", width=150) or ""
        text = st.text_input("What was changed", max_chars=dataset_notes.MOST_CHANGE_LETTERS,
                             placeholder="No names of patients")
        if st.form_submit_button("Write down"):
            _kept(question, when, text)


def _kept(question: Question, when: str, text: str) -> None:
    try:
        dataset_notes.keep_change(question.dataset, when, text)
    except ValueError as reason:
        st.warning(str(reason))
        return
    state.renew("change")
    st.rerun()
