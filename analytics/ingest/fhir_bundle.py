"""FHIR R4 files as resources with their places: Bundles, NDJSON, and what references point to.

The resources are read as plain JSON. The maintained model classes (fhir.resources) refuse a whole resource for
one slip, such as a time without offset, and take twenty times as long; a clinic's file needs a finding instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from analytics.ingest.fhir_codes import dicts, text_of

_NEVER = frozenset({"identifier", "telecom", "address", "contact", "photo", "birthDate", "name", "note", "performer",
                    "communication", "author", "recorder", "div"})
"""What could say who a person is, or holds sentences: taken out while the file is read."""

Resource = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One resource: its place in the file from 1, and the key others refer to it by."""

    row: int
    resource: Resource
    key: str | None


@dataclass
class Bundle:
    """The resources of a file.

    Attributes
    ----------
    n_rows : entries or lines that hold anything
    unreadable : places whose content is no resource
    is_page : whether the file says that more pages follow
    is_whole : whether the file is a Bundle, in which references point to its own resources
    """

    entries: list[Entry] = field(default_factory=list)
    n_rows: int = 0
    unreadable: list[int] = field(default_factory=list)
    is_page: bool = False
    is_whole: bool = False
    address: dict[str, str] = field(default_factory=dict)

    def key_of(self, reference: object) -> str | None:
        """The key of what a reference points to: relative, absolute or by uuid; missing for anything else."""
        text = text_of(reference.get("reference")) if isinstance(reference, dict) else text_of(reference)
        if text in self.address:
            return self.address[text]
        match = re.search(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/[^/]+)?$", text)
        return f"{match[1]}/{match[2]}" if match else None

    def patient_of(self, resource: Resource) -> str | None:
        """The id of the patient a resource is about."""
        reference = resource.get("subject", resource.get("patient"))
        text = text_of(reference.get("reference")) if isinstance(reference, dict) else ""
        key = self.key_of(reference)
        if key is None and text.startswith(("urn:uuid:", "urn:oid:")):
            return text.rsplit(":", 1)[-1]
        return key.removeprefix("Patient/") if key is not None and key.startswith("Patient/") else None


def bundle_in(content: bytes) -> Bundle | None:
    """The resources of a file; missing where it is not FHIR.

    Raises
    ------
    ValueError
        When the file looks like FHIR and cannot be read as JSON.
    """
    if b'"resourceType"' not in content:
        return None
    text = content.decode("utf-8-sig", errors="replace")
    first, _, rest = text.lstrip().partition("\n")
    if rest.strip() and _parsed(first) is not None:
        return _from_lines(text)
    whole = _parsed(text)
    if whole is None:
        raise ValueError("JSON that cannot be read")
    found = Bundle()
    if isinstance(whole, dict) and whole.get("resourceType") == "Bundle":
        found.is_whole = True
        _add_bundle(whole, found)
    else:
        for row, resource in enumerate(whole if isinstance(whole, list) else [whole], start=1):
            _add(row, resource, None, found)
    return found if found.entries or (isinstance(whole, dict) and "resourceType" in whole) else None


def _parsed(text: str) -> object | None:
    try:
        return json.loads(text, object_hook=_pruned, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def _pruned(found: dict) -> dict:
    for name in _NEVER & found.keys():
        del found[name]
    if "reference" in found and not text_of(found["reference"]).startswith("Medication/"):
        found.pop("display", None)
    return found


def _from_lines(text: str) -> Bundle | None:
    found = Bundle()
    for row, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            _add(row, _parsed(line), None, found)
    return found if found.entries else None


def _add_bundle(bundle: Resource, found: Bundle) -> None:
    for row, entry in enumerate(dicts(bundle.get("entry")), start=1):
        resource = entry.get("resource")
        if isinstance(resource, dict) and resource.get("resourceType") == "Bundle":
            found.n_rows += 1
            for inner in dicts(resource.get("entry")):
                _add(row, inner.get("resource"), inner, found, is_row=False)
        elif resource is not None or "response" not in entry:
            _add(row, resource, entry, found)
    found.is_page = any(link.get("relation") == "next" for link in dicts(bundle.get("link")))


def _add(row: int, resource: object, entry: Resource | None, found: Bundle, *, is_row: bool = True) -> None:
    found.n_rows += is_row
    if not isinstance(resource, dict) or not text_of(resource.get("resourceType")):
        found.unreadable.append(row)
        return
    kind, address = resource["resourceType"], text_of((entry or {}).get("fullUrl"))
    own = text_of(resource.get("id")) or re.split(r"[:/]", address)[-1]
    key = f"{kind}/{own}" if own else None
    if address and key:
        found.address[address] = key
    found.entries.append(Entry(row, resource, key))


def together(bundles: Sequence[Bundle]) -> tuple[Bundle, list[int]]:
    """The resources of several files as of one, and the number of rows before each file."""
    if len(bundles) == 1:
        return bundles[0], [0]
    whole, starts, start = Bundle(), [], 0
    for one in bundles:
        starts.append(start)
        whole.entries += [replace(entry, row=start + entry.row) for entry in one.entries]
        whole.unreadable += [start + row for row in one.unreadable]
        whole.address |= one.address
        start += max([one.n_rows, *one.unreadable, *(entry.row for entry in one.entries)])
    return whole, starts


def current(entries: list[Entry]) -> tuple[list[Entry], list[int], list[int]]:
    """The entries with each resource once, rows of older or repeated copies, and rows nobody can tell apart.

    Copies of one resource are told apart by the time or number of their version.
    """
    by_key: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.key is not None:
            by_key.setdefault(entry.key, []).append(entry)
    again: list[int] = []
    unclear: list[int] = []
    gone: set[int] = set()
    for copies in by_key.values():
        if len(copies) == 1:
            continue
        newest = _newest(copies)
        dropped = [one for one in copies if one is not newest]
        (unclear if newest is None else again).extend(one.row for one in dropped)
        gone |= {id(one) for one in dropped}
    return [one for one in entries if id(one) not in gone], again, unclear


def _newest(copies: list[Entry]) -> Entry | None:
    """The newest copy, the first of equal ones; missing where copies differ and no version tells them apart."""
    versions = [_version(one.resource) for one in copies]
    latest = max((version for version in versions if version is not None), default=None)
    chosen = [one for one, version in zip(copies, versions, strict=True) if version == latest]
    if (latest is None or None not in versions) and all(one.resource == chosen[0].resource for one in chosen):
        return chosen[0]
    return None


def _version(resource: Resource) -> tuple[float, int] | None:
    meta = resource.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    number = text_of(meta.get("versionId"))
    try:
        at = datetime.fromisoformat(text_of(meta.get("lastUpdated"))).timestamp()
    except (ValueError, OverflowError, OSError):
        at = 0.0
    has_number = number.isascii() and number.isdigit() and len(number) < 19
    return (at, int(number) if has_number else 0) if at or has_number else None
