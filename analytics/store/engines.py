"""How either database is spoken to: connections, and what a transaction begins with."""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from analytics.store.folder import StoreError
from analytics.store.troubles import BAD_ADDRESS, DATABASE, of_postgresql

ONLY_READS = "only_reads"
"""The execution option of a connection that takes no lock."""

_LOCK = 7_346_201
"""Names the store's lock among a PostgreSQL database's advisory locks, beside the schema."""

_SETTINGS = {
    "idle_in_transaction_session_timeout": 60_000, "tcp_keepalives_idle": 20, "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 4,
}
"""An app server that holds the lock and says nothing for a minute is dead or cut off: the lock goes to the next."""


def sqlite_engine(folder: Path, wait_seconds: float) -> Engine:
    """The database file of a folder; it is for its owner alone."""
    path = folder / DATABASE
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    engine = create_engine(
        URL.create("sqlite", database=str(path)), poolclass=QueuePool, max_overflow=-1,
        connect_args={"timeout": wait_seconds, "check_same_thread": False})
    event.listen(engine, "connect", _on_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _keep_from_forks(engine)
    return engine


def _on_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions would begin too late and take no lock for reading.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get(ONLY_READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def postgresql_engine(address: str, wait_seconds: float) -> Engine:
    """A PostgreSQL database; its address never stands in a message.

    Every writing transaction begins by taking one advisory lock of the schema, so that no other comes between, as
    ``BEGIN IMMEDIATE`` does it on SQLite. SERIALIZABLE would let writers run beside each other, but whoever loses
    must do all again, files and all, which a ``with`` block cannot; and writes here are rare and short.
    """
    engine = create_engine(_address(address), pool_pre_ping=True, pool_size=5, max_overflow=20,
                           hide_parameters=True, connect_args={"connect_timeout": max(1, round(wait_seconds))})
    lock = text(f"SELECT set_config('lock_timeout', '{max(1, round(wait_seconds * 1000))}', true), "
                f"pg_advisory_xact_lock({_LOCK}, hashtext(current_schema()))")

    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(ONLY_READS):
            connection.execute(lock)

    event.listen(engine, "connect", _on_postgresql)
    event.listen(engine, "begin", begin)
    _keep_from_forks(engine)
    return engine


def _on_postgresql(connection: Any, _record: Any) -> None:
    from psycopg import Error

    try:
        for setting, value in _SETTINGS.items():
            connection.execute(f"SET {setting} = {value}")
        connection.commit()
    except Error as error:  # SQLAlchemy wraps nothing of a connection's first steps.
        raise StoreError(of_postgresql(error)) from None


def _address(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreError(BAD_ADDRESS) from None
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise StoreError(BAD_ADDRESS)
    return url.set(drivername="postgresql+psycopg")


_OF_THE_PARENT: list[Any] = []
"""Connections that a child process was born with: never used in it, and never closed, for they are the parent's."""


def _keep_from_forks(engine: Engine) -> None:
    """A connection stays with the process that made it; a child opens its own."""
    found = weakref.ref(engine)

    def in_child() -> None:
        engine = found()
        if engine is not None:
            _OF_THE_PARENT.append(engine.pool)
            engine.dispose(close=False)

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=in_child)
