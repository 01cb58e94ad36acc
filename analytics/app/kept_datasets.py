"""Datasets that stay: every version in the store, listed without its tables, which are read when one is chosen.

    ``offered(person, wanted=()) -> tuple[KeptDataset, ...]``    the latest version of each, the one kept last first
    ``dataset_of_version(version_id, person) -> KeptDataset``    also outside of a run, as for a link
    ``keep(browser, dataset, keeping, person) -> KeptDataset``
    ``id_of(dataset)``, ``version_of(dataset)``                  missing for what is not kept

The key of a version, whose first part stands in addresses, is made of its number in the store and of what is in it: a
link to a version means that version after a restart, and after a later one was kept. Who may see what is asked of the
store each time a list is made; of a person with sites every way goes through ``_tables``, which cuts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.access import NotAllowedError, Person
from analytics.app import loading, log_lines, recipe_box, server, site_scope, state
from analytics.app.datasets import Dataset, KeptDataset, Shape, SourceFile
from analytics.app.view import View
from analytics.definitions.rules import rule_set
from analytics.definitions.tables import Tables
from analytics.ingest.file_shapes import matches
from analytics.ingest.frozen_datasets import dataset_to_frames, frames_to_dataset
from analytics.ingest.frozen_tables import instruments_from_records, instruments_to_records
from analytics.ingest.load import Progress
from analytics.results.differences import Differences, differences
from analytics.store import SYSTEM, GoneError, SavedDataset, StoreError, Version
from analytics.wording import kept as words

FORMAT = 1
"""Of the facts of a version; raised when one that an older release needs is told otherwise."""

LISTED, UNREADABLE, VAIN = "kept.listed", "kept.unreadable", "kept.vain"


# --- what there is -----------------------------------------------------------------------------------


def id_of(dataset: Dataset) -> int | None:
    """The number of a kept dataset, whatever the version; missing for what is not kept."""
    return dataset.saved.id if isinstance(dataset, KeptDataset) else None


def version_of(dataset: Dataset) -> Version | None:
    """The version that a kept dataset is; missing for what is not kept."""
    return dataset.of if isinstance(dataset, KeptDataset) else None


def _offered_here(person: Person) -> tuple[KeptDataset, ...]:
    """What a person may choose in this run: the latest versions, and older ones that view or link ask for."""
    there = state.once(LISTED, lambda: _listed_or_last(person))
    wanted = state.wanted()
    found = state.once(f"{LISTED}.{sorted(wanted)}", lambda: _older_or_none(there, wanted, person))
    return tuple(one for one in (*_latest(there, person), *found) if one.of.id not in unreadable())


loading.also_offers("kept", _offered_here)


def _listed_or_last(person: Person) -> list[SavedDataset]:
    """What the store has; while it cannot be asked, what it had: a moment's trouble takes nobody's view away."""
    try:
        found = _listed(person)
    except StoreError:
        last: tuple[Person, list[SavedDataset]] | None = state.remembered(LISTED)
        return last[1] if last is not None and last[0] == person else []
    state.remember(LISTED, (person, found))
    strange = {saved.latest.id: words.OF_ANOTHER for saved in found if saved.latest and not _is_ours(saved.latest)}
    if strange:
        state.remember(UNREADABLE, unreadable() | strange)
    return found


def _older_or_none(there: list[SavedDataset], wanted: Collection[str], person: Person) -> list[KeptDataset]:
    """Older versions that are wanted; what was looked for in vain is not looked for again before something changes."""
    mark = [person, *((saved.id, saved.n_versions, saved.latest and saved.latest.id) for saved in there)]
    then, vain = state.remembered(VAIN, (mark, frozenset()))
    vain = vain if then == mark else frozenset()
    missing = set(wanted) - {_short(one.of, person) for one in _latest(there, person)} - vain
    try:
        found = _older(there, missing, person)
    except StoreError:
        return []
    state.remember(VAIN, (mark, vain | (missing - {_short(one.of, person) for one in found})))
    return found


def offered(person: Person, wanted: Collection[str] = ()) -> tuple[KeptDataset, ...]:
    """The latest version of every dataset a person may know of, and older ones that are wanted by their short keys.

    They are whole: ``loading`` cuts them to the person's sites. None where nobody can be told from anybody.

    Raises
    ------
    NotAllowedError
        Without the right ``aggregates``.
    StoreError
        When the store cannot be asked.
    """
    there = _listed(person)
    latest = _latest(there, person)
    return (*latest, *_older(there, set(wanted) - {_short(one.of, person) for one in latest}, person))


def _listed(person: Person) -> list[SavedDataset]:
    person.needs("aggregates")
    return recipe_box.store().datasets.all(person) if person.subject or server.is_only_here() else []


def _latest(there: Iterable[SavedDataset], person: Person) -> list[KeptDataset]:
    return [_dataset(saved, saved.latest, person) for saved in there if saved.latest and _is_ours(saved.latest)]


def _older(there: Iterable[SavedDataset], wanted: Collection[str], person: Person) -> list[KeptDataset]:
    return [_dataset(saved, version, person) for saved in there if wanted and saved.n_versions > 1
            for version in recipe_box.store().datasets.versions(saved.id, person)
            if _short(version, person) in wanted and _is_ours(version)]


def _is_ours(version: Version) -> bool:
    return version.facts.get("format") == FORMAT


def _short(version: Version, person: Person) -> str:
    """What stands for a version in the addresses of a person."""
    key = key_of(version)
    return (key if person.sites is None else site_scope.key_of_sites(key, person.sites))[:16]


def versions(dataset: KeptDataset, person: Person) -> list[KeptDataset]:
    """Every version of a dataset, the newest first, as far as the person may see it. Raises StoreError."""
    found = recipe_box.store().datasets.versions(dataset.saved.id, person)
    return _cut([_dataset(dataset.saved, one, person) for one in found if _is_ours(one)], person)


def dataset_of_version(version_id: int, person: Person) -> KeptDataset:
    """The dataset that a version is, as far as the person may see it.

    Raises
    ------
    NotAllowedError
        Without the right ``aggregates``.
    GoneError
        When the version is not there, or not for this person.
    """
    datasets = recipe_box.store().datasets
    version = datasets.version(version_id, person)
    saved = None if version is None else datasets.one(version.dataset_id, person)
    if version is None or saved is None or not _is_ours(version):
        raise GoneError("version")
    found = _cut([_dataset(saved, version, person)], person)
    if not found:
        raise GoneError("version")
    return found[0]


def _cut(whole: Iterable[KeptDataset], person: Person) -> list[KeptDataset]:
    found = (loading.scoped(one, person.sites) for one in whole)
    return [one for one in found if isinstance(one, KeptDataset)]


def key_of(version: Version) -> str:
    """The key of a version; another for the same files kept again."""
    return hashlib.sha256(json.dumps(
        ["kept", version.dataset_id, version.id, version.content_hash]).encode()).hexdigest()


def _dataset(saved: SavedDataset, version: Version, person: Person) -> KeptDataset:
    """A version as a dataset, without reading it."""
    facts, key = version.facts, key_of(version)
    preset, settings = facts["start_rules"]
    label = words.label(saved.name, version.number, saved.latest.number if saved.latest else version.number)
    return KeptDataset(
        key, label, "kept", tuple(SourceFile(**one) for one in facts["sources"]), tuple(map(tuple, facts["mapping"])),
        _shape(key, facts), dates=facts["dates"], attributes=tuple(facts["attributes"]),
        start_rules=(preset, tuple(map(tuple, settings))), saved=saved, of=version,
        read=lambda: _tables(version, person))


def _shape(key: str, facts: Mapping[str, Any]) -> Shape:
    kept = facts["shape"]
    return Shape(key, tuple((name, tuple(values)) for name, values in kept["attributes"]), tuple(kept["visits"]),
                 tuple(kept["indications"]), instruments_from_records(facts["instruments"]), tuple(kept["present"]))


def _tables(version: Version, person: Person) -> Tables:
    """The tables of a version; read once for all who may see it.

    Raises
    ------
    StoreError
        When they are damaged or gone, or were kept by another version of this product.
    """
    def read() -> Tables:
        try:
            return frames_to_dataset(recipe_box.store().datasets.frames(version.id, person))
        except ValueError as reason:
            raise StoreError(str(reason)) from None

    try:
        return loading.kept_tables(version.content_hash, key_of(version), read)
    except StoreError as reason:
        # In a run the page goes on without it, and says so; see ``kept_panels.mark``.
        state.run_again(reason, UNREADABLE, unreadable() | {version.id: str(reason)})


def unreadable() -> dict[int, str]:
    """Why versions could not be read in this browser session, by their numbers in the store."""
    found: dict[int, str] = state.remembered(UNREADABLE, {})
    return found


# --- to keep -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keeping:
    """How a dataset is to be kept.

    Attributes
    ----------
    name : of a new dataset
    dataset_id : of the one that gets its next version; missing for a new one
    is_private : whether a new one is for this person alone
    """

    name: str = ""
    dataset_id: int | None = None
    is_private: bool = False


def keep(
    browser: str, dataset: Dataset, keeping: Keeping, person: Person, view: View | None = None,
    progress: Progress = lambda doing, done: None,
) -> KeptDataset:
    """Keep a dataset in the store, all of it or nothing; what is in memory stays there.

    Parameters
    ----------
    view : of the dataset; its rules are those that the kept one starts with

    Raises
    ------
    NotAllowedError
        Without the right ``load``; limited to sites, the next version of what another person keeps.
    ValueError
        When the name is empty, or nothing can be counted from the files.
    StoreError
        When it cannot be kept, or the dataset that gets another version is not there any more.
    """
    person.needs("load")
    if dataset.tables.is_blocked:
        raise ValueError("Nothing can be counted from these files yet; mend what is asked first, then keep them.")
    progress("Writing the tables", 0.1)
    frames, facts = dataset_to_frames(dataset.tables), _facts(browser, dataset, view)
    progress("Keeping them in the store", 0.6)
    datasets = recipe_box.store().datasets
    into = datasets.one(keeping.dataset_id, person) if keeping.dataset_id is not None else None
    if into is not None and person.sites is not None and into.owner != person.subject:
        raise NotAllowedError(words.NOT_WHOLE)
    version = datasets.keep(into.name if into else keeping.name, frames, facts, person,
                            dataset_id=keeping.dataset_id, is_private=keeping.is_private)
    log_lines.event("dataset_kept", dataset=version.dataset_id, version=version.number)
    apply_retention()
    return dataset_of_version(version.id, person)


def apply_retention() -> int:
    """Delete versions that are older than the store says; gives how many. Raises StoreError."""
    datasets = recipe_box.store().datasets
    days = datasets.retention()
    return 0 if days is None else datasets.apply_retention(days, SYSTEM)


def sweep() -> None:
    """Apply the retention, for the server to call now and then; what cannot be done now is done the next time."""
    with suppress(StoreError):
        apply_retention()


def _facts(browser: str, dataset: Dataset, view: View | None) -> dict[str, Any]:
    """What is known of a version without reading its tables; plain values."""
    tables, shape = dataset.tables, dataset.shape
    preset, settings = dataset.start_rules if view is None else (view.preset, view.settings)
    return counts_of(tables) | {
        "format": FORMAT, "key": dataset.key, "label": dataset.label, "dates": dataset.dates,
        "mapping": dataset.mapping, "attributes": dataset.attributes, "start_rules": [preset, settings],
        "sources": [{"name": one.name, "sha256": one.sha256, "n_bytes": one.n_bytes} for one in dataset.sources],
        "recipe": recipe_box.plain_recipe_text(browser, dataset, view), "recipe_id": dataset.recipe,
        "file_shape": loading.file_shape(browser, dataset.key) if dataset.owner is not None else (),
        "instruments": instruments_to_records(tables.instruments),
        "shape": {"attributes": shape.attributes, "visits": shape.visits, "indications": shape.indications,
                  "present": shape.present}}


def counts_of(tables: Tables) -> dict[str, Any]:
    """How many patients and rows in use there are, and findings of each severity."""
    codes = [table["patient_id"].astype("str") for table in (tables.assessments, tables.sessions, tables.attributes)]
    found = [one.severity for one in tables.findings]
    return {"patients": int(pd.concat(codes, ignore_index=True).dropna().nunique()),
            "rows": sum(one.rows_used for one in tables.files),
            "findings": {severity: found.count(severity) for severity in dict.fromkeys(found)}}


# --- the next version --------------------------------------------------------------------------------


def fitting(browser: str, dataset: Dataset, person: Person) -> list[KeptDataset]:
    """The kept datasets whose next version an upload looks like, the likeliest first. Raises StoreError."""
    if dataset.owner is None:
        return []
    shape, found = loading.file_shape(browser, dataset.key), []
    for one in _cut(offered(person), person):
        match = matches(_shape_of_files(one), shape)
        is_same_recipe = dataset.recipe is not None and one.of.facts["recipe_id"] == dataset.recipe
        if is_same_recipe or (shape and match.is_found_again):
            found.append(((is_same_recipe, match.score), one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _shape_of_files(dataset: KeptDataset) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, dataset.of.facts["file_shape"]))


def difference(dataset: Dataset, before: KeptDataset) -> Differences:
    """What an upload changes in a kept dataset, counted by the rules that the kept one starts with."""
    preset, settings = before.start_rules
    return loading.answer_of(dataset, ("difference", before.key), lambda: differences(
        before.tables, dataset.tables, rule_set(preset, list(settings))))


# --- to change ---------------------------------------------------------------------------------------


def changed(change: Callable[[], Any], *, gone: Iterable[KeptDataset] = ()) -> str:
    """Do something to the store, and say why it could not be done; empty where it was.

    Parameters
    ----------
    gone : versions that are deleted, whose tables and answers leave the memory too
    """
    try:
        change()
    except (StoreError, PermissionError, ValueError) as reason:
        return str(reason)
    for one in gone:
        loading.forget_kept(one.of.content_hash, one.key)
        loading.forget_downloads()
    state.forget_remembered(LISTED)
    state.anew(LISTED)
    return ""
