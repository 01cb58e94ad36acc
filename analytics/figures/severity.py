"""From severity to severity: the same courses at the start and at the end, by band."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import Palette, empty_figure, literal, severity_places

SIDES = ("At the end", "At the start")
"""Lowest first."""


def severity_figure(
    bands: Sequence[str], baseline: np.ndarray, endpoint: np.ndarray, texts: Sequence[tuple[str, str]],
    palette: Palette,
) -> go.Figure:
    """Two stacked bars of the same length, mildest band left.

    Parameters
    ----------
    baseline, endpoint : courses of each band; of the same courses, so that both have one sum
    texts : what stands in each band's piece, at the start and at the end
    """
    figure = empty_figure(palette, height=230)
    total = max(int(np.sum(baseline)), 1)
    for place, (band, shade) in enumerate(zip(bands, severity_places(len(bands)), strict=True)):
        counts = np.array([endpoint[place], baseline[place]])
        figure.add_trace(go.Bar(
            y=np.array([0, 1]), x=counts / total, orientation="h", name=literal(band), width=0.56,
            marker={"color": palette.severity[shade], "line": {"color": palette.paper, "width": 1.5}},
            text=[texts[place][1], texts[place][0]], textposition="inside", insidetextanchor="middle", textangle=0,
            textfont={"color": palette.severity_text[shade]}, constraintext="both",
            customdata=counts, hovertemplate=f"{literal(band)}: %{{customdata:,}} courses<extra></extra>"))
    for row, side in enumerate(SIDES):
        figure.add_annotation(x=0, xref="paper", y=row, yshift=26, yanchor="bottom", xanchor="left", text=side,
                              showarrow=False)
    figure.update_layout(barmode="stack", showlegend=True, uniformtext={"mode": "hide", "minsize": 12},
                         legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal",
                                 "itemclick": False, "itemdoubleclick": False, "font": {"size": 12}})
    figure.update_xaxes(range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%",
                        tickfont={"color": palette.muted})
    figure.update_yaxes(visible=False, range=[-0.42, 1.78])
    return figure
