"""From an old number to ours: one floating bar a rule, between two full ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import SHARES, Palette, figure_of, literal

HEIGHT = 380


@dataclass(frozen=True)
class BridgeBar:
    """One bar: a rate from 0, or what one rule changed of it.

    Attributes
    ----------
    start, end : fractions; missing where nobody is counted on that side, which leaves the bar out
    text : what stands above it, as the rate or the change in points
    below : the count under its name
    """

    label: str
    start: float | None
    end: float | None
    text: str
    below: str
    is_total: bool


def bridge_figure(bars: Sequence[BridgeBar], palette: Palette) -> go.Figure:
    """The bars in the order of the steps, joined by thin lines."""
    known = np.array([bar.start is not None and bar.end is not None for bar in bars], dtype=bool)
    start, end = (np.array([getattr(bar, name) or 0.0 for bar in bars], dtype=float) for name in ("start", "end"))
    is_total = np.array([bar.is_total for bar in bars], dtype=bool)
    # Neither way is better or worse: a rule that counts more honestly may lower the number.
    colour = np.where(is_total, palette.accent, np.where(end > start, palette.unchanged, palette.muted))
    places = np.arange(len(bars))
    trace = go.Bar(
        x=places[known], y=np.abs(end - start)[known], base=np.minimum(start, end)[known], width=0.62,
        marker={"color": colour[known], "line": {"width": 0}},
        text=[f"<b>{literal(bar.label)}</b><br>{bar.text}; {bar.below}" for bar in bars if bar.start is not None
              and bar.end is not None], textposition="none", hovertemplate="%{text}<extra></extra>")
    texts = [{"x": place, "y": max(start[place], end[place]), "yshift": 4, "yanchor": "bottom", "text": bar.text,
              "showarrow": False, "font": {"size": 14 if bar.is_total else 13}} for place, bar in enumerate(bars)]
    joins = [{"type": "line", "x0": place + 0.31, "x1": place + 0.69, "y0": end[place], "y1": end[place],
              "line": {"color": palette.muted, "width": 1, "dash": "dot"}}
             for place in range(len(bars) - 1) if known[place] and known[place + 1]]
    names = [f"{_broken(literal(bar.label))}<br><span style='color:{palette.muted}'>{bar.below}</span>" for bar in bars]
    return figure_of([trace], palette, HEIGHT, {
        "annotations": texts, "shapes": joins, "margin": {"l": 4, "r": 4, "t": 24, "b": 4},
        "xaxis": {"tickvals": places, "ticktext": names, "showgrid": False, "range": [-0.6, len(bars) - 0.4],
                  "tickfont": {"size": 12}},
        "yaxis": SHARES | {"range": [0, 1.06]}})


def _broken(text: str, width: int = 16) -> str:
    """A label over several lines, broken between words."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
