"""Safety of sessions and courses against a plain count, R's survey package, and every boundary."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pandas as pd
import pytest

from analytics.courses.outcomes import outcomes
from analytics.courses.series import series
from analytics.courses.sessions import course_sessions
from analytics.definitions.rules import rule_set
from analytics.definitions.safety import LEFT_OUT_COURSES, LEFT_OUT_SESSIONS, PRESSURE_LINES, PressureLines
from analytics.results.cohorts import Strata, in_cohort
from analytics.results.safety import deterioration, level_counts, looked_at, safety_rates, tallies
from analytics.results.safety_exposure import exposure, observed
from analytics.results.safety_forms import forms, pressure
from analytics.results.safety_item9 import item9_after_first, item9_at_endpoint, item9_instruments, item9_scores
from analytics.results.safety_shares import COUNTED, Judged, clusters, shares, tally
from analytics.results.safety_spread import DoseBand, dose_courses, route_mix, spread_by
from tests.drawn import attribute, drawn_tables, induction, outcomes_of, score, session
from tests.oracles import r_survey
from tests.plain import safety as plain

MEASURES = ("any_effect", "nausea", "headache", "dizziness", "dissociation", "fatigue", "cadss_above", "cadss_back",
            "pressure", "systolic_line", "diastolic_line", "systolic_rise", "diastolic_rise", "stopped_early")
FLAGS = (*plain.EFFECTS, "stopped_early")
COLUMNS = (*plain.FORM, "stopped_early")


def tables_of(rows, scores=(), attributes=(), **more):
    """Tables of sessions with their forms; each row a dict with patient, day and what is filled."""
    drawn = [session(one["patient"], one["day"], route=one.get("route"), dose=one.get("dose"),
                     dose_unit=one.get("dose_unit")) for one in rows]
    tables = drawn_tables(list(scores), drawn, list(attributes), **more)
    filled = {name: pd.array([one.get(name) for one in rows], dtype="boolean" if name in FLAGS else "Float64")
              for name in COLUMNS}
    return replace(tables, sessions=tables.sessions.assign(
        **{name: values for name, values in filled.items() if not pd.isna(values).all()}))


def cohort_of(rows, scores=(), attributes=(), *, preset="induction", **more):
    of = outcomes(tables_of(rows, scores, attributes, **more), rule_set(preset))
    return of, forms(of, course_sessions(of))


def rates_of(rows, phase="all", by=None, lines=PRESSURE_LINES, where=None, **more):
    of, found = cohort_of(rows, **more)
    return safety_rates(of, tallies(of, found, pressure(found, lines), phase), in_cohort(of, where or {}), phase, by)


def triple(share):
    return share.numerator, share.denominator, share.left_out


def one_form(**filled):
    """The rate of one session whose form says this, by measure: yes, no, or why not."""
    found = rates_of([{"patient": "A", "day": 0, **filled}]).sessions
    said = {}
    for key, (share,) in found.items():
        said[key] = bool(share.numerator) if share.denominator else next(iter(share.left_out))
    return said


# --- the plain count ---------------------------------------------------------------------------------


@cache
def cohort_of_seed(seed):
    """Outcomes and forms of a drawn cohort, made once for all phases."""
    return cohort_of(plain.generated(seed))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("phase", ["all", "induction", "maintenance", "booster"])
def test_every_count_agrees_with_the_plain_one(seed, phase):
    rows, (of, filled) = plain.generated(seed), cohort_of_seed(seed)
    found = safety_rates(of, tallies(of, filled, pressure(filled, PRESSURE_LINES), phase), in_cohort(of, {}), phase)
    chosen = [one for one in rows if phase in ("all", one["phase"])]
    for measure in MEASURES:
        assert triple(found.sessions[measure][0]) == plain.per_session(measure, chosen), measure
        assert found.sessions[measure][0].total == len(chosen)
        if phase == "booster":
            assert not found.courses
        else:
            assert triple(found.courses[measure][0]) == plain.per_course(measure, chosen, rows), measure


@pytest.mark.parametrize("seed", range(3))
def test_every_stratum_agrees_with_the_plain_count_and_they_add_up(seed):
    rows = plain.generated(seed)
    sites = {one["patient"]: one["site"] for one in rows}
    attributes = [attribute(patient, "site", site) for patient, site in sites.items() if site]
    found, whole = (rates_of(rows, by=by, attributes=attributes) for by in ("site", None))
    for measure in MEASURES:
        for share, of_courses in zip(found.sessions[measure], found.courses[measure], strict=True):
            mine = [one for one in rows if one["site"] == share.stratum["site"]]
            assert triple(share) == plain.per_session(measure, mine)
            assert triple(of_courses) == plain.per_course(measure, mine, mine)
        assert sum(one.total for one in found.sessions[measure]) == whole.sessions[measure][0].total
    north = rates_of(rows, attributes=attributes, where={"site": ["North"]})
    assert north.sessions["nausea"] == [
        replace(one, stratum={}) for one in found.sessions["nausea"] if one.stratum == {"site": "North"}]


@pytest.mark.parametrize("lines", [(180, 110, 40, 25), (160, 100, 30, 20), (200, 120, 20, 15)])
def test_other_lines_of_blood_pressure_count_as_the_plain_count_does(lines):
    rows = plain.generated(11)
    found = rates_of(rows, lines=PressureLines(*lines)).sessions
    for measure in ("pressure", "systolic_line", "diastolic_line", "systolic_rise", "diastolic_rise"):
        assert triple(found[measure][0]) == plain.per_session(measure, rows, lines)


def test_the_order_of_rows_changes_nothing():
    rows = plain.generated(3)
    shuffled = rows.copy()
    Random(1).shuffle(shuffled)
    assert rates_of(rows) == rates_of(shuffled)


def test_a_blank_is_not_a_no():
    rows = plain.generated(4)
    asked = [one | {"nausea": False if one["nausea"] is None else one["nausea"]} for one in rows]
    before, after = rates_of(rows).sessions["nausea"][0], rates_of(asked).sessions["nausea"][0]
    assert before.numerator == after.numerator
    assert before.denominator + sum(before.left_out.values()) == after.denominator == len(rows)


# --- one form ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("peak", "leaving", "above", "back"), [
    (4, 0, False, "not_above"), (5, 4, True, True), (5, 5, True, False), (5, None, True, "no_leaving"),
    (None, 3, "no_peak", "no_peak"),
])
def test_dissociation_rises_above_four_and_is_back_at_four(peak, leaving, above, back):
    rows = [{"patient": "A", "day": 0, "cadss_peak": peak, "cadss_leaving": leaving},
            {"patient": "B", "day": 0, "cadss_peak": 20, "cadss_leaving": 20}]
    found = rates_of(rows).sessions
    for key, wanted, other in (("cadss_above", above, True), ("cadss_back", back, False)):
        share = found[key][0]
        assert share.numerator == (wanted is True) + other
        assert share.left_out == ({wanted: 1} if isinstance(wanted, str) else {})


@pytest.mark.parametrize(("filled", "measure", "said"), [
    ({"systolic_peak": 180}, "systolic_line", True), ({"systolic_peak": 179}, "systolic_line", False),
    ({"diastolic_peak": 110}, "diastolic_line", True), ({"diastolic_peak": 109}, "diastolic_line", False),
    ({"systolic_before": 120, "systolic_peak": 160}, "systolic_rise", False),
    ({"systolic_before": 120, "systolic_peak": 161}, "systolic_rise", True),
    ({"systolic_before": 120, "systolic_leaving": 161}, "systolic_rise", True),
    ({"diastolic_before": 80, "diastolic_peak": 105}, "diastolic_rise", False),
    ({"diastolic_before": 80, "diastolic_peak": 106}, "diastolic_rise", True),
    ({"systolic_before": 185, "systolic_peak": 150}, "pressure", True),
    ({"systolic_leaving": 180}, "pressure", True), ({"systolic_peak": 150}, "pressure", False),
    ({"systolic_peak": 150}, "systolic_rise", "no_reading_before"),
    ({"systolic_peak": 150}, "diastolic_line", "not_answered"),
    ({"systolic_before": 185, "diastolic_peak": 90}, "systolic_line", "before_only"),
    ({"systolic_before": 185, "diastolic_peak": 90}, "pressure", False),
])
def test_both_sides_of_every_line_of_blood_pressure(filled, measure, said):
    assert one_form(**filled)[measure] == said


def test_a_reading_before_alone_shows_no_excursion():
    rows = [{"patient": "A", "day": 0, "systolic_before": 190}, {"patient": "B", "day": 0, "systolic_peak": 150}]
    assert triple(rates_of(rows).sessions["pressure"][0]) == (0, 1, {"before_only": 1})
    assert "pressure" not in rates_of(rows[:1]).sessions


def test_a_column_that_never_says_no_has_no_share_and_answers_nothing():
    rows = [{"patient": "A", "day": 0, "nausea": False, "fatigue": True}, {"patient": "B", "day": 0, "fatigue": True},
            {"patient": "C", "day": 0, "nausea": False}, {"patient": "D", "day": 0}]
    found = rates_of(rows).sessions
    assert not found["fatigue"][0].says_no and found["nausea"][0].says_no
    assert triple(found["any_effect"][0]) == (1, 2, {"no_form": 1, "not_answered": 1})
    assert "any_effect" not in rates_of(rows[1:2]).sessions
    assert triple(rates_of(rows).courses["nausea"][0]) == (0, 2, {"no_form": 2})


def test_being_stopped_and_a_dose_are_no_form():
    rows = [{"patient": "A", "day": 0, "stopped_early": False, "dose": 40.0},
            {"patient": "A", "day": 3, "nausea": True}, {"patient": "B", "day": 0, "minutes_until_ready": 60.0}]
    of, found = cohort_of(rows)
    looked = looked_at(of, found, np.ones(2, bool))
    assert (len(looked), looked.n_filled, looked.n_patients) == (3, 2, 2)
    assert triple(rates_of(rows).sessions["stopped_early"][0]) == (0, 1, {"not_answered": 2})


def test_sessions_of_courses_that_the_rules_do_not_keep_are_counted_apart():
    rows = [{"patient": "A", "day": day, "nausea": True} for day in (0, 3, 7, 10, 200, 203, 206, 209)]
    tables = tables_of(rows)
    of = outcomes(tables, rule_set("induction", [("kinds", "induction")]))
    found = forms(of, course_sessions(of))
    assert (len(found), found.n_elsewhere) == (4, 4)


def test_rules_from_an_index_score_know_no_phase():
    rows = [{"patient": "A", "day": day, "nausea": day == 0} for day in (0, 3)]
    of, found = cohort_of(rows, [score("A", 0, 20), score("A", 330, 5)], preset="twelve_month")
    assert not found.has_phases
    stays = np.ones(len(of.courses), bool)
    assert len(looked_at(of, found, stays)) == 2 and len(looked_at(of, found, stays, "induction")) == 0


def test_no_session_gives_nothing_and_no_error():
    of = outcomes_of([score("A", 0, 20), score("A", 30, 5)], preset="first_last")
    found = forms(of, course_sessions(of))
    looked = looked_at(of, found, np.ones(1, bool))
    assert len(found) == 0 and tallies(of, found, pressure(found, PRESSURE_LINES)) == {}
    assert route_mix(looked).counts.sum() == 0 and dose_courses(looked, of.patient) == ()
    assert exposure(of, observed(of), np.ones(1, bool))[0].rate is None


# --- intervals ---------------------------------------------------------------------------------------


def test_the_interval_of_sessions_counts_patients_as_r_does():
    """One session a trial of R's survey example; the order of patients changes nothing."""
    pairs = list(zip(r_survey.PATIENT_SUCCESSES, r_survey.PATIENT_TRIALS, strict=True))
    rows = [{"patient": f"P{place}", "day": day, "nausea": day < yes}
            for place, (yes, n) in enumerate(pairs) for day in range(n)]
    share = rates_of(rows).sessions["nausea"][0]
    assert share.interval == "wilson_clustered"
    np.testing.assert_allclose((share.low, share.high), r_survey.CLUSTERED_WILSON, rtol=1e-9)


