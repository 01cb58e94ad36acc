"""A comparison of two groups from prepared outcomes, ours beside the same SciPy and statsmodels calls: seconds, ratio.

Ours gives groups with intervals, overlap, difference, effect sizes, tests and the reading; beside it stand the bare
library calls on arrays that are already there. Answers are checked equal.
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
from analytics.results.comparison_sides import Levels
from analytics.results.comparison_values import judged
from analytics.wording.comparison import reading

VALUES = ("North", "South")


def seconds_of(call: Callable[[], object], runs: int) -> float:
    """The median time of a call."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def arrays(of: analytics.outcomes, measure: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Value, baseline and group of the courses that are compared."""
    from analytics.definitions.measures import MEASURES
    from analytics.results.comparison_sides import sides
    from analytics.results.rates import Counting

    counting = Counting(of, "phq9", sides(of, "phq9", Levels("site", VALUES)).apart)
    taken = judged(of, counting, MEASURES[measure], "first")
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


def compare_at(n_courses: int, runs: int, folder: Path) -> None:
    """Print one line a measure for a cohort of so many courses."""
    files = write_cohort(folder, round(n_courses * SCORES_PER_COHORT_COURSE))
    of = analytics.outcomes(analytics.load(files), analytics.rule_set("induction"))
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


def main() -> None:
    """Print a table, two lines a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, nargs="+", default=[12_000, 250_000])
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    print("| courses | measure | first, with imports | ours | SciPy and statsmodels | ratio | three groups, pairs | "
          "answers |\n|---|---|---|---|---|---|---|---|")
    for n_courses in options.courses:
        with tempfile.TemporaryDirectory() as folder:
            compare_at(n_courses, options.runs, Path(folder))


if __name__ == "__main__":
    main()
