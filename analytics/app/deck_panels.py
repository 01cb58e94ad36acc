"""Putting the deck together: adding where a card or chart stands; order, titles and comments on the deck's own page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from analytics.app import dataset_notes, dataset_notes_panel, deck, state, widgets
from analytics.app.deck import Item
from analytics.app.pages import link
from analytics.app.questions import Question
from analytics.app.view import Filters, View
from analytics.definitions.measures import MEASURES
from analytics.definitions.safety import SESSION_MEASURES
from analytics.wording import deck as words
from analytics.wording import disclosure as disclosure_words
from analytics.wording.definitions import CARD_TITLES, measure_title
from analytics.wording.rules import attribute, cohort_sentence


def add_button(
    question: Question, kind: str, measure: str | None = None, by: Iterable[int | None] = (), *, name: str = "",
    label: str = "", **more: Any,
) -> None:
    """Puts what stands above into the deck for the audience of the view, or takes it out again.

    Nothing of it is counted here. It stands outside of fragments, as the menu says how many there are.

    Parameters
    ----------
    name : of the button, where a page has several of a kind
    label : what is added, where several buttons stand together
    more : as ``deck.of_view`` takes it
    """
    one = deck.of_view(question, kind, measure, by, **more)
    is_there = one.code in deck.codes(question)
    what = words.IN_DECK if is_there else words.ADD
    change = (deck.take_back, (question, one.code)) if is_there else (deck.add, (question, one))
    st.button(f"{label}: {what.lower()}" if label else what, key=".".join(filter(None, ("deck.add", kind, name))),
              type="tertiary", icon=":material/check:" if is_there else ":material/add:", on_click=change[0],
              args=change[1], help=words.add_help(words.KINDS[kind], question.view.audience, is_there=is_there))


def add_cards(question: Question, cards: Iterable[Any], shares: Iterable[str] = ()) -> None:
    """Every card of a page by itself, behind one button; made when it is opened.

    Parameters
    ----------
    cards : results, each with its measure and instrument
    shares : keys of what is counted of sessions
    """
    fold = st.popover(words.ADD_CARD, icon=":material/add:", type="tertiary", key="deck_cards", on_change="rerun")
    if not fold.open:
        return
    with fold:
        for one in cards:
            title = CARD_TITLES.get(one.measure) or measure_title(MEASURES[one.measure])
            add_button(question, "card", one.measure, name=f"{one.instrument}.{one.measure}", label=title,
                       instrument=one.instrument)
        for key in shares:
            add_button(question, "session", key, name=key, label=SESSION_MEASURES[key].title)


def show(question: Question) -> None:
    """The whole page: the items in their order, and what can be done to all of them."""
    items = deck.items(question)
    st.html(widgets.title_html("Deck", words.deck_lead(len(items), question.view.audience)))
    dataset_notes_panel.hidden(question, "deck")
    shown = deck.shown(question)
    if not items:
        _standard(question, shown)
    findings = iter(shown.findings)
    for place, one in enumerate(items):
        why = shown.left_out.get(one.code, "")
        _item(question, items, place, why or next(findings), is_left_out=bool(why))
    _add(question)
    _all(question, items)


def _standard(question: Question, shown: deck.Shown) -> None:
    """What an empty deck stands for."""
    for sentence in shown.left_out.values():
        st.html(widgets.said_html([sentence], []))
    if shown.exhibits:
        st.html('<h2 class="chart-title">The standard report</h2>' + widgets.list_html(
            one.title for one in shown.exhibits))


def _item(question: Question, items: tuple[Item, ...], place: int, finding: str, *, is_left_out: bool) -> None:
    one, number = items[place], place + 1
    with st.container(border=True, key=f"deck.item.{one.code}"):
        kind = _described(question, one)
        title = one.title or ("Not shown" if is_left_out else finding)
        st.html(f'<h2 class="chart-title">{number}. {escape(title)}</h2><p class="context">{escape(kind)}</p>'
                + (f'<p class="reading">{escape(finding)}</p>' if is_left_out or one.title else ""))
        left, right = st.columns(2)
        with left:
            _text(question, one, "title", f"Your own title for exhibit {number}", finding if not is_left_out else "",
                  deck.MOST_TITLE)
        with right:
            _text(question, one, "comment", f"Comment on exhibit {number}", words.NO_NAMES, deck.MOST_COMMENT)
        with st.container(horizontal=True):
            _move(question, items, place, -1, "Up", ":material/arrow_upward:", is_off=place == 0)
            _move(question, items, place, 1, "Down", ":material/arrow_downward:", is_off=number == len(items))
            st.button("Remove", key=f"deck.remove.{one.code}", type="tertiary", icon=":material/delete:",
                      help=f"Remove exhibit {number}", on_click=_put,
                      args=(question, lambda now: deck.without(now, one.code)))


def _described(question: Question, one: Item) -> str:
    """What is shown of whom, in words."""
    named = [attribute(question.dataset.shape.attributes[place][0]) for place in one.by]
    parts = [words.KINDS[one.kind] + (f": {' and '.join(named)}" if named else "")]
    parts += [_measured(one.measure)] if one.measure else []
    parts += [question.instruments[one.instrument].title] if one.instrument in question.instruments else []
    parts += [" and ".join(_whom(question, side) for side in one.sides)] if one.sides else []
    return ". ".join((*parts, _whom(question, one.filters))) + "."


def _whom(question: Question, filters: Filters) -> str:
    """A cohort in words; outside without the values of an attribute that names those who treat."""
    is_told = all(question.is_told(place) for place, _ in filters)
    return cohort_sentence(question.where_of(filters)) if is_told else words.FILTERS_KEPT


def _measured(measure: str) -> str:
    return measure_title(MEASURES[measure]) if measure in MEASURES else SESSION_MEASURES[measure].title


def _put(question: Question, change: Callable[[tuple[Item, ...]], tuple[Item, ...]]) -> None:
    deck.put(question, change(deck.items(question)))


def _move(
    question: Question, items: tuple[Item, ...], place: int, by: int, label: str, icon: str, *, is_off: bool
) -> None:
    st.button(label, key=f"deck.{label}.{items[place].code}", type="tertiary", icon=icon, disabled=is_off,
              help=f"Move exhibit {place + 1} {label.lower()}", on_click=_put,
              args=(question, lambda now: deck.moved(now, place, by)))


def _text(question: Question, one: Item, name: str, label: str, placeholder: str, most: int) -> None:
    """A text of a person's own; what the public may not be promised is refused in words."""
    def write(view: View, text: str | None) -> View:
        refused = disclosure_words.refused_words(text or "") if view.audience == "public" else ()
        if refused:
            raise ValueError(disclosure_words.refused_words_sentence(refused))
        _put(question, lambda now: deck.written(now, one.code, **{name: text or ""}))
        return view

    st.text_input(label, max_chars=most, placeholder=placeholder, **state.bound(
        f"deck.{question.view.audience}.{name}.{one.code}", getattr(one, name), write))


