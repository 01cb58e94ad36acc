"""What-if, definitions side by side, published figures and those who were lost."""

from __future__ import annotations

import math
from dataclasses import astuple
from pathlib import Path
from random import Random

import pytest

import analytics
from analytics.courses.outcomes import outcomes
from analytics.definitions.benchmarks import BENCHMARKS
from analytics.definitions.old_ways import Way
from analytics.results.ground import ground
from analytics.results.missing import missing
from analytics.results.published import counted_their_way, published
from analytics.results.recount import by_way
from analytics.results.side_by_side import side_by_side
from analytics.results.summary import summarize
from analytics.results.what_if import ALTERNATIVES, what_if
from tests.courses.test_second_implementation import cohort_of, tables_of
from tests.drawn import attribute, induction, outcomes_of, score, session

CLAUS = Path(__file__).parents[3] / "shared" / "data" / "claus_2020" / "claus_2020.csv"


def cohort(*pairs, **keywords):
    scores, sessions = [], []
    for number, (baseline, endpoint) in enumerate(pairs):
        scores += [score(f"p{number}", 0, baseline)] if baseline is not None else []
        scores += [score(f"p{number}", 30, endpoint)] if endpoint is not None else []
        sessions += induction(f"p{number}")
    return outcomes_of(scores, sessions, **keywords)


def alternatives(of, instrument="phq9", **keywords):
    found = what_if(of.tables, of.rules, instrument, of=of, **keywords)
    return found, {(one.setting, one.value): one for one in found.alternatives}


def test_each_alternative_is_one_change_of_the_rules_in_force():
    of = cohort((20, 9), (9, 4), (20, None), (20, 15))
    found, by_change = alternatives(of)
    assert (found.count.numerator, found.count.denominator) == (1, 2)
    assert ("gap_days", "60") not in by_change and ("endpoint_window", "1..31") not in by_change
    everyone = by_change["eligible", "all"]
    assert (everyone.count.numerator, everyone.count.denominator, everyone.n_change) == (2, 3, 1)
    assert everyone.change == pytest.approx(2 / 3 - 1 / 2)
    failed = by_change["missing", "failure"]
    assert (failed.count.denominator, failed.change) == (3, pytest.approx(1 / 3 - 1 / 2))
    assert by_change["kinds", "re_induction"].count.denominator == 0
    assert by_change["kinds", "re_induction"].change is None
    assert by_change["kinds", "re_induction"].n_change == -2


def test_another_gap_builds_other_courses():
    scores = [score("a", day, total) for day, total in ((0, 20), (20, 15), (60, 20), (80, 5))]
    of = outcomes_of(scores, [*induction("a"), *induction("a", 60)])
    _, by_change = alternatives(of)
    assert by_change["gap_days", "45"].count.denominator == 2
    assert by_change["gap_days", "45"].n_change == 1


@pytest.mark.parametrize("seed", [0, 7, 12, 33, 50], ids=str)
def test_every_alternative_is_what_the_summary_says_under_those_rules(seed):
    drawn = cohort_of(seed)
    of = outcomes(tables_of(drawn), drawn.rule_set)
    for instrument in Random(seed).sample(of.instrument_keys, 1):
        found, _ = alternatives(of, instrument)
        for one in found.alternatives:
            then = outcomes(of.tables, one.rules, of.as_of, only=(instrument,))
            assert then.instrument_keys == (instrument,)
            rate = summarize(then).result(instrument, found.measure)
            assert (one.count.numerator, one.count.denominator) == (rate.numerator, rate.denominator), one.setting


def test_settings_that_the_files_or_rules_do_not_know_are_not_asked_about():
    alone = outcomes_of([score("a", 0, 20), score("a", 30, 5)], preset="first_last")
    assert {one.setting for one in alternatives(alone)[0].alternatives} <= {
        "baseline_pick", "eligible", "missing", "first_course_only"}
    index = outcomes_of([score("a", 0, 20), score("a", 365, 5)], preset="twelve_month")
    assert {one.setting for one in alternatives(index)[0].alternatives} <= {"eligible", "missing"}
    dropped = outcomes_of([score("a", 0, 20)], induction("a"), settings={"gap_days": "45"})
    assert {value for setting, value in alternatives(dropped)[1] if setting == "gap_days"} == {"60", "90"}
    assert set(ALTERNATIVES) >= {one.setting for one in alternatives(dropped)[0].alternatives}


