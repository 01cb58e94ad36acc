"""Backups: from either database into either, whole or not at all, and what the check finds."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import zipfile
from contextlib import closing

import pytest

from analytics.access import LOCAL, Person
from analytics.store import StoreError, backup, check, note_key
from analytics.store.backup import restore_backup, write_backup
from analytics.store.check import Problem, problems
from analytics.store.folder import content_hash
from tests.store.conftest import Place

FRAMES = {"assessments": b"\x00\xffscores", "sessions": b""}
LATER = "2099-05-01T00:00:00+00:00"
ANNE = Person("anne", "Anne", "analyst")


@pytest.fixture
def filled(store):
    store.secret()
    number = store.save_recipe("monthly", "text", [["a", "b"]], "me")
    store.save_load(number, "jan", {"assessments": b"jan"}, {"rows": 1}, "me")
    version = store.datasets.keep("May", FRAMES, {"key": "k"}, ANNE, is_private=True)
    store.datasets.keep("May", {"assessments": b"2"}, {"key": "k"}, ANNE, dataset_id=version.dataset_id)
    gone = store.datasets.keep("gone", FRAMES, {"key": "k"}, LOCAL)
    store.datasets.delete(gone.dataset_id, LOCAL)
    store.keep_note(note_key(version.dataset_id), "primary", {"é": [None]})
    store.signed_out.sign_out("anne", "2026-01-01T00:00:00+00:00")
    store.datasets.set_retention(30, LOCAL)
    share, _ = store.shares.make({"items": []}, LOCAL, title="Board", audience="board", expires_at=LATER)
    store.shares.keep_render(share.id, 0, "definition", b"\x00\xffpayload")
    return store


def held(store):
    """All that a store tells, but for the line that a restore or backup adds."""
    [saved] = store.datasets.all(ANNE)
    versions = store.datasets.versions(saved.id, ANNE)
    [share] = store.shares.all(LOCAL)
    return (
        store.secret(), store.recipes("me"), store.last_load(store.recipes("me")[0].id, "me"), saved, versions,
        [store.datasets.frames(one.id, ANNE) for one in versions], store.notes(note_key(saved.id)),
        store.signed_out.signed_out_before("anne"), store.datasets.retention(), share, store.shares.render(share.id),
        [one for one in store.audit.entries(LOCAL) if "backup" not in one.action])


@pytest.fixture
def empty(place, tmp_path):
    made = Place(tmp_path / "empty", place.server)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, tmp_path):
    made = Place(tmp_path / "either", request.getfixturevalue("server") if request.param == "postgresql" else None)
    yield made
    made.close()


def test_a_backup_of_either_database_goes_into_either(filled, place, either, tmp_path):
    empty = either
    assert write_backup(filled.database, tmp_path / "b.zip") == []
    restored = empty.store()
    restore_backup(restored.database, tmp_path / "b.zip")
    assert held(restored) == held(filled)
    assert problems(restored.database) == problems(filled.database) == []
    assert restored.audit.entries(LOCAL)[0].action == "restored a backup"
    assert filled.audit.entries(LOCAL)[0].action == "made a backup"
    assert empty.contents() == place.contents()
    # The id of the dataset that was deleted is not given again.
    assert restored.datasets.keep("June", FRAMES, {"key": "k"}, LOCAL).dataset_id == 3
    assert restored.save_recipe("new", "", []) == 2


def test_a_backup_is_for_its_owner_alone_and_never_over_another(filled, tmp_path):
    path = tmp_path / "b.zip"
    write_backup(filled.database, path)
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match="another file"):
        write_backup(filled.database, path)
    assert path.read_bytes() == before and [one.name for one in tmp_path.glob("*b.zip*")] == ["b.zip"]


def test_a_restore_needs_an_empty_store(filled, place, tmp_path):
    write_backup(filled.database, tmp_path / "b.zip")
    before = held(filled)
    with pytest.raises(ValueError, match="not empty"):
        restore_backup(filled.database, tmp_path / "b.zip")
    assert held(filled) == before


def test_a_restore_that_was_killed_after_its_secret_can_be_done_again(filled, empty, tmp_path):
    write_backup(filled.database, tmp_path / "b.zip")
    store = empty.store()
    with store.database.locked() as connection:
        store.database.frames.put_secret(connection, filled.secret())
    restore_backup(store.database, tmp_path / "b.zip")
    assert held(store) == held(filled)


def test_another_secret_is_not_written_over(filled, empty, tmp_path):
    write_backup(filled.database, tmp_path / "b.zip")
    store = empty.store()
    secret = store.secret()
    with pytest.raises(ValueError, match="not empty"):
        restore_backup(store.database, tmp_path / "b.zip")
    assert store.secret() == secret


def changed(path, name, content):
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    if content is None:
        del members[name]
    else:
        members[name] = content(members[name])
    with zipfile.ZipFile(path, "w") as archive:
        for one, given in members.items():
            archive.writestr(one, given)


def without(told, frame):
    told = json.loads(told)
    del told["sha256"][frame]
    return json.dumps(told).encode()


def test_a_changed_backup_leaves_the_store_empty(filled, empty, tmp_path):
    with zipfile.ZipFile(tmp_path / "first.zip", "w"):
        pass
    (tmp_path / "text.zip").write_bytes(b"no archive")
    write_backup(filled.database, tmp_path / "good.zip")
    with zipfile.ZipFile(tmp_path / "good.zip") as archive:
        frame = next(name for name in archive.namelist() if name.endswith("assessments.parquet"))
    for number, (name, content) in enumerate((
            (frame, lambda old: old + b"x"), (frame, None), ("rows/notes.json", lambda old: b"[]"),
            ("rows/versions.json", None), ("store.json", None), ("secret.key", lambda old: bytes(32)),
            ("store.json", lambda old: old[:-9]), ("store.json", lambda old: b"[1]"),
            ("store.json", lambda old: without(old, frame)))):
        (tmp_path / f"{number}.zip").write_bytes((tmp_path / "good.zip").read_bytes())
        changed(tmp_path / f"{number}.zip", name, content)
    store = empty.store()
    for path in sorted({*tmp_path.glob("*.zip")} - {tmp_path / "good.zip"}):
        with pytest.raises(ValueError, match="this is none"):
            restore_backup(store.database, path)
        assert store.recipes("me") == [] and store.audit.entries(LOCAL) == [] and empty.contents() == set()
    restore_backup(store.database, tmp_path / "good.zip")
    assert held(store) == held(filled)


def test_a_name_that_leads_out_of_the_store_is_no_backup(filled, empty, tmp_path):
    path = tmp_path / "b.zip"
    write_backup(filled.database, path)
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    told = json.loads(members.pop("store.json"))
    of = told["contents"][0]
    frames = {one.rpartition("/")[2].removesuffix(".parquet"): members.pop(one)
              for one in list(members) if one.startswith(f"frames/{of}/")}
    frames["../../../out"] = frames.pop(next(iter(frames)))
    told["contents"][0] = content_hash(frames)
    members |= {f"frames/{told['contents'][0]}/{name}.parquet": content for name, content in frames.items()}
    told["sha256"] = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**members, "store.json": json.dumps(told).encode()}.items():
            archive.writestr(name, content)
    with pytest.raises(ValueError, match="this is none"):
        restore_backup(empty.store().database, path)
    assert not list(tmp_path.rglob("out.parquet"))


@pytest.mark.parametrize("entry", [{"step": "0999"}, {"format": "ketamine-outcomes store/2"}])
def test_a_backup_of_another_version_is_left_alone(filled, empty, tmp_path, entry):
    write_backup(filled.database, tmp_path / "b.zip")
    changed(tmp_path / "b.zip", "store.json", lambda old: json.dumps(json.loads(old) | entry).encode())
    with pytest.raises(ValueError, match="another version"):
        restore_backup(empty.store().database, tmp_path / "b.zip")


def test_damaged_tables_are_told_and_left_out(filled, place, empty, tmp_path):
    version = held(filled)[4][0]
    damage(place, version.content_hash)
    assert write_backup(filled.database, tmp_path / "b.zip") == [version.content_hash]
    store = empty.store()
    restore_backup(store.database, tmp_path / "b.zip")
    assert problems(store.database) == problems(filled.database) == [Problem("tables", "versions", version.id)]
    assert len(store.datasets.versions(version.dataset_id, ANNE)) == 2


def damage(place, content):
    if place.is_server:
        place.change(f"UPDATE frames SET bytes = 'x' WHERE content = '{content}'")
    else:
        next((place.folder / "datasets" / content).iterdir()).write_bytes(b"x")


def test_a_dataset_that_is_deleted_meanwhile_is_not_taken_for_damaged(filled, tmp_path, monkeypatch):
    saved = filled.datasets.all(ANNE)[0]
    deletes = iter([lambda: filled.datasets.delete(saved.id, ANNE)])
    take = backup._snapshot

    def then_deleted(database):
        taken = take(database)
        next(deletes, lambda: None)()
        return taken

    monkeypatch.setattr(backup, "_snapshot", then_deleted)
    assert write_backup(filled.database, tmp_path / "b.zip") == []
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert json.loads(archive.read("rows/datasets.json")) == []


def test_where_the_store_changes_again_and_again_nothing_is_written(filled, tmp_path, monkeypatch):
    monkeypatch.setattr("analytics.store.backup._is_still_named", lambda *_: False)
    with pytest.raises(StoreError, match="again and again"):
        write_backup(filled.database, tmp_path / "b.zip")
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.parametrize(("change", "found"), [
    ("UPDATE datasets SET latest_version_id = 1", [("latest", "")]),
    ("UPDATE datasets SET latest_version_id = NULL", [("latest", "")]),
    ("UPDATE datasets SET last_number = 1", [("latest", "")]),
    ("UPDATE datasets SET last_number = 2", []),
    ("UPDATE versions SET facts = '{' WHERE number = 1", [("plain", "versions")]),
    ("UPDATE recipes SET shape = '{'", [("plain", "recipes")]),
    ("UPDATE loads SET facts = '{'", [("plain", "loads")]),
    ("UPDATE notes SET value = '{'", [("plain", "notes")]),
    ("UPDATE shares SET content = '{'", [("plain", "shares")]),
    ("UPDATE loads SET dataset = 'nowhere'", [("load", "loads"), ("orphan", "")]),
])
def test_the_check_finds_what_is_wrong(filled, place, change, found):
    assert problems(filled.database) == []
    place.change(change)
    assert [(one.kind, one.table) for one in problems(filled.database)] == found


def test_the_check_finds_rows_that_name_what_is_not_there(filled, place):
    if place.is_server:
        pytest.skip("PostgreSQL lets no such row be")
    place.change("DELETE FROM datasets")
    found = [(one.kind, one.table, one.number) for one in problems(filled.database)]
    assert ("reference", "versions", 2) in found


def test_the_check_finds_a_damaged_secret(filled, place):
    if place.is_server:
        place.change("UPDATE settings SET value = 'ab' WHERE name = 'secret'")
    else:
        (place.folder / "secret.key").write_bytes(b"short")
    assert problems(filled.database) == [Problem("secret", "", 1)]


def test_the_check_finds_a_damaged_index(filled, place):
    if place.is_server:
        pytest.skip("the server's files are its own")
    filled.close()
    with closing(sqlite3.connect(place.folder / "outcomes.sqlite")) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = "
                           "'sqlite_autoindex_settings_1') WHERE name = 'sqlite_autoindex_notes_1'")
        connection.commit()
    assert "database" in {one.kind for one in problems(filled.database)}


def test_the_check_sees_a_version_that_is_deleted_meanwhile_as_gone(filled, monkeypatch):
    saved = filled.datasets.all(ANNE)[0]
    looked = check._is_damaged

    def deleted_first(*asked):
        if filled.datasets.one(saved.id, ANNE) is not None:
            filled.datasets.delete(saved.id, ANNE)
        return looked(*asked)

    monkeypatch.setattr(check, "_is_damaged", deleted_first)
    assert problems(filled.database) == []
