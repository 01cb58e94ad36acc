"""The routes of links over a real store: who is let in, what is told, what is refused and how soon."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import warnings
from collections import Counter
from dataclasses import replace
from functools import partial

import pytest
from starlette.applications import Starlette

from analytics.access import LOCAL
from analytics.app import share_gate, share_live, share_routes, stopping
from analytics.app.share_gate import BusyError, Gate, WaitingRoom
from analytics.app.share_latest import Latest
from analytics.store import Store, StoreError
from analytics.store.share_following import Render, Standing
from analytics.wording import share_viewer as words

with warnings.catch_warnings():
    # It would rather have the successor of the client that the tests of sign-in bring along.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

NOW, LAST, ENDS = (f"2026-06-01T{at}+00:00" for at in ("09:00:00", "17:59:59", "18:00:00"))
PAYLOAD = {"schema": "share/1", "title": "Board", "cohorts": [{"name": "All", "slides": []}], "notices": []}


class Served:
    """One server's routes over a store, with a clock that the test sets."""

    def __init__(self, store, make=lambda id, version: None):
        self.store, self.now = store, NOW
        self.desk = share_routes.Desk(lambda: store.shares, Latest(make, lambda: "d"), lambda: self.now,
                                      partial(Gate, delay=0.05))
        self.app = Starlette(routes=self.desk.routes("/base"))

    def link(self, render=True, **options):
        share, token = self.store.shares.make({}, LOCAL, **{
            "title": "Board", "audience": "board", "expires_at": ENDS} | options)
        if render:
            self.store.shares.keep_render(share.id, options.get("version_id"), "d", json.dumps(PAYLOAD).encode())
        return share.id, token


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("shares"), now=lambda: NOW)


@pytest.fixture
def served(store):
    return Served(store)


@pytest.fixture
def client(served):
    with TestClient(served.app, base_url="http://testserver/base/share/") as client:
        yield client
        client.portal.call(served.desk.live.close)


def opened(client, id, token, **more):
    return client.post(f"{id}/open", json={"token": token} | more)


def follow(client, id, after=0, tag="", present=1):
    return client.get(f"{id}/follow", params={"after": after, "tag": tag, "present": present})


def refused(answer):
    return answer.status_code, answer.json().get("refused")


def test_the_page_is_the_same_whether_the_link_is_there_or_not(served, client):
    id, _ = served.link()
    there, not_there = client.get(id), client.get("nothing")
    assert there.status_code == not_there.status_code == 200 and there.text == not_there.text
    assert set(there.headers) == set(not_there.headers) and "set-cookie" not in there.headers
    assert "script-src 'self';" in there.headers["content-security-policy"]
    assert words.NO_SCRIPTS in there.text and "$" not in there.text.replace("${", "")
    for name, kind in (("viewer.js", "javascript"), ("viewer.css", "css"), ("present.css", "css")):
        assert kind in client.get(name).headers["content-type"]


