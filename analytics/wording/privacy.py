"""What the privacy screen found and how small groups are, in sentences; nothing is ever called safe."""

from __future__ import annotations

from analytics.definitions.tables import Tables
from analytics.results.uniqueness import SmallestGroup

_FOUND = frozenset({"identifier_not_read", "identifier_in_cells", "patient_key_identifies", "identifier_mapped"})


def screening_lines(tables: Tables) -> tuple[str, ...]:
    """One sentence a file: whether identifiers were found in it. Finding none is no promise that there are none."""
    found = {finding.file for finding in tables.findings if finding.code in _FOUND}
    return tuple(
        f"Identifiers were found in {record.name}; the findings say in which columns."
        if record.name in found else f"No identifiers found in {record.name}." for record in tables.files)


def smallest_group_line(group: SmallestGroup) -> str:
    """The smallest group in one line."""
    if not group.n_patients:
        return "There is no patient to describe."
    if not group.by:
        return "The files hold no indication, age band, sex or site by which patients could be told apart."
    what = ", ".join(group.by[:-1]) + " and " + group.by[-1] if len(group.by) > 1 else group.by[0]
    patients = "1 patient" if group.n == 1 else f"{group.n:,} patients"
    if not group.n_alone:
        return f"The smallest group by {what} has {patients}; nobody is alone in theirs."
    alone = "1 patient is alone in theirs" if group.n_alone == 1 else f"{group.n_alone:,} patients are alone in theirs"
    return f"The smallest group by {what} has {patients}; {alone}."
