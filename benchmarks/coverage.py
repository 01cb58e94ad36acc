"""How often the intervals hold the truth: simulated, seeded, printed as a Markdown table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from analytics.statistics.differences import miettinen_nurminen, newcombe
from analytics.statistics.mean_differences import adjusted_difference, clustered_difference
from analytics.statistics.proportions import effective_trials, wilson

SIZES = (10, 30, 100, 1_000)
AIM = (93.0, 97.0)
RETURN_AFTER_SUCCESS, RETURN_AFTER_FAILURE, MOST_COURSES = 0.5, 0.2, 6
BETA = (2.16, 1.84)
"""Patients differ: their own probability of success is drawn with mean 0.54 and standard deviation 0.22."""

EFFECT = 3.0

Draw = Callable[[np.random.Generator, int, int], float]


def share_held(low: np.ndarray, high: np.ndarray, truth: float) -> float:
    """Percent of the intervals that hold the truth; an interval that does not exist holds nothing."""
    return 100 * float(((low <= truth) & (truth <= high)).mean())


def plain_wilson(share: float) -> Draw:
    def held(rng: np.random.Generator, n: int, n_runs: int) -> float:
        low, high = wilson(rng.binomial(n, share, n_runs), np.full(n_runs, n))
        return share_held(low, high, share)
    return held


def difference(interval: Callable, first: float, second: float, ratio: float = 1.0) -> Draw:
    """Two sides, the second ``ratio`` times as large as the first."""
    def held(rng: np.random.Generator, n: int, n_runs: int) -> float:
        n_second = int(n * ratio)
        low, high = interval(rng.binomial(n, first, n_runs), n, rng.binomial(n_second, second, n_runs), n_second)
        return share_held(low, high, first - second)
    return held


def patients(rng: np.random.Generator, n_patients: int) -> tuple[np.ndarray, np.ndarray]:
    """Successes and courses of each patient; a good course is more often followed by another."""
    own = rng.beta(*BETA, n_patients)
    successes, courses, is_here = np.zeros(n_patients), np.zeros(n_patients), np.ones(n_patients, dtype=bool)
    for _ in range(MOST_COURSES):
        is_success = is_here & (rng.random(n_patients) < own)
        successes += is_success
        courses += is_here
        is_here &= rng.random(n_patients) < np.where(is_success, RETURN_AFTER_SUCCESS, RETURN_AFTER_FAILURE)
    return successes, courses


def share_of_courses() -> float:
    """The truth for returning patients: the share of all courses that succeed, counted over ten million."""
    successes, courses = patients(np.random.default_rng(1), 10_000_000)
    return float(successes.sum() / courses.sum())


def returning(is_clustered: bool) -> Draw:
    """Wilson for the courses of ``n`` patients, with and without regard to who they belong to."""
    truth = share_of_courses()

    def held(rng: np.random.Generator, n: int, n_runs: int) -> float:
        successes, courses = patients(rng, n * n_runs)
        run = np.repeat(np.arange(n_runs), n)
        seen, trials = np.bincount(run, successes), np.bincount(run, courses)
        none = np.zeros(n_runs)
        size = effective_trials(successes, courses, run, none, none) if is_clustered else trials
        return share_held(*wilson(seen / trials * size, size), truth)
    return held


def adjusted(is_skewed: bool, ratio: float = 1.0) -> Draw:
    """Analysis of covariance; skewed means a gamma error, its spread twice as large on the second side."""
    def held(rng: np.random.Generator, n: int, n_runs: int) -> float:
        group = np.repeat([1, 2], [n, int(n * ratio)])
        ends = []
        for _ in range(n_runs):
            baseline = rng.normal(18, 4, len(group))
            error = rng.gamma(2, 1, len(group)) - 2 if is_skewed else rng.normal(0, 1.4, len(group))
            error *= np.where(group == 2, 6, 3) if is_skewed else 4
            change = 2 + 0.4 * (baseline - 18) + EFFECT * (group == 1) + error
            one = adjusted_difference(change, baseline, group, levels=(1, 2))
            ends.append((one.low, one.high))
        return share_held(*np.array(ends, dtype=float).T, EFFECT)
    return held


def by_cluster(is_adjusted: bool) -> Draw:
    """Two sides of ``n`` patients with one to six courses each that share a patient's own level."""
    def held(rng: np.random.Generator, n: int, n_runs: int) -> float:
        ends = []
        for _ in range(n_runs):
            courses = rng.choice([1, 2, 3, 6], 2 * n, p=[0.6, 0.2, 0.1, 0.1])
            cluster = np.repeat(np.arange(2 * n), courses)
            group = np.where(cluster < n, 1, 2)
            baseline = rng.normal(18, 4, len(group))
            change = (2 + 0.4 * (baseline - 18) + EFFECT * (group == 1) + rng.normal(0, 3, 2 * n)[cluster]
                      + rng.normal(0, 4, len(group)))
            one = (adjusted_difference(change, baseline, group, cluster, levels=(1, 2)) if is_adjusted else
                   clustered_difference(change, group, cluster, levels=(1, 2)))
            ends.append((one.low, one.high))
        return share_held(*np.array(ends, dtype=float).T, EFFECT)
    return held


