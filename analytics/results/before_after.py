"""Before and after within one cohort: how far scores moved, with its interval, tests and effect sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.results.cohorts import Where, in_cohort, strata
from analytics.results.comparison_values import FEWEST_TESTED, judged
from analytics.results.rates import Counting, Mean, means
from analytics.statistics.effect_sizes import Effect, paired_effects
from analytics.statistics.hypothesis import Test, paired
from analytics.statistics.mean_differences import Estimate, paired_interval


@dataclass(frozen=True)
class BeforeAfter:
    """The change of one cohort, positive when better. No group went untreated, so it is no effect of treatment.

    Attributes
    ----------
    result : mean improvement over all counted courses, as ``summarize`` gives it
    n : first counted courses of each patient, which the numbers below rest on
    baseline, endpoint, sd_baseline, sd_endpoint : means and standard deviations in points; missing with none
    change : mean improvement in points with its paired t interval
    tests : paired t and Wilcoxon signed rank; ``p`` missing below 10 courses, ``why`` says so
    effect_sizes : d_z and d_av, each with its denominator
    """

    instrument: Instrument
    result: Mean
    n: int
    baseline: float | None
    endpoint: float | None
    sd_baseline: float | None
    sd_endpoint: float | None
    change: Estimate
    tests: tuple[Test, ...]
    effect_sizes: tuple[Effect, ...]


def before_after(of: Outcomes, instrument: str, where: Where | None = None) -> BeforeAfter:
    """How the scores of one cohort moved from baseline to endpoint.

    Parameters
    ----------
    of : from ``outcomes``
    instrument : key
    where : attribute to the values that stay

    The courses are those of mean improvement with both scores; of a patient with more than one, the first.
    """
    if instrument not in of.instrument_keys:
        raise ValueError(f"There is no instrument in the files called {instrument!r}; "
                         f"there are {', '.join(of.instrument_keys) or 'none'}.")
    scale, measure = of.instruments[instrument], MEASURES["mean_improvement"]
    counting = Counting(of, instrument, strata(of, (), in_cohort(of, where or {})))
    taken = judged(counting, measure, "first")
    # Where the rules count a missing endpoint as unchanged there is no second score to set beside the first.
    has_endpoint = np.zeros(len(of.courses), dtype=bool)
    has_endpoint[counting.rows["course"].to_numpy()] = counting.has_endpoint
    seen = has_endpoint[taken.course]
    before, change = taken.baseline[seen], taken.value[seen]
    after = before + change if scale.is_higher_better else before - change
    refused = _too_few(len(change))
    return BeforeAfter(
        scale, means(counting, measure)[0], len(change), _mean(before), _mean(after), _sd(before), _sd(after),
        paired_interval(change), (refused,) if refused else paired(change),
        paired_effects(before, after, scale.is_higher_better))


def _too_few(n: int) -> Test | None:
    if n >= FEWEST_TESTED:
        return None
    why = (f"{n} of {FEWEST_TESTED} courses that a test needs." if n else "There is no course to count.")
    return Test("No test", None, None, why, "", (n,))


def _mean(values: np.ndarray) -> float | None:
    return float(values.mean()) if len(values) else None


def _sd(values: np.ndarray) -> float | None:
    return float(values.std(ddof=1)) if len(values) > 1 else None