def test_two_measures_and_how_far_they_agree():
    found = side_by_side(cohort((20, 9), (20, 4), (20, 15), (11, 5), (10, 16), (20, None), (9, 4)), "phq9")
    pairs = {(one.first, one.second): one.agreement for one in found.agreements}
    both = pairs["response", "remission"]
    assert (both.both, both.only_first, both.only_second, both.neither, both.left_out) == (1, 2, 0, 2, 2)
    reliable = pairs["response", "reliable_improvement"]
    assert (reliable.both, reliable.only_first, reliable.only_second, reliable.neither) == (3, 0, 0, 2)
    assert found.headline == "response"
    assert {one.measure for one in found.measures} >= {"response", "mean_improvement", "worsening", "follow_up"}
    assert not any("item9" in name for pair in pairs for name in pair)


def test_a_lost_course_is_in_no_agreement_though_the_headline_counts_it():
    found = side_by_side(cohort((20, 9), (20, None), settings={"missing": "failure"}), "phq9")
    assert {one.agreement.n for one in found.agreements if "remission" in (one.first, one.second)} == {1}


def test_every_preset_stands_beside_the_one_in_force():
    of = cohort((20, 9), (20, 15), (9, 4))
    found = side_by_side(of, "phq9").presets
    assert [one.preset for one in found] == ["induction", "clinic", "induction_strict", "first_last", "pain_series",
                                             "twelve_month", "four_to_eight_month"]
    assert [one.is_in_force for one in found] == [True] + [False] * 6
    by_name = {one.preset: one for one in found}
    assert (by_name["induction"].rate.numerator, by_name["induction"].rate.denominator) == (1, 2)
    assert (by_name["induction_strict"].rate.numerator, by_name["induction_strict"].rate.denominator) == (2, 3)
    changed = cohort((20, 9), (9, 4), settings={"phq9.caseness": "9", "gap_days": "90"})
    again = {one.preset: one for one in side_by_side(changed, "phq9").presets if not one.is_in_force}
    assert again["induction"].rate.denominator == 2
    assert again["induction"].rules.base.gap_days == 60


def test_a_preset_that_cannot_be_applied_says_why():
    alone = outcomes_of([score("a", 0, 20), score("a", 30, 5)], preset="first_last")
    why = {one.preset: one.why_not for one in side_by_side(alone, "phq9").presets}
    assert why == {"first_last": "", "clinic": "same", "induction": "no_sessions", "induction_strict": "no_sessions",
                   "pain_series": "no_sessions", "twelve_month": "", "four_to_eight_month": ""}
    visits = outcomes_of([score("a", None, 20, visit="pre"), score("a", None, 5, visit="post")], axis="visit",
                         visits=("pre", "post"), preset="first_last")
    why = {one.preset: one.why_not for one in side_by_side(visits, "phq9").presets}
    assert why["twelve_month"] == why["four_to_eight_month"] == "no_days"
    routed = outcomes_of([score("a", 0, 20), score("a", 30, 5)], induction("a", route="IV"))
    why = {one.preset: one.why_not for one in side_by_side(routed, "phq9", {"route": ["IV"]}).presets}
    assert why["twelve_month"] == "no_attribute"
    with pytest.raises(ValueError, match="no instrument"):
        side_by_side(routed, "gad7")


def row(found, key):
    return next(one for one in found if one.benchmark.key == key)


def test_our_courses_are_counted_by_the_rules_of_each_source():
    of = cohort((20, 10), (20, 4), (4, 3), (20, 24), (20, None), (0, 0))
    found = published(of)
    assert [one.benchmark.key for one in found] == list(BENCHMARKS)
    strict = row(found, "mcinnes_2022")
    ours = {one.printed.measure: (one.ours.numerator, one.ours.denominator) for one in strict.figures}
    # Their remission leaves nobody out for being below 5 at the start.
    assert ours == {"response": (2, 4), "remission": (3, 5), "worsening": (1, 5)}
    assert strict.left_out == {"baseline_zero": 1, "no_endpoint": 1}
    assert strict.courses == 6 and strict.why_not == ""
    response = strict.figures[0].ours
    assert (response.low, response.high) == (pytest.approx(0.1500, abs=1e-4), pytest.approx(0.8500, abs=1e-4))


