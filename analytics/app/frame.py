"""What pages have in common: for whom each is, a question or the reason why there is none, the chips, the sidebar."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.app import audience_panels, kept_panels, panels, questions, state, widgets
from analytics.app.pages import may_open
from analytics.app.questions import Question
from analytics.app.sidebar import sidebar
from analytics.wording import access as words

OUTSIDE = {name: frozenset({"board", "public"}) for name in (
    "overview", "methods", "defend", "deck", "present", "shares")}
"""The audiences outside that a page is made for; a page that is not here is for the inside alone."""

WITH_OWN_MARK = ("overview", "defend", "present")
"""Pages that name their audience themselves, beside what they say first."""


def is_open(name: str, audience: str) -> bool:
    """Whether a page is made for an audience."""
    return audience == "inside" or audience in OUTSIDE.get(name, ())


def run(name: str, page: Any) -> None:
    """Run a page if the person may open it and it is made for the audience of this run; else nothing of it runs.

    Here and not in the pages, so that a page that nobody thought of is refused.
    """
    if not may_open(name):
        title(page.title, words.NO_PAGE)
        return
    if state.refusal() is None and not is_open(name, state.view().audience):
        audience_panels.refuse(questions.current(), page.title)
        return
    if name != "present":
        kept_panels.mark(questions.current())
    if name not in WITH_OWN_MARK:
        audience_panels.mark(questions.current())
    page.run()


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
    chips(question)
    sidebar(question)


def chips(question: Question) -> None:
    """The line of chips, as the audience may see it."""
    (panels if audience_panels.is_inside(question) else audience_panels).chips(question)


def title(text: str, lead: str = "") -> None:
    """The title of a page, and what it says first."""
    st.html(widgets.title_html(text, lead))
