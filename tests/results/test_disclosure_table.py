"""Told sets as a table: what is known to be empty, which parts are judged apart, and courses counted by kind."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.results.disclosure_audit import WHOLE, Auditor, TellSet
from analytics.results.disclosure_cells import Cells
from analytics.results.disclosure_table import Table

SITES = np.array([[1, 1, 1], [1, 0, 0], [0, 1, 0]], dtype=bool)
KINDS = np.array([[1, 1, 0], [1, 0, 0]], dtype=bool)


def table(counts, told=((1, 1), (1, 1), (1, 1)), groups=SITES):
    return Table(np.array(told, dtype=bool), groups, KINDS, np.array(counts))


def empty(found):
    return found.is_empty[np.ix_(found.base, found.status)].tolist()


def test_what_is_told_as_none_is_known_to_be_empty():
    assert empty(table([[20, 20, 9], [0, 20, 9], [20, 20, 9]])) == [
        [False, False, False], [True, False, False], [False, False, False]]


def test_what_is_between_two_sets_of_one_size_is_known_to_be_empty():
    assert empty(table([[20, 0, 9], [20, 20, 9], [20, 20, 9]]))[0] == [False, True, False]


@pytest.mark.parametrize(("others", "follows"), [(10, True), (11, False)])
def test_a_told_set_less_its_part(others, follows):
    found = table([[20, others, 0], [20, 20, 0], [20, 20, 0]])
    assert found.tells_a_difference(11, is_apart=True) is follows
    assert found.tells_a_difference(11, is_apart=False) is follows


def test_totals_of_the_clinic_are_set_off_against_each_other_for_the_board_only():
    found = table([[20, 3, 0], [20, 3, 0], [20, 3, 0]], told=((1, 1), (0, 0), (0, 0)))
    assert found.tells_a_difference(11, is_apart=False)
    assert not found.tells_a_difference(11, is_apart=True)


def test_parts_of_which_each_is_told_by_itself():
    every = list(table([[20] * 3] * 3).pieces())
    assert [len(piece.places) for piece in every] == [1, 1, 1]  # the third is the whole less the others
    one = list(table([[20] * 3] * 3, told=((1, 1), (1, 1), (1, 0))).pieces())
    assert sorted(len(piece.places) for piece in one) == [1, 2]


def test_kinds_of_courses_with_masks_that_come_one_by_one():
    chance = np.random.default_rng(3)
    masks = chance.random((6, 200)) < 0.5
    cells = Cells(200)
    for place, mask in enumerate(masks):
        cells.add(mask)
        if place in (1, 4):
            cells.holds()
    holds = cells.holds()
    assert (holds[:, cells.code] == masks).all()
    assert len(np.unique(cells.code)) == holds.shape[1] == len(np.unique(masks, axis=1).T)


def test_an_auditor_asked_alike_answers_alike():
    chance = np.random.default_rng(5)
    masks, sites = chance.random((8, 300)) < chance.random((8, 1)), chance.integers(0, 4, 300)

    def answers():
        auditor = Auditor(300, 11, True)
        groups = [WHOLE, *(auditor.group(sites == site, frozenset({"site"})) for site in range(4))]
        return [auditor.may_tell([TellSet(group, auditor.kind(mask))]) for mask in masks for group in groups]

    first = answers()
    assert first == answers()
    assert {True, False} == set(first)
