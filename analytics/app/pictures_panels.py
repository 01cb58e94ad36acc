"""The pictures of change: before against after, sorted changes, who reached how much, Jacobson and Truax."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.app import panels, widgets
from analytics.app.questions import Question
from analytics.definitions.instruments import Instrument
from analytics.figures.changes import ScoreLine, cumulative_figure, plane_figure, waterfall_figure
from analytics.figures.classes import classes_figure
from analytics.reports.sections import Grid
from analytics.results.changes import THRESHOLDS, changes
from analytics.results.clinical_significance import clinical_significance
from analytics.wording import changes as words


def show(question: Question) -> None:
    """All four, each with its sentence and its table."""
    assert question.instrument is not None, "Pictures are asked for a dataset with an instrument."
    key = question.instrument.key
    found = question.answer("changes", lambda: changes(question.outcomes, key, question.where), key)
    if not found.n:
        widgets.hint(words.NOBODY)
        return
    left, right = st.columns(2, gap="large")
    with left:
        plane(question, found)
        significance(question)
    with right:
        waterfall(question, found)
        cumulative(question, found)


@st.fragment
def plane(question: Question, found: Any) -> None:
    """Before against after with the lines of response, remission and reliable change."""
    instrument = question.instrument
    figure = plane_figure(
        found.baseline, found.endpoint, found.count, score_lines(instrument),
        (instrument.minimum, instrument.maximum), instrument.title, widgets.palette(),
        is_higher_better=instrument.is_higher_better)
    widgets.chart("plane", "Start against end", figure, words.plane_sentence(found),
                  (panels.context(question, found.n),), Grid(words.REGION_HEADER, words.region_rows(found)))


def score_lines(instrument: Instrument) -> list[ScoreLine]:
    """The lines over the plane; each from one border of the scale to the other."""
    low, high = instrument.minimum, instrument.maximum
    toward_better = 1 if instrument.is_higher_better else -1
    labels, fraction = words.line_labels(instrument), instrument.response.value
    lines = [ScoreLine(labels["none"], (low, low), (high, high), "dot")]
    if instrument.is_response_in_points:
        lines.append(_parallel(labels["response"], toward_better * fraction, low, high, "dash"))
    else:
        slope = 1 + toward_better * fraction
        furthest = min(high, high / slope) if slope > 0 else high
        lines.append(ScoreLine(labels["response"], (low, low * slope), (furthest, furthest * slope), "dash"))
    if instrument.remission is not None:
        line = instrument.remission.value
        lines.append(ScoreLine(labels["remission"], (low, line), (high, line), "longdash"))
    if instrument.reliable_change is not None:
        size = instrument.reliable_change.value
        lines.append(_parallel(labels["reliable"], toward_better * size, low, high, "dashdot"))
        lines.append(_parallel("", -toward_better * size, low, high, "dashdot"))
    return lines


def _parallel(label: str, shift: float, low: float, high: float, dash: str) -> ScoreLine:
    """A line of so many points' change, as far as it lies on the scale."""
    return ScoreLine(label, (low + max(0.0, -shift), low + max(0.0, shift)),
                     (high - max(0.0, shift), high - max(0.0, -shift)), dash)


def _response_fraction(instrument: Instrument) -> float | None:
    return None if instrument.is_response_in_points else instrument.response.value


@st.fragment
def waterfall(question: Question, found: Any) -> None:
    """Every course's change, sorted."""
    fraction = _response_fraction(question.instrument)
    widgets.chart("waterfall", "Every course, sorted", waterfall_figure(found.improvement, fraction, widgets.palette()),
                  words.waterfall_sentence(found), (panels.context(question, found.n),),
                  Grid(words.CURVE_HEADER, words.curve_rows(found)))


@st.fragment
def cumulative(question: Question, found: Any) -> None:
    """The share of courses that improved by at least so much."""
    n, fraction = found.n_with_fraction, _response_fraction(question.instrument)
    sentence = words.cumulative_sentence(found, None if fraction is None else round(100 * fraction))
    if n < words.SMALLEST_SHOWN:
        widgets.hint(sentence)
        return
    figure = cumulative_figure(THRESHOLDS, found.reached / n, found.low, found.high, fraction, widgets.palette())
    widgets.chart("cumulative", "How many improved by how much", figure, sentence,
                  (panels.context(question, found.n),), Grid(words.CURVE_HEADER, words.curve_rows(found)))


@st.fragment
def significance(question: Question) -> None:
    """The classes of Jacobson and Truax."""
    instrument = question.instrument
    found = question.answer("significance", lambda: clinical_significance(
        question.outcomes, instrument.key, (), question.where), instrument.key)
    title, sentence = "Clinical significance", words.significance_sentence(found, instrument)
    if found.why:
        st.html(f'<h2 class="chart-title">{title}</h2>')
        widgets.hint(sentence)
        return
    figure = classes_figure(found.baseline, found.endpoint, found.count, found.code, tuple(words.CLASS_NAMES.values()),
                            found.cut_off_score, 1.96 * found.error, (instrument.minimum, instrument.maximum),
                            instrument.title, widgets.palette())
    widgets.chart("significance", title, figure, sentence, (words.significance_context(found, instrument),),
                  Grid(("Class", "Courses", "Share"), words.significance_rows(found)))