def test_one_session_a_patient_is_a_plain_wilson_interval():
    rows = [{"patient": f"P{place}", "day": 0, "nausea": place < 3} for place in range(17)]
    share = rates_of(rows).sessions["nausea"][0]
    assert share.interval == "wilson"
    np.testing.assert_allclose((share.low, share.high), r_survey.WILSON_3_OF_17, rtol=1e-9)


def test_none_and_all_reach_the_ends_in_clusters_too():
    for yes in (True, False):
        rows = [{"patient": patient, "day": day, "nausea": yes, "headache": not yes}
                for patient in "AB" for day in (0, 3)]
        rows.append({"patient": "C", "day": 0, "headache": yes})
        share = rates_of(rows).sessions["nausea"][0]
        assert (share.low == 0) is not yes and (share.high == 1) is yes


def test_strata_are_clustered_each_by_itself():
    within = clusters(np.array([0, 0, 1, 2]), Strata(np.array([0, 1, 1, -1]), ({"a": "x"}, {"a": "y"})))
    judged = Judged(np.array([True, False, True]), np.array([COUNTED, COUNTED, 0]), ("why",))
    one, other = shares("nausea", "session", tally(judged, np.array([0, 1, 2]), 4), within)
    assert (triple(one), triple(other)) == ((1, 1, {}), (0, 1, {"why": 1}))
    assert one.interval == other.interval == "wilson"


