"""The auditor of one page: knows every set of courses whose size was told, and what would follow from one more.

Every number that is told is the size of a set of courses, or made of such sizes: a rate of two, a follow-up rate of two
others, an interval of the same two. What can follow from told sizes by adding and subtracting is a question of linear
algebra over atoms, the courses that are in the same told sets; see ``disclosure_table``. How long it takes has no part
in the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.results.disclosure_cells import Cells, counted
from analytics.results.disclosure_table import Table

WHOLE = 0
"""The group of all courses."""


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
        self._of_kind, self._in_group = Cells(self.n), Cells(self.n)
        self._counts = np.zeros((0, 0), dtype=np.int64)
        self._sizes, self._statuses = self._counts, self._counts
        self.group(np.ones(self.n, dtype=bool), frozenset())

    def kind(self, mask: np.ndarray) -> int:
        """The place of a kind of courses, over all courses of the clinic."""
        return self._known(b"kind", mask, self.kinds, self._of_kind)

    def group(self, mask: np.ndarray, attributes: frozenset[str]) -> int:
        """The place of a group of courses, made by these attributes."""
        place = self._known(b"group" + "\0".join(sorted(attributes)).encode(), mask, self.groups, self._in_group)
        if place == len(self.attributes):
            self.attributes.append(attributes)
        return place

    def _known(self, what: bytes, mask: np.ndarray, among: list[np.ndarray], cells: Cells) -> int:
        key = what + np.packbits(mask).tobytes()
        if key not in self._place:
            self._place[key] = len(among)
            among.append(mask)
            cells.add(mask)
        return self._place[key]

    def declare(self, masks: Iterable[np.ndarray]) -> None:
        """Small sets over all courses whose sizes are told anyway: nobody may learn in which group they are."""
        for mask in masks:
            if 0 < mask.sum() < self.threshold:
                self._small[np.packbits(mask).tobytes()] = mask

    def size(self, one: TellSet) -> int:
        """How many courses a set holds."""
        self._refine()
        return int(self._sizes[one.group, one.kind])

    def _refine(self) -> None:
        """Count anew where a kind or a group has come."""
        if self._sizes.shape == (len(self.groups), len(self.kinds)):
            return
        in_group, of_kind = self._in_group.holds(), self._of_kind.holds()
        self._counts = counted(self._in_group.code, self._of_kind.code, (in_group.shape[1], of_kind.shape[1]))
        self._sizes = in_group.astype(np.int64) @ self._counts @ of_kind.T.astype(np.int64)
        self._statuses = np.zeros((len(self._small), of_kind.shape[1]), dtype=bool)
        for row, mask in zip(self._statuses, self._small.values(), strict=True):
            row[self._of_kind.code[mask]] = True

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
        is_apart = self.is_whole_told
        table = self._table(linked)
        if table.tells_a_difference(self.threshold, is_apart=is_apart):
            return False
        if is_apart and table.tells_where(self._statuses):
            return False
        return not any(piece.tells_small(self.threshold, is_apart=is_apart) for piece in table.pieces())

    def _table(self, linked: set[TellSet]) -> Table:
        self._refine()
        kinds = sorted({one.kind for one in linked})
        groups = sorted({WHOLE, *(one.group for one in linked)})
        at_kind, at_group = ({one: at for at, one in enumerate(places)} for places in (kinds, groups))
        told = np.zeros((len(groups), len(kinds)), dtype=bool)
        for one in linked:
            told[at_group[one.group], at_kind[one.kind]] = True
        # The same sizes over the whole clinic are on another page, or in last month's.
        told[at_group[WHOLE]] = True
        return Table(told, self._in_group.holds()[groups], self._of_kind.holds()[kinds], self._counts)

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
