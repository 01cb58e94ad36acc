"""The part Course of the Over time page: the curve of scores, and mood beside pain."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from analytics.app import deck_panels, loading, page_options, panels, state, widgets
from analytics.app.questions import Question, pairs
from analytics.definitions.instruments import Instrument
from analytics.figures.theme import OKABE_ITO
from analytics.figures.trajectories import Curve, MarkRow, Scale, Ticks, beside_figure, trajectory_figure
from analytics.reports.sections import Grid, grid_html
from analytics.results.trajectories import trajectories
from analytics.results.trajectories_beside import beside, other_scale
from analytics.results.trajectories_points import points, sample_lines, starting_courses
from analytics.results.trajectories_sessions import session_shares
from analytics.results.trajectories_windows import day_windows, session_windows, visit_windows
from analytics.wording import trajectories as words
from analytics.wording import trajectories_beside as beside_words
from analytics.wording import trajectories_points as points_words
from analytics.wording.numbers import count
from analytics.wording.rules import attribute

LINES = 3
"""Lines of numbers under one curve alone."""


def show(question: Question) -> None:
    """Choices, the curve, and where it is asked for mood beside pain."""
    choose(question)
    curve(question)
    deck_panels.add_button(question, "course", by=(question.view.by if _by(question) else None,),
                           axis=page_options.chosen(question.view, "course.axis"),
                           until=page_options.chosen(question.view, "course.until"))
    if page_options.chosen(question.view, "course.beside") == "yes":
        mood_and_pain(question)


def choose(question: Question) -> None:
    """What the curve counts by, how far it goes, and what is drawn with it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if question.dataset.tables.axis != "visit":
            if not question.dataset.tables.sessions.empty:
                widgets.choose_option(question, "course.axis", "Along", words.AXES)
            widgets.choose_option(question, "course.until", "Up to", words.UNTIL)
        if question.by is not None:
            widgets.choose_option(question, "course.split", "Lines", {
                "all": "All courses", "by": f"By {widgets.markdown_safe(attribute(question.by))}"})
        with st.popover("Options", icon=":material/tune:"):
            more(question)


def more(question: Question) -> None:
    """What is drawn beside the means."""
    widgets.choose_option(question, "course.beside", "Mood beside pain", {"no": "Not drawn", "yes": "Drawn below"})
    widgets.choose_option(question, "course.band", "Middle half of the scores", {
        "quartiles": "Shaded", "none": "Not drawn"})
    if state.may_see_rows():
        widgets.choose_option(question, "course.lines", "Single courses", {"no": "Not drawn", "yes": "A sample of 50"})


def axis_of(question: Question) -> str:
    """What the curve counts by: visits where the files hold no days, days where no session is before any score."""
    if question.dataset.tables.axis == "visit":
        return "visit"
    wanted = page_options.chosen(question.view, "course.axis")
    return wanted if wanted == "day" or has_sessions(question) else "day"


def is_fallen_back(question: Question, windows: Any) -> bool:
    """Whether sessions were asked for, and days are shown."""
    return windows.axis == "day" and page_options.chosen(question.view, "course.axis") == "session"


def has_sessions(question: Question) -> bool:
    """Whether any score comes after a session."""
    return bool((question.series(question.instrument.key).n_sessions > 0).any())


def windows_of(question: Question) -> Any:
    """The points of the curve under the choices."""
    axis, until = axis_of(question), int(page_options.chosen(question.view, "course.until"))
    if axis == "visit":
        return visit_windows(question.outcomes)
    if axis == "day":
        return day_windows(until)
    return question.answer("course windows", lambda: session_windows(
        question.sessions(), starts_of(question), until), question.instrument.key, until)


def starts_of(question: Question) -> np.ndarray:
    """The courses that start the curve."""
    return starting_courses(question.outcomes, question.instrument.key, question.headline, question.stays)