def test_every_reason_is_declared():
    rows = plain.generated(0)
    found = rates_of(rows)
    for measure in MEASURES:
        assert set(found.sessions[measure][0].left_out) <= set(LEFT_OUT_SESSIONS)
        assert set(found.courses[measure][0].left_out) <= set(LEFT_OUT_COURSES)


# --- deterioration and item 9 ------------------------------------------------------------------------


def paired(patient, before, after, *, item9=(None, None), first=None, days=(0, 30)):
    """Scores of one patient: at the start, at the end, and where asked on day 2, after session 1."""
    rows = [score(patient, days[0], before, item9=item9[0]), score(patient, days[1], after, item9=item9[1])]
    return rows if first is None else [*rows, score(patient, 2, before, item9=first)]


def test_every_instrument_says_who_got_worse():
    scores = [*paired("A", 10, 16), *paired("B", 10, 11), *paired("C", 10, 4),
              score("A", 0, 5, instrument="pain_nrs_worst"), score("A", 30, 6, instrument="pain_nrs_worst")]
    of = outcomes_of(scores, [one for patient in "ABC" for one in induction(patient)])
    found = {(one.instrument, one.measure): (one.numerator, one.denominator) for one in deterioration(of)}
    assert found == {("phq9", "reliable_deterioration"): (1, 3), ("phq9", "worsening"): (2, 3),
                     ("pain_nrs_worst", "worsening"): (1, 1)}
    by = deterioration(of, by="kind", instruments=("phq9",))
    assert [one.stratum for one in by if one.measure == "worsening"] == [{}, {"kind": "induction"}]


