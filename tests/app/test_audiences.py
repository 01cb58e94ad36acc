"""For whom the screen is: every page for every audience, what is sent, two views set off, the gate to the public."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest

from analytics.access import Person
from analytics.app import address, frame, loading, pages, questions, state, told, visitors
from analytics.app.questions import Question
from analytics.app.view import View
from analytics.results import disclosure
from analytics.wording import audiences as audience_words
from analytics.wording.summary_record import summary_record
from tests.app.test_pages import browser, html, opened, uploaded, words  # noqa: F401
from tests.reports.exhibited import HOSTILE
from tests.results.disclosed_views import small_counts

NAMES = tuple(pages.pages())
OUTSIDE = ("board", "public")
CHOICE = "For whom"


def shown_to(app, audience):
    """The same page for another audience, by the control in the sidebar."""
    (choice,) = [one for one in app.get("button_group") if one.label == CHOICE]
    choice.set_value(audience).run()
    assert not app.exception, app.exception
    return app


def at(app, page):
    app.switch_page(f"views/{page}.py").run()
    assert not app.exception, app.exception
    return app


def sent(app):
    """Everything the server sends of a page: every element, whole, the theme's style left out."""
    return "\n".join(unescape(str(one.proto)) for block in (app.main, app.sidebar) for one in block
                     if hasattr(one, "proto") and "<style" not in str(one.proto))


def clinic(sizes=(25, 12, 3), names=("North", "South", "West"), seed=1, lost=0.2):
    """Patients of sites, most of them cases, with a score before and for most one after; each has a sex."""
    chance = np.random.default_rng(seed)
    lines = []
    for place, name in enumerate(np.repeat(np.array(names, dtype=object), sizes)):
        before = int(chance.integers(8, 25))
        after = int(np.clip(round(before * chance.uniform(0.1, 1.2)), 0, 27))
        quoted = '"' + str(name).replace('"', '""') + '"'
        for day, score in ((0, before), (30, after)):
            if day == 0 or chance.random() > lost:
                lines.append(f"P{place:03d},{day},{score},{quoted},{'F' if place % 3 else 'M'}")
    return "patient_id,day,phq9,site,sex\n" + "\n".join(lines) + "\n"


def chosen(app, label, *values):
    (box,) = [one for one in app.multiselect if one.label == label]
    box.set_value(list(values)).run()
    assert not app.exception, app.exception
    return app


def records_of(browser, audience="board"):  # noqa: F811
    """The outcomes, and as records every summary that this browser was told for an audience."""
    (answers,) = loading.told(browser, audience, told.Book)._answers.values()
    found = [one for key, one in answers.kept.items() if isinstance(key, tuple) and key[0] == "summary"]
    return answers.of, [summary_record(one) for one in found]


# --- every page, every audience ----------------------------------------------------------------------


@pytest.mark.parametrize("audience", OUTSIDE)
def test_every_page_is_made_for_the_audience_or_refused_in_a_sentence(audience):
    app = shown_to(opened(), audience)
    for name in NAMES:
        at(app, name)
        text = words(app)
        if name == "present":  # one idea a screen: its own mark
            assert f"the {audience}" in text
            continue
        assert audience_words.banner(audience, 11) in text, name
        if frame.is_open(name, audience):
            assert "This page is for the inside" not in text, name
            continue
        assert "This page is for the inside: what it shows of “Invented sample data” is not made for the" in text, name
        assert not app.get("plotly_chart") and not app.get("file_uploader") and not app.get("toggle"), name
        left = words(app).replace(audience_words.banner(audience, 11), "").replace(
            audience_words.MEANINGS[audience], "").replace("\N{NO-BREAK SPACE}", " ")
        assert not re.search(r"\d", left.replace(audience_words.MEANINGS[audience].replace("\N{NO-BREAK SPACE}", " "),
                                                 "")), name