def points_of(question: Question, key: str) -> Any:
    """The scores of every course in every window, whatever the filters."""
    windows = windows_of(question)
    asked = (key, windows.axis, len(windows), windows.until)
    return loading.answer_of(question.dataset, ("course points", question.rules, *asked), lambda: points(
        question.outcomes, question.series(key), question.sessions(), windows))


def curve(question: Question) -> None:
    """The curve of the headline instrument, with its sentence, limits and table."""
    instrument, by = question.instrument, _by(question)
    scores = points_of(question, instrument.key)
    windows = scores.windows
    found = question.answer("course", lambda: trajectories(scores, question.headline, question.stays, by),
                            instrument.key, windows.axis, len(windows), windows.until, by)
    shares = _shares(question, windows)
    said, title = words.sentence(found, instrument), words.title(
        instrument, windows.axis, attribute(by) if by else None)
    context = (words.remaining(found), words.legend(
        found, has_band=_has_band(question), n_lines=1 if found.groups else LINES), words.more_groups(found),
               words.sessions_sentence(shares, windows.axis) if shares else "",
               words.NO_SESSIONS if is_fallen_back(question, windows) else "",
               words.who(found, instrument), panels.context(question, found.whole.started))
    st.html(f'<h2 class="chart-title">{escape(title)}</h2>')
    if not found.whole.started:
        widgets.said(said, (words.who(found, instrument),))
        return
    if has_picture(question, found):
        widgets.plot("course", figure(question, found, shares, scores), f"{title}. {said}")
        st.html(widgets.said_html((said, words.LIMITS), [line for line in context if line]))
    else:
        widgets.said(said, context[-2:])
    widgets.table_behind("course", Grid(points_words.header(found, shares), points_words.rows(found, shares)))


def has_picture(question: Question, found: Any) -> bool:
    """Whether any mean may be shown, or single courses are drawn: severity bands alone are no picture."""
    return _has_lines(question) or any(points_words.is_shown(one).any() for one in found.groups or (found.whole,))


def _has_lines(question: Question) -> bool:
    return state.may_see_rows() and page_options.chosen(question.view, "course.lines") == "yes"


def _by(question: Question) -> str | None:
    return question.by if page_options.chosen(question.view, "course.split") == "by" else None


def _has_band(question: Question) -> bool:
    return page_options.chosen(question.view, "course.band") == "quartiles" and _by(question) is None


def _shares(question: Question, windows: Any) -> Any:
    """When sessions were given; missing where the files hold none, and where the rules do not look at them."""
    if windows.axis == "visit" or question.outcomes.rules.base.counts_from_index or not len(question.sessions()):
        return None
    return question.answer("course sessions", lambda: session_shares(
        question.outcomes, question.sessions(), windows, starts_of(question)),
        question.instrument.key, windows.axis, len(windows), windows.until)


def figure(question: Question, found: Any, shares: Any, scores: Any) -> Any:
    """The picture of the curve."""
    windows, names = found.windows, points_words.window_names(found.windows)
    shown = found.groups or (found.whole,)
    places = _places(question, found.groups)
    curves = [curve_of(one, windows, names, place, has_band=_has_band(question))
              for one, place in zip(shown, places, strict=True)]
    marks = [MarkRow(name, words.PHASE_ROWS[name], windows.at, n / shares.started,
                     points_words.share_hover(name, n, shares.started, names))
             for name, n in shares.n.items() if n.any()] if shares else []
    lines = sample_lines(scores, starts_of(question)) if _has_lines(question) else None
    return trajectory_figure(curves, scale_of(question.instrument), ticks_of(question, windows), marks,
                             widgets.palette(), lines)


def _places(question: Question, groups: tuple[Any, ...]) -> list[int | None]:
    """The place of each group's colour: that of its value in the dataset, as long as no two share one."""
    if not groups:
        return [None]
    levels = question.dataset.shape.attributes[question.view.by][1]
    values = [next(iter(one.stratum.values())) for one in groups]
    places = [levels.index(value) if value in levels else len(levels) for value in values]
    is_apart = len({place % len(OKABE_ITO) for place in places}) == len(places)
    return places if is_apart else list(range(len(places)))


