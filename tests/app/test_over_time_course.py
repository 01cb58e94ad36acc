"""The part Course of the Over time page by itself: the sample, its choices, few courses, none, hostile names."""

from __future__ import annotations

import json

import pytest

from analytics.app import state
from tests.app.test_compare_pages import control
from tests.app.test_pages import browser, opened, scores, uploaded, words  # noqa: F401

ODD = "<img src=x onerror=alert(1)>[a](javascript:b)"


def chosen(app, label, value):
    """The page after another choice of one control."""
    control(app, label).set_value(value).run()
    assert not app.exception, app.exception
    return app


def tables(app):
    return [one.proto.body for one in app.html if '<table class="grid' in one.proto.body]


def figure(app, place=0):
    return json.loads(app.get("plotly_chart")[place].proto.spec)


def weekly(n=24, *, site=("North", "South")):
    """Patients with a weekly score, every third of whom is seen for three weeks only."""
    lines = [f"P{place},{7 * week},{20 - 2 * week},{site[place % len(site)]}"
             for place in range(n) for week in range(6 if place % 3 else 3)]
    return "patient_id,day,phq9,site\n" + "\n".join(lines) + "\n"


def test_the_sample_has_a_curve_with_its_sentence_limits_and_counts():
    app = opened("over_time")
    text = words(app)
    assert "PHQ-9 by day" in text and "the mean PHQ-9 was" in text
    assert "no curve of the same people" in text and "courses start the curve" in text
    assert "Fewer than half of the" in text and "from week" in text
    assert not {"nan", "null", "inf"} & set(text.lower().split())
    assert len(app.get("plotly_chart")) == 1


def test_the_table_behind_holds_every_point():
    app = opened("over_time")
    (toggle,) = [one for one in app.toggle if one.label == "Show as table"]
    toggle.set_value(True).run()
    (table,) = tables(app)
    assert "Week 12" in table and "Not known so long" in table and "Session: induction" in table
    assert table.count("<tr") == 15


@pytest.mark.parametrize(("label", "value", "said", "address"), [
    ("Along", "session", "PHQ-9 by session", "ca:session"), ("Up to", "365", "weeks 49", "cu:365"),
    ("Lines", "by", "PHQ-9 by day, each site", "cs:by"),
    ("Mood beside pain", "yes", "Mood and pain of the same", "cp:yes"),
    ("Middle half of the scores", "none", "PHQ-9 by day", "cb:none")])
def test_every_choice_changes_the_page_and_stands_in_the_address(label, value, said, address):
    app = chosen(opened("over_time"), label, value)
    assert said in words(app) and address in str(app.query_params["p"])
    assert not {"nan", "null", "inf"} & set(words(app).lower().split())


def test_a_filter_changes_who_starts():
    app = opened("over_time")
    before = words(app)
    (site,) = [one for one in app.multiselect if one.label == "site"]
    site.set_value([0]).run()
    assert not app.exception and words(app) != before and "site North" in words(app)


def test_an_empty_cohort_says_so():
    app = opened("over_time")
    (kind,) = [one for one in app.multiselect if one.label == "Kind of course"]
    options = kind.options
    kind.set_value([next(place for place, one in enumerate(options) if "ooster" in one)]).run()
    assert not app.exception
    assert "No course to count" in words(app) and "boosters" in words(app)
    assert not app.get("plotly_chart")


def test_single_courses_are_drawn_only_where_rows_may_be_seen(monkeypatch):
    monkeypatch.setattr(state, "may_see_rows", lambda: True)
    app = opened("over_time")
    n_traces = len(figure(app)["data"])
    app = chosen(app, "Single courses", "yes")
    assert len(figure(app)["data"]) == n_traces + 1
    monkeypatch.setattr(state, "may_see_rows", lambda: False)
    app = app.run()
    assert "cl:yes" in str(app.query_params["p"])
    assert len(figure(app)["data"]) == n_traces
    assert not [one for one in app.get("button_group") if one.label == "Single courses"]


