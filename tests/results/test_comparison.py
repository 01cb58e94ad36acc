"""Groups set against each other: the numbers of others, the direction, and what stands in nobody's way."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.results.comparison import Standing, compare, compare_measures
from analytics.results.comparison_pairs import MOST_PAIRED
from analytics.results.comparison_sides import Levels
from analytics.results.summary import summarize
from analytics.wording.comparison import reading
from analytics.wording.comparison_record import comparison_record, comparison_rows
from tests.drawn import attribute, induction, outcomes_of, score
from tests.oracles import r_comparison as r

BETTER, SAME, WORSE = (20, 9), (20, 19), (20, 25)


def arms(settings=None, **pairs):
    """One patient a pair of baseline and endpoint (missing: no score), in the arm of that name."""
    scores, sessions, rows = [], [], []
    for arm, courses in pairs.items():
        for number, (baseline, endpoint) in enumerate(courses):
            patient = f"{arm}{number:04}"
            scores += [score(patient, 0, baseline)] if baseline is not None else []
            scores += [score(patient, 30, endpoint)] if endpoint is not None else []
            sessions += induction(patient)
            rows.append(attribute(patient, "arm", arm))
    return outcomes_of(scores, sessions, rows, settings=settings)


def counts(x, n, yes=BETTER, no=SAME):
    """Courses of which so many have it."""
    return [yes] * x + [no] * (n - x)


def by_arm(of, measure="response", **options):
    return compare(of, "phq9", measure, "arm", **options)


def from_r():
    pairs = {"a": zip(r.BASELINE_A, r.IMPROVEMENT_A, strict=True),
             "b": zip(r.BASELINE_B, r.IMPROVEMENT_B, strict=True)}
    return arms(**{arm: [(start, start - better) for start, better in both] for arm, both in pairs.items()})


@pytest.mark.parametrize("courses", ["first", "all"])
def test_several_measures_at_once_are_each_measure_by_itself(courses):
    of = from_r()
    keys = [one.key for one in of.measures_of("phq9")]
    together = compare_measures(of, "phq9", keys, "arm", courses=courses)
    assert [one.measure for one in together] == keys
    assert [repr(one) for one in together] == [repr(by_arm(of, key, courses=courses)) for key in keys]


def test_the_example_of_the_contract():
    found = by_arm(arms(IV=counts(108, 195), JM=counts(70, 170)))
    assert [(one.value, one.result.numerator, one.result.denominator) for one in found.groups] == [
        ("IV", 108, 195), ("JM", 70, 170)]
    assert (found.difference.estimate, found.difference.low, found.difference.high) == pytest.approx(
        (0.14208, 0.039, 0.242), abs=5e-4)
    assert found.test.name == "Pearson chi-square, no continuity correction"
    assert found.test.p == pytest.approx(0.0068, abs=5e-5)
    assert found.adjusted is None
    ratio, needed = found.effect_sizes
    assert (ratio.estimate, ratio.low, ratio.high) == pytest.approx((1.345, 1.08, 1.675), abs=5e-4)
    assert needed.estimate == pytest.approx(1 / 0.142081, abs=1e-3)


def test_ekstrand_2022_as_printed():
    found = by_arm(arms(ECT=counts(57, 91, (20, 3)), ketamine=counts(44, 95, (20, 3))), "remission")
    points = [round(100 * one) for one in (found.difference.estimate, found.difference.low, found.difference.high)]
    assert points == [16, 2, 30]
    assert found.test.p == pytest.approx(0.0255, abs=5e-5)


def test_means_as_r_gives_them():
    found = by_arm(from_r(), "mean_improvement")
    mean_a, sd_a, mean_b, sd_b = r.MEANS_AND_SDS
    assert [(one.result.n, one.compared.estimate, one.compared.sd) for one in found.groups] == [
        (12, pytest.approx(mean_a), pytest.approx(sd_a)), (11, pytest.approx(mean_b), pytest.approx(sd_b))]
    assert (found.adjusted.estimate, found.adjusted.low, found.adjusted.high) == pytest.approx(r.ADJUSTED)
    assert found.adjusted.p == pytest.approx(r.ADJUSTED_P)
    assert (found.difference.estimate, found.difference.low, found.difference.high) == pytest.approx(r.WELCH)
    assert [one.p for one in found.tests] == pytest.approx([r.WELCH_P, r.MANN_WHITNEY_P])
    assert [one.name for one in found.effect_sizes] == ["Glass's delta", "Hedges' g"]
    assert found.effect_sizes[0].denominator == "standard deviation of group b"
    assert found.effect_sizes[0].estimate == pytest.approx((mean_a - mean_b) / sd_b)


@pytest.mark.parametrize(("measure", "yes", "way"), [
    ("response", BETTER, 1), ("worsening", WORSE, -1), ("reliable_deterioration", (20, 26), -1),
    ("follow_up", SAME, 1)])
def test_a_difference_is_positive_when_a_did_better(measure, yes, way):
    no = (20, None) if measure == "follow_up" else SAME
    found = by_arm(arms(a=counts(20, 30, yes, no), b=counts(5, 40, yes, no)), measure)
    more = 20 / 30 - 5 / 40
    assert found.difference.estimate == pytest.approx(way * more)
    assert found.difference.of == ("a minus b" if way > 0 else "b minus a")
    assert found.difference.low < found.difference.estimate < found.difference.high
    assert (found.difference.low > 0) == (way > 0)
    assert found.effect_sizes[0].estimate == pytest.approx((20 / 30) / (5 / 40))
    swapped = compare(arms(a=counts(20, 30, yes, no), b=counts(5, 40, yes, no)), "phq9", measure,
                      Levels("arm", ("b", "a")))
    assert [swapped.difference.low, swapped.difference.high] == pytest.approx(
        [-found.difference.high, -found.difference.low])


def test_the_groups_are_those_of_summarize():
    of = arms(a=[*counts(12, 20), (20, None), (9, 4), (None, 3)], b=counts(3, 25))
    for measure in ("response", "worsening", "mean_improvement", "follow_up"):
        summary = summarize(of, by=["arm"])
        found = by_arm(of, measure)
        assert [one.result for one in found.groups] == [summary.result("phq9", measure, {"arm": arm}) for arm in "ab"]


@pytest.mark.parametrize("missing", ["observed", "failure", "unchanged"])
@pytest.mark.parametrize("measure", ["response", "worsening", "mean_improvement", "follow_up"])
def test_what_is_compared_is_what_the_groups_count_where_nobody_counts_twice(measure, missing):
    lost, not_a_case = (20, None), (9, 4)
    of = arms({"missing": missing}, a=[*counts(12, 20), lost, not_a_case, WORSE], b=[*counts(3, 25), lost, lost])
    for group in by_arm(of, measure).groups:
        own = group.result
        assert group.compared.n == group.compared.patients == (
            own.n if measure == "mean_improvement" else own.denominator)
        assert group.compared.numerator == getattr(own, "numerator", None)
        assert group.compared.estimate == pytest.approx(own.estimate)
        if measure == "mean_improvement":
            assert group.compared.sd == pytest.approx(own.sd)


@pytest.mark.parametrize(("n", "is_tested"), [(9, False), (10, True)])
@pytest.mark.parametrize("measure", ["response", "mean_improvement"])
def test_no_test_below_ten(measure, n, is_tested):
    of = arms(a=[(20 + one % 3, 9) for one in range(n)], b=[(20 + one % 4, 12 + one % 5) for one in range(30)])
    found = by_arm(of, measure)
    assert (found.test.p is not None) == is_tested
    if measure == "mean_improvement":
        assert (found.adjusted.p is not None) == is_tested
        assert found.adjusted.low is not None
    if not is_tested:
        assert found.test.name == "No test"
        assert found.test.why == "A group has fewer than 10 courses, too few for a test: the smallest has 9."
        assert found.test.n == (9, 30)
    assert found.difference.low is not None


def test_the_rule_chooses_the_test():
    def name(x1, n1, x2, n2):
        return by_arm(arms(a=counts(x1, n1), b=counts(x2, n2))).test.name

    assert name(10, 20, 5, 10) == "Pearson chi-square, no continuity correction"
    assert name(9, 20, 5, 10) == "Fisher's exact test"
    found = by_arm(arms(a=counts(9, 20), b=counts(5, 10)), exact="boschloo")
    assert (found.test.name, found.test.why) == ("Boschloo's exact test", "Chosen by the person.")


def test_number_needed_only_where_the_interval_excludes_zero():
    assert [one.name for one in by_arm(arms(a=counts(18, 30), b=counts(14, 30))).effect_sizes] == ["risk ratio"]
    clear = by_arm(arms(a=counts(25, 30), b=counts(5, 30))).effect_sizes
    assert [one.name for one in clear] == ["risk ratio", "number needed"]


def several(second_arm):
    """Patients of two arms, each with two courses; the second is worse and, where asked, in the other arm."""
    scores, sessions, rows = [], [], []
    for number in range(40):
        patient, arm = f"p{number:02}", "ab"[number % 2]
        first, second = (9 if number % 4 < 2 else 19), 19
        sessions += induction(patient) + induction(patient, 200)
        scores += [score(patient, 0, 20), score(patient, 30, first), score(patient, 200, 20),
                   score(patient, 230, second)]
        rows += [attribute(patient, "arm", arm, day=0), attribute(patient, "arm", second_arm(arm), day=200)]
    return outcomes_of(scores, sessions, rows)


def test_the_first_counted_course_of_each_patient_is_compared():
    found = by_arm(several(lambda arm: arm))
    assert found.unit == "first counted course of each patient"
    assert [(one.result.numerator, one.result.denominator) for one in found.groups] == [(10, 40), (10, 40)]
    assert [(one.compared.numerator, one.compared.n, one.compared.patients) for one in found.groups] == [
        (10, 20, 20), (10, 20, 20)]
    assert (found.difference.estimate, found.test.n, found.patients_in_several) == (0, (20, 20), 0)


def test_nobody_stands_on_two_sides():
    found = by_arm(several(lambda arm: "b" if arm == "a" else "a"))
    assert found.patients_in_several == 40
    assert [one.compared.n for one in found.groups] == [20, 20]
    assert [one.compared.patients for one in found.groups] == [20, 20]


@pytest.mark.parametrize("measure", ["response", "mean_improvement"])
def test_all_courses_with_errors_by_patient(measure):
    of = several(lambda arm: arm)
    found = by_arm(of, measure, courses="all")
    assert [(one.compared.n, one.compared.patients) for one in found.groups] == [(40, 20), (40, 20)]
    assert found.unit == "all counted courses, errors by patient"
    assert found.difference.method == "Difference with errors by patient"
    assert found.test.name == "t test with errors by patient"
    assert found.test.p == pytest.approx(1)
    assert all(one.low is None and one.why for one in found.effect_sizes if one.name != "number needed")


def test_the_adjusted_difference_of_all_courses_has_errors_by_patient():
    of = several(lambda arm: arm)
    chance = np.random.default_rng(3)
    of.table["baseline"] = 15.0 + chance.integers(0, 10, len(of.table))
    of.table["improvement"] = of.table["improvement"] + 0.3 * of.table["baseline"]
    found = by_arm(of, "mean_improvement", courses="all")
    assert found.adjusted.method == "Analysis of covariance on the baseline, standard errors by cluster"
    assert found.adjusted.n_clusters == 40
    assert by_arm(of, "mean_improvement").adjusted.n_clusters is None


def test_all_courses_of_one_patient_a_side_have_no_interval():
    of = several(lambda arm: arm)
    of.courses["pair"] = np.where(of.patient < 2, "yes", "no")
    found = by_arm(of, courses="all", where={"pair": ["yes"]})
    assert [one.compared.n for one in found.groups] == [2, 2]
    assert (found.difference.low, found.test.p, len(found.effect_sizes)) == (None, None, 1)


def test_all_courses_of_patients_with_one_are_as_the_first():
    of = arms(a=counts(12, 20), b=counts(3, 25))
    one, other = by_arm(of, courses="all"), by_arm(of)
    assert (one.difference, one.tests, one.effect_sizes) == (other.difference, other.tests, other.effect_sizes)


def test_a_harm_with_errors_by_patient_has_its_sign():
    of = several(lambda arm: arm)
    of.table["worsening"] = np.random.default_rng(1).random(len(of.table)) < 0.3
    found = by_arm(of, "worsening", courses="all")
    rate_a, rate_b = (one.compared.estimate for one in found.groups)
    assert rate_a != rate_b
    assert found.difference.estimate == pytest.approx(rate_b - rate_a)
    assert found.difference.low < found.difference.estimate < found.difference.high
    assert (found.difference.low + found.difference.high) / 2 == pytest.approx(found.difference.estimate)


def test_more_than_two_groups_have_one_test_and_pairs_with_holm():
    of = arms(a=counts(40, 60), b=counts(26, 60), c=counts(10, 60), d=counts(3, 9))
    found = by_arm(of)
    assert (found.difference, found.effect_sizes, len(found.groups)) == (None, (), 4)
    assert found.test.name == "Pearson chi-square, no continuity correction"
    assert found.test.n == (60, 60, 60)
    assert [(one.a, one.b) for one in found.pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    raw = [one.contrast.tests[0].p for one in found.pairs]
    assert raw[1] < raw[2] < raw[0]
    # Holm: the smallest times 3, the next times 2, the largest once, never falling.
    smallest, middle = 3 * raw[1], max(3 * raw[1], 2 * raw[2])
    assert [one.p_holm for one in found.pairs] == pytest.approx([max(middle, raw[0]), smallest, middle])
    assert found.not_paired == "Groups with fewer than 10 courses are shown and are in no test: 1 of 4."
    alone = compare(of, "phq9", "response", Levels("arm", ("b", "c")))
    assert found.pairs[2].contrast.difference == alone.difference


@pytest.mark.parametrize(("n", "n_pairs"), [(9, 1), (10, 3)])
def test_pairs_are_of_groups_with_ten_courses(n, n_pairs):
    found = by_arm(arms(a=counts(4, 12), b=counts(6, 12), c=counts(3, n)))
    assert len(found.pairs) == n_pairs
    assert len(found.test.n) == (3 if n_pairs == 3 else 2)


def test_means_of_more_than_two_groups():
    rows = (("a", r.BASELINE_A, r.IMPROVEMENT_A), ("b", r.BASELINE_B, r.IMPROVEMENT_B),
            ("c", r.BASELINE_A, [one - 1 for one in r.IMPROVEMENT_A]))
    pairs = {arm: [(start, start - better) for start, better in zip(starts, moved, strict=True)]
             for arm, starts, moved in rows}
    found = by_arm(arms(**pairs), "mean_improvement")
    assert [one.name for one in found.tests] == ["Welch analysis of variance", "Kruskal-Wallis test"]
    assert found.test.p == pytest.approx(r.WELCH_ANOVA_P, abs=1e-6)
    first = found.pairs[0].contrast
    assert (first.adjusted.estimate, first.adjusted.low, first.adjusted.high) == pytest.approx(r.ADJUSTED)
    p = [one.contrast.adjusted.p for one in found.pairs]
    assert found.pairs[0].p_holm == pytest.approx(min(1, max(p[0] * (3 - sorted(p).index(p[0])), min(p) * 3)))


@pytest.mark.parametrize(("n_groups", "n_pairs"), [(MOST_PAIRED, 45), (MOST_PAIRED + 1, 0)])
def test_pairs_are_made_of_few_groups_only(n_groups, n_pairs):
    found = by_arm(arms(**{f"g{number:02}": counts(6, 12) for number in range(n_groups)}))
    assert len(found.pairs) == n_pairs
    assert (found.not_paired is None) == (n_pairs > 0)


def test_all_courses_of_several_groups_have_no_test_that_takes_them_as_independent():
    of = several(lambda arm: arm)
    of.courses["arm"] = np.array(list("abc"))[of.patient % 3]
    for measure in ("response", "mean_improvement"):
        found = by_arm(of, measure, courses="all")
        assert found.test.p is None
        assert "some patients have more than one" in found.test.why
        assert len(found.pairs) == 3
    of.courses["arm"] = np.array(list("abc"))[np.where(of.patient < 2, 2, of.patient % 2)]
    found = by_arm(of, courses="all")
    assert ([one.compared.n for one in found.groups], found.test.p, len(found.pairs)) == ([38, 38, 4], None, 1)


def test_where_and_values():
    of = arms(a=counts(12, 20), b=counts(3, 25), c=counts(5, 12))
    found = compare(of, "phq9", "response", Levels("arm", ("c", "a")))
    assert [one.value for one in found.groups] == ["c", "a"]
    assert found.not_compared == {"other_values": 25}
    assert found.difference.estimate == pytest.approx(5 / 12 - 12 / 20)
    kept = by_arm(of, where={"arm": ["a", "b"]})
    assert [one.value for one in kept.groups] == ["a", "b"]
    assert kept.where == {"arm": ["a", "b"]}


def test_a_missing_value_is_no_group_unless_asked_for():
    of = arms(a=counts(12, 20), b=counts(3, 25))
    of.courses.loc[:4, "arm"] = None
    found = by_arm(of)
    assert [(one.value, one.result.courses) for one in found.groups] == [("a", 15), ("b", 25)]
    assert found.not_compared == {"not_recorded": 5}
    asked = compare(of, "phq9", "response", Levels("arm", ("a", None)))
    assert [(one.value, one.result.courses) for one in asked.groups] == [("a", 15), (None, 5)]
    assert asked.not_compared == {"other_values": 25}


@pytest.mark.parametrize(("question", "words"), [
    ({"instrument": "gad7"}, "no instrument in the files called 'gad7'; there are phq9"),
    ({"measure": "cure"}, "no measure called 'cure'"),
    ({"measure": "pain_30"}, "The measure pain_30 does not exist for phq9"),
    ({"groups": "ward"}, "no attribute called 'ward'"),
    ({"groups": Levels("arm", ("a", "z"))}, "No course has the value of arm that was asked for"),
    ({"groups": Levels("arm", ("a", "a"))}, "the same one came twice")])
def test_a_question_about_what_is_not_there_is_refused(question, words):
    asked = {"instrument": "phq9", "measure": "response", "groups": "arm"} | question
    with pytest.raises(ValueError, match=words):
        compare(arms(a=counts(2, 3), b=counts(1, 3)), **asked)


DEGENERATE = {
    "nobody": {},
    "one group": {"a": counts(12, 20)},
    "all": {"a": counts(20, 20), "b": counts(15, 15)},
    "none": {"a": counts(0, 20), "b": counts(0, 15)},
    "one each": {"a": counts(1, 1), "b": counts(0, 1)},
    "one each of many": {f"g{number}": counts(number % 2, 1) for number in range(30)},
    "lost all": {"a": [(20, None)] * 12, "b": [(20, None)] * 12},
    "no baseline": {"a": [(None, 9)] * 12, "b": counts(6, 12)},
    "one value": {"a": [(20, 15)] * 12, "b": [(20, 15)] * 12},
    "one value each": {"a": [(20, 15)] * 12, "b": [(20, 9)] * 12},
    "one baseline each": {"a": [(20, 15), (20, 9)] * 6, "b": [(24, 15), (24, 9)] * 6},
    "one against many": {"a": counts(1, 1), "b": counts(6, 12)},
    "three, one empty": {"a": counts(6, 12), "b": counts(3, 12), "c": [(20, None)] * 12},
}


@pytest.mark.parametrize("measure", ["response", "worsening", "mean_improvement", "follow_up", "item9_resolved"])
@pytest.mark.parametrize("case", DEGENERATE)
@pytest.mark.parametrize("courses", ["first", "all"])
def test_whatever_comes_there_is_a_sentence_and_never_a_nan(case, measure, courses):
    # A stranger keeps the instrument and the attribute in the files where a case holds nobody.
    of = arms(**(DEGENERATE[case] | {"stranger": [(20, 9)]}))
    found = by_arm(of, measure, where={"arm": list(DEGENERATE[case])}, courses=courses)
    text = json.dumps(comparison_record(found), allow_nan=False)
    assert "NaN" not in text and "nan" not in text
    assert all(isinstance(one, str) and len(one) > 20 for one in reading(found))
    assert found.test.p is not None or len(found.test.why) > 20
    assert len(comparison_rows(found)) >= len(found.groups)


def test_ten_thousand_groups_are_answered():
    for measure in ("response", "mean_improvement"):
        found = by_arm(thousands(10_000), measure)
        assert len(found.groups) == 10_000
        assert found.pairs == ()
        assert "None of the 10,000 groups has 5 courses" in reading(found)[0]
        assert "NaN" not in json.dumps(comparison_record(found), allow_nan=False)


def thousands(n_groups):
    """One course a group, made from one by repeating its rows."""
    of = arms(a=counts(1, 2))
    table = of.table.iloc[np.arange(n_groups) % 2].reset_index(drop=True)
    table["course"] = np.arange(n_groups)
    courses = of.courses.iloc[np.zeros(n_groups, dtype=int)].reset_index(drop=True)
    courses["arm"] = pd.Series([f"g{one:05}" for one in range(n_groups)], dtype="str")
    return replace(of, table=table, courses=courses, patient=np.arange(n_groups),
                   assessments_by_patient=np.ones(n_groups, dtype=int))


def test_the_standing_is_kept():
    of = arms(a=counts(2, 3), b=counts(1, 3))
    assert by_arm(of).standing == Standing("exploratory", None)
    assert by_arm(of, standing=Standing("primary", 14)).standing.n_comparisons == 14


def test_row_order_changes_nothing():
    forward = by_arm(arms(a=counts(12, 20), b=counts(3, 25)), "mean_improvement")
    backward = by_arm(arms(b=counts(3, 25), a=counts(12, 20)), "mean_improvement")
    assert forward.difference == backward.difference
    assert forward.adjusted == backward.adjusted
