"""Control charts: points over time between their limits, and the same of every site in strips of one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import SHARES, Palette, figure_of, literal, shortened_apart

HEIGHT = 400
STRIP = 132
MOST_TICKS = 8

_LABEL_LENGTH = 40
_NAME_ROOM = 0.06
"""The part of the axis that a line's name is high."""

Mark = Literal["plain", "better", "worse", "changed", "hollow"]

SYMBOLS: dict[str, str] = {"plain": "circle", "better": "triangle-up", "worse": "triangle-down", "changed": "diamond",
                           "hollow": "circle-open"}
"""Shapes of the points; the grid of signals has the same."""


@dataclass(frozen=True)
class Points:
    """One series as it is drawn; arrays of one element a period.

    Attributes
    ----------
    title : what stands over a strip; empty on the large chart
    values : nan where nothing is drawn
    centre, low, high : nan where there is none
    marks : how each point is drawn
    texts : what a pointer over each point says
    """

    title: str
    values: np.ndarray
    centre: float
    low: np.ndarray
    high: np.ndarray
    marks: tuple[Mark, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Axis:
    """The two axes.

    Attributes
    ----------
    periods : the name of every period, in order
    title : what the values are, with their unit; empty for rates
    is_rate : whether values are fractions, drawn from 0 to 100 %
    """

    periods: tuple[str, ...]
    title: str
    is_rate: bool


def trend_figure(
    points: Points, axis: Axis, palette: Palette, changes: Sequence[tuple[float, int]] = (),
    names: tuple[str, str, str] = ("", "", ""),
) -> go.Figure:
    """One large chart.

    Parameters
    ----------
    changes : where a change of the process is drawn (a place on the axis of periods), and its number in the list
    names : what stands at the right end of the lower limit, the centre and the upper limit
    """
    lines = [{"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper",
              "line": {"color": palette.muted, "width": 1.5, "dash": "dash"}} for at, _ in changes]
    numbers = [{"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "text": f"<b>{number}</b>", "showarrow": False,
                "font": {"size": 12, "color": palette.text}, "bgcolor": palette.paper} for at, number in changes]
    values = _values([points], axis)
    edges = _edge_names(points, names, palette, values["range"])
    return figure_of(_traces(points, palette), palette, HEIGHT, {
        "margin": {"l": 4, "r": 84 if edges else 8, "t": 22, "b": 4}, "shapes": lines,
        "annotations": [*numbers, *edges], "xaxis": _periods(axis), "yaxis": values})


def strips_figure(strips: Sequence[Points], axis: Axis, palette: Palette) -> go.Figure:
    """One strip a site, one under the other: the same periods, the same scale."""
    n = max(len(strips), 1)
    height = STRIP * n + 30
    gap = 26 / height
    traces, layout, names = [], {}, []
    titles = shortened_apart([strip.title for strip in strips], _LABEL_LENGTH)
    for place, strip in enumerate(strips):
        suffix = "" if place == 0 else str(place + 1)
        top = 1 - place / n
        traces += _traces(strip, palette, f"y{suffix}")
        layout[f"yaxis{suffix}"] = _values(strips, axis, few=True) | {
            "domain": [max(top - 1 / n + 10 / height, 0), top - gap], "gridcolor": palette.grid, "zeroline": False,
            "fixedrange": True, "automargin": True}
        names.append({"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "top",
                      "text": f"<b>{literal(titles[place])}</b>", "showarrow": False,
                      "font": {"size": 13, "color": palette.text}})
    return figure_of(traces, palette, height, layout | {
        "annotations": names, "margin": {"l": 4, "r": 12, "t": 4, "b": 4},
        "xaxis": _periods(axis) | {"anchor": f"y{n if n > 1 else ''}"}})


def _traces(points: Points, palette: Palette, yaxis: str = "y") -> list[go.Scatter]:
    places = np.arange(len(points.values))
    found = [_step(places, edge, palette, yaxis) for edge in (points.low, points.high)]
    centre = np.where(np.isnan(points.low), np.nan, points.centre)
    found.append(go.Scatter(x=places, y=centre, mode="lines", hoverinfo="skip", yaxis=yaxis,
                            line={"color": palette.muted, "width": 1, "dash": "dot"}))
    found.append(go.Scatter(x=places, y=points.values, mode="lines", hoverinfo="skip", yaxis=yaxis,
                            line={"color": palette.muted, "width": 1}))
    return [*found, _markers(points, palette, yaxis)]


def _step(places: np.ndarray, edge: np.ndarray, palette: Palette, yaxis: str) -> go.Scatter:
    """A limit as a stair: it belongs to a period and has no slope between two."""
    return go.Scatter(x=places, y=edge, mode="lines", hoverinfo="skip", yaxis=yaxis,
                      line={"color": palette.unchanged, "width": 1.5, "shape": "hvh"})


def _markers(points: Points, palette: Palette, yaxis: str) -> go.Scatter:
    colours = {"plain": palette.muted, "better": palette.accent, "worse": palette.worsened, "changed": palette.text,
               "hollow": palette.muted}
    shown = np.flatnonzero(~np.isnan(points.values))
    marks = [points.marks[place] for place in shown]
    texts = [literal(points.texts[place]) for place in shown] if points.texts else None
    colour = [colours[mark] for mark in marks]
    return go.Scatter(
        x=shown, y=points.values[shown], mode="markers", yaxis=yaxis, text=texts, customdata=shown,
        hovertemplate="%{text}<extra></extra>" if texts else None, hoverinfo=None if texts else "skip",
        marker={"symbol": [SYMBOLS[mark] for mark in marks], "color": colour, "opacity": 1,
                "size": [7 if mark in ("plain", "hollow") else 12 for mark in marks],
                "line": {"width": [1.5 if mark == "hollow" else 0 for mark in marks], "color": colour}})


def _periods(axis: Axis) -> dict:
    n = len(axis.periods)
    step = max(-(-n // MOST_TICKS), 1)
    if n > 12 and step in (4, 5):
        step = 6
    places = np.arange(0, n, step)
    # Month over year: side by side they would run into each other on a phone.
    texts = [literal(axis.periods[place]).replace("\N{NO-BREAK SPACE}", "<br>") for place in places]
    return {"tickvals": places, "ticktext": texts, "showgrid": False, "range": [-0.6, max(n, 1) - 0.4], "tickangle": 0,
            "ticks": "outside", "ticklen": 4}


def _values(series: Sequence[Points], axis: Axis, *, few: bool = False) -> dict:
    if axis.is_rate:
        ticks = {"tickvals": [0, 0.5, 1], "tickformat": ".0%"} if few else SHARES
        return ticks | {"range": [-0.03, 1.03]}
    ends = np.concatenate([np.concatenate([one.values, one.low, one.high, [0.0]]) for one in series] or [np.zeros(1)])
    known = ends[~np.isnan(ends)]
    low, high = min(0.0, float(known.min())), max(float(known.max()), 1.0)
    hair = 0.05 * (high - low)
    title = {} if few else {"title": {"text": axis.title, "font": {"size": 12}}}
    return title | {"range": [low - (hair if low < 0 else 0.3 * hair), high + hair], "nticks": 4 if few else 6}


def _edge_names(points: Points, names: tuple[str, str, str], palette: Palette, span: Sequence[float]) -> list[dict]:
    """The names of the three lines at their right ends; a limit too close to the centre goes without."""
    judged = np.flatnonzero(~np.isnan(points.high))
    if not len(judged):
        return []
    last, room = judged[-1], _NAME_ROOM * (span[1] - span[0])
    heights = (points.low[last], points.centre, points.high[last])
    return [{"x": 1, "xref": "paper", "xanchor": "left", "xshift": 4, "y": float(height), "text": name, "align": "left",
             "showarrow": False, "font": {"size": 12, "color": palette.muted}}
            for place, (height, name) in enumerate(zip(heights, names, strict=True))
            if name and (place == 1 or abs(height - points.centre) >= room)]
