"""Nobody who has every number of a page recovers a count of 1 to 10; with less withheld they do."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.results.disclosure import Disclosure
from analytics.statistics.proportions import wilson
from tests.results.attacker import t_turned_round, wilson_turned_round
from tests.results.clinics import clinic
from tests.results.disclosed_views import CROSSED, FEW, PAGE, TABLE, shown, small_counts

CLINICS = ((40, 1), (150, 8), (1000, 2))


@pytest.fixture(scope="module", params=CLINICS, ids=str)
def of(request):
    size, seed = request.param
    return clinic(size, seed, is_well_followed=seed % 2 == 0, has_gad7=size == 150)


@pytest.mark.parametrize("audience", ["board", "public"])
@pytest.mark.parametrize(("views", "measures"), [(TABLE, FEW), (PAGE, FEW), (CROSSED, FEW)],
                         ids=["table", "page", "crossed"])
def test_nothing_small_is_recovered(of, audience, views, measures):
    records = shown(of, Disclosure(audience), views, measures)
    assert small_counts(of, records, views, audience, n_solved=10) == []


def test_without_withholding_it_recovers():
    of = clinic(150, 3)
    records = shown(of, Disclosure("inside"), TABLE, FEW)
    assert len(small_counts(of, records, TABLE, "board", n_solved=0)) > 10


def test_with_the_small_counts_alone_blanked_it_recovers_them():
    of = clinic(150, 3)
    records = shown(of, Disclosure("inside"), TABLE, FEW)
    blanked = [result for result in records[0]["results"] if result["stratum"] and 0 < result.get("numerator", 0) < 11]
    assert blanked
    for result in blanked:
        result |= dict.fromkeys(("numerator", "estimate", "low", "high", "missing_as_failure", "bounds"))
    found = small_counts(of, records, TABLE, "board", n_solved=0)
    assert any(one.what[3] == "achieved" for one in found)


def test_a_board_page_of_40_courses_answers():
    of = clinic(40, 1)
    results = shown(of, Disclosure("board"), PAGE, FEW)[0]["results"]
    response = next(one for one in results if one["measure"] == "response")
    assert not response["withheld"]
    assert response["numerator"] <= response["denominator"] <= response["courses"] == 40
    assert response["low"] < response["estimate"] < response["high"]


@pytest.mark.parametrize(("x", "n"), [(0, 12), (12, 12), (1, 20), (8, 20), (10, 20), (288, 537)])
def test_the_attacker_turns_an_interval_back_into_counts(x, n):
    low, high = (float(end[0]) for end in wilson(np.array([x]), np.array([n])))
    assert wilson_turned_round(low, high) == (x, n)


def test_the_attacker_turns_a_t_interval_back_into_a_count():
    # R: qt(0.975, 11) is 2.200985
    assert t_turned_round(6.4, 2 * 2.200985160082949 * 6.4 / 12**0.5) == 12
