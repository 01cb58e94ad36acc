"""What stands around the pages: routes, security headers, and the cookie that tells browsers apart.

Used by ``dashboard.py``, which wires it, and by ``state.py``, which reads the cookie:

``routes() -> list[Route]``
    ``/healthz``, and ``/export/<token>/<file name>``: downloads for the browser they were made for.
``middleware() -> list[Middleware]``
    ``Guard``: refuses unknown hosts and origins and, without sign-in, whoever is not this account on this computer;
    closes what nobody needs, binds sessions and uploads to their person, adds the headers and the cookies.
``lifespan(app)``
    Prints the address with the start's key, and drops uploads that nobody has used for 12 hours.
``say_sorry(error) -> bool``
    What a person reads when a page fails.
``keep_values_in_memory() -> None``
    Keeps what patients said out of the log (a failed page is logged by the kind of error and its place,
    never by its message) and off the disk (an upload is not parked in a temporary file).
``browser_of(cookies) -> str | None``
    The name under which this server knows a browser: a hash of its cookie, never the cookie.
``browser_name(cookies) -> str | None``
    Under which name the shelf of a request's browser and person is kept; missing where nobody is signed in.
``content_security_policy(host, scripts) -> str``, ``inline_scripts() -> tuple[str, ...]``
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import re
import secrets
import traceback
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request, cookie_parser
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analytics.access import NotAllowedError, Person
from analytics.app import door, health, loading, log_lines, share_desk, sign_in, sockets, start_key, stopping, visitors
from analytics.store import GoneError, StoreError
from analytics.wording import access as words

COOKIE = "outcomes_browser"
SWEEP_SECONDS = 600
LONGEST_ADDRESS = 8_000
"""Streamlit drops a very long address without a word and would show its start page instead."""

CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/_stcore/bidi-components", "/media",
          "/component")
"""Open to anyone in Streamlit, needed by nobody here. An address below /media would answer whoever has it, signed in
or not, also after its page was closed: downloads go through /export, which asks who is there."""

UPLOAD = "/_stcore/upload_file/"

SERVED = frozenset({"_stcore", "static", "export", "auth", "share"})
"""First parts of paths below which something stands; all pages stand at the top."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}

_COOKIE_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
_HOST_SHAPE = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")


def is_only_here() -> bool:
    """Whether this server listens to this computer alone."""
    address = str(st.get_option("server.address") or "")
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        return False


def routes() -> list[Route]:
    """Our own routes; they are asked before Streamlit's."""
    base = _base_path()
    return [
        Route(f"{base}/healthz", _health),
        *health.routes(base),
        *share_desk.routes(base),
        Route(f"{base}/export/{{token}}/{{file_name}}", _export),
        *[Route(f"{base}/{{page}}/_stcore/{probe}", _not_mounted_here) for probe in ("health", "host-config")],
    ]


def middleware() -> list[Middleware]:
    """The guard, outermost."""
    return [Middleware(Guard), Middleware(stopping.EndsWaiting)]


def _keep_no_longer_than_said() -> None:
    from analytics.app import kept_datasets  # Here: it asks for the person of a page, whose state asks this module.

    kept_datasets.sweep()


@contextlib.asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, object]]:
    """Print the key's address; look every ten minutes for uploads that nobody has used for 12 hours, and drop them."""
    if not sign_in.is_on():
        print(words.printed_address(start_key.address(_own_address())), flush=True)

    async def sweep() -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            loading.drop_idle()
            await asyncio.to_thread(_keep_no_longer_than_said)

    stopping.watch()
    log_lines.event("start")
    sweeper = asyncio.create_task(sweep())
    try:
        yield {}
    finally:
        sweeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeper
        await share_desk.close()
        log_lines.event("stop", is_whole=int(await stopping.finish_runs()))


def say_sorry(error: Exception) -> bool:
    """Show one sentence in place of a failed page; true, so that Streamlit adds none of its own."""
    if isinstance(error, NotAllowedError):
        st.error(str(error))
        return True
    st.error("This page could not be made. Nothing of your data was changed. Reload the page; if it fails "
             "again, tell the person who runs this dashboard what you clicked.")
    return True


class _PlaceOnly(logging.Filter):
    """Turns a logged exception into its kind and its place: a message may quote a patient's value."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            places = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames
                                if "analytics" in frame.filename)
            record.msg = f"A page failed: {type(error).__name__} at {places or 'an unknown place'}"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


class _FixedWords(_PlaceOnly):
    """Of what sign-in logs the words that never change: the others came with an address, and anybody can send one."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = f"Sign-in: {str(record.msg).partition('%')[0].rstrip(chr(39) + ' :')}", ()
        record.exc_info = record.exc_text = None
        return True


