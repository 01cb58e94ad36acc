"""The table of baselines, and before and after within one cohort."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.results.baseline_table import FEWEST_NUMBERS, MOST_GROUPS, MOST_LEVELS, baseline_table
from analytics.results.before_after import before_after
from analytics.results.comparison_sides import Cohort, Cohorts, Levels
from analytics.results.summary import summarize
from analytics.wording.comparison_before_after import CAUTION, before_after_reading
from tests.drawn import induction, outcomes_of, score
from tests.oracles import r_comparison as r
from tests.results.test_comparison import arms, counts, from_r, several


def table_of(of, **options):
    return baseline_table(of, "phq9", "response", options.pop("groups", "arm"), **options)


def row(table, name):
    return next(one for one in table.rows if one.name == name)


def test_the_baseline_score_has_the_standardised_difference_of_r():
    found = row(table_of(from_r()), "phq9")
    assert (found.kind, found.n, found.missing) == ("baseline_score", (12, 11), (0, 0))
    assert found.mean == pytest.approx((19.25, 18.0909), abs=1e-4)
    assert found.standardised.estimate == pytest.approx(r.STANDARDISED)


def test_categories_are_counted_and_the_missing_are_a_line_of_their_own():
    of = arms(a=counts(10, 10), b=counts(10, 10))
    of.courses["sex"] = ["f"] * 6 + ["m"] * 3 + [None] + ["f"] * 2 + ["m"] * 6 + [None] * 2
    found = row(table_of(of), "sex")
    assert (found.levels, found.counts, found.n, found.missing) == (("f", "m"), ((6, 2), (3, 6)), (9, 8), (1, 2))
    p, q = 6 / 9, 2 / 8
    assert found.standardised.estimate == pytest.approx((p - q) / ((p * (1 - p) + q * (1 - q)) / 2) ** 0.5)


def test_numbers_with_many_values_have_a_mean_and_few_values_are_categories():
    of = arms(a=counts(10, 10), b=counts(10, 10))
    of.courses["age"] = [str(20 + one) for one in range(18)] + [None, "70"]
    of.courses["failed"] = [str(one % 4) for one in range(20)]
    assert (row(table_of(of), "age").kind, row(table_of(of), "age").n) == ("number", (10, 9))
    assert row(table_of(of), "age").mean[0] == 24.5
    assert row(table_of(of), "failed").levels == ("0", "1", "2", "3")
    of.courses["age"] = [str(one % FEWEST_NUMBERS) for one in range(20)]
    assert row(table_of(of), "age").n_levels == FEWEST_NUMBERS


@pytest.mark.parametrize("n_levels", [MOST_LEVELS, MOST_LEVELS + 1])
def test_an_attribute_with_too_many_values_is_counted_and_not_listed(n_levels):
    of = arms(a=counts(20, 20), b=counts(20, 20))
    of.courses["code"] = [f"c{one % n_levels:02}" for one in range(40)]
    found = row(table_of(of), "code")
    assert found.n_levels == n_levels
    assert len(found.levels) == len(found.counts) == (n_levels if n_levels <= MOST_LEVELS else 0)


def test_what_came_later_and_what_makes_the_groups_has_no_line():
    of = outcomes_of(
        [score("a", 0, 20), score("a", 30, 9), score("b", 0, 20), score("b", 30, 9)],
        induction("a", route="IV", dose=1.0, dose_unit="mg") + induction("b", route="IM", dose=1.0, dose_unit="mg"),
        axis="date")
    names = [one.name for one in table_of(of, groups="route_first").rows]
    assert names == ["phq9", "course_number", "start_year"]
    assert "route_first" not in [one.name for one in table_of(of, groups="route").rows]
    assert "route_first" in [one.name for one in table_of(of, groups="course_number").rows]
    by_cohorts = Cohorts(Cohort("one", {"route_first": ["IV"]}), Cohort("two", {"route_first": ["IM"]}))
    assert [one.name for one in table_of(of, groups=by_cohorts).rows] == names


def test_the_table_describes_those_compared_or_everyone():
    of = arms(a=[*counts(3, 5), (20, None), (9, 3), (None, 4)], b=counts(2, 4))
    assert (table_of(of).courses, table_of(of).patients) == ((5, 4), (5, 4))
    everyone = table_of(of, who="all")
    assert everyone.courses == (8, 4)
    assert (row(everyone, "phq9").n, row(everyone, "phq9").missing) == ((7, 4), (1, 0))
    twice = several(lambda arm: arm)
    assert (table_of(twice).courses, table_of(twice).patients) == ((20, 20), (20, 20))
    assert (table_of(twice, who="all").courses, table_of(twice, who="all").patients) == ((40, 40), (20, 20))


def test_of_more_than_two_groups_the_largest_standardised_difference():
    of = arms(a=[(20, 9), (22, 9)] * 5, b=[(21, 9), (23, 9)] * 5, c=[(16, 9), (18, 9)] * 5)
    three = row(table_of(of), "phq9").standardised.estimate
    two = row(table_of(of, groups=Levels("arm", ("b", "c"))), "phq9").standardised.estimate
    assert three == two > 3


def test_other_instruments_stand_after_the_one_compared():
    scores = [score(f"{arm}{one}", day, 20 - one, instrument=key) for arm in "ab" for one in range(4)
              for key in ("gad7", "phq9") for day in (0, 30)]
    of = outcomes_of(scores, [row for arm in "ab" for one in range(4) for row in induction(f"{arm}{one}")])
    of.courses["arm"] = list("aaaabbbb")
    rows = baseline_table(of, "phq9", "worsening", "arm").rows
    assert [one.name for one in rows if one.name in ("gad7", "phq9")] == ["phq9", "gad7"]


@pytest.mark.parametrize(("pairs", "why"), [
    ({"a": [(20, None)], "b": [(20, None)]}, "There is no course to describe."),
    ({f"g{number:02}": counts(1, 2) for number in range(MOST_GROUPS + 1)}, "a table of more than 12 cannot be read")])
def test_where_there_is_no_table_it_says_why(pairs, why):
    found = table_of(arms(**pairs))
    assert why in found.why
    assert found.rows == ()


def test_one_course_each_and_one_group_give_a_table_without_numbers_that_are_none():
    found = row(table_of(arms(a=counts(1, 1), b=counts(0, 1))), "phq9")
    assert found.sd == (None, None)
    assert found.standardised.estimate is None and found.standardised.why
    alone = row(table_of(arms(a=counts(1, 2))), "phq9")
    assert alone.standardised is None


def one_arm():
    return arms(a=[(start, start - better) for start, better in zip(r.BASELINE_A, r.IMPROVEMENT_A, strict=True)])


def test_before_and_after_as_r_gives_them():
    found = before_after(one_arm(), "phq9")
    assert (found.n, found.baseline, found.endpoint) == (12, 19.25, pytest.approx(19.25 - 7.8333333))
    assert found.sd_baseline == pytest.approx(np.std(r.BASELINE_A, ddof=1))
    assert (found.change.low, found.change.high) == pytest.approx(r.PAIRED_A)
    assert [one.p for one in found.tests] == pytest.approx([r.PAIRED_P, r.WILCOXON_P])
    assert [(one.name, one.estimate) for one in found.effect_sizes] == [
        ("d_z", pytest.approx(r.D_Z)), ("d_av", pytest.approx(r.D_AV))]
    said = before_after_reading(found)
    assert said[0].startswith("From 19.3 to 11.4 points on average in 12 courses, 7.8 points better")
    assert "Unstable: fewer than 20 courses" in said[0]
    assert said[-1] == CAUTION


def test_higher_is_better_is_read_once():
    scores = [score(f"p{one:02}", day, total, instrument="who5") for one in range(12)
              for day, total in ((0, 20), (30, 40 + 4 * (one % 5)))]
    of = outcomes_of(scores, [row for one in range(12) for row in induction(f"p{one:02}")])
    found = before_after(of, "who5")
    assert found.endpoint > found.baseline == 20
    assert found.change.estimate == pytest.approx(found.endpoint - 20)
    assert found.effect_sizes[0].estimate > 0
    assert "points better" in before_after_reading(found)[0]


def test_a_lost_course_that_counts_as_unchanged_has_no_second_score():
    of = arms({"missing": "unchanged"}, a=[(20, 9)] * 12 + [(20, None)] * 3)
    found = before_after(of, "phq9")
    assert (found.n, found.result.n) == (12, 15)
    assert found.result == summarize(of).result("phq9", "mean_improvement")
    assert "all 15 counted courses improved by 8.8 points" in before_after_reading(found)[1]


@pytest.mark.parametrize(("pairs", "said"), [
    ([(20, None)], "No course has both scores on PHQ-9"),
    ([(20, 9)] * 4, "Only 4 courses with both scores: too few for an average."),
    ([(20, 9), (20, 12)] * 3, "Too few for a test, which needs 10 courses."),
    ([(20, 9)] * 12, "How sure that is cannot be told: All changes are the same"),
    ([(20, 12), (12, 20)] * 10, "The interval includes 0, so whether scores moved cannot be told."),
    ([(12, 20), (12, 19)] * 10,
     "7.5 points worse (95\N{NO-BREAK SPACE}% interval \N{MINUS SIGN}7.7 to \N{MINUS SIGN}7.3)"),
    ([(20, 19)] * 9 + [(20, 8)] * 3 + [(20, 26)] * 2 + [(25, 24)], "Test and interval do not agree (Wilcoxon"),
])
def test_before_and_after_in_words(pairs, said):
    found = before_after(arms(a=pairs), "phq9")
    assert any(said in one for one in before_after_reading(found)), before_after_reading(found)
    if found.n < 10:
        assert found.tests[0].p is None and found.tests[0].why


@pytest.mark.parametrize(("n", "is_tested"), [(9, False), (10, True)])
def test_before_and_after_has_no_test_below_ten(n, is_tested):
    found = before_after(arms(a=[(20 + one % 3, 9) for one in range(n)]), "phq9")
    assert (found.tests[0].p is not None) == is_tested
    assert ("Too few for a test" in before_after_reading(found)[0]) != is_tested


def test_before_and_after_of_a_cohort_and_of_no_such_instrument():
    of = arms(a=counts(12, 12), b=counts(0, 12))
    assert before_after(of, "phq9", {"arm": ["b"]}).change.estimate == 1
    assert before_after(several(lambda arm: arm), "phq9").n == 40
    with pytest.raises(ValueError, match="no instrument in the files called 'gad7'; there are phq9"):
        before_after(of, "gad7")
