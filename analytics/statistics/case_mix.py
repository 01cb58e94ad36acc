"""Observed against expected: what each unit would show if only its courses' starting points differed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from analytics.statistics.proportions import CONFIDENCE

EVENTS_PER_VARIABLE = 10
_HALVINGS = 60
_FARTHEST = 40.0
"""Log odds: beyond it a rate cannot be told from none or all."""


@dataclass(frozen=True)
class CaseMix:
    """Observed and expected counts of each unit.

    Attributes
    ----------
    observed, expected, n : arrays, one element a unit; expected is nan where there is no model or no course
    ratio, low, high : arrays, observed / expected and its interval; nan where expected is
    n_left_out : int, courses with an unknown outcome or starting point
    why : str, why there is no model; empty where there is one
    """

    observed: np.ndarray
    expected: np.ndarray
    n: np.ndarray
    ratio: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n_left_out: int
    why: str


def expected_by_case_mix(
    achieved: np.ndarray, covariates: np.ndarray, unit: np.ndarray, n_units: int, confidence: float = CONFIDENCE
) -> CaseMix:
    """Observed / expected of each unit, from a logistic model of all courses on their starting points.

    Parameters
    ----------
    achieved : array of float, one element a course: 1 yes, 0 no, nan unknown
    covariates : array, shape (courses,) or (courses, variables): what was known at day 0, as the baseline score
        A course with anything missing is left out and counted.
    unit : array of int, 0 to n_units - 1

    Returns
    -------
    CaseMix
        Where there are fewer than 10 events a variable (the rarer of achieved and not achieved), where a
        variable does not vary, or where the variables separate the two, there is no model and why says so.

    Notes
    -----
    The interval is the score interval of one shift of the log odds of all courses of the unit: where all
    are expected alike it is Wilson's, divided by the expected rate. The expected counts are taken as known.

    Source
    ------
    Hosmer and Lemeshow 1995, Stat Med 14:2161 (the index); events a variable: Peduzzi 1996, J Clin Epidemiol
    49:1373
    """
    achieved, covariates = np.asarray(achieved, dtype=float), np.asarray(covariates, dtype=float)
    covariates = covariates[:, None] if covariates.ndim == 1 else covariates
    is_known = ~np.isnan(achieved) & ~np.isnan(covariates).any(axis=1)
    achieved, covariates, unit = achieved[is_known], covariates[is_known], np.asarray(unit)[is_known]
    n = np.bincount(unit, minlength=n_units)
    observed = np.bincount(unit, achieved, n_units)
    left_out = int((~is_known).sum())
    log_odds, why = _fitted(achieved, covariates)
    if why:
        unknown = np.full(n_units, np.nan)
        return CaseMix(observed, unknown, n, unknown, unknown, unknown, left_out, why)
    alike = _alike(log_odds, unit)
    expected = np.where(n > 0, _expected(alike, np.zeros(n_units))[0], np.nan)
    low, high = _score_interval(observed, n, alike, confidence)
    return CaseMix(observed, expected, n, observed / expected, low / expected, high / expected, left_out, "")


def _fitted(achieved: np.ndarray, covariates: np.ndarray) -> tuple[np.ndarray, str]:
    """The log odds of each course under the model, or why there is none."""
    n_variables = covariates.shape[1]
    n_events = int(min(achieved.sum(), len(achieved) - achieved.sum()))
    needed = EVENTS_PER_VARIABLE * n_variables
    if n_events < needed:
        return achieved, (f"A model of {n_variables} variable{'s' if n_variables > 1 else ''} takes at least {needed} "
                          f"courses of either result; the rarer one has {n_events}.")
    spread = covariates.std(axis=0)
    if not (spread > 1e-9 * np.maximum(1.0, np.abs(covariates).max(axis=0))).all():
        return achieved, "A variable is the same for every course, so nothing can be adjusted for."
    design = np.column_stack([np.ones(len(achieved)), (covariates - covariates.mean(axis=0)) / spread])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return achieved, "A variable follows from the others, so their parts cannot be told apart."
    return _logistic(achieved, design)


def _logistic(achieved: np.ndarray, design: np.ndarray) -> tuple[np.ndarray, str]:
    # Imported where it is needed: statsmodels takes a second to start.
    from statsmodels.discrete.discrete_model import Logit

    separated = "The variables tell those who achieved it from the others without a miss, so no model can be fitted."
    with warnings.catch_warnings():
        # A separated model never settles, which is asked below; the library's warnings would say it a second time.
        warnings.simplefilter("ignore")
        try:
            model = Logit(achieved, design).fit(disp=0, warn_convergence=False)
        except np.linalg.LinAlgError:
            return achieved, separated
    return np.asarray(model.fittedvalues, dtype=float), "" if model.mle_retvals["converged"] else separated


def _alike(log_odds: np.ndarray, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log odds, unit and number of the courses that are alike in both: scores are few, courses many."""
    distinct, place = np.unique(log_odds, return_inverse=True)
    keys, counts = np.unique(unit * len(distinct) + place, return_counts=True)
    return distinct[keys % len(distinct)], keys // len(distinct), counts


def _expected(
    alike: tuple[np.ndarray, np.ndarray, np.ndarray], shift: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Expected count of each unit and its variance when the log odds of its courses are shifted."""
    from scipy.special import expit

    log_odds, unit, counts = alike
    share = expit(log_odds + shift[unit])
    expected = np.bincount(unit, counts * share, len(shift))
    return expected, np.bincount(unit, counts * share * (1 - share), len(shift))


def _score_interval(
    observed: np.ndarray, n: np.ndarray, alike: tuple[np.ndarray, np.ndarray, np.ndarray], confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """The expected counts at the smallest and the largest shift that the score test does not reject, by bisection."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    ends = []
    for side in (-1, 1):
        # Between the two lies one place from which on the shift is no longer too far from what was observed.
        outside, inside = np.full(len(n), side * _FARTHEST), np.full(len(n), -side * _FARTHEST)
        for _ in range(_HALVINGS):
            middle = (outside + inside) / 2
            expected, variance = _expected(alike, middle)
            is_outside = side * (expected - observed) > z * np.sqrt(variance)
            outside, inside = np.where(is_outside, middle, outside), np.where(is_outside, inside, middle)
        ends.append(_expected(alike, inside)[0])
    return np.where(observed == 0, 0.0, ends[0]), np.where(observed == n, n, ends[1])
