"""Rates of strata with their intervals, one row a stratum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import Palette, empty_figure, literal, shortened
from analytics.wording.numbers import count
from analytics.wording.rates import TOO_FEW, UNSTABLE, Line

ROW = 34
MOST_ROWS = 40
_LABEL_LENGTH = 26


def interval_figure(lines: Sequence[Line], overall: Line | None, palette: Palette) -> go.Figure:
    """One row a stratum in the order given, 0 to 100 %, with n at the right.

    Parameters
    ----------
    lines : strata; one without an estimate keeps its row and says why it has no mark
    overall : the whole cohort, drawn as a faint line behind
    """
    shown = list(lines)[:MOST_ROWS]
    figure = empty_figure(palette, height=ROW * max(len(shown), 2) + 62)
    if overall is not None and overall.estimate is not None:
        figure.add_vline(x=overall.estimate, line={"color": palette.muted, "width": 1, "dash": "dot"}, layer="below")
    figure.add_trace(_marks(shown, palette))
    for row, line in enumerate(shown):
        figure.add_annotation(_n_text(line, row, palette))
        if line.estimate is None:
            figure.add_annotation(_reason_text(line, row, palette))
    figure.update_xaxes(range=[-0.02, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%",
                        tickfont={"color": palette.muted}, ticklabelposition="outside", side="bottom")
    figure.update_yaxes(range=[len(shown) - 0.5, -0.5], tickvals=np.arange(len(shown)), showgrid=False,
                        ticktext=[literal(shortened(line.title, _LABEL_LENGTH)) + "  " for line in shown])
    figure.update_layout(margin={"l": 4, "r": 118, "t": 22, "b": 4})
    figure.add_annotation(x=1, xref="paper", y=1, yref="paper", yshift=18, xshift=12, text="n", xanchor="left",
                          showarrow=False, font={"color": palette.muted})
    return figure


def _marks(lines: Sequence[Line], palette: Palette) -> go.Scatter:
    def numbers(name: str) -> np.ndarray:
        return np.array([getattr(line, name) for line in lines], dtype=float)

    estimate = numbers("estimate")
    is_stable = np.array([line.mark != UNSTABLE for line in lines])
    return go.Scatter(
        x=estimate, y=np.arange(len(lines)), mode="markers",
        marker={"size": 11, "color": np.where(is_stable, palette.accent, palette.paper),
                "line": {"color": palette.accent, "width": 2}},
        error_x={"type": "data", "symmetric": False, "array": numbers("high") - estimate,
                 "arrayminus": estimate - numbers("low"), "color": palette.accent, "thickness": 2, "width": 5},
        text=[_hover(line) for line in lines], hovertemplate="%{text}<extra></extra>")


def _hover(line: Line) -> str:
    parts = [f"<b>{literal(line.title)}</b>", f"{line.shown}, {line.counts}", f"95 % interval {line.interval}"]
    return "<br>".join(parts + [line.mark] * bool(line.mark))


def _n_text(line: Line, row: int, palette: Palette) -> dict:
    text = f"{count(line.n)} unstable" if line.mark == UNSTABLE else count(line.n)
    return {"x": 1, "xref": "paper", "y": row, "text": text, "xanchor": "left", "xshift": 12, "showarrow": False,
            "font": {"color": palette.muted if line.mark else palette.text}}


def _reason_text(line: Line, row: int, palette: Palette) -> dict:
    text = f"{line.shown}: {line.counts}" if line.counts == TOO_FEW else line.counts
    return {"x": 0, "y": row, "text": text, "xanchor": "left", "showarrow": False, "font": {"color": palette.muted}}
