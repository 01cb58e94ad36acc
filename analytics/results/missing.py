"""Those who were lost: what they could do to a rate, and how they differ from those who were followed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.definitions.measures import LEFT_OUT, MEASURES, Measure
from analytics.definitions.old_ways import Way
from analytics.results.cohorts import Where, in_cohort, strata
from analytics.results.ground import ground, is_recounted
from analytics.results.old_endpoints import last_seen
from analytics.results.rates import Counting, Mean, Rate, Share, is_achieved, means, rates
from analytics.results.recount import Counted, by_rules, by_way
from analytics.statistics.planning import WIDTH, trials_more
from analytics.statistics.proportions import effective_trials
from analytics.statistics.tipping import achieved_for_line

HALF = 0.5


@dataclass(frozen=True)
class Scores:
    """Scores of some courses, in points; mean, sd and median are missing where there are too few for one."""

    n: int
    mean: float | None
    sd: float | None
    median: float | None


@dataclass(frozen=True)
class Tipping:
    """How many of the lost must have made it for the rate of all to reach a line.

    Attributes
    ----------
    name : ``observed`` (the rate of those followed), ``low`` (the low end of its interval) or ``half``
    line : 0 to 1
    needed : 0 where it is reached if all of them failed; missing where not even all of them suffice
    """

    name: str
    line: float
    needed: int | None


@dataclass(frozen=True)
class Missing:
    """One measure with everything that those lost could do to it.

    Attributes
    ----------
    result : the rate or the mean by the rules in force
    observed : of those with both scores alone; missing for a mean, which says it itself
    lost : courses that should have been judged and have no endpoint
    last_available : with the last score seen after the first session in the place of a missing endpoint; those who
        have none stay lost. Missing for harm and for a mean
    carried : the same, and those who have none are taken to be as they were at the start
    tipping : empty for harm and means, and where nobody was lost or nobody followed
    baseline_followed, baseline_lost : starting scores
    seen_followed, seen_lost : the last scores after the start and before the endpoint's window opens
    more : courses more until the interval is ``width`` wide; 0 where it is already, missing for a mean
    """

    result: Rate | Mean
    observed: Share | None
    lost: int
    last_available: Counted | None
    carried: Counted | None
    tipping: tuple[Tipping, ...]
    baseline_followed: Scores
    baseline_lost: Scores
    seen_followed: Scores
    seen_lost: Scores
    more: int | None
    width: float = WIDTH


def missing(of: Outcomes, instrument: str, measure: str, where: Where | None = None) -> Missing:
    """What those lost could do to one measure of one instrument.

    Raises
    ------
    ValueError
        When the files do not hold the instrument, or it does not have the measure.
    """
    if instrument not in of.instrument_keys or MEASURES.get(measure) not in of.measures_of(instrument):
        raise ValueError(f"There is no {measure!r} of {instrument!r} in the files.")
    counting = Counting(of, instrument, strata(of, (), in_cohort(of, where or {})))
    chosen = MEASURES[measure]
    reason = counting.reasons(chosen)
    counted = reason < 0
    is_lost = (reason == LEFT_OUT.index("no_endpoint")) | (counted & ~counting.has_endpoint)
    followed = counted & ~is_lost
    result = (rates if chosen.kind == "rate" else means)(counting, chosen)[0]
    observed = _observed(counting, chosen, followed) if chosen.kind == "rate" else None
    base = ground(of, instrument, where)
    seen = last_seen(base)[counting.rows["course"].to_numpy()]
    baseline = counting.rows["baseline"].to_numpy(float, na_value=np.nan)
    on = replace(base, measure=chosen) if is_recounted(chosen, base.instrument) else None
    return Missing(
        result, observed, int(is_lost.sum()),
        None if on is None else by_rules(on, tuple(replace(one, endpoint_pick="last_available")
                                                   for one in on.courses.rules)),
        None if on is None else by_way(on, Way(lost="carried")),
        _tipping(chosen, observed, int(is_lost.sum())),
        _scores(baseline[followed]), _scores(baseline[is_lost]), _scores(seen[followed]), _scores(seen[is_lost]),
        _more(counting, chosen, counted))


def _observed(counting: Counting, measure: Measure, followed: np.ndarray) -> Share:
    achieved = is_achieved(counting, measure, followed)
    x, n = counting.per_cell(achieved & followed), counting.per_cell(followed)
    low, high, _ = counting.interval(achieved, followed, x, n)
    is_there = n[0] > 0
    return Share(int(x[0]), int(n[0]), float(x[0] / n[0]) if is_there else None,
                 float(low[0]) if is_there else None, float(high[0]) if is_there else None)


def _tipping(measure: Measure, observed: Share | None, lost: int) -> tuple[Tipping, ...]:
    if measure.direction != "benefit" or observed is None or observed.estimate is None or not lost:
        return ()
    lines = {"observed": observed.estimate, "low": observed.low, "half": HALF}
    needed = {name: float(achieved_for_line(observed.numerator, observed.denominator, lost, line))
              for name, line in lines.items()}
    return tuple(Tipping(name, line, None if np.isnan(needed[name]) else int(needed[name]))
                 for name, line in lines.items())


def _scores(values: np.ndarray) -> Scores:
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return Scores(0, None, None, None)
    return Scores(len(known), float(known.mean()), float(known.std(ddof=1)) if len(known) > 1 else None,
                  float(np.median(known)))


def _more(counting: Counting, measure: Measure, counted: np.ndarray) -> int | None:
    if measure.kind != "rate" or not counted.any():
        return None
    achieved = is_achieved(counting, measure, counted) & counted
    n_clusters = len(counting.cell_of_cluster)
    successes = np.bincount(counting.cluster[achieved], minlength=n_clusters)
    trials = np.bincount(counting.cluster[counted], minlength=n_clusters)
    effective = float(counted.sum())
    if (trials > 1).any():
        effective = float(effective_trials(successes, trials, np.zeros(n_clusters, dtype=int), np.zeros(1),
                                           np.zeros(1))[0])
    return int(trials_more(np.array([achieved.sum()]), np.array([counted.sum()]), WIDTH, np.array([effective]))[0])
