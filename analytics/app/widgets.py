"""Pieces that pages are put together from. Text from files goes through ``escape`` or a widget, never Markdown."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import streamlit as st

from analytics.app import dataset_names, page_options, questions, state
from analytics.app.leads import Lead
from analytics.app.pages import link, pages
from analytics.app.questions import Question
from analytics.app.view import Filters, View
from analytics.definitions.measures import MEASURES
from analytics.figures import Figure
from analytics.figures.theme import PALETTES, Palette, picture_config
from analytics.reports.sections import Grid, grid_html
from analytics.wording import audiences, overview
from analytics.wording.deck import FILTERS_KEPT
from analytics.wording.numbers import percent, plural, sentence_case
from analytics.wording.rates import Headline, Line
from analytics.wording.rules import became_sentence, cohort_sentence, level, rule_set_sentence

STYLE = Path(__file__).with_name("style.css")
_TAB_ICON = ("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
            "%3Cpath fill='%230f766e' d='M1 10h3v5H1zM6 6h3v9H6zM11 1h3v14h-3z'/%3E%3C/svg%3E")


def tab_icon() -> str | None:
    """The picture of the browser's tab, once a session: given again, the browser would make it anew at every click."""
    is_there = state.remembered("tab icon", False)
    state.remember("tab icon", True)
    return None if is_there else _TAB_ICON


_MARKDOWN = re.compile(
    r"[\\`*\[\]$~<>|^@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=[A-Za-z/])|(?<=www)\.", re.IGNORECASE)


def palette() -> Palette:
    """The colours of the theme the person sees."""
    return PALETTES["dark" if st.context.theme.type == "dark" else "light"]


def markdown_safe(text: str) -> str:
    """Text from a file as a widget's label must be given it: no sign of it is read as Markdown or as a link."""
    return _MARKDOWN.sub(r"\\\g<0>", text)


def defend_address(question: Question, instrument: str, measure: str) -> str:
    """The address of the sheet of one rate, from the overview."""
    return "defend?" + urlencode(question.address | {"i": instrument, "m": measure})


def page_address(question: Question) -> str:
    """The whole address of this view, to be copied."""
    here = (st.context.url or "").split("?")[0]
    return f"{here}?{urlencode(question.address)}"


# --- the frame ---------------------------------------------------------------------------------------


def chips(question: Question, counts: Mapping[str, int], as_of: str | None) -> None:
    """One line of what the numbers rest on; each chip opens what it names.

    All but the link are one piece of HTML: five more widgets would hold up every click by 50 ms.
    """
    rules, cohort = rule_set_sentence(question.outcomes.rules), cohort_sentence(question.where)
    is_inside = question.view.audience == "inside"
    dataset = (overview.dataset_words if is_inside else audiences.dataset_words)(
        dataset_names.name(question), counts)
    cohort = cohort if question.are_filters_told else FILTERS_KEPT
    address = urlencode(question.address)
    st.html('<div class="chips">' + "".join((
        chip_html(dataset, dataset_sentences(question), f"data?{address}" if is_inside else "", "Open the Data page"),
        chip_html(rules, [f"{rules}.", *rules_sentences(question)], f"methods?{address}", "Open the Methods page"),
        chip_html(cohort, [f"{cohort}.", "Filters stand in the sidebar."],
                  f"?{urlencode(question.everyone)}" if question.where else "", "Show all courses"),
        chip_html(sentence_case(overview.as_of_words(as_of)),
                  [overview.as_of_sentence(as_of, question.dataset.tables.is_turned_relative)]),
    )) + "</div>")
    with st.popover("Copy link", icon=":material/link:", key="copy_link"):
        st.code(page_address(question), language=None, wrap_lines=True)
    # Here: what the menu leads to is made of panels, which are made of these widgets.
    from analytics.app import export_panels

    export_panels.menu(question)


def chip_html(label: str, sentences: Iterable[str], address: str = "", link: str = "") -> str:
    """A chip that opens a few sentences, and perhaps a page."""
    way = f'<p><a href="{escape(address)}" target="_self">{escape(link)}</a></p>' if address else ""
    return (f'<details class="chip" name="chip"><summary title="{escape(label)}">{escape(label)}</summary>'
            f"<div>{text_block(sentences)}{way}</div></details>")


