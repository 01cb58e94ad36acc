"""Which scores of a session's day were before it: by the clock where both have a time, else asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.definitions.tables import Axis, ColumnUse
from analytics.ingest.cells import MISSING
from analytics.ingest.fields import IN_ORDER
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import NO_CODE, AssessmentRows, SessionRows, present
from analytics.ingest.repeats import one_key, repeated_places
from analytics.ingest.sheets import TIMINGS

BEFORE, DURING, AFTER = (TIMINGS.index(word) for word in ("before", "during", "after"))

TIME = "time"
"""Minutes after midnight at which a session began, among the columns of sessions while they are read."""


def timed_by_clock(assessments: AssessmentRows | None, sessions: SessionRows | None) -> AssessmentRows | None:
    """Assessments whose timing is not said take it from their time and that of the day's one session.

    At the minute in which the session begins, and without its time, nothing changes: the score counts as before.
    """
    if assessments is None or sessions is None or TIME not in sessions.columns:
        return assessments
    open_rows = np.flatnonzero((assessments.timing == NO_CODE) & (assessments.time != MISSING))
    if not len(open_rows):
        return assessments
    minutes = sessions.columns.get("minutes", np.full(len(sessions), np.nan))
    there = pd.DataFrame({"patient": sessions.patient, "day": sessions.day, "start": sessions.columns[TIME],
                          "minutes": minutes})
    alone = there[~there.duplicated(["patient", "day"], keep=False) & there["start"].notna()]
    mine = pd.DataFrame({"patient": assessments.patient[open_rows], "day": assessments.day[open_rows]}).merge(
        alone, how="left", on=["patient", "day"])
    time, start = assessments.time[open_rows], mine["start"].to_numpy()
    end = start + mine["minutes"].fillna(0).to_numpy()
    timing = assessments.timing.copy()
    timing[open_rows] = np.select([time < start, (time > start) & (time < end), (time > start) & (time >= end)],
                                  [BEFORE, DURING, AFTER], NO_CODE)
    return replace(assessments, timing=timing)


def timed_by_order(
    assessments: AssessmentRows | None, sessions: SessionRows | None, files: Sequence[str],
    columns: Sequence[ColumnUse], instruments: Sequence[str],
) -> AssessmentRows | None:
    """Where a person said so, of several scores of a session's day the first row was before it and the others after.

    A score that stands alone on its day, one of another day and one whose timing is known stay as they are.
    """
    said = {(files.index(use.file), instruments.index(use.field.partition("[")[0])) for use in columns
            if use.field and use.file in files and IN_ORDER in _options(use.field)
            and use.field.partition("[")[0] in instruments}
    if assessments is None or sessions is None or not said:
        return assessments
    frame = pd.DataFrame({"patient": assessments.patient, "day": assessments.day, "file": assessments.file,
                          "instrument": assessments.instrument, "row": assessments.row})
    is_said = pd.MultiIndex.from_frame(frame[["file", "instrument"]]).isin(list(said))
    on_session = pd.MultiIndex.from_frame(frame[["patient", "day"]]).isin(
        pd.MultiIndex.from_arrays([sessions.patient, sessions.day]))
    mine = frame[is_said & on_session & (assessments.timing == NO_CODE)].sort_values("row", kind="stable")
    same = ["patient", "day", "file", "instrument"]
    mine = mine[mine.duplicated(same, keep=False)]
    timing = assessments.timing.copy()
    timing[mine.index.to_numpy()] = np.where(mine.duplicated(same), AFTER, BEFORE)
    return replace(assessments, timing=timing)


def _options(words: str) -> list[str]:
    return [part.strip() for part in words.partition("[")[2].partition("]")[0].split(";")]


def note_unknown_timing(
    assessments: AssessmentRows | None, sessions: SessionRows | None, axis: Axis, files: Sequence[str],
    columns: Sequence[ColumnUse], instruments: Sequence[str], log: ProblemLog,
) -> None:
    """Ask about different scores of one session's day when neither a word nor the clock tells which was before it."""
    if assessments is None or sessions is None or axis == "visit" or not len(sessions):
        return
    near = repeated_places(one_key(assessments.patient, assessments.instrument, assessments.day))
    rows = assessments.take(near[assessments.timing[near] == NO_CODE])
    frame = pd.DataFrame({"patient": rows.patient, "day": rows.day, "instrument": rows.instrument, "total": rows.total,
                          "has_time": rows.time != MISSING, "file": rows.file, "row": rows.row})
    same = ["patient", "instrument", "day"]
    frame = frame[frame.duplicated(same, keep=False)]
    if not len(frame):
        return
    mine = np.isin(sessions.patient, frame["patient"].unique())
    days = pd.MultiIndex.from_arrays([sessions.patient[mine], sessions.day[mine]])
    frame = frame[pd.MultiIndex.from_frame(frame[["patient", "day"]]).isin(days)]
    groups = frame.groupby(same, sort=False)
    frame = frame[(groups["total"].transform("nunique") > 1) & ~groups["has_time"].transform("all")]
    for file in present(frame["file"].to_numpy()):
        mine = frame[frame["file"] == file]
        is_once = not mine.duplicated(same).any()
        keys = {instruments[place] for place in mine["instrument"]}
        column, choices = _column(files[file], keys, columns, is_once=is_once)
        log.add("same_day_timing_unknown", files[file], column, rows=mine["row"].to_numpy(), choices=choices)


def _column(
    file: str, keys: set[str], columns: Sequence[ColumnUse], *, is_once: bool
) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """The one column of a file that holds the scores, and its choices; a header that other files share has none."""
    mine = [use for use in columns if use.file == file and use.field in keys]
    if len(mine) != 1 or sum(use.column == mine[0].column for use in columns) > 1:
        return None, ()
    before_or_after = (("before the day's session", f"{mine[0].field}[before]"),
                       ("after the day's session", f"{mine[0].field}[after]"))
    by_order = ("of two on one day the upper row was before the session, the lower after",
                f"{mine[0].field}[{IN_ORDER}]")
    return mine[0].column, before_or_after if is_once else (by_order, *before_or_after)