def test_mood_beside_pain_has_two_panels_and_four_cells():
    app = chosen(opened("over_time"), "Mood beside pain", "yes")
    assert len(app.get("plotly_chart")) == 2 and "yaxis3" in figure(app, 1)["layout"]
    text = words(app)
    assert "that start both curves" in text and "responded on both scales" in text and "kappa" in text
    assert any("did not respond" in table for table in tables(app))


def test_without_a_pain_scale_it_says_so(browser):  # noqa: F811
    uploaded(browser, scores(*[(20, 8)] * 6))
    app = chosen(opened("over_time"), "Mood beside pain", "yes")
    assert "no scale of pain" in words(app)


def test_files_without_sessions_fall_back_to_days(browser):  # noqa: F811
    uploaded(browser, scores(*[(20, 8)] * 6))
    app = opened("over_time")
    assert "Marks under the axis" not in words(app)
    assert "Along" not in [one.label for one in app.get("button_group")]
    assert "Weeks from the first score" in app.get("plotly_chart")[0].proto.spec
    params = {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}
    app = opened("over_time", **params | {"p": params["p"].replace("ca:day", "ca:session")})
    assert "PHQ-9 by day" in words(app) and "no session before a score" in words(app)


@pytest.mark.parametrize("n", [1, 4, 5, 20])
def test_few_courses_give_a_mean_from_five_on(browser, n):  # noqa: F811
    uploaded(browser, scores(*[(20, 8)] * n))
    text = words(opened("over_time"))
    assert ("the mean PHQ-9 was 8.0" in text) is (n >= 5)
    assert ("too few for a mean" in text) is (n < 5)
    assert ("(unstable: fewer than 20)" in text) is (n == 5)
    assert not {"nan", "null", "inf"} & set(text.lower().split())


def test_more_groups_than_can_be_drawn(browser):  # noqa: F811
    uploaded(browser, weekly(150, site=[f"Site {place}" for place in range(30)]))
    app = chosen(opened("over_time"), "Lines", "by")
    assert "The 7 largest of 30 groups are drawn." in words(app)


def test_no_picture_is_drawn_where_every_group_is_too_small(browser):  # noqa: F811
    uploaded(browser, weekly(30, site=[f"Site {place}" for place in range(30)]))
    app = opened("over_time")
    assert len(app.get("plotly_chart")) == 1
    app = chosen(app, "Lines", "by")
    assert not app.get("plotly_chart") and "No group holds 5 courses or more" in words(app)
    assert "hollow" not in words(app)


def test_hostile_names_of_groups_stay_text(browser):  # noqa: F811
    uploaded(browser, weekly(site=(ODD, "South")))
    app = chosen(opened("over_time"), "Lines", "by")
    (toggle,) = [one for one in app.toggle if one.label == "Show as table"]
    toggle.set_value(True).run()
    assert "<img src=x" not in "\n".join(one.proto.body for one in app.html)
    assert "<img src=x" not in app.get("plotly_chart")[0].proto.spec


def test_visits_are_drawn_in_their_order(browser):  # noqa: F811
    lines = [f"P{place},{visit},{total}" for place in range(8)
             for visit, total in (("baseline", 20), ("week 2", 14), ("week 10", 9))]
    uploaded(browser, "patient_id,visit,phq9\n" + "\n".join(lines) + "\n")
    app = opened("over_time")
    assert "PHQ-9 by visit" in words(app) and "At “week 10”" in words(app)
    assert figure(app)["layout"]["xaxis"]["ticktext"] == ["baseline", "week 2", "week 10"]
    assert not [one for one in app.get("button_group") if one.label == "Along"]


def test_a_file_without_a_known_score_says_what_is_missing(browser):  # noqa: F811
    uploaded(browser, "patient_id,treated_on,route\nP1,2024-01-01,IV\n", "sessions.csv")
    assert "No course to count" in words(opened("over_time"))
