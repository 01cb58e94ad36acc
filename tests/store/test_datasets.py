"""Datasets that stay: versions, the latest, names, deletion and retention, on both databases."""

from __future__ import annotations

import dataclasses

import pytest

from analytics.access import LOCAL, Person
from analytics.store import SYSTEM, GoneError, StoreError, note_key
from analytics.store.folder import content_hash

JAN, FEB, MAR = ({"assessments": month.encode(), "sessions": b"\x00\xff"} for month in ("jan", "feb", "mar"))
FACTS = {"key": "k", "findings": {"note": 5}, "recipe": None, "sources": [{"name": "a.csv", "n_bytes": 7}]}
ANNE = Person("anne", "Anne", "analyst")


def kept(store, frames=JAN, person=LOCAL, **options):
    return store.datasets.keep("May", frames, FACTS, person, **options)


def test_a_dataset_comes_back_as_it_was_kept(place):
    store = place.store(now=lambda: "2026-05-01T00:00:00+00:00")
    version = kept(store, person=ANNE)
    again = place.store()
    [saved] = again.datasets.all(LOCAL)
    assert dataclasses.asdict(saved.latest) == {
        "id": version.id, "dataset_id": saved.id, "number": 1, "content_hash": content_hash(JAN), "key": "k",
        "facts": FACTS, "made_by": "Anne", "made_at": "2026-05-01T00:00:00+00:00", "is_latest": True}
    assert (saved.name, saved.owner, saved.made_by, saved.made_at, saved.is_private, saved.n_versions) == (
        "May", "anne", "Anne", "2026-05-01T00:00:00+00:00", False, 1)
    assert saved.latest == version
    assert again.datasets.one(saved.id, LOCAL) == saved
    assert again.datasets.frames(version.id, LOCAL) == JAN


def test_a_new_version_overwrites_nothing_and_is_the_latest(store):
    first = kept(store)
    second = kept(store, FEB, dataset_id=first.dataset_id)
    assert (second.number, second.is_latest) == (2, True)
    newest, before = store.datasets.versions(first.dataset_id, LOCAL)
    assert newest == second and before == dataclasses.replace(first, is_latest=False)
    assert store.datasets.frames(first.id, LOCAL) == JAN and store.datasets.frames(second.id, LOCAL) == FEB
    saved = store.datasets.one(first.dataset_id, LOCAL)
    assert (saved.latest, saved.n_versions, saved.name) == (second, 2, "May")


def test_versions_are_counted_for_each_dataset(store):
    first = kept(store)
    for frames in (FEB, MAR):
        kept(store, frames, dataset_id=first.dataset_id)
    other = kept(store)
    assert {one.id: one.n_versions for one in store.datasets.all(LOCAL)} == {first.dataset_id: 3, other.dataset_id: 1}
    assert store.datasets.one(other.dataset_id, LOCAL).n_versions == 1


def test_the_same_again_is_the_latest_and_no_new_version(store):
    first = kept(store)
    assert kept(store, dataset_id=first.dataset_id) == first
    other_key = store.datasets.keep("May", JAN, FACTS | {"key": "other"}, LOCAL, dataset_id=first.dataset_id)
    assert other_key.number == 2
    second = kept(store, FEB, dataset_id=first.dataset_id)
    assert kept(store, dataset_id=first.dataset_id).number == second.number + 1 == 4
    assert kept(store).dataset_id != first.dataset_id


def test_datasets_come_with_the_one_kept_last_first(place):
    times = iter(f"2026-01-0{day}T00:00:00+00:00" for day in range(1, 10))
    store = place.store(now=lambda: next(times))
    first, second = kept(store), kept(store, FEB)
    assert [one.id for one in store.datasets.all(LOCAL)] == [second.dataset_id, first.dataset_id]
    kept(store, MAR, dataset_id=first.dataset_id)
    assert [one.id for one in store.datasets.all(LOCAL)] == [first.dataset_id, second.dataset_id]


def test_a_dataset_needs_a_name_and_tables_need_names_of_files(place, store):
    for frames, name in ((JAN, " "), ({"../up": b""}, "May"), ({"": b""}, "May")):
        with pytest.raises(ValueError, match="name"):
            store.datasets.keep(name, frames, FACTS, LOCAL)
    version = kept(store)
    with pytest.raises(ValueError, match="name"):
        store.datasets.rename(version.dataset_id, "\t", LOCAL)
    store.datasets.rename(version.dataset_id, " June ", LOCAL)
    assert store.datasets.one(version.dataset_id, LOCAL).name == "June"
    padded = store.datasets.keep(" July\n", JAN, FACTS, LOCAL)
    assert store.datasets.one(padded.dataset_id, LOCAL).name == "July"
    assert len(place.contents()) == 1


