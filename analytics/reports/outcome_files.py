"""The outcomes table with its courses as a file, and a summary as rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.reports.cells import inert_table
from analytics.wording.rates import mark_of, size

FILE_KINDS = (".csv", ".parquet")


def outcome_rows(of: Outcomes, stays: Any, instruments: Iterable[str] | None = None) -> pd.DataFrame:
    """One row per course and instrument: the course's columns, then the outcome's.

    Parameters
    ----------
    stays : boolean array, which courses are given
    instruments : keys; missing means all
    """
    wanted = of.table[stays[of.table["course"].to_numpy(int)]] if len(of.table) else of.table
    if instruments is not None:
        wanted = wanted[wanted["instrument"].isin(of.with_pair(instruments))]
    courses = of.courses.iloc[wanted["course"].to_numpy(int)].reset_index(drop=True)
    outcome = wanted.drop(columns="course").reset_index(drop=True)
    return pd.concat([courses, outcome], axis=1)


def write_outcomes(rows: pd.DataFrame, path: Path) -> None:
    """Write the rows as CSV or Parquet, by the path's extension.

    Raises
    ------
    ValueError
        When the extension is neither.
    """
    if path.suffix.lower() not in FILE_KINDS:
        raise ValueError(f"--out ends in {' or '.join(FILE_KINDS)}; {path.suffix or 'no extension'} came.")
    if path.suffix.lower() == ".csv":
        inert_table(rows).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    else:
        rows.to_parquet(path, index=False)


def group_rows(groups: Any) -> pd.DataFrame:
    """The same for one measure by groups, the whole cohort first."""
    return result_rows((groups.overall, *groups.cells))


def summary_rows(summary: Any) -> pd.DataFrame:
    """One row per result: instrument, measure, one column per attribute of the strata, counts and estimates."""
    rows = result_rows(summary.results)
    return rows if summary.told is None else rows.assign(audience=summary.told.disclosure.audience)


def result_rows(results: Iterable[Any]) -> pd.DataFrame:
    """One row per result, as in ``summary_rows``.

    ``stratum`` is ``all`` for the whole cohort, else the words of ``--where``: without it a stratum without a value
    looks like the cohort.
    """
    records = []
    for one in results:
        is_rate = one.measure != "mean_improvement"
        failed = one.missing_as_failure if is_rate else None
        records.append({
            "instrument": one.instrument, "measure": one.measure, **one.stratum, "courses": one.courses,
            "numerator": one.numerator if is_rate else None, "denominator": one.denominator if is_rate else one.n,
            "estimate": one.estimate, "low": one.low, "high": one.high, "sd": None if is_rate else one.sd,
            "interval": one.interval,
            "missing_as_failure": failed.estimate if failed else None, "follow_up": one.follow_up,
            "evaluated": one.evaluated, "looks_back": one.looks_back,
            "median_endpoint_day": one.median_endpoint_day,
            "left_out": "; ".join(f"{reason} {number}" for reason, number in one.left_out.items()),
            "stratum": "; ".join(f"{name}={value or ''}" for name, value in one.stratum.items()) or "all",
            "mark": mark_of(size(one)),
        })
    rows = pd.DataFrame(records)
    # Whole numbers also where some are not told.
    return rows.astype(dict.fromkeys(("courses", "numerator", "denominator"), "Int64")) if records else rows
