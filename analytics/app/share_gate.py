"""What stands before the links: a wrong token is answered late, so many wait at once and no more, a right one never.

A guess is compared with hashes held in memory, so that ten thousand of them ask the database twice a second at most.
An id that is not there and a wrong token take the same way and the same time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from analytics.store.share_secrets import is_token

DELAY_SECONDS = 0.7
"""From the arrival of a wrong token to its answer."""

FRESH_SECONDS = 0.5
"""For how long the hashes are good: a link made since then is found at the next look."""


class BusyError(Exception):
    """So many wrong ones wait already that this one is not looked at."""


class WaitingRoom:
    """Those whose secret was not known at once; each address has a few places, so that it can't take all.

    Parameters
    ----------
    most : places of all
    most_of_one : places of one address
    """

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._by_address: Counter[str] = Counter()

    @property
    def n(self) -> int:
        """How many wait."""
        return self._by_address.total()

    @asynccontextmanager
    async def place(self, address: str) -> AsyncIterator[None]:
        """A place for as long as the block runs.

        Raises
        ------
        BusyError
            Where none is free.
        """
        if self.n >= self._most or self._by_address[address] >= self._most_of_one:
            raise BusyError
        self._by_address[address] += 1
        try:
            yield
        finally:
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]


async def late(arrived: float, delay: float = DELAY_SECONDS) -> None:
    """Wait until so long after the arrival, by the loop's clock."""
    await asyncio.sleep(max(0.0, arrived + delay - asyncio.get_running_loop().time()))


class Gate:
    """Lets right tokens pass at once.

    Parameters
    ----------
    hashes : gives the hashes of all tokens by id, as the store has them
    """

    def __init__(self, hashes: Callable[[], Awaitable[Mapping[str, str]]], *, most: int = 64,
                 most_of_one: int = 8, delay: float = DELAY_SECONDS) -> None:
        self._hashes, self._delay = hashes, delay
        self._known: Mapping[str, str] = {}
        self._looked_at = float("-inf")
        self._looking: asyncio.Task[None] | None = None
        # To a link made a moment ago a whole room full of people comes at once, through one address.
        self.hall, self.room = WaitingRoom(20 * most, 40 * most_of_one), WaitingRoom(most, most_of_one)

    async def is_right(self, id: str, token: str, address: str) -> bool:
        """Whether the token opens the link; a wrong one is answered late.

        Raises
        ------
        BusyError
            Where too many wrong ones wait.
        """
        arrived = asyncio.get_running_loop().time()
        if is_token(token, self._known.get(id)):
            return True
        async with self.hall.place(address):
            await self._look(arrived)
        if is_token(token, self._known.get(id)):
            return True
        async with self.room.place(address):
            await late(arrived, self._delay)
        return False

    async def _look(self, arrived: float) -> None:
        """Have hashes that are as new as the arrival, at most once in ``FRESH_SECONDS`` for all who ask."""
        while self._looked_at < arrived:
            if self._looking is None:
                self._looking = asyncio.create_task(self._renew())
            await asyncio.shield(self._looking)

    async def _renew(self) -> None:
        try:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(0.0, self._looked_at + FRESH_SECONDS - loop.time()))
            began = loop.time()
            self._known = await self._hashes()
            self._looked_at = began
        finally:
            self._looking = None
