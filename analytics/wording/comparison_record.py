"""A comparison as plain values with its reading: the JSON and the rows of the command line."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

import pandas as pd

from analytics.results.summary import file_record, result_record, rules_record
from analytics.wording.comparison import reading
from analytics.wording.comparison_notes import notes
from analytics.wording.comparison_phrases import is_mean
from analytics.wording.rates import mark_of, size

SCHEMA = "compare/1"


def comparison_record(comparison: Any) -> dict[str, Any]:
    """A comparison as one object in the shape of ``compare --format json``; every number, with its mark."""
    least = min((one.compared.n for one in comparison.groups), default=0)
    return _finite({
        "schema": SCHEMA,
        "instrument": comparison.instrument.key,
        "measure": comparison.measure,
        "by": comparison.by,
        "as_of": comparison.as_of,
        "files": [file_record(one) for one in comparison.files],
        "rules": rules_record(comparison.rules, comparison.by_indication),
        "where": comparison.where,
        "landmark": comparison.landmark,
        "unit": comparison.unit,
        "groups": [_group(comparison, one) for one in comparison.groups],
        "difference": _marked(comparison.difference, least),
        "test": asdict(comparison.test),
        "tests": [asdict(one) for one in comparison.tests],
        "adjusted": _marked(comparison.adjusted, least),
        "why_not_adjusted": comparison.why_not_adjusted,
        "effect_sizes": [asdict(one) for one in comparison.effect_sizes],
        "pairs": [_pair(one) for one in comparison.pairs],
        "not_paired": comparison.not_paired,
        "overlap": asdict(comparison.overlap) if comparison.overlap else None,
        "patients_in_several": comparison.patients_in_several,
        "not_compared": comparison.not_compared,
        "standing": asdict(comparison.standing),
        "notes": list(notes(comparison)),
        "reading": list(reading(comparison)),
    })


def _group(comparison: Any, group: Any) -> dict[str, Any]:
    own, compared = result_record(group.result), group.compared
    for name in ("instrument", "measure", "stratum"):
        own.pop(name)
    if is_mean(comparison):
        own = {"n": own.pop("n"), "mean": own["estimate"]} | own
        taken = {"n": compared.n, "patients": compared.patients, "mean": compared.estimate, "sd": compared.sd}
    else:
        taken = {"numerator": compared.numerator, "denominator": compared.n, "patients": compared.patients,
                 "estimate": compared.estimate}
    return {"value": group.value, "courses": own.pop("courses"), **own, "mark": mark_of(size(group.result)),
            "compared": taken | {"mark": mark_of(compared.n)}}


def _pair(pair: Any) -> dict[str, Any]:
    contrast = pair.contrast
    return {
        "a": pair.a, "b": pair.b,
        "difference": asdict(contrast.difference) if contrast.difference else None,
        "test": asdict(contrast.tests[0]), "p_holm": pair.p_holm,
        "adjusted": asdict(contrast.adjusted) if contrast.adjusted else None,
        "effect_sizes": [asdict(one) for one in contrast.effect_sizes]}


def _marked(estimate: Any, n: int) -> dict[str, Any] | None:
    return None if estimate is None else asdict(estimate) | {"mark": mark_of(n)}


def _finite(value: Any) -> Any:
    """Plain values as JSON can hold them: a number that is not finite is missing."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value


_COUNTS = ("courses", "numerator", "denominator", "compared")
COLUMNS = ("row", "instrument", "measure", "by", "a", "b", *_COUNTS, "estimate", "low", "high", "sd", "method", "test",
           "p", "p_holm", "why", "mark")
"""The columns of the rows."""


def comparison_rows(comparison: Any) -> pd.DataFrame:
    """One row a group, then one a difference and effect size: what was compared, and by how much a did better."""
    record = comparison_record(comparison)
    rows = [{
        "row": "group", "a": one["value"], "courses": one["courses"], "numerator": one.get("numerator"),
        "denominator": one.get("denominator", one.get("n")), "estimate": one["estimate"], "low": one["low"],
        "high": one["high"], "sd": one.get("sd"), "compared": group.compared.n, "mark": one["mark"]}
        for one, group in zip(record["groups"], comparison.groups, strict=True)]
    if len(comparison.groups) == 2:
        a, b = comparison.groups
        rows += _differences(record, {"a": a.value, "b": b.value})
    else:
        rows += [{"row": "test of all groups", "test": one["name"], "p": one["p"], "why": one["why"]}
                 for one in record["tests"]]
    for pair in record["pairs"]:
        rows += _differences(pair, {"a": pair["a"], "b": pair["b"], "p_holm": pair["p_holm"]})
    asked = {name: record[name] for name in ("instrument", "measure", "by")}
    table = pd.DataFrame([asked | row for row in rows], columns=list(COLUMNS))
    return table.astype(dict.fromkeys(_COUNTS, "Int64"))


def _differences(record: dict[str, Any], pair: dict[str, Any]) -> list[dict[str, Any]]:
    """The plain and the adjusted difference and the effect sizes of two groups, one row each."""
    test = record["test"]
    rows = [pair | (record["difference"] or {}) | {
        "row": "difference", "p": test["p"], "test": test["name"], "why": test["why"]}]
    if record["adjusted"]:
        rows.append(pair | record["adjusted"] | {"row": "adjusted difference"})
    rows += [pair | {"row": one["name"], "estimate": one["estimate"], "low": one["low"], "high": one["high"],
                     "method": f"divided by: {one['denominator']}", "why": one["why"]}
             for one in record["effect_sizes"]]
    return rows
