"""Courses: every course as a row, one course in full, and lists to work through."""

from __future__ import annotations

from analytics.app import frame


def show() -> None:
    """The page."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    frame.title("Courses")


show()
