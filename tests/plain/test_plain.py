"""The witness is witnessed: cases drawn by hand, with the answers written down by hand from definitions.md."""

from dataclasses import replace

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.measures import MEASURES
from analytics.definitions.rules import PRESETS
from tests.plain import cohorts
from tests.plain.courses import blocks, courses, induction_of, until_of
from tests.plain.outcomes import outcomes
from tests.plain.rates import results, wilson

INDUCTION = PRESETS["induction"]
STRICT = PRESETS["induction_strict"]
PAIN = PRESETS["pain_series"]
FIRST_LAST = PRESETS["first_last"]
WEEKS = (0, 3, 7, 10)


def session(day, course_id=None, phase=None, planned_sessions=None, patient_id="A"):
    return {"patient_id": patient_id, "course_id": course_id, "day": day, "phase": phase,
            "planned_sessions": planned_sessions}


def sessions(*days):
    return [session(day) for day in days]


def score(day, total, *, instrument="phq9", course_id=None, time=None, timing=None, item9=None, visit=None,
          patient_id="A"):
    return {"patient_id": patient_id, "course_id": course_id, "day": day, "visit": visit, "time": time,
            "timing": timing, "instrument": instrument, "total": total, "item9": item9, "n_items_missing": None}


def counted(scores, treated, rules=INDUCTION, until=None, key="phq9", visits=()):
    """Courses and outcome rows of one instrument, for patients under one set of rules."""
    people = {row["patient_id"] for row in [*scores, *treated]}
    rules_of = dict.fromkeys(people, rules)
    until_of_patient = dict.fromkeys(people, until)
    found = courses(scores, treated, rules_of, until_of_patient)
    return found, outcomes(found, scores, {key: BUILT_IN[key]}, rules_of, until_of_patient, visits)


def only_row(scores, treated=None, rules=INDUCTION, until=None, key="phq9", visits=()):
    """The outcome row of one patient with one course of four sessions, the last on day 10."""
    _, rows = counted(scores, sessions(*WEEKS) if treated is None else treated, rules, until, key, visits)
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize(("before", "after", "response", "remission", "improved", "deteriorated"), [
    (20, 10, True, False, True, False),
    (20, 9, True, False, True, False),
    (10, 5, True, False, False, False),
    (9, 4, "not_a_case", "not_a_case", False, False),
    (27, 14, False, False, True, False),
    (11, 5, True, False, True, False),
    (4, 2, "not_a_case", "not_a_case", False, False),
    (0, 0, "not_a_case", "not_a_case", False, False),
    (0, 5, "not_a_case", "not_a_case", False, False),
    (10, 16, False, False, False, True),
])
def test_boundary_table_by_default(before, after, response, remission, improved, deteriorated):
    row = only_row([score(0, before), score(20, after)])
    for key, expected in (("response", response), ("remission", remission)):
        assert (row["left_out"][key] or row["flag"][key]) == expected
    assert row["flag"]["reliable_improvement"] is improved
    assert row["flag"]["reliable_deterioration"] is deteriorated
    assert row["flag"]["worsening"] is (after > before)


@pytest.mark.parametrize(("before", "after", "response", "remission"), [
    (9, 4, True, True),
    (4, 2, True, "already_in_remission"),
    (0, 0, "baseline_zero", "already_in_remission"),
    (0, 5, "baseline_zero", "already_in_remission"),
])
def test_boundary_table_with_all_eligible(before, after, response, remission):
    row = only_row([score(0, before), score(20, after)], rules=replace(INDUCTION, eligible="all"))
    for key, expected in (("response", response), ("remission", remission)):
        assert (row["left_out"][key] or row["flag"][key]) == expected


def test_seven_to_four_point_nine_is_thirty_percent():
    row = only_row([score(0, 7.0, instrument="pain_nrs_worst"), score(20, 4.9, instrument="pain_nrs_worst")],
                   rules=PAIN, key="pain_nrs_worst")
    assert (row["flag"]["pain_30"], row["flag"]["pain_50"], row["flag"]["pain_2_points"]) == (True, False, True)


