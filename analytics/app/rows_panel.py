"""Step 4 of the Data page: what is wrong with the rows, what to do about it, and lists to take away."""

from __future__ import annotations

from html import escape

import streamlit as st

from analytics.app import intake, loading, panels, questions, state, widgets
from analytics.app.datasets import Dataset
from analytics.app.questions import Question
from analytics.definitions.findings import SEVERITIES, Finding
from analytics.ingest.synthetic import synthetic_copy_of
from analytics.reports.archive import zipped
from analytics.reports.findings import findings_csv
from analytics.reports.fix_list import fix_list
from analytics.results.impact import impact
from analytics.wording import files as words
from analytics.wording.numbers import plural

MOST_FINDINGS = 100


def rows(dataset: Dataset) -> None:
    """The findings, grouped by what they did to the numbers."""
    found = dataset.tables.findings
    with intake.step_body(dataset, "rows"):
        if not found:
            widgets.hint("Nothing is wrong with the rows.")
            return
        widgets.hint("Where a remedy names --map, choose what the column is in step 2, or answer in step 3.")
        shown = filtered(dataset, found)
        for severity in SEVERITIES:
            group = [one for one in shown if one.severity == severity]
            if group:
                with st.expander(f"{words.SEVERITY_TITLES[severity]} ({len(group)})", expanded=severity != "note"):
                    st.html("".join(map(intake.finding_html, group[:MOST_FINDINGS])) + more_html(len(group)))
        lists(dataset)
        near(dataset)


def lists(dataset: Dataset) -> None:
    """The findings to take away: as they are, and as a list to work through."""
    browser, question = state.browser(), _question(dataset)
    of_view = question.view if question is not None else None
    findings = loading.export_address(browser, "findings.csv", findings_csv(dataset.tables.findings))
    fixes = loading.export_address(
        browser, "fix_list.xlsx", lambda: fix_list_of(dataset, question),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("fix list", dataset.key, of_view))
    st.html(f'<p><a href="{escape(fixes)}" download="fix_list.xlsx">Download the fix list (Excel)</a>: a line a row, '
            "what touches most courses first. It names patients' codes: for the people who correct the export.</p>"
            f'<p><a href="{escape(findings)}" download="findings.csv">Download all findings (CSV)</a></p>')
    if dataset.owner is not None:
        copy = loading.export_address(browser, "synthetic_copy.zip", lambda: synthetic_zip(browser, dataset),
                                      "application/zip", ("synthetic copy", dataset.key))
        st.html(f'<p><a href="{escape(copy)}" download="synthetic_copy.zip">Download a synthetic copy (zip)</a>: the '
                "same columns and findings, no patient; for reporting a fault.</p>")


def synthetic_zip(browser: str, dataset: Dataset) -> bytes:
    """The synthetic copy of an upload, and a note where its findings differ from the upload's."""
    made = synthetic_copy_of(loading.opened(browser, dataset.key), dataset.tables, seed=0)
    return zipped({**made, "README.txt": words.copy_note(made.differences).encode()})


def _question(dataset: Dataset) -> Question | None:
    """The question of the view, where the view is of this dataset and can be counted."""
    question = questions.current()
    is_his = question is not None and question.dataset.key == dataset.key
    return question if is_his and panels.is_countable(question) else None


def fix_list_of(dataset: Dataset, question: Question | None) -> bytes:
    """The fix list, with how far each finding could move the headline where there is one."""
    if question is None:
        return fix_list(dataset.tables)
    key = question.instrument.key
    summary = question.rate(key, question.headline)
    return fix_list(dataset.tables, impact(dataset.tables, question.outcomes, summary, key))


def near(dataset: Dataset) -> None:
    """Courses that miss a window by a few days."""
    question = _question(dataset)
    if question is None:
        return
    missed = question.near_misses()
    if missed:
        st.html(widgets.text_block([words.near_miss_sentence(one, question.instruments[one.instrument])
                                    for one in missed]))


def filtered(dataset: Dataset, found: tuple[Finding, ...]) -> list[Finding]:
    """The findings of one file or one kind, where there are many."""
    if len(found) <= 6:
        return list(found)
    files = sorted({one.file for one in found if one.file is not None})
    codes = sorted({one.code for one in found})
    left, right = st.columns(2)
    in_files = left.multiselect("Findings in", files, placeholder="All files", key=f"data.in.{dataset.short}",
                                format_func=widgets.markdown_safe)
    of_codes = right.multiselect("Kind of finding", codes, placeholder="All kinds", key=f"data.of.{dataset.short}",
                                 format_func=lambda code: code.replace("_", " "))
    return [one for one in found if (not in_files or one.file in in_files) and (not of_codes or one.code in of_codes)]


def more_html(number: int) -> str:
    """That there are more than are shown."""
    hidden = number - MOST_FINDINGS
    return f"<p>{plural(hidden, 'more finding')} in the download.</p>" if hidden > 0 else ""
