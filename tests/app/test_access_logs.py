"""What is logged of what fails: its kind and its place, never words that came with a file or an address."""

from __future__ import annotations

import logging

import pytest

from analytics.app import server

SAID = "PHQ-9 of P17 is 23"


@pytest.fixture(autouse=True)
def watched(monkeypatch):
    monkeypatch.setattr(server.MultiPartParser, "spool_max_size", server.MultiPartParser.spool_max_size)
    server.keep_values_in_memory()


def logged(name, template, *arguments, is_failure=False):
    """What becomes of a line."""
    try:
        raise ValueError(SAID)
    except ValueError as error:
        failed = (type(error), error, error.__traceback__) if is_failure else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, template, arguments, failed)
    assert logging.getLogger(name).filter(record)
    return logging.Formatter("%(message)s").format(record)


@pytest.mark.parametrize("name", ["streamlit.error_util", "uvicorn.error", "asyncio",
                                  "streamlit.web.server.starlette.starlette_websocket"])
def test_a_failure_is_logged_without_its_words(name):
    found = logged(name, "Exception in ASGI application\n", is_failure=True)
    assert "ValueError" in found and SAID not in found and "Traceback" not in found
    assert logged(name, "Started on %s", "8501") == "Started on 8501", "what is no failure stays"


@pytest.mark.parametrize(("template", "expected"), [
    ("Error during authentication: %s. Error description: %s", "Sign-in: Error during authentication"),
    ("OAuth token exchange failed for provider '%s'. Clearing.", "Sign-in: OAuth token exchange failed for provider"),
    ("Missing provider.", "Sign-in: Missing provider."),
])
def test_of_a_sign_in_only_fixed_words_are_logged(template, expected):
    arguments = ("anna@clinic.example", SAID)[:template.count("%s")]
    for is_failure in (False, True):
        assert logged("streamlit.web.server.starlette.starlette_auth_routes", template, *arguments,
                      is_failure=is_failure) == expected


@pytest.mark.parametrize(("origin", "expected"), [
    (None, True), ("http://localhost:8501", True), ("https://localhost:8501", True), ("http://[", False),
    ("file://localhost:8501", False), ("http://localhost", False), ("null", False), ("", False),
    ("http://localhost:8501@evil.example", False), ("http://localhost:8501.evil.example", False),
])
def test_a_page_that_may_open_our_socket(origin, expected):
    assert server._is_known_origin(origin, "localhost:8501") is expected


@pytest.mark.parametrize("host", ["[::::]", "[1:2:3:4:5:6:7:8:9]", "[::1", "", "evil.example", "localhost.evil.example",
                                  "localhost@evil.example", "127.0.0.1.evil.example"])
def test_a_host_that_is_none_is_refused_and_not_failed_at(host, monkeypatch):
    options = {"server.address": "localhost", "browser.serverAddress": "localhost"}
    monkeypatch.setattr(server.st, "get_option", options.get)
    assert not server._is_known_host(host)
    assert server._is_known_host("localhost:8501") and server._is_known_host("[::1]:8501")
