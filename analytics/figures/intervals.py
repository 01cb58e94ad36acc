"""Rates of strata with their intervals, one row a stratum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import SHARES_ACROSS, Palette, figure_of, literal, shortened_apart
from analytics.wording.numbers import count
from analytics.wording.rates import TOO_FEW, UNSTABLE, Line

ROW = 34
MOST_ROWS = 40
_LABEL_LENGTH = 26
_RIGHT, _RIGHT_OF_NUMBERS = 118, 62


def interval_figure(
    lines: Sequence[Line], overall: Line | None, palette: Palette, points_of: str | None = None, *,
    is_harm: bool = False, inks: Sequence[str] = (),
) -> go.Figure:
    """One row a stratum in the order given, 0 to 100 % or in points, with n at the right.

    Parameters
    ----------
    lines : strata; one without an estimate keeps its row and says why it has no mark
    overall : the whole cohort, drawn as a faint line behind
    points_of : what the points are of, where the lines are means; the axis then starts at 0 or below
    is_harm : whether the rates are of harm, which has the colour that it has on the cards
    inks : the colour of each row by its name in the palette, where rows are of several kinds
    """
    shown = list(lines)[:MOST_ROWS]
    texts = [_n_text(line, row, palette) for row, line in enumerate(shown)]
    texts += [_reason_text(line, row, palette) for row, line in enumerate(shown) if line.estimate is None]
    right = _RIGHT if any(line.mark == UNSTABLE for line in shown) else _RIGHT_OF_NUMBERS
    texts.append({"x": 1, "xref": "paper", "xanchor": "left", "xshift": 12, "y": 1, "yref": "paper", "yshift": 18,
                  "text": "n", "showarrow": False, "font": {"color": palette.muted}})
    of_rows = list(inks)[:len(shown)] or ["worsened" if is_harm else "accent"] * len(shown)
    # Bars of one trace have one colour.
    traces = [_marks(shown, [row for row, own in enumerate(of_rows) if own == ink], palette, getattr(palette, ink))
              for ink in dict.fromkeys(of_rows or ["accent"])]
    return figure_of(traces, palette, ROW * max(len(shown), 2) + 62, {
        "annotations": texts, "shapes": _behind(overall, palette), "margin": {"l": 4, "r": right, "t": 22, "b": 4},
        "xaxis": _axis(shown, points_of) | {"tickfont": {"color": palette.muted}},
        "yaxis": {"range": [len(shown) - 0.5, -0.5], "tickvals": np.arange(len(shown)), "showgrid": False,
                  "ticktext": [literal(label) + "  " for label in shortened_apart(
                      [line.title for line in shown], _LABEL_LENGTH)]}})


def _axis(lines: Sequence[Line], points_of: str | None) -> dict:
    if points_of is None:
        return SHARES_ACROSS | {"range": [-0.02, 1.02]}
    ends = [one for line in lines for one in (line.low, line.high, line.estimate) if one is not None] or [0, 1]
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = 0.04 * (high - low or 1)
    return {"range": [low - room, high + room], "zeroline": True, "title": {"text": points_of, "font": {"size": 12}}}


def _behind(overall: Line | None, palette: Palette) -> list[dict]:
    if overall is None or overall.estimate is None:
        return []
    return [{"type": "line", "x0": overall.estimate, "x1": overall.estimate, "y0": 0, "y1": 1, "yref": "paper",
             "layer": "below", "line": {"color": palette.muted, "width": 1, "dash": "dot"}}]


def _marks(shown: Sequence[Line], rows: Sequence[int], palette: Palette, ink: str) -> go.Scatter:
    lines = [shown[row] for row in rows]

    def numbers(name: str) -> np.ndarray:
        return np.array([getattr(line, name) for line in lines], dtype=float)

    estimate = numbers("estimate")
    is_stable = np.array([line.mark != UNSTABLE for line in lines])
    return go.Scatter(
        x=estimate, y=np.array(rows, dtype=int), mode="markers", customdata=np.array(rows, dtype=int),
        marker={"size": 11, "color": np.where(is_stable, ink, palette.paper),
                "line": {"color": ink, "width": 2}},
        error_x={"type": "data", "symmetric": False, "array": numbers("high") - estimate,
                 "arrayminus": estimate - numbers("low"), "color": ink, "thickness": 2, "width": 5},
        text=[_hover(line) for line in lines], hovertemplate="%{text}<extra></extra>")


def _hover(line: Line) -> str:
    parts = [f"<b>{literal(line.title)}</b>", f"{line.shown}, {line.counts}", f"95 % interval {line.interval}"]
    return "<br>".join(parts + [line.mark] * bool(line.mark))


def _n_text(line: Line, row: int, palette: Palette) -> dict:
    text = f"{count(line.n)} unstable" if line.mark == UNSTABLE else count(line.n)
    return {"x": 1, "xref": "paper", "y": row, "text": text, "xanchor": "left", "xshift": 12, "showarrow": False,
            "font": {"color": palette.muted if line.mark else palette.text}}


def _reason_text(line: Line, row: int, palette: Palette) -> dict:
    text = f"{line.shown}, too few" if line.counts == TOO_FEW else line.counts
    return {"x": 0, "y": row, "text": text, "xanchor": "left", "showarrow": False, "font": {"color": palette.muted}}