def test_who5_reads_the_other_way():
    def flags(after):
        return only_row([score(0, 40, instrument="who5"), score(20, after, instrument="who5")], key="who5")["flag"]
    assert [flags(after)["response"] for after in (56, 60, 20)] == [False, True, False]
    assert [flags(after)["worsening"] for after in (36, 40)] == [True, False]


@pytest.mark.parametrize(("gap", "n_blocks"), [(60, 1), (61, 2)])
def test_a_gap_of_sixty_goes_on_and_sixty_one_starts_anew(gap, n_blocks):
    assert len(blocks(sessions(gap, 0), INDUCTION)) == n_blocks


def test_ids_win_over_the_gap_and_blank_ids_follow_it():
    rows = [session(0), session(10, "X"), session(90, "X"), session(100, "Y"), session(160), session(221), session(250)]
    found = [(course_id, [row["day"] for row in block]) for course_id, block in blocks(rows, INDUCTION)]
    assert found == [("X", [0, 10, 90]), ("Y", [100, 160]), (None, [221, 250])]


def test_phases_start_blocks_and_maintenance_does_not():
    rows = [session(0, phase="induction"), session(3, phase="induction"), session(90, phase="maintenance"),
            session(100, phase="induction"), session(103, phase="induction"), session(164, phase="induction")]
    found = [[row["day"] for row in block] for _, block in blocks(rows, INDUCTION)]
    assert found == [[0, 3, 90], [100, 103], [164]]
    assert [row["day"] for row in induction_of(blocks(rows, INDUCTION)[0][1], INDUCTION)] == [0, 3]


@pytest.mark.parametrize(("days", "last"), [
    ((0, 14, 28), 28), ((0, 14, 29), 14), ((0, 15), 0), ((0, 7, 14, 21, 28), 28),
    ((0, 2, 4, 6, 8, 10, 12, 14, 16), 14),
])
def test_induction_ends_at_a_long_gap_at_day_28_or_at_eight_sessions(days, last):
    assert induction_of(sessions(*days), INDUCTION)[-1]["day"] == last


def test_planned_sessions_limit_and_never_widen():
    planned = [session(0), session(2, planned_sessions=3), session(4), session(6)]
    assert len(induction_of(planned, INDUCTION)) == 3
    assert len(induction_of(sessions(*range(0, 20, 2)), replace(INDUCTION, planned_sessions=10))) == 8


def test_kinds_in_order_with_a_drop_out_and_a_booster():
    treated = sessions(0, 3, 7, *(100 + day for day in WEEKS), 200, *(300 + day for day in WEEKS))
    found, _ = counted([], treated)
    assert [(course["course_number"], course["kind"]) for course in found] == [
        (1, "incomplete"), (2, "induction"), (3, "booster"), (4, "re_induction")]
    assert [course["kind"] for course in counted([], treated, PAIN)[0]] == [
        "induction", "re_induction", "re_induction", "re_induction"]


@pytest.mark.parametrize(("day", "is_found"), [(-31, False), (-30, True), (0, True), (1, False)])
def test_baseline_window(day, is_found):
    assert (only_row([score(day, 20)])["baseline"] == 20) is is_found


@pytest.mark.parametrize(("day", "is_found"), [(10, False), (11, True), (41, True), (42, False)])
def test_endpoint_window_counts_from_the_last_induction_session(day, is_found):
    assert (only_row([score(0, 20), score(day, 8)])["endpoint"] == 8) is is_found


def test_scores_after_a_session_take_no_role_and_a_later_day_wins():
    row = only_row([score(-3, 14), score(0, 20, timing="after"), score(20, 9), score(30, 7, timing="during")])
    assert (row["baseline"], row["endpoint"], row["endpoint_day"]) == (14, 9, 20)


def test_two_scores_on_one_day():
    timed = only_row([score(0, 18, time=480), score(0, 20, time=900), score(20, 5, time=900), score(20, 9, time=480)])
    untimed = only_row([score(0, 18, time=900), score(0, 20), score(20, 5), score(20, 9)])
    assert (timed["baseline"], timed["endpoint"]) == (18, 5)
    assert (untimed["baseline"], untimed["endpoint"]) == (18, 9)
    same = only_row([score(0, 18, item9=2), score(0, 18, item9=1), score(20, 9, item9=0), score(20, 9, item9=1)])
    assert (same["baseline_score"]["item9"], same["endpoint_score"]["item9"]) == (1, 1)


