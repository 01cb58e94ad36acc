"""Recipes on the server: kept in the store, found for files, replayed on them, with what changed since last time.

The store is one folder on this machine, made at first start. Recipes hold headers and words alone and may be used by
everybody who opens this dashboard. The tables of a recipe's last load, which the difference report needs, are
everybody's only where the server listens on this machine alone; else they belong to the browser that loaded them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from analytics.app import loading, server, visitors
from analytics.app.datasets import Dataset
from analytics.app.view import Settings, View
from analytics.definitions.rules import rule_set
from analytics.ingest.file_shapes import Match, matches
from analytics.ingest.frozen_tables import frames_to_tables, tables_to_frames
from analytics.ingest.load import Progress
from analytics.ingest.recipe_files import recipe_from_toml, recipe_to_toml
from analytics.ingest.recipes import Recipe, headers_of, mapping_for, recipe_of, with_renamed
from analytics.results.differences import Differences, differences
from analytics.store import SavedRecipe, Store, StoreError


@dataclass(frozen=True)
class Offer:
    """A saved recipe that fits files."""

    saved: SavedRecipe
    recipe: Recipe
    match: Match


@cache
def store() -> Store:
    """The store of this server. Raises StoreError, whose message is for the person."""
    return Store(loading.command_line_store())


def place() -> str:
    """Where the store keeps what it is given, for a person: its folder, or the database on a server."""
    try:
        there = store()
    except StoreError:  # It is said where something is kept.
        return "the store"
    return there.described if there.database.is_server else f"{there.folder} on the machine that runs this dashboard"


def owner_of(browser: str) -> str:
    """Under whom a person's loads and notes are kept: with sign-in the person's own name for good, in every browser.

    Without it everybody's where nobody else can reach this server, else the browser's.
    """
    return visitors.person().subject or ("" if server.is_only_here() else browser)


def offers(browser: str, dataset: Dataset) -> list[Offer]:
    """The recipes that fit these files and were not used for them yet, the best first."""
    shape = loading.file_shape(browser, dataset.key)
    found = []
    for saved in store().recipes(owner_of(browser)) if shape else ():
        try:
            recipe = recipe_from_toml(saved.toml_text)
        except ValueError:
            continue  # written by another version, or by hand and wrong: it is not offered
        match = matches(recipe.shape, shape)
        if match.is_found_again and saved.id != dataset.recipe:
            found.append(Offer(saved, recipe, match))
    return sorted(found, key=lambda one: -one.match.score)


def replay(
    browser: str, dataset: Dataset, offer: Offer, renamed: Sequence[tuple[str, str]], progress: Progress
) -> Dataset:
    """The files read as the recipe says; what changed since its last load is kept beside them."""
    recipe = with_renamed(offer.recipe, renamed)
    mapping, _ = mapping_for(recipe, headers_of(loading.opened(browser, dataset.key), recipe.mapping))
    read = loading.remap(
        browser, dataset.key, mapping, dates=recipe.dates, attributes=recipe.attributes, recipe=offer.saved.id,
        secret=secret(), start_rules=(recipe.preset, recipe.settings), progress=progress)
    if read.tables.is_blocked:
        return read
    progress("Comparing with the last load", 0.9)
    owner = owner_of(browser)
    last = store().last_load(offer.saved.id, owner, other_than=read.key)
    if last is not None:
        loading.remember_difference(browser, read.key, (
            differences(frames_to_tables(*last), read.tables, rule_set(recipe.preset, list(recipe.settings))),
            last[1]["saved_at"]))
    _keep_load(offer.saved.id, read, owner)
    return read


def save(browser: str, dataset: Dataset, name: str, view: View | None) -> None:
    """Keep how these files were read, and their tables for the next difference report.

    Raises
    ------
    StoreError
        When the folder cannot be used.
    """
    owner = owner_of(browser)
    preset, settings = (view.preset, view.settings) if view is not None else ("clinic", ())
    recipe = _recipe(browser, dataset, name, preset, settings)
    text = recipe_to_toml(recipe, dataset.tables.columns)
    number = store().save_recipe(name, text, [*map(list, recipe.shape)], owner)
    _keep_load(number, dataset, owner)


def recipe_text(browser: str, dataset: Dataset, name: str, view: View | None) -> str:
    """The recipe of these files as TOML, to be taken away."""
    preset, settings = (view.preset, view.settings) if view is not None else ("clinic", ())
    return recipe_to_toml(_recipe(browser, dataset, name, preset, settings), dataset.tables.columns)


def plain_recipe_text(browser: str, dataset: Dataset, view: View | None) -> str | None:
    """The recipe of an upload as TOML without a word on columns that it does not name; missing for other datasets."""
    if dataset.owner is None:
        return None
    preset, settings = (view.preset, view.settings) if view is not None else dataset.start_rules
    return recipe_to_toml(_recipe(browser, dataset, dataset.label, preset, settings))


def _recipe(browser: str, dataset: Dataset, name: str, preset: str, settings: Settings) -> Recipe:
    recipe = recipe_of(dataset.tables, loading.opened(browser, dataset.key), name, said=dict(dataset.mapping),
                       dates=dataset.dates, preset=preset, settings=settings)
    return replace(recipe, shape=loading.file_shape(browser, dataset.key))


def _keep_load(number: int, dataset: Dataset, owner: str) -> None:
    frames, facts = tables_to_frames(dataset.tables)
    store().save_load(number, dataset.key, frames, facts, owner)


def difference(browser: str, dataset: Dataset) -> tuple[Differences, str] | None:
    """What changed since the last load with the same recipe, and when that was."""
    return loading.difference(browser, dataset.key)


def problem() -> str | None:
    """Why the store cannot be used; missing where it can."""
    try:
        store()
    except StoreError as error:
        return str(error)
    return None


def secret() -> Any:
    """The key for keyed patient codes; missing where there is no store."""
    try:
        return store().secret()
    except StoreError:
        return None
