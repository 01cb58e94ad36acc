"""Step 5 of the Data page: rows that add up, a recipe to keep, the way on, and what a file must look like."""

from __future__ import annotations

from html import escape

import streamlit as st

from analytics.app import intake, kept_panels, loading, recipes_panel, state, widgets
from analytics.app.datasets import Dataset
from analytics.definitions.tables import ASSESSMENTS, SESSIONS
from analytics.reports.guide import guide_html
from analytics.reports.methods import columns_grid
from analytics.reports.sections import Grid, grid_html
from analytics.reports.template import template_xlsx
from analytics.results.uniqueness import smallest_group
from analytics.wording import files as words
from analytics.wording.numbers import count
from analytics.wording.privacy import screening_lines, smallest_group_line


def loaded(dataset: Dataset) -> None:
    """Rows that add up, what the screen found, and the way on."""
    records = dataset.tables.files
    with intake.step_body(dataset, "loaded"):
        st.html(f'<p class="reading">{escape(words.counts_sentence(records))}</p>' + grid_html(Grid(
            ("File", "Holds", "Rows", "Used", "Not used", "Blank"), tuple(
                (one.name, words.KIND_TITLES.get(one.kind, one.kind), count(one.rows), count(one.rows_used),
                 count(words.rows_not_used(one)), count(one.rows_blank)) for one in records))))
        st.html(widgets.text_block(privacy_lines(dataset)))
        if dataset.tables.is_blocked:
            st.html('<p class="reading">Nothing is counted from these files until the first group of findings is '
                    "mended. What a file must look like stands below.</p>")
        else:
            kept_panels.versions(dataset)
            kept_panels.keep(dataset)
            recipes_panel.save(dataset)
        if not dataset.is_sample:
            st.button("Use the invented sample instead", on_click=lambda: intake.go_to(loading.sample_dataset()))


def privacy_lines(dataset: Dataset) -> list[str]:
    """What the screen found in each file, and how small the smallest group is."""
    smallest = loading.answer_of(dataset, ("smallest group",), lambda: smallest_group(dataset.tables))
    return [*screening_lines(dataset.tables), smallest_group_line(smallest)]


def what_a_file_looks_like() -> None:
    """What can be read, from the definitions of the tables; templates and a page to hand on."""
    browser = state.browser()
    workbook = loading.export_address(
        browser, "template.xlsx", template_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("template",))
    guide = loading.export_address(browser, "guide.html", guide_html, "text/html", ("guide",))
    with st.expander("What a file must look like"):
        st.html(
            '<p class="reading">One row a score: the patient’s code, a day (or a date, or a visit), and a column per '
            "instrument. Sessions and attributes may stand in the same file or in files of their own. Names of columns "
            "are recognised where they are usual; anything else can be said in step 2.</p>"
            f'<p><a href="{escape(workbook)}" download="template.xlsx">Download a template (Excel)</a> '
            f'<a href="{escape(guide)}" download="guide.html">Download the guide (one page)</a></p>'
            '<h3 class="chart-title">Scores</h3>' + grid_html(columns_grid(ASSESSMENTS))
            + '<h3 class="chart-title">Sessions</h3>' + grid_html(columns_grid(SESSIONS)))
