"""Names of files, sheets and columns as they may be shown: one that is a person's gives way to its number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analytics.ingest.identifier_patterns import EMAIL, NATIONAL, PHONE, kind_in
from analytics.ingest.person_names import AMBIGUOUS, GIVEN, NO_PERSONS, SURNAMES, evidence, folded
from analytics.ingest.synonyms import squeezed

_OF_FILES = frozenset({
    "phq", "gad", "who", "pcl", "csv", "xlsx", "xls", "ods", "tsv", "txt", "json", "zip", "gz", "parquet", "html",
    "xml", "export", "exports", "data", "report", "reports", "scores", "score", "results", "sheet", "copy", "final",
    "new", "old", "patients", "patient", "sessions", "assessments", "questionnaire", "form", "forms", "file", "for",
    "of", "list", "table", "all", "raw", "clean", "draft", "notes", "chart", "record", "records", "ndjson",
})
_SCALES = frozenset({"connordavidson", "columbiasuicide", "youngmania", "simpsonangus", "charcotmarietooth"})
"""Scales and diseases that are called by two persons, letters only."""

_HOLDS_SUCH = frozenset({EMAIL, PHONE, NATIONAL})


def header_shown(header: str, place: int) -> str:
    """A header as it stands, or ``(column 7)`` where it is a person's name, e-mail address or number."""
    is_hidden = is_of_a_person(header) or _names_somebody(header, are_listed=True)
    return f"(column {place + 1})" if is_hidden else header


def sheets_shown(names: Sequence[str]) -> list[str]:
    """The names of a workbook's sheets, with ``sheet 3`` in place of one that is a person's or a listed name alone.

    Where one sheet is called after a person, every other that could be a rarer name is taken for one.
    """
    found = [(is_of_a_person(name), evidence(name)) for name in names]
    is_by_person = any(is_person for is_person, _ in found)
    return [f"sheet {number}" if is_person or kind == "word" or (kind == "shape" and (is_by_person or "," in name))
            else name for number, (name, (is_person, kind)) in enumerate(zip(names, found, strict=True), 1)]


def file_shown(name: str, number: int) -> str:
    """The name of a file, folders included, with the parts that hold a person's name replaced by ``file 2``."""
    return "/".join(f"file {number}" if _names_somebody(part) else part for part in re.split(r"[/\\]", name))


def is_of_a_person(text: str) -> bool:
    """Whether a text is a person's name, or holds an e-mail address, a phone number or a social security number."""
    return kind_in(text) in _HOLDS_SUCH or (evidence(text) == "sure" and squeezed(text) not in _SCALES)


def _names_somebody(part: str, *, are_listed: bool = False) -> bool:
    """Whether two or three words remain that are a name, once the usual words of file names are gone.

    Parameters
    ----------
    are_listed : whether both a given and a family name must be listed; names of scales are those of persons
    """
    if kind_in(part) == EMAIL:
        return True
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", part)
    words = [word for word in re.findall(r"[^\W\d_]+", spaced) if folded(word) not in _OF_FILES | NO_PERSONS]
    known = {folded(word) for word in words}
    if are_listed and not (known & GIVEN - AMBIGUOUS and known & SURNAMES and len(known) == 2):
        return False
    return 2 <= len(words) <= 3 and "sure" in (evidence(" ".join(words)), evidence(" ".join(words[::-1])))