def dataset_sentences(question: Question) -> list[str]:
    """What the dataset is made of."""
    found = ["Invented sample data: no real patient, no real clinic."] if question.dataset.is_sample else []
    if question.view.audience != "inside":
        return [*found, f"{dataset_names.name(question)}."]
    found += [f"{dataset_names.long_name(question.dataset)}."] if question.dataset.given_as == "kept" else []
    return found + [f"{one.name}: {plural(one.rows, 'row')}, {one.kind}." for one in question.dataset.tables.files]


def rules_sentences(question: Question) -> list[str]:
    """What a person changed in the rules, and what the files made of them."""
    changed = [f"Set: {key} = {text}." for key, text in question.rules.settings]
    became = became_sentence(question.outcomes.rules)
    return [*([became] if became else []), *changed, "Rules stand in the sidebar."]


def text_block(sentences: Iterable[str]) -> str:
    """Sentences as HTML paragraphs."""
    return '<div class="chip-text">' + "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences) + "</div>"


def said_html(sentences: Iterable[str], notes: Iterable[str]) -> str:
    """What can be said and what cannot, and smaller how it was made."""
    return ("".join(f'<p class="reading">{escape(one)}</p>' for one in sentences)
            + "".join(f'<p class="context">{escape(one)}</p>' for one in notes))


def list_html(sentences: Iterable[str]) -> str:
    """Sentences as a numbered list."""
    return '<ol class="said">' + "".join(f"<li>{escape(one)}</li>" for one in sentences) + "</ol>"


def hint(sentence: str) -> None:
    """A quiet sentence beside a control."""
    st.html(f'<p class="context">{escape(sentence)}</p>')


def refusal(sentence: str) -> None:
    """Why nothing is shown, and a way on."""
    st.html(f'<div class="headline"><h1>This link cannot be shown</h1><p>{escape(sentence)}</p></div>')
    with st.container(horizontal=True):
        st.button("Start with my own view", on_click=state.start_over, type="primary")
        link("data", label="Open the Data page", icon=":material/database:")


def let_the_browser_draw() -> None:
    """Wait a moment, so that the browser draws what it has before more comes: numbers first, then the rest."""
    time.sleep(0.08)


# --- numbers -----------------------------------------------------------------------------------------


def headline_html(text: Headline, address: str | None, *, is_sample: bool, is_internal: bool = False) -> str:
    """The first two lines and the way to the sheet."""
    mark = '<span class="invented">Invented sample data</span>' if is_sample else ""
    mark += '<span class="invented">Internal view: real dates are kept</span>' if is_internal else ""
    link = f'<a class="defend" href="{escape(address)}" target="_blank">Defend this number</a>' if address else ""
    return f'<div class="headline">{mark}<h1>{escape(text.title)}</h1><p>{escape(text.text)}</p>{link}</div>'


def title_html(title: str, lead: str) -> str:
    """The title of a page with the sentence that is read first."""
    text = f"<p>{escape(lead)}</p>" if lead else ""
    return f'<div class="headline page"><h1>{escape(title)}</h1>{text}</div>'


def card_html(shown: Line, measure: str, about: str, address: str) -> str:
    """One card: number, counts, interval, and what if the lost had failed.

    Parameters
    ----------
    about : what is counted, in a few words
    """
    number, _, unit = shown.shown.partition("\N{NO-BREAK SPACE}")
    foot = [escape(shown.interval)] if shown.interval else []
    if shown.if_lost_failed is not None and shown.if_lost_failed != shown.estimate:
        foot.append(f"\N{WHITE CIRCLE} {escape(percent(shown.if_lost_failed))} if the lost had failed")
    if shown.mark:
        foot.append(f'<span class="mark">{escape(shown.mark)}</span>')
    size = "number" if shown.estimate is not None or shown.interval else "number words"
    return (f'<article class="card {MEASURES[measure].direction}"><h2>{escape(shown.title)}</h2>'
            f'<div class="about">{escape(about)}</div>'
            f'<div class="{size}">{escape(number)}<small>{escape(unit)}</small></div>'
            f'<div class="counts">{escape(shown.counts)}</div><div>{bar_html(shown)}</div>'
            f'<div class="foot">{"<br>".join(foot)}</div>'
            f'<a href="{escape(address)}" target="_blank" aria-label="Defend {escape(shown.title)}">Defend</a>'
            "</article>")


