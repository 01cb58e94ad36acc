from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from analytics.statistics.reliable_change import CLASSES, cut_off_points, error_of_difference, reliable_change
from tests.oracles import claus_2020

SHARED = Path(__file__).parents[3] / "shared" / "data"
NAN = np.nan


def claus_scores():
    """BDI-II at time 1 and 4 and the treatment, one element a patient."""
    with (SHARED / claus_2020.FILE).open(encoding="utf-8") as rows:
        rows = list(csv.DictReader(rows))
    scores = {(row["id"], row["time"]): float(row["bdi"]) if row["bdi"] not in ("", "NA") else NAN for row in rows}
    arms = {row["id"]: row["treatment"] for row in rows}
    return [np.array([scores[code, time] for code in arms]) for time in "14"] + [np.array(list(arms.values()))]


@pytest.mark.skipif(not (SHARED / claus_2020.FILE).exists(), reason="the folder of public data is not here")
def test_claus_2020_is_classed_as_printed():
    baseline, endpoint, arm = claus_scores()
    change = reliable_change(baseline, endpoint, reliability=claus_2020.RELIABILITY,
                             mean_functional=claus_2020.MEAN_FUNCTIONAL, sd_functional=claus_2020.SD_FUNCTIONAL)
    assert change.error == pytest.approx(claus_2020.ERROR_OF_DIFFERENCE, abs=5e-7)
    assert change.cut_off == pytest.approx(claus_2020.CUT_OFF_C, abs=5e-6)
    assert (change.counts(), change.n, (change.code == -1).sum()) == (claus_2020.COUNTS, 40, 3)
    for name, counts in claus_2020.COUNTS_BY_TREATMENT.items():
        assert {key: int((change.code[arm == name] == CLASSES.index(key)).sum()) for key in counts} == counts


def test_the_error_of_a_difference_is_that_worked_by_hand():
    assert error_of_difference(10, 0.92) == pytest.approx(4)
    assert error_of_difference(3, 0.5) == pytest.approx(3)
    assert error_of_difference(3, 1) == 0


@pytest.mark.parametrize(("sides", "is_higher_better", "a", "b", "c"), [
    ((20, 4, 8, 6), False, 12, 20, 15.2), ((30, 6, 70, 10), True, 42, 50, 45)])
def test_the_cut_offs_are_those_worked_by_hand(sides, is_higher_better, a, b, c):
    points = cut_off_points(*sides, is_higher_better)
    assert points == {"a": a, "b": b, "c": pytest.approx(c)}


def test_without_the_functional_group_only_the_first_cut_off_is_known():
    assert cut_off_points(20, 4, None, 6, False) == {"a": 12, "b": None, "c": None}
    assert cut_off_points(20, 4, 8, None, False) == {"a": 12, "b": None, "c": None}
    assert cut_off_points(20, 0, 8, 0, False) == {"a": 20, "b": 8, "c": None}


# Eight courses from 20 and eight from 10: mean 15, so that the error below is exactly 5 and 1.96 of it 9.8.
BEFORE = np.array([20.0] * 8 + [10.0] * 8)
RELIABILITY = 1 - (5 / BEFORE.std(ddof=1)) ** 2 / 2
AFTER = np.array([10.1, 10.2, 10.3, 4, 16, 29.7, 29.8, 29.9, 10, 0.1, 19.7, 19.8, 19.9, 21, 12, 0.2])
EXPECTED = ["recovered", "unchanged", "unchanged", "recovered", "unchanged", "unchanged", "unchanged", "deteriorated",
            "unchanged", "improved", "unchanged", "unchanged", "harmed", "harmed", "unchanged", "unchanged"]


def classes(change):
    return [CLASSES[code] if code >= 0 else None for code in change.code]


@pytest.mark.parametrize("is_higher_better", [False, True])
def test_every_class_and_both_sides_of_its_boundary(is_higher_better):
    # Cut-off c of mean 15 here and 9 there, alike in spread, is 12.
    sd = float(BEFORE.std(ddof=1))
    known = {"reliability": RELIABILITY, "sd_functional": sd}
    change = reliable_change(BEFORE, AFTER, mean_functional=9, **known)
    if is_higher_better:
        change = reliable_change(40 - BEFORE, 40 - AFTER, mean_functional=31, is_higher_better=True, **known)
    assert change.error == pytest.approx(5)
    assert change.cut_off == pytest.approx(28 if is_higher_better else 12)
    assert classes(change) == EXPECTED
    assert change.counts() == {"recovered": 2, "improved": 1, "unchanged": 10, "deteriorated": 1, "harmed": 2}
    assert change.index[0] == pytest.approx(1.98)
    assert change.index[12] == pytest.approx(-1.98)


