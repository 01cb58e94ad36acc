"""Every role at every function that hands out data: each cell of the table is tried, below the pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import pytest

from analytics.access import LOCAL, RIGHTS, NotAllowedError, Person, Refused
from analytics.app import (
    courses_panels,
    frame,
    jobs,
    loading,
    one_course_panel,
    pages,
    sign_in,
    sockets,
    state,
    visitors,
)
from analytics.app.shelves import Export
from analytics.store import Store, StoreError

ROLES = tuple(RIGHTS)
BROWSER = "c" * 64
SCORES = [("scores.csv", b"patient_id,day,phq9,site\nP1,0,20,North\nP1,14,5,North\nP2,0,21,South\nP2,14,20,South\n")]


def somebody(role, sites=None, subject="s"):
    return Person(subject, role, role, sites)


@pytest.fixture
def shelf():
    """An upload of the browser, and its dataset."""
    dataset = loading.upload(BROWSER, SCORES)
    yield dataset
    loading.forget(BROWSER)


# --- what the app hands out --------------------------------------------------------------------------

FUNCTIONS = {
    "datasets": ("aggregates", lambda shelf: loading.datasets(BROWSER)),
    "upload": ("load", lambda shelf: loading.upload(BROWSER, [("x.csv", SCORES[0][1] + b"P3,0,9,North\n")])),
    "remap": ("load", lambda shelf: loading.remap(BROWSER, shelf.key, {})),
    "opened": ("rows", lambda shelf: loading.opened(BROWSER, shelf.key)),
    "opened again": ("rows", lambda shelf: loading.opened_again(BROWSER, loading.sample_dataset())),
    "a download with rows": ("rows", lambda shelf: loading.export_address(BROWSER, "x.csv", b"x")),
    "a download of results": ("aggregates", lambda shelf: loading.export_address(BROWSER, "x.csv", b"x",
                                                                                 needs="aggregates")),
    "the fetch of rows": ("rows", lambda shelf: Export("x", "y", None, lambda: b"x").content_for(visitors.person())),
    "the fetch of results": ("aggregates", lambda shelf: Export(
        "x", "y", None, lambda: b"x", "aggregates").content_for(visitors.person())),
    "rows of courses": ("rows", lambda shelf: courses_panels.rows_of(None)),
    "a list to follow up": ("rows", lambda shelf: courses_panels.attention_of(None, "lost")),
    "the worklist": ("rows", lambda shelf: courses_panels.listed_windows(None, None)),
    "the table of a list": ("rows", lambda shelf: courses_panels.table_of(None, None, None, with_runs=False)),
    "the Courses page": ("rows", lambda shelf: courses_panels.show(None)),
    "one course": ("rows", lambda shelf: one_course_panel.show(None, None, 0)),
}


def is_let(call, *arguments):
    """Whether a call was let through; what it does then, with nothing in its hands, is another test's."""
    try:
        with suppress(AttributeError, TypeError, ValueError):
            call(*arguments)
    except NotAllowedError as error:
        assert str(error).endswith(".")
        return False
    return True


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_for_the_roles_that_have_its_right(shelf, name):
    right, call = FUNCTIONS[name]
    for role in ROLES:
        with visitors.acting(somebody(role)):
            assert is_let(call, shelf) is (right in RIGHTS[role]), role
    for why in ("not_signed_in", "expired", "ended", "unknown", "unusable", "closed"):
        with visitors.acting(Refused(why)):
            assert not is_let(call, shelf), why


def test_who_may_not_load_has_no_uploads_to_look_into(shelf):
    for role in ROLES:
        with visitors.acting(somebody(role)):
            assert bool(loading.uploads(BROWSER)) is ("load" in RIGHTS[role])


def test_rows_are_shown_to_the_roles_that_have_them():
    for role in ROLES:
        with visitors.acting(somebody(role)):
            assert state.may_see_rows() is ("rows" in RIGHTS[role])


# --- pages -------------------------------------------------------------------------------------------


class Drawn:
    """A page that must not run."""

    title = "A page"

    def run(self):
        raise AssertionError("ran")


