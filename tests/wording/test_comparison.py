"""The reading of a comparison, on a table of cases: what it may say, and what it may never say."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import product

import pytest

from analytics.results.comparison import Standing, compare
from analytics.results.comparison_sides import Levels
from analytics.wording.comparison import LIMITS, NOTHING, PROCESS_LIMITS, reading
from analytics.wording.comparison_notes import notes
from analytics.wording.comparison_phrases import name_of, p_words
from analytics.wording.comparison_record import comparison_record, comparison_rows, mark_of
from analytics.wording.comparison_text import MOST_LINES, comparison_text
from tests.results.test_comparison import BETTER, SAME, WORSE, arms, by_arm, counts, from_r, several


def words(text):
    """Without the spaces that do not break."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def said(found):
    return words(reading(found)[0])


@lru_cache
def two_arms(x1, n1, x2, n2, yes, no):
    return arms(IV=counts(x1, n1, yes, no), JM=counts(x2, n2, yes, no))


def rates_of(x1, n1, x2, n2, measure="response", yes=BETTER, no=SAME, **options):
    return by_arm(two_arms(x1, n1, x2, n2, yes, no), measure, **options)


CASES = {
    "excludes 0": ((108, 195, 70, 170),
                   "IV did better than JM: 55 % of courses responded in IV and 41 % in JM, 14 percentage points more "
                   "(95 % interval 4 to 24)."),
    "excludes 0 the other way": ((70, 170, 108, 195),
                                 "JM did better than IV: 41 % of courses responded in IV and 55 % in JM, 14 percentage "
                                 "points more (95 % interval 4 to 24)."),
    "wide, includes 0": ((12, 30, 9, 30),
                         "Which of the two did better, if either, cannot be told: 40 % of courses responded in IV and "
                         "30 % in JM, and the 95 % interval runs from 14 percentage points in favour of JM to 33 "
                         "percentage points in favour of IV."),
    "narrow, includes 0": ((300, 600, 294, 600),
                           "IV and JM lie close together: 50 % of courses responded in IV and 49 % in JM, and a "
                           "difference of more than 7 percentage points is unlikely."),
    "side below 10": ((7, 9, 9, 30), "IV has only 9 courses: too few for a test, so this is a hint at most."),
    "both below 10": ((7, 9, 2, 8), "IV has only 9 courses and JM has only 8 courses: too few for a test"),
    "side below 20": ((12, 19, 9, 30), "Unstable: fewer than 20 courses in IV."),
    "side below 5": ((3, 4, 9, 30),
                     "Too few to compare: 3 of 4 in IV and 9 of 30 in JM responded. No average or percentage is shown "
                     "below 5 courses, and no test is made below 10."),
    "all": ((30, 30, 25, 25), "cannot be told: 100 % of courses responded in IV and 100 % in JM"),
    "none": ((0, 30, 0, 25), "cannot be told: 0 % of courses responded in IV and 0 % in JM"),
    "all against none": ((30, 30, 0, 25), "IV did better than JM: 100 % of courses responded in IV and 0 % in JM"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_reading_says(case):
    numbers, expected = CASES[case]
    assert expected in said(rates_of(*numbers))


@pytest.mark.parametrize("measure", ["response", "worsening", "mean_improvement", "follow_up"])
@pytest.mark.parametrize("case", CASES)
def test_what_a_reading_never_says(case, measure):
    (x1, n1, x2, n2), _ = CASES[case]
    for yes, no in ((BETTER, SAME), ((20, 26), SAME), ((20, None), BETTER)):
        text = words(" ".join(reading(rates_of(x1, n1, x2, n2, measure, yes, no)))).lower()
        assert not re.search(r"no difference|not significant|insignificant|significant|nan|none\b of courses", text)
        assert "success" not in text and "cure" not in text


@pytest.mark.parametrize(("n", "is_hint", "is_unstable"), [
    (9, True, False), (10, False, True), (19, False, True), (20, False, False)])
def test_small_sides_are_marked(n, is_hint, is_unstable):
    text = said(rates_of(4, n, 9, 30))
    assert ("hint at most" in text) == is_hint
    assert ("Unstable" in text) == is_unstable


def test_no_percentage_below_five_courses():
    for n1, n2 in product((1, 4), (2, 30)):
        found = rates_of(1, n1, 1, n2)
        assert "%" not in said(found)
        assert len(reading(found)) == 1
        assert "Difference" not in comparison_text(found)
    assert "%" in said(rates_of(1, 5, 1, 5))


@pytest.mark.parametrize(("limits", "expected"), [
    ((0.5, -0.1, 0.1), "lie close together"), ((0.5, -0.1001, 0.1), "cannot be told"),
    ((0.5, -0.1, 0.1001), "cannot be told"), ((0.5, 0.0, 0.3), "runs from 0 to 30 percentage points in favour of IV"),
    ((0.5, -0.3, 0.0), "runs from 30 percentage points in favour of JM to 0."),
    ((0.001, -0.0004, 0.0032), "a difference of more than 0.32 percentage points is unlikely"),
    ((0.15, 1e-9, 0.3), "interval 0.0000 to 30.0000"),
    ((0.15, 0.0012, 0.3), "interval 0.1 to 30.0"), ((0.01, 0.01, 0.02), "1 percentage point more")])
def test_the_line_between_narrow_and_wide_and_ends_that_are_nearly_zero(limits, expected):
    found = rates_of(10, 25, 10, 25)
    estimate, low, high = limits
    found = replace(found, difference=replace(found.difference, estimate=estimate, low=low, high=high))
    assert expected in said(found)


@pytest.mark.parametrize(("low", "high", "expected"), [
    (-2.5, 2.5, "a difference of more than 2.5 points is unlikely"), (-2.51, 2.5, "cannot be told"),
    (-2.41, 2.42, "a difference of more than 2.5 points is unlikely"), (0.4, 4.0, "improved more than b")])
def test_means_are_narrow_within_half_of_the_smallest_important_change(low, high, expected):
    found = by_arm(from_r(), "mean_improvement")
    found = replace(found, adjusted=replace(found.adjusted, estimate=(low + high) / 2, low=low, high=high))
    assert expected in said(found)
    without = replace(found, instrument=replace(found.instrument, important_change=None))
    assert ("cannot be told" in said(without)) == (low < 0)


def test_without_an_important_change_the_line_is_a_twentieth_of_the_range():
    found = by_arm(from_r(), "mean_improvement")
    found = replace(found, instrument=replace(found.instrument, important_change=None))
    for end, is_narrow in ((1.35, True), (1.36, False)):
        one = replace(found, adjusted=replace(found.adjusted, estimate=0.0, low=-end, high=end))
        assert ("lie close together" in said(one)) == is_narrow


def test_means_follow_the_adjusted_difference_and_show_the_plain_means():
    text = said(by_arm(from_r(), "mean_improvement"))
    assert text.startswith(
        "At the same starting score a improved more than b, by 2.5 points (95 % interval 0.2 to 4.8); as they are, 7.8 "
        "points better on average in a and 4.5 in b.")
    assert ("Test and interval do not agree (Welch t test, p = 0.067 and Mann-Whitney test, p = 0.084): this reading "
            "follows the interval, and the tests leave the starting score aside.") in text


def test_means_without_a_model_say_so():
    pairs = {"a": [(20, 9), (20, 12)] * 8, "b": [(20, 15), (20, 17)] * 8}
    text = said(by_arm(arms(**pairs), "mean_improvement"))
    assert text.startswith("a improved more than b, by 5.5 points (95 % interval")
    assert "The starting score is not taken into account. All began at the same baseline" in text
    same = {"a": [(20, 9)] * 12, "b": [(20, 15)] * 12}
    assert "How sure that is cannot be told" in said(by_arm(arms(**same), "mean_improvement"))


@pytest.mark.parametrize(("p", "low", "disagrees"), [(0.049, -0.1, True), (0.051, 0.01, True), (0.049, 0.01, False),
                                                     (0.05, 0.01, True), (0.05, -0.2, False)])
def test_where_test_and_interval_disagree_it_is_said_and_the_interval_followed(p, low, disagrees):
    found = rates_of(20, 30, 14, 30)
    found = replace(found, difference=replace(found.difference, low=low, high=0.4),
                    tests=(replace(found.test, p=p),))
    assert ("Test and interval do not agree" in said(found)) == disagrees
    assert ("did better than" in said(found)) == (low > 0)


def test_a_test_that_cannot_be_made_is_named_and_is_no_finding():
    text = said(rates_of(30, 30, 25, 25))
    assert "No test could be made. All on every side counted, so there is nothing to tell apart." in text


def test_harm_is_fewer():
    text = said(rates_of(5, 100, 25, 100, "worsening", WORSE))
    assert text == ("IV did better than JM: 5 % of courses got worse in IV and 25 % in JM, 20 percentage points fewer "
                    "(95 % interval 11 to 30).")


def test_what_is_neither_benefit_nor_harm():
    found = rates_of(90, 100, 60, 100, "follow_up", BETTER, (20, None))
    assert said(found).startswith("IV lies above JM: 90 % of courses were followed up in IV and 60 % in JM, 30")
    assert reading(found)[1] == PROCESS_LIMITS
    assert "Which of the two lies higher, if either" in said(rates_of(9, 12, 8, 12, "follow_up", BETTER, (20, None)))


def test_the_ends_of_an_interval_favour_nobody_where_more_is_not_better():
    wide = rates_of(10, 12, 8, 12, "follow_up", BETTER, (20, None))
    assert re.search(r"runs from \d+ percentage points more in JM to \d+ percentage points more in IV\.", said(wide))
    assert "in favour of" not in said(wide) + words(comparison_text(wide))
    clear = words(comparison_text(rates_of(90, 100, 60, 100, "follow_up", BETTER, (20, None))))
    assert "Difference: 30 percentage points more in IV, " in clear
    lost = (20, None)
    three = arms(a=counts(95, 100, BETTER, lost), b=counts(60, 100, BETTER, lost), c=counts(59, 100, BETTER, lost))
    assert "a above b by 35 percentage points" in said(by_arm(three, "follow_up"))


def test_a_partial_response_is_not_better_than_a_response():
    partly, wholly = (20, 14), (20, 4)
    found = by_arm(arms(IV=[wholly] * 30 + [partly] * 2, JM=[partly] * 20 + [(20, 19)] * 12), "partial_response")
    assert said(found).startswith("JM lies above IV: 6 % of courses responded in part in IV and 63 % in JM, 56 ")
    assert "56 percentage points more in JM" in words(comparison_text(found))
    assert reading(found)[1] == LIMITS


def test_a_side_without_a_course_says_what_became_of_them():
    found = by_arm(arms(a=counts(12, 20), b=[(20, None)] * 3 + [(9, 4)]))
    assert said(found) == ("b has no course to compare (of 4 courses: 1 scored below 10 at the start and 3 lost to "
                           "follow-up), so nothing can be said of a difference.")
    filtered = compare(arms(a=counts(12, 20), b=counts(2, 4)), "phq9", "response", Levels("arm", ("a", "b")),
                       where={"arm": ["a"]})
    assert "b has no course to compare (no course matches)" in said(filtered)


def test_one_group_and_none():
    of = arms(a=counts(12, 20))
    assert said(by_arm(of)) == "There is one group only, a, and nothing to compare it with."
    assert reading(by_arm(of, where={"arm": ["z"]})) == (NOTHING,)


@pytest.mark.parametrize(("standing", "expected"), [
    (Standing(), "Exploratory: it was not declared the primary comparison."),
    (Standing("exploratory", 1), "Exploratory: it was not declared the primary comparison."),
    (Standing("exploratory", 14), "One of 14 comparisons; exploratory: among so many, some stand out by chance alone."),
    (Standing("primary", 14), "This is the comparison that was declared primary.")])
def test_primary_or_exploratory(standing, expected):
    found = rates_of(108, 195, 70, 170, standing=standing)
    assert reading(found)[1:] == (LIMITS, expected)


def test_where_fewer_courses_are_compared_the_sentence_says_so():
    of = several(lambda arm: arm)
    of.courses["patient_number"] = ["few"] * 78 + ["rest"] * 2
    assert "of first counted courses responded in a" in said(by_arm(of))
    assert "over first counted courses" in said(by_arm(of, "mean_improvement"))
    text = " ".join(notes(by_arm(of)))
    assert "20 of 40 courses (10 of the 20) in a and 20 of 40 courses (10 of the 20) in b" in text
    assert "20 of 40 courses in a" in " ".join(notes(by_arm(of, "mean_improvement")))
    assert "which here are all counted courses" in " ".join(notes(rates_of(3, 20, 2, 20)))
    assert "errors allow for patients with more than one" in " ".join(notes(by_arm(of, courses="all")))
    assert "errors come out too small" not in " ".join(notes(by_arm(of, courses="all")))
    few = by_arm(of, courses="all", where={"patient_number": ["few"]})
    assert "With 39 patients, fewer than 40, such errors come out too small" in " ".join(notes(few))
    both = by_arm(several(lambda arm: "b" if arm == "a" else "a"))
    assert "40 patients have counted courses in more than one group; each stands only where" in " ".join(notes(both))


GROUPS = {"a": (40, 60), "b": (26, 60), "c": (10, 60), "d": (3, 9), "e": (2, 4)}


def many(**groups):
    return by_arm(arms(**{name: counts(*both) for name, both in groups.items()}))


def test_several_groups_name_the_pairs_that_stand_out():
    text = said(many(**GROUPS))
    assert text.startswith("Between 17 % in c and 67 % in a of courses responded, in 4 groups. "
                           "After correction for 3 pairs 3 stand out: a better than b by 23 percentage points")
    assert text.endswith("Groups with fewer than 10 courses are shown and are in no test: 2 of 5.")


def test_several_groups_of_which_none_stands_out():
    assert ("No pair of 3 stands out after correction, which does not show that the groups are alike") in said(
        many(a=(12, 30), b=(10, 30), c=(14, 30)))
    alike = said(many(a=(600, 1200), b=(605, 1200), c=(595, 1200)))
    assert "No pair of 3 stands out after correction, and a difference of more than 5 percentage points" in alike
    doubtful = said(many(a=(20, 30), b=(12, 30), c=(14, 30)))
    assert "In 1 the interval alone excludes 0, which the correction for 3 pairs does not bear out" in doubtful


def test_several_groups_without_pairs_follow_the_test_of_all():
    many_groups = {f"g{number:02}": (6 + 6 * (number % 2), 14) for number in range(12)}
    assert "All together they differ more than chance explains (Pearson" in said(many(**many_groups))
    same = said(many(**dict.fromkeys(many_groups, (7, 14))))
    assert "no more than chance may explain" in same and "does not show that they are alike" in same
    assert "12 groups have 10 courses or more, and pairs are made of 10 at most" in same
    assert same.startswith("Between 50 % and 50 % of courses responded, in 12 groups. Of so many, small ones lie far "
                           "apart by chance alone.")
    small = said(many(a=(3, 5), b=(3, 6), c=(2, 7)))
    assert "No test was made. There are no two groups to test." in small
    assert said(many(a=(3, 4), b=(3, 3), c=(2, 2))) == (
        "None of the 3 groups has 5 courses to compare, so nothing can be said of a difference.")


def test_means_of_several_groups():
    moved = (("a", 10), ("b", 4), ("c", 2))
    pairs = {name: [(20 + one % 5, 20 + one % 5 - better - one % 3) for one in range(20)] for name, better in moved}
    text = said(by_arm(arms(**pairs), "mean_improvement"))
    assert text.startswith("The average improvement of 3 groups lies between 3.0 points in c and 11.0 points in a.")
    assert "a better than b by 6.0 points" in text


@pytest.mark.parametrize(("p", "text"), [
    (0.0004, "p < 0.001"), (0.001, "p = 0.001"), (0.0068, "p = 0.007"), (0.034, "p = 0.034"), (0.0496, "p = 0.0496"),
    (0.049, "p = 0.049"), (0.05, "p = 0.050"),
    (0.051, "p = 0.051"), (0.1, "p = 0.10"), (0.5, "p = 0.50"), (1.0, "p = 1.00"),
    (0.04999, "p = 0.04999")])
def test_p_in_words(p, text):
    assert p_words(p) == text


@pytest.mark.parametrize(("n", "mark"), [
    (0, "No course to count"), (1, "too few for a percentage"), (4, "too few for a percentage"),
    (5, "unstable: fewer than 20"), (19, "unstable: fewer than 20"), (20, None)])
def test_marks(n, mark):
    assert mark_of(n) == mark


def test_the_record_has_every_number_with_its_mark():
    record = comparison_record(rates_of(3, 4, 9, 30))
    assert list(record)[:3] == ["schema", "instrument", "measure"]
    assert record["groups"][0]["estimate"] == 0.75
    assert [one["mark"] for one in record["groups"]] == ["too few for a percentage", None]
    assert record["difference"]["mark"] == "too few for a percentage"
    assert record["difference"]["estimate"] == pytest.approx(0.45)
    assert record["groups"][0]["compared"] == {
        "numerator": 3, "denominator": 4, "patients": 4, "estimate": 0.75, "mark": "too few for a percentage"}
    mean = comparison_record(by_arm(from_r(), "mean_improvement"))
    assert set(mean["groups"][0]) >= {"n", "mean", "sd", "courses", "left_out"}
    assert set(mean["adjusted"]) >= {"estimate", "low", "high", "p", "method"}
    assert mean["groups"][0]["compared"]["n"] == 12


def test_the_rows_are_the_record():
    rows = comparison_rows(rates_of(108, 195, 70, 170))
    assert rows["row"].tolist() == ["group", "group", "difference", "risk ratio", "number needed"]
    assert rows["numerator"].tolist()[:2] == [108, 70]
    assert rows["a"].tolist() == ["IV", "JM", "IV", "IV", "IV"]
    adjusted = comparison_rows(by_arm(from_r(), "mean_improvement"))
    assert "adjusted difference" in adjusted["row"].tolist()
    several_groups = comparison_rows(many(a=(4, 12), b=(3, 12), c=(5, 12)))
    assert several_groups["row"].tolist().count("difference") == 3
    assert several_groups[several_groups["row"] == "difference"]["p_holm"].notna().all()


def test_the_text_for_a_console():
    text = comparison_text(rates_of(108, 195, 70, 170))
    assert "PHQ-9: Response by arm" in text
    assert "  IV: 55 %; 108 of 195; 95 % interval 48-62 %" in text
    assert "Difference: 14 percentage points in favour of IV, 95 % interval 4 to 24 (Miettinen-Nurminen)" in text
    assert "risk ratio: 1.35, 95 % interval 1.1 to 1.7" in text
    assert "no continuity correction: p = 0.007. Chosen because" in text
    wide = comparison_text(rates_of(12, 30, 9, 30))
    assert "Difference: the 95 % interval runs from 14 percentage points in favour of JM" in wide
    assert "No test: A group has fewer than 10 courses" in comparison_text(rates_of(3, 9, 9, 30))
    long = comparison_text(many(**{f"g{number:03}": (1, 2) for number in range(MOST_LINES + 2)}))
    assert "... and 2 more groups" in long
    assert "Difference" not in comparison_text(by_arm(
        arms(a=[(20, 9)] * 12, b=[(20, 15)] * 12), "mean_improvement"))


@pytest.mark.parametrize(("by", "name", "shown"), [
    ("cohort", "site North; sex F", "“site North; sex F”"), ("cohort", "site North or South", "“site North or South”"),
    ("cohort", "site North", "site North"), ("site", "North; old", "North; old"), ("site", None, "not recorded")])
def test_filters_of_a_cohort_are_set_off_from_the_sentence(by, name, shown):
    assert name_of(replace(rates_of(12, 30, 9, 30), by=by), name) == shown
