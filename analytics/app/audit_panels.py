"""For a director, on the Data page: how long older versions stay, and who did what."""

from __future__ import annotations

import streamlit as st

from analytics.app import intake, kept_datasets, recipe_box, state, widgets
from analytics.reports.sections import Grid, grid_html
from analytics.store import StoreError
from analytics.wording import kept as words

MOST_SHOWN = 200
_ASKED = "retention.asked"


def show() -> None:
    """Retention and the audit log, for those who may read it."""
    if not state.person().may("audit"):
        return
    fold = st.expander("Kept datasets: how long, and who did what", key="audit", on_change="rerun")
    if not fold.open:
        return
    with fold:
        try:
            retention()
            log()
        except StoreError as reason:
            widgets.hint(str(reason))


def retention() -> None:
    """How long versions that are not the latest stay."""
    days = recipe_box.store().datasets.retention()
    widgets.hint(words.retention_sentence(days))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input("Days that older versions stay", min_value=1, value=days, step=1, placeholder="no limit",
                        width=260, key="retention.days")
        st.button("Set", key="retention.set", on_click=_asked, args=(days,))
    asked = state.remembered(_ASKED)
    if asked is not None:
        st.warning(words.retention_asked(asked))
        with st.container(horizontal=True):
            st.button("Set, and delete for good", key="retention.confirm", type="primary", on_click=_set, args=(asked,))
            st.button("Leave it", key="retention.leave", on_click=state.forget_remembered, args=(_ASKED,))


def _asked(before: int | None) -> None:
    """Set what deletes nothing that would have stayed; ask first for what does."""
    days = state.typed("retention.days")
    if days is None or (before is not None and days >= before):
        _set(days)
    else:
        state.remember(_ASKED, int(days))


def _set(days: int | None) -> None:
    state.forget_remembered(_ASKED)
    datasets, person = recipe_box.store().datasets, state.person()
    n_deleted = 0

    def change() -> None:
        nonlocal n_deleted
        datasets.set_retention(days, person)
        n_deleted = kept_datasets.apply_retention()

    problem = kept_datasets.changed(change)
    state.remember(intake.SAID if problem else intake.WELL, problem or words.retention_set(n_deleted))


def log() -> None:
    """The newest lines of the audit log."""
    entries = recipe_box.store().audit.entries(state.person(), MOST_SHOWN)
    if not entries:
        widgets.hint("Nothing was kept, changed or deleted yet.")
        return
    st.html(grid_html(Grid(("When (UTC)", "Who", "Did", "What"), tuple(
        (one.at[:19].replace("T", " "), one.who, one.action, words.what_words(one.what))
        for one in entries))))
