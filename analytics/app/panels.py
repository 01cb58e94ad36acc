"""The panels of the overview: each asks one question and shows its answer."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from analytics.app import leads, state, way_codes, widgets
from analytics.app.pages import link, pages
from analytics.app.questions import CARDS, PAIN_CARDS, Question
from analytics.definitions.measures import MEASURES
from analytics.figures.flow import flow_figure
from analytics.figures.intervals import MOST_ROWS, interval_figure
from analytics.figures.severity import severity_figure
from analytics.reports.defend import Beside, Origin, defend_sheet
from analytics.reports.sections import Grid, as_html, grid_html
from analytics.results.ground import is_recounted
from analytics.wording import flow as flow_words
from analytics.wording import overview, rates
from analytics.wording.definitions import about, measure_title, outcome_verb
from analytics.wording.numbers import count, plural
from analytics.wording.rules import attribute, rule_set_sentence


def is_countable(question: Question) -> bool:
    """Whether there is an instrument, and visits where the rules must know them."""
    return question.can_count and question.instrument is not None


def what_is_missing(question: Question) -> None:
    """What a person has to say or bring before anything can be counted."""
    if question.needs_visits:
        title, text = "Which visits are before and after?", (
            "The labels of the visits have no order that can be read. Choose the two visits on the Data page.")
    elif question.refused is not None:
        title, text = rates.NO_COURSE, question.refused
    else:
        title, text = rates.NO_COURSE, "The files hold no score of an instrument that is known. Add a file of scores."
    st.html(widgets.headline_html(rates.Headline(title, text), None, is_sample=False))
    link("data", label="Open the Data page", icon=":material/database:")


def numbers(question: Question) -> None:
    """Headline and cards, and above them the chips: drawn after the numbers, which must not wait for them."""
    summary = question.cards()
    above = st.container(horizontal=True, vertical_alignment="top", wrap=False, key="chips")
    headline = headline_result(question)
    instrument = summary.instruments[headline.instrument]
    html = [widgets.headline_html(
        rates.headline(headline, instrument), widgets.defend_address(question, instrument.key, headline.measure),
        is_sample=question.dataset.is_sample, is_internal=question.dataset.dates == "keep")]
    cards = in_card_order(summary, question.pain_card())
    st.html("".join([*html, '<div class="cards">', *(card(question, one) for one in cards), "</div>"]))
    widgets.let_the_browser_draw()
    with above:
        widgets.chips(question, summary.counts, summary.as_of)


def chips(question: Question) -> None:
    """The line of chips alone, for pages that count nothing."""
    summary = question.cards()
    with st.container(horizontal=True, vertical_alignment="top", wrap=False, key="chips"):
        widgets.chips(question, summary.counts, summary.as_of)


def card(question: Question, result: Any) -> str:
    """One result as a card, with the way to its sheet."""
    what = about(MEASURES[result.measure], question.instruments[result.instrument])
    address = widgets.defend_address(question, result.instrument, result.measure)
    return widgets.card_html(rates.card(result), result.measure, what, address)


def headline_result(question: Question) -> Any:
    """The result that the headline speaks of."""
    assert question.instrument is not None, "A headline is asked for a dataset with an instrument."
    return question.cards().result(question.instrument.key, question.headline)


def in_card_order(summary: Any, pain: Any) -> list[Any]:
    """The results as cards stand: benefit, harm, item 9, pain, follow-up last."""
    wanted = PAIN_CARDS if pain is None and summary.instruments[summary.results[0].instrument].is_pain else CARDS
    cards = sorted(summary.results, key=lambda one: wanted.index(one.measure))
    return cards if pain is None else [*cards[:-1], pain, cards[-1]]


def context(question: Question, courses: int) -> str:
    of = question.outcomes
    return overview.context_line(courses, rule_set_sentence(of.rules), of.as_of.isoformat() if of.as_of else None)


@st.fragment
def flow(question: Question) -> None:
    """Where the courses went."""
    summary = question.cards()
    result = headline_result(question)
    instrument = summary.instruments[result.instrument]
    steps = flow_words.steps(result, instrument)
    # Those still in have a list of their own at both ends alone.
    still = [leads.lead(question, f"{count(steps[0].remaining)} courses in all", "all", measure=result.measure),
             *[None] * (len(steps) - 2), leads.lead(question, f"{count(steps[-1].remaining)} judged", "judged",
                                                    measure=result.measure)][-len(steps):]
    left = [leads.lead(question, step.left, "left_out", reason=step.reason, measure=result.measure) if step.reason
            else None for step in steps]
    widgets.chart(
        "flow", "Where the courses went", flow_figure(steps, widgets.palette()),
        flow_words.flow_sentence(result, instrument),
        (flow_words.patients_sentence(summary.flows[0]), context(question, result.courses)),
        Grid(("Courses", "Still in", "Left"), tuple((count(step.remaining), step.label, step.left) for step in steps)),
        [*still, *left])


@st.fragment
def severity(question: Question) -> None:
    """From severity to severity."""
    bands, instrument = question.bands(), question.instrument
    if bands is None or instrument is None:
        return
    labels = list(bands["band"])
    before, after = bands["baseline"].to_numpy(), bands["endpoint"].to_numpy()
    total = int(before.sum())
    texts = [tuple(overview.piece_text(int(number), total) for number in pair)
             for pair in zip(before, after, strict=True)]
    widgets.chart(
        "severity", "From severity to severity", severity_figure(labels, before, after, texts, widgets.palette()),
        overview.bands_sentence(labels, before.tolist(), after.tolist(), instrument),
        (context(question, total),),
        Grid(("Band", "At the start", "At the end"), tuple(
            (label, count(one), count(other)) for label, one, other in zip(labels, before, after, strict=True))),
        [leads.lead(question, f"{label} at the {side}: {plural(int(n), 'course')}", "all", band=f"{side}_{place}")
         for side, numbers in (("start", before), ("end", after))
         for place, (label, n) in enumerate(zip(labels, numbers, strict=True))])


def strata(question: Question) -> None:
    """The headline by an attribute, in the order of its values and never of their rates."""
    names = {place: attribute(name) for place, (name, levels) in enumerate(question.dataset.shape.attributes) if levels}
    if question.by is None or not names:
        return
    title = f"{measure_title(MEASURES[question.headline])} by"
    st.html(f'<h2 class="chart-title">{escape(title)}</h2>')
    st.selectbox(title, list(names), format_func=names.__getitem__, label_visibility="collapsed", width=260,
                 **state.bound("by", question.view.by, lambda view, place: replace(
                     view, by=place, by2=None if view.by2 == place else view.by2)))
    strata_chart(question)


@st.fragment
def strata_chart(question: Question) -> None:
    """One row a value, with its interval and n."""
    summary = question.strata(question.headline)
    overall, *cells = summary.results
    lines = [rates.stratum_line(one) for one in cells]
    by = attribute(question.by or "")
    title, verb = measure_title(MEASURES[question.headline]), outcome_verb(MEASURES[question.headline])
    is_cut = len(lines) > MOST_ROWS
    more = f"The first {MOST_ROWS} of {len(lines)} values; the others are in the table." if is_cut else ""
    ways = leads.of_cells(question, cells[:MOST_ROWS], {question.by: question.view.by}, lines, question.headline)
    widgets.plot("strata", interval_figure(lines, rates.card(overall), widgets.palette()), f"{title} by {by}", ways)
    widgets.below(
        "strata", rates.strata_sentence(lines, by, verb), (more, context(question, overall.courses)),
        Grid((by, title, "Of those judged", "95 % interval", "Courses", ""), tuple(
            (line.title, line.shown, line.counts, line.interval, count(cell.courses), line.mark)
            for line, cell in zip(lines, cells, strict=True))))


@st.fragment
def time_points(question: Question) -> None:
    """The further looks of the pain series, where there is one; made when asked for, as each takes a course anew."""
    if not question.has_pain_series or not st.toggle("Pain on other days: days 1-3, weeks 1, 4 and 6", key="looks"):
        return
    looks = question.time_points()
    rows = tuple(overview.look_row(look, question.instruments[look.rate.instrument]) for look in looks)
    grid = Grid(("Scale", "After the last session", "Pain down by 30 %", "Of those judged", "95 % interval", ""), rows)
    st.html(grid_html(grid))


def notes(question: Question) -> None:
    """What else must be known about the cohort."""
    found = overview.notes(question.cards().counts, question.rules.base.gap_days)
    if found:
        st.html(widgets.text_block(found))


# --- defend this number ------------------------------------------------------------------------------


def choose_number(question: Question) -> None:
    """Another number's sheet, and how to print this one."""
    assert question.instrument is not None, "A sheet is asked for a dataset with an instrument."
    st.page_link(pages()["overview"], label="Back to the overview", icon=":material/arrow_back:")
    titles = {key: one.title for key, one in question.instruments.items()}
    st.selectbox("Instrument", list(titles), format_func=titles.__getitem__, width=220, **state.bound(
        "sheet.instrument", question.view.instrument, lambda view, key: replace(view, instrument=key)))
    names = {key: measure_title(MEASURES[key]) for key in question.measures()}
    st.selectbox("Number", list(names), format_func=names.__getitem__, width=280, **state.bound(
        "sheet.measure", question.measure, lambda view, key: replace(view, measure=key)))
    widgets.hint("Print this page with the browser: it fits one sheet.")


