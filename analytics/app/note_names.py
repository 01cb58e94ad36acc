"""What a person said of a kept dataset, by names of attributes and values, and the places these have in one version.

Places shift when a new version has another site, so the store keeps names. What a version lacks is told:

    ``filters_by_names(filters, shape)``, ``filters_by_places(named, shape) -> Placed``
    ``item_by_names(item, shape)``, ``item_by_places(named, shape) -> Placed``         an item of a deck
    ``primary_by_names(code, shape)``, ``primary_by_places(named, shape) -> Placed``   a comparison's code

What lacks an attribute or a value is not shown of that version: without the value the others alone would be another
cohort under its name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.app.datasets import Shape

Named = list[list[Any]]
"""Filters as plain values: an attribute, and the values that stay; a missing one is a missing value."""


@dataclass(frozen=True)
class Placed:
    """What a note says in the places of one version.

    Attributes
    ----------
    found : missing where the version lacks something of it
    lacking : attributes, and pairs of an attribute and a value, that the version does not have
    """

    found: Any
    lacking: tuple[tuple[str, str | None], ...] = ()


def filters_by_names(filters: Iterable[Sequence[Any]], shape: Shape) -> Named:
    """Filters of places by names."""
    return [[name, [None if value is None else words[value] for value in values]]
            for (name, words), values in ((shape.attributes[place], values) for place, values in filters)]


def filters_by_places(named: Iterable[Sequence[Any]], shape: Shape) -> Placed:
    """Filters of names in the places of a version."""
    found: list[tuple[int, tuple[int | None, ...]]] = []
    lacking: list[tuple[str, str | None]] = []
    names = [name for name, _ in shape.attributes]
    for name, values in named:
        words = dict(shape.attributes).get(name)
        if words is None:
            lacking.append((name, None))
            continue
        lacking += [(name, value) for value in values if value is not None and value not in words]
        there = {None if value is None else words.index(value) for value in values if value is None or value in words}
        found.append((names.index(name), tuple(sorted(there, key=lambda one: (one is None, one or 0)))))
    return Placed(None if lacking else tuple(sorted(found)), tuple(lacking))


def _attributes_by_places(names: Iterable[str], shape: Shape) -> Placed:
    known = [name for name, _ in shape.attributes]
    asked = list(names)
    lacking = tuple((name, None) for name in asked if name not in known)
    return Placed(None if lacking else tuple(known.index(name) for name in asked), lacking)


def _all(parts: Sequence[Placed]) -> tuple[list[Any] | None, tuple[tuple[str, str | None], ...]]:
    """Every part, or nothing where one cannot be shown; and what they lack, each once."""
    lacking = tuple(dict.fromkeys(one for part in parts for one in part.lacking))
    is_whole = all(part.found is not None for part in parts)
    return [part.found for part in parts] if is_whole else None, lacking


def item_by_names(item: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """An item of a deck, as plain values, with names for its places."""
    return {**item, "by": [shape.attributes[place][0] for place in item["by"]],
            "filters": filters_by_names(item["filters"], shape),
            "sides": [filters_by_names(side, shape) for side in item.get("sides", ())]}


def item_by_places(named: Mapping[str, Any], shape: Shape) -> Placed:
    """An item of names with the places of a version."""
    sides = named.get("sides", ())
    parts, lacking = _all([_attributes_by_places(named["by"], shape), filters_by_places(named["filters"], shape),
                           *(filters_by_places(side, shape) for side in sides)])
    if parts is None:
        return Placed(None, lacking)
    return Placed({**named, "by": list(parts[0]), "filters": parts[1], "sides": parts[2:]}, lacking)


def primary_by_names(code: str, shape: Shape) -> dict[str, Any]:
    """The code of a comparison (``comparing.code``) with names for its places."""
    where, _, measured = code.partition("|")
    by, filters, side_a, side_b = ast.literal_eval(where)
    return {"by": None if by is None else shape.attributes[by][0], "measured": measured,
            "filters": [filters_by_names(one, shape) for one in (filters, side_a, side_b)]}


def primary_by_places(named: Mapping[str, Any], shape: Shape) -> Placed:
    """The code of a comparison in the places of a version."""
    by = [] if named["by"] is None else [named["by"]]
    parts, lacking = _all([_attributes_by_places(by, shape),
                           *(filters_by_places(one, shape) for one in named["filters"])])
    if parts is None:
        return Placed(None, lacking)
    where = (parts[0][0] if parts[0] else None, *parts[1:])
    return Placed(f"{where}|{named['measured']}", lacking)
