"""Over time: the course of scores, time to response, and how long it lasted."""

from __future__ import annotations

from analytics.app import frame


def show() -> None:
    """The page."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    frame.title("Over time")


show()