def test_only_what_the_table_names_is_open_and_a_new_page_is_refused():
    assert not any(frame.is_open("brand_new", audience) for audience in OUTSIDE)
    assert frame.is_open("brand_new", "inside")
    for name in set(NAMES) - {"overview", "methods", "defend", "deck", "present", "shares"}:
        assert not any(frame.is_open(name, audience) for audience in OUTSIDE), name


def test_the_table_decides_and_no_page(monkeypatch):
    app = shown_to(opened(), "board")
    assert app.get("plotly_chart")
    monkeypatch.setattr(frame, "OUTSIDE", {})
    text = words(app.run())
    assert "This page is for the inside" in text and not app.get("plotly_chart")


def test_the_way_back_leads_inside():
    app = at(shown_to(opened(), "board"), "groups")
    next(one for one in app.button if one.label == "Back to Inside").click().run()
    assert not app.exception and app.get("plotly_chart")
    assert app.query_params["au"] == "inside"


def test_inside_names_no_audience():
    assert "For the board" not in words(opened()) and "For the public" not in words(opened())


def test_rows_are_for_the_inside_alone(monkeypatch):
    for audience in ("inside", *OUTSIDE):
        monkeypatch.setattr(state.st, "session_state", {state._VIEW: View("x", None, audience=audience)})
        assert state.may_see_rows() is (audience == "inside")
    monkeypatch.setattr(state.st, "session_state", {state._VIEW: View("x", None)})
    with visitors.acting(Person("p", "Presenter", "presenter")):
        assert not state.may_see_rows()


@pytest.mark.parametrize("audience", OUTSIDE)
def test_an_address_for_an_audience_opens_for_it(audience):
    app = opened()
    params = dict(app.query_params) | {"au": audience}
    assert set(params) == set(address.PARAMETERS)
    assert audience_words.banner(audience, 11) in words(opened(**params))


# --- what is sent ------------------------------------------------------------------------------------


def test_a_clinic_of_forty_courses_has_a_board_page_that_answers(browser):  # noqa: F811
    uploaded(browser, clinic())
    app = shown_to(opened(), "board")
    text = words(app)
    assert re.search(r"Of \d+ courses that could be judged, \d+ responded: \d+ %, and chance alone could make it "
                     r"anything from \d+ % to \d+ %", text)
    assert re.search(r"40 patients, 40 courses", text)
    assert re.search(r"got worse on PHQ-9", text)
    assert len(app.get("plotly_chart")) >= 2


