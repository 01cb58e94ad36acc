"""Canonical tables as Parquet and plain facts, and back again exactly: what the store keeps of a load.

Findings, the patients of their rows, and samples of columns are not kept: they belong to the files.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.definitions.instruments import BUILT_IN, Amount, Band, CutOff, Instrument, JtCutOff, MissingItems
from analytics.definitions.tables import ColumnUse, FileRecord, Tables

FORMAT = 1

_TABLES = ("assessments", "sessions", "attributes")
_CATEGORIES = b"categories"


def tables_to_frames(tables: Tables) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The tables as Parquet files by name, and everything else about them as plain values."""
    until = tables.observed_until
    frames = {name: _written(getattr(tables, name)) for name in _TABLES}
    frames["observed_until"] = _written(pd.DataFrame({
        "patient_id": until.index.astype("str"), "day": until.to_numpy(dtype=object)}).astype({"day": until.dtype}))
    return frames, {
        "format": FORMAT,
        "axis": tables.axis,
        "as_of": tables.as_of.isoformat() if tables.as_of else None,
        "is_visit_order_known": tables.is_visit_order_known,
        "is_turned_relative": tables.is_turned_relative,
        "observed_until_name": until.index.name,
        "files": [asdict(one) for one in tables.files],
        "columns": [{name: value for name, value in asdict(one).items() if name != "sample"} for one in tables.columns],
        "instruments": instruments_to_records(tables.instruments),
    }


def frames_to_tables(frames: Mapping[str, bytes], facts: Mapping[str, Any]) -> Tables:
    """The tables that ``tables_to_frames`` took apart.

    Raises
    ------
    ValueError
        When they were written by another version of this product.
    """
    if facts.get("format") != FORMAT:
        raise ValueError("The last load was kept by another version of this product; load its files again.")
    until = _read(frames["observed_until"])
    return Tables(
        **{name: _read(frames[name]) for name in _TABLES}, axis=facts["axis"],
        instruments=instruments_from_records(facts["instruments"]),
        files=tuple(FileRecord(**one) for one in facts["files"]),
        columns=tuple(ColumnUse(**one) for one in facts["columns"]),
        observed_until=until["day"].set_axis(
            pd.Index(until["patient_id"], dtype="str", name=facts["observed_until_name"])).rename(None),
        is_visit_order_known=facts["is_visit_order_known"],
        as_of=date.fromisoformat(facts["as_of"]) if facts["as_of"] else None,
        is_turned_relative=facts["is_turned_relative"],
    )


def instruments_to_records(instruments: Mapping[str, Instrument]) -> dict[str, Any]:
    """Instruments as plain values; missing for one of ours as it is."""
    return {key: None if BUILT_IN.get(key) == one else asdict(one) for key, one in instruments.items()}


def instruments_from_records(records: Mapping[str, Any]) -> dict[str, Instrument]:
    """The instruments that ``instruments_to_records`` took apart."""
    return {key: BUILT_IN[key] if record is None else _instrument(record) for key, record in records.items()}


def _written(frame: pd.DataFrame) -> bytes:
    """Parquet that any program can read; categories, which Parquet reorders and drops, stand beside the columns."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    categories = {name: {"texts": frame[name].cat.categories.tolist(), "is_ordered": bool(frame[name].cat.ordered)}
                  for name in frame.columns if isinstance(frame[name].dtype, pd.CategoricalDtype)}
    content = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(
        {**(table.schema.metadata or {}), _CATEGORIES: json.dumps(categories).encode()}), content, compression="zstd")
    return content.getvalue()


def _read(content: bytes) -> pd.DataFrame:
    table = pq.read_table(io.BytesIO(content))
    categories = json.loads(table.schema.metadata[_CATEGORIES])
    frame = table.to_pandas()
    for name, known in categories.items():
        index = pd.Index(known["texts"], dtype="str")
        frame[name] = _categorical(table.column(name), index, is_ordered=known["is_ordered"])
    return frame


def _categorical(column: pa.ChunkedArray, categories: pd.Index, *, is_ordered: bool) -> pd.Categorical:
    """Codes in the categories as they were, from the dictionary as it was read."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes = pd.Series([], dtype="int32").to_numpy()
    if len(column):
        read = column.unify_dictionaries().combine_chunks()
        places = categories.get_indexer(read.dictionary.to_pylist())
        filled = read.indices.fill_null(0).to_numpy(zero_copy_only=False)
        codes = places[filled] if len(places) else filled * 0 - 1
        codes[read.indices.is_null().to_numpy(zero_copy_only=False)] = -1
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(categories, ordered=is_ordered))


_PARTS = {"caseness": CutOff, "remission": CutOff, "response": Amount, "reliable_change": Amount,
          "important_change": Amount, "missing_items": MissingItems, "nhs_caseness": CutOff, "reliability": Amount,
          "functional_mean": Amount, "functional_sd": Amount, "jt_cut_off": JtCutOff}


def _instrument(record: Mapping[str, Any]) -> Instrument:
    values = dict(record)
    for name, kind in _PARTS.items():
        values[name] = None if record.get(name) is None else kind(**record[name])
    values["bands"] = [Band(**band) for band in record["bands"]]
    return Instrument(**{name: _unlisted(value) for name, value in values.items()})


def _unlisted(value: Any) -> Any:
    """Lists as the tuples that they were before JSON."""
    return tuple(map(_unlisted, value)) if isinstance(value, list | tuple) else value
