"""The panels of the Safety page that rest on scores, its first numbers, and what its panels ask for."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from analytics.app import address, deck_panels, leads, loading, page_options, panels, state, widgets
from analytics.app.questions import Question
from analytics.app.sidebar import sidebar
from analytics.definitions.measures import MEASURES
from analytics.definitions.safety import PressureLines
from analytics.figures.intervals import MOST_ROWS, interval_figure
from analytics.reports.sections import Grid
from analytics.results.safety import HARM, Looked, SafetyRates, deterioration, looked_at, safety_rates, tallies
from analytics.results.safety_exposure import observed
from analytics.results.safety_forms import Forms, forms, pressure
from analytics.results.safety_item9 import (
    ITEM_9,
    item9_after_first,
    item9_at_endpoint,
    item9_instruments,
    item9_scores,
)
from analytics.wording import rates as rate_words
from analytics.wording import safety as words
from analytics.wording import safety_item9 as item9_words
from analytics.wording.definitions import measure_title
from analytics.wording.groups import cut_sentence
from analytics.wording.numbers import count
from analytics.wording.rules import attribute

CARDS = ("any_effect", "pressure", "stopped_early")
LISTS = {"item9": "Item 9 positive at the last score of its scale", "worse": "Worse at the endpoint",
         "worklist": "Follow-up window open or closing"}
MOST_TABLE_ROWS = 500


def can_show(question: Question) -> bool:
    """Whether there is anything to show: scores that count, or sessions of courses."""
    return question.can_count and (question.instrument is not None or len(all_forms(question)) > 0)


# --- what is asked -----------------------------------------------------------------------------------


def all_forms(question: Question) -> Forms:
    """What every form says; made once for all filters."""
    return loading.answer_of(question.dataset, ("safety forms", question.rules),
                             lambda: forms(question.outcomes, question.sessions()))


def lines_of(question: Question) -> PressureLines:
    """The lines of blood pressure in force."""
    reading, rise = (page_options.chosen(question.view, f"safety.{name}").split("_") for name in ("reading", "rise"))
    return PressureLines(*(float(number) for number in (*reading, *rise)))


def judged_pressure(question: Question) -> dict[str, Any]:
    """Excursions under the lines in force; made once for all filters."""
    lines = lines_of(question)
    return loading.answer_of(question.dataset, ("safety pressure", question.rules, lines),
                             lambda: pressure(all_forms(question), lines))


def phase(question: Question) -> str:
    """The phase that is looked at; all where the rules know none."""
    return page_options.chosen(question.view, "safety.phase") if all_forms(question).has_phases else "all"


def looked(question: Question) -> Looked:
    """The sessions of the cohort and phase."""
    return question.answer("safety looked", lambda: looked_at(
        question.outcomes, all_forms(question), question.stays, phase(question)), phase(question))


def tallied(question: Question) -> dict[str, Any]:
    """Everything summed up by course; made once for all filters."""
    asked = ("safety tallies", question.rules, phase(question), lines_of(question))
    return loading.answer_of(question.dataset, asked, lambda: tallies(
        question.outcomes, all_forms(question), judged_pressure(question), phase(question)))


def found_rates(question: Question, by: str | None = None) -> SafetyRates:
    """The rates per session and per course."""
    return question.answer("safety rates", lambda: safety_rates(
        question.outcomes, tallied(question), question.stays, phase(question), by),
        phase(question), lines_of(question), by)


def worse(question: Question, by: str | None = None) -> tuple[Any, ...]:
    """Who got worse on every instrument, or on the headline instrument by an attribute."""
    keys = None if by is None or question.instrument is None else (question.instrument.key,)
    return question.answer("safety worse", lambda: deterioration(question.outcomes, question.where, keys, by), keys, by)


def item9_key(question: Question) -> str | None:
    """The instrument whose item 9 is shown: the headline's where it has one."""
    keys = item9_instruments(question.outcomes)
    own = question.instrument.key if question.instrument is not None else None
    return own if own in keys else next(iter(keys), None)


def item9_tables(question: Question, key: str) -> tuple[Any, Any | None]:
    """Item 9 at the endpoint, and after session 1 where the files say which scores are after it."""
    of = question.outcomes
    answers = loading.answer_of(question.dataset, ("safety item 9", question.rules, key),
                                lambda: item9_scores(of, question.series(key)))
    endpoint = question.answer("item 9 endpoint", lambda: item9_at_endpoint(of, answers, question.stays), key)
    if not np.isfinite(answers.first_day).any():
        return endpoint, None
    return endpoint, question.answer("item 9 first", lambda: item9_after_first(of, answers, question.stays), key)


def time_observed(question: Question) -> Any:
    """How long each patient was observed; made once for all filters."""
    return loading.answer_of(question.dataset, ("safety observed", question.rules), lambda: observed(question.outcomes))


# --- the first numbers -------------------------------------------------------------------------------


