"""Drawn clinics as files that a person would load, their twins, and the report of them for an audience.

A twin is a clinic that differs in something that is not told: in whose site, route or sex is whose, in scores.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analytics.courses.outcomes import Outcomes, outcomes
from analytics.definitions.rules import rule_set
from analytics.ingest.load import open_files, tables_of
from analytics.ingest.read import Source
from analytics.ingest.recipes import recipe_of
from analytics.reports.report_files import Report, report_of
from analytics.results.disclosure import Disclosure
from analytics.wording.summary_record import summary_record


@dataclass(frozen=True)
class Files:
    """A clinic as rows of three files.

    Attributes
    ----------
    scores : by patient and day: item 9, PHQ-9 and GAD-7, as they are written
    sessions : patient, day and route
    patients : by patient: site and sex
    """

    scores: Mapping[tuple[str, int], tuple[str, str, str]]
    sessions: tuple[tuple[str, int, str], ...]
    patients: Mapping[str, tuple[str, str]]

    def texts(self) -> dict[str, str]:
        """The files by their names."""
        lines = {
            "scores.csv": ["patient_id,day,phq9_9,phq9_total,gad7_total", *(
                f"{patient},{day},{','.join(row)}" for (patient, day), row in self.scores.items())],
            "sessions.csv": ["patient_id,day,route", *(",".join(map(str, row)) for row in self.sessions)],
            "patients.csv": ["patient_id,site,sex", *(
                f"{patient},{','.join(row)}" for patient, row in self.patients.items())]}
        return {name: "\n".join(rows) + "\n" for name, rows in lines.items()}


def files_of(of: Outcomes) -> Files:
    """A clinic of ``clinics.clinic`` as files."""
    scores: dict[tuple[str, int], list[str]] = {}
    rows = of.tables.assessments.astype({"patient_id": str, "instrument": str})
    for row in rows.itertuples():
        cells = scores.setdefault((row.patient_id, int(row.day)), ["", "", ""])
        cells[1 if row.instrument == "phq9" else 2] = str(int(row.total))
        if row.instrument == "phq9" and str(row.self_harm_item) != "<NA>":
            cells[0] = str(int(row.self_harm_item))
    sessions = of.tables.sessions.astype({"patient_id": str, "route": str})
    patients: dict[str, list[str]] = {}
    for row in of.tables.attributes.astype(str).itertuples():
        patients.setdefault(row.patient_id, ["", ""])[("site", "sex").index(row.name)] = row.value
    return Files({key: tuple(scores[key]) for key in sorted(scores)},
                 tuple((row.patient_id, int(row.day), row.route) for row in sessions.itertuples()),
                 {key: tuple(patients[key]) for key in sorted(patients)})


def twin(files: Files, what: str, chance: np.random.Generator) -> Files:
    """The files with eight patients of some sites, routes or sexes dealt out anew among these, or five scores anew.

    Parameters
    ----------
    what : site, sex, route or scores
    """
    if what == "scores":
        return replace(files, scores=_drawn_anew(files, chance))
    routes = {patient: route for patient, _, route in files.sessions}
    place = ("site", "sex", "route").index(what)
    own = routes if what == "route" else {patient: row[place] for patient, row in files.patients.items()}
    values = sorted(set(own.values()))
    among = set(chance.choice(values, chance.integers(2, len(values) + 1), replace=False))
    there = [patient for patient in sorted(own) if own[patient] in among]
    moved = chance.choice(there, min(8, len(there)), replace=False).tolist()
    new = own | dict(zip(moved, chance.permutation([own[patient] for patient in moved]).tolist(), strict=True))
    if what == "route":
        return replace(files, sessions=tuple((*row[:2], new[row[0]]) for row in files.sessions))
    return replace(files, patients={
        patient: (new[patient], row[1]) if what == "site" else (row[0], new[patient])
        for patient, row in files.patients.items()})


def _drawn_anew(files: Files, chance: np.random.Generator) -> dict:
    scores, keys = dict(files.scores), list(files.scores)
    for place in chance.choice(len(keys), min(5, len(keys)), replace=False):
        item9, phq9, gad7 = scores[keys[place]]
        scores[keys[place]] = (item9, phq9 and str(chance.integers(0, 28)), gad7 and str(chance.integers(0, 22)))
    return scores


def reported(files: Files, audience: str, **asked: Any) -> Report:
    """The report of a clinic, as the command line makes it."""
    opened = open_files([Source(name, text.encode()) for name, text in files.texts().items()])
    tables = tables_of(opened)
    recipe = recipe_of(tables, opened, "report", said={}, dates="keep", preset="clinic", settings=[],
                       instruments_text="")
    disclosure = None if audience == "inside" else Disclosure(audience)
    return report_of(outcomes(tables, rule_set("clinic")), recipe, {}, disclosure=disclosure, parts=opened.parts,
                     columns=tables.columns, **asked)


def told_of(answers: Any) -> dict[str, str]:
    """Everything that results were told for a report or a page: summaries and bands, by what was asked."""
    found = {}
    for key, one in answers.kept.items():
        if key[0] == "summary":
            found[repr(key)] = json.dumps(summary_record(one) | {"files": None}, sort_keys=True, default=str)
        elif key[0] == "bands":
            found[repr(key)] = "" if one is None else one.to_json()
    return found
