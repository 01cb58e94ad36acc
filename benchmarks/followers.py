"""How soon many viewers see what a presenter shows: real servers, a long poll a viewer, a presenter who moves.

    python -m benchmarks.followers                     50 viewers, 40 moves
    python -m benchmarks.followers --servers 2         half of them at another server over the same store
    python -m benchmarks.followers --browsers 3        some of them real pages in Chromium

The presenter moves in another process than the servers, so every move goes through the store, as between two servers.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.share_server import Stage, described, stage

ENOUGH_SECONDS = 2.0
FLAGS = ["--no-sandbox", "--disable-gpu"]


@dataclass
class Seen:
    """What the viewers saw: for each move when it was made and when each viewer heard of it."""

    moved: dict[int, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    present: int = 0
    n_ready: int = 0


async def viewer(stage: Stage, address: str, seen: Seen, over: asyncio.Event) -> None:
    """Open the link as a browser does, then ask what is new until it is over."""
    async with httpx.AsyncClient(base_url=f"{address}/share/{stage.id}", verify=False, timeout=60) as client:
        opened = await client.post("/open", json={"token": stage.token})
        answer = await client.get("/payload") if opened.status_code == 200 else opened
        if answer.status_code != 200:
            seen.errors.append(f"opening: {answer.status_code}")
            return
        heard = answer.json()
        seen.n_ready += 1
        while not over.is_set():
            try:
                answer = await client.get("/follow", params={
                    "after": heard["seq"], "tag": heard["tag"], "present": heard["present"]})
            except httpx.HTTPError as error:
                seen.errors.append(type(error).__name__)
                continue
            now, news = time.monotonic(), answer.json()
            if answer.status_code != 200 or "seq" not in news:
                seen.errors.append(f"following: {answer.status_code}")
                continue
            new = range(heard["seq"] + 1, news["seq"] + 1)
            seen.waits += [now - seen.moved[seq] for seq in new if seq in seen.moved]
            heard, seen.present = news, max(seen.present, news["present"])


async def run(stage: Stage, n_viewers: int, n_moves: int, pause: float) -> Seen:
    """Let the viewers in, move, and count what they saw."""
    seen, over = Seen(), asyncio.Event()
    tasks = [asyncio.create_task(viewer(stage, stage.addresses[place % len(stage.addresses)], seen, over))
             for place in range(n_viewers)]
    while seen.n_ready + len(seen.errors) < n_viewers:
        await asyncio.sleep(0.1)
    await asyncio.sleep(6)
    for number in range(n_moves):
        began = time.monotonic()
        seen.moved[await asyncio.to_thread(stage.move, number % 8)] = began
        await asyncio.sleep(pause)
    await asyncio.sleep(3)
    over.set()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return seen


def in_browsers(stage: Stage, n: int, n_moves: int) -> list[float]:
    """Seconds until a page in Chromium shows the slide that the presenter moved to."""
    from playwright.sync_api import sync_playwright

    waits = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        pages = [browser.new_context().new_page() for _ in range(n)]
        for place, page in enumerate(pages):
            page.goto(f"{stage.addresses[place % len(stage.addresses)]}/share/{stage.id}#{stage.token}")
            page.locator("#share .stage").wait_for(timeout=30_000)
        for number in range(n_moves):
            began, slide = time.monotonic(), (number + 1) % 8
            stage.move(slide)
            for page in pages:
                page.get_by_role("heading", name=f"Slide {slide}", exact=True).wait_for(timeout=30_000)
                waits.append(time.monotonic() - began)
        browser.close()
    return waits


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--moves", type=int, default=40)
    parser.add_argument("--pause", type=float, default=1.5, help="seconds between two moves")
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--browsers", type=int, default=0)
    asked = parser.parse_args()
    with stage(asked.servers) as on:
        asyncio.run(run(on, 1, 1, 0.1))
        before = on.memory()
        seen = asyncio.run(run(on, asked.viewers, asked.moves, asked.pause))
        after = on.memory()
        late = sum(one > ENOUGH_SECONDS for one in seen.waits)
        print(f"{asked.viewers} viewers, {asked.servers} server(s), {asked.moves} moves: {described(seen.waits)}")
        print(f"not seen: {asked.viewers * asked.moves - len(seen.waits)}, later than {ENOUGH_SECONDS:g} s: {late}, "
              f"errors: {len(seen.errors)} {sorted(set(seen.errors))}, most people counted: {seen.present}")
        print(f"memory of the server(s): {before:,.0f} MB before, {after:,.0f} MB after, "
              f"{1024 * (after - before) / asked.viewers:,.0f} kB a viewer")
        if asked.browsers:
            waits = in_browsers(on, asked.browsers, min(asked.moves, 10))
            print(f"{asked.browsers} pages in Chromium: {described(waits)}")


if __name__ == "__main__":
    main()