def item9_of(*people, **more):
    scores = [row for place, one in enumerate(people) for row in paired(f"P{place}", 15, 10, **one)]
    sessions = [one for place in range(len(people)) for one in induction(f"P{place}")]
    of = outcomes_of(scores, sessions, **more)
    answers = item9_scores(of, series(of, "phq9"))
    stays = np.ones(len(of.courses), bool)
    return item9_at_endpoint(of, answers, stays), item9_after_first(of, answers, stays)


def test_the_table_of_item_9_holds_every_pair_and_the_measures_follow_from_it():
    pairs = [(before, after) for before in range(4) for after in range(4) for _ in range(1 + before + 2 * after)]
    endpoint, first = item9_of(*({"item9": (before, after), "first": after} for before, after in pairs))
    for found in (endpoint, first):
        for before in range(4):
            for after in range(4):
                assert found.counts[before, after] == pairs.count((before, after))
        counted = {name: triple(rate)[:2] for name, rate in found.rates.items()}
        positive = [pair for pair in pairs if pair[0] >= 1]
        zero = [pair for pair in pairs if pair[0] == 0]
        assert counted == {
            "item9_resolved": (sum(after == 0 for _, after in positive), len(positive)),
            "item9_reduced": (sum(after < before for before, after in positive), len(positive)),
            "item9_new": (sum(after >= 1 for _, after in zero), len(zero)),
            "item9_increased": (sum(after > before for before, after in pairs), len(pairs))}
    assert (endpoint.median_day, first.median_day) == (30, 2)


