"""Thousands of made and damaged files through the reader: none raises, none is slow or large, every row adds up."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from fuzz_files import Made, made_file

from analytics.definitions.tables import Tables
from analytics.ingest.load import load
from analytics.ingest.parts import Source

MOST_SECONDS = 10.0
MOST_TIMES = 10
MOST_BESIDE = 200_000_000
"""A load may take ``MOST_TIMES`` its file in memory, and this many bytes beside it."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file; ``failure`` says what should not have."""

    number: int
    kind: str
    seconds: float = 0.0
    n_bytes: int = 0
    end: str = "read"
    failure: str = ""


def unaccounted(tables: Tables, made: Made) -> str:
    """What is wrong with the rows of a load; empty where every row is used, dropped by a finding, or blank."""
    for record in tables.files:
        if not 0 <= record.rows_blank <= record.rows - record.rows_used:
            return f"{record.rows} rows, {record.rows_used} used, {record.rows_blank} blank"
        dropped = {row for one in tables.findings if one.severity == "drops_rows" and one.file == record.name
                   for row in one.rows}
        if record.rows > record.rows_used + len(dropped) + record.rows_blank:
            return f"{record.rows} rows, {record.rows_used} used, {len(dropped)} dropped, {record.rows_blank} blank"
    is_whole = made.n_rows is not None and tables.files
    refused = {"sheet_no_header", "no_header", "duplicate_file", "file_resent", "member_not_read"}
    if is_whole and not any(one.code in refused for one in tables.findings):
        n_rows = sum(record.rows for record in tables.files)
        # Where no header says anything, a title above it may be taken for the header, and the header for a row.
        is_more = n_rows > made.n_rows and any(one.code == "nothing_recognised" for one in tables.findings)
        if n_rows != made.n_rows and not is_more:
            return f"{n_rows} rows accounted for of {made.n_rows} in the file"
    return ""


def outcome_of(seed: int, number: int) -> Outcome:
    """One file made, loaded and judged."""
    made = made_file(seed, number)
    before = _reset_peak()
    started = time.monotonic()
    try:
        tables = load([Source(made.name, made.content)])
        end, failure = ("refused" if tables.is_blocked else "read"), unaccounted(tables, made)
    except Exception:
        end, failure = "raised", traceback.format_exc(limit=-4)
    seconds, grown = time.monotonic() - started, _peak() - before
    if not failure and seconds > MOST_SECONDS:
        failure = f"took {seconds:.1f} s"
    if not failure and grown > MOST_TIMES * len(made.content) + MOST_BESIDE:
        failure = f"took {grown / 1e6:.0f} MB for a file of {len(made.content) / 1e6:.1f} MB"
    return Outcome(number, made.kind, seconds, len(made.content), end, failure)


def _reset_peak() -> int:
    """Start measuring the peak of memory anew where the system can, and give the memory held now."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return 0
    return _peak()


def _peak() -> int:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def _work(pipe: Connection, seed: int) -> None:
    while (number := pipe.recv()) is not None:
        pipe.send(outcome_of(seed, number))


class Worker:
    """A process that takes files one at a time, and is replaced when one takes too long or ends it."""

    def __init__(self, seed: int) -> None:
        self.seed, self.number, self.started = seed, -1, 0.0
        self.pipe, end = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=_work, args=(end, seed), daemon=True)
        self.process.start()
        end.close()

    def give(self, number: int) -> None:
        """Hand over the next file."""
        self.number, self.started = number, time.monotonic()
        self.pipe.send(number)

    def is_late(self) -> bool:
        """Whether the file has taken longer than any may, making it included."""
        return time.monotonic() - self.started > 2 * MOST_SECONDS

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()


def outcomes(seed: int, numbers: list[int], n_workers: int) -> list[Outcome]:
    """What became of every file."""
    left, done = list(reversed(numbers)), []
    workers = [Worker(seed) for _ in range(min(n_workers, len(numbers)))]
    for worker in workers:
        worker.give(left.pop())
    while workers:
        ready = wait([worker.pipe for worker in workers], timeout=1.0)
        for place, worker in enumerate(list(workers)):
            if worker.pipe in ready:
                try:
                    done.append(worker.pipe.recv())
                except EOFError:
                    done.append(_lost(worker, "the process ended"))
                    workers[place] = worker = Worker(seed)
            elif worker.is_late():
                done.append(_lost(worker, f"no end after {2 * MOST_SECONDS:.0f} s"))
                workers[place] = worker = Worker(seed)
            else:
                continue
            if done[-1].failure:
                print(f"file {done[-1].number}, {done[-1].kind}: {done[-1].failure}\n", flush=True)
            if left:
                worker.give(left.pop())
            else:
                worker.number = -1
        for worker in [worker for worker in workers if worker.number == -1]:
            worker.end()
            workers.remove(worker)
        if sys.stderr.isatty():
            print(f"\r{len(done):,} of {len(numbers):,}", end="", file=sys.stderr)
    return done


def _lost(worker: Worker, why: str) -> Outcome:
    worker.end()
    return Outcome(worker.number, made_file(worker.seed, worker.number).kind, failure=why, end="lost")


def report(done: list[Outcome]) -> int:
    """Print what became of the files by kind; 1 where one failed."""
    kinds = Counter((one.kind.split(",")[0].split(" in ")[0], one.end) for one in done)
    for (kind, end), count in sorted(kinds.items()):
        print(f"{count:7,} {kind}: {end}")
    slowest = max(done, key=lambda one: one.seconds)
    failures = [one for one in done if one.failure]
    print(f"{len(done):,} files, {sum(one.n_bytes for one in done) / 1e6:.0f} MB, the slowest {slowest.seconds:.2f} s "
          f"(file {slowest.number}); {len(failures)} failures")
    return 1 if failures else 0


def main() -> int:
    """Make, load and judge; or write one file to look at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", type=int, help="the number of one file, written to --out and loaded")
    parser.add_argument("--out", type=Path, default=Path("."))
    options = parser.parse_args()
    if options.only is None:
        return report(outcomes(options.seed, list(range(options.files)), options.workers))
    made = made_file(options.seed, options.only)
    (options.out / made.name).write_bytes(made.content)
    one = outcome_of(options.seed, options.only)
    print(one.failure)
    return report([one])


if __name__ == "__main__":
    sys.exit(main())
