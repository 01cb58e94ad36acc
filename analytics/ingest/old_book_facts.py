"""What an .xls says besides its values: hidden rows of each sheet, and whether its days count from 1904.

Follows the container (MS-CFB) and the records (MS-XLS) only as far as that needs; whatever is damaged says nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_END_OF_CHAIN = 0xFFFFFFFA
_BOUND_SHEET, _ROW, _DATE_MODE, _START, _END = 0x0085, 0x0208, 0x0022, 0x0809, 0x000A
_IS_HIDDEN = 0x0020


@dataclass
class OldBookFacts:
    """Rows count from 0; a list of hidden ones for each sheet, in the order of the workbook."""

    hidden: list[list[int]] = field(default_factory=list)
    is_from_1904: bool = False


def old_book_facts(content: bytes) -> OldBookFacts:
    """What an .xls says; nothing where it cannot be followed."""
    try:
        return _facts(_workbook_stream(content))
    except (struct.error, IndexError, ValueError, OverflowError):
        return OldBookFacts()


def _facts(stream: bytes) -> OldBookFacts:
    facts = OldBookFacts()
    starts = []
    for kind, place, size in _records(stream, 0):
        if kind == _BOUND_SHEET and size >= 6:
            starts.append(struct.unpack_from("<I", stream, place)[0])
        elif kind == _DATE_MODE and size >= 2:
            facts.is_from_1904 = struct.unpack_from("<H", stream, place)[0] == 1
    facts.hidden = [[*_hidden_rows(stream, start)] for start in starts]
    return facts


def _hidden_rows(stream: bytes, start: int) -> Iterator[int]:
    for kind, place, size in _records(stream, start):
        if kind == _ROW and size >= 16 and struct.unpack_from("<H", stream, place + 12)[0] & _IS_HIDDEN:
            yield struct.unpack_from("<H", stream, place)[0]


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of the records of a sheet or of the globals, up to their end."""
    depth, place = 0, start
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        place += 4
        if kind == _START:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        if place + size <= len(stream):
            yield kind, place, size
        place += size


def _workbook_stream(content: bytes) -> bytes:
    """The stream with the sheets, put together from its sectors."""
    size, small = 1 << struct.unpack_from("<H", content, 30)[0], 1 << struct.unpack_from("<H", content, 32)[0]
    if size not in (512, 4096) or small != 64:
        raise ValueError("sectors of an unknown size")
    first_of_folder, _, least, first_of_small = struct.unpack_from("<4I", content, 48)
    table = _table(content, size)
    folder = _chain(content, table, first_of_folder, size)
    entries = [folder[place:place + 128] for place in range(0, len(folder) - 127, 128)]
    for name in ("Workbook", "Book"):
        for entry in entries:
            length = struct.unpack_from("<H", entry, 64)[0]
            if entry[:max(0, length - 2)].decode("utf-16-le", "replace") == name and entry[66] == 2:
                start, n_bytes = struct.unpack_from("<II", entry, 116)
                if n_bytes >= least:
                    return _chain(content, table, start, size)[:n_bytes]
                inner = _chain(content, table, struct.unpack_from("<I", entries[0], 116)[0], size)
                small_table = _numbers(_chain(content, table, first_of_small, size))
                return _chain(inner, small_table, start, small, offset=0)[:n_bytes]
    raise ValueError("no workbook inside")


def _table(content: bytes, size: int) -> tuple[int, ...]:
    """Which sector follows each."""
    places = list(struct.unpack_from("<109I", content, 76))
    more = struct.unpack_from("<I", content, 68)[0]
    per_sector = size // 4 - 1
    while more < _END_OF_CHAIN and len(places) * size <= len(content) + 109 * size:
        found = struct.unpack_from(f"<{per_sector + 1}I", content, (more + 1) * size)
        places += found[:-1]
        more = found[-1]
    return _numbers(b"".join(content[(place + 1) * size:(place + 2) * size] for place in places
                             if place < _END_OF_CHAIN))


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[:len(content) // 4 * 4])


def _chain(content: bytes, table: tuple[int, ...], first: int, size: int, offset: int = 1) -> bytes:
    """The sectors that follow each other from the first on; a chain longer than the file is none."""
    found, place = [], first
    while place < _END_OF_CHAIN:
        found.append(content[(place + offset) * size:(place + offset + 1) * size])
        if len(found) > len(content) // size + 1:
            raise ValueError("a chain without end")
        place = table[place]
    return b"".join(found)
