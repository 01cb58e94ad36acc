"""How long a report takes from the files to the file, and how large it is: the whole command, as a person runs it.

``python benchmarks/reports.py [COURSES...]``; without numbers the sample alone.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.cohort import SCORES_PER_COHORT_COURSE, write_cohort

ROOT = Path(__file__).parent.parent
EXTENSIONS = (".pptx", ".xlsx", ".html", ".pdf")


def main(sizes: list[int]) -> None:
    """Print a line of a table for each file of each cohort."""
    print("| files | out | wall, s | processor, s | memory, MB | size, kB |")
    print("|---|---|---|---|---|---|")
    sample = [ROOT / "sample_data" / f"{name}.csv" for name in ("assessments", "sessions", "patients")]
    with tempfile.TemporaryDirectory() as folder:
        measured("sample", sample, Path(folder))
        for size in sizes:
            files = write_cohort(Path(folder) / str(size), round(size * SCORES_PER_COHORT_COURSE), with_forms=True)
            measured(f"{size:,} courses", files, Path(folder))


def measured(name: str, files: list[Path], folder: Path) -> None:
    """The best of three by processor time, for each kind of file."""
    for extension in EXTENSIONS:
        out = folder / f"report{extension}"
        wall, processor = min((one_run(files, out) for _ in range(3)), key=lambda one: one[1])
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"| {name} | {extension} | {wall:.1f} | {processor:.1f} | {memory} | {out.stat().st_size // 1000} |",
              flush=True)


def one_run(files: list[Path], out: Path) -> tuple[float, float]:
    """Wall clock and processor time of one command, in seconds."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "analytics", "report", *map(str, files), "--out", str(out)], cwd=ROOT,
                   check=True, capture_output=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]])
