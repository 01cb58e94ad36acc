"""How an office program writes our numbers: the same digits that the words have."""

from __future__ import annotations

from collections.abc import Iterable

FORMATS = {"text": "@", "count": "#,##0", "percent": "0.0 %", "points": "0.0", "days": "0"}
"""Number formats of a workbook's columns."""


def label_format(values: Iterable[float | None], unit: str) -> str:
    """The format of a chart's labels; a share that is not none or all is never written as 0 % or 100 %."""
    if unit != "percent":
        return "#,##0" if unit == "courses" else "0.0"
    known = [value for value in values if value is not None]
    # A format takes two conditions: those of the end at which there is a value to be careful with.
    if any(0.995 <= value < 1 for value in known):
        return '[=1]0 %;[>=0.995]">99 %";0 %'
    return '[=0]0 %;[<0.005]"<1 %";0 %'
