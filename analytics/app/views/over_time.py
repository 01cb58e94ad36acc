"""Over time: the course of scores, time to response, and how long it lasted."""

from __future__ import annotations

from analytics.app import frame, over_time_panels


def show() -> None:
    """One part at a time, chosen above."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    over_time_panels.show(question)


show()
