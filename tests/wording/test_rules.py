"""Rules and cohorts in words."""

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.rules import KINDS, PRESET_NAMES, SETTING_KEYS, rule_set, without_sessions
from analytics.wording import rules as words
from tests.wording.test_numbers import plain


@pytest.mark.parametrize(("preset", "settings", "sentence"), [
    ("induction", (), "Last score 1–31 days after the last induction session"),
    ("pain_series", (), "Last score 1–28 days after the last induction session"),
    ("clinic", (), "Last score 1–31 days after the last induction session; pain indications 1–28 days"),
    ("clinic", (("endpoint_window", "1..20"),), "Last score 1–20 days after the last induction session"),
    ("induction_strict", (),
     "Last score 14–31 days after the last induction session, everyone with a score at the start"),
    ("first_last", (), "First score to last score"),
    ("first_last", (("baseline_pick", "worst"),), "Worst score to last score"),
    ("first_last", (("baseline_pick", "last"),), "Score before treatment to last score"),
    ("first_last", (("baseline_visit", "1"), ("endpoint_visit", "4"), ("eligible", "all")),
     "From visit 1 to visit 4, everyone with a score at the start"),
    ("first_last", (("endpoint_visit", "post"),), "From the first visit to visit post"),
    ("induction", (("endpoint_pick", "closest"), ("endpoint_target_day", "28")),
     "Score closest to day 28 1–31 days after the last induction session"),
    ("induction", (("endpoint_pick", "last_available"),), "Last score there is after the last induction session"),
    ("induction", (("endpoint_window", "14.."),), "Last score 14 days or more after the last induction session"),
    ("induction", (("endpoint_window", "-3..7"), ("endpoint_anchor", "last_session")),
     "Last score day −3 to day 7 from the last session"),
    ("induction", (("endpoint_window", "..7"),), "Last score up to day 7 from the last induction session"),
])
def test_rules_in_one_sentence(preset, settings, sentence):
    assert words.rule_set_sentence(rule_set(preset, settings)) == sentence


def test_rules_that_the_files_changed_say_why():
    assert words.became_sentence(rule_set()) is None
    assert words.became_sentence(without_sessions(rule_set())) == (
        "The files hold no session, so the rules “Clinic: by indication” became “First and last score”.")


@pytest.mark.parametrize("preset", PRESET_NAMES)
def test_every_setting_of_every_preset_has_words(preset):
    assert preset in words.PRESET_TITLES
    for key in SETTING_KEYS:
        assert words.SETTINGS[key]
        assert words.setting(rule_set(preset).base, key)


@pytest.mark.parametrize(("key", "text", "shown"), [
    ("kinds", "induction,re_induction", "first inductions and re-inductions"), ("gap_days", "45", "45"),
    ("endpoint_window", "14..31", "14–31 days"), ("first_course_only", "true", "yes"),
    ("baseline_visit", "", "not set"),
    ("eligible", "all", "everyone with a score"),
])
def test_a_setting_in_words(key, text, shown):
    assert words.setting(rule_set("induction", [(key, text)]).base, key) == shown


def test_every_kind_has_words():
    assert set(words.KINDS) == set(KINDS)


def test_cut_offs_come_with_their_sources():
    found = words.cut_offs(BUILT_IN["phq9"])
    assert [(what, plain(value)) for what, value, _ in found] == [
        ("Counts as a case at the start", "10 or more"), ("Response", "50 % better than at the start"),
        ("Remission", "below 5"), ("Reliable change", "6 points"), ("Smallest important change", "5 points"),
        ("Counts as a case in the NHS set", "10 or more"), ("Reliability", "0.89"),
        ("Mean of people who are well", "3.3"), ("Standard deviation of people who are well", "3.8"),
        ("Jacobson-Truax cut-off", "c")]
    assert all(source for _, _, source in found)
    assert [what for what, _, _ in words.cut_offs(BUILT_IN["bdi2"])] == [
        "Counts as a case at the start", "Response", "Remission"]


@pytest.mark.parametrize(("where", "sentence"), [
    ({}, "All courses"), ({"site": ()}, "All courses"), ({"site": ("North",)}, "site North"),
    ({"site": ("North", "South"), "route": (None,)}, "site North or South; route not recorded"),
    ({"kind": ("re_induction", "booster")}, "kind of course re-inductions or boosters"),
    ({"kind": (None,)}, "kind of course not recorded"),
])
def test_a_cohort_in_words(where, sentence):
    assert words.cohort_sentence(where) == sentence
