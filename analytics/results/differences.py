"""What changed between two loads of one export: columns, rows, patients, sites, and the rates before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from analytics.courses.outcomes import outcomes
from analytics.definitions.rules import RuleSet
from analytics.definitions.tables import Tables
from analytics.ingest.file_shapes import Match, matches, shape_of
from analytics.ingest.synonyms import squeezed
from analytics.results.rates import Mean, Rate
from analytics.results.summary import Summary, result_record, summarize

HEADLINE = ("response", "remission", "worsening", "mean_improvement")
"""The measures whose figures before and after are given."""

SITE_HEADERS = frozenset({"site", "sitename", "siteid", "sitecode", "clinic", "clinicname", "clinicid", "location",
                          "facility", "center", "centre"})
"""Headers, letters and digits only, under which a file names the site."""

SMALLEST_SITE = 10
"""A site with fewer rows before is too small for its fall to mean anything."""

Refusal = Literal["axes", "origins"]
"""Why rows cannot be set against each other: days, dates or visits on the two sides; or days counted from another
origin, because dates were turned into days on one side only."""

FileRows = tuple[tuple[str, tuple[int, ...]], ...]
"""Row numbers by file, as a spreadsheet shows them."""

_WHERE = ("file", "file_row")
_KEYS = {
    "assessments": ("patient_id", "instrument", "day", "time"),
    "sessions": ("patient_id", "day"),
    "attributes": ("patient_id", "name", "day", "course_id"),
}
_MAY_COME_AND_GO = frozenset({"time", "course_id"})


@dataclass(frozen=True)
class RowChanges:
    """One canonical table set against what it was; before = same + changed + gone, after = same + changed + added.

    Attributes
    ----------
    changed_rows : where the changed ones stand in the new files
    totals_changed : of the changed ones, those whose total is another; 0 but for assessments
    totals_changed_rows : where they stand in the new files
    """

    table: str
    before: int
    after: int
    same: int
    added: int
    changed: int
    gone: int
    changed_rows: FileRows = ()
    totals_changed: int = 0
    totals_changed_rows: FileRows = ()


@dataclass(frozen=True)
class PatientChanges:
    """Patients with a row, by their codes; ``both`` were there and are."""

    before: int
    after: int
    both: int
    new: int
    gone: int


@dataclass(frozen=True)
class SiteFall:
    """A site whose scores and sessions are half of what they were, or fewer."""

    attribute: str
    site: str
    before: int
    after: int


@dataclass(frozen=True)
class RateChange:
    """One headline result before and after, under the same rules; missing on a side that does not have it."""

    instrument: str
    measure: str
    before: Rate | Mean | None
    after: Rate | Mean | None


@dataclass(frozen=True)
class Differences:
    """Two loads set against each other.

    Attributes
    ----------
    refusal : why rows could not be compared; ``rows`` is empty then
    rows : assessments, sessions, attributes
    rates : empty on a side whose files cannot be counted under the rules; ``not_counted`` says why
    """

    columns: Match
    patients: PatientChanges
    rows: tuple[RowChanges, ...]
    refusal: Refusal | None
    sites: tuple[SiteFall, ...]
    rates: tuple[RateChange, ...]
    not_counted: str | None

    def of(self, table: str) -> RowChanges | None:
        """The changes of one table; missing where rows could not be compared."""
        return next((one for one in self.rows if one.table == table), None)

    def as_json(self) -> dict[str, Any]:
        """Plain values; results in the shape of the command line's summary."""
        return {
            "schema": "differences/1",
            "columns": {"new": list(self.columns.new), "gone": list(self.columns.gone),
                        "renamed": [{"before": old, "after": now} for old, now in self.columns.renamed]},
            "patients": asdict(self.patients),
            "refusal": self.refusal,
            "rows": [asdict(one) | {name: [{"file": file, "rows": list(rows)} for file, rows in getattr(one, name)]
                                    for name in ("changed_rows", "totals_changed_rows")} for one in self.rows],
            "sites": [asdict(one) for one in self.sites],
            "rates": [{"instrument": one.instrument, "measure": one.measure,
                       "before": None if one.before is None else result_record(one.before),
                       "after": None if one.after is None else result_record(one.after)} for one in self.rates],
            "not_counted": self.not_counted,
        }


