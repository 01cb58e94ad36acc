"""Rules saved under a name, a preset and what was set in it: the person's own, chosen again for any dataset."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st

from analytics.app import recipe_box, state
from analytics.app.questions import Question
from analytics.app.view import View, canonical
from analytics.app.widgets import hint, markdown_safe
from analytics.store import StoreError
from analytics.wording import kept as words

_NOTES = "rules"
MOST_NAME = 60


def saved() -> dict[str, View]:
    """The person's saved rules by name, each as a view that has only rules; read once a run."""
    return state.once(_NOTES, _read)


def _read() -> dict[str, View]:
    notes: dict[str, Any] = dict(state.remembered(_NOTES, {}))
    with suppress(StoreError):
        notes = recipe_box.store().notes(_NOTES, recipe_box.owner_of(state.browser())) | notes
    found = {}
    for name, kept in notes.items():
        try:
            settings = tuple((key, text) for key, text in kept["settings"])
            found[name] = canonical(View(None, None, kept["preset"], settings))
        except (KeyError, TypeError, ValueError):
            continue  # another version of this product had a rule that this one does not know
    return found


def save(name: str, view: View) -> None:
    """Save the rules of a view; the same name again replaces them. Raises StoreError."""
    rules = {"preset": view.preset, "settings": [list(pair) for pair in view.settings]}
    recipe_box.store().keep_note(_NOTES, name, rules, recipe_box.owner_of(state.browser()))
    state.anew(_NOTES)


def forget(name: str) -> None:
    """Forget saved rules."""
    try:
        recipe_box.store().drop_note(_NOTES, name, recipe_box.owner_of(state.browser()))
    except StoreError as reason:
        state.remember("rules.said", str(reason))
    state.anew(_NOTES)


def name_of(view: View) -> str:
    """The name under which the rules of a view were saved; empty where they were not."""
    return next((name for name, rules in saved().items() if _rules(rules) == _rules(canonical(view))), "")


def _rules(view: View) -> tuple[Any, ...]:
    return view.preset, view.settings


def choose(question: Question) -> None:
    """Saved rules to choose from, and a name for those in force."""
    there, now = saved(), name_of(question.view)
    if there:
        st.selectbox("Saved rules", ["", *there], format_func=lambda name: markdown_safe(name) or words.NO_SAVED_RULES,
                     **state.bound("rules.saved", now, lambda view, name: _chosen(view, there.get(name))))
    problem = state.remembered("rules.said")
    if problem:
        state.forget_remembered("rules.said")
        st.warning(markdown_safe(problem))
    if now:
        st.button("Forget these saved rules", key="rules.forget", type="tertiary", on_click=forget, args=(now,))
        return
    fold = st.popover("Save these rules as...", key="rules.save", on_change="rerun")
    if fold.open:
        with fold:
            _form(question)


def _chosen(view: View, rules: View | None) -> View:
    return view if rules is None else replace(view, preset=rules.preset, settings=rules.settings)


def _form(question: Question) -> None:
    hint(words.SAVED_RULES_HINT)
    name = st.text_input("Name of the rules", key=state.fresh("rules.name"), max_chars=MOST_NAME)
    if not st.button("Save", key="rules.keep", disabled=not name.strip()):
        return
    try:
        save(" ".join(name.split()), question.view)
    except StoreError as reason:
        st.error(markdown_safe(str(reason)))
        return
    state.renew("rules.name")
    st.rerun()
