"""What the Compare and the Counting page ask of the server, from prepared outcomes: seconds.

First one comparison of two groups, ours beside the same SciPy and statsmodels calls. Ours gives groups with intervals,
overlap, difference, effect sizes, tests and the reading; beside it stand the bare library calls on arrays that are
already there. Answers are checked equal. Then a whole click on the Compare page: every measure, the table before
treatment, before and after of each side and the figures with their bytes; beside it the library calls of all its
measures. Then each section of the Counting page.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from cohort import SCORES_PER_COHORT_COURSE, write_cohort

import analytics
from analytics.definitions.measures import MEASURES
from analytics.definitions.old_ways import USUAL_WAYS
from analytics.figures.forest import ForestRow, forest_figure
from analytics.figures.theme import PALETTES
from analytics.results.baseline_table import baseline_table
from analytics.results.before_after import before_after
from analytics.results.bridge import bridge
from analytics.results.comparison import compare_measures
from analytics.results.comparison_sides import Levels, sides
from analytics.results.comparison_values import judged
from analytics.results.missing import missing
from analytics.results.published import published
from analytics.results.rates import Counting
from analytics.results.side_by_side import side_by_side
from analytics.results.what_if import what_if
from analytics.wording.comparison import reading
from analytics.wording.comparison_phrases import headline_of

VALUES = ("North", "South")


def seconds_of(call: Callable[[], object], runs: int) -> float:
    """The median time of a call."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def both_clocks(call: Callable[[], object], runs: int) -> str:
    """The least time of a call by the clock, and the least that a processor worked for it: other work delays one."""
    clock, processor = [], []
    for _ in range(runs):
        started, worked = time.perf_counter(), time.process_time()
        call()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - worked)
    return f"{min(clock):.2f} s | {min(processor):.2f} s"


