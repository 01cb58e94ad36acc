"""A measure by two attributes: one cell a combination, darker where it is higher."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import Palette, figure_of, literal, shortened_apart
from analytics.wording.rates import TOO_FEW, UNSTABLE, Line

MOST_LEVELS = 12
"""More values of an attribute than this are in the table alone."""

_CELL = 62
_LABEL_LENGTH = 22


def heat_figure(
    cells: Sequence[Sequence[Line | None]], rows: Sequence[str], columns: Sequence[str], palette: Palette,
    points_of: str | None = None,
) -> go.Figure:
    """A grid of cells with what each says written in it.

    Parameters
    ----------
    cells : one line per row and column; missing where no course has that combination, which stays empty
    rows, columns : values of the two attributes in words
    points_of : what the points are of, where the lines are means
    """
    estimate = np.array([[np.nan if one is None or one.estimate is None else one.estimate for one in line]
                         for line in cells], dtype=float).reshape(len(rows), len(columns))
    low, high = (0.0, 1.0) if points_of is None else _range(estimate)
    heat = go.Heatmap(
        z=estimate, zmin=low, zmax=high, xgap=3, ygap=3, showscale=False, hoverinfo="skip",
        colorscale=[(place / (len(palette.severity) - 1), colour) for place, colour in enumerate(palette.severity)])
    texts = [_text(one, row, column, (estimate[row, column] - low) / (high - low), palette)
             for row, line in enumerate(cells) for column, one in enumerate(line) if one is not None]
    names = [literal(name) for name in shortened_apart(columns, _LABEL_LENGTH)]
    return figure_of([heat], palette, _CELL * max(len(rows), 2) + 56, {
        "annotations": texts, "margin": {"l": 4, "r": 4, "t": 30, "b": 4},
        "xaxis": {"tickvals": np.arange(len(columns)), "ticktext": names, "side": "top", "showgrid": False, "ticks": "",
                  "range": [-0.5, len(columns) - 0.5]},
        "yaxis": {"tickvals": np.arange(len(rows)), "showgrid": False, "ticks": "",
                  "range": [len(rows) - 0.5, -0.5],
                  "ticktext": [literal(name) + "  " for name in shortened_apart(rows, _LABEL_LENGTH)]}})


def _range(estimate: np.ndarray) -> tuple[float, float]:
    known = estimate[~np.isnan(estimate)]
    if not len(known):
        return 0.0, 1.0
    low, high = min(0.0, float(known.min())), float(known.max())
    return low, high if high > low else low + 1


def _text(line: Line, row: int, column: int, place: float, palette: Palette) -> dict:
    if line.estimate is None:
        why = "too few" if line.counts == TOO_FEW else line.counts
        colour, text = palette.muted, f"{line.shown}<br><span style='font-size:12px'>{why}</span>"
    else:
        step = int(np.clip(round(place * (len(palette.severity) - 1)), 0, len(palette.severity) - 1))
        mark = "<br>unstable" if line.mark == UNSTABLE else ""
        colour = palette.severity_text[step]
        text = f"<b>{line.shown}</b><br><span style='font-size:12px'>{line.counts}{mark}</span>"
    return {"x": column, "y": row, "text": text, "showarrow": False, "font": {"color": colour, "size": 13}}
