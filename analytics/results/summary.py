"""Every measure for a cohort and its strata, with counts, flow, rules and findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from analytics.courses.attributes import indication_of
from analytics.courses.outcomes import Outcomes, outcomes
from analytics.definitions.findings import Finding
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import LEFT_OUT, MEASURES
from analytics.definitions.nhs import NhsScales
from analytics.definitions.rules import PAIN_TIME_POINTS, RuleSet, as_record, rule_set
from analytics.definitions.tables import FileRecord, Tables
from analytics.results.clinical_significance import ClinicalSignificance, clinical_significance
from analytics.results.cohorts import Strata, Where, in_cohort, strata
from analytics.results.disclosure_kinds import Told
from analytics.results.rates import Counting, Mean, Rate, Share, means, rates

SCHEMA = "summary/1"


@dataclass(frozen=True)
class Step:
    """One step from courses to those counted: ``lost`` left for ``reason``, ``remaining`` went on."""

    reason: str
    lost: int
    remaining: int


@dataclass(frozen=True)
class Flow:
    """The way from patients in the files to the courses of one rate."""

    instrument: str
    patients_in_files: int
    patients_without_records: int
    patients: int
    courses: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class TimePoint:
    """A further look of the pain series: a rate at other days after the last induction session."""

    at: str
    rate: Rate


@dataclass(frozen=True)
class Summary:
    """All results of one question: which cohort, which strata, under which rules.

    Attributes
    ----------
    by : the attributes whose values are crossed
    of : the outcomes it was counted from; what an audience may be told depends on who is in which number
    told : what was done before it was told; missing for the inside
    """

    results: tuple[Rate | Mean, ...]
    rules: RuleSet
    by_indication: dict[str, str]
    counts: dict[str, int]
    flows: tuple[Flow, ...]
    as_of: str | None
    files: tuple[FileRecord, ...]
    findings: tuple[Finding, ...]
    instruments: dict[str, Instrument | NhsScales]
    where: dict[str, list[str | None]]
    time_points: tuple[TimePoint, ...] = ()
    significance: tuple[ClinicalSignificance, ...] = ()
    by: tuple[str, ...] = ()
    of: Outcomes | None = field(default=None, repr=False, compare=False)
    told: Told | None = None

    def result(self, instrument: str, measure: str, stratum: dict[str, str | None] | None = None) -> Rate | Mean | None:
        """The one result of an instrument and a measure in a stratum; missing where there is none."""
        return next((one for one in self.results if one.instrument == instrument and one.measure == measure
                     and one.stratum == (stratum or {})), None)

    def as_json(self) -> dict[str, Any]:
        """Plain values in the shape of the command line's ``--format json``."""
        return {
            "schema": SCHEMA,
            "as_of": self.as_of,
            "files": [file_record(one) for one in self.files],
            "rules": rules_record(self.rules, self.by_indication),
            "where": self.where,
            "counts": self.counts,
            "results": [result_record(one) for one in self.results],
            "time_points": [{"at": one.at, **result_record(one.rate)} for one in self.time_points],
            "clinical_significance": [one.as_record() for one in self.significance],
            "flow": [asdict(one) for one in self.flows],
            "findings": [finding_record(one) for one in self.findings],
        } | ({"disclosure": told_record(self.told)} if self.told is not None else {})


def told_record(told: Told) -> dict[str, Any]:
    """For whom results are and what was done to them, as plain values."""
    record = asdict(told)
    return {**record.pop("disclosure"), **record}


def rules_record(rules: RuleSet, by_indication: dict[str, str]) -> dict[str, Any]:
    """The rules in force as plain values."""
    record = as_record(rules.base) | {"preset": rules.preset}
    if rules.is_by_indication:
        others = {preset: as_record(rules.rules_for(preset)) for preset in sorted(set(by_indication.values()))
                  if preset != "induction"}
        record = {"preset": rules.preset, "by_indication": by_indication, "presets": others} | record
    if rules.requested:
        record["requested"] = rules.requested
    cut_offs = {key: text for key, text in rules.settings if "." in key and not key.startswith("by_indication.")}
    return record | ({"cut_offs": cut_offs} if cut_offs else {})


