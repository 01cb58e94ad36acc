"""A dataset as somebody limited to some sites may see it: cut to their patients before courses are built.

A patient is of a site by the attribute named site or clinic. Somebody who was treated at two sites is a patient of
these two, and is seen only by who may see both; a patient without a site is nobody's here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

import pandas as pd

from analytics.app.datasets import Dataset, KeptDataset, shape_of
from analytics.definitions.findings import Finding
from analytics.definitions.tables import FileRecord, Tables

SITE_NAMES = ("site", "clinic")
"""Names of the attribute, whatever their capitals; the first that is there."""

_COUNT = re.compile(r"([0-9][0-9,]*) (?!columns?|sheets?|files?|tables?|headers?|items?)(?=[a-z])")
"""What a finding counts; what is counted of a file's form is no patient's."""

Answer = Callable[[Dataset, tuple[Hashable, ...], Callable[[], Any]], Any]


def of_sites(dataset: Dataset, sites: frozenset[str], answer: Answer) -> Dataset | None:
    """The dataset cut to the patients of some sites, under a key of its own; missing where it has none of them.

    Parameters
    ----------
    answer : gives what was made before, as ``loading.answer_of``
    """
    named = ("of sites", *sorted(sites))
    if site_attribute(dataset) is None or (dataset.given_as != "kept" and dataset.tables.is_blocked):
        return None

    def tables() -> Tables:
        return answer(dataset, ("tables", *named), lambda: tables_of_sites(dataset.tables, sites))

    key = key_of_sites(dataset.key, sites)
    shape = answer(dataset, ("shape", *named), lambda: shape_of(key, tables()) if has_patients(tables()) else None)
    if shape is None:
        return None
    if isinstance(dataset, KeptDataset):
        return replace(dataset, key=key, shape=shape, read=tables)
    return replace(dataset, key=key, shape=shape, tables=tables())


def key_of_sites(key: str, sites: frozenset[str]) -> str:
    """The key of a cut dataset: another for other sites."""
    return hashlib.sha256(json.dumps([key, sorted(sites)]).encode()).hexdigest()


def site_attribute(dataset: Dataset) -> str | None:
    """Which attribute tells the site; missing where none does."""
    names = {name.strip().lower() for name, _ in dataset.shape.attributes}
    return next((name for name in SITE_NAMES if name in names), None)


def has_patients(tables: Tables) -> bool:
    """Whether anybody was assessed."""
    return len(tables.assessments) > 0


def tables_of_sites(tables: Tables, sites: frozenset[str]) -> Tables:
    """The rows, and the rows of findings, of patients all of whose sites are among these."""
    patients = patients_of(tables, sites)
    frames = {name: _cut(getattr(tables, name), patients) for name in ("assessments", "sessions", "attributes")}
    rows = {file: _only(of_row[of_row.astype("str").isin(patients)]) for file, of_row in tables.patient_of_row.items()}
    return replace(
        tables, **frames, patient_of_row=rows,
        observed_until=tables.observed_until[tables.observed_until.index.astype("str").isin(patients)],
        findings=tuple(cut for one in tables.findings if (cut := _cut_finding(one, rows)).rows or not one.rows),
        files=tuple(_cut_file(one, tuple(frames.values())) for one in tables.files),
        columns=tuple(replace(one, sample="") for one in tables.columns))


def patients_of(tables: Tables, sites: frozenset[str]) -> frozenset[str]:
    """The codes of the patients all of whose sites are among these."""
    names = tables.attributes["name"].astype("str").str.strip().str.lower()
    told = next((names == name for name in SITE_NAMES if (names == name).any()), None)
    if told is None:
        return frozenset()
    rows = tables.attributes[told.to_numpy() & tables.attributes["value"].notna().to_numpy()]
    is_theirs = rows["value"].astype("str").str.strip().isin(sites)
    codes = rows["patient_id"].astype("str")
    return frozenset(codes[is_theirs]) - frozenset(codes[~is_theirs])


def _cut(frame: pd.DataFrame, patients: frozenset[str]) -> pd.DataFrame:
    """The rows of these patients; whoever is left out is no category any more."""
    kept = frame[frame["patient_id"].astype("str").isin(patients).to_numpy()].reset_index(drop=True)
    if isinstance(frame["patient_id"].dtype, pd.CategoricalDtype):
        categories = [code for code in frame["patient_id"].cat.categories if str(code) in patients]
        kept["patient_id"] = kept["patient_id"].cat.set_categories(categories)
    return kept


def _cut_finding(finding: Finding, patient_of_row: dict[str, pd.Series]) -> Finding:
    """A finding with the rows of these patients alone; of a row that is nobody's nothing is said."""
    known = patient_of_row.get(finding.file or "")
    theirs = set() if known is None else set(known.index)
    rows = tuple(row for row in finding.rows if row in theirs)
    n_rows = len(rows) if len(rows) == len(finding.rows) else 0
    return replace(finding, rows=rows, problem=_uncounted(finding.problem, n_rows))


def _uncounted(problem: str, n_rows: int) -> str:
    """What is wrong, without how often where that counts others' rows: "Some values lie outside the range ...".

    Parameters
    ----------
    n_rows : rows of a finding whose rows are the person's all, else 0; a finding may count more than it names
    """
    count = _COUNT.match(problem)
    if count is None or int(count[1].replace(",", "")) <= n_rows:
        return problem
    one = "An " if problem[count.end()] in "aeiou" else "A "
    return (one if count[1] == "1" else "Some ") + problem[count.end():]


def _only(codes: pd.Series) -> pd.Series:
    """Codes of patients; whoever is left out is no category any more."""
    return codes.cat.remove_unused_categories() if isinstance(codes.dtype, pd.CategoricalDtype) else codes


def _cut_file(record: FileRecord, frames: tuple[pd.DataFrame, ...]) -> FileRecord:
    """A file as far as it is these patients'."""
    used = {row for frame in frames if "file" in frame and "file_row" in frame
            for row in frame.loc[(frame["file"].astype("str") == record.name).to_numpy(), "file_row"].dropna()}
    return replace(record, rows=len(used), rows_used=len(used), rows_blank=0)
