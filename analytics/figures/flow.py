"""Where the courses went: a funnel that says at every step how many left and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import Palette, figure_of, literal
from analytics.wording.flow import FlowStep
from analytics.wording.numbers import count

STEP = 50


def flow_figure(steps: Sequence[FlowStep], palette: Palette) -> go.Figure:
    """One bar a step, all from the left on one scale; what left stands in grey at the bar's end.

    Points are numbered: those still in of every step, then those who left on the way to every step.
    """
    rows = np.arange(len(steps))
    remaining = np.array([step.remaining for step in steps])
    lost = np.array([step.lost for step in steps])
    last = np.where(rows == len(steps) - 1, palette.accent, palette.severity[2])
    bars = [go.Bar(x=counts, y=rows, orientation="h", width=0.34, hoverinfo="none", customdata=rows + first,
                   marker={"color": colour, "line": {"color": palette.paper, "width": 1}})
            for counts, colour, first in ((remaining, last, 0), (lost, palette.unchanged, len(steps)))]
    texts = [_text(row, f"<b>{count(step.remaining)}</b> {literal(step.short_label)}", palette.text, "left")
             for row, step in enumerate(steps)]
    texts += [_text(row, literal(step.short_left), palette.muted, "right")
              for row, step in enumerate(steps) if step.lost]
    return figure_of(bars, palette, STEP * len(steps) + 10, {
        "barmode": "stack", "annotations": texts,
        "xaxis": {"visible": False, "range": [0, max(int(remaining.max(initial=0)), 1)]},
        "yaxis": {"visible": False, "range": [len(steps) - 0.75, -0.62]}})


def _text(row: int, text: str, colour: str, side: str) -> dict:
    return {"x": 0 if side == "left" else 1, "xref": "paper", "xanchor": side, "y": row, "yanchor": "bottom",
            "yshift": 9, "text": text, "showarrow": False, "font": {"color": colour, "size": 13}}
