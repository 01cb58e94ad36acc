"""Courses: every course as a row, one course in full, and lists to work through."""

from __future__ import annotations

from analytics.app import courses_panels, frame, state


def show() -> None:
    """Where rows may be seen: which courses, the list, and one of them; else a sentence. The panels ask again."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    if state.may_see_rows():
        courses_panels.show(question)
    else:
        courses_panels.why_no_rows()


show()
