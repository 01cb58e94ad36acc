"""What a page asks of the server: its first look and a click on a filter, in seconds, bytes and marks.

Every page and part runs as the server runs it, with the dashboard's own caches, on a cohort with forms, item 9 and a
pain scale. A look is asked three ways: for the first time under these rules; under filters that nobody has chosen
before (medians, and the longest); and again under the same filters, when every answer is kept and what remains is
Streamlit and drawing. Beside it stand the same click on the Overview and a plain groupby of pandas. Another process
may have the processor: the processor's own time and the ratios are to be trusted, the clock is not.
"""

from __future__ import annotations

import argparse
import base64
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from cohort import SCORES_PER_COHORT_COURSE, write_cohort
from streamlit.testing.v1 import AppTest

from analytics.app import address, courses_panels, loading, page_options, questions, state
from analytics.app.datasets import Dataset
from analytics.app.questions import Question
from analytics.app.shelves import Recent

ROOT = Path(__file__).parent.parent
BROWSER = "benchmark"
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "Overview": ("overview", {}),
    "Course by day": ("over_time", {}),
    "Course by session": ("over_time", {"course.axis": "session"}),
    "Course, lines by site": ("over_time", {"course.split": "by", "course.until": "365"}),
    "Course, mood beside pain": ("over_time", {"course.beside": "yes", "course.lines": "yes"}),
    "Response by sessions": ("over_time", {"over.part": "response"}),
    "Response by days and site": ("over_time", {
        "over.part": "response", "response.unit": "days", "response.split": "by"}),
    "Durability": ("over_time", {"over.part": "durability"}),
    "Durability by site": ("over_time", {"over.part": "durability", "durability.split": "by"}),
    "Durability by maintenance": ("over_time", {"over.part": "durability", "durability.split": "maintenance"}),
    "Trends": ("trends", {}),
    "Trends, a chart each site": ("trends", {"trends.sites": "yes"}),
    "Safety": ("safety", {}),
    "Safety by site": ("safety", {"safety.split": "by"}),
    "Courses": ("courses", {}),
    "Courses, sorted by change": ("courses", {"courses.sort": "change"}),
    "Courses, lost response": ("courses", {"courses.list": "lost"}),
    "Courses, item 9": ("courses", {"courses.list": "item9"}),
    "Courses, worklist": ("courses", {"courses.list": "worklist"}),
}
"""What is looked at: the page's file, and the choices on it beyond the defaults."""

FILTERS = ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
"""Places of the sites that are chosen, one after the other; no answer rests on two of them."""


@dataclass(frozen=True)
class Look:
    """One run of a page: seconds by the clock and of the processor, and what was sent.

    Attributes
    ----------
    charts : bytes of the largest chart, and the most marks of any chart
    sent : bytes of everything that the page is made of
    """

    clock: float
    processor: float
    charts: tuple[int, int]
    sent: int


def forget_answers(dataset: Dataset) -> None:
    """Forget every answer but the outcomes, so that no page is quick because of another."""
    of = Question(dataset, questions.start_view(dataset.shape)).outcomes
    vars(of).pop("kept", None)
    kept = Recent()
    loading.answer_of = lambda _, key, make: of if key[0] == "outcomes" else kept.answer(key, make)


