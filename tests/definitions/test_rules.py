from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from analytics.definitions.instruments import BUILT_IN, with_cut_off
from analytics.definitions.rules import PRESETS, preset_of_indication, rule_set, settings_for, without_sessions


def test_settings_reach_every_preset_of_the_clinic():
    rules = rule_set("clinic", [("gap_days", "45"), ("endpoint_window", "14..31")])
    assert rules.rules_for("pain_series").gap_days == rules.base.gap_days == 45
    assert rules.rules_for("pain_series").endpoint_window == (14, 31)
    assert rules.rules_for("pain_series").complete_sessions == 1


@pytest.mark.parametrize(("text", "window"), [("14..31", (14, 31)), ("-30..0", (-30, 0)), ("1..", (1, None)),
                                              ("..5", (None, 5)), ("..", (None, None)), (" 1 .. 3 ", (1, 3))])
def test_a_window_is_two_days_with_open_ends(text, window):
    assert rule_set("induction", [("endpoint_window", text)]).base.endpoint_window == window


@pytest.mark.parametrize(("key", "text", "words"), [
    ("gap", "45", "no setting called"), ("gap_days", "many", "is a number"), ("gap_days", "4.5", "whole number"),
    ("gap_days", "-1", "at least 0"),
    ("gap_days", "1e400", "is a number"), ("gap_days", "4_5", "is a number"), ("gap_days", "nan", "is a number"),
    ("gap_days", "1e9", "whole number"),
    ("endpoint_window", "1..99999999999", "pair of days"), ("complete_sessions", "0", "at least 1"),
    ("endpoint_window", "31..14", "starts before it ends"), ("endpoint_window", "14-31", "pair of days"),
    ("baseline_pick", "best", "is one of"), ("first_course_only", "maybe", "true or false"),
    ("kinds", "induction,booster", "booster"), ("kinds", "all", "kinds is a list"),
    ("endpoint_pick", "closest", "endpoint_target_day"), ("phq9.remision_below", "6", "no setting called"),
    ("by_indication.CRPS", "first_last", "by_indication.CRPS is")])
def test_a_wrong_setting_says_what_was_needed(key, text, words):
    with pytest.raises(ValueError, match=words):
        rule_set("clinic", [(key, text)])


def test_a_wrong_preset_and_a_map_without_clinic_are_refused():
    with pytest.raises(ValueError, match="no preset called"):
        rule_set("clinics")
    with pytest.raises(ValueError, match="only goes with the preset clinic"):
        rule_set("induction", [("by_indication.CRPS", "induction")])


def test_every_kind_of_setting_is_understood():
    rules = rule_set("induction", [("kinds", "induction, re_induction"), ("first_course_only", "yes"),
                                   ("planned_sessions", "6"), ("baseline_visit", "week 0"),
                                   ("endpoint_pick", "closest"), ("endpoint_target_day", "-3")]).base
    assert rules.kinds == ("induction", "re_induction")
    assert rules.first_course_only
    assert (rules.planned_sessions, rules.baseline_visit, rules.endpoint_target_day) == (6, "week 0", -3)


@pytest.mark.parametrize(("indication", "preset"), [
    ("CRPS", "pain_series"), ("neuropathic pain", "pain_series"), ("Fibromyalgia", "pain_series"),
    ("migraine", "pain_series"), ("Chronic Pain", "pain_series"), ("depression", "induction"), ("PTSD", "induction"),
    ("depression and chronic pain", "induction"), (None, "induction"),
    ("OCD", "induction")])
def test_the_indication_picks_the_preset(indication, preset):
    assert preset_of_indication(indication) == preset


def test_clinic_without_sessions_becomes_first_and_last_and_keeps_the_settings():
    rules = without_sessions(rule_set("clinic", [("eligible", "all"), ("by_indication.CRPS", "induction")]))
    assert (rules.preset, rules.requested, rules.base.eligible) == ("first_last", "clinic", "all")
    assert without_sessions(rule_set("induction")).preset == "induction"


def test_settings_go_from_one_preset_to_another_as_far_as_it_can_take_them():
    pairs = (("gap_days", "45"), ("by_indication.CRPS", "induction"), ("phq9.caseness", "8"), ("eligible", "all"))
    assert settings_for("clinic", pairs) == pairs
    assert [key for key, _ in settings_for("pain_series", pairs)] == ["gap_days", "phq9.caseness", "eligible"]
    assert [key for key, _ in settings_for("twelve_month", pairs)] == ["phq9.caseness", "eligible"]
    assert rule_set("clinic", pairs).rules_for("twelve_month").eligible == "all"


def test_an_own_choice_for_an_indication_wins():
    rules = rule_set("clinic", [("by_indication.CRPS", "induction")])
    assert rules.preset_for("CRPS") == "induction"
    assert rules.preset_for("fibromyalgia") == "pain_series"
    assert rule_set("induction").preset_for("CRPS") == "induction"


def test_records_are_frozen():
    with pytest.raises(FrozenInstanceError):
        PRESETS["induction"].gap_days = 45


def test_presets_are_those_of_the_definitions():
    strict, pain = PRESETS["induction_strict"], PRESETS["pain_series"]
    assert (strict.endpoint_window, strict.eligible, strict.complete_last_day_window) == ((14, 31), "all", (7, 28))
    assert (pain.induction_gap_days, pain.induction_span_days, pain.induction_max_sessions, pain.complete_sessions,
            pain.endpoint_window) == (7, 28, 12, 1, (1, 28))


@pytest.mark.parametrize(("name", "number", "words"), [
    ("caseness", 28, "lies between"), ("reliable_change", 0, "above 0"), ("response_fraction", 1.5, "fraction above 0"),
    ("remision", 5, "no cut-off")])
def test_a_cut_off_outside_its_range_is_refused(name, number, words):
    with pytest.raises(ValueError, match=words):
        with_cut_off(BUILT_IN["phq9"], name, number)


def test_remission_below_a_score_makes_no_sense_where_higher_is_better():
    with pytest.raises(ValueError, match="higher is better"):
        with_cut_off(BUILT_IN["who5"], "remission_below", 40)


def test_an_unknown_instrument_in_a_setting_is_refused():
    with pytest.raises(ValueError, match="no instrument called"):
        rule_set("induction", [("phq7.caseness", "9")]).instruments(BUILT_IN)


def test_every_instrument_is_complete():
    for instrument in BUILT_IN.values():
        assert instrument.source
        assert instrument.licence
        assert instrument.recall_days >= 0
        assert instrument.minimum < instrument.maximum
        assert list(instrument.bands) == sorted(instrument.bands, key=lambda band: band.start)
        lines = [line for line in (instrument.caseness, instrument.remission) if line is not None]
        assert all(line.source and instrument.minimum <= line.value <= instrument.maximum for line in lines)
        if instrument.n_items and not instrument.domains:
            assert instrument.n_items * instrument.item_maximum * instrument.total_factor >= instrument.maximum
