"""Recipes on the Data page: a mapping that is kept, found again, and replayed on next month's file."""

from __future__ import annotations

from html import escape

import streamlit as st

from analytics.app import intake, loading, recipe_box, state, widgets
from analytics.app.datasets import Dataset
from analytics.app.recipe_box import Offer
from analytics.app.view import View
from analytics.store import StoreError
from analytics.wording import recipes as words
from analytics.wording.differences import difference_sentences


def offer(dataset: Dataset) -> None:
    """The recipes that fit these files, each one click away."""
    if dataset.owner is None:
        return
    try:
        found = recipe_box.offers(state.browser(), dataset)
    except StoreError as error:
        widgets.hint(str(error))
        return
    for one in found[:3]:
        offer_one(dataset, one)


def offer_one(dataset: Dataset, one: Offer) -> None:
    """One recipe, what it would not find, and the click."""
    with st.container(border=True, key=f"recipe.{one.saved.id}.{dataset.short}"):
        st.html(widgets.text_block(words.offer_sentences(one.saved.name, one.saved.saved_at, one.match)))
        renamed = [pair for pair in one.match.renamed if pair[0] in one.recipe.mapping and st.checkbox(
            widgets.markdown_safe(words.renamed_question(*pair)), key=f"renamed.{one.saved.id}.{pair[0]}")]
        if st.button("Load with this recipe", type="primary", key=f"load.{one.saved.id}.{dataset.short}"):
            browser = state.browser()
            intake.start(lambda progress: recipe_box.replay(browser, dataset, one, renamed, progress))


def save(dataset: Dataset) -> None:
    """Keep how these files were read, here or in a file."""
    if dataset.owner is None:
        return
    st.html('<h3 class="chart-title">Save as a recipe</h3>')
    browser, view = state.browser(), intake.view_of(dataset)
    with st.form(f"save.{dataset.short}"):
        widgets.hint(words.save_sentence(recipe_box.place()))
        name = st.text_input("Name of the recipe", key=f"name.{dataset.short}", placeholder="Monthly export",
                             max_chars=80)
        if st.form_submit_button("Save as a recipe"):
            keep(browser, dataset, name.strip(), view)
    address = loading.export_address(
        browser, "recipe.toml", lambda: recipe_box.recipe_text(browser, dataset, "recipe", view).encode(),
        "application/toml", ("recipe", dataset.key, view))
    st.html(f'<p><a href="{escape(address)}" download="recipe.toml">Download this recipe (TOML)</a></p>')


def keep(browser: str, dataset: Dataset, name: str, view: View | None) -> None:
    """Save under a name, and say so."""
    if not name:
        st.error("A recipe needs a name, so that it can be found again.")
        return
    try:
        recipe_box.save(browser, dataset, name, view)
    except (StoreError, ValueError) as error:
        st.error(widgets.markdown_safe(str(error)))
        return
    st.success(widgets.markdown_safe(words.saved_sentence(name)))


def difference(dataset: Dataset) -> None:
    """What is new since the last load with the same recipe."""
    if dataset.owner is None:
        return
    found = recipe_box.difference(state.browser(), dataset)
    if found is None:
        return
    changes, saved_at = found
    with st.expander(words.difference_title(saved_at), expanded=True, key=f"difference.{dataset.short}"):
        st.html(widgets.text_block(difference_sentences(changes, dataset.tables.instruments)))
