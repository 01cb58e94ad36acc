"""What stands around the pages: routes, security headers, and the cookie that tells browsers apart.

Used by ``dashboard.py``, which wires it, and by ``state.py``, which reads the cookie:

``routes() -> list[Route]``
    ``/healthz``, and ``/export/<token>/<file name>``: downloads for the browser they were made for.
``middleware() -> list[Middleware]``
    ``Guard``: refuses unknown hosts and origins, closes what nobody needs, adds the headers and the cookie.
``lifespan(app)``
    Drops uploads that nobody has used for 12 hours, while the server runs.
``say_sorry(error) -> bool``
    What a person reads when a page fails.
``keep_values_in_memory() -> None``
    Keeps what patients said out of the log (a failed page is logged by the kind of error and its place,
    never by its message) and off the disk (an upload is not parked in a temporary file).
``browser_of(cookies) -> str | None``
    The name under which this server knows a browser: a hash of its cookie, never the cookie.
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
from starlette.datastructures import Headers, MutableHeaders
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request, cookie_parser
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analytics.app import loading

COOKIE = "outcomes_browser"
SWEEP_SECONDS = 600
LONGEST_ADDRESS = 8_000
"""Streamlit drops a very long address without a word and would show its start page instead."""

CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
"""Open to anyone in Streamlit, needed by nobody here."""

SERVED = frozenset({"_stcore", "static", "media", "component", "export"})
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
        Route(f"{base}/export/{{token}}/{{file_name}}", _export),
        *[Route(f"{base}/{{page}}/_stcore/{probe}", _not_mounted_here) for probe in ("health", "host-config")],
    ]


def middleware() -> list[Middleware]:
    """The guard, outermost."""
    return [Middleware(Guard)]


@contextlib.asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, object]]:
    """Look every ten minutes for uploads that nobody has used for 12 hours, and drop them."""

    async def sweep() -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            loading.drop_idle()

    sweeper = asyncio.create_task(sweep())
    try:
        yield {}
    finally:
        sweeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeper


def say_sorry(error: Exception) -> bool:
    """Show one sentence in place of a failed page; true, so that Streamlit adds none of its own."""
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


def keep_values_in_memory() -> None:
    """Log a failed page without its message, and hold an arriving upload in memory, not in a file."""
    MultiPartParser.spool_max_size = 1024**2 * (int(st.get_option("server.maxUploadSize")) + 1)
    logger = logging.getLogger("streamlit.error_util")
    if not any(isinstance(item, _PlaceOnly) for item in logger.filters):
        logger.addFilter(_PlaceOnly())


def browser_of(cookies: Mapping[str, str]) -> str | None:
    """The hash of the browser's cookie, or missing where it has none of ours."""
    value = cookies.get(COOKIE)
    is_ours = isinstance(value, str) and _COOKIE_SHAPE.fullmatch(value)
    return hashlib.sha256(value.encode()).hexdigest() if is_ours else None


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
        refused = _refusal(scope, headers)
        if scope["type"] == "websocket":
            if refused:
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self.app(scope, receive, send)
            return
        cookie = None if refused else _new_cookie(scope, headers)
        host = headers.get("host", "") if _HOST_SHAPE.fullmatch(headers.get("host", "")) else "localhost"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    answer[name] = value
                answer["Content-Security-Policy"] = content_security_policy(host, self.scripts)
                if cookie is not None:
                    answer.append("Set-Cookie", cookie)
                    answer["Cache-Control"] = "no-store"
            await send(message)

        await (refused or self.app)(scope, receive, send_with_headers)


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
    name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
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
    return origin is None or urlsplit(origin).netloc == host or origin in allowed


def _new_cookie(scope: Scope, headers: Headers) -> str | None:
    """The cookie to set, or missing where the browser has one or may have one that it did not send.

    A link in a mail opens the page without the Strict cookie. A new one would take the place of the old
    and lose the person's upload, so such a page waits for the health check that the page itself makes.
    """
    path = scope["path"].removeprefix(_base_path())
    if scope["method"] != "GET" or browser_of(cookie_parser(headers.get("cookie", ""))) is not None:
        return None
    is_https = scope["scheme"] == "https" or headers.get("x-forwarded-proto") == "https"
    site = headers.get("sec-fetch-site")
    if site is None and (is_https or (urlsplit(f"//{headers['host']}").hostname or "") in LOOPBACK):
        site = "none"
    is_page = path.strip("/").partition("/")[0] not in SERVED | {"healthz"}
    if not (path == "/_stcore/health" or (is_page and site in ("none", "same-origin"))):
        return None
    cookie = f"{COOKIE}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Strict"
    return cookie + "; Secure" if is_https else cookie


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
    """A download, for the browser it was made for and no other. Not async: making it may take a while."""
    browser = browser_of(request.cookies)
    export = loading.export(browser, request.path_params["token"]) if browser else None
    if export is None or export.file_name != request.path_params["file_name"]:
        return PlainTextResponse("This download is not available in this browser. Open the page it came from "
                                 "and ask for it again.", 404, headers={"Cache-Control": "no-store"})
    return Response(export.content(), media_type=export.media_type, headers={
        "Content-Disposition": f'attachment; filename="{export.file_name}"', "Cache-Control": "no-store"})
