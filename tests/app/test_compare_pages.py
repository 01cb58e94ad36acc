"""Groups, Compare and Counting by themselves: the sample, nothing to count, small numbers, two cohorts."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs

import pytest

from analytics.app import dataset_notes, loading, state
from tests.app.test_pages import browser, html, opened, scores, uploaded, words  # noqa: F401

PAGES = ("groups", "compare", "counting")


def box(app, label):
    return next(one for one in app.selectbox if one.label == label)


def press(app, label):
    return next(one for one in app.button if one.label == label).click().run()


def control(app, label):
    return next(one for one in app.get("button_group") if one.label == label)


def sites(*, n=24, north=5, south=15):
    """Two sites, all cases; those of North end at one score, those of South at another."""
    lines = [
        f"P{place},{day},{score},{'North' if place % 2 else 'South'}"
        for place in range(n)
        for day, score in ((0, 20), (30, (north if place % 2 else south) + place % 3))
    ]
    return "patient_id,day,phq9,site\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize("page", PAGES)
def test_the_sample_fills_the_page(page):
    app = opened(page)
    assert not {"nan", "null", "inf"} & set(words(app).lower().split())
    assert app.get("plotly_chart") or page == "counting"


@pytest.mark.parametrize("page", PAGES)
def test_a_file_without_a_known_score_says_what_is_missing(page, browser):  # noqa: F811
    uploaded(browser, "patient_id,treated_on,route\nP1,2024-01-01,IV\n", "sessions.csv")
    assert "No course to count" in words(opened(page))


@pytest.mark.parametrize("page", PAGES)
def test_one_course_gives_sentences_and_no_percentage(page, browser):  # noqa: F811
    uploaded(browser, scores((20, 9)))
    text = words(opened(page))
    assert "100\N{NO-BREAK SPACE}%" not in text and "nan" not in text.lower().split()


@pytest.mark.parametrize("page", PAGES)
def test_hostile_names_of_groups_stay_text(page, browser):  # noqa: F811
    odd = "<img src=x onerror=alert(1)>[a](javascript:b)"
    uploaded(browser, sites().replace("North", odd))
    assert "<img src=x" not in "\n".join(one.proto.body for one in opened(page).html)


# --- groups ------------------------------------------------------------------------------------------


def test_groups_are_named_counted_and_never_ranked(browser):  # noqa: F811
    uploaded(browser, sites())
    app = opened("groups")
    assert "Response by site" in words(app)
    assert app.query_params["o"] == "name" and app.query_params["by2"] == "none"


def test_two_attributes_draw_a_grid(browser):  # noqa: F811
    lines = sites().splitlines()
    text = "\n".join(
        [lines[0] + ",sex", *(f"{line},{'F' if place % 4 < 2 else 'M'}" for place, line in enumerate(lines[1:]))]
    )
    uploaded(browser, text)
    app = opened("groups")
    other = box(app, "And by")
    other.select(next(option for option in other.options if option == "sex")).run()
    assert not app.exception
    assert "Response by site and sex" in words(app)
    assert app.query_params["by2"] != "none"


# --- compare -----------------------------------------------------------------------------------------


def test_two_sites_are_compared_with_what_cannot_be_said(browser):  # noqa: F811
    uploaded(browser, sites())
    text = words(opened("compare"))
    assert "Response: North and South" in text
    assert "North did better than South" in text
    assert "The files do not say that chance made these groups" in text
    assert "exploratory" in text


def test_a_comparison_that_is_declared_primary_stays_so(browser, tmp_path, monkeypatch):  # noqa: F811
    uploaded(browser, sites())
    app = press(opened("compare"), "Declare this the primary comparison")
    assert "declared primary" in words(app)
    again = opened("compare")
    assert "declared primary" in words(again)
    assert "exploratory" in words(press(again, "No longer the primary comparison"))


def test_groups_that_formed_later_are_refused_without_a_landmark():
    app = opened("compare")
    box(app, "By").select("kind of course").run()
    assert not app.exception
    said = words(app)
    assert "Kind of course is settled only by what happened after the first session" in said
    assert "--" not in said and "kind is" not in said
    day = next(one for one in app.number_input if one.label.startswith("Landmark"))
    assert "Landmark day 14" in words(day.set_value(14).run())


def test_one_group_is_nothing_to_declare_or_to_set_side_by_side(browser):  # noqa: F811
    uploaded(browser, sites().replace("South", "North"))
    app = opened("compare")
    assert "There is one group only" in words(app)
    assert "Before treatment" not in words(app)
    assert not [one for one in app.button if "primary" in one.label]


def test_columns_have_names_in_words():
    text = words(opened("compare"))
    raw = ("route_first", "age_band", "course_number", "D_z", "group b", "mores")
    assert [name for name in raw if name in text] == []
    assert "first route" in text or "age band" in text or "number of the course" in text


def test_a_cohort_is_kept_under_its_name_and_forgotten(browser):  # noqa: F811
    dataset = uploaded(browser, sites())
    opened("compare")
    place = next(at for at, (name, _) in enumerate(dataset.shape.attributes) if name == "site")

    kept = {}
    monkey = pytest.MonkeyPatch()
    monkey.setattr(state, "remembered", lambda name, default=None: kept.get(name, default))
    monkey.setattr(state, "remember", kept.__setitem__)
    try:
        filters = ((place, (0, None)),)
        dataset_notes.keep_cohort(dataset, "North and unknown", filters)
        assert dataset_notes.cohorts(dataset) == {"North and unknown": filters}
        dataset_notes.drop_cohort(dataset, "North and unknown")
        assert dataset_notes.cohorts(dataset) == {}
        assert dataset_notes.count_comparison(dataset, "a", "b") == 2
        assert dataset_notes.count_comparison(dataset, "b") == 2
    finally:
        monkey.undo()
        loading.forget(browser)


@pytest.mark.parametrize("measure", ["response", "nhs_recovery", "mean_improvement"])
def test_each_side_leads_to_a_sheet_that_is_shown(measure):
    """The way from a card to its sheet holds for measures of two scales as well."""
    first = opened("compare")
    site = next(place for place in first.session_state["_shape"].attributes if place[0] == "site")
    place = list(first.session_state["_shape"].attributes).index(site)
    params = {key: value[0] if isinstance(value, list) else value for key, value in first.query_params.items()}
    app = opened("compare", **(params | {"m": measure, "a": f"{place}.0", "b": f"{place}.1"}))
    links = [unescape(link) for link in re.findall(r'href="(defend\?[^"]+)"', "\n".join(
        one.proto.body for one in app.html))]
    assert len(links) == 2
    for link in links:
        sheet = opened("defend", **{key: value[0] for key, value in parse_qs(link.partition("?")[2]).items()})
        assert "This link cannot be shown" not in words(sheet)
        assert "Who is in it" in words(sheet)
