"""Many programs write to one store at once: ``python -m benchmarks.store_writers [--writers 20] [--rounds 25]``.

Every round of a writer keeps a dataset of its own, a version of one that all share, a note and a line of the audit log,
and reads back. On both databases, PostgreSQL where Debian's packages are installed. Exit 1 where something is lost.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests import postgresql
from tests.store.writing import write_at_once


def main() -> int:
    """Write; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=25)
    options = parser.parse_args()
    server = None if postgresql.why_not() else postgresql.PostgreSQL(is_safe=True)
    try:
        for name, address in (("sqlite", None), *([("postgresql", server.address())] if server else [])):
            with tempfile.TemporaryDirectory() as folder:
                began = time.monotonic()
                slowest = write_at_once(Path(folder) / "kept", address, options.writers, options.rounds)
            print(f"{name}: {options.writers} writers, {options.rounds} rounds each, nothing lost, "
                  f"{time.monotonic() - began:.0f} s, slowest round {slowest:.1f} s", flush=True)
    except AssertionError as error:
        print(f"lost: {error}")
        return 1
    finally:
        if server is not None:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