def test_a_keep_that_fails_half_way_leaves_what_was_there(place, store, monkeypatch):
    version = kept(store)
    monkeypatch.setattr(store.datasets, "_tell", lambda *_, **__: 1 / 0)
    for dataset_id in (None, version.dataset_id):
        with pytest.raises(ZeroDivisionError):
            kept(store, FEB, dataset_id=dataset_id)
    monkeypatch.undo()
    assert [one.latest for one in store.datasets.all(LOCAL)] == [version]
    assert store.datasets.versions(version.dataset_id, LOCAL) == [version]
    assert place.contents() == {version.content_hash}


def test_what_is_deleted_leaves_no_row_and_no_table(place, store):
    first = kept(store)
    second = kept(store, FEB, dataset_id=first.dataset_id)
    other = kept(store, MAR)
    number = store.save_recipe("monthly", "", [])
    store.save_load(number, "feb", FEB, {})
    store.save_load(number, "mar", MAR, {})
    for owner in ("", "anne"):
        store.keep_note(note_key(first.dataset_id), "primary", 1, owner)
        store.keep_note(note_key(other.dataset_id), "primary", 2, owner)
    store.datasets.delete(first.dataset_id, LOCAL)
    assert [one.latest for one in store.datasets.all(LOCAL)] == [other]
    assert place.contents() == {other.content_hash}
    assert place.rows("SELECT count(*) FROM versions") == place.rows("SELECT count(*) FROM datasets") == [(1,)]
    assert [row[0] for row in place.rows("SELECT key FROM loads")] == ["mar"]
    assert {row[0] for row in place.rows("SELECT dataset FROM notes")} == {note_key(other.dataset_id)}
    for version in (first, second):
        with pytest.raises(GoneError):
            store.datasets.frames(version.id, LOCAL)
    assert store.datasets.versions(first.dataset_id, LOCAL) == []
    assert store.datasets.one(first.dataset_id, LOCAL) is None
    for again in (lambda: store.datasets.delete(first.dataset_id, LOCAL),
                  lambda: store.datasets.delete_version(first.id, LOCAL),
                  lambda: store.datasets.rename(first.dataset_id, "x", LOCAL),
                  lambda: kept(store, JAN, dataset_id=first.dataset_id)):
        with pytest.raises(GoneError):
            again()
    assert kept(store).dataset_id > other.dataset_id


def test_the_same_tables_in_another_dataset_or_version_stay(place, store):
    first, other = kept(store), kept(store)
    store.save_load(store.save_recipe("monthly", "", []), "jan", JAN, {})
    store.datasets.delete(first.dataset_id, LOCAL)
    assert store.datasets.frames(other.id, LOCAL) == JAN
    assert place.rows("SELECT count(*) FROM loads") == [(1,)]
    kept(store, FEB, dataset_id=other.dataset_id)
    third = kept(store, JAN, dataset_id=other.dataset_id)
    store.datasets.delete_version(other.id, LOCAL)
    assert store.datasets.frames(third.id, LOCAL) == JAN


def test_of_a_deleted_latest_the_one_before_is_the_latest_and_its_number_is_not_given_again(place, store):
    first = kept(store)
    second = kept(store, FEB, dataset_id=first.dataset_id)
    store.datasets.delete_version(second.id, LOCAL)
    assert store.datasets.one(first.dataset_id, LOCAL).latest == first
    assert place.contents() == {first.content_hash}
    assert kept(store, MAR, dataset_id=first.dataset_id).number == 3
    store.datasets.delete_version(first.id, LOCAL)
    [third] = store.datasets.versions(first.dataset_id, LOCAL)
    assert (third.number, third.is_latest) == (3, True)
    store.datasets.delete_version(third.id, LOCAL)
    empty = store.datasets.one(first.dataset_id, LOCAL)
    assert (empty.latest, empty.n_versions) == (None, 0)
    assert [one.id for one in store.datasets.all(LOCAL)] == [first.dataset_id]
    assert kept(store, JAN, dataset_id=first.dataset_id).number == 4


