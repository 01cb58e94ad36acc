"""What pages that count have in common: a question or the reason why there is none, the chips, the sidebar."""

from __future__ import annotations

import streamlit as st

from analytics.app import panels, questions, state, widgets
from analytics.app.questions import Question
from analytics.app.sidebar import sidebar


def asked() -> Question | None:
    """The question of this run; else why there is none is shown."""
    question, refused = questions.current(), state.refusal()
    if refused is not None:
        widgets.refusal(refused.sentence)
    elif question is None:
        widgets.hint("These files are being read anew.")
    return question


def counted() -> Question | None:
    """The question of this run where it can be counted; else what stands in the way is shown."""
    question = asked()
    if question is None:
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
