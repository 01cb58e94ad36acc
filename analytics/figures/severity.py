"""From severity to severity: the same courses at the start and at the end, by band."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import SHARES, Palette, figure_of, literal, severity_places

SIDES = ("At the end", "At the start")
"""Lowest first."""


def severity_figure(
    bands: Sequence[str], baseline: np.ndarray, endpoint: np.ndarray, texts: Sequence[tuple[str, str]],
    palette: Palette,
) -> go.Figure:
    """Two stacked bars of the same length, mildest band left.

    Points are numbered: every band at the start, then every band at the end.

    Parameters
    ----------
    baseline, endpoint : courses of each band; of the same courses, so that both have one sum
    texts : what stands in each band's piece, at the start and at the end
    """
    total = max(int(np.sum(baseline)), 1)
    pieces = [
        go.Bar(
            y=np.array([0, 1]), x=np.array([endpoint[place], baseline[place]]) / total, orientation="h",
            name=literal(band), width=0.56, text=[texts[place][1], texts[place][0]], textposition="inside",
            insidetextanchor="middle", textangle=0, constraintext="both",
            marker={"color": palette.severity[shade], "line": {"color": palette.paper, "width": 1.5}},
            textfont={"color": palette.severity_text[shade]},
            customdata=np.array([[len(bands) + place, endpoint[place]], [place, baseline[place]]]),
            hovertemplate=f"{literal(band)}: %{{customdata[1]:,}} courses<extra></extra>")
        for place, (band, shade) in enumerate(zip(bands, severity_places(len(bands)), strict=True))]
    return figure_of(pieces, palette, 230, {
        "barmode": "stack", "showlegend": True, "uniformtext": {"mode": "hide", "minsize": 12},
        "annotations": [{"x": 0, "xref": "paper", "xanchor": "left", "y": row, "yshift": 26, "yanchor": "bottom",
                         "text": side, "showarrow": False} for row, side in enumerate(SIDES)],
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal",
                   "itemclick": False, "itemdoubleclick": False, "font": {"size": 12}},
        "xaxis": SHARES | {"range": [0, 1], "tickfont": {"color": palette.muted}},
        "yaxis": {"visible": False, "range": [-0.42, 1.78]}})
