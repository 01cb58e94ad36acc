"""The routes of links: a page for everybody, and behind it what a right token opens.

``GET  share/<id>``            the page; the same whether the link is there or not: the token stands behind the # sign
``POST share/<id>/open``       token and passphrase; sets the cookie of the visit
``GET  share/<id>/payload``    what the link shows
``GET  share/<id>/follow``     answers when something is new: position, people, other data, the end of the link

The cookie holds the visit's secret and goes to this link's addresses alone. Nothing here is kept by a browser.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from analytics.app import door, log_lines
from analytics.app.share_gate import BusyError, Gate, WaitingRoom, late
from analytics.app.share_latest import Latest
from analytics.app.share_live import Live, TooManyWaitsError
from analytics.store import StoreError, utc_now
from analytics.store.share_following import ShareRefusedError
from analytics.store.share_secrets import seconds_between
from analytics.store.shares import Shares
from analytics.wording import share_viewer as words

COOKIE = "outcomes_share"
LONGEST_COOKIE = 30 * 86_400
MOST_BYTES = 4_096
MOST_SECONDS = 10.0
"""For a body to arrive: who sends it letter by letter holds no place."""

MOST_TOKEN = 200
"""Longer ones than any that was made are wrong, whatever they say."""

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'; "
          "form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
"""Slides carry places and colours as styles; a script that is not our file runs nowhere."""

HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY}
STATUS = {"unknown": 404, "expired": 410, "revoked": 410, "too_many_opens": 403, "passphrase": 403, "slow_down": 429}

_HERE = Path(__file__).parent
_FILES = {"viewer.js": ("share_viewer.js", "text/javascript"), "viewer.css": ("share_viewer.css", "text/css"),
          "present.css": ("present.css", "text/css")}


class Desk:
    """What the routes of one server share.

    Parameters
    ----------
    shares : gives the links of the store; called in a thread
    latest : makes the newest state of a link and says what is loud about it
    now : the time of day as the store writes it
    """

    def __init__(self, shares: Callable[[], Shares], latest: Latest, now: Callable[[], str] = utc_now,
                 gate: Callable[..., Gate] = Gate) -> None:
        self.live = Live(shares, latest, now)
        self.gate = gate(lambda: self.live.ask(lambda of: of.hashes()))
        # Right visits leave at once; so a room full of people that was cut off comes back through one address.
        self.lobby = WaitingRoom(256, 64)

    def routes(self, base: str = "") -> list[Route]:
        """Below the path that the dashboard is served under."""
        at = f"{base}/share"
        return [
            *[Route(f"{at}/{name}", functools.partial(_file, name)) for name in _FILES],
            Route(f"{at}/{{id}}", _page),
            Route(f"{at}/{{id}}/open", self._told(self.open), methods=["POST"]),
            Route(f"{at}/{{id}}/payload", self._told(self.payload)),
            Route(f"{at}/{{id}}/follow", self._told(self.follow)),
            Route(f"{at}/{{rest:path}}", _nothing), Route(at, _nothing),
        ]

    def _told(self, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        """The route, its refusals as answers; a store that fails is asked again by the page."""

        async def told(request: Request) -> Response:
            try:
                return await answer(request)
            except ShareRefusedError as refused:
                return _refused(refused)
            except (BusyError, TooManyWaitsError):
                return _answer({"refused": "slow_down", "again": 1}, 429, {"Retry-After": "1"})
            except StoreError:
                return _answer({"refused": "not_reached", "again": 2}, 503, {"Retry-After": "2"})

        return told

    async def open(self, request: Request) -> Response:
        """Open a link by its token; who has a visit already keeps it, and is not counted again."""
        id, asked = request.path_params["id"], await _asked(request)
        if asked is None:
            return _answer({"refused": "unknown"}, 400)
        token, passphrase = asked
        if not await self.gate.is_right(id, token, _address(request)):
            raise ShareRefusedError("unknown")
        visit = request.cookies.get(COOKIE, "")
        if visit and await self._is_visit(id, visit):
            await self.live.standing(id)
            return _answer({"opened": True})
        try:
            visit = await self.live.ask(lambda of: of.open(id, token, passphrase, self.live.now()))
        except ShareRefusedError as refused:
            if refused.kind == "passphrase" and not passphrase:
                return _answer({"needs": "passphrase"})
            log_lines.event("share_refused", share=id, kind=refused.kind)
            raise
        self.live.welcome(id, visit)
        log_lines.event("share_opened", share=id)
        standing = await self.live.standing(id)
        answer = _answer({"opened": True})
        answer.set_cookie(
            COOKIE, visit, path=request.url.path.removesuffix("/open"), httponly=True, samesite="strict",
            secure=door.is_https(request.scope, request.headers),
            max_age=min(seconds_between(self.live.now(), standing.expires_at), LONGEST_COOKIE))
        return answer

    async def payload(self, request: Request) -> Response:
        """What the link shows, what is loud about it, and where the presenter is."""
        id = request.path_params["id"]
        await self._let_in(request)
        standing = await self.live.standing(id)
        payload = await self.live.payload(standing)
        if payload is None:
            return _answer({"empty": True})
        about = self.live.news(standing) | {"notices": self.live.notices(standing)}
        # The payload is JSON already, and large: it is put in as it is.
        body = b'{"payload":' + payload + b"," + json.dumps(about).encode()[1:]
        return Response(body, media_type="application/json", headers=HEADERS)

    async def follow(self, request: Request) -> Response:
        """What is new to a viewer, as soon as there is something."""
        id = request.path_params["id"]
        await self._let_in(request)
        asked = dict(parse_qsl(request.url.query))
        heard = {"seq": _number(asked, "after"), "tag": asked.get("tag", ""), "present": _number(asked, "present")}
        await self.live.standing(id)
        try:
            news = await self.live.follow(id, request.cookies[COOKIE], heard, request.is_disconnected)
        except ShareRefusedError as refused:
            # It ended while somebody looked: that is news, not a mistake of the one who asked.
            return _answer({"refused": refused.kind})
        return _answer(news)

    async def _let_in(self, request: Request) -> None:
        """Go on with the cookie of a visit to this link. Raises ShareRefusedError, late where there is no visit."""
        id, visit = request.path_params["id"], request.cookies.get(COOKIE, "")
        if not visit or not await self._is_visit(id, visit, _address(request)):
            raise ShareRefusedError("unknown")
        await self.live.prepare()

    async def _is_visit(self, id: str, visit: str, address: str | None = None) -> bool:
        """Whether the visit is one of this link; a wrong one is answered late where an address is given."""
        if self.live.is_known(id, visit):
            return True
        arrived = asyncio.get_running_loop().time()
        async with self.lobby.place(address or ""):
            try:
                await self.live.check(id, visit)
            except ShareRefusedError as refused:
                if refused.kind != "unknown":
                    raise
                if address is not None:
                    await late(arrived)
                return False
        return True


async def _asked(request: Request) -> tuple[str, str | None] | None:
    """Token and passphrase of a request; missing where it is none of our page's."""
    # Another site's form can't send JSON without asking first, and nobody here says yes.
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return None
    body = b""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    return None
        asked = json.loads(body)
    except (TimeoutError, ClientDisconnect, ValueError, RecursionError):
        return None
    if not isinstance(asked, dict):
        return None
    token, passphrase = asked.get("token"), asked.get("passphrase")
    is_right = isinstance(token, str) and len(token) <= MOST_TOKEN and isinstance(passphrase, str | None)
    return (token, passphrase) if is_right else None


