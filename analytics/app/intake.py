"""The steps of the Data page. They show headers, counts and row numbers of files, never a value."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from analytics.app import loading, shelves, state, widgets
from analytics.app.datasets import Dataset
from analytics.app.pages import pages
from analytics.app.questions import Question
from analytics.app.sidebar import choose_visit_rules
from analytics.definitions.findings import SEVERITIES, Finding
from analytics.definitions.tables import ASSESSMENTS, SESSIONS, ColumnUse
from analytics.ingest.fields import FIELDS
from analytics.reports.findings import findings_csv
from analytics.reports.methods import columns_grid
from analytics.reports.sections import Grid, grid_html
from analytics.wording import files as words
from analytics.wording.numbers import count, plural

SHOWN = "data.shown"
SAID = "data.said"
MOST_FINDINGS = 100
COLUMNS_AT_ONCE = 25
SHORT_LIST = 12
EXAMPLE = b"patient_id,day,phq9,site\r\nP01,-3,18,North\r\nP01,24,7,North\r\n"


def said() -> None:
    """What became of the last thing a person did here, once."""
    sentence = state.remembered(SAID)
    if sentence:
        state.forget_remembered(SAID)
        st.warning(widgets.markdown_safe(sentence))
    refused = state.refusal()
    if refused is not None:
        st.info(widgets.markdown_safe(refused.sentence))
        st.button("Leave the link and start with my own view", on_click=state.start_over)


def every_dataset() -> dict[str, Dataset]:
    """Everything this browser may see by its short key, what is blocked too."""
    browser = state.browser()
    given = loading.command_line_dataset()
    there = (*loading.uploads(browser), *([given] if given else []), *loading.datasets(browser))
    return {one.short: one for one in there}


def shown() -> Dataset:
    """The dataset the steps are about: the one just read, else the one of the view, else the first."""
    there = every_dataset()
    wanted = state.remembered(SHOWN)
    if wanted not in there and state.refusal() is None:
        wanted = state.view().dataset
    return there.get(wanted or "") or next(iter(there.values()))


# --- 1 files -----------------------------------------------------------------------------------------


def files(dataset: Dataset) -> None:
    """Upload, choose, forget."""
    st.html('<div class="headline"><h1>Data</h1></div>')
    step(1, "Files", words.files_sentence(dataset.tables.files))
    if dataset.tables.is_blocked:
        st.warning("Nothing can be counted from these files yet: see the findings in step 4.")
    given = st.file_uploader("CSV, TSV, Excel or Parquet; several files of one clinic go together",
                             accept_multiple_files=True, key=state.fresh("uploader"))
    if given and st.button(f"Read {plural(len(given), 'file')}", type="primary"):
        read(given)
    choose(dataset)


def read(given: Sequence) -> None:
    """Read uploaded files for this browser, and show what they are."""
    size = sum(one.size for one in given) / 1024**2
    with st.spinner(f"Reading {plural(len(given), 'file')}, {size:,.1f} MB ...", show_time=True):
        try:
            go_to(loading.upload(state.browser(), [(one.name, one.getvalue()) for one in given]))
        except shelves.NoRoomError as reason:
            state.remember(SAID, str(reason))
    state.renew("uploader")
    st.rerun()


def go_to(dataset: Dataset) -> None:
    """Show this dataset here, and in the view where it can be counted."""
    state.remember(SHOWN, dataset.short)
    refused = state.refusal()
    is_awaited = refused is not None and refused.dataset == dataset.short
    if not dataset.tables.is_blocked and not is_awaited:
        state.start_over(dataset.short)


def choose(dataset: Dataset) -> None:
    """Another dataset, and the way to be rid of one."""
    there = every_dataset()
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    key = f"data.choose.{dataset.short}.{len(there)}"
    chosen = left.selectbox("Dataset", list(there), index=list(there).index(dataset.short),
                            format_func=lambda short: there[short].label, key=key)
    if chosen != dataset.short:
        go_to(there[chosen])
        st.rerun()
    if dataset.owner is not None:
        right.button("Forget this data", icon=":material/delete:", on_click=forget, args=(dataset,))
    elif dataset.is_sample:
        right.html('<span class="invented">Invented sample data</span>')


def forget(dataset: Dataset) -> None:
    """Drop an upload and everything made of it."""
    loading.forget(state.browser(), dataset.key)
    state.forget_remembered(SHOWN)
    state.remember(SAID, "The data was forgotten: the server no longer holds it.")
    state.start_over()


def step(number: int, title: str, text: str) -> None:
    """The head of one step: what it is and where it stands."""
    st.html(f'<h2 class="step"><span>{number}</span>{escape(title)}<small>{escape(text)}</small></h2>')


# --- 2 columns ---------------------------------------------------------------------------------------


def columns(dataset: Dataset) -> None:
    """What every column was taken for, and a way to say what the others are."""
    uses = dataset.tables.columns
    step(2, "Columns", words.columns_sentence(uses))
    names = words.field_words(FIELDS, dataset.tables.instruments)
    with st.expander("What was understood", expanded=len(uses) <= SHORT_LIST):
        st.html(grid_html(Grid(("File", "Column", "Taken for", "Because"), tuple(
            (one.file, one.column, words.use_words(one, names), one.reason) for one in uses))))
    if dataset.owner is None:
        widgets.hint("Columns can be mapped in files of your own.")
        return
    is_open = st.toggle("Change columns that were understood", key=f"data.all.{dataset.short}")
    asked = [one for one in uses if is_open or one.field is None]
    if asked:
        mapping_form(dataset, asked, names)


def mapping_form(dataset: Dataset, uses: Sequence[ColumnUse], names: dict[str, str]) -> None:
    """One choice a column; nothing is read again before the button is pressed."""
    headers = list(dict.fromkeys(one.column for one in uses))
    fields = {one.column: one.field or words.NOT_USED for one in reversed(uses)}
    most = state.remembered("data.columns_shown", COLUMNS_AT_ONCE)
    with st.form(f"mapping.{dataset.short}"):
        widgets.hint("Say what these columns are. A visit is needed only where a column holds one visit of a wide "
                     "table.")
        chosen = {header: one_column(dataset, header, fields[header], names) for header in headers[:most]}
        if st.form_submit_button("Apply and read again", type="primary"):
            remap(dataset, {header: field for header, field in chosen.items() if field != fields[header]})
    if len(headers) > most:
        st.button(f"Show {min(COLUMNS_AT_ONCE, len(headers) - most)} more columns", on_click=state.remember,
                  args=("data.columns_shown", most + COLUMNS_AT_ONCE))


def one_column(dataset: Dataset, header: str, field: str, names: dict[str, str]) -> str:
    """What a person says one column is, in the words of ``--map``."""
    plain, _, visit = field.partition("@")
    options = names if plain in names else {plain: plain} | names
    left, right = st.columns([3, 1])
    chosen = left.selectbox(
        widgets.markdown_safe(header), list(options), index=list(options).index(plain), filter_mode="contains",
        format_func=options.__getitem__, key=f"map.{dataset.short}.{header}")
    at = right.text_input("Visit", value=visit, key=f"visit.{dataset.short}.{header}", placeholder="none")
    return f"{chosen}@{at.strip()}" if at.strip() else chosen


def remap(dataset: Dataset, chosen: dict[str, str]) -> None:
    """Read the same files with what a person said their columns are."""
    if not chosen:
        return
    try:
        with st.spinner("Reading again ..."):
            read_again = loading.remap(state.browser(), dataset.key, dict(dataset.mapping) | chosen)
    except (ValueError, shelves.NoRoomError) as reason:
        st.error(widgets.markdown_safe(str(reason)))
        return
    go_to(read_again)
    st.rerun()


# --- 3 visits ----------------------------------------------------------------------------------------


def visits(dataset: Dataset) -> None:
    """Which visits are before and after, where the files have visits and neither days nor dates."""
    tables = dataset.tables
    if tables.axis != "visit":
        axis = {"day": "days from one origin per patient", "date": "calendar dates"}[tables.axis]
        if tables.is_turned_relative:
            axis = "dates, turned into days from each patient's first session"
        step(3, "Time", f"rows are placed by {axis}")
        return
    labels = ", ".join(dataset.shape.visits)
    step(3, "Visits", labels)
    if state.refusal() is None and state.view().dataset == dataset.short:
        choose_visit_rules(Question(dataset, state.view()))


# --- 4 findings --------------------------------------------------------------------------------------


def findings(dataset: Dataset) -> None:
    """What was found, grouped by what it did to the numbers."""
    found = dataset.tables.findings
    step(4, "Findings", words.findings_sentence(found))
    if not found:
        return
    widgets.hint("Where a remedy names --map, choose what the column is in step 2.")
    for severity in SEVERITIES:
        group = [one for one in found if one.severity == severity]
        if group:
            with st.expander(f"{words.SEVERITY_TITLES[severity]} ({len(group)})", expanded=severity != "note"):
                st.html("".join(map(finding_html, group[:MOST_FINDINGS])) + more_html(len(group)))
    address = loading.export_address(state.browser(), "findings.csv", findings_csv(found))
    st.html(f'<a href="{escape(address)}" download="findings.csv">Download all findings (CSV)</a>')


def finding_html(finding: Finding) -> str:
    """One finding: where, what, and what to do."""
    return (f'<div class="finding {finding.severity}"><p class="where">{escape(words.where_words(finding))}</p>'
            f"<p>{escape(finding.problem)}</p><p>{escape(finding.remedy)}</p></div>")


def more_html(number: int) -> str:
    """That there are more than are shown."""
    hidden = number - MOST_FINDINGS
    return f"<p>{plural(hidden, 'more finding')} in the download.</p>" if hidden > 0 else ""


# --- 5 counts ----------------------------------------------------------------------------------------


def counts(dataset: Dataset) -> None:
    """Rows that add up, and the way on."""
    records = dataset.tables.files
    step(5, "Counts", words.counts_sentence(records))
    st.html(grid_html(Grid(("File", "Holds", "Rows", "Used", "Not used", "Blank"), tuple(
        (one.name, words.KIND_TITLES.get(one.kind, one.kind), count(one.rows), count(one.rows_used),
         count(words.rows_not_used(one)), count(one.rows_blank)) for one in records))))
    if dataset.tables.is_blocked:
        st.html('<p class="reading">Nothing is counted from these files until the first group of findings is mended. '
                "What a file must look like stands below.</p>")
    else:
        st.page_link(pages()["overview"], label="Open the overview", icon=":material/monitoring:")
    if not dataset.is_sample:
        st.button("Use the invented sample instead", on_click=lambda: go_to(loading.sample_dataset()))


def what_a_file_looks_like() -> None:
    """What can be read, from the definitions of the tables, and a template."""
    with st.expander("What a file must look like"):
        address = loading.export_address(state.browser(), "template.csv", EXAMPLE)
        st.html(
            '<p class="reading">One row a score: the patient’s code, a day (or a date, or a visit), and a column per '
            "instrument. Sessions and attributes may stand in the same file or in files of their own. Names of columns "
            "are recognised where they are usual; anything else can be said in step 2.</p>"
            f'<p><a href="{escape(address)}" download="template.csv">Download a template (CSV)</a></p>'
            '<h3 class="chart-title">Scores</h3>' + grid_html(columns_grid(ASSESSMENTS))
            + '<h3 class="chart-title">Sessions</h3>' + grid_html(columns_grid(SESSIONS)))
