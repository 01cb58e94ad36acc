"""A backup of the whole store as one file, the same for both databases, and the way back.

``store.json`` (what it is, and the SHA-256 of every other member), ``rows/<table>.json``, ``frames/<hash>/*.parquet``,
``secret.key`` where one was made. It holds all that the store holds and is as much in need of protection: it is made
for its owner alone, and not encrypted by us. Presence on links is not in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Integer, LargeBinary, Table, func, insert, select, text

from analytics.store.audit import SYSTEM, Audit
from analytics.store.database import Database, named_contents
from analytics.store.folder import StoreError, content_hash
from analytics.store.frames import SECRET, are_names
from analytics.store.schema import HEAD
from analytics.store.tables import FRAMES, METADATA, SETTINGS, SHARE_PRESENCE

FORMAT = "ketamine-outcomes store/1"

_TRIES = 3
"""How often a backup begins again because a dataset was deleted while it was made."""

_LEFT_OUT = (FRAMES, SHARE_PRESENCE)
_TABLES = tuple(table for table in METADATA.sorted_tables if table not in _LEFT_OUT)
_COUNTED = tuple(table for table in _TABLES if "id" in table.c and isinstance(table.c.id.type, Integer))


@dataclass
class _Snapshot:
    """All rows of one moment, as JSON knows them."""

    rows: dict[str, list[dict[str, Any]]]
    last_ids: dict[str, int]
    contents: set[str]
    secret: bytes | None
    damaged: list[str] = field(default_factory=list)


def write_backup(database: Database, path: Path) -> list[str]:
    """Write a backup; others go on reading and writing meanwhile.

    Returns
    -------
    list of str
        The hashes of tables that are damaged in the store and therefore not in the backup.

    Raises
    ------
    FileExistsError
        When there is such a file: a backup is never written over another.
    OSError, StoreError
        When the file or the store cannot be used.
    """
    if path.exists():
        raise FileExistsError(17, "is there already; name another file", str(path))
    if not path.parent.is_dir():
        raise FileNotFoundError(2, "there is no such folder; make it, or name another", str(path.parent))
    unfinished = path.with_name(f".being-written-{path.name}")
    unfinished.unlink(missing_ok=True)
    try:
        for _ in range(_TRIES):
            with open(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
                snapshot = _snapshot(database)
                _write(database, snapshot, file)
                os.fsync(file.fileno())
            if _is_still_named(database, snapshot.damaged):
                break
        else:
            raise StoreError("Datasets were deleted again and again while the backup was made; try again.")
        Audit(database).write(SYSTEM, "made a backup", {"rows": sum(map(len, snapshot.rows.values()))})
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return snapshot.damaged


def _snapshot(database: Database) -> _Snapshot:
    with database.snapshot() as connection:
        secret = database.frames.secret(connection) if database.frames.has_secret(connection) else None
        # On PostgreSQL the secret is a setting; in a backup it stands for itself.
        rows = {table.name: [_plain(row._mapping) for row in connection.execute(
            select(table).where(*_but_the_secret(table)))] for table in _TABLES}
        return _Snapshot(rows, _last_ids(connection), named_contents(connection), secret)


def _plain(row: Any) -> dict[str, Any]:
    return {name: {"base64": b64encode(value).decode("ascii")} if isinstance(value, bytes | memoryview) else value
            for name, value in row.items()}


def _write(database: Database, snapshot: _Snapshot, file: Any) -> None:
    sums: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        def put(name: str, content: bytes) -> None:
            sums[name] = hashlib.sha256(content).hexdigest()
            archive.writestr(name, content)

        for table, rows in snapshot.rows.items():
            put(f"rows/{table}.json", json.dumps(rows).encode())
        if snapshot.secret is not None:
            put("secret.key", snapshot.secret)
        for content in sorted(snapshot.contents):
            with database.reading() as connection:
                frames = database.frames.read(connection, content)
            if frames is None:
                snapshot.damaged.append(content)
            for name, given in (frames or {}).items():
                put(f"frames/{content}/{name}.parquet", given)
        archive.writestr("store.json", json.dumps({
            "format": FORMAT, "step": HEAD, "made_at": database.now(), "last_ids": snapshot.last_ids,
            "contents": sorted(snapshot.contents - set(snapshot.damaged)), "sha256": sums}))


def _is_still_named(database: Database, contents: list[str]) -> bool:
    """Whether what could not be read is named still: damaged then, and not deleted meanwhile."""
    with database.reading() as connection:
        return set(contents) <= named_contents(connection)


def restore_backup(database: Database, path: Path) -> None:
    """Put a backup into an empty store, whole or not at all.

    Raises
    ------
    ValueError
        When the file is no backup, was changed or damaged, or is a newer version's, or the store is not empty.
    OSError, StoreError
        When the file or the store cannot be used.
    """
    with _opened(path) as (archive, told), database.kept() as connection:
        _refuse_what_is_there(database, connection, archive)
        _put_back(database, connection, archive, told)


def look_through(path: Path) -> None:
    """Read a backup to its end, before a store is made for it.

    Raises
    ------
    ValueError
        When the file is no backup, was changed or damaged, or is another version's.
    OSError
        When it cannot be read.
    """
    with _opened(path) as (archive, _):
        for name in archive.sums:
            archive.read(name)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[_Reader, dict[str, Any]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            told = json.loads(archive.read("store.json"))
            if told["format"] != FORMAT or told["step"] != HEAD:
                raise ValueError(f"{path.name}: the backup was made by another version of this product; restore it "
                                 "with that version. Nothing was restored.")
            yield _Reader(archive, told["sha256"]), told
    except StoreError:  # Of the store, not of the file.
        raise
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, EOFError, RuntimeError,
            UnicodeDecodeError, json.JSONDecodeError):
        raise ValueError(f"{path.name}: a backup of a store was expected; this is none, or it was changed, "
                         "damaged or given a password. Nothing was restored.") from None


class _Reader:
    """The members of a backup, each as its sum says."""

    def __init__(self, archive: zipfile.ZipFile, sums: dict[str, str]) -> None:
        self._archive, self.sums = archive, sums

    def read(self, name: str) -> bytes:
        content = self._archive.read(name)
        if hashlib.sha256(content).hexdigest() != self.sums[name]:
            raise KeyError(name)
        return content


def _refuse_what_is_there(database: Database, connection: Connection, archive: _Reader) -> None:
    n_rows = sum(connection.execute(select(func.count()).select_from(table).where(*_but_the_secret(table))).scalar_one()
                 for table in _TABLES)
    # A restore that was killed leaves its secret, a file, and nothing else: it may be done again.
    secret = database.frames.secret(connection) if database.frames.has_secret(connection) else None
    if n_rows or (secret is not None and ("secret.key" not in archive.sums or archive.read("secret.key") != secret)):
        raise ValueError(f"The store is not empty ({database.described}); name a new folder or database. A backup "
                         "never takes the place of what is there.")


def _but_the_secret(table: Table) -> tuple[Any, ...]:
    return (SETTINGS.c.name != SECRET,) if table is SETTINGS else ()


def _put_back(database: Database, connection: Connection, archive: _Reader, told: dict[str, Any]) -> None:
    if "secret.key" in archive.sums and not database.frames.has_secret(connection):
        database.frames.put_secret(connection, archive.read("secret.key"))
    for table in _TABLES:
        rows = [_values(table, row) for row in json.loads(archive.read(f"rows/{table.name}.json"))]
        if rows:
            connection.execute(insert(table), rows)
    for content in told["contents"]:
        start = f"frames/{content}/"
        frames = {name.removeprefix(start).removesuffix(".parquet"): archive.read(name)
                  for name in archive.sums if name.startswith(start)}
        if content_hash(frames) != content or not are_names(frames):
            # A name is a file's below the store's folder; one of another's making could lead out of it.
            raise KeyError(content)
        database.frames.write(connection, frames)
    _go_on_from(connection, told["last_ids"])
    Audit(database).tell(connection, SYSTEM, "restored a backup", {"made_at": told["made_at"]})


def _values(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {column.name: b64decode(row[column.name]["base64"]) if isinstance(column.type, LargeBinary)
            else row[column.name] for column in table.c}


def _last_ids(connection: Connection) -> dict[str, int]:
    """The highest id a table ever gave: an id is never used again, in a restored store neither."""
    if connection.dialect.name == "sqlite":
        kept = dict(map(tuple, connection.execute(text("SELECT name, seq FROM sqlite_sequence"))))
        return {table.name: int(kept.get(table.name, 0)) for table in _COUNTED}
    found = {}
    for table in _COUNTED:
        row = connection.execute(text(f"SELECT last_value, is_called FROM {table.name}_id_seq")).one()
        found[table.name] = row.last_value if row.is_called else 0
    return found


def _go_on_from(connection: Connection, last_ids: dict[str, int]) -> None:
    for table in _COUNTED:
        last = int(last_ids[table.name])
        if last and connection.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"),
                               {"name": table.name, "last": last})
        elif last:
            connection.execute(text(f"SELECT setval('{table.name}_id_seq', :last)"), {"last": last})
