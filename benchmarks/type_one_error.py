"""How often the Compare page finds something where there is nothing: courses dealt to groups by chance, by the product.

Every trial draws courses from a large invented cohort, deals them to groups at random, and asks ``compare`` as the page
does, with its choice of test. Prints the table of ``docs/coverage.md``. The Monte Carlo error of a share of 5 % over
1,000 trials is 0.7 percentage points.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from cohort import SCORES_PER_COHORT_COURSE, write_cohort

import analytics
import analytics.results.comparison_rates as comparison_rates
from analytics.courses.outcomes import Outcomes

MEASURES = ("response", "remission", "worsening", "reliable_deterioration", "mean_improvement")
"""One primary measure, the first, and four explored beside it."""

ALPHA = 0.05


def pool_of(n_courses: int) -> Outcomes:
    """A large cohort, one counted course a patient."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_cohort(Path(folder), round(n_courses * SCORES_PER_COHORT_COURSE))
        of = analytics.outcomes(analytics.load(files), analytics.rule_set("induction"))
    counted = np.flatnonzero(of.table["left_out"].isna().to_numpy())
    counted = counted[np.unique(of.patient[of.table["course"].to_numpy()[counted]], return_index=True)[1]]
    needed = [name for name in of.table if name in (*MEASURES, *_NEEDED) or name.startswith("left_out")]
    return _taken(replace(of, table=of.table[needed]), counted, np.arange(len(counted)))


_NEEDED = ("course", "instrument", "baseline", "endpoint", "has_endpoint", "endpoint_days_from_anchor", "improvement",
           "looks_back")


def _taken(of: Outcomes, rows: np.ndarray, patient: np.ndarray) -> Outcomes:
    """Only the courses of these rows, as patients of these codes."""
    table = of.table.iloc[rows].assign(course=np.arange(len(rows))).reset_index(drop=True)
    return replace(of, courses=pd.DataFrame(index=range(len(rows))), table=table, patient=patient,
                   assessments_by_patient=np.ones(len(rows), dtype=int))


def dealt(pool: Outcomes, sizes: Sequence[int], chance: np.random.Generator, repeats: float = 0.0) -> Outcomes:
    """Patients drawn from the pool and dealt to groups; a share of them has a second course that ends as the first."""
    n_patients = sum(sizes)
    drawn = chance.choice(len(pool.courses), n_patients, replace=False)
    twice = 1 + (np.arange(n_patients) < round(repeats * n_patients))
    chosen = np.repeat(drawn, twice)
    patient = np.repeat(np.arange(n_patients), twice)
    arm = chance.permutation(np.repeat([f"g{number}" for number in range(len(sizes))], sizes))
    of = _taken(pool, chosen, patient)
    return replace(of, courses=of.courses.assign(arm=pd.Categorical(np.repeat(arm, twice))))


def page(of: Outcomes, courses: str) -> dict[str, tuple[str, float | None, bool]]:
    """What the page says of each measure: the test, its p, and whether the interval in the reading excludes 0."""
    answers = {}
    for measure in MEASURES:
        found = analytics.compare(of, "phq9", measure, "arm", courses=courses)
        shown = found.adjusted or found.difference
        if found.pairs:
            p = [one.p_holm for one in found.pairs if one.p_holm is not None]
            answers[measure] = found.test.name, min(p) if p else None, False
            continue
        p = found.adjusted.p if found.adjusted else found.test.p
        excludes = shown is not None and shown.low is not None and (shown.low > 0 or shown.high < 0)
        answers[measure] = found.test.name, p, excludes
    return answers


def row(pool: Outcomes, name: str, sizes: Sequence[int], n_trials: int, seed: int, *, courses: str = "first",
        repeats: float = 0.0) -> str:
    """One line of the table."""
    chance = np.random.default_rng(seed)
    pages = [page(dealt(pool, sizes, chance, repeats), courses) for _ in range(n_trials)]

    def share(finds: list[bool]) -> str:
        return f"{100 * np.mean(finds):.1f} %"

    def is_found(one: tuple[str, float | None, bool]) -> bool:
        return one[1] is not None and one[1] < ALPHA

    tests = Counter(one["response"][0] for one in pages)
    by_measure = [share([is_found(one[measure]) for one in pages]) for measure in MEASURES]
    intervals = "" if len(sizes) > 2 else share([one["response"][2] for one in pages])
    anything = share([any(is_found(one) for one in answers.values()) for answers in pages])
    used = ", ".join(f"{test.split(',')[0]} {100 * number / n_trials:.0f} %" for test, number in tests.most_common())
    return f"| {name} | {n_trials:,} | {' | '.join(by_measure)} | {intervals} | {anything} | {used} |"


CASES = (
    ("10 and 10", (10, 10), {}),
    ("30 and 30", (30, 30), {}),
    ("15 and 85", (15, 85), {}),
    ("100 and 100", (100, 100), {}),
    ("1,000 and 1,000", (1000, 1000), {}),
    ("30, 30 and 30, smallest Holm p of the pairs", (30, 30, 30), {}),
    ("100 and 100 patients, half with two courses; first course of each", (100, 100), {"repeats": 0.5}),
    ("the same; all courses, errors by patient", (100, 100), {"repeats": 0.5, "courses": "all"}),
)


def remember_intervals() -> None:
    """Compute each interval once: few counts come again and again, and the same counts have the same interval."""
    search = comparison_rates.miettinen_nurminen
    known: dict[tuple[tuple[float, ...], ...], tuple[np.ndarray, np.ndarray]] = {}

    def remembered(*counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        asked = tuple(tuple(one.tolist()) for one in counts)
        if asked not in known:
            known[asked] = search(*counts)
        return known[asked]

    comparison_rates.miettinen_nurminen = remembered


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, nargs="+", default=range(len(CASES)), help="lines of the table, from 0")
    options = parser.parse_args()
    remember_intervals()
    pool = pool_of(12_000)
    print(f"| courses of the groups | trials | {' | '.join(MEASURES)} | interval of response | any of five | "
          "test of response |\n" + f"|{'---|' * (len(MEASURES) + 5)}", flush=True)
    for number in options.cases:
        name, sizes, options_of = CASES[number]
        print(row(pool, name, sizes, options.trials, options.seed + number, **options_of), flush=True)


if __name__ == "__main__":
    main()
