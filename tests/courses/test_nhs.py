"""The NHS Talking Therapies set, over PHQ-9 and GAD-7 together."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from analytics.__main__ import main
from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.measures import NHS_MEASURES
from analytics.definitions.nhs import nhs_scales
from analytics.reports.outcome_files import outcome_rows
from analytics.results.cohorts import in_cohort
from analytics.results.summary import summarize
from tests.drawn import attribute, flag, induction, outcomes_of, reason, row_of, score

PAIR = "phq9+gad7"
RELIABLE = ("nhs_reliable_improvement", "nhs_reliable_deterioration", "nhs_no_reliable_change")
RECOVERY = ("nhs_recovery", "nhs_reliable_recovery")


def both(depression=(None, None), anxiety=(None, None), patient="a", start=0):
    """Scores on day 0 and day 30 of the two scales; missing is not measured."""
    return [score(patient, start + day, total, instrument=key)
            for key, pair in (("phq9", depression), ("gad7", anxiety))
            for day, total in zip((0, 30), pair, strict=True) if total is not None]


def judged(depression=(None, None), anxiety=(None, None), preset="induction", **settings):
    # b makes sure that the files hold both scales.
    scores = both(depression, anxiety) + both((20, 20), (15, 15), patient="b")
    return outcomes_of(scores, induction("a") + induction("b"), preset=preset, settings=settings)


def nhs(of, course=0, key=PAIR):
    """Recovery, reliable improvement, deterioration, no change and recovery: yes, no, or why left out."""
    return [reason(of, one.key, course, key) or flag(of, one.key, course, key) for one in NHS_MEASURES]


@pytest.mark.parametrize(("before", "after", "expected"), [
    (20, 10, [False, True, False, False, False]),
    (20, 9, [True, True, False, False, True]),
    (10, 5, [True, False, False, True, False]),
    (9, 4, ["not_a_case", False, False, True, "not_a_case"]),
    (27, 14, [False, True, False, False, False]),
    (11, 5, [True, True, False, False, True]),
    (4, 2, ["not_a_case", False, False, True, "not_a_case"]),
    (0, 0, ["not_a_case", False, False, True, "not_a_case"]),
    (0, 5, ["not_a_case", False, False, True, "not_a_case"]),
    (10, 16, [False, False, True, False, False]),
])
def test_the_boundary_table_with_one_scale(before, after, expected):
    alone = outcomes_of(both((before, after)), induction("a"))
    assert nhs(alone, key="phq9") == expected
    assert nhs(judged((before, after))) == expected


@pytest.mark.parametrize(("before", "after", "expected"), [
    (8, 7, [True, False, False, True, False]),
    (7, 3, ["not_a_case", True, False, False, "not_a_case"]),
    (12, 8, [False, True, False, False, False]),
    (11, 7, [True, True, False, False, True]),
    (11, 8, [False, False, False, True, False]),
    (8, 12, [False, False, True, False, False]),
])
def test_inside_the_set_the_line_of_the_gad7_is_eight(before, after, expected):
    alone = outcomes_of(both(anxiety=(before, after)), induction("a"))
    assert nhs(alone, key="gad7") == nhs(judged(anxiety=(before, after))) == expected
    assert reason(alone, instrument="gad7") == (None if before >= 10 else "not_a_case")


@pytest.mark.parametrize(("depression", "anxiety", "expected"), [
    ((20, 9), (15, 7), [True, True, False, False, True]),
    ((20, 9), (15, 8), [False, True, False, False, False]),
    ((9, 9), (8, 7), [True, False, False, True, False]),
    ((20, 9), (4, 8), [False, False, False, True, False]),
    ((20, 9), (3, 7), [True, False, False, True, False]),
    ((5, 11), (10, 10), [False, False, True, False, False]),
    ((5, 11), (14, 10), [False, False, False, True, False]),
    ((9, 4), (7, 7), ["not_a_case", False, False, True, "not_a_case"]),
])
def test_either_scale_makes_a_case_and_opposite_directions_make_no_change(depression, anxiety, expected):
    assert nhs(judged(depression, anxiety)) == expected


def test_a_course_is_judged_on_the_scales_with_both_scores():
    assert nhs(judged((9, 3), (15, None))) == ["not_a_case", True, False, False, "not_a_case"]
    assert nhs(judged((20, None), (15, 7))) == [True, True, False, False, True]
    assert nhs(judged((20, 9), (None, 15))) == [True, True, False, False, True]
    assert nhs(judged((20, None), (None, 7))) == ["no_endpoint"] * 5
    assert nhs(judged((9, None), (8, None))) == ["no_endpoint"] * 5
    assert nhs(judged((9, None), (7, None))) == ["not_a_case", *["no_endpoint"] * 3, "not_a_case"]
    assert nhs(judged((None, 3), (None, 7))) == ["no_baseline"] * 5
    assert nhs(judged()) == ["not_assessed"] * 5


def test_recovery_is_of_cases_whoever_the_rules_ask():
    of = judged((9, 3), (7, 7), eligible="all")
    assert nhs(of) == ["not_a_case", True, False, False, "not_a_case"]
    assert flag(of, "remission") is True


def test_the_lines_of_the_set_are_its_own_and_can_be_set():
    assert nhs(judged((9, 3), (7, 7), **{"phq9.caseness": "9"}))[0] == "not_a_case"
    assert nhs(judged((9, 3), (7, 7), **{"phq9.nhs_caseness": "9"}))[0] is True
    assert nhs(judged((20, 14), (7, 7), **{"phq9.reliable_change": "7"}))[1] is False


def test_the_row_of_the_pair_has_days_and_no_score():
    scores = [score("a", 0, 20), score("a", -3, 15, instrument="gad7"), score("a", 20, 9),
              score("a", 33, 7, instrument="gad7")]
    row = row_of(outcomes_of(scores, induction("a")), instrument=PAIR)
    assert row[["baseline", "endpoint", "improvement"]].isna().all()
    assert row[["baseline_day", "endpoint_day", "endpoint_days_from_anchor"]].tolist() == [-3, 33, 23]
    assert bool(row["looks_back"]) is True
    assert bool(row["has_endpoint"]) is True


@pytest.mark.parametrize(("day", "looks_back"), [(23, True), (24, False)])
def test_the_pair_looks_back_where_a_judged_scale_does(day, looks_back):
    scores = [*both(anxiety=(15, 7)), score("a", 0, 20), score("a", day, 9)]
    assert bool(row_of(outcomes_of(scores, induction("a")), instrument=PAIR)["looks_back"]) is looks_back


def test_which_scales_the_set_takes():
    def key(*present):
        scales = nhs_scales(BUILT_IN, present)
        return None if scales is None else scales.key

    assert key("phq9", "gad7", "who5") == PAIR
    assert key("gad7", "phq8") == "phq8+gad7"
    assert key("phq8", "phq9", "gad7") == PAIR
    assert key("madrs", "gad7") == "gad7"
    assert key("phq9") == "phq9"
    assert key("madrs", "pain_nrs", "pcl5") is None


def clinic():
    """Recovered a, better b, worse c, opposite d, lost e, mild f, no baseline g; a comes back for a second course."""
    scores = [*both((20, 5), (15, 4), "a"), *both((20, 12), (15, 12), "b"), *both((12, 20), (9, 9), "c"),
              *both((20, 10), (4, 9), "d"), *both((20, None), (15, None), "e"), *both((5, 2), (3, 2), "f"),
              *both((None, 4), (None, 2), "g"), *both((18, 18), (9, 9), "a", start=200)]
    sessions = [row for name in "abcdefg" for row in induction(name)] + induction("a", 200)
    return scores, sessions, [attribute(name, "site", "North" if name in "abc" else "South") for name in "abcdefg"]


def rates_of(of, **asked):
    results = summarize(of, **asked).results
    return {one.measure: one for one in results if one.instrument == PAIR and not one.stratum}


def test_rates_of_the_set_carry_everything():
    found = rates_of(outcomes_of(*clinic()))
    assert list(found) == [one.key for one in NHS_MEASURES]
    counts = {key: (one.numerator, one.denominator) for key, one in found.items()}
    assert counts == {"nhs_recovery": (1, 5), "nhs_reliable_improvement": (2, 6), "nhs_reliable_deterioration": (1, 6),
                      "nhs_no_reliable_change": (3, 6), "nhs_reliable_recovery": (1, 5)}
    assert all(one.denominator + sum(one.left_out.values()) == one.courses == 8 for one in found.values())
    recovery, worse, same = (found[f"nhs_{name}"] for name in (
        "recovery", "reliable_deterioration", "no_reliable_change"))
    assert recovery.left_out == {"no_baseline": 1, "not_a_case": 1, "no_endpoint": 1}
    assert worse.left_out == same.left_out == {"no_baseline": 1, "no_endpoint": 1}
    assert (recovery.missing_as_failure.numerator, recovery.missing_as_failure.denominator) == (1, 6)
    assert worse.missing_as_failure is same.missing_as_failure is None
    assert (recovery.bounds, same.bounds) == ((1 / 6, 2 / 6), (3 / 7, 4 / 7))
    assert (recovery.follow_up, recovery.evaluated, recovery.median_endpoint_day) == (5 / 6, 5 / 7, 20)
    assert recovery.interval == "wilson_clustered"


def test_missing_counted_as_failure_and_the_observed_rate_beside():
    found = rates_of(outcomes_of(*clinic(), settings={"missing": "failure"}))
    recovery, worse = found["nhs_recovery"], found["nhs_reliable_deterioration"]
    assert (recovery.numerator, recovery.denominator) == (1, 6)
    assert (recovery.observed.numerator, recovery.observed.denominator) == (1, 5)
    assert (worse.denominator, worse.observed) == (6, None)


def test_improved_deteriorated_and_no_change_make_all_paired():
    found = rates_of(outcomes_of(*clinic()))
    assert sum(found[key].numerator for key in RELIABLE) == found[RELIABLE[0]].denominator


@pytest.mark.parametrize(("asked", "has_pair"), [
    (None, True), (("phq9", "gad7"), True), ((PAIR,), True), (("phq9",), False), (("gad7",), False)])
def test_which_choice_of_instruments_includes_the_pair(asked, has_pair):
    of = outcomes_of(*clinic())
    summary = summarize(of, by=("site",), instruments=asked)
    keys = {one.instrument for one in summary.results}
    assert (PAIR in keys) is has_pair
    assert set(summary.instruments) == keys
    assert {one.instrument for one in summary.flows} == keys - {PAIR}
    rows = outcome_rows(of, in_cohort(of, {}), asked)
    assert set(rows["instrument"].unique()) == keys


def test_strata_and_filters_add_up():
    of = outcomes_of(*clinic())
    found = [one for one in summarize(of, by=("site",), instruments=(PAIR,)).results if one.measure == "nhs_recovery"]
    assert [(one.stratum.get("site"), one.numerator, one.denominator, one.courses) for one in found] == [
        (None, 1, 5, 8), ("North", 1, 4, 4), ("South", 0, 1, 4)]
    assert rates_of(of, where={"site": ["South"]})["nhs_recovery"].courses == 4


def test_the_pair_is_no_instrument():
    of = outcomes_of(*clinic())
    assert of.instrument_keys == ("phq9", "gad7")
    assert of.result_keys == ("phq9", "gad7", PAIR)
    assert PAIR not in of.instruments


def test_the_set_changes_no_other_result():
    scores, sessions, sites = clinic()
    of = outcomes_of(scores, sessions, sites)
    alone = outcomes_of([row for row in scores if row["instrument"] == "phq9"], sessions, sites)
    for measure in ("response", "remission", "reliable_improvement", "mean_improvement", "follow_up"):
        assert summarize(of).result("phq9", measure) == summarize(alone).result("phq9", measure)
    assert summarize(of).result("phq9", "nhs_recovery") is None
    assert summarize(alone).result("phq9", "nhs_recovery").denominator == 5


def test_flags_are_nullable_booleans():
    table = outcomes_of(*clinic()).table
    for measure in NHS_MEASURES:
        assert table[measure.key].dtype == "boolean"
        assert table.loc[table["instrument"] != PAIR, measure.key].isna().all()
    assert table.loc[table["instrument"] == PAIR, "response"].isna().all()
    assert table["has_endpoint"].notna().all()


def test_first_and_last_scores_without_sessions():
    of = outcomes_of(both((20, 9), (15, 7)) + both((20, None), (15, None), "b"), preset="first_last")
    assert nhs(of, 0) == [True, True, False, False, True]
    assert nhs(of, 1) == ["no_endpoint"] * 5


def test_an_incomplete_induction_and_a_course_that_runs_are_left_out_as_elsewhere():
    scores, treated = both((20, 9), (15, 7)), induction("a", days=(0, 3))
    strict = outcomes_of(scores, treated, preset="induction_strict", settings={"kinds": "induction,incomplete"})
    assert nhs(strict) == ["incomplete_induction"] * 5
    assert nhs(outcomes_of(scores, induction("a"), observed_until={"a": 35})) == ["not_due"] * 5


def test_the_share_that_england_printed():
    """NHS England 2024-25: 321,061 of 670,419 finished less 35,234 that were no case are printed as 50.5 %.

    Drawn at a thousandth of its size, so to a tenth of a point.
    """
    scale = 1000
    n_recovered, n_finished, n_mild = (round(number / scale) for number in (321_061, 670_419, 35_234))
    cases = [((20, 5), (15, 4))] * n_recovered + [((20, 20), (15, 15))] * (n_finished - n_mild - n_recovered)
    scores = [row for place, pair in enumerate(cases + [((5, 5), (3, 3))] * n_mild)
              for row in both(*pair, f"p{place:03d}")]
    of = outcomes_of(scores, preset="first_last")
    recovery = rates_of(of)["nhs_recovery"]
    assert (recovery.courses, recovery.left_out) == (n_finished, {"not_a_case": n_mild})
    assert recovery.estimate == pytest.approx(0.505, abs=0.001)


@pytest.fixture
def files(tmp_path):
    days = (0, 3, 7, 10)
    sessions = pd.DataFrame([{"patient_id": name, "day": day} for name in "AB" for day in days])
    scores = pd.DataFrame({"patient_id": list("AABB"), "day": [0, 30] * 2, "phq9": [20, 9, 18, 18],
                           "gad7": [15, 7, 12, 13]})
    paths = [tmp_path / "sessions.csv", tmp_path / "scores.csv"]
    for frame, path in zip((sessions, scores), paths, strict=True):
        frame.to_csv(path, index=False)
    return [str(path) for path in paths]


def test_the_command_line_gives_the_pair_in_json_and_text(files, capsys):
    assert main(["summary", *files, "--format", "json", "--instrument", PAIR]) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    assert [(one["measure"], one["numerator"], one["denominator"]) for one in results] == [
        ("nhs_recovery", 1, 2), ("nhs_reliable_improvement", 1, 2), ("nhs_reliable_deterioration", 0, 2),
        ("nhs_no_reliable_change", 1, 2), ("nhs_reliable_recovery", 1, 2)]
    assert main(["summary", *files]) == 0
    assert "PHQ-9 and GAD-7\n  NHS recovery:" in capsys.readouterr().out
    assert main(["summary", *files, "--format", "csv"]) == 0
    assert f"{PAIR},nhs_recovery" in capsys.readouterr().out


def test_the_pair_stands_in_the_file_of_courses(files, tmp_path):
    out = tmp_path / "courses.csv"
    assert main(["courses", *files, "--out", str(out)]) == 0
    rows = pd.read_csv(out)
    of_pair = rows[rows["instrument"] == PAIR]
    assert of_pair["nhs_recovery"].tolist() == [True, False]
    assert of_pair[["baseline", "endpoint"]].isna().all(axis=None)