def differences(before: Tables, after: Tables, rules: RuleSet | None = None) -> Differences:
    """What changed from one load to the next.

    Parameters
    ----------
    before, after : from ``load``, or from the store
    rules : for the rates on both sides; missing means the preset ``clinic``
    """
    refusal = _refusal(before, after)
    rates, not_counted = _rates(before, after, rules)
    return Differences(
        columns=matches(shape_of(before), shape_of(after)), patients=_patients(before, after),
        rows=() if refusal else tuple(_row_changes(table, before, after) for table in _KEYS),
        refusal=refusal, sites=_sites(before, after), rates=rates, not_counted=not_counted)


def _refusal(before: Tables, after: Tables) -> Refusal | None:
    if before.axis != after.axis:
        return "axes"
    return "origins" if before.is_turned_relative != after.is_turned_relative else None


def _patients(before: Tables, after: Tables) -> PatientChanges:
    old, now = (pd.Index(_all_patients(tables)) for tables in (before, after))
    both = len(old.intersection(now))
    return PatientChanges(len(old), len(now), both, len(now) - both, len(old) - both)


def _all_patients(tables: Tables) -> np.ndarray:
    categories = tables.assessments["patient_id"].cat.categories
    codes = [table["patient_id"].cat.codes.to_numpy() for table in (tables.assessments, tables.sessions,
                                                                    tables.attributes)]
    return categories.to_numpy()[np.bincount(np.concatenate(codes), minlength=len(categories)) > 0]


def _row_changes(table: str, before: Tables, after: Tables) -> RowChanges:
    """Rows that are the same in all they hold are set aside first, then those with one key are paired."""
    old, now = getattr(before, table), getattr(after, table)
    when = "visit" if before.axis == "visit" and table == "assessments" else "day"
    keys = [when if name == "day" else name for name in _KEYS[table]]
    held = [name for name in old.columns if name in now.columns and old[name].notna().any() and now[name].notna().any()]
    keys = [name for name in keys if name in held or name not in _MAY_COME_AND_GO]
    values = [name for name in held if name not in (*keys, *_WHERE)]
    key = _codes(old, now, keys)
    is_same = _paired(_combined([key, *(_codes(old, now, [name]) for name in values)]), len(old))
    rest = np.flatnonzero(is_same < 0)
    n_old = int((rest < len(old)).sum())
    partner = _paired(key[rest], n_old)
    changed = np.flatnonzero(partner[n_old:] >= 0) + n_old
    rows = rest[changed] - len(old)
    is_total = _differs(old, now, "total", rest[partner[changed]], rows)
    return RowChanges(
        table, before=len(old), after=len(now), same=len(old) - n_old, added=len(rest) - n_old - len(changed),
        changed=len(changed), gone=n_old - len(changed), changed_rows=_file_rows(now, rows),
        totals_changed=int(is_total.sum()), totals_changed_rows=_file_rows(now, rows[is_total]))


