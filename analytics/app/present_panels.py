"""Present mode: the screen of one exhibit, and the keys that lead from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Literal

import streamlit as st

from analytics.app import deck, present_charts, state
from analytics.app.datasets import KeptDataset
from analytics.app.pages import link, pages
from analytics.app.questions import Question
from analytics.definitions.measures import MEASURES
from analytics.reports.exhibits import Card, Exhibit
from analytics.reports.plain_text import printable
from analytics.wording import deck as words
from analytics.wording.definitions import CARD_TITLES
from analytics.wording.exhibits import INVENTED
from analytics.wording.exhibits import marks as marks_of
from analytics.wording.numbers import sentence_case
from analytics.wording.overview import as_of_words

STYLE = Path(__file__).parent / "present.css"
_PLACE, _END = "present place", "present end"
_MOST_TITLE, _MOST_SENTENCE = 400, 600
_MOST_LARGE = 420
"""Signs of title and sentences that stand in large type beside a chart on the smallest projector, 1280 x 720."""


def show(question: Question) -> None:
    """One exhibit for the whole screen; nothing on it changes what is counted."""
    if _is_over():
        state.forget_remembered(_PLACE)
        st.switch_page(pages()["overview"])
    st.html(STYLE)
    shown = deck.shown(question)
    slides = screens(shown)
    place = min(max(int(state.remembered(_PLACE, 0)), 0), max(len(slides) - 1, 0))
    st.html(slide_html(question, slides[place], older(question)) if slides else nothing_html(question, shown))
    controls(place, len(slides))


def screens(shown: deck.Shown) -> tuple[Exhibit, ...]:
    """The exhibits that are shown to a room: of the standard report without its lists of definitions and findings."""
    return tuple(one for one in shown.exhibits if not shown.is_standard or one.chart is not None)


def controls(place: int, n_slides: int) -> None:
    """Back, where we are, on, close; a clicker in the hand sends page up and page down."""
    with st.container(key="stage_controls", horizontal=True, vertical_alignment="center", gap="small"):
        if n_slides:
            way(place, n_slides, _go)
        link("shares", label="Links", icon=":material/link:", help=words.LINKS_HELP)
        st.button("Close", key="stage.end", icon=":material/close:", shortcut="Escape", on_click=state.remember,
                  args=(_END, True))
    if n_slides:
        with st.container(key="stage_clicker"):
            clicker(place, n_slides, _go)


def _go(place: int) -> None:
    state.remember(_PLACE, place)


def way(place: int, n_slides: int, go: Callable[[int], None], width: Literal["stretch", "content"] = "stretch") -> None:
    """Back, where we are, and on; ``go`` leads to a place."""
    st.button("Back", key="stage.back", icon=":material/arrow_back:", shortcut="Left", disabled=place == 0,
              on_click=go, args=(place - 1,))
    st.html(f'<p class="stage-place" role="status">{escape(words.position(place, n_slides))}</p>', width=width)
    st.button("Next", key="stage.on", icon=":material/arrow_forward:", shortcut="Right",
              disabled=place + 1 >= n_slides, on_click=go, args=(place + 1,))


def clicker(place: int, n_slides: int, go: Callable[[int], None]) -> None:
    """The keys of a clicker in the hand, and those that lead to the first and the last."""
    back, on = place == 0, place + 1 >= n_slides
    for name, key, to, is_off in (("up", "PageUp", place - 1, back), ("down", "PageDown", place + 1, on),
                                  ("first", "Home", 0, back), ("last", "End", n_slides - 1, on)):
        st.button(key, key=f"stage.{name}", shortcut=key, disabled=is_off, on_click=go, args=(to,))


def _is_over() -> bool:
    """Whether the presenter ended; said once."""
    is_over = bool(state.remembered(_END, False))
    state.forget_remembered(_END)
    return is_over


# --- one screen --------------------------------------------------------------------------------------


def slide_html(question: Question, one: Exhibit, loud: Iterable[str] = ()) -> str:
    """The finding large, its chart, one sentence of result and one of limits; below for whom and what it rests on.

    Parameters
    ----------
    loud : marks that stand above the finding beside that of invented data
    """
    number = _number(one)
    sentences = [("stage-reading", one.reading), ("stage-comment", one.comment), ("stage-limits", one.limits),
                 ("stage-limits", present_charts.cut(one))]
    said = "".join(f'<p class="{name}">{_text(text)}</p>' for name, text in sentences if text)
    title = printable(one.title, _MOST_TITLE)
    is_crowded = len(title) + sum(len(text) for _, text in sentences) > _MOST_LARGE
    # It may be reached by Tab, as it scrolls where a small screen cannot hold it.
    return (f'<section class="stage{" crowded" * is_crowded}" tabindex="0" '
            f'aria-label="{escape(printable(one.measure_title, 200))}">'
            f"<header>{marks_html([*(mark for mark in one.marks if mark == INVENTED), *loud], loud)}"
            f"<h1>{escape(title)}</h1></header>"
            f'<div class="stage-body{" with-number" * bool(number)}">{number}{present_charts.chart_html(one)}</div>'
            f"{said}<footer>{marks_html(mark for mark in one.marks if mark != INVENTED)}"
            f"<p>{escape(foot(question, one))}</p></footer></section>")


def nothing_html(question: Question, shown: deck.Shown) -> str:
    """Why there is nothing to show, to the end, under the marks that every screen has."""
    loud = older(question)
    return kept_html(words.NOTHING_TO_PRESENT, shown.left_out.values(),
                     (*marks_of(question.view.audience, question.dataset.is_sample), *loud), loud)


def older(question: Question) -> tuple[str, ...]:
    """The mark of a kept version that is not the latest; none of the latest, and of files that were not kept."""
    dataset = question.dataset
    if not isinstance(dataset, KeptDataset) or dataset.is_latest or dataset.saved.latest is None:
        return ()
    return (words.older_version(dataset.of.number, dataset.saved.latest.number),)


def kept_html(title: str, sentences: Iterable[str], marks: Iterable[str], loud: Iterable[str] = ()) -> str:
    """A screen that is not shown, and why, under the marks that every screen has."""
    why = "".join(f'<p class="stage-reading">{_text(one)}</p>' for one in dict.fromkeys(sentences))
    return f'<section class="stage empty"><header>{marks_html(marks, loud)}<h1>{escape(title)}</h1></header>' \
           f"{why}</section>"


def marks_html(marks: Iterable[str], loud: Iterable[str] = ()) -> str:
    """Whom it is for, and in the colour of a warning that its data is invented, or is not the latest."""
    warned = {INVENTED, *loud}
    shown = "".join(f'<span class="stage-mark{" invented" * (mark in warned)}">{escape(mark)}</span>'
                    for mark in marks)
    return f'<p class="stage-marks">{shown}</p>' if shown else ""


def foot(question: Question, one: Exhibit) -> str:
    """As of when, what is counted, the filters and rules in force."""
    of = question.outcomes
    as_of = as_of_words(of.as_of.isoformat() if of.as_of else None)
    rests_on = [line for line in one.context if line.startswith(("Filters:", "Rules:"))]
    return printable(" ".join((f"{sentence_case(as_of)}.", f"{one.measure_title}.", *rests_on)), _MOST_SENTENCE)


def _number(one: Exhibit) -> str:
    """The number of a headline, large, with what stands below it."""
    card = _card(one)
    if card is None:
        return ""
    below = "".join(f"<span>{escape(line)}</span>" for line in (card.counts, _interval(card), card.mark) if line)
    return f'<div class="stage-number{" harm" * card.is_harm}"><b>{escape(card.shown)}</b>{below}</div>'


def _interval(card: Card) -> str:
    return f"95\N{NO-BREAK SPACE}% interval {card.interval}" if card.interval else ""


def _card(one: Exhibit) -> Card | None:
    """The card of the measure that a headline speaks of; missing elsewhere."""
    if one.ask.kind not in ("headline", "card", "session") or not one.cards:
        return None
    named = one.ask.measure if one.ask.measure in MEASURES else None
    return next((card for card in one.cards if named and card.title == CARD_TITLES.get(named)), one.cards[0])


def _text(text: str) -> str:
    return escape(printable(text, _MOST_SENTENCE))