_ADDED = (*deck.STANDARD, "card", "item9", "course", "response", "durability", "trend", "effects", "pressure", "routes")
"""Kinds that take no more than a measure and an attribute; the others are added where they stand."""


def _add(question: Question) -> None:
    """Any card or chart of the view, from a list."""
    attributes = {place: name for place, (name, levels) in enumerate(question.dataset.shape.attributes) if levels}
    st.html('<h2 class="chart-title">Add a card or chart</h2>')
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox("What", [kind for kind in _ADDED if kind != "strata" or attributes],
                            format_func=words.KINDS.__getitem__, width=240, key="deck.kind")
        measure, by = None, ()
        if kind in ("headline", "strata", "card", "trend"):
            measure = st.selectbox("Of what", question.measures(), width=280, key="deck.measure",
                                   format_func=lambda key: measure_title(MEASURES[key]))
        if kind == "strata":
            by = (st.selectbox("By", list(attributes), width=220, key="deck.by", format_func=lambda place: attribute(
                attributes[place])),)
        one = deck.of_view(question, kind, measure, by)
        st.button("Add", key="deck.add", icon=":material/add:", on_click=deck.add, args=(question, one),
                  help=words.add_help(words.KINDS[kind], question.view.audience))


def _all(question: Question, items: tuple[Item, ...]) -> None:
    """What concerns the whole deck."""
    with st.container(horizontal=True):
        if items:
            st.button("Empty the deck", key="deck.empty", on_click=deck.put, args=(question, ()))
        else:
            st.button("Start from the standard report", key="deck.standard", on_click=lambda: deck.put(
                question, deck.standard(question)))
        for other in ("inside", "board", "public"):
            theirs = _of(question, other)
            if not items and theirs and other != question.view.audience:
                st.button(f"Take over from the deck for {words.FOR[other]}", key=f"deck.from.{other}",
                          help=words.TAKEN_OVER, on_click=deck.put, args=(question, [one.bare for one in theirs]))
    link("shares", label="Links", icon=":material/link:", help=words.LINKS_HELP)
    if question.view.audience == "inside":
        st.toggle("Show the names of those who treat", **state.kept(deck.NAMES, default=False), help=words.NAMES_HELP)


def _of(question: Question, audience: str) -> tuple[Item, ...]:
    """The deck for another audience."""
    if not dataset_notes.deck(question.dataset, audience):
        return ()
    return deck.items(Question(question.dataset, replace(question.view, audience=audience)))
