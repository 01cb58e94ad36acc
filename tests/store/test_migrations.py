"""From every version before to this one, on either database, by two at once, and never from a newer one."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from analytics.access import LOCAL
from analytics.store import Store, StoreError, schema
from analytics.store.tables import METADATA
from analytics.store.troubles import DATABASE

ROOT = Path(__file__).parent.parent.parent

OF_VERSION = {
    1: ("CREATE TABLE recipes (id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, name TEXT NOT NULL, "
        "toml_text TEXT NOT NULL, shape TEXT NOT NULL, saved_at TEXT NOT NULL, UNIQUE (owner, name))",
        "CREATE TABLE loads (id INTEGER PRIMARY KEY AUTOINCREMENT, recipe_id INTEGER NOT NULL REFERENCES recipes (id) "
        "ON DELETE CASCADE, key TEXT NOT NULL, dataset TEXT NOT NULL, facts TEXT NOT NULL, saved_at TEXT NOT NULL, "
        "UNIQUE (recipe_id, key))",
        "INSERT INTO recipes VALUES (7, '', 'monthly', 'kept', '[]', '2026-01-01T00:00:00+00:00')"),
    2: ("CREATE TABLE notes (owner TEXT NOT NULL, dataset TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, "
        "saved_at TEXT NOT NULL, PRIMARY KEY (owner, dataset, name))",
        "INSERT INTO notes VALUES ('', 'k1', 'primary', '1', '2026-01-01T00:00:00+00:00')"),
}
"""The statements by which the releases before Alembic made their stores."""

_OPEN = """
import os, sys
from analytics.store import Store

go_on, go = os.pipe()
children = []
for name in sys.argv[3:]:
    child = os.fork()
    if not child:
        os.close(go)
        os.read(go_on, 1)  # Ends for all of them when the parent closes it.
        Store(sys.argv[1], database_url=sys.argv[2] or None).save_recipe(name, "", [])
        os._exit(0)
    children.append(child)
os.close(go)
sys.exit(max(os.waitpid(child, 0)[1] for child in children) > 0)
"""


def made_by(version: int, folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        for step in range(1, version + 1):
            for statement in OF_VERSION[step]:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={version}")


def ask(folder: Path, statement: str) -> list:
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        return connection.execute(statement).fetchall()


def differs(database) -> list:
    with database.locked() as connection:
        return compare_metadata(MigrationContext.configure(connection), METADATA)


@pytest.mark.parametrize("version", [1, 2])
def test_a_store_from_before_is_taken_over_with_what_it_holds(tmp_path, version):
    made_by(version, tmp_path / "kept")
    store = Store(tmp_path / "kept")
    assert store.recipe(7).toml_text == "kept"
    assert store.notes("k1") == ({"primary": 1} if version == 2 else {})
    store.keep_note("k1", "primary", 2)
    assert store.datasets.keep("May", {"a": b"1"}, {"key": "k"}, LOCAL).number == 1
    # The releases before wrote no NOT NULL beside a primary key, and a cascade where Alembic does not read it.
    kinds = {one[0] if isinstance(one, tuple) else one[0][0] for one in differs(store.database)}
    assert kinds == {"modify_nullable", "remove_fk", "add_fk"}
    store.save_load(7, "jan", {"a": b"1"}, {})
    assert store.delete_recipe(7) and ask(store.folder, "SELECT count(*) FROM loads") == [(0,)]
    assert ask(store.folder, "SELECT version_num FROM alembic_version") == [(schema.HEAD,)]
    store.close()
    again = Store(tmp_path / "kept")
    assert again.notes("k1") == {"primary": 2}
    again.close()


def test_the_steps_lead_to_the_tables_that_the_code_knows(store):
    assert differs(store.database) == []
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_current_head() == schema.HEAD


def test_a_release_from_before_would_say_that_the_store_is_newer(tmp_path):
    Store(tmp_path / "kept").close()
    assert ask(tmp_path / "kept", "PRAGMA user_version")[0][0] > 2


def test_a_store_of_a_newer_version_is_left_alone(place):
    place.store().save_recipe("m", "", [])
    place.change("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(StoreError, match="newer version"):
        place.store()
    assert place.rows("SELECT name FROM recipes") == [("m",)]
    assert place.rows("SELECT version_num FROM alembic_version") == [("0999",)]


@pytest.mark.parametrize(("version", "is_newer"), [(3, False), (4, True)])
def test_a_newer_count_of_sqlite_is_a_newer_version(tmp_path, version, is_newer):
    Store(tmp_path).close()
    ask(tmp_path, f"PRAGMA user_version={version}")
    if is_newer:
        with pytest.raises(StoreError, match="newer version"):
            Store(tmp_path)
    else:
        Store(tmp_path).close()


def test_a_step_that_fails_changes_nothing(place, monkeypatch):
    from analytics.store import database

    def fails(connection):
        schema.bring_up(connection)
        connection.exec_driver_sql("ALTER TABLE nowhere ADD COLUMN hint TEXT")

    place.template = None
    with monkeypatch.context() as broken:
        broken.setattr(database, "bring_up", fails)
        with pytest.raises(StoreError):
            place.store()
    tables = ("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()" if place.is_server
              else "SELECT name FROM sqlite_master")
    assert place.rows(tables) == []
    assert place.store().recipes() == []


@pytest.mark.skipif(os.name == "nt", reason="there is no fork")
def test_processes_that_start_at_once_make_one_store(place):
    names = ("left", "middle", "right")
    done = subprocess.run([sys.executable, "-c", _OPEN, str(place.folder), place.address or "", *names], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {one.name for one in place.store().recipes()} == set(names)


def test_a_store_that_is_up_to_date_is_opened_without_alembic(tmp_path):
    Store(tmp_path).close()
    script = f"import sys; from analytics.store import Store; Store({str(tmp_path)!r}); print('alembic' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


def test_no_step_goes_back():
    for step in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions():
        assert not hasattr(step.module, "downgrade")
