"""Whether everything that the store names is there and whole, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Table, func, select

from analytics.store.database import Database, named_contents
from analytics.store.folder import StoreError
from analytics.store.tables import AUDIT, DATASETS, LOADS, METADATA, NOTES, RECIPES, SHARES, VERSIONS

Kind = Literal["database", "reference", "latest", "tables", "load", "plain", "orphan", "secret"]

_PLAIN = ((RECIPES, "shape"), (LOADS, "facts"), (NOTES, "value"), (VERSIONS, "facts"), (AUDIT, "what"),
          (SHARES, "content"))
"""Columns that hold plain values as JSON."""


@dataclass(frozen=True)
class Problem:
    """Something that is not as it should be.

    Attributes
    ----------
    kind : ``database``: SQLite finds its file damaged; ``reference``: rows of ``table`` name a row that is not there;
        ``latest``: a dataset's latest version is not its newest one; ``tables``: those of a version, and ``load``:
        those of a recipe's last load, are damaged or missing; ``plain``: values of ``table`` cannot be read;
        ``orphan``: tables that nothing names; ``secret``: the secret for patient codes is damaged
    table : which; empty where there is but one
    number : the id of the dataset, version or load; else how many
    """

    kind: Kind
    table: str
    number: int


def problems(database: Database) -> list[Problem]:
    """Everything that is wrong, all at once; none for a store that is whole. It may be in use meanwhile.

    Raises
    ------
    StoreError
        When the store cannot be used at all.
    """
    with database.snapshot() as connection:
        found = [*_of_file(connection), *_references(connection), *_latest(connection), *_unreadable(connection)]
        versions = list(connection.execute(select(VERSIONS.c.id)).scalars())
        loads = list(connection.execute(select(LOADS.c.id)).scalars())
    for kind, table, column, ids in (("tables", VERSIONS, "content", versions), ("load", LOADS, "dataset", loads)):
        found += [Problem(kind, table.name, number) for number in ids if _is_damaged(database, table, column, number)]
    return [*found, *_orphans(database)]


def _of_file(connection: Connection) -> Iterator[Problem]:
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        if said != ["ok"]:
            yield Problem("database", "", len(said))


def _references(connection: Connection) -> Iterator[Problem]:
    for table in METADATA.sorted_tables:
        for key in table.foreign_keys:
            target = key.column.table.alias("target")
            n_lost = connection.execute(
                select(func.count()).select_from(table.outerjoin(target, target.c[key.column.name] == key.parent))
                .where(key.parent.is_not(None), target.c[key.column.name].is_(None))).scalar_one()
            if n_lost:
                yield Problem("reference", table.name, n_lost)


def _latest(connection: Connection) -> Iterator[Problem]:
    newest = {}
    for row in connection.execute(select(VERSIONS.c.dataset_id, VERSIONS.c.id, VERSIONS.c.number)
                                  .order_by(VERSIONS.c.number)):
        newest[row.dataset_id] = (row.id, row.number)
    for row in connection.execute(select(DATASETS.c.id, DATASETS.c.latest_version_id, DATASETS.c.last_number)):
        version_id, number = newest.get(row.id, (None, 0))
        if row.latest_version_id != version_id or row.last_number < number:
            yield Problem("latest", "", row.id)


def _unreadable(connection: Connection) -> Iterator[Problem]:
    for table, column in _PLAIN:
        n_unreadable = sum(not _is_plain(value) for value in connection.execute(select(table.c[column])).scalars())
        if n_unreadable:
            yield Problem("plain", table.name, n_unreadable)


def _is_plain(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _is_damaged(database: Database, table: Table, column: str, number: int) -> bool:
    found = database.frames_named(select(table).where(table.c.id == number), column)
    return found is not None and found[1] is None


def _orphans(database: Database) -> Iterator[Problem]:
    with database.locked() as connection:
        n_orphans = len(database.frames.contents(connection) - named_contents(connection))
        if n_orphans:
            yield Problem("orphan", "", n_orphans)
        try:
            if database.frames.has_secret(connection):
                database.frames.secret(connection)
        except StoreError:
            yield Problem("secret", "", 1)
