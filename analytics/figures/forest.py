"""Differences with their intervals, one row each, around the line of no difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import Palette, figure_of, literal, shortened

ROW = 44
_LABEL_LENGTH = 34
_NAME_LENGTH = 16


@dataclass(frozen=True)
class ForestRow:
    """One difference: positive when the first group did better.

    Attributes
    ----------
    text : the difference in words, at the right; where there is none, why
    is_primary : drawn larger than the others
    """

    title: str
    text: str
    estimate: float | None
    low: float | None
    high: float | None
    is_primary: bool = False


def forest_figure(
    rows: Sequence[ForestRow], unit: str, first: str, second: str, palette: Palette, *, is_share: bool = True
) -> go.Figure:
    """Differences in the order given; the words at the ends of the axis say who did better there.

    Name and number stand above each interval and not beside it, so that a phone leaves room for it too.

    Parameters
    ----------
    unit : what the axis counts, as "percentage points"
    first, second : names of the two groups
    is_share : whether the numbers are fractions, shown times 100
    """
    scale = 100.0 if is_share else 1.0
    reach = _reach(rows) * scale
    texts = [text for place, row in enumerate(rows) for text in _texts(row, place, palette)]
    texts += [_end(f"\N{LEFTWARDS ARROW} {literal(shortened(second, _NAME_LENGTH))} better", 0, "left", palette),
              _end(f"{literal(shortened(first, _NAME_LENGTH))} better \N{RIGHTWARDS ARROW}", 1, "right", palette)]
    return figure_of([_marks(rows, scale, palette)], palette, ROW * max(len(rows), 1) + 90, {
        "annotations": texts, "margin": {"l": 4, "r": 4, "t": 30, "b": 4},
        "shapes": [{"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "layer": "below",
                    "line": {"color": palette.text, "width": 1}}],
        "xaxis": {"range": [-reach, reach], "title": {"text": unit, "font": {"size": 12}, "standoff": 8},
                  "tickfont": {"color": palette.muted}},
        "yaxis": {"range": [len(rows) - 0.6, -0.8], "visible": False}})


def _reach(rows: Sequence[ForestRow]) -> float:
    ends = [abs(one) for row in rows for one in (row.low, row.high, row.estimate) if one is not None]
    return 1.08 * max(ends, default=0) or 1.0


def _marks(rows: Sequence[ForestRow], scale: float, palette: Palette) -> go.Scatter:
    def numbers(name: str) -> np.ndarray:
        return np.array([getattr(row, name) for row in rows], dtype=float) * scale

    estimate, is_primary = numbers("estimate"), np.array([row.is_primary for row in rows], dtype=bool)
    return go.Scatter(
        x=estimate, y=np.arange(len(rows)), mode="markers",
        marker={"size": np.where(is_primary, 14, 10), "symbol": "square", "color": palette.accent,
                "opacity": 1},
        error_x={"type": "data", "symmetric": False, "array": numbers("high") - estimate,
                 "arrayminus": estimate - numbers("low"), "color": palette.accent, "thickness": 2, "width": 5},
        text=[f"<b>{literal(row.title)}</b><br>{literal(row.text)}" for row in rows],
        hovertemplate="%{text}<extra></extra>")


def _texts(row: ForestRow, place: int, palette: Palette) -> list[dict]:
    """The measure at the left and its difference at the right, both above the interval."""
    colour = palette.text if row.estimate is not None else palette.muted
    title = literal(shortened(row.title, _LABEL_LENGTH))
    shared = {"xref": "paper", "y": place, "yanchor": "bottom", "yshift": 7, "showarrow": False}
    return [shared | {"x": 0, "xanchor": "left", "text": f"<b>{title}</b>" if row.is_primary else title,
                      "font": {"color": colour}},
            shared | {"x": 1, "xanchor": "right", "text": literal(row.text), "font": {"color": colour}}]


def _end(text: str, x: float, anchor: str, palette: Palette) -> dict:
    return {"x": x, "xref": "paper", "xanchor": anchor, "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 6,
            "text": text, "showarrow": False, "font": {"color": palette.muted, "size": 12}}