def test_each_sources_own_windows_and_lines():
    scores = [score("a", 0, 20), score("a", 13, 9), score("a", 42, 5), score("b", 0, 20), score("b", 20, 5),
              score("b", 57, 5), score("c", 0, 9), score("c", 38, 4)]
    of = outcomes_of(scores, [*induction("a"), *induction("b"), session("c", 0)])
    found = published(of)
    pfeiffer = {one.printed.measure: (one.ours.numerator, one.ours.denominator)
                for one in row(found, "pfeiffer_2024").figures}
    assert pfeiffer == {"response": (2, 2), "remission": (2, 2)}
    hull = {one.printed.measure: (one.ours.numerator, one.ours.denominator) for one in row(found, "hull_2022").figures}
    assert hull == {"response": (2, 2), "remission": (0, 2)}


def test_where_our_files_cannot_be_counted_their_way_it_says_why():
    of = cohort((20, 9))
    found = published(of)
    assert row(found, "alnefeesi_2022").why_not == "no_rules"
    assert row(found, "oliver_2022").why_not == "ever_reached"
    assert row(found, "wilkinson_2018").why_not == row(found, "sakurai_2020").why_not == "no_instrument"
    alone = outcomes_of([score("a", 0, 20), score("a", 30, 5)], preset="first_last")
    assert row(published(alone), "mcinnes_2022").why_not == "no_sessions"
    nobody = row(published(cohort((20, None))), "mcinnes_2022")
    assert (nobody.why_not, nobody.figures[0].ours, nobody.left_out) == ("nobody", None, {"no_endpoint": 1})
    routed = outcomes_of([score("a", 0, 20)], induction("a", route="IV"), [attribute("a", "site", "N")])
    assert row(published(routed, {"site": ["S"]}), "mcinnes_2022").why_not == "nobody"
    assert counted_their_way(of, BENCHMARKS["oliver_2022"]).figures[0].ours is None


def test_what_those_lost_could_do():
    of = outcomes_of(
        [score("a", 0, 20), score("a", 30, 9), score("b", 0, 24), score("b", 8, 20), score("b", 30, 20),
         score("c", 0, 27), score("c", 3, 25), score("c", 8, 12), score("d", 0, 13), score("e", 0, 15),
         score("e", 30, 6), score("f", 5, 4)],
        [one for code in "abcdef" for one in induction(code)])
    found = missing(of, "phq9", "response")
    assert (found.observed.numerator, found.observed.denominator, found.lost) == (2, 3, 2)
    assert (found.result.missing_as_failure.denominator, found.result.bounds) == (5, (2 / 5, 4 / 5))
    assert astuple(found.last_available) == (3, 4)
    assert astuple(found.carried) == (3, 5)
    assert [(one.name, one.needed) for one in found.tipping] == [("observed", 2), ("low", 0), ("half", 1)]
    assert (found.baseline_followed.n, found.baseline_followed.mean, found.baseline_followed.median) == (
        3, pytest.approx(59 / 3), 20)
    assert (found.baseline_lost.n, found.baseline_lost.mean, found.baseline_lost.sd) == (
        2, 20, pytest.approx(math.sqrt(98)))
    assert astuple(found.seen_lost) == (1, 12.0, None, 12.0)
    assert astuple(found.seen_followed) == (1, 20.0, None, 20.0)


@pytest.mark.parametrize(("day", "is_seen"), [(0, False), (1, True), (10, True), (11, False), (41, False)])
def test_the_last_score_seen_lies_ahead_of_the_window(day, is_seen):
    scores = [score("a", -1, 20), score("a", day, 14)] if day else [score("a", 0, 20)]
    found = missing(outcomes_of(scores, induction("a")), "phq9", "response")
    assert found.seen_followed.n + found.seen_lost.n == int(is_seen)
    assert missing(outcomes_of(scores, preset="first_last"), "phq9", "response").seen_followed.n == 0


@pytest.mark.parametrize(("day", "n"), [(27, 0), (28, 1), (56, 1), (57, 0)])
def test_six_weeks_of_pfeiffer_are_days_28_to_56(day, n):
    of = outcomes_of([score("a", 0, 20), score("a", day, 9)], [session("a", 0)])
    ours = row(published(of), "pfeiffer_2024").figures[0].ours
    assert (0 if ours is None else ours.denominator) == n


@pytest.mark.parametrize(("key", "days", "n"), [
    ("hull_2022", (0, 3, 7, 28), 1), ("hull_2022", (0, 3, 7, 45), 0), ("mcinnes_2022", (0, 3, 6), 0)])
