"""Whether the files of a bundle hold what they should: a bundle comes from outside and may have been changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any


def is_question(record: Any) -> bool:
    """Whether this is what was asked: filters, groups, instrument, as-of day, audience, threshold."""
    if not isinstance(record, dict):
        return False
    where, suppress = record.get("where"), record.get("suppress")
    return (_is_mapping(where, lambda levels: _is_list(levels, _is_text_or_none))
            and _is_list(record.get("by"), _is_text) and _is_text_or_none(record.get("instrument"))
            and _is_day(record.get("as_of")) and _is_text(record.get("audience"))
            and (suppress is None or _is_count(suppress)))


def is_files(record: Any) -> bool:
    """Whether these are files by their names, each with its SHA-256 and fingerprint."""
    return _is_mapping(record, lambda one: isinstance(one, dict) and _is_text(one.get("sha256"))
                       and _is_count(one.get("rows")) and _is_list(one.get("halves"), _is_count))


def is_results(record: Any) -> bool:
    """Whether these are rules and exhibits, with a cell for every column of every row."""
    return (isinstance(record, dict) and isinstance(record.get("rules"), dict)
            and _is_mapping(record.get("exhibits"), _is_exhibit))


def _is_exhibit(one: Any) -> bool:
    if not isinstance(one, dict) or not all(_is_text(one.get(name)) for name in ("title", "measure", "reading")):
        return False
    columns = one.get("columns")
    if not _is_list(columns, lambda column: isinstance(column, dict) and _is_text(column.get("name"))
                    and _is_text(column.get("kind"))):
        return False
    return _is_list(one.get("rows"), lambda row: _is_list(row, _is_cell) and len(row) == len(columns))


def _is_cell(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**32


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_day(value: Any) -> bool:
    if value is None:
        return True
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_list(value: Any, is_each: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(map(is_each, value))


def _is_mapping(value: Any, is_each: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(map(is_each, value.values()))