def test_item_9_unanswered_is_unknown_and_counted_so():
    people = ({"item9": (1, None), "first": 0}, {"item9": (None, 0), "first": 0}, {"item9": (0, 1)},
              {"item9": (2, 0), "first": -1})
    scores = [row for place, one in enumerate(people) for row in paired(f"P{place}", 15, 10, **one)]
    scores = [row | {"self_harm_item": None} if row["self_harm_item"] == -1 else row for row in scores]
    of = outcomes_of(scores, [one for place in range(4) for one in induction(f"P{place}")])
    answers = item9_scores(of, series(of, "phq9"))
    endpoint, first = (make(of, answers, np.ones(4, bool)) for make in (item9_at_endpoint, item9_after_first))
    assert endpoint.counts.sum() == 2 and endpoint.rates["item9_increased"].left_out == {"items_missing": 2}
    assert first.rates["item9_increased"].left_out == {"items_missing": 1, "no_first_score": 1, "first_missing": 1}
    assert triple(first.rates["item9_new"]) == (0, 0, {"not_at_risk": 2, "items_missing": 1, "no_first_score": 1})
    assert triple(first.rates["item9_resolved"]) == (1, 1, {"not_at_risk": 1, "items_missing": 1, "first_missing": 1})


@pytest.mark.parametrize(("day", "is_first"), [(0, False), (1, True), (3, True), (4, False)])
def test_after_session_1_ends_with_the_day_of_session_2(day, is_first):
    """Sessions on days 0, 3, 7, 10: a score on the day of a session is taken before it."""
    scores = [score("A", -3, 15, item9=2), score("A", day, 15, item9=1), score("A", 30, 5, item9=0)]
    of = outcomes_of(scores, induction("A"))
    found = item9_after_first(of, item9_scores(of, series(of, "phq9")), np.ones(1, bool))
    assert bool(found.counts.sum()) == is_first


def test_the_last_score_between_two_sessions_counts():
    scores = [score("A", -3, 15, item9=2), score("A", 1, 15, item9=3), score("A", 3, 15, item9=0), score("A", 30, 5)]
    of = outcomes_of(scores, induction("A"))
    answers = item9_scores(of, series(of, "phq9"))
    assert (answers.first[0], answers.first_day[0]) == (0, 3)


def test_boosters_and_courses_without_a_start_are_left_out_after_session_1_by_name():
    sessions = [*induction("A"), session("A", 200), *induction("B")]
    scores = [*paired("A", 15, 10, item9=(1, 0), first=0), score("A", 199, 9, item9=1), score("A", 202, 9, item9=1),
              score("B", 30, 9, item9=0)]
    of = outcomes_of(scores, sessions)
    found = item9_after_first(of, item9_scores(of, series(of, "phq9")), np.ones(3, bool))
    assert found.rates["item9_increased"].left_out == {"booster": 1, "no_baseline": 1}
    assert item9_instruments(of) == ("phq9",)


