"""Safety: who got worse, item 9, side effects and vital signs, as large as response."""

from __future__ import annotations

from analytics.app import frame, questions, safety_panels, safety_session_panels


def show() -> None:
    """Numbers first; then scores, then what the forms of the sessions say."""
    question = questions.current()
    if question is None or not safety_panels.can_show(question):
        frame.counted()
        return
    safety_panels.numbers(question)
    safety_panels.choose(question)
    safety_panels.scores(question)
    safety_session_panels.show(question)
    safety_panels.lists(question)


show()
