"""Items of a deck among prepared cohorts, by names: text that means the same in a new version of the data.

What a new version lacks is said on the screen that asks for it, never left out without a word.

    ``where_of(question, filters) -> record``, ``item_named(question, item) -> record``
    ``item_of(record, cohort, dataset) -> Item | str``
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from analytics.app import comparing, deck, deck_options, note_names
from analytics.app.datasets import Dataset
from analytics.app.deck import Item
from analytics.app.questions import Question
from analytics.app.view import Filters
from analytics.definitions.measures import MEASURES
from analytics.definitions.safety import SESSION_MEASURES
from analytics.wording import shares as words

Where = Mapping[str, Sequence[str | None]]
"""Attribute to the values that stay, as the files say them; missing is a missing value."""


def where_of(question: Question, filters: Filters) -> dict[str, list[str | None]]:
    """Filters by names."""
    return {name: list(values) for name, values in note_names.filters_by_names(filters, question.dataset.shape)}


def item_named(question: Question, one: Item) -> dict[str, Any]:
    """An item by names, as plain values."""
    named = note_names.item_by_names(asdict(one), question.dataset.shape)
    if one.sides:
        view = replace(question.view, side_a=one.sides[0], side_b=one.sides[1])
        named["side_names"] = list(comparing.names_of_sides(Question(question.dataset, view)))
    return named


def item_of(record: Mapping[str, Any], cohort: Where, dataset: Dataset) -> Item | str:
    """An item of a version of the data among a cohort, or in words what the version lacks.

    A value that the version does not have is not left out: the others alone would be another cohort under its name.
    """
    try:
        return _item_of(record, cohort, dataset)
    except (KeyError, TypeError, ValueError):  # kept by another release
        return words.NOT_KNOWN


def _item_of(record: Mapping[str, Any], cohort: Where, dataset: Dataset) -> Item | str:
    among = _among(dict(record["filters"]), cohort)
    if isinstance(among, str):
        return among
    placed = note_names.item_by_places({**record, "filters": list(among.items())}, dataset.shape)
    if placed.lacking:
        name, value = placed.lacking[0]
        return words.attribute_missing(name) if value is None else words.value_missing(name)
    one = deck.read(placed.found)
    return words.NOT_KNOWN if one is None else _lacking(one, dataset) or one


def _lacking(one: Item, dataset: Dataset) -> str:
    """What of an item this release or this version does not know; empty where it knows all."""
    is_known = (one.kind in deck.KINDS and one.measure in (None, *MEASURES, *SESSION_MEASURES)
                and deck_options.are_known(one.options))
    if not is_known:
        return words.NOT_KNOWN
    if one.instrument not in (None, *dataset.shape.present):
        known = dataset.shape.instruments.get(one.instrument or "")
        return words.instrument_missing(known.title if known else "")
    return ""


def _among(own: Where, cohort: Where) -> Where | str:
    """An item's filters among a cohort: where both ask for values of one attribute, those that both keep."""
    both = {name: [value for value in own[name] if value in cohort[name]] for name in own if name in cohort}
    empty = next((name for name, values in both.items() if not values), None)
    return words.nobody_in_both(empty) if empty is not None else {**cohort, **own, **both}
