"""Health, the log as lines, and what still waits when the server is asked to end: without a server."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from analytics.app import health, log_lines, stopping
from analytics.store import StoreError

# --- readiness -------------------------------------------------------------------------------------

def raises(error):
    def check():
        raise error

    return check


def test_a_check_that_fails_is_told_without_its_words():
    said = health.ready({"store": raises(StoreError("P017 in /secret/place")), "disk": raises(OSError("/secret/place")),
                         "roles": raises(KeyError("anna@clinic.example")), "running": lambda: "ok"})
    assert said == {"store": "cannot be used", "disk": "cannot be used", "roles": "failed", "running": "ok"}
    assert not health.is_ready(said)


@pytest.mark.parametrize(("word", "is_ready"), [("ok", True), ("not used", True), ("full", False), ("ending", False)])
def test_ready_is_who_has_nothing_to_complain_of(word, is_ready):
    assert health.is_ready({"store": "ok", "disk": word}) is is_ready


@pytest.mark.parametrize(("free", "said"), [(health.LEAST_BYTES, "ok"), (health.LEAST_BYTES - 1, "full"), (0, "full")])
def test_the_disk_is_full_below_the_least_room(free, said):
    assert health.room(free) == said


def test_the_disk_is_asked_about_for_a_folder_and_not_for_a_database(monkeypatch, tmp_path):
    monkeypatch.setenv("KETAMINE_OUTCOMES_STORE", str(tmp_path / "not" / "there"))
    monkeypatch.delenv("OUTCOMES_DATABASE_URL", raising=False)
    assert health.disk() in ("ok", "full")
    monkeypatch.setenv("OUTCOMES_DATABASE_URL", "postgresql://somewhere")
    assert health.disk() == "not used"


def test_an_answer_holds_for_two_seconds_and_not_beyond(monkeypatch):
    counted = []
    monkeypatch.setattr(health, "CHECKS", {"store": lambda: counted.append(1) or "ok"})
    monkeypatch.setattr(health, "_last", None)
    asked = []
    for now in (100.0, 100.0 + health.AGAIN_SECONDS, 100.5 + health.AGAIN_SECONDS):
        assert health._recent(now) == {"store": "ok"}
        asked.append(len(counted))
    assert asked == [1, 1, 2]


def test_who_was_asked_to_end_is_not_ready(monkeypatch):
    assert health.running() == "ok"
    monkeypatch.setattr(stopping, "_asked", threading.Event())
    stopping._asked.set()
    assert health.running() == "ending" and health._ready(None).status_code == 503


# --- the log ---------------------------------------------------------------------------------------

@pytest.fixture
def lines():
    """Lines as JSON, while a test lasts."""
    before = logging.getLogRecordFactory()
    logger = logging.getLogger("somebody's library")
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.setLogRecordFactory(log_lines.Line)
    for one in (logger, log_lines._LOGGER):
        one.addHandler(handler)
        one.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.setLogRecordFactory(before)
    for one in (logger, log_lines._LOGGER):
        one.removeHandler(handler)


def test_a_failure_is_told_by_kind_and_place_and_never_by_its_words(lines):
    try:
        raise ValueError("P017 scored 21, anna@clinic.example")
    except ValueError:
        logging.getLogger("somebody's library").exception("P017 of %s", "anna@clinic.example", stack_info=True)
    said, = lines()
    assert said.pop("at").endswith("+00:00") and said.pop("place").startswith("test_health.py:")
    assert said == {"level": "error", "event": "failure", "from": "somebody's library", "kind": "ValueError"}


def test_a_line_of_a_library_loses_its_words(lines):
    logging.getLogger("somebody's library").warning("P017 of %s", "anna@clinic.example")
    said, = lines()
    assert "P017" not in str(said) and said["event"] == "library" and said["level"] == "warning"


def test_an_event_is_told_with_its_facts(lines):
    log_lines.event("share_opened", share="Zm9v-_")
    said, = lines()
    assert said["event"] == "share_opened" and said["share"] == "Zm9v-_"


@pytest.mark.parametrize(("name", "facts"), [
    ("share_opened", {"token": "x"}), ("looked", {}), ("signed_in", {"subject": "anna@clinic.example"}),
    ("refused", {"kind": "no such page: P017"}), ("share_opened", {"share": "x" * 65}), ("share_opened", {"share": ""}),
])
def test_what_may_not_be_logged_is_refused_without_quoting_it(lines, name, facts):
    with pytest.raises(ValueError, match=r"EVENTS|no plain word") as error:
        log_lines.event(name, **facts)
    assert not any(value and value in str(error.value) for value in facts.values() if len(value) > 1)
    assert lines() == []


def test_without_json_an_event_is_silent_and_another_wish_ends_the_program(capsys):
    log_lines.event("start")
    assert capsys.readouterr().err == ""
    assert log_lines.is_on({}) is False and log_lines.is_on({"OUTCOMES_LOG": "json"}) is True
    with pytest.raises(SystemExit, match="json or left out"):
        log_lines.is_on({"OUTCOMES_LOG": "JSON lines"})


def test_the_place_of_a_failure_is_in_our_own_files():
    with pytest.raises(AttributeError) as error:
        log_lines.place_of("no trace")  # Fails in a file of Python's own.
    assert re.search(r"\blog_lines\.py:\d+$", log_lines.place_of(error.tb))


STARTED = """
import logging, threading, warnings
from analytics.app import log_lines
logging.getLogger().addHandler(logging.StreamHandler())
log_lines.start()
log_lines.event("start", database="sqlite")
warnings.warn("P017")
logging.getLogger("somebody").error("P017")
def fails():
    raise ValueError("P017")
