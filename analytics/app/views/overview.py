"""Overview: how many got better, how sure we are, and where not."""

from __future__ import annotations

import streamlit as st

from analytics.app import panels, questions, state, widgets
from analytics.app.sidebar import sidebar


def show() -> None:
    """Numbers first, so that a filter changes them before anything else is drawn."""
    question = questions.current()
    if question is None:
        refused = state.refusal()
        widgets.refusal(refused.sentence if refused else "")
        return
    if panels.is_countable(question):
        panels.numbers(question)
        sidebar(question)
        left, right = st.columns(2, gap="large")
        with left:
            panels.flow(question)
        with right:
            panels.severity(question)
        panels.strata(question)
        panels.time_points(question)
        panels.notes(question)
    else:
        panels.what_is_missing(question)
        sidebar(question)


show()
