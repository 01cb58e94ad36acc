"""Where tables' bytes and the secret lie: files of a folder, or rows of the database that several servers share."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, delete, insert, select

from analytics.store.folder import (
    SECRET_BYTES,
    StoreError,
    content_hash,
    put_secret_in,
    read_dataset,
    secret_in,
    sweep,
    write_dataset,
)
from analytics.store.tables import FRAMES, SETTINGS

SECRET = "secret"
"""The setting that holds the secret where it is a row."""

_NAME_OF_FRAME = frozenset("abcdefghijklmnopqrstuvwxyz_0123456789")


def are_names(frames: Iterable[str]) -> bool:
    """Whether every name can be a file's."""
    return all(name and set(name) <= _NAME_OF_FRAME for name in frames)


def check_names(frames: Iterable[str]) -> None:
    """Go on where every name can be a file's.

    Raises
    ------
    ValueError
        Where one cannot.
    """
    if not are_names(frames):
        raise ValueError("A table is named with small letters, digits and _.")


class Frames(Protocol):
    """Frames by the hash of their content; each call is within a transaction that holds the lock, unless it reads."""

    is_in_database: bool

    def write(self, connection: Connection, frames: Mapping[str, bytes]) -> str:
        """Keep frames; gives their hash."""

    def read(self, connection: Connection, content: str) -> dict[str, bytes] | None:
        """The frames under a hash; missing where they are not there or not as they were written."""

    def contents(self, connection: Connection) -> set[str]:
        """Every hash there is, and the names of what does not belong there."""

    def sweep(self, connection: Connection, kept: set[str]) -> set[str]:
        """Remove all but these; gives what could not be removed."""

    def secret(self, connection: Connection) -> bytes:
        """The secret, made at first use."""

    def put_secret(self, connection: Connection, secret: bytes) -> None:
        """A secret from a backup, where there is none yet."""

    def has_secret(self, connection: Connection) -> bool:
        """Whether the secret was made."""


class FramesInFolder:
    """Files under ``datasets/<hash>``; to be swept after the rows that named them are gone for good."""

    is_in_database = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._datasets = folder / "datasets"

    def write(self, connection: Connection, frames: Mapping[str, bytes]) -> str:
        return write_dataset(self._datasets, frames)

    def read(self, connection: Connection, content: str) -> dict[str, bytes] | None:
        return read_dataset(self._datasets, content)

    def contents(self, connection: Connection) -> set[str]:
        return {path.name for path in self._datasets.iterdir()}

    def sweep(self, connection: Connection, kept: set[str]) -> set[str]:
        return sweep(self._datasets, kept)

    def secret(self, connection: Connection) -> bytes:
        return secret_in(self._folder)

    def put_secret(self, connection: Connection, secret: bytes) -> None:
        put_secret_in(self._folder, secret)

    def has_secret(self, connection: Connection) -> bool:
        return (self._folder / "secret.key").exists()


class FramesInDatabase:
    """Rows, so that several servers need nothing else in common; they come and go with the rows that name them."""

    is_in_database = True

    def write(self, connection: Connection, frames: Mapping[str, bytes]) -> str:
        content = content_hash(frames)
        if frames and self.read(connection, content) is None:
            connection.execute(delete(FRAMES).where(FRAMES.c.content == content))
            for name, given in frames.items():
                connection.execute(insert(FRAMES).values(content=content, name=name, bytes=given))
        return content

    def read(self, connection: Connection, content: str) -> dict[str, bytes] | None:
        rows = connection.execute(select(FRAMES.c.name, FRAMES.c.bytes).where(FRAMES.c.content == content))
        frames = {row.name: bytes(row.bytes) for row in rows}
        return frames if content_hash(frames) == content else None

    def contents(self, connection: Connection) -> set[str]:
        return set(connection.execute(select(FRAMES.c.content).distinct()).scalars())

    def sweep(self, connection: Connection, kept: set[str]) -> set[str]:
        for content in self.contents(connection) - kept:
            connection.execute(delete(FRAMES).where(FRAMES.c.content == content))
        return set()

    def secret(self, connection: Connection) -> bytes:
        kept = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == SECRET)).scalar()
        if kept is None:
            kept = secrets.token_hex(SECRET_BYTES)
            connection.execute(insert(SETTINGS).values(name=SECRET, value=kept))
        try:
            secret = bytes.fromhex(kept)
        except ValueError:
            secret = b""
        if len(secret) != SECRET_BYTES:
            raise StoreError("The secret for patient codes in the store's database is damaged; put back a backup. "
                             "With a new one the same patient would get another code.")
        return secret

    def put_secret(self, connection: Connection, secret: bytes) -> None:
        connection.execute(insert(SETTINGS).values(name=SECRET, value=secret.hex()))

    def has_secret(self, connection: Connection) -> bool:
        return connection.execute(select(SETTINGS.c.name).where(SETTINGS.c.name == SECRET)).first() is not None
