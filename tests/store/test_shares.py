"""Links in the store: made, opened, counted, ended, by whom they may be, on both databases."""

from __future__ import annotations

import hashlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from analytics.access import LOCAL, NotAllowedError, Person
from analytics.store import share_secrets
from analytics.store.share_following import ShareRefusedError
from analytics.store.share_secrets import is_passphrase, is_token, wait_after
from tests.store.conftest import REAL_HASHER

MADE, NOW, LAST, ENDS = (f"2026-06-01T{time}+00:00" for time in ("08:00:00", "09:00:00", "17:59:59", "18:00:00"))
PAT = Person("pat", "Pat", "presenter", frozenset({"South", "North"}))
SAM = Person("sam", "Sam", "presenter")
FACTS = {"key": "k"}


@pytest.fixture
def store(place):
    return place.store(now=lambda: MADE)


def made(store, person=PAT, **options):
    return store.shares.make({"items": [1]}, person, **{
        "title": " Board, June ", "audience": "board", "expires_at": ENDS} | options)


def kind(call, *arguments):
    with pytest.raises(ShareRefusedError) as refused:
        call(*arguments)
    return refused.value.kind


def test_a_link_comes_back_as_it_was_made(place, store):
    share, _ = made(store, passphrase="correct horse", most_opens=3)
    assert place.store().shares.one(share.id, PAT) == share
    assert (share.title, share.audience, share.owner, share.made_by, share.made_at, share.expires_at) == (
        "Board, June", "board", "pat", "Pat", MADE, ENDS)
    assert (share.has_passphrase, share.most_opens, share.n_opens, share.revoked_at) == (True, 3, 0, None)
    assert share.content == {"items": [1], "sites": ["North", "South"]}
    assert made(store, SAM)[0].content["sites"] is None


def test_secrets_are_long_and_only_their_hashes_are_kept(place, store):
    share, token = made(store, passphrase="correct horse")
    visit = store.shares.open(share.id, token, "correct horse", NOW)
    tables = ("shares", "share_visits", "share_guesses", "audit")
    kept = repr([place.rows(f"SELECT * FROM {table}") for table in tables])
    assert len(token) == len(visit) == 43 and len(share.id) == 22
    assert not any(secret in kept for secret in (token, visit, "correct horse"))
    assert hashlib.sha256(token.encode()).hexdigest() in kept and "$argon2id$" in kept
    assert len({made(store)[1] for _ in range(5)}) == 5


def test_a_wrong_token_an_unknown_link_and_another_links_token_are_the_same(store):
    (one, token), (other, others) = made(store), made(store)
    store.shares.revoke(other.id, PAT)
    assert store.shares.open(one.id, token, None, NOW)
    for id, wrong in ((one.id, others), (one.id, token[:-1]), (one.id, ""), ("none", token), (other.id, token)):
        assert kind(store.shares.open, id, wrong, None, NOW) == "unknown"
    assert is_token(token, hashlib.sha256(token.encode()).hexdigest()) and not is_token(token, None)
    assert store.shares.hashes()[one.id] == hashlib.sha256(token.encode()).hexdigest()


@pytest.mark.parametrize(("now", "over"), [(LAST, None), (ENDS, "expired")])
def test_a_link_ends_at_the_second(store, now, over):
    share, token = made(store)
    visit = store.shares.open(share.id, token, None, NOW)
    for call in ((store.shares.open, share.id, token, None, now), (store.shares.visited, share.id, visit, now),
                 (store.shares.move, share.id, {"slide": 1}, PAT, now)):
        assert call[0](*call[1:]) if over is None else kind(*call) == over
    assert store.shares.standings([share.id], NOW)[share.id].refusal(now) == over


