"""Clinical significance after Jacobson and Truax: whose change is beyond error, and who crossed to function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.courses.outcomes import Outcomes
from analytics.results.cohorts import Where, in_cohort, strata
from analytics.results.rates import Stratum
from analytics.statistics.reliable_change import CLASSES, reliable_change

DEFAULT_CUT_OFF = "c"


@dataclass(frozen=True)
class Classes:
    """Courses of one stratum by class; they add up to its courses with both scores."""

    stratum: Stratum
    n: int
    counts: dict[str, int]


@dataclass(frozen=True)
class ClinicalSignificance:
    """The classes of one instrument's courses.

    Attributes
    ----------
    n : courses of the whole cohort with both scores; mean and sd of the baseline are theirs, before any grouping
    error : standard error of the difference of two scores of one person, in points
    cut_off, cut_off_score : a, b or c, and where it lies, in points
    baseline, endpoint, count, code : courses by their two scores and their class (place in ``CLASSES``), one element
        a combination that occurs
    why : why no course could be classed; else empty
    """

    instrument: str
    n: int
    reliability: float | None
    mean_baseline: float | None
    sd_baseline: float | None
    error: float | None
    cut_off: str
    cut_off_score: float | None
    strata: tuple[Classes, ...]
    baseline: np.ndarray
    endpoint: np.ndarray
    count: np.ndarray
    code: np.ndarray
    why: str

    def as_record(self) -> dict:
        """Plain values for JSON."""
        names = ("instrument", "n", "reliability", "mean_baseline", "sd_baseline", "error", "cut_off", "cut_off_score")
        return {name: getattr(self, name) for name in names} | {
            "why": self.why or None,
            "strata": [{"stratum": one.stratum, "n": one.n, **one.counts} for one in self.strata]}


def clinical_significance(
    of: Outcomes, key: str, by: Sequence[str] = (), where: Where | None = None
) -> ClinicalSignificance:
    """The classes of all courses of the cohort with both scores that count for harm; milder ones too.

    Parameters
    ----------
    by : attributes; the whole cohort comes first, then its strata, all judged by the whole cohort's SD

    Source
    ------
    Jacobson and Truax 1991, J Consult Clin Psychol 59:12
    """
    instrument = of.instruments[key]
    cut_off = instrument.jt_cut_off.value if instrument.jt_cut_off is not None else DEFAULT_CUT_OFF
    stays = in_cohort(of, where or {})
    rows = of.rows_of(key)
    rows = rows[rows["left_out_worsening"].isna().to_numpy() & stays[rows["course"].to_numpy(int)]]
    baseline, endpoint = (rows[name].to_numpy(float, na_value=np.nan) for name in ("baseline", "endpoint"))
    if instrument.reliability is None:
        return _unknown(key, cut_off, len(rows), "The reliability of this instrument is not known; set "
                                                 f"{key}.reliability to the figure you can cite.")
    mean, sd = (None if one is None else one.value for one in (instrument.functional_mean, instrument.functional_sd))
    found = reliable_change(
        baseline, endpoint, reliability=instrument.reliability.value, cut_off=cut_off, mean_functional=mean,
        sd_functional=sd, is_higher_better=instrument.is_higher_better)
    if found.why:
        return _unknown(key, cut_off, found.n, found.why, instrument.reliability.value)
    course = rows["course"].to_numpy(int)
    groupings = [(), tuple(by)] if by else [()]
    cells = [one for grouping in groupings for one in _classes(of, grouping, stays, course, found.code)]
    points, count = np.unique(np.stack([baseline, endpoint, found.code], axis=1), axis=0, return_counts=True)
    return ClinicalSignificance(
        key, found.n, instrument.reliability.value, found.mean_baseline, found.sd_baseline, found.error, cut_off,
        found.cut_off, tuple(cells), points[:, 0], points[:, 1], count, points[:, 2].astype(int), "")


def _classes(
    of: Outcomes, by: Sequence[str], stays: np.ndarray, course: np.ndarray, code: np.ndarray
) -> list[Classes]:
    cells = strata(of, by, stays)
    counts = np.bincount(cells.of_course[course] * len(CLASSES) + code, minlength=len(cells) * len(CLASSES))
    return [Classes(label, int(row.sum()), {name: int(n) for name, n in zip(CLASSES, row, strict=True)})
            for label, row in zip(cells.labels, counts.reshape(-1, len(CLASSES)), strict=True)]


def _unknown(key: str, cut_off: str, n: int, why: str, reliability: float | None = None) -> ClinicalSignificance:
    nothing = np.empty(0)
    return ClinicalSignificance(key, n, reliability, None, None, None, cut_off, None, (), nothing, nothing,
                                nothing.astype(int), nothing.astype(int), why)
