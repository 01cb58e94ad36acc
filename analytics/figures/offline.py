"""Figures for a page that opens offline: the library's own text, the figures as JSON; nothing is fetched or sent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from plotly.io import to_json
from plotly.offline import get_plotlyjs

from analytics.figures.theme import CONFIG

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Control characters, and marks that turn the direction of what follows: a name could dress up its neighbours."""

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
        ["(function(f){", "})(" + _inert(figure) + ");"]) for name, figure in figures.items()]
    return f"document.body.className={json.dumps(LIVE)};{''.join(lines)}"


def _inert(figure: Any) -> str:
    text = json.dumps(_seen(json.loads(to_json(figure, validate=False))), separators=(",", ":"))
    for sign, number in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, number)
    return text


def _seen(part: Any) -> Any:
    """A figure whose texts hold only what can be seen."""
    if isinstance(part, str):
        return _UNSEEN.sub(" ", part)
    if isinstance(part, dict):
        return {name: _seen(one) for name, one in part.items()}
    return [_seen(one) for one in part] if isinstance(part, list) else part
