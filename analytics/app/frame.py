"""What pages that count have in common: a question or the reason why there is none, the chips, the sidebar."""

from __future__ import annotations

import streamlit as st

from analytics.app import panels, questions, state, widgets
from analytics.app.questions import Question
from analytics.app.sidebar import sidebar


def counted() -> Question | None:
    """The question of this run where it can be counted; else what stands in the way is shown."""
    question = questions.current()
    if question is None:
        refused = state.refusal()
        widgets.refusal(refused.sentence if refused else "")
        return None
    if panels.is_countable(question):
        return question
    panels.what_is_missing(question)
    sidebar(question)
    return None


def head(question: Question) -> None:
    """The line of chips, and the sidebar."""
    panels.chips(question)
    sidebar(question)


def title(text: str, lead: str = "") -> None:
    """The title of a page, and what it says first."""
    st.html(widgets.title_html(text, lead))
