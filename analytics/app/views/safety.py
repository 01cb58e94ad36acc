"""Safety: who got worse, item 9, side effects and vital signs."""

from __future__ import annotations

from analytics.app import frame


def show() -> None:
    """The page."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    frame.title("Safety")


show()