def _answer(said: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(said, status, headers=HEADERS | (headers or {}))


def _refused(refused: ShareRefusedError) -> Response:
    wait = refused.wait_seconds
    said = {"refused": refused.kind} | ({"says": words.slow_down(wait)} if wait else {})
    return _answer(said, STATUS[refused.kind], {"Retry-After": str(wait)} if wait else None)


def _number(asked: Mapping[str, str], name: str) -> int:
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


# --- the page ----------------------------------------------------------------------------------------


@functools.cache
def page() -> str:
    """The page, its words filled in."""
    said = words.VIEWER | {"refused": words.REFUSED}
    return Template((_HERE / "share_viewer.html").read_text(encoding="utf-8")).substitute(
        {name: escape(text) for name, text in words.VIEWER.items()},
        no_scripts=escape(words.NO_SCRIPTS), words=escape(json.dumps(said)))


async def _page(request: Request) -> Response:
    return Response(page(), media_type="text/html", headers=HEADERS)


async def _file(name: str, request: Request) -> Response:
    file_name, kind = _FILES[name]
    return Response((_HERE / file_name).read_bytes(), media_type=kind, headers=HEADERS)


async def _nothing(request: Request) -> Response:
    return PlainTextResponse("There is nothing here.", 404, headers=HEADERS)
