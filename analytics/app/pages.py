"""The pages there are, in the order of the navigation, and the right that each needs.

A page that the person may not open is no part of the navigation; called by its address it says so, see ``frame.run``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from analytics.access import Person, Right
from analytics.app import visitors

_VIEWS = Path(__file__).with_name("views")

NEEDS: dict[str, Right] = {
    "overview": "aggregates", "groups": "aggregates", "compare": "aggregates", "counting": "aggregates",
    "over_time": "aggregates", "trends": "aggregates", "safety": "aggregates", "courses": "rows", "data": "load",
    "methods": "aggregates", "defend": "aggregates", "deck": "decks", "present": "decks",
    "shares": "shares",
}
"""A page that is not here is for directors alone."""


def may_open(name: str) -> bool:
    """Whether the person of this run may open a page."""
    who = visitors.visitor()
    return isinstance(who, Person) and who.may(NEEDS.get(name, "audit"))


def pages() -> dict[str, st.Page]:
    """Every page by its address; the sheet of one rate is reached from its card, deck and present
    mode from the line of chips.

    No page has an icon: Streamlit would ask a server on the internet for it as the picture of the tab.
    """
    return {
        "overview": _page("overview", "Overview"),
        "groups": _page("groups", "Groups"),
        "compare": _page("compare", "Compare"),
        "counting": _page("counting", "Counting"),
        "over_time": _page("over_time", "Over time"),
        "trends": _page("trends", "Trends"),
        "safety": _page("safety", "Safety"),
        "courses": _page("courses", "Courses"),
        "data": _page("data", "Data"),
        "methods": _page("methods", "Methods"),
        "defend": _page("defend", "Defend this number", is_in_line=False),
        "deck": _page("deck", "Deck", is_in_line=False),
        "shares": _page("shares", "Links", is_in_line=False),
        "present": _page("present", "Present", is_in_line=False),
    }


def _page(name: str, title: str, *, is_in_line: bool = True) -> st.Page:
    is_shown = is_in_line and may_open(name)
    return st.Page(_VIEWS / f"{name}.py", title=title, url_path=name, default=name == "overview",
                   visibility="visible" if is_shown else "hidden")


def link(name: str, **how: Any) -> None:
    """A link to a page, for those who may open it."""
    if may_open(name):
        st.page_link(pages()[name], **how)
