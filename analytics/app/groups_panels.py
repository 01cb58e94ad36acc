"""The panels of the Groups page: one measure by one or two attributes."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from analytics.app import frame, leads, loading, panels, state, widgets
from analytics.app.questions import Question
from analytics.definitions.measures import MEASURES
from analytics.figures.funnel import FunnelMark, funnel_figure
from analytics.figures.heat import MOST_LEVELS, heat_figure
from analytics.figures.intervals import MOST_ROWS, interval_figure
from analytics.reports.sections import Grid
from analytics.results.funnels import LEAST_N, funnel_plot, is_unit
from analytics.results.groups import Groups, groups
from analytics.wording import groups as words
from analytics.wording import rates
from analytics.wording.definitions import measure_title
from analytics.wording.numbers import sentence_case
from analytics.wording.rules import attribute, level

ORDERS = {"name": "By name", "size": "By size"}
MOST_TABLE_ROWS = 500
"""More groups than this are in the download alone."""


def attributes(question: Question) -> dict[int, str]:
    """The attributes of the dataset by their places: those with a value."""
    return {place: attribute(name) for place, (name, levels) in enumerate(question.dataset.shape.attributes) if levels}


def choose(question: Question) -> None:
    """Measure, one or two attributes, and the order."""
    names, view = attributes(question), question.view
    measures = question.measures()
    columns = st.columns([1.4, 1, 1, 0.9], vertical_alignment="bottom")
    columns[0].selectbox(
        "Measure", list(measures), format_func=lambda key: measure_title(MEASURES[key]),
        **state.bound("groups.measure", question.measure, lambda view, key: replace(view, measure=key)))
    columns[1].selectbox("By", list(names), format_func=names.__getitem__, **state.bound(
        "groups.by", view.by, lambda view, place: replace(
            view, by=place, by2=None if view.by2 == place else view.by2)))
    others = [None, *(place for place in names if place != view.by)]
    columns[2].selectbox("And by", others, format_func=lambda place: "nothing else" if place is None else names[place],
                         placeholder="nothing else", **state.bound(
                             "groups.by2", view.by2, lambda view, place: replace(view, by2=place)))
    columns[3].segmented_control("Order", list(ORDERS), format_func=ORDERS.__getitem__, required=True, **state.bound(
        "groups.order", view.order, lambda view, order: replace(view, order=order or view.order)))


def show(question: Question) -> None:
    """The groups: intervals, a heat map where two attributes are crossed, the table."""
    found = found_groups(question)
    lines = [rates.drawn_line(cell) for cell in found.cells]
    names = [attribute(name) for name in found.by]
    title = words.title(question.measure, found.by)
    frame.title(title, words.sentence(question.measure, found.by, lines))
    choose(question)
    if len(found.by) == 2:
        heat(question, found, title)
    if has_funnel(question):
        left, right = st.columns([1.1, 1], gap="large")
        with left:
            st.html(f'<h2 class="chart-title beside">Every {escape(names[0])}</h2>')
            intervals(question, found, lines, title)
        with right:
            funnel(question)
    else:
        intervals(question, found, lines, title)
    table(question, found)


def has_funnel(question: Question) -> bool:
    """Whether the groups are sites or clinicians, and the measure a rate."""
    return (question.by2 is None and is_unit(question.by or "") and question.measure != "mean_improvement")


@st.fragment
def funnel(question: Question) -> None:
    """Sites or clinicians against chance."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html('<h2 class="chart-title">More than chance?</h2>')
        options_of_funnel = st.popover("Options", icon=":material/tune:")
    with options_of_funnel:
        least = st.number_input("Judge those with at least this many courses", 2, 1000, step=1,
                                **state.kept("funnel.least", LEAST_N))
        overdispersed = st.toggle("Allow for variation beyond chance", **state.kept("funnel.spread", False))
        adjusted = st.toggle("Adjust for the score at the start", **state.kept("funnel.adjusted", False))
    options = {"least_n": int(least), "is_overdispersed": overdispersed, "is_adjusted": adjusted}
    found = question.answer("funnel", lambda: funnel_plot(
        found_groups(question), question.outcomes, question.where, **options), question.measured.key,
        question.measure, question.by, question.view.order, *options.values())
    shown = [unit for unit in found.units if unit.estimate is not None and unit.n >= rates.SMALLEST_SHOWN]
    if found.target is None or not shown:
        widgets.hint(words.funnel_sentence(found))
        return
    marks = [FunnelMark(level(found.attribute, unit.value), unit.n, unit.estimate, unit.place,
                        words.funnel_text(unit, found.target)) for unit in shown]
    sentence = words.funnel_sentence(found)
    widgets.plot("funnel", funnel_figure(marks, found.target, found.curve_n, found.low, found.high, widgets.palette()),
                 sentence)
    name = sentence_case(attribute(found.attribute))
    table = Grid((name, "Result"), tuple((mark.title, mark.text) for mark in marks))
    if found.is_adjusted:
        table = Grid((name, *words.ADJUSTED_HEADER), words.adjusted_rows(found))
    widgets.below("funnel", sentence, (words.funnel_context(found),), table)


