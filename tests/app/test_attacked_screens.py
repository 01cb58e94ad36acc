"""Every page for the board and the public, everything sent of it: twins cannot be told apart, and views set off against
each other give no small count."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from html import unescape

import pytest

from analytics.app import dataset_notes, loading, pages, told
from analytics.app.deck import Item
from analytics.results import disclosure
from tests.app.test_audiences import at, clinic, shown_to
from tests.app.test_pages import browser, opened, uploaded, words  # noqa: F401
from tests.results.clinic_files import told_of
from tests.results.export_equations import Told
from tests.results.export_reader import page_tables
from tests.results.test_attacked_exports import TWINS, drawn, report_of, twins

NAMES = tuple(pages.pages())


def loaded(browser, files):  # noqa: F811
    return loading.upload(browser, [(name, text.encode()) for name, text in files.texts().items()])


def everything(app, dataset):
    """Every element that was sent, whole, in order, and the address; without names of datasets and files' hashes."""
    found = [(type(node).__name__, str(node.proto)) for node in app._tree
             if getattr(node, "proto", None) is not None and "<style" not in str(node.proto)[:400]]
    found.append(("address", repr(sorted(app.query_params.items()))))
    return [(kind, re.sub(r"[0-9a-f]{32,64}", "#", unescape(text).replace(dataset.short, "DATASET")))
            for kind, text in found]


def book_of(name, audience):
    return loading.told(name, audience, told.Book)


def screens(browser, files, audience):  # noqa: F811
    """All pages with every toggle on, the deck of the standard report and each of its slides, and what was told."""
    dataset = loaded(browser, files)
    app, found = shown_to(opened(), audience), {}
    for name in NAMES:
        at(app, name)
        for one in app.get("toggle"):
            one.set_value(True)
        if name == "deck":
            next(one for one in app.button if one.key == "deck.standard").click()
        if app.get("toggle") or name == "deck":
            app.run()
        assert not app.exception, app.exception
        found[name] = everything(app, dataset)
    for place in range(12):
        on = [one for one in app.button if one.key == "stage.on" and not one.disabled]
        if not on:
            break
        on[0].click().run()
        found[f"slide {place}"] = everything(app, dataset)
    answers = book_of(browser, audience)._answers.values()
    results = [told_of(one) for one in answers]
    dataset_notes.keep_deck(dataset, audience, [])
    loading.forget(browser)
    loading.forget_told(browser, audience)
    return found, results


@pytest.mark.parametrize("case", TWINS[1:], ids=str)
def test_screens_of_twins_are_the_same(browser, case):  # noqa: F811
    audience, size, seed, *_ = case
    _, other = twins(*case)
    one, results = screens(browser, drawn(size, seed), audience)
    two, other_results = screens(browser, other, audience)
    assert results == other_results, "what was told of the twins is another, so they are none"
    assert set(NAMES) < set(one) or seed == 3
    assert list(one) == list(two)
    for name in one:
        assert one[name] == two[name], name


def test_screens_of_twins_for_the_inside_differ(browser):  # noqa: F811
    _, other = twins(*TWINS[1])
    shown = []
    for files in (drawn(150, 8), other):
        dataset = loaded(browser, files)
        shown.append(everything(opened(), dataset))
        loading.forget(browser)
    assert shown[0] != shown[1]


# --- views set off against each other ----------------------------------------------------------------


def tables_of(app):
    return page_tables("\n".join(one.proto.body for one in app.html if not one.proto.body.startswith("<style")))


def walk(browser, files, audience, steps):  # noqa: F811
    """The tables of views one after the other, each a filter and the attribute that response is given by."""
    dataset = loaded(browser, files)
    app = shown_to(opened(), audience)
    labels = [name for name, _ in dataset.shape.attributes]
    views = []
    for where, by in steps:
        for name in {one for step, _ in steps for one in step}:
            levels = dict(dataset.shape.attributes)[name]
            box = next(one for one in app.multiselect if one.label == name)
            box.set_value([levels.index(value) for value in where.get(name, ())])
        app.run()
        choice = [one for one in app.selectbox if one.label == "Response by"]
        if choice and audience != "inside":
            choice[0].set_value(labels.index(by)).run()
        for one in app.get("toggle"):
            one.set_value(True)
        app.run()
        assert not app.exception, app.exception
        views.append((where, tables_of(app)))
    loading.forget(browser)
    loading.forget_told(browser, audience)
    return views


STEPS = (({}, "site"), ({"site": ["S3"]}, "sex"), ({"site": ["S0", "S1", "S2"]}, "sex"), ({"sex": ["F"]}, "site"))
"""A view of everything, then a part of it, its complement, and parts that overlap."""


def said_by(of, views, names=("site", "sex")):
    found = Told(of, names)
    for where, tables in views:
        found.add(tables, where)
    return found


def test_views_set_off_against_each_other_give_no_small_count(browser):  # noqa: F811
    views = walk(browser, drawn(150, 8), "board", STEPS)
    assert sum(bool(tables) for _, tables in views) > 2
    found = said_by(report_of("board", 150, 8).answers.of, views)
    assert sum(len(one["results"]) for one in found.records) > 20
    assert found.small_counts("board", n_solved=3) == []


def test_views_give_them_where_the_book_is_empty_each_time(browser, monkeypatch):  # noqa: F811
    monkeypatch.setattr(told.Book, "show", lambda self, question: None)
    monkeypatch.setattr(disclosure.Page, "disclosed", lambda self, summary: replace(
        summary, told=disclosure.Told(self.disclosure)))
    views = walk(browser, drawn(150, 8), "board", STEPS[:2])
    assert said_by(report_of("board", 150, 8).answers.of, views).small_counts("board", n_solved=0)


# --- names of those who treat ------------------------------------------------------------------------


def treated(browser):  # noqa: F811
    text = clinic((20, 20), ("Dr. Ann Walker", "Dr. Bob Miller")).replace("site", "clinician", 1)
    return uploaded(browser, text, mapping={"clinician": "attribute"})


@pytest.mark.parametrize("audience", ["board", "public"])
def test_a_filter_by_those_who_treat_is_named_on_no_page(browser, audience):  # noqa: F811
    dataset = treated(browser)
    place = [name for name, _ in dataset.shape.attributes].index("clinician")
    view = dict(opened().query_params) | {"f": f"{place}.0", "au": audience}
    app = opened(**{key: value[0] if isinstance(value, list) else value for key, value in view.items()})
    for page in ("overview", "groups", "methods", "defend", "deck", "present"):
        text = str(everything(at(app, page), dataset))
        assert "cannot be shown" not in text and "Walker" not in text, page


@pytest.mark.parametrize("audience", ["board", "public"])
def test_a_deck_taken_over_names_nobody_who_treats(browser, audience):  # noqa: F811
    dataset = treated(browser)
    place = [name for name, _ in dataset.shape.attributes].index("clinician")
    item = asdict(Item("headline", "phq9", filters=((place, (0,)),)))
    dataset_notes.keep_deck(dataset, audience, [item])
    app = at(shown_to(opened(), audience), "deck")
    assert "1. " in words(app)
    assert "Walker" not in str(everything(app, dataset))
    dataset_notes.keep_deck(dataset, audience, [])
