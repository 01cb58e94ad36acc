"""A click on a filter of 12,000 courses: milliseconds until the page shows another number, in Chromium."""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cohort import SCORES_PER_COHORT_COURSE, write_cohort
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]

expect.set_options(timeout=60_000)

WATCH = """() => {
  const shown = () => document.querySelector('.headline')?.innerText ?? '';
  window.waited = new Promise(done => {
    let started = null, before = shown();
    const look = () => {
      if (started === null || shown() === before || shown() === '') return;
      observer.disconnect();
      requestAnimationFrame(() => done(performance.now() - started));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, {subtree: true, childList: true, characterData: true});
    const begin = () => { started = performance.now(); before = shown(); };
    document.addEventListener('pointerup', begin, {capture: true, once: true});
  });
}"""
"""Times one click: from the click itself to the first frame with another headline."""


def main() -> None:
    """Print the median and the range."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, default=12_000)
    parser.add_argument("--clicks", type=int, default=25)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = write_cohort(Path(folder), round(options.courses * SCORES_PER_COHORT_COURSE))
        server, address = _started([str(path) for path in files])
        try:
            browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            times = [_click(page, place) for place in range(options.clicks + 2)][2:]
            browser.close()
        finally:
            server.terminate()
            server.wait()
    print(f"{options.courses:,} courses, {len(times)} clicks: median {statistics.median(times):.0f} ms, "
          f"from {min(times):.0f} to {max(times):.0f} ms")


def _click(page: Page, place: int) -> float:
    """Choose North, or take it back; milliseconds until the headline differs."""
    expect(page.locator(".cards")).to_be_visible()
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    box = page.get_by_role("combobox", name="site", exact=True)
    expect(box).to_be_visible()
    if place % 2 == 0:
        box.click()
        target = page.get_by_role("option", name="North")
    else:
        page.keyboard.press("Escape")
        target = page.locator("[data-testid=stMultiSelect]", has=box).locator("[aria-label='Remove North']").last
    target.wait_for()
    page.evaluate(WATCH)
    target.click()
    return page.evaluate("() => window.waited")


def _started(files: list[str]) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port),
               "--server.headless", "true", "--", *files]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
            return server, address
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The dashboard did not start.")


def _chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("No Chromium was found; name one in the environment variable CHROMIUM.")
    return found


if __name__ == "__main__":
    main()
