"""The instruments of the definitions, line by line, and what a person may set."""

from __future__ import annotations

import pytest

from analytics.definitions.custom_instruments import instruments_from_text
from analytics.definitions.instruments import BUILT_IN, CONVENTION, SAFETY_SCALES, Instrument, with_cut_off
from analytics.definitions.measures import MEASURES
from analytics.definitions.nhs import nhs_caseness
from analytics.definitions.rules import rule_set
from analytics.reports.methods import methods_markdown
from analytics.wording import definitions
from analytics.wording.rules import cut_offs, setting

TABLE = {
    "phq9": (0, 27, ">= 10", 0.5, "< 5", 6, 5, (0, 5, 10, 15, 20), 14),
    "phq8": (0, 24, ">= 10", 0.5, "< 5", 6, None, (0, 5, 10, 15, 20), 14),
    "gad7": (0, 21, ">= 10", 0.5, "< 5", 4, 4, (0, 5, 10, 15), 14),
    "pain_nrs": (0, 10, ">= 4", 0.3, "None", None, 2, (0, 1, 4, 7), 1),
    "pain_vas": (0, 100, ">= 40", 0.3, "None", None, 20, (0, 5, 45, 75), 1),
    "peg": (0, 10, ">= 4", 0.3, "None", None, 1, (0, 1, 4, 7), 7),
    "migraine_days": (0, 28, ">= 4", 0.5, "None", None, None, (), 28),
    "wsas": (0, 40, ">= 10", 0.5, "< 10", 8, None, (0, 10, 20), 0),
    "bpi_severity": (0, 10, ">= 4", 0.3, "None", None, 1, (0, 1, 4, 7), 1),
    "bpi_interference": (0, 10, ">= 4", 0.3, "None", None, 1, (0, 1, 4, 7), 1),
    "pcl5": (0, 80, ">= 32", 10, "< 32", 10, 10, (), 30),
    "qids_sr16": (0, 27, "> 10", 0.5, "<= 5", None, None, (0, 6, 11, 16, 21), 7),
    "madrs": (0, 60, ">= 20", 0.5, "<= 10", None, None, (0, 7, 20, 35), 7),
    "bdi2": (0, 63, ">= 14", 0.5, "<= 9", None, None, (0, 14, 20, 29), 14),
    "hamd17": (0, 52, ">= 17", 0.5, "<= 7", None, None, (0, 8, 17, 24), 7),
    "ybocs": (0, 40, ">= 16", 0.35, "<= 12", None, None, (0, 8, 16, 24, 32), 7),
    "who5": (0, 100, "< 50", 0.5, "None", 10, 10, (), 14),
}
"""Range, caseness, response, remission, reliable change, important change, bands, recall: as the definitions say."""


def value(amount):
    return None if amount is None else amount.value


@pytest.mark.parametrize("key", TABLE)
def test_an_instrument_is_what_the_definitions_say(key):
    one = BUILT_IN[key]
    assert (one.minimum, one.maximum, str(one.caseness), one.response.value, str(one.remission),
            value(one.reliable_change), value(one.important_change), tuple(band.start for band in one.bands),
            one.recall_days) == TABLE[key]


def test_the_table_holds_every_instrument_but_the_kinds_of_pain():
    assert {key for key in BUILT_IN if key not in TABLE} == {
        f"pain_nrs_{kind}" for kind in ("worst", "average", "least", "now")}


@pytest.mark.parametrize(("key", "n_items", "item_maximum", "most_missing", "is_mean"), [
    ("phq9", 9, 3, 2, False), ("gad7", 7, 3, 2, False), ("wsas", 5, 8, 0, False), ("pcl5", 20, 4, 0, False),
    ("madrs", 10, 6, 0, False), ("ybocs", 10, 4, 0, False), ("peg", 3, 10, 0, True), ("bpi_severity", 4, 10, 0, True),
    ("bpi_interference", 7, 10, 3, True), ("migraine_days", 0, 0, 0, False)])
