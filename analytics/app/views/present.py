"""Present: one exhibit a screen, for a room; nothing here changes filters, rules or audience."""

from __future__ import annotations

from analytics.app import frame, panels, present_live, present_panels


def show() -> None:
    """The screen that the presenter is at, or that of the link that is presented."""
    if present_live.is_on():
        present_live.show()
        return
    question = frame.asked()
    if question is None:
        return
    if panels.is_countable(question):
        present_panels.show(question)
    else:
        panels.what_is_missing(question)


show()
