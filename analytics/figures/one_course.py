"""One course on one axis of days: a panel for each instrument, and the sessions under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.definitions.rules import Window
from analytics.figures.theme import Palette, figure_of, literal, shortened
from analytics.results.one_course import OneCourse, Scored
from analytics.wording.one_course import day_words, points_of
from analytics.wording.one_course_rows import ROLES, dose, session_text, sessions_text

_PANEL, _STRIP, _ABOVE, _BELOW, _GAP = 150, 74, 34, 46, 34
"""Heights in pixels: a panel, the strip of sessions, above and below, and between panels."""

_ROOM_OF_A_DOSE = 0.13
"""Sessions closer than this share of the axis carry no dose in the figure; each has it in the table."""


@dataclass(frozen=True)
class Panel:
    """The scores of one instrument.

    Attributes
    ----------
    day, total : arrays, by day; role of each: ``baseline``, ``endpoint`` or empty
    texts : what each says when pointed at
    low, high : of the scale; ``line`` where a case begins
    windows : of the start and of the end, days from day 0; an open end reaches the edge
    """

    title: str
    day: np.ndarray
    total: np.ndarray
    role: tuple[str, ...]
    texts: tuple[str, ...]
    shown: tuple[str, ...]
    low: float
    high: float
    line: float
    windows: tuple[Window | None, Window | None]


@dataclass(frozen=True)
class Ticks:
    """The sessions: day, whether of the induction, whether with a side effect; dose and text of each, and of all."""

    day: np.ndarray
    is_induction: np.ndarray
    has_effect: np.ndarray
    doses: tuple[str, ...]
    texts: tuple[str, ...]
    summary: str


LEGEND = ("Filled: the scores that stand for start and end. Dotted: where a case begins. Shaded: the windows in which "
          "start and, framed, end must lie. Ticks: sessions, long for induction, short for others. Triangle: a "
          "session with a side effect.")
"""What the marks mean."""

MOST_PANELS = 6


def panels_of(course: OneCourse, first: str) -> list[Panel]:
    """A panel for each instrument with a score on a day of the course, that of the headline first; none for visits."""
    if not course.has_days:
        return []
    keys = sorted(course.scored, key=lambda key: key != first)
    shown = [course.scored[key] for key in keys if course.scored[key].points]
    return [_panel(scored) for scored in shown[:MOST_PANELS]]


def _panel(scored: Scored) -> Panel:
    instrument = scored.instrument
    texts = tuple(f"{points_of(point)} on {day_words(point.day)}" + (f": {ROLES[role]} score" if role else "")
                  for point, role in zip(scored.points, scored.role, strict=True))
    return Panel(
        instrument.title, np.array([point.day for point in scored.points], dtype=float),
        np.array([point.total for point in scored.points], dtype=float), scored.role, texts,
        tuple(points_of(point) for point in scored.points), instrument.minimum, instrument.maximum,
        instrument.caseness.value, (scored.baseline_window, scored.endpoint_window))


def ticks_of(course: OneCourse) -> Ticks:
    """The sessions of a course."""
    given = course.sessions
    return Ticks(np.array([one.day for one in given], dtype=float),
                 np.array([one.phase == "induction" for one in given], dtype=bool),
                 np.array([bool(one.effects) for one in given], dtype=bool),
                 tuple(literal(dose(one)) for one in given), tuple(literal(session_text(one)) for one in given),
                 literal(sessions_text(given)))


def one_course_figure(panels: Sequence[Panel], ticks: Ticks, palette: Palette, next_day: int | None) -> go.Figure:
    """Scores over days, one panel an instrument; below them a tick for each session.

    Parameters
    ----------
    next_day : first day of the patient's next course, drawn as a line; missing without one
    """
    n_panels = len(panels)
    height = _ABOVE + n_panels * (_PANEL + _GAP) + _STRIP + _BELOW
    inner = height - _ABOVE - _BELOW
    left, right = _span(panels, ticks, next_day)
    traces: list[Any] = []
    axes, shapes, texts = {}, [], []
    for place, panel in enumerate(panels):
        name = f"y{place + 2}"
        top = 1 - place * (_PANEL + _GAP) / inner
        room = 0.08 * (panel.high - panel.low)
        axes[f"yaxis{place + 2}"] = {
            "domain": [top - _PANEL / inner, top], "range": [panel.low - room, panel.high + 3 * room], "anchor": "x",
            "gridcolor": palette.grid, "zeroline": False, "fixedrange": True, "nticks": 4, "automargin": True,
            "tickfont": {"color": palette.muted}}
        traces += _scores(panel, name, palette)
        shapes += _windows(panel, name, left, right, palette)
        texts.append(_note(f"<b>{literal(shortened(panel.title, 44))}</b>", 0, top, palette.text, "left", y_shift=18))
    traces += _sessions(ticks, right - left, palette)
    texts.append(_note(f"<b>Sessions</b> {ticks.summary}", 0, _STRIP / inner, palette.text, "left", y_shift=18))
    if next_day is not None and left <= next_day <= right:
        shapes.append({"type": "line", "x0": next_day, "x1": next_day, "y0": 0, "y1": 1, "yref": "paper",
                       "line": {"color": palette.muted, "width": 1, "dash": "dash"}})
        texts.append({"x": next_day, "y": _STRIP / inner, "yref": "paper", "text": "next course", "showarrow": False,
                      "xanchor": "right", "yanchor": "bottom", "font": {"color": palette.muted, "size": 12}})
    return figure_of(traces, palette, height, {
        "margin": {"l": 4, "r": 8, "t": _ABOVE, "b": _BELOW}, "shapes": shapes, "annotations": texts,
        "xaxis": {"range": [left, right], "anchor": "y", "domain": [0, 1], "tickfont": {"color": palette.muted},
                  "title": {"text": "Days from the first session", "font": {"size": 12, "color": palette.muted}}},
        "yaxis": {"domain": [0, _STRIP / inner], "range": [-0.6, 1.5], "showgrid": False, "tickvals": []}} | axes)


def _span(panels: Sequence[Panel], ticks: Ticks, next_day: int | None) -> tuple[float, float]:
    """The days to be shown: every score, session and closed window, and a little more."""
    ends = [end for panel in panels for window in panel.windows if window for end in window if end is not None]
    days = np.concatenate([*(panel.day for panel in panels), ticks.day, np.array([0, *ends], dtype=float)])
    low, high = float(days.min()), float(days.max())
    room = max(2.0, 0.03 * (high - low))
    return low - room, high + room


def _scores(panel: Panel, axis: str, palette: Palette) -> list[go.Scatter]:
    """A line through the scores; those that stand for before and after are filled and carry their number."""
    is_chosen = np.array([bool(one) for one in panel.role], dtype=bool)
    names = np.array([shown if one else "" for shown, one in zip(panel.shown, panel.role, strict=True)])
    line = go.Scatter(x=np.array(_ends(panel)), y=np.full(2, panel.line), mode="lines", yaxis=axis,
                      hoverinfo="skip", line={"color": palette.muted, "width": 1, "dash": "dot"})
    marks = go.Scatter(
        x=panel.day, y=panel.total, mode="lines+markers+text", yaxis=axis, text=names, textposition="top center",
        textfont={"color": palette.text, "size": 14}, cliponaxis=False, customdata=np.array(panel.texts),
        hovertemplate="%{customdata}<extra></extra>", line={"color": palette.unchanged, "width": 1.5},
        marker={"size": np.where(is_chosen, 13, 9), "color": np.where(is_chosen, palette.accent, palette.paper),
                "line": {"color": np.where(is_chosen, palette.accent, palette.muted), "width": 2}})
    return [line, marks] if len(panel.day) else [line]


def _ends(panel: Panel) -> tuple[float, float]:
    """From the first to the last day of the panel's scores and closed windows."""
    ends = [end for window in panel.windows if window for end in window if end is not None]
    days = np.concatenate([panel.day, np.array([0, *ends], dtype=float)])
    return float(days.min()), float(days.max())