thread = threading.Thread(target=fails)
thread.start()
thread.join()
"""


def test_from_the_start_on_every_line_is_json_and_said_once():
    done = subprocess.run([sys.executable, "-c", STARTED], env=os.environ | {"OUTCOMES_LOG": "json"},
                          cwd=Path(log_lines.__file__).parents[2], capture_output=True, text=True, timeout=60,
                          check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert "P017" not in done.stderr and [(one["event"], one.get("from"), one.get("kind")) for one in lines] == [
        ("start", None, None), ("library", "py.warnings", None), ("library", "somebody", None),
        ("failure", "analytics.events", "ValueError")]


# --- ending ----------------------------------------------------------------------------------------

def ended(app, kind="http"):
    """What a waiting request is sent when the server ends."""
    async def run():
        sent, began = [], asyncio.Event()

        async def waiting(scope, receive, send):
            began.set()
            await app(send)

        async def send(message):
            sent.append(message)

        task = asyncio.create_task(stopping.EndsWaiting(waiting)({"type": kind}, None, send))
        await began.wait()
        await asyncio.sleep(0)
        stopping._end_waiting()
        await asyncio.wait([task])
        return sent, task.cancelled()

    return asyncio.run(run())


async def waits(send):
    await asyncio.sleep(60)


async def has_begun(send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await asyncio.sleep(60)


@pytest.fixture
def asked(monkeypatch):
    monkeypatch.setattr(stopping, "_asked", threading.Event())
    stopping._asked.set()


def test_who_still_waits_is_told_to_come_back(asked):
    sent, _ = ended(waits)
    assert sent[0]["status"] == 503 and (b"retry-after", b"5") in sent[0]["headers"] and stopping._waiting == set()


def test_an_answer_that_has_begun_is_broken_off_and_not_answered_twice(asked):
    sent, was_cancelled = ended(has_begun)
    assert [message.get("status") for message in sent] == [200] and was_cancelled


def test_a_request_that_is_cancelled_for_another_reason_stays_cancelled():
    sent, was_cancelled = ended(waits)
    assert sent == [] and was_cancelled


def test_a_socket_is_left_to_the_server(asked):
    async def closes(send):
        await asyncio.sleep(0.05)
        await send({"type": "websocket.close"})

    assert ended(closes, "websocket") == ([{"type": "websocket.close"}], False)


class Server:
    """As uvicorn hears a signal."""

    def __init__(self):
        self.should_exit, self.heard = False, []

    def handle_exit(self, number, frame):
        self.heard.append(number)


@pytest.mark.parametrize(("number", "is_told", "heard"), [
    (signal.SIGTERM, True, []), (signal.SIGINT, False, [signal.SIGINT] * 2)])
def test_asked_to_end_what_waits_is_left_some_seconds_and_the_server_ends(monkeypatch, number, is_told, heard):
    monkeypatch.setattr(stopping, "_asked", threading.Event())
    server, said = Server(), []
    hear = stopping._hearing(server.handle_exit, SimpleNamespace(
        call_later="later", call_soon_threadsafe=lambda *call: said.append(call)))
    assert not stopping.is_asked()
    for _ in range(2):
        hear(number, None)
    assert stopping.is_asked() and said == [("later", stopping.WAIT_SECONDS, stopping._end_waiting)]
    assert (server.should_exit, server.heard) == (is_told, heard)


def test_the_thread_of_a_page_has_the_name_that_is_waited_for():
    def page():
        import threading

        import streamlit as st

        st.text(threading.current_thread().name)

    assert AppTest.from_function(page).run().text[0].value == stopping.RUN_THREAD


def test_pages_that_are_being_made_are_waited_for_and_not_for_ever():
    let_go = threading.Event()
    thread = threading.Thread(target=let_go.wait, name=stopping.RUN_THREAD, daemon=True)
    thread.start()
    assert asyncio.run(stopping.finish_runs(0.1)) is False
    let_go.set()
    thread.join()
    assert asyncio.run(stopping.finish_runs(0.1)) is True
