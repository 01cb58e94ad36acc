"""Why one course counts as it does: every measure on the boundary table, every reason, both directions of a scale."""

from __future__ import annotations

import pytest

from analytics.courses.sessions import course_sessions
from analytics.definitions.measures import LEFT_OUT, MEASURES
from analytics.results.one_course import one_course
from analytics.wording import one_course as words
from analytics.wording import one_course_rows as rows
from analytics.wording.numbers import SPACE
from tests.drawn import induction, outcomes_of, score, session

OBSERVED = {"P1": 30}


def said(of, measure="response", key="phq9", course=0):
    one = one_course(of, course, course_sessions(of))
    return words.why(one, one.judged(key, measure)).replace("\N{MINUS SIGN}", "-").replace(SPACE, " ")


def pair(before, after, instrument="phq9", **more):
    return [score("P1", -3, before, instrument=instrument, **more), score("P1", 24, after, instrument=instrument)]


def course(before, after, measure="response", **settings):
    return said(outcomes_of(pair(before, after), induction("P1"), settings=settings), measure)


BOUNDARIES = [
    (20, 10, "Counts as a responder because 20 (day -3) fell to 10 (day 24): 10 points better; it takes an "
             "improvement of "
             "at least 10 points (50 % of 20).", "Does not count as a remission", "Counts as reliably better"),
    (20, 9, "Counts as a responder because 20 (day -3) fell to 9 (day 24)", "Does not count as a remission",
     "Counts as reliably better"),
    (10, 5, "Counts as a responder because 10 (day -3) fell to 5 (day 24)",
     "Does not count as a remission: 10 (day -3) fell to 5 (day 24), 5 points better; remission is a score at the end "
     "below 5.",
     "Does not count as reliably better: 10 (day -3) fell to 5 (day 24), 5 points better; it takes an improvement of "
     "at "
     "least 6 points."),
    (9, 4, "Left out: started at 9 (day -3), below 10, and this measure asks those who scored 10 or more.",
     "Left out: started at 9 (day -3), below 10", "Does not count as reliably better: 9 (day -3) fell to 4 (day 24)"),
    (27, 14, "Does not count as a responder: 27 (day -3) fell to 14 (day 24), 13 points better; it takes an "
             "improvement "
             "of at least 13.5 points (50 % of 27).", "Does not count as a remission", "Counts as reliably better"),
    (11, 5, "Counts as a responder because 11 (day -3) fell to 5 (day 24): 6 points better; it takes an improvement "
            "of at "
            "least 5.5 points (50 % of 11).", "Does not count as a remission", "Counts as reliably better"),
    (4, 2, "Left out: started at 4 (day -3), below 10", "Left out: started at 4 (day -3), below 10",
     "Does not count as reliably better: 4 (day -3) fell to 2 (day 24)"),
    (0, 0, "Left out: started at 0 (day -3), below 10", "Left out: started at 0 (day -3), below 10",
     "Does not count as reliably better: 0 (day -3) stayed at 0 (day 24), no change"),
    (0, 5, "Left out: started at 0 (day -3), below 10", "Left out: started at 0 (day -3), below 10",
     "Does not count as reliably better: 0 (day -3) rose to 5 (day 24), 5 points worse"),
    (10, 16, "Does not count as a responder: 10 (day -3) rose to 16 (day 24), 6 points worse",
     "Does not count as a remission", "Does not count as reliably better"),
]
"""The boundary table of the definitions: response, remission, reliable change."""


@pytest.mark.parametrize(("before", "after", "response", "remission", "reliable"), BOUNDARIES)
def test_the_boundary_table_in_words(before, after, response, remission, reliable):
    assert course(before, after).startswith(response)
    assert course(before, after, "remission").startswith(remission)
    assert course(before, after, "reliable_improvement").startswith(reliable)


