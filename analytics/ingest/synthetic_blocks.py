"""Cells of a row that belong together, dealt out anew among the rows that are like it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from analytics.ingest.cells import is_missing, number_in
from analytics.ingest.synthetic_values import UNREADABLE, number_beyond

_KEEP_PLACE = frozenset({"score_jump"})
"""Findings about two rows together: the scores of these rows stay with each other."""

_BEYOND = frozenset({"out_of_range", "not_a_number"})
_NO_WORD = frozenset({"not_yes_no", "word_not_known"})


def new_blocks(
    columns: Sequence[Sequence[str]], flags: Sequence[dict[int, frozenset[str]]], rows: Sequence[int],
    patients: Sequence[str], where: Sequence[Sequence[str]], items: Sequence[int], stay: frozenset[int],
    rng: np.random.Generator,
) -> list[list[str]]:
    """New cells of some columns that belong together, one list a column.

    Each different block of a patient and place is given that of another row of the same kind: with the same cells
    filled, by numbers or by words, and with the same findings. Equal rows stay equal.

    Parameters
    ----------
    columns : the texts of each column, one a row
    flags : for each column the codes of the findings of a row
    where : columns that place a row in time
    stay : rows that keep their block, whatever it is
    items : positions of columns whose whole numbers may be mixed within a row, as their sum is all that counts
    """
    blocks = [*zip(*columns, strict=True)]
    clean = (frozenset(),) * len(columns)
    flagged = set().union(*flags)
    marks = [tuple(of_column.get(row, frozenset()) for of_column in flags) if row in flagged else clean for row in rows]
    places = [*zip(*where, strict=True)] if where else [()] * len(blocks)
    unit_of: dict[tuple, int] = {}
    units: list[int] = []
    for number, key in enumerate(zip(patients, places, blocks, marks, strict=True)):
        if key not in unit_of:
            unit_of[key] = len(units)
            units.append(number)
    kind_of = {text: _kind(text) for text in set().union(*blocks)}
    likes = _alike(units, blocks, marks, places, stay, kind_of, rng)
    made = {unit: _made(blocks[units[other]], marks[units[unit]], items, kind_of, rng) for unit, other in likes.items()}
    new = [made[unit_of[key]] for key in zip(patients, places, blocks, marks, strict=True)]
    return [[*column] for column in zip(*new, strict=True)] if new else [[] for _ in columns]


def _alike(
    units: list[int], blocks: list[tuple[str, ...]], marks: list[tuple[frozenset[str], ...]], places: list[tuple],
    stay: frozenset[int], kind_of: Mapping[str, str], rng: np.random.Generator,
) -> dict[int, int]:
    """For each unit another one of the same kind; each is given once."""
    kinds: dict[tuple, list[int]] = defaultdict(list)
    for unit, number in enumerate(units):
        stays = unit if number in stay or any(one & _KEEP_PLACE for one in marks[number]) else None
        words = tuple(text for text in places[number] if number_in(text) is None and not text[:1].isdigit())
        kinds[stays, marks[number], tuple(map(kind_of.__getitem__, blocks[number])), words].append(unit)
    given: dict[int, int] = {}
    for members in kinds.values():
        given |= dict(zip(members, (members[place] for place in rng.permutation(len(members))), strict=True))
    return given


def _kind(text: str) -> str:
    if is_missing(text):
        return text.lower()
    number = number_in(text)
    if number is None:
        return "text"
    return "whole" if number == int(number) else "fraction"


def _made(
    block: tuple[str, ...], marks: tuple[frozenset[str], ...], items: Sequence[int], kind_of: Mapping[str, str],
    rng: np.random.Generator,
) -> tuple[str, ...]:
    if not items and not any(marks):
        return block
    new = [*block]
    if any(marks):
        new = [_replaced(text, codes, rng) for text, codes in zip(block, marks, strict=True)]
    mixed = [place for place in items if not marks[place] and kind_of[block[place]] == "whole"]
    for place, other in zip(mixed, rng.permutation(len(mixed)), strict=True):
        new[place] = block[mixed[other]]
    return tuple(new)


def _replaced(text: str, codes: frozenset[str], rng: np.random.Generator) -> str:
    if is_missing(text):
        return text
    if codes & _BEYOND:
        return number_beyond(text, rng)
    return UNREADABLE if codes & _NO_WORD else text
