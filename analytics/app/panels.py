"""The panels of the overview: each asks one question and shows its answer."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analytics.app import state, widgets
from analytics.app.pages import pages
from analytics.app.questions import Question
from analytics.definitions.measures import MEASURES
from analytics.figures.flow import flow_figure
from analytics.figures.intervals import MOST_ROWS, interval_figure
from analytics.figures.severity import severity_figure
from analytics.reports.sections import Grid, grid_html
from analytics.wording import flow as flow_words
from analytics.wording import overview, rates
from analytics.wording.definitions import outcome_verb
from analytics.wording.numbers import count
from analytics.wording.rules import attribute, rule_set_sentence

HEADLINE = "response"


def is_countable(question: Question) -> bool:
    """Whether there is an instrument, and visits where the rules must know them."""
    return not question.needs_visits and question.instrument is not None


def what_is_missing(question: Question) -> None:
    """What a person has to say or bring before anything can be counted."""
    if question.needs_visits:
        title, text = "Which visits are before and after?", (
            "The labels of the visits have no order that can be read. Choose the two visits on the Data page.")
    else:
        title, text = rates.NO_COURSE, "The files hold no score of an instrument that is known. Add a file of scores."
    st.html(widgets.headline_html(rates.Headline(title, text), None, is_sample=False))
    st.page_link(pages()["data"], label="Open the Data page", icon=":material/database:")


def numbers(question: Question) -> None:
    """Chips, headline and cards."""
    summary = question.cards()
    widgets.chips(question, summary.counts, summary.as_of)
    headline = summary.result(summary.flows[0].instrument, HEADLINE) or summary.results[0]
    instrument = summary.instruments[headline.instrument]
    html = [widgets.headline_html(
        rates.headline(headline, instrument), widgets.defend_address(question, instrument.key, headline.measure),
        is_sample=question.dataset.is_sample)]
    cards = [*summary.results]
    pain = question.pain_card()
    if pain is not None:
        cards.insert(len(cards) - 1, pain)
    titles = {key: one.title for key, one in question.instruments.items()}
    html += ['<div class="cards">', *(
        widgets.card_html(rates.card(one), one.measure, titles[one.instrument],
                          widgets.defend_address(question, one.instrument, one.measure)) for one in cards), "</div>"]
    st.html("".join(html))


def _context(question: Question, courses: int) -> str:
    of = question.outcomes
    return overview.context_line(courses, rule_set_sentence(of.rules), of.as_of.isoformat() if of.as_of else None)


@st.fragment
def flow(question: Question) -> None:
    """Where the courses went."""
    summary = question.cards()
    result = summary.result(summary.flows[0].instrument, HEADLINE) or summary.results[0]
    instrument = summary.instruments[result.instrument]
    steps = flow_words.steps(result, instrument)
    widgets.chart(
        "flow", "Where the courses went", flow_figure(steps, widgets.palette()),
        flow_words.flow_sentence(result, instrument),
        (flow_words.patients_sentence(summary.flows[0]), _context(question, result.courses)),
        Grid(("Courses", "Still in", "Left"), tuple((count(step.remaining), step.label, step.left) for step in steps)))


@st.fragment
def severity(question: Question) -> None:
    """From severity to severity."""
    bands, instrument = question.bands(), question.instrument
    if bands is None or instrument is None:
        return
    labels = list(bands["band"])
    before, after = bands["baseline"].to_numpy(), bands["endpoint"].to_numpy()
    total = int(before.sum())
    texts = [tuple(overview.piece_texts(label, int(number), total) for number in pair)
             for label, *pair in zip(labels, before, after, strict=True)]
    widgets.chart(
        "severity", "From severity to severity", severity_figure(labels, before, after, texts, widgets.palette()),
        overview.bands_sentence(labels, before.tolist(), after.tolist(), instrument),
        (_context(question, total),),
        Grid(("Band", "At the start", "At the end"), tuple(
            (label, count(one), count(other)) for label, one, other in zip(labels, before, after, strict=True))))


def strata(question: Question) -> None:
    """Response by an attribute, in the order of its values and never of their rates."""
    names = {place: attribute(name) for place, (name, levels) in enumerate(question.dataset.shape.attributes) if levels}
    if question.by is None or not names:
        return
    st.html('<h2 class="chart-title">Response by</h2>')
    st.selectbox("Response by", list(names), format_func=names.__getitem__, label_visibility="collapsed", width=260,
                 **state.bound("by", question.view.by, lambda view, place: replace(view, by=place)))
    strata_chart(question)


@st.fragment
def strata_chart(question: Question) -> None:
    """One row a value, with its interval and n."""
    summary = question.strata(HEADLINE)
    overall, *cells = summary.results
    lines = [rates.stratum_line(one) for one in cells]
    by = attribute(question.by or "")
    verb = outcome_verb(MEASURES[HEADLINE])
    is_cut = len(lines) > MOST_ROWS
    more = f"The first {MOST_ROWS} of {len(lines)} values; the others are in the table." if is_cut else ""
    widgets.plot("strata", interval_figure(lines, rates.card(overall), widgets.palette()), f"Response by {by}")
    widgets.below(
        "strata", rates.strata_sentence(lines, by, verb), (more, _context(question, overall.courses)),
        Grid((by, "Responded", "Of those judged", "95 % interval", "Courses", ""), tuple(
            (line.title, line.shown, line.counts, line.interval, count(cell.courses), line.mark)
            for line, cell in zip(lines, cells, strict=True))))


def time_points(question: Question) -> None:
    """The further looks of the pain series, where there is one."""
    looks = question.time_points()
    if not looks:
        return
    rows = tuple(overview.look_row(look, question.instruments[look.rate.instrument]) for look in looks)
    grid = Grid(("Scale", "After the last session", "Pain down by 30 %", "Of those judged", "95 % interval", ""), rows)
    st.html('<h2 class="chart-title">Pain, further looks</h2>' + grid_html(grid))


def notes(question: Question) -> None:
    """What else must be known about the cohort."""
    found = overview.notes(question.cards().counts, question.rules.base.gap_days)
    if found:
        st.html(widgets.text_block(found))
