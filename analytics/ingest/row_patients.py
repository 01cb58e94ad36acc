"""Whose row a finding names: also of rows that were not used, so that no table knows them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analytics.definitions.findings import Finding
from analytics.ingest.gather import Gathered


def patients_of_rows(found: Gathered, findings: Iterable[Finding]) -> dict[str, pd.Series]:
    """The patient code of every row that a finding names, by file; the index is the row, ascending.

    Rows without a patient code are not among them, and rows that no finding names are not kept.
    """
    texts = found.words.patients.texts
    named: dict[str, list[np.ndarray]] = {}
    for one in findings:
        if one.file in found.patient_of_row and one.rows:
            named.setdefault(one.file, []).append(np.asarray(one.rows, dtype=np.int32))
    patients = {}
    for file, rows in named.items():
        there, codes = found.patient_of_row[file]
        chosen = np.isin(there, np.unique(np.concatenate(rows)))
        row, first = np.unique(there[chosen], return_index=True)
        codes = pd.Categorical(pd.Index([texts[code] for code in codes[chosen][first].tolist()], dtype="str"))
        patients[file] = pd.Series(codes, index=pd.Index(row.astype(np.int32), name="file_row"))
    return patients
