"""Every page by itself: the sample, nothing to count, small numbers, a refused address, files of one's own."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.app import address, loading, state

MAIN = str(Path(__file__).parents[2] / "analytics" / "app" / "main.py")


@pytest.fixture
def browser(monkeypatch):
    """A browser of its own, whose uploads are forgotten at the end."""
    name = "pages"
    monkeypatch.setattr(state, "browser", lambda: name)
    yield name
    loading.forget(name)


def opened(page="overview", **params):
    """A page as its address opens it: every page's address is the name of its file, so no other runs before it."""
    app = AppTest.from_file(MAIN, default_timeout=120).switch_page(f"views/{page}.py")
    app.query_params.update(params)
    app.run()
    assert not app.exception, app.exception
    return app


def uploaded(browser, text, name="scores.csv", mapping=None):
    return loading.upload(browser, [(name, text.encode())], mapping)


def html(app):
    return unescape("\n".join(one.proto.body for one in app.html if not one.proto.body.startswith("<style")))


def words(app):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html(app)))


def scores(*pairs, site="North"):
    """A file of patients with a score before and one after, on the days of a first and a last visit."""
    lines = [f"P{place},{day},{score},{site}" for place, pair in enumerate(pairs)
             for day, score in zip((0, 30), pair, strict=True) if score is not None]
    return "patient_id,day,phq9,site\n" + "\n".join(lines) + "\n"


# --- from page to page -------------------------------------------------------------------------------


def test_what_the_sidebar_shows_is_what_counts_on_every_page():
    app = opened()
    next(one for one in app.sidebar.selectbox if one.label == "Rules").set_value("induction").run()
    for page in ("methods", "overview", "deck"):
        app.switch_page(f"views/{page}.py").run()
        chosen = {one.label: one.value for one in (*app.sidebar.selectbox, *app.sidebar.get("button_group"))}
        assert chosen["Rules"] == "induction" and chosen["For whom"] == "inside", page


# --- overview ----------------------------------------------------------------------------------------


def test_the_sample_is_shown_with_numbers_and_marked():
    app = opened()
    text = words(app)
    assert '<span class="invented">Invented sample data</span>' in html(app)
    assert re.search(r"\d+ % of courses responded", text)
    assert re.search(r"\d+ of \d+ who could be judged \(\d+ %\), 95 % interval \d+–\d+ %", text)
    for title in ("Response", "Remission", "Improvement", "Got worse", "Item 9", "Pain down 30 %", "Followed up"):
        assert title in text
    assert len(app.get("plotly_chart")) == 3


def test_every_card_has_counts_and_its_own_sheet():
    cards = re.findall(r'<article class="card.*?</article>', html(opened()), re.DOTALL)
    assert len(cards) == 7
    for card in cards:
        assert re.search(r"\d+ of \d+|\d+ courses", card)
        assert re.search(r'href="defend\?[^"]*m=\w+', card)


def test_numbers_come_before_charts_and_sidebar():
    app = opened()
    order = [element.type for element in app.main]
    assert order.index("html") < order.index("plotly_chart")


def test_a_filter_changes_the_numbers_and_the_address():
    app = opened()
    before = words(app)
    (site,) = [one for one in app.multiselect if one.label == "site"]
    site.set_value([0]).run()
    assert not app.exception
    assert words(app) != before and "site North" in words(app)
    assert app.query_params["f"] != "none"


def test_an_empty_cohort_says_so(browser):
    uploaded(browser, scores((20, 8), (18, 16)))
    app = opened()
    assert "site" not in [one.label for one in app.multiselect], "an attribute with one value is no filter"
    (kind,) = [one for one in app.multiselect if one.label == "Kind of course"]
    kind.set_value([1]).run()
    assert not app.exception
    assert "No course to count" in words(app) and "No course matches the filters." in words(app)


@pytest.mark.parametrize(("n", "is_percent", "mark"), [
    (3, False, "Too few for a percentage"), (6, True, "Unstable: fewer than 20"), (20, True, ""),
])
def test_small_numbers(browser, n, is_percent, mark):
    uploaded(browser, scores(*[(20, 8)] * n))
    text = words(opened())
    assert ("100 % of courses responded" in text) is is_percent
    assert (f"{n} of {n} courses responded" in text) is not is_percent
    assert mark in text