@pytest.mark.parametrize(("before", "after", "measure", "expected"), [
    (10, 16, "worsening", "Counts as worse because 10 (day -3) rose to 16 (day 24): 6 points worse."),
    (10, 9, "worsening", "Does not count as worse: 10 (day -3) fell to 9 (day 24), 1 point better."),
    (12, 12, "worsening", "Does not count as worse: 12 (day -3) stayed at 12 (day 24), no change."),
    (10, 16, "reliable_deterioration", "Counts as reliably worse because 10 (day -3) rose to 16 (day 24): 6 points "
                                       "worse; "
                                       "it takes a worsening of at least 6 points."),
    (10, 15, "reliable_deterioration", "Does not count as reliably worse: 10 (day -3) rose to 15 (day 24), 5 points "
                                       "worse; "
                                       "it takes a worsening of at least 6 points."),
    (20, 15, "important_change", "Counts as noticeably better because 20 (day -3) fell to 15 (day 24): 5 points "
                                 "better; it "
                                 "takes an improvement of at least 5 points."),
    (20, 15, "partial_response", "Counts as a responder in part because 20 (day -3) fell to 15 (day 24): 5 points "
                                 "better; "
                                 "it takes an improvement of at least 5 points and less than 10 points (25 % and 50 % "
                                 "of "
                                 "20)."),
    (21, 4, "remission", "Counts as a remission because 21 (day -3) fell to 4 (day 24): 17 points better; remission "
                         "is a "
                         "score at the end below 5."),
    (20, 9, "mean_improvement", "Counts with its improvement: 20 (day -3) fell to 9 (day 24), 11 points better."),
    (20, 9, "follow_up", "Counts as followed up because there is a score after treatment: 20 (day -3) fell to 9 (day "
                         "24)."),
])
def test_other_measures(before, after, measure, expected):
    assert course(before, after, measure) == expected


@pytest.mark.parametrize(("before", "after", "measure", "expected"), [
    (2, 0, "item9_resolved", "Counts as item 9 no longer endorsed because item 9 went from 2 (day -3) to 0 (day 24)."),
    (2, 1, "item9_resolved", "Does not count as item 9 no longer endorsed: item 9 went from 2 (day -3) to 1 (day 24)."),
    (2, 1, "item9_reduced", "Counts as item 9 lower because item 9 went from 2 (day -3) to 1 (day 24)."),
    (0, 1, "item9_new", "Counts as item 9 newly endorsed because item 9 went from 0 (day -3) to 1 (day 24)."),
    (1, 1, "item9_increased", "Does not count as item 9 higher: item 9 was 1 (day -3) and is 1 again (day 24)."),
    (0, 1, "item9_resolved", "Left out: item 9 was 0 (day -3), and only those with 1 or more at the start are asked."),
    (2, 1, "item9_new", "Left out: item 9 was 2 (day -3), and only those with 0 at the start are asked."),
    (2, None, "item9_resolved", "Left out: item 9 is not answered at the end (day 24)."),
    (None, None, "item9_resolved", "Left out: item 9 is not answered at the start (day -3) and at the end (day 24)."),
])
def test_item_9_is_named_and_never_called_a_response(before, after, measure, expected):
    of = outcomes_of([score("P1", -3, 20, item9=before), score("P1", 24, 9, item9=after)], induction("P1"))
    assert said(of, measure) == expected


def left_out_cases():
    """One course for each reason, with the start of its sentence."""
    one, both = induction("P1"), pair(20, 9)
    return {
        "no_sessions": (outcomes_of([*both, score("P2", 0, 9)], induction("P2")), "response", "no session of this "
                                                                                              "patient"),
        "booster": (outcomes_of([*both, score("P1", 99, 12)], [*one, session("P1", 100)]), "response",
                    "a booster, 1 session after a complete induction, where another takes 4"),
        "not_assessed": (outcomes_of([score("P1", -3, 9, instrument="gad7"), score("P2", -3, 20)],
                                     [*one, *induction("P2")]), "response", "this patient was never measured with "
                                                                            "PHQ-9"),
        "no_baseline": (outcomes_of([score("P1", -31, 20), score("P1", 24, 9)], one), "response",
                        "no PHQ-9 from day -30 to day 0, where the starting score must lie"),
        "not_a_case": (outcomes_of(pair(9, 4), one), "response", "started at 9 (day -3), below 10"),
        "already_in_remission": (outcomes_of(pair(4, 2), one, settings={"eligible": "all"}), "remission",
                                 "started at 4 (day -3), already below 5, and cannot reach remission"),
        "baseline_zero": (outcomes_of(pair(0, 5), one, settings={"eligible": "all"}), "response",
                          "started at 0 (day -3), and of 0 there is no percentage"),
        "not_at_risk": (outcomes_of(pair(20, 9, item9=0), one), "item9_resolved", "item 9 was 0 (day -3)"),
        "items_missing": (outcomes_of(both, one), "item9_new", "item 9 is not answered at the start (day -3) and"),
        "incomplete_induction": (outcomes_of(both, one[:2], preset="induction_strict"), "response",
                                 "the induction has 2 sessions, and these rules need 4"),
        "not_due": (outcomes_of(both, one, observed_until=OBSERVED), "response",
                    "not yet due: the window of the endpoint closes on day 41, and the files speak for this patient "
                    "until "
                    "day 30; the score that is there already may not be the last"),
        "no_endpoint": (outcomes_of([score("P1", -3, 20), score("P1", 42, 9)], one), "response",
                        "lost to follow-up, no PHQ-9 from day 11 to day 41"),
    }


