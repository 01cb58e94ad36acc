"""Two servers over one PostgreSQL behind nginx with the file that is shipped, under the compose file's settings."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from tests import postgresql
from tests.browser.conftest import free_port
from tests.deploy.shipped import DEPLOY, ROOT, compose, environment, proxy_file

SECRET = "the same on every server, and longer than thirty-two letters"
MEMBERS = 20
"""Uploads, each of another browser: without affinity about every second is lost."""


START_SECONDS = 180
"""On a busy computer; a server that fails ends by itself and is noticed at once."""


class Network:
    """Two servers, their store, and a proxy in front."""

    def __init__(self, folder: Path, database: postgresql.PostgreSQL) -> None:
        self.folder, self.address = folder, database.address(database.new_schema())
        self.ports = free_port(), free_port()
        self.servers = [self._server(number, port) for number, port in enumerate(self.ports)]
        self.proxies: list[subprocess.Popen[bytes]] = []
        self.https, self.log = self.proxy(has_affinity=True)

    def _server(self, number: int, port: int) -> subprocess.Popen[bytes]:
        home = self.folder / f"server{number}"
        shutil.copytree(ROOT / ".streamlit", home / ".streamlit")
        (home / ".streamlit" / "secrets.toml").write_text(
            f'[auth]\nredirect_uri = "https://localhost/oauth2callback"\ncookie_secret = "{SECRET}"\n'
            'client_id = "outcomes"\nclient_secret = "x"\nserver_metadata_url = "https://localhost:1/none"\n', "utf-8")
        roles = home / "roles.toml"
        roles.write_text('[emails]\n"anna@clinic.example" = "director"\n', encoding="utf-8")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("STREAMLIT_", "COV_"))}
        own = environment("localhost") | {
            "HOME": str(home), "OUTCOMES_DATABASE_URL": self.address, "OUTCOMES_ROLES": str(roles),
            "FORWARDED_ALLOW_IPS": "127.0.0.1", "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
            "STREAMLIT_SERVER_PORT": str(port), "STREAMLIT_SERVER_HEADLESS": "true", "PYTHONPATH": str(ROOT)}
        with (home / "log").open("wb") as sink:
            return subprocess.Popen([sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard.py")], cwd=home,
                                    env=kept | own, stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def said(self, number: int) -> str:
        return (self.folder / f"server{number}" / "log").read_text(encoding="utf-8", errors="replace")

    def proxy(self, *, has_affinity: bool) -> tuple[int, Path]:
        """Start another proxy; gives its port and its log."""
        folder = self.folder / f"proxy{len(self.proxies)}"
        folder.mkdir()
        ports = free_port(), free_port()
        path = proxy_file(folder, ports, tuple(f"127.0.0.1:{port}" for port in self.ports), has_affinity=has_affinity)
        self.proxies.append(subprocess.Popen(["nginx", "-p", str(folder), "-c", str(path), "-e",
                                              str(folder / "start.log")], stderr=subprocess.DEVNULL))
        return ports[0], folder / "access.log"

    def wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        for number, port in enumerate(self.ports):
            probe = [sys.executable, str(DEPLOY / "probe.py"), "readyz", str(port)]
            while subprocess.run(probe, check=False).returncode:
                assert self.servers[number].poll() is None and time.monotonic() < until, self.said(number)
                time.sleep(0.2)

    def stop(self) -> None:
        for process in (*self.proxies, *self.servers):
            process.terminate()
        for process in (*self.proxies, *self.servers):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    missing = postgresql.why_not() or (None if shutil.which("nginx") else "no nginx is installed")
    if missing:
        pytest.skip(missing)
    database = postgresql.PostgreSQL()
    made = Network(tmp_path_factory.mktemp("network"), database)
    try:
        made.wait()
        yield made
    finally:
        made.stop()
        database.stop()


class Browser:
    """A browser without a screen: its cookies, and one server or proxy."""

    def __init__(self, port: int, *, is_tls: bool = True) -> None:
        self.port, self.is_tls, self.cookies = port, is_tls, {}

    @property
    def trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def ask(self, method, path, body=None, **headers):
        """The answer to one request: status, headers, body."""
        made = (http.client.HTTPSConnection("localhost", self.port, timeout=60, context=self.trust) if self.is_tls
                else http.client.HTTPConnection("localhost", self.port, timeout=60))
        made.request(method, path, body, {"Cookie": self.cookie_line} | headers)
        answer = made.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        made.close()
        return answer.status, answer.headers, content

    @property
    def cookie_line(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def sign_in(self) -> None:
        """As the provider's answer would have it: Streamlit's cookie, signed with the secret that servers share."""
        from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

        now = int(time.time())
        claims = {"iss": "https://id.example", "sub": "anna", "email": "anna@clinic.example", "email_verified": True,
                  "iat": now - 5, "exp": now + 3600, "is_logged_in": True, "origin": "https://localhost"}
        self.cookies["_streamlit_user"] = create_signed_value(SECRET, "_streamlit_user", json.dumps(claims)).decode()

    @contextmanager
    def visit(self):
        """Open the first page up to a running session; gives the session's name, the socket being open meanwhile."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
        from websockets.sync.client import connect

        self.sign_in()
        assert self.ask("GET", "/")[0] == 200
        assert self.ask("GET", "/_stcore/health")[0] == 200
        with connect(f"wss://localhost:{self.port}/_stcore/stream", ssl=self.trust, max_size=None,
                     subprotocols=["streamlit", self.cookies["_streamlit_xsrf"]], origin="https://localhost",
                     additional_headers={"Cookie": self.cookie_line}) as socket:
            socket.send(BackMsg(rerun_script={}).SerializeToString())
            session, is_page = "", False
            while True:
                came = ForwardMsg.FromString(socket.recv(60))
                kind = came.WhichOneof("type")
                session = came.new_session.initialize.session_id or session
                # What a page shows in its middle after the list of pages is drawn once it is known whose session it is.
                if kind == "script_finished" or (is_page and kind == "delta" and came.metadata.delta_path[0] == 0):
                    break
                is_page = is_page or kind == "navigation"
            yield session

    def upload(self, session: str) -> int:
        """Upload a file into a session; gives the answer's status."""
        line = b"patient_id,phq9\r\nP017,21\r\n"
        body = (b'--edge\r\nContent-Disposition: form-data; name="file"; filename="scores.csv"\r\n'
                b"Content-Type: text/csv\r\n\r\n" + line + b"\r\n--edge--\r\n")
        return self.ask("PUT", f"/_stcore/upload_file/{session}/one", body, **{
            "Content-Type": "multipart/form-data; boundary=edge", "X-Xsrftoken": self.cookies["_streamlit_xsrf"],
            "Origin": "https://localhost"})[0]


