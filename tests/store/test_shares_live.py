"""What changes while people look at a link: renders, moves, who is there, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from analytics.access import LOCAL
from analytics.store.share_following import Render, ShareRefusedError
from tests.store.test_shares import ENDS, FACTS, NOW, PAT, SAM, made


@pytest.fixture
def store(place):
    times = (f"2026-06-01T08:{n // 60:02}:{n % 60:02}+00:00" for n in range(3600))
    return place.store(now=lambda: next(times))


def test_the_newest_render_is_shown_and_the_same_one_is_replaced(store):
    share, _ = made(store)
    assert store.shares.render(share.id) is None
    store.shares.keep_render(share.id, None, "one", b"first")
    store.shares.keep_render(share.id, 7, "one", b"second")
    assert store.shares.render(share.id).payload == b"second"
    store.shares.keep_render(share.id, None, "two", b"third")
    assert (store.shares.render(share.id).version_id, store.shares.render(share.id).definition) == (0, "two")
    store.shares.keep_render(share.id, 7, "one", b"fourth")
    found = store.shares.render(share.id)
    assert found == Render(share.id, 7, "one", found.made_at, b"fourth")
    assert store.shares.standings([share.id], NOW)[share.id].newest == Render(share.id, 7, "one", found.made_at)
    with pytest.raises(ShareRefusedError):
        store.shares.keep_render("none", None, "one", b"")


@pytest.mark.parametrize("versions", [(7, 8), (8, 7)])
def test_of_two_renders_of_one_second_the_one_of_the_later_version_is_shown(place, versions):
    store = place.store(now=lambda: NOW)
    share, _ = made(store, expires_at=ENDS)
    for version in versions:
        store.shares.keep_render(share.id, version, "one", b"%d" % version)
    assert store.shares.render(share.id).payload == b"8"
    assert store.shares.standings([share.id], NOW)[share.id].newest.version_id == 8


def test_all_that_an_audience_was_told_of_a_dataset_is_known(store):
    first = store.datasets.keep("Ours", {"a": b"1"}, FACTS, LOCAL)
    of = first.dataset_id
    links = [made(store, person, dataset_id=of, audience=audience)[0] for person, audience in (
        (PAT, "board"), (SAM, "board"), (PAT, "public"))]
    for link, version in zip([*links, links[0], made(store)[0]], (1, 2, 3, 4, 5), strict=True):
        store.shares.keep_render(link.id, version, "d", b"{}")
    store.shares.revoke(links[1].id, SAM)
    assert [version for _, version in store.shares.told(of, "board")] == [1, 2, 4]
    assert [content["sites"] for content, _ in store.shares.told(of, "board")] == [
        ["North", "South"], None, ["North", "South"]]


def test_moves_are_counted_and_the_last_one_stands(store):
    share, _ = made(store)
    assert store.shares.position(share.id) is None
    assert store.shares.move(share.id, {"cohort": 0, "slide": 3, "part": None}, PAT, NOW) == 1
    assert store.shares.move(share.id, {"cohort": 1, "slide": 0, "part": 2}, PAT, NOW) == 2
    assert store.shares.position(share.id) == (2, {"cohort": 1, "slide": 0, "part": 2})
    standing = store.shares.standings([share.id], NOW)[share.id]
    assert (standing.seq, standing.position) == (2, {"cohort": 1, "slide": 0, "part": 2})
    with pytest.raises(ValueError, match="few numbers"):
        store.shares.move(share.id, {"slide": "x" * 1_000}, PAT, NOW)


def test_a_position_has_a_thousand_signs_at_most(store):
    share, _ = made(store)
    frame = len('{"at": ""}')
    assert store.shares.move(share.id, {"at": "x" * (1_000 - frame)}, PAT, NOW) == 1
    with pytest.raises(ValueError, match="few numbers"):
        store.shares.move(share.id, {"at": "x" * (1_001 - frame)}, PAT, NOW)


def test_moves_at_once_have_each_a_number(store):
    share, _ = made(store)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: store.shares.move(share.id, {"slide": n}, PAT, NOW), range(16)))
    assert sorted(found) == list(range(1, 17))


@pytest.mark.parametrize(("now", "n"), [("2026-06-01T09:00:14+00:00", 5), ("2026-06-01T09:00:15+00:00", 0)])
def test_people_of_all_servers_are_added_until_a_server_is_silent(store, now, n):
    share, _ = made(store)
    store.shares.here(share.id, "one", 9, NOW)
    store.shares.here(share.id, "one", 3, NOW)
    store.shares.here(share.id, "two", 2, NOW)
    assert store.shares.present(share.id, now) == n == store.shares.standings([share.id], now)[share.id].n_present
    store.shares.here(share.id, "two", 0, NOW)
    assert store.shares.present(share.id, NOW) == 3


def test_what_a_server_says_of_one_link_leaves_what_it_said_of_another(store):
    one, other = (made(store)[0].id for _ in range(2))
    store.shares.here(one, "server", 3, NOW)
    for n in (2, 0):
        store.shares.here(other, "server", n, NOW)
        assert (store.shares.present(one, NOW), store.shares.present(other, NOW)) == (3, n)


def test_who_is_at_a_link_that_is_not_there_is_not_counted(place, store):
    store.shares.here("none", "one", 3, NOW)
    assert store.shares.present("none", NOW) == 0 and store.shares.standings(["none"], NOW) == {}


def test_a_silent_servers_row_goes_when_another_speaks(place, store):
    share, _ = made(store)
    store.shares.here(share.id, "old", 3, NOW)
    store.shares.here(share.id, "new", 1, "2026-06-01T09:00:15+00:00")
    assert place.rows("SELECT server FROM share_presence") == [("new",)]


def test_a_link_follows_the_latest_version_or_stays(store):
    first = store.datasets.keep("Ours", {"a": b"1"}, FACTS, LOCAL)
    follows, stays = (made(store, dataset_id=first.dataset_id, version_id=version)[0] for version in (None, first.id))
    second = store.datasets.keep("Ours", {"a": b"2"}, FACTS, LOCAL, dataset_id=first.dataset_id)
    without = made(store)[0]
    found = store.shares.standings([follows.id, stays.id, without.id], NOW)
    assert (found[follows.id].follows, found[follows.id].latest_version_id) == (True, second.id)
    assert (found[stays.id].follows, found[stays.id].latest_version_id) == (False, second.id)
    assert (found[without.id].follows, found[without.id].latest_version_id) == (False, None)
    assert len(found) == 3 and found[stays.id].expires_at == ENDS


def test_a_link_whose_dataset_goes_is_revoked_and_empty(store):
    first = store.datasets.keep("Ours", {"a": b"1"}, FACTS, LOCAL)
    share, token = made(store, dataset_id=first.dataset_id)
    visit = store.shares.open(share.id, token, None, NOW)
    store.shares.keep_render(share.id, first.id, "d", b"{}")
    store.datasets.delete(first.dataset_id, LOCAL)
    assert store.shares.render(share.id) is None and store.shares.told(first.dataset_id, "board") == []
    with pytest.raises(ShareRefusedError) as refused:
        store.shares.visited(share.id, visit, NOW)
    assert refused.value.kind == "revoked"