def _codes(old: pd.DataFrame, now: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """One number a row of both tables, old ones first, the same where all the columns are."""
    return _combined([_column_codes(old[name], now[name]) for name in names])


def _column_codes(old: pd.Series, now: pd.Series) -> np.ndarray:
    """Numbers for the texts or values of two columns; missing is a value of its own."""
    kinds = [isinstance(column.dtype, pd.CategoricalDtype) for column in (old, now)]
    if all(kinds):
        texts = old.cat.categories.union(now.cat.categories, sort=False)
        return np.concatenate([np.append(texts.get_indexer(column.cat.categories), -1)[column.cat.codes.to_numpy()]
                               for column in (old, now)])
    if any(kinds):
        old, now = old.astype("str"), now.astype("str")
    return pd.factorize(pd.concat([old, now], ignore_index=True))[0]


def _combined(columns: Sequence[np.ndarray]) -> np.ndarray:
    whole = np.zeros(len(columns[0]), dtype=np.int64)
    for codes in columns:
        whole = pd.factorize(whole * (int(codes.max(initial=0)) + 2) + codes + 1)[0].astype(np.int64)
    return whole


def _paired(codes: np.ndarray, n_old: int) -> np.ndarray:
    """For every row the row of the other side that has the same number, each taken once; -1 without one."""
    partner = np.full(len(codes), -1, dtype=np.int64)
    nth = np.empty(len(codes), dtype=np.int64)
    for side in (slice(None, n_old), slice(n_old, None)):
        nth[side] = pd.Series(codes[side]).groupby(codes[side]).cumcount().to_numpy()
    place = pd.Index(_combined([codes, nth]))
    found = place[:n_old].get_indexer(place[n_old:])
    there = np.flatnonzero(found >= 0)
    partner[n_old + there] = found[there]
    partner[found[there]] = n_old + there
    return partner


def _differs(old: pd.DataFrame, now: pd.DataFrame, name: str, old_rows: np.ndarray, rows: np.ndarray) -> np.ndarray:
    if name not in old.columns:
        return np.zeros(len(rows), dtype=bool)
    was, is_now = old[name].iloc[old_rows].reset_index(drop=True), now[name].iloc[rows].reset_index(drop=True)
    return ((was != is_now).fillna(True) & ~(was.isna() & is_now.isna())).to_numpy(bool)


def _file_rows(table: pd.DataFrame, rows: np.ndarray) -> FileRows:
    there = pd.DataFrame({"file": table["file"].astype("str").iloc[rows].to_numpy(),
                          "row": table["file_row"].iloc[rows].to_numpy(int)})
    return tuple((str(file), tuple(sorted(set(numbers.tolist())))) for file, numbers in there.groupby("file")["row"])


def _sites(before: Tables, after: Tables) -> tuple[SiteFall, ...]:
    falls = []
    for name in before.attribute_names:
        if squeezed(name) in SITE_HEADERS and name in after.attribute_names:
            now = _rows_by_site(after, name)
            falls += [SiteFall(name, site, int(was), int(now.get(site, 0)))
                      for site, was in _rows_by_site(before, name).items()
                      if was >= SMALLEST_SITE and 2 * now.get(site, 0) <= was]
    return tuple(falls)


def _rows_by_site(tables: Tables, name: str) -> pd.Series:
    """Scores and sessions of the patients of each site, sorted by site; a patient's last site is his."""
    told = tables.attributes[(tables.attributes["name"] == name).to_numpy(bool)]
    n_patients = len(tables.assessments["patient_id"].cat.categories)
    n_rows = sum(np.bincount(table["patient_id"].cat.codes.to_numpy(), minlength=n_patients)
                 for table in (tables.assessments, tables.sessions))
    patient = told["patient_id"].cat.codes.to_numpy()
    is_last = ~pd.Series(patient).duplicated(keep="last").to_numpy()
    return pd.Series(n_rows[patient[is_last]]).groupby(told["value"].to_numpy(object)[is_last]).sum()


def _rates(before: Tables, after: Tables, rules: RuleSet | None) -> tuple[tuple[RateChange, ...], str | None]:
    summaries, refused = [], None
    for tables in (before, after):
        try:
            summaries.append(summarize(outcomes(tables, rules), measures=HEADLINE))
        except ValueError as reason:
            summaries.append(None)
            refused = str(reason)
    found = {(one.instrument, one.measure): None for summary in reversed(summaries) if summary is not None
             for one in summary.results}
    return tuple(RateChange(*key, *(_result(summary, *key) for summary in summaries)) for key in found), refused


def _result(summary: Summary | None, instrument: str, measure: str) -> Rate | Mean | None:
    return None if summary is None else summary.result(instrument, measure)