def test_items(key, n_items, item_maximum, most_missing, is_mean):
    one = BUILT_IN[key]
    assert (one.n_items, one.item_minimum, one.item_maximum, one.missing_items.most_missing, one.is_mean) == (
        n_items, 0, item_maximum, most_missing, is_mean)


def test_every_figure_has_a_source():
    for one in BUILT_IN.values():
        lines = (one.caseness, one.response, one.remission, one.reliable_change, one.important_change,
                 one.nhs_caseness, one.reliability, one.functional_mean, one.functional_sd, one.jt_cut_off)
        assert all(line.source for line in lines if line is not None)
        assert one.bands_source and one.missing_items.source and one.licence and one.title and one.about
        # A total that cannot be reached is no range.
        if one.n_items and not one.domains and one.key != "hamd17":
            most = one.item_maximum * (1 if one.is_mean else one.n_items) * one.total_factor
            assert most == one.maximum


def test_the_line_inside_the_nhs_set():
    assert [str(nhs_caseness(BUILT_IN[key])) for key in ("phq9", "gad7", "phq8")] == [">= 10", ">= 8", ">= 10"]


@pytest.mark.parametrize(("key", "has", "has_not"), [
    ("peg", ("response", "pain_30", "pain_50", "important_change"), ("pain_2_points", "partial_response", "remission")),
    ("bpi_interference", ("pain_30", "pain_50"), ("pain_2_points", "reliable_improvement")),
    ("pain_nrs_worst", ("pain_30", "pain_50", "pain_2_points"), ("partial_response",)),
    ("migraine_days", ("response", "partial_response"), ("pain_30", "remission")),
    ("pcl5", ("response", "remission", "reliable_improvement"), ("partial_response", "item9_new", "pain_30")),
    ("ybocs", ("response", "remission"), ("partial_response",)),
    ("wsas", ("response", "partial_response", "remission", "reliable_improvement"), ("important_change",))])
def test_which_measures_an_instrument_has(key, has, has_not):
    assert all(MEASURES[measure].applies_to(BUILT_IN[key]) for measure in has)
    assert not any(MEASURES[measure].applies_to(BUILT_IN[key]) for measure in (*has_not, "nhs_recovery"))


def test_dissociation_is_a_safety_scale_and_no_instrument():
    cadss = SAFETY_SCALES["cadss"]
    assert (cadss.minimum, cadss.maximum, str(cadss.ready_to_leave)) == (0, 92, "<= 4")
    assert cadss.n_items * cadss.item_maximum == 92
    assert "cadss" not in BUILT_IN
    assert not isinstance(cadss, Instrument)
    assert "CADSS (cadss)" in methods_markdown(BUILT_IN, rule_set())


def settings(*pairs):
    return rule_set("induction", [tuple(pair.split("=")) for pair in pairs]).instruments(BUILT_IN)


def test_what_jacobson_and_truax_need_can_be_set():
    bdi2 = settings("bdi2.reliability=.801", "bdi2.functional_mean=7.69", "bdi2.functional_sd=7.52",
                    "bdi2.jt_cut_off=c")["bdi2"]
    assert (bdi2.reliability.value, bdi2.functional_mean.value, bdi2.functional_sd.value, bdi2.jt_cut_off.value) == (
        0.801, 7.69, 7.52, "c")
    assert BUILT_IN["bdi2"].reliability is None
    assert [line[1] for line in cut_offs(bdi2)][-4:] == ["0.801", "7.69", "7.52", "c"]


@pytest.mark.parametrize(("pair", "words"), [
    ("bdi2.jt_cut_off=d", "a, b or c"), ("bdi2.reliability=1", "below 1"), ("bdi2.reliability=0", "above 0"),
    ("bdi2.functional_mean=64", "lies between"), ("bdi2.functional_sd=0", "above 0"),
    ("bdi2.functional_sd=64", "up to 63"), ("pcl5.response_points=81", "up to 80"),
    ("pcl5.response_points=0", "above 0"), ("gad7.nhs_caseness=22", "lies between"), ("bdi2.reliability=x", "a number"),
])
def test_what_cannot_be_is_refused(pair, words):
    with pytest.raises(ValueError, match=words):
        settings(pair)


