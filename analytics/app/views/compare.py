"""Compare: two groups, or more, in every measure, with what can be said and what cannot."""

from __future__ import annotations

from analytics.app import compare_panels, frame, widgets


def show() -> None:
    """Sentence first, then the two sides, then every measure."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    if not question.dataset.shape.attributes:
        widgets.hint("The files hold no attribute of patients or courses to compare by. Map a column as attribute on "
                     "the Data page.")
        return
    compare_panels.show(question)


show()
