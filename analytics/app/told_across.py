"""Groups that were told in several states of the data: what follows of those few courses in which two states differ.

A ledger sees whole cohorts, and a page the groups of one state. A table by site of last month and the same of this
month, each safe by itself, tell together what the new courses of one site did.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.definitions.measures import MEASURES
from analytics.reports.exhibits import Answers, Ask
from analytics.reports.exhibits_rates import headline_measure
from analytics.results.cohorts import in_cohort, strata
from analytics.results.disclosure_audit import TellSet
from analytics.results.disclosure_ledger import course_keys
from analytics.results.trends_periods import year_attribute
from analytics.statistics.derivable import is_small_derivable

_AS_TOLD = ("strata", "trend")
"""Kinds whose small groups are put together before they are told, as ``Page.strata`` does it."""

_OF_ONE = (*_AS_TOLD, "card", "compare")
"""Kinds that tell one measure."""


@dataclass
class _State:
    """One state of the data: a number for every course, one for all that is known of it, and the sets told."""

    names: np.ndarray
    known: np.ndarray
    told: dict[bytes, np.ndarray] = field(default_factory=dict)


class Across:
    """The sets of courses that were told of every state of the data to one audience."""

    def __init__(self) -> None:
        self._states: dict[Hashable, _State] = {}

    def tell(self, state: Hashable, of: Outcomes, masks: Iterable[np.ndarray], threshold: int) -> bool:
        """Whether these sets may be told beside those of other states, all or none; they are then told.

        Parameters
        ----------
        state : names the state of the data
        masks : arrays of bool over the courses

        Not where a set of 1 to ``threshold`` - 1 courses that are in one state alone, or known otherwise in the other,
        follows by adding and subtracting.
        """
        asked = {mask.tobytes(): mask for mask in masks}
        here = self._states.get(state) or _State(_names(of), course_keys(of))
        told = here.told | asked
        if len(told) > len(here.told):
            for key, other in self._states.items():
                if key != state and other.told and _is_apart(here, told, other, threshold):
                    return False
        here.told.update(asked)
        self._states[state] = here
        return True


def _names(of: Outcomes) -> np.ndarray:
    courses = of.courses
    named = pd.DataFrame({"patient": courses["patient_id"].astype("str"),
                          "course": courses["course_number"].astype("str")})
    return pd.util.hash_pandas_object(named, index=False).to_numpy(np.uint64)


def _is_apart(here: _State, told: dict[bytes, np.ndarray], other: _State, threshold: int) -> bool:
    """Whether a few of the courses in which the two states differ can be told apart, those of either of them."""
    every = np.unique(np.concatenate([here.names, other.names]))
    known = [_spread(every, one.names, one.known) for one in (here, other)]
    there = [np.isin(every, one.names) for one in (here, other)]
    is_same = there[0] & there[1] & (known[0] == known[1])
    rows = [np.array([_spread(every, one.names, mask) for mask in sets.values()]).astype(bool)
            for one, sets in ((here, told), (other, other.told))]
    return any(_follows(rows[side], rows[1 - side] & is_same, is_same, there[side], threshold) for side in (0, 1))


def _spread(every: np.ndarray, names: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values of one state's courses by the courses of both; 0 where it has no such course."""
    found = np.zeros(len(every), dtype=values.dtype)
    found[np.searchsorted(every, names)] = values
    return found


def _follows(own: np.ndarray, others: np.ndarray, is_same: np.ndarray, there: np.ndarray, threshold: int) -> bool:
    """Whether a small set of courses that one state has alone, or knows otherwise, follows from the sets of both."""
    table = np.vstack([own, others, is_same])[:, there]
    atoms, sizes = np.unique(table, axis=1, return_counts=True)
    if atoms[-1].all():
        return False
    # What both states have is no news, and what follows of it within a state is the page's to see.
    sizes = np.where(atoms[-1], np.maximum(sizes, threshold), sizes)
    return is_small_derivable(atoms[:-1], sizes, threshold)


# --- what an exhibit tells ---------------------------------------------------------------------------


def sets_of(answers: Answers, ask: Ask) -> list[np.ndarray]:
    """The sets of courses whose sizes an exhibit tells: its cohort and groups, the sides that it compares, and of each
    those that were judged and those in whom it came out so, where the page told them.

    Asked for when the exhibit was made: then the page knows what it put together and what it told. Totals of the whole
    clinic that the board is told, small or not, are its courses alone here.
    """
    of, stays = answers.of, in_cohort(answers.of, ask.where)
    groups, by = [stays, *(stays & in_cohort(of, side) for _, side in ask.sides)], _by(answers, ask)
    if by:
        cells = (answers.page(ask).strata(by, ask.where, answers.instrument(ask).key)[0] if ask.kind in _AS_TOLD
                 else strata(of, by, stays))
        groups += [cells.of_course == cell for cell in range(len(cells))]
    judged = groups[1:] if answers.is_exempt(ask) else groups
    return [*groups, *(one for group in judged for one in _judged(answers, ask, group, by))]


def _by(answers: Answers, ask: Ask) -> tuple[str, ...]:
    """The attributes whose groups an exhibit tells; years are groups outside."""
    year = "start_year" if "start_year" in answers.of.courses else year_attribute(answers.of)
    return (year,) if ask.kind == "trend" and year is not None else ask.by


def _judged(answers: Answers, ask: Ask, group: np.ndarray, by: tuple[str, ...]) -> Iterator[np.ndarray]:
    """Of one group those behind its rates and means, as far as the page told them."""
    page = answers.page(ask)
    for instrument, measure in _measures(answers, ask):
        auditor, sets = page.auditor(instrument), page.sets(instrument).of_measure(measure)
        place = page.group(instrument, group, ask.where, by)
        masks = (*sets.parts["core"], *(sets.parts["reasons"] if ask.kind == "flow" else ()))
        yield from (group & mask for mask in masks if TellSet(place, auditor.kind(mask)) in auditor.told)


def _measures(answers: Answers, ask: Ask) -> list[tuple[str, str]]:
    """Instruments with the measures that an exhibit may tell of them; those of all cards where it has several."""
    instrument = answers.instrument(ask)
    if ask.kind in _OF_ONE:
        measure = ask.measure or headline_measure(instrument)
        return [(answers.measured(ask, measure).key, measure)] if measure in MEASURES else []
    return [(key, one.key) for key in answers.of.result_keys for one in answers.of.measures_of(key)]
