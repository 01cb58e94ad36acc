"""Which score stands for before and which for after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analytics.courses.outcomes import outcomes
from analytics.definitions.rules import rule_set
from analytics.definitions.tables import FileRecord
from tests.drawn import attribute, drawn_tables, flag, induction, outcomes_of, reason, row_of, score, session

# A complete induction on days 0, 3, 7, 10: the endpoint window is day 11 to 41.


def chosen(scores, sessions=None, preset="induction", course=0, **settings):
    of = outcomes_of(scores, induction("a") if sessions is None else sessions, preset=preset, settings=settings)
    row = row_of(of, course)
    return [None if pd.isna(row[side]) else row[side] for side in ("baseline", "endpoint")]


@pytest.mark.parametrize(("day", "baseline"), [(-31, None), (-30, 20), (0, 20), (1, None)])
def test_the_baseline_lies_from_thirty_days_before_to_day_0(day, baseline):
    assert chosen([score("a", day, 20)])[0] == baseline


@pytest.mark.parametrize(("day", "endpoint"), [(10, None), (11, 9), (41, 9), (42, None)])
def test_the_endpoint_lies_1_to_31_days_after_the_last_induction_session(day, endpoint):
    assert chosen([score("a", 0, 20), score("a", day, 9)])[1] == endpoint


@pytest.mark.parametrize(("day", "endpoint"), [(23, None), (24, 9), (41, 9), (42, None)])
def test_the_strict_endpoint_lies_14_to_31_days_after(day, endpoint):
    assert chosen([score("a", 0, 20), score("a", day, 9)], preset="induction_strict")[1] == endpoint


@pytest.mark.parametrize(("day", "endpoint"), [(38, 9), (39, None)])
def test_the_pain_endpoint_lies_1_to_28_days_after(day, endpoint):
    assert chosen([score("a", 0, 20), score("a", day, 9)], preset="pain_series")[1] == endpoint


def test_the_last_score_in_the_window_is_taken():
    scores = [score("a", 40, 7), score("a", -20, 22), score("a", 20, 12), score("a", -1, 21), score("a", 5, 15)]
    assert chosen(scores) == [21, 7]


@pytest.mark.parametrize(("pick", "baseline"), [("first", 18), ("worst", 24), ("last", 20), ("mean_last_7_days", 21)])
def test_baseline_picks(pick, baseline):
    scores = [score("a", -20, 18), score("a", -10, 24), score("a", -6, 22), score("a", 0, 20), score("a", -7, 11)]
    assert chosen(scores, baseline_pick=pick)[0] == baseline


@pytest.mark.parametrize("pick", ["last", "last_available"])
def test_a_course_without_induction_has_no_endpoint_window(pick):
    sessions = [session("a", day, phase="maintenance") for day in (0, 20)]
    assert chosen([score("a", 0, 20), score("a", 22, 9)], sessions, endpoint_pick=pick) == [20, None]


def test_the_mean_of_days_takes_one_score_a_day():
    scores = [score("a", -6, 22), score("a", 0, 20), score("a", 0, 26), score("b", -7, 9), score("b", 1, 9)]
    of = outcomes_of(scores, induction("a") + induction("b"), settings={"baseline_pick": "mean_last_7_days"})
    assert row_of(of)[["baseline", "baseline_day"]].tolist() == [21, 0]
    assert reason(of, course=1) == "no_baseline"


def test_the_worst_is_sought_among_the_scores_that_may_stand_for_their_day():
    scores = [score("a", 0, 15), score("a", 0, 24), score("a", -5, 18)]
    assert chosen(scores, baseline_pick="worst")[0] == 18


def test_the_worst_wellbeing_is_the_lowest():
    scores = [score("a", -9, 40, instrument="who5"), score("a", -2, 48, instrument="who5")]
    of = outcomes_of(scores, induction("a"), settings={"baseline_pick": "worst"})
    assert row_of(of, instrument="who5")["baseline"] == 40


@pytest.mark.parametrize(("target", "endpoint"), [(14, 12), (3, 15), (9, 12), (8, 15)])
def test_closest_counts_from_the_last_induction_session_and_a_tie_goes_to_the_later(target, endpoint):
    scores = [score("a", 0, 20), score("a", 13, 15), score("a", 25, 12)]
    assert chosen(scores, endpoint_pick="closest", endpoint_target_day=str(target))[1] == endpoint


def test_last_available_takes_what_there_was_before_the_window():
    scores = [score("a", 0, 20), score("a", 5, 15), score("a", 60, 3)]
    assert chosen(scores)[1] is None
    assert chosen(scores, endpoint_pick="last_available")[1] == 15


@pytest.mark.parametrize("timing", ["during", "after"])
def test_a_score_during_or_after_a_session_never_serves(timing):
    scores = [score("a", 0, 20), score("a", 0, 4, timing=timing), score("a", 20, 9), score("a", 30, 2, timing=timing)]
    assert chosen(scores) == [20, 9]


def test_before_is_what_a_score_on_a_session_day_is_without_a_word():
    assert chosen([score("a", 0, 20, timing="before"), score("a", 30, 9)]) == [20, 9]


def test_on_one_day_the_score_that_shows_less_improvement_is_taken():
    scores = [score("a", 0, 20), score("a", 0, 23), score("a", 30, 6), score("a", 30, 9)]
    assert chosen(scores) == chosen(scores[::-1]) == [20, 9]


def test_on_one_day_times_decide_when_every_score_has_one():
    scores = [score("a", 0, 23, time=480), score("a", 0, 20, time=600), score("a", 30, 9, time=480),
              score("a", 30, 6, time=600)]
    assert chosen(scores) == chosen(scores[::-1]) == [23, 6]
    half = [score("a", 0, 23, time=480), score("a", 0, 20), score("a", 30, 9, time=480), score("a", 30, 6)]
    assert chosen(half) == [20, 9]


def test_of_equal_scores_on_one_day_the_item_that_shows_less_improvement_is_taken():
    scores = [score("a", 0, 20, item9=2), score("a", 0, 20, item9=0), score("a", 30, 9, item9=1),
              score("a", 30, 9, item9=0)]
    for rows in (scores, scores[::-1]):
        row = row_of(outcomes_of(rows, induction("a")))
        assert [row["self_harm_baseline"], row["self_harm_endpoint"]] == [0, 1]


def test_one_score_ends_one_course_and_begins_the_next():
    sessions = induction("a", course="x") + induction("a", 30, course="y")
    scores = [score("a", 0, 20), score("a", 30, 12), score("a", 60, 5)]
    assert chosen(scores, sessions, course=0) == [20, 12]
    assert chosen(scores, sessions, course=1) == [12, 5]


def test_a_score_after_the_next_course_began_is_not_the_endpoint():
    sessions = induction("a", course="x") + induction("a", 30, course="y")
    assert chosen([score("a", 0, 20), score("a", 31, 12)], sessions, course=0) == [20, None]


def test_a_score_with_an_id_belongs_to_that_course_only():
    sessions = induction("a", course="x") + induction("a", 30, course="y")
    scores = [score("a", 0, 20), score("a", 29, 12, course="y"), score("a", 25, 14, course="x")]
    assert chosen(scores, sessions, course=0) == [20, 14]
    assert chosen(scores, sessions, course=1)[0] == 12


def test_days_that_restart_with_each_course_work_by_id():
    sessions = induction("a", course="1") + induction("a", course="2")
    scores = [score("a", 0, 20, course="1"), score("a", 30, 9, course="1"), score("a", 0, 18, course="2"),
              score("a", 40, 17, course="2")]
    assert chosen(scores, sessions, course=0) == [20, 9]
    assert chosen(scores, sessions, course=1) == [18, 17]


def test_days_that_restart_work_by_id_without_sessions_too():
    scores = [score("a", day, total, course=course)
              for course, pairs in (("1", ((0, 20), (42, 8))), ("2", ((0, 18), (42, 17)))) for day, total in pairs]
    of = outcomes_of(scores, preset="first_last")
    assert [row_of(of, course)[["baseline", "endpoint"]].tolist() for course in (0, 1)] == [[20, 8], [18, 17]]


def test_a_window_that_the_next_course_cuts_short_still_closes_on_its_own_day():
    sessions = induction("a", course="x") + induction("a", 20, course="y")
    of = outcomes_of([score("a", 0, 20), score("a", 18, 9)], sessions, observed_until={"a": 35})
    assert reason(of) == "not_due"


def test_first_and_last_need_two_scores():
    of = outcomes_of([score("a", 0, 20), score("b", 0, 20), score("b", 90, 9), score("c", 0, 20), score("c", 0, 15)],
                     preset="first_last")
    assert [reason(of, course=course) for course in range(3)] == ["no_endpoint", None, "no_endpoint"]


def test_first_and_last_with_sessions_starts_thirty_days_before():
    scores = [score("a", -31, 25), score("a", 5, 20), score("a", 300, 9)]
    assert chosen(scores, preset="first_last") == [20, 9]


def test_first_and_last_stops_at_the_next_course():
    scores = [score("a", 0, 20), score("a", 90, 12), score("a", 150, 3)]
    sessions = induction("a") + induction("a", 100)
    assert chosen(scores, sessions, preset="first_last", course=0) == [20, 12]
    assert chosen(scores, sessions, preset="first_last", course=1) == [12, 3]


VISITS = ("1", "2", "3", "4")


def visit_scores():
    return [score("a", None, 20, visit="1"), score("a", None, 14, visit="3"), score("a", None, 9, visit="4"),
            score("b", None, 20, visit="2"), score("b", None, 18, visit="3")]


def test_visits_in_order_give_the_first_and_the_last():
    of = outcomes_of(visit_scores(), preset="first_last", axis="visit", visits=VISITS)
    assert row_of(of, 0)[["baseline", "endpoint"]].tolist() == [20, 9]
    assert row_of(of, 1)[["baseline", "endpoint"]].tolist() == [20, 18]
    assert row_of(of)[["baseline_day", "endpoint_day", "looks_back"]].isna().all()


def test_named_visits_are_taken_exactly():
    of = outcomes_of(visit_scores(), preset="first_last", axis="visit", visits=VISITS, is_visit_order_known=False,
                     settings={"baseline_visit": "1", "endpoint_visit": "3"})
    assert row_of(of, 0)[["baseline", "endpoint"]].tolist() == [20, 14]
    assert reason(of, course=1) == "no_baseline"


def test_visits_without_an_order_must_be_named():
    with pytest.raises(ValueError, match="baseline_visit"):
        outcomes_of(visit_scores(), preset="first_last", axis="visit", visits=VISITS, is_visit_order_known=False)


def test_a_visit_that_no_file_has_is_refused():
    with pytest.raises(ValueError, match="endpoint_visit names a visit"):
        outcomes_of(visit_scores(), preset="first_last", axis="visit", visits=VISITS,
                    settings={"endpoint_visit": "week 9"})


@pytest.mark.parametrize(("until", "expected"), [(40, "not_due"), (41, "no_endpoint"), (None, "no_endpoint")])
def test_a_course_is_due_when_its_window_has_closed(until, expected):
    of = outcomes_of([score("a", 0, 20)], induction("a"), observed_until=None if until is None else {"a": until})
    assert reason(of) == expected


def test_a_course_that_is_not_due_is_left_out_even_with_a_score():
    of = outcomes_of([score("a", 0, 20), score("a", 30, 9)], induction("a"), observed_until={"a": 35})
    assert reason(of) == "not_due"
    assert flag(of, "worsening") is None


def test_rows_after_the_as_of_day_are_not_used():
    scores = [score("a", 19000, 20), score("a", 19030, 9), score("a", 19035, 2)]
    sessions = induction("a", 19000)
    of = outcomes_of(scores, sessions, axis="date", as_of=date(2022, 2, 10))
    assert reason(of) == "not_due"
    later = outcomes_of(scores, sessions, axis="date", as_of=date(2022, 2, 21))
    assert row_of(later)["endpoint"] == 2
    assert later.counts["assessments_after_as_of"] == 0
    early = outcomes_of(scores, sessions, axis="date", as_of=date(2022, 2, 5))
    assert early.counts["assessments_after_as_of"] == 2


def test_an_as_of_date_without_dates_says_that_it_changes_nothing():
    tables = drawn_tables([score("a", 0, 20)], induction("a"))
    findings = outcomes(tables, rule_set("induction"), date(2024, 1, 1)).findings
    assert [one.code for one in findings] == ["as_of_not_used"]


def test_dates_and_days_give_the_same_outcomes():
    scores, sessions = [score("a", 0, 20), score("a", 30, 9), score("b", 0, 12)], induction("a") + induction("b")
    dated = [[row | {"day": row["day"] + 19000} for row in rows] for rows in (scores, sessions)]
    relative = outcomes_of(scores, sessions, observed_until={"a": 60, "b": 60})
    by_date = outcomes_of(*dated, axis="date", as_of=date(2022, 3, 9))
    assert relative.table.equals(by_date.table)
    assert by_date.courses["start_month"].tolist() == ["2022-01", "2022-01"]
    assert by_date.courses["start_quarter"].tolist() == ["2022-Q1", "2022-Q1"]


@pytest.mark.parametrize(("day", "looks_back"), [(23, True), (24, False)])
def test_an_endpoint_within_its_recall_looks_back_into_the_induction(day, looks_back):
    of = outcomes_of([score("a", 0, 20), score("a", day, 9)], induction("a"))
    assert bool(row_of(of)["looks_back"]) is looks_back


def test_sessions_between_induction_and_endpoint_are_counted():
    sessions = induction("a") + [session("a", day) for day in (26, 30, 35)]
    of = outcomes_of([score("a", 0, 20), score("a", 35, 9)], sessions)
    assert row_of(of)["n_sessions_before_endpoint"] == 2


def test_strict_scoring_uses_complete_forms_only():
    scores = [score("a", -5, 22, n_items_missing=0), score("a", 0, 20, n_items_missing=1), score("a", 30, 9)]
    assert chosen(scores)[0] == 20
    assert chosen(scores, scoring="complete")[0] == 22


def test_an_attribute_takes_its_value_of_day_0():
    rows = [attribute("a", "site", "North", day=-40), attribute("a", "site", "South", day=0),
            attribute("a", "site", "West", day=7), attribute("b", "site", "West", day=3)]
    of = outcomes_of([score("a", 0, 20)], induction("a") + induction("b"), rows)
    assert of.courses["site"].tolist() == ["South", "West"]
    assert [one.column for one in of.findings if one.code == "attribute_varies"] == ["site"]


def test_files_whose_sessions_are_all_unusable_are_not_counted_another_way():
    tables = drawn_tables([score("a", 0, 20), score("a", 30, 9)])
    file = FileRecord("export.csv", "0" * 64, 9, "assessments and sessions")
    for preset in ("clinic", "induction"):
        with pytest.raises(ValueError, match="rows of sessions, and none"):
            outcomes(replace(tables, files=(file,)), rule_set(preset))
    assert len(outcomes(replace(tables, files=(file,)), rule_set("first_last")).courses) == 1


def test_an_attribute_with_a_course_id_belongs_to_that_course():
    rows = [attribute("a", "protocol", "fast", course="x"), attribute("a", "protocol", "slow")]
    of = outcomes_of([score("a", 0, 20)], induction("a", course="x") + induction("a", 200, course="y"), rows)
    assert of.courses["protocol"].tolist() == ["fast", "slow"]
    assert not of.findings


def test_a_file_column_that_is_called_like_ours_keeps_its_own_name():
    of = outcomes_of([score("a", 0, 20)], induction("a"), [attribute("a", "kind", "outpatient")])
    assert of.courses["kind (file)"].tolist() == ["outpatient"]
