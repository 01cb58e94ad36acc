"""Rates and means with everything that travels with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.definitions.measures import LEFT_OUT, Measure
from analytics.results.cohorts import Strata
from analytics.statistics.means import mean_and_sd, mean_interval, median
from analytics.statistics.order import in_order
from analytics.statistics.proportions import effective_trials, wilson

Stratum = dict[str, str | None]

_NO_WIDTH = 1e-9
"""Up to this many points an interval is rounding and no interval."""


@dataclass(frozen=True)
class Share:
    """A second reading of a rate: numerator, denominator, estimate and 95 % interval (0 to 1)."""

    numerator: int
    denominator: int
    estimate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Rate:
    """How many of how many, in one stratum, and how sure.

    Attributes
    ----------
    courses : courses of the stratum; always ``denominator + sum(left_out.values())``
    left_out : courses by reason, in the order in which reasons apply; only those above 0
    estimate, low, high : 0 to 1; missing when there is no course to count
    interval : ``wilson``, or ``wilson_clustered`` when a patient has more than one course in the denominator
    missing_as_failure : the rate if every missing endpoint were a failure; missing for harm
    observed : the observed-case rate, where the headline counts missing endpoints
    bounds : the rate if all missing endpoints had failed, and if all had succeeded
    follow_up : eligible courses with an endpoint / eligible courses
    evaluated : courses with both scores / (those + no baseline + no endpoint)
    looks_back : share of endpoints whose recall reaches into the induction
    median_endpoint_day : days from the endpoint's anchor
    """

    instrument: str
    measure: str
    stratum: Stratum
    courses: int
    numerator: int
    denominator: int
    left_out: dict[str, int]
    estimate: float | None
    low: float | None
    high: float | None
    interval: str
    missing_as_failure: Share | None
    observed: Share | None
    bounds: tuple[float, float] | None
    follow_up: float | None
    evaluated: float | None
    looks_back: float | None
    median_endpoint_day: float | None
    withheld: bool = False


@dataclass(frozen=True)
class Mean:
    """Mean improvement of one stratum, in points, positive when better.

    ``low`` and ``high`` are missing where there is no course, one patient only, or no spread to estimate an error from.
    """

    instrument: str
    measure: str
    stratum: Stratum
    courses: int
    n: int
    left_out: dict[str, int]
    estimate: float | None
    low: float | None
    high: float | None
    sd: float | None
    interval: str
    observed: dict[str, float | int | None] | None
    missing_as_unchanged: dict[str, float | int | None] | None
    follow_up: float | None
    evaluated: float | None
    looks_back: float | None
    median_endpoint_day: float | None
    withheld: bool = False


class Rows:
    """Some rows of the outcomes' table; a column is taken when it is asked for, as an array, since most never are."""

    def __init__(self, table: pd.DataFrame, place: np.ndarray) -> None:
        self._table, self._place = table, place

    def __len__(self) -> int:
        return len(self._place)

    def __getitem__(self, name: str) -> Any:
        return self._table[name].array.take(self._place)


