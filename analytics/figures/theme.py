"""Colours and layout that every figure shares, for light and for dark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go
import plotly.io as pio

Tone = Literal["light", "dark"]

OKABE_ITO = ("#0072B2", "#E69F00", "#CC79A7", "#56B4E9", "#009E73", "#D55E00", "#F0E442")
"""Colours of categories, told apart with every kind of colour vision; a category keeps its place."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Palette:
    """The colours of one theme. ``severity`` runs from the mildest band to the gravest."""

    accent: str
    worsened: str
    unchanged: str
    text: str
    muted: str
    grid: str
    paper: str
    severity: tuple[str, ...]
    severity_text: tuple[str, ...]


PALETTES: dict[Tone, Palette] = {
    "light": Palette(
        accent="#0f766e", worsened="#c2500a", unchanged="#c3cccc", text="#1b2a2b", muted="#46585a", grid="#e6ecec",
        paper="#ffffff", severity=("#e4eaea", "#b1d6d3", "#6bb0ab", "#2b827b", "#0b5a54"),
        severity_text=("#1b2a2b", "#1b2a2b", "#0a1f1e", "#ffffff", "#ffffff")),
    "dark": Palette(
        accent="#2bb3a5", worsened="#f0904a", unchanged="#566869", text="#e4ecec", muted="#b4c4c4", grid="#243536",
        paper="#10191a", severity=("#2b3a3b", "#1a5750", "#208074", "#5cc6bb", "#c3ece7"),
        severity_text=("#e4ecec", "#e4ecec", "#ffffff", "#0a1f1e", "#0a1f1e")),
}


def severity_places(n_bands: int) -> list[int]:
    """Places in ``Palette.severity`` for so many bands: the gravest band always has the last."""
    last = len(PALETTES["light"].severity) - 1
    return [round(place * last / max(n_bands - 1, 1)) for place in range(n_bands)]


def _template() -> dict[str, Any]:
    """What Plotly's own template says of the traces and the layout that occur here: all of it is 7 kB a chart."""
    whole = pio.templates["plotly"].to_plotly_json()
    return {"data": {name: whole["data"][name] for name in ("bar", "heatmap", "scatter")},
            "layout": {name: whole["layout"][name] for name in (
                "annotationdefaults", "autotypenumbers", "colorway", "shapedefaults", "xaxis", "yaxis")}}


_TEMPLATE = _template()


def figure_of(traces: Sequence[Any], palette: Palette, height: int, layout: Mapping[str, Any]) -> go.Figure:
    """A figure with the shared layout under its own: no axis lines, faint grid, nothing that moves.

    The layout is given at once: every later change makes Plotly work on all of it again, 5 ms a time.
    """
    axis = {"gridcolor": palette.grid, "zeroline": False, "showline": False, "fixedrange": True, "automargin": True}
    shared = {
        "height": height, "margin": {"l": 4, "r": 4, "t": 4, "b": 4}, "autosize": True, "showlegend": False,
        "paper_bgcolor": palette.paper, "plot_bgcolor": "rgba(0,0,0,0)", "dragmode": False, "hovermode": "closest",
        "font": {"family": FONT, "size": 13, "color": palette.text},
        "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"}, "template": _TEMPLATE,
    }
    own = dict(layout)
    axes = {name: axis | own.pop(name, {}) for name in ("xaxis", "yaxis")}
    return _made(list(traces), shared | own | axes)


def _made(traces: list[Any], layout: dict[str, Any]) -> go.Figure:
    """The figure as it is given: Plotly's check takes 8 ms a chart, and every figure goes through it in the tests."""
    return go.Figure(traces, layout, _validate=False)


SHARES = {"tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%"}
"""An axis of rates: 0 to 100 %."""

SHARES_ACROSS = {"tickvals": [0, 0.25, 0.5, 0.75, 1], "ticktext": ["0%", "", "50%", "", "100%"], "tickangle": 0}
"""The same lying down: on a phone five labels beside each other would be turned to stand."""

CONFIG = {"displayModeBar": False, "displaylogo": False, "showSendToCloud": False, "responsive": True}
"""For whoever draws: nothing that sends a chart elsewhere."""


def picture_config(file_name: str) -> dict[str, Any]:
    """The same with one button, seen under the pointer: a picture of the chart, large enough for print.

    Parameters
    ----------
    file_name : without an extension; says for whom the picture is
    """
    return CONFIG | {"displayModeBar": "hover", "modeBarButtons": [["toImage"]],
                     "toImageButtonOptions": {"format": "png", "scale": 3, "filename": file_name}}


MARK_ROOM = 18


def marked(figure: go.Figure, mark: str, palette: Palette) -> go.Figure:
    """The figure with words above it that go along wherever a picture of it goes: for whom it is.

    Parameters
    ----------
    mark : one line; empty leaves the figure as it is
    """
    if not mark:
        return figure
    words = {"text": literal(mark), "font": {"size": 11, "color": palette.muted}}
    # A legend may need more rows than its margin has room for: there the words go with it.
    above = {"legend_title": words | {"side": "top"}} if figure.layout.showlegend else {"title": words | {
        "x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top",
        "pad": {"l": 4, "t": 5}}}
    return figure.update_layout(margin_t=(figure.layout.margin.t or 0) + MARK_ROOM,
                                height=figure.layout.height + MARK_ROOM, **above)


_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def literal(text: str) -> str:
    """Text from a file as Plotly must show it: its small tags are not read, no mark turns what stands beside it."""
    return _TURNS.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(text: str, most: int) -> str:
    """A label that fits; the whole text stands in the table."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def shortened_apart(texts: Sequence[str], most: int) -> list[str]:
    """Labels that fit and differ: long names that begin alike are shown from the word in which they part."""
    short = [shortened(text, most) for text in texts]
    alike: dict[str, set[str]] = {}
    for text, label in zip(texts, short, strict=True):
        alike.setdefault(label, set()).add(text)
    starts = {label: _parting(sorted(names)) for label, names in alike.items() if len(names) > 1}
    return [shortened("\N{HORIZONTAL ELLIPSIS}" + text[starts[label]:], most) if starts.get(label) else label
            for text, label in zip(texts, short, strict=True)]


def _parting(names: Sequence[str]) -> int:
    """Where the word begins in which sorted names part: the first and the last of them part first."""
    first, last = names[0], names[-1]
    alike = next((place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other),
                 min(len(first), len(last)))
    return first.rfind(" ", 0, alike) + 1
