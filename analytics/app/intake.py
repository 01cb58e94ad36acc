"""The Data page's way from dropped files to what can be counted. Shows headers, counts and row numbers, never a value
that could be a patient's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from analytics.access import NotAllowedError
from analytics.app import dataset_names, loading, recipe_box, state, widgets
from analytics.app.datasets import Dataset
from analytics.app.jobs import CancelledError, Job
from analytics.app.pages import pages
from analytics.app.shelves import NoRoomError
from analytics.app.view import View
from analytics.definitions.findings import Finding
from analytics.store import StoreError
from analytics.wording import files as words
from analytics.wording.numbers import plural

SHOWN = "data.shown"
SAID = "data.said"
WELL = "data.well"
JOB = "data.job"
AFTER = "data.after"
TO_BE_MAPPED = frozenset({"no_patient_column", "nothing_recognised"})
"""Findings that block and that a mapping can mend."""

SHOW_PROGRESS_AFTER = 0.8
"""Seconds of work before a person is shown how far it is."""


def said() -> None:
    """What became of the last thing a person did here, once."""
    sentence = state.remembered(SAID)
    if sentence:
        state.forget_remembered(SAID)
        st.warning(widgets.markdown_safe(sentence))
    well = state.remembered(WELL)
    if well:
        state.forget_remembered(WELL)
        st.success(widgets.markdown_safe(well))
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


# --- the steps ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step: what it is called, where it stands in words, and whether it needs a person."""

    name: str
    title: str
    text: str
    is_open: bool = False


def steps_of(dataset: Dataset, n_questions: int) -> tuple[Step, ...]:
    """The five steps; the first that needs a person is the current one, else the last."""
    tables = dataset.tables
    blocking = {one.code for one in tables.findings if one.severity == "blocks" and not one.choices}
    is_stuck = bool(blocking)
    return (
        Step("files", "Files", words.files_sentence(tables.files)),
        Step("columns", "What we understood", words.columns_sentence(tables.columns), bool(blocking & TO_BE_MAPPED)),
        Step("answers", "What needs your answer", words.questions_sentence(n_questions), n_questions > 0),
        Step("rows", "What is wrong with the rows", words.findings_sentence(tables.findings), is_stuck),
        Step("loaded", "Loaded", words.loaded_sentence(tables.files, is_blocked=tables.is_blocked)),
    )


def step_bar(steps: Sequence[Step]) -> None:
    """All steps in a row, the current one marked."""
    current = current_step(steps)
    st.html('<ol class="steps">' + "".join(
        f'<li class="{"current" if one is current else "done"}"{_aria(one is current)}><b>{escape(one.title)}</b>'
        f"<span>{escape(one.text)}</span></li>" for one in steps) + "</ol>")


def _aria(is_current: bool) -> str:
    return ' aria-current="step"' if is_current else ""


def current_step(steps: Sequence[Step]) -> Step:
    """The first step that needs a person, else the last."""
    return next((one for one in steps if one.is_open), steps[-1])


@contextmanager
def step_body(dataset: Dataset, name: str) -> Iterator[None]:
    """What stands under a step, open where it is the current one."""
    steps: tuple[Step, ...] = state.remembered("data.steps")
    place = next(place for place, one in enumerate(steps) if one.name == name)
    step, is_current = steps[place], steps[place] is current_step(steps)
    label = widgets.markdown_safe(f"{place + 1}. {step.title}: {step.text}")
    with st.expander(label, expanded=is_current, key=f"step.{name}.{dataset.short}"):
        yield


def view_of(dataset: Dataset) -> View | None:
    """The view, where it is of this dataset."""
    view = state.view() if state.refusal() is None else None
    return view if view is not None and view.dataset == dataset.short else None


def way_on(dataset: Dataset) -> None:
    """The way to the numbers, once there are any."""
    if not dataset.tables.is_blocked:
        st.page_link(pages()["overview"], label="Open the overview", icon=":material/monitoring:")


# --- 1 files -----------------------------------------------------------------------------------------


def files(dataset: Dataset) -> None:
    """Upload, dates, choose, forget."""
    st.html('<div class="headline"><h1>Data</h1></div>')
    if working():
        return
    if dataset.given_as != "kept" and dataset.tables.is_blocked:
        st.warning("Nothing can be counted from these files yet: see steps 3 and 4.")
    if state.person().may("load"):
        drop()
    choose(dataset)


def drop() -> None:
    """The place for files, and what becomes of their dates."""
    given = st.file_uploader(
        "Drop files of one clinic here, together: CSV, Excel, OpenDocument, Parquet, zip, REDCap, FHIR",
        accept_multiple_files=True, key=state.fresh("uploader"))
    if given:
        dates = st.radio("Dates in the files", list(words.DATES_WORDS), format_func=words.DATES_WORDS.__getitem__,
                         key="data.dates")
        if st.button(f"Read {plural(len(given), 'file')}", type="primary"):
            read(given, dates)


