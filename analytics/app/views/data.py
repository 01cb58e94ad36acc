"""Data: from files to what can be counted, in five steps."""

from __future__ import annotations

from analytics.app import intake


def show() -> None:
    """Files, columns, visits, findings, counts."""
    intake.said()
    dataset = intake.shown()
    intake.files(dataset)
    intake.columns(dataset)
    intake.visits(dataset)
    intake.findings(dataset)
    intake.counts(dataset)
    intake.what_a_file_looks_like()


show()
