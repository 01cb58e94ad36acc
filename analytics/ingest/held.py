"""Rows of sessions that a column of states says did not take place."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from analytics.ingest.cells import Cells
from analytics.ingest.synonyms import squeezed

_STATUSES = ("eventstatus", "appointmentstatus", "apptstatus", "visitstatus", "encounterstatus", "sessionstatus",
             "infusionstatus", "treatmentstatus", "status")
_NOT_HELD = re.compile(r"cancel|no[\s_-]?show|resched|delet|missed|did not attend|\bdna\b|void", re.IGNORECASE)


def status_of(headers: Iterable[str]) -> str | None:
    """The column that says whether an event took place."""
    by_word = {squeezed(header): header for header in reversed([*headers])}
    return next((by_word[word] for word in _STATUSES if word in by_word), None)


def not_held(cells: Cells) -> np.ndarray:
    """Which rows hold a state such as cancelled, missed or moved."""
    return cells.spread(np.array([_NOT_HELD.search(text) is not None for text in cells.texts], dtype=bool), False)
