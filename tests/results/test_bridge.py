"""The bridge from an old way of counting: real recounts, steps that add up in any order, an end that is our rate."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from analytics.courses.outcomes import outcomes
from analytics.definitions.instruments import BUILT_IN, CutOff
from analytics.definitions.old_ways import ANSWERS, QUESTIONS, USUAL_WAYS, Way
from analytics.definitions.rules import rule_set
from analytics.results.bridge import bridge
from analytics.results.ground import ground
from analytics.results.recount import Counted, by_rules, by_way, why_not
from analytics.results.summary import summarize
from tests.courses.test_second_implementation import cohort_of, tables_of
from tests.drawn import attribute, drawn_tables, induction, outcomes_of, score, session


def counted(of, way, instrument="phq9", **keywords):
    one = by_way(ground(of, instrument, **keywords), way)
    return one.numerator, one.denominator


def patient(code, *totals, days=(0, 30), start=0, **keywords):
    """Scores of one patient and the sessions of a complete induction."""
    scores = [score(code, start + day, total) for day, total in zip(days, totals, strict=True) if total is not None]
    return scores, induction(code, start, **keywords)


def drawn(*patients, **keywords):
    scores = [one for some, _ in patients for one in some]
    sessions = [one for _, some in patients for one in some]
    return outcomes_of(scores, sessions, **keywords)


def ours(of, instrument="phq9", measure="response", where=None):
    one = summarize(of, where=where).result(instrument, measure)
    return one.numerator, one.denominator


def test_any_improvement_from_first_to_last_score():
    of = drawn(patient("a", 9, 8, 12, days=(-200, 0, 300)), patient("b", 20, 19, days=(-1, 400)),
               patient("c", 20, None), patient("d", 12, 12), patient("e", 0, 5), patient("f", 8, 7))
    assert ours(of) == (0, 1)
    assert counted(of, USUAL_WAYS["first_to_last"]) == (2, 5)
    assert counted(of, Way("patients", "last", "last_ever", "left_out", "any")) == (2, 5)


def test_each_patient_once_is_the_first_course_and_courses_are_all_of_them():
    of = drawn(patient("a", 20, 9), patient("a", 20, 15, start=200), ([score("a", 400, 20), score("a", 425, 5)],
                                                                      [session("a", 400)]), patient("b", 9, 4))
    assert ours(of) == (1, 2)
    assert of.courses["kind"].tolist() == ["induction", "re_induction", "booster", "induction"]
    assert counted(of, Way("patients")) == (2, 2)
    assert counted(of, Way("case_patients")) == (1, 1)
    assert counted(of, Way("courses")) == (3, 4)
    assert counted(of, Way("completers")) == (2, 3)


def test_completers_need_a_complete_induction_and_those_without_sessions_are_none():
    scores = [score(code, day, total) for code in "abc" for day, total in ((0, 20), (20, 5))]
    of = outcomes_of(scores, [*induction("a"), session("b", 0), session("b", 3)])
    assert ours(of) == (2, 2)
    assert counted(of, Way("completers")) == (1, 1)
    # Patient c has scores and no session: each patient once counts her, though no day of the end can be found.
    assert counted(of, Way("patients", after="last_ever")) == (3, 3)
    assert counted(of, Way("courses", after="last_ever")) == (3, 3)
    assert counted(of, Way(after="last_ever")) == (2, 2)


@pytest.mark.parametrize(("before", "expected"), [("ours", 0), ("last", 0), ("first", 0), ("worst", 1)])
def test_the_worst_score_before(before, expected):
    of = drawn(patient("a", 12, 22, 14, 11, days=(-90, -60, -1, 30)))
    assert counted(of, Way(before=before)) == (expected, 1)


def test_the_score_before_lies_on_day_0_at_the_latest_and_the_first_on_file_may_be_older():
    of = drawn(patient("a", 20, 27, 10, days=(0, 1, 30)), patient("b", 22, 10, 11, days=(-400, -31, 30)))
    assert counted(of, Way(before="worst")) == (2, 2)
    assert counted(of, Way(before="last")) == (1, 2)
    assert counted(of, Way(before="first")) == (2, 2)
    assert ours(of) == (1, 1)


def test_the_best_score_ever_is_that_of_any_window_the_day_of_a_session_and_later_courses_too():
    scores, sessions = patient("a", 20, 18, days=(0, 30))
    late, again = patient("a", 19, 9, start=300)
    of = outcomes_of([*scores, *late], [*sessions, *again], settings={"first_course_only": "yes"})
    assert ours(of) == (0, 1)
    assert counted(of, Way(after="best_after")) == (0, 1)
    assert counted(of, Way(after="best_ever")) == (1, 1)
    during = outcomes_of([*scores, score("a", 3, 2, timing="after")], sessions)
    assert ours(during) == (0, 1)
    assert counted(during, Way(after="best_after")) == (1, 1)
    assert counted(during, Way(after="last_after")) == (0, 1)
    assert counted(drawn(patient("b", 22, 4, 20, days=(-9, -5, 30))), Way(before="first", after="best_after")) == (0, 1)
    assert counted(drawn(patient("b", 22, 4, 20, days=(-9, -5, 30))), Way(before="first", after="best_ever")) == (1, 1)


def test_the_best_score_is_the_highest_where_higher_is_better():
    scores = [score("a", day, total, instrument="who5") for day, total in ((0, 20), (15, 60), (30, 24))]
    of = outcomes_of(scores, induction("a"))
    assert counted(of, Way(after="best_after"), "who5") == (1, 1)
    assert counted(of, Way(after="last_after"), "who5") == (0, 1)


def test_the_last_score_before_the_next_course_or_ever():
    scores, sessions = patient("a", 20, 9, 18, days=(0, 90, 200))
    later, again = patient("a", None, 4, start=200)
    of = outcomes_of([*scores, *later], [*sessions, *again])
    assert counted(of, Way("patients", after="last_after")) == (0, 1)
    assert counted(of, Way("patients", after="last_ever")) == (1, 1)
    assert counted(of, Way("patients", after="ours")) == (0, 0)


def test_on_one_day_the_later_time_is_the_last_score():
    scores = [score("a", 0, 20), score("a", 30, 9, time=600), score("a", 30, 19, time=540)]
    assert counted(outcomes_of(scores, induction("a")), Way(after="last_after")) == (1, 1)
    untimed = [score("a", 0, 20), score("a", 30, 9), score("a", 30, 19)]
    assert counted(outcomes_of(untimed, induction("a")), Way(after="last_after")) == (0, 1)
    assert counted(outcomes_of(untimed, induction("a")), Way(after="best_after")) == (1, 1)


@pytest.mark.parametrize(("lost", "expected"), [
    ("ours", (1, 2)), ("left_out", (1, 2)), ("failed", (1, 5)), ("succeeded", (4, 5)), ("carried", (2, 5))])
def test_those_lost(lost, expected):
    of = drawn(patient("a", 20, 9), patient("b", 20, 15), patient("c", 20, 5, days=(0, 8)), patient("d", 20, None),
               patient("e", 20, 5, days=(0, 90)), patient("f", 9, None))
    assert counted(of, Way(lost=lost)) == expected


def test_a_score_is_carried_from_before_the_windows_end_only_and_the_first_score_is_where_there_is_none():
    on_edge = drawn(patient("a", 20, 5, days=(0, 41)), patient("b", 20, 5, days=(0, 42)))
    assert ours(on_edge) == (1, 1)
    assert counted(on_edge, Way(lost="carried")) == (1, 2)
    assert counted(drawn(patient("b", 20, None)), Way(lost="carried", success="any")) == (0, 1)


@pytest.mark.parametrize("missing", ["failure", "unchanged"])
def test_where_our_rules_count_the_lost_ours_does_and_the_old_way_may_leave_them_out(missing):
    of = drawn(patient("a", 20, 9), patient("b", 20, None), settings={"missing": missing})
    assert counted(of, Way()) == ours(of) == (1, 2)
    assert counted(of, Way(lost="left_out")) == (1, 1)
    assert counted(of, Way(lost="succeeded")) == (2, 2)


def test_a_course_that_is_not_due_counts_where_no_window_is_asked_for():
    of = drawn(patient("a", 20, 9, days=(0, 20)), observed_until={"a": 25})
    assert ours(of) == (0, 0)
    assert counted(of, Way(after="last_ever")) == (1, 1)
    assert counted(of, Way(lost="succeeded")) == (0, 0)


@pytest.mark.parametrize(("success", "expected"), [
    ("ours", (3, 8)), ("any", (6, 9)), ("third", (5, 8)), ("half", (3, 8)), ("important", (4, 9)),
    ("below_line", (3, 9)), ("half_or_below", (4, 9))])
def test_what_is_success(success, expected):
    pairs = ((20, 10), (20, 11), (20, 14), (20, 15), (20, 20), (20, 21), (8, 4), (4, 2), (0, 0))
    of = drawn(*(patient(f"p{number}", *pair) for number, pair in enumerate(pairs)), settings={"eligible": "all"})
    assert counted(of, Way(success=success)) == expected


def test_a_start_at_0_is_not_halved_by_staying_there_where_higher_is_better():
    lined = replace(BUILT_IN["who5"], remission=CutOff(">=", 50, "drawn"))
    scores = [score(code, day, total, instrument="who5") for code, day, total in (
        ("a", 0, 0), ("a", 30, 10), ("b", 0, 20), ("b", 30, 32), ("c", 0, 0), ("c", 30, 60))]
    tables = drawn_tables(scores, [one for code in "abc" for one in induction(code)])
    of = outcomes(replace(tables, instruments={"who5": lined}), rule_set("induction"))
    assert counted(of, Way(success="half_or_below"), "who5") == (2, 3)


def test_a_fixed_visit_is_the_score_after():
    scores = [score(code, None, total, visit=visit)
              for code, totals in (("a", (20, 9, 15)), ("b", (20, None, 10)), ("c", (20, 12, None)))
              for visit, total in zip(("pre", "Week 4", "post"), totals, strict=True) if total is not None]
    of = outcomes_of(scores, preset="first_last", axis="visit", visits=("pre", "Week 4", "post"))
    assert ours(of) == (1, 3)
    assert counted(of, Way(after="visit-week-4")) == (1, 2)
    assert counted(of, Way(after="visit-week-4", lost="failed")) == (1, 3)
    assert counted(of, Way(after="visit-post", lost="carried")) == (1, 3)
    assert counted(of, Way(after="best_ever")) == (2, 3)
    named = outcomes_of(scores, preset="first_last", axis="visit", visits=("pre", "Week 4", "post"),
                        settings={"baseline_visit": "pre", "endpoint_visit": "week 4"})
    assert ours(named) == (1, 2)
    assert counted(named, Way(lost="carried")) == (1, 3)
    assert why_not(ground(of, "phq9"), Way(after="visit-week-8")) == (("after", "no_such_visit"),)


def test_where_an_index_score_stands_everyone_starts_at_the_first_score_and_not_at_the_first_that_is_a_case():
    scores = [score("a", day, total) for day, total in ((0, 8), (100, 20), (365, 4), (465, 5))]
    of = outcomes_of(scores, preset="twelve_month")
    assert ours(of) == (1, 1)
    assert counted(of, Way(success="any")) == (1, 1)
    assert counted(of, Way("patients", lost="left_out")) == (1, 1)
    mild = outcomes_of([score("a", 0, 8), score("a", 365, 4)], preset="twelve_month")
    found = bridge(mild, Way("patients", lost="left_out"), "phq9")
    assert (found.start, found.end) == (Counted(1, 1), Counted(0, 0))


def test_a_score_with_the_id_of_another_course_is_one_ever_unless_days_restart():
    days = [*induction("a", course="C1"), *induction("a", 200, course="C2")]
    scores = [score("a", 0, 20, course="C1"), score("a", 30, 18, course="C1"), score("a", 230, 4, course="C2")]
    of = outcomes_of([*scores, score("b", 0, 20)], [*days, *induction("b")])
    assert counted(of, Way("patients", after="best_ever", lost="failed")) == (1, 2)
    restarting = outcomes_of([*scores[:2], score("a", 30, 4, course="C2")], days)
    assert counted(restarting, Way("patients", after="best_ever")) == (0, 1)


def test_pain_is_counted_by_its_own_measure():
    scores = [score("a", 0, 8, instrument="pain_nrs"), score("a", 30, 5.6, instrument="pain_nrs")]
    of = outcomes_of(scores, induction("a"))
    assert counted(of, Way(), "pain_nrs") == (1, 1)
    assert counted(of, Way(success="half"), "pain_nrs") == (0, 1)
    assert counted(of, Way(), "pain_nrs", measure="pain_50") == (0, 1)
    assert why_not(ground(of, "pain_nrs"), Way(success="below_line")) == (("success", "no_line"),)


def test_files_that_cannot_be_counted_so_say_why():
    alone = outcomes_of([score("a", 0, 20), score("a", 30, 5)], preset="first_last")
    everything = Way("completers", "worst", "best_after")
    assert why_not(ground(alone, "phq9"), everything) == (
        ("who", "needs_sessions"), ("before", "needs_sessions"), ("after", "needs_sessions"))
    found = bridge(alone, everything, "phq9")
    assert (found.start, found.steps, found.end.denominator, found.change) == (None, (), 1, None)
    with pytest.raises(ValueError, match="needs_sessions"):
        by_way(ground(alone, "phq9"), Way(before="last"))
    visits = outcomes_of([score("a", None, 20, visit="pre")], axis="visit", visits=("pre",), preset="first_last")
    assert why_not(ground(visits, "phq9"), Way(before="last")) == (("before", "needs_days"),)
    index = outcomes_of([score("a", 0, 20), score("a", 365, 5)], induction("a"), preset="twelve_month")
    assert why_not(ground(index, "phq9"), Way(who="courses")) == (("who", "needs_courses"),)
    assert counted(index, Way("patients", "first", "last_ever", "left_out", "any")) == (1, 1)
    assert why_not(ground(outcomes_of([score("a", 0, 20, instrument="bdi2")], induction("a")), "bdi2"),
                   Way(success="important")) in ((("success", "no_important_change"),), ())


def test_questions_about_what_is_not_there_are_refused():
    of = drawn(patient("a", 20, 9))
    with pytest.raises(ValueError, match="no instrument in the files called 'gad7'; there are phq9"):
        bridge(of, Way(), "gad7")
    with pytest.raises(ValueError, match="rate of benefit"):
        bridge(of, Way(), "phq9", measure="worsening")
    with pytest.raises(ValueError, match="rate of benefit"):
        bridge(of, Way(), "phq9", measure="cure")
    for order in (("who", "who"), ("what",)):
        with pytest.raises(ValueError, match="names each of"):
            bridge(of, Way(), "phq9", order=order)


def test_the_steps_are_named_in_the_order_chosen_and_those_not_named_come_last():
    of = drawn(patient("a", 20, 9), patient("b", 9, 8), patient("c", 20, 19))
    way = USUAL_WAYS["first_to_last"]
    found = bridge(of, way, "phq9", order=("success", "lost"))
    assert [one.question for one in found.steps] == ["success", "lost", "who", "before", "after"]
    assert (found.start.numerator, found.start.denominator) == (3, 3)
    first = found.steps[0]
    assert (first.was, first.numerator_change, first.denominator_change) == ("any", -2, 0)
    assert first.change == Fraction(-2, 3)
    assert found.steps[2].denominator_change == -1
    assert found.change == Fraction(1, 2) - 1
    assert bridge(of, Way(), "phq9").steps == ()


def test_a_step_through_nobody_has_no_rate():
    of = drawn(patient("a", 9, 4), patient("b", 20, 9, days=(0, 90)))
    found = bridge(of, Way("patients", after="last_after"), "phq9", order=("who", "after"))
    assert [one.change for one in found.steps] == [Fraction(1) - Fraction(1), None]
    assert found.change is None
    assert found.end.estimate is None


def test_the_filters_hold_in_every_count():
    rows = [attribute("a", "site", "North"), attribute("b", "site", "South")]
    scores, sessions = patient("a", 20, 9)
    more, others = patient("b", 20, 19)
    of = outcomes_of([*scores, *more], [*sessions, *others], rows)
    assert counted(of, Way("patients", success="any"), where={"site": ["North"]}) == (1, 1)
    assert counted(of, Way("patients", success="any"), where={"site": ["East"]}) == (0, 0)
    assert bridge(of, USUAL_WAYS["first_to_last"], "phq9", where={"site": ["East"]}).change is None


SEEDS = (*range(0, 40, 8), 7, 10, 12, 38, 103)


@pytest.mark.parametrize("seed", SEEDS, ids=str)
def test_the_steps_add_up_exactly_in_any_order_on_generated_cohorts(seed):
    """Start and changes make the end, which is the rate of the summary; start does not depend on the order."""
    cohort, rng = cohort_of(seed), Random(seed)
    of = outcomes(tables_of(cohort), cohort.rule_set)
    for instrument in rng.sample(of.instrument_keys, 1):
        on = ground(of, instrument)
        expected = ours(of, instrument, on.measure.key)
        assert expected == counted(of, Way(), instrument)
        rules = by_rules(on)
        assert expected == (rules.numerator, rules.denominator)
        for _ in range(2):
            way = Way(**{question: rng.choice(ANSWERS[question]) for question in QUESTIONS})
            for order in (QUESTIONS, tuple(rng.sample(QUESTIONS, 5)), tuple(rng.sample(QUESTIONS, 2))):
                found = bridge(of, way, instrument, order=order)
                assert expected == (found.end.numerator, found.end.denominator)
                if found.start is None:
                    assert found.why_not
                    continue
                assert (found.start.numerator, found.start.denominator) == counted(of, way, instrument)
                assert_adds_up(found)


def assert_adds_up(found):
    before = found.start
    for step in found.steps:
        assert step.before == before
        before = step.after
    assert before == found.end
    numerators, denominators = ([getattr(one, name) for one in found.steps]
                                for name in ("numerator_change", "denominator_change"))
    assert found.start.numerator + sum(numerators) == found.end.numerator
    assert found.start.denominator + sum(denominators) == found.end.denominator
    changes = [one.change for one in found.steps]
    if None not in changes and found.start.denominator:
        assert Fraction(found.start.numerator, found.start.denominator) + sum(changes) == Fraction(
            found.end.numerator, found.end.denominator)
        assert found.change == sum(changes, Fraction(0))


def test_two_sets_of_rules_end_in_our_rate_too():
    pain = [score(code, day, total, instrument="pain_nrs")
            for code in "ab" for day, total in ((0, 8), (38, 5), (40, 2))]
    rows = [attribute("a", "indication", "CRPS"), attribute("b", "indication", "depression")]
    of = outcomes_of(pain, [*induction("a"), *induction("b")], rows, preset="clinic")
    assert len(ground(of, "pain_nrs").courses.rules) == 2
    assert ours(of, "pain_nrs", "pain_30") == (2, 2)
    found = bridge(of, Way("patients", "worst", "best_ever", "failed", "half"), "pain_nrs")
    assert (found.end.numerator, found.end.denominator) == (2, 2)
    assert_adds_up(found)
