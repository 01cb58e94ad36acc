"""Pictures of safety: shares per session and per course, and how an amount spreads over groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import (
    OKABE_ITO,
    SHARES,
    SHARES_ACROSS,
    Palette,
    figure_of,
    literal,
    shortened,
    shortened_apart,
)
from analytics.wording.numbers import count, percent
from analytics.wording.rates import TOO_FEW, UNSTABLE, Line

ROW = 38
_LABEL_LENGTH = 26
_NAME_LENGTH = 44
TALL_ROW = 74
_FIRST_MARK, _SECOND_MARK = 0.12, 0.33
"""How far under the middle of their row the marks stand; name and numbers stand above it."""

_PATTERNS = ("", "/", "x", ".", "-", "\\", "+")
"""Patterns beside the colours of the routes, so that colour does not stand alone."""

MOST_ROUTES = len(OKABE_ITO)

_SESSION_AXIS = {"text": "Session of the course, with n", "font": {"size": 12}}


@dataclass(frozen=True)
class Box:
    """The spread of one group; missing quantiles where too few sessions have the amount.

    Attributes
    ----------
    is_stable : whether there are sessions enough for whiskers
    text : what stands beside it when it is pointed at
    """

    label: str
    n: int
    tenth: float | None
    lower: float | None
    median: float | None
    upper: float | None
    ninetieth: float | None
    is_stable: bool
    text: str


def share_figure(sessions: Sequence[Line], courses: Sequence[Line], palette: Palette) -> go.Figure:
    """One row a measure: a disc per session, a hollow diamond per course, each with its 95 % interval, 0 to 100 %.

    Name and numbers stand over the marks of their row, so that a phone has its whole width for the marks.

    Parameters
    ----------
    courses : one a row, or none where courses are not counted
    """
    traces = [_marks(sessions, _FIRST_MARK, "circle", "of sessions", palette)]
    if courses:
        traces.append(_marks(courses, _SECOND_MARK, "diamond-open", "of courses", palette))
    top = 34 if courses else 8
    texts = [one for row, line in enumerate(sessions)
             for one in _row_texts(line, courses[row] if row < len(courses) else None, row, palette)]
    return figure_of(traces, palette, TALL_ROW * max(len(sessions), 1) + top + 34, {
        "annotations": texts, "margin": {"l": 4, "r": 20, "t": top, "b": 4}, "showlegend": bool(courses),
        "legend": {"orientation": "h", "x": 0, "xref": "container", "y": 1, "yref": "container", "yanchor": "top"},
        "xaxis": SHARES_ACROSS | {"range": [-0.02, 1.02], "tickfont": {"color": palette.muted}},
        "yaxis": {"range": [len(sessions) - 0.5, -0.5], "showticklabels": False, "showgrid": False}})


def _row_texts(session: Line, course: Line | None, row: int, palette: Palette) -> list[dict]:
    """What a row is called, and under it what its marks say with the n of each, or why it has none."""
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": row - 0.46, "yanchor": "top", "showarrow": False}
    said = [_why(session)] if session.estimate is None else [_said(session, "sessions")]
    said += [_said(course, "courses")] if course is not None and course.estimate is not None else []
    return [where | {"text": f"<b>{literal(shortened(session.title, _NAME_LENGTH))}</b>"},
            where | {"text": ", ".join(said), "yshift": -17, "font": {"color": palette.muted, "size": 12}}]


def _said(line: Line, what: str) -> str:
    return f"{line.shown} of {count(line.n)} {what}"


def _why(line: Line) -> str:
    """Why a row has no mark."""
    return f"{line.shown}, too few" if line.counts == TOO_FEW else f"{line.shown}, {line.counts}"


def _marks(lines: Sequence[Line], shift: float, symbol: str, name: str, palette: Palette) -> go.Scatter:
    def numbers(field: str) -> np.ndarray:
        return np.array([getattr(line, field) for line in lines], dtype=float)

    estimate = numbers("estimate")
    is_stable = np.array([line.mark != UNSTABLE for line in lines])
    is_open = symbol.endswith("open")
    return go.Scatter(
        x=estimate, y=np.arange(len(lines)) + shift, mode="markers", name=name,
        marker={"size": 10, "symbol": symbol, "line": {"color": palette.worsened, "width": 2},
                "color": palette.worsened if is_open else np.where(is_stable, palette.worsened, palette.paper)},
        error_x={"type": "data", "symmetric": False, "array": numbers("high") - estimate,
                 "arrayminus": estimate - numbers("low"), "color": palette.worsened, "thickness": 1.5, "width": 4},
        text=[_hover(line, name) for line in lines], hovertemplate="%{text}<extra></extra>")


def _hover(line: Line, name: str) -> str:
    parts = [f"<b>{literal(line.title)}</b>", f"{line.shown} {name}, {line.counts}", f"95 % interval {line.interval}"]
    return "<br>".join(parts + [line.mark] * bool(line.mark))


def box_figure(boxes: Sequence[Box], axis: str, palette: Palette, *, is_upright: bool = False) -> go.Figure:
    """Median, quartiles and outer tenths of every group, from 0.

    Parameters
    ----------
    axis : what the amount is, with its unit
    is_upright : whether groups stand beside one another, as session numbers do, and not below one another
    """
    marks = {name: np.array([getattr(box, name) for box in boxes], dtype=float)
             for name in ("lower", "median", "upper", "tenth", "ninetieth")}
    is_stable = np.array([box.is_stable for box in boxes], dtype=bool)
    low, high = (np.where(is_stable, marks[outer], marks[inner])
                 for outer, inner in (("tenth", "lower"), ("ninetieth", "upper")))
    at = np.arange(len(boxes))
    spread = go.Box(
        q1=marks["lower"], median=marks["median"], q3=marks["upper"], lowerfence=low, upperfence=high,
        orientation="v" if is_upright else "h", fillcolor=palette.severity[1], hoverinfo="skip",
        line={"color": palette.accent, "width": 2}, width=0.5, **({"x": at} if is_upright else {"y": at}))
    points = go.Scatter(
        x=at if is_upright else marks["median"], y=marks["median"] if is_upright else at, mode="markers",
        marker={"size": 14, "opacity": 0}, text=[box.text for box in boxes], hovertemplate="%{text}<extra></extra>")
    names = [literal(name) for name in shortened_apart([box.label for box in boxes], _LABEL_LENGTH)]
    groups = {"tickvals": at, "ticktext": names, "showgrid": False}
    amounts = {"rangemode": "tozero", "title": {"text": axis, "font": {"size": 12}}}
    few = [_few(box, place, palette, is_upright=is_upright) for place, box in enumerate(boxes) if box.median is None]
    if is_upright:
        groups["ticktext"] = [f"{name}<br>{count(box.n)}" for name, box in zip(names, boxes, strict=True)]
        groups |= {"tickfont": {"size": 12}, "range": [-0.5, len(boxes) - 0.5], "title": _SESSION_AXIS}
        layout = {"xaxis": groups, "yaxis": amounts}
        return figure_of([spread, points], palette, 320, layout | {"annotations": few})
    names = [f"{name}  " for name in names]
    layout = {"xaxis": amounts, "yaxis": groups | {"ticktext": names, "range": [len(boxes) - 0.5, -0.5]}}
    right = [{"x": 1, "xref": "paper", "xanchor": "left", "xshift": 10, "y": place, "text": count(box.n),
              "showarrow": False, "font": {"color": palette.muted}} for place, box in enumerate(boxes)]
    right.append({"x": 1, "xref": "paper", "xanchor": "left", "xshift": 10, "y": 1, "yref": "paper", "yshift": 18,
                  "text": "n", "showarrow": False, "font": {"color": palette.muted}})
    return figure_of([spread, points], palette, ROW * max(len(boxes), 2) + 74, layout | {
        "annotations": [*few, *right], "margin": {"l": 4, "r": 56, "t": 22, "b": 4}})


def _few(box: Box, place: int, palette: Palette, *, is_upright: bool) -> dict:
    """What stands where a group has too few sessions for quantiles."""
    where = {"x": place, "y": 0, "yanchor": "bottom"} if is_upright else {"x": 0, "y": place, "xanchor": "left"}
    return where | {"text": "few" if is_upright else f"{count(box.n)}, too few", "showarrow": False,
                    "font": {"color": palette.muted, "size": 12}}


def mix_figure(
    names: Sequence[str], numbers: Sequence[str], counts: np.ndarray, palette: Palette, is_shown: np.ndarray
) -> go.Figure:
    """Shares of the routes over the session number, one bar a number that adds up to 100 %.

    Parameters
    ----------
    counts : one row a route, one column a session number
    is_shown : the columns with sessions enough for a share
    """
    totals = np.maximum(counts.sum(axis=0), 1)
    traces = [go.Bar(
        x=np.arange(len(numbers))[is_shown], y=(counts[row] / totals)[is_shown], name=literal(name),
        marker={"color": OKABE_ITO[row % MOST_ROUTES], "line": {"width": 0}, "pattern": {
            "shape": _PATTERNS[row % MOST_ROUTES], "size": 7, "solidity": 0.2, "fillmode": "overlay"}},
        text=[f"{literal(name)}<br>{percent(part / whole)}, {count(int(part))} of {count(int(whole))}"
              for part, whole in zip(counts[row][is_shown], totals[is_shown], strict=True)],
        textposition="none", hovertemplate="%{text}<extra></extra>") for row, name in enumerate(names)]
    return figure_of(traces, palette, 340, {
        "barmode": "stack", "bargap": 0.25, "showlegend": True, "margin": {"l": 4, "r": 4, "t": 30, "b": 4},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        "xaxis": {"tickvals": np.arange(len(numbers)), "showgrid": False, "tickfont": {"size": 12},
                  "ticktext": [f"{name}<br>{count(int(n))}" for name, n in zip(
                      numbers, counts.sum(axis=0), strict=True)],
                  "range": [-0.5, len(numbers) - 0.5], "title": _SESSION_AXIS},
        "yaxis": SHARES | {"range": [0, 1], "title": {"text": "Share of sessions", "font": {"size": 12}}}})
