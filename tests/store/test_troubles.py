"""A full disk, a disk for reading alone, a server that is gone: a sentence, and nothing lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.access import LOCAL
from analytics.store import DATABASE_VARIABLE, Store, StoreError, is_there, troubles
from analytics.store.check import problems
from tests import postgresql

ROOT = Path(__file__).parent.parent.parent
FACTS = {"key": "k"}
SMALL, LARGE = {"a": b"1"}, {"a": bytes(600_000), "b": bytes(600_000)}


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 1 MB, where this machine lets one be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True,
                          check=False)
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def remount(disk, how):
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


def test_on_a_full_disk_a_save_is_a_sentence_and_what_was_there_stays(small_disk):
    store = Store(small_disk / "kept")
    version = store.datasets.keep("May", SMALL, FACTS, LOCAL)
    number = store.save_recipe("m", "", [])
    for save in (lambda: store.datasets.keep("May", LARGE, FACTS, LOCAL, dataset_id=version.dataset_id),
                 lambda: store.datasets.keep("June", LARGE, FACTS, LOCAL),
                 lambda: store.save_load(number, "k", LARGE, {}),
                 lambda: store.keep_note("k", "long", "x" * 1_200_000)):
        with pytest.raises(StoreError, match="disk of the store is full; nothing was saved"):
            save()
        assert [path.name for path in (small_disk / "kept" / "datasets").iterdir()] == [version.content_hash]
    assert [one.latest for one in store.datasets.all(LOCAL)] == [version]
    assert store.datasets.frames(version.id, LOCAL) == SMALL and store.last_load(number) is None
    store.keep_note("k", "short", 1)
    assert store.notes("k") == {"short": 1} and problems(store.database) == []
    store.close()


def test_on_a_disk_for_reading_alone_a_save_is_a_sentence_and_what_was_there_stays(small_disk):
    store = Store(small_disk / "kept")
    version = store.datasets.keep("May", SMALL, FACTS, LOCAL)
    store.close()
    remount(small_disk, "ro")
    with pytest.raises(StoreError, match="cannot be written to"):
        Store(small_disk / "kept")
    with pytest.raises(StoreError, match="cannot be written to"):
        store.datasets.keep("May", SMALL, FACTS, LOCAL)
    with pytest.raises(StoreError, match=r"cannot be made or written to .*choose another folder"):
        Store(small_disk / "new")
    store.close()
    remount(small_disk, "rw")
    again = Store(small_disk / "kept")
    assert [one.latest for one in again.datasets.all(LOCAL)] == [version] and problems(again.database) == []
    again.close()


def test_a_full_database_is_a_sentence_and_nothing_of_the_save_stays(tmp_path):
    store = Store(tmp_path / "kept")
    version = store.datasets.keep("May", SMALL, FACTS, LOCAL)
    with store.database.locked() as connection:
        n_pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={n_pages}")
    with pytest.raises(StoreError, match="is full; nothing was saved"):
        store.datasets.keep("June", {"a": b"2"}, FACTS | {"recipe": "x" * 50_000}, LOCAL)
    assert [path.name for path in (tmp_path / "kept" / "datasets").iterdir()] == [version.content_hash]
    assert [one.latest for one in store.datasets.all(LOCAL)] == [version]


@pytest.mark.parametrize(("number", "sentence"), [
    (errno.ENOSPC, troubles.FULL), (errno.EDQUOT, troubles.FULL), (errno.EFBIG, troubles.FULL),
    (errno.EROFS, troubles.NO_WRITING), (errno.EACCES, troubles.NO_WRITING), (errno.EIO, troubles.DISK)])
@pytest.mark.parametrize("step", ["os.fsync", "os.replace"])
def test_every_trouble_of_a_file_is_a_sentence_and_leaves_nothing_half(tmp_path, monkeypatch, number, sentence, step):
    store = Store(tmp_path / "kept")
    version = store.datasets.keep("May", SMALL, FACTS, LOCAL)

    def fail(*_):
        raise OSError(number, "as the system says it", "a path")

    with monkeypatch.context() as broken:
        broken.setattr(f"analytics.store.folder.{step}", fail)
        with pytest.raises(StoreError) as raised:
            store.datasets.keep("June", {"a": b"2"}, FACTS, LOCAL)
    assert str(raised.value) == sentence
    assert [path.name for path in (tmp_path / "kept" / "datasets").iterdir()] == [version.content_hash]
    assert [one.latest for one in store.datasets.all(LOCAL)] == [version]


def test_other_troubles_of_a_file_are_told_as_the_system_says_them():
    assert troubles.of_folder(OSError(errno.ENOTDIR, "not a directory")).endswith("used: not a directory.")
    assert troubles.of_folder(OSError("x")).endswith("used: not readable.")


@pytest.mark.parametrize(("said", "sentence"), [
    ("database is locked", troubles.IN_USE), ("attempt to write a readonly database", troubles.NO_WRITING),
    ("unable to open database file", troubles.NO_WRITING), ("database or disk is full", troubles.FULL),
    ("disk I/O error", troubles.DISK), ("file is not a database", troubles.DAMAGED),
    ("no such table", troubles.DAMAGED)])
def test_sqlites_words_in_ours(said, sentence):
    assert troubles.of_sqlite(Exception(said)) == sentence


class Told(Exception):
    def __init__(self, sqlstate, said=""):
        super().__init__(said)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(("state", "said", "sentence"), [
    ("53100", "", troubles.FULL), ("55P03", "", troubles.IN_USE), ("25006", "", troubles.STANDBY),
    ("42501", "", troubles.NO_RIGHT), ("57P01", "", troubles.UNREACHED), ("08006", "", troubles.UNREACHED),
    ("25P03", "", troubles.UNREACHED), ("28P01", "", troubles.REFUSED), ("3D000", "", troubles.REFUSED),
    ("22021", "", troubles.UNFIT), ("42P01", "", troubles.SERVER), ("XX000", "", troubles.SERVER),
    (None, "connection refused", troubles.UNREACHED), (None, "text cannot contain NUL", troubles.UNFIT),
    (None, "password authentication failed for user", troubles.REFUSED),
    (None, "FATAL: sorry, too many clients already", troubles._OF_STATE["53300"])])
def test_postgresqls_states_in_our_words(state, said, sentence):
    assert troubles.of_postgresql(Told(state, said)) == sentence


@pytest.mark.parametrize("address", [
    "postgresql+psycopg://user:hunter2@localhost:1/db?connect_timeout=2", "mysql://user:hunter2@localhost/db",
    "sqlite:///hunter2", "hunter2", "postgresql://user:hunter2@[::1/db", "postgresql://user:hunter2@host:port/db"])
def test_an_address_that_does_not_work_is_a_sentence_without_its_password(tmp_path, address):
    with pytest.raises(StoreError) as raised:
        Store(tmp_path, database_url=address, wait_seconds=1)
    said = "".join(map(str, (raised.value, raised.value.__cause__, raised.value.__suppress_context__)))
    assert "hunter2" not in said and "user" not in said
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    assert ("cannot be reached" if "psycopg" in address else "written as") in said


def test_the_environment_names_the_database_and_an_empty_one_none(tmp_path, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, "nowhere://")
    assert is_there(tmp_path)
    with pytest.raises(StoreError, match="written as"):
        Store(tmp_path)
    monkeypatch.setenv(DATABASE_VARIABLE, "")
    assert not is_there(tmp_path)
    Store(tmp_path).close()
    assert is_there(tmp_path)
    assert is_there(tmp_path / "other", "nowhere://")


def test_what_the_store_is_called_holds_no_password(server, tmp_path):
    store = Store(tmp_path, database_url=server.address(server.new_schema(), password="hunter2"))
    assert store.described == f"the PostgreSQL database postgres on {server.folder}"
    assert "hunter2" not in repr(vars(store.database)) and not (tmp_path / "datasets").exists()
    store.close()


def test_a_second_server_waits_for_the_first_and_reading_for_nobody(server, tmp_path):
    schema = server.new_schema()
    store = Store(tmp_path, database_url=server.address(schema))
    hasty = Store(tmp_path, database_url=server.address(schema), wait_seconds=0.1)
    other = Store(tmp_path, database_url=server.address(server.new_schema()), wait_seconds=0.1)
    with store.database.locked():
        with pytest.raises(StoreError, match="in use"):
            hasty.keep_note("k", "primary", 1)
        assert hasty.notes("k") == {}
        other.keep_note("k", "primary", 1)
    hasty.keep_note("k", "primary", 1)
    assert store.notes("k") == {"primary": 1}
    for one in (store, hasty, other):
        one.close()


def test_a_user_who_may_not_write_is_told_so(server, tmp_path):
    schema = server.new_schema()
    store = Store(tmp_path, database_url=server.address(schema))
    server.execute("DROP ROLE IF EXISTS reader", "CREATE ROLE reader LOGIN",
                   f"GRANT USAGE ON SCHEMA {schema} TO reader",
                   f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader")
    reader = Store(tmp_path, database_url=server.address(schema, user="reader"))
    with pytest.raises(StoreError, match="may not write"):
        reader.keep_note("k", "primary", 1)
    assert reader.notes("k") == {}
    for one in (store, reader):
        one.close()
    with pytest.raises(StoreError, match="rights"):
        Store(tmp_path, database_url=server.address("nowhere"))


def test_a_text_that_the_database_cannot_keep_is_told_so(server, tmp_path):
    store = Store(tmp_path, database_url=server.address(server.new_schema()))
    with pytest.raises(StoreError, match="cannot keep"):
        store.save_recipe("a\x00b", "", [])
    assert store.recipes() == []
    store.close()


def test_a_server_that_goes_and_comes_back(tmp_path):
    why_not = postgresql.why_not()
    if why_not:
        pytest.skip(why_not)
    own = postgresql.PostgreSQL(is_safe=True)
    store = Store(tmp_path, database_url=own.address())
    version = store.datasets.keep("May", SMALL, FACTS, LOCAL)
    own.kill()
    own.start()
    # A connection that died meanwhile is noticed before it is used.
    assert store.datasets.frames(version.id, LOCAL) == SMALL
    own.kill()
    for do in (lambda: store.notes("k"), lambda: store.keep_note("k", "primary", 1)):
        with pytest.raises(StoreError, match="cannot be reached"):
            do()
    own.start()
    store.keep_note("k", "primary", 1)
    assert store.notes("k") == {"primary": 1} and problems(store.database) == []
    store.close()
    own.stop()


_FORKS = """
import os, sys
from analytics.store import Store

store = Store(sys.argv[1], database_url=sys.argv[2] or None)
store.keep_note("k", "parent", 1)
child = os.fork()
for number in range(20):
    store.keep_note("k", f"{'parent' if child else 'child'} {number}", number)
if child:
    assert os.waitpid(child, 0)[1] == 0
    assert len(store.notes("k")) == 41
os._exit(0)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no fork")
def test_a_child_opens_connections_of_its_own(place):
    done = subprocess.run([sys.executable, "-c", _FORKS, str(place.folder), place.address or ""], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
