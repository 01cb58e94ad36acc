"""Counting: the same courses counted in other ways, and the way from the clinic's old number to ours."""

from __future__ import annotations

from analytics.app import counting_panels, frame


def show() -> None:
    """One way at a time, chosen above."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    counting_panels.show(question)


show()
