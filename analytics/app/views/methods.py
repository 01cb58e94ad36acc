"""Methods: what every number means, with the values in force."""

from __future__ import annotations

import streamlit as st

from analytics.app import frame, panels, questions, state, widgets
from analytics.app.sidebar import sidebar
from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.rules import rule_set
from analytics.reports.methods import methods_sections
from analytics.reports.sections import as_html, matching


def show() -> None:
    """A search box and the method section."""
    question = questions.current() if state.refusal() is None else None
    instruments, rules = (BUILT_IN, rule_set()) if question is None else (
        question.rules.instruments(question.dataset.tables.instruments), question.rules)
    if question is not None and panels.is_countable(question):
        frame.chips(question)
        sidebar(question)
    with st.container(key="screen_only"):
        wanted = st.text_input("Search the methods", placeholder="A measure, an instrument, a rule, a source",
                               icon=":material/search:", **state.kept("methods.search", ""))
    found = matching(methods_sections(instruments, rules), wanted)
    st.html(widgets.sheet(as_html(found) if found else "<p>Nothing in the methods has these words.</p>"))


show()
