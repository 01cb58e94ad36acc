"""The parts Response and Durability by themselves: the sample, every choice, few courses, none, hostile names."""

from __future__ import annotations

import json

import pytest

from analytics.app import loading
from tests.app.test_compare_pages import control
from tests.app.test_pages import browser, opened, scores, uploaded, words  # noqa: F401

ODD = "<img src=x onerror=alert(1)>[a](javascript:b)"
PARTS = ("response", "durability")


def part(name):
    """The page with one of its parts open."""
    return choose(opened("over_time"), "Part", name)


def choose(app, label, value):
    """The page after another choice of one control."""
    boxes = [one for one in app.selectbox if one.label == label]
    (boxes[0].set_value(value) if boxes else control(app, label).set_value(value)).run()
    assert not app.exception, app.exception
    return app


def figure(app):
    return json.loads(app.get("plotly_chart")[0].proto.spec)


def labels(app):
    return {one.label for one in app.get("button_group")} | {one.label for one in app.selectbox}


def clinic(n=24, *, site=("North", "South"), is_dated=True):
    """Two files: each patient with four sessions, a response on day 30, a loss at 60 in every other; boosters never."""
    told = [f"P{place},{day},{total},{site[place % len(site)]}" for place in range(n)
            for day, total in ((0, 20), (30, 8), (60, 8 if place % 2 else 15), (90, 8 if place % 3 else 15))]
    given = [f"P{place},{day},ketamine" for place in range(n) for day in (0, 3, 7, 10, *((40,) if place % 4 else ()))]
    return [("scores.csv", ("patient_id,day,phq9,site\n" + "\n".join(told) + "\n").encode()),
            ("sessions.csv", ("patient_id,day,drug\n" + "\n".join(given) + "\n").encode())]


@pytest.mark.parametrize("name", PARTS)
def test_the_sample_has_a_curve_a_sentence_limits_and_counts(name):
    app = part(name)
    text = words(app)
    assert not {"nan", "none:", "inf"} & set(text.lower().split())
    assert "By estimate half of" in text and "1,060 courses" in text and "is seen at a score" in text
    drawn = figure(app)
    ticks = drawn["layout"]["xaxis"]["tickvals"]
    assert [one["x"] for one in drawn["layout"]["annotations"] if one.get("xref") == "x"] == ticks
    assert len(json.dumps(drawn)) < 1_000_000


def test_ever_responded_and_responder_at_endpoint_stand_apart():
    text = words(part("response"))
    assert "“Ever responded” is not “responder at endpoint”" in text
    assert "Responder at endpoint" in text and "Ever responded after 4 sessions" in text
    assert "Oliver 2022" in text


def test_every_choice_of_response_draws():
    app = choose(choose(part("response"), "Counted in", "days"), "Curves", "by")
    text = words(app)
    assert "Log-rank test of 3 groups" in text and "Oliver 2022" not in text
    assert "Ever responded by day 28" in text
    assert "Time to the first remission" in words(choose(app, "Time to", "remission"))
    assert "every patient once" in words(choose(app, "Courses counted", "all"))


@pytest.mark.parametrize(("label", "value", "said"), [
    ("Watched", "remission", "A relapse is a later score of 10 or more"),
    ("Confirmed", "no", "confirmed or not"),
    ("Maintenance", "censor", "informative"),
    ("Curves", "by", "Log-rank test of 3 groups"),
    ("Curves", "maintenance", "Landmark 4 weeks after the endpoint"),
    ("Curves", "dose", "highest dose so far"),
    ("Curves", "sessions", "Sessions so far"),
    ("Courses counted", "all", "allows for patients with several"),
])
def test_every_choice_of_durability_is_answered(label, value, said):
    assert said.lower() in words(choose(part("durability"), label, value)).lower()