def test_deleting_a_version_that_is_not_the_latest_leaves_the_latest(store):
    first = kept(store)
    second = kept(store, FEB, dataset_id=first.dataset_id)
    third = kept(store, MAR, dataset_id=first.dataset_id)
    store.datasets.delete_version(second.id, LOCAL)
    assert store.datasets.one(first.dataset_id, LOCAL).latest == third


def test_retention_deletes_what_is_older_and_never_the_latest(place):
    day = {"now": "2026-01-01T12:00:00+00:00"}
    store = place.store(now=lambda: day["now"])
    first, alone = kept(store), kept(store, MAR)
    day["now"] = "2026-01-01T12:00:01+00:00"
    second = kept(store, FEB, dataset_id=first.dataset_id)
    third = kept(store, JAN, dataset_id=first.dataset_id)
    day["now"] = "2026-01-31T12:00:00+00:00"
    assert store.datasets.apply_retention(30, SYSTEM) == 0
    day["now"] = "2026-01-31T12:00:01+00:00"
    assert store.datasets.apply_retention(30, SYSTEM) == 1
    assert [one.id for one in store.datasets.versions(first.dataset_id, LOCAL)] == [third.id, second.id]
    day["now"] = "2036-01-31T12:00:00+00:00"
    assert store.datasets.apply_retention(30, SYSTEM) == 1
    assert {one.latest.id for one in store.datasets.all(LOCAL)} == {third.id, alone.id}
    assert place.contents() == {third.content_hash, alone.content_hash}
    told = [one.what for one in store.audit.entries(LOCAL) if one.action == "applied retention"]
    assert told == [{"days": 30, "versions_deleted": 1, "links_ended": 0}] * 2


def test_retention_is_a_setting(place, store):
    assert store.datasets.retention() is None
    for days in (1, 365, None, 30):
        store.datasets.set_retention(days, LOCAL)
        assert place.store().datasets.retention() == days
    for days in (0, -1):
        with pytest.raises(ValueError, match="1 day or more"):
            store.datasets.set_retention(days, LOCAL)
    assert store.datasets.retention() == 30
    assert [one.what["days"] for one in store.audit.entries(LOCAL)] == [30, None, 365, 1]


def test_what_the_log_says_of_datasets(store):
    version = kept(store)
    kept(store, dataset_id=version.dataset_id)
    kept(store, FEB, dataset_id=version.dataset_id)
    store.datasets.rename(version.dataset_id, "June", ANNE_DIRECTS)
    store.datasets.delete_version(version.id, LOCAL)
    store.datasets.delete(version.dataset_id, LOCAL)
    number = version.dataset_id
    assert [(one.who, one.action, one.what) for one in reversed(store.audit.entries(LOCAL))] == [
        ("this computer", "kept a dataset", {"dataset": number, "name": "May", "version": 1}),
        ("this computer", "kept a dataset", {"dataset": number, "name": "May", "version": 2}),
        ("Anne", "renamed a dataset", {"dataset": number, "name": "May", "to": "June"}),
        ("this computer", "deleted a version", {"dataset": number, "name": "June", "version": 1, "links_ended": 0}),
        ("this computer", "deleted a dataset", {"dataset": number, "name": "June", "links_ended": 0})]


ANNE_DIRECTS = Person("anne", "Anne", "director")


def test_damaged_tables_in_the_database_are_told(place, store):
    if not place.is_server:
        pytest.skip("files of a folder: test_folder.py")
    version = kept(store)
    place.change("UPDATE frames SET bytes = 'x' WHERE name = 'sessions'")
    with pytest.raises(StoreError, match="damaged"):
        store.datasets.frames(version.id, LOCAL)
    assert kept(store, dataset_id=version.dataset_id) == version
    assert store.datasets.frames(version.id, LOCAL) == JAN


def test_tables_that_seem_damaged_are_looked_at_again_under_the_lock(store, monkeypatch):
    version = kept(store)
    frames, locked, looks = store.database.frames, store.database.locked, []
    read = frames.read

    def missing_without_the_lock(connection, content):
        return read(connection, content) if looks else None

    def counted():
        looks.append("locked")
        return locked()

    monkeypatch.setattr(frames, "read", missing_without_the_lock)
    monkeypatch.setattr(store.database, "locked", counted)
    assert store.datasets.frames(version.id, LOCAL) == JAN and looks == ["locked"]
    looks.clear()
    monkeypatch.setattr(frames, "read", read)
    assert store.datasets.frames(version.id, LOCAL) == JAN and looks == []
