"""A report as a bundle that can be made again: rules, recipe, filters, hashes, results, version, command line.

It holds no row and no score. Made again from the same files it gives equal results; where data or a definition
changed, ``differences`` says what: a file, a row of it, a rule, a number.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from analytics import __version__
from analytics.ingest.parts import Part
from analytics.reports.archive import zipped
from analytics.reports.bundle_check import is_files, is_question, is_results
from analytics.reports.defend import Origin
from analytics.reports.exhibits_data import Exhibit
from analytics.reports.fingerprint import Fingerprint, changed_rows, fingerprints
from analytics.reports.plain_text import printable
from analytics.reports.trace import report_command
from analytics.reports.web_page import one_audience
from analytics.results.summary import rules_record
from analytics.wording import bundle as words

FORMAT = 1
MOST_BYTES = 64 * 2**20
_LONGEST = 600
"""Signs of one sentence on a terminal."""
_FILES = ("README.txt", "recipe.toml", "question.json", "files.json", "results.json")


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds.

    Attributes
    ----------
    recipe : text of a recipe: mapping, dates, rules, the clinic's own instruments
    question : what was asked: filters, groups, instrument, as-of, audience, threshold
    hashes : SHA-256 of each file by its name
    prints : fingerprint of each file by its name
    rules : every rule in force
    exhibits : by key, title, columns and rows of numbers, as they were told to the audience
    """

    recipe: str
    question: Mapping[str, Any]
    hashes: Mapping[str, str]
    prints: Mapping[str, Fingerprint]
    rules: Mapping[str, Any]
    exhibits: Mapping[str, Mapping[str, Any]]
    version: str = __version__
    command: str = ""


@dataclass(frozen=True)
class Difference:
    """One thing that differs between a bundle and what was made again.

    Attributes
    ----------
    kind : version, rule, file, row, bundle, number, exhibit
    """

    kind: str
    sentence: str = field(default="")


def bundle_of(
    exhibits: Sequence[Exhibit], origin: Origin, parts: Sequence[Part], recipe: str, by_indication: Mapping[str, str],
    by: Sequence[str] = (), as_of: str | None = None,
) -> Bundle:
    """The bundle of a report.

    Parameters
    ----------
    parts : the files as they were opened
    recipe : from ``ingest.recipe_files.recipe_to_toml``
    by_indication : from ``results.summary.indications``
    by : the groups that were asked for; empty where they are the usual ones
    as_of : the day that was asked for; where none was, the day in force is kept

    Raises
    ------
    ValueError
        When the exhibits are for another audience than the inside.
    """
    ask = one_audience(exhibits).ask
    refuse_outside(ask.audience)
    return Bundle(
        recipe, {"where": {name: list(values) for name, values in ask.where.items()}, "by": list(by),
                 "instrument": ask.instrument, "as_of": as_of or origin.as_of, "audience": ask.audience,
                 "suppress": None if ask.disclosure is None else ask.disclosure.threshold},
        dict(origin.files), fingerprints(parts),
        # Through JSON, so that what is made again compares with what was read.
        json.loads(json.dumps(rules_record(origin.rules, dict(by_indication)))),
        {one.key: _record(one) for one in exhibits}, __version__, report_command(exhibits, origin))


def refuse_outside(audience: str) -> None:
    """A bundle tells names of files and columns, rows of each file, and hashes that a guess can be tested against.

    Raises
    ------
    ValueError
        For another audience than the inside.
    """
    if audience != "inside":
        raise ValueError(words.FOR_INSIDE)


def _record(one: Exhibit) -> dict[str, Any]:
    return {"title": one.title, "measure": one.measure_title, "reading": one.reading,
            "columns": [asdict(column) for column in one.numbers.columns],
            "rows": [list(row) for row in one.numbers.rows]}


def bundle_zip(made: Bundle) -> bytes:
    """A bundle as a zip; the same bundle gives the same bytes."""
    files = {
        "README.txt": words.readme(made.command, made.version),
        "recipe.toml": made.recipe,
        "question.json": _json({"bundle": FORMAT, "version": made.version, "command": made.command}
                               | dict(made.question)),
        "files.json": _json({name: {"sha256": sha256, "rows": made.prints[name].n_rows if name in made.prints else 0,
                                    "halves": list(made.prints[name].halves) if name in made.prints else []}
                             for name, sha256 in made.hashes.items()}),
        "results.json": _json({"rules": made.rules, "exhibits": made.exhibits}),
    }
    return zipped({name: text.encode("utf-8") for name, text in files.items()})


def _json(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)


