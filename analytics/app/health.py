"""Whether this server can do its work, for a proxy or a watchman: never why in words that could tell a value.

``/healthz`` (``server.py``) says that the process answers; ``/readyz`` that it can serve: the store answers and has
this version's tables, the roles can be read, the disk has room, and nobody asked it to end.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from analytics.access import RolesError
from analytics.app import loading, sign_in, stopping
from analytics.store import Store, StoreError, store_folder

LEAST_BYTES = 500 * 1024**2
"""Free room below which a server is not ready: about one large upload as it is kept."""

AGAIN_SECONDS = 2.0
"""For how long an answer holds, so that asking often costs nothing."""

STORE_SECONDS = 2.0
"""How long the store is waited for: a watchman gives up soon after."""


def routes(base: str = "") -> list[Route]:
    """``/readyz``, below the path that the dashboard is served under."""
    return [Route(f"{base}/readyz", _ready)]


def ready(checks: Mapping[str, Callable[[], str]] | None = None) -> dict[str, str]:
    """What each check says; ``ok`` and ``not used`` are good, every other word is not."""
    return {name: _asked(check) for name, check in (checks or CHECKS).items()}


def is_ready(said: Mapping[str, str]) -> bool:
    """Whether all that was said is good."""
    return all(word in ("ok", "not used") for word in said.values())


def _asked(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:
        # Of whatever kind: a check that fails is an answer, and its message may name a folder or a host.
        return "cannot be used" if isinstance(error, (StoreError, RolesError, OSError)) else "failed"


@cache
def _store() -> Store:
    return Store(loading.command_line_store(), wait_seconds=STORE_SECONDS)


def store() -> str:
    """Whether the store answers; opening it brings its tables to this version."""
    _store().recipes()
    return "ok"


def roles() -> str:
    """Whether the file that says who may what can be read whole, where people sign in."""
    if not sign_in.is_on():
        return "not used"
    sign_in.roles_file().roles()
    return "ok"


def disk() -> str:
    """Whether the store's folder has room; not asked where a database elsewhere keeps everything."""
    if os.environ.get("OUTCOMES_DATABASE_URL"):
        return "not used"
    folder = store_folder(loading.command_line_store())
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return room(shutil.disk_usage(there).free)


def room(free_bytes: int) -> str:
    """Whether so many free bytes are enough; exactly the least is."""
    return "ok" if free_bytes >= LEAST_BYTES else "full"


def running() -> str:
    """Whether nobody asked the server to end."""
    return "ending" if stopping.is_asked() else "ok"


CHECKS: dict[str, Callable[[], str]] = {"store": store, "roles": roles, "disk": disk, "running": running}

_lock = threading.Lock()
_last: tuple[float, dict[str, str]] | None = None


def _recent(now: float) -> dict[str, str]:
    global _last
    with _lock:
        if _last is None or now - _last[0] > AGAIN_SECONDS or stopping.is_asked():
            _last = (now, ready())
        return _last[1]


def _ready(request: Request) -> Response:
    """Not async: the store may take a while to answer."""
    said = _recent(time.monotonic())
    is_good = is_ready(said)
    return JSONResponse({"status": "ready" if is_good else "not ready", "checks": said}, 200 if is_good else 503,
                        headers={"Cache-Control": "no-store"})
