from __future__ import annotations

import numpy as np
import pytest

from analytics.definitions.measures import MEASURES
from analytics.results.rates import paired_bands
from analytics.results.summary import pain_time_points, summarize
from tests.drawn import attribute, induction, outcomes_of, score, session


def cohort(*pairs, item9=None, **keywords):
    """One patient a pair of baseline and endpoint (missing: no score), each with a complete induction."""
    scores, sessions = [], []
    for number, (baseline, endpoint) in enumerate(pairs):
        before, after = item9[number] if item9 else (None, None)
        scores += [score(f"p{number}", 0, baseline, item9=before)] if baseline is not None else []
        scores += [score(f"p{number}", 30, endpoint, item9=after)] if endpoint is not None else []
        sessions += induction(f"p{number}")
    return outcomes_of(scores, sessions, **keywords)


def rate(of, measure, **stratum):
    return summarize(of, by=list(stratum)).result("phq9", measure, stratum)


def test_a_rate_carries_everything():
    of = cohort((20, 9), (20, 10), (20, 15), (20, 25), (20, None), (None, 9), (9, 4))
    one = rate(of, "response")
    assert (one.courses, one.numerator, one.denominator) == (7, 2, 4)
    assert one.left_out == {"no_baseline": 1, "not_a_case": 1, "no_endpoint": 1}
    assert list(one.left_out) == ["no_baseline", "not_a_case", "no_endpoint"]
    assert one.denominator + sum(one.left_out.values()) == one.courses
    assert (one.missing_as_failure.numerator, one.missing_as_failure.denominator) == (2, 5)
    assert one.bounds == (2 / 5, 3 / 5)
    assert one.follow_up == 4 / 5
    assert one.evaluated == 4 / 6
    assert one.looks_back == 0
    assert one.median_endpoint_day == 20
    assert one.interval == "wilson"
    assert one.observed is None


def test_follow_up_counts_those_with_an_endpoint_of_all_eligible():
    one = rate(cohort((20, 9), (20, 15), (20, None), (None, 9), (9, 4)), "follow_up")
    assert (one.numerator, one.denominator, one.courses) == (2, 3, 5)
    assert one.left_out == {"no_baseline": 1, "not_a_case": 1}
    assert one.missing_as_failure is None
    assert one.bounds is None


def test_harm_has_no_reading_that_would_flatter():
    one = rate(cohort((20, 26), (9, 15), (20, None)), "reliable_deterioration")
    assert (one.numerator, one.denominator) == (2, 2)
    assert one.missing_as_failure is None
    assert one.bounds == (2 / 3, 1)


@pytest.mark.parametrize("missing", ["failure", "unchanged"])
def test_where_the_headline_counts_the_missing_the_observed_rate_stands_beside(missing):
    of = cohort((20, 9), (20, 15), (20, None), settings={"missing": missing})
    one = rate(of, "response")
    assert (one.numerator, one.denominator, one.left_out) == (1, 3, {})
    assert (one.observed.numerator, one.observed.denominator) == (1, 2)
    assert one.bounds == (1 / 3, 2 / 3)
    assert one.follow_up == 2 / 3
    harm = rate(of, "worsening")
    assert (harm.denominator, harm.observed, harm.left_out) == (2, None, {"no_endpoint": 1})


def test_mean_improvement_and_what_it_would_be_if_the_missing_had_not_changed():
    of = cohort((20, 9), (20, 16), (20, None))
    one = rate(of, "mean_improvement")
    assert (one.n, one.estimate, one.left_out) == (2, 7.5, {"no_endpoint": 1})
    assert one.missing_as_unchanged["n"] == 3
    assert one.missing_as_unchanged["estimate"] == 5
    headline = rate(cohort((20, 9), (20, 16), (20, None), settings={"missing": "unchanged"}), "mean_improvement")
    assert (headline.n, headline.estimate, headline.left_out) == (3, 5, {})
    assert headline.observed["estimate"] == 7.5


@pytest.mark.parametrize("gains", [(10, 10), (10,) * 12, (9.1, 9.1, 9.1)])
def test_improvements_that_are_all_the_same_do_not_tell_how_sure_their_mean_is(gains):
    one = summarize(cohort(*((20, 20 - gain) for gain in gains))).result("phq9", "mean_improvement", {})
    assert (one.n, one.estimate, one.low, one.high) == (len(gains), pytest.approx(gains[0]), None, None)
    assert one.sd == pytest.approx(0)
    assert one.missing_as_unchanged["low"] is None
    apart = summarize(cohort((20, 10), (20, 9))).result("phq9", "mean_improvement", {})
    assert apart.low < 10.5 < apart.high


