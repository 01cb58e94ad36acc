"""The pages there are, in the order of the navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_VIEWS = Path(__file__).with_name("views")


def pages() -> dict[str, st.Page]:
    """Every page by its address; the sheet of one rate is reached from its card, deck and present
    mode from the line of chips.

    No page has an icon: Streamlit would ask a server on the internet for it as the picture of the tab.
    """
    return {
        "overview": st.Page(_VIEWS / "overview.py", title="Overview", url_path="overview", default=True),
        "groups": st.Page(_VIEWS / "groups.py", title="Groups", url_path="groups"),
        "compare": st.Page(_VIEWS / "compare.py", title="Compare", url_path="compare"),
        "counting": st.Page(_VIEWS / "counting.py", title="Counting", url_path="counting"),
        "over_time": st.Page(_VIEWS / "over_time.py", title="Over time", url_path="over_time"),
        "trends": st.Page(_VIEWS / "trends.py", title="Trends", url_path="trends"),
        "safety": st.Page(_VIEWS / "safety.py", title="Safety", url_path="safety"),
        "courses": st.Page(_VIEWS / "courses.py", title="Courses", url_path="courses"),
        "data": st.Page(_VIEWS / "data.py", title="Data", url_path="data"),
        "methods": st.Page(_VIEWS / "methods.py", title="Methods", url_path="methods"),
        "defend": st.Page(_VIEWS / "defend.py", title="Defend this number", url_path="defend", visibility="hidden"),
        "deck": st.Page(_VIEWS / "deck.py", title="Deck", url_path="deck", visibility="hidden"),
        "present": st.Page(_VIEWS / "present.py", title="Present", url_path="present", visibility="hidden"),
    }