def result_record(result: Rate | Mean) -> dict[str, Any]:
    """A result as plain values."""
    return {name: vars(part) if isinstance(part, Share) else part for name, part in vars(result).items()}


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding as plain values."""
    record = asdict(finding) | {
        "rows": list(finding.rows), "choices": [{"means": means, "map": words} for means, words in finding.choices]}
    names = ("severity", "code", "file", "column", "rows", "problem", "remedy", "choices")
    return {key: record[key] for key in names}


def check_record(tables: Tables) -> dict[str, Any]:
    """What was read and what was found, as plain values in the shape of ``check --format json``."""
    return {
        "schema": "check/1",
        "as_of": tables.as_of.isoformat() if tables.as_of else None,
        "files": [file_record(one) for one in tables.files],
        "columns": [asdict(one) for one in tables.columns],
        "counts": {"sessions": len(tables.sessions), "assessments": len(tables.assessments)},
        "findings": [finding_record(one) for one in tables.findings],
    }


def file_record(file: FileRecord) -> dict[str, Any]:
    """A file as plain values."""
    return {"name": file.name, "sha256": file.sha256, "rows": file.rows, "kind": file.kind,
            "rows_used": file.rows_used, "rows_blank": file.rows_blank}


def summarize(
    of: Outcomes, by: Sequence[str] = (), where: Where | None = None, instruments: Iterable[str] | None = None,
    measures: Iterable[str] | None = None,
) -> Summary:
    """Every measure for the cohort and, with ``by``, for each of its strata.

    Parameters
    ----------
    of : from ``outcomes``
    by : attributes whose values are crossed; a missing value is the stratum None
    where : attribute to the values that stay
    instruments, measures : keys; missing means all

    Raises
    ------
    ValueError
        When an attribute, an instrument or a measure is not there.
    """
    stays = in_cohort(of, where or {})
    wanted = None if instruments is None else of.with_pair(instruments)
    keys = _known_keys(wanted, of.result_keys, "instrument in the files")
    chosen = _known_keys(measures, tuple(MEASURES), "measure")
    groupings = [strata(of, (), stays)] + ([strata(of, by, stays)] if by else [])
    results = [result for key in keys for result in _results(of, key, chosen, groupings)]
    return Summary(
        results=tuple(results), rules=of.rules, by_indication=indications(of), counts=cohort_counts(of, stays),
        flows=tuple(flow(of, key, stays) for key in keys if key in of.instruments),
        as_of=of.as_of.isoformat() if of.as_of else None, files=of.tables.files,
        findings=of.findings + _unmatched(of, where or {}),
        instruments={key: of.named(key) for key in keys},
        where={name: list(values) for name, values in (where or {}).items()}, by=tuple(by), of=of)


def _unmatched(of: Outcomes, where: Where) -> tuple[Finding, ...]:
    """A note for every value asked for that no course has."""
    return tuple(
        Finding("note", "filter_matches_nothing",
                "A filter asks for a value that no course has; values are compared as the results write them.",
                f"Group by the attribute (--by {name}) to see its values.", column=name)
        for name, values in where.items() if any(not in_cohort(of, {name: [value]}).any() for value in values))


def _known_keys(wanted: Iterable[str] | None, there: tuple[str, ...], what: str) -> tuple[str, ...]:
    if wanted is None:
        return there
    wanted = tuple(wanted)
    unknown = [key for key in wanted if key not in there]
    if unknown:
        raise ValueError(f"There is no {what} called {unknown[0]!r}; there are {', '.join(there) or 'none'}.")
    return tuple(key for key in there if key in wanted)


def _results(of: Outcomes, key: str, measures: tuple[str, ...], groupings: list[Strata]) -> list[Rate | Mean]:
    found: list[Rate | Mean] = []
    countings = [Counting(of, key, cells) for cells in groupings]
    for name in measures:
        measure = MEASURES[name]
        if measure in of.measures_of(key):
            count = rates if measure.kind == "rate" else means
            found.extend(one for counting in countings for one in count(counting, measure))
    return found


def indications(of: Outcomes) -> dict[str, str]:
    """The preset each indication of the files follows; empty unless the rules go by indication."""
    column = indication_of(of.courses)
    if not of.rules.is_by_indication or column is None:
        return {}
    return {name: of.rules.preset_for(name) for name in sorted(column.dropna().unique())}


def cohort_counts(of: Outcomes, stays: np.ndarray) -> dict[str, int]:
    """Patients, courses, sessions and assessments of the cohort, and what the whole files left unused."""
    sessions = of.courses["n_sessions"].fillna(0).to_numpy(int)[stays].sum()
    has_course = np.bincount(of.patient[stays], minlength=len(of.assessments_by_patient)) > 0
    return {
        "patients": int(has_course.sum()),
        "courses": int(stays.sum()),
        "sessions": int(sessions),
        "assessments": int(of.assessments_by_patient[has_course].sum()),
    } | of.counts


def flow(of: Outcomes, instrument: str, stays: np.ndarray) -> Flow:
    """From the patients in the files to the courses of the response rate, with the reason at each step."""
    rows = (of.table["instrument"] == instrument).to_numpy(bool)
    reason = of.table["left_out"].cat.codes.to_numpy()[rows][stays[of.table["course"].to_numpy()[rows]]]
    counts = np.bincount(reason + 1, minlength=len(LEFT_OUT) + 1)[1:]
    remaining, steps = len(reason), []
    for name, lost in zip(LEFT_OUT, counts, strict=True):
        if lost:
            remaining -= int(lost)
            steps.append(Step(name, int(lost), remaining))
    return Flow(instrument, of.counts["patients_in_files"], of.counts["patients_without_records"],
                int((np.bincount(of.patient[stays]) > 0).sum()), len(reason), tuple(steps))


def pain_time_points(of: Outcomes, where: Where | None = None) -> tuple[TimePoint, ...]:
    """The further looks of the pain series: pain down by 30 % on other days, for the whole cohort.

    Only courses that follow ``pain_series`` are asked; empty where there is none, or no pain scale.
    """
    keys = [key for key in of.instrument_keys if of.instruments[key].is_pain]
    if of.rules.preset not in ("clinic", "pain_series") or not keys or of.tables.sessions.empty:
        return ()
    pain = {name for name, preset in indications(of).items() if preset == "pain_series"}
    if of.rules.preset == "clinic" and not pain:
        return ()
    looks = []
    for at, window in PAIN_TIME_POINTS.items():
        settings = tuple(pair for pair in of.rules.settings if pair[0] not in ("endpoint_window", "endpoint_pick"))
        rules = rule_set(of.rules.preset, (*settings, ("endpoint_window", f"{window[0]}..{window[1]}")))
        then = outcomes(of.tables, rules, of.as_of)
        stays = in_cohort(then, where or {})
        if of.rules.preset == "clinic":
            stays &= _follows_pain_series(then, pain)
        cells = strata(then, (), stays)
        looks.extend(TimePoint(at, rate) for key in keys
                     for rate in rates(Counting(then, key, cells), MEASURES["pain_30"]))
    return tuple(looks)


def _follows_pain_series(of: Outcomes, pain: set[str]) -> np.ndarray:
    return indication_of(of.courses).isin(pain).to_numpy(bool)


def with_more(summary: Summary, of: Outcomes, by: Sequence[str] = (), where: Where | None = None) -> Summary:
    """The summary with the further looks of the pain series, and with clinical significance where it can be judged."""
    found = (clinical_significance(of, key, by, where) for key in summary.instruments if key in of.instruments)
    return replace(summary, time_points=pain_time_points(of, where),
                   significance=tuple(one for one in found if one.reliability is not None))
