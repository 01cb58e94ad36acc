"""The Trends page by itself: by year outside, by month inside, small numbers, hostile names, changes written down."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.app import dataset_notes, loading
from tests.app.test_pages import browser, html, opened, scores, uploaded, words  # noqa: F401

SAMPLE = Path(__file__).parents[2] / "sample_data" / "dated"
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
FINER = re.compile(rf"\b({MONTHS}|Q[1-4])(\W|<br>|\\u00a0|\\u003cbr\\u003e)20\d\d|20\d\d-\d\d")


def box(app, label):
    return next(one for one in app.selectbox if one.label == label)


def control(app, label):
    return next(one for one in app.get("button_group") if one.label.startswith(label))


def charts(app):
    return [one.proto.spec for one in app.get("plotly_chart")]


def without_address(app):
    return re.sub(r'href="[^"]*"', "", html(app))


@pytest.fixture
def inside(browser):  # noqa: F811
    """The dated sample with its dates kept."""
    files = [(f"{name}.csv", (SAMPLE / f"{name}.csv").read_bytes()) for name in ("assessments", "sessions", "patients")]
    return loading.upload(browser, files, dates="keep")


def clinic(*, n=400, site="site", north="North", months=24):
    """Courses over two years at two sites, as dated files: scores and sessions."""
    lines, sessions = ["patient_id,assessed_on,phq9," + site], ["patient_id,treated_on"]
    for place in range(n):
        day = date(2023, 1, 1) + timedelta(days=place * months * 30 // n)
        name = north if place % 2 else "South"
        for since, total in ((0, 20), (30, 8 if place % 3 else 15)):
            lines.append(f"P{place},{day + timedelta(days=since)},{total},{name}")
        sessions += [f"P{place},{day + timedelta(days=since)}" for since in (0, 3, 7, 10)]
    return [("scores.csv", "\n".join(lines).encode()), ("sessions.csv", "\n".join(sessions).encode())]


def test_outside_the_internal_mode_nothing_is_finer_than_a_year(browser):  # noqa: F811
    for files in ((), clinic()):
        if files:
            loading.upload(browser, files)
        app = opened("trends")
        for one in app.toggle:
            one.set_value(True)
        app.run()
        assert not app.exception
        assert not FINER.search(without_address(app)) and not any(FINER.search(one) for one in charts(app))
        assert "Response, PHQ-9 by year" in words(app) and "Only years are shown" in words(app)


def test_an_address_that_asks_for_months_shows_years_outside(browser):  # noqa: F811
    loading.upload(browser, clinic())
    app = opened("trends")
    params = {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}
    app = opened("trends", **(params | {"p": params["p"].replace("tp:auto", "tp:month")}))
    assert "by year" in words(app) and not any(FINER.search(one) for one in charts(app))


def test_the_internal_mode_shows_months_and_names_itself(inside):
    app = opened("trends")
    text = words(app)
    assert "Response, PHQ-9 by month" in text and "Internal view" in text and "p chart, centre" in text
    assert "A process chart is no test." in text
    assert FINER.search(without_address(app)) and any(FINER.search(one) for one in charts(app))


def test_every_series_has_a_chart_a_sentence_and_a_table(inside):
    app = opened("trends")
    next(one for one in app.toggle if one.key == "table.trend").set_value(True).run()
    for what, title in (
            ("volume", "Courses started by month"), ("sessions", "Sessions given by month"),
            ("follow_up", "Followed up, PHQ-9 by month"), ("evaluated", "Evaluated share, PHQ-9 by month"),
            ("endpoint_day", "Days to the endpoint, PHQ-9 by month"),
            ("mean_improvement", "Mean improvement, PHQ-9 by month"), ("worsening", "Got worse, PHQ-9 by month")):
        box(app, "Measure").set_value(what).run()
        assert not app.exception
        text = words(app)
        assert title in text and "judged" in text and "Lower limit Centre Upper limit Signal Note" in text
        assert not {"nan", "inf"} & set(text.lower().split())
        params = app.query_params
        assert f"tm:{what}" in str(params["p"]) or what in str(params["m"])


def test_periods_and_frozen_limits_can_be_chosen(inside):
    app = opened("trends")
    control(app, "Period").set_value("quarter").run()
    assert "by quarter" in words(app) and "tp:quarter" in str(app.query_params["p"])
    control(app, "Period").set_value("month").run()
    box(app, "Limits from").set_value("12").run()
    assert not app.exception and "Limits are frozen: they come from the first" in words(app)


def test_sites_get_a_grid_and_a_chart_each_by_name(inside):
    app = opened("trends")
    assert "Signals by site and quarter" in words(app)
    next(one for one in app.toggle if one.key == "table.signals").set_value(True).run()
    assert re.search(r"North South West Response", words(app))
    control(app, "Charts by").set_value("yes").run()
    assert not app.exception and len(charts(app)) == 3
    assert "Response, PHQ-9 by quarter, each site" in words(app)


def test_files_without_a_calendar_say_so(browser):  # noqa: F811
    uploaded(browser, scores(*[(20, 8)] * 30))
    assert "The files hold neither dates nor years" in words(opened("trends"))


def test_a_file_without_a_known_score_says_what_is_missing(browser):  # noqa: F811
    uploaded(browser, "patient_id,treated_on,route\nP1,2024-01-01,IV\n", "sessions.csv")
    assert "No course to count" in words(opened("trends"))


@pytest.mark.parametrize("n", [1, 3, 40])
def test_few_courses_are_too_few_to_judge_and_never_signal(browser, n):  # noqa: F811
    loading.upload(browser, clinic(n=n), dates="keep")
    app = opened("trends")
    text = words(app)
    assert "Too few to judge" in text and "signal in the" not in text
    if n < 5:
        assert not re.search(r"\d\N{NO-BREAK SPACE}%", text.replace("95\N{NO-BREAK SPACE}%", ""))


def test_an_empty_cohort_is_drawn_empty(inside):
    app = opened("trends")
    for label, value in (("site", 0), ("clinician", 4)):
        next(one for one in app.multiselect if one.label == label).set_value([value]).run()
    assert not app.exception and "Too few to judge: no year can be judged" in words(app)


def test_hostile_names_stay_text(browser):  # noqa: F811
    odd = "<img src=x onerror=alert(1)>[a](javascript:b)"
    loading.upload(browser, clinic(north=odd, site="<b>site</b>"), dates="keep")
    app = opened("trends")
    control(app, "Charts by").set_value("yes").run()
    for one in app.toggle:
        if one.key.startswith("table"):
            one.set_value(True).run()
    assert not app.exception
    raw = "\n".join(one.proto.body for one in app.html)
    assert "<img src=x" not in raw and "<b>site" not in raw
    assert not any("<img src=x" in one for one in charts(app))


def test_more_than_twelve_sites_are_told(browser):  # noqa: F811
    files = clinic(n=120)
    lines = files[0][1].decode().splitlines()
    many = [lines[0], *(f"{line.rsplit(',', 1)[0]},Site {place // 2 % 30:02}" for place, line in enumerate(lines[1:]))]
    loading.upload(browser, [("scores.csv", "\n".join(many).encode()), files[1]], dates="keep")
    app = opened("trends")
    assert not app.exception and "up to 12 values" in words(app)


# --- changes of the process --------------------------------------------------------------------------


def test_a_change_is_kept_drawn_listed_and_removed(inside):
    dataset_notes.keep_change(inside, "2024-05-15", "A new   <b>way</b> of asking")
    dataset_notes.keep_change(inside, "2019", "Before all")
    app = opened("trends")
    raw = "\n".join(one.proto.body for one in app.html)
    assert "<b>1</b> 2019: Before all (outside the chart)" in raw
    assert "<b>2</b> 15 May 2024: A new &lt;b&gt;way&lt;/b&gt; of asking" in raw
    assert '"x0":15.9' in charts(app)[0].replace(" ", "")
    next(one for one in app.button if one.label == "Remove").click().run()
    assert not app.exception and "Before all" not in words(app)
    assert [one.when for one in dataset_notes.changes(inside)] == ["2024-05-15"]
    dataset_notes.drop_change(inside, dataset_notes.changes(inside)[0].code)


def test_changes_come_in_the_order_of_time_and_then_of_their_texts(inside):
    said = [("2024-05-15", "b"), ("2019", "z"), ("2024-05-15", "a"), ("2024", "c"), ("2023-12-31", "d"), ("2025", "a")]
    for when, text in said:
        dataset_notes.keep_change(inside, when, text)
    found = dataset_notes.changes(inside)
    for one in found:
        dataset_notes.drop_change(inside, one.code)
    assert [(one.when, one.text) for one in found] == [
        ("2019", "z"), ("2023-12-31", "d"), ("2024", "c"), ("2024-05-15", "a"), ("2024-05-15", "b"), ("2025", "a")]


def test_a_change_is_written_down_on_the_page(inside):
    app = opened("trends")
    write = next(one for one in app.button if one.label == "Write down")
    next(one for one in app.text_input if one.label == "What was changed").set_value("A text message")
    write.click().run()
    assert "A year or a date, and what was changed, were needed." in app.warning[0].value
    app.date_input[0].set_value(date(2024, 3, 1))
    next(one for one in app.text_input if one.label == "What was changed").set_value("A text message")
    next(one for one in app.button if one.label == "Write down").click().run()
    assert not app.exception and "1 March 2024: A text message" in words(app)
    dataset_notes.drop_change(inside, dataset_notes.changes(inside)[0].code)


def test_outside_a_change_has_a_year_alone(browser):  # noqa: F811
    app = opened("trends")
    assert not app.date_input and box(app, "Year").options == ["2023", "2024", "2025"]


@pytest.mark.parametrize(("when", "text"), [("", "x"), ("2024-3-1", "x"), ("2024", "  "), ("<b>", "x")])
def test_a_change_needs_a_year_or_a_date_and_a_text(inside, when, text):
    with pytest.raises(ValueError, match="were needed"):
        dataset_notes.keep_change(inside, when, text)


def test_the_same_change_twice_is_one_and_long_texts_are_cut(inside):
    for _ in range(2):
        dataset_notes.keep_change(inside, "2024", "w" * 500)
    (one,) = dataset_notes.changes(inside)
    assert len(one.text) == dataset_notes.MOST_CHANGE_LETTERS
    dataset_notes.drop_change(inside, one.code)
    assert dataset_notes.changes(inside) == ()


def test_where_nothing_may_be_shown_no_empty_chart_is_drawn(browser):  # noqa: F811
    loading.upload(browser, clinic(n=6))
    app = control(opened("trends"), "Charts by").set_value("yes").run()
    assert not app.exception and not app.get("plotly_chart")
    assert "no year can be judged" in words(app) and "One scale for all" not in words(app)


def test_a_few_years_stand_with_the_number_of_their_courses(browser):  # noqa: F811
    loading.upload(browser, clinic())
    (year, *_) = charts(opened("trends"))
    assert "2023<br>n " in year.replace("\\u003cbr\\u003e", "<br>")


def test_without_dates_there_is_a_way_to_the_data_page(browser):  # noqa: F811
    uploaded(browser, scores((20, 8)))
    app = opened("trends")
    assert "neither dates nor years" in words(app) and app.get("page_link")
