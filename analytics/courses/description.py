"""What the sessions of a course tell about it: how many, which route and drug, which doses, from when."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.definitions.rules import KINDS
from analytics.definitions.tables import DAY_ZERO


def last_of_each(day: np.ndarray, starts: np.ndarray, n_rows: int) -> np.ndarray:
    """The last element of each run that starts at ``starts``."""
    return day[np.append(starts[1:], n_rows) - 1] if len(starts) else day[:0]


def description(
    sessions: pd.DataFrame, block: np.ndarray, starts: np.ndarray, n_induction: np.ndarray, first_day: np.ndarray,
    anchor: np.ndarray, kind: np.ndarray,
) -> pd.DataFrame:
    """What the sessions of each course tell: kind, length, route, drug and doses; one row a course.

    Parameters
    ----------
    sessions : sorted by block, then day
    block : the block of each session; ``starts`` where each block begins
    n_induction, first_day, anchor, kind : arrays, one element a block; ``anchor`` the last induction session
    """
    n_sessions = np.diff(np.append(starts, len(block)))
    last_day = last_of_each(sessions["day"].to_numpy(np.int64), starts, len(block))
    last_induction = pd.array(anchor - first_day, dtype="Int32")
    last_induction[n_induction == 0] = pd.NA
    frame = pd.DataFrame({
        "kind": pd.Categorical.from_codes(kind, categories=list(KINDS)),
        "last_induction_day": last_induction,
        "last_day": pd.array(last_day - first_day, dtype="Int32"),
        "n_sessions": pd.array(n_sessions, dtype="Int32"),
        "n_induction": pd.array(n_induction, dtype="Int32"),
    })
    for name in ("route", "drug"):
        if name in sessions:
            frame = frame.assign(**_one_or_mixed(name, sessions[name], block, len(starts)))
    return frame.assign(**_doses(sessions, block, len(starts)))


def dates_of(days: np.ndarray) -> pd.DatetimeIndex:
    """Day numbers as dates."""
    return pd.DatetimeIndex(np.datetime64(DAY_ZERO, "D") + days.astype("timedelta64[D]")).as_unit("s")


def _one_or_mixed(name: str, values: pd.Series, block: np.ndarray, n_blocks: int) -> dict[str, pd.Series]:
    """The one value of each block, or mixed, with the first and the last."""
    codes, labels = pd.factorize(values, sort=True)
    known = np.flatnonzero(codes >= 0)
    first, last = np.full(n_blocks, -1), np.full(n_blocks, -1)
    first[block[known[::-1]]] = codes[known[::-1]]
    last[block[known]] = codes[known]
    is_mixed = np.zeros(n_blocks, dtype=bool)
    is_mixed[block[known]] = False
    is_mixed[block[known][codes[known] != first[block[known]]]] = True
    labels = pd.Index(labels).astype("str")
    labels = labels.insert(len(labels), "mixed") if "mixed" not in labels else labels
    one = np.where(is_mixed, labels.get_loc("mixed"), first)
    return {column: pd.Series(pd.Categorical.from_codes(chosen, categories=labels))
            for column, chosen in ((name, one), (f"{name}_first", first), (f"{name}_last", last))}


def _doses(sessions: pd.DataFrame, block: np.ndarray, n_blocks: int) -> dict[str, pd.Series]:
    if "dose" not in sessions or not sessions["dose"].notna().any():
        return {}
    dose = sessions["dose"].astype("Float64").to_numpy(float, na_value=np.nan)
    known = np.flatnonzero(~np.isnan(dose))
    start, last, highest = (np.full(n_blocks, np.nan) for _ in range(3))
    start[block[known[::-1]]] = dose[known[::-1]]
    last[block[known]] = dose[known]
    np.fmax.at(highest, block[known], dose[known])
    columns = {"dose_start": start, "dose_highest": highest, "dose_last": last}
    if "dose_unit" in sessions:
        unit = _one_or_mixed("dose_unit", sessions["dose_unit"], block, n_blocks)["dose_unit"]
        # The highest of two units is no dose at all.
        columns["dose_highest"] = np.where(unit == "mixed", np.nan, highest)
        return {name: pd.Series(pd.array(column, dtype="Float64")) for name, column in columns.items()} | {
            "dose_unit": unit}
    return {name: pd.Series(pd.array(column, dtype="Float64")) for name, column in columns.items()}


def calendar(first_day: np.ndarray) -> pd.DataFrame:
    """Date, year, quarter and month of day 0, from day numbers; one row a course."""
    started_on = dates_of(first_day)
    month, months = pd.factorize(started_on.year * 12 + started_on.month - 1, sort=True)
    return pd.DataFrame({
        "started_on": started_on,
        "start_year": _labelled(month, [str(one // 12) for one in months]),
        "start_quarter": _labelled(month, [f"{one // 12}-Q{one % 12 // 3 + 1}" for one in months]),
        "start_month": _labelled(month, [f"{one // 12}-{one % 12 + 1:02}" for one in months]),
    })


def _labelled(codes: np.ndarray, labels: list[str]) -> pd.Categorical:
    """The label of each code; labels are sorted and may repeat."""
    label_codes, categories = pd.factorize(np.array(labels, dtype=object), sort=True)
    return pd.Categorical.from_codes(label_codes[codes], categories=categories)
