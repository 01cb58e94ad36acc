"""Deck: what is presented and exported, in which order and under which titles."""

from __future__ import annotations

from analytics.app import deck_panels, frame


def show() -> None:
    """The deck for the audience of the view."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    deck_panels.show(question)


show()