def test_every_answer_is_kept_by_no_browser(served, client):
    id, token = served.link()
    for answer in (client.get(id), client.get("viewer.js"), opened(client, id, "wrong"), opened(client, id, token),
                   client.get(f"{id}/payload"), follow(client, id), client.get(f"{id}/more"), client.get("")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"] == share_routes.POLICY
    assert client.get(f"{id}/more").status_code == client.get("").status_code == 404


def test_the_right_token_opens_and_the_cookie_goes_to_this_link_alone(served, client):
    id, token = served.link()
    answer = opened(client, id, token)
    assert answer.json() == {"opened": True} and token not in answer.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=strict", f"Path=/base/share/{id};", "Max-Age=32400"):
        assert part in answer.headers["set-cookie"]
    assert "Secure" not in answer.headers["set-cookie"]
    found = client.get(f"{id}/payload").json()
    assert found["payload"] == PAYLOAD and found["seq"] == 0 and found["position"] is None and found["notices"] == []


def test_behind_https_the_cookie_is_for_https_alone(served, client):
    id, token = served.link(expires_at="2030-01-01T00:00:00+00:00")
    answer = client.post(f"{id}/open", json={"token": token}, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in answer.headers["set-cookie"] and "Max-Age=2592000" in answer.headers["set-cookie"]


def test_wrong_tokens_and_unknown_links_are_alike_and_late(served, client):
    id, token = served.link()
    answers = [opened(client, *asked) for asked in ((id, "wrong"), ("nothing", token), (id, ""), (id, "x" * 200))]
    assert {(refused(one), tuple(sorted(one.headers.items())), one.content) for one in answers} == {
        ((404, "unknown"), tuple(sorted(answers[0].headers.items())), answers[0].content)}
    began = time.monotonic()
    opened(client, id, "wrong")
    assert time.monotonic() - began >= 0.05


@pytest.mark.parametrize(("body", "kind"), [
    ("[" * 4_000, "application/json"),
    ("{", "application/json"), ("[]", "application/json"), ("{}", "application/json"),
    ('{"token": 5}', "application/json"), ('{"token": "a", "passphrase": 1}', "application/json"),
    ('{"token": "%s"}' % ("x" * 201), "application/json"), ('{"token": "%s"}' % ("x" * 5_000), "application/json"),
    ('{"token": "a"}', "text/plain"), ('{"token": "a"}', "application/x-www-form-urlencoded")])
def test_what_our_page_never_sends_is_not_looked_at(client, body, kind):
    assert refused(client.post("nothing/open", content=body, headers={"Content-Type": kind})) == (400, "unknown")


def test_nothing_is_told_without_a_visit_of_this_link(served, client):
    (id, token), (other, others) = served.link(), served.link()
    opened(client, other, others)
    stolen = next(one.value for one in client.cookies.jar)
    for cookie in ("", "wrong", stolen, token):
        client.cookies.clear()
        headers = {"Cookie": f"outcomes_share={cookie}"} if cookie else {}
        for path in ("payload", "follow?after=0"):
            assert refused(client.get(f"{id}/{path}", headers=headers)) == (404, "unknown")
        headers = {"Cookie": f"outcomes_share={stolen}"}
    assert client.get(f"{other}/payload", headers=headers).status_code == 200


def test_a_link_ends_at_the_second(served, client):
    id, token = served.link()
    opened(client, id, token)
    served.now = LAST
    assert client.get(f"{id}/payload").status_code == 200
    served.now = ENDS
    assert refused(client.get(f"{id}/payload")) == refused(follow(client, id)) == (410, "expired")
    client.cookies.clear()
    assert refused(opened(client, id, token)) == (410, "expired")
    assert refused(opened(client, id, "wrong")) == (404, "unknown")


def test_a_revoked_link_is_over_for_who_has_it_open(served, client):
    id, token = served.link()
    opened(client, id, token)
    tag = client.get(f"{id}/payload").json()["tag"]
    threading.Timer(0.4, served.store.shares.revoke, (id, LOCAL)).start()
    began = time.monotonic()
    assert follow(client, id, tag=tag).json() == {"refused": "revoked"} and time.monotonic() - began < 3
    assert refused(client.get(f"{id}/payload")) == refused(opened(client, id, token)) == (410, "revoked")


def test_openings_are_counted_and_one_who_has_a_visit_is_not_counted_again(served, client):
    id, token = served.link(most_opens=1)
    assert opened(client, id, token).status_code == opened(client, id, token).status_code == 200
    assert served.store.shares.one(id, LOCAL).n_opens == 1
    client.cookies.clear()
    assert refused(opened(client, id, token)) == (403, "too_many_opens")


def test_a_passphrase_is_asked_for_and_waited_for(served, client):
    id, token = served.link(passphrase="correct horse")
    assert opened(client, id, token).json() == {"needs": "passphrase"}
    assert refused(opened(client, id, "wrong", passphrase="correct horse")) == (404, "unknown")
    for _ in range(4):
        assert refused(opened(client, id, token, passphrase="wrong horse")) == (403, "passphrase")
    answer = opened(client, id, token, passphrase="correct horse")
    assert refused(answer) == (429, "slow_down") and answer.headers["retry-after"] == "2"
    assert answer.json()["says"] == "There were too many attempts. Try again in 2 s."
    served.now = "2026-06-01T09:00:02+00:00"
    assert opened(client, id, token, passphrase="correct horse").json() == {"opened": True}


def test_a_link_without_a_render_is_empty(served, client):
    id, token = served.link(render=False)
    opened(client, id, token)
    assert client.get(f"{id}/payload").json() == {"empty": True}


def test_a_move_on_another_server_is_followed_at_once(served, client):
    id, token = served.link()
    opened(client, id, token)
    tag = client.get(f"{id}/payload").json()["tag"]
    other = Store(served.store.folder)
    position = {"cohort": 0, "slide": 2, "part": 1}
    threading.Timer(0.3, other.shares.move, (id, position, LOCAL, NOW)).start()
    began = time.monotonic()
    news = follow(client, id, tag=tag).json()
    assert (news["seq"], news["position"], news["tag"]) == (1, position, tag) and time.monotonic() - began < 2
    assert follow(client, id, after=0, tag=tag).json()["seq"] == 1
    served.store.shares.keep_render(id, 5, "d", json.dumps(PAYLOAD).encode())
    assert follow(client, id, after=1, tag=tag).json()["tag"] != tag


def test_nothing_new_is_said_after_a_while(served, client, monkeypatch):
    id, token = served.link()
    opened(client, id, token)
    tag = client.get(f"{id}/payload").json()["tag"]
    news = client.portal.call(_followed, served, id, client, tag)
    assert (news["seq"], news["tag"], news["present"]) == (0, tag, 1)


async def _followed(served, id, client, tag):
    visit = next(one.value for one in client.cookies.jar)

    async def stays():
        return False

    return await served.desk.live.follow(id, visit, {"seq": 0, "tag": tag, "present": 1}, stays, 0.3)


def test_people_are_counted_once_each_and_leave(served, client, monkeypatch):
    monkeypatch.setattr(share_live, "GONE_SECONDS", 0.5)
    monkeypatch.setattr(share_live, "PRESENCE_SECONDS", 0.1)
    id, token = served.link()
    opened(client, id, token)
    tag = client.get(f"{id}/payload").json()["tag"]
    served.store.shares.here(id, "another server", 4, NOW)
    assert follow(client, id, tag=tag).json()["present"] in (4, 5)
    _until(lambda: served.store.shares.present(id, NOW) == 5 or follow(client, id, tag=tag, present=0))
    assert served.store.shares.present(id, NOW) == 5
    _until(lambda: served.store.shares.present(id, NOW) == 4)


def _until(is_so):
    until = time.monotonic() + 5
    while is_so() is not True:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_visit_has_so_many_questions_open_and_no_more(served, client, monkeypatch):
    monkeypatch.setattr(share_live, "MOST_WAITS", 0)
    id, token = served.link()
    opened(client, id, token)
    answer = follow(client, id)
    assert refused(answer) == (429, "slow_down") and answer.json()["again"] == 1


def test_who_waits_is_let_go_when_the_server_ends(served, client, monkeypatch):
    monkeypatch.setattr(share_live, "PRESENCE_SECONDS", 60.0)
    id, token = served.link()
    opened(client, id, token)
    tag = client.get(f"{id}/payload").json()["tag"]
    threading.Timer(0.3, lambda: monkeypatch.setattr(stopping, "is_asked", lambda: True)).start()
    began = time.monotonic()
    assert follow(client, id, tag=tag).status_code == 200 and time.monotonic() - began < 3


def test_a_store_that_fails_is_asked_again_by_the_page(served, client, monkeypatch):
    from analytics.store.shares import Shares

    def fails(*_):
        raise StoreError("The store is in use.")

    monkeypatch.setattr(Shares, "hashes", fails)
    answer = opened(client, "nothing", "wrong")
    assert refused(answer) == (503, "not_reached") and answer.headers["retry-after"] == "2"


def test_secrets_stand_in_no_log(served, client, caplog):
    caplog.set_level(0)
    id, token = served.link(passphrase="correct horse")
    opened(client, id, token, passphrase="correct horse")
    visit = next(one.value for one in client.cookies.jar)
    opened(client, id, f"{token}x", passphrase="correct horse")
    client.get(f"{id}/payload")
    assert not any(secret in caplog.text for secret in (token, visit, "correct horse"))


# --- the gate ----------------------------------------------------------------------------------------


def test_a_right_token_passes_while_wrong_ones_fill_the_room():
    async def tried():
        looks = []

        async def hashes():
            looks.append(1)
            return {"a": share_routes_hash("right")}

        gate = Gate(hashes, most=10, most_of_one=4, delay=0.3)
        assert await gate.is_right("a", "right", "x")

        async def guess(id, address):
            try:
                return await gate.is_right(id, "wrong", address)
            except BusyError:
                return "busy"

        guesses = [asyncio.create_task(guess("ab"[place % 2], "xyz"[place % 3])) for place in range(60)]
        await asyncio.sleep(0.1)
        began = time.monotonic()
        assert await gate.is_right("a", "right", "x")
        assert time.monotonic() - began < 0.05
        return Counter(await asyncio.gather(*guesses)), len(looks), gate.room.n

    found, n_looks, n_left = asyncio.run(tried())
    assert found == {"busy": 50, False: 10} and n_looks <= 3 and n_left == 0


def share_routes_hash(token):
    from analytics.store.share_secrets import hash_of

    return hash_of(token)


def test_a_link_made_a_moment_ago_is_found():
    async def tried():
        kept = {}

        async def hashes():
            return dict(kept)

        gate = Gate(hashes, delay=0.0)
        before = await gate.is_right("a", "right", "x")
        kept["a"] = share_routes_hash("right")
        return before, await gate.is_right("a", "right", "x")

    assert asyncio.run(tried()) == (False, True)


def test_each_address_has_its_places_and_all_together_have_theirs():
    async def tried():
        room = WaitingRoom(2, 1)
        async with room.place("a"):
            with pytest.raises(BusyError):
                async with room.place("a"):
                    pass
            async with room.place("b"):
                with pytest.raises(BusyError):
                    async with room.place("c"):
                        pass
        async with room.place("a"):
            return room.n

    assert asyncio.run(tried()) == 1


def test_who_goes_away_while_waiting_leaves_the_place():
    async def tried():
        room = WaitingRoom(1, 1)
        for _ in range(2):
            with pytest.raises(ConnectionError):
                async with room.place("a"):
                    raise ConnectionError
        return room.n, len(room._by_address)

    assert asyncio.run(tried()) == (0, 0), "and addresses that came once fill no memory"


def test_a_link_made_while_the_hashes_are_read_is_found(monkeypatch):
    monkeypatch.setattr(share_gate, "FRESH_SECONDS", 0.01)

    async def tried():
        kept, is_read, go_on = {}, asyncio.Event(), asyncio.Event()

        async def hashes():
            read = dict(kept)
            is_read.set()
            await go_on.wait()
            return read

        gate = Gate(hashes, delay=0.0)
        guess = asyncio.create_task(gate.is_right("a", "wrong", "x"))
        await is_read.wait()
        kept["a"] = share_routes_hash("right")
        right = asyncio.create_task(gate.is_right("a", "right", "x"))
        await asyncio.sleep(0.01)
        go_on.set()
        return await asyncio.gather(guess, right)

    assert asyncio.run(tried()) == [False, True]


def test_after_a_look_that_failed_the_next_one_succeeds():
    async def tried():
        answers = [{"a": share_routes_hash("right")}]

        async def hashes():
            if len(answers) == 1:
                answers.append({})
                raise StoreError("The store is in use.")
            return answers[0]

        gate = Gate(hashes, delay=0.0)
        with pytest.raises(StoreError):
            await gate.is_right("a", "right", "x")
        return await gate.is_right("a", "right", "x"), gate.hall.n

    assert asyncio.run(tried()) == (True, 0)


def test_who_goes_away_takes_nobodys_answer_along():
    async def tried():
        is_asked, go_on = asyncio.Event(), asyncio.Event()

        async def hashes():
            is_asked.set()
            await go_on.wait()
            return {"a": share_routes_hash("right")}

        gate = Gate(hashes, delay=0.0)
        first, second = (asyncio.create_task(gate.is_right("a", "right", "x")) for _ in range(2))
        await is_asked.wait()
        first.cancel()
        await asyncio.sleep(0)
        go_on.set()
        return await second

    assert asyncio.run(tried()) is True


def test_the_store_is_asked_twice_a_second_at_most(monkeypatch):
    monkeypatch.setattr(share_gate, "FRESH_SECONDS", 0.1)

    async def tried():
        looks = []

        async def hashes():
            looks.append(asyncio.get_running_loop().time())
            return {}

        gate = Gate(hashes, delay=0.0)
        for _ in range(3):
            await gate.is_right("a", "wrong", "x")
        return looks

    first, second, third = asyncio.run(tried())
    assert second - first > 0.09 and third - second > 0.09


def test_so_many_wait_for_the_hashes_and_no_more():
    async def tried():
        go_on = asyncio.Event()

        async def hashes():
            await go_on.wait()
            return {"a": share_routes_hash("right")}

        gate = Gate(hashes, most=1, delay=0.0)
        asked = [asyncio.create_task(gate.is_right("a", "right", str(place))) for place in range(21)]
        await asyncio.sleep(0)
        go_on.set()
        return Counter(map(repr, await asyncio.gather(*asked, return_exceptions=True)))

    assert asyncio.run(tried()) == {"True": 20, "BusyError()": 1}


# --- the newest state --------------------------------------------------------------------------------

SHOWN = Standing("a", None, ENDS, 0, None, Render("a", 1, "d", "2026-05-01T08:30:00+00:00"), 1, True, 0)


def test_what_is_as_it_should_be_is_not_loud_and_not_made_again():
    made = []
    latest = Latest(lambda *key: made.append(key), lambda: "d")
    for standing in (SHOWN, replace(SHOWN, latest_version_id=None), replace(SHOWN, newest=None, latest_version_id=2)):
        latest.look(standing)
        assert latest.notices(standing) == []
    assert made == []


def held_up():
    """What lets a maker go on, what it was asked to make so far, and the maker."""
    go, made = threading.Event(), []

    def make(*key):
        made.append(key)
        assert go.wait(5)

    return go, made, make


def test_newer_data_is_made_once_in_the_background_and_said_meanwhile():
    go, made, make = held_up()
    latest, standing = Latest(make, lambda: "d"), replace(SHOWN, latest_version_id=2)
    latest.look(standing)
    latest.look(standing)
    [said] = latest.notices(standing)
    assert said.startswith("The data behind this link has changed since 2026-05-01, 08:30 UTC.")
    assert "being made" in said
    go.set()
    _until(lambda: not latest._being_made)
    assert made == [("a", 2)]


def test_of_one_link_one_state_is_made_at_a_time():
    go, made, make = held_up()
    latest, standing = Latest(make, lambda: "d"), replace(SHOWN, latest_version_id=2)
    for one in (standing, replace(standing, latest_version_id=3), replace(standing, share_id="b")):
        latest.look(one)
    go.set()
    _until(lambda: not latest._being_made)
    assert sorted(made) == [("a", 2), ("b", 2)]


@pytest.mark.parametrize("kind", [ValueError, StoreError, AssertionError])
def test_newer_data_that_cannot_be_made_is_said_loudly_and_not_tried_for_ever(kind):
    made = []

    def make(*key):
        made.append(key)
        raise kind("a patient's value")

    latest, standing = Latest(make, lambda: "d"), replace(SHOWN, latest_version_id=2)
    tag = latest.tag(standing)
    latest.look(standing)
    _until(lambda: not latest._being_made)
    latest.look(standing)
    assert made == [("a", 2)] and latest.tag(standing) != tag
    assert "could not be made" in latest.notices(standing)[0] and "patient" not in repr(latest.notices(standing))
    latest.look(replace(standing, latest_version_id=3))
    _until(lambda: not latest._being_made)
    assert made == [("a", 2), ("a", 3)]


def test_a_pinned_link_says_that_newer_data_is_there_and_stays():
    made = []
    latest, pinned = Latest(lambda *key: made.append(key), lambda: "d"), replace(SHOWN, follows=False)
    assert latest.notices(pinned) == []
    latest.look(replace(pinned, latest_version_id=2))
    assert "made to stay" in latest.notices(replace(pinned, latest_version_id=2))[0] and made == []


def test_a_changed_definition_is_loud():
    latest = Latest(lambda *key: None, lambda: "other")
    assert "counted has changed since 2026-05-01, 08:30 UTC" in latest.notices(SHOWN)[0]
    assert latest.is_news(SHOWN) and not latest.is_news(SHOWN)


# --- those who wait ----------------------------------------------------------------------------------


class Told:
    """A store that says what a link is now, and hears how many are here."""

    def __init__(self):
        self.standing, self.is_reached, self.heard = SHOWN, True, []

    def standings(self, ids, now):
        if not self.is_reached:
            raise StoreError("The store is in use.")
        return dict.fromkeys(ids, self.standing)

    def here(self, id, server, n, now):
        self.heard.append(n)


async def stays():
    return False


def live_over(told, tried, monkeypatch, **seconds):
    """What a test gives that runs beside those who wait; ``seconds`` are constants of theirs."""
    for name, value in {"TICK_SECONDS": 0.01, "PRESENCE_SECONDS": 60.0, **seconds}.items():
        monkeypatch.setattr(share_live, name, value)
    live = share_live.Live(lambda: told, Latest(lambda *key: None, lambda: "d"), lambda: NOW)
    known = {"seq": 0, "tag": live.news(SHOWN)["tag"], "present": 1}

    async def run():
        try:
            return await tried(live, lambda visit="v", seconds=0.0, **heard: live.follow(
                "a", visit, known | heard, stays, seconds))
        finally:
            await live.close()

    return asyncio.run(run())


async def _comes(is_so):
    async with asyncio.timeout(5):
        while not is_so():
            await asyncio.sleep(0.01)


def test_a_visit_asks_in_so_many_tabs_at_once_and_again_and_again(monkeypatch):
    told = Told()

    async def tried(live, follow):
        for _ in range(share_live.MOST_WAITS + 1):
            await follow()
        tabs = [asyncio.create_task(follow(seconds=20.0)) for _ in range(share_live.MOST_WAITS)]
        await asyncio.sleep(0)
        with pytest.raises(share_live.TooManyWaitsError):
            await follow()
        assert (await follow("another"))["seq"] == 0
        told.standing = replace(SHOWN, seq=1)
        return {news["seq"] for news in await asyncio.gather(*tabs)}

    assert live_over(told, tried, monkeypatch) == {1}


@pytest.mark.parametrize(("presence", "seconds"), [(0.05, 20.0), (60.0, 0.3)])
def test_that_only_the_people_changed_is_told_a_little_later(monkeypatch, presence, seconds):
    async def tried(live, follow):
        began = time.monotonic()
        await follow(seconds=seconds, present=9)
        return time.monotonic() - began

    waited = live_over(Told(), tried, monkeypatch, PRESENCE_SECONDS=presence)
    assert min(presence, seconds) <= waited < 10


def test_who_waits_is_here_however_long_and_who_asks_no_more_soon_gone():
    room = share_live._Room()
    room.seen["v"], room.waits["v"] = 0.0, 1
    assert room.n_here(share_live.POLL_SECONDS) == 1
    room.waits["v"] = 0
    assert room.n_here(share_live.GONE_SECONDS - 0.1) == 1 and room.n_here(share_live.GONE_SECONDS) == 0


def test_a_link_that_nobody_looks_at_is_not_looked_at(monkeypatch):
    told = Told()

    async def tried(live, follow):
        viewer = asyncio.create_task(follow(seconds=20.0))
        await _comes(lambda: told.heard)
        viewer.cancel()
        await _comes(lambda: not live._rooms and live._task.done())
        return told.heard

    assert live_over(told, tried, monkeypatch, GONE_SECONDS=0.05) == [1, 0]


def test_a_store_that_fails_for_a_while_takes_no_news_away(monkeypatch):
    told = Told()

    async def tried(live, follow):
        waiting = asyncio.create_task(follow(seconds=20.0))
        await _comes(lambda: told.heard)
        told.is_reached = False
        await asyncio.sleep(0.1)
        told.standing, told.is_reached = replace(SHOWN, seq=1), True
        return await asyncio.wait_for(waiting, 5)

    assert live_over(told, tried, monkeypatch)["seq"] == 1


@pytest.mark.parametrize(("heartbeat", "is_again"), [(0.05, True), (60.0, False)])
def test_that_somebody_is_here_is_said_again_before_it_is_forgotten(monkeypatch, heartbeat, is_again):
    told = Told()

    async def tried(live, follow):
        viewer = asyncio.create_task(follow(seconds=20.0))
        await _comes(lambda: told.heard)
        await asyncio.sleep(0.5)
        viewer.cancel()
        return set(told.heard) == {1} and len(told.heard) > 1

    assert live_over(told, tried, monkeypatch, HEARTBEAT_SECONDS=heartbeat) is is_again
    assert told.heard[-1] == 0, "the server ends, and nobody is here"


def test_of_many_visits_the_oldest_is_asked_for_again():
    live = share_live.Live(Told, None, lambda: NOW)
    for place in range(10_001):
        live.welcome("a", str(place))
    assert [live.is_known("a", str(place)) for place in (0, 1, 10_000)] == [False, True, True]
    assert not live.is_known("b", "1")
