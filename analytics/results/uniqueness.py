"""How alone patients are by what describes them: the smallest group, for the person who passes a table on."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.definitions.rules import INDICATION_HEADERS
from analytics.definitions.tables import Tables
from analytics.ingest.synonyms import squeezed

_DESCRIBING: dict[str, frozenset[str]] = {
    "indication": INDICATION_HEADERS,
    "age band": frozenset({"ageband", "agegroup", "agecategory", "age", "ageatintake", "ageyears"}),
    "sex": frozenset({"sex", "gender", "sexatbirth"}),
    "site": frozenset({"site", "sitename", "siteid", "sitecode", "clinic", "clinicname", "clinicid", "location",
                       "facility", "center", "centre"}),
}
"""What is asked of every file, and the headers under which it stands, letters and digits only."""


@dataclass(frozen=True)
class SmallestGroup:
    """The smallest group of patients that share all of some attributes.

    Attributes
    ----------
    n : patients in it; 0 where there are none
    n_alone : patients who share theirs with nobody
    n_patients : all patients
    by : the attributes, by their usual names
    """

    n: int
    n_alone: int
    n_patients: int
    by: tuple[str, ...]


def smallest_group(tables: Tables) -> SmallestGroup:
    """The smallest group by indication, age band, sex and site, as far as the files hold them.

    A patient whose value is missing is in a group of those for whom it is missing; of several values the first
    counts, in the order of days.
    """
    patients = sorted({*tables.assessments["patient_id"].astype(str), *tables.sessions["patient_id"].astype(str)})
    values = tables.attributes
    columns = {}
    for name, headers in _DESCRIBING.items():
        chosen = values[values["name"].astype(str).map(squeezed).isin(headers)]
        if len(chosen):
            first = chosen.sort_values(["day", "file_row"], kind="stable").drop_duplicates("patient_id")
            columns[name] = pd.Series(first["value"].to_numpy(), index=first["patient_id"].astype(str))
    if not columns or not patients:
        return SmallestGroup(len(patients), int(len(patients) == 1), len(patients), tuple(columns))
    described = pd.DataFrame(columns).reindex(patients).fillna("")
    sizes = described.groupby(list(columns), sort=False).size()
    return SmallestGroup(int(sizes.min()), int((sizes == 1).sum()), len(patients), tuple(columns))