def test_remission_on_the_pcl5_is_the_other_side_of_caseness():
    moved = settings("pcl5.caseness=33")["pcl5"]
    assert (str(moved.caseness), str(moved.remission)) == (">= 33", "< 33")
    own = settings("pcl5.remission_below=20", "pcl5.caseness=31")["pcl5"]
    assert (str(own.caseness), str(own.remission)) == (">= 31", "< 20")
    assert str(settings("phq9.caseness=8")["phq9"].remission) == "< 5"


def test_a_response_may_be_points_or_a_fraction():
    assert with_cut_off(BUILT_IN["pcl5"], "response_points", 15).response.value == 15
    fraction = with_cut_off(BUILT_IN["pcl5"], "response_fraction", 0.3)
    assert not fraction.is_response_in_points
    assert with_cut_off(BUILT_IN["phq9"], "response_points", 5).is_response_in_points
    texts = [definitions.what_counts(MEASURES["response"], one).replace("\u202f", " ").replace("\xa0", " ")
             for one in (BUILT_IN["pcl5"], fraction)]
    assert texts == ["improved by at least 10 points", "improved by at least 30 % of the starting score"]
    assert definitions.about(MEASURES["response"], BUILT_IN["pcl5"]) == "at least 10 points better"


OWN = """
[stress]
title = "Stress"
about = "stress"
minimum = 0
maximum = 80
n_items = 20
item_minimum = 0
item_maximum = 4
recall_days = 30
caseness = {comparison = ">=", value = 32, source = "convention"}
response = {value = 10, source = "convention"}
is_response_in_points = true
remission = {comparison = "<", value = 32, source = "convention"}
is_remission_not_a_case = true
nhs_caseness = {comparison = ">=", value = 30, source = "ours"}
reliability = {value = 0.9, source = "ours"}
functional_mean = {value = 0, source = "ours"}
functional_sd = {value = 7.5, source = "ours"}
jt_cut_off = {value = "b", source = "ours"}
bands = []
bands_source = "convention"
missing_items = {most_missing = 0, source = "convention"}
licence = "Free"
source = "Our clinic"
"""


def test_an_own_instrument_has_the_same_fields():
    one = instruments_from_text("own.toml", OWN)["stress"]
    assert one.is_response_in_points and one.is_remission_not_a_case
    assert (str(one.nhs_caseness), one.reliability.value, one.functional_mean.value, one.functional_sd.value,
            one.jt_cut_off.value) == (">= 30", 0.9, 0, 7.5, "b")


@pytest.mark.parametrize(("old", "new", "field"), [
    ("is_response_in_points = true", "", "response.value"), ("value = 10,", "value = 81,", "response.value"),
    ("{value = 0.9,", "{value = 1,", "reliability.value"), ("{value = 0,", "{value = 81,", "functional_mean.value"),
    ("{value = 7.5,", "{value = 81,", "functional_sd.value"), ('value = "b"', 'value = "d"', "jt_cut_off.value"),
    ("value = 30,", "value = 81,", "nhs_caseness.value"), ("bands = []", "bands = []\nis_mean = 1", "is_mean"),
    ("bands = []", "bands = []\nis_mean = true\ntotal_factor = 4", "is_mean"),
])
def test_a_field_that_cannot_be_is_named(old, new, field):
    assert OWN.count(old) == 1
    with pytest.raises(ValueError, match=f"instrument stress, field {field}"):
        instruments_from_text("own.toml", OWN.replace(old, new))


def test_a_setting_that_means_nothing_where_an_index_score_counts_says_so():
    rules = rule_set("twelve_month").base
    assert [setting(rules, key) for key in ("gap_days", "baseline_pick", "endpoint_window", "missing")] == [
        "does not apply", "first score that is a case", "305–425 days", "counted as not better"]


def test_a_cut_off_without_a_source_is_a_convention():
    assert {BUILT_IN[key].caseness.source for key in ("madrs", "ybocs", "peg", "migraine_days")} == {CONVENTION}