def found_groups(question: Question) -> Groups:
    """The view's measure in every cell of the view's attributes."""
    by = tuple(name for name in (question.by, question.by2) if name is not None)
    asked = (question.measured.key, question.measure, by, question.view.order)
    return question.answer("groups", lambda: groups(
        question.outcomes, question.measured.key, question.measure, by, question.where, question.view.order), *asked)


def _points_of(question: Question) -> str | None:
    is_mean = question.measure == "mean_improvement"
    return f"{question.measured.title}, points better" if is_mean else None


def heat(question: Question, found: Any, title: str) -> None:
    """The cells of two attributes as a grid; too many values are in the table alone."""
    rows, columns = found.levels
    if len(rows) > MOST_LEVELS or len(columns) > MOST_LEVELS:
        widgets.hint(f"A grid is drawn for up to {MOST_LEVELS} values of each attribute; the table holds all of them.")
        return
    at = {tuple(cell.stratum.values()): rates.drawn_line(cell) for cell in found.cells}
    cells = [[at.get((row, column)) for column in columns] for row in rows]
    texts = [[level(name, value) for value in values] for name, values in zip(found.by, (rows, columns), strict=True)]
    with st.container(key="wide_chart"):
        widgets.plot("heat", heat_figure(cells, *texts, widgets.palette(), _points_of(question)), title)


def intervals(question: Question, found: Any, lines: list[Any], title: str) -> None:
    """One row a group, with what it says and rests on."""
    overall = rates.drawn_line(replace(found.overall, stratum={"": "All courses"}))
    is_harm = MEASURES[question.measure].direction == "harm"
    places = {question.by: question.view.by, question.by2: question.view.by2}
    widgets.plot("groups", interval_figure(lines, overall, widgets.palette(), _points_of(question), is_harm=is_harm),
                 title, leads.of_cells(question, found.cells[:MOST_ROWS], places, lines, question.measure))
    widgets.said(words.small_groups(found.cells), (
        words.cut_sentence(len(lines), MOST_ROWS, "table"), panels.context(question, found.overall.courses),
        words.cut_sentence(len(lines), MOST_TABLE_ROWS, "download")))


def table(question: Question, found: Any) -> None:
    """Every number of the groups, over the whole width, and the file of them."""
    widgets.table_behind("groups", Grid(
        words.header(question.measure, found.by),
        tuple(words.row(cell, found.by) for cell in found.cells[:MOST_TABLE_ROWS])), "Show all groups as table")
    download(question)


def download(question: Question) -> None:
    """Every group with every number, as CSV."""
    def content() -> bytes:
        from analytics.reports.cells import inert_table
        from analytics.reports.outcome_files import group_rows

        rows = group_rows(found_groups(question))
        return inert_table(rows).to_csv(index=False, lineterminator="\n").encode()

    address = loading.export_address(
        state.browser(), "groups.csv", content, key=("groups", question.dataset.key, question.rules, question.view),
        needs="aggregates")
    st.html(widgets.download_html("Download all groups (CSV)", address, "groups.csv"))