def test_below_five_no_percentage_anywhere_on_the_page(browser):
    uploaded(browser, scores((20, 8), (18, 16), (22, 9)))
    app = opened()
    text = words(app).replace("95 % interval", "")
    assert not re.search(r"\d %", re.sub(r"Pain down \d+ %|at least \d+ %", "", text))


def test_files_without_a_score_say_what_to_bring(browser):
    loading.upload(browser, [("sessions.csv", b"patient_id,day,route,dose\nP1,0,IV,40\nP1,3,IV,40\n")])
    assert "No course to count" in words(opened())


def test_text_from_a_file_is_never_markup(browser):
    evil = '<img src=x onerror="alert(1)">'
    text = scores(*[(20, 8)] * 30, site=evil).replace("site", '"<b>site</b>"', 1)
    loading.upload(browser, [(f"{evil}.csv", text.encode())])
    app = opened()
    raw = "\n".join(one.proto.body for one in app.html)
    assert "<img" not in raw and "<b>site" not in raw
    for chart in app.get("plotly_chart"):
        assert "<img" not in chart.proto.spec


# --- refused addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["overview", "defend"])
def test_a_refused_address_shows_no_number(page):
    app = opened(page, v="1", d="0" * 16)
    assert "This link cannot be shown" in words(app)
    assert "of courses responded" not in words(app)


def test_a_refused_address_can_be_left():
    app = opened(v="1", d="nonsense")
    app.button[0].click().run()
    assert "of courses responded" in words(app)


def test_a_link_to_another_dataset_waits_on_the_data_page():
    sample = opened()
    address = {key: value[0] if isinstance(value, list) else value for key, value in sample.query_params.items()}
    app = opened(**(address | {"d": "f" * 16}))
    assert "f" * 16 in words(app) and "of courses responded" not in words(app)
    app.switch_page("views/data.py").run()
    assert "f" * 16 in app.info[0].value


# --- defend ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", [
    "response", "remission", "mean_improvement", "worsening", "item9_resolved", "follow_up"])
def test_every_number_has_a_sheet(measure):
    sample = opened()
    address = {key: value[0] if isinstance(value, list) else value for key, value in sample.query_params.items()}
    app = opened(**(address | {"m": measure}))
    app.switch_page("views/defend.py").run()
    text = words(app)
    assert "Invented sample data" in text and "SHA-256" in text and "python -m analytics summary" in text
    for part in ("Who is in it", "Who is missing, and what if", "How sure", "What may be said, and what may not",
                 "How to make it again"):
        assert part in text


# --- data --------------------------------------------------------------------------------------------


def test_the_sample_on_the_data_page_adds_up():
    text = words(opened("data"))
    total, used, unused, blank = (int(one.replace(",", "")) for one in re.search(
        r"([\d,]+) rows = ([\d,]+) used \+ ([\d,]+) not used \+ ([\d,]+) blank", text).groups())
    assert total == used + unused + blank
    assert "Invented sample data" in text


def test_a_blocked_file_says_what_came_and_what_to_do(browser):
    dataset = loading.upload(browser, [("scores.csv", b"%PDF-1.7 not a table")])
    assert dataset.tables.is_blocked
    app = opened("data")
    app.selectbox[0].set_value(dataset.short).run()
    text = words(app)
    assert "Nothing can be counted" in app.warning[0].value
    assert "scores.csv" in text and "What a file must look like" in " ".join(one.label for one in app.expander)


def test_no_value_of_a_file_is_shown(browser):
    text = scores((20, 8), (300, 16)).replace("P1,", "XQZ77,").replace("300", "twelvety")
    uploaded(browser, text)
    app = opened("data")
    shown = html(app) + " ".join(str(one.value) for one in (*app.warning, *app.info))
    assert "XQZ77" not in shown and "twelvety" not in shown


