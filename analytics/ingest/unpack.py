"""What a person gives -> files in memory: a path, a folder, a gzip or zip archive, and what is inside.

Nothing is written to disk, and no more is unpacked than the limits below allow.
"""

from __future__ import annotations

import errno
import gzip
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from analytics.ingest.labels import file_shown
from analytics.ingest.parts import Source, refuse
from analytics.ingest.problems import ProblemLog
from analytics.ingest.workbooks import is_workbook

MOST_BYTES = 1_000_000_000
"""Of one file, and of all that one archive or folder holds."""

MOST_MEMBERS = 2_000
MOST_RATIO = 300
"""Unpacked bytes per packed byte where an archive unpacks to more than ``RATIO_FROM``; a table gives 5 to 50."""

RATIO_FROM = 50_000_000
DEEPEST = 2
"""Archives in archives: the second is opened, a third is not."""

_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP_MARK = b"\x1f\x8b"
_SMALLER = "Export a shorter period, or fewer columns, and give several files."
_UNPACK = "Unpack it and give the files inside."


def sources_of(given: str | Path | Source, log: ProblemLog, number: int = 1) -> Iterator[Source]:
    """The files that something given holds, one after the other, each in memory only while it is read.

    Parameters
    ----------
    number : goes into the name in place of a person's

    Raises
    ------
    OSError
        When a path cannot be read.
    """
    if isinstance(given, Source):
        yield from _opened(replace(given, name=file_shown(given.name, number)), log, DEEPEST)
        return
    path = Path(given)
    if not str(given):
        raise FileNotFoundError(errno.ENOENT, "A file or a folder was needed", str(given))
    if path.is_dir():
        yield from _folder(path, file_shown(path.resolve().name, number), log)
        return
    source = _from_path(path, file_shown(path.name, number), "", log)
    if source is not None:
        yield from _opened(source, log, DEEPEST)


def _from_path(path: Path, name: str, book: str, log: ProblemLog) -> Source | None:
    """A file from disk; its size is looked at before its content."""
    if path.stat().st_size > MOST_BYTES:
        log.add("too_large", name, limit=f"{MOST_BYTES / 1e9:g} GB", what_to_do=_SMALLER)
        return None
    with path.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        log.add("too_large", name, limit=f"{MOST_BYTES / 1e9:g} GB", what_to_do=_SMALLER)
        return None
    return Source(name, content, book)


def _folder(folder: Path, name: str, log: ProblemLog) -> Iterator[Source]:
    """The files of a folder and of those in it, by name; hidden ones are not looked at."""
    paths = sorted(path for path in folder.rglob("*") if _is_shown(path.relative_to(folder).parts) and path.is_file())
    if not paths:
        log.add("empty_archive", name)
    if len(paths) > MOST_MEMBERS:
        log.add("too_many_files", name, limit=f"{MOST_MEMBERS:,}")
        return
    n_bytes = 0
    for number, path in enumerate(paths, start=1):
        n_bytes += path.stat().st_size
        if n_bytes > MOST_BYTES:
            log.add("too_large", name, limit=f"{MOST_BYTES / 1e9:g} GB", what_to_do=_SMALLER)
            return
        inside = file_shown(path.relative_to(folder).as_posix(), number)
        source = _from_path(path, f"{name}/{inside}", name, log)
        if source is not None:
            yield from _opened(source, log, DEEPEST)


def _is_shown(parts: tuple[str, ...] | list[str]) -> bool:
    """Whether no folder on the way is hidden, and the file is none that a system keeps beside others."""
    return not any((part.startswith((".", "~$")) and part != "..")
                   or part in ("__MACOSX", "Thumbs.db", "desktop.ini") for part in parts)


def _opened(source: Source, log: ProblemLog, depth: int) -> Iterator[Source]:
    """The file itself, or what is inside where it is an archive."""
    if source.content.startswith(_GZIP_MARK):
        yield from _gunzipped(source, log, depth)
        return
    names = _names(source.content) if source.content.startswith(_ZIP_MARKS) else None
    if names is None or is_workbook(names):
        yield source
    elif depth == 0:
        refuse(log, source, "an archive inside an archive inside an archive", _UNPACK)
    else:
        yield from _members(source, log, depth)


def _gunzipped(source: Source, log: ProblemLog, depth: int) -> Iterator[Source]:
    if depth == 0:
        refuse(log, source, "an archive inside an archive inside an archive", _UNPACK)
        return
    limit = min(MOST_BYTES, max(RATIO_FROM, MOST_RATIO * len(source.content)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(source.content)) as stream:
            content = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error):
        refuse(log, source, "a damaged gzip archive", "Make it again, or give the file inside.")
        return
    if len(content) > limit:
        log.add("archive_too_large", source.name, what_to_do=_SMALLER)
    elif content[257:262] == b"ustar":
        refuse(log, source, "a tar archive", _UNPACK)
    else:
        yield from _opened(replace(source, content=content), log, depth - 1)


def _names(content: bytes) -> set[str] | None:
    """The names of the members of a zip archive; missing where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None


def _members(source: Source, log: ProblemLog, depth: int) -> Iterator[Source]:
    """The files of a zip archive in the order of their names."""
    with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()
                   and _is_shown(_parts_of(member.filename))]
        n_bytes = sum(member.file_size for member in members)
        if len(members) > MOST_MEMBERS:
            log.add("too_many_files", source.name, limit=f"{MOST_MEMBERS:,}")
            return
        if n_bytes > MOST_BYTES or (n_bytes > RATIO_FROM and n_bytes > MOST_RATIO * len(source.content)):
            log.add("archive_too_large", source.name, what_to_do=_SMALLER)
            return
        if not members:
            log.add("empty_archive", source.name)
        inside = replace(source, book=source.book or source.name)
        for number, member in enumerate(sorted(members, key=lambda one: one.filename), start=1):
            name = f"{source.name}/{file_shown(_safe_name(member.filename), number)}"
            if _leads_out(member.filename):
                log.add("member_name_unsafe", name)
            content = _content(archive, member, replace(inside, name=name), log)
            if content is not None:
                yield from _opened(Source(name, content, inside.book), log, depth - 1)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: Source, log: ProblemLog) -> bytes | None:
    if member.flag_bits & 0x1:
        refuse(log, source, "a file with a password", "Make the archive again without a password.")
        return None
    if stat.S_ISLNK(member.external_attr >> 16):
        refuse(log, source, "a link to another file", "Put the file itself into the archive.")
        return None
    try:
        return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        refuse(log, source, "a damaged file in the archive", "Make the archive again.")
        return None


def _parts_of(name: str) -> list[str]:
    return [part for part in re.split(r"[/\\]", name) if part not in ("", ".")]


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) is not None or ".." in _parts_of(name)


def _safe_name(name: str) -> str:
    """The name of a member for people: only its last part where it leads out, no control characters, not endless."""
    parts = _parts_of(name)
    shown = "/".join(parts[-1:] if _leads_out(name) else parts)
    shown = re.sub(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]", "_", shown)
    return shown if len(shown) <= 150 else f"...{shown[-147:]}"
