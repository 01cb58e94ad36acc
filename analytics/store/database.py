"""The database of the store: its tables, its versions, and its troubles as sentences."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    NullPool,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError

from analytics.store.folder import StoreError

DATABASE = "outcomes.sqlite"

_METADATA = MetaData()

RECIPES = Table(
    "recipes", _METADATA,
    Column("id", Integer, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("toml_text", Text, nullable=False),
    Column("shape", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
    UniqueConstraint("owner", "name"),
)

LOADS = Table(
    "loads", _METADATA,
    Column("id", Integer, primary_key=True),
    Column("recipe_id", Integer, ForeignKey("recipes.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("dataset", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
    UniqueConstraint("recipe_id", "key"),
)

NOTES = Table(
    "notes", _METADATA,
    Column("owner", Text, primary_key=True),
    Column("dataset", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE recipes (
            id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, name TEXT NOT NULL, toml_text TEXT NOT NULL,
            shape TEXT NOT NULL, saved_at TEXT NOT NULL, UNIQUE (owner, name))""",
        """CREATE TABLE loads (
            id INTEGER PRIMARY KEY AUTOINCREMENT, recipe_id INTEGER NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
            key TEXT NOT NULL, dataset TEXT NOT NULL, facts TEXT NOT NULL, saved_at TEXT NOT NULL,
            UNIQUE (recipe_id, key))""",
    ),
    (
        """CREATE TABLE notes (
            owner TEXT NOT NULL, dataset TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
            saved_at TEXT NOT NULL, PRIMARY KEY (owner, dataset, name))""",
    ),
)
"""The statements that lead from each version to the next; a released one is never edited."""


def opened(folder: Path, wait_seconds: float) -> Engine:
    """The database of a folder, made or brought to this version."""
    path = folder / DATABASE
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool,
                           connect_args={"timeout": wait_seconds})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with locked(engine) as connection:
        _bring_up(connection)
    return engine


def _on_connect(connection, _record) -> None:
    # The driver's own transactions would begin too late and take no lock for reading.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _bring_up(connection: Connection) -> None:
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > len(MIGRATIONS):
        raise StoreError("The store was made by a newer version of this product; update it, or choose another folder.")
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.exec_driver_sql(statement)
    if version < len(MIGRATIONS):
        connection.exec_driver_sql(f"PRAGMA user_version={len(MIGRATIONS)}")
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
        raise StoreError(_damaged())


@contextmanager
def locked(engine: Engine) -> Iterator[Connection]:
    """One transaction that no other process can come between; committed at the end, or nothing of it."""
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise StoreError(_sentence(str(error.orig).lower())) from None
    except sqlite3.Error as error:  # From the connection's first steps, which SQLAlchemy does not wrap.
        raise StoreError(_sentence(str(error).lower())) from None
    except OSError as error:
        raise StoreError(f"The store's folder cannot be used: {error.strerror or 'not readable'}.") from None


def _sentence(trouble: str) -> str:
    """What the database said in words of ours; the statement and its values stay out of it."""
    if "locked" in trouble or "busy" in trouble:
        return "The store is in use by another program that does not let go; try again in a moment."
    if "readonly" in trouble or "unable to open" in trouble:
        return "The store's folder cannot be written to; choose another folder, or allow writing there."
    if "full" in trouble:
        return "The disk of the store's folder is full; nothing was saved."
    return _damaged()


def _damaged() -> str:
    return (f"The store's database ({DATABASE}) is damaged; move it out of the store's folder, and a new one is made. "
            "Recipes that were saved as files can be opened again.")
