"""The part Durability of the Over time page: how long a response or a remission lasts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from analytics.app import deck_panels, leads, page_options, panels, survival_panels, widgets
from analytics.app.questions import Question
from analytics.figures.survival import Axis
from analytics.reports.sections import Grid, grid_html
from analytics.results.durability import durability
from analytics.results.durability_landmark import at_landmark
from analytics.results.durability_published import beside, their_rules, why_not
from analytics.results.survival_curves import curves
from analytics.results.time_to_response import counts_sessions
from analytics.wording import durability as words
from analytics.wording import survival, time_to_response
from analytics.wording.numbers import plural


def show(question: Question) -> None:
    """Choices, the curve, and a published figure beside ours where asked for."""
    if question.dataset.tables.axis == "visit":
        widgets.hint(time_to_response.NO_DAYS)
        return
    choose(question)
    curve(question)
    add_to_deck(question)
    if lost := way_to_lost(question):
        widgets.way(lost)
    survival_panels.folded("published durability", "Show beside McInnes 2022", lambda: published(question))


def add_to_deck(question: Question) -> None:
    """The curve as it is shown."""
    view, given = question.view, given_by(question)
    is_split = page_options.chosen(view, "durability.split") == "by"
    deck_panels.add_button(
        question, "durability", by=(view.by if is_split else None,), from_=lasting(question).start, given=given,
        confirm=page_options.chosen(view, "durability.confirm"), courses=view.unit,
        maintenance="censor" if lasting(question).is_censored_at_maintenance else "watch",
        landmark=page_options.chosen(view, "durability.landmark") if given else None)


def choose(question: Question) -> None:
    """From what, when it is lost, what maintenance does, and how the curve is split."""
    has_sessions = counts_sessions(question.outcomes)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if _has_remission(question):
            widgets.choose_option(question, "durability.from", "Watched", words.FROM)
        widgets.choose_option(question, "durability.confirm", "Confirmed", words.CONFIRM)
        if has_sessions:
            widgets.choose_option(question, "durability.maintenance", "Maintenance", words.MAINTENANCE)
        names = words.split_names(question.by, has_sessions=has_sessions)
        widgets.choose_option(question, "durability.split", "Curves", {
            key: widgets.markdown_safe(name) for key, name in names.items()}, st.container(width=230), as_="select")
        if given_by(question):
            widgets.choose_option(question, "durability.landmark", "Landmark after the endpoint", words.LANDMARKS)
        survival_panels.choose_unit(question)


def _has_remission(question: Question) -> bool:
    assert question.instrument is not None, "Durability is asked for a dataset with an instrument."
    return any(one.key == "remission" for one in question.outcomes.measures_of(question.instrument.key))


def given_by(question: Question) -> Any:
    """What was given that the curve is split by, from a landmark on; empty where it is not."""
    split = page_options.chosen(question.view, "durability.split")
    return split if split in words.SPLITS and counts_sessions(question.outcomes) else ""


def lasting(question: Question) -> Any:
    """Every course of the cohort that is watched after its response."""
    key = question.instrument.key
    start = page_options.chosen(question.view, "durability.from") if _has_remission(question) else "response"
    is_confirmed = page_options.chosen(question.view, "durability.confirm") == "yes"
    # A landmark compares by what was given: ending the watching at it would leave nobody in the groups that had it.
    is_censored = (page_options.chosen(question.view, "durability.maintenance") == "censor" and not given_by(question)
                   and counts_sessions(question.outcomes))
    return question.answer("durability", lambda: durability(
        question.outcomes, key, start=start, confirm=is_confirmed, censor_at_maintenance=is_censored,
        where=question.where, scores=question.series(key), sessions=question.sessions()),
        key, start, is_confirmed, is_censored)


def way_to_lost(question: Question) -> leads.Lead | None:
    """The way to the courses that lost their response; none where that list would hold others than were counted."""
    found = lasting(question)
    n = int(found.is_event.sum())
    is_list = found.start == "response" and found.is_confirmed and not found.is_censored_at_maintenance
    if not is_list or given_by(question) or not n:
        return None
    return leads.lead(question, f"See the {plural(n, 'course')} that lost the response, later courses of a patient too",
                      "lost", measure=question.headline)


@st.fragment
def curve(question: Question) -> None:
    """The share that still responds, and those still watched under the axis."""
    found, by, refused = lasting(question), given_by(question), ""
    at = None
    if by:
        at = question.answer("landmark", lambda: at_landmark(
            question.outcomes, found, by, _landmark(question), question.sessions()), *_rests_on(found), by,
            _landmark(question))
        watched, grouping = at.found, at.grouping
    else:
        is_split = page_options.chosen(question.view, "durability.split") == "by"
        watched, (grouping, refused) = found, survival_panels.grouping_of(question, is_split)
    drawn = question.answer("durability curves", lambda: curves(
        watched, question.outcomes.patient, grouping, question.view.unit), *survival_panels.asked(question),
        *_rests_on(found), by, _landmark(question), grouping.by)
    title, sentence = words.TITLES[found.start], words.sentence(found, drawn, at)
    st.html(f'<h2 class="chart-title">{title}</h2>')
    survival_panels.curve("durability", title, drawn, _axis(found, drawn, at), sentence, is_rising=False)
    widgets.said(sentence, (refused, *words.notes(found, drawn, question.instrument, at), panels.context(
        question, len(found.course) + sum(found.left_out.values()))))
    if survival.has_curve(drawn):
        survival_panels.test("durability", drawn)
        tables(found, drawn)


def tables(found: Any, drawn: Any) -> None:
    """The weeks that are told, and the medians of groups."""
    st.html(grid_html(Grid(words.medians_header(found, drawn), survival.group_rows(drawn, "days"))))
    weeks = Grid(words.weeks_header(found, drawn), words.weeks_rows(drawn))
    if drawn.by:
        widgets.table_behind("durability", weeks)
    else:
        st.html(grid_html(weeks))


def _landmark(question: Question) -> int:
    return int(page_options.chosen(question.view, "durability.landmark"))


def _rests_on(found: Any) -> tuple[Any, ...]:
    return found.start, found.is_confirmed, found.is_censored_at_maintenance


def _axis(found: Any, drawn: Any, at: Any) -> Axis:
    ticks = survival.shown_ticks(words.TICKS, drawn)
    return Axis(ticks, tuple(str(tick // survival.WEEK) for tick in ticks), words.axis(at), words.SHARE[found.start],
                words.AT_RISK[found.start])


def published(question: Question) -> None:
    """The printed shares, with our courses counted their way."""
    rules = their_rules()
    if why_not(question.outcomes):
        found = beside(question.outcomes)
    else:
        theirs = replace(question, view=replace(question.view, preset=rules.preset, settings=rules.settings))
        with st.spinner("Counting by their rules ..."):
            found = theirs.answer("published durability", lambda: beside(
                theirs.outcomes, question.where, theirs.series(rules.instrument), theirs.sessions()))
    st.html(f'<h2 class="chart-title">{words.PUBLISHED_TITLE}</h2>')
    if not found.why_not:
        st.html(grid_html(Grid(words.PUBLISHED_HEADER, words.published_rows(found))))
    st.html(widgets.said_html((), words.published_sentences(found)))
