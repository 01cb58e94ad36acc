"""A dashboard with sign-in, and people who talk to it without a browser: signed cookies, forged messages."""

from __future__ import annotations

import http.client
import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string
from websockets.sync.client import connect

from tests.browser.conftest import Server

SECRET = "only-for-tests-" + "x" * 40
ROLES = '''
[emails]
"dora@clinic.example" = "director"
"anna@clinic.example" = "analyst"
"pia@clinic.example" = "presenter"
"nora@clinic.example" = {role = "analyst", sites = ["North"]}
"nils@clinic.example" = {role = "presenter", sites = ["North"]}
"emil@clinic.example" = {role = "analyst", sites = ["Elsewhere"]}

[domains]
"clinic.example" = "viewer"
'''

PEOPLE = {"director": "dora", "analyst": "anna", "presenter": "pia", "viewer": "vera", "north analyst": "nora",
          "north presenter": "nils", "elsewhere": "emil"}


def secrets_toml(provider: str) -> str:
    """What a clinic writes to set up sign-in."""
    return (f'[auth]\nredirect_uri = "http://localhost:{{port}}/oauth2callback"\ncookie_secret = "{SECRET}"\n'
            f'client_id = "dashboard"\nclient_secret = "secret"\n'
            f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n')


def two_sites() -> str:
    """30 patients of North, 25 of South, one of both and one of none; North's codes begin with NN, South's with SS."""
    lines = ["patient_id,day,phq9,site"]
    people = [(f"NN{place:03}", "North") for place in range(30)] + [(f"SS{place:03}", "South") for place in range(25)]
    for place, (code, site) in enumerate([*people, ("BB001", "North"), ("UU001", "")]):
        sites = (site, "South") if code == "BB001" else (site, site)
        lines += [f"{code},0,{18 + place % 5},{sites[0]}", f"{code},14,{4 + place % 9},{sites[1]}"]
    return "\n".join(lines) + "\n"


def claims_of(name: str, **changes: Any) -> dict[str, Any]:
    """The claims of somebody's sign-in."""
    now = int(time.time())
    return {"iss": "https://id.example", "sub": name, "email": f"{name}@clinic.example", "email_verified": True,
            "name": name.title(), "iat": now - 5, "exp": now + 3600} | changes


@dataclass
class Somebody:
    """Somebody at the other end of the line.

    Attributes
    ----------
    claims : of the sign-in; nothing for nobody
    secret : what the sign-in cookie is signed with
    browser : the value of the browser's cookie
    """

    server: Server
    claims: dict[str, Any] = field(default_factory=dict)
    secret: str = SECRET
    browser: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    xsrf: str = field(default_factory=generate_xsrf_token_string)

    def cookie(self) -> str:
        """What the browser would send."""
        signed = create_signed_value(self.secret, "_streamlit_user", json.dumps(
            self.claims | {"origin": self.server.address, "is_logged_in": True, "provider": "default"})).decode()
        return "; ".join((f"outcomes_browser={self.browser}", f"_streamlit_xsrf={self.xsrf}",
                          *([f"_streamlit_user={signed}"] if self.claims else [])))

    def asks(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Status and body of a request."""
        place = urlsplit(self.server.address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        connection.request(method, path, body, {"Cookie": self.cookie(), "X-Xsrftoken": self.xsrf} | headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    @contextmanager
    def line(self, session: str | None = None) -> Iterator[Line]:
        """An open socket, as a browser opens it."""
        protocols = ["streamlit", self.xsrf, *([session] if session else [])]
        address = self.server.address.replace("http", "ws") + "/_stcore/stream"
        with connect(address, origin=self.server.address, subprotocols=protocols, max_size=None,
                     additional_headers={"Cookie": self.cookie()}) as socket:
            yield Line(socket)

    def sees(self, page: str = "overview", **state: Any) -> Seen:
        """What a page sends in a session of its own."""
        with self.line() as line:
            return line.rerun(page, **state)

    def uploads(self, session: str, name: str = "scores.csv") -> int:
        """The status of an upload into a session."""
        body = (f'--b\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\nx\r\n--b--\r\n').encode()
        return self.asks(f"/_stcore/upload_file/{session}/file-1", "PUT", body,
                         **{"Content-Type": "multipart/form-data; boundary=b"})[0]


@dataclass
class Seen:
    """What came back for one message: whose session it is, everything sent, the pages offered, the fragments drawn."""

    session: str
    content: bytes
    pages: tuple[str, ...]
    fragments: tuple[str, ...]

    def __contains__(self, text: str) -> bool:
        return text.encode() in self.content

    def download(self, name: str) -> str | None:
        """The address of a download of this name."""
        found = re.search(rb"/export/[0-9a-f]{32}/" + name.encode(), self.content)
        return found.group().decode() if found else None


class Line:
    """A socket, with what came through it."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.session = ""

    def rerun(self, page: str = "overview", **state: Any) -> Seen:
        """Ask for a run, forged or not, and wait for its end."""
        message = BackMsg()
        message.rerun_script.page_name = page
        for name, value in state.items():
            setattr(message.rerun_script, name, value)
        self.socket.send(message.SerializeToString())
        return self.answer()

    def says(self, *messages: dict[str, Any]) -> bytes:
        """Send messages of another kind; whatever comes back within a moment, after what was still on its way."""
        list(self._within(0.4))
        for message in messages:
            self.socket.send(BackMsg(**message).SerializeToString())
        return b"".join(self._within(0.7))

    def answer(self) -> Seen:
        """Everything until the run is over."""
        content, pages, fragments, until = b"", (), [], time.monotonic() + 60
        while time.monotonic() < until:
            came = self.socket.recv(timeout=60)
            message = ForwardMsg()
            message.ParseFromString(came)
            content += came
            if message.HasField("new_session"):
                self.session = message.new_session.initialize.session_id or self.session
            if message.HasField("navigation"):
                is_shown = message.navigation.position != message.navigation.HIDDEN
                pages = tuple(one.url_pathname or "overview" for one in message.navigation.app_pages
                              if is_shown and not one.is_hidden)
            if message.WhichOneof("type") == "delta" and message.delta.fragment_id:
                fragments.append(message.delta.fragment_id)
            if message.WhichOneof("type") == "script_finished" and message.script_finished != 2:
                return Seen(self.session, content, pages, tuple(dict.fromkeys(fragments)))
        raise AssertionError("No answer within a minute.")

    def _within(self, seconds: float) -> Iterator[bytes]:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                yield self.socket.recv(timeout=left)
            except TimeoutError:
                return


def clinic_folder(folder: Path, provider: str) -> Path:
    """The folder in which a clinic starts its dashboard: the two files of sign-in, and its own file."""
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(secrets_toml(provider), encoding="utf-8")
    (folder / ".streamlit" / "roles.toml").write_text(ROLES, encoding="utf-8")
    (folder / "scores.csv").write_text(two_sites(), encoding="utf-8")
    return folder