@pytest.mark.parametrize("role", ROLES)
def test_a_page_runs_for_the_roles_that_have_it(role):
    with visitors.acting(somebody(role)):
        for name, right in {**pages.NEEDS, "a page nobody thought of": "audit"}.items():
            may = right in RIGHTS[role]
            assert pages.may_open(name) is may
            if not may:
                frame.run(name, Drawn())
    with visitors.acting(Refused("expired")):
        assert not any(map(pages.may_open, pages.NEEDS))


def test_every_page_says_what_it_needs():
    assert set(pages.pages()) <= set(pages.NEEDS)


def test_hidden_pages_are_those_that_the_role_has_not():
    for role in ROLES:
        with visitors.acting(somebody(role)):
            found = pages.pages()
            shown = {name for name, page in found.items() if page.visibility == "visible"}
            assert {name for name in found if not pages.may_open(name)} & shown == set()
            assert ("courses" in shown) is ("rows" in RIGHTS[role])


# --- the store ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("store"))


EXPIRES = "2999-01-01T00:00:00+00:00"


def kept(store, person, **how):
    return store.datasets.keep(f"{person.role}", {"x": b"x"}, {"key": "k"}, person, **how)


STORE = {
    "keep": ("load", lambda store, person, one: kept(store, person)),
    "list": ("aggregates", lambda store, person, one: store.datasets.all(person)),
    "one": ("aggregates", lambda store, person, one: store.datasets.one(one.dataset_id, person)),
    "versions": ("aggregates", lambda store, person, one: store.datasets.versions(one.dataset_id, person)),
    "frames": ("aggregates", lambda store, person, one: store.datasets.frames(one.id, person)),
    "rename": ("load", lambda store, person, one: store.datasets.rename(one.dataset_id, "new", person)),
    "delete a version": ("load", lambda store, person, one: store.datasets.delete_version(-1, person)),
    "delete": ("load", lambda store, person, one: store.datasets.delete(-1, person)),
    "retention": ("audit", lambda store, person, one: store.datasets.set_retention(None, person)),
    "audit log": ("audit", lambda store, person, one: store.audit.entries(person)),
    "make a link": ("shares", lambda store, person, one: store.shares.make(
        {}, person, title="t", audience="board", expires_at=EXPIRES)),
    "links": ("shares", lambda store, person, one: store.shares.all(person)),
}


@pytest.mark.parametrize("name", STORE)
def test_a_method_of_the_store_is_for_the_roles_that_have_its_right(store, name):
    right, call = STORE[name]
    for role in ROLES:
        person = somebody(role, subject="owner")
        one = kept(store, replace(person, role="director"))
        try:
            with suppress(ValueError, TypeError, AttributeError, StoreError):
                call(store, person, one)
            is_let = True
        except NotAllowedError:
            is_let = False
        assert is_let is (right in RIGHTS[role]), role


def test_what_is_anothers_alone_is_not_reached_by_its_number(store):
    one = kept(store, somebody("analyst", subject="first"), is_private=True)
    other = somebody("analyst", subject="second")
    assert store.datasets.one(one.dataset_id, other) is None
    assert one.dataset_id not in [saved.id for saved in store.datasets.all(other)]
    for call in (lambda: store.datasets.frames(one.id, other), lambda: store.datasets.delete(one.dataset_id, other),
                 lambda: store.datasets.rename(one.dataset_id, "mine", other)):
        with pytest.raises((NotAllowedError, StoreError)):
            call()
    assert store.datasets.frames(one.id, somebody("analyst", subject="first")) == {"x": b"x"}


# --- who acts ----------------------------------------------------------------------------------------


def test_without_sign_in_whoever_was_let_in_may_everything():
    assert visitors.person() is LOCAL


def test_with_sign_in_nobody_in_particular_is_nobody(monkeypatch):
    monkeypatch.setattr(sign_in, "is_on", lambda: True)
    assert visitors.visitor() == Refused("not_signed_in")
    with pytest.raises(NotAllowedError, match="not signed in"):
        visitors.person()
    assert visitors.request_visitor({"_streamlit_user": "forged"}) == Refused("not_signed_in")