def bar_html(shown: Line) -> str:
    """The interval from 0 to 100 %, with a hollow mark for "if the missing had failed"."""
    if shown.estimate is None or shown.low is None or shown.high is None:
        return ""
    hollow = ""
    if shown.if_lost_failed is not None:
        hollow = f'<span class="hollow" style="left:{shown.if_lost_failed:.2%}"></span>'
    return (f'<div class="bar" aria-hidden="true"><span class="track"></span><span class="interval" '
            f'style="left:{shown.low:.2%};width:{shown.high - shown.low:.2%}"></span>{hollow}'
            f'<span class="estimate" style="left:{shown.estimate:.2%}"></span></div>')


def sheet(html: str, css_class: str = "") -> str:
    """A document on screen and on paper."""
    return f'<div class="sheet {css_class}">{html}</div>'


def download_html(label: str, address: str, file_name: str) -> str:
    """A link that gives a file."""
    return f'<p class="context"><a href="{escape(address)}" download="{escape(file_name)}">{escape(label)}</a></p>'


# --- filters -----------------------------------------------------------------------------------------


def filter_boxes(
    question: Question, filters: Filters, key: str, label: Callable[[str], str],
    change: Callable[[View, int, list[int | None]], View],
) -> None:
    """One box an attribute; nothing chosen means all.

    Parameters
    ----------
    filters : those in force
    change : the new view from the old one, the place of an attribute and the places of its values
    """
    chosen = dict(filters)
    for place, (name, levels) in enumerate(question.dataset.shape.attributes):
        if (len(levels) < 2 and place not in chosen) or not question.is_told(place):
            continue
        st.multiselect(
            markdown_safe(label(name)), choices(len(levels), chosen.get(place, ())), placeholder="All",
            help=choices_hint(len(levels)),
            format_func=lambda one, name=name, levels=levels: level(name, None if one is None else levels[one]),
            **state.bound(f"{key}.{place}", list(chosen.get(place, ())),
                          lambda view, values, place=place: change(view, place, values)))


# --- choices of a page -------------------------------------------------------------------------------


def choose_option(
    question: Question, key: str, label: str, names: Mapping[str, str], where: Any = st,
    as_: Literal["segmented", "select"] = "segmented",
) -> str:
    """A choice of a page, which stands in the address; gives the value in force.

    Parameters
    ----------
    key : of ``page_options.OPTIONS``
    names : what each value that can be chosen is called here; one in force that is not among them is shown by itself
    where : a container of Streamlit
    """
    value = page_options.chosen(question.view, key)
    shown = list(names) if value in names else [*names, value]

    def change(view: View, new: str | None) -> View:
        return page_options.with_choice(view, key, new or value)

    box = where.selectbox if as_ == "select" else where.segmented_control
    more: dict[str, Any] = {} if as_ == "select" else {"required": True}
    more |= state.bound(f"choice.{key}", value, change)
    box(label, shown, format_func=lambda one: names.get(one, one), **more)
    return value


# --- charts ------------------------------------------------------------------------------------------


def chart(name: str, title: str, figure: Figure, reading: str, context: Sequence[str], table: Grid,
          leads: Sequence[Lead | View | None] | None = None) -> None:
    """A chart with what it says, what it rests on, and its numbers behind a toggle."""
    st.html(f'<h2 class="chart-title">{escape(title)}</h2>')
    plot(name, figure, f"{title}. {reading}", leads)
    below(name, reading, context, table)