def test_the_loser_of_a_day_takes_no_role_in_a_mean_or_as_the_worst():
    """The earlier of day 0 is the baseline of that day, so 18 is neither averaged in nor the worst."""
    scores = [score(-4, 14), score(0, 12, time=480), score(0, 18, time=900), score(20, 8)]
    assert only_row(scores, rules=replace(INDUCTION, baseline_pick="mean_last_7_days"))["baseline"] == 13
    assert only_row(scores, rules=replace(INDUCTION, baseline_pick="worst"))["baseline"] == 14


def test_a_known_answer_to_item_9_goes_before_an_unknown_one():
    row = only_row([score(0, 18), score(0, 18, item9=1), score(20, 9, item9=0), score(20, 9)])
    assert (row["baseline_score"]["item9"], row["endpoint_score"]["item9"]) == (1, 0)


def test_without_an_induction_session_there_is_no_endpoint():
    treated = [session(0, phase="maintenance"), session(14, phase="maintenance")]
    for rules in (INDUCTION, replace(INDUCTION, endpoint_pick="last_available")):
        row = only_row([score(0, 20), score(20, 8)], treated, rules, until=15)
        assert (row["course"]["n_induction"], row["left_out"]["response"]) == (0, "no_endpoint")


def test_strict_scoring_does_not_use_a_total_made_of_eight_items():
    scores = [{**score(0, 20), "n_items_missing": 1}, score(-3, 16), score(20, 8)]
    assert only_row(scores)["baseline"] == 20
    assert only_row(scores, rules=replace(INDUCTION, scoring="complete"))["baseline"] == 16


def test_days_may_restart_where_every_row_has_an_id():
    treated = [session(day, name) for name in "XY" for day in WEEKS]
    scores = [score(0, 20, course_id="X"), score(30, 8, course_id="X"), score(0, 18, course_id="Y")]
    _, rows = counted(scores, treated)
    assert [(row["baseline"], row["endpoint"]) for row in rows] == [(20, 8), (18, None)]


@pytest.mark.parametrize(("day", "is_kept"), [(60, False), (61, True)])
def test_patients_who_may_have_started_before_the_files(day, is_kept):
    rules = replace(INDUCTION, drop_started_before=True)
    treated = [session(0, patient_id="B"), session(day)]
    found = courses([], treated, dict.fromkeys("AB", rules), dict.fromkeys("AB"), are_dates=True)
    assert [course["patient_id"] for course in found] == ["A"] * is_kept


def test_one_score_ends_a_course_and_starts_the_next():
    treated = sessions(*WEEKS, *(71 + day for day in WEEKS))
    _, rows = counted([score(0, 20), score(41, 8), score(71, 16)], treated)
    assert [(row["baseline"], row["endpoint"]) for row in rows] == [(20, 8), (16, None)]
    _, rows = counted([score(0, 20), score(71, 16)], treated, replace(INDUCTION, endpoint_window=(1, 90)))
    assert [(row["baseline"], row["endpoint"]) for row in rows] == [(20, 16), (16, None)]
    _, rows = counted([score(0, 20), score(72, 16)], treated, replace(INDUCTION, endpoint_window=(1, 90)))
    assert rows[0]["endpoint"] is None


@pytest.mark.parametrize(("until", "why"), [(40, "not_due"), (41, None), (None, None)])
def test_a_course_is_due_when_its_window_has_closed(until, why):
    row = only_row([score(0, 20), score(20, 8)], until=until)
    assert row["endpoint"] == 8
    assert row["left_out"]["response"] == why


def test_rows_after_the_day_looked_at_are_not_used():
    found, rows = counted([score(0, 20), score(42, 8)], sessions(*WEEKS, 41, 100), until=41)
    assert (len(found), found[0]["n_sessions"], rows[0]["endpoint"]) == (1, 5, None)
    assert until_of("A", 50, {"A": 41}) == 41 and until_of("A", None, {}) is None


