"""Step 2 of the Data page: what every column was taken for, and a way to say what it is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from analytics.app import intake, state, widgets
from analytics.app.datasets import Dataset
from analytics.definitions.tables import ColumnUse
from analytics.ingest.fields import FIELDS
from analytics.reports.sections import Grid, grid_html
from analytics.wording import files as words
from analytics.wording.kept import NOT_THE_FILES

COLUMNS_AT_ONCE = 25
SHORT_LIST = 12


def columns(dataset: Dataset) -> None:
    """What every column was taken for, and a way to correct it."""
    uses = dataset.tables.columns
    names = words.field_words(FIELDS, dataset.tables.instruments)
    with intake.step_body(dataset, "columns"):
        if not dataset.tables.is_blocked:
            widgets.hint(words.axis_sentence(dataset.tables.axis, dataset.shape.visits,
                                             is_turned_relative=dataset.tables.is_turned_relative))
        is_short = len(uses) <= SHORT_LIST
        if dataset.owner is None or not is_short:
            st.html(grid_html(Grid(("File", "Column", "Holds", "Taken for", "Because", ""), tuple(
                (one.file, one.column, one.sample, words.use_words(one, names), one.reason,
                 words.CONFIDENCE_WORDS[one.confidence]) for one in uses))))
        if dataset.owner is None:
            widgets.hint(NOT_THE_FILES if dataset.given_as == "kept" else "Columns can be mapped in files of your own.")
            return
        is_open = is_short or st.toggle("Change columns that were understood", key=f"data.all.{dataset.short}")
        asked = [one for one in uses if is_open or one.confidence in ("open", "likely")]
        if asked:
            mapping_form(dataset, asked, names)


def mapping_form(dataset: Dataset, uses: Sequence[ColumnUse], names: dict[str, str]) -> None:
    """One choice a column; nothing is read again before the button is pressed."""
    by_header = {one.column: one for one in reversed(uses)}
    headers = list(dict.fromkeys(one.column for one in uses))
    fields = {header: one.field or words.NOT_USED for header, one in by_header.items()}
    most = state.remembered("data.columns_shown", COLUMNS_AT_ONCE)
    with st.form(f"mapping.{dataset.short}"):
        widgets.hint("Say what these columns are. A visit is needed only where a column holds one visit of a wide "
                     "table.")
        chosen = {header: one_column(dataset, by_header[header], fields[header], names) for header in headers[:most]}
        if st.form_submit_button("Apply and read again", type="primary"):
            intake.read_again(dataset, {header: field for header, field in chosen.items() if field != fields[header]})
    if len(headers) > most:
        st.button(f"Show {min(COLUMNS_AT_ONCE, len(headers) - most)} more columns", on_click=state.remember,
                  args=("data.columns_shown", most + COLUMNS_AT_ONCE))


def one_column(dataset: Dataset, use: ColumnUse, field: str, names: dict[str, str]) -> str:
    """What a person says one column is, in the words of ``--map``."""
    plain, _, visit = field.partition("@")
    options = names if plain in names else {plain: plain} | names
    about, middle, right = st.columns([2, 2.4, 0.8], vertical_alignment="center")
    about.html(f'<div class="column-about"><b>{escape(use.column)}</b><span>{escape(use.sample)}</span>'
               f"<small>{escape(words.about_use(use))}</small></div>")
    chosen = middle.selectbox(
        widgets.markdown_safe(use.column), list(options), index=list(options).index(plain), filter_mode="contains",
        format_func=options.__getitem__, key=f"map.{dataset.short}.{use.column}", label_visibility="collapsed")
    at = right.text_input("Visit", value=visit, key=f"visit.{dataset.short}.{use.column}", placeholder="visit",
                          label_visibility="collapsed")
    return f"{chosen}@{at.strip()}" if at.strip() else chosen
