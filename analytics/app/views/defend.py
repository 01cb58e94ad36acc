"""Defend this number: one printable sheet for the rate that the address names."""

from __future__ import annotations

import streamlit as st

from analytics.app import audience_panels, frame, panels


def show() -> None:
    """The sheet, and above it, on screen only, the way to another number."""
    question = frame.asked()
    if question is None:
        return
    if not panels.is_countable(question):
        panels.what_is_missing(question)
        return
    if not audience_panels.is_inside(question):
        audience_panels.defend(question)
        return
    panels.chips(question)
    with st.container(key="screen_only", horizontal=True, vertical_alignment="bottom"):
        panels.choose_number(question)
    st.html(panels.sheet_html(question))


show()
