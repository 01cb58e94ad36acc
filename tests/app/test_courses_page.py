"""The Courses page: who may see it, that it holds the courses of the figure it came from, and nothing else of a row."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import parse_qs

import numpy as np
import pytest

from analytics.app import (
    courses_panels,
    durability_panels,
    leads,
    loading,
    one_course_panel,
    page_options,
    questions,
    safety_panels,
    state,
    widgets,
)
from analytics.app.address import encode_view
from analytics.app.questions import Question
from analytics.definitions.measures import LEFT_OUT
from analytics.results import trends_periods, trends_series
from analytics.results.groups import groups
from analytics.results.trends_tally import Asked
from analytics.wording.numbers import plural
from analytics.wording.rates import drawn_line
from tests.app.test_compare_pages import sites
from tests.app.test_pages import browser, html, opened, scores, uploaded, words  # noqa: F401

LISTS = page_options.OPTIONS["courses.list"].values


def box(app, label):
    return next(one for one in app.selectbox if one.label == label)


def rows(app):
    (table,) = app.dataframe
    return table.value


@pytest.fixture
def others(monkeypatch):
    """Whoever is here sits at another computer."""
    monkeypatch.setattr(state, "may_see_rows", lambda: False)


def question_of(dataset, **choices):
    view = questions.start_view(dataset.shape)
    for key, value in choices.items():
        view = page_options.with_choice(view, f"courses.{key}", value)
    return Question(dataset, view)


def n_listed(question):
    return len(courses_panels.listed(question, page_options.chosen(question.view, "courses.list")).course)


# --- who may see it ------------------------------------------------------------------------------------


def test_whoever_may_not_see_rows_reads_a_sentence_and_nothing_of_a_row(others):
    app = opened("courses")
    assert "only to people who may see patients' rows" in words(app)
    assert not app.dataframe and not app.get("plotly_chart") and not app.text_input
    assert "P0001" not in "\n".join(str(one.proto) for one in app.main)


def test_no_figure_leads_anywhere_for_those(others):
    text = html(opened())
    assert 'class="ways"' not in text and "courses?" not in text
    assert 'class="ways"' not in html(opened("groups"))


def test_figures_lead_to_the_page_where_rows_may_be_seen():
    assert "courses?" in html(opened())
    assert "courses?" in html(opened("groups"))


# --- what it shows -------------------------------------------------------------------------------------


def test_the_sample_is_listed_a_page_at_a_time_with_a_course_open():
    app = opened("courses")
    shown = rows(app)
    assert len(shown) == 100 and list(shown["Patient"][:2]) == ["P0001", "P0002"]
    assert "1,060 courses in the cohort" in words(app) and "1 to 100 of 1,060 courses" in words(app)
    assert "P0001, course 1" in words(app)
    assert "P0001" not in str(app.query_params)


def test_the_page_goes_forward_and_back():
    app = opened("courses")
    first = list(rows(app)["Patient"])
    next(one for one in app.button if one.label == "Next").click().run()
    assert "101 to 200 of 1,060 courses" in words(app)
    assert next(iter(rows(app)["Patient"])) >= first[-1]
    next(one for one in app.button if one.label == "Previous").click().run()
    assert list(rows(app)["Patient"]) == first


def test_a_code_is_searched_on_the_server_and_stands_in_no_address():
    app = opened("courses")
    app.text_input[0].set_value("p000").run()
    assert set(rows(app)["Patient"]) <= {f"P000{digit}" for digit in range(1, 10)}
    assert "p000" not in str(app.query_params).lower()
    app.text_input[0].set_value("nobody").run()
    assert not app.exception and "No course to show" in words(app)


def test_the_order_is_that_of_all_courses_and_not_of_the_page():
    app = opened("courses")
    box(app, "Sorted by").select("change").run()
    box(app, "Order").select("down").run()
    best = rows(app)["Better by"].tolist()
    assert best == sorted(best, reverse=True) and best[0] >= 20
    assert "lo:change" in str(app.query_params["p"]) and "lw:down" in str(app.query_params["p"])


@pytest.mark.parametrize("name", LISTS)
def test_every_list_can_be_opened_and_says_what_it_holds(name):
    app = opened("courses")
    box(app, "List").select(name).run()
    assert not app.exception
    text = words(app)
    assert ("A worklist needs calendar dates" in text) is (name == "worklist")
    if name in ("lost", "item9"):
        assert "It watches nothing and alerts nobody" in text
    assert not {"nan", "none.", "null"} & set(text.lower().split())


@pytest.mark.parametrize("measure", [
    "remission", "worsening", "mean_improvement", "item9_new", "nhs_recovery", "follow_up"])
def test_the_sentence_is_of_the_measure_of_the_view(measure):
    app = opened("courses")
    box(app, "Measure").select(measure).run()
    assert not app.exception
    assert "Counts as" in words(app) or "Left out:" in words(app) or "Does not count" in words(app)


def test_the_list_as_a_file_holds_every_row_and_no_formula(browser):  # noqa: F811
    uploaded(browser, "patient_id,day,phq9\n=1+1,0,20\n=1+1,30,9\nP2,0,20\n")
    link = re.search(r'href="[^"]*/export/([0-9a-f]+)/courses.csv"', html(opened("courses")))
    lines = loading.export(browser, link.group(1)).content().decode().splitlines()
    assert lines[0].startswith("Patient,No.,Before,After") and len(lines) == 3
    assert lines[1].startswith("'=1+1,1,20.0,9.0,11.0,Responded,course without sessions")


# --- nothing to show -----------------------------------------------------------------------------------


def test_an_empty_cohort_lists_nobody(browser):  # noqa: F811
    uploaded(browser, scores((20, 8), (18, 16)))
    app = opened("courses")
    next(one for one in app.multiselect if one.label == "Kind of course").set_value([1]).run()
    assert not app.exception and "No course to show" in words(app) and "0 courses in the cohort" in words(app)


def test_one_course(browser):  # noqa: F811
    uploaded(browser, scores((20, 9)))
    app = opened("courses")
    assert len(rows(app)) == 1 and "Counts as a responder because 20 (day 0) fell to 9 (day 30)" in words(app)


def test_visits_alone(browser):  # noqa: F811
    uploaded(browser, "patient_id,visit,phq9\nP1,baseline,20\nP1,week 4,9\n")
    app = opened("courses")
    assert "Counts as a responder because 20 (visit baseline) fell to 9 (visit week 4)" in words(app)
    box(app, "List").select("lost").run()
    assert "cannot be told from visits" in words(app)


def test_hostile_codes_stay_text(browser):  # noqa: F811
    uploaded(browser, "patient_id,day,phq9\n<img src=x onerror=alert(1)>,0,20\n<img src=x onerror=alert(1)>,30,9\n")
    app = opened("courses")
    assert "<img src=x" not in "\n".join(one.proto.body for one in app.html)


def test_nothing_to_count_says_what_is_missing(browser):  # noqa: F811
    uploaded(browser, "patient_id,treated_on,route\nP1,2024-01-01,IV\n", "sessions.csv")
    assert "No course to count" in words(opened("courses"))


# --- dates ---------------------------------------------------------------------------------------------

DATED = ("patient_id,assessed_on,phq9\nP1,2024-01-01,20\nP2,2024-01-20,20\nP3,2024-02-20,12\n",
         "patient_id,treated_on,route\n" + "".join(f"{code},2024-{day},IV\n" for code, days in (
             ("P1", ("01-01", "01-03", "01-05", "01-08")), ("P2", ("01-20", "01-22", "01-24", "01-26")))
             for day in days))


def dated(name, dates):
    files = [("scores.csv", DATED[0].encode()), ("sessions.csv", DATED[1].encode())]
    return loading.upload(name, files, None, dates=dates)


def test_the_worklist_of_dated_files_is_as_of_their_day_or_of_one_that_is_picked(browser):  # noqa: F811
    dated(browser, "keep")
    app = opened("courses")
    assert list(rows(app)["Began"])[:2] == ["2024-01-01", "2024-01-20"]
    box(app, "List").select("worklist").run()
    assert not app.exception
    assert [list(rows(app)[name]) for name in ("Patient", "Closes", "Days left", "Score in it")] == [
        ["P2"], ["2024-02-26"], [6], ["not yet"]]
    app.date_input[0].set_value(date(2024, 2, 5)).run()
    assert not app.exception and "As of 2024-02-05" in words(app)
    assert list(rows(app)["Patient"]) == ["P1", "P2"] and list(rows(app)["Days left"]) == [3, 21]
    assert "2024-02-05" not in str(app.query_params)


def test_files_whose_dates_were_turned_into_days_have_no_worklist_and_show_no_date(browser):  # noqa: F811
    dated(browser, "relative")
    app = opened("courses")
    assert "2024-0" not in str(rows(app)) and "2024-0" not in html(app)
    box(app, "List").select("worklist").run()
    assert "A worklist needs calendar dates" in words(app) and not app.dataframe


# --- from a figure to its courses ----------------------------------------------------------------------


@pytest.mark.parametrize("measure", ["response", "remission", "worsening", "item9_resolved", "follow_up"])
def test_every_reason_leads_to_as_many_courses_as_the_flow_says(measure):
    question = question_of(loading.sample_dataset())
    result = question.rate("phq9", measure).results[0]
    for reason in LEFT_OUT:
        way = leads.lead(question, "", "left_out", reason=reason, measure=measure)
        assert n_listed(Question(question.dataset, way.view)) == result.left_out.get(reason, 0), reason
    way = leads.lead(question, "", "responders", measure=measure)
    assert n_listed(Question(question.dataset, way.view)) == result.numerator


@pytest.mark.parametrize("names", [("site",), ("site", "sex")])
def test_every_group_leads_to_as_many_courses_as_it_counts(names):
    question = question_of(loading.sample_dataset())
    attributes = [name for name, _ in question.dataset.shape.attributes]
    found = groups(question.outcomes, "phq9", "response", names, question.where)
    ways = leads.of_cells(question, found.cells, {name: attributes.index(name) for name in names},
                          [drawn_line(cell) for cell in found.cells], "response")
    for cell, way in zip(found.cells, ways, strict=True):
        assert n_listed(Question(question.dataset, way.view)) == cell.denominator
        assert str(cell.denominator) in way.label.replace(",", "")


def test_a_group_without_a_value_and_a_filter_already_in_force(browser):  # noqa: F811
    dataset = uploaded(browser, sites().replace("South", ""))
    question = question_of(dataset)
    place = [name for name, _ in dataset.shape.attributes].index("site")
    assert n_listed(Question(dataset, leads.lead(question, "", "all", values={place: None}).view)) == 12
    north = leads.lead(question, "", "all", values={place: "North"})
    again = leads.lead(Question(dataset, north.view), "", "judged", values={place: "North"})
    assert n_listed(Question(dataset, again.view)) == 12


def test_every_band_leads_to_as_many_courses_as_it_draws():
    question = question_of(loading.sample_dataset())
    bands = question.bands()
    for side, column in (("start", "baseline"), ("end", "endpoint")):
        for place, n in enumerate(bands[column]):
            way = leads.lead(question, "", "all", band=f"{side}_{place}")
            assert n_listed(Question(question.dataset, way.view)) == n


@pytest.mark.parametrize("by", [None, "site"])
def test_every_rate_of_harm_leads_to_as_many_courses_as_got_worse(by):
    question = question_of(loading.sample_dataset())
    found = safety_panels.worse(question, by)
    ways = leads.of_worse(question, found, [drawn_line(one) for one in found])
    if by is None:
        assert {one.instrument for one in found} >= {"phq9", "gad7"}
    for one, way in zip(found, ways, strict=True):
        assert n_listed(Question(question.dataset, way.view)) == one.numerator, (one.instrument, one.measure)
        assert plural(one.numerator, "course") in way.label


@pytest.mark.parametrize("what", ["response", "remission", "follow_up", "mean_improvement"])
def test_every_year_of_a_trend_leads_to_as_many_courses_as_it_counts(what):
    question = question_of(loading.sample_dataset())
    own = trends_periods.periods(question.outcomes, "year")
    found = trends_series.trend(question.outcomes, Asked(what, "phq9"), own, question.where)
    ways = leads.of_years(question, found)
    assert len(ways) == len(found.labels) == 3
    for way, n in zip(ways, found.tally.n, strict=True):
        assert n > 0 and n_listed(Question(question.dataset, way.view)) == n


@pytest.mark.parametrize("what", ["volume", "evaluated", "endpoint_day"])
def test_what_no_list_holds_leads_nowhere(what):
    question = question_of(loading.sample_dataset())
    own = trends_periods.periods(question.outcomes, "year")
    found = trends_series.trend(question.outcomes, Asked(what, "phq9"), own, question.where)
    assert leads.of_years(question, found) == []


def test_durability_leads_to_the_courses_that_lost_their_response_and_to_no_others():
    question = question_of(loading.sample_dataset())
    way = durability_panels.way_to_lost(question)
    n = int(durability_panels.lasting(question).is_event.sum())
    assert n_listed(Question(question.dataset, way.view)) == n > 100 and f"See the {n} courses" in way.label
    for key, value in (("from", "remission"), ("confirm", "no"), ("maintenance", "censor"), ("split", "dose")):
        view = page_options.with_choice(question.view, f"durability.{key}", value)
        assert durability_panels.way_to_lost(Question(question.dataset, view)) is None


def test_what_the_parts_say_of_courses_is_a_link_for_those_who_may_see_rows():
    for choices, said in (("op:response", "See the 211 courses counted as"),
                          ("op:durability", "courses that lost the response")):
        part = opened("over_time", **with_choices(choices))
        assert said in words(part) and "courses?" in html(part)


def test_and_no_link_for_others(others):
    for choices in ("op:response", "op:durability"):
        assert "courses?" not in html(opened("over_time", **with_choices(choices)))
    assert "courses?" not in html(opened("safety")) and "courses?" not in html(opened("trends"))


def with_choices(text):
    """The address of the sample with choices of a page."""
    question = question_of(loading.sample_dataset())
    address = encode_view(question.view, question.dataset.shape)
    known = dict(part.split(":") for part in address["p"].split(",")) | dict([text.split(":")])
    return address | {"p": ",".join(f"{code}:{value}" for code, value in known.items())}


def test_the_address_of_a_lead_is_that_of_its_view_and_opens_the_page():
    question = question_of(loading.sample_dataset())
    way = leads.lead(question, "", "left_out", reason="no_baseline", measure="remission")
    assert {key: value[0] for key, value in parse_qs(way.address.partition("?")[2]).items()} == encode_view(
        way.view, question.dataset.shape)
    app = opened("courses", **encode_view(way.view, question.dataset.shape))
    n = question.rate("phq9", "remission").results[0].left_out["no_baseline"]
    assert f"{n} courses left out of the rate: remission, without a score at the start." in words(app)


def test_a_mark_that_is_selected_leads_by_its_number():
    ways = [None, "here", "there"]

    def event(*numbers):
        return {"selection": {"points": [{"customdata": number} for number in numbers]}}

    assert widgets.pointed_at(event(1), ways) == "here"
    assert widgets.pointed_at(event([2, 50]), ways) == "there"
    assert widgets.pointed_at(event({"0": 1, "1": 9}), ways) == "here"
    for nothing in (event(), event(0), event(3), event(-1), event(None), event("1"), event([]), None):
        assert widgets.pointed_at(nothing, ways) is None


# --- the open course -----------------------------------------------------------------------------------


def test_the_open_course_is_remembered_without_a_code_and_only_while_it_is_listed(monkeypatch):
    kept = {}
    monkeypatch.setattr(state, "remembered", lambda key, default=None: kept.get(key, default))
    monkeypatch.setattr(state, "remember", kept.__setitem__)
    of = question_of(loading.sample_dataset()).outcomes
    everyone = np.arange(len(of.courses))
    assert one_course_panel.opened(of, everyone) == 0
    one_course_panel.open_course(of, 5)
    assert one_course_panel.opened(of, everyone) == 5
    assert all(isinstance(number, int) for number in kept["courses.open"])
    assert one_course_panel.opened(of, np.array([7, 9])) == 7
    assert one_course_panel.opened(of, everyone[:0]) is None
