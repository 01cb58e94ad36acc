"""File -> rates by site and month, ours beside Polars, answers checked equal: wall time, peak memory, ratios."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cohort import write_cohort

ROOT = Path(__file__).parent.parent

COMPILED_ONCE = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As on a usual computer, Python keeps what it compiled: without, every start would compile all modules again."""


def measured(command: list[str], out: Path) -> tuple[float, float]:
    """Run a command with its output in a file; seconds of wall time and peak memory in MB."""
    started = time.perf_counter()
    with out.open("wb") as stream:
        process = os.posix_spawn(command[0], command, COMPILED_ONCE, file_actions=[
            (os.POSIX_SPAWN_DUP2, stream.fileno(), 1)])
        _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"{' '.join(command[:4])} ended with {os.waitstatus_to_exitcode(status)}")
    kilobytes = usage.ru_maxrss / (1024 if platform.system() == "Darwin" else 1)
    return seconds, kilobytes / 1024


def our_answer(path: Path) -> list[dict]:
    """Our JSON in the shape of the other tool's."""
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    return [{**one["stratum"], "courses": one["courses"], "numerator": one["numerator"],
             "denominator": one["denominator"], "lost": one["left_out"].get("no_endpoint", 0)}
            for one in results if one["measure"] == "response" and one["stratum"]]


def compare(n_scores: int, runs: int, folder: Path) -> None:
    """Time both on one cohort, in turn, and print the medians."""
    files = [str(path) for path in write_cohort(folder, n_scores)]
    ours = [sys.executable, "-m", "analytics", "summary", *files, "--rules", "induction", "--by", "site", "--by",
            "start_month", "--format", "json"]
    other = [sys.executable, str(ROOT / "benchmarks" / "polars_rates.py"), *files]
    times: dict[str, list[tuple[float, float]]] = {"ours": [], "polars": []}
    measured(ours, folder / "ours.json")
    for _ in range(runs):
        times["ours"].append(measured(ours, folder / "ours.json"))
        times["polars"].append(measured(other, folder / "polars.json"))
    theirs = json.loads((folder / "polars.json").read_text(encoding="utf-8"))
    if our_answer(folder / "ours.json") != theirs:
        raise SystemExit("The two answers differ.")
    seconds = {name: statistics.median(one[0] for one in runs) for name, runs in times.items()}
    memory = {name: max(one[1] for one in runs) for name, runs in times.items()}
    print(f"| {n_scores:,} | {seconds['ours']:.2f} s | {seconds['polars']:.2f} s | "
          f"{seconds['ours'] / seconds['polars']:.1f} | {memory['ours']:.0f} MB | {memory['polars']:.0f} MB | equal |")


def main() -> None:
    """Print a table with one line a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    os.chdir(ROOT)
    print("| scores | ours | Polars | ratio | our memory | Polars memory | answers |\n|---|---|---|---|---|---|---|")
    for n_scores in options.scores:
        with tempfile.TemporaryDirectory() as folder:
            compare(n_scores, options.runs, Path(folder))


if __name__ == "__main__":
    main()