def plot(name: str, figure: Figure, alt: str, leads: Sequence[Lead | View | None] | None = None) -> None:
    """A chart alone; where rows may be seen a point opens its courses.

    Parameters
    ----------
    leads : where each point leads, by the number that the figure gives as the first of its ``customdata``; a ``Lead``
        has a link below the chart as well, for those who do not point
    """
    ways = list(leads or ()) if state.may_see_rows() else []
    if not any(ways):
        st.plotly_chart(figure, theme=None, config=chart_config(name), key=f"chart.{name}", alt=alt)
        return
    key = f"chart.{name}"
    event = st.plotly_chart(figure, theme=None, config=chart_config(name), key=state.fresh(key), alt=alt,
                            on_select="rerun", selection_mode="points")
    st.html(ways_html(ways))
    way = pointed_at(event, ways)
    if way is not None:
        # Emptied, so that the way back does not lead here again.
        state.renew(key)
        open_courses(way.view if isinstance(way, Lead) else way)


def chart_config(name: str) -> dict[str, Any]:
    """How a chart is drawn; a picture taken of it says in its name for whom it is, and that its data is invented."""
    question = questions.current()
    if question is None:
        return picture_config("outcomes")
    mark = "invented-sample-" if question.dataset.is_sample else ""
    return picture_config(f"outcomes-{mark}{question.view.audience}-" + re.sub(r"[^a-z0-9]+", "-", name.lower())[:60])


def pointed_at(event: Any, ways: Sequence[Lead | View | None]) -> Lead | View | None:
    """Where the point leads that was selected last; missing where none was, or it leads nowhere."""
    points = event["selection"]["points"] if event else []
    if not points:
        return None
    number = points[-1].get("customdata")
    while isinstance(number, (list, tuple, dict)):
        number = next(iter(number.values() if isinstance(number, dict) else number), None)
    is_one = isinstance(number, (int, float)) and 0 <= number < len(ways)
    return ways[int(number)] if is_one else None


def open_courses(view: View) -> None:
    """Go to the Courses page with a view's filters, measure and choices."""
    state.set_view(filters=view.filters, measure=view.measure, instrument=view.instrument, choices=view.choices)
    st.switch_page(pages()["courses"])


def ways_html(ways: Sequence[Lead | View | None]) -> str:
    """The courses behind every point of a chart as links: for keyboards, and for small points."""
    links = "".join(f'<li><a href="{escape(one.address)}" target="_self">{escape(one.label)}</a></li>'
                    for one in ways if isinstance(one, Lead))
    if not links:
        return ""
    return ('<details class="ways"><summary>Select a mark to see its courses, or choose them here</summary>'
            f"<ul>{links}</ul></details>")


def way(lead: Lead) -> None:
    """A link to the courses behind a number, where rows may be seen."""
    if state.may_see_rows():
        st.html(f'<p class="context"><a href="{escape(lead.address)}" target="_self">{escape(lead.label)}</a></p>')


def below(name: str, reading: str, context: Sequence[str], table: Grid) -> None:
    """One sentence of result, lines of counts and rules, a table behind a toggle."""
    said(reading, context)
    table_behind(name, table)


def said(reading: str, context: Sequence[str]) -> None:
    """What a chart says, and smaller what it rests on."""
    st.html(said_html([reading] if reading else [], [line for line in context if line]))


def table_behind(name: str, table: Grid, label: str = "Show as table") -> None:
    """A chart's numbers behind a toggle."""
    if st.toggle(label, key=f"table.{name}"):
        st.html(grid_html(table))


MOST_CHOICES = 1000
"""Values of an attribute that a list offers; a longer one cannot be read and would be sent with every click."""


def choices(n: int, chosen: Iterable[int | None] = ()) -> list[int | None]:
    """The places of ``n`` values as choices, and missing: the first ``MOST_CHOICES``, and those that are chosen."""
    more = sorted({place for place in chosen if place is not None and place >= MOST_CHOICES})
    return [*range(min(n, MOST_CHOICES)), *more, None]


def choices_hint(n: int) -> str | None:
    """What a list leaves out; missing where it leaves out nothing."""
    return f"The first {MOST_CHOICES:,} of {n:,} values can be chosen." if n > MOST_CHOICES else None