def uploaded(port: int) -> Iterator[int]:
    """The answers to uploads, each of another browser."""
    for _ in range(MEMBERS):
        browser = Browser(port)
        with browser.visit() as session:
            yield browser.upload(session)


def test_behind_the_shipped_proxy_no_upload_is_lost_and_both_servers_work(network):
    assert list(uploaded(network.https)) == [204] * MEMBERS
    lines = [json.loads(line) for line in network.log.read_text(encoding="utf-8").splitlines()]
    assert len({line["server"] for line in lines if line["place"] == "/_stcore/-"}) == 2


def test_without_affinity_uploads_are_lost(network):
    port, _ = network.proxy(has_affinity=False)
    time.sleep(0.5)
    assert any(status != 204 for status in uploaded(port))


def test_cookies_are_for_https_alone_and_a_browser_is_told_to_stay_there(network):
    browser = Browser(network.https)
    browser.sign_in()
    for path in ("/", "/_stcore/health"):
        status, headers, _ = browser.ask("GET", path)
        assert status == 200 and "max-age=31536000" in headers["Strict-Transport-Security"]
        assert all("secure" in line.lower() for line in headers.get_all("Set-Cookie") or ())
    assert set(browser.cookies) >= {"outcomes_browser", "_streamlit_xsrf"}


def test_the_watchmens_addresses_are_for_inside(network):
    assert [Browser(network.https).ask("GET", path)[0] for path in ("/readyz", "/healthz")] == [404, 404]
    status, _, content = Browser(network.ports[0], is_tls=False).ask("GET", "/readyz")
    assert status == 200 and json.loads(content)["checks"] == {
        "store": "ok", "roles": "ok", "disk": "not used", "running": "ok"}