def test_reasons_come_in_order():
    treated = [session(day, patient_id=name) for name in "BCDEF" for day in WEEKS]
    treated += [session(200, patient_id="B"), session(0, patient_id="G")]
    scores = [score(0, 20), score(0, 20, patient_id="B"), score(20, 8, patient_id="B"),
              score(0, 20, patient_id="C", timing="after"), score(0, 9, patient_id="D"), score(0, 20, patient_id="E"),
              score(0, 20, patient_id="G"), score(20, 5, patient_id="G")]
    _, rows = counted(scores, treated)
    assert [(row["course"]["patient_id"], row["left_out"]["response"]) for row in rows] == [
        ("A", "no_sessions"), ("B", None), ("B", "booster"), ("C", "no_baseline"), ("D", "not_a_case"),
        ("E", "no_endpoint"), ("F", "not_assessed"), ("G", None)]
    _, rows = counted(scores, treated, STRICT)
    assert rows[-1]["left_out"]["response"] == "incomplete_induction"


def test_strict_asks_for_the_last_session_on_day_7_to_28():
    early = only_row([score(0, 8), score(25, 4)], sessions(0, 2, 4, 6), STRICT)
    late = only_row([score(0, 8), score(25, 4)], sessions(0, 2, 4, 7), STRICT)
    assert (early["left_out"]["response"], late["left_out"]["response"]) == ("incomplete_induction", None)


def test_item_9_is_asked_of_those_at_risk():
    def why(before, after):
        row = only_row([score(0, 9, item9=before), score(20, 9, item9=after)])
        return [row["left_out"][key] or row["flag"][key]
                for key in ("item9_resolved", "item9_reduced", "item9_new", "item9_increased")]
    assert why(2, 1) == [False, True, "not_at_risk", False]
    assert why(1, 0) == [True, True, "not_at_risk", False]
    assert why(0, 1) == ["not_at_risk", "not_at_risk", True, True]
    assert why(0, None) == ["not_at_risk", "not_at_risk", "items_missing", "items_missing"]
    assert why(None, 0) == ["items_missing"] * 4


def test_first_and_last_without_sessions():
    row = only_row([score(3, 20), score(50, 12), score(400, 9)], [], FIRST_LAST, until=401)
    assert (row["course"]["kind"], row["baseline"], row["endpoint"], row["endpoint_day"]) == ("assessed", 20, 9, 397)
    assert only_row([score(3, 20)], [], FIRST_LAST)["left_out"]["response"] == "no_endpoint"
    assert only_row([score(3, 20), score(20, 3)], [], INDUCTION)["left_out"]["response"] == "no_sessions"


def test_named_visits_are_exactly_those():
    rules = replace(FIRST_LAST, baseline_visit="1", endpoint_visit="3")
    visits = ("0", "1", "2", "3", "4")
    scores = [score(None, 20, visit="1"), score(None, 25, visit="0"), score(None, 4, visit="2")]
    row = only_row(scores, [], rules, visits=visits)
    assert (row["baseline"], row["left_out"]["response"]) == (20, "no_endpoint")
    row = only_row(scores, [], FIRST_LAST, visits=visits)
    assert (row["baseline"], row["endpoint"]) == (25, 4)


def test_other_picks():
    scores = [score(-8, 24), score(-6, 18), score(-1, 15), score(12, 9), score(18, 7), score(38, 5)]
    def pick(**changes):
        row = only_row(scores, rules=replace(INDUCTION, **changes))
        return row["baseline"], row["baseline_day"], row["endpoint"]
    assert pick() == (15, -1, 5)
    assert pick(baseline_pick="first") == (24, -8, 5)
    assert pick(baseline_pick="worst", baseline_window=(-7, 0)) == (18, -6, 5)
    assert pick(baseline_pick="mean_last_7_days") == (16.5, -1, 5)
    assert pick(endpoint_pick="closest", endpoint_target_day=5) == (15, -1, 7)
    assert pick(endpoint_pick="closest", endpoint_target_day=19) == (15, -1, 5)
    assert pick(endpoint_pick="last_available", endpoint_window=(14, 20)) == (15, -1, 7)
    assert pick(endpoint_anchor="day_0") == (15, -1, 7)


