"""Files that know the kinds of their cells, workbooks and Parquet, as grids with row numbers."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from analytics.ingest.cells import as_text
from analytics.ingest.grid import Grid

WORKBOOK_MARK = "xl/workbook.xml"
"""What an archive holds that is an Excel workbook."""


def parquet_grid(content: bytes) -> Grid | None:
    """The table of a Parquet file; missing where it is damaged."""
    try:
        table = pyarrow.parquet.read_table(pa.BufferReader(content))
        table.validate(full=True)
        places = [place for place, name in enumerate(table.column_names) if not name.startswith("__index_level_")]
        columns = tuple(_plain(table.column(place)) for place in places)
    except (pa.ArrowException, OSError, ValueError):
        return None
    headers = tuple(table.column_names[place] for place in places)
    return Grid(headers, columns, np.arange(2, table.num_rows + 2, dtype=np.int32))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of text, numbers or truth values; every other kind as text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if (pa.types.is_string(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)
            or pa.types.is_boolean(kind)):
        return column
    try:
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.chunked_array([pa.array([None if cell is None else str(cell) for cell in column.to_pylist()],
                                          type=pa.string())])


def names_in_archive(content: bytes) -> set[str] | None:
    """The names of the files in a zip archive; missing where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None


def sheet_grids(content: bytes) -> list[tuple[str, Grid]] | None:
    """The sheets of a workbook that hold anything, by name; missing where it is damaged or protected."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [(name, book.get_sheet_by_index(place).to_python(skip_empty_area=False))
                  for place, name in enumerate(book.sheet_names)]
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile):
        return None
    texts = [(name, [["" if cell is None else as_text(cell) for cell in record] for record in records])
             for name, records in sheets]
    return [(name, _grid(records)) for name, records in texts if any(any(record) for record in records)]


def _grid(records: list[list[str]]) -> Grid:
    """The table of a sheet; its first row that is not empty is the header."""
    first = next(place for place, record in enumerate(records) if any(record))
    headers = records[first]
    columns = tuple(pa.array([record[place] or None for record in records[first + 1:]], type=pa.string())
                    for place in range(len(headers)))
    return Grid(tuple(headers), columns, np.arange(first + 2, len(records) + 1, dtype=np.int32))
