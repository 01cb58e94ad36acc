"""What becomes of links when what they show is deleted."""

from __future__ import annotations

import pytest

from analytics.access import LOCAL, Person
from analytics.store import SYSTEM

FACTS = {"key": "k"}
AT = "2026-05-01T00:00:00+00:00"
LATER = "2027-05-01T00:00:00+00:00"


@pytest.fixture
def store(place):
    return place.store(now=lambda: AT)


def link(store, version, *, pinned=False):
    share, _ = store.shares.make(
        {"items": ["only told here"]}, LOCAL, title="Board", audience="board", expires_at=LATER,
        dataset_id=version.dataset_id, version_id=version.id if pinned else None)
    store.shares.keep_render(share.id, version.id, "definition", b"only told here")
    return share.id


def kept(store, content, dataset_id=None):
    return store.datasets.keep("May", {"a": content}, FACTS, LOCAL, dataset_id=dataset_id)


def n_renders(place, share_id):
    return place.rows(f"SELECT count(*) FROM share_renders WHERE share_id = '{share_id}'")[0][0]


def is_ended(store, share_id):
    share = store.shares.one(share_id, LOCAL)
    is_empty = (dict(share.content), share.dataset_id, share.version_id) == ({}, None, None)
    assert is_empty == (share.revoked_at is not None)
    return is_empty


def test_links_of_a_deleted_dataset_end_and_hold_nothing_of_it(place, store):
    first, other = kept(store, b"1"), kept(store, b"2")
    following, pinned, of_other = link(store, first), link(store, first, pinned=True), link(store, other)
    store.datasets.delete(first.dataset_id, LOCAL)
    for share_id in (following, pinned):
        assert is_ended(store, share_id) and n_renders(place, share_id) == 0
    assert not is_ended(store, of_other) and n_renders(place, of_other) == 1
    assert store.audit.entries(LOCAL)[0].what["links_ended"] == 2


def test_a_deleted_version_ends_links_pinned_to_it_and_those_that_follow_remember(place, store):
    first = kept(store, b"1")
    second = kept(store, b"2", first.dataset_id)
    following, pinned, of_second = link(store, first), link(store, first, pinned=True), link(store, second, pinned=True)
    store.datasets.delete_version(first.id, LOCAL)
    assert is_ended(store, pinned) and n_renders(place, pinned) == 0
    assert not is_ended(store, following) and n_renders(place, following) == 1
    assert not is_ended(store, of_second)
    assert store.audit.entries(LOCAL)[0].what["links_ended"] == 1


def test_retention_ends_links_pinned_to_what_it_deletes(place):
    day = {"now": AT}
    store = place.store(now=lambda: day["now"])
    first = kept(store, b"1")
    kept(store, b"2", first.dataset_id)
    pinned = link(store, first, pinned=True)
    day["now"] = "2026-12-01T00:00:00+00:00"
    assert store.datasets.apply_retention(30, SYSTEM) == 1
    assert is_ended(store, pinned)


@pytest.mark.parametrize("whole", [True, False])
def test_where_the_presenter_was_and_who_looked_goes_with_what_was_shown(place, store, whole):
    first, other = kept(store, b"1"), kept(store, b"2")
    pinned, of_other = link(store, first, pinned=True), link(store, other)
    for share_id in (pinned, of_other):
        store.shares.move(share_id, {"cohort": 0, "slide": 3, "part": 7}, LOCAL, AT)
        store.shares.here(share_id, "one", 2, AT)
    if whole:
        store.datasets.delete(first.dataset_id, LOCAL)
    else:
        store.datasets.delete_version(first.id, LOCAL)
    assert store.shares.position(pinned) is None and store.shares.present(pinned, AT) == 0
    for table in ("share_positions", "share_presence"):
        assert place.rows(f"SELECT share_id FROM {table}") == [(of_other,)]


def test_a_link_that_was_revoked_before_keeps_its_time_and_is_not_counted(place):
    day = {"now": AT}
    store = place.store(now=lambda: day["now"])
    first = kept(store, b"1")
    share_id = link(store, first)
    store.shares.revoke(share_id, LOCAL)
    day["now"] = "2026-06-01T00:00:00+00:00"
    store.datasets.delete(first.dataset_id, LOCAL)
    assert store.shares.one(share_id, LOCAL).revoked_at == AT and is_ended(store, share_id)
    assert store.audit.entries(LOCAL)[0].what["links_ended"] == 0


def test_forgetting_a_browser_leaves_kept_datasets(store):
    anne = Person("anne", "Anne", "analyst")
    version = store.datasets.keep("May", {"a": b"1"}, FACTS, anne, is_private=True)
    store.keep_note("k", "primary", 1, "anne")
    store.forget("anne")
    assert store.notes("k", "anne") == {} and store.datasets.frames(version.id, anne) == {"a": b"1"}
