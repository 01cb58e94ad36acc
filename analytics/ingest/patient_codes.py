"""Patient codes as files write them: rounded by a spreadsheet, without leading zeros, unique within a site only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import permutations

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.definitions.tables import ColumnUse
from analytics.ingest.cells import Cells
from analytics.ingest.fields import Use, map_option
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import NO_CODE, AttributeRows, Vocabulary, joined, present
from analytics.ingest.synonyms import squeezed

PER_SITE = "per site"
PER_FILE = "per file"
FILL_DOWN = "fill down"
WITHOUT_ZEROS = "without zeros"
WITHOUT_MARKS = "without marks"

_DAMAGED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{2,3}")
_SITES = frozenset({"site", "sitename", "siteid", "sitecode", "clinic", "clinicname", "clinicid", "location",
                    "facility", "center", "centre"})
_CONSTANT = frozenset({"sex", "gender", "sexatbirth", "race", "ethnicity", "yearofbirth", "birthyear", "ageband",
                       "agegroup", "agecategory"})
"""Attributes that a person has one of, and bands of age, which hardly anyone leaves while treated."""

_FEWEST_BLOCKS = 2
"""Patients with blank rows below their code from which blocks are seen."""

_FEWEST_AT_SITES = 5
"""Codes at several sites that are told where nothing else speaks for sites that number anew."""

CLEARLY = 0.2
"""Share of the codes at several sites that must contradict themselves before sites are taken to number anew."""


def is_damaged_code(text: str) -> bool:
    """Whether a code is one that a spreadsheet rounded, as ``1.2E+11``: different patients may share it."""
    return _DAMAGED.fullmatch(text) is not None


def damaged(cells: Cells) -> np.ndarray:
    """Which rows hold such a code."""
    if "E+" not in "\n".join(cells.texts):
        return np.zeros(len(cells.codes), dtype=bool)
    return cells.spread(np.array([*map(is_damaged_code, cells.texts)], dtype=bool), False)


def codes_as_text(cells: Cells, options: Sequence[str]) -> Cells:
    """Codes as they are compared: 17.0, as another program wrote it, is 17; without zeros where a person said so."""
    texts: list[str] = list(cells.texts)
    if texts and all(re.fullmatch(r"[0-9]+\.0", text) for text in texts):
        texts = [text[:-2] for text in texts]
    if WITHOUT_ZEROS in options:
        texts = [_without_zeros(text) for text in texts]
    if WITHOUT_MARKS in options:
        texts = [_without_marks(text) for text in texts]
    if texts == list(cells.texts):
        return cells
    return Cells(pa.array(texts).take(pa.array(cells.codes, mask=cells.codes == NO_CODE)))


def _without_zeros(text: str) -> str:
    return (text.lstrip("0") or "0") if text.isdigit() else text


def _without_marks(text: str) -> str:
    """The code in capitals and without spaces, hyphens and the like; one between two digits, as in 1-12, stays."""
    return re.sub(r"(?<![0-9])[\W_]+|[\W_]+(?![0-9])", "", text.upper()) or text


def filled_down(cells: Cells) -> Cells:
    """Codes with every blank cell filled from the one above."""
    above = np.maximum.accumulate(np.where(cells.is_filled, np.arange(len(cells.codes)), -1))
    return Cells(cells.array.take(pa.array(above, mask=above < 0)))


def stand_on_first_rows(codes: np.ndarray) -> bool:
    """Whether codes stand on the first row of each patient's block alone: no code comes a second time.

    The first row has one, and several patients, which are most, have more than one row.
    """
    coded = np.flatnonzero(codes != NO_CODE)
    if not len(coded) or coded[0] != 0:
        return False
    n_blocks = int((np.diff([*coded, len(codes)]) > 1).sum())
    return len(present(codes)) == len(coded) and n_blocks >= _FEWEST_BLOCKS and 2 * n_blocks > len(coded)


def is_site(header: str) -> bool:
    """Whether a column is called as one of sites is."""
    return squeezed(header) in _SITES


def is_constant(header: str) -> bool:
    """Whether a column is called as one that a person has one value of."""
    return squeezed(header) in _CONSTANT


def site_use(uses: Sequence[Use]) -> Use | None:
    """The column that holds the site."""
    return next((use for use in uses if use.field == "attribute" and is_site(use.header)), None)


def codes_per_site(patients: Vocabulary, codes: Cells, sites: Cells) -> tuple[np.ndarray, np.ndarray]:
    """A code a row made of site and patient code, and which rows have a patient code and no site."""
    own, site = Vocabulary(), Vocabulary()
    each, place = own.codes(codes), site.codes(sites)
    is_whole = (each != NO_CODE) & (place != NO_CODE)
    pairs, which = np.unique(each[is_whole].astype(np.int64) * (len(site) + 1) + place[is_whole], return_inverse=True)
    owns, sites_of = own.texts, site.texts
    made = np.array([patients.code(f"{sites_of[pair % (len(site) + 1)]} {owns[pair // (len(site) + 1)]}")
                     for pair in pairs.tolist()], dtype=np.int32)
    found = np.full(len(each), NO_CODE, dtype=np.int32)
    if len(made):
        found[is_whole] = made[which]
    return found, (each != NO_CODE) & (place == NO_CODE)


def note_leading_zeros(
    patients: Vocabulary, patient_of_row: Mapping[str, tuple[np.ndarray, np.ndarray]], columns: Sequence[ColumnUse],
    log: ProblemLog,
) -> None:
    """Ask whether codes of two files are the same but for leading zeros, where all of one file are then."""
    texts = patients.texts
    if "\n0" not in "\n".join(["", *texts]):
        return
    codes = {file: {texts[code] for code in present(rows[1])} for file, rows in patient_of_row.items()}
    bare = {file: {_without_zeros(text) for text in mine} for file, mine in codes.items()}
    for file, other in permutations(codes, 2):
        has_zeros = bare[file] != codes[file]
        is_apart = not (codes[other] <= codes[file] or codes[file] <= codes[other])
        is_lossless = len(bare[file]) == len(codes[file]) and len(bare[other]) == len(codes[other])
        if has_zeros and is_apart and is_lossless and (bare[file] <= bare[other] or bare[other] <= bare[file]):
            _ask(log, "leading_zeros_differ", file, columns, (
                ("the same patients: zeros in front mean nothing", f"patient_id[{WITHOUT_ZEROS}]"),
                ("different patients", "patient_id")))


def note_alike_codes(
    patients: Vocabulary, patient_of_row: Mapping[str, tuple[np.ndarray, np.ndarray]], columns: Sequence[ColumnUse],
    log: ProblemLog,
) -> None:
    """Ask whether codes that differ in letter case, spaces or hyphens only are the same patient's."""
    texts = patients.texts
    if re.search(r"[^A-Z0-9]", "".join(texts)) is None:
        return
    bare = [_without_marks(text) for text in texts]
    n_of = Counter(bare)
    is_alike = np.array([n_of[text] > 1 for text in bare], dtype=bool)
    for file, (rows, codes) in patient_of_row.items() if is_alike.any() else ():
        chosen = (codes != NO_CODE) & is_alike[codes]
        if chosen.any():
            _ask(log, "codes_alike", file, columns, (
                ("the same patients, written in different ways", f"patient_id[{WITHOUT_MARKS}]"),
                ("different patients", "patient_id")),
                rows=rows[chosen], count=len({bare[code] for code in present(codes[chosen])}))


