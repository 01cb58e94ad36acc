"""Every test of the store runs on both databases: a folder with SQLite, and a schema of a real PostgreSQL."""

from __future__ import annotations

import pytest

from analytics.store import Store
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


class Place:
    """Where a test's store is; every ``store()`` of it is the same one, opened anew."""

    def __init__(self, folder, server=None):
        self.folder, self.server = folder, server
        self.schema = server.new_schema() if server is not None else None
        self.address = server.address(self.schema) if server is not None else None
        self._opened = []

    @property
    def is_server(self):
        return self.server is not None

    def store(self, **options):
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
def place(request, tmp_path):
    """A place for a store on either database; the one on PostgreSQL is skipped where none is installed."""
    made = Place(tmp_path / "kept", request.getfixturevalue("server") if request.param == "postgresql" else None)
    yield made
    made.close()


@pytest.fixture
def store(place):
    return place.store()