def curve_of(
    one: Any, windows: Any, names: Any, place: int | None, *, has_band: bool, is_beside: bool = False
) -> Curve:
    """A group as it is drawn: points of too few courses are not."""
    is_shown = points_words.is_shown(one)
    mean, low, high, first, third = (np.where(is_shown, values, np.nan) for values in (
        one.mean, one.low, one.high, one.quartiles[0], one.quartiles[2]))
    # Numbers of more than one curve stand at the labelled points alone: three lines for each would fill the page.
    lines = points_words.lines_of_n(windows, 1 if one.stratum or is_beside else LINES)
    numbers = [(windows.at[list(line)], [count(int(one.n[at])) for at in line]) for line in lines]
    name = points_words.group_name(one) if one.stratum else ""
    return Curve(name, windows.at, mean, low, high, points_words.is_firm(one), points_words.hover(one, names), numbers,
                 place, (first, third) if has_band else None)


def scale_of(instrument: Instrument) -> Scale:
    """The upright axis of an instrument."""
    return Scale(instrument.title, (instrument.minimum, instrument.maximum),
                 tuple((band.start, band.label) for band in instrument.bands), instrument.is_higher_better)


def ticks_of(question: Question, windows: Any) -> Ticks:
    """The axis below."""
    labelled, labels = points_words.ticks(windows)
    first, last = windows.at[0], windows.at[-1]
    room = 0.03 * (last - first or 1)
    is_of_scores = windows.axis == "day" and question.dataset.tables.sessions.empty
    title = words.FROM_THE_INDEX if is_of_scores else words.AXIS_TITLES[windows.axis]
    return Ticks(windows.at[list(labelled)], labels, title, (first - room, last + room))


def mood_and_pain(question: Question) -> None:
    """Both scales of the same courses, and who responded in which."""
    first, of = question.instrument, question.outcomes
    st.html('<h2 class="chart-title">Mood and pain of the same courses</h2>')
    key = loading.answer_of(question.dataset, ("other scale", question.rules, first.key),
                            lambda: other_scale(of, first.key, pairs(of)))
    if key is None:
        widgets.hint(beside_words.NO_OTHER[first.is_pain])
        return
    second, windows = question.instruments[key], windows_of(question)
    found = question.answer("beside", lambda: beside(
        of, points_of(question, first.key), points_of(question, key), question.stays),
        first.key, key, windows.axis, len(windows), windows.until)
    said = beside_words.beside_sentence(found, first, second)
    if any(points_words.is_shown(one.whole).any() for one in (found.first, found.second)):
        widgets.plot("beside", _beside_figure(question, found, first, second), said)
    widgets.said(said, (beside_words.beside_who(found, first, second),
                        panels.context(question, found.first.whole.started)))
    widgets.table_behind("beside", Grid(*beside_words.beside_table(found, first, second)))
    if found.agreement.n:
        st.html('<h3 class="chart-title">Responders in mood and in pain</h3>')
        st.html(grid_html(Grid(beside_words.agreement_header(second), beside_words.agreement_rows(found, first))))
    widgets.said(beside_words.agreement_sentence(found, first, second),
                 (beside_words.measures_sentence(found, first, second),))


def _beside_figure(question: Question, found: Any, first: Instrument, second: Instrument) -> Any:
    windows, names = found.first.windows, points_words.window_names(found.first.windows)
    has_band = page_options.chosen(question.view, "course.band") == "quartiles"
    curves = [curve_of(one.whole, windows, names, place, has_band=has_band, is_beside=True)
              for place, one in ((None, found.first), (1, found.second))]
    named = [replace(one, name=scale.title) for one, scale in zip(curves, (first, second), strict=True)]
    return beside_figure(tuple(named), (scale_of(first), scale_of(second)), ticks_of(question, windows),
                         widgets.palette())
