"""What a viewer waits while somebody guesses tokens: wrong ones by the thousand, for this link and for none.

    python -m benchmarks.guesses                 10,000 wrong tokens, 100 at once

Measured from outside: how long the right viewer's requests take before and meanwhile, how soon a move is seen, how
long somebody else waits who opens the link with its token, and what the guesses were answered.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.share_server import Stage, described, stage

Answers = Counter[str]
FEWEST = 5
"""Rounds of the right viewer that are measured however long they take."""


async def guess(address: str, right: str, n: int, at_once: int) -> tuple[Answers, float]:
    """Send wrong tokens, every other one for a link that is not there; gives the answers and the seconds it took."""
    answers: Answers = Counter()
    left = iter(range(n))
    began = time.monotonic()

    async def one() -> None:
        # A connection of its own: a pool of a hundred costs more than the server's answers.
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            for number in left:
                id = right if number % 2 else secrets.token_urlsafe(16)
                try:
                    answer = await client.post(f"/share/{id}/open", json={"token": secrets.token_urlsafe(32)})
                    answers[f"{answer.status_code} {answer.json().get('refused')}"] += 1
                except httpx.HTTPError as error:
                    answers[type(error).__name__] += 1

    await asyncio.gather(*(one() for _ in range(at_once)))
    return answers, time.monotonic() - began


def guess_all(address: str, right: str, n: int, at_once: int) -> tuple[Answers, float]:
    """``guess``, for another process."""
    return asyncio.run(guess(address, right, n, at_once))


async def timed(waits: list[float], answer: Callable[[], Awaitable[object]]) -> None:
    """Do something and note the seconds it took."""
    began = time.monotonic()
    await answer()
    waits.append(time.monotonic() - began)


async def works(stage: Stage, is_over: Callable[[], bool]) -> dict[str, list[float]]:
    """The right viewer looks, follows moves, and others open the link, until it is over; seconds of each."""
    found: dict[str, list[float]] = {"looks": [], "moves": [], "opens": []}
    # A server closes a connection that was idle for 5 s; one that closes just now would count as an error.
    async with httpx.AsyncClient(base_url=f"{stage.addresses[0]}/share/{stage.id}", verify=False, timeout=60,
                                 limits=httpx.Limits(keepalive_expiry=2)) as client:
        await client.post("/open", json={"token": stage.token})
        heard = (await client.get("/payload")).json()
        while not is_over() or len(found["opens"]) < FEWEST:
            await timed(found["looks"], lambda: client.get("/payload"))
            asked = {"after": heard["seq"], "tag": heard["tag"], "present": heard["present"]}
            follow = asyncio.create_task(client.get("/follow", params=asked))
            await asyncio.sleep(0.2)
            began = time.monotonic()
            await asyncio.to_thread(stage.move, len(found["moves"]) % 8)
            heard = (await follow).json()
            while heard["seq"] == asked["after"]:
                heard = (await client.get("/follow", params=asked | {"present": heard["present"]})).json()
            found["moves"].append(time.monotonic() - began)
            await timed(found["opens"], lambda: opens(stage))
    return found


async def opens(stage: Stage) -> None:
    """Somebody else opens the link."""
    async with httpx.AsyncClient(base_url=f"{stage.addresses[0]}/share/{stage.id}", verify=False, timeout=60) as client:
        answer = await client.post("/open", json={"token": stage.token})
        assert answer.status_code == 200, "The right token was refused."


def _said(name: str, found: dict[str, list[float]]) -> None:
    for what, waits in found.items():
        print(f"{name}, {what}: {described(waits)}")


async def run(stage: Stage, n: int, at_once: int, before_seconds: float) -> None:
    """Measure without guesses, then with."""
    until = time.monotonic() + before_seconds
    _said("alone", await works(stage, lambda: time.monotonic() > until))
    # In a process of its own: in this one the guesser would keep the right viewer waiting himself.
    with ProcessPoolExecutor(1, get_context("spawn")) as elsewhere:
        guessing = elsewhere.submit(guess_all, stage.addresses[0], stage.id, n, at_once)
        found = await works(stage, guessing.done)
        answers, seconds = guessing.result()
    _said("beside guesses", found)
    print(f"{answers.total():,} guesses in {seconds:.0f} s, answered {dict(answers)}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guesses", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=15, help="measured before the guesses")
    asked = parser.parse_args()
    with stage() as on:
        asyncio.run(run(on, asked.guesses, asked.at_once, asked.seconds))
        print(f"memory of the server: {on.memory():,.0f} MB")


if __name__ == "__main__":
    main()
