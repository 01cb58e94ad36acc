"""The audit log: who did what and when, appended to only, in the transaction of what it tells of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from analytics.access import Person
from analytics.store.database import Database
from analytics.store.tables import AUDIT

SYSTEM = Person("system", "this program", "director")
"""Who does what nobody asked for in this moment: retention, backup and restore."""


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes
    ----------
    at : time in UTC
    who : the person's name as it was then
    action : words of ours, as ``deleted a dataset``
    what : plain values: ids, numbers, names of datasets; never a row, a token or a passphrase
    """

    at: str
    who: str
    action: str
    what: dict[str, Any]


class Audit:
    """The audit log of a store. A trigger in the database refuses to change or delete what stands there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, person: Person, action: str, what: Mapping[str, Any]) -> None:
        """Append a line that stands alone."""
        with self._database.locked() as connection:
            self.tell(connection, person, action, what)

    def tell(self, connection: Connection, person: Person, action: str, what: Mapping[str, Any]) -> None:
        """Append a line in the transaction of what it tells of: neither is there without the other."""
        connection.execute(insert(AUDIT).values(
            at=self._database.now(), subject=person.subject, who=person.name, action=action,
            what=json.dumps(dict(what), sort_keys=True)))

    def entries(self, person: Person, most: int = 500) -> list[Entry]:
        """The newest lines, the newest first.

        Raises
        ------
        NotAllowedError
            Without the right ``audit``.
        """
        person.needs("audit")
        with self._database.reading() as connection:
            rows = connection.execute(select(AUDIT).order_by(AUDIT.c.id.desc()).limit(most))
            return [Entry(row.at, row.who, row.action, json.loads(row.what)) for row in rows]
