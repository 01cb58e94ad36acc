"""Figures for a page that opens offline: the library's own text, the figures as JSON; nothing is fetched or sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from plotly.io import to_json
from plotly.offline import get_plotlyjs

from analytics.figures.theme import CONFIG

LIVE = "live"
"""Class of the page where figures are drawn: what they stand for can give way to them."""


def plotly_script() -> str:
    """The library, to stand in a script element: what would end the element is written so that it does not."""
    return get_plotlyjs().replace("</script", "<\\/script")


def figures_script(figures: Mapping[str, Any]) -> str:
    """What draws each figure into the element of its name.

    Every ``<`` of a figure is written as a number, so that no text of a file ends the script or begins an element.
    """
    config = json.dumps(CONFIG)
    lines = [f"Plotly.newPlot({json.dumps(name)},f.data,f.layout,{config});".join(
        ["(function(f){", "})(" + _inert(to_json(figure, validate=False)) + ");"]) for name, figure in figures.items()]
    return f"document.body.className={json.dumps(LIVE)};{''.join(lines)}"


def _inert(text: str) -> str:
    for sign, number in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"),
                         ("\u2029", "\\u2029")):
        text = text.replace(sign, number)
    return text
