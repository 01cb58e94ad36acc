"""The same question in Polars: response by site and month under the rules ``induction``. Prints JSON.

Covers what the benchmark's cohort needs (dates, one instrument, no course ids, no times), and nothing else. Written
for speed: codes instead of texts, one sort, runs instead of windows where that is faster.
"""

from __future__ import annotations

import json
import sys

import polars as pl

FAR = 10**6


def courses(sessions: pl.DataFrame) -> pl.DataFrame:
    """One row per course: first day, last induction day, kind, first day of the next course."""
    day, patient = pl.col("day"), pl.col("patient")
    ordered = sessions.sort("patient", "day")
    is_new = (patient != patient.shift(1)).fill_null(True)
    gap = (day - day.shift(1)).fill_null(0)
    starts = is_new | (gap > 60)
    blocked = ordered.with_columns(course=starts.cum_sum(), gap=pl.when(starts).then(0).otherwise(gap),
                                   row=pl.int_range(pl.len()), starts=starts)
    first_row = pl.when("starts").then("row").forward_fill()
    inside = blocked.with_columns(position=pl.col("row") - first_row,
                                  since=day - pl.when("starts").then(day).forward_fill())
    fails = (pl.col("gap") > 14) | (pl.col("since") > 28) | (pl.col("position") >= 8)
    per_course = inside.group_by("course", maintain_order=True).agg(
        patient=patient.first(), first=day.first(), n_sessions=pl.len(), days=day,
        n=pl.when(fails).then("position").min())
    per_course = per_course.with_columns(n=pl.col("n").fill_null(pl.col("n_sessions")))
    per_course = per_course.with_columns(last_induction=pl.col("days").list.get(pl.col("n") - 1)).drop("days")
    complete = per_course.filter(pl.col("n") >= 4).group_by("patient").agg(complete=pl.col("course").min())
    is_same = patient == patient.shift(-1)
    return per_course.join(complete, on="patient", how="left", maintain_order="left").with_columns(
        is_booster=((pl.col("n") < 4) & (pl.col("course") > pl.col("complete"))).fill_null(False),
        next=pl.when(is_same).then(pl.col("first").shift(-1)).otherwise(FAR).fill_null(FAR))


def rates(scores_path: str, sessions_path: str, patients_path: str) -> list[dict]:
    """Courses, numerator, denominator and those lost, by site and month of day 0."""
    overrides = {"assessed_on": pl.Date, "treated_on": pl.Date}
    patients = pl.read_csv(patients_path).with_columns(patient=pl.int_range(pl.len(), dtype=pl.UInt32))
    codes = patients.select("patient_id", "patient")
    scores, sessions = (
        pl.read_csv(path, schema_overrides=overrides, columns=columns).join(codes, on="patient_id").select(
            "patient", pl.col(columns[1]).to_physical().alias("day"), *columns[2:])
        for path, columns in ((scores_path, ["patient_id", "assessed_on", "phq9"]),
                              (sessions_path, ["patient_id", "treated_on"])))
    built = courses(sessions)
    as_of = max(scores["day"].max(), sessions["day"].max())
    pairs = scores.join(built.select("course", "patient", "first", "last_induction", "next"), on="patient")
    since, after = pl.col("day") - pl.col("first"), pl.col("day") - pl.col("last_induction")
    before = (pairs.filter(since.is_between(-30, 0)).sort("day", "phq9", descending=[False, True])
              .group_by("course").agg(baseline=pl.col("phq9").last()))
    later = (pairs.filter(after.is_between(1, 31) & (pl.col("day") <= pl.col("next"))).sort("day", "phq9")
             .group_by("course").agg(endpoint=pl.col("phq9").last()))
    joined = (built.join(before, on="course", how="left").join(later, on="course", how="left")
              .join(patients.select("patient", "site"), on="patient", how="left"))
    eligible = ~pl.col("is_booster") & (pl.col("baseline") >= 10)
    is_due = pl.col("last_induction") + 31 <= as_of
    seen = pl.col("endpoint").is_not_null()
    return (joined.with_columns(
                counted=(eligible & is_due & seen).fill_null(False),
                is_lost=(eligible & is_due & ~seen).fill_null(False),
                responded=(2 * pl.col("endpoint") <= pl.col("baseline")).fill_null(False),
                start_month=pl.col("first").cast(pl.Date).dt.strftime("%Y-%m"))
            .group_by("site", "start_month")
            .agg(courses=pl.len(), numerator=(pl.col("counted") & pl.col("responded")).sum(),
                 denominator=pl.col("counted").sum(), lost=pl.col("is_lost").sum())
            .sort("site", "start_month").to_dicts())


if __name__ == "__main__":
    print(json.dumps(rates(*sys.argv[1:4])))
