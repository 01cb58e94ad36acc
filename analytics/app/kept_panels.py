"""Step 5 of the Data page for datasets that stay: keeping an upload, and the versions of what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from analytics.app import (
    dataset_notes,
    dataset_notes_panel,
    intake,
    kept_datasets,
    loading,
    recipe_box,
    state,
    widgets,
)
from analytics.app.datasets import Dataset, KeptDataset
from analytics.app.kept_datasets import Keeping
from analytics.app.questions import Question
from analytics.app.view import View
from analytics.store import StoreError
from analytics.wording import kept as words
from analytics.wording.differences import difference_sentences

MOST_NAME = 80
_ASKED = "kept.asked"


def keep(dataset: Dataset) -> None:
    """Keep an upload, or the files of the command line, as a dataset or as the next version of one."""
    person = state.person()
    if not person.may("load") or dataset.given_as not in ("upload", "command_line"):
        return
    try:
        fitting = kept_datasets.fitting(state.browser(), dataset, person)
        there = _by_id((*fitting, *(one for one in loading.datasets(state.browser()) if isinstance(one, KeptDataset))))
    except StoreError as reason:
        widgets.hint(str(reason))
        return
    st.html('<h3 class="chart-title">Keep this dataset</h3>')
    widgets.hint(words.keep_sentence(recipe_box.place(), dataset.dates, is_for_all=not person.subject))
    keeping = _chosen(dataset, there, n_fitting=len(fitting))
    if keeping.dataset_id is not None:
        difference(dataset, there[keeping.dataset_id])
    if st.button("Keep", key=f"kept.keep.{dataset.short}", icon=":material/save:"):
        _start(dataset, keeping, there.get(keeping.dataset_id or 0))


def _by_id(datasets: Iterable[KeptDataset]) -> dict[int, KeptDataset]:
    """The latest version of each, in the order in which they came."""
    found: dict[int, KeptDataset] = {}
    for one in datasets:
        if one.is_latest:
            found.setdefault(one.saved.id, one)
    return found


def _chosen(dataset: Dataset, there: dict[int, KeptDataset], n_fitting: int) -> Keeping:
    """As what it is kept: first as the next version of what it looks like."""
    place = None
    if there:
        first = next(iter(there.values()))
        if n_fitting:
            widgets.hint(words.fits_sentence(first.saved.name, first.saved.n_versions))
        order = [*there, None] if n_fitting else [None, *there]
        place = st.selectbox("Keep as", order, key=f"kept.as.{dataset.short}.{len(there)}", format_func=lambda one: (
            words.NEW if one is None else words.next_version(there[one].saved.name, there[one].of.number + 1)))
    if place is not None:
        return Keeping(dataset_id=place)
    name = st.text_input("Name of the dataset", key=f"kept.name.{dataset.short}", max_chars=MOST_NAME,
                         placeholder="Clinic outcomes")
    seen = words.FOR_ALL
    if state.person().subject:
        seen = st.radio("Who may see it", [words.FOR_ALL, words.FOR_ME], key=f"kept.seen.{dataset.short}")
    return Keeping(" ".join(name.split()), is_private=seen == words.FOR_ME)


def difference(dataset: Dataset, before: KeptDataset) -> None:
    """What the next version changes; at once where the same recipe read both, else when it is asked for."""
    is_same_recipe = dataset.recipe is not None and dataset.recipe == before.of.facts["recipe_id"]
    title = widgets.markdown_safe(words.difference_title(before.label))
    fold = st.expander(title, expanded=is_same_recipe, on_change="rerun",
                       key=f"kept.difference.{dataset.short}.{before.short}")
    if fold.open:
        with fold:
            try:
                found = kept_datasets.difference(dataset, before)
            except StoreError as reason:
                widgets.hint(str(reason))
                return
            st.html(widgets.text_block(difference_sentences(found, dataset.tables.instruments)))


def _start(dataset: Dataset, keeping: Keeping, before: KeptDataset | None) -> None:
    if keeping.dataset_id is None and not keeping.name:
        st.error("A dataset needs a name, so that it can be found again.")
        return
    browser, person, view = state.browser(), state.person(), intake.view_of(dataset)
    intake.start(lambda progress: kept_datasets.keep(browser, dataset, keeping, person, view, progress),
                 then=lambda kept: _kept(dataset, kept, view, is_new=before is None or kept.of.id != before.of.id))


def _kept(upload: Dataset, kept: KeptDataset, view: View | None, *, is_new: bool) -> None:
    """Show what was kept; what was said of the files before is said of the dataset from now on."""
    state.anew(kept_datasets.LISTED)
    dataset_notes.take_over(upload, kept)
    intake.go_to(kept, view if upload.shape.is_like(kept.shape) else None)
    state.remember(intake.WELL, words.kept_sentence(kept.label, is_new=is_new))


# --- what is kept ------------------------------------------------------------------------------------


def mark(question: Question | None) -> None:
    """Above every page: what cannot be read, and that a version is not the latest, with the way to the latest."""
    dataset = question.dataset if question is not None else None
    _unreadable()
    if not isinstance(dataset, KeptDataset) or dataset.is_latest or dataset.saved.latest is None:
        return
    latest = dataset.saved.latest
    left, right = st.columns([4, 1.2], vertical_alignment="center")
    left.warning(words.not_latest(dataset.of.number, dataset.of.made_at, latest.number, latest.made_at))
    right.button("Open the latest version", key="kept.latest", on_click=_open_latest, args=(dataset,))


def _unreadable() -> None:
    """What was kept and cannot be read."""
    found = kept_datasets.unreadable()
    if found:
        left, right = st.columns([4, 1.2], vertical_alignment="center")
        left.warning(" ".join(dict.fromkeys(map(words.not_readable, found.values()))))
        right.button("Try again", key="kept.try_again", on_click=state.forget_remembered,
                     args=(kept_datasets.UNREADABLE,))


def _open_latest(dataset: KeptDataset) -> None:
    latest = next((one for one in loading.datasets(state.browser())
                   if isinstance(one, KeptDataset) and one.saved.id == dataset.saved.id and one.is_latest), None)
    state.forget_remembered(intake.SHOWN)
    state.start_over(latest.short if latest is not None else None, intake.audience())


def versions(dataset: Dataset) -> None:
    """The versions of a kept dataset: opened, renamed, deleted."""
    if not isinstance(dataset, KeptDataset):
        return
    saved, of = dataset.saved, dataset.of
    own = {} if state.person().sites is None else kept_datasets.counts_of(dataset.tables)
    st.html(widgets.text_block(words.version_sentences(
        {**of.facts, **own}, of.number, saved.n_versions, of.made_at, of.made_by)))
    if state.person().subject:
        widgets.hint(words.SEEN_BY_ONE if saved.is_private else words.SEEN_BY_ALL)
    dataset_notes_panel.all_hidden(dataset)
    try:
        there = kept_datasets.versions(dataset, state.person())
    except StoreError as reason:
        widgets.hint(str(reason))
        return
    others = [one for one in there if one.of.id != of.id]
    if others:
        _open_another(dataset, others)
    if state.person().may("load") and (saved.owner == state.person().subject or state.person().may("audit")):
        _manage(dataset, there)


def _open_another(dataset: KeptDataset, others: list[KeptDataset]) -> None:
    by_short = {one.short: one for one in others}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Other versions", list(by_short), key=f"kept.other.{dataset.short}.{len(others)}",
                              format_func=lambda short: _of_many(by_short[short]), width=520)
        st.button("Open this version", key=f"kept.open.{dataset.short}", on_click=_open, args=(by_short[chosen],))


def _of_many(dataset: KeptDataset) -> str:
    return words.of_many(dataset.of.number, dataset.of.made_at, dataset.of.made_by)


def _open(dataset: KeptDataset) -> None:
    state.forget_remembered(intake.SHOWN)
    state.start_over(dataset.short, intake.audience())


def _manage(dataset: KeptDataset, there: list[KeptDataset]) -> None:
    """Rename and delete; asked for a delete, what goes with it."""
    asked = state.remembered(_ASKED)
    if asked is not None and asked[1] == dataset.short:
        _confirm(dataset, there, is_whole=asked[0] == "dataset")
        return
    with st.container(horizontal=True):
        _new_name(dataset)
        if len(there) > 1:
            st.button("Delete this version", key=f"kept.delete_version.{dataset.short}", icon=":material/delete:",
                      on_click=state.remember, args=(_ASKED, ("version", dataset.short)))
        st.button("Delete this dataset", key=f"kept.delete.{dataset.short}", icon=":material/delete:",
                  on_click=state.remember, args=(_ASKED, ("dataset", dataset.short)))


def _new_name(dataset: KeptDataset) -> None:
    key = f"kept.new_name.{dataset.short}"
    with st.popover("Rename", key=f"kept.rename.{dataset.short}"):
        name = st.text_input("New name", value=dataset.saved.name, max_chars=MOST_NAME, key=key)
        st.button("Rename this dataset", key=f"kept.renamed.{dataset.short}", on_click=_rename, args=(dataset, key),
                  disabled=not name.strip())


def _rename(dataset: KeptDataset, key: str) -> None:
    name = state.typed(key)
    _told(kept_datasets.changed(lambda: recipe_box.store().datasets.rename(
        dataset.saved.id, " ".join(name.split()), state.person())), "")


def _confirm(dataset: KeptDataset, there: list[KeptDataset], *, is_whole: bool) -> None:
    """Asks once, and says what goes."""
    before = next((one.of.number for one in there if one.of.number < dataset.of.number), None)
    st.warning(widgets.markdown_safe(
        words.delete_dataset(dataset.saved.name, len(there)) if is_whole else words.delete_version(
            dataset.label, before=before if dataset.is_latest else None)))
    with st.container(horizontal=True):
        st.button("Delete for good", key=f"kept.confirm.{dataset.short}", type="primary", on_click=_delete,
                  args=(dataset, there, is_whole))
        st.button("Leave it", key=f"kept.leave.{dataset.short}", on_click=state.forget_remembered, args=(_ASKED,))


def _delete(dataset: KeptDataset, there: list[KeptDataset], is_whole: bool) -> None:
    datasets, person = recipe_box.store().datasets, state.person()
    change: Callable[[], Any] = ((lambda: datasets.delete(dataset.saved.id, person)) if is_whole else
                                 (lambda: datasets.delete_version(dataset.of.id, person)))
    problem = kept_datasets.changed(change, gone=there if is_whole else [dataset])
    state.forget_remembered(_ASKED)
    _told(problem, words.deleted(dataset.saved.name if is_whole else dataset.label))
    if not problem:
        state.forget_remembered(intake.SHOWN)
        state.start_over()


def _told(problem: str, well: str) -> None:
    if problem:
        state.remember(intake.SAID, problem)
    elif well:
        state.remember(intake.WELL, well)
