"""Whether a package that runs has a known vulnerability, asked of the package index itself.

``python deploy/audit_packages.py`` reads ``requirements.lock`` and asks the index for the document of each pinned
version (the same that pip-audit reads). Exit code 1 where a vulnerability is known or the index has withdrawn the
version, else 0. ``--accept ID`` lets one pass that was looked at; write down why where it is given.

Some mirrors have no such documents, or none with vulnerabilities in them, and then silence would read as safety. So an
old version with a long known vulnerability is asked about first: if the index does not name it, the audit is skipped,
and says so and why. Only Python's own library is imported.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lock import Locked, locked

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
INDEX = "https://pypi.org"
KNOWN = ("jinja2", "2.10", "CVE-2019-10906")
"""A version that has had a published vulnerability since 2019."""

SECONDS = 20


class SkippedError(Exception):
    """The index cannot be asked; the message says why."""


@dataclass(frozen=True)
class Found:
    """One thing known against one version."""

    package: Locked
    identifiers: tuple[str, ...]
    fixed_in: str

    def sentence(self) -> str:
        """What a person reads."""
        fixed = f"; fixed in {self.fixed_in}" if self.fixed_in else ""
        return f"{self.package.name} {self.package.version}: {', '.join(self.identifiers)}{fixed}"


Ask = Callable[[str, str], dict[str, Any]]


def asking(index: str) -> Ask:
    """A function that gives an index's document of one version."""

    def ask(name: str, version: str) -> dict[str, Any]:
        request = urllib.request.Request(f"{index.rstrip('/')}/pypi/{name}/{version}/json",
                                         headers={"Accept": "application/json"})
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)

    return ask


def is_told(ask: Ask) -> None:
    """Go on where the index tells of a vulnerability that everybody knows.

    Raises
    ------
    SkippedError
        It cannot be reached, has no documents of versions, or tells of none.
    """
    name, version, identifier = KNOWN
    try:
        document = ask(name, version)
    except urllib.error.HTTPError as error:
        raise SkippedError(f"the index has no documents of single versions (it answered {error.code})") from None
    except (OSError, ValueError) as error:
        raise SkippedError(f"the index cannot be asked ({type(error).__name__})") from None
    if identifier not in {one for known in document.get("vulnerabilities") or () for one in _identifiers(known)}:
        raise SkippedError("the index tells of no vulnerabilities, not even of one known since 2019")


def audit(packages: Sequence[Locked], ask: Ask) -> tuple[list[Found], list[str]]:
    """What is known against these versions, in their order, and of which packages the index said nothing.

    Raises
    ------
    SkippedError
        The index tells of no vulnerabilities at all.
    """
    is_told(ask)

    def of(package: Locked) -> list[Found] | None:
        try:
            return found_in(package, ask(package.name, package.version))
        except (OSError, ValueError):
            return None

    with ThreadPoolExecutor(8) as pool:
        said = list(zip(packages, pool.map(of, packages), strict=True))
    unasked = [package.name for package, found in said if found is None]
    return [one for _, found in said for one in found or ()], unasked


def found_in(package: Locked, document: dict[str, Any]) -> list[Found]:
    """What one document says against its version: vulnerabilities not taken back, and that it was withdrawn."""
    found = [Found(package, _identifiers(known), ", ".join(known.get("fixed_in") or ()))
             for known in document.get("vulnerabilities") or () if not known.get("withdrawn")]
    if (document.get("info") or {}).get("yanked"):
        found.append(Found(package, ("withdrawn by its makers",), ""))
    return found


def _identifiers(known: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([str(known.get("id") or "no id"), *map(str, known.get("aliases") or ())]))


def main(arguments: Sequence[str] | None = None, ask: Ask | None = None) -> int:
    """The command line: 0 nothing known or skipped, 1 something is known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lock", nargs="?", type=Path, default=LOCK)
    parser.add_argument("--accept", action="append", default=[], metavar="ID", help="an identifier that was looked at")
    parser.add_argument("--index", default=os.environ.get("OUTCOMES_AUDIT_INDEX", INDEX))
    options = parser.parse_args(arguments)
    packages = locked(options.lock)
    try:
        found, unasked = audit(packages, ask or asking(options.index))
    except SkippedError as skipped:
        print(f"Audit of known vulnerabilities: skipped, {skipped}. Nothing is said about {len(packages)} packages.")
        return 0
    open_ones = [one for one in found if not set(one.identifiers) & set(options.accept)]
    for one in open_ones:
        print(one.sentence())
    print(f"Audit of known vulnerabilities: {len(packages) - len(unasked)} packages, {len(open_ones)} known, "
          f"{len(found) - len(open_ones)} accepted.")
    if unasked:
        print(f"The index gave no answer about {', '.join(unasked)}: nothing is said about them.")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