LOGGERS: dict[str, type[logging.Filter]] = {
    "streamlit.error_util": _PlaceOnly,
    "uvicorn.error": _PlaceOnly,
    "asyncio": _PlaceOnly,
    "streamlit.web.server.starlette.starlette_websocket": _PlaceOnly,
    "streamlit.web.server.starlette.starlette_auth_routes": _FixedWords,
}
"""Who logs errors of pages, of routes, of work beside them, of sockets, and of sign-in."""


def keep_values_in_memory() -> None:
    """Log what failed without its message, and hold an arriving upload in memory, not in a file."""
    MultiPartParser.spool_max_size = 1024**2 * (int(st.get_option("server.maxUploadSize")) + 1)
    for name, kind in LOGGERS.items():
        logger = logging.getLogger(name)
        if not any(isinstance(item, kind) for item in logger.filters):
            logger.addFilter(kind())


def browser_of(cookies: Mapping[str, str]) -> str | None:
    """The hash of the browser's cookie, or missing where it has none of ours."""
    value = cookies.get(COOKIE)
    is_ours = isinstance(value, str) and _COOKIE_SHAPE.fullmatch(value)
    return hashlib.sha256(value.encode()).hexdigest() if is_ours else None


def browser_name(cookies: Mapping[str, str]) -> str | None:
    """The name of the shelf of a request; missing for a browser without our cookie and for nobody."""
    browser, who = browser_of(cookies), visitors.request_visitor(cookies)
    return visitors.browser_name(browser, who) if browser is not None and isinstance(who, Person) else None