def test_work_in_another_thread_is_done_for_whoever_began_it(monkeypatch):
    monkeypatch.setattr(sign_in, "is_on", lambda: True)
    with visitors.acting(somebody("analyst")):
        job = jobs.Job(lambda progress: visitors.person().role)
    assert job.wait(10) and job.result() == "analyst"
    assert visitors.visitor() == Refused("not_signed_in"), "and for nobody longer"
    found = []
    with visitors.acting(somebody("analyst")):
        thread = threading.Thread(target=lambda: found.append(visitors.visitor()))
        thread.start()
        thread.join()
    assert found == [Refused("not_signed_in")], "work that was not carried"


def test_what_fails_for_somebody_leaves_nobody_behind(monkeypatch):
    monkeypatch.setattr(sign_in, "is_on", lambda: True)
    with pytest.raises(KeyError), visitors.acting(somebody("director")):
        raise KeyError
    assert visitors.visitor() == Refused("not_signed_in")


def test_who_acts_is_asked_once_a_run_and_anew_in_the_next(monkeypatch):
    run, asked = SimpleNamespace(parallel_coordinator=object()), []

    def visitor_of(claims):
        asked.append(claims)
        return somebody("viewer", subject=str(len(asked)))

    monkeypatch.setattr(visitors, "get_script_run_ctx", lambda **_: run)
    monkeypatch.setattr(sign_in, "visitor_of", visitor_of)
    assert [visitors.visitor().subject for _ in range(2)] == ["1", "1"]
    run.parallel_coordinator = object()
    assert [visitors.visitor().subject for _ in range(2)] == ["2", "2"]
    run.parallel_coordinator = None
    assert [visitors.visitor().subject for _ in range(2)] == ["3", "4"], "where runs cannot be told apart"


def test_two_persons_in_one_browser_have_two_shelves():
    first, second = (visitors.browser_name(BROWSER, somebody("analyst", subject=name)) for name in "ab")
    assert len({first, second, BROWSER}) == 3
    assert visitors.browser_name(BROWSER, LOCAL) == BROWSER


# --- the socket's messages ---------------------------------------------------------------------------


def message(**parts):
    from streamlit.proto.BackMsg_pb2 import BackMsg

    return BackMsg(**parts).SerializeToString()


def fragment_of(content):
    from streamlit.proto.BackMsg_pb2 import BackMsg

    found = BackMsg()
    found.ParseFromString(content)
    return found.rerun_script.fragment_id


def test_a_fragment_runs_alone_only_while_nothing_changed():
    asked = message(rerun_script={"fragment_id": "f", "page_name": "courses"})
    content, is_page = sockets.passed(asked, is_same=True, may_load=True)
    assert fragment_of(content) == "f" and not is_page
    content, is_page = sockets.passed(asked, is_same=False, may_load=False)
    assert fragment_of(content) == "" and is_page and b"courses" in content
    assert sockets.passed(message(rerun_script={}), is_same=True, may_load=True)[1]


@pytest.mark.parametrize("parts", [
    {"clear_cache": True}, {"set_run_on_save": True}, {"load_git_info": True}, {"debug_shutdown_runtime": True},
    {"debug_disconnect_websocket": True}, {"backend_operation_request": {"request_id": "1"}}, {}], ids=str)
def test_what_nobody_needs_is_dropped_for_everybody(parts):
    assert sockets.passed(message(**parts), is_same=True, may_load=True) == (None, False)


@pytest.mark.parametrize("parts", [{"stop_script": True}, {"app_heartbeat": True}], ids=str)
def test_what_hands_out_nothing_passes(parts):
    assert sockets.passed(message(**parts), is_same=False, may_load=False) == (message(**parts), False)


def test_places_to_load_files_are_for_who_may():
    asked = message(file_urls_request={"request_id": "1"})
    assert sockets.passed(asked, is_same=True, may_load=False) == (None, False)
    assert sockets.passed(asked, is_same=True, may_load=True) == (asked, False)
    assert {role for role in ROLES if sockets.may_load(somebody(role))} == {"director", "analyst", "presenter"}
    assert not sockets.may_load(Refused("expired"))


