"""From an old number to ours: one floating bar a rule, between two full ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import SHARES, Palette, figure_of, literal

ROW = 50
_THICK = 0.36


@dataclass(frozen=True)
class BridgeBar:
    """One bar: a rate from 0, or what one rule changed of it.

    Attributes
    ----------
    start, end : fractions; missing where nobody is counted on that side, which leaves the bar out
    text : the rate, or the change in points
    below : the count beside its name
    """

    label: str
    start: float | None
    end: float | None
    text: str
    below: str
    is_total: bool


def bridge_figure(bars: Sequence[BridgeBar], palette: Palette) -> go.Figure:
    """One row a step from the top down, joined by thin lines; what each says stands above it, for phones too."""
    known = np.array([bar.start is not None and bar.end is not None for bar in bars], dtype=bool)
    start, end = (np.array([getattr(bar, name) or 0.0 for bar in bars], dtype=float) for name in ("start", "end"))
    is_total = np.array([bar.is_total for bar in bars], dtype=bool)
    # Neither way is better or worse: a rule that counts more honestly may lower the number.
    colour = np.where(is_total, palette.accent, np.where(end > start, palette.unchanged, palette.muted))
    places = np.arange(len(bars))
    trace = go.Bar(
        y=places[known], x=np.abs(end - start)[known], base=np.minimum(start, end)[known], width=_THICK,
        orientation="h", marker={"color": colour[known], "line": {"width": 0}},
        text=[f"<b>{literal(bar.label)}</b><br>{bar.text}; {bar.below}" for bar in bars if bar.start is not None
              and bar.end is not None], textposition="none", hovertemplate="%{text}<extra></extra>")
    joins = [{"type": "line", "y0": place - _THICK / 2, "y1": place + 1 + _THICK / 2, "x0": end[place],
              "x1": end[place], "layer": "below", "line": {"color": palette.muted, "width": 1, "dash": "dot"}}
             for place in range(len(bars) - 1) if known[place] and known[place + 1]]
    return figure_of([trace], palette, ROW * len(bars) + 30, {
        "annotations": [text for place, bar in enumerate(bars) for text in _texts(bar, place, palette)],
        "shapes": joins, "margin": {"l": 4, "r": 20, "t": 4, "b": 4},
        "xaxis": SHARES | {"range": [0, 1.02], "tickfont": {"color": palette.muted}},
        "yaxis": {"visible": False, "range": [len(bars) - 0.7, -0.75]}})


def _texts(bar: BridgeBar, place: int, palette: Palette) -> list[dict]:
    """The step and its count at the left, the rate or the change at the right, above the bar."""
    shared = {"xref": "paper", "y": place, "yanchor": "bottom", "yshift": 9, "showarrow": False}
    name = f"{literal(bar.label)} <span style='color:{palette.muted}'>{bar.below}</span>"
    return [shared | {"x": 0, "xanchor": "left", "text": name},
            shared | {"x": 1, "xanchor": "right", "text": f"<b>{bar.text}</b>",
                      "font": {"size": 15 if bar.is_total else 13}}]
