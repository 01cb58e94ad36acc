"""Step 3 of the Data page: what the files left open, as questions with a few answers each."""

from __future__ import annotations

import streamlit as st

from analytics.app import intake, loading, state, widgets
from analytics.app.datasets import Dataset
from analytics.app.questions import Question
from analytics.app.shelves import IDENTIFIER_QUESTIONS
from analytics.app.sidebar import choose_visit_rules
from analytics.definitions.findings import Finding
from analytics.wording import files as words
from analytics.wording.numbers import sentence_case

PLACES_A_FILE = frozenset({"axes_differ", "scores_without_dates"})
"""Questions of one column whose answer is for all scores of its file."""

LEAVE = ""
"""The answer that changes nothing."""


def asked(dataset: Dataset) -> list[Finding]:
    """The questions, one a column: what else is asked of it comes with the next reading."""
    if state.remembered(f"data.left.{dataset.key}"):
        return []
    by_column: dict[str | None, Finding] = {}
    for finding in dataset.tables.findings:
        if finding.choices and finding.column is not None and dataset.owner is not None:
            by_column.setdefault(finding.column, finding)
    return list(by_column.values())


def n_asked(dataset: Dataset) -> int:
    """How many questions are open; which visits are before and after is one."""
    view = intake.view_of(dataset)
    settings = dict(view.settings) if view is not None else {}
    lacks_visits = dataset.tables.axis == "visit" and view is not None and not (
        "baseline_visit" in settings and "endpoint_visit" in settings)
    return len(asked(dataset)) + lacks_visits


def answers(dataset: Dataset) -> None:
    """One choice a question; nothing is read again before the button is pressed."""
    questions = asked(dataset)
    with intake.step_body(dataset, "answers"):
        if dataset.tables.axis == "visit" and (view := intake.view_of(dataset)) is not None:
            widgets.hint(words.VISITS_WORDS)
            choose_visit_rules(Question(dataset, view))
        elif not questions:
            widgets.hint("Nothing is asked: every column was understood, or you have said what it is.")
        if questions:
            answer_form(dataset, questions)


def answer_form(dataset: Dataset, questions: list[Finding]) -> None:
    """All questions with their answers."""
    with st.form(f"answers.{dataset.short}"):
        chosen = {one.column: one_answer(dataset, one) for one in questions}
        if st.form_submit_button("Answer and read again", type="primary"):
            answer(dataset, questions, {column: text for column, text in chosen.items() if text != LEAVE})


def one_answer(dataset: Dataset, finding: Finding) -> str:
    """The words of ``--map`` that were chosen, or ``LEAVE``."""
    st.html(intake.finding_html(finding, with_remedy=False))
    is_stuck = finding.severity == "blocks"
    meanings = {text: sentence_case(words.answer_words(means, text, dataset.tables.instruments))
                for means, text in finding.choices if is_stuck or text != words.NOT_USED}
    meanings |= {LEAVE: "Decide later" if words.NOT_USED in meanings else words.LEAVE_WORDS}
    return st.radio(
        widgets.markdown_safe(f"{finding.column}: {finding.code}"), list(meanings), index=len(meanings) - 1,
        format_func=lambda text: widgets.markdown_safe(meanings[text]), label_visibility="collapsed",
        key=f"answer.{dataset.short}.{finding.code}.{finding.column}")


def with_companions(dataset: Dataset, questions: list[Finding], chosen: dict[str, str]) -> dict[str, str]:
    """The answers, with what they say of other columns of the same file.

    Scores at one visit that are left out take those at the other visits with them; a column that is read in place of
    another puts the other aside, also where that was said before.
    """
    columns, others = dataset.tables.columns, {}
    for one in questions:
        text = chosen.get(one.column or "")
        if one.code in PLACES_A_FILE and text == words.NOT_USED:
            others |= {use.column: text for use in columns if use.file == one.file and "@" in (use.field or "")}
        elif one.code == "column_ambiguous" and text is not None:
            said = dict(dataset.mapping)
            others |= {use.column: words.NOT_USED for use in columns
                       if use.file == one.file and said.get(use.column) == text}
    return {**others, **chosen}


def answer(dataset: Dataset, questions: list[Finding], chosen: dict[str, str]) -> None:
    """Read again with the answers; what could identify and was left out is let go of."""
    if chosen:
        intake.read_again(dataset, with_companions(dataset, questions, chosen))
        return
    state.remember(f"data.left.{dataset.key}", True)
    if any(one.code in IDENTIFIER_QUESTIONS for one in questions):
        loading.close(state.browser(), dataset.key)
    st.rerun()