def opened_bundle(content: bytes, name: str) -> Bundle:
    """A bundle from its zip.

    Raises
    ------
    ValueError
        When it is none, or was made by a later version.
    """
    try:
        names, texts = _texts_of(content)
        question, files, results = (json.loads(texts[one], parse_constant=_no_number) for one in _FILES[2:])
        made_as, version, command = question.pop("bundle"), str(question.pop("version")), str(question.pop("command"))
        is_later = made_as > FORMAT
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, AttributeError, ValueError, RecursionError,
            NotImplementedError, RuntimeError, EOFError):
        # What a zip that is none, was cut short or was changed raises where it is read.
        raise ValueError(words.no_bundle(name)) from None
    if is_later:
        raise ValueError(words.later_version(name, version))
    if sorted(names) != sorted(_FILES) or not (is_question(question) and is_files(files) and is_results(results)):
        raise ValueError(words.no_bundle(name))
    prints = {one: Fingerprint(held["rows"], tuple(held["halves"])) for one, held in files.items()}
    hashes = {one: held["sha256"] for one, held in files.items()}
    return Bundle(texts["recipe.toml"], question, hashes, prints, results["rules"], results["exhibits"], version,
                  command)


def _texts_of(content: bytes) -> tuple[list[str], dict[str, str]]:
    """Every name in the zip, and the texts of our own files; nothing is ever unpacked to a path."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(one.file_size for one in archive.infolist()) > MOST_BYTES:
            raise ValueError("A bundle is smaller.")
        return archive.namelist(), {one: archive.read(one).decode("utf-8") for one in _FILES}


def _no_number(_text: str) -> float:
    raise ValueError("A bundle holds numbers that are numbers.")


def differences(before: Bundle, after: Bundle, parts: Sequence[Part]) -> tuple[Difference, ...]:
    """What differs: the program, a rule, a file, a row, a number; empty where nothing does.

    Parameters
    ----------
    parts : the files of ``after`` as they were opened
    """
    found = []
    if before.version != after.version:
        found.append(Difference("version", words.other_version(before.version, after.version)))
    rules, now = _flat(before.rules), _flat(after.rules)
    found += [Difference("rule", words.other_rule(key, rules.get(key), now.get(key)))
              for key in dict.fromkeys((*rules, *now)) if rules.get(key) != now.get(key)]
    found += _files(before, after, parts)
    moved = [one for key in dict.fromkeys((*before.exhibits, *after.exhibits))
             for one in _exhibit(key, before.exhibits.get(key), after.exhibits.get(key))]
    if moved and not found:
        found.append(Difference("bundle", words.NOTHING_ELSE))
    # A name in a bundle goes to a terminal: it must not act there.
    return tuple(replace(one, sentence=printable(one.sentence, _LONGEST)) for one in (*found, *moved))


def _flat(rules: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Rules within rules by the names of all of them."""
    flat: dict[str, Any] = {}
    for key, value in rules.items():
        flat |= _flat(value, f"{above}{key}.") if isinstance(value, dict) and value else {f"{above}{key}": value}
    return flat


def _files(before: Bundle, after: Bundle, parts: Sequence[Part]) -> list[Difference]:
    found = []
    for name in dict.fromkeys((*before.hashes, *after.hashes)):
        old, new = before.hashes.get(name), after.hashes.get(name)
        if old == new:
            continue
        found.append(Difference("file", words.other_file(name, old is not None, new is not None)))
        if old is None or new is None or name not in before.prints:
            continue
        was, now = before.prints[name], after.prints.get(name, Fingerprint(0, ()))
        if was.n_rows != now.n_rows:
            found.append(Difference("file", words.other_rows(name, was.n_rows, now.n_rows)))
        rows = changed_rows(was, parts, name)
        found += [Difference("row", words.changed_row(name, one.first, one.last)) for one in rows]
        if not rows and was.n_rows == now.n_rows:
            found.append(Difference("file", words.nothing_read(name)))
    return found


def _exhibit(key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
    if before is None or after is None:
        there = before or after or {}
        return [Difference("exhibit", words.other_exhibit(str(there.get("title", key)), before is not None))]
    old, new = _cells(before), _cells(after)
    return [Difference("number", words.other_number(before["measure"], place, old.get(place), new.get(place)))
            for place in dict.fromkeys((*old, *new)) if not _is_equal(old.get(place), new.get(place))]


def _cells(record: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """Every cell by the texts of its row and the name of its column; alike rows by their order."""
    columns = record["columns"]
    texts = [place for place, column in enumerate(columns) if column["kind"] == "text"]
    cells: dict[tuple[str, ...], Any] = {}
    for number, row in enumerate(record["rows"], start=1):
        is_all_text = len(texts) == len(columns)
        name = tuple(str(row[place]) for place in (texts[:1] if is_all_text else texts))
        if any((*name, column["name"]) in cells for column in columns):
            name = (*name, str(number))
        cells |= {(*name, column["name"]): row[place] for place, column in enumerate(columns)
                  if is_all_text or place not in texts}
    return cells


def _is_equal(one: Any, other: Any) -> bool:
    """Equal but for what another machine's arithmetic may do to the last digits."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))
    return one == other
