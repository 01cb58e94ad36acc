"""A Chromium, a running dashboard, and browser contexts that know nothing of each other.

``chromium``    the browser, once per run
``server``      the dashboard as a new user starts it: address, log, process
``start``       starts another one: other files, another place, other options
``open_page``   ``open_page(url)``: a page in a context of its own
``page``        one such page, already on the dashboard's first page

Every page fails its test when the console showed an error or a request left this machine. Every server
fails the last of its tests when its log holds a traceback. Without a Chromium the tests that need one are
skipped; with REQUIRE_BROWSER=1 they fail.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
START_SECONDS = 90
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


@dataclass
class Server:
    """A running dashboard."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """What it wrote to its console so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _started(folder: Path, script: Path, options: list[str], files: list[str], cwd: Path) -> Server:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port),
               "--server.headless", "true", *options, *(["--", *files] if files else [])]
    log = folder / f"server-{port}.log"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("STREAMLIT_", "COV_"))}
    with log.open("wb") as sink:
        process = subprocess.Popen(command, cwd=cwd, stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                   env=environment | {"HOME": str(folder), "PYTHONUNBUFFERED": "1"})
    server = Server(f"http://localhost:{port}", process, log)
    until = time.monotonic() + START_SECONDS
    while not _answers(server):
        assert process.poll() is None, f"The server ended by itself:\n{server.said()}"
        assert time.monotonic() < until, f"The server did not answer in {START_SECONDS} seconds:\n{server.said()}"
        time.sleep(0.1)
    return server


def _answers(server: Server) -> bool:
    try:
        with urllib.request.urlopen(server.address + "/_stcore/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _stopped(server: Server) -> None:
    server.process.send_signal(signal.SIGTERM)
    try:
        server.process.wait(10)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


@pytest.fixture(scope="package")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start a dashboard of its own; all are stopped at the end."""
    servers: list[Server] = []

    def begin(files: tuple[str, ...] = (), *, script: Path | str = ROOT / "dashboard.py", cwd: Path = ROOT,
              options: tuple[str, ...] = ()) -> Server:
        folder = tmp_path_factory.mktemp("server")
        servers.append(_started(folder, Path(script), list(options), list(files), cwd))
        return servers[-1]

    yield begin
    for server in servers:
        _stopped(server)
    for server in servers:
        assert "Traceback" not in server.said() and "A page failed" not in server.said(), server.said()


@pytest.fixture(scope="package")
def server(start: Callable[..., Server]) -> Server:
    """The dashboard as the README starts it."""
    return start(script="dashboard.py")


def chromium_path() -> str | None:
    """The Chromium of this computer; without its windows (the headless shell) a page costs it a third less."""
    named = os.environ.get("CHROMIUM")
    found = (shutil.which(name)
             for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))
    return named or next((path for path in found if path), None)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """The browser; without one the test is skipped, or fails where REQUIRE_BROWSER=1."""
    path = chromium_path()
    if path is None:
        missing = "No Chromium on this computer: install chromium, or name one in the variable CHROMIUM."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page did that no page may do."""

    console: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def over(self, page: Any) -> None:
        """Watch a page."""
        page.on("console", lambda message: message.type == "error" and self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or ""))
        page.on("websocket", lambda socket: self.hosts.add(urlsplit(socket.url).hostname or ""))


@pytest.fixture
def watch() -> Watch:
    """What the pages of this test did; a test that provokes an error empties ``console`` itself."""
    return Watch()


@pytest.fixture
def open_page(chromium: Any, watch: Watch) -> Iterator[Callable[..., Any]]:
    """Open an address in a browser context of its own: other cookies, other storage."""
    contexts: list[Any] = []

    def begin(address: str = "about:blank", **options: Any) -> Any:
        # Streamlit's placeholders move while a page loads: drawing that takes a fifth of the time of a page.
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900},
                                          "reduced_motion": "reduce"} | options)
        contexts.append(context)
        context.on("page", watch.over)
        page = context.new_page()
        page.goto(address)
        return page

    yield begin
    for context in contexts:
        context.close()
    assert watch.console == []
    assert watch.hosts <= {"localhost", ""}, "A request left this machine."


@pytest.fixture
def page(open_page: Callable[..., Any], server: Server) -> Any:
    """A page on the dashboard's first page, all drawn."""
    return settled(open_page(server.address))


def settled(page: Any) -> Any:
    """The page, once the run that a click began has ended and its answer is drawn."""
    page.wait_for_timeout(200)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)
    page.wait_for_timeout(200)
    return page
