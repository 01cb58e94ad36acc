"""A running dashboard with one link, for the benchmarks of links: several servers over one store, if asked."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from analytics.access import LOCAL  # noqa: E402
from analytics.app import share_content  # noqa: E402
from analytics.store import Store  # noqa: E402

START_SECONDS = 90


def utc_now() -> str:
    """The time of day as the store writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class Stage:
    """Servers over one store, and the link that is shown."""

    addresses: list[str]
    processes: list[subprocess.Popen[bytes]]
    store: Store
    id: str
    token: str

    def move(self, slide: int) -> int:
        """Lead everybody to a slide."""
        return self.store.shares.move(self.id, {"cohort": 0, "slide": slide, "part": None}, LOCAL, utc_now())

    def memory(self) -> float:
        """Memory of all servers in MB."""
        lines = [line for process in self.processes
                 for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if "VmRSS" in line]
        return sum(int(line.split()[1]) for line in lines) / 1024


@contextmanager
def stage(n_servers: int = 1) -> Iterator[Stage]:
    """Start servers over a store of their own (``OUTCOMES_DATABASE_URL`` names another one), with one link."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        share, token = store.shares.make({}, LOCAL, title="Board", audience="board",
                                         expires_at="2100-01-01T00:00:00+00:00")
        store.shares.keep_render(share.id, None, share_content.definition(), payload())
        ports = [_free_port() for _ in range(n_servers)]
        processes = [subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port), "--server.headless",
             "true", "--", "--store", folder], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | _signed_in(Path(folder))) for port in ports]
        try:
            addresses = [f"http://localhost:{port}" for port in ports]
            for address in addresses:
                _wait_for(address)
            yield Stage(addresses, processes, store, share.id, token)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(20)


def _signed_in(folder: Path) -> dict[str, str]:
    """Set sign-in up, as wherever other computers may come; viewers of links never sign in."""
    secrets, roles = folder / "secrets.toml", folder / "roles.toml"
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://localhost/oauth2callback"\ncookie_secret = "{token_urlsafe(32)}"\n'
        'client_id = "none"\nclient_secret = "none"\nserver_metadata_url = "http://localhost/none"\n')
    roles.write_text('[emails]\n"nobody@clinic.example" = "director"\n')
    return {"HOME": str(folder), "OUTCOMES_ROLES": str(roles), "STREAMLIT_SECRETS_FILES": f'["{secrets}"]'}


def payload() -> bytes:
    """As much as a deck of eight charts in three cohorts."""
    slides = [{"title": f"Slide {number}", "html": f'<section class="stage"><h1>Slide {number}</h1>'
               + '<p class="stage-limits">words</p>' * 100 + "</section>", "parts": ["North", "South"]}
              for number in range(8)]
    return json.dumps({
        "schema": "share/1", "title": "Board", "audience": "board", "as_of": "", "version": None,
        "definition": share_content.definition(), "made_at": utc_now(), "rules": "", "is_sample": True, "notices": [],
        "cohorts": [{"name": name, "slides": slides} for name in ("All courses", "North", "South")]}).encode()


def described(seconds: Sequence[float]) -> str:
    """Median, 95 %, longest, in milliseconds."""
    if not seconds:
        return "none"
    ordered = sorted(1000 * one for one in seconds)
    middle, most = statistics.median(ordered), ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"p50 {middle:,.0f} ms, p95 {most:,.0f} ms, longest {ordered[-1]:,.0f} ms ({len(ordered):,} times)"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The dashboard did not start.")
