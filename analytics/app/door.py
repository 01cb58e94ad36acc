"""Who is let in before anything is looked at, where nobody signs in: this computer, and of its accounts our own.

``answer_to(scope, headers) -> Response | None``   what a request gets instead; missing where it may pass
``key_cookie(scope, headers) -> str | None``       set for a browser that was let in without one
"""

from __future__ import annotations

from html import escape
from ipaddress import ip_address

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope

from analytics.app import same_account, sign_in, start_key
from analytics.wording import access as words

FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-server", "x-real-ip",
             "x-client-ip", "true-client-ip", "cf-connecting-ip")
"""Who sends these stands between us and somebody else, who may be anywhere."""

PROBES = frozenset({"/healthz", "/readyz"})
"""Say nothing but that the server runs."""

_COOKIE_FLAGS = "Path=/; HttpOnly; SameSite=Strict"


async def answer_to(scope: Scope, headers: Headers, path: str) -> Response | None:
    """What somebody gets who is not let in; missing where the request may pass.

    Parameters
    ----------
    path : without the base path
    """
    if sign_in.is_on() or path in PROBES:
        return None
    if not is_of_this_computer(scope, headers):
        return _page(*words.ELSEWHERE)
    if start_key.is_given(cookie_parser(headers.get("cookie", "")), _port(scope)):
        return None
    is_right, rest = start_key.in_query(scope["query_string"])
    if is_right and scope["type"] == "http":
        # A path that begins with two slashes would be another host's.
        here = "/" + scope["path"].lstrip("/")
        answer = RedirectResponse(here + (f"?{rest}" if rest else ""), 303, {"Cache-Control": "no-store"})
        answer.headers.append("Set-Cookie", _cookie(scope))
        return answer
    if await run_in_threadpool(_is_ours, scope):
        return None
    return _page(*words.OTHER_ACCOUNT)


def key_cookie(scope: Scope, headers: Headers) -> str | None:
    """The cookie for a browser that was let in because it is our account's, so that it is asked about once."""
    if sign_in.is_on() or start_key.is_given(cookie_parser(headers.get("cookie", "")), _port(scope)):
        return None
    return _cookie(scope)


def is_of_this_computer(scope: Scope, headers: Headers) -> bool:
    """Whether a request comes from this computer itself, and not through something that passes others' on."""
    client = scope.get("client")
    if client is None or any(name in headers for name in FORWARDED):
        return False
    try:
        host = ip_address(str(client[0]).partition("%")[0])
    except ValueError:
        return False
    return (getattr(host, "ipv4_mapped", None) or host).is_loopback


def is_https(scope: Scope, headers: Headers) -> bool:
    """Whether a browser asks over HTTPS, of us or of the proxy before us."""
    return scope["scheme"] == "https" or headers.get("x-forwarded-proto") == "https"


def _is_ours(scope: Scope) -> bool:
    client, server = scope.get("client"), scope.get("server")
    if client is None or server is None or server[1] is None:
        return False
    return same_account.is_same_account((client[0], client[1]), (server[0], server[1])) is True


def _port(scope: Scope) -> int:
    server = scope.get("server")
    return int(server[1] or 0) if server else 0


def _cookie(scope: Scope) -> str:
    return f"{start_key.cookie_name(_port(scope))}={start_key.cookie_value()}; {_COOKIE_FLAGS}"


def _page(title: str, sentences: tuple[str, ...]) -> Response:
    """A page of our own, without anything of Streamlit's."""
    body = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        "<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:12vh auto;padding:0 1.2rem;"
        "color:#1b2a2b;background:#fff}h1{font-size:1.5rem}@media(prefers-color-scheme:dark){body{color:#e4ecec;"
        f"background:#10191a}}}}</style></head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>",
        403, {"Cache-Control": "no-store"})
