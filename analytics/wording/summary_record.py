"""A summary as plain values with the mark of every number: the JSON of the command line."""

from __future__ import annotations

from typing import Any

from analytics.wording.rates import mark_of, size


def summary_record(summary: Any) -> dict[str, Any]:
    """A summary as one object in the shape of ``summary --format json``; every number, with its mark."""
    record = summary.as_json()
    for name, results in (("results", summary.results),
                          ("time_points", tuple(one.rate for one in summary.time_points))):
        record[name] = [one | {"mark": mark_of(size(result))}
                        for one, result in zip(record[name], results, strict=True)]
    return record
