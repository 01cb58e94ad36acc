from __future__ import annotations

from dataclasses import fields
from itertools import product

import pytest

from analytics.definitions.benchmarks import BENCHMARKS, FACTS
from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.old_ways import (
    ANSWERS,
    OURS,
    QUESTIONS,
    USUAL_WAYS,
    Way,
    changed_rules,
    visit_answers,
    way_from,
)
from analytics.definitions.rules import PRESETS, rule_set


def test_every_way_has_a_code_that_gives_it_back():
    for answers in product(*(ANSWERS[question] for question in QUESTIONS)):
        way = Way(*answers)
        assert way_from(way.code) == way
    for name, way in USUAL_WAYS.items():
        assert way_from(name) == way
        assert way.code == way_from(way.code).code
        assert len(way.code) <= 120
    assert Way().code == "ours.ours.ours.ours.ours"


@pytest.mark.parametrize("code", ["", "best", "ours.ours.ours.ours", "ours.ours.ours.ours.cured",
                                  "ours.ours.visit-.ours.ours", "ours.ours.ours.ours.ours.ours"])
def test_another_code_is_refused(code):
    with pytest.raises(ValueError, match="came"):
        way_from(code)


def test_visits_become_answers_and_those_alike_are_numbered():
    assert visit_answers(["Week 4", "week-4", "Post", "après", "前", "後"]) == {
        "visit-week-4": "Week 4", "visit-week-4-2": "week-4", "visit-post": "Post", "visit-apr-s": "après",
        "visit-unnamed": "前", "visit-unnamed-2": "後"}
    for answer in visit_answers(["a" * 200, "Week 4"]):
        assert len(Way(after=answer).code) <= 120
    assert Way(after="visit-week-4").after == "visit-week-4"


def test_our_answers_change_nothing_and_others_only_what_they_speak_of():
    for rules in PRESETS.values():
        assert changed_rules(rules, Way()) == rules
    rules = PRESETS["induction_strict"]
    spoken = {"who": {"eligible", "complete_inductions_only", "complete_last_day_window", "kinds", "first_course_only",
                      "drop_started_before", "requires_sessions"},
              "before": {"baseline_window", "baseline_pick", "baseline_visit", "counts_from_index"},
              "after": {"endpoint_window", "endpoint_pick", "endpoint_anchor", "endpoint_target_day", "endpoint_visit"},
              "lost": {"missing"}, "success": set()}
    for question, answers in ANSWERS.items():
        for answer in answers:
            changed = changed_rules(rules, Way(**{question: answer}))
            differs = {item.name for item in fields(rules) if getattr(changed, item.name) != getattr(rules, item.name)}
            assert differs <= spoken[question], answer
    assert changed_rules(rules, Way(who="case_patients")).eligible == "caseness"
    assert changed_rules(rules, Way(after="visit-post"), "Post").endpoint_visit == "Post"
    assert changed_rules(PRESETS["twelve_month"], Way(before="first")).counts_from_index is False


def test_published_rows_hold_what_was_printed():
    printed = {(key, figure.measure): (figure.numerator, figure.denominator, figure.estimate)
               for key, one in BENCHMARKS.items() for figure in one.figures}
    assert printed["mcinnes_2022", "response"] == (288, 537, 0.536)
    assert printed["mcinnes_2022", "remission"] == (155, 537, 0.289)
    assert printed["mcinnes_2022", "worsening"] == (45, 537, 0.084)
    assert printed["sakurai_2020", "response"] == (15, 82, 0.183)
    assert printed["wilkinson_2018", "response"] == (20, 44, 0.455)
    assert printed["wilkinson_2018", "remission"] == (12, 44, 0.273)
    assert printed["pfeiffer_2024", "response"] == (None, None, 0.26)
    assert printed["pfeiffer_2024", "remission"] == (None, None, 0.15)
    assert printed["hull_2022", "response"] == (None, None, 0.628)
    assert printed["hull_2022", "remission"] == (None, None, 0.326)
    assert printed["oliver_2022", "response"][2] == 0.72
    pooled = BENCHMARKS["alnefeesi_2022"]
    assert [(one.estimate, one.margin) for one in pooled.figures] == [(0.45, 0.1), (0.3, 0.059)]
    assert BENCHMARKS["oliver_2022"].kind == "ever_reached"
    assert {key: one.n for key, one in BENCHMARKS.items()} == {
        "mcinnes_2022": 537, "pfeiffer_2024": 215, "hull_2022": 1247, "sakurai_2020": 82, "wilkinson_2018": 44,
        "alnefeesi_2022": 2665, "oliver_2022": None}


def test_every_printed_count_gives_the_printed_percentage():
    for one in BENCHMARKS.values():
        for figure in one.figures:
            if figure.numerator is not None:
                assert round(figure.numerator / figure.denominator, 3) == figure.estimate, one.key


def test_every_row_that_can_be_recounted_has_rules_that_hold():
    for one in BENCHMARKS.values():
        assert (one.rules is None) == (one.kind != "endpoint")
        if one.rules is not None:
            base = rule_set(one.rules.preset, one.rules.settings).base
            assert one.rules.instrument in BUILT_IN
            assert (one.rules.remission is not None) == any(figure.measure == "remission" for figure in one.figures)
            assert base.preset == one.rules.preset
    strict = rule_set(BENCHMARKS["mcinnes_2022"].rules.preset).base
    assert (strict.endpoint_window, strict.complete_last_day_window, strict.complete_sessions) == ((14, 31), (7, 28), 4)
    assert str(BENCHMARKS["pfeiffer_2024"].rules.remission) == "<= 5"


def test_what_is_from_memory_says_so():
    assert {one.key for one in FACTS if one.is_from_memory} == {"pain_after_one", "pain_after_series"}
    assert [(one.estimate, one.days) for one in FACTS if one.about == "durability"] == [(0.8, 28), (0.6, 56)]
    assert all(one.uncertain for key, one in BENCHMARKS.items() if key in ("sakurai_2020", "wilkinson_2018"))
    assert OURS not in BENCHMARKS
