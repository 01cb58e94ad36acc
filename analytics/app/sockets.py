"""What a browser may send through the socket, and whose a session is.

A message can be forged: another page's hash, a fragment of a page that is not drawn any more, a state of a widget. The
run of the whole page asks who is there; the run of a fragment alone would not. So whenever somebody's standing is not
what it was at the last message (role, sites, expiry, sign-out), a fragment's run is made a run of the whole page, and
what asks for something without a run is dropped.

``bind(session_id, browser)``              from the run of a page: this session is of this browser and person
``is_of(session_id, browser) -> bool``
``without_foreign_session(scope, browser)``   the handshake without the wish to go on in somebody else's session
``guarded(receive, visitor)``              the socket's messages, as they may pass
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable

from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope
from streamlit.proto.BackMsg_pb2 import BackMsg

from analytics.access import Person, Refused

MOST_SESSIONS = 20_000
"""Sessions whose browser is known; the one not drawn for longest goes first, and can then not be gone on with."""

ALWAYS = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
TO_LOAD = frozenset({"file_urls_request"})
"""For who may load files. Everything else nobody needs here: emptying the server's caches for everybody, watching
source files, writing files on the server."""

PROTOCOLS = b"sec-websocket-protocol"

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_browser_of: OrderedDict[str, str] = OrderedDict()


def bind(session_id: str, browser: str) -> None:
    """Note whose a session is."""
    with _lock:
        _browser_of[session_id] = browser
        _browser_of.move_to_end(session_id)
        while len(_browser_of) > MOST_SESSIONS:
            _browser_of.popitem(last=False)


def is_of(session_id: str, browser: str | None) -> bool:
    """Whether a session is of this browser and person."""
    with _lock:
        return browser is not None and _browser_of.get(session_id) == browser


def without_foreign_session(scope: Scope, browser: str | None) -> Scope:
    """The handshake as it came; the wish to go on in a session that is not this browser's is taken out.

    Streamlit itself asks for the same claims of a sign-in alone; without sign-in everybody's are the same.
    """
    headers = []
    for name, value in scope["headers"]:
        if name.lower() == PROTOCOLS:
            entries = [entry.strip() for entry in value.split(b",")]
            if len(entries) > 2 and not is_of(entries[2].decode("latin-1"), browser):
                value = b", ".join(entries[:2])
        headers.append((name, value))
    return {**scope, "headers": headers}


def guarded(receive: Receive, visitor: Callable[[], Person | Refused]) -> Receive:
    """The messages that may pass, as they may pass.

    Parameters
    ----------
    visitor : who this browser's person is, asked at each message
    """
    at_last_page: list[Person | Refused | None] = [None]

    async def received() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            if message.get("bytes") is None:
                continue  # Words, which Streamlit answers with an error in the log.
            standing = await run_in_threadpool(visitor)
            is_same = isinstance(standing, Person) and standing == at_last_page[0]
            content, is_page = passed(message["bytes"], is_same=is_same, may_load=is_same and may_load(standing))
            if is_page:
                at_last_page[0] = standing
            if content is not None:
                return {**message, "bytes": content}

    return received


def may_load(who: Person | Refused) -> bool:
    """Whether somebody may load a file: data, or as one who prepares decks a clinic's template for slides."""
    return isinstance(who, Person) and (who.may("load") or who.may("decks"))


def passed(content: bytes, *, is_same: bool, may_load: bool) -> tuple[bytes | None, bool]:
    """A message as it may pass, or nothing, and whether it asks for a run of the whole page.

    What cannot be read goes on as it came, for Streamlit to close the socket.

    Parameters
    ----------
    is_same : whether the person may what the person could when the whole page ran last in this connection
    """
    message = BackMsg()
    try:
        message.ParseFromString(content)
    except DecodeError:
        return content, False
    kind = message.WhichOneof("type")
    if kind == "rerun_script" and not (is_same and message.rerun_script.fragment_id):
        message.rerun_script.fragment_id = ""
        return message.SerializeToString(), True
    if kind in ALWAYS or (kind in TO_LOAD and may_load):
        return content, False
    _log.info("A message of kind %s was not taken.", kind)
    return None, False
