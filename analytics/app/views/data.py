"""Data: from files to what can be counted, in five steps."""

from __future__ import annotations

from analytics.app import (
    answers_panel,
    audit_panels,
    columns_panel,
    intake,
    loaded_panel,
    recipes_panel,
    rows_panel,
    state,
)


def show() -> None:
    """Files, what was understood, what is asked, what is wrong, what is loaded."""
    intake.said()
    dataset = intake.shown()
    intake.files(dataset)
    steps = intake.steps_of(dataset, answers_panel.n_asked(dataset))
    state.remember("data.steps", steps)
    intake.step_bar(steps)
    intake.way_on(dataset)
    recipes_panel.offer(dataset)
    recipes_panel.difference(dataset)
    columns_panel.columns(dataset)
    answers_panel.answers(dataset)
    rows_panel.rows(dataset)
    loaded_panel.loaded(dataset)
    loaded_panel.what_a_file_looks_like()
    audit_panels.show()


show()
