"""The panels of the Compare page: who is compared, what can be said, every measure, tests behind a fold."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from analytics.app import compare_choices, comparing, dataset_notes, deck_panels, panels, widgets
from analytics.app.questions import Question
from analytics.definitions.measures import MEASURES
from analytics.figures.forest import ForestRow, forest_figure
from analytics.figures.intervals import interval_figure
from analytics.reports.sections import Grid, grid_html
from analytics.results.comparison_sides import SettledLater
from analytics.wording import comparison_tables as tables
from analytics.wording import rates
from analytics.wording.comparison import reading
from analytics.wording.comparison_before_after import before_after_reading
from analytics.wording.comparison_notes import notes
from analytics.wording.comparison_phrases import headline_of, name_of
from analytics.wording.definitions import about, measure_title

MOST_GROUPS_SHOWN, MOST_COLUMNS = 40, 8


def show(question: Question) -> None:
    """The page: sentence first, then the two sides, every measure, the start, the tests."""
    try:
        with st.spinner("Comparing in every measure ..."):
            found = comparing.comparison(question, question.measure, comparing.standing(question))
    except ValueError as reason:
        said = tables.settled_later(reason.name) if isinstance(reason, SettledLater) else str(reason)
        st.html(widgets.title_html("Compare", said))
        compare_choices.choose(question)
        return
    said = reading(found)
    st.html(widgets.title_html(tables.title(found), said[0]))
    compare_choices.choose(question)
    if len(found.groups) == 2:
        boxes(question, found)
    elif found.groups:
        rows(question, found)
    st.html(widgets.said_html(said[1:], notes(found)))
    if len(found.groups) > 1:
        primary(question, found)
    add_to_deck(question, found)
    if len(found.groups) == 2:
        forest(question)
    elif 2 < len(found.groups) <= MOST_COLUMNS:
        every_measure(question)
    if len(found.groups) > 1:
        at_the_start(question)
    tests(question, found)
    before_and_after(question, found)


def add_to_deck(question: Question, found: Any) -> None:
    """The comparison of two groups, or more of them side by side."""
    view = question.view
    if len(found.groups) == 2:
        place = view.by or 0
        values = question.dataset.shape.attributes[place][1]
        own = tuple(((place, (None if one.value is None else values.index(one.value),)),)
                    for one in found.groups) if not comparing.is_of_sides(view) else (view.side_a, view.side_b)
        deck_panels.add_button(question, "compare", question.measure, sides=own, courses=view.unit,
                               landmark=view.landmark)
    elif found.groups:
        deck_panels.add_button(question, "strata", question.measure, (view.by,))


def boxes(question: Question, found: Any) -> None:
    """The two sides, each with its own result."""
    cards = []
    for group, side in zip(found.groups, (question.view.side_a, question.view.side_b), strict=True):
        shown = rates.line(group.result, name_of(found, group.value))
        what = about(MEASURES[found.measure], question.measured)
        there = replace(question.view, filters=(*question.view.filters, *side)) if comparing.can_filter(
            question.view, side) else question.view
        assert question.instrument is not None, "A comparison is asked for a dataset with an instrument."
        # The sheet of an NHS measure is reached from one of its scales: the two together are no instrument.
        address = widgets.defend_address(replace(question, view=there), question.instrument.key, found.measure)
        cards.append(widgets.card_html(shown, found.measure, f"{what}; {tables.size_words(group)}", address))
    st.html(f'<div class="cards two">{"".join(cards)}</div>')


def rows(question: Question, found: Any) -> None:
    """More than two groups as rows with their intervals."""
    lines = [rates.drawn_line(replace(one.result, stratum={found.by: one.value})) for one in found.groups]
    title = f"{question.measured.title}, points better" if found.measure == "mean_improvement" else None
    widgets.plot("compare.groups", interval_figure(lines[:MOST_GROUPS_SHOWN], None, widgets.palette(), title),
                 tables.title(found))
    if found.pairs:
        with st.expander("Every pair", key="compare.pairs"):
            st.html(grid_html(Grid(tables.PAIRS_HEADER, tables.pairs_rows(found))))


def primary(question: Question, found: Any) -> None:
    """Declare this comparison the primary one, or withdraw that."""
    code, dataset = comparing.code(question, question.measure), question.dataset
    if found.standing.role == "primary":
        st.button("No longer the primary comparison", on_click=dataset_notes.withdraw_primary, args=(dataset,))
    else:
        st.button("Declare this the primary comparison", on_click=dataset_notes.declare_primary, args=(dataset, code),
                  help="One comparison of a dataset can be primary: choose it before looking at the others.")


@st.fragment
def forest(question: Question) -> None:
    """Every measure of the instrument: both sides and the difference."""
    found = comparing.comparisons(question)
    shares = [one for one in found if MEASURES[one.measure].kind == "rate"]
    first, second = (name_of(found[0], one.value) for one in found[0].groups)
    st.html('<h2 class="chart-title">Every measure</h2>')
    figure = forest_figure([_row(one, question.measure) for one in shares], "Difference in percentage points", first,
                           second, widgets.palette())
    widgets.plot("forest", figure, f"Differences between {first} and {second} in every measure")
    means = [one for one in found if MEASURES[one.measure].kind == "mean"]
    if means:
        unit = f"Difference in points of {question.measured.title}, at the same starting score"
        widgets.plot("forest.mean", forest_figure(
            [_row(one, question.measure) for one in means], unit, first, second, widgets.palette(), is_share=False),
            f"Difference between {first} and {second} in improvement")
    widgets.below(
        "forest", f"Right of the line {first} did better, for harm too: there fewer is better.",
        (panels.context(question, sum(one.result.courses for one in found[0].groups)),),
        Grid(tables.measures_header(found[0]), tuple(tables.measures_row(one) for one in found)))


@st.fragment
def every_measure(question: Question) -> None:
    """Every measure of the instrument in more than two groups."""
    found = comparing.comparisons(question)
    st.html('<h2 class="chart-title">Every measure</h2>')
    st.html(grid_html(Grid(tables.measures_header(found[0]), tuple(tables.measures_row(one) for one in found))))


def _row(found: Any, chosen: str) -> ForestRow:
    headline, text = headline_of(found), tables.difference_text(found)
    title = measure_title(MEASURES[found.measure])
    if headline is None or not text.endswith(")"):
        return ForestRow(title, text, None, None, None)
    return ForestRow(title, text, headline.estimate, headline.low, headline.high, found.measure == chosen)


@st.fragment
def at_the_start(question: Question) -> None:
    """The groups before treatment, with standardised differences."""
    with st.spinner("Looking at the groups before treatment ..."):
        table = comparing.table_at_the_start(question)
    st.html('<h2 class="chart-title">Before treatment</h2>')
    widgets.below("start", tables.baseline_sentence(table, question.instruments), (), Grid(
        tables.baseline_header(table), tables.baseline_rows(table, question.instruments)))


def tests(question: Question, found: Any) -> None:
    """The tests, folded: names, p-values, why, what they assume."""
    with st.expander("Tests and effect sizes", key="compare.tests"):
        st.html(grid_html(Grid(tables.TESTS_HEADER, tables.tests_rows(found))))
        second = name_of(found, found.groups[1].value) if len(found.groups) == 2 else ""
        effects = tables.effects_rows(found.effect_sizes, second)
        if effects:
            st.html(grid_html(Grid(tables.EFFECTS_HEADER, effects)))
        if found.adjusted is not None:
            widgets.hint(tables.adjusted_sentence(found))
        compare_choices.choose_unit(question)


def before_and_after(question: Question, found: Any) -> None:
    """How far the scores of each side moved, folded."""
    if len(found.groups) != 2 or not comparing.is_of_sides(question.view):
        sides = [("All courses of this view", ())]
    else:
        sides = [(name_of(found, group.value), side) for group, side in zip(
            found.groups, (question.view.side_a, question.view.side_b), strict=True)]
    with st.expander("Before and after within each group", key="compare.paired"):
        for name, side in sides:
            change = comparing.change_of(question, side)
            st.html(f'<h3 class="chart-title">{escape(name)}</h3>')
            st.html(widgets.said_html(before_after_reading(change), ()))
            effects = tables.effects_rows(change.effect_sizes)
            if effects:
                st.html(grid_html(Grid(tables.EFFECTS_HEADER, effects)))
            st.html(grid_html(Grid(tables.TESTS_HEADER, tables.tests_rows(change))))