def test_the_proxys_log_holds_no_query_no_token_and_no_text_that_was_typed(network):
    browser = Browser(network.https)
    typed = ("/oauth2callback?code=SECRETCODE&state=SECRETSTATE", "/export/SECRETTOKEN/SECRETNAME.csv",
             "/SECRETPAGE?dataset=SECRETQUERY", "/share/SECRETLINK", "/media/SECRETFILE.csv")
    for path in typed:
        browser.ask("GET", path, Referer="https://localhost/?SECRETREFERER", **{"User-Agent": "SECRETAGENT"})
    assert Browser(network.https).ask("POST", "/share/SECRETLINK/open", "SECRETBODY")[0] in (400, 404)
    for path in network.log.parent.glob("*.log"):
        assert "SECRET" not in path.read_text(encoding="utf-8"), path.name


def test_a_link_made_beside_one_server_is_opened_on_the_other(network):
    from analytics.access import Person
    from analytics.store import Store

    presenter = Person("f" * 64, "Anna", "presenter")
    store = Store(network.folder / "kept", database_url=network.address)
    made, token = store.shares.make({"items": []}, presenter, title="Board", audience="board",
                                    expires_at="2999-01-01T00:00:00+00:00")
    store.shares.keep_render(made.id, None, "d", b'{"schema":"share/1"}')
    first, second = (Browser(port, is_tls=False) for port in network.ports)
    asked = json.dumps({"token": token})
    kind = {"Content-Type": "application/json", "Origin": f"http://localhost:{network.ports[0]}"}
    assert first.ask("POST", f"/share/{made.id}/open", asked, **kind)[0] == 200
    second.cookies = dict(first.cookies)
    status, _, content = second.ask("GET", f"/share/{made.id}/payload")
    assert status == 200 and json.loads(content)["payload"] == {"schema": "share/1"}
    store.shares.revoke(made.id, presenter)
    assert second.ask("GET", f"/share/{made.id}/payload")[0] != 200
    store.close()


def test_asked_to_end_a_server_lets_go_within_ten_seconds_and_says_nothing_it_heard(network):
    """The last test of this file: it ends the servers. A socket is open, and somebody waits for news of a link."""
    from analytics.access import Person
    from analytics.store import Store

    presenter = Person("f" * 64, "Anna", "presenter")
    store = Store(network.folder / "kept", database_url=network.address)
    made, token = store.shares.make({"items": []}, presenter, title="Board", audience="board",
                                    expires_at="2999-01-01T00:00:00+00:00")
    waiting = Browser(network.ports[0], is_tls=False)
    kind = {"Content-Type": "application/json", "Origin": f"http://localhost:{network.ports[0]}"}
    assert waiting.ask("POST", f"/share/{made.id}/open", json.dumps({"token": token}), **kind)[0] == 200
    heard = json.loads(waiting.ask("GET", f"/share/{made.id}/follow?after=0")[2])
    path = f"/share/{made.id}/follow?after={heard['seq']}&tag={heard['tag']}&present={heard['present']}"
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(waiting.ask("GET", path)[0]))
    with Browser(network.https).visit():
        thread.start()
        time.sleep(1)
        assert not answers
        began = time.monotonic()
        for process in network.servers:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(20) for process in network.servers] == [0, 0]
        assert time.monotonic() - began < 10
    thread.join(10)
    assert answers and answers[0] in (200, 503)
    store.close()
    for number in range(2):
        said = network.said(number)
        assert "Traceback" not in said and "A page failed" not in said, said
        events = [json.loads(line)["event"] for line in said.splitlines() if line.startswith("{")]
        assert events[0] == "start" and events[-1] == "stop" and "anna@" not in said and "P017" not in said


def test_the_compose_file_names_each_server_for_itself():
    """Several servers under one name are one place on nginx's ring: browsers would be dealt out in turns."""
    text = (DEPLOY / "nginx.conf.template").read_text(encoding="utf-8")
    named = {name for name in compose()["services"] if name.startswith("app")}
    assert {line.split()[1].split(":")[0] for line in text.splitlines() if line.startswith("    server ")
            and ":8501" in line} == named and len(named) >= 2
