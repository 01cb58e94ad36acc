"""The classes of Jacobson and Truax over courses: one SD for the whole cohort, before any grouping."""

import pytest

from analytics.results.clinical_significance import clinical_significance
from analytics.statistics.reliable_change import CLASSES
from tests.drawn import attribute, induction, outcomes_of, score

SETTINGS = {"bdi2.reliability": "0.801", "bdi2.functional_mean": "7.69", "bdi2.functional_sd": "7.52"}


def cohort(*rows, settings=SETTINGS, instrument="bdi2", **keywords):
    """One patient a row: arm, score before, score after; missing means none."""
    scores, sessions, attributes = [], [], []
    for number, (arm, before, after) in enumerate(rows):
        patient = f"p{number}"
        scores += [score(patient, day, total, instrument=instrument) for day, total in ((0, before), (30, after))
                   if total is not None]
        sessions += induction(patient)
        attributes.append(attribute(patient, "arm", arm))
    return outcomes_of(scores, sessions, attributes, settings=settings, **keywords)


ROWS = [("A", 30, 10), ("A", 40, 26), ("A", 30, 28), ("B", 22, 45), ("B", 12, 44), ("B", 50, 49)]
"""Mean 30.67, SD 13.31: a change is reliable beyond 16.4 points, cut-off c lies at 16.0."""


def counts(one):
    return tuple(one.counts[name] for name in CLASSES)


def test_each_course_has_its_class():
    found = clinical_significance(cohort(*ROWS), "bdi2")
    assert found.sd_baseline == pytest.approx(13.3066, abs=1e-3)
    assert found.error == pytest.approx(13.3066 * (2 * (1 - 0.801)) ** 0.5, abs=1e-3)
    assert found.cut_off == "c"
    assert found.cut_off_score == pytest.approx((13.3066 * 7.69 + 7.52 * 30.6667) / (13.3066 + 7.52), abs=1e-3)
    # recovered, improved, unchanged, deteriorated, harmed: 40 to 26 is 14 points, within the error.
    assert counts(found.strata[0]) == (1, 0, 3, 1, 1)
    assert found.n == found.count.sum() == 6


def test_strata_are_judged_by_the_whole_cohorts_deviation():
    found = clinical_significance(cohort(*ROWS), "bdi2", ["arm"])
    assert [(one.stratum, one.n, counts(one)) for one in found.strata[1:]] == [
        ({"arm": "A"}, 3, (1, 0, 2, 0, 0)), ({"arm": "B"}, 3, (0, 0, 1, 1, 1))]
    alone = clinical_significance(cohort(*ROWS), "bdi2", where={"arm": ["A"]})
    assert alone.sd_baseline != found.sd_baseline and alone.n == 3


def test_milder_courses_are_in_and_those_without_two_scores_are_not():
    found = clinical_significance(cohort(*ROWS, ("A", 3, 4), ("A", 40, None), ("A", None, 10)), "bdi2")
    assert found.n == 7


def test_which_cut_off_is_crossed_can_be_set():
    found = clinical_significance(cohort(*ROWS, settings=SETTINGS | {"bdi2.jt_cut_off": "a"}), "bdi2")
    assert found.cut_off == "a" and found.cut_off_score == pytest.approx(30.6667 - 2 * 13.3066, abs=1e-3)
    assert counts(found.strata[0]) == (0, 1, 3, 2, 0)


@pytest.mark.parametrize(("rows", "settings", "why"), [
    (ROWS, {}, "reliability of this instrument is not known"),
    (ROWS, {"bdi2.reliability": "0.8"}, "mean and the standard deviation of the functional"),
    (ROWS[:1], SETTINGS, "At least two courses"),
    ([], SETTINGS, "At least two courses"),
    ([("A", 30, 10), ("A", 30, 12)], SETTINGS, "All scores before are the same"),
])
def test_where_no_course_can_be_classed_the_reason_is_told(rows, settings, why):
    found = clinical_significance(cohort(*rows, ("A", None, 3), settings=settings), "bdi2")
    assert why in found.why and found.strata == () and found.error is None
    assert found.as_record()["why"] == found.why


def test_the_record_is_plain():
    record = clinical_significance(cohort(*ROWS), "bdi2", ["arm"]).as_record()
    assert record["strata"][0] == {"stratum": {}, "n": 6, "recovered": 1, "improved": 0, "unchanged": 3,
                                   "deteriorated": 1, "harmed": 1}
    assert record["why"] is None and record["reliability"] == 0.801
