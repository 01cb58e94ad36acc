"""What a person said of a dataset and wants to find again: named cohorts, the comparison declared primary, changes
of the process that stand in the charts of trends, and the deck for each audience.

Kept in the store under the dataset's key, so that the same files come back with them; without a store, for this
browser session. A cohort is filters: places in the dataset's sorted lists, never a patient.

Of a kept dataset they are kept under ``dataset:<id>``, whatever the version, and by names: in another version the same
site has another place. What a version lacks is told by ``lacks`` and stays kept for the versions that have it.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from analytics.app import note_names, recipe_box, state
from analytics.app.datasets import Dataset, KeptDataset, Shape
from analytics.app.note_names import Placed
from analytics.app.view import Filters
from analytics.store import StoreError

_COHORT = "cohort."
_PRIMARY = "primary"
_CHANGE = "change."
_DECK = "deck."
MOST_CHANGE_LETTERS = 160


def _all(dataset: Dataset) -> dict[str, Any]:
    """Every note of a dataset in the places of its lists, as far as the dataset has what it names."""
    found = _stored(dataset)
    if not isinstance(dataset, KeptDataset):
        return found
    placed = {name: _placed(name, value, dataset.shape) for name, value in found.items()}
    return {name: one.found for name, one in placed.items() if one.found is not None}


def _keep(dataset: Dataset, name: str, value: Any) -> None:
    if isinstance(dataset, KeptDataset):
        value = _named(name, value, dataset.shape, _stored(dataset).get(name))
    _write(dataset, name, value)


def _drop(dataset: Dataset, name: str) -> None:
    kept = state.remembered(f"notes.{dataset.notes_key}", {})
    state.remember(f"notes.{dataset.notes_key}", {one: value for one, value in kept.items() if one != name})
    with suppress(StoreError):
        recipe_box.store().drop_note(dataset.notes_key, name, recipe_box.owner_of(state.browser()))
    state.anew(_once(dataset))


# --- in the store ------------------------------------------------------------------------------------


def _once(dataset: Dataset) -> str:
    return f"notes.{dataset.notes_key}"


def _stored(dataset: Dataset) -> dict[str, Any]:
    """The notes as they are kept; read once a run, however many parts of a page ask."""
    return state.once(_once(dataset), lambda: _read(dataset))


def _read(dataset: Dataset) -> dict[str, Any]:
    found: dict[str, Any] = dict(state.remembered(f"notes.{dataset.notes_key}", {}))
    try:
        return recipe_box.store().notes(dataset.notes_key, recipe_box.owner_of(state.browser())) | found
    except StoreError:
        return found


def _write(dataset: Dataset, name: str, value: Any) -> None:
    key = dataset.notes_key
    try:
        recipe_box.store().keep_note(key, name, value, recipe_box.owner_of(state.browser()))
    except StoreError:
        state.remember(f"notes.{key}", state.remembered(f"notes.{key}", {}) | {name: value})
    state.anew(_once(dataset))


# --- by names ----------------------------------------------------------------------------------------


def _named(name: str, value: Any, shape: Shape, before: Any = None) -> Any:
    """A note by names. Of a deck stays what this version lacks: nobody who saw it took it out."""
    if name.startswith(_COHORT):
        return note_names.filters_by_names(value, shape)
    if name == _PRIMARY:
        return note_names.primary_by_names(value, shape)
    if not name.startswith(_DECK):
        return value
    hidden = [one for one in before or () if note_names.item_by_places(one, shape).lacking]
    return [*(note_names.item_by_names(one, shape) for one in value), *hidden]


def _placed(name: str, value: Any, shape: Shape) -> Placed:
    """A note in the places of a version; of a deck the items that the version can show."""
    try:
        if name.startswith(_COHORT):
            return note_names.filters_by_places(value, shape)
        if name == _PRIMARY:
            return note_names.primary_by_places(value, shape)
        if name.startswith(_DECK):
            items = [note_names.item_by_places(one, shape) for one in value]
            return Placed([one.found for one in items if one.found is not None],
                          tuple(dict.fromkeys(lack for one in items for lack in one.lacking)))
    except (KeyError, TypeError, ValueError):
        return Placed(None)  # written by another version of this product
    return Placed(value)


@dataclass(frozen=True)
class Lack:
    """What a version lacks of what was said of its dataset.

    Attributes
    ----------
    kind : ``cohort``, ``primary`` or ``deck``
    name : of the cohort, or the audience of the deck; empty for the primary comparison
    lacking : attributes, and pairs of an attribute and a value
    n_hidden : cohorts, comparisons or items that cannot be shown at all
    """

    kind: str
    name: str
    lacking: tuple[tuple[str, str | None], ...]
    n_hidden: int


def lacks(dataset: Dataset) -> tuple[Lack, ...]:
    """What a version of a kept dataset lacks of what was said of the dataset; empty for every other."""
    if not isinstance(dataset, KeptDataset):
        return ()
    found = []
    for name, value in _stored(dataset).items():
        placed, kind = _placed(name, value, dataset.shape), name.split(".")[0]
        n_there = len(value) - len(placed.found or ()) if kind == "deck" else int(placed.found is None)
        if placed.lacking:
            found.append(Lack(kind, name.partition(".")[2], placed.lacking, n_there))
    return tuple(found)


def forget_what_lacks(dataset: Dataset) -> None:
    """Forget what was said of a dataset and cannot be shown of this version."""
    for name, value in _stored(dataset).items():
        placed = _placed(name, value, dataset.shape)
        if name.startswith(_DECK) and placed.found:
            _write(dataset, name, [one for one in value
                                   if note_names.item_by_places(one, dataset.shape).found is not None])
        elif placed.lacking and not placed.found:
            _drop(dataset, name)


def take_over(before: Dataset, kept: KeptDataset) -> None:
    """Keep with a dataset what was said of its files before they were kept; what was said of it already stays."""
    there = _stored(kept)
    for name, value in _all(before).items():
        if name not in there:
            _write(kept, name, _named(name, value, before.shape))


# --- what may be said --------------------------------------------------------------------------------


def cohorts(dataset: Dataset) -> dict[str, Filters]:
    """The named cohorts of a dataset."""
    return {name.removeprefix(_COHORT): tuple((place, tuple(values)) for place, values in kept)
            for name, kept in _all(dataset).items() if name.startswith(_COHORT)}


def keep_cohort(dataset: Dataset, name: str, filters: Filters) -> None:
    """Keep filters under a name; the same name again replaces them."""
    _keep(dataset, _COHORT + name, [[place, list(values)] for place, values in filters])


def drop_cohort(dataset: Dataset, name: str) -> None:
    """Forget a named cohort."""
    _drop(dataset, _COHORT + name)


def primary(dataset: Dataset) -> str | None:
    """The code of the comparison that was declared primary; missing where none was."""
    return _all(dataset).get(_PRIMARY)


def declare_primary(dataset: Dataset, code: str) -> None:
    """Declare one comparison primary; there is one at most."""
    _keep(dataset, _PRIMARY, code)


def withdraw_primary(dataset: Dataset) -> None:
    """Declare none."""
    _drop(dataset, _PRIMARY)


def count_comparison(dataset: Dataset, *codes: str) -> int:
    """How many different comparisons of this dataset were looked at in this session, these included."""
    name = f"compared.{dataset.key}"
    seen = state.remembered(name, frozenset()) | set(codes)
    state.remember(name, seen)
    return len(seen)


@dataclass(frozen=True)
class Change:
    """A change of the process: when, as YYYY or YYYY-MM-DD, and what; ``code`` names it."""

    code: str
    when: str
    text: str


_WHEN = re.compile(r"\d{4}(-\d{2}-\d{2})?")


def changes(dataset: Dataset) -> tuple[Change, ...]:
    """The changes kept with a dataset, in order of time."""
    found = [Change(name.removeprefix(_CHANGE), *kept) for name, kept in _all(dataset).items()
             if name.startswith(_CHANGE)]
    return tuple(sorted(found, key=lambda one: (one.when, one.text)))


def keep_change(dataset: Dataset, when: str, text: str) -> None:
    """Keep a change; the same again stays one.

    Raises
    ------
    ValueError
        When there is no text, or ``when`` is neither a year nor a date.
    """
    text = " ".join(text.split())[:MOST_CHANGE_LETTERS]
    if not text or not _WHEN.fullmatch(when):
        raise ValueError("A year or a date, and what was changed, were needed.")
    _keep(dataset, _CHANGE + hashlib.sha256(f"{when} {text}".encode()).hexdigest()[:16], [when, text])


def drop_change(dataset: Dataset, code: str) -> None:
    """Forget a change."""
    _drop(dataset, _CHANGE + code)


def deck(dataset: Dataset, audience: str) -> list[dict[str, Any]]:
    """What is kept of the deck for an audience, in its order."""
    kept = _all(dataset).get(_DECK + audience, [])
    return [one for one in kept if isinstance(one, dict)]


def keep_deck(dataset: Dataset, audience: str, items: list[dict[str, Any]]) -> None:
    """Keep the deck for an audience in the place of the one that was; an empty one is forgotten.

    Items that a version of a kept dataset cannot show stay with the deck.
    """
    hidden = any(one.kind == "deck" and one.name == audience and one.n_hidden for one in lacks(dataset))
    if items or hidden:
        _keep(dataset, _DECK + audience, items)
    else:
        _drop(dataset, _DECK + audience)
