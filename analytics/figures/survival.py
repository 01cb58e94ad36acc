"""Kaplan-Meier curves with those at risk under the ticks of the axis, in one figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import OKABE_ITO, SHARES, Palette, figure_of, literal, shortened_apart
from analytics.results.survival_curves import Steps

HEIGHT = 330
MOST_BANDS = 3
"""Intervals of more curves would hide each other; they stand in the table."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "2px 6px")
_ROW, _UNDER_AXIS, _SAMPLE, _MOST_LETTERS = 17, 46, 26, 40
_BETWEEN = 0.4
"""Rows between the numbers of one curve and the name of the next."""


@dataclass(frozen=True)
class SurvivalLine:
    """One curve.

    Attributes
    ----------
    title : empty where it is the only one
    firm : as far as enough were watched; drawn full, with its interval
    thin : the rest, drawn faint; empty where there is none
    at_risk : counts as texts, one a tick
    """

    title: str
    firm: Steps
    thin: Steps
    at_risk: tuple[str, ...]


@dataclass(frozen=True)
class Axis:
    """Where the ticks of the axis stand, what they are called, and what the axis and the rows under it count."""

    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    title: str
    share: str
    at_risk: str


@dataclass(frozen=True)
class Printed:
    """A published share: a level over the whole width, or a point at a time."""

    label: str
    share: float
    time: float | None = None


def survival_figure(
    lines: Sequence[SurvivalLine], axis: Axis, palette: Palette, printed: Sequence[Printed] = ()
) -> go.Figure:
    """The curves, and under each tick of the axis how many of each were still watched.

    The numbers belong to the figure and stand at the ticks' own places, so that no width moves them apart.
    """
    inks = [palette.accent] if len(lines) == 1 else [OKABE_ITO[place % len(OKABE_ITO)] for place in range(len(lines))]
    traces = [trace for place, line in enumerate(lines) for trace in _line(
        line, inks[place], DASHES[place % len(DASHES)], has_band=len(lines) <= MOST_BANDS)]
    texts, samples = _at_risk(lines, axis, inks, palette)
    levels, names = _printed(printed, palette)
    bottom = _UNDER_AXIS + _ROW * n_rows(lines)
    last = axis.ticks[-1]
    return figure_of([*traces, *_points(printed, palette)], palette, HEIGHT + bottom, {
        "annotations": [*texts, *names], "shapes": [*samples, *levels],
        "margin": {"l": 4, "r": 18, "t": 10, "b": bottom},
        "xaxis": {"range": [-0.02 * last, 1.03 * last], "tickvals": list(axis.ticks), "ticktext": list(axis.labels),
                  "automargin": False, "tickfont": {"color": palette.muted}, "title": {
                      "text": axis.title, "font": {"size": 12}, "standoff": 6}},
        "yaxis": SHARES | {"range": [-0.02, 1.02], "tickfont": {"color": palette.muted},
                           "title": {"text": axis.share, "font": {"size": 12}, "standoff": 10}}})


def n_rows(lines: Sequence[SurvivalLine]) -> float:
    """Rows of text under the axis: what they count, and the name and the numbers of each curve."""
    return 1 + sum(1 + (1 + _BETWEEN) * bool(line.title) for line in lines)


def _line(line: SurvivalLine, ink: str, dash: str, *, has_band: bool) -> list[go.Scatter]:
    drawn = []
    if has_band:
        known = ~np.isnan(line.firm.low)
        edge = {"mode": "lines", "hoverinfo": "skip", "line": {"width": 0, "shape": "hv", "color": ink}}
        drawn = [go.Scatter(x=line.firm.times[known], y=line.firm.low[known], **edge),
                 go.Scatter(x=line.firm.times[known], y=line.firm.high[known], fill="tonexty",
                            fillcolor=_see_through(ink), **edge)]
    name = f"{literal(line.title)}<br>" if line.title else ""
    shared = {"mode": "lines", "hovertemplate": name + "%{x:.0f}: %{y:.0%}<extra></extra>"}
    drawn.append(go.Scatter(x=line.firm.times, y=line.firm.share, name=literal(line.title),
                            line={"color": ink, "width": 2.5, "dash": dash, "shape": "hv"}, **shared))
    if len(line.thin.times):
        drawn.append(go.Scatter(x=line.thin.times, y=line.thin.share, opacity=0.75,
                                line={"color": ink, "width": 1.2, "dash": "dot", "shape": "hv"}, **shared))
    return drawn


def _see_through(ink: str) -> str:
    red, green, blue = (int(ink[place:place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.16)"


def _at_risk(
    lines: Sequence[SurvivalLine], axis: Axis, inks: Sequence[str], palette: Palette
) -> tuple[list[dict], list[dict]]:
    """The rows under the axis: texts, and a piece of each curve's line beside its name."""
    def text(words: str, row: float, **more: object) -> dict:
        return {"text": words, "y": 0, "yref": "paper", "yanchor": "top", "yshift": -_UNDER_AXIS - row * _ROW,
                "showarrow": False, "font": {"size": 12, "color": palette.text}} | more

    at_left = {"x": 0, "xref": "paper", "xanchor": "left"}
    texts = [text(axis.at_risk, 0, **at_left, font={"size": 12, "color": palette.muted})]
    samples, row = [], 1.0
    names = shortened_apart([line.title for line in lines], _MOST_LETTERS)
    for place, line in enumerate(lines):
        if line.title:
            texts.append(text(literal(names[place]), row, **at_left, xshift=_SAMPLE + 6))
            middle = -_UNDER_AXIS - row * _ROW - _ROW / 2
            samples.append({
                "type": "line", "xref": "paper", "xsizemode": "pixel", "xanchor": 0, "x0": 0, "x1": _SAMPLE,
                "yref": "paper", "ysizemode": "pixel", "yanchor": 0, "y0": middle, "y1": middle,
                "line": {"color": inks[place], "width": 2.5, "dash": DASHES[place % len(DASHES)]}})
            row += 1
        texts += [text(number, row, x=tick, xref="x", xanchor="center")
                  for tick, number in zip(axis.ticks, line.at_risk, strict=True)]
        row += 1 + _BETWEEN * bool(line.title)
    return texts, samples


def _printed(printed: Sequence[Printed], palette: Palette) -> tuple[list[dict], list[dict]]:
    """A level and the name of each published share."""
    levels = [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": one.share, "y1": one.share, "layer": "below",
               "line": {"color": palette.muted, "width": 1.2, "dash": "dash"}} for one in printed if one.time is None]
    names = [{"x": 0.01, "xref": "paper", "xanchor": "left", "y": one.share, "yanchor": "bottom", "text": one.label,
              "showarrow": False, "font": {"size": 12, "color": palette.muted}} if one.time is None else
             {"x": one.time, "xanchor": "left", "xshift": 9, "y": one.share, "text": one.label, "showarrow": False,
              "font": {"size": 12, "color": palette.muted}} for one in printed]
    return levels, names


def _points(printed: Sequence[Printed], palette: Palette) -> list[go.Scatter]:
    points = [one for one in printed if one.time is not None]
    if not points:
        return []
    return [go.Scatter(
        x=np.array([one.time for one in points], dtype=float), y=np.array([one.share for one in points]),
        mode="markers", hoverinfo="skip",
        marker={"symbol": "diamond-open", "size": 10, "color": palette.text, "line": {"width": 2}})]
