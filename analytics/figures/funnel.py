"""A funnel: rates of units by their size, with the limits that chance alone explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import SHARES, Palette, figure_of, literal, shortened

HEIGHT = 400
MOST_NAMED = 12
"""Where more units are drawn, only those beyond chance are named; the table names all."""

_LABEL_LENGTH = 18
_SYMBOLS = {"too_small": "circle-open", "inside": "circle", "beyond_95": "diamond", "beyond_998": "diamond"}


@dataclass(frozen=True)
class FunnelMark:
    """One unit: where it stands, what is written beside it, and what a pointer over it says."""

    title: str
    n: int
    estimate: float
    place: str
    text: str


def funnel_figure(
    marks: Sequence[FunnelMark], target: float, curve_n: np.ndarray, low: np.ndarray, high: np.ndarray, palette: Palette
) -> go.Figure:
    """Units around the common rate.

    Parameters
    ----------
    curve_n : sizes for which limits are drawn
    low, high : fractions, shape (2, sizes): 95 % first, then 99.8 %
    """
    limits = [_limit(curve_n, edge[level], palette, is_upper=edge is high)
              for level in (0, 1) for edge in (low, high)]
    most = float(curve_n.max()) if len(curve_n) else 1
    named = sorted((mark for mark in marks if len(marks) <= MOST_NAMED or mark.place.startswith("beyond")),
                   key=lambda mark: mark.n)[:MOST_NAMED]
    return figure_of([*limits, _points(marks, palette)], palette, HEIGHT, {
        "margin": {"l": 4, "r": 58, "t": 8, "b": 4},
        "shapes": [{"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": target, "y1": target,
                    "line": {"color": palette.muted, "width": 1, "dash": "dot"}}],
        "annotations": [*(_name(one, place, palette) for place, one in enumerate(named)),
                        *_limit_names(low, high, palette)],
        "xaxis": {"range": [0, most * 1.02], "title": {"text": "Courses counted", "font": {"size": 12}}},
        "yaxis": SHARES | {"range": [-0.03, max(1.03, *(1.05 * one.estimate for one in marks), 0)]}})


def _limit(curve_n: np.ndarray, edge: np.ndarray, palette: Palette, *, is_upper: bool) -> go.Scatter:
    """One edge; what lies between it and the edge before is shaded, so that exact steps do not read as a message."""
    fill = {"fill": "tonexty", "fillcolor": _faint(palette.unchanged)} if is_upper else {}
    return go.Scatter(x=curve_n, y=edge, mode="lines", line={"color": palette.unchanged, "width": 1}, hoverinfo="skip",
                      **fill)


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place:place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.3)"


def _limit_names(low: np.ndarray, high: np.ndarray, palette: Palette) -> list[dict]:
    if not low.shape[1]:
        return []
    # The upper lines end further apart than their names are high, or one name stands for both.
    return [{"x": 1, "xref": "paper", "xanchor": "left", "xshift": 4, "y": float(high[level, -1]), "text": name,
             "showarrow": False, "font": {"color": palette.muted, "size": 12}, "yshift": shift}
            for level, name, shift in ((0, f"95{chr(160)}%", -6), (1, f"99.8{chr(160)}%", 8))]


def _points(marks: Sequence[FunnelMark], palette: Palette) -> go.Scatter:
    # Beyond is neither better nor worse: the text's colour, not that of harm.
    is_beyond = np.array([mark.place.startswith("beyond") for mark in marks], dtype=bool)
    return go.Scatter(
        x=np.array([mark.n for mark in marks]), y=np.array([mark.estimate for mark in marks]), mode="markers",
        marker={"size": np.where(is_beyond, 13, 10), "opacity": 1, "symbol": [_SYMBOLS[mark.place] for mark in marks],
                "color": np.where(is_beyond, palette.text, palette.accent),
                "line": {"width": 1.5, "color": np.where(is_beyond, palette.text, palette.accent)}},
        text=[f"<b>{literal(mark.title)}</b><br>{literal(mark.text)}" for mark in marks],
        hovertemplate="%{text}<extra></extra>")


def _name(mark: FunnelMark, place: int, palette: Palette) -> dict:
    """A name above or below its mark in turn, so that neighbours of one size do not write over each other."""
    is_beyond, is_above = mark.place.startswith("beyond"), place % 2 == 0
    return {"x": mark.n, "y": mark.estimate, "text": literal(shortened(mark.title, _LABEL_LENGTH)), "showarrow": False,
            "xanchor": "center", "yshift": 9 if is_above else -9, "yanchor": "bottom" if is_above else "top",
            "font": {"size": 12, "color": palette.text if is_beyond else palette.muted}}
