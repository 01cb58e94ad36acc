"""What each audience is told: cohorts drawn so that every count can be seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.results.comparison import compare
from analytics.results.disclosure import Disclosure, Ledger, NotForAudienceError, Page, disclosed
from analytics.results.disclosure_comparison import disclosed_comparison
from analytics.results.disclosure_groups import names_persons
from analytics.results.disclosure_parts import nearest, with_parts, withheld
from analytics.results.rates import paired_bands
from analytics.results.summary import summarize, with_more
from tests.drawn import attribute, induction, outcomes_of, score
from tests.wording.made import MEAN, RATE

BOARD, PUBLIC = Disclosure("board"), Disclosure("public")


def drawn(**sites: tuple[int, int, int]):
    """Sites with so many courses that responded, that did not, and that were lost."""
    scores, sessions, attributes = [], [], []
    number = 0
    for site, (yes, no, lost) in sites.items():
        for place in range(yes + no + lost):
            code, number = f"p{number:04}", number + 1
            attributes.append(attribute(code, "site", site))
            sessions += induction(code)
            scores.append(score(code, 0, 20))
            scores += [score(code, 24, 9 if place < yes else 15)] if place < yes + no else []
    return outcomes_of(scores, sessions, attributes)


def told(of, disclosure=BOARD, by=("site",), where=None, measures=("response",)):
    return disclosed(with_more(summarize(of, by, where, measures=measures), of, by, where), disclosure)


def response(summary, **stratum):
    return summary.result("phq9", "response", stratum)


def test_the_inside_is_told_everything():
    summary = summarize(drawn(A=(3, 2, 1)), ("site",))
    assert disclosed(summary, Disclosure()) is summary


def test_the_board_is_told_the_totals_of_a_small_clinic():
    whole = response(told(drawn(A=(12, 8, 6), B=(4, 6, 4)), by=()))
    assert (whole.numerator, whole.denominator, whole.courses) == (16, 30, 40)
    assert whole.left_out == {"pooled": 10}
    assert whole.low < whole.estimate < whole.high


@pytest.mark.parametrize(("lost", "left_out"), [(10, {"pooled": 10}), (11, {"no_endpoint": 11})])
def test_reasons_are_told_where_all_reach_the_threshold(lost, left_out):
    assert response(told(drawn(A=(12, 12, lost)), by=())).left_out == left_out


@pytest.mark.parametrize(("yes", "no", "is_told"), [(11, 11, True), (12, 8, False), (10, 20, False), (20, 10, False),
                                                    (11, 30, True), (0, 20, True), (20, 0, True)])
def test_a_complement_is_withheld_with_its_count(yes, no, is_told):
    of = drawn(A=(yes, no, 0), B=(30, 30, 30), C=(40, 40, 40), D=(50, 50, 50))
    page = Page(of, BOARD)
    page._strata[("site",), ()] = page.strata(("site",), {}, "phq9") if is_told else (_apart(of), {})
    cell = response(page.disclosed(summarize(of, ("site",), measures=("response",))), site="A")
    assert cell.withheld is not is_told
    assert (cell.numerator, cell.estimate, cell.low) == ((yes, cell.estimate, cell.low) if is_told else (None,) * 3)


def _apart(of):
    """Strata as they are, none put together."""
    from analytics.results.cohorts import strata

    return strata(of, ("site",), np.ones(len(of.courses), dtype=bool))


def test_another_stratum_is_withheld_beside_a_small_one():
    of = drawn(A=(4, 30, 0), B=(30, 30, 0), C=(40, 40, 0))
    page = Page(of, BOARD)
    page._strata[("site",), ()] = (_apart(of), {})
    cells = page.disclosed(summarize(of, ("site",), measures=("response",))).results[1:]
    assert [one.withheld for one in cells] == [True, True, False]  # the smaller of the others


def test_small_strata_are_put_together_first():
    summary = told(drawn(A=(5, 6, 0), B=(6, 5, 1), C=(40, 40, 0), D=(3, 3, 0)))
    assert summary.told.merged == {"3 together": ("A", "B", "D")}
    together = response(summary, site="3 together")
    assert (together.numerator, together.denominator) == (14, 28)
    assert [dict(one.stratum) for one in summary.results[1:]] == [{"site": "C"}, {"site": "3 together"}]


def test_a_single_small_stratum_is_joined_by_the_next_smallest():
    assert told(drawn(A=(5, 6, 0), B=(40, 40, 0), C=(20, 20, 0))).told.merged == {"2 together": ("A", "C")}


def test_strata_whose_sum_would_tell_each_are_joined_by_one_more():
    assert told(drawn(A=(10, 0, 0), B=(0, 10, 0), C=(40, 40, 0), D=(30, 30, 0))).told.merged == {
        "3 together": ("A", "B", "D")}


def test_courses_are_not_told_beside_a_denominator_that_differs_by_few():
    cell = response(told(drawn(A=(20, 20, 3), B=(30, 30, 0))), site="A")
    assert (cell.numerator, cell.denominator) == (20, 40)
    assert cell.courses is None
    assert cell.left_out == {}
    assert (cell.follow_up, cell.evaluated, cell.bounds, cell.missing_as_failure) == (None,) * 4


def test_a_measure_that_differs_by_few_from_one_told_is_withheld():
    of = drawn(A=(30, 30, 0), B=(30, 30, 0))
    summary = told(of, measures=("response", "reliable_improvement", "worsening"))
    assert not response(summary, site="A").withheld
    assert summary.result("phq9", "worsening", {"site": "A"}).numerator == 0  # 0 may be told


def test_where_a_small_total_lies_is_not_told_by_zeros():
    scores, sessions, attributes = [], [], []
    for number in range(90):
        code, site = f"p{number:03}", "ABC"[number // 30]
        attributes.append(attribute(code, "site", site))
        sessions += induction(code)
        after = 26 if number < 5 else 9 if number % 2 else 15
        scores += [score(code, 0, 20), score(code, 24, after)]
    of = outcomes_of(scores, sessions, attributes)
    summary = told(of, measures=("response", "reliable_deterioration"))
    worse = [summary.result("phq9", "reliable_deterioration", {"site": site}) for site in "BC"]
    assert summary.result("phq9", "reliable_deterioration").numerator == 5
    assert [one.withheld for one in worse] == [True, True]


def test_zeros_do_not_tell_where_a_small_total_of_another_measure_lies():
    scores, sessions, attributes = [], [], []
    for number in range(90):
        code, site = f"p{number:03}", "ABC"[number // 30]
        attributes.append(attribute(code, "site", site))
        sessions += induction(code)
        scores += [score(code, 0, 20), score(code, 24, 4 if number < 5 else 9 if number < 15 else 15)]
    of = outcomes_of(scores, sessions, attributes)
    assert summarize(of).result("phq9", "remission").numerator == 5  # and none where nobody responds
    cells = told(of).results[1:]
    assert [one.stratum["site"] for one in cells] == ["A", "B", "C"]
    assert [one.withheld for one in cells[1:]] == [True, True]


def test_a_filtered_cohort_is_a_part_for_the_board():
    of = drawn(A=(12, 8, 0), B=(40, 40, 0))
    assert response(told(of, by=(), where={"site": ["A"]})).withheld
    assert told(of, by=(), where={"site": ["A"]}).counts == {}
    assert response(told(of, by=(), where={"site": ["B"]})).withheld  # the whole less B is A


def test_advice_is_made_of_the_whole_and_never_of_the_group():
    of = drawn(A=(10, 20, 0), B=(10, 10, 0))
    assert [one.needed for one in told(of).told.advice if one.kind == "more"] == [28]  # 11 / (20 / 50), rounded up


def test_those_who_treat_are_named_to_the_inside_only():
    of = drawn(A=(20, 20, 0), B=(20, 20, 0))
    courses = of.courses.assign(clinician=of.courses["site"])
    of = replace(of, courses=courses)
    for asked in ({"by": ("clinician",)}, {"by": (), "where": {"clinician": ["A"]}}):
        with pytest.raises(NotForAudienceError, match="clinician"):
            told(of, **asked)
        assert told(of, Disclosure(), **asked).results


@pytest.mark.parametrize(("header", "values", "is_of_persons"), [
    ("clinician_code", ["C1"], True), ("treating doctor", ["x"], True), ("site", ["North", "South"], False),
    ("team", ["Dr. Smith", "Dr. Jones"], True), ("provider", ["P1"], True), ("indication", ["depression"], False)])
def test_an_attribute_names_persons_by_its_header_or_its_values(header, values, is_of_persons):
    import pandas as pd

    assert names_persons(header, pd.Series(values, dtype="str")) is is_of_persons


@pytest.mark.parametrize(("sites", "why"), [
    ({"A": (15, 14, 0)}, "few"), ({"A": (15, 15, 0)}, None), ({"A": (20, 20, 10)}, None), ({"A": (20, 20, 11)},
                                                                                         "follow_up")])
def test_the_gate_to_the_public(sites, why):
    summary = told(drawn(**sites), PUBLIC, by=())
    assert {one.why for one in summary.told.gate} == ({why} if why else set())
    assert response(summary).withheld is (why is not None)


def test_the_public_is_told_of_first_inductions_only():
    scores, sessions = [], []
    for number in range(40):
        for start in (0, 200)[:1 + (number < 15)]:
            sessions += induction(f"p{number}", start)
            scores += [score(f"p{number}", start, 20), score(f"p{number}", start + 24, 9 if number % 2 else 15)]
    assert {one.why for one in told(outcomes_of(scores, sessions), PUBLIC, by=()).told.gate} == {"kinds"}
    first = outcomes_of(scores, sessions, settings={"kinds": "induction"})
    assert not response(told(first, PUBLIC, by=())).withheld


def test_the_public_is_told_harm_in_the_same_breath_as_a_range_where_it_is_rare():
    scores, sessions = [], []
    for number in range(60):
        sessions += induction(f"p{number}")
        scores += [score(f"p{number}", 0, 15), score(f"p{number}", 24, 25 if number < 4 else 5 if number % 2 else 12)]
    summary = told(outcomes_of(scores, sessions), PUBLIC, by=())
    assert response(summary).numerator == 28
    assert summary.result("phq9", "reliable_deterioration").withheld
    (found,) = summary.told.ranges
    assert (found.measure, found.low, found.high, found.denominator) == ("reliable_deterioration", 0, 10, 60)


@pytest.mark.parametrize(("n_others", "is_told"), [(10, False), (11, True)])
def test_the_public_is_told_no_benefit_where_its_harm_may_not_be(n_others, is_told):
    # Beside the whole, the harm of A would tell of the others.
    of = drawn(A=(30, 30, 0), B=(0, n_others, 0))
    page = Page(of, PUBLIC)
    page.disclosed(summarize(of, (), {}, measures=("response",)))
    summary = page.disclosed(summarize(of, (), {"site": ["A"]}, measures=("response",)))
    assert [(one.why, one.title) for one in summary.told.gate] == ([] if is_told else [("harm_kept", "PHQ-9")])
    assert response(summary).withheld is not is_told
    assert summary.result("phq9", "reliable_deterioration").withheld is not is_told


def with_harm(**sites: tuple[int, int, int]):
    """Sites with so many courses that responded, that hardly changed, and that got reliably worse."""
    scores, sessions, attributes = [], [], []
    for site, numbers in sites.items():
        for place, after in enumerate(np.repeat((5, 14, 24), numbers)):
            code = f"{site}{place:03}"
            attributes.append(attribute(code, "site", site))
            sessions += induction(code)
            scores += [score(code, 0, 15), score(code, 24, int(after))]
    return outcomes_of(scores, sessions, attributes)


@pytest.mark.parametrize(("sites", "told_of"), [
    # In the second, the harm of A would tell the 4 of B, and is no rare one.
    ({"A": (20, 20, 12), "B": (20, 20, 12)}, {"A": "rate", "B": "rate"}),
    ({"A": (20, 20, 12), "B": (20, 20, 4)}, {"A": None, "B": "range"}),
    ({"A": (20, 20, 4), "B": (20, 20, 4)}, {"A": "range", "B": "range"})])
def test_no_benefit_of_a_group_is_told_to_the_public_without_its_harm(sites, told_of):
    summary = told(with_harm(**sites), PUBLIC)
    for site, kind in told_of.items():
        harm = summary.result("phq9", "reliable_deterioration", {"site": site})
        ranges = [one for one in summary.told.ranges if one.stratum == {"site": site}]
        assert response(summary, site=site).withheld is (kind is None), site
        assert (harm.withheld, len(ranges)) == (kind != "rate", int(kind == "range")), site


@pytest.mark.parametrize(("lost", "is_told"), [(15, True), (40, False)])
def test_a_group_whose_harm_was_not_followed_up_is_told_no_benefit(lost, is_told):
    # Mild courses are judged for harm alone: in A they were lost, and every course of benefit was followed up.
    scores, sessions, attributes = [], [], []
    for site, mild, n_lost in (("A", 0, lost), ("B", 200, 0)):
        for place in range(60 + mild + n_lost):
            code, start = f"{site}{place:03}", 20 if place < 60 else 6
            attributes.append(attribute(code, "site", site))
            sessions += induction(code)
            scores.append(score(code, 0, start))
            scores += [score(code, 24, start - 11 * (place % 2) if place < 60 else 5)] if place < 60 + mild else []
    summary = told(outcomes_of(scores, sessions, attributes), PUBLIC)
    assert summary.told.gate == () or {one.is_of_groups for one in summary.told.gate} == {True}
    assert response(summary, site="A").withheld is not is_told


def test_the_board_is_told_a_benefit_of_a_group_without_its_harm():
    summary = told(with_harm(A=(20, 20, 12), B=(20, 20, 4)), BOARD)
    assert not response(summary, site="A").withheld


def test_behind_a_shut_gate_nothing_counts_as_small_and_no_number_of_courses_is_advised():
    summary = told(drawn(A=(10, 10, 0), B=(4, 4, 0)), PUBLIC)
    assert {one.why for one in summary.told.gate} == {"few"}
    assert all(one.withheld for one in summary.results)
    assert (summary.told.n_withheld, summary.told.advice) == (0, ())


@pytest.mark.parametrize(("lost", "is_told"), [(10, True), (11, False)])
def test_a_group_that_was_not_followed_up_is_said_to_be_one_of_some(lost, is_told):
    of = drawn(A=(60, 60, 0), B=(20, 20, lost))
    gate = [one for one in told(of, PUBLIC).told.gate if one.measure == "response"]
    assert [(one.why, one.is_of_groups) for one in gate] == ([] if is_told else [("follow_up", True)])


def test_harm_is_told_ahead_of_every_part_of_benefit():
    page = Page(drawn(A=(40, 40, 0)), PUBLIC)
    asked = []
    auditor = page.auditor("phq9")
    may_tell, harm = auditor.may_tell, page.sets("phq9").of_measure("reliable_deterioration").parts["core"]
    auditor.may_tell = lambda sets: asked.append(list(sets)) or may_tell(sets)
    page.disclosed(summarize(page.of, (), {}, measures=("response",)))
    assert [auditor.kinds[one.kind].sum() for one in asked[0]] == [mask.sum() for mask in harm]
    assert len(asked[0]) == 2


def test_what_is_not_of_counts_stays_inside():
    summary = told(drawn(A=(20, 20, 11), B=(30, 30, 11)), PUBLIC, by=())
    assert summary.findings == summary.files == summary.significance == summary.time_points == ()
    assert summary.counts == {"courses": 122}


def test_a_threshold_of_ones_own():
    of = drawn(A=(5, 5, 0), B=(30, 30, 0))
    assert not response(told(of, Disclosure("board", 5)), site="A").withheld
    with pytest.raises(ValueError, match="2 or more"):
        Disclosure("board", 1)
    with pytest.raises(ValueError, match="audience"):
        Disclosure("press")


def test_counts_to_the_nearest_five_and_everything_made_of_them():
    whole = response(told(drawn(A=(23, 19, 13)), Disclosure("board", rounding=5), by=()))
    assert (whole.numerator, whole.denominator, whole.courses, whole.left_out) == (25, 40, 55, {"pooled": 15})
    assert whole.estimate == 25 / 40
    assert (whole.follow_up, whole.bounds, whole.median_endpoint_day) == (None, None, None)
    assert [nearest(one, 5) for one in (0, 2, 3, 7, 8, 12, 13)] == [0, 0, 5, 5, 10, 10, 15]
    assert [nearest(one, 10) for one in (4, 5, 14, 15)] == [0, 10, 10, 20]


def test_an_interval_that_counts_with_returning_patients_is_told_outwards():
    one = with_parts(replace(RATE, interval="wilson_clustered"), ("core",), has_median=False)
    assert (one.low, one.high) == pytest.approx((0.45, 0.60))
    mean = with_parts(replace(MEAN, interval="t_clustered"), ("core",), has_median=False)
    assert (mean.low, mean.high) == (7, 9)


@pytest.mark.parametrize("result", [RATE, MEAN])
def test_a_withheld_result_holds_no_number(result):
    bare = vars(withheld(result))
    assert not [name for name, value in bare.items() if isinstance(value, (int, float)) and name != "withheld"]
    assert bare["left_out"] == {}


def test_bands_are_put_together_until_they_can_be_told():
    of = drawn(A=(20, 20, 0), B=(30, 30, 0))
    page = Page(of, BOARD)
    table = paired_bands(of, "phq9", np.ones(len(of.courses), dtype=bool))
    assert page.bands("phq9", table) is table  # totals of the clinic
    part = page.bands("phq9", paired_bands(of, "phq9", (of.courses["site"] == "A").to_numpy()), {"site": ["A"]})
    assert part is None or all((part[side] == 0).sum() + (part[side] >= 11).sum() == len(part)
                               for side in ("baseline", "endpoint"))


def test_a_comparison_is_told_whole_or_not_at_all():
    large, small = drawn(A=(20, 20, 0), B=(30, 30, 0)), drawn(A=(20, 5, 0), B=(30, 30, 0))
    found = disclosed_comparison(large, compare(large, "phq9", "response", "site"), BOARD)
    assert [(one.result.numerator, one.result.denominator, one.result.courses) for one in found.groups] == [
        (20, 40, None), (30, 60, None)]
    assert disclosed_comparison(small, compare(small, "phq9", "response", "site"), BOARD) == "small"
    assert disclosed_comparison(large, compare(large, "phq9", "response", "site"), PUBLIC) == "public"
    assert disclosed_comparison(large, compare(large, "phq9", "response", "site", landmark=10), BOARD) == "landmark"


def mask(of, n):
    return np.arange(len(of.courses)) < n


@pytest.mark.parametrize(("n", "is_refused"), [(100, False), (90, True), (89, False), (10, True), (11, False)])
def test_a_filter_that_isolates_few_is_refused(n, is_refused):
    of = drawn(A=(50, 50, 0))
    ledger = Ledger(of, BOARD)
    assert ledger.show("the clinic", mask(of, 100)) is None
    refusal = ledger.may_show(mask(of, n))
    assert (refusal is not None) is is_refused
    assert refusal is None or refusal.why == "isolates"


def test_the_ledger_looks_at_all_that_was_shown_together():
    of = drawn(A=(50, 50, 0))
    place = np.arange(100)
    ledger = Ledger(of, BOARD)
    assert ledger.show("first", place < 40) is None
    assert ledger.show("second", (place >= 35) & (place < 80)) is None  # they cross in 5: nobody is told
    assert ledger.may_show((place >= 35) & (place < 40)).why == "isolates"
    assert ledger.may_show(place < 80).why == "isolates"  # both less this are those 5


def test_the_inside_is_never_refused():
    of = drawn(A=(50, 50, 0))
    assert Ledger(of, Disclosure()).may_show(mask(of, 1)) is None


@pytest.mark.parametrize(("change", "is_refused"), [(1, True), (10, True), (11, False), (0, False)])
def test_two_states_of_the_data_that_differ_in_few_are_not_both_shown(change, is_refused):
    before, after = drawn(A=(50, 50, 0)), drawn(A=(50 + change, 50 - change, 0))
    shown = Ledger(before, BOARD)
    shown.show("March", mask(before, 100))
    refusal = Ledger(after, BOARD, shown.shown).may_show(mask(after, 100))
    assert (refusal is not None and refusal.why == "versions") is is_refused
