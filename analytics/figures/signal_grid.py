"""A grid of marks, measure by site: whether each chart holds a signal, and which way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import Palette, figure_of, literal, shortened_apart

MOST_SITES = 12
"""More sites than this are not drawn."""

_ROW = 38
_LABEL_LENGTH = 14

SHAPES = {"none": "circle-open", "better": "triangle-up", "worse": "triangle-down", "changed": "diamond",
          "too_few": "line-ew-open"}
"""The mark of each state: told by its shape, its size and its colour."""


@dataclass(frozen=True)
class GridMark:
    """One mark: where it stands, what it shows, and what it says in words."""

    row: int
    column: int
    state: str
    text: str


def signal_grid_figure(
    marks: Sequence[GridMark], rows: Sequence[str], columns: Sequence[str], palette: Palette
) -> go.Figure:
    """Measures in rows, sites in columns by name."""
    colours = {"none": palette.muted, "better": palette.accent, "worse": palette.worsened, "changed": palette.text,
               "too_few": palette.muted}
    colour = [colours[one.state] for one in marks]
    dots = go.Scatter(
        x=np.array([one.column for one in marks]), y=np.array([one.row for one in marks]), mode="markers",
        text=[literal(one.text) for one in marks], hovertemplate="%{text}<extra></extra>",
        marker={"symbol": [SHAPES[one.state] for one in marks], "color": colour, "opacity": 1,
                "size": [9 if one.state in ("none", "too_few") else 16 for one in marks],
                "line": {"width": 1.5, "color": colour}})
    names = [literal(name) for name in shortened_apart(columns, _LABEL_LENGTH)]
    is_slanted = len(columns) > 4 or sum(map(len, names)) > 36
    top = {"tickvals": np.arange(len(columns)), "ticktext": names, "side": "top", "showgrid": False, "ticks": "",
           "range": [-0.5, len(columns) - 0.5], "tickangle": -50 if is_slanted else 0}
    side = {"tickvals": np.arange(len(rows)), "ticktext": [literal(name) + "  " for name in rows], "ticks": "",
            "range": [len(rows) - 0.5, -0.5]}
    return figure_of([dots], palette, _ROW * len(rows) + (110 if is_slanted else 40), {
        "xaxis": top, "yaxis": side, "margin": {"l": 4, "r": 12, "t": 4, "b": 4}})