def test_item_9_is_asked_of_its_own_group():
    of = cohort((20, 9), (20, 9), (20, 9), (9, 4), (20, None), (20, 9),
                item9=[(2, 0), (2, 1), (0, 1), (1, 1), (1, None), (0, None)])
    resolved, reduced = rate(of, "item9_resolved"), rate(of, "item9_reduced")
    assert (resolved.numerator, reduced.numerator, resolved.denominator) == (1, 2, 3)
    assert resolved.left_out == {"not_at_risk": 2, "no_endpoint": 1}
    new, increased = rate(of, "item9_new"), rate(of, "item9_increased")
    assert (new.numerator, new.denominator) == (1, 1)
    assert new.left_out == {"not_at_risk": 4, "items_missing": 1}
    assert (increased.numerator, increased.denominator) == (1, 4)


def test_a_patient_who_counts_twice_makes_the_interval_clustered():
    sessions = induction("a") + induction("a", 200) + induction("b")
    scores = [score("a", 0, 20), score("a", 30, 9), score("a", 200, 20), score("a", 230, 9), score("b", 0, 20),
              score("b", 30, 19)]
    of = outcomes_of(scores, sessions)
    one = rate(of, "response")
    assert one.interval == "wilson_clustered"
    plain = rate(cohort((20, 9), (20, 9), (20, 19)), "response")
    assert one.estimate == plain.estimate
    assert one.high - one.low > plain.high - plain.low
    assert rate(of, "mean_improvement").interval == "t_clustered"
    alone = rate(outcomes_of(scores, sessions, settings={"first_course_only": "true"}), "response")
    assert (alone.courses, alone.interval) == (2, "wilson")


def test_strata_add_up_and_the_missing_value_is_one_of_them():
    rows = [attribute("p0", "site", "North"), attribute("p1", "site", "South"), attribute("p3", "site", "North")]
    of = cohort((20, 9), (20, 10), (20, 15), (20, 25), attributes=rows)
    summary = summarize(of, by=["site"])
    whole = summary.result("phq9", "response")
    strata = [one for one in summary.results if one.measure == "response" and one.stratum]
    assert [one.stratum["site"] for one in strata] == ["North", "South", None]
    assert sum(one.numerator for one in strata) == whole.numerator
    assert sum(one.courses for one in strata) == whole.courses


def test_two_attributes_are_crossed():
    rows = [attribute(f"p{number}", name, value) for number, values in enumerate(("NI", "NM", "SI", "SI"))
            for name, value in zip(("site", "arm"), values, strict=True)]
    of = cohort((20, 9), (20, 10), (20, 15), (20, 25), attributes=rows)
    cells = [one.stratum for one in summarize(of, by=["site", "arm"]).results if one.measure == "response"]
    assert cells == [{}, {"site": "N", "arm": "I"}, {"site": "N", "arm": "M"}, {"site": "S", "arm": "I"}]


def test_a_filter_keeps_its_values_and_can_ask_for_the_missing():
    rows = [attribute("p0", "site", "North"), attribute("p1", "site", "South")]
    of = cohort((20, 9), (20, 10), (20, 15), attributes=rows)
    assert summarize(of, where={"site": ["North"]}).result("phq9", "response").courses == 1
    assert summarize(of, where={"site": ["North", None]}).result("phq9", "response").courses == 2
    empty = summarize(of, where={"site": ["East"]})
    one = empty.result("phq9", "response")
    assert (one.courses, one.estimate, one.low, one.bounds, one.follow_up) == (0, None, None, None, None)
    assert empty.counts["patients"] == empty.counts["assessments"] == 0
    assert [(one.code, one.column) for one in empty.findings] == [("filter_matches_nothing", "site")]


@pytest.mark.parametrize(("question", "words"), [
    ({"by": ["ward"]}, "no attribute called 'ward'"), ({"where": {"patient_id": ["p0"]}}, "no attribute called"),
    ({"instruments": ["gad7"]}, "no instrument in the files called"), ({"measures": ["cure"]}, "no measure called")])
def test_a_question_about_what_is_not_there_is_refused(question, words):
    with pytest.raises(ValueError, match=words):
        summarize(cohort((20, 9)), **question)


def test_kinds_that_are_not_asked_for_leave_the_cohort_and_incomplete_ones_are_named():
    sessions = induction("a") + induction("a", 200) + [session("b", 0)] + [session("a", 400)]
    scores = [score("a", 0, 20), score("a", 30, 9), score("a", 200, 20), score("a", 230, 9), score("b", 0, 20),
              score("b", 20, 3)]
    of = outcomes_of(scores, sessions, settings={"kinds": "induction"})
    one = rate(of, "response")
    assert (one.courses, one.denominator) == (3, 1)
    assert one.left_out == {"booster": 1, "incomplete_induction": 1}
    everyone = rate(outcomes_of(scores, sessions), "response")
    assert (everyone.courses, everyone.denominator, everyone.left_out) == (4, 3, {"booster": 1})


