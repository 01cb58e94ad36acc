"""Bundles in words: what they are, and what differs where one is made again."""

from __future__ import annotations

from typing import Any

from analytics.wording.numbers import count, count_plain, plural

SAME = "Made again: the same files, the same rules, equal results."
LOUD = "THIS IS NOT THE SAME REPORT"


def readme(command: str, version: str) -> str:
    """What stands in the bundle's first file."""
    return f"""A report of ketamine-outcomes {version}, to be made again.

recipe.toml    how the columns of the files are read, and the rules
question.json  filters, groups, as-of day, audience
files.json     names and SHA-256 of the files, and fingerprints that tell which row changed but not what stands in it
results.json   every rule in force and every number of the report, as its audience was told

It holds no row of the files and no score. The report was made by

    {command}

and is made again, and compared, by

    python -m analytics report --bundle THIS.zip FILE...
"""


FOR_INSIDE = ("A bundle is for the inside: it names files and columns and holds what a guess at a cell can be tested "
              "against. Leave it out, or leave --audience out.")
NOTHING_ELSE = ("Version, rules and files are those of the bundle, and still its results differ: a definition changed "
                "without a new version, or someone changed the bundle.")


def no_bundle(name: str) -> str:
    """A file that is no bundle, or was damaged or changed."""
    return f"{name}: a bundle of a report was expected; this is none, or it was changed."


def later_version(name: str, version: str) -> str:
    """A bundle that this version does not know."""
    return f"{name}: the bundle was made by a later version ({version})."


def loud(n_differences: int) -> str:
    """The line ahead of all differences."""
    return f"{LOUD}: {plural(n_differences, 'difference')}."


def other_version(before: str, after: str) -> str:
    """Another version of the program."""
    return f"Version {before} made the bundle, version {after} made it again."


def other_rule(key: str, before: Any, after: Any) -> str:
    """A rule in force that changed."""
    return f"Rule {key}: {_plain(before)} became {_plain(after)}."


def other_file(name: str, was_there: bool, is_there: bool) -> str:
    """A file that changed, came or went."""
    if was_there and is_there:
        return f"{name} is not the same file."
    return f"{name} is missing." if was_there else f"{name} was not part of it."


def other_rows(name: str, before: int, after: int) -> str:
    """A file with more or fewer rows."""
    return f"{name}: {plural(before, 'row')} of data became {count(after)}."


def changed_row(name: str, first: int, last: int) -> str:
    """The row in which something changed; never what stands in it."""
    if first == last:
        return f"{name}: row {count_plain(first)} changed."
    return f"{name}: something among the rows {count_plain(first)} to {count_plain(last)} changed."


def nothing_read(name: str) -> str:
    """A file with other bytes and the same cells."""
    return f"{name}: no cell of a table in it changed."


def other_exhibit(title: str, was_there: bool) -> str:
    """An exhibit that came or went."""
    return f"“{title}” is {'gone' if was_there else 'new'}."


def other_number(measure: str, place: tuple[str, ...], before: Any, after: Any) -> str:
    """One number of the report that changed."""
    return f"{measure}, {', '.join(place)}: {_plain(before)} became {_plain(after)}."


def _plain(value: Any) -> str:
    if value is None:
        return "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)
