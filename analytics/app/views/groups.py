"""Groups: one measure by one or two attributes, side by side and never ranked."""

from __future__ import annotations

from analytics.app import deck_panels, frame, groups_panels, widgets


def show() -> None:
    """Title and sentence first, then intervals, funnel and table."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    if question.by is None:
        widgets.hint("The files hold no attribute of patients or courses to group by. Map a column as attribute on the "
                     "Data page.")
        return
    groups_panels.show(question)
    deck_panels.add_button(question, "strata", question.measure, (question.view.by, question.view.by2))


show()
