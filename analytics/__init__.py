"""Outcomes of ketamine treatment: from a clinic's files to rates that can be defended.

Use from a notebook::

    import analytics

    tables = analytics.load(["assessments.csv", "sessions.csv", "patients.csv"])
    outcomes = analytics.outcomes(tables, analytics.rule_set("clinic"))
    summary = analytics.summarize(outcomes, by=["site"])
    comparison = analytics.compare(outcomes, "phq9", "response", "site")

Names are handed on when they are first asked for, so that a start costs only what it uses.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PLACES = {
    "load": "analytics.ingest.load",
    "Source": "analytics.ingest.read",
    "instruments_from_toml": "analytics.definitions.custom_instruments",
    "outcomes": "analytics.courses.outcomes",
    "summarize": "analytics.results.summary",
    "compare": "analytics.results.comparison",
    "rule_set": "analytics.definitions.rules",
}

__all__ = ["__version__", *_PLACES]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'analytics' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