# --- amounts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["route", "number", "dose"])
def test_quartiles_agree_with_the_plain_ones(by):
    rows = plain.generated(7, n=60)
    of, found = cohort_of(rows)
    spreads = spread_by(looked_at(of, found, np.ones(len(of.courses), bool)), of.patient, "minutes_until_ready", by)
    known = [one for one in rows if one["minutes_until_ready"] is not None]
    assert (spreads.n, spreads.n_unknown) == (len(known), len(rows) - len(known))
    assert sum(one.n for one in spreads.groups) == len(known)
    for one in spreads.groups:
        mine = [row for row in known if _is_of(row, one.group, by)]
        values = [row["minutes_until_ready"] for row in mine]
        assert (one.n, one.n_patients) == (len(mine), len({row["patient"] for row in mine}))
        for name, fraction in (("tenth", 0.1), ("lower", 0.25), ("median", 0.5), ("upper", 0.75), ("ninetieth", 0.9)):
            assert getattr(one, name) == pytest.approx(plain.quantile(values, fraction))


def _is_of(row, group, by):
    if by == "number":
        return min(row["number"], 9) == group
    if by == "route":
        return row["route"] == group
    if group is None:
        return row["dose"] is None
    return (row["dose"] is not None and (row["route"], row["dose_unit"]) == (group.route, group.unit)
            and group.low <= row["dose"] <= group.high)


def test_many_doses_stand_in_fourths_and_units_are_never_mixed():
    rows = [{"patient": "A", "day": day, "dose": float(day + 1), "dose_unit": "mg", "route": "IV",
             "minutes_until_ready": 60.0} for day in range(8)]
    rows.append(rows[0] | {"day": 9, "dose": 1.0, "dose_unit": "mg/kg"})
    of, found = cohort_of(rows)
    looked = looked_at(of, found, np.ones(1, bool))
    groups = [one.group for one in spread_by(looked, of.patient, "minutes_until_ready", "dose").groups]
    assert groups == [DoseBand("IV", 1, 2, "mg"), DoseBand("IV", 3, 4, "mg"), DoseBand("IV", 5, 6, "mg"),
                      DoseBand("IV", 7, 8, "mg"), DoseBand("IV", 1, 1, "mg/kg")]
    assert [(one.unit, one.n) for one in dose_courses(looked, of.patient)] == [("mg", 8), ("mg/kg", 1)]


def test_doses_and_routes_over_the_session_number_agree_with_the_plain_count():
    rows = plain.generated(9, n=60)
    of, found = cohort_of(rows)
    looked = looked_at(of, found, np.ones(len(of.courses), bool))
    mix = route_mix(looked)
    for at, route in enumerate(mix.routes):
        for place, number in enumerate(mix.numbers):
            assert mix.counts[at, place] == sum(row["route"] == route and row["number"] == number for row in rows)
    assert mix.routes[-1] is None
    for course in dose_courses(looked, of.patient):
        for one in course.by_number:
            values = [row["dose"] for row in rows if row["dose"] is not None and row["number"] == one.group
                      and (row["route"], row["dose_unit"]) == (course.route, course.unit)]
            assert (one.n, one.median) == (len(values), plain.quantile(values, 0.5))


def test_levels_are_counted_and_the_gravest_is_a_patients():
    rows = plain.generated(2)
    of, found = cohort_of(rows)
    cssrs, moaas = level_counts(of, looked_at(of, found, np.ones(len(of.courses), bool)))
    for counts, name, gravest in ((cssrs, "cssrs_highest", max), (moaas, "moaas_lowest", min)):
        known = [row for row in rows if row[name] is not None]
        assert counts.n_unknown == len(rows) - len(known)
        worst = {}
        for row in known:
            worst[row["patient"]] = gravest(row[name], worst.get(row["patient"], row[name]))
        for level, n_sessions, n_patients in zip(counts.levels, counts.n_sessions, counts.n_patients, strict=True):
            assert n_sessions == sum(row[name] == level for row in known)
            assert n_patients == list(worst.values()).count(level)
    assert (cssrs.levels[0], moaas.levels[0]) == (0, 5)