def numbers(question: Question) -> None:
    """Headline, what this page is not, cards; and above them the chips."""
    above = st.container(horizontal=True, vertical_alignment="top", wrap=False, key="chips")
    found, rates = worse(question), found_rates(question)
    headline = _headline(question, found, rates)
    html = [widgets.headline_html(headline, _defend(question, found), is_sample=question.dataset.is_sample,
                                  is_internal=question.dataset.dates == "keep"),
            f'<div class="finding" role="note">{escape(words.NO_ALERT)}</div>',
            f'<p class="context">{escape(words.forms_sentence(looked(question), phase(question)))}</p>']
    st.html("".join([*html, '<div class="cards">', *_cards(question, found, rates), "</div>"]))
    widgets.let_the_browser_draw()
    key = item9_key(question)
    own = [*of_headline(question, found).values(),
           *([] if key is None else [item9_tables(question, key)[0].rates["item9_new"]])]
    deck_panels.add_cards(question, own, [one for one in CARDS if one in rates.sessions])
    if question.instrument is not None:
        summary = question.cards()
        with above:
            widgets.chips(question, summary.counts, summary.as_of)
    sidebar(question)


def of_headline(question: Question, found: tuple[Any, ...]) -> dict[str, Any]:
    """Who got worse on the headline instrument, by measure."""
    own = question.instrument.key if question.instrument is not None else None
    return {one.measure: one for one in found if one.instrument == own}


def _headline(question: Question, found: tuple[Any, ...], rates: SafetyRates) -> Any:
    own = of_headline(question, found)
    if not own or question.instrument is None:
        return words.lead(looked(question), rates.sessions)
    return rate_words.headline(next(own[key] for key in HARM if key in own), question.instrument)


def _defend(question: Question, found: tuple[Any, ...]) -> str | None:
    own = of_headline(question, found)
    return next((widgets.defend_address(question, own[key].instrument, key) for key in HARM if key in own), None)


def _cards(question: Question, found: tuple[Any, ...], rates: SafetyRates) -> list[str]:
    cards = [panels.card(question, one) for one in of_headline(question, found).values()]
    key = item9_key(question)
    if key is not None:
        cards.append(panels.card(question, item9_tables(question, key)[0].rates["item9_new"]))
    return cards + [session_card(rates.sessions[one][0]) for one in CARDS if one in rates.sessions]


def session_card(share: Any) -> str:
    """A share of sessions as a card."""
    shown = words.share_line(share, words.title(share.measure))
    number, _, unit = shown.shown.partition("\N{NO-BREAK SPACE}")
    size = "number" if shown.estimate is not None else "number words"
    foot = [escape(part) for part in (shown.interval, shown.mark) if part]
    return (f'<article class="card harm"><h2>{escape(shown.title)}</h2>'
            '<div class="about">of sessions with an answer</div>'
            f'<div class="{size}">{escape(number)}<small>{escape(unit)}</small></div>'
            f'<div class="counts">{escape(words.card_counts(share))}</div><div>{widgets.bar_html(shown)}</div>'
            f'<div class="foot">{"<br>".join(foot)}</div><span></span></article>')