@pytest.mark.parametrize("reason", LEFT_OUT)
def test_every_reason_has_a_sentence_of_its_own(reason):
    of, measure, expected = left_out_cases()[reason]
    place = 1 if reason == "booster" else 0
    one = one_course(of, place, course_sessions(of))
    assert one.judged("phq9", measure).reason == reason
    assert said(of, measure, course=place).startswith(f"Left out: {expected}")


@pytest.mark.parametrize("day", [29, 30])
def test_what_the_files_know_decides_whether_a_course_is_due(day):
    of = outcomes_of([score("P1", -3, 20)], induction("P1"), observed_until={"P1": day})
    assert said(of) == (f"Left out: not yet due: the window of the endpoint closes on day 41, and the files speak for "
                        f"this "
                        f"patient until day {day}.")


def test_a_window_that_the_next_course_cut_short_says_so():
    of = outcomes_of([score("P1", -3, 20)], [*induction("P1"), *induction("P1", 30)], settings={"gap_days": "15"})
    assert said(of) == ("Left out: lost to follow-up, no PHQ-9 from day 11 to day 30, when the next course began (the "
                        "window "
                        "would have closed on day 41).")


def test_a_last_session_outside_its_window():
    of = outcomes_of([score("P1", -3, 20), score("P1", 60, 9)], induction("P1", days=(0, 9, 18, 27)),
                     preset="induction_strict", settings={"complete_last_day_window": "7..26"})
    assert said(of) == ("Left out: the last induction session was on day 27, and these rules need it from day 7 to "
                        "day 26.")


@pytest.mark.parametrize(("missing", "measure", "expected"), [
    ("failure", "response", "Does not count as a responder: there is no PHQ-9 from day 11 to day 41, and these rules "
                            "count a "
                            "missing endpoint as not better."),
    ("failure", "follow_up", "Does not count as followed up: there is no PHQ-9 from day 11 to day 41."),
    ("unchanged", "mean_improvement", "Counts as unchanged, as these rules count a missing endpoint: there is no "
                                      "PHQ-9 from "
                                      "day 11 to day 41."),
])
def test_a_missing_endpoint_that_the_rules_count(missing, measure, expected):
    of = outcomes_of([score("P1", -3, 20)], induction("P1"), settings={"missing": missing})
    assert said(of, measure) == expected


@pytest.mark.parametrize(("before", "after", "measure", "expected"), [
    (20, 48, "response", "Counts as a responder because 20 (day -3) rose to 48 (day 24): 28 points better"),
    (40, 28, "response", "Does not count as a responder: 40 (day -3) fell to 28 (day 24), 12 points worse"),
    (40, 28, "worsening", "Counts as worse because 40 (day -3) fell to 28 (day 24): 12 points worse."),
    (60, 80, "response", "Left out: started at 60 (day -3), 50 or more, and this measure asks those who scored below "
                         "50."),
])
def test_where_higher_is_better_a_rise_is_better(before, after, measure, expected):
    of = outcomes_of(pair(before, after, "who5"), induction("P1"))
    assert said(of, measure, "who5").startswith(expected)


def test_exactly_30_percent_of_pain():
    of = outcomes_of(pair(70, 49, "pain_vas"), induction("P1"))
    assert said(of, "pain_30", "pain_vas") == (
        "Counts as pain down by 30 % because 70 (day -3) fell to 49 (day 24): 21 points better; it takes an "
        "improvement of "
        "at least 21 points (30 % of 70).")
    assert said(of, "pain_2_points", "pain_vas").endswith("it takes an improvement of at least 20 points.")


NHS = [*pair(20, 9), *pair(15, 9, "gad7")]


@pytest.mark.parametrize(("measure", "expected"), [
    ("nhs_recovery", "Does not count as NHS recovery: PHQ-9 20 (day -3) fell to 9 (day 24) and GAD-7 15 (day -3) fell "
                     "to 9 "
                     "(day 24); a case at the start on PHQ-9 and GAD-7, at the end on GAD-7."),
    ("nhs_reliable_improvement", "Counts as reliably better by the NHS rule because PHQ-9 20 (day -3) fell to 9 (day "
                                 "24) and "
                                 "GAD-7 15 (day -3) fell to 9 (day 24): PHQ-9 reliably better and GAD-7 reliably "
                                 "better."),
])
def test_the_nhs_set_names_both_scales(measure, expected):
    assert said(outcomes_of(NHS, induction("P1")), measure, "phq9+gad7") == expected