def note_ids_per_site(
    attributes: Mapping[str, Sequence[AttributeRows]], files: Sequence[str], columns: Sequence[ColumnUse],
    log: ProblemLog,
) -> None:
    """Ask whether codes are unique within a site only, where one code has contradicting constants at two sites."""
    sites = next((blocks for name, blocks in attributes.items() if squeezed(name) in _SITES), None)
    constants = {name: blocks for name, blocks in attributes.items() if squeezed(name) in _CONSTANT}
    if not sites:
        return
    where = values_of(sites, "site")
    for blocks in constants.values():
        both = where.merge(values_of(blocks, "value"), on=["patient", "file", "row"])
        told, n_several = contradicting(both)
        if not len(told) or len(told) < CLEARLY * n_several:
            continue
        rows = both[both["patient"].isin(told)]
        for file in present(rows["file"].to_numpy()):
            mine = rows[rows["file"] == file]
            _ask(log, "ids_per_site", files[file], columns, (
                ("codes are unique within a site", f"patient_id[{PER_SITE}]"),
                ("codes are unique everywhere", "patient_id")),
                rows=mine["row"].to_numpy(), count=mine["patient"].nunique())
        return
    _note_at_several_sites(where, files, columns, log)


def contradicting(both: pd.DataFrame) -> tuple[pd.Index, int]:
    """The patients whose value is one at each site and another elsewhere, and how many have one at several sites."""
    n_sites = both.groupby("patient")["site"].nunique()
    is_consistent = (both.groupby(["patient", "site"])["value"].nunique() <= 1).groupby("patient").all()
    n_values = both.groupby("patient")["value"].nunique()
    several = n_sites.index[n_sites > 1]
    return several[(n_values[several] > 1) & is_consistent[several]], len(several)


def _note_at_several_sites(
    where: pd.DataFrame, files: Sequence[str], columns: Sequence[ColumnUse], log: ProblemLog
) -> None:
    """Ask where most codes stand at several sites, as they do where each site counts its patients from 1."""
    n_sites = where.groupby("patient")["site"].nunique()
    several = n_sites.index[n_sites > 1]
    if len(several) < _FEWEST_AT_SITES or 2 * len(several) <= len(n_sites):
        return
    rows = where[where["patient"].isin(several)]
    for file in present(rows["file"].to_numpy()):
        mine = rows[rows["file"] == file]
        _ask(log, "codes_at_several_sites", files[file], columns, (
            ("codes are unique within a site", f"patient_id[{PER_SITE}]"),
            ("codes are unique everywhere", "patient_id")),
            rows=np.unique(mine["row"].to_numpy()), count=mine["patient"].nunique())


def values_of(blocks: Sequence[AttributeRows], name: str) -> pd.DataFrame:
    """The values of an attribute under a name, with patient, file and row."""
    rows = joined(list(blocks))
    frame = pd.DataFrame({"patient": rows.patient, "file": rows.file, "row": rows.row, name: rows.value})
    return frame[frame[name] >= 0]


def _ask(
    log: ProblemLog, code: str, file: str, columns: Sequence[ColumnUse], choices: tuple[tuple[str, str], ...], **told
) -> None:
    """Ask about the column of patient codes, unless a person said what it is."""
    use = next((use for use in columns if use.file == file and (use.field or "").startswith("patient_id")), None)
    if use is not None and use.confidence != "said":
        ways = " or ".join(map_option(use.column, words) for _, words in choices)
        log.add(code, file, use.column, choices=choices, ways=ways, **told)
