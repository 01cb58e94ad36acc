from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from analytics.statistics.agreement import agreement, cohen_kappa
from tests.oracles import r_psych


def courses(both, only_first, only_second, neither, unknown=0):
    """Two answers of each course from the four counts."""
    first = [1] * both + [1] * only_first + [0] * only_second + [0] * neither + [np.nan] * unknown
    second = [1] * both + [0] * only_first + [1] * only_second + [0] * neither + [1] * unknown
    return np.array(first, float), np.array(second, float)


@pytest.mark.parametrize(("table", "ends"), r_psych.KAPPA)
def test_kappa_and_its_interval_are_those_of_psych_and_statsmodels(table, ends):
    one = agreement(*courses(*table))
    assert (one.low, one.kappa, one.high) == pytest.approx(ends, rel=1e-11)
    other = cohens_kappa(np.array(table).reshape(2, 2))
    assert (one.low, one.kappa, one.high) == pytest.approx((other.kappa_low, other.kappa, other.kappa_upp))
    assert (one.both, one.only_first, one.only_second, one.neither) == table
    assert one.why == ""


def test_both_counts_of_disagreement_and_those_left_out_are_kept():
    one = agreement(*courses(3, 1, 7, 20, unknown=4))
    assert (one.only_first, one.only_second, one.n, one.left_out) == (1, 7, 31, 4)
    assert one.share == 23 / 31
    swapped = agreement(*courses(3, 1, 7, 20, unknown=4)[::-1])
    assert (swapped.only_first, swapped.only_second, swapped.left_out) == (7, 1, 4)
    assert swapped.kappa == pytest.approx(one.kappa)


def test_full_agreement_has_a_kappa_of_one_and_no_interval():
    one = agreement(*courses(5, 0, 0, 7))
    assert (one.share, one.kappa, one.low, one.high) == (1, 1, None, None)
    assert "no interval" in one.why


@pytest.mark.parametrize("table", [(6, 0, 0, 0), (0, 0, 0, 6)])
def test_one_answer_for_all_has_no_kappa(table):
    one = agreement(*courses(*table))
    assert (one.share, one.kappa, one.low) == (1, None, None)
    assert "one answer" in one.why


@pytest.mark.parametrize("table", [(0, 6, 0, 0), (0, 0, 6, 0)])
def test_opposite_answers_for_all_have_a_kappa_of_nought(table):
    one = agreement(*courses(*table))
    assert (one.share, one.kappa, one.low) == (0, 0, None)


@pytest.mark.parametrize("unknown", [0, 3])
def test_nobody_judged_is_said(unknown):
    one = agreement(*courses(0, 0, 0, 0, unknown=unknown))
    assert (one.n, one.left_out, one.share, one.kappa) == (0, unknown, None, None)
    assert "no course" in one.why


def test_the_interval_stays_between_minus_one_and_one():
    kappa, low, high = cohen_kappa(np.array([4, 0]), np.array([0, 5]), np.array([1, 4]), np.array([3, 1]))
    assert (high[0], low[1]) == (1, -1)
    assert kappa[0] > 0 > kappa[1]


def test_many_tables_go_at_once_and_do_not_mix():
    tables = np.array([table for table, _ in r_psych.KAPPA] + [(0, 0, 0, 0)]).T
    kappa, low, high = cohen_kappa(*tables)
    np.testing.assert_allclose(np.column_stack([low, kappa, high])[:-1], [ends for _, ends in r_psych.KAPPA])
    assert np.isnan([kappa[-1], low[-1], high[-1]]).all()


def test_answers_of_other_courses_are_refused():
    with pytest.raises(ValueError, match="same courses"):
        agreement(np.array([1.0]), np.array([1.0, 0.0]))
