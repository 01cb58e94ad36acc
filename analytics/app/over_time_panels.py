"""The three parts of the Over time page, one at a time."""

from __future__ import annotations

from analytics.app import frame, page_options, widgets
from analytics.app.questions import Question

PARTS = {"course": "Course", "response": "Response", "durability": "Durability"}
LEADS = {
    "course": "How scores moved from the start on, and who is still in the picture.",
    "response": "How soon courses respond, counted until they were last seen.",
    "durability": "How long a response lasts, counted until it was last seen.",
}


def show(question: Question) -> None:
    """The chosen part; only it is counted."""
    part = page_options.chosen(question.view, "over.part")
    frame.title(f"Over time: {PARTS[part].lower()}", LEADS[part])
    widgets.choose_option(question, "over.part", "Part", PARTS)
    if part == "course":
        from analytics.app import course_panels as panels
    elif part == "response":
        from analytics.app import response_panels as panels
    else:
        from analytics.app import durability_panels as panels
    panels.show(question)
