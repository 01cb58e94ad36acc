"""The folder of a store on SQLite: who may read it, what is swept, and troubles with its files as sentences."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from analytics.access import LOCAL
from analytics.store import FOLDER_VARIABLE, Store, StoreError, store_folder
from analytics.store.troubles import DATABASE

FRAMES = {"assessments": b"scores", "sessions": b""}


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "kept")
    yield made
    made.close()


def datasets(folder: Path) -> set[str]:
    return {path.name for path in (folder / "datasets").iterdir()}


def test_the_folder_is_as_given_as_the_environment_says_or_the_usual_one(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "named"))
    assert store_folder(tmp_path / "given") == tmp_path / "given"
    assert store_folder() == tmp_path / "named"
    monkeypatch.delenv(FOLDER_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert store_folder().name == "ketamine-outcomes"


@pytest.mark.skipif(os.name == "nt", reason="modes are not Windows's")
def test_what_is_made_is_for_its_owner_alone(store):
    store.secret()
    store.save_load(store.save_recipe("monthly", "", []), "jan", FRAMES, {})
    store.datasets.keep("May", {"assessments": b"other"}, {"key": "k"}, LOCAL)
    for path in (store.folder, *store.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_leftovers_are_swept_when_the_folder_is_opened_and_what_is_named_stays(store):
    store.save_load(store.save_recipe("m", "", []), "jan", FRAMES, {})
    store.datasets.keep("May", {"assessments": b"other"}, {"key": "k"}, LOCAL)
    kept = datasets(store.folder)
    assert len(kept) == 2
    (store.folder / "datasets" / ".being-written-1").mkdir()
    (store.folder / "datasets" / ".being-written-1" / "assessments.parquet").write_bytes(b"half")
    (store.folder / "datasets" / ("0" * 64)).mkdir()
    (store.folder / "datasets" / "stray").write_bytes(b"")
    Store(store.folder).close()
    assert datasets(store.folder) == kept


def test_tables_whose_database_was_taken_away_are_set_aside_and_not_swept(store):
    version = store.datasets.keep("May", FRAMES, {"key": "k"}, LOCAL)
    store.close()
    for place in (1, 2):
        (store.folder / DATABASE).unlink()
        again = Store(store.folder)
        aside = store.folder / f"datasets-without-database-{place}"
        assert datasets(store.folder) == set() and again.datasets.all(LOCAL) == []
        assert (aside / version.content_hash / "assessments.parquet").read_bytes() == b"scores"
        again.datasets.keep("May", FRAMES, {"key": "k"}, LOCAL)
        again.close()


def test_damaged_tables_are_told_and_mended_by_the_next_save(store):
    number = store.save_recipe("m", "", [])
    store.save_load(number, "jan", FRAMES, {})
    version = store.datasets.keep("May", FRAMES, {"key": "k"}, LOCAL)
    path = next((store.folder / "datasets").rglob("assessments.parquet"))
    for damage in (lambda: path.write_bytes(b"scored"), path.unlink, lambda: remove(path.parent)):
        damage()
        with pytest.raises(StoreError, match="load the files again"):
            store.last_load(number)
        with pytest.raises(StoreError, match="load the files again, or put"):
            store.datasets.frames(version.id, LOCAL)
        assert store.datasets.keep("May", FRAMES, {"key": "k"}, LOCAL, dataset_id=version.dataset_id) == version
        assert store.last_load(number)[0] == store.datasets.frames(version.id, LOCAL) == FRAMES


def remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


@pytest.mark.parametrize("content", [b"this is no database at all, but long enough to be taken for one" * 20,
                                     b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_database_is_a_sentence(tmp_path, content):
    (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged; move it"):
        Store(tmp_path)


def test_a_database_damaged_in_the_middle_is_a_sentence(store):
    for place in range(200):
        store.save_recipe(f"recipe {place}", "x" * 1000, [])
    store.close()
    path = store.folder / DATABASE
    content = bytearray(path.read_bytes())
    content[8192:60000] = b"\xee" * (60000 - 8192)
    path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match="damaged"):
        Store(store.folder).recipes()


def test_a_database_in_use_is_a_sentence_and_reading_waits_for_nobody(store):
    store.keep_note("k", "primary", 1)
    hasty = Store(store.folder, wait_seconds=0.05)
    with closing(sqlite3.connect(store.folder / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use"):
            hasty.keep_note("k", "primary", 2)
        with pytest.raises(StoreError, match="in use"):
            Store(store.folder, wait_seconds=0.05)
        assert hasty.notes("k") == {"primary": 1}
    hasty.keep_note("k", "primary", 2)
    assert store.notes("k") == {"primary": 2}


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="choose another folder"):
        Store(tmp_path / "file" / "store")


def test_no_sentence_holds_what_was_stored(store):
    number = store.save_recipe("a name nobody may read", "", [])
    with closing(sqlite3.connect(store.folder / DATABASE)) as connection:
        connection.execute("DROP TABLE loads")
    with pytest.raises(StoreError) as raised:
        store.save_load(number, "a key nobody may read", FRAMES, {})
    assert "nobody" not in str(raised.value)
    assert raised.value.__suppress_context__
    assert Path(store.folder).name not in str(raised.value)


def test_what_was_deleted_is_in_no_file_of_the_folder(store):
    told = "only-in-this-dataset"
    version = store.datasets.keep(f"{told} name", {"assessments": f"{told} rows".encode()},
                                  {"key": "k", "recipe": f"{told} recipe"}, LOCAL)
    store.keep_note(f"dataset:{version.dataset_id}", "cohort", f"{told} note")
    assert any(f"{told} rows".encode() in path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    store.datasets.delete(version.dataset_id, LOCAL)
    for path in store.folder.rglob("*"):
        if path.is_file():
            for part in ("rows", "recipe", "note"):
                assert f"{told} {part}".encode() not in path.read_bytes(), path.name


def older_of_two(store):
    """The first version of a dataset that has another; every text in it is told nowhere else."""
    first = store.datasets.keep("May", {"assessments": b"only-then rows"}, {"key": "k", "recipe": "only-then recipe"},
                                LOCAL)
    store.datasets.keep("May", FRAMES, {"key": "k"}, LOCAL, dataset_id=first.dataset_id)
    return first


REMOVALS = [lambda store, version: store.datasets.delete(version.dataset_id, LOCAL),
            lambda store, version: store.datasets.delete_version(version.id, LOCAL),
            lambda store, version: store.datasets.apply_retention(30, LOCAL)]
WAYS = ["dataset", "version", "retention"]


@pytest.mark.parametrize("remove_it", REMOVALS, ids=WAYS)
def test_whichever_way_a_version_goes_no_file_holds_it(store, remove_it):
    version = older_of_two(store)
    store.database.now = lambda: "2200-01-01T00:00:00+00:00"
    remove_it(store, version)
    for path in store.folder.rglob("*"):
        assert not path.is_file() or b"only-then" not in path.read_bytes(), path.name


@pytest.mark.parametrize("remove_it", REMOVALS, ids=WAYS)
def test_files_that_cannot_be_removed_are_told_whichever_way_a_version_goes(store, monkeypatch, remove_it):
    version = older_of_two(store)
    store.database.now = lambda: "2200-01-01T00:00:00+00:00"

    def refuse(_path):
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr("analytics.store.folder.shutil.rmtree", refuse)
    with pytest.raises(StoreError, match="could not be removed"):
        remove_it(store, version)
    assert version.content_hash in datasets(store.folder)


def test_files_that_cannot_be_removed_are_told_after_a_delete_and_go_at_the_next_start(store, monkeypatch):
    version = store.datasets.keep("May", FRAMES, {"key": "k"}, LOCAL)

    def refuse(_path):
        raise PermissionError(1, "not permitted")

    with monkeypatch.context() as stuck:
        stuck.setattr("analytics.store.folder.shutil.rmtree", refuse)
        with pytest.raises(StoreError, match="could not be removed"):
            store.datasets.delete(version.dataset_id, LOCAL)
        assert store.datasets.all(LOCAL) == []
        number = store.save_recipe("m", "", [])
        store.save_load(number, "jan", {"assessments": b"new"}, {})
        assert store.last_load(number)[0] == {"assessments": b"new"}
    assert version.content_hash in datasets(store.folder)
    Store(store.folder).close()
    assert version.content_hash not in datasets(store.folder)