def test_the_nhs_set_where_one_scale_is_better_and_one_worse():
    of = outcomes_of([*pair(20, 9), *pair(8, 12, "gad7")], induction("P1"))
    assert said(of, "nhs_no_reliable_change", "phq9+gad7").endswith("PHQ-9 reliably better and GAD-7 reliably worse.")
    assert said(of, "nhs_no_reliable_change", "phq9+gad7").startswith("Counts as no reliable change by the NHS rule")


def test_no_case_on_either_scale():
    of = outcomes_of([*pair(9, 5), *pair(7, 3, "gad7")], induction("P1"))
    assert said(of, "nhs_recovery", "phq9+gad7") == (
        "Left out: no case at the start: PHQ-9 9 (day -3) and GAD-7 7 (day -3); a case is PHQ-9 10 or more or GAD-7 8 "
        "or "
        "more.")


def test_visits_are_named_where_there_are_no_days():
    visits = {"axis": "visit", "visits": ("first", "last"), "preset": "first_last"}
    of = outcomes_of([score("P1", None, 20, visit="first"), score("P1", None, 9, visit="last")], **visits)
    assert said(of).startswith("Counts as a responder because 20 (visit first) fell to 9 (visit last)")
    alone = outcomes_of([score("P1", None, 20, visit="first")], **visits)
    assert said(alone) == "Left out: lost to follow-up, no second PHQ-9."


def test_rules_that_count_from_an_index_score():
    of = outcomes_of([score("P1", 0, 9), score("P1", 340, 4)], preset="twelve_month")
    assert said(of) == "Left out: no score is PHQ-9 10 or more, from which these rules count."
    lost = outcomes_of([score("P1", 0, 15), score("P1", 304, 4)], preset="twelve_month")
    assert said(lost, "remission") == ("Does not count as a remission: there is no PHQ-9 from day 305 to day 425, and "
                                       "these "
                                       "rules count a missing endpoint as not better.")


def test_every_measure_and_course_of_a_mixed_cohort_has_a_sentence():
    scores = [row for place, (before, after) in enumerate([(20, 9), (9, 4), (20, None), (None, 9), (0, 5), (27, 14)])
              for row in (score(f"P{place}", -3, before, item9=1), score(f"P{place}", 24, after, item9=0))
              if row["total"] is not None]
    of = outcomes_of(scores, [row for place in range(6) for row in induction(f"P{place}")])
    sessions = course_sessions(of)
    for place in range(len(of.courses)):
        one = one_course(of, place, sessions)
        for measure in of.measures_of("phq9"):
            text = words.why(one, one.judged("phq9", measure.key))
            assert text.endswith(".") and "None" not in text and "nan" not in text


def test_every_measure_has_a_noun():
    assert set(words.COUNTS_AS) == set(MEASURES) - {"mean_improvement"}


def test_sessions_in_words():
    given = [session("P1", 0, route="IV", dose=0.5, dose_unit="mg/kg"), session("P1", 3, route="IM", dose=0.75,
                                                                                dose_unit="mg/kg")]
    of = outcomes_of(pair(20, 9), given)
    one = one_course(of, 0, course_sessions(of))
    assert rows.sessions_text(one.sessions) == "IM and IV, 0.5 to 0.75 mg/kg"
    assert rows.sessions_text(()) == "none on record"
    assert rows.effects(one.sessions[0]) == "not recorded", "a blank form is unknown and never none"
    assert [row[0] for row in rows.session_rows(one)] == ["day 0", "day 3"]
    assert [row[4] for row in rows.score_rows(one)] == ["start", "end"]


def test_the_part_of_a_session_is_that_of_its_course():
    given = [*induction("P1"), session("P1", 40), session("P1", 150)]
    of = outcomes_of(pair(20, 9), given)
    parts = [[row[2] for row in rows.session_rows(one_course(of, place, course_sessions(of)))] for place in (0, 1)]
    assert parts == [["induction"] * (len(given) - 2) + ["maintenance"], ["booster"]]
    assert "booster" in rows.session_text(one_course(of, 1, course_sessions(of)).sessions[0])
    index = outcomes_of(pair(20, 9), given, preset="twelve_month")
    assert {row[2] for row in rows.session_rows(one_course(index, 0, course_sessions(index)))} == {""}, (
        "rules that count from an index score look at no session, so that none is of an induction or maintenance")
