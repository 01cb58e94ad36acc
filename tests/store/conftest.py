"""Every test of the store runs on both databases: a folder with SQLite, and a schema of a real PostgreSQL."""

from __future__ import annotations

import shutil

import pytest
from argon2 import PasswordHasher

from analytics.store import Store, share_secrets
from tests import postgresql


@pytest.fixture(scope="session")
def server():
    """One PostgreSQL for the tests of a worker."""
    why_not = postgresql.why_not()
    if why_not:
        pytest.skip(why_not)
    running = postgresql.PostgreSQL()
    yield running
    running.stop()


REAL_HASHER = share_secrets._HASHER
"""As it is outside of tests: each passphrase costs 64 MiB and a tenth of a second."""


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch):
    """Hashes of the same kind that cost next to nothing."""
    monkeypatch.setattr(share_secrets, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A folder with a store that nothing was put into: to copy it costs a tenth of what its migrations cost."""
    folder = tmp_path_factory.mktemp("empty") / "store"
    Store(folder).close()
    return folder


class Place:
    """Where a test's store is; every ``store()`` of it is the same one, opened anew."""

    def __init__(self, folder, server=None, template=None):
        self.folder, self.server, self.template = folder, server, template
        self.schema = server.new_schema() if server is not None else None
        self.address = server.address(self.schema) if server is not None else None
        self._opened = []

    @property
    def is_server(self):
        return self.server is not None

    def store(self, **options):
        if not self.is_server and self.template is not None and not self.folder.exists():
            shutil.copytree(self.template, self.folder)
        opened = Store(self.folder, database_url=self.address, **options)
        self._opened.append(opened)
        return opened

    def close(self):
        for opened in self._opened:
            opened.close()

    def rows(self, statement):
        """What the database holds, asked beside the store."""
        if self.is_server:
            return self.server.execute(statement, schema=self.schema)
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(self.folder / "outcomes.sqlite", isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()

    change = rows

    def contents(self):
        """The hashes under which frames lie."""
        if self.is_server:
            return {content for content, in self.rows("SELECT DISTINCT content FROM frames")}
        return {path.name for path in (self.folder / "datasets").iterdir()}


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path, template):
    """A place for a store on either database; the one on PostgreSQL is skipped where none is installed."""
    server = request.getfixturevalue("server") if request.param == "postgresql" else None
    made = Place(tmp_path / "kept", server, template)
    yield made
    made.close()


@pytest.fixture
def store(place):
    return place.store()
