"""A cohort as plain records, whatever file it is written to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

ITEMS = {"phq9": 9, "gad7": 7}


@dataclass(frozen=True)
class Records:
    """What a clinic knows.

    Attributes
    ----------
    scores : patient_id, day (days from 1970-01-01 on the date axis), visit, time, timing, course_id, instrument,
        total, items (answers by number)
    sessions : patient_id, day, course_id, phase, planned_sessions, drug, route, dose, dose_unit
    patients : attributes by patient
    """

    axis: str
    scores: list[dict]
    sessions: list[dict]
    patients: dict[str, dict]
    mapping: dict[str, str] = field(default_factory=dict)

    def bare(self, *names: str) -> Records:
        """The same without some fields of scores and sessions, each record once."""
        scores, sessions = ([{name: value for name, value in row.items() if name not in names} for row in rows]
                            for rows in (self.scores, self.sessions))
        return replace(self, scores=_once(scores), sessions=_once(sessions))

    def place(self, row: dict) -> str:
        """The day of a record as the file writes it."""
        if row.get("day") is None:
            return ""
        return (date(1970, 1, 1) + timedelta(row["day"])).isoformat() if self.axis == "date" else str(row["day"])


def _once(rows: list[dict]) -> list[dict]:
    seen = {}
    for row in rows:
        seen.setdefault(tuple(sorted((name, str(value)) for name, value in row.items())), row)
    return list(seen.values())


def clock(minutes: int | None) -> str:
    """A time of day as HH:MM."""
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


def number(value: float | None) -> str:
    """A score as people write it."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
