"""Overview: how many got better, how sure we are, and where not."""

from __future__ import annotations

import streamlit as st

from analytics.app import audience_panels, deck_panels, frame, panels
from analytics.app.sidebar import sidebar


def show() -> None:
    """Numbers first, so that a filter changes them before anything else is drawn."""
    question = frame.asked()
    if question is None:
        return
    if not audience_panels.is_inside(question):
        audience_panels.overview(question)
        return
    if panels.is_countable(question):
        panels.numbers(question)
        sidebar(question)
        with st.container(horizontal=True):
            deck_panels.add_button(question, "headline")
            deck_panels.add_cards(question, panels.in_card_order(question.cards(), question.pain_card()))
        left, right = st.columns(2, gap="large")
        with left:
            panels.flow(question)
            deck_panels.add_button(question, "flow")
        with right:
            panels.severity(question)
            deck_panels.add_button(question, "severity")
        panels.strata(question)
        if question.by is not None:
            deck_panels.add_button(question, "strata", question.headline, (question.view.by,))
        panels.time_points(question)
        panels.notes(question)
    else:
        panels.what_is_missing(question)
        sidebar(question)


show()