def arrays(of: analytics.outcomes, measure: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Value, baseline and group of the courses that are compared."""
    counting = Counting(of, "phq9", sides(of, "phq9", Levels("site", VALUES)).apart)
    taken = judged(counting, MEASURES[measure], "first")
    return taken.value, taken.baseline, taken.group


def libraries_on_rates(value: np.ndarray, baseline: np.ndarray, group: np.ndarray) -> float:
    """The same questions put to SciPy and statsmodels: p of the chi-square test."""
    from scipy.stats import chi2_contingency
    from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

    x, n = np.bincount(group, value), np.bincount(group)
    proportion_confint(x, n, method="wilson")
    confint_proportions_2indep(*(x[0], n[0], x[1], n[1]), method="score", compare="diff")
    confint_proportions_2indep(*(x[0], n[0], x[1], n[1]), method="log", compare="ratio")
    return float(chi2_contingency(np.array([x, n - x]), correction=False).pvalue)


def libraries_on_means(value: np.ndarray, baseline: np.ndarray, group: np.ndarray) -> float:
    """The same questions put to SciPy and statsmodels: the adjusted difference."""
    import pandas as pd
    from scipy.stats import mannwhitneyu, ttest_ind
    from statsmodels.formula.api import ols

    first, second = value[group == 0], value[group == 1]
    ttest_ind(first, second, equal_var=False).confidence_interval()
    mannwhitneyu(first, second)
    frame = pd.DataFrame({"change": value, "baseline": baseline, "is_first": (group == 0).astype(float)})
    fit = ols("change ~ is_first + baseline", frame).fit(cov_type="HC3", use_t=True)
    fit.conf_int()
    return float(fit.params["is_first"])


LIBRARIES = {"rate": libraries_on_rates, "mean": libraries_on_means}


def compare_at(of: analytics.outcomes, runs: int) -> None:
    """Print one line a measure."""
    for measure, theirs in (("response", libraries_on_rates), ("mean_improvement", libraries_on_means)):
        def ours(measure: str = measure) -> object:
            found = analytics.compare(of, "phq9", measure, Levels("site", VALUES))
            return found, reading(found)

        started = time.perf_counter()
        found, _ = ours()
        first = time.perf_counter() - started
        taken = arrays(of, measure)
        answer = theirs(*taken)
        if not np.isclose(answer, found.test.p if measure == "response" else found.adjusted.estimate):
            raise SystemExit("The two answers differ.")
        mine, other = seconds_of(ours, runs), seconds_of(lambda taken=taken, theirs=theirs: theirs(*taken), runs)
        three = seconds_of(lambda measure=measure: analytics.compare(of, "phq9", measure, "site"), runs)
        print(f"| {len(of.courses):,} | {measure} | {first:.2f} s | {mine:.3f} s | {other:.3f} s | "
              f"{mine / other:.1f} | {three:.3f} s | equal |", flush=True)


def click(of: analytics.outcomes, groups: Levels, courses: str = "first") -> int:
    """Everything the Compare page shows after a click; the bytes of its figure."""
    every = [one.key for one in of.measures_of("phq9")]
    found = compare_measures(of, "phq9", every, groups, courses=courses)
    reading(found[0])
    baseline_table(of, "phq9", "response", groups)
    for value in groups.values or ():
        before_after(of, "phq9", {groups.by: [value]})
    headlines = [(one.measure, headline_of(one)) for one in found if one.difference is not None]
    rows = [ForestRow(measure, "", one.estimate, one.low, one.high) for measure, one in headlines if one is not None]
    return len(forest_figure(rows, "points", "North", "South", PALETTES["light"]).to_json())


def libraries_on_all(taken: dict[str, tuple[np.ndarray, ...]]) -> None:
    """The calls of SciPy and statsmodels for every measure of the instrument."""
    for measure, each in taken.items():
        LIBRARIES[MEASURES[measure].kind](*each)


def click_at(of: analytics.outcomes, runs: int) -> None:
    """Print one line a way to compare."""
    taken = {one.key: arrays(of, one.key) for one in of.measures_of("phq9")}
    # SciPy's test refuses a table in which nobody or everybody has it.
    taken = {key: each for key, each in taken.items()
             if MEASURES[key].kind == "mean" or (len(each[0]) and 0 < each[0].sum() < len(each[0]))}
    other = both_clocks(lambda: libraries_on_all(taken), runs)
    for name, groups, courses in (
            ("two sites", Levels("site", VALUES), "first"), ("two sites, all courses", Levels("site", VALUES), "all"),
            ("three sites, every pair", Levels("site"), "first"),
            ("quarters of the start", Levels("start_quarter"), "first")):
        n_bytes = click(of, groups, courses)
        mine = both_clocks(lambda groups=groups, courses=courses: click(of, groups, courses), runs)
        beside = other if name == "two sites" else "- | -"
        print(f"| {len(of.courses):,} | {name} | {mine} | {beside} | {n_bytes / 1000:.0f} kB |", flush=True)


def sections(of: analytics.outcomes) -> dict[str, Callable[[], object]]:
    """The sections of the Counting page that count anew."""
    return {
        "every measure and preset, side by side": lambda: side_by_side(of, "phq9"),
        "what one other choice would do": lambda: what_if(of.tables, of.rules, "phq9", as_of=of.as_of, of=of),
        "from the old number to ours": lambda: bridge(of, USUAL_WAYS["first_to_last"], "phq9"),
        "published figures, counted their way": lambda: published(of),
        "those lost": lambda: missing(of, "phq9", "response"),
    }


def counting_at(of: analytics.outcomes, runs: int) -> None:
    """Print one line a section."""
    for name, section in sections(of).items():
        print(f"| {len(of.courses):,} | {name} | {both_clocks(section, runs)} |", flush=True)


def cohort(n_courses: int, folder: Path) -> analytics.outcomes:
    """The outcomes of a cohort of so many courses, by the rules the dashboard starts with."""
    files = write_cohort(folder, round(n_courses * SCORES_PER_COHORT_COURSE))
    return analytics.outcomes(analytics.load(files))


def main() -> None:
    """Print three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, nargs="+", default=[12_000, 250_000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cohorts = [cohort(n_courses, Path(folder, str(n_courses))) for n_courses in options.courses]
    print("| courses | measure | first, with imports | ours | SciPy and statsmodels | ratio | three groups, pairs | "
          "answers |\n|---|---|---|---|---|---|---|---|")
    for of in cohorts:
        compare_at(of, options.runs)
    print("\n| courses | a click on Compare | ours | processor | SciPy and statsmodels, every measure | processor | "
          "figure |\n|---|---|---|---|---|---|---|")
    for of in cohorts:
        click_at(of, options.runs)
    print("\n| courses | a section of Counting | ours | processor |\n|---|---|---|---|")
    for of in cohorts:
        counting_at(of, options.runs)


if __name__ == "__main__":
    main()