def test_completers_of_each_source(key, days, n):
    of = outcomes_of([score("a", 0, 20), score("a", days[-1] + 14, 9)], induction("a", days=days))
    ours = row(published(of), key).figures[0].ours
    assert (0 if ours is None else ours.denominator) == n


def test_harm_and_means_have_no_reading_that_would_flatter():
    of = cohort((20, 26), (20, None), (20, 9))
    harm = missing(of, "phq9", "worsening")
    assert (harm.last_available, harm.carried, harm.tipping, harm.lost) == (None, None, (), 1)
    assert harm.more is not None
    mean = missing(of, "phq9", "mean_improvement")
    assert (mean.observed, mean.carried, mean.more) == (None, None, None)
    assert mean.result.missing_as_unchanged["n"] == 3


def test_where_the_headline_counts_those_lost_the_observed_do_not():
    found = missing(cohort((20, 9), (24, 20), (13, None), settings={"missing": "failure"}), "phq9", "response")
    assert (found.result.denominator, found.observed.denominator, found.lost) == (3, 2, 1)
    assert (found.baseline_followed.mean, found.baseline_lost.mean) == (22, 13)


def test_how_many_courses_more():
    # At one half Wilson is z / sqrt(n + z^2) wide: 0.2 takes (1.96 / 0.2)^2 - 1.96^2 = 92.2, so 93 courses.
    of = cohort(*[(20, 9)] * 20, *[(20, 15)] * 20)
    assert missing(of, "phq9", "response").more == 53
    again = [score("a", day, total) for day, total in ((0, 20), (30, 9), (200, 20), (230, 9))] + [
        score("b", 0, 20), score("b", 30, 19)]
    twice = outcomes_of(again, [*induction("a"), *induction("a", 200), *induction("b")])
    lone = missing(cohort((20, 9), (20, 9), (20, 19)), "phq9", "response").more
    assert missing(twice, "phq9", "response").more > lone > 53


@pytest.mark.parametrize("pairs", [(), ((None, None),), ((20, None),), ((20, 9),), ((9, 4),)])
def test_degenerate_cohorts_give_no_nan(pairs):
    of = cohort(*pairs) if pairs else outcomes_of([score("z", 0, 20)], preset="first_last")
    if "phq9" not in of.instrument_keys:
        return
    for measure in ("response", "remission", "worsening", "mean_improvement", "follow_up"):
        text = repr(missing(of, "phq9", measure)).lower()
        assert "nan" not in text
    assert "nan" not in repr(side_by_side(of, "phq9").agreements).lower()
    for one in published(of):
        assert one.why_not or any(figure.ours is not None for figure in one.figures)


def test_visits_alone_give_what_they_can():
    scores = [score(code, None, total, visit=visit) for code, totals in (("a", (20, 15, 9)), ("b", (22, 18, None)))
              for visit, total in zip(("pre", "mid", "post"), totals, strict=True) if total is not None]
    of = outcomes_of(scores, preset="first_last", axis="visit", visits=("pre", "mid", "post"),
                     settings={"baseline_visit": "pre", "endpoint_visit": "post"})
    found = missing(of, "phq9", "response")
    assert (found.lost, astuple(found.carried)) == (1, (1, 2))
    assert (found.seen_lost.mean, found.seen_followed.mean) == (18, 15)
    assert {one.why_not for one in published(of)} <= {"no_sessions", "no_instrument", "no_rules", "ever_reached"}


@pytest.mark.skipif(not CLAUS.exists(), reason="the trial's data is not here")
def test_claus_2020():
    """clinicalsignificance 3.0.0, time 1 to 4: HAM-D halved in 16 of 40, BDI-II in 11 of 40."""
    columns = {"id": "patient_id", "time": "visit", "hamd": "hamd17", "bdi": "bdi2"}
    tables = analytics.load([str(CLAUS)], mapping=columns)
    rules = analytics.rule_set("first_last", [("baseline_visit", "1"), ("endpoint_visit", "4"), ("eligible", "all")])
    of = analytics.outcomes(tables, rules)
    for key, halved in (("hamd17", 16), ("bdi2", 11)):
        count = by_way(ground(of, key), Way(success="half"))
        assert (count.numerator, count.denominator) == (halved, 40)
        assert missing(of, key, "response").lost == 3
    both = side_by_side(of, "bdi2").agreements
    assert all(one.agreement.n <= 40 for one in both)
