"""The shipped proxy in front of two small servers that say what reached them: no database, no dashboard."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.conftest import free_port
from tests.deploy.shipped import proxy_file

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx is installed")


class Echo(BaseHTTPRequestHandler):
    """A server that gives back what it was asked, and sets a cookie that asks for nothing."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        body = json.dumps({"server": self.server.server_port, "path": self.path,
                           "headers": {name.lower(): value for name, value in self.headers.items()}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "_streamlit_user=x; Path=/")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        """Nothing."""


class Proxy:
    """The ports of a running proxy, and the log it writes."""

    def __init__(self, folder, ports):
        self.folder, (self.https, self.http) = folder, ports

        self.connection = http.client.HTTPSConnection("localhost", self.https, timeout=20, context=trust())

    def ask(self, path="/", method="GET", body=None, **headers):
        """The answer by HTTPS: status, headers and, of a server's answer, what it was asked."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body, named)
        answer = self.connection.getresponse()
        content = answer.read()
        return answer.status, answer.headers, json.loads(content) if answer.status == 200 else None


def trust():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxy")
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Echo) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    ports = free_port(), free_port()
    path = proxy_file(folder, ports, tuple(f"127.0.0.1:{server.server_port}" for server in servers))
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(path), "-e", str(folder / "start.log")],
                               stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while not listens(ports[1]):
        assert process.poll() is None and time.monotonic() < until, (folder / "start.log").read_text("utf-8")
        time.sleep(0.05)
    made = Proxy(folder, ports)
    yield made
    made.connection.close()
    process.terminate()
    process.wait(20)
    for server in servers:
        server.shutdown()
        server.server_close()


def listens(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/share/abc"), ("POST", "/share/abc/open")])
def test_whoever_comes_without_tls_is_sent_to_it_and_what_follows_a_question_mark_stays_behind(proxy, method, path):
    connection = http.client.HTTPConnection("localhost", proxy.http, timeout=20)
    connection.request(method, f"{path}?code=SECRETCODE", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    answer.read()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://localhost{path}")
    assert answer.headers["Set-Cookie"] is None
    connection.close()


def test_another_name_gets_no_certificate_and_no_page(proxy):
    for name in ("evil.example", None):
        with socket.create_connection(("localhost", proxy.https), 20) as plain, pytest.raises((ssl.SSLError, OSError)):
            trust().wrap_socket(plain, server_hostname=name)
    assert proxy.ask()[0] == 200


@pytest.mark.parametrize(("version", "is_taken"), [
    (ssl.TLSVersion.TLSv1, False), (ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True),
    (ssl.TLSVersion.TLSv1_3, True)])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_tls_of_yesterday_is_not_spoken(proxy, version, is_taken):
    context = trust()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("localhost", proxy.https), 20) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="localhost") as spoken:
                assert is_taken and spoken.version() == version.name.replace("_", ".")
        except ssl.SSLError:
            assert not is_taken


def test_what_a_browser_says_of_where_it_came_from_is_not_passed_on(proxy):
    _, _, asked = proxy.ask(X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="http", X_Forwarded_Host="evil.example",
                            X_Real_IP="203.0.113.9", Forwarded="for=203.0.113.9;proto=http;host=evil.example")
    said = asked["headers"]
    assert (said["x-forwarded-for"], said["x-forwarded-proto"]) == ("127.0.0.1", "https")
    assert not any("203.0.113.9" in value or "evil" in value for value in said.values())
    assert said["host"] == f"localhost:{proxy.https}"


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing/here"])
def test_a_browser_is_told_to_stay_with_tls_and_its_cookies_too(proxy, path):
    _, headers, _ = proxy.ask(path)
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert all("secure" in cookie.lower() for cookie in headers.get_all("Set-Cookie") or ())


def test_the_watchmens_addresses_are_not_passed_on(proxy):
    assert [proxy.ask(path)[0] for path in ("/readyz", "/healthz", "/readyzs")] == [404, 404, 200]


def test_a_browser_stays_with_its_server_and_browsers_of_one_address_are_dealt_to_both(proxy):
    asked = {name: {proxy.ask(Cookie=f"outcomes_browser={name}")[2]["server"] for _ in range(3)}
             for name in map(str, range(30))}
    assert all(len(servers) == 1 for servers in asked.values())
    assert len(set.union(*asked.values())) == 2
    assert len({proxy.ask()[2]["server"] for _ in range(6)}) == 1, "before it has a cookie"


@pytest.mark.parametrize(("n", "status"), [(16 * 1024, 200), (16 * 1024 + 1, 413)])
def test_what_opens_a_link_is_short(proxy, n, status):
    assert proxy.ask("/share/abc/open", "POST", b"x" * n)[0] == status
    assert proxy.ask("/share/abc/other", "POST", b"x" * n)[0] == 200


def test_the_log_holds_the_kind_of_place_alone(proxy):
    for path in ("/oauth2callback?code=SECRET", "/export/SECRET/SECRET.csv", "/SECRET?q=SECRET", "/share/SECRET",
                 "/share/SECRET/open?SECRET", "/share/SECRET/SECRET", "/media/SECRET.csv", "/_stcore/SECRET"):
        proxy.ask(path, Referer="https://localhost/?SECRET", User_Agent="SECRET", Cookie="a=SECRET")
    places = [json.loads(line)["place"] for line in (proxy.folder / "access.log").read_text("utf-8").splitlines()[-8:]]
    assert places == ["/oauth2callback", "/export/-", "page", "/share/-", "/share/-/open", "/share/-", "/media/-",
                      "/_stcore/-"]
    for path in proxy.folder.glob("*.log"):
        assert "SECRET" not in path.read_text("utf-8"), path.name


def test_guesses_at_links_are_slowed_and_nothing_else_is(proxy):
    """The last test of this file: afterwards this address has to wait."""
    guesses = Counter(proxy.ask(f"/share/{place}/open", "POST", b"{}")[0] for place in range(400))
    assert set(guesses) == {200, 429} and guesses[200] >= 90
    assert {proxy.ask("/share/abc")[0] for _ in range(20)} == {200}