def test_looking_back_and_sessions_before_the_endpoint():
    treated = sessions(*WEEKS, 25, 40)
    rows = [only_row([score(0, 20), score(day, 8)], treated) for day in (23, 24, 40, 41)]
    assert [row["looks_back"] for row in rows] == [True, False, False, False]
    assert [row["n_sessions_before_endpoint"] for row in rows] == [0, 0, 1, 2]


def ten_courses():
    """Responders A-C, not D, lost E-F, no baseline G, not a case H, worse I; B comes back for a second course."""
    treated = [session(day, patient_id=name) for name in "ABCDEFGHI" for day in WEEKS]
    treated += [session(200 + day, patient_id="B") for day in WEEKS]
    before = {"A": 20, "B": 20, "C": 20, "D": 20, "E": 20, "F": 20, "H": 5, "I": 12}
    after = {"A": 10, "B": 4, "C": 3, "D": 11, "G": 3, "H": 6, "I": 15}
    scores = [score(0, total, patient_id=name) for name, total in before.items()]
    scores += [score(20, total, patient_id=name) for name, total in after.items()]
    return scores, treated


@pytest.mark.parametrize(("missing", "denominator", "left_out"), [
    ("observed", 5, {"no_baseline": 2, "not_a_case": 1, "no_endpoint": 2}),
    ("failure", 7, {"no_baseline": 2, "not_a_case": 1}),
    ("unchanged", 7, {"no_baseline": 2, "not_a_case": 1}),
])
def test_a_rate_with_everything_it_carries(missing, denominator, left_out):
    scores, treated = ten_courses()
    _, rows = counted(scores, treated, replace(INDUCTION, missing=missing))
    found = results(rows, MEASURES.values())
    response = found["phq9", "response", None]
    assert (response["courses"], response["numerator"], response["denominator"]) == (10, 3, denominator)
    assert response["left_out"] == left_out
    assert response["missing_as_failure"] == (3, 7)
    assert response["observed"] == (None if missing == "observed" else (3, 5))
    assert response["bounds"] == (3 / 7, 5 / 7)
    assert (response["follow_up"], response["evaluated"]) == (5 / 7, 5 / 9)
    assert (response["looks_back"], response["median_endpoint_day"]) == (1, 10)
    worse = found["phq9", "worsening", None]
    assert (worse["numerator"], worse["denominator"], worse["missing_as_failure"]) == (2, 6, None)
    followed = found["phq9", "follow_up", None]
    assert (followed["numerator"], followed["denominator"], followed["left_out"]) == (
        5, 7, {"no_baseline": 2, "not_a_case": 1})


def test_mean_improvement():
    scores, treated = ten_courses()
    _, rows = counted(scores, treated)
    found = results(rows, MEASURES.values())["phq9", "mean_improvement", None]
    assert (found["n"], found["estimate"], found["missing_as_unchanged"]) == (5, 9.8, 7)
    _, rows = counted(scores, treated, replace(INDUCTION, missing="unchanged"))
    found = results(rows, MEASURES.values())["phq9", "mean_improvement", None]
    assert (found["n"], found["estimate"]) == (7, 7)


