"""The deck: what it keeps and for whom, the page on which it is put together, and the files that are made of it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from urllib.parse import unquote

import pytest

from analytics.app import (
    address,
    dataset_notes,
    deck,
    deck_panels,
    export_files,
    export_panels,
    loading,
    page_options,
    questions,
    state,
)
from analytics.app.deck import Item
from analytics.app.questions import Question
from tests.app.test_pages import browser, html, opened, scores, uploaded, words  # noqa: F401

A, B, C = Item("headline", "phq9"), Item("flow", "phq9"), Item("severity", "phq9")


@pytest.fixture
def notes(monkeypatch):
    """What is kept with datasets, in memory."""
    kept: dict = {}
    monkeypatch.setattr(dataset_notes, "_all", lambda dataset: kept.get(dataset.key, {}))
    monkeypatch.setattr(dataset_notes, "_keep", lambda dataset, name, value: kept.setdefault(dataset.key, {}).update(
        {name: json.loads(json.dumps(value))}))
    monkeypatch.setattr(dataset_notes, "_drop", lambda dataset, name: kept.get(dataset.key, {}).pop(name, None))
    monkeypatch.setattr(state, "remembered", lambda key, default=None: default)
    return kept


@pytest.fixture
def question(browser, notes):  # noqa: F811
    return of(loading.sample_dataset())


def of(dataset, **changes):
    return Question(dataset, replace(questions.start_view(dataset.shape), **changes))


def sample_with(browser, header, values):  # noqa: F811
    lines = scores(*[(20, 8 if place % 3 else 15) for place in range(90)]).splitlines()
    rows = [f"{line},{values[place // 2 % len(values)]}" for place, line in enumerate(lines[1:])]
    return uploaded(browser, "\n".join([f"{lines[0]},{header}", *rows]))


# --- the items ---------------------------------------------------------------------------------------


def test_items_keep_their_order_their_words_and_their_audience(question):
    for one in (A, B, C, A):
        deck.add(question, one)
    assert [one.kind for one in deck.items(question)] == ["headline", "flow", "severity"]
    deck.put(question, deck.written(deck.items(question), B.code, title=" Who   stayed ", comment="x" * 900))
    assert [one.title for one in deck.items(question)] == ["", "Who stayed", ""]
    assert len(deck.items(question)[1].comment) == deck.MOST_COMMENT
    board = of(question.dataset, audience="board")
    assert deck.items(board) == ()
    deck.put(question, ())
    assert deck.items(question) == () and not dataset_notes.deck(question.dataset, "inside")


def test_an_item_moves_one_place_and_stays_at_the_ends():
    def order(*change):
        return [one.kind for one in deck.moved((A, B, C), *change)]

    assert order(0, 1) == ["flow", "headline", "severity"] and order(2, -1) == ["headline", "severity", "flow"]
    assert order(0, -1) == order(2, 1) == ["headline", "flow", "severity"]
    assert [one.kind for one in deck.without((A, B, C), B.code)] == ["headline", "severity"]


def test_what_a_deck_keeps_is_a_question_and_no_content(question, notes):
    deck.put(question, deck.standard(question))
    kept = json.dumps(notes)
    names = [value for _, values in question.dataset.shape.attributes for value in values if value]
    assert not [one for one in names if f'"{one}"' in kept]
    assert {one.kind for one in deck.items(question)} == set(deck.STANDARD)


def test_what_another_version_or_another_dataset_kept_is_left_out(question, notes):
    good = {"kind": "flow", "instrument": None, "measure": None, "by": [], "filters": [], "title": "", "comment": ""}
    bad = [good | {"kind": "pie"}, good | {"instrument": "nothing"}, good | {"measure": "nothing"},
           good | {"by": [99]}, good | {"by": [-1]}, good | {"filters": [[0, [10_000]]]}, {"kind": "flow"},
           good | {"filters": [[0, [-1]]]}, good | {"options": [["axis", "moon"]]},
           good | {"options": [["colour", "x"]]}, good | {"options": [["landmark", "1e9"]]},
           good | {"sides": [[[0, [0]]]]},
           good | {"sides": [[[0, [0]]], [[99, [0]]]]}, good | {"sides": [[[0, [0]]], [[0, [10_000]]]]},
           good | {"options": "x"}]
    new = good | {"kind": "compare", "options": [["landmark", "28"]], "sides": [[[0, [0]]], [[0, [1]]]]}
    notes[question.dataset.key] = {"deck.inside": [*bad, good, new]}
    # The first was kept before there were options and sides.
    assert [one.kind for one in deck.items(question)] == ["flow", "compare"]
    assert deck.items(question)[1].sides == (((0, (0,)),), ((0, (1,)),))


def test_the_same_question_is_one_item_whatever_is_written_to_it():
    assert A.code == replace(A, title="x").code != B.code != replace(B, filters=((0, (1,)),)).code


def test_what_was_chosen_on_a_page_is_part_of_the_question(question):
    one = deck.of_view(question, "response", "remission", (None,), unit="days", landmark=None)
    assert one.options == (("unit", "days"),) and one.by == () and one.code != deck.of_view(question, "response").code
    deck.add(question, one)
    assert deck.items(question) == (one,)
    assert deck.ask_of(question, one).option("unit") == "days"
    deck.take_back(question, one.code)
    assert deck.items(question) == ()
    with pytest.raises(ValueError, match="one of its values"):
        deck.of_view(question, "response", unit="moons")


def test_months_are_asked_for_in_the_internal_view_alone(question):
    one = deck.of_view(question, "trend", period="month", what="volume")
    assert question.dataset.dates != "keep"
    assert deck.ask_of(question, one).options == (("period", "year"), ("what", "volume"))
    internal = Question(replace(question.dataset, dates="keep"), question.view)
    assert deck.ask_of(internal, one).options == (("period", "month"), ("what", "volume"))


def test_a_comparison_keeps_both_sides_with_their_names(question):
    place = next(number for number, (name, _) in enumerate(question.dataset.shape.attributes) if name == "site")
    one = deck.of_view(question, "compare", "response", sides=(((place, (0,)),), ((place, (1,)),)), courses="first")
    assert deck.ask_of(question, one).sides == (
        ("site North", {"site": ("North",)}), ("site South", {"site": ("South",)}))
    deck.put(question, (one, deck.of_view(question, "course", by=(place,)), deck.of_view(question, "effects")))
    assert [shown.ask.kind for shown in deck.shown(question).exhibits] == ["compare", "course", "effects"]


# --- the exhibits ------------------------------------------------------------------------------------


def test_an_empty_deck_stands_for_the_standard_report(question):
    shown = deck.shown(question)
    assert shown.is_standard and [one.ask.kind for one in shown.exhibits][:3] == ["headline", "flow", "severity"]
    deck.put(question, deck.standard(question))
    own = deck.shown(question)
    assert not own.is_standard
    assert [one.title for one in own.exhibits] == [one.title for one in shown.exhibits if one.chart is not None]


def test_own_words_take_the_place_of_the_finding(question):
    deck.put(question, (replace(B, title="Who stayed", comment="Ask me"), A))
    first, second = deck.shown(question).exhibits
    assert (first.title, first.comment) == ("Who stayed", "Ask me")
    assert second.title.endswith("of courses responded on PHQ-9") and not second.comment
    deck.put(question, (replace(B, title="Other"), A))
    assert deck.shown(question).exhibits[0].title == "Other"


def test_an_item_has_its_own_filters_and_follows_the_rules_of_the_view(question):
    place = next(number for number, (name, _) in enumerate(question.dataset.shape.attributes) if name == "site")
    deck.put(question, (A, replace(A, filters=((place, (0,)),))))
    whole, part = deck.shown(question).exhibits
    assert whole.numbers != part.numbers and any("Filters: site" in line for line in part.context)
    strict = replace(question, view=replace(question.view, preset="induction_strict"))
    assert deck.shown(strict).exhibits[0].numbers != whole.numbers


def test_every_kind_for_every_audience_is_made_or_says_why_not(question):
    for audience in ("inside", "board", "public"):
        view = of(question.dataset, audience=audience)
        more = [deck.of_view(view, kind) for kind in ("card", "item9", "course", "response", "trend", "effects")]
        deck.put(view, (*deck.standard(view), *more))
        shown = deck.shown(view)
        assert len(shown.exhibits) + len(shown.left_out) == len(deck.items(view))
        assert {one.ask.audience for one in shown.exhibits} <= {audience}
        assert all(text.endswith((".", ")")) for text in shown.left_out.values())


@pytest.mark.parametrize("header", ["clinician", "psychiatrist"])
def test_names_of_those_who_treat_need_a_director_and_the_inside(browser, notes, monkeypatch, header):  # noqa: F811
    dataset = sample_with(browser, header, ("team 1", "team 2"))
    view = of(dataset)
    place = next(number for number, (name, _) in enumerate(dataset.shape.attributes) if name == header)
    items = (Item("strata", "phq9", None, (place,)), Item("headline", "phq9", filters=((place, (0,)),)), B)
    deck.put(view, items)
    kept = deck.shown(view)
    assert [one.ask.kind for one in kept.exhibits] == ["flow"] and len(kept.left_out) == 2
    assert "team 1" not in repr(kept.exhibits) and "team 1" not in repr(kept.left_out)
    monkeypatch.setattr(deck, "tells_names", lambda: True)
    assert "team 1" in repr(deck.shown(view).exhibits[0].table)
    board = of(dataset, audience="board")
    deck.put(board, items)
    assert len(deck.shown(board).left_out) == 2
    monkeypatch.setattr(deck, "tells_names", lambda: False)
    filtered = of(dataset, filters=((place, (0,)),))
    deck.put(filtered, ())
    assert deck.shown(filtered).exhibits == ()


# --- the page ----------------------------------------------------------------------------------------


def button(app, key):
    return next(one for one in app.button if one.key == key)


def test_the_page_adds_orders_retitles_comments_removes_and_empties(browser):  # noqa: F811
    uploaded(browser, scores(*[(20, 8 if place % 3 else 15) for place in range(60)]))
    app = opened()
    button(app, "deck.add.flow").click().run()
    button(app, "deck.add.headline").click().run()
    assert button(app, "deck.add.flow").label == "In the deck, take it out"
    button(app, "deck.add.severity").click().run()
    button(app, "deck.add.severity").click().run()
    assert button(app, "deck.add.severity").label == "Add to deck"
    app.switch_page("views/deck.py").run()
    assert "2 exhibits for the inside" in words(app)
    button(app, f"deck.Up.{A.code}").click().run()
    assert words(app).index("1. 67 % of courses responded") < words(app).index("2. 60 of 60")
    assert button(app, f"deck.Up.{A.code}").disabled and button(app, f"deck.Down.{B.code}").disabled
    next(one for one in app.text_input if one.label == "Your own title for exhibit 1").set_value("Most did").run()
    next(one for one in app.text_input if one.label == "Comment on exhibit 2").set_value("All of them").run()
    said = words(app)
    assert said.index("1. Most did") < said.index("67 % of courses responded") < said.index("2. 60 of 60")
    assert said.count("Most did") == 1
    app.switch_page("views/present.py").run()
    assert "Most did" in words(app) and "1 of 2" in words(app)
    app.switch_page("views/deck.py").run()
    button(app, f"deck.remove.{A.code}").click().run()
    assert "1 exhibit for the inside" in words(app)
    button(app, "deck.empty").click().run()
    assert "is empty" in words(app) and "The standard report" in words(app)
    button(app, "deck.standard").click().run()
    assert "1. " in words(app) and not app.exception


PAGES = (
    ("groups", "strata", {"measure": "response"}), ("compare", "strata", {}),
    ("over_time", "course", {"options": (("axis", "day"), ("until", "90"))}),
    ("trends", "trend", {"measure": "response", "options": (("frozen", "all"), ("period", "year"))}),
    ("safety", "harm", {}), ("safety", "item9", {}), ("safety", "effects", {"options": (("phase", "all"),)}),
    ("safety", "pressure", {"options": (("phase", "all"), ("reading", "180_110"), ("rise", "40_25"))}),
    ("safety", "amount.cadss", {"options": (("amount", "cadss"), ("phase", "all"))}),
    ("safety", "routes", {}))


def test_every_page_adds_what_it_shows_and_takes_it_back(browser):  # noqa: F811
    dataset = loading.sample_dataset()
    page, app = "", None
    for name, key, wanted in PAGES:
        if name != page:
            app, page = opened(name), name
        button(app, f"deck.add.{key}").click().run()
        assert button(app, f"deck.add.{key}").label.endswith("n the deck, take it out"), key
        kept = dataset_notes.deck(dataset, "inside")[-1]
        assert kept["kind"] == key.partition(".")[0]
        found = deck.read(kept)
        assert {name: getattr(found, name) for name in wanted} == wanted
        button(app, f"deck.add.{key}").click().run()
        assert button(app, f"deck.add.{key}").label in ("Add to deck", "Routes: add to deck") and not app.exception
        assert dataset_notes.deck(dataset, "inside") == []


def test_curves_are_added_as_they_were_chosen(browser):  # noqa: F811
    dataset = loading.sample_dataset()
    for part, options in (
            ("response", (("courses", "first"), ("unit", "sessions"))),
            ("durability", (("confirm", "yes"), ("courses", "first"), ("from", "response"), ("maintenance", "watch")))):
        view = page_options.with_choice(questions.start_view(dataset.shape), "over.part", part)
        app = opened("over_time", **address.encode_view(view, dataset.shape))
        button(app, f"deck.add.{part}").click().run()
        assert deck.read(dataset_notes.deck(dataset, "inside")[-1]).options == options


class Opened:
    """A popover that somebody opened: AppTest opens none."""

    open = True

    def __init__(self, box):
        self.box = box

    def __enter__(self):
        return self.box.__enter__()

    def __exit__(self, *raised):
        return self.box.__exit__(*raised)


def test_every_card_is_added_by_itself_behind_one_button(browser, monkeypatch):  # noqa: F811
    dataset = uploaded(browser, scores(*[(20, 8 if place % 3 else 15) for place in range(60)]))
    app = opened()
    assert not [one for one in app.button if one.key.startswith("deck.add.card")]
    closed = deck_panels.st.popover
    monkeypatch.setattr(deck_panels.st, "popover", lambda *words, **more: Opened(deck_panels.st.container())
                        if more.get("key") == "deck_cards" else closed(*words, **more))
    app.run()
    labels = [one.label for one in app.button if one.key.startswith("deck.add.card")]
    assert labels == [f"{title}: add to deck" for title in ("Response", "Remission", "Improvement", "Got worse",
                                                            "Item 9", "Followed up")]
    button(app, "deck.add.card.phq9.remission").click().run()
    assert button(app, "deck.add.card.phq9.remission").label == "Remission: in the deck, take it out"
    assert dataset_notes.deck(dataset, "inside")[-1]["measure"] == "remission"
    app.switch_page("views/deck.py").run()
    assert "of courses reached remission on PHQ-9" in words(app)


def test_the_public_is_promised_nothing_in_a_title(browser):  # noqa: F811
    dataset = uploaded(browser, scores(*[(20, 8 if place % 3 else 15) for place in range(60)]))
    app = opened("deck")
    view = {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}
    app = opened("deck", **(view | {"au": "public"}))
    button(app, "deck.add").click().run()
    box = next(one for one in app.text_input if one.label == "Your own title for exhibit 1")
    box.set_value("We cure two of three").run()
    assert any("promise" in one.value for one in app.warning) and not app.exception
    assert "cure" not in repr(dataset_notes.deck(dataset, "public"))


def test_hostile_words_stay_words(browser):  # noqa: F811
    title = "<script>alert(1)</script> [x](javascript:1) :red[x] =cmd()"
    uploaded(browser, scores(*[(20, 8 if place % 3 else 15) for place in range(60)], site=title.replace(",", "")))
    app = opened()
    button(app, "deck.add.headline").click().run()
    app.switch_page("views/deck.py").run()
    next(one for one in app.text_input if one.label == "Your own title for exhibit 1").set_value(title).run()
    for page in ("deck", "present"):
        app.switch_page(f"views/{page}.py").run()
        bodies = "".join(one.proto.body for one in app.html)
        assert "&lt;script&gt;" in bodies and "<script" not in bodies and not app.exception


# --- the files ---------------------------------------------------------------------------------------


def contents(question, **more):
    found = export_files.offers(question, deck.shown(question), **more)
    return {one.file_name.split("-")[-2] + "." + one.file_name.rsplit(".", 1)[1]: (one, loading.export(
        state.browser(), unquote(one.address).split("/")[-2])) for one in found}


def test_nothing_is_made_before_it_is_asked_for(question, monkeypatch):
    import analytics.reports.slides as slides

    made = []
    monkeypatch.setattr(slides, "deck", lambda *rest: made.append(rest) or type("D", (), {"content": b"x"}))
    files = contents(question)
    assert not made
    assert files["slides.pptx"][1].content() == b"x" and len(made) == 1


def test_another_deck_another_audience_another_template_is_another_file(question):
    names = {next(iter(contents(question).values()))[0].file_name}
    deck.put(question, (A,))
    names.add(next(iter(contents(question).values()))[0].file_name)
    deck.put(question, (replace(A, title="Mine"),))
    names.add(next(iter(contents(question).values()))[0].file_name)
    names.add(next(iter(contents(question, template=b"x").values()))[0].file_name)
    names.add(next(iter(contents(of(question.dataset, audience="board")).values()))[0].file_name)
    assert len(names) == 5
    assert next(iter(contents(question).values()))[0].file_name in names


def test_the_files_are_of_the_deck_and_say_for_whom(question):
    from pptx import Presentation
    from python_calamine import CalamineWorkbook

    deck.put(question, (replace(A, title="Half did"), B))
    files = {name: export.content() for name, (_, export) in contents(question).items()}
    slides = Presentation(io.BytesIO(files["slides.pptx"])).slides
    assert [slide.shapes.title.text for slide in slides] == ["Half did", "425 of 1,060 courses could be judged"]
    assert all("Invented sample data" in " ".join(
        shape.text for shape in slide.shapes if shape.has_text_frame) for slide in slides)
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(files["workbook.xlsx"])).sheet_names) == 4
    assert b"Half did" in files["page.html"] and b"<script>" not in files["page.html"]
    assert b"<script>" in files["charts.html"] and files["a4.pdf"][:4] == files["letter.pdf"][:4] == b"%PDF"
    with zipfile.ZipFile(io.BytesIO(files["pictures.zip"])) as archive:
        assert archive.namelist() == ["01-headline.svg", "02-flow.svg"]
        assert all("Invented sample data. For the inside." in archive.read(name).decode()
                   for name in archive.namelist())


def test_the_bundle_is_of_the_view_and_for_the_inside_alone(question):
    from analytics.reports.bundle import opened_bundle

    deck.put(question, (A,))
    found = opened_bundle(contents(question)["bundle.zip"][1].content(), "bundle.zip")
    assert len(found.exhibits) > 6 and found.question["audience"] == "inside"
    assert found.hashes == {one.name: one.sha256 for one in question.dataset.sources}
    board = of(question.dataset, audience="board")
    assert "bundle.zip" not in contents(board)
    inside, outside = (export_panels.links_html(export_files.offers(one, deck.shown(one))) for one in (question, board))
    assert "The bundle holds" in inside and "undle" not in outside and "the camera on a chart" in outside


def test_a_template_says_at_once_what_it_lacks():
    from pptx import Presentation

    target = io.BytesIO()
    Presentation().save(target)
    assert any("4:3" in one or "wide" in one for one in export_files.template_lacks(target.getvalue()))
    with pytest.raises(ValueError, match="this is none"):
        export_files.template_lacks(b"no presentation")


def test_the_address_of_a_file_is_for_its_browser_alone(question):
    one, _ = next(iter(contents(question).values()))
    assert loading.export("another browser", one.address.split("/")[-2]) is None
    assert html(opened("deck")).count("/export/") == 0
