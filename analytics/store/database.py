"""The database of the store: one transaction that nobody comes between, one look that disturbs nobody."""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Select, select
from sqlalchemy.engine import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from analytics.access import NotAllowedError
from analytics.store import troubles
from analytics.store.engines import ONLY_READS, postgresql_engine, sqlite_engine
from analytics.store.folder import StoreError, make_folder, set_aside, store_folder
from analytics.store.frames import Frames, FramesInDatabase, FramesInFolder
from analytics.store.schema import bring_up
from analytics.store.tables import LOADS, VERSIONS
from analytics.store.troubles import DATABASE

DATABASE_VARIABLE = "OUTCOMES_DATABASE_URL"
"""The environment variable that names a PostgreSQL database for several servers."""


class Database:
    """What every part of the store works with.

    Attributes
    ----------
    frames : where tables' bytes and the secret lie
    now : gives the time that is written beside what is saved, as ISO text in UTC to the second
    """

    def __init__(self, engine: Engine, frames: Frames, now: Callable[[], str]) -> None:
        self._engine = engine
        # Of one statement each: on PostgreSQL a transaction around it would be two more ways to the server and back.
        of_server = {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {}
        self._reader = engine.execution_options(**{ONLY_READS: True}, **of_server)
        self.frames, self.now = frames, now
        self.close = weakref.finalize(self, engine.dispose)

    @property
    def is_server(self) -> bool:
        """Whether it is PostgreSQL."""
        return self._engine.dialect.name == "postgresql"

    @property
    def described(self) -> str:
        """Which database, for the person who runs this; no user, no password."""
        url = self._engine.url
        host = url.host or url.query.get("host") or "this computer"
        return f"the PostgreSQL database {url.database} on {host}" if self.is_server else str(url.database)

    @contextmanager
    def locked(self) -> Iterator[Connection]:
        """One transaction that no other process can come between; committed at the end, or nothing of it."""
        with self._told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A look that waits for nobody who writes; on PostgreSQL each statement sees what is there in its moment."""
        with self._told(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A look in which every statement sees the same moment."""
        of_server = {"isolation_level": "REPEATABLE READ"} if self.is_server else {}
        with self._told(), self._reader.execution_options(**of_server).begin() as connection:
            yield connection

    @contextmanager
    def kept(self) -> Iterator[Connection]:
        """``locked()`` for a save of frames: where it fails, files that were written already do not stay."""
        try:
            with self.locked() as connection:
                yield connection
        except BaseException:
            if not self.frames.is_in_database:
                self._sweep_files(is_delete=False)
            raise

    @contextmanager
    def swept(self, *, is_delete: bool = False) -> Iterator[Connection]:
        """``kept()``, and frames that no row names any more are removed.

        Rows of the database go in the same transaction; files after it, for a transaction that is undone must find
        them again. ``is_delete`` raises StoreError where a file stays: nobody is told that data is gone which is not.
        """
        with self.kept() as connection:
            yield connection
            if self.frames.is_in_database:
                self.frames.sweep(connection, named_contents(connection))
        if not self.frames.is_in_database and self._sweep_files(is_delete) and is_delete:
            raise StoreError(troubles.STAYED)

    def _sweep_files(self, is_delete: bool) -> bool:
        """Whether something stayed; after a save that is done, a sweep that cannot be is left to the next start."""
        try:
            with self.locked() as connection:
                stayed = self.frames.sweep(connection, named_contents(connection))
            if is_delete:
                self.forget_journal()
        except StoreError:
            return True
        return bool(stayed)

    def forget_journal(self) -> None:
        """Overwrite what SQLite's journal still holds of deleted rows; where somebody reads, the next one does it."""
        if not self.is_server:
            with self._told():
                raw = self._engine.raw_connection()
                try:
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                finally:
                    raw.close()

    def frames_named(self, question: Select, content: str) -> tuple[Row, dict[str, bytes] | None] | None:
        """The first row of a question and the frames under its column ``content``.

        Without the lock first; if they seem damaged, once more under it: another process may have put others in
        their place between the row and the files.

        Returns
        -------
        tuple or missing
            Missing where there is no row; the frames are missing where they are damaged.
        """
        row, frames = None, None
        for transaction in (self.reading, self.locked):
            with transaction() as connection:
                row = connection.execute(question).first()
                frames = None if row is None else self.frames.read(connection, row._mapping[content])
            if row is None or frames is not None:
                break
        return None if row is None else (row, frames)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except NotAllowedError:  # An OSError to Python, and none of the folder's.
            raise
        except DBAPIError as error:
            of = troubles.of_postgresql if self.is_server else troubles.of_sqlite
            raise StoreError(of(error.orig)) from None
        except sqlite3.Error as error:  # From the connection's first steps, which SQLAlchemy does not wrap.
            raise StoreError(troubles.of_sqlite(error)) from None
        except PoolTimeoutError:
            raise StoreError(troubles.IN_USE) from None
        except OSError as error:
            raise StoreError(troubles.of_folder(error)) from None


def named_contents(connection: Connection) -> set[str]:
    """The hashes of all frames that a row names."""
    return {*connection.execute(select(LOADS.c.dataset)).scalars(),
            *connection.execute(select(VERSIONS.c.content)).scalars()}


def is_there(folder: str | Path | None = None, database_url: str | None = None) -> bool:
    """Whether there is a store already; a database that an address names counts as one."""
    return bool(database_url or os.environ.get(DATABASE_VARIABLE)) or (store_folder(folder) / DATABASE).exists()


def opened(folder: Path, database_url: str | None, wait_seconds: float, now: Callable[[], str]) -> Database:
    """The database that the address names, else the environment, else SQLite in the folder; of this version.

    Raises
    ------
    StoreError
        When it cannot be used, or is a newer version's.
    """
    address = database_url or os.environ.get(DATABASE_VARIABLE)
    if address:
        database = Database(postgresql_engine(address, wait_seconds), FramesInDatabase(), now)
        with database.locked() as connection:
            bring_up(connection)
        return database
    try:
        make_folder(folder)
        make_folder(folder / "datasets")
        database = Database(sqlite_engine(folder, wait_seconds), FramesInFolder(folder), now)
    except OSError as error:
        raise StoreError("The store's folder cannot be made or written to "
                         f"({error.strerror or 'no reason given'}); choose another folder.") from None
    with database.locked() as connection:
        if bring_up(connection):
            set_aside(folder / "datasets")
    with database.locked() as connection:
        database.frames.sweep(connection, named_contents(connection))
    return database