@pytest.mark.parametrize("by", ["site", "sex"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_small_count_of_a_part_is_sent_to_the_board(browser, seed, by):  # noqa: F811
    uploaded(browser, clinic(seed=seed))
    app = shown_to(opened(), "board")
    next(one for one in app.selectbox if one.label == "Response by").select(by).run()
    assert not app.exception
    for toggle in app.get("toggle"):
        toggle.set_value(True)
    app.run()
    of, records = records_of(browser)
    assert len(records) > 2
    assert small_counts(of, records, [((by,), {}), (("site",), {})], "board") == []
    told_pairs = {(one["numerator"], one["denominator"]) for record in records for one in record["results"]
                  if one.get("numerator") is not None}
    parts = {pair for record in records for one in record["results"] if one["stratum"]
             for pair in [(one.get("numerator"), one.get("denominator"))] if pair[0] is not None}
    for x, n in parts:
        assert not 1 <= x <= 10 and not 1 <= n - x <= 10
    # Published figures are counted by their own rules, so their pairs are not among these.
    texts = [unescape(one.proto.body) for one in app.html
             if not one.proto.body.startswith("<style") and not re.search("McInnes|x27;s rules", one.proto.body)]
    charts = [json.dumps(json.loads(one.proto.spec), ensure_ascii=False) for one in app.get("plotly_chart")]
    courses = {record["counts"].get("courses") for record in records}
    pairs = {(int(x), int(n)) for x, n in re.findall(r"(\d+) of (\d+)(?!\d)", "\n".join([*texts, *charts]))}
    assert pairs and {pair for pair in pairs if pair not in told_pairs and pair[1] not in courses} == set()


def test_with_withholding_taken_out_the_attacker_recovers(browser, monkeypatch):  # noqa: F811
    monkeypatch.setattr(disclosure.Page, "disclosed", lambda self, summary: replace(
        summary, told=disclosure.Told(self.disclosure)))
    uploaded(browser, clinic())
    shown_to(opened(), "board")
    of, records = records_of(browser)
    assert small_counts(of, records, [(("site",), {})], "board")


def test_the_public_reads_no_name_of_a_file(browser):  # noqa: F811
    for seed, name in enumerate(("Northgate_first.csv", "Northgate_second.csv", "Northgate_third.csv")):
        uploaded(browser, clinic(seed=seed), name)
    app = shown_to(opened(), "board")
    assert "Northgate_third.csv" in sent(app)
    shown_to(app, "public")
    for name in ("overview", "methods", "defend", "deck", "present", "groups", "data"):
        assert "Northgate" not in sent(at(app, name)), name
    assert "of “The clinic's data, 3”" in words(app)
    (box,) = [one for one in at(app, "overview").selectbox if one.label == "Dataset"]
    assert box.options == ["The clinic's data, 3", "The clinic's data, 2", "The clinic's data, 1",
                           "Invented sample data"]
    box.select(box.options[1]).run()
    assert not app.exception and app.query_params["au"] == "public"
    assert "The clinic's data, 2" in words(app) and "Northgate" not in sent(app)


@pytest.mark.parametrize(("audience", "named"), [("public", "All courses, The clinic's data, 2"),
                                                 ("board", "All courses, Northgate_1.csv")])
def test_what_was_shown_of_another_dataset_is_named_as_its_audience_may_hear(browser, audience, named):  # noqa: F811
    first, other = (Question(one, replace(questions.start_view(one.shape), audience=audience)) for one in (
        uploaded(browser, clinic(seed=seed), f"Northgate_{seed}.csv") for seed in range(2)))
    book = told.Book()
    assert book.show(first) is None and book.names == ("All courses",)
    assert book._name(other) == named


def test_one_dataset_of_the_clinic_has_no_number(browser):  # noqa: F811
    uploaded(browser, clinic(), "Northgate.csv")
    text = sent(shown_to(opened(), "public"))
    assert "The clinic's data" in text and "The clinic's data, 1" not in text and "Northgate" not in text


def test_a_picture_of_a_chart_says_for_whom_it_is():
    app = opened()
    assert not any('"title":{"text":"For' in one.proto.spec for one in app.get("plotly_chart"))
    shown_to(app, "board")
    layouts = [json.loads(one.proto.spec)["layout"] for one in app.get("plotly_chart")]
    marks = {(one.get("title") or one["legend"]["title"])["text"] for one in layouts}
    assert len(layouts) > 2 and marks == {"Invented sample data. For the board, confidential"}


def test_charts_lead_nowhere_and_carry_no_more_than_they_draw(browser):  # noqa: F811
    uploaded(browser, clinic())
    app = opened()
    assert "see its courses" in words(app)
    shown_to(app, "board")
    assert "see its courses" not in words(app) and "courses?" not in html(app) and "courses.csv" not in sent(app)


@pytest.mark.parametrize("audience", OUTSIDE)
def test_hostile_names_stay_text(browser, audience):  # noqa: F811
    hostile = [one for one in HOSTILE if "\x07" not in one]
    uploaded(browser, clinic([12] * len(hostile), hostile), "<script>=1+1.csv")
    app = shown_to(opened(), audience)
    for name in ("overview", "defend", "groups"):
        at(app, name)
        raw = "\n".join(one.proto.body for one in app.html if not one.proto.body.startswith("<style"))
        assert "<script>" not in raw and 'onload="' not in raw
        for chart in app.get("plotly_chart"):
            assert "<script>" not in chart.proto.spec


@pytest.mark.parametrize("audience", OUTSIDE)
@pytest.mark.parametrize("text", [
    "patient_id,treated_on,route\nP1,2024-01-01,IV\n", "patient_id,day,phq9\nP1,0,20\nP1,30,8\n",
    "patient_id,day,phq9\nP1,0,20\n"])
def test_next_to_nothing_is_no_error(browser, audience, text):  # noqa: F811
    uploaded(browser, text)
    app = shown_to(opened(), audience)
    for name in ("overview", "defend", "methods"):
        assert "nan" not in words(at(app, name)).lower().split()


# --- those who treat ---------------------------------------------------------------------------------


def test_those_who_treat_are_named_inside_alone(browser):  # noqa: F811
    text = clinic((20, 20), ("Dr. Ann Walker", "Dr. Bob Miller")).replace("site", "clinician", 1)
    uploaded(browser, text, mapping={"clinician": "attribute"})
    app = opened()
    assert "clinician" in [one.label for one in app.multiselect]
    shown_to(app, "board")
    assert "clinician" not in [one.label for one in app.multiselect]
    assert "Walker" not in sent(app) and "clinician" not in words(app)


def test_a_filter_by_those_who_treat_is_refused_in_words(browser):  # noqa: F811
    text = clinic((20, 20), ("Dr. Ann Walker", "Dr. Bob Miller")).replace("site", "clinician", 1)
    uploaded(browser, text, mapping={"clinician": "attribute"})
    app = shown_to(chosen(opened(), "clinician", 0), "board")
    for name in ("overview", "defend", "methods"):
        assert "Walker" not in sent(at(app, name)), name
    assert "the filters name those who treat" in words(at(app, "overview"))
    next(one for one in app.button if one.label == "Show all courses").click().run()
    assert "courses responded" in words(app)


# --- two views set off against each other ------------------------------------------------------------


def test_a_filter_that_isolates_a_few_is_refused_with_what_to_do(browser):  # noqa: F811
    uploaded(browser, clinic((80, 60, 5)))
    app = chosen(shown_to(opened(), "board"), "site", 0)
    assert "courses responded" in words(app)
    chosen(app, "site", 0, 1)
    text = words(app)
    assert "would tell fewer than 11 courses apart" in text and "Take a wider filter" in text
    assert "courses responded" not in text and not app.get("plotly_chart")
    assert "140 courses" not in sent(app) and " 5 " not in text
    assert "Shown so far to the board: All courses; site North." in text
    assert all(len(one["where"].get("site", ())) < 2 for one in records_of(browser)[1]), "it was counted all the same"
    next(one for one in app.button if one.label == "Show all courses").click().run()
    assert "courses responded" in words(app)


@pytest.mark.parametrize(("n", "is_shown"), [(10, False), (11, True)])
def test_the_threshold_decides_on_both_sides(browser, n, is_shown):  # noqa: F811
    uploaded(browser, clinic((60, n), ("North", "South"), lost=0))
    app = chosen(shown_to(opened(), "board"), "site", 0)
    assert ("would tell fewer than 11" not in words(app)) is is_shown


def test_what_was_shown_outlives_the_session_until_a_person_says_that_nobody_saw_it(browser):  # noqa: F811
    uploaded(browser, clinic((40, 12, 12, 8), ("A", "B", "C", "D")))
    chosen(shown_to(opened(), "board"), "site", 0, 1)
    again = chosen(shown_to(opened(), "board"), "site", 1, 2)
    assert "courses responded" in words(again) or "not shown" in words(again).lower()
    assert loading.told(browser, "board", told.Book).names[:2] == ("All courses", "site A or B")
    chosen(again, "site", 0, 1, 2)
    next(one for one in again.button if one.label == audience_words.START_OVER).click().run()
    assert "site A or B" not in loading.told(browser, "board", told.Book).names


def test_rules_under_which_a_few_come_out_otherwise_are_refused(browser):  # noqa: F811
    lines = clinic((80, 60), ("North", "South"), lost=0).splitlines()
    late = [line.replace(",30,", ",45,") if line.startswith(("P001", "P002", "P003")) else line for line in lines]
    days = [f"{one.split(',')[0]},0,IV" for one in late[1:] if one.split(",")[1] == "0"]
    loading.upload(browser, [("scores.csv", "\n".join(late).encode()),
                             ("sessions.csv", ("patient_id,day,route\n" + "\n".join(days)).encode())])
    app = opened()
    app.selectbox(key="view.preset").select("induction").run()
    shown_to(app, "board")
    assert "courses responded" in words(app)
    view = dict(app.query_params)
    wider = view | {"s": view["s"].replace("endpoint_window:1..31", "endpoint_window:1..60")}
    assert wider != view
    app.session_state[state._VIEW] = replace(app.session_state[state._VIEW], settings=(("endpoint_window", "1..60"),))
    app.run()
    text = words(app)
    assert "under these rules fewer than 11 courses come out otherwise than in “All courses”" in text
    assert "courses responded" not in text


def test_a_forgotten_dataset_leaves_no_courses_behind(browser):  # noqa: F811
    dataset = uploaded(browser, clinic())
    shown_to(opened(), "board")
    book = loading.told(browser, "board", told.Book)
    assert book._answers
    loading.forget(browser, dataset.key)
    assert not book._answers and book.names == ("All courses",)


# --- public ------------------------------------------------------------------------------------------


def test_the_gate_to_the_public_says_why_it_is_shut():
    app = shown_to(opened(), "public")
    text = words(app)
    assert "PHQ-9 is not for the public yet" in text
    assert "Fewer than 80 % of those who should have been judged were followed up." in text
    assert "It counts repeated inductions" in text
    assert not app.get("plotly_chart") and "211" not in sent(app) and "1,060" not in sent(app)
    next(one for one in app.button if one.label == audience_words.FIRST_ONLY).click().run()
    assert "It counts repeated inductions" not in words(app) and "Fewer than 80 %" in words(app)


def test_an_open_gate_shows_benefit_with_harm(browser):  # noqa: F811
    uploaded(browser, clinic((400, 260), ("North", "South"), lost=0))
    app = shown_to(opened(), "public")
    text = words(app)
    assert "courses responded on PHQ-9" in text and "0 of 660 got reliably worse" in text
    of, records = records_of(browser, "public")
    assert small_counts(of, records, [((), {}), (("site",), {})], "public") == []


def test_where_few_were_lost_harm_is_told_ahead_of_benefit(browser):  # noqa: F811
    uploaded(browser, clinic((400, 260), ("North", "South"), lost=0.05))
    app = shown_to(opened(), "public")
    assert audience_words.HARM_KEPT not in words(app)
    assert "courses responded on PHQ-9" in words(app) and "got reliably worse" in words(app)
    of, records = records_of(browser, "public")
    assert small_counts(of, records, [((), {}), (("site",), {})], "public") == []


# --- the sheet ---------------------------------------------------------------------------------------


def test_the_sheet_says_what_may_be_said_to_its_audience():
    app = at(shown_to(opened(), "board"), "defend")
    text = words(app)
    assert "What may be said Board: PHQ-9: 50 % of courses responded (211 of 425" in text
    assert "Public:" not in text and "--audience board --suppress 11" in text
    assert not app.get("plotly_chart")


def test_the_sheet_of_the_inside_goes_through_disclosure(browser):  # noqa: F811
    uploaded(browser, clinic((30, 12), ("North", "South"), lost=0))
    app = at(chosen(opened(), "site", 1), "defend")
    said = words(app).partition("What may be said, and what may not")[2]
    board = said.partition("Board: ")[2].partition("Public:")[0]
    assert "of courses" in said.partition("Board: ")[0]
    assert re.match(r"Nothing: counts of 1 to 10 are not told|(Fewer|All but fewer) than 11 of", board)


def test_the_sheet_for_the_public_names_no_file(browser):  # noqa: F811
    uploaded(browser, clinic((400, 260), ("North", "South"), lost=0), "march_export.csv")
    app = at(shown_to(opened(), "public"), "defend")
    text = words(app)
    assert "What may be said Public: PHQ-9:" in text and "got reliably worse (0 of 660)" in text
    assert "--rules" not in text and "SHA-256" not in text