def test_a_revoked_link_is_over_at_once_and_for_good(store):
    share, token = made(store, passphrase="correct horse")
    visit = store.shares.open(share.id, token, "correct horse", NOW)
    assert store.shares.revoke(share.id, PAT) and not store.shares.revoke(share.id, PAT)
    assert store.shares.one(share.id, PAT).revoked_at == MADE
    assert kind(store.shares.visited, share.id, visit, NOW) == "revoked"
    assert kind(store.shares.open, share.id, token, None, NOW) == "revoked"
    assert kind(store.shares.move, share.id, {}, PAT, NOW) == "revoked"
    assert store.shares.standings([share.id], NOW)[share.id].refusal(ENDS) == "revoked"


def test_a_visit_is_of_its_link_alone(store):
    (one, token), (other, others) = made(store), made(store)
    visit = store.shares.open(one.id, token, None, NOW)
    assert store.shares.visited(one.id, visit, NOW).id == one.id
    foreign = store.shares.open(other.id, others, None, NOW)
    for id, wrong in ((other.id, visit), (one.id, foreign), (one.id, token), (one.id, ""), ("none", visit)):
        assert kind(store.shares.visited, id, wrong, NOW) == "unknown"
    assert store.shares.open(one.id, token, None, NOW) != visit


def test_twenty_who_open_at_once_are_never_one_too_many(store):
    share, token = made(store, most_opens=7)

    def opened(_):
        try:
            return bool(store.shares.open(share.id, token, None, NOW))
        except ShareRefusedError as refused:
            return refused.kind

    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(opened, range(20)))
    assert (found.count(True), found.count("too_many_opens")) == (7, 13)
    assert store.shares.one(share.id, PAT).n_opens == 7


def test_the_last_opening_and_the_one_after(store):
    share, token = made(store, most_opens=1)
    visit = store.shares.open(share.id, token, None, NOW)
    assert kind(store.shares.open, share.id, token, None, NOW) == "too_many_opens"
    assert store.shares.visited(share.id, visit, NOW)


def test_passphrases_are_asked_for_after_the_token_and_counted_before_they_are_looked_at(place, store):
    share, token = made(store, passphrase="correct horse")
    opens = store.shares.open
    assert kind(opens, share.id, "wrong", "correct horse", NOW) == "unknown"
    assert kind(opens, share.id, token, None, NOW) == kind(opens, share.id, token, "", NOW) == "passphrase"
    assert place.rows("SELECT * FROM share_guesses") == []
    assert [kind(opens, share.id, token, "wrong horse", NOW) for _ in range(5)] == ["passphrase"] * 4 + ["slow_down"]
    with pytest.raises(ShareRefusedError) as refused:
        place.store().shares.open(share.id, token, "correct horse", "2026-06-01T09:00:01+00:00")
    assert (refused.value.kind, refused.value.wait_seconds) == ("slow_down", 1)
    assert opens(share.id, token, "correct horse", "2026-06-01T09:00:02+00:00")
    assert place.rows("SELECT * FROM share_guesses") == [] and store.shares.one(share.id, PAT).n_opens == 1


def test_waits_grow_to_a_quarter_of_an_hour():
    assert [wait_after(n) for n in (1, 3, 4, 5, 6, 12, 13, 10_000)] == [0, 0, 2, 4, 8, 512, 900, 900]


def test_a_passphrase_that_is_no_hash_or_too_long_is_wrong():
    assert not is_passphrase("correct horse", "not a hash") and not is_passphrase("x" * 201, "not a hash")


@pytest.mark.parametrize("look", [lambda: share_secrets.is_passphrase("correct horse", "hash"),
                                  lambda: share_secrets.passphrase_hash("correct horse")])
def test_two_passphrases_at_most_are_looked_at_at_once(monkeypatch, look):
    """Each costs 64 MiB: many at once would take the memory from everybody."""
    now, most, guard = [], [], threading.Lock()

    class Slow:
        def verify(self, *asked):
            with guard:
                now.append(1)
                most.append(len(now))
            time.sleep(0.05)
            with guard:
                now.pop()
            return True

        hash = verify

    monkeypatch.setattr(share_secrets, "_HASHER", Slow())
    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(lambda _: look(), range(6)))
    assert max(most) <= 2 and len(most) == 6


