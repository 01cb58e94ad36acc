"""Following a presenter: this server's waiting viewers, woken when something of their link changes in the store.

Whoever moves writes a row, on any server. Each server looks four times a second at those links alone that somebody
waits at, at all of them in one question, and wakes who waits. Nothing here asks the store in the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from analytics.app import stopping
from analytics.app.share_latest import Latest
from analytics.store import StoreError
from analytics.store.share_following import ShareRefusedError, Standing
from analytics.store.share_secrets import hash_of
from analytics.store.shares import Shares

T = TypeVar("T")

TICK_SECONDS = 0.25
POLL_SECONDS = 25.0
PRESENCE_SECONDS = 2.0
"""A viewer hears at most this often that only the number of people changed."""

GONE_SECONDS = 4.0
"""A viewer who asks no more is counted for as long: between two questions nobody is gone."""

HEARTBEAT_SECONDS = 5.0
MOST_WAITS = 8
"""Questions of one visit that wait at once: as many tabs."""


class TooManyWaitsError(Exception):
    """A visit has more open questions than tabs make sense."""


@dataclass
class _Room:
    """Those who look at one link through this server."""

    standing: Standing | None = None
    looked_at: float = float("-inf")
    waits: Counter[str] = field(default_factory=Counter)
    seen: dict[str, float] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    said: int = 0
    said_at: float = float("-inf")
    saying: asyncio.Task[None] | None = None

    def wake(self) -> None:
        self.news.set()
        self.news = asyncio.Event()

    def n_here(self, now: float) -> int:
        """People here: one visit is one person, however many tabs."""
        self.seen = {visit: at for visit, at in self.seen.items() if self.waits[visit] or now - at < GONE_SECONDS}
        return len(self.seen)


class Live:
    """All rooms of this server.

    Parameters
    ----------
    shares : gives the links of the store; called in a thread
    latest : says what is loud about a link, and makes its newest state
    now : the time of day as the store writes it
    """

    def __init__(self, shares: Callable[[], Shares], latest: Latest, now: Callable[[], str]) -> None:
        self._shares, self._latest, self.now = shares, latest, now
        self._server = secrets.token_hex(8)
        self._threads = ThreadPoolExecutor(8, "shares")
        self._rooms: dict[str, _Room] = {}
        self._visits: dict[tuple[str, str], None] = {}
        self._payloads: dict[tuple[str, int, str, str], bytes] = {}
        self._task: asyncio.Task[None] | None = None
        self._is_closed = self._is_prepared = False

    def ask(self, question: Callable[[Shares], T]) -> Awaitable[T]:
        """Ask the store in a thread."""
        return asyncio.get_running_loop().run_in_executor(self._threads, lambda: question(self._shares()))

    async def prepare(self) -> None:
        """Have at hand what says how figures are counted: to import it at first takes a second."""
        if not self._is_prepared:
            await self.ask(lambda _: self._latest.prepare())
            self._is_prepared = True

    # --- who may look --------------------------------------------------------------------------------

    def welcome(self, id: str, visit: str) -> None:
        """Remember a visit that is known to be right; the oldest of many are asked for again."""
        self._visits[(id, hash_of(visit))] = None
        while len(self._visits) > 10_000:
            del self._visits[next(iter(self._visits))]

    def is_known(self, id: str, visit: str) -> bool:
        """Whether a visit was right before: what became of its link, ``standing`` says."""
        return (id, hash_of(visit)) in self._visits

    async def check(self, id: str, visit: str) -> None:
        """Ask the store for a visit. Raises ShareRefusedError."""
        await self.ask(lambda shares: shares.visited(id, visit, self.now()))
        self.welcome(id, visit)

    async def standing(self, id: str) -> Standing:
        """What a link is now. Raises ShareRefusedError where it is over."""
        room, loop = self._rooms.get(id), asyncio.get_running_loop()
        if room is not None and room.standing is not None and loop.time() - room.looked_at < 2 * TICK_SECONDS:
            found = room.standing
        else:
            found = (await self.ask(lambda shares: shares.standings([id], self.now()))).get(id)
        return self._still(found)

    def _still(self, standing: Standing | None) -> Standing:
        over = "unknown" if standing is None else standing.refusal(self.now())
        if standing is None or over:
            raise ShareRefusedError(over or "unknown")
        return standing

    # --- what is told --------------------------------------------------------------------------------

    def news(self, standing: Standing) -> dict[str, Any]:
        """What a viewer's page follows: position, people, and the tag of what it should show."""
        self._latest.look(standing)
        return {"seq": standing.seq, "position": standing.position, "present": max(standing.n_present, 1),
                "tag": self._latest.tag(standing)}

    def notices(self, standing: Standing) -> list[str]:
        """What is loud about a link."""
        return self._latest.notices(standing)

    async def payload(self, standing: Standing) -> bytes | None:
        """What a link shows; missing before there is anything."""
        newest = standing.newest
        if newest is None:
            return None
        key = (newest.share_id, newest.version_id, newest.definition, newest.made_at)
        if key not in self._payloads:
            render = await self.ask(lambda shares: shares.render(standing.share_id))
            while len(self._payloads) >= 16:
                del self._payloads[next(iter(self._payloads))]
            self._payloads[key] = render.payload if render else b"null"
        return self._payloads[key]

    async def follow(self, id: str, visit: str, heard: Mapping[str, Any],
                     is_gone: Callable[[], Awaitable[bool]], seconds: float = POLL_SECONDS) -> dict[str, Any]:
        """What is new to a viewer, as soon as there is something; after so many seconds what is, new or not.

        Parameters
        ----------
        heard : ``seq``, ``tag`` and ``present`` that the viewer knows
        is_gone : whether the viewer went away meanwhile

        Raises
        ------
        ShareRefusedError
            Where the link is over.
        """
        named = hash_of(visit)
        room = self._rooms.setdefault(id, _Room())
        if room.waits[named] >= MOST_WAITS:
            raise TooManyWaitsError
        room.waits[named] += 1
        loop = asyncio.get_running_loop()
        began = room.seen[named] = loop.time()
        self._watch()
        try:
            while True:
                woken = room.news
                news = self.news(await self.standing(id))
                waited = loop.time() - began
                is_new = news["seq"] != heard["seq"] or news["tag"] != heard["tag"]
                is_fuller = news["present"] != heard["present"] and waited >= PRESENCE_SECONDS
                if is_new or is_fuller or waited >= seconds or self._is_ending() or await is_gone():
                    return news
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), min(PRESENCE_SECONDS, seconds - waited))
        finally:
            room.waits[named] -= 1
            room.seen[named] = loop.time()

    # --- looking -------------------------------------------------------------------------------------

    def _is_ending(self) -> bool:
        return self._is_closed or stopping.is_asked()

    def _watch(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._rooms and not self._is_ending():
            with contextlib.suppress(StoreError):  # Who waits goes on waiting; the next look may succeed.
                await self._look()
            self._say()
            await asyncio.sleep(TICK_SECONDS)
        for room in self._rooms.values():
            room.wake()

    async def _look(self) -> None:
        began, ids = asyncio.get_running_loop().time(), list(self._rooms)
        found = await self.ask(lambda shares: shares.standings(ids, self.now()))
        for id in ids:
            room, standing = self._rooms[id], found.get(id)
            is_over = standing is None or standing.refusal(self.now())
            is_news = standing != room.standing or is_over or (standing and self._latest.is_news(standing))
            room.standing, room.looked_at = standing, began
            if is_news:
                room.wake()

    def _say(self) -> None:
        """Tell the other servers how many are here, and leave rooms where nobody is."""
        now = asyncio.get_running_loop().time()
        for id, room in list(self._rooms.items()):
            n = room.n_here(now)
            is_due = n != room.said or (n and now - room.said_at >= HEARTBEAT_SECONDS)
            if is_due and (room.saying is None or room.saying.done()):
                room.saying = asyncio.create_task(self._tell(id, room, n, now))
            elif not n and not room.said and not room.waits.total():
                del self._rooms[id]

    async def _tell(self, id: str, room: _Room, n: int, now: float) -> None:
        with contextlib.suppress(StoreError):
            await self.ask(lambda shares: shares.here(id, self._server, n, self.now()))
            room.said, room.said_at = n, now

    async def close(self) -> None:
        """Let everybody go who waits, and say that nobody is here."""
        self._is_closed = True
        if self._task is not None:
            await asyncio.wait([self._task], timeout=2)
        for id, room in self._rooms.items():
            room.wake()
            if room.said:
                await self._tell(id, room, 0, 0.0)
        self._threads.shutdown(wait=False)