@pytest.mark.parametrize(("last_day", "expected"), [(6, {"incomplete_induction": 1}), (7, {}), (28, {})])
def test_strict_rules_want_the_last_induction_session_on_day_7_to_28(last_day, expected):
    sessions = induction("a", days=(0, 2, 4, last_day) if last_day < 14 else (0, 7, 14, last_day))
    of = outcomes_of([score("a", 0, 20), score("a", last_day + 14, 9)], sessions, preset="induction_strict")
    assert rate(of, "response").left_out == expected


def test_strict_rules_leave_incomplete_inductions_out_by_name():
    of = outcomes_of([score("a", 0, 9), score("a", 30, 4)], [session("a", 0), session("a", 7)],
                     preset="induction_strict")
    assert rate(of, "response").left_out == {"incomplete_induction": 1}


def test_the_flow_names_each_step():
    of = cohort((20, 9), (20, None), (None, 9), (9, 4), attributes=[attribute("z", "site", "North")])
    flow = summarize(of).flows[0]
    assert (flow.patients_in_files, flow.patients_without_records, flow.courses) == (5, 1, 4)
    assert [(step.reason, step.lost, step.remaining) for step in flow.steps] == [
        ("no_baseline", 1, 3), ("not_a_case", 1, 2), ("no_endpoint", 1, 1)]


def test_bands_before_and_after_count_the_same_courses():
    of = cohort((20, 9), (19, 4), (9, 5), (20, None))
    bands = paired_bands(of, "phq9", np.ones(4, dtype=bool)).set_index("band")
    assert bands["baseline"].to_dict() == {"minimal": 0, "mild": 1, "moderate": 0, "moderately severe": 1, "severe": 1}
    assert bands["endpoint"].to_dict() == {"minimal": 1, "mild": 2, "moderate": 0, "moderately severe": 0, "severe": 0}
    wellbeing = outcomes_of([score("a", 0, 40, instrument="who5")], induction("a"))
    assert paired_bands(wellbeing, "who5", np.ones(1, dtype=bool)) is None


def test_the_pain_series_looks_again_later():
    scores = [score("a", 0, 8, instrument="pain_nrs")] + [
        score("a", 10 + day, total, instrument="pain_nrs") for day, total in ((1, 2), (3, 3), (7, 5), (28, 6), (42, 8))]
    of = outcomes_of(scores, induction("a"), preset="pain_series")
    looks = {one.at: one.rate.numerator for one in pain_time_points(of)}
    assert looks == {"days 1-3": 1, "week 1": 1, "week 4": 0, "week 6": 0}
    assert [one.rate.denominator for one in pain_time_points(of)] == [1, 1, 1, 1]
    assert pain_time_points(outcomes_of(scores, induction("a"))) == ()
    assert pain_time_points(outcomes_of(scores, induction("a"), preset="clinic")) == ()


def test_the_pain_series_of_a_clinic_asks_its_pain_courses_only():
    scores = [score(patient, day, total, instrument="pain_nrs") for patient in "ab" for day, total in ((0, 8), (12, 2))]
    rows = [attribute("a", "indication", "CRPS"), attribute("b", "indication", "depression")]
    of = outcomes_of(scores, induction("a") + induction("b"), rows, preset="clinic")
    assert {one.rate.courses for one in pain_time_points(of)} == {1}
    assert summarize(of).by_indication == {"CRPS": "pain_series", "depression": "induction"}


def test_every_measure_of_every_instrument_adds_up():
    of = cohort((20, 9), (0, 5), (4, 2), (20, None), (None, 3), item9=[(1, 0), (0, 0), (None, 1), (2, None), (None, 0)],
                settings={"eligible": "all"})
    results = summarize(of).results
    assert {one.measure for one in results} == {key for key, measure in MEASURES.items()
                                                   if measure.needs not in ("pain", "pain_rating")}
    for one in results:
        size = one.n if one.measure == "mean_improvement" else one.denominator
        assert size + sum(one.left_out.values()) == one.courses


def test_patients_who_may_have_started_before_the_files_are_counted_and_can_be_dropped():
    scores = [score("a", 19000, 20), score("b", 19061, 20), score("b", 19091, 9)]
    sessions = induction("a", 19000) + induction("b", 19061)
    of = outcomes_of(scores, sessions, axis="date")
    assert of.counts["possibly_started_before"] == 1
    dropped = outcomes_of(scores, sessions, axis="date", settings={"drop_started_before": "true"})
    assert dropped.courses["patient_id"].tolist() == ["b"]


def test_without_scores_there_is_nothing_to_count_and_nothing_breaks():
    of = outcomes_of([], induction("a"))
    summary = summarize(of)
    assert summary.results == ()
    assert summary.counts["courses"] == 1
    assert summary.as_json()["results"] == []
