"""What ``requirements.lock`` says: every package that runs, its version, and the hashes of its files.

Used by ``wheel_bundle.py``, ``audit_packages.py`` and the tests. Only Python's own library is imported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_PIN = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.!+_-]+)(?: ; (.+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Locked:
    """One package as it is pinned; ``marker`` says on which computers, missing means on all."""

    name: str
    version: str
    marker: str | None
    hashes: frozenset[str]


def normal(name: str) -> str:
    """A package's name as an index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(path: Path) -> list[Locked]:
    """The packages of a lock file, in its order.

    Raises
    ------
    ValueError
        An entry without a pinned version or without a hash.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    found = []
    for entry in text.replace("\\\n", " ").splitlines():
        if not entry.strip():
            continue
        pin, hashes = _PIN.match(entry.strip()), frozenset(_HASH.findall(entry))
        if pin is None or not hashes:
            raise ValueError(f"An entry of {path.name} has no pinned version or no hash: {entry.split()[0]}")
        marker = pin.group(3)
        found.append(Locked(normal(pin.group(1)), pin.group(2), marker.split(" --hash")[0].strip() if marker else None,
                            hashes))
    return found