def _windows(panel: Panel, axis: str, left: float, right: float, palette: Palette) -> list[dict]:
    """The windows as bands behind the scores; the end's has a frame, so that shade is not all that tells them apart."""
    found = []
    for window, colour, is_end in zip(panel.windows, (palette.severity[0], palette.severity[1]), (False, True),
                                      strict=True):
        if window is not None:
            low, high = _edges(window, left, right)
            found.append({"type": "rect", "x0": low, "x1": high, "y0": 0, "y1": 1, "yref": f"{axis} domain",
                          "layer": "below", "fillcolor": colour, "opacity": 0.55,
                          "line": {"width": 1 if is_end else 0, "color": palette.accent}})
    return found


def _edges(window: Window, left: float, right: float) -> tuple[float, float]:
    """Half a day around both days, which are inside; an open end reaches the edge."""
    low, high = window
    return (left if low is None else low - 0.5), (right if high is None else high + 0.5)


def _sessions(ticks: Ticks, span: float, palette: Palette) -> list[go.Scatter]:
    """A tick a session: thick for induction, thin for maintenance; a triangle above one with a side effect."""
    if not len(ticks.day):
        return []
    has_room = np.diff(ticks.day, prepend=-np.inf) > _ROOM_OF_A_DOSE * span
    doses = np.where(has_room.all(), np.array(ticks.doses), "")
    marks = go.Scatter(
        x=ticks.day, y=np.zeros(len(ticks.day)), mode="markers+text", text=doses, textposition="bottom center",
        textfont={"size": 12, "color": palette.muted}, customdata=np.array(ticks.texts), cliponaxis=False,
        hovertemplate="%{customdata}<extra></extra>",
        marker={"symbol": "line-ns", "size": np.where(ticks.is_induction, 18, 11),
                "line": {"width": np.where(ticks.is_induction, 3, 1.5), "color": palette.text}})
    side = ticks.day[ticks.has_effect]
    effects = go.Scatter(
        x=side, y=np.full(len(side), 0.95), mode="markers", hoverinfo="text",
        hovertext=np.array(ticks.texts)[ticks.has_effect],
        marker={"symbol": "triangle-down", "size": 10, "color": palette.worsened})
    return [marks, effects]


def _note(text: str, x: float, y: float, colour: str, side: str, y_shift: int) -> dict:
    return {"x": x, "xref": "paper", "xanchor": side, "y": y, "yref": "paper", "yanchor": "bottom", "text": text,
            "showarrow": False, "yshift": y_shift - 16, "font": {"color": colour, "size": 13}}
