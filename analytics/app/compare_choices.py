"""What a person chooses on the Compare page: how to compare, which values or cohorts, which courses count."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from analytics.app import comparing, dataset_notes, dataset_notes_panel, groups_panels, state, widgets
from analytics.app.questions import Question
from analytics.app.view import Filters, View, with_values
from analytics.app.widgets import markdown_safe
from analytics.definitions.measures import MEASURES
from analytics.results.landmark import is_settled_later
from analytics.wording.definitions import measure_title
from analytics.wording.rules import attribute, level

WAYS = {"values": "Two values", "all": "All values", "cohorts": "Two cohorts"}
UNITS = {"first": "First counted course of each patient", "all": "All counted courses, errors by patient"}


def choose(question: Question) -> None:
    """How to compare, by what, and in which measure."""
    way = _way(question)
    columns = st.columns([1.75, 1.2, 1.1, 1.25], vertical_alignment="bottom")
    columns[0].segmented_control("Compare", list(WAYS), format_func=WAYS.__getitem__, required=True, **state.bound(
        "compare.way", way, lambda view, chosen: _change_way(question, view, chosen)))
    measures = question.measures()
    columns[1].selectbox("Measure", list(measures), format_func=lambda key: measure_title(MEASURES[key]), **state.bound(
        "compare.measure", question.measure, lambda view, key: replace(view, measure=key)))
    if way == "cohorts":
        choose_cohorts(question)
    else:
        choose_values(question, columns[2:], is_pair=way == "values")
    choose_landmark(question)


def _way(question: Question) -> str:
    """The way that the view shows; two single values may be meant as cohorts."""
    if not comparing.is_of_sides(question.view):
        return "all"
    is_meant = state.remembered("compare.way") == "cohorts"
    return "values" if comparing.is_pair_of_values(question.view) and not is_meant else "cohorts"


def _change_way(question: Question, view: View, way: str | None) -> View:
    state.remember("compare.way", way)
    if way == "all":
        return replace(view, side_a=(), side_b=())
    place = view.by if view.by is not None else 0
    return view if comparing.is_of_sides(view) and way == "cohorts" else _first_two(question, view, place)


def _first_two(question: Question, view: View, place: int) -> View:
    """The first two values of an attribute that courses of the view have."""
    there = _levels_there(question, place)[:2]
    if len(there) < 2:
        raise ValueError(f"{attribute(question.dataset.shape.attributes[place][0])} has one value only; choose another "
                         "attribute to compare by.")
    return replace(view, by=place, by2=None if view.by2 == place else view.by2, side_a=((place, (there[0],)),),
                   side_b=((place, (there[1],)),))


def _levels_there(question: Question, place: int) -> list[int | None]:
    """The values of an attribute; not recorded is none of them."""
    return list(range(len(question.dataset.shape.attributes[place][1])))


def choose_values(question: Question, columns: Any, *, is_pair: bool) -> None:
    """The attribute, and the two values of it where only two are compared."""
    names, view = groups_panels.attributes(question), question.view
    place = view.side_a[0][0] if is_pair else view.by
    columns[0].selectbox("By", list(names), format_func=names.__getitem__, **state.bound(
        "compare.by", place, lambda view, chosen: _first_two(question, view, chosen) if is_pair else replace(
            view, by=chosen, by2=None if view.by2 == chosen else view.by2)))
    if not is_pair or place is None:
        return
    name, words = question.dataset.shape.attributes[place]
    options = widgets.choices(len(words), (view.side_a[0][1][0], view.side_b[0][1][0]))
    with columns[1]:
        pair = st.columns(2)
    for column, side, label in zip(pair, ("side_a", "side_b"), ("A", "B"), strict=True):
        column.selectbox(
            label, options, help=widgets.choices_hint(len(words)),
            format_func=lambda one: level(name, None if one is None else words[one]), **state.bound(
                f"compare.{side}", getattr(view, side)[0][1][0],
                lambda view, chosen, side=side: _with_value(view, side, place, chosen)))


def _with_value(view: View, side: str, place: int, chosen: int | None) -> View:
    other = {"side_a": "side_b", "side_b": "side_a"}[side]
    changed = replace(view, **{side: ((place, (chosen,)),)})
    # The same value on both sides would be no comparison: the other side takes what this one had.
    return changed if changed.side_a != changed.side_b else replace(changed, **{other: getattr(view, side)})


# --- cohorts -----------------------------------------------------------------------------------------


def choose_cohorts(question: Question) -> None:
    """Two boxes of filters, which can be kept under a name."""
    kept = dataset_notes.cohorts(question.dataset)
    dataset_notes_panel.hidden(question, "cohort", "primary")
    for column, side, label in zip(st.columns(2, gap="large"), ("side_a", "side_b"), ("A", "B"), strict=True):
        with column, st.container(border=True):
            place = ("side_a", "side_b").index(side)
            st.markdown(f"**Cohort {label}: {markdown_safe(comparing.names_of_sides(question)[place])}**")
            if kept:
                choose_kept(question, side, kept)
            with st.expander("Filters", key=f"compare.filters.{side}"):
                choose_filters(question, side)
            keep_cohort(question, side)


def choose_kept(question: Question, side: str, kept: dict[str, Filters]) -> None:
    """A cohort that was kept under a name."""
    now = getattr(question.view, side)
    named = next((name for name, filters in kept.items() if filters == now), "")
    st.selectbox("Kept cohort", ["", *kept], format_func=lambda name: markdown_safe(name) or "none", **state.bound(
        f"compare.kept.{side}", named,
        lambda view, name: replace(view, **{side: kept[name]}) if name else view))


def choose_filters(question: Question, side: str) -> None:
    """One filter an attribute; nothing chosen means all."""
    widgets.filter_boxes(
        question, getattr(question.view, side), f"compare.{side}", attribute,
        lambda view, place, values: replace(view, **{side: with_values(getattr(view, side), place, values)}))


def keep_cohort(question: Question, side: str) -> None:
    """Keep the filters of a side under a name, or forget a name."""
    now = getattr(question.view, side)
    named = next((name for name, filters in dataset_notes.cohorts(question.dataset).items() if filters == now), None)
    if named is not None:
        st.button("Forget this cohort", key=f"compare.forget.{side}", on_click=dataset_notes.drop_cohort,
                  args=(question.dataset, named))
        return
    with st.popover("Keep under a name", disabled=not now):
        name = st.text_input("Name of the cohort", key=state.fresh(f"compare.name.{side}"), max_chars=60)
        if st.button("Keep", key=f"compare.keep.{side}", disabled=not name.strip()):
            dataset_notes.keep_cohort(question.dataset, name.strip(), now)
            state.renew(f"compare.name.{side}")
            st.rerun()


# --- what counts -------------------------------------------------------------------------------------


def choose_unit(question: Question) -> None:
    """Which courses the difference and the tests rest on."""
    st.segmented_control("Courses that are tested", list(UNITS), format_func=UNITS.__getitem__, required=True,
                         **state.bound("compare.unit", question.view.unit,
                                       lambda view, unit: replace(view, unit=unit or view.unit)))


def choose_landmark(question: Question) -> None:
    """A landmark day, offered where the groups are made by what happened after day 0."""
    view = question.view
    places = {place for place, _ in (*view.side_a, *view.side_b)} or ({view.by} if view.by is not None else set())
    is_late = any(is_settled_later(question.outcomes, question.column(question.dataset.shape.attributes[place][0]))
                  or question.dataset.shape.attributes[place][0] in ("route", "drug") for place in places)
    if not is_late and view.landmark is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input("Landmark: days from the first session", 0, 3650, value=None, step=1, width=280,
                        placeholder="Choose a day", **state.bound(
                            "compare.landmark", view.landmark, lambda view, day: replace(view, landmark=day)))
        widgets.hint("Groups that formed after the first session are compared only from a day on at which they were "
                     "settled, with the courses judged after it: otherwise staying long enough would make the groups.")