def read(given: Sequence, dates: Any) -> None:
    """Read uploaded files for this browser, and show what they are."""
    browser, named = state.browser(), [(one.name, one.getvalue()) for one in given]
    state.renew("uploader")
    start(lambda progress: loading.upload(
        browser, named, dates=dates, secret=recipe_box.secret(), progress=progress))


def read_again(dataset: Dataset, chosen: dict[str, str], **how: Any) -> None:
    """Read the same files with what a person said their columns are."""
    if not chosen and not how:
        return
    browser, mapping = state.browser(), dict(dataset.mapping) | chosen
    start(lambda progress: loading.remap(
        browser, dataset.key, mapping, secret=recipe_box.secret(), progress=progress, **how))


def start(work: Callable, then: Callable[[Any], None] | None = None) -> None:
    """Begin a piece of work; what takes no longer than a moment is shown at once.

    Parameters
    ----------
    then : what is done with what the work gave; missing means that it is shown
    """
    job = Job(work)
    state.remember(JOB, job)
    state.remember(AFTER, then or go_to)
    job.wait(SHOW_PROGRESS_AFTER)
    st.rerun()


def working() -> bool:
    """Whether files are being read, with how far it is and a way to stop; what is ready is taken over."""
    job: Job | None = state.remembered(JOB)
    if job is None:
        return False
    if not job.wait(0):
        progress(job)
        return True
    state.forget_remembered(JOB)
    try:
        state.remembered(AFTER, go_to)(job.result())
    except CancelledError:
        state.remember(SAID, "Reading was stopped; nothing of these files was kept.")
    except (ValueError, NoRoomError, StoreError, NotAllowedError) as reason:
        state.remember(SAID, str(reason))
    st.rerun()
    return True


@st.fragment(run_every=0.4)
def progress(job: Job) -> None:
    """How far the work is."""
    if job.wait(0):
        st.rerun()
    st.progress(min(job.done, 1.0), "Stopping" if job.is_cancelled else f"{job.doing} ...")
    st.button("Cancel", on_click=job.cancel, disabled=job.is_cancelled)


def go_to(dataset: Dataset, carried: View | None = None) -> None:
    """Show this dataset here, and in the view where it can be counted; ``carried`` as ``state.start_over`` says."""
    state.remember(SHOWN, dataset.short)
    refused = state.refusal()
    is_awaited = refused is not None and refused.dataset == dataset.short
    if not dataset.tables.is_blocked and not is_awaited:
        state.start_over(dataset.short, audience(), carried)


def audience() -> str:
    """For whom the screen is: another dataset is shown to the same."""
    return "inside" if state.refusal() is not None else state.view().audience


def choose(dataset: Dataset) -> None:
    """Another dataset, what became of its dates, and the way to be rid of it."""
    there = every_dataset()
    # A kept dataset has no button here, and the longest name: with its version, when and by whom.
    left, middle, right = ([st.container()] * 3 if dataset.given_as == "kept" else
                           st.columns([3, 1.4, 1], vertical_alignment="bottom"))
    key = f"data.choose.{dataset.short}.{len(there)}"
    labels = dataset_names.long_names(there.values())
    chosen = left.selectbox("Dataset", list(there), index=list(there).index(dataset.short),
                            format_func=labels.__getitem__, key=key)
    if chosen != dataset.short:
        go_to(there[chosen])
        st.rerun()
    if dataset.owner is not None:
        has_dates = dataset.tables.axis == "date" or dataset.tables.is_turned_relative
        other = "relative" if dataset.dates == "keep" else "keep"
        if has_dates and middle.button(words.CHANGE_DATES_WORDS[other], key=f"data.other.{dataset.short}"):
            read_again(dataset, {}, dates=other)
        right.button("Forget this data", icon=":material/delete:", on_click=forget, args=(dataset,))
    elif dataset.is_sample:
        right.html('<span class="invented">Invented sample data</span>')


def forget(dataset: Dataset) -> None:
    """Drop an upload and everything made of it."""
    loading.forget(state.browser(), dataset.key)
    state.forget_remembered(SHOWN)
    state.remember(SAID, "The data was forgotten: the server no longer holds it.")
    state.start_over()


def finding_html(finding: Finding, *, with_remedy: bool = True) -> str:
    """One finding: where, what, and what to do."""
    remedy = f"<p>{escape(finding.remedy)}</p>" if with_remedy else ""
    return (f'<div class="finding {finding.severity}"><p class="where">{escape(words.where_words(finding))}</p>'
            f"<p>{escape(finding.problem)}</p>{remedy}</div>")
