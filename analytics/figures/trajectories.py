"""The course of scores: curves over severity bands, sessions and numbers of courses exactly under the axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import OKABE_ITO, Palette, figure_of, literal, severity_places, shortened, shortened_apart

CURVE, PANEL, ROW, AXIS = 330, 220, 20, 46
"""Heights in pixels: the curves, one of two panels, one row under the axis, the axis with its title."""

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "pentagon", "star")
PHASE_SYMBOLS = {"induction": "circle", "maintenance": "diamond", "booster": "triangle-up"}

_LARGEST, _SMALLEST = 17.0, 4.0
_BAND_LABEL = 20
_NAME = 24
_STEP = 0.006


@dataclass(frozen=True)
class Curve:
    """One group's curve.

    Attributes
    ----------
    name : as the legend names it; empty where the picture holds one curve only
    at, mean, low, high : one element a point; a mean that may not be shown is nan
    is_firm : whether a point is drawn full, and the line to it whole
    texts : what a pointer over each point says
    place : of its colour and symbol; missing for the accent and a circle
    quartiles : lower and upper edge of the band, missing where none is drawn
    n : lines of numbers under the axis: on each the places of points and their texts
    """

    name: str
    at: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    is_firm: np.ndarray
    texts: Sequence[str]
    n: Sequence[tuple[np.ndarray, Sequence[str]]]
    place: int | None = None
    quartiles: tuple[np.ndarray, np.ndarray] | None = None


@dataclass(frozen=True)
class MarkRow:
    """One phase of sessions under the axis: how large each mark is (0 to 1) and what a pointer over it says."""

    phase: str
    label: str
    at: np.ndarray
    share: np.ndarray
    texts: Sequence[str]


@dataclass(frozen=True)
class Scale:
    """The scale on the upright axis: its name, range, and the severity bands by their starts, lowest first."""

    title: str
    limits: tuple[float, float]
    bands: tuple[tuple[float, str], ...] = ()
    is_higher_better: bool = False


@dataclass(frozen=True)
class Ticks:
    """The axis below: places of labelled points, their labels, its title, and how far it reaches."""

    at: np.ndarray
    labels: Sequence[str]
    title: str
    reach: tuple[float, float]


def trajectory_figure(
    curves: Sequence[Curve], scale: Scale, ticks: Ticks, marks: Sequence[MarkRow], palette: Palette,
    lines: tuple[np.ndarray, np.ndarray] | None = None,
) -> go.Figure:
    """Curves of one scale, sessions as marks and numbers of courses under the axis.

    Parameters
    ----------
    lines : places and scores of single courses, nan between two; only for people who may see rows
    """
    n_rows = 2 * len(marks) + sum(1 + len(curve.n) for curve in curves)
    height = CURVE + AXIS + ROW * n_rows
    bottom = (ROW * n_rows) / (height - 8)
    floor = 1 - CURVE / (height - 8)
    traces = [_single_lines(lines, palette)] if lines is not None else []
    for curve in _apart(curves, ticks):
        traces += _curve(curve, palette)
    under, texts = _under(curves, marks, palette)
    short = shortened_apart([curve.name for curve in curves], _NAME)
    names = [one for curve, name in zip(curves, short, strict=True) for one in _legend(curve, name, palette)]
    return figure_of([*traces, *under, *names], palette, height, _layout(
        scale, ticks, palette, floor, n_rows, bottom, has_legend=bool(names)) | {
            "annotations": [*_band_names(scale, "y", palette), *texts]})


def _layout(
    scale: Scale, ticks: Ticks, palette: Palette, floor: float, n_rows: int, bottom: float, *, has_legend: bool
) -> dict[str, Any]:
    return {
        "margin": {"l": 4, "r": 92 if scale.bands else 12, "t": 30 if has_legend else 4, "b": 4},
        "shapes": _ground(scale, "y", palette), "showlegend": has_legend,
        "legend": {"orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom", "font": {"size": 12},
                   "itemclick": False, "itemdoubleclick": False},
        "xaxis": _x_axis(ticks, palette) | {"anchor": "y"},
        "yaxis": _y_axis(scale) | {"domain": [floor, 1]},
        "yaxis2": {"domain": [0, max(bottom, 0.001)], "range": [max(n_rows, 1), 0], "visible": False,
                   "fixedrange": True, "anchor": "x"}}


def _x_axis(ticks: Ticks, palette: Palette) -> dict[str, Any]:
    return {"range": list(ticks.reach), "tickvals": ticks.at, "ticktext": [literal(one) for one in ticks.labels],
            "tickangle": 0, "tickfont": {"color": palette.muted}, "showgrid": False,
            "title": {"text": ticks.title, "font": {"size": 12}, "standoff": 4}}


def _y_axis(scale: Scale) -> dict[str, Any]:
    low, high = scale.limits
    room = 0.02 * (high - low)
    return {"range": [low - room, high + room], "title": {"text": "Points", "font": {"size": 12}}}


def _ground(scale: Scale, axis: str, palette: Palette) -> list[dict[str, Any]]:
    """The severity bands, faint, behind everything; the gravest has the strongest shade."""
    shades = severity_places(len(scale.bands))
    return [{"type": "rect", "x0": 0, "x1": 1, "xref": "x domain", "y0": start, "y1": end, "yref": axis,
             "layer": "below", "line": {"width": 0}, "fillcolor": palette.severity[shade], "opacity": 0.16}
            for (start, end, _), shade in zip(_spans(scale), shades[::-1] if scale.is_higher_better else shades,
                                              strict=True)]


def _spans(scale: Scale) -> list[tuple[float, float, str]]:
    """Start, end and name of each band: it ends where the next starts, the last with the scale."""
    ends = [*(start for start, _ in scale.bands[1:]), scale.limits[1]]
    return [(start, end, label) for (start, label), end in zip(scale.bands, ends, strict=False)]


def _band_names(scale: Scale, axis: str, palette: Palette) -> list[dict[str, Any]]:
    return [{"x": 1, "xref": "paper", "xanchor": "left", "xshift": 5, "y": (start + end) / 2, "yref": axis,
             "text": literal(shortened(label, _BAND_LABEL)).replace(" ", "<br>", 1), "align": "left",
             "showarrow": False, "font": {"size": 12, "color": palette.muted}}
            for start, end, label in _spans(scale)]


def _apart(curves: Sequence[Curve], ticks: Ticks) -> list[Curve]:
    """The curves a little beside each other, so that no interval hides another."""
    step = _STEP * (ticks.reach[1] - ticks.reach[0])
    return [replace(curve, at=curve.at + step * (place - (len(curves) - 1) / 2)) for place, curve in enumerate(curves)]


def _colour(curve: Curve, palette: Palette) -> str:
    return palette.accent if curve.place is None else OKABE_ITO[curve.place % len(OKABE_ITO)]


def _symbol(curve: Curve) -> str:
    return SYMBOLS[(curve.place or 0) % len(SYMBOLS)]


def _curve(curve: Curve, palette: Palette, axis: str = "y") -> list[go.Scatter]:
    """Band, whole and broken parts of the line, and the marks with their intervals."""
    colour = _colour(curve, palette)
    traces = []
    if curve.quartiles is not None:
        low, high = curve.quartiles
        known = ~np.isnan(low)
        traces.append(go.Scatter(
            x=np.concatenate([curve.at[known], curve.at[known][::-1]]),
            y=np.concatenate([high[known], low[known][::-1]]), mode="lines", fill="toself", fillcolor=colour,
            opacity=0.24, line={"width": 1, "color": colour}, hoverinfo="skip", yaxis=axis, showlegend=False))
    for is_whole in (True, False):
        x, y = _parts(curve, is_whole=is_whole)
        traces.append(go.Scatter(x=x, y=y, mode="lines", hoverinfo="skip", yaxis=axis, showlegend=False, line={
            "color": colour, "width": 2.5 if is_whole else 1.5, "dash": "solid" if is_whole else "dot"}))
    traces.append(_points(curve, colour, palette, axis))
    return traces


def _parts(curve: Curve, *, is_whole: bool) -> tuple[np.ndarray, np.ndarray]:
    """The pieces between two points that are both full, or the others; nan between two pieces."""
    both = curve.is_firm[:-1] & curve.is_firm[1:]
    chosen = np.flatnonzero(both if is_whole else ~both)
    gap = np.full(len(chosen), np.nan)
    return (np.stack([curve.at[chosen], curve.at[chosen + 1], gap], axis=1).ravel(),
            np.stack([curve.mean[chosen], curve.mean[chosen + 1], gap], axis=1).ravel())


def _points(curve: Curve, colour: str, palette: Palette, axis: str) -> go.Scatter:
    return go.Scatter(
        x=curve.at, y=curve.mean, mode="markers", yaxis=axis, showlegend=False,
        marker={"size": 9, "symbol": _symbol(curve), "color": np.where(curve.is_firm, colour, palette.paper),
                "opacity": 1, "line": {"color": colour, "width": 2}},
        error_y={"type": "data", "symmetric": False, "array": curve.high - curve.mean,
                 "arrayminus": curve.mean - curve.low, "color": colour, "thickness": 1.5, "width": 3},
        text=[literal(one) for one in curve.texts], hovertemplate="%{text}<extra></extra>")


def _legend(curve: Curve, name: str, palette: Palette) -> list[go.Scatter]:
    """The name of a curve with its full mark, whatever its first point looks like."""
    if not curve.name:
        return []
    colour = _colour(curve, palette)
    return [go.Scatter(x=np.array([np.nan]), y=np.array([np.nan]), mode="lines+markers", showlegend=True,
                       name=literal(name), line={"color": colour, "width": 2.5},
                       marker={"symbol": _symbol(curve), "size": 9, "color": colour})]


def _single_lines(lines: tuple[np.ndarray, np.ndarray], palette: Palette) -> go.Scatter:
    return go.Scatter(x=lines[0], y=lines[1], mode="lines", hoverinfo="skip", showlegend=False, connectgaps=False,
                      line={"color": palette.muted, "width": 0.8}, opacity=0.35)


def _under(
    curves: Sequence[Curve], marks: Sequence[MarkRow], palette: Palette
) -> tuple[list[go.Scatter], list[dict[str, Any]]]:
    """What stands under the axis: a line of words, then of marks or numbers, for each phase and each curve."""
    traces, texts = [], []
    for row, one in enumerate(marks):
        texts.append(_row_name(one.label, 2 * row, palette))
        traces.append(_mark_row(one, 2 * row + 1.4, palette))
    row, names = 2 * len(marks), shortened_apart([curve.name for curve in curves], _NAME)
    for curve, name in zip(curves, names, strict=True):
        texts.append(_row_name(f"Courses with a score{': ' + name if name else ''}", row, palette))
        traces += [_numbers(at, numbers, row + 1.3 + line, palette) for line, (at, numbers) in enumerate(curve.n)]
        row += 1 + len(curve.n)
    return traces, texts


def _numbers(at: np.ndarray, numbers: Sequence[str], height: float, palette: Palette) -> go.Scatter:
    return go.Scatter(x=at, y=np.full(len(at), height), mode="text", text=list(numbers), yaxis="y2", hoverinfo="skip",
                      showlegend=False, cliponaxis=False, textfont={"size": 12, "color": palette.text})


def _row_name(label: str, row: int, palette: Palette) -> dict[str, Any]:
    return {"x": 0, "xref": "paper", "xanchor": "left", "y": row + 0.45, "yref": "y2", "yanchor": "middle",
            "text": literal(shortened(label, 48)), "showarrow": False, "font": {"size": 12, "color": palette.muted}}


def _mark_row(one: MarkRow, height: float, palette: Palette) -> go.Scatter:
    colours = {"induction": palette.accent, "maintenance": palette.text, "booster": OKABE_ITO[1]}
    seen = one.share > 0
    return go.Scatter(
        x=one.at[seen], y=np.full(int(seen.sum()), height), mode="markers", yaxis="y2", showlegend=False,
        cliponaxis=False, text=[literal(text) for text, is_seen in zip(one.texts, seen, strict=True) if is_seen],
        hovertemplate="%{text}<extra></extra>",
        marker={"symbol": PHASE_SYMBOLS[one.phase], "color": colours[one.phase], "opacity": 1, "line": {"width": 0},
                "size": np.maximum(_LARGEST * np.sqrt(one.share[seen]), _SMALLEST)})


def beside_figure(
    curves: tuple[Curve, Curve], scales: tuple[Scale, Scale], ticks: Ticks, palette: Palette
) -> go.Figure:
    """Two scales of the same courses, one above the other over one axis, with the number of scores under it."""
    n_rows = sum(1 + len(curve.n) for curve in curves)
    height = 2 * PANEL + AXIS + n_rows * ROW
    inner = height - 8
    bottom, gap = n_rows * ROW / inner, 26 / inner
    floor = bottom + AXIS / inner
    middle = floor + (1 - floor) / 2
    traces = [*_curve(curves[0], palette, "y3"), *_curve(curves[1], palette)]
    under, texts = _under(curves, (), palette)
    upper = {"domain": [middle + gap / 2, 1 - gap], "gridcolor": palette.grid, "zeroline": False, "fixedrange": True,
             "automargin": True, "anchor": "x"}
    titles = [{"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom",
               "text": f"<b>{literal(scale.title)}</b>", "showarrow": False} for scale, top in zip(
                   scales, (1 - gap, middle - gap / 2), strict=True)]
    layout = _layout(scales[1], ticks, palette, floor, n_rows, bottom, has_legend=False)
    layout["yaxis"] |= {"domain": [floor, middle - gap / 2]}
    layout["margin"] |= {"r": 92 if scales[0].bands or scales[1].bands else 12}
    layout |= {
        "yaxis3": upper | _y_axis(scales[0]),
        "shapes": [*_ground(scales[0], "y3", palette), *_ground(scales[1], "y", palette)],
        "annotations": [*_band_names(scales[0], "y3", palette), *_band_names(scales[1], "y", palette), *titles,
                        *texts]}
    return figure_of([*traces, *under], palette, height, layout)
