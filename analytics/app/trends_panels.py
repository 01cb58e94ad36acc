"""The panels of the Trends page: one chart large, the grid of signals, small charts by site."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from analytics.app import (
    dataset_notes,
    deck_panels,
    frame,
    groups_panels,
    leads,
    loading,
    page_options,
    panels,
    state,
    trend_notes,
    widgets,
)
from analytics.app.pages import link
from analytics.app.questions import Question
from analytics.app.view import View
from analytics.definitions.measures import MEASURES
from analytics.figures.signal_grid import MOST_SITES, GridMark, signal_grid_figure
from analytics.figures.trends import MOST_TICKS, Axis, Mark, Points, strips_figure, trend_figure
from analytics.reports.sections import Grid
from analytics.results import trends_periods, trends_series
from analytics.results.trends import TrendChart
from analytics.results.trends_signals import Signal
from analytics.results.trends_tally import PROCESS, Asked
from analytics.wording import trends as words
from analytics.wording import trends_table as tables
from analytics.wording.definitions import measure_title
from analytics.wording.numbers import SPACE, count, sentence_case
from analytics.wording.rules import attribute, level

PERIODS = {"auto": "Auto", "month": "Month", "quarter": "Quarter", "year": "Year"}
FROZEN = {"all": "All periods", "6": "First 6 periods", "12": "First 12 periods", "24": "First 24 periods"}
SITES = {"no": "One chart", "yes": "A chart each"}


@dataclass(frozen=True)
class Calendar:
    """What the page may show of the calendar: units, finest first, and whether it is the internal view."""

    units: tuple[trends_periods.Unit, ...]
    is_internal: bool


def calendar(question: Question) -> Calendar:
    """The calendar units that may be shown; finer than a year in the internal view alone."""
    is_internal = question.dataset.dates == "keep"
    return Calendar(trends_periods.units_of(question.outcomes, is_internal), is_internal)


def asked(question: Question) -> Asked:
    """What the large chart shows."""
    chosen = page_options.chosen(question.view, "trends.measure")
    return _asked(question, question.measure if chosen == "outcome" else chosen)


def _asked(question: Question, what: str) -> Asked:
    assert question.instrument is not None, "Trends are asked for a dataset with an instrument."
    is_measure = what in MEASURES and what not in PROCESS
    return Asked(what, question.read_from(what).key if is_measure else question.instrument.key)


def no_calendar(question: Question) -> None:
    """That there is nothing to put in order."""
    frame.title("Trends", words.NO_CALENDAR)
    link("data", label="Open the Data page", icon=":material/database:")


def show(question: Question, of_calendar: Calendar) -> None:
    """The large chart and the grid beside it."""
    one = asked(question)
    found = question.answer("trend", lambda: _trend(question, one, of_calendar), one, *_choices(question))
    title = f"{words.what(one, _title_of(question, one))} by {found.unit}"
    frame.title(title, words.sentence(found))
    widgets.hint(words.INTERNAL if of_calendar.is_internal else words.YEARS_ONLY)
    choose(question, of_calendar)
    left, right = st.columns([1.75, 1], gap="large")
    with left:
        large(question, found, title)
        add_to_deck(question, found)
    with right:
        grid(question, of_calendar)
        if has_sites(question):
            widgets.choose_option(question, "trends.sites", f"Charts by {attribute(question.by or '')}", SITES)
    table(found)


def add_to_deck(question: Question, found: trends_series.Trend) -> None:
    """The large chart, with its period."""
    what = found.asked.what
    is_process = what in PROCESS
    deck_panels.add_button(question, "trend", None if is_process else what, what=what if is_process else None,
                           period=found.unit, frozen=page_options.chosen(question.view, "trends.frozen"))


def _title_of(question: Question, one: Asked) -> str:
    """The instrument that a series is read from; empty where courses or sessions are only counted."""
    if one.kind == "count" or question.instrument is None:
        return ""
    return question.read_from(one.what).title if one.what in MEASURES else question.instrument.title


def _choices(question: Question) -> tuple[Any, ...]:
    return tuple(page_options.chosen(question.view, key) for key in ("trends.period", "trends.frozen"))


def _trend(question: Question, one: Asked, of_calendar: Calendar) -> trends_series.Trend:
    of, sessions = question.outcomes, _sessions(question, one)
    found = _periods(question, unit_of(question, one, of_calendar))
    return trends_series.trend(of, one, found, question.where, sessions, _frozen(question))


def _sessions(question: Question, one: Asked) -> Any:
    return question.sessions() if one.what == "sessions" else None


def _frozen(question: Question) -> int | None:
    chosen = page_options.chosen(question.view, "trends.frozen")
    return None if chosen == "all" else int(chosen)


def _periods(question: Question, unit: trends_periods.Unit) -> trends_periods.Periods:
    """The periods; made once for all filters."""
    return loading.answer_of(question.dataset, ("periods", question.rules, unit),
                             lambda: trends_periods.periods(question.outcomes, unit))


def unit_of(
    question: Question, one: Asked, of_calendar: Calendar, by: str | None = None
) -> trends_periods.Unit:
    """The calendar unit that is drawn: the one chosen where it may be shown, else the finest that holds enough."""
    chosen = page_options.chosen(question.view, "trends.period")
    if chosen in of_calendar.units:
        return chosen
    if chosen != "auto" or len(of_calendar.units) == 1:
        return of_calendar.units[-1]
    return question.answer("trend unit", lambda: trends_series.fitting_unit(
        question.outcomes, one, of_calendar.units, question.where, by, _sessions(question, one)), one, by)


# --- choices -----------------------------------------------------------------------------------------


def choose(question: Question, of_calendar: Calendar) -> None:
    """What is charted, by which period, and where the limits come from."""
    names = {key: measure_title(MEASURES[key]) for key in question.measures() if key not in PROCESS}
    names |= {key: words.PROCESS_TITLES[key] for key in PROCESS if key != "sessions" or _has_sessions(question)}
    columns = st.columns([1.2, 1.8, 1, 0.95], vertical_alignment="bottom")
    columns[0].selectbox("Measure", list(names), format_func=lambda key: names.get(key, key), **state.bound(
        "trends.measure", asked(question).what, _with_measure))
    units = {key: PERIODS[key] for key in ("auto", *of_calendar.units)}
    widgets.choose_option(question, "trends.period", "Period", units, columns[1])
    widgets.choose_option(question, "trends.frozen", "Limits from", FROZEN, columns[2], as_="select")
    places = {place: name for place, name in groups_panels.attributes(question).items()
              if len(question.dataset.shape.attributes[place][1]) <= MOST_SITES}
    if places:
        columns[3].selectbox("Sites by", list(places), format_func=lambda place: places.get(place, "another"),
                             **state.bound("trends.by", question.view.by if question.view.by in places else None,
                                           lambda view, place: replace(view, by=place)))


def _has_sessions(question: Question) -> bool:
    return not question.dataset.tables.sessions.empty


def _with_measure(view: View, what: str) -> View:
    if what in PROCESS:
        return page_options.with_choice(view, "trends.measure", what)
    return replace(page_options.with_choice(view, "trends.measure", "outcome"), measure=what)


# --- the large chart ---------------------------------------------------------------------------------


@st.fragment
def large(question: Question, found: trends_series.Trend, title: str) -> None:
    """One chart with its limits, changes of the process, and what it rests on."""
    own = _periods(question, found.unit)
    changes = dataset_notes.changes(question.dataset)
    spots = [own.spot_of(one.when) for one in changes]
    drawn = [(spot, number + 1) for number, spot in enumerate(spots) if spot is not None]
    chart, one = found.chart, found.asked
    names = ("", "", "")
    if chart.can_speak:
        last = int(np.flatnonzero(~np.isnan(chart.high))[-1])
        names = (words.limit(one, chart.low[last]), f"centre {words.limit(one, chart.centre)}",
                 words.limit(one, chart.high[last]))
    points = _points("", chart, found.signals, found.asked, _hollow(found), tuple(tables.point_texts(found)))
    if not np.isnan(chart.values).all():
        widgets.plot("trend", trend_figure(points, _axis(found), widgets.palette(), drawn, names),
                     f"{title}. {words.sentence(found)}", leads.of_years(question, found))
    told = words.rules_sentences(found)
    if len(told) > 1:
        st.html(widgets.list_html(told))
    widgets.said(words.WHAT_TO_DO if told else "", (
        words.chart_sentence(found), words.frozen_sentence(found), *words.standing_sentences(found), words.NO_TEST,
        words.left_out_sentence(found), panels.context(question, found.n_courses)))
    if found.chart.can_speak:
        with st.expander("How this chart is judged"):
            widgets.said("", (words.source_sentence(found), words.careful_sentence(found)))
    else:
        widgets.hint(words.source_sentence(found))
    trend_notes.show(question, [spot is not None for spot in spots], found.labels)


@st.fragment
def table(found: trends_series.Trend) -> None:
    """Every period with its numbers, over the whole width."""
    widgets.table_behind("trend", Grid(tables.header(found), tables.rows(found)), f"Show every {found.unit} as table")


def _hollow(found: trends_series.Trend) -> np.ndarray:
    return np.array([one in ("not_due", "not_over", "not_whole") for one in found.standing], dtype=bool)


def _axis(found: trends_series.Trend) -> Axis:
    title = {"endpoint_day": "Days", "mean_improvement": "Points better", "volume": "Courses",
             "sessions": "Sessions"}.get(found.asked.what, "")
    names = [words.period(label) for label in found.labels]
    if found.asked.kind != "count" and len(names) <= MOST_TICKS:
        # Every period has its label: a value then stands with the number of its courses.
        names = [f"{name}{SPACE}n {count(int(n))}" for name, n in zip(names, found.tally.n, strict=True)]
    return Axis(tuple(names), title, found.asked.kind == "p")


def _points(
    title: str, chart: TrendChart, signals: tuple[Signal, ...], one: Asked, hollow: np.ndarray,
    texts: tuple[str, ...] = (),
) -> Points:
    marks: list[Mark] = ["hollow" if is_hollow else "plain" for is_hollow in hollow]
    for signal in sorted(signals, key=lambda signal: signal.places[-1]):
        for place in signal.places:
            marks[place] = words.way(signal, one.direction) or "changed"  # type: ignore[assignment]
    return Points(title, chart.values, chart.centre, chart.low, chart.high, tuple(marks), texts)


# --- sites -------------------------------------------------------------------------------------------


def has_sites(question: Question) -> bool:
    """Whether there is an attribute with a few values to draw a chart of each."""
    return question.by is not None and len(question.dataset.shape.attributes[question.view.by or 0][1]) <= MOST_SITES


def _site_trends(question: Question, one: Asked, unit: trends_periods.Unit) -> tuple[trends_series.SiteTrend, ...]:
    return question.answer("site trends", lambda: trends_series.site_trends(
        question.outcomes, one, _periods(question, unit), question.by or "", question.where, _sessions(question, one),
        _frozen(question)), one, unit, question.by, _frozen(question))


def grid_measures(question: Question) -> tuple[str, ...]:
    """The rows of the grid: the measure of the view, then how the clinic works and measures."""
    rows = (question.measure, *PROCESS, "mean_improvement")
    return tuple(dict.fromkeys(one for one in rows if one != "sessions" or _has_sessions(question)))


@st.fragment
def grid(question: Question, of_calendar: Calendar) -> None:
    """Which charts by site hold a signal."""
    if not has_sites(question):
        widgets.hint(f"A grid of signals is drawn for an attribute of up to {MOST_SITES} values.")
        return
    unit = unit_of(question, _asked(question, question.measure), of_calendar, question.by)
    labels = _periods(question, unit).labels
    by = attribute(question.by or "")
    measures = grid_measures(question)
    rows = [_site_trends(question, _asked(question, what), unit) for what in measures]
    titles = [words.SHORT_TITLES.get(what) or measure_title(MEASURES[what]) for what in measures]
    sites = [level(question.by or "", one.site) for one in rows[0]] if rows else []
    said = [[words.site_sentence(one, name, labels) for one, name in zip(row, sites, strict=True)] for row in rows]
    marks = [GridMark(place, column, one.state, f"{titles[place]}. {said[place][column]}")
             for place, row in enumerate(rows) for column, one in enumerate(row)]
    states = [one.state for row in rows for one in row]
    reading = words.grid_sentence(states, unit)
    st.html(f'<h2 class="chart-title">{escape(f"Signals by {by} and {unit}")}</h2>')
    if set(states) != {"too_few"}:
        widgets.plot("signals", signal_grid_figure(marks, titles, sites, widgets.palette()),
                     f"Signals by {by}. {reading}")
        st.html(trend_notes.legend_html())
    judged = [one.chart.n_judged for row in rows for one in row if one.state != "too_few"]
    widgets.below("signals", reading, (words.grid_warning(len(judged), max(judged, default=0)),), Grid(
        ("", *sites), tuple((title, *(words.STATES[one.state] for one in row))
                            for title, row in zip(titles, rows, strict=True))))


def sites(question: Question, of_calendar: Calendar) -> None:
    """The large chart's series once for each site, in one scale, by name."""
    if not has_sites(question) or page_options.chosen(question.view, "trends.sites") == "no":
        return
    one = asked(question)
    unit = unit_of(question, one, of_calendar, question.by)
    found, own, by = _site_trends(question, one, unit), _periods(question, unit), question.by or ""
    names = [level(by, each.site) for each in found]
    strips = [_points(name, each.chart, each.signals, one, ~np.isnan(each.chart.values) & ~each.chart.is_judged,
                      tuple(tables.site_point_texts(each, name, own.labels)))
              for each, name in zip(found, names, strict=True)]
    axis = Axis(tuple(words.period(label) for label in own.labels), "", one.kind == "p")
    title = f"{words.what(one, _title_of(question, one))} by {unit}, each {attribute(by)}"
    reading = words.grid_sentence([each.state for each in found], unit)
    is_drawn = any(not np.isnan(each.chart.values).all() for each in found)
    st.html(f'<h2 class="chart-title">{escape(title)}</h2>')
    if is_drawn:
        widgets.plot("site trends", strips_figure(strips, axis, widgets.palette()), f"{title}. {reading}")
    widgets.below("site trends", reading, (
        "One scale for all, by name. Hollow points are not judged." if is_drawn else "",
        words.NO_TEST if is_drawn else ""),
        Grid(tables.site_header(sentence_case(attribute(by))), tuple(
            tables.site_row(each, name, own.labels) for each, name in zip(found, names, strict=True))))