def test_a_landmark_moves_and_maintenance_then_goes_on():
    app = choose(choose(choose(part("durability"), "Maintenance", "censor"), "Curves", "maintenance"),
                 "Landmark after the endpoint", "56")
    text = words(app)
    assert "Landmark 8 weeks after the endpoint" in text and "informative" not in text


def test_ours_by_their_rules_stand_beside_what_was_printed():
    app = part("durability")
    next(one for one in app.toggle if one.label.startswith("Show beside")).set_value(True).run()
    assert not app.exception
    text = words(app)
    assert "McInnes 2022 prints about" in text and "What still differs" in text


def test_tables_behind_the_curves_hold_those_at_risk():
    for name, title in (("response", "Still followed, not there yet"), ("durability", "Still watched, still")):
        app = part(name)
        for toggle in [one for one in app.toggle if one.label == "Show as table"]:
            toggle.set_value(True).run()
        assert any("<th" in one.proto.body and title in one.proto.body for one in app.html)


# --- other files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("n", [1, 4, 5, 24])
def test_few_courses_are_told_without_a_percentage(browser, name, n):  # noqa: F811
    loading.upload(browser, clinic(n), None)
    app = part(name)
    text = words(app)
    assert "nan" not in text.lower().split()
    estimates = [sentence for sentence in text.split(".") if "an estimated" in sentence]
    assert not estimates or n >= 5
    assert bool(app.get("plotly_chart")) == (n >= 5)


@pytest.mark.parametrize("name", PARTS)
def test_one_before_and_one_after_is_enough_for_the_page(browser, name):  # noqa: F811
    uploaded(browser, scores((20, 9)))
    text = words(part(name))
    assert "100\N{NO-BREAK SPACE}%" not in text and "nan" not in text.lower().split()


@pytest.mark.parametrize("name", PARTS)
def test_without_sessions_there_is_nothing_to_choose_that_needs_them(browser, name):  # noqa: F811
    uploaded(browser, scores(*[(20, 9)] * 12))
    assert not {"Counted in", "Maintenance", "Landmark after the endpoint"} & labels(part(name))


@pytest.mark.parametrize("name", PARTS)
def test_an_empty_cohort_says_so(browser, name):  # noqa: F811
    loading.upload(browser, clinic(), None)
    app = part(name)
    next(one for one in app.multiselect if one.label == "site").set_value([None]).run()
    assert not app.exception
    assert "No course to count" in words(app) and not app.get("plotly_chart")


@pytest.mark.parametrize("name", PARTS)
def test_visits_without_days_have_no_curve_and_say_why(browser, name):  # noqa: F811
    uploaded(browser, "patient_id,visit,phq9\n" + "".join(
        f"P{place},{visit},{total}\n" for place in range(12) for visit, total in (("baseline", 20), ("week 4", 8))))
    app = part(name)
    assert "visits without days" in words(app) and not app.get("plotly_chart")


@pytest.mark.parametrize("name", PARTS)
def test_hostile_names_of_groups_stay_text(browser, name):  # noqa: F811
    loading.upload(browser, clinic(40, site=(ODD, "South")), None)
    app = choose(part(name), "Curves", "by")
    assert "<img src=x" not in "\n".join(one.proto.body for one in app.html)
    assert "<img" not in json.dumps(figure(app))


def test_pain_is_waited_for_by_its_own_measure(browser):  # noqa: F811
    uploaded(browser, "patient_id,day,pain_nrs\n" + "".join(
        f"P{place},{day},{total}\n" for place in range(12) for day, total in ((0, 8), (14, 5), (28, 6))))
    assert "pain down by 30 % or more" in words(part("response"))
    assert "less than 30" in words(part("durability"))


def test_the_choices_stand_in_the_address(browser):  # noqa: F811
    loading.upload(browser, clinic(), None)
    app = choose(choose(part("durability"), "Curves", "maintenance"), "Landmark after the endpoint", "14")
    assert "ds:maintenance,dl:14" in str(app.query_params["p"])
