"""The plane of Jacobson and Truax: who changed beyond error, and who crossed the cut-off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures.changes import HEIGHT, circle_sizes, plane_layout
from analytics.figures.theme import OKABE_ITO, Palette, figure_of

_SYMBOLS = ("circle", "diamond", "circle-open", "triangle-up", "x")


def classes_figure(
    baseline: np.ndarray, endpoint: np.ndarray, count: np.ndarray, code: np.ndarray, names: Sequence[str],
    cut_off: float, reliable: float, limits: tuple[float, float], title: str, palette: Palette,
) -> go.Figure:
    """Scores before against after, one colour and one shape a class; an area is a number of courses.

    Parameters
    ----------
    code : place in ``names`` of each pair of scores
    reliable : points beyond which a change is reliable; the band between is drawn
    """
    low, high = limits
    band = go.Scatter(
        x=np.array([low, high, high, low]),
        y=np.array([low - reliable, high - reliable, high + reliable, low + reliable]), fill="toself",
        fillcolor=palette.unchanged, opacity=0.35, line={"width": 0}, hoverinfo="skip", showlegend=False)
    colours = (palette.accent, OKABE_ITO[0], palette.muted, palette.worsened, palette.worsened)
    sizes = circle_sizes(count)
    circles = [go.Scatter(
        x=baseline[code == place], y=endpoint[code == place], mode="markers", name=name,
        customdata=count[code == place],
        marker={"size": sizes[code == place], "symbol": _SYMBOLS[place],
                "color": colours[place], "opacity": 0.8, "line": {"width": 1, "color": colours[place]}},
        hovertemplate=f"{name}: start %{{x}}, end %{{y}}, %{{customdata}} courses<extra></extra>")
        for place, name in enumerate(names) if (code == place).any()]
    lines = [{"type": "line", "line": {"color": palette.text, "width": 1, "dash": "dash"}, **ends} for ends in (
        {"x0": low, "x1": high, "y0": cut_off, "y1": cut_off}, {"x0": cut_off, "x1": cut_off, "y0": low, "y1": high})]
    layout = plane_layout(limits, title)
    layout["legend"]["itemsizing"] = "constant"
    return figure_of([band, *circles], palette, HEIGHT + 20, layout | {"shapes": lines})
