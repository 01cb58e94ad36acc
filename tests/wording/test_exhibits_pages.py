"""Exhibits of the pages beside the overview in words: titles that are findings, and why something is kept."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.statistics.survival import kaplan_meier
from analytics.wording import exhibits_pages as words
from analytics.wording.disclosure import refused_words
from analytics.wording.rates import Line
from tests.wording.test_numbers import plain

PHQ9 = BUILT_IN["phq9"]


def group(value, *ends, n_censored=0):
    """A group with an event at each of some times, and others watched to time 100."""
    times = np.array([*ends, *[100.0] * n_censored])
    curve = kaplan_meier(times, np.arange(len(times)) < len(ends))
    return SimpleNamespace(value=value, n=len(times), n_events=len(ends), curve=curve)


def curves(*groups, by=""):
    return SimpleNamespace(by=by, groups=groups, courses="first")


RESPONSE = SimpleNamespace(measure="response", unit="sessions")


@pytest.mark.parametrize(("drawn", "said"), [
    (curves(group("", 4, 4, 4, 4, 4, 4, n_censored=2)), "By estimate half of patients had responded after 4 sessions"),
    (curves(group("", 2, n_censored=9)), "By estimate 10 % of patients had responded after 10 sessions"),
    (curves(group("", 2, n_censored=3)), "Time to the first response: too few courses for a curve"),
    (curves(group("North", *[4] * 8, n_censored=6), group("South", *[6] * 8, n_censored=6), by="site"),
     "Time to the first response by site: half after 4 to 6 sessions"),
    (curves(group("North", *[4] * 8, n_censored=6), group("South", *[4] * 8, n_censored=6), by="site"),
     "Time to the first response by site: half after 4 sessions"),
    (curves(group("North", *[4] * 8, n_censored=6), group("South", 4, n_censored=9), by="site"),
     "Time to the first response by site: half after 4 sessions, not reached in 1 group"),
    (curves(group("North", 4, n_censored=9), group("South", 4, n_censored=9), by="site"),
     "Time to the first response by site: half not reached in any group"),
])
def test_a_curve_is_titled_by_its_medians_without_a_ranking(drawn, said):
    assert plain(words.response_title(RESPONSE, drawn)) == said


def test_how_long_it_lasted_is_titled_by_what_was_lost():
    found = SimpleNamespace(start="remission")
    drawn = curves(group("", 30, n_censored=9))
    # Watched for 100 days: 14 whole weeks.
    assert plain(words.durability_title(found, drawn, None)) == (
        "By estimate 10 % of patients had relapsed after 14 weeks")
    at = SimpleNamespace(day=28)
    few = curves(group("none", 30, n_censored=2), by="maintenance")
    assert words.durability_title(found, few, at) == (
        "How long a remission lasts, from 4 weeks after the endpoint on: too few courses for a curve")


@pytest.mark.parametrize(("name", "axis", "short", "where"), [
    ("week 4", "day", "4", "in week 4"), ("weeks 13-16", "day", "13-16", "in weeks 13-16"),
    ("days 1-3", "day", "days 1-3", "in days 1-3"), ("start", "day", "start", "in start"),
    ("after 1 session", "session", "1", "after 1 session"), ("after 6 sessions", "session", "6", "after 6 sessions"),
    ("Visit 2", "visit", "Visit 2", "at “Visit 2”"),
])
def test_points_are_short_on_an_axis_and_whole_in_a_sentence(name, axis, short, where):
    assert (words.short_point(name), words.at_point(name, axis)) == (short, where)


def test_points_rest_on_those_in_brackets():
    assert words.category("4", 1234) == "4 (1,234)" and words.category("4", None) == "4"
    assert words.axis_words("Weeks since the endpoint", "still watched", is_one=True) == (
        "by weeks since the endpoint (in brackets: still watched)")
    assert words.axis_words("Weeks", "x", is_one=False) == "by weeks"


def line(title, estimate, shown):
    return Line(title, shown, "1 of 2", "", "", estimate, estimate, estimate, n=40)


def test_sessions_and_item_9_are_titled_by_their_numbers():
    named = [line("North", 0.5, "50 %"), line("South", 0.1, "10 %"), Line("West", "–", "no session to count")]
    assert words.session_title("Nausea", ("site",), named) == "Nausea by site: between 10 % and 50 % of sessions"
    assert words.session_title("Nausea", ("site",), named[:1]) == "Nausea by site: 50 % of sessions"
    assert words.session_title("Nausea", ("site",), named[2:]) == "Nausea by site: no group has enough sessions"
    assert words.session_title("Nausea", ("site",), [*named[:2], replace(named[0], shown="90 %", estimate=0.9, n=19)]
                               ) == "Nausea by site: between 10 % and 50 % of sessions in groups of 20 sessions or more"
    assert words.session_title("Nausea", (), named) == "Nausea in 50 % of sessions"
    assert words.session_title("Nausea", (), named[2:]) == "Nausea: no session to count"
    lines = [line("Item 9 no longer endorsed", 0.6, "60 %"), line("Item 9 lower", 0.7, "70 %"),
             line("Item 9 newly endorsed", 0.04, "4 %")]
    assert words.item9_title(PHQ9, lines) == "Item 9 of PHQ-9: no longer endorsed 60 %, newly endorsed 4 %"
    assert words.item9_title(PHQ9, [Line("Item 9 no longer endorsed", "1 of 2", "too few")]).endswith(
        "too few courses for a percentage")


@pytest.mark.parametrize(("medians", "said"), [
    ((7.0, 11.0), "CADSS: medians between 7 and 11"), ((7.0, 7.0), "CADSS: median 7"),
    ((0.5, 1.25), "CADSS: medians between 0.5 and 1.3")])
def test_amounts_are_titled_by_their_medians(medians, said):
    groups = [SimpleNamespace(median=one, n=20) for one in medians]
    assert words.spread_title("CADSS", groups, "ab") == said
    few = [SimpleNamespace(median=one, n=4) for one in medians]
    assert words.spread_title("CADSS", few, "ab") == "CADSS: too few sessions for a median"


def test_why_something_is_kept_is_a_sentence_with_its_reason():
    for name in dir(words):
        if name.endswith("_KEPT"):
            said = getattr(words, name).format(11)
            assert said.endswith((".", "period.")) and "kept for the inside" in said and not refused_words(said), name
