"""Every figure of these tests goes through Plotly's own check, which the dashboard spares itself."""

from __future__ import annotations

import json

import plotly.graph_objects as go
import pytest

from analytics.figures import theme


@pytest.fixture(autouse=True)
def checked(monkeypatch):
    """A figure that Plotly would refuse, or read in another way, fails the test that makes it."""
    made = theme._made

    def both(traces, layout):
        unchecked = made(traces, layout)
        assert written(unchecked) == written(go.Figure(traces, layout))
        return unchecked

    monkeypatch.setattr(theme, "_made", both)


def written(figure):
    """The figure as the browser gets it; Plotly leaves out lists that are empty."""
    whole = json.loads(figure.to_json())
    return whole | {"layout": {name: value for name, value in whole["layout"].items() if value != []}}
