"""The auditor of one page: knows every set of courses whose size was told, and what would follow from one more.

Every number that is told is the size of a set of courses, or made of such sizes: a rate of two, a follow-up rate of two
others, an interval of the same two. What can follow from told sizes by adding and subtracting is a question of linear
algebra over atoms, the courses that are in the same told sets; see ``statistics.derivable``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.statistics.derivable import is_small_derivable

WHOLE = 0
"""The group of all courses."""

MOST_CELLS = 3_000_000
"""Tables with more told sets times atoms are judged by their atoms alone: each empty or of the threshold."""


@dataclass(frozen=True)
class TellSet:
    """One size to be told: of the courses of a group that are of a kind.

    ``kind`` and ``group`` are places in the auditor's lists.
    """

    group: int
    kind: int


@dataclass
class Auditor:
    """What was told of one family of measures, and what may be told besides.

    Attributes
    ----------
    n : courses of the clinic
    threshold : the smallest size that may be told
    is_whole_told : whether the sizes over all courses are declared, and may be small
    """

    n: int
    threshold: int
    is_whole_told: bool
    kinds: list[np.ndarray] = field(default_factory=list)
    groups: list[np.ndarray] = field(default_factory=list)
    attributes: list[frozenset[str]] = field(default_factory=list)
    told: set[TellSet] = field(default_factory=set)
    _place: dict[bytes, int] = field(default_factory=dict)
    _small: dict[bytes, np.ndarray] = field(default_factory=dict)
    _refused: set[frozenset[TellSet]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.group(np.ones(self.n, dtype=bool), frozenset())

    def kind(self, mask: np.ndarray) -> int:
        """The place of a kind of courses, over all courses of the clinic."""
        return self._known(b"kind", mask, self.kinds)

    def group(self, mask: np.ndarray, attributes: frozenset[str]) -> int:
        """The place of a group of courses, made by these attributes."""
        place = self._known(b"group" + "\0".join(sorted(attributes)).encode(), mask, self.groups)
        if place == len(self.attributes):
            self.attributes.append(attributes)
        return place

    def _known(self, what: bytes, mask: np.ndarray, among: list[np.ndarray]) -> int:
        key = what + np.packbits(mask).tobytes()
        if key not in self._place:
            self._place[key] = len(among)
            among.append(mask)
        return self._place[key]

    def declare(self, masks: Iterable[np.ndarray]) -> None:
        """Small sets over all courses whose sizes are told anyway: nobody may learn in which group they are."""
        for mask in masks:
            if 0 < mask.sum() < self.threshold:
                self._small[np.packbits(mask).tobytes()] = mask

    def size(self, one: TellSet) -> int:
        """How many courses a set holds."""
        return int((self.groups[one.group] & self.kinds[one.kind]).sum())

    def may_tell(self, asked: Sequence[TellSet]) -> bool:
        """Whether these sizes may be told besides those told; they are then told."""
        new = frozenset(asked) - self.told
        if not new:
            return True
        # What was refused stays refused: since then nothing was taken back.
        if any(one <= new for one in self._refused) or not self._is_safe(new):
            self._refused.add(new)
            return False
        self.told |= new
        return True

    def _is_safe(self, new: frozenset[TellSet]) -> bool:
        if any(0 < self.size(one) < self.threshold for one in new if not (self.is_whole_told and one.group == WHOLE)):
            return False
        return all(self._is_table_safe(linked) for linked in self._linked(new))

    def _is_table_safe(self, linked: set[TellSet]) -> bool:
        exempt = self.is_whole_told
        # The same sizes over the whole clinic are on another page, or in last month's.
        beside = {TellSet(WHOLE, one.kind) for one in linked}
        table = _Table(self, sorted({*linked, *beside}, key=lambda one: (one.group, one.kind)))
        if exempt and table.tells_where_a_small_set_is(self._small.values()):
            return False
        if table.rows.size > MOST_CELLS:
            return table.has_large_atoms_only()
        if not is_small_derivable(table.rows, table.sizes, self.threshold):
            return True
        return exempt and not any(
            is_small_derivable(table.rows, table.sizes, self.threshold, table.of_base == base)
            for base in range(table.n_bases))

    def _linked(self, new: frozenset[TellSet]) -> list[set[TellSet]]:
        """The told sets to be looked at together, with the new ones: those whose groups share an attribute.

        Groups by attributes that have nothing to do with each other meet in the whole alone: nothing follows from both
        that does not follow from one.
        """
        every = self.told | new
        whole = {one for one in every if one.group == WHOLE}
        waiting, tables = every - whole, []
        while waiting:
            reached, table = set(self.attributes[next(iter(waiting)).group]), set()
            while found := {one for one in waiting if self.attributes[one.group] & reached}:
                table |= found
                waiting -= found
                reached = reached.union(*(self.attributes[one.group] for one in found))
            tables.append(table)
        is_new_whole = bool(whole & new)
        touched = [table | whole for table in tables if is_new_whole or table & new]
        return touched or [whole]


class _Table:
    """Told sets over atoms.

    An atom is a base group (courses in the same told groups) by a status (courses of the same told kinds). Every status
    that occurs in the clinic is thought possible in every base group: that it does not occur there is not known, unless
    the told sizes say so; such atoms are left out.
    """

    def __init__(self, auditor: Auditor, told: Sequence[TellSet]) -> None:
        self.threshold = auditor.threshold
        kinds, groups = sorted({one.kind for one in told}), sorted({one.group for one in told})
        self.status, holds_status = _codes([auditor.kinds[one] for one in kinds])
        self.base, holds_base = _codes([auditor.groups[one] for one in groups])
        self.n_statuses, self.n_bases = holds_status.shape[1], holds_base.shape[1]
        sizes = np.bincount(self.base * self.n_statuses + self.status, minlength=self.n_bases * self.n_statuses)
        at_kind, at_group = ({one: at for at, one in enumerate(places)} for places in (kinds, groups))
        rows = np.array([np.outer(holds_base[at_group[one.group]], holds_status[at_kind[one.kind]]).ravel()
                         for one in told])
        self.is_empty = _known_empty(rows, sizes)
        self.rows, self.sizes = rows[:, ~self.is_empty], sizes[~self.is_empty]
        self.of_base = np.repeat(np.arange(self.n_bases), self.n_statuses)[~self.is_empty]

    def has_large_atoms_only(self) -> bool:
        return not ((self.sizes > 0) & (self.sizes < self.threshold)).any()

    def tells_where_a_small_set_is(self, small: Iterable[np.ndarray]) -> bool:
        """Whether a small declared set is known to be absent from some base group."""
        if self.n_bases < 2:
            return False
        is_empty = self.is_empty.reshape(self.n_bases, self.n_statuses)
        return any(is_empty[:, np.unique(self.status[mask])].all(axis=1).any() for mask in small)


def _codes(masks: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The code of each course by the masks it is in, and which masks hold each code; masks by codes."""
    # A random word a mask, joined by exclusive or: two courses in different masks share a code once in 2 ** 64.
    words = np.random.default_rng(0).integers(1, 2**63, len(masks), dtype=np.uint64)
    code = np.zeros(len(masks[0]), dtype=np.uint64)
    for word, mask in zip(words, masks, strict=True):
        code ^= np.where(mask, word, np.uint64(0))
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    return place, np.array([mask[first] for mask in masks])


def _known_empty(rows: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Atoms that the told sizes say are empty: of a set of 0, or between a set and a larger one of the same size."""
    table, held = rows.astype(np.float32), rows @ sizes
    is_within = (table @ table.T) >= table.sum(axis=1)[:, None]
    is_same = is_within & (held[:, None] == held[None, :])
    empty = rows[held == 0].any(axis=0)
    for within in np.flatnonzero(is_same.sum(axis=1) > 1):
        empty |= rows[is_same[within]].any(axis=0) & ~rows[within]
    return empty