def test_wilson_against_newcombe_1998():
    """Newcombe 1998, Stat Med 17:857, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for counts, printed in (((81, 263), (0.2553, 0.3662)), ((15, 148), (0.0624, 0.1605)),
                            ((0, 20), (0.0, 0.1611)), ((1, 29), (0.0061, 0.1718))):
        assert wilson(*counts) == pytest.approx(printed, abs=5e-5)


def test_generated_cohorts_reach_the_edges():
    """The generator draws what it promises, every kind and every reason; and no course is lost from a rate."""
    kinds, reasons = set(), set()
    for seed in (*range(32), *range(300, 304), *range(400, 404)):
        drawn = cohorts.cohort(seed)
        until = {name: until_of(name, drawn.as_of, drawn.observed_until) for name in drawn.indications}
        found = courses(drawn.assessments, drawn.sessions, drawn.rules_of, until,
                        are_dates=drawn.axis == "date", instruments=drawn.instruments)
        kinds |= {course["kind"] for course in found}
        rows = outcomes(found, drawn.assessments, drawn.instruments, drawn.rules_of, until, cohorts.VISITS)
        for row in rows:
            reasons |= set(row["left_out"].values())
        for result in results(rows, MEASURES.values()).values():
            n_counted = result["n"] if "n" in result else result["denominator"]
            assert n_counted + sum(result["left_out"].values()) == result["courses"]
    assert kinds == {"induction", "re_induction", "incomplete", "booster", "assessed", None}
    assert reasons == {None, "no_sessions", "booster", "not_assessed", "no_baseline", "not_a_case",
                       "already_in_remission", "baseline_zero", "not_at_risk", "items_missing",
                       "incomplete_induction", "not_due", "no_endpoint"}


YEAR = PRESETS["twelve_month"]


def index_row(scores, rules=YEAR, until=None, key="phq9"):
    """The outcome row of one patient whose rules look for an index score."""
    instruments = {key: BUILT_IN[key]}
    found = courses(scores, [], {"A": rules}, {"A": until}, instruments=instruments)
    return outcomes(found, scores, instruments, {"A": rules}, {"A": until})[0]


def test_the_index_is_the_first_case_and_its_window_counts_from_it():
    row = index_row([score(0, 9), score(10, 14), score(314, 7), score(315, 4), score(436, 1)])
    assert (row["course"]["first_day"], row["baseline"], row["endpoint"]) == (10, 14, 4)
    assert row["endpoint_days_from_anchor"] == 305
    assert index_row([score(0, 9), score(330, 4)])["left_out"]["worsening"] == "not_a_case"
    assert index_row([score(0, 20, timing="after")])["left_out"]["response"] == "no_baseline"
    assert index_row([score(0, 9), score(330, 4)], replace(YEAR, eligible="all"))["endpoint"] == 4
    assert index_row([score(0, 14, course_id="X"), score(330, 4)])["endpoint"] == 4
    assert [index_row([score(3, 20)], until=day)["left_out"]["response"] for day in (427, 428)] == [
        "not_due", "no_endpoint"]


def nhs_of(depression, anxiety):
    """The set's results of one course over both scales."""
    scores = [score(day, total, instrument=key) for key, pair in (("phq9", depression), ("gad7", anxiety))
              for day, total in zip((0, 20), pair, strict=True) if total is not None]
    until, rules_of = {"A": None}, {"A": INDUCTION}
    instruments = {key: BUILT_IN[key] for key in ("phq9", "gad7")}
    found = courses(scores, sessions(*WEEKS), rules_of, until)
    row = outcomes(found, scores, instruments, rules_of, until)[-1]
    assert row["instrument"] == "phq9+gad7"
    return [row["left_out"][f"nhs_{name}"] or row["flag"][f"nhs_{name}"] for name in (
        "recovery", "reliable_improvement", "reliable_deterioration", "no_reliable_change", "reliable_recovery")]


@pytest.mark.parametrize(("depression", "anxiety", "expected"), [
    ((20, 10), (5, 5), [False, True, False, False, False]),
    ((20, 9), (5, 5), [True, True, False, False, True]),
    ((10, 5), (7, 7), [True, False, False, True, False]),
    ((9, 4), (7, 7), ["not_a_case", False, False, True, "not_a_case"]),
    ((9, 4), (8, 7), [True, False, False, True, False]),
    ((20, 9), (4, 8), [False, False, False, True, False]),
    ((5, 11), (9, 9), [False, False, True, False, False]),
    ((20, None), (15, 7), [True, True, False, False, True]),
    ((9, None), (7, None), ["not_a_case", "no_endpoint", "no_endpoint", "no_endpoint", "not_a_case"]),
    ((20, None), (None, 7), ["no_endpoint"] * 5), ((None, 4), (None, 4), ["no_baseline"] * 5),
])
def test_the_nhs_set_over_both_scales(depression, anxiety, expected):
    assert nhs_of(depression, anxiety) == expected