def content_security_policy(host: str, scripts: tuple[str, ...]) -> str:
    """The policy for a page served as ``host``: our own files, and these inline scripts by their hash.

    The socket is named with its host because some browsers do not count it as 'self'.
    """
    return "; ".join((
        "default-src 'none'",
        f"script-src 'self' {' '.join(scripts)}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        f"connect-src 'self' ws://{host} wss://{host}",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    ))


def inline_scripts() -> tuple[str, ...]:
    """The inline scripts of the installed Streamlit's start page, as a policy names them."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_bytes()
    scripts = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    return tuple(f"'sha256-{b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)


class Guard:
    """Stands before everything else, for pages and for the socket alike."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.scripts = inline_scripts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        path = scope["path"].removeprefix(_base_path())
        refused = _refusal(scope, headers) or await door.answer_to(scope, headers, path) or await _not_allowed(
            scope, headers, path)
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, headers, refused)
            return
        cookies = [] if refused else _new_cookies(scope, headers)
        host = headers.get("host", "") if _HOST_SHAPE.fullmatch(headers.get("host", "")) else "localhost"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    answer[name] = value
                answer.setdefault("Content-Security-Policy", content_security_policy(host, self.scripts))
                for cookie in cookies:
                    answer.append("Set-Cookie", cookie)
                    answer["Cache-Control"] = "no-store"
                if door.is_https(scope, headers):
                    _secure_all(answer)
            await send(message)

        await (refused or self.app)(scope, receive, send_with_headers)

    async def _socket(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers, refused: Response | None
    ) -> None:
        if refused:
            await send({"type": "websocket.close", "code": 1008})
            return
        cookies = cookie_parser(headers.get("cookie", ""))
        claims = sign_in.claims_of(cookies) if sign_in.is_on() else {}
        browser = await run_in_threadpool(browser_name, cookies)
        await self.app(sockets.without_foreign_session(scope, browser),
                       sockets.guarded(receive, lambda: sign_in.visitor_of(claims)), send)


def _refusal(scope: Scope, headers: Headers) -> Response | None:
    """Why a request is not let through, as the answer to it; missing where it may pass."""
    host = headers.get("host", "")
    if not _is_known_host(host):
        return PlainTextResponse("This dashboard does not answer under this host name. Whoever runs it can "
                                 "add the name to server.allowedHosts.", 421)
    if scope["type"] == "websocket" and not _is_known_origin(headers.get("origin"), host):
        return PlainTextResponse("This page may not connect to the dashboard.", 403)
    path = scope["path"].removeprefix(_base_path())
    if any(path == closed or path.startswith(closed + "/") for closed in CLOSED):
        return PlainTextResponse("There is nothing here.", 404)
    first, _, rest = path.strip("/").partition("/")
    if rest and first not in SERVED and "_stcore" not in rest:
        return PlainTextResponse("There is no such page.", 404)
    if len(scope["query_string"]) > LONGEST_ADDRESS:
        return PlainTextResponse("This address is longer than any this dashboard makes. Ask for a new one.",
                                 414)
    return None


def _is_known_host(host: str) -> bool:
    """Whether we answer under this name: by another name for this machine a foreign page would reach us."""
    if not _HOST_SHAPE.fullmatch(host):
        return False
    name = (_parts_of(f"//{host}")[2] or "").rstrip(".")
    allowed = {str(item).strip().lower() for item in st.get_option("server.allowedHosts") or ()}
    if allowed:
        return "*" in allowed or name in allowed or any(
            item.startswith("*.") and name.endswith(item[1:]) for item in allowed)
    if str(st.get_option("server.address") or "").strip("[]") in LOOPBACK:
        return name in LOOPBACK | {str(st.get_option("browser.serverAddress")).lower()}
    return True


def _is_known_origin(origin: str | None, host: str) -> bool:
    """Whether a page may open our socket: our own, programs without an origin, and those allowed by name.

    Streamlit would also let in any page of this machine, whatever its port, and would ask a server on
    the internet for this machine's address to decide.
    """
    allowed = st.get_option("server.corsAllowedOrigins") or ()
    if origin is None or origin in allowed:
        return True
    scheme, place, _ = _parts_of(origin)
    return scheme in ("http", "https") and place == host


def _parts_of(address: str) -> tuple[str, str, str | None]:
    """Scheme, place and host name of an address; nothing of one that is none, as ``//[::::]``."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.netloc, parts.hostname
    except ValueError:
        return "", "", None


async def _not_allowed(scope: Scope, headers: Headers, path: str) -> Response | None:
    """The refusal of an upload into a session that is not this person's, or by one who may load nothing."""
    if not path.startswith(UPLOAD) or scope["type"] != "http" or scope["method"] == "OPTIONS":
        return None
    cookies = cookie_parser(headers.get("cookie", ""))
    who = await run_in_threadpool(visitors.request_visitor, cookies)
    session = path.removeprefix(UPLOAD).partition("/")[0]
    if sockets.may_load(who) and sockets.is_of(session, await run_in_threadpool(browser_name, cookies)):
        return None
    return PlainTextResponse(words.NO_UPLOAD, 403, {"Cache-Control": "no-store"})


def _new_cookies(scope: Scope, headers: Headers) -> list[str]:
    """The cookies to set: the browser's, and that of the start's key for a browser that was let in without.

    A link in a mail opens the page without the Strict cookie. A new one would take the place of the old
    and lose the person's upload, so such a page waits for the health check that the page itself makes.
    """
    path = scope["path"].removeprefix(_base_path())
    is_page = path.strip("/").partition("/")[0] not in SERVED | {"healthz", "readyz", "share"}
    if scope["method"] != "GET" or not (is_page or path == "/_stcore/health"):
        return []
    found = [door.key_cookie(scope, headers)]
    site = headers.get("sec-fetch-site")
    is_here = (urlsplit(f"//{headers['host']}").hostname or "") in LOOPBACK
    if site is None and (is_here or door.is_https(scope, headers)):
        site = "none"
    is_asked_by_us = path == "/_stcore/health" or site in ("none", "same-origin")
    if is_asked_by_us and browser_of(cookie_parser(headers.get("cookie", ""))) is None:
        found.insert(0, f"{COOKIE}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Strict")
    return [cookie for cookie in found if cookie is not None]


def _secure_all(answer: MutableHeaders) -> None:
    """Every cookie for HTTPS alone, Streamlit's sign-in too, which it leaves open to both."""
    cookies = answer.getlist("set-cookie")
    del answer["set-cookie"]
    for cookie in cookies:
        is_secure = "secure" in (part.strip().lower() for part in cookie.split(";"))
        answer.append("set-cookie", cookie if is_secure else f"{cookie}; Secure")


def _own_address() -> str:
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    return f"{scheme}://{st.get_option('browser.serverAddress')}:{st.get_option('server.port')}{_base_path()}"


def _base_path() -> str:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def _not_mounted_here(request: Request) -> Response:
    """Opened on a page, the browser asks below that page first where the app is, and takes a refusal for no.

    Streamlit refuses with 404, which the browser's console shows as an error; 300 it does not.
    """
    return Response(status_code=300, headers={"Cache-Control": "no-store"})


def _export(request: Request) -> Response:
    """A download, for the person and browser it was made for and nobody else. Not async: making it may take a while."""
    no_store = {"Cache-Control": "no-store"}
    browser, who = browser_name(request.cookies), visitors.request_visitor(request.cookies)
    export = loading.export(browser, request.path_params["token"]) if browser else None
    if export is None or export.file_name != request.path_params["file_name"]:
        return PlainTextResponse(words.NOT_YOURS, 404, headers=no_store)
    try:
        with visitors.acting(who):
            content = export.content_for(visitors.person())
    except NotAllowedError as error:
        return PlainTextResponse(str(error), 403, headers=no_store)
    except StoreError as error:  # What a download rests on may have been deleted since, or the store cannot be asked.
        return PlainTextResponse(words.NO_LONGER if isinstance(error, GoneError) else str(error),
                                 410 if isinstance(error, GoneError) else 503, headers=no_store)
    return Response(content, media_type=export.media_type, headers={
        "Content-Disposition": f'attachment; filename="{export.file_name}"', **no_store})