class Counting:
    """One instrument's courses in one grouping, prepared once for all its measures."""

    def __init__(self, outcomes: Outcomes, instrument: str, strata: Strata) -> None:
        cell = strata.of_course[outcomes.table["course"].to_numpy()]
        inside = (outcomes.table["instrument"] == instrument).to_numpy(bool) & (cell >= 0)
        self.rows = Rows(outcomes.table, np.flatnonzero(inside))
        self.instrument = instrument
        self.cell = cell[inside]
        self._twice_cell = 2 * self.cell
        self.strata = strata
        self.course = self.rows["course"].to_numpy()
        self.patient = outcomes.patient[self.course]
        self.has_endpoint = self.rows["has_endpoint"].to_numpy(bool)
        self.counts_missing = outcomes.rules.base.missing

    @cached_property
    def _clustered(self) -> tuple[np.ndarray, np.ndarray]:
        return _clusters(self.patient, self.cell)

    @property
    def cluster(self) -> np.ndarray:
        """A code for each row's patient in its cell."""
        return self._clustered[0]

    @property
    def cell_of_cluster(self) -> np.ndarray:
        """The cell of each of those codes."""
        return self._clustered[1]

    @cached_property
    def _shared(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows of patients who are in a cell more than once; their clusters, numbered anew; the cells of those."""
        shared = np.flatnonzero(np.bincount(self.cluster)[self.cluster] > 1)
        clusters, cluster = np.unique(self.cluster[shared], return_inverse=True)
        return shared, cluster, self.cell_of_cluster[clusters]

    @cached_property
    def endpoint_day(self) -> np.ndarray:
        """Days of the endpoint from its anchor, nan where none."""
        return self.rows["endpoint_days_from_anchor"].to_numpy(float, na_value=np.nan)

    @cached_property
    def by_day(self) -> np.ndarray:
        """The rows with an endpoint day, in the order of the cells, then of that day."""
        known = np.flatnonzero(~np.isnan(self.endpoint_day))
        return known[in_order(self.cell[known], self.endpoint_day[known])]

    @cached_property
    def baseline(self) -> np.ndarray:
        """Score before, in points, nan where none."""
        return self.rows["baseline"].to_numpy(float, na_value=np.nan)

    @cached_property
    def improvement(self) -> np.ndarray:
        """Change in the good direction, in points, nan where a score is missing."""
        return self.rows["improvement"].to_numpy(float, na_value=np.nan)

    @cached_property
    def looks_back(self) -> tuple[np.ndarray, np.ndarray]:
        """Whether the endpoint's recall reaches into the induction, and whether that is known."""
        column = self.rows["looks_back"]
        return column.to_numpy(bool, na_value=False), ~column.isna()

    def per_cell(self, chosen: np.ndarray) -> np.ndarray:
        """How many of the chosen rows each cell holds."""
        # Each cell has two numbers, for rows that are not chosen and for those that are: quicker than to take them out.
        return np.bincount(self._twice_cell + chosen, minlength=2 * len(self.strata))[1::2]

    def reasons(self, measure: Measure) -> np.ndarray:
        """Positions in ``LEFT_OUT``, -1 where the course counts."""
        name = "left_out" if measure.key == "response" else f"left_out_{measure.key}"
        return self.rows[name].codes

    def interval(
        self, achieved: np.ndarray, counted: np.ndarray, x: np.ndarray, n: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Wilson interval of each cell, on the effective sample size where a patient counts more than once.

        Parameters
        ----------
        x, n : how many of each cell count and have it, and how many count
        """
        shared, cluster, cell_of_cluster = self._shared
        is_counted = counted[shared]
        has_it = is_counted & achieved[shared]
        trials = np.bincount(cluster[is_counted], minlength=len(cell_of_cluster))
        is_clustered = np.bincount(cell_of_cluster[trials > 1], minlength=len(self.strata)) > 0
        effective = n
        if is_clustered.any():
            successes = np.bincount(cluster[has_it], minlength=len(cell_of_cluster))
            cell = self.cell[shared]
            x_lone, n_lone = (whole - np.bincount(cell[chosen], minlength=len(self.strata))
                              for whole, chosen in ((x, has_it), (n, is_counted)))
            effective = np.where(is_clustered, effective_trials(
                successes, trials, cell_of_cluster, x_lone, n_lone), n)
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = wilson(np.where(n > 0, x / n * effective, 0), effective)
        # Scaling by the effective size must not blur what was exactly none or all.
        low, high = np.where((x == 0) & (n > 0), 0.0, low), np.where((x == n) & (n > 0), 1.0, high)
        return low, high, is_clustered


def _clusters(patient: np.ndarray, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A code for each patient in each cell, and the cell of each code."""
    if not len(patient):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    width = int(cell.max()) + 1
    key = patient * width + cell
    n_keys = int(key.max()) + 1
    if n_keys > 4 * len(key) + 1000:
        keys, cluster = np.unique(key, return_inverse=True)
        return cluster, keys % width
    # The same without a sort.
    is_there = np.zeros(n_keys, dtype=bool)
    is_there[key] = True
    return (np.cumsum(is_there) - 1)[key], np.flatnonzero(is_there) % width


def rates(counting: Counting, measure: Measure) -> list[Rate]:
    """One rate per stratum."""
    reason = counting.reasons(measure)
    counted = reason < 0
    achieved = is_achieved(counting, measure, counted)
    is_benefit = measure.direction == "benefit"
    lost = (reason == LEFT_OUT.index("no_endpoint"))
    both_scores = counted & counting.has_endpoint if measure.key != "follow_up" else counted
    headline, is_clustered = _shares(counting, achieved, counted)
    as_failure = _shares(counting, achieved, counted | lost)[0] if is_benefit else None
    observed = (_shares(counting, achieved & both_scores, both_scores)[0]
                if is_benefit and counting.counts_missing != "observed" else None)
    travels = _travels(counting, reason, counted, measure)
    n_lost = counting.per_cell(lost | (counted & ~counting.has_endpoint)) if measure.key != "follow_up" else None
    n_seen, n_seen_achieved = counting.per_cell(both_scores), counting.per_cell(achieved & both_scores)
    return [
        Rate(
            instrument=counting.instrument, measure=measure.key, stratum=label, courses=travels["courses"][cell],
            numerator=headline[cell].numerator, denominator=headline[cell].denominator,
            left_out=travels["left_out"][cell], estimate=headline[cell].estimate, low=headline[cell].low,
            high=headline[cell].high, interval="wilson_clustered" if is_clustered[cell] else "wilson",
            missing_as_failure=as_failure[cell] if as_failure else None,
            observed=observed[cell] if observed else None,
            bounds=_bounds(n_seen_achieved[cell], n_seen[cell], n_lost[cell])
            if n_lost is not None else None,
            follow_up=travels["follow_up"][cell], evaluated=travels["evaluated"][cell],
            looks_back=travels["looks_back"][cell], median_endpoint_day=travels["median_endpoint_day"][cell])
        for cell, label in enumerate(counting.strata.labels)
    ]


def is_achieved(counting: Counting, measure: Measure, counted: np.ndarray) -> np.ndarray:
    """Which rows have what the measure counts; of use only where they count."""
    if measure.key == "follow_up":
        return counted & counting.has_endpoint
    return counting.rows[measure.key].to_numpy(bool, na_value=False)


def _shares(counting: Counting, achieved: np.ndarray, counted: np.ndarray) -> tuple[list[Share], np.ndarray]:
    """One share a cell, and whether its interval counts with patients who are in it more than once."""
    n, x = counting.per_cell(counted), counting.per_cell(achieved & counted)
    low, high, is_clustered = counting.interval(achieved, counted, x, n)
    return [Share(int(x[cell]), int(n[cell]), _share(x[cell], n[cell]), _known(low[cell]), _known(high[cell]))
            for cell in range(len(counting.strata))], is_clustered


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def _bounds(achieved: int, seen: int, lost: int) -> tuple[float, float] | None:
    if not seen + lost:
        return None
    return float(achieved / (seen + lost)), float((achieved + lost) / (seen + lost))


def _travels(counting: Counting, reason: np.ndarray, counted: np.ndarray, measure: Measure) -> dict[str, list]:
    """What every result carries besides its estimate, one element a cell."""
    n_cells, n_reasons = len(counting.strata), len(LEFT_OUT)
    left = np.bincount(counting.cell * (n_reasons + 1) + reason + 1, minlength=n_cells * (n_reasons + 1))
    left = left.reshape(n_cells, n_reasons + 1)[:, 1:]
    seen = counted & counting.has_endpoint
    n_seen, n_eligible = counting.per_cell(seen), counting.per_cell(counted) + left[:, LEFT_OUT.index("no_endpoint")]
    n_lost, n_no_baseline = n_eligible - n_seen, left[:, LEFT_OUT.index("no_baseline")]
    is_back, is_told = counting.looks_back
    looks_back = zip(counting.per_cell(seen & is_told & is_back), counting.per_cell(seen & is_told), strict=True)
    by_day = counting.by_day[seen[counting.by_day]]
    middle = median(counting.endpoint_day[by_day], np.bincount(counting.cell[by_day], minlength=n_cells))
    return {
        "courses": [int(one) for one in counting.per_cell(np.ones(len(reason), dtype=bool))],
        "left_out": [{name: int(n) for name, n in zip(LEFT_OUT, row, strict=True) if n} for row in left],
        "follow_up": [_share(part, whole) for part, whole in zip(n_seen, n_eligible, strict=True)],
        "evaluated": [_share(part, part + lost + none)
                      for part, lost, none in zip(n_seen, n_lost, n_no_baseline, strict=True)],
        "looks_back": [_share(back, told) for back, told in looks_back],
        "median_endpoint_day": [_known(one) for one in middle],
    }


def means(counting: Counting, measure: Measure) -> list[Mean]:
    """Mean improvement, one per stratum, in points."""
    reason = counting.reasons(measure)
    as_unchanged = counting.counts_missing == "unchanged"
    counted = reason < 0
    lost = (reason == LEFT_OUT.index("no_endpoint")) | (counted & ~counting.has_endpoint)
    improvement = counting.improvement
    seen = _mean_of(counting, improvement, counted & ~lost)
    filled = _mean_of(counting, np.where(lost, 0.0, improvement), counted | lost)
    travels = _travels(counting, reason, counted, measure)
    headline = filled if as_unchanged else seen
    return [
        Mean(
            instrument=counting.instrument, measure=measure.key, stratum=label, courses=travels["courses"][cell],
            n=headline[cell]["n"], left_out=travels["left_out"][cell], estimate=headline[cell]["estimate"],
            low=headline[cell]["low"], high=headline[cell]["high"], sd=headline[cell]["sd"],
            interval=headline[cell]["interval"],
            observed=_without(seen[cell]) if as_unchanged else None,
            missing_as_unchanged=_without(filled[cell]),
            follow_up=travels["follow_up"][cell], evaluated=travels["evaluated"][cell],
            looks_back=travels["looks_back"][cell], median_endpoint_day=travels["median_endpoint_day"][cell])
        for cell, label in enumerate(counting.strata.labels)
    ]


def _without(record: dict) -> dict:
    return {key: value for key, value in record.items() if key != "interval"}


def _mean_of(counting: Counting, values: np.ndarray, counted: np.ndarray) -> list[dict]:
    n_cells, n_clusters = len(counting.strata), len(counting.cell_of_cluster)
    cell, cluster, values = counting.cell[counted], counting.cluster[counted], values[counted]
    sizes = np.bincount(cluster, minlength=n_clusters)
    low, high = mean_interval(np.bincount(cluster, values, n_clusters), sizes, counting.cell_of_cluster, n_cells)
    # Values that are all the same show no error; an interval without width would claim that there is none.
    low, high = np.where(high - low > _NO_WIDTH, (low, high), np.nan)
    mean, sd = mean_and_sd(values, cell, n_cells)
    n = np.bincount(cell, minlength=n_cells)
    is_clustered = np.bincount(counting.cell_of_cluster, sizes > 1, n_cells) > 0
    return [{"n": int(n[one]), "estimate": _known(mean[one]), "low": _known(low[one]), "high": _known(high[one]),
             "sd": _known(sd[one]), "interval": "t_clustered" if is_clustered[one] else "t"}
            for one in range(n_cells)]


def paired_bands(outcomes: Outcomes, instrument: str, stays: np.ndarray) -> pd.DataFrame | None:
    """Courses by severity band before and after, of those with both scores that count for harm.

    Returns
    -------
    DataFrame with the columns band, baseline, endpoint (counts), mildest band first
        Missing when the instrument has no bands.
    """
    bands = outcomes.instruments[instrument].bands
    if not bands:
        return None
    rows = outcomes.rows_of(instrument)
    rows = rows[stays[rows["course"].to_numpy()] & rows["left_out_worsening"].isna().to_numpy()]
    edges = [band.start for band in bands[1:]]
    counts = {side: np.bincount(np.digitize(rows[side].to_numpy(float), edges), minlength=len(bands))
              for side in ("baseline", "endpoint")}
    return pd.DataFrame({"band": [band.label for band in bands], **counts})