ROWS: tuple[tuple[str, Draw, int], ...] = (
    ("Wilson, true share 54 %", plain_wilson(0.54), 0),
    ("Wilson, 29 %", plain_wilson(0.29), 0),
    ("Wilson, 8 %", plain_wilson(0.08), 0),
    ("Wilson by patient, patients return more often after a good course", returning(True), 0),
    ("the same courses, plain Wilson (what would happen without)", returning(False), 0),
    ("Miettinen-Nurminen, 54 % v 41 %", difference(miettinen_nurminen, 0.54, 0.41), 0),
    ("Miettinen-Nurminen, 29 % v 29 %", difference(miettinen_nurminen, 0.29, 0.29), 0),
    ("Miettinen-Nurminen, 29 % v 8 %, second side three times as large", difference(miettinen_nurminen, 0.29, 0.08, 3),
     0),
    ("Miettinen-Nurminen, 8 % v 8 %", difference(miettinen_nurminen, 0.08, 0.08), 0),
    ("Newcombe, 54 % v 41 %", difference(newcombe, 0.54, 0.41), 0),
    ("Newcombe, 8 % v 8 %", difference(newcombe, 0.08, 0.08), 0),
    ("Adjusted difference (HC3), normal errors", adjusted(False), 2_000),
    ("Adjusted difference (HC3), skewed errors, spreads 1 : 2, second side half as large", adjusted(True, 0.5), 2_000),
    ("Adjusted difference by patient, one to six courses each", by_cluster(True), 400),
    ("Difference of means by patient, one to six courses each", by_cluster(False), 400),
)
"""Name, how one size is simulated, and the most runs a cell where each needs a model of its own (0: none does)."""


def table(n_runs: int, n_models: int, seed: int) -> str:
    """One row an interval, one column a size; a cell outside 93-97 % in bold."""
    lines = ["| Interval | " + " | ".join(f"n = {size:,}" for size in SIZES) + " |",
             "| --- |" + " ---: |" * len(SIZES)]
    for row, (name, draw, most_models) in enumerate(ROWS):
        cells = []
        for size in SIZES:
            # Many large runs would not fit into memory at once.
            runs = min(n_models, most_models) if most_models else min(n_runs, 20_000_000 // size)
            held = draw(np.random.default_rng([seed, row, size]), size, runs)
            cells.append(f"{held:.1f}" if AIM[0] <= held <= AIM[1] else f"**{held:.1f}**")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
        print(lines[-1], file=sys.stderr)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000, help="runs a cell (20,000)")
    parser.add_argument("--models", type=int, default=2_000, help="runs a cell where each needs a model (2,000)")
    parser.add_argument("--seed", type=int, default=20_241_101)
    given = parser.parse_args()
    print(table(given.runs, given.models, given.seed))


if __name__ == "__main__":
    main()