def test_what_cannot_be_read_goes_on_for_streamlit_to_refuse():
    assert sockets.passed(b"\xff\xff\xff", is_same=True, may_load=True) == (b"\xff\xff\xff", False)


def test_a_heartbeat_does_not_hide_that_somebody_changed():
    import asyncio

    visitor = [somebody("analyst")]
    sent = [message(rerun_script={}), message(app_heartbeat=True), message(rerun_script={"fragment_id": "f"})]

    async def receive():
        if len(sent) == 2:
            visitor[0] = somebody("presenter")
        return {"type": "websocket.receive", "bytes": sent.pop(0)}

    async def run():
        received = sockets.guarded(receive, lambda: visitor[0])
        return [(await received())["bytes"] for _ in range(3)]

    assert fragment_of(asyncio.run(run())[2]) == ""


def passed_for(who, *sent):
    """Messages of one connection, as they pass for who is there all the time; what is dropped is not among them."""
    import asyncio

    messages = [*({"type": "websocket.receive", "bytes": one} for one in sent), {"type": "websocket.disconnect"}]

    async def receive():
        return messages.pop(0)

    async def run():
        received, found = sockets.guarded(receive, lambda: who), []
        while (one := await received())["type"] == "websocket.receive":
            found.append(one["bytes"])
        return found

    return asyncio.run(run())


def test_a_fragment_runs_alone_for_a_person_and_never_for_nobody():
    page, fragment = message(rerun_script={}), message(rerun_script={"fragment_id": "f"})
    for who, last in ((somebody("viewer"), "f"), (Refused("expired"), "")):
        assert [fragment_of(one) for one in passed_for(who, fragment, page, fragment)] == ["", "", last]


def test_places_to_load_files_are_asked_for_from_a_page_alone():
    page, places = message(rerun_script={}), message(file_urls_request={"request_id": "1"})
    assert passed_for(somebody("analyst"), places, page, places) == [page, places]
    assert passed_for(somebody("viewer"), places, page, places) == [page]


def test_words_on_a_socket_are_not_taken():
    import asyncio

    sent = [{"type": "websocket.receive", "text": "hello"}, {"type": "websocket.receive", "text": "", "bytes": None},
            {"type": "websocket.disconnect", "code": 1000}]

    async def receive():
        return sent.pop(0)

    received = sockets.guarded(receive, lambda: somebody("director"))
    assert asyncio.run(received())["type"] == "websocket.disconnect" and not sent


def test_every_page_there_is_has_a_right_and_a_page_nobody_thought_of_is_a_directors():
    views = {path.stem for path in pages._VIEWS.glob("*.py")} - {"__init__"}
    assert set(pages.pages()) == set(pages.NEEDS) == views
    for name in (*frame.OUTSIDE, *frame.WITH_OWN_MARK):
        assert name in pages.NEEDS, name
    for role in ROLES:
        with visitors.acting(somebody(role)):
            assert pages.may_open("new") is (role == "director")


def test_a_session_is_one_browsers():
    scope = {"headers": [(b"host", b"x"), (b"sec-websocket-protocol", b"streamlit, token, the-session")]}
    sockets.bind("the-session", "me")
    assert sockets.without_foreign_session(scope, "me") == scope
    for other in ("you", None):
        headers = dict(sockets.without_foreign_session(scope, other)["headers"])
        assert headers == {b"host": b"x", b"sec-websocket-protocol": b"streamlit, token"}
    assert not sockets.is_of("another", "me") and not sockets.is_of("the-session", None)
    assert not sockets.is_of("unknown", None)


def test_of_many_sessions_the_one_not_drawn_for_longest_is_forgotten(monkeypatch):
    monkeypatch.setattr(sockets, "_browser_of", OrderedDict())
    monkeypatch.setattr(sockets, "MOST_SESSIONS", 2)
    for session in ("first", "second", "first"):
        sockets.bind(session, "me")
    assert sockets.is_of("first", "me") and sockets.is_of("second", "me")
    sockets.bind("third", "me")
    assert [sockets.is_of(session, "me") for session in ("first", "second", "third")] == [True, False, True]