def origin(question: Question) -> Origin:
    """Where the numbers of this view come from."""
    of, dataset = question.outcomes, question.dataset
    return Origin(
        dataset.label, tuple((one.name, one.sha256) for one in dataset.sources), of.rules, question.where,
        dataset.mapping, of.as_of.isoformat() if of.as_of else None, dataset.is_sample,
        dataset.tables.is_turned_relative)


def beside(question: Question, result: Any) -> Beside:
    """What stands beside a number on its sheet: the old number, published figures, those lost, and harm."""
    instrument, measure = question.instrument, MEASURES[result.measure]
    assert instrument is not None, "A sheet is asked for a dataset with an instrument."
    if measure.kind != "rate" or measure.direction == "process" or measure.needs == "nhs":
        return Beside()
    old = None
    if question.view.way and is_recounted(measure, instrument):
        old = question.bridge(*way_codes.way_and_order(question.view.way), measure.key)
    return Beside(old, question.published(), question.missing(measure.key),
                  question.rate(instrument.key, "worsening").results[0], said(question, measure.key))


def said(question: Question, measure: str) -> dict[str, Any]:
    """What may be said of a number of the headline instrument, by audience outside."""
    from analytics.results.disclosure import Disclosure, Page
    from analytics.results.disclosure_said import said_of

    assert question.instrument is not None, "A sheet is asked for a dataset with an instrument."
    of, key = question.outcomes, question.instrument.key
    return {one: question.answer("said", lambda one=one: said_of(Page(of, Disclosure(one)), key, measure,
                                                                 question.where), key, measure, one)
            for one in ("board", "public")}


def sheet_html(question: Question) -> str:
    """The sheet as HTML, one page when printed."""
    assert question.instrument is not None, "A sheet is asked for a dataset with an instrument."
    result = question.rate(question.measured.key, question.measure).results[0]
    of = question.outcomes.rules
    is_pain = of.is_by_indication and question.instrument.is_pain
    rules = of.rules_for("pain_series") if is_pain else of.base
    sheet = defend_sheet(result, question.measured, origin(question), rules, beside(question, result))
    marks = "".join(f'<span class="invented">{escape(mark)}</span>' for mark in sheet.marks)
    head = f'{marks}<h1>{escape(sheet.title)}</h1><p class="lead">{escape(sheet.text)}</p>'
    return widgets.sheet(head + as_html(sheet.sections), "defence")
