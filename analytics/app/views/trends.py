"""Trends: the clinic over calendar time, on process control charts."""

from __future__ import annotations

from analytics.app import frame


def show() -> None:
    """The page."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    frame.title("Trends")


show()
