"""Overview: how many got better, how sure we are, and where not."""

from __future__ import annotations

import streamlit as st

from analytics.app import frame, panels
from analytics.app.sidebar import sidebar


def show() -> None:
    """Numbers first, so that a filter changes them before anything else is drawn."""
    question = frame.asked()
    if question is None:
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