def timed(call: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - clock, time.process_time() - processor


def opened(dataset: Dataset, page: str, choices: Mapping[str, str]) -> tuple[AppTest, Callable[[], Any]]:
    """The dashboard on the Methods page with the choices of another, and the call that goes there."""
    view = questions.start_view(dataset.shape)
    for key, value in choices.items():
        view = page_options.with_choice(view, key, value)
    app = AppTest.from_file(str(ROOT / "analytics" / "app" / "main.py"), default_timeout=600)
    app.query_params.update(address.encode_view(view, dataset.shape))
    app.switch_page("views/methods.py").run()
    return app, lambda: app.switch_page(f"views/{page}.py").run()


def look(app: AppTest, call: Callable[[], Any]) -> Look:
    """Run a page, and weigh what it sends."""
    clock, processor = timed(call)
    if app.exception:
        raise SystemExit(f"The page failed: {app.exception}")
    specs = [json.loads(one.proto.spec) for one in app.get("plotly_chart")]
    sizes = [len(one.proto.spec.encode()) for one in app.get("plotly_chart")]
    sent = sum(one.proto.ByteSize() for one in app.main if hasattr(one, "proto") and one.proto is not None)
    return Look(clock, processor, (max(sizes, default=0), max(map(marks, specs), default=0)), sent)


def marks(spec: dict[str, Any]) -> int:
    """Points, bars and cells of a chart: the longest array of every trace."""
    return sum(max((length(values) for values in trace.values()), default=0) for trace in spec["data"])


def length(values: Any) -> int:
    """Elements of an array of a chart; 0 for anything else."""
    if isinstance(values, list):
        return sum(map(length, values)) if values and isinstance(values[0], list) else len(values)
    if isinstance(values, dict) and "bdata" in values:
        return len(base64.b64decode(values["bdata"])) // np.dtype(values["dtype"]).itemsize
    return 0


def filtered(app: AppTest) -> Iterator[Look]:
    """A look under every choice of sites."""
    for places in FILTERS:
        box = next(one for one in app.multiselect if one.label == "site")
        yield look(app, lambda box=box, places=places: box.set_value(list(places)).run())


def page_at(dataset: Dataset, name: str) -> tuple[Look, list[Look], Look]:
    """The first look at a page, those under other filters, and the same again."""
    page, choices = PAGES[name]
    forget_answers(dataset)
    app, go = opened(dataset, page, choices)
    first = look(app, go)
    others = list(filtered(app))
    return first, others, look(app, app.run)


def said(name: str, first: Look, others: list[Look], again: Look, beside: float) -> str:
    """One line of the table."""
    def middle(which: str) -> float:
        return statistics.median(getattr(one, which) for one in others)

    every = (first, *others, again)
    n_bytes, n_marks = (max(one.charts[place] for one in every) for place in (0, 1))
    return (f"| {name} | {first.processor:.2f} | {1000 * middle('processor'):.0f} | "
            f"{1000 * max(one.processor for one in others):.0f} | {1000 * middle('clock'):.0f} | "
            f"{1000 * again.processor:.0f} | {middle('processor') / beside:.1f} | {n_bytes / 1000:.0f} | {n_marks:,} | "
            f"{max(one.sent for one in every) / 1000:.0f} |")


def groupby(question: Question) -> float:
    """Seconds of the processor for pandas' plain rate by site of the same courses; the least of some runs."""
    table, courses = question.outcomes.table, question.outcomes.courses

    def call() -> None:
        own = table[(table["instrument"] == "phq9").to_numpy(bool)]
        own["response"].astype("Float64").groupby(courses["site"].to_numpy()[own["course"]]).agg(["sum", "count"])

    return min(timed(call)[1] for _ in range(5))


def beside_lines(dataset: Dataset) -> list[str]:
    """What is asked beside the pages: the answers kept per rules, each by itself, and the list of courses as a file."""
    question = Question(dataset, questions.start_view(dataset.shape))
    of = question.outcomes
    listed = courses_panels.listed(question, "all")
    rows = courses_panels.table_of(question, listed, listed.course, with_runs=False)
    lines = [("pandas groupby of the same courses", groupby(question)),
             ("every course as CSV", timed(lambda: courses_panels.csv_of(rows))[1])]
    return [f"{len(of.courses):,} courses, {len(of.tables.sessions):,} sessions, {len(of.tables.assessments):,} scores",
            *(f"{name}: {seconds:.3f} s of the processor" for name, seconds in lines)]


def memory() -> str:
    """What the process holds, and the most it ever held, in MB; empty where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return ""
    words = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    held, most = (int(words[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM"))
    return f"holds {held:,} MB, held at most {most:,} MB"


def cohort_at(n_courses: int, folder: Path, names: list[str]) -> None:
    """Print the table of one cohort."""
    answer_of = loading.answer_of
    files = write_cohort(folder, round(n_courses * SCORES_PER_COHORT_COURSE), with_forms=True)
    seconds = timed(lambda: loading.upload(BROWSER, [(one.name, one.read_bytes()) for one in files], dates="keep"))
    dataset = loading.uploads(BROWSER)[0]
    print(f"\nFiles read in {seconds[1]:.1f} s of the processor; {memory()}")
    first = timed(lambda: Question(dataset, questions.start_view(dataset.shape)).outcomes)
    print(f"Outcomes in {first[1]:.1f} s; {memory()}\n", flush=True)
    print("| page | first, s | a filter, ms | longest | clock | again | to Overview | chart, kB | marks | sent, kB |\n"
          "|---|---|---|---|---|---|---|---|---|---|")
    overview = page_at(dataset, "Overview")
    beside = statistics.median(one.processor for one in overview[1])
    for name in names:
        found = overview if name == "Overview" else page_at(dataset, name)
        print(said(name, *found, beside), flush=True)
    print("\n" + "\n".join([*beside_lines(dataset), memory()]), flush=True)
    loading.forget(BROWSER)
    loading.answer_of = answer_of


def main() -> None:
    """Print a table a cohort."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, nargs="+", default=[12_000, 250_000])
    parser.add_argument("--pages", nargs="+", default=list(PAGES), choices=list(PAGES), metavar="NAME")
    options = parser.parse_args()
    state.browser = lambda: BROWSER
    # As on a server that has been up for a moment.
    loading.import_models()
    for n_courses in options.courses:
        with tempfile.TemporaryDirectory() as folder:
            cohort_at(n_courses, Path(folder), options.pages)


if __name__ == "__main__":
    main()
