"""An exhibit on screen: a finding, its chart or cards, what it says and does not say, its numbers as a table.

Everything drawn comes from the exhibit, which was made for its audience: nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from analytics.app import widgets
from analytics.figures.theme import marked
from analytics.reports.exhibits import Card, Exhibit
from analytics.reports.sections import as_html, grid_html
from analytics.wording import exhibits as words
from analytics.wording.rates import Line


def show(exhibit: Exhibit, *, big: bool = False) -> None:
    """One exhibit: title, cards or chart, reading, limits, context, its table behind a toggle, marks.

    Parameters
    ----------
    big : to be read from the back of a room: one idea a screen, the table left out of the way
    """
    st.html(head_html(exhibit, big=big))
    if exhibit.is_kept:
        st.html(text_html(exhibit))
        return
    if exhibit.cards:
        st.html(cards_html(exhibit, big=big))
    elif exhibit.figure is None:
        st.html(grid_html(exhibit.table))
    else:
        st.plotly_chart(_figure(exhibit, big=big), theme=None, config=widgets.chart_config(exhibit.key),
                        key=f"exhibit.{exhibit.key}", alt=f"{exhibit.title}. {exhibit.reading}")
    st.html(text_html(exhibit, big=big))
    if exhibit.table.rows and (exhibit.cards or exhibit.figure is not None):
        table(exhibit)


def headline(exhibit: Exhibit, banner: str, address: str | None = None) -> None:
    """The exhibit at the top of a page: marks, the finding large, what it says and does not say, its cards.

    Parameters
    ----------
    banner : for whom the page is
    address : of the sheet that defends the number
    """
    link = f'<a class="defend" href="{escape(address)}" target="_blank">Defend this number</a>' if address else ""
    said = "".join(f"<p>{escape(one)}</p>" for one in (exhibit.reading, exhibit.limits) if one)
    st.html(f'<div class="headline">{marks_html(exhibit, banner)}<h1>{escape(exhibit.title)}</h1>{said}{link}</div>'
            + cards_html(exhibit))
    st.html(widgets.said_html([], [context_text(exhibit)]))
    if exhibit.table.rows:
        table(exhibit)


def table(exhibit: Exhibit) -> None:
    """The numbers as a table, behind a toggle."""
    if st.toggle("Show as table", key=f"exhibit.table.{exhibit.key}"):
        st.html(grid_html(exhibit.table))


def marks_html(exhibit: Exhibit, banner: str) -> str:
    """Invented data, and for whom."""
    invented = [one for one in exhibit.marks if one == words.INVENTED]
    return "".join(f'<span class="invented">{escape(one)}</span> ' for one in (*invented, banner) if one)


def head_html(exhibit: Exhibit, *, big: bool = False) -> str:
    """The finding, and what is counted."""
    level, css = ("h1", "exhibit-head big") if big else ("h2", "exhibit-head")
    return (f'<div class="{css}"><{level} class="chart-title">{escape(exhibit.title)}</{level}>'
            f'<p class="context">{escape(exhibit.measure_title)}</p></div>')


def text_html(exhibit: Exhibit, *, big: bool = False) -> str:
    """One sentence of result, one of limits, and smaller what it rests on."""
    said = [one for one in (exhibit.reading, exhibit.limits, exhibit.comment) if one]
    html = widgets.said_html(said, [context_text(exhibit)])
    return f'<div class="exhibit-text big">{html}</div>' if big else html


def context_text(exhibit: Exhibit) -> str:
    """For whom, then counts, filters, rules and as-of, in one paragraph."""
    # What was done for the audience begins with who it is: it is named once.
    is_named = any(one.startswith(exhibit.marks[-1:]) for one in exhibit.context[:1])
    marks = exhibit.marks[:-1] if is_named else exhibit.marks
    return " ".join((*(f"{one}." for one in marks), *exhibit.context))


def cards_html(exhibit: Exhibit, *, big: bool = False) -> str:
    """The cards with their interval bars."""
    names = [column.name for column in exhibit.numbers.columns]
    rows = exhibit.numbers.rows if len(exhibit.numbers.rows) == len(exhibit.cards) else ((),) * len(exhibit.cards)
    cards = "".join(_card_html(card, dict(zip(names, row, strict=False)))
                    for card, row in zip(exhibit.cards, rows, strict=True))
    return f'<div class="cards{" big" if big else ""}">{cards}</div>' if cards else ""


def _card_html(card: Card, numbers: dict) -> str:
    number, _, unit = card.shown.partition("\N{NO-BREAK SPACE}")
    is_rate = numbers.get("Rate") is not None
    line = Line(card.title, card.shown, card.counts, card.interval, card.mark,
                *((numbers.get(name) for name in ("Rate", "Low", "High", "If the lost had failed")) if is_rate else ()))
    foot = [escape(one) for one in (card.interval, card.mark if card.mark != card.shown else "") if one]
    size = "number" if card.interval else "number words"
    return (f'<article class="card exhibit-card {"harm" if card.is_harm else "benefit"}"><h2>{escape(card.title)}</h2>'
            f'<div class="{size}">{escape(number)}<small>{escape(unit)}</small></div>'
            f'<div class="counts">{escape(card.counts)}</div><div>{widgets.bar_html(line)}</div>'
            f'<div class="foot">{"<br>".join(foot)}</div></article>')


def _figure(exhibit: Exhibit, *, big: bool) -> object:
    assert exhibit.figure is not None, "A figure is asked of an exhibit that has one."
    figure = exhibit.figure(widgets.palette())
    if exhibit.ask.audience != "inside":
        figure = marked(figure, ". ".join(exhibit.marks), widgets.palette())
    if big:
        # 18 px is what the back of a room can read.
        figure.update_layout(font={"size": 18}, height=max(420, int(figure.layout.height or 0)))
    return figure


def sheet_html(exhibit: Exhibit, banner: str, more: Sequence[str] = ()) -> str:
    """The sheet that defends the number, one page when printed: finding, limits, then the exhibit's notes.

    Parameters
    ----------
    more : sentences below the title
    """
    # What is kept has no notes: what was done for the audience, and what would change it, stands in their place.
    more = (*more, *(exhibit.context if exhibit.is_kept else ()))
    said = "".join(f'<p class="lead">{escape(one)}</p>' for one in (exhibit.reading, *more) if one)
    html = f"{marks_html(exhibit, banner)}<h1>{escape(exhibit.title)}</h1>{said}{as_html(exhibit.notes)}"
    return widgets.sheet(html, "defence")
