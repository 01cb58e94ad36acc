"""Trends: the clinic over calendar time, on process control charts."""

from __future__ import annotations

from analytics.app import frame, trends_panels


def show() -> None:
    """One chart large with the grid of signals beside it, then a chart for every site."""
    question = frame.counted()
    if question is None:
        return
    frame.head(question)
    calendar = trends_panels.calendar(question)
    if not calendar.units:
        trends_panels.no_calendar(question)
        return
    trends_panels.show(question, calendar)
    trends_panels.sites(question, calendar)


show()