def test_a_score_on_the_cut_off_is_on_neither_side():
    # Down to it, up to it, down from it, up from it, and just across from either side.
    baseline = np.concatenate([BEFORE, [20.0, 8.0, 12.0, 12.0, 20.0, 8.0]])
    endpoint = np.concatenate([BEFORE, [12.0, 12.0, 8.0, 16.0, 11.9, 12.1]])
    known = {"reliability": 0.98, "mean_functional": 24 - baseline.mean(), "sd_functional": baseline.std(ddof=1)}
    change = reliable_change(baseline, endpoint, **known)
    assert change.cut_off == pytest.approx(12)
    assert classes(change)[16:] == ["improved", "deteriorated", "improved", "deteriorated", "recovered", "harmed"]


def test_the_cut_off_asked_for_is_the_one_used():
    known = {"reliability": RELIABILITY, "mean_functional": 6, "sd_functional": 2}
    sd = float(BEFORE.std(ddof=1))
    for name, point in {"a": 15 - 2 * sd, "b": 10, "c": (6 * sd + 2 * 15) / (sd + 2)}.items():
        assert reliable_change(BEFORE, AFTER, cut_off=name, **known).cut_off == pytest.approx(point)
    assert reliable_change(BEFORE, AFTER, reliability=0.8, cut_off="a").why == ""


def test_courses_without_both_scores_have_no_class_and_no_part_in_the_spread():
    baseline, endpoint = np.append(BEFORE, [90, NAN, NAN]), np.append(AFTER, [NAN, 3, NAN])
    known = {"reliability": RELIABILITY, "mean_functional": 9, "sd_functional": 5}
    change, whole = reliable_change(baseline, endpoint, **known), reliable_change(BEFORE, AFTER, **known)
    assert (change.error, change.cut_off, change.n) == (whole.error, whole.cut_off, 16)
    assert change.code.tolist() == [*whole.code, -1, -1, -1]
    assert np.isnan(change.index[16:]).all()


@pytest.mark.parametrize(("baseline", "endpoint", "settings", "problem"), [
    ([], [], {}, "At least two"), ([20], [10], {}, "At least two"), ([20, NAN], [10, 10], {}, "At least two"),
    ([20, 20], [10, 5], {}, "the same"), ([20, 10], [10, 5], {"reliability": 1.0}, "the same"),
    ([20, 10], [10, 5], {"mean_functional": None}, "needs the mean"),
    ([20, 10], [10, 5], {"sd_functional": None, "cut_off": "b"}, "needs the mean"),
    ([20, 10], [10, 5], {"mean_functional": 15}, "no worse"), ([20, 10], [10, 5], {"mean_functional": 16}, "no worse"),
    ([20, 10], [10, 5], {"mean_functional": 14, "is_higher_better": True}, "no worse"),
    ([20, 10], [10, 5], {"mean_functional": 15, "is_higher_better": True}, "no worse"),
])
def test_where_no_course_can_be_classed_there_is_a_reason(baseline, endpoint, settings, problem):
    known = {"reliability": 0.8, "mean_functional": 7, "sd_functional": 4} | settings
    change = reliable_change(np.array(baseline, float), np.array(endpoint, float), **known)
    assert problem in change.why
    assert (change.error, change.cut_off, change.sd_baseline) == (None, None, None)
    assert classes(change) == [None] * len(baseline)
    assert np.isnan(change.index).all()
    assert sum(change.counts().values()) == 0


@pytest.mark.parametrize(("settings", "needed"), [({"reliability": 1.1}, "between 0 and 1"),
                                                  ({"reliability": -0.1}, "between 0 and 1"),
                                                  ({"reliability": 0.8, "cut_off": "d"}, "a, b or c")])
def test_what_is_no_reliability_and_no_cut_off_is_refused(settings, needed):
    with pytest.raises(ValueError, match=needed):
        reliable_change(np.array([]), np.array([]), **settings)
