"""Reads one .xls from standard input in a process of its own, and writes its sheets to standard output as JSON.

A few bytes of an .xls file can stand for sheets that no memory holds, and that shows only while they are made: so they
are made where the memory can be limited. Run as a script; imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import sys

MOST_BYTES = 1_500_000_000
MOST_SECONDS = 60
SPARSE_CELLS = 2_000_000
PASSWORD, DAMAGED, SPARSE = 3, 4, 5
"""How the process ends where it gives no sheets; any other end means that the file asked for too much."""


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def _sheets(content: bytes) -> list[dict]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = []
    for place, about in enumerate(book.sheets_metadata):
        sheet = book.get_sheet_by_index(place)
        records = sheet.to_python(skip_empty_area=False)
        size = sheet.total_height * sheet.total_width
        if size > SPARSE_CELLS and size > 20 * sum(cell != "" for record in records for cell in record):
            raise SystemExit(SPARSE)
        sheets.append({"name": about.name, "is_hidden": about.visible != SheetVisibleEnum.Visible,
                       "merged": sheet.merged_cell_ranges or [], "records": records})
    return sheets


def _plain(value: object) -> dict[str, str]:
    if isinstance(value, datetime.date | datetime.time):
        return {type(value).__name__: value.isoformat()}
    return {"text": str(value)}


def main() -> None:
    """Read, and end with a number that says why there is nothing."""
    _limit()
    from python_calamine import CalamineError, PasswordError

    try:
        sheets = _sheets(sys.stdin.buffer.read())
    except PasswordError:
        raise SystemExit(PASSWORD) from None
    except (CalamineError, OSError, ValueError, OverflowError):
        raise SystemExit(DAMAGED) from None
    json.dump(sheets, sys.stdout, default=_plain)


if __name__ == "__main__":
    main()
