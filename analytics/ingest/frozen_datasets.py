"""A dataset that stays, as Parquet files and back again exactly: its tables, and what was said of its files.

Findings, the patients of the rows they name and samples of columns stand beside the tables, so that the pages say what
they said on the day the files were read, and the fix list can be made again. A finding holds rows and headers, never a
value of a patient; codes of patients stand in the tables as well.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.definitions.findings import Finding
from analytics.definitions.tables import Tables
from analytics.ingest.frozen_tables import frames_to_tables, tables_to_frames

_FACTS, _FINDINGS, _ROWS, _SAMPLES = "facts", "findings", "finding_rows", "column_samples"

_TEXTS = ("severity", "code", "problem", "remedy", "file", "column")
_SCHEMA = pa.schema([*((name, pa.string()) for name in _TEXTS), ("rows", pa.list_(pa.int64())),
                     ("meanings", pa.list_(pa.string())), ("words", pa.list_(pa.string()))])


def dataset_to_frames(tables: Tables) -> dict[str, bytes]:
    """Everything of these tables as Parquet files by name."""
    frames, facts = tables_to_frames(tables)
    findings = [{**{name: getattr(one, name) for name in _TEXTS}, "rows": list(one.rows),
                 "meanings": [means for means, _ in one.choices], "words": [words for _, words in one.choices]}
                for one in tables.findings]
    rows = [{"file": file, "row": int(row), "patient": str(patient)}
            for file, patients in tables.patient_of_row.items() for row, patient in patients.items()]
    return {**frames,
            _FACTS: _written(pa.table({"json": [json.dumps(facts)]})),
            _FINDINGS: _written(pa.Table.from_pylist(findings, _SCHEMA)),
            _ROWS: _written(pa.Table.from_pylist(rows, pa.schema(
                [("file", pa.string()), ("row", pa.int64()), ("patient", pa.string())]))),
            _SAMPLES: _written(pa.table({"sample": pa.array([one.sample for one in tables.columns], pa.string())}))}


def frames_to_dataset(frames: Mapping[str, bytes]) -> Tables:
    """The tables that ``dataset_to_frames`` took apart.

    Raises
    ------
    ValueError
        When they were written by another version of this product.
    """
    (facts,) = _records(frames[_FACTS])
    tables = frames_to_tables(frames, json.loads(facts["json"]))
    columns = tuple(replace(one, sample=kept["sample"])
                    for one, kept in zip(tables.columns, _records(frames[_SAMPLES]), strict=True))
    return replace(tables, findings=tuple(map(_finding, _records(frames[_FINDINGS]))), columns=columns,
                   patient_of_row=_patients(frames[_ROWS]))


def _finding(record: Mapping[str, Any]) -> Finding:
    return Finding(**{name: record[name] for name in _TEXTS}, rows=tuple(record["rows"]),
                   choices=tuple(zip(record["meanings"], record["words"], strict=True)))


def _patients(content: bytes) -> dict[str, pd.Series]:
    by_file: dict[str, list[Mapping[str, Any]]] = {}
    for record in _records(content):
        by_file.setdefault(record["file"], []).append(record)
    return {file: pd.Series(pd.Categorical(pd.Index([one["patient"] for one in records], dtype="str")),
                            index=pd.Index([one["row"] for one in records], dtype="int32", name="file_row"))
            for file, records in by_file.items()}


def _written(table: pa.Table) -> bytes:
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    return content.getvalue()


def _records(content: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(io.BytesIO(content)).to_pylist()
    return found
