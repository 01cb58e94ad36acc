"""Which cohorts were shown, as sets of courses: what may stand beside them without telling a few apart."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.results.disclosure_kinds import Disclosure, Refusal
from analytics.statistics.derivable import is_small_derivable

_JUDGED = ("baseline", "endpoint", "left_out")


def course_keys(of: Outcomes) -> np.ndarray:
    """A number for every course and what is known of it; the same in every state of the data in which it is the same.

    A course with another score has another number: two states of the data that differ in the scores of a few tell as
    much as two that differ in a few courses. A number says nothing of a patient's code without the code.
    """
    courses = of.courses
    names = pd.DataFrame({"patient": courses["patient_id"].astype("str"),
                          "course": courses["course_number"].astype("str")})
    keys = pd.util.hash_pandas_object(names, index=False).to_numpy(np.uint64)
    if len(of.table):
        columns = [name for name in _JUDGED if name in of.table]
        said = pd.util.hash_pandas_object(
            of.table[["instrument", *columns]].astype("str"), index=False).to_numpy(np.uint64)
        with np.errstate(over="ignore"):
            sums = np.zeros(len(courses), dtype=np.uint64)
            np.add.at(sums, of.table["course"].to_numpy(int), said)
        keys = keys ^ sums
    return keys


class Ledger:
    """The cohorts that were shown to one audience.

    A cohort is the courses of one dataset in which a mask is true. It may be shown if neither it nor, with those shown
    before, anything that follows by adding and subtracting is 1 to ``threshold`` - 1 courses; and if it is not nearly
    one of them: two states of a dataset that differ in so few.
    """

    def __init__(self, of: Outcomes, disclosure: Disclosure, before: Iterable[tuple[str, np.ndarray]] = ()) -> None:
        """``before`` : from ``shown`` of a ledger of another state of the data."""
        self.threshold = disclosure.threshold
        self.is_inside = disclosure.audience == "inside"
        self._keys = course_keys(of)
        self._shown: list[tuple[str, np.ndarray]] = list(before)

    @property
    def shown(self) -> tuple[tuple[str, np.ndarray], ...]:
        """Names and keys of what was shown, oldest first."""
        return tuple(self._shown)

    def may_show(self, courses: np.ndarray) -> Refusal | None:
        """Why a cohort may not be shown; missing where it may.

        Parameters
        ----------
        courses : array of bool, which courses of the dataset
        """
        if self.is_inside:
            return None
        asked = np.sort(self._keys[courses])
        if any(np.array_equal(asked, keys) for _, keys in self._shown):
            return None
        beside = self._beside()
        for name, keys in beside:
            differ = _differ(asked, keys)
            if 0 < differ < self.threshold:
                is_within = np.isin(asked, keys).all() or np.isin(keys, asked).all()
                return Refusal(name, "isolates" if is_within else "versions", self.threshold)
        if 0 < len(asked) < self.threshold:
            return Refusal("all courses", "isolates", self.threshold)
        return self._follows([*beside, ("", asked)])

    def _beside(self) -> list[tuple[str, np.ndarray]]:
        """What was shown, and all courses: they can be known without being shown, so a complement counts, too.

        Not where all courses of another state of the data were shown that differ in a few: that is no doing of a cohort
        asked for now.
        """
        every = np.sort(self._keys)
        differ = [_differ(every, keys) for _, keys in self._shown]
        is_near = any(0 < one < self.threshold for one in differ)
        return [*self._shown, *([] if is_near else [("all courses", every)])]

    def show(self, name: str, courses: np.ndarray) -> Refusal | None:
        """The same, and the cohort is remembered where it may be shown."""
        refusal = self.may_show(courses)
        if refusal is None and not self.is_inside:
            self._shown.append((name, np.sort(self._keys[courses])))
        return refusal

    def _follows(self, sets: list[tuple[str, np.ndarray]]) -> Refusal | None:
        """Whether anything small follows from all sets together; the refusal names the one most alike."""
        every = np.unique(np.concatenate([keys for _, keys in sets]))
        rows = np.array([np.isin(every, keys) for _, keys in sets])
        atoms, size = np.unique(rows, axis=1, return_counts=True)
        if not is_small_derivable(atoms, size, self.threshold):
            return None
        asked = sets[-1][1]
        alike = min(sets[:-1], key=lambda one: _differ(asked, one[1]))
        return Refusal(alike[0], "isolates", self.threshold)


def _differ(one: np.ndarray, other: np.ndarray) -> int:
    """In how many courses two sets differ; a course with another score is in either, and counts once."""
    n_common = len(np.intersect1d(one, other))
    return max(len(one), len(other)) - n_common
