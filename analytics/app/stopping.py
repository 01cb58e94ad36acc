"""How the server ends when it is asked to: nobody waits for an answer, and what is being saved is saved.

``watch()``              hears the signal that asks the server to end; first call of ``server.lifespan``
``is_asked() -> bool``   for routes that wait: whether they should answer now
``EndsWaiting``          middleware: ends what still waits after ``WAIT_SECONDS``
``finish_runs()``        last call of ``server.lifespan``: waits for pages that are being made
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from types import FrameType

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

WAIT_SECONDS = 4.0
"""What a running answer (a download, a save) is left before it is ended."""

RUN_SECONDS = 4.0
"""What a page that is being made is left: Streamlit's threads end with the process, in the middle of a save too."""

RUN_THREAD = "ScriptRunner.scriptThread"

_asked = threading.Event()
_waiting: set[asyncio.Task[None]] = set()


def is_asked() -> bool:
    """Whether the server was asked to end."""
    return _asked.is_set()


def watch() -> None:
    """Hear SIGTERM and Ctrl-C before the server does; nothing outside a process's main thread."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _hearing(signal.getsignal(number), loop))


def _hearing(before: object, loop: asyncio.AbstractEventLoop) -> object:
    server = getattr(before, "__self__", None)

    def hear(number: int, frame: FrameType | None) -> None:
        if not _asked.is_set():
            _asked.set()
            loop.call_soon_threadsafe(loop.call_later, WAIT_SECONDS, _end_waiting)
        if number == signal.SIGTERM and hasattr(server, "should_exit"):
            # Told of the signal, uvicorn would raise it again at the very end: exit code 143, read as a failure.
            server.should_exit = True
        elif callable(before):
            before(number, frame)

    return hear


def _end_waiting() -> None:
    for task in tuple(_waiting):
        task.cancel()


class EndsWaiting:
    """Ends requests that still wait some seconds after the server was asked to end."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if scope["type"] != "http" or task is None:
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        _waiting.add(task)
        try:
            await self.app(scope, receive, noted)
        except asyncio.CancelledError:
            if has_begun or not is_asked():
                raise
            task.uncancel()
            await PlainTextResponse("The dashboard is being restarted. Try again in a moment.", 503, headers={
                "Retry-After": "5", "Cache-Control": "no-store"})(scope, receive, send)
        finally:
            _waiting.discard(task)


async def finish_runs(seconds: float = RUN_SECONDS) -> bool:
    """Wait for pages that are being made; true where none is left, false where the time was over."""
    until = time.monotonic() + seconds
    while any(thread.name == RUN_THREAD for thread in threading.enumerate()):
        if time.monotonic() >= until:
            return False
        await asyncio.sleep(0.05)
    return True