# --- sessions per patient-year -----------------------------------------------------------------------


def test_sessions_per_patient_year_are_a_plain_ratio_and_the_years_add_up():
    rows = plain.generated(5)
    until = {one["patient"]: 310 + 37 * place for place, one in enumerate(rows)}
    of, _ = cohort_of(rows, observed_until=until)
    time = observed(of)
    whole, *years = exposure(of, time, np.ones(len(of.courses), bool))
    seen = [one for one in rows if one["day"] <= until[one["patient"]]]
    assert time.until == "observed_until"
    assert whole.sessions == len(seen) and whole.years == pytest.approx(sum(until.values()) / 365.25)
    assert whole.rate == pytest.approx(len(seen) / (sum(until.values()) / 365.25))
    assert sum(one.sessions for one in years) == whole.sessions
    first = [one for one in seen if one["day"] <= 365.25]
    assert years[0].sessions == len(first)
    assert years[0].years == pytest.approx(sum(min(day, 365.25) for day in until.values()) / 365.25)


def test_a_single_day_of_observation_is_time_in_every_year_it_lies_in():
    rows = [{"patient": "P0", "day": 0}, {"patient": "P1", "day": 0}, {"patient": "P2", "day": 0}]
    of, _ = cohort_of(rows, observed_until={"P0": 1, "P1": 366, "P2": 0})
    whole, first, second = exposure(of, observed(of), np.ones(len(of.courses), bool))
    assert (whole.patients, whole.n_without_time, whole.sessions) == (2, 1, 2)
    assert whole.years == pytest.approx(367 / 365.25)
    assert first.patients == 2 and first.years == pytest.approx(366.25 / 365.25)
    assert second.patients == 1 and second.years == pytest.approx(0.75 / 365.25), "up to day 366"


def test_the_interval_of_a_ratio_is_that_of_r():
    """R 4.2.2, survey 4.1.1: s <- c(6,10,8,12); t <- c(1461,2922,1461,5844)/365.25;
    r <- svyratio(~s, ~t, svydesign(ids=~1, data=data.frame(s,t), weights=~1)); confint(r, df=3)."""
    until = {"P0": 1461, "P1": 2922, "P2": 1461, "P3": 5844}
    rows = [{"patient": f"P{place}", "day": day} for place, n in enumerate((6, 10, 8, 12)) for day in range(n)]
    of, _ = cohort_of(rows, observed_until=until)
    whole, *_ = exposure(of, observed(of), np.ones(len(of.courses), bool))
    np.testing.assert_allclose((whole.rate, whole.low, whole.high), (1.125, 0.300892077135, 1.94910792286), rtol=1e-9)


def test_time_ends_with_the_last_row_where_the_files_do_not_say():
    rows = [{"patient": "A", "day": 0}, {"patient": "A", "day": 10}, {"patient": "B", "day": 5}]
    of, _ = cohort_of(rows, [score("A", 100, 5)])
    time = observed(of)
    assert time.until == "last_row" and list(time.days) == [100, 0]
    whole, *_ = exposure(of, time, np.ones(2, bool))
    assert (whole.sessions, whole.patients, whole.n_without_time) == (2, 1, 1)
    assert (whole.low, whole.high) == (None, None)
    mixed, _ = cohort_of(rows, observed_until={"A": 50})
    assert observed(mixed).until == "mixed"


def test_only_patients_of_the_cohort_and_all_their_sessions_count():
    rows = [{"patient": "A", "day": day} for day in (0, 3, 7, 10, 200)] + [{"patient": "B", "day": 0}]
    of, _ = cohort_of(rows, observed_until={"A": 365, "B": 365})
    stays = np.zeros(len(of.courses), bool)
    stays[0] = True
    whole, *_ = exposure(of, observed(of), stays)
    assert (whole.sessions, whole.patients) == (5, 1)
