"""How far courses changed: before against after, sorted changes, and how many reached how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import SHARES, Palette, figure_of

HEIGHT = 400
_SMALLEST, _LARGEST = 5.0, 20.0


@dataclass(frozen=True)
class ScoreLine:
    """A line over the plane of before and after: what it is, and its two ends (before, after)."""

    label: str
    start: tuple[float, float]
    end: tuple[float, float]
    dash: str = "solid"


def plane_figure(
    baseline: np.ndarray, endpoint: np.ndarray, count: np.ndarray, lines: Sequence[ScoreLine],
    limits: tuple[float, float], title: str, palette: Palette, *, is_higher_better: bool,
) -> go.Figure:
    """Scores before against scores after; a circle's area is the number of courses with that pair.

    Parameters
    ----------
    lines : where response, remission, reliable change and no change lie
    limits : range of the instrument
    """
    gain = (endpoint - baseline) * (1 if is_higher_better else -1)
    colour = np.select([gain > 0, gain < 0], [palette.accent, palette.worsened], palette.muted)
    circles = go.Scatter(
        x=baseline, y=endpoint, mode="markers", customdata=count, showlegend=False,
        marker={"size": circle_sizes(count), "color": colour, "opacity": 0.75,
                "line": {"color": palette.paper, "width": 1}},
        hovertemplate="start %{x}, end %{y}: %{customdata} courses<extra></extra>")
    traces = [*(_line(one, palette) for one in lines), circles]
    return figure_of(traces, palette, HEIGHT + 20, plane_layout(limits, title))


def circle_sizes(count: np.ndarray) -> np.ndarray:
    """Diameters of circles whose areas are to each other as the counts; the smallest can still be seen."""
    return np.maximum(_LARGEST * np.sqrt(count / (count.max() if len(count) else 1)), _SMALLEST)


def plane_layout(limits: tuple[float, float], title: str) -> dict[str, Any]:
    """The plane of a scale's scores before and after, with a legend below it."""
    room = 0.03 * (limits[1] - limits[0])
    span = [limits[0] - room, limits[1] + room]
    return {
        "margin": {"l": 4, "r": 12, "t": 8, "b": 4},
        "showlegend": True, "legend": {"orientation": "h", "y": -0.2, "x": 0, "font": {"size": 12}},
        "xaxis": {"range": span, "title": {"text": f"{title} at the start, points", "font": {"size": 12}}},
        "yaxis": {"range": span, "title": {"text": f"{title} at the end, points", "font": {"size": 12}}}}


def _line(line: ScoreLine, palette: Palette) -> go.Scatter:
    return go.Scatter(x=np.array([line.start[0], line.end[0]]), y=np.array([line.start[1], line.end[1]]), mode="lines",
                      name=line.label, showlegend=bool(line.label), hoverinfo="skip",
                      line={"color": palette.text, "width": 1.5, "dash": line.dash})


def waterfall_figure(improvement: np.ndarray, response: float | None, palette: Palette) -> go.Figure:
    """One bar a course from the best change to the worst, in per cent of the start; harm below the line.

    Parameters
    ----------
    improvement : fractions of baseline, best first
    response : the fraction that counts as a response, drawn as a line; missing where it is no fraction
    """
    colour = np.select([improvement > 0, improvement < 0], [palette.accent, palette.worsened], palette.unchanged)
    # A course that doubled its score fills the picture; the table says how far it goes.
    shown = np.clip(improvement, -1, 1)
    bars = go.Bar(x=np.arange(len(shown)), y=shown, marker={"color": colour, "line": {"width": 0}},
                  customdata=improvement, hovertemplate="%{customdata:.0%} of the starting score<extra></extra>")
    shapes = [] if response is None else [_level(response, palette)]
    texts = [] if response is None else [{
        "x": 1, "xref": "paper", "xanchor": "right", "y": response, "yanchor": "bottom", "text": "response",
        "showarrow": False, "font": {"color": palette.muted, "size": 12}}]
    return figure_of([bars], palette, HEIGHT - 80, {
        "bargap": 0 if len(shown) > 80 else 0.15, "shapes": shapes, "annotations": texts,
        "xaxis": {"showticklabels": False, "showgrid": False,
                  "title": {"text": "Courses, from most improved to most worsened", "font": {"size": 12}}},
        "yaxis": {"range": [-1.05, 1.05], "tickformat": ".0%", "tickvals": [-1, -0.5, 0, 0.5, 1], "zeroline": True,
                  "zerolinecolor": palette.muted, "title": {"text": "Improvement", "font": {"size": 12}}}})


def cumulative_figure(
    thresholds: np.ndarray, share: np.ndarray, low: np.ndarray, high: np.ndarray, response: float | None,
    palette: Palette,
) -> go.Figure:
    """The share of courses that improved by at least each percentage, with its 95 % interval.

    Parameters
    ----------
    thresholds : in per cent of the start; share, low and high: fractions
    """
    band = go.Scatter(
        x=np.concatenate([thresholds, thresholds[::-1]]), y=np.concatenate([high, low[::-1]]), fill="toself",
        fillcolor=palette.accent, opacity=0.18, line={"width": 0}, hoverinfo="skip")
    curve = go.Scatter(x=thresholds, y=share, mode="lines", line={"color": palette.accent, "width": 2.5},
                       hovertemplate="%{y:.0%} improved by %{x} % or more<extra></extra>")
    shapes = [] if response is None else [{
        "type": "line", "x0": 100 * response, "x1": 100 * response, "y0": 0, "y1": 1, "yref": "paper",
        "line": {"color": palette.muted, "width": 1, "dash": "dot"}}]
    texts = [] if response is None else [{
        "x": 100 * response, "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "top", "xshift": 4,
        "text": "response", "showarrow": False, "font": {"color": palette.muted, "size": 12}}]
    return figure_of([band, curve], palette, HEIGHT - 80, {
        "shapes": shapes, "annotations": texts,
        "margin": {"l": 4, "r": 28, "t": 8, "b": 4},
        "xaxis": {"range": [0, 102], "tickvals": [0, 25, 50, 75, 100],
                  "ticktext": ["0%", "25%", "50%", "75%", "100%"],
                  "title": {"text": "Improved by at least", "font": {"size": 12}}},
        "yaxis": SHARES | {"range": [-0.03, 1.02], "title": {"text": "Share of courses", "font": {"size": 12}}}})


def _level(value: float, palette: Palette) -> dict:
    return {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": value, "y1": value,
            "line": {"color": palette.muted, "width": 1, "dash": "dot"}}
