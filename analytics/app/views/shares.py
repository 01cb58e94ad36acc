"""Links: what others open on their own screens, made, listed, led and revoked."""

from __future__ import annotations

from analytics.app import frame, share_panels


def show() -> None:
    """A new link, and the links there are."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    share_panels.show(question)


show()