def test_columns_are_mapped_and_visits_chosen(browser):
    rows = "".join(f"{place},{visit},{score}\n" for place in range(30) for visit, score in ((1, 24), (4, 10)))
    dataset = uploaded(browser, "id,time,hamd\n" + rows, "study.csv")
    app = opened("data")
    app.selectbox[0].set_value(dataset.short).run()
    chosen = {"id": "patient_id", "time": "visit", "hamd": "hamd17"}
    for box in app.selectbox:
        if box.label in chosen:
            box.set_value(chosen[box.label])
    app.button(key=next(one.key for one in app.button if one.label == "Apply and read again")).click().run()
    assert not app.exception
    for label, value in (("Visit of the starting score", "1"), ("Visit of the endpoint", "4"),
                         ("Who is asked, for measures of benefit", "all")):
        next(one for one in app.selectbox if one.label == label).set_value(value).run()
    app.switch_page("views/overview.py").run()
    assert not app.exception and "30 of 30 who could be judged" in words(app)


def test_an_upload_can_be_forgotten(browser):
    uploaded(browser, scores(*[(20, 8)] * 6))
    app = opened("data")
    next(one for one in app.button if one.label == "Forget this data").click().run()
    assert not app.exception
    assert loading.uploads(browser) == ()
    assert "forgotten" in app.warning[0].value


# --- methods -----------------------------------------------------------------------------------------


def test_the_methods_can_be_searched():
    app = opened("methods")
    assert "Kroenke 2001" in words(app)
    app.text_input[0].set_value("zimmerman").run()
    assert "HAM-D 17" in words(app) and "GAD-7" not in words(app)
    app.text_input[0].set_value("no such word").run()
    assert "Nothing in the methods" in words(app)


def test_the_methods_show_the_values_in_force():
    app = opened()
    next(one for one in app.selectbox if one.label == "Rules").set_value("first_last").run()
    app.switch_page("views/methods.py").run()
    assert "First and last score. First score to last score." in words(app)


# --- awkward files -----------------------------------------------------------------------------------


def test_visits_without_an_order_ask_for_the_two(browser):
    rows = "".join(f"P{place},{visit},{score}\n" for place in range(30) for visit, score in (("pear", 24), ("fig", 10)))
    uploaded(browser, "patient_id,visit,phq9\n" + rows)
    app = opened()
    assert "Which visits are before and after?" in words(app)
    app.switch_page("views/data.py").run()
    for label, value in (("Visit of the starting score", "pear"), ("Visit of the endpoint", "fig")):
        next(one for one in app.selectbox if one.label == label).set_value(value).run()
    app.switch_page("views/overview.py").run()
    assert not app.exception and "30 of 30 who could be judged" in words(app)


def test_an_attribute_named_like_one_of_ours_is_filtered_by_its_own_values(browser):
    text = scores(*[(20, 8)] * 30, site="A").replace(",site\n", ",kind\n")
    uploaded(browser, text)
    app = opened()
    shape = loading.datasets(browser)[0].shape
    assert ("kind (file)", ("A",)) in shape.attributes
    next(one for one in app.selectbox if one.label == "Response by").set_value(
        [name for name, _ in shape.attributes].index("kind (file)")).run()
    assert not app.exception and "A: 100 % of courses responded (30 of 30)" in words(app)


def test_pain_is_judged_by_its_own_measures():
    app = opened()
    next(one for one in app.selectbox if one.label == "Instrument").set_value("pain_nrs_worst").run()
    assert not app.exception
    text = words(app)
    assert re.search(r"\d+ % of courses had pain down by 30 % or more", text)
    assert "Pain down 50 %" in text and "Remission" not in text
    next(one for one in app.toggle if one.key == "looks").set_value(True).run()
    assert not app.exception and "Week 6" in words(app)


def test_the_worst_score_as_the_start_is_warned_of(browser):
    uploaded(browser, scores(*[(20, 8)] * 30))
    dataset = loading.datasets(browser)[0]
    view = address.View(dataset.short, "phq9", settings=(("baseline_pick", "worst"),))
    app = opened(**address.encode_view(view, dataset.shape))
    assert "regression to the mean" in app.warning[0].value
