"""Files of an archive or folder that cannot be used, set aside so that they do not stop the others of the export."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from analytics.definitions.findings import Finding
from analytics.ingest.gather import Gathered
from analytics.ingest.parts import Part
from analytics.ingest.problems import ProblemLog
from analytics.ingest.sessions import SESSION_FIELDS

_OF_ONE_FILE = frozenset({"no_patient_column", "patient_key_identifies", "axes_differ", "date_holds_numbers",
                          "date_order_unknown", "date_serial_unknown", "day_unit_unknown"})
"""What stops a load for the sake of one file."""

_HELD = ("assessments", "sessions")


@dataclass(frozen=True)
class NotUsed:
    """A table that is set aside, and the finding that would have stopped the load for it."""

    part: Part
    reason: Finding

    def told(self, log: ProblemLog) -> None:
        """Note it with all of its rows, in place of what would stop the load."""
        log.forget_blocking(self.part.name)
        rows = self.part.with_joined(self.part.rows)
        log.add("member_not_used", self.part.name, self.reason.column, rows=rows, why=self.reason.problem,
                what_to_do=self.reason.remedy, choices=self.reason.choices)


def not_needed(found: Gathered) -> list[NotUsed]:
    """The members of archives and folders that stop the load and hold nothing that no other member holds.

    A table of scores of which no other member has any is needed, and so are the only sessions: without them the
    figures would be of something else, so that the load stops for them as for any file. Files that are placed in
    time in another way come last, because without another file they may not be.
    """
    if not found.log.codes & _OF_ONE_FILE or not any(part.is_member for part in found.parts):
        return []
    return _not_needed(found, _OF_ONE_FILE - {"axes_differ"}) or _not_needed(found, _OF_ONE_FILE)


def _not_needed(found: Gathered, codes: Collection[str]) -> list[NotUsed]:
    stops: dict[str, Finding] = {}
    told = {one.file for one in found.log.findings() if one.code == "member_not_used"}
    for one in found.log.findings():
        if one.severity == "blocks" and one.code in codes and one.file is not None:
            stops.setdefault(one.file, one)
    aside = []
    for place, part in enumerate(found.parts):
        if not part.is_member or part.name not in stops or part.name in told:
            continue
        others = [other for other, one in enumerate(found.parts)
                  if one.is_member and one.book == part.book and one.name not in stops
                  and any(word in found.kinds[other] for word in _HELD)]
        if others and not _is_missed(place, others, found):
            aside.append(NotUsed(part, stops[part.name]))
    return aside


def _is_missed(place: int, others: Iterable[int], found: Gathered) -> bool:
    """Whether a table holds scores or, with their patients, sessions that the other tables have none of."""
    held = {word for other in others for word in _words(other, found)}
    return bool(_words(place, found) - held)


def _words(place: int, found: Gathered) -> set[str]:
    name = found.parts[place].name
    fields = {re.split(r"[.\[@]", one.field)[0] for one in found.columns if one.file == name and one.field is not None}
    scores = fields & {*found.instruments, "instrument"}
    # Dates alone may be those of invoices, notes or calls.
    is_of_sessions = "sessions" in found.kinds[place] and bool(fields & {"treated_on", *SESSION_FIELDS})
    return scores | ({"sessions"} if is_of_sessions else set())
