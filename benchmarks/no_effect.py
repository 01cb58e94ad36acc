"""Whether the durability part finds an effect of maintenance where there is none: cohorts made so, by the product.

In every cohort a response is lost after a time drawn for each patient alone, whatever is given. Maintenance is offered
every two weeks to those who are still well on that day, and taken by some of them by chance: whoever stays well longer
is given it more often. Grouping by whether maintenance was ever given must then show a difference that is not there;
from a landmark on there must be none. A second count has single bad scores in people who are well: the next score takes
them back, but the last one before the watching ends stands, and it ends sooner for those whose first session after a
long pause opens a course of its own. Prints the table of ``docs/coverage.md``. The Monte Carlo error of a share of 5 %
over 1,000 cohorts is 0.7 percentage points.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent))

import analytics
from analytics.courses.outcomes import Outcomes
from analytics.courses.sessions import course_sessions, maintenance_days
from analytics.results.durability import Durable, durability
from analytics.results.durability_landmark import MAINTENANCE, at_landmark
from analytics.results.survival_curves import Grouping, curves

INDUCTION = (0, 3, 7, 10, 14, 17)
ENDPOINT, WELL, ILL, BASELINE = 45, 7, 17, 20
"""Day of the endpoint, within 31 days of the last induction session, and the scores that patients have."""

LAST, OFFERED_EVERY, SCORED_EVERY = 182, 14, 7
"""Days after the endpoint until which patients are watched, and between offers and between scores."""

MEAN_WELL, MEAN_WATCHED, TAKEN = 100.0, 250.0, 0.35
"""Mean days until a loss and until somebody leaves, and the share of offers that are taken."""

SINGLE_BAD = (0.0, 0.04)
"""Share of scores of people who are well that are bad by chance: none, and one in 25."""

LANDMARKS = (14, 28, 56)
AT_A_TIME = 100
ALPHA = 0.05


@dataclass(frozen=True)
class Found:
    """How many cohorts were tested, and in how many of them the log-rank test found a difference."""

    tested: int
    rejected: int

    @property
    def share(self) -> float:
        """Of those tested."""
        return self.rejected / self.tested if self.tested else float("nan")


def write_cohorts(
    folder: Path, n_cohorts: int, n_patients: int, chance: np.random.Generator, single_bad: float
) -> list[Path]:
    """Scores, sessions and the cohort of each patient; every patient responds at the endpoint."""
    n = n_cohorts * n_patients
    lost, gone = chance.exponential(MEAN_WELL, n), np.minimum(chance.exponential(MEAN_WATCHED, n), LAST)
    code = np.char.add("P", np.arange(n).astype(str))
    induction = pd.DataFrame({"patient_id": np.repeat(code, len(INDUCTION)), "day": np.tile(INDUCTION, n)})
    offered = np.arange(OFFERED_EVERY, LAST + 1, OFFERED_EVERY)
    taken = (chance.random((n, len(offered))) < TAKEN) & (offered < np.minimum(lost, gone)[:, None])
    who, when = np.nonzero(taken)
    given = pd.DataFrame({"patient_id": code[who], "day": ENDPOINT + offered[when]})
    scored = np.arange(SCORED_EVERY, LAST + 1, SCORED_EVERY)
    is_ill = (scored >= lost[:, None]) | (chance.random((n, len(scored))) < single_bad)
    who, when = np.nonzero(scored <= gone[:, None])
    scores = pd.DataFrame({
        "patient_id": np.concatenate([code, code, code[who]]),
        "day": np.concatenate([np.zeros(n, int), np.full(n, ENDPOINT), ENDPOINT + scored[when]]),
        "phq9": np.concatenate([np.full(n, BASELINE), np.full(n, WELL), np.where(is_ill[who, when], ILL, WELL)])})
    cohorts = pd.DataFrame({"patient_id": code, "cohort": np.repeat(np.arange(n_cohorts), n_patients).astype(str)})
    tables = {"scores.csv": scores, "patients.csv": cohorts,
              "sessions.csv": pd.concat([induction, given]).assign(drug="ketamine")}
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n")
    return [folder / name for name in tables]


def ever_given(of: Outcomes) -> Grouping:
    """The naive groups: whether maintenance was given at any time."""
    is_given = ~np.isnan(maintenance_days(course_sessions(of), len(of.courses)))
    return Grouping("maintenance", ("never", "ever"), is_given.astype(int), np.full(len(of.courses), "", dtype=object))


def yes_or_no(grouping: Grouping) -> Grouping:
    """Whether any maintenance was given up to the landmark: the sharper question."""
    return replace(grouping, values=(MAINTENANCE[0], "any"), of_course=np.minimum(grouping.of_course, 1))


def p_values(of: Outcomes, found: Durable, grouping: Grouping, cohort: np.ndarray) -> Iterator[float | None]:
    """The p of the log-rank test in each cohort."""
    inside = cohort[found.course]
    for one in np.unique(cohort):
        chosen = inside == one
        part = replace(found, course=found.course[chosen], time=found.time[chosen], is_event=found.is_event[chosen])
        test = curves(part, of.patient, grouping).test
        yield None if test is None else test.p


def simulate(n_cohorts: int, n_patients: int, seed: int, single_bad: float = 0.0) -> dict[str, Found]:
    """How often each way of grouping finds a difference where there is none."""
    chance = np.random.default_rng(seed)
    counts: dict[str, list[float | None]] = {}
    for start in range(0, n_cohorts, AT_A_TIME):
        with tempfile.TemporaryDirectory() as folder:
            files = write_cohorts(Path(folder), min(AT_A_TIME, n_cohorts - start), n_patients, chance, single_bad)
            of = analytics.outcomes(analytics.load(files), analytics.rule_set("induction"))
        cohort, sessions = of.courses["cohort"].astype(int).to_numpy(), course_sessions(of)
        found = durability(of, "phq9", sessions=sessions)
        asked = {"maintenance at any time (naive)": (found, ever_given(of))}
        for day in LANDMARKS:
            at = at_landmark(of, found, "maintenance", day, sessions)
            asked[f"maintenance, landmark {day} days"] = (at.found, at.grouping)
            asked[f"any maintenance, landmark {day} days"] = (at.found, yes_or_no(at.grouping))
        at = at_landmark(of, found, "sessions", LANDMARKS[1], sessions)
        asked[f"sessions so far, landmark {LANDMARKS[1]} days"] = (at.found, at.grouping)
        for name, (watched, grouping) in asked.items():
            counts.setdefault(name, []).extend(p_values(of, watched, grouping, cohort))
    known = {name: [p for p in values if p is not None] for name, values in counts.items()}
    return {name: Found(len(values), sum(p < ALPHA for p in values)) for name, values in known.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, default=1000)
    parser.add_argument("--patients", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    header = " | ".join(f"log-rank below 0.05, {share:.0%} single bad scores" for share in SINGLE_BAD)
    print(f"| groups | cohorts tested | {header} |\n|---|---|---|---|")
    found = [simulate(options.cohorts, options.patients, options.seed, share) for share in SINGLE_BAD]
    for name, first in found[0].items():
        print(f"| {name} | {first.tested:,} | {' | '.join(f'{one[name].share:.1%}' for one in found)} |")


if __name__ == "__main__":
    main()