def choose(question: Question) -> None:
    """Which sessions, all together or by an attribute, and the lines of blood pressure."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if all_forms(question).has_phases and len(all_forms(question)):
            widgets.choose_option(question, "safety.phase", "Sessions", words.PHASES)
        if question.by is not None:
            name = widgets.markdown_safe(attribute(question.by))
            widgets.choose_option(question, "safety.split", "Rates", {"all": "All together", "by": f"By {name}"})
        if all_forms(question).has_pressure:
            with st.popover("Lines of blood pressure", icon=":material/tune:"):
                widgets.choose_option(question, "safety.reading", "A reading at or above, mmHg", words.READINGS)
                widgets.choose_option(question, "safety.rise", "A rise of more than, mmHg", words.RISES)
                widgets.hint(words.pressure_lines_words(lines_of(question)))


def split_by(question: Question) -> str | None:
    """The attribute that the rates are split by; missing where they are not."""
    return question.by if page_options.chosen(question.view, "safety.split") == "by" else None


# --- scores ------------------------------------------------------------------------------------------


def scores(question: Question) -> None:
    """Deterioration and item 9, side by side."""
    if question.instrument is None:
        return
    key = item9_key(question)
    left, right = st.columns(2, gap="large") if key is not None else (st.container(), None)
    with left:
        deteriorated(question)
    if key is not None and right is not None:
        with right:
            item9(question, key)
            deck_panels.add_button(question, "item9", instrument=key)


def deteriorated(question: Question) -> None:
    """Worsening of every instrument, or of the headline instrument by an attribute."""
    by = split_by(question)
    if by is None:
        found = worse(question)
        lines = [rate_words.line(one, words.harm_title(one, question.instruments[one.instrument])) for one in found]
        _worse_chart(question, "Who got worse, every instrument", found, lines, None)
        deck_panels.add_button(question, "harm")
        return
    assert question.instrument is not None, "Courses are split where there is an instrument."
    names = {key: measure_title(MEASURES[key]) for key in HARM if key in question.measures()}
    key = widgets.choose_option(question, "safety.harm", "Counted as worse", names)
    key = key if key in names else HARM[1]
    overall, *cells = [one for one in worse(question, by) if one.measure == key]
    lines = [rate_words.stratum_line(one) for one in cells]
    title = f"{question.instrument.title}, {measure_title(MEASURES[key]).lower()} by {attribute(by)}"
    _worse_chart(question, title, cells, lines, rate_words.card(overall))
    deck_panels.add_button(question, "strata", key, (question.view.by,))


@st.fragment
def _worse_chart(question: Question, title: str, found: Any, lines: list[Any], overall: Any | None) -> None:
    reading = words.harm_sentence(lines)
    table = Grid(("", "Worse", "Of those with both scores", "95 % interval", "Not in it", ""), tuple(
        (line.title, line.shown, line.counts, line.interval, ", ".join(rate_words.left_out_words(
            one, question.instruments[one.instrument])), line.mark)
        for line, one in list(zip(lines, found, strict=True))[:MOST_TABLE_ROWS]))
    courses = found[0].courses if overall is None and found else sum(one.courses for one in found)
    widgets.chart("safety_worse", title, interval_figure(lines, overall, widgets.palette(), is_harm=True), reading,
                  (cut_sentence(len(lines), MOST_ROWS, "table"), panels.context(question, courses)), table,
                  leads.of_worse(question, found[:MOST_ROWS], lines))


@st.fragment
def item9(question: Question, key: str) -> None:
    """The tables before and after, and the four measures, at the endpoint and after session 1."""
    endpoint, first = item9_tables(question, key)
    instrument = question.instruments[key]
    st.html(f'<h2 class="chart-title">Item 9 of {escape(instrument.title)}</h2>')
    looks = {"endpoint": endpoint} | ({"first": first} if first is not None else {})
    shown = "".join('<div class="grid-scroll" tabindex="0" role="group" aria-label="Table" style="flex:1 1 16rem;'
                    f'min-width:0">{item9_html(one, when)}</div>' for when, one in looks.items())
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:0.4rem 1.6rem">{shown}</div>')
    explained = (f"{item9_words.WHEN[when]}: {item9_words.EXPLAINED[when]}" for when in looks)
    widgets.said("", (item9_words.MEANING, *explained,
                      panels.context(question, endpoint.rates["item9_increased"].courses)))
    rows = tuple(item9_words.measures_row(endpoint.rates[name], first.rates[name] if first else None, instrument)
                 for name in ITEM_9)
    widgets.table_behind("safety_item9", Grid(item9_words.HEADER, rows), "Show rates, intervals and who is left out")


def item9_html(found: Any, when: str) -> str:
    """One table of answers before and after, shaded by how many of the row; the words say which way is which."""
    n_levels = len(found.counts)
    head = "".join(f'<th scope="col" style="text-align:right;padding:0.25rem 0.6rem">{level}</th>'
                   for level in range(n_levels))
    rows = "".join(
        f'<tr><th scope="row" style="white-space:normal">{escape(item9_words.answer(level))}</th>'
        f"{''.join(_item9_cell(found.counts, level, after) for after in range(n_levels))}</tr>"
        for level in range(n_levels))
    return (f'<table class="grid"><caption style="text-align:left;font-weight:600">{escape(item9_words.WHEN[when])}'
            '</caption><thead><tr><th scope="col" style="white-space:normal">Before (rows), after (columns)</th>'
            f"{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table>"
            f'<p class="reading">{escape(item9_words.table_sentence(found, when))}</p>')


def _item9_cell(counts: Any, before: int, after: int) -> str:
    share = counts[before, after] / max(int(counts[before].sum()), 1)
    colour = "--neutral" if after == before else "--accent" if after < before else "--worsened"
    way = "same" if after == before else "lower" if after < before else "higher"
    shade = f"background:color-mix(in srgb, var({colour}) {round(55 * share)}%, transparent)"
    return (f'<td class="short" style="{shade};text-align:right;padding:0.25rem 0.6rem" title="{way}">'
            f"{count(int(counts[before, after]))}</td>")


def lists(question: Question) -> None:
    """The way to the lists of courses, for those who may see rows."""
    if not state.may_see_rows():
        return
    links = []
    for value, label in LISTS.items():
        if value == "worklist" and question.dataset.dates != "keep":
            continue
        view = page_options.with_choice(question.view, "courses.list", value)
        where = f"courses?{urlencode(address.encode_view(view, question.dataset.shape))}"
        links.append(f'<li><a href="{escape(where)}" target="_self">{escape(label)}</a></li>')
    st.html(f'<h2 class="chart-title">Lists of courses, no alerts</h2><ul class="said">{"".join(links)}</ul>')