def test_what_cannot_be_is_refused_and_nothing_is_made(store):
    for asked in (
            {"title": " "}, {"title": "x" * 201}, {"expires_at": MADE}, {"expires_at": "2026-06-01T18:00:00"},
            {"most_opens": 0}, {"most_opens": 100_001}, {"passphrase": "x" * 7}, {"passphrase": "x" * 201},
            {"dataset_id": 999}, {"version_id": 1}):
        with pytest.raises(ValueError, match=r".\."):
            made(store, **asked)
    assert store.shares.all(PAT) == []


def test_what_just_can_be_is_made(store):
    for asked in ({"title": "x" * 200}, {"expires_at": "2026-06-01T10:00:01+02:00"}, {"most_opens": 1},
                  {"most_opens": 100_000}, {"passphrase": "x" * 8}, {"passphrase": "x" * 200}):
        share, token = made(store, **asked)
        assert store.shares.open(share.id, token, asked.get("passphrase"), MADE)


def test_a_link_shows_only_what_its_maker_may_see(store):
    private = store.datasets.keep("Mine", {"a": b"1"}, FACTS, Person("ann", "Ann", "analyst"), is_private=True)
    public = store.datasets.keep("Ours", {"a": b"2"}, FACTS, LOCAL)
    for asked in ({"dataset_id": private.dataset_id}, {"dataset_id": public.dataset_id, "version_id": private.id}):
        with pytest.raises(ValueError, match="not there any more"):
            made(store, **asked)
    share, _ = made(store, dataset_id=public.dataset_id, version_id=public.id)
    assert (share.dataset_id, share.version_id) == (public.dataset_id, public.id)


def test_links_are_their_makers_and_a_directors(store):
    mine, others = made(store)[0], made(store, SAM)[0]
    director = Person("dir", "Dora", "director")
    assert [one.id for one in store.shares.all(PAT)] == [mine.id]
    assert {one.id for one in store.shares.all(director)} == {mine.id, others.id}
    assert store.shares.one(others.id, PAT) is None and not store.shares.revoke(others.id, PAT)
    assert kind(store.shares.move, others.id, {}, PAT, NOW) == kind(store.shares.move, mine.id, {}, director, NOW) == (
        "unknown")
    assert store.shares.revoke(others.id, director)


@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_who_may_not_make_links_may_do_nothing_with_them(store, role):
    share, nobody = made(store)[0], Person("pat", "Pat", role)
    for call in (lambda: made(store, nobody), lambda: store.shares.all(nobody),
                 lambda: store.shares.one(share.id, nobody), lambda: store.shares.revoke(share.id, nobody),
                 lambda: store.shares.move(share.id, {}, nobody, NOW)):
        with pytest.raises(NotAllowedError):
            call()


def test_the_audit_log_tells_of_links_and_of_nothing_that_opens_them(store):
    share, token = made(store, passphrase="correct horse")
    visit = store.shares.open(share.id, token, "correct horse", NOW)
    store.shares.revoke(share.id, PAT)
    told = store.audit.entries(LOCAL)
    assert [(one.who, one.action) for one in told] == [
        ("Pat", "revoked a link"), ("a viewer of a link", "opened a link"), ("Pat", "made a link")]
    assert {one.what["share"] for one in told} == {share.id} and told[2].what["has_passphrase"] is True
    assert not any(secret in repr(told) for secret in (token, visit, "horse", share.content["sites"][0]))


def test_a_passphrase_is_dear_to_guess_outside_of_tests():
    assert REAL_HASHER.memory_cost >= 19 * 1024 and REAL_HASHER.time_cost >= 2  # KiB; OWASP's least for argon2id
