"""Results and words as Plotly figures, returned and never drawn; the only room that knows Plotly."""

from plotly.graph_objects import Figure

__all__ = ["Figure"]
