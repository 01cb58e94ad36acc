"""The plane of Jacobson and Truax: who changed beyond error, and who crossed the cut-off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures.changes import HEIGHT
from analytics.figures.theme import OKABE_ITO, Palette, figure_of

_SYMBOLS = ("circle", "diamond", "circle-open", "triangle-up", "x")
_SMALLEST, _LARGEST = 5.0, 20.0


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
    room = 0.03 * (high - low)
    band = go.Scatter(
        x=np.array([low, high, high, low]),
        y=np.array([low - reliable, high - reliable, high + reliable, low + reliable]), fill="toself",
        fillcolor=palette.unchanged, opacity=0.35, line={"width": 0}, hoverinfo="skip", showlegend=False)
    colours = (palette.accent, OKABE_ITO[0], palette.muted, palette.worsened, palette.worsened)
    area = count / (count.max() if len(count) else 1)
    circles = [go.Scatter(
        x=baseline[code == place], y=endpoint[code == place], mode="markers", name=name,
        customdata=count[code == place],
        marker={"size": np.maximum(_LARGEST * np.sqrt(area[code == place]), _SMALLEST), "symbol": _SYMBOLS[place],
                "color": colours[place], "opacity": 0.8, "line": {"width": 1, "color": colours[place]}},
        hovertemplate=f"{name}: start %{{x}}, end %{{y}}, %{{customdata}} courses<extra></extra>")
        for place, name in enumerate(names) if (code == place).any()]
    lines = [{"type": "line", "line": {"color": palette.text, "width": 1, "dash": "dash"}, **ends} for ends in (
        {"x0": low, "x1": high, "y0": cut_off, "y1": cut_off}, {"x0": cut_off, "x1": cut_off, "y0": low, "y1": high})]
    return figure_of([band, *circles], palette, HEIGHT + 20, {
        "margin": {"l": 4, "r": 12, "t": 8, "b": 4}, "shapes": lines, "showlegend": True,
        "legend": {"orientation": "h", "y": -0.2, "x": 0, "font": {"size": 12}, "itemsizing": "constant"},
        "xaxis": {"range": [low - room, high + room], "title": {"text": f"{title} at the start, points",
                                                                  "font": {"size": 12}}},
        "yaxis": {"range": [low - room, high + room], "title": {"text": f"{title} at the end, points",
                                                                  "font": {"size": 12}}}})
