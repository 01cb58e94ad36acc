"""What a person said of a dataset and wants to find again: named cohorts, the comparison declared primary, changes
of the process that stand in the charts of trends, and the deck for each audience.

Kept in the store under the dataset's key, so that the same files come back with them; without a store, for this
browser session. A cohort is filters: places in the dataset's sorted lists, never a patient.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from analytics.app import recipe_box, state
from analytics.app.datasets import Dataset
from analytics.app.view import Filters
from analytics.store import StoreError

_COHORT = "cohort."
_PRIMARY = "primary"
_CHANGE = "change."
_DECK = "deck."
MOST_CHANGE_LETTERS = 160


def _all(dataset: Dataset) -> dict[str, Any]:
    found: dict[str, Any] = dict(state.remembered(f"notes.{dataset.key}", {}))
    try:
        return recipe_box.store().notes(dataset.key, recipe_box.owner_of(state.browser())) | found
    except StoreError:
        return found


def _keep(dataset: Dataset, name: str, value: Any) -> None:
    try:
        recipe_box.store().keep_note(dataset.key, name, value, recipe_box.owner_of(state.browser()))
    except StoreError:
        state.remember(f"notes.{dataset.key}", state.remembered(f"notes.{dataset.key}", {}) | {name: value})


def _drop(dataset: Dataset, name: str) -> None:
    kept = state.remembered(f"notes.{dataset.key}", {})
    state.remember(f"notes.{dataset.key}", {one: value for one, value in kept.items() if one != name})
    try:
        recipe_box.store().drop_note(dataset.key, name, recipe_box.owner_of(state.browser()))
    except StoreError:
        return


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
    """Keep the deck for an audience in the place of the one that was; an empty one is forgotten."""
    if items:
        _keep(dataset, _DECK + audience, items)
    else:
        _drop(dataset, _DECK + audience)
