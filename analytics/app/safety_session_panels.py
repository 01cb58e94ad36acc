"""The panels of the Safety page that rest on the forms of the sessions."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from analytics.app import deck_panels, page_options, panels, widgets
from analytics.app.questions import Question
from analytics.app.safety_panels import (
    MOST_TABLE_ROWS,
    all_forms,
    found_rates,
    lines_of,
    looked,
    phase,
    split_by,
    time_observed,
)
from analytics.definitions.safety import LEVEL_SCALES, PRESSURE_CRITERIA, SIDE_EFFECTS
from analytics.figures.intervals import MOST_ROWS, interval_figure
from analytics.figures.safety import Box, box_figure, mix_figure, share_figure
from analytics.reports.sections import Grid, grid_html
from analytics.results.safety import level_counts
from analytics.results.safety_exposure import exposure
from analytics.results.safety_spread import dose_courses, route_mix, spread_by
from analytics.wording import safety as words
from analytics.wording import safety_amounts as amounts
from analytics.wording.groups import cut_sentence
from analytics.wording.numbers import SMALLEST_SHOWN, SMALLEST_STABLE
from analytics.wording.rules import attribute, level

EFFECTS = ("any_effect", *(one.key for one in SIDE_EFFECTS), "stopped_early")
PRESSURES = ("pressure", *(one.key for one in PRESSURE_CRITERIA))
MOST_DOSE_CHARTS = 4
"""Charts of doses; what more routes and units there are stands in the tables alone."""


def show(question: Question) -> None:
    """Side effects, dissociation, blood pressure, time until ready, levels, doses, sessions a year."""
    if not len(looked(question)):
        if question.outcomes.tables.sessions.empty:
            widgets.hint(words.NO_SESSIONS)
        else:
            widgets.hint(words.forms_sentence(looked(question), phase(question)))
        return
    effects(question)
    if any(key in found_rates(question).sessions for key in EFFECTS):
        deck_panels.add_button(question, "effects", phase=phase(question))
    if split_by(question) is not None:
        by_attribute(question, split_by(question) or "")
    left, right = st.columns(2, gap="large")
    with left:
        dissociation(question)
    with right:
        blood_pressure(question)
    ready(question)
    levels(question)
    given(question)
    add_given(question)
    per_year(question)


# --- rates -------------------------------------------------------------------------------------------


@st.fragment
def effects(question: Question) -> None:
    """Every side effect per session and per course."""
    found = found_rates(question)
    keys = [key for key in EFFECTS if key in found.sessions]
    if not keys:
        widgets.hint(words.NO_FORMS)
        return
    _rates_chart(question, "effects", "Side effects, per session and per course", keys, (
        words.effects_sentence(found.sessions), words.only_yes_sentence({key: found.sessions[key] for key in keys})))


def _rates_chart(question: Question, name: str, title: str, keys: list[str], reading: tuple[str, ...]) -> None:
    found = found_rates(question)
    sessions = [words.share_line(found.sessions[key][0], words.title(key)) for key in keys]
    courses = [words.share_line(found.courses[key][0], words.title(key)) for key in keys if key in found.courses]
    rows = tuple(words.rates_row(found.sessions[key][0], found.courses[key][0] if key in found.courses else None,
                                 words.title(key)) for key in keys)
    said = " ".join(one for one in reading if one)
    widgets.chart(f"safety_{name}", title, share_figure(sessions, courses, widgets.palette()), said, (
        words.clustered_note(bool(courses)), context(question)), Grid(words.RATES_HEADER, rows))


def by_attribute(question: Question, by: str) -> None:
    """One measure per session in every stratum of an attribute."""
    found = found_rates(question, by)
    if not found.sessions:
        return
    key = widgets.choose_option(question, "safety.effect", "Per session, by attribute", {
        key: words.title(key) for key in found.sessions}, as_="select")
    if key not in found.sessions:
        widgets.hint(words.NO_FORMS)
        return
    _strata_chart(question, key, by)
    deck_panels.add_button(question, "session", key, (question.view.by,), phase=phase(question), **_lines(question))


@st.fragment
def _strata_chart(question: Question, key: str, by: str) -> None:
    found, whole = found_rates(question, by), found_rates(question).sessions[key][0]
    shares = found.sessions[key]
    lines = [words.stratum_line(one) for one in shares]
    title = f"{words.title(key)}, share of sessions by {attribute(by)}"
    rows = tuple(words.rates_row(one, found.courses[key][at] if key in found.courses else None, line.title)
                 for at, (one, line) in enumerate(zip(shares[:MOST_TABLE_ROWS], lines, strict=False)))
    widgets.chart("safety_by", title, interval_figure(
        lines, words.share_line(whole, "All"), widgets.palette(), is_harm=True), words.strata_sentence(lines, by), (
        cut_sentence(len(lines), MOST_ROWS, "table"), words.clustered_note(bool(found.courses)), context(question)),
        Grid(words.RATES_HEADER, rows))


def context(question: Question) -> str:
    """Sessions, rules and as-of in one line."""
    return f"{words.looked_words(looked(question))} {panels.context(question, int(question.stays.sum()))}"


def dissociation(question: Question) -> None:
    """How high CADSS rose over the session number, and whether it was back before leaving."""
    found = found_rates(question)
    if "cadss_above" not in found.sessions:
        widgets.hint(words.NO_CADSS)
        return
    _dissociation(question)
    deck_panels.add_button(question, "amount", name="cadss", amount="cadss", phase=phase(question))


@st.fragment
def _dissociation(question: Question) -> None:
    found = found_rates(question)
    spreads = question.answer("safety cadss", lambda: spread_by(
        looked(question), question.outcomes.patient, "cadss_peak", "number"), phase(question))
    said = words.dissociation_sentence(found.sessions, "cadss_back" in found.sessions)
    spread_chart(question, "cadss", "Highest CADSS score by session", spreads, "CADSS, points", said, is_upright=True)


def blood_pressure(question: Question) -> None:
    """Excursions per session and per course, by criterion."""
    if "pressure" not in found_rates(question).sessions:
        widgets.hint(words.NO_PRESSURE)
        return
    _blood_pressure(question)
    deck_panels.add_button(question, "pressure", phase=phase(question), **_lines(question))


def _lines(question: Question) -> dict[str, str]:
    """The lines of blood pressure as they were chosen."""
    return {name: page_options.chosen(question.view, f"safety.{name}") for name in ("reading", "rise")}


@st.fragment
def _blood_pressure(question: Question) -> None:
    found = found_rates(question).sessions
    _rates_chart(question, "pressure", "Blood pressure excursions", list(PRESSURES), (
        words.pressure_sentence(found), words.pressure_lines_words(lines_of(question))))


# --- amounts -----------------------------------------------------------------------------------------


def boxes(spreads: Any, labels: list[str]) -> list[Box]:
    """The groups as a figure draws them."""
    found = []
    for one, label in zip(spreads, labels, strict=True):
        is_shown = one.n >= SMALLEST_SHOWN
        marks = (one.tenth, one.lower, one.median, one.upper, one.ninetieth) if is_shown else (None,) * 5
        found.append(Box(label, one.n, *marks, one.n >= SMALLEST_STABLE, amounts.box_text(one, label)))
    return found


def labels_of(spreads: Any, by: str) -> list[str]:
    """What the groups are called."""
    if by == "number":
        return [amounts.number_label(one.group) for one in spreads]
    return [amounts.group_label(one.group) for one in spreads]


def short(labels: list[str]) -> list[str]:
    """The labels as a narrow axis has room for them."""
    return [label.replace(" or later", "+") for label in labels]


def spread_chart(
    question: Question, name: str, title: str, spreads: Any, axis: str, reading: str, *, is_upright: bool = False,
    by: str = "number",
) -> None:
    """Quartiles of every group, with the table behind."""
    labels = labels_of(spreads.groups, by)
    rows = tuple(amounts.spread_row(one, label) for one, label in zip(spreads.groups, labels, strict=True))
    if title:
        st.html(f'<h2 class="chart-title">{escape(title)}</h2>')
    if any(one.n >= SMALLEST_SHOWN for one in spreads.groups):
        figure = box_figure(boxes(spreads.groups, short(labels)), axis, widgets.palette(), is_upright=is_upright)
        widgets.plot(f"safety_{name}", figure, f"{title or axis}. {reading}")
    widgets.below(f"safety_{name}", reading, (amounts.spread_context(spreads), context(question)),
                  Grid(("", *amounts.SPREAD_HEADER), rows))


def ready(question: Question) -> None:
    """Minutes until ready to leave."""
    if "minutes_until_ready" not in all_forms(question).amounts:
        widgets.hint(amounts.NO_MINUTES)
        return
    st.html('<h2 class="chart-title">Minutes until ready to leave</h2>')
    by = widgets.choose_option(question, "safety.ready", "Minutes until ready, by", amounts.READY_BY)
    _ready(question, by)
    deck_panels.add_button(question, "amount", name="ready", amount="ready", along=by, phase=phase(question))


@st.fragment
def _ready(question: Question, by: str) -> None:
    spreads = question.answer("safety ready", lambda: spread_by(
        looked(question), question.outcomes.patient, "minutes_until_ready", by), phase(question), by)
    labels = labels_of(spreads.groups, by)
    said = amounts.spread_sentence(spreads.groups, "Minutes until ready", labels)
    spread_chart(question, "ready", "", spreads, "Minutes until ready to leave", said,
                 is_upright=by == "number", by=by)


@st.fragment
def levels(question: Question) -> None:
    """Sessions by level of the C-SSRS screener and of sedation, where the files hold them."""
    for found in question.answer("safety levels", lambda: level_counts(question.outcomes, looked(question)),
                                 phase(question)):
        scale = next(one for one in LEVEL_SCALES if one.key == found.scale)
        st.html(f'<h2 class="chart-title">{escape(scale.title)}</h2>'
                + grid_html(Grid(amounts.LEVELS_HEADER, amounts.level_rows(found, scale))))
        widgets.said(amounts.level_sentence(found, scale), (context(question),))


@st.fragment
def given(question: Question) -> None:
    """Routes and doses over the session number."""
    mix = question.answer("safety routes", lambda: route_mix(looked(question)), phase(question))
    names = [level("route", route) for route in mix.routes]
    numbers = [amounts.number_label(number) for number in mix.numbers]
    is_shown = mix.counts.sum(axis=0) >= SMALLEST_SHOWN
    title, said = "Route by session of the course", amounts.mix_sentence(mix)
    st.html(f'<h2 class="chart-title">{title}</h2>')
    if is_shown.any():
        widgets.plot("safety_routes", mix_figure(names, short(numbers), mix.counts, widgets.palette(), is_shown),
                     f"{title}. {said}")
    widgets.below("safety_routes", said, (amounts.MIX_CONTEXT, context(question)),
                  Grid(("Session", *names, "All"), amounts.mix_rows(mix, numbers)))
    doses = question.answer("safety doses", lambda: dose_courses(
        looked(question), question.outcomes.patient), phase(question))
    if not doses:
        return
    st.html('<h2 class="chart-title">Dose by session of the course, each route and unit by itself</h2>')
    columns = st.columns(2, gap="large")
    for at, course in enumerate(doses[:MOST_DOSE_CHARTS]):
        with columns[at % 2]:
            labels = labels_of(course.by_number, "number")
            if any(one.n >= SMALLEST_SHOWN for one in course.by_number):
                widgets.plot(f"safety_dose_{at}", box_figure(
                    boxes(course.by_number, short(labels)), amounts.dose_title(course), widgets.palette(),
                    is_upright=True), amounts.dose_sentence(course))
            widgets.said(amounts.dose_sentence(course), ())
    widgets.said("", (amounts.DOSE_CONTEXT, context(question)))
    widgets.table_behind("safety_doses", Grid(("Route and unit", "Session", *amounts.SPREAD_HEADER), tuple(
        (amounts.dose_title(course), *amounts.spread_row(one, label)) for course in doses
        for one, label in zip(course.by_number, labels_of(course.by_number, "number"), strict=True))))


def add_given(question: Question) -> None:
    """The routes, and the doses of each route and unit that has a chart."""
    doses = question.answer("safety doses", lambda: dose_courses(
        looked(question), question.outcomes.patient), phase(question))
    with st.container(horizontal=True):
        deck_panels.add_button(question, "routes", label="Routes", phase=phase(question))
        for at, course in enumerate(doses[:MOST_DOSE_CHARTS]):
            deck_panels.add_button(question, "amount", name=f"dose{at}", amount=f"dose{at}", phase=phase(question),
                                   label=widgets.markdown_safe(amounts.dose_title(course)))


@st.fragment
def per_year(question: Question) -> None:
    """Sessions per patient-year."""
    time = time_observed(question)
    found = question.answer("safety exposure", lambda: exposure(question.outcomes, time, question.stays))
    st.html('<h2 class="chart-title">Sessions per patient-year</h2>'
            + grid_html(Grid(amounts.EXPOSURE_HEADER, tuple(amounts.exposure_row(one) for one in found))))
    widgets.said(amounts.exposure_sentence(found), (amounts.exposure_context(found, time.until),
                                                  panels.context(question, int(question.stays.sum()))))
