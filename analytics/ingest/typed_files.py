"""Parquet files, which know the kinds of their cells, as tables with row numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from analytics.ingest.grid import Grid


def parquet_grid(content: bytes) -> Grid | None:
    """The table of a Parquet file; missing where it is damaged."""
    # Imported where it is needed: it starts Arrow's clients of cloud stores.
    from pyarrow.parquet import read_table

    try:
        table = read_table(pa.BufferReader(content))
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
