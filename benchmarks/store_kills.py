"""kill -9 in the middle of loading, versioning, sharing, migrating: ``python -m benchmarks.store_kills --kills 200``.

``--database postgresql`` starts a PostgreSQL of Debian's packages that forces to the disk, kills the program that
works on it, and with ``--servers N`` the server itself N times. After each kill: what was told as done is there and
whole, no half dataset is visible, the check finds nothing. Prints what the kills came in the middle of; exit 1 where
something was lost.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests import postgresql
from tests.store.killing import KINDS, Killer


def main() -> int:
    """Kill; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--servers", type=int, default=0, help="of these, kills of PostgreSQL's server")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if options.database == "postgresql" and postgresql.why_not():
        print(postgresql.why_not(), file=sys.stderr)
        return 2
    server = postgresql.PostgreSQL(is_safe=True) if options.database == "postgresql" else None
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _kill(Killer(Path(folder), options.seed, server), options, began)
    finally:
        if server is not None:
            server.stop()


def _kill(killer: Killer, options: argparse.Namespace, began: float) -> int:
    of_server = {round((place + 1) * options.kills / (options.servers + 1)) for place in range(options.servers)}
    for place in range(options.kills):
        try:
            killer.kill(KINDS[place % len(KINDS)], of_server=place in of_server)
        except AssertionError as error:
            print(f"kill {place + 1}, {KINDS[place % len(KINDS)]}: {error}")
            return 1
    killer.close()
    told = ", ".join(f"{what} {n}" for what, n in killer.interrupted.most_common())
    print(f"{options.database}: {options.kills} kills, {options.servers} of them of the server, "
          f"{time.monotonic() - began:.0f} s. In the middle of: {told}. Told as done: {len(killer.versions)} versions, "
          f"{len(killer.shares)} links, {len(killer.gone)} deletes. Nothing lost, nothing half, check clean.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
