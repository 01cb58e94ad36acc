"""What is kept, for whom, and what happens when the folder is not as it should be."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from analytics.store import FOLDER_VARIABLE, Store, StoreError, database, store_folder
from analytics.store.folder import content_hash

FRAMES = {"assessments": b"scores", "sessions": b""}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "kept")


def datasets(store: Store) -> set[str]:
    return {path.name for path in (store.folder / "datasets").iterdir()}


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
    for path in (store.folder, *store.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_the_secret_is_made_once_and_a_damaged_one_is_not_replaced(store):
    secret = store.secret()
    assert len(secret) == 32 and secret != bytes(32)
    assert Store(store.folder).secret() == secret
    (store.folder / "secret.key").write_bytes(secret[:31])
    with pytest.raises(StoreError, match="another code"):
        store.secret()


def test_a_recipe_comes_back_as_it_was_saved(store):
    text = "name = 'x'; DROP TABLE recipes; --\n\"é\"\n"
    number = store.save_recipe("o'clock; --", text, [{"headers": ["a.b", "\n"]}], "me")
    saved = Store(store.folder).recipe(number, "me")
    assert (saved.name, saved.toml_text, saved.shape, saved.owner) == (
        "o'clock; --", text, [{"headers": ["a.b", "\n"]}], "me")


def test_the_same_name_replaces_and_keeps_its_loads_another_owner_has_his_own(store):
    first = store.save_recipe("monthly", "1", [], "me")
    store.save_load(first, "jan", FRAMES, {}, "me")
    assert store.save_recipe("monthly", "2", [], "me") == first
    other = store.save_recipe("monthly", "3", [], "you")
    assert other != first
    assert [one.toml_text for one in store.recipes("me")] == ["2"]
    assert store.last_load(first, "me") is not None
    with pytest.raises(ValueError, match="name"):
        store.save_recipe(" ", "", [])


def test_nobody_reaches_what_is_anothers_and_everybody_what_is_everybodys(store):
    mine, everybodys = store.save_recipe("mine", "", [], "me"), store.save_recipe("all", "", [])
    store.save_load(mine, "jan", FRAMES, {}, "me")
    for stranger in ("you", "", "%", "m_"):
        assert [one.id for one in store.recipes(stranger)] == [everybodys]
        assert store.recipe(mine, stranger) is None
        assert store.last_load(mine, stranger) is None
        assert not store.delete_recipe(mine, stranger)
        store.forget_loads(mine, stranger)
        with pytest.raises(ValueError, match="not there"):
            store.save_load(mine, "feb", FRAMES, {}, stranger)
    assert store.last_load(mine, "me") is not None
    assert {one.id for one in store.recipes("me")} == {mine, everybodys}


def test_recipes_come_with_the_one_saved_last_first(tmp_path):
    times = iter(("2026-01-01", "2026-01-02", "2026-01-03"))
    store = Store(tmp_path, now=lambda: next(times))
    for name in ("a", "b", "a"):
        store.save_recipe(name, "", [])
    assert [one.name for one in store.recipes()] == ["a", "b"]


def test_the_last_load_is_the_newest_and_the_one_before_is_found_by_another_key(store):
    number = store.save_recipe("monthly", "", [])
    assert store.last_load(number) is None
    for month in ("jan", "feb", "mar"):
        store.save_load(number, month, {"assessments": month.encode()}, {"rows": month})
    frames, facts = store.last_load(number)
    assert (frames, facts["rows"], facts["key"]) == ({"assessments": b"mar"}, "mar", "mar")
    assert store.last_load(number, other_than="mar")[0] == {"assessments": b"feb"}
    store.save_load(number, "mar", {"assessments": b"mended"}, {})
    assert store.last_load(number)[0] == {"assessments": b"mended"}
    assert store.last_load(number, other_than="mar")[0] == {"assessments": b"feb"}
    assert datasets(store) == {content_hash({"assessments": text}) for text in (b"mended", b"feb")}


def test_two_recipes_may_share_a_dataset_and_one_goes_without_the_other(store):
    first, second = store.save_recipe("a", "", []), store.save_recipe("b", "", [])
    for number in (first, second):
        store.save_load(number, "jan", FRAMES, {})
    assert len(datasets(store)) == 1
    assert store.delete_recipe(first)
    assert not store.delete_recipe(first)
    assert store.last_load(second)[0] == FRAMES
    store.forget_loads(second)
    assert datasets(store) == set()
    assert store.recipe(second) is not None


def test_forgetting_an_owner_leaves_no_table_of_his(store):
    mine, yours = store.save_recipe("m", "", [], "me"), store.save_recipe("m", "", [], "you")
    store.save_load(mine, "jan", {"assessments": b"mine"}, {}, "me")
    store.save_load(yours, "jan", {"assessments": b"yours"}, {}, "you")
    store.forget("me")
    assert store.recipes("me") == []
    assert datasets(store) == {content_hash({"assessments": b"yours"})}
    with sqlite3.connect(store.folder / database.DATABASE) as connection:
        assert connection.execute("SELECT count(*) FROM loads").fetchone() == (1,)
    connection.close()


@pytest.mark.parametrize("name", ["", "../up", "a/b", "A.b", "ä"])
def test_a_table_cannot_be_written_elsewhere(store, name):
    with pytest.raises(ValueError, match="named"):
        store.save_load(store.save_recipe("m", "", []), "jan", {name: b""}, {})
    assert datasets(store) == set()


def test_a_save_that_fails_half_way_leaves_what_was_there(store, monkeypatch):
    number = store.save_recipe("m", "", [])
    store.save_load(number, "jan", FRAMES, {})
    monkeypatch.setattr("analytics.store.store.json.dumps", lambda value: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.save_load(number, "jan", {"assessments": b"new"}, {})
    monkeypatch.undo()
    assert store.last_load(number)[0] == FRAMES
    assert len(datasets(Store(store.folder))) == 1


def test_leftovers_are_swept_when_the_folder_is_opened(store):
    number = store.save_recipe("m", "", [])
    store.save_load(number, "jan", FRAMES, {})
    kept = datasets(store)
    (store.folder / "datasets" / ".being-written-1").mkdir()
    (store.folder / "datasets" / ".being-written-1" / "assessments.parquet").write_bytes(b"half")
    (store.folder / "datasets" / ("0" * 64)).mkdir()
    (store.folder / "datasets" / "stray").write_bytes(b"")
    assert datasets(Store(store.folder)) == kept


def test_damaged_tables_are_told_and_mended_by_the_next_save(store):
    number = store.save_recipe("m", "", [])
    store.save_load(number, "jan", FRAMES, {})
    path = next((store.folder / "datasets").rglob("assessments.parquet"))
    path.write_bytes(b"scored")
    with pytest.raises(StoreError, match="load the files again"):
        store.last_load(number)
    store.save_load(number, "jan", FRAMES, {})
    assert store.last_load(number)[0] == FRAMES
    path.unlink()
    with pytest.raises(StoreError, match="load the files again"):
        store.last_load(number)
    path.parent.rmdir() if not any(path.parent.iterdir()) else [each.unlink() for each in path.parent.iterdir()]
    with pytest.raises(StoreError, match="load the files again"):
        store.last_load(number)


@pytest.mark.parametrize("content", [b"this is no database at all, but long enough to be taken for one" * 20,
                                     b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_database_is_a_sentence(tmp_path, content):
    (tmp_path / database.DATABASE).write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged; move it"):
        Store(tmp_path)


def test_a_database_damaged_in_the_middle_is_a_sentence(store):
    for place in range(200):
        store.save_recipe(f"recipe {place}", "x" * 1000, [])
    path = store.folder / database.DATABASE
    content = bytearray(path.read_bytes())
    content[8192:20000] = b"\xee" * (20000 - 8192)
    path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match="damaged"):
        Store(store.folder).recipes()


def test_a_database_in_use_is_a_sentence(store):
    other = sqlite3.connect(store.folder / database.DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="in use"):
        Store(store.folder, wait_seconds=0.05)
    other.execute("COMMIT")
    other.close()
    assert Store(store.folder, wait_seconds=0.05).recipes() == []


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="choose another folder"):
        Store(tmp_path / "file" / "store")


def test_a_store_of_a_newer_version_is_left_alone(store):
    with sqlite3.connect(store.folder / database.DATABASE) as connection:
        connection.execute(f"PRAGMA user_version={len(database.MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        Store(store.folder)


def test_an_older_store_is_brought_up_and_keeps_what_it_holds(store, monkeypatch):
    number = store.save_recipe("m", "kept", [])
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, ("ALTER TABLE recipes ADD COLUMN hint TEXT",)))
    again = Store(store.folder)
    assert again.recipe(number).toml_text == "kept"
    with sqlite3.connect(store.folder / database.DATABASE) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(database.MIGRATIONS),)
        assert connection.execute("SELECT hint FROM recipes").fetchone() == (None,)
    connection.close()
    Store(store.folder)


def test_a_migration_that_fails_changes_nothing(store, monkeypatch):
    monkeypatch.setattr(database, "MIGRATIONS", (
        *database.MIGRATIONS, ("ALTER TABLE recipes ADD COLUMN hint TEXT", "ALTER TABLE nowhere ADD COLUMN hint TEXT")))
    with pytest.raises(StoreError):
        Store(store.folder)
    monkeypatch.undo()
    assert Store(store.folder).recipes() == []


def test_no_sentence_holds_what_was_stored(store):
    number = store.save_recipe("a name nobody may read", "", [])
    with sqlite3.connect(store.folder / database.DATABASE) as connection:
        connection.execute("DROP TABLE loads")
    connection.close()
    with pytest.raises(StoreError) as raised:
        store.save_load(number, "a key nobody may read", FRAMES, {})
    assert "nobody" not in str(raised.value)
    assert Path(store.folder).name not in str(raised.value)


def test_a_note_stays_with_its_dataset_and_its_owner(store):
    store.keep_note("k1", "cohort.north", {"filters": [[2, [0, None]]]}, "me")
    store.keep_note("k1", "primary", ["site", "response"], "me")
    store.keep_note("k2", "primary", 1, "me")
    store.keep_note("k1", "primary", 2, "you")
    again = Store(store.folder)
    assert again.notes("k1", "me") == {"cohort.north": {"filters": [[2, [0, None]]]}, "primary": ["site", "response"]}
    assert again.notes("k1", "you") == {"primary": 2}
    assert again.notes("k1") == again.notes("k", "me") == {}


def test_a_note_of_the_same_name_replaces_and_can_be_dropped(store):
    store.keep_note("k1", "primary", 1)
    store.keep_note("k1", "primary", None)
    assert store.notes("k1") == {"primary": None}
    assert not store.drop_note("k1", "primary", "me")
    assert store.drop_note("k1", "primary") and not store.drop_note("k1", "primary")
    assert store.notes("k1") == {}
    with pytest.raises(ValueError, match="name"):
        store.keep_note("k1", " ", 1)


def test_forgetting_an_owner_forgets_his_notes_alone(store):
    store.keep_note("k1", "primary", 1, "me")
    store.keep_note("k1", "primary", 2)
    store.forget("me")
    assert store.notes("k1", "me") == {} and store.notes("k1") == {"primary": 2}


def test_a_store_of_the_version_before_gains_its_notes(tmp_path, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(database, "MIGRATIONS", database.MIGRATIONS[:1])
        number = Store(tmp_path / "kept").save_recipe("monthly", "1", [])
    newer = Store(tmp_path / "kept")
    newer.keep_note("k1", "primary", 1)
    assert newer.recipe(number).toml_text == "1" and newer.notes("k1") == {"primary": 1}
