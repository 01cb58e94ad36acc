"""Arrays of rows -> the frames of ``tables.Tables``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import SESSIONS
from analytics.ingest.cells import MISSING
from analytics.ingest.records import (
    MISSING_ITEM,
    NO_CODE,
    AssessmentRows,
    AttributeRows,
    SessionRows,
    Vocabulary,
    present,
)
from analytics.ingest.sheets import TIMINGS, Words

_TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


def whole_numbers(values: np.ndarray, missing: int, kind: type = np.int32) -> pd.Series:
    """A nullable column of whole numbers; ``missing`` stands for nothing."""
    is_missing = values == missing
    filled = np.where(is_missing, 0, values).astype(kind) if is_missing.any() else values.astype(kind, copy=False)
    return pd.Series(pd.arrays.IntegerArray(filled, is_missing))


def _numbers(values: np.ndarray) -> pd.Series:
    is_missing = np.isnan(values)
    filled = np.where(is_missing, 0.0, values) if is_missing.any() else values
    return pd.Series(pd.arrays.FloatingArray(filled, is_missing))


def _flags(values: np.ndarray) -> pd.Series:
    is_missing = np.isnan(values)
    return pd.Series(pd.arrays.BooleanArray(np.where(is_missing, 0, values) == 1, is_missing))


def _texts(codes: np.ndarray, texts: Sequence[str]) -> pd.Series:
    if not len(texts) or (codes == NO_CODE).all():
        column = pa.nulls(len(codes), pa.large_string())
    else:
        indices = pa.array(codes, mask=codes == NO_CODE)
        words = pa.array(texts, type=pa.large_string())
        column = pa.DictionaryArray.from_arrays(indices, words).cast(pa.large_string())
    return pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array([column]), dtype=_TEXT))


def words_of(texts: pa.Array) -> pd.Index:
    """Texts as the words of a categorical column, without a copy."""
    return pd.Index(pd.arrays.ArrowStringArray(pa.chunked_array([texts]), dtype=_TEXT))


def categories(codes: np.ndarray, texts: Sequence[str] | pd.Index, *, is_ordered: bool = False) -> pd.Series:
    """A categorical column; ``NO_CODE`` stands for nothing."""
    words = texts if isinstance(texts, pd.Index) else pd.Index(texts, dtype="str")
    kind = pd.CategoricalDtype(words, ordered=is_ordered)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=kind))


def _sorted_categories(codes: np.ndarray, vocabulary: Vocabulary) -> pd.Series:
    """A categorical column with the texts that occur, sorted."""
    texts, places = vocabulary.in_order()
    found = places[codes]
    used = present(found)
    smaller = np.full(len(texts) + 1, NO_CODE, dtype=np.int32)
    smaller[used] = np.arange(len(used), dtype=np.int32)
    return categories(smaller[found], [texts[place] for place in used])


def assessments_frame(
    rows: AssessmentRows | None, patients: pd.Index, words: Words, visits: Sequence[str],
    files: Sequence[str], instruments: dict[str, Instrument], *, has_days: bool, is_visit_order_known: bool,
) -> pd.DataFrame:
    """The assessments as ``tables.Tables`` describes them; ``visit`` holds codes in ``visits``."""
    rows = rows if rows is not None else _no_assessments()
    known = list(instruments)
    keys = [known[place] for place in present(rows.instrument)]
    places = np.full(len(known), NO_CODE, dtype=np.int16)
    places[[known.index(key) for key in keys]] = range(len(keys))
    columns = {
        "patient_id": categories(rows.patient, patients),
        "course_id": _texts(rows.course, words.courses.texts),
        "day": whole_numbers(rows.day if has_days else np.full(len(rows), MISSING), MISSING),
        "visit": categories(rows.visit, visits, is_ordered=is_visit_order_known and bool(len(visits))),
        "time": whole_numbers(rows.time, MISSING),
        "timing": categories(rows.timing, TIMINGS),
        "instrument": categories(places[rows.instrument], keys),
        "total": _numbers(rows.total),
        "prorated": pd.Series(pd.array(rows.prorated, dtype="boolean")),
        "n_items_missing": whole_numbers(rows.n_items_missing, MISSING),
        "self_harm_item": whole_numbers(_self_harm(rows, instruments), MISSING_ITEM, np.int8),
        **{f"item_{place}": whole_numbers(answers, MISSING_ITEM, np.int8)
           for place, answers in enumerate(rows.items, start=1)},
        "file": categories(rows.file, files),
        "file_row": whole_numbers(rows.row, MISSING),
    }
    return pd.DataFrame(columns)


def _self_harm(rows: AssessmentRows, instruments: dict[str, Instrument]) -> np.ndarray:
    answers = np.full(len(rows), MISSING_ITEM, dtype=np.int8)
    for place, instrument in enumerate(instruments.values()):
        item = instrument.self_harm_item
        if item is not None and item <= len(rows.items):
            mine = rows.instrument == place
            answers[mine] = rows.items[item - 1][mine]
    return answers


def sessions_frame(
    rows: SessionRows | None, patients: pd.Index, words: Words, files: Sequence[str]
) -> pd.DataFrame:
    """The sessions: patient, course, day, and the columns of ``tables.SESSIONS`` that came."""
    rows = rows if rows is not None else _no_sessions()
    columns = {
        "patient_id": categories(rows.patient, patients),
        "course_id": _texts(rows.course, words.courses.texts),
        "day": whole_numbers(rows.day, MISSING),
    }
    for column in SESSIONS:
        if column.name not in rows.columns:
            continue
        values = rows.columns[column.name]
        if column.kind == "yes/no":
            columns[column.name] = _flags(values)
        elif column.kind == "category":
            columns[column.name] = _sorted_categories(values, words.column(column.name))
        elif column.kind == "whole number":
            columns[column.name] = whole_numbers(np.where(np.isnan(values), MISSING, values), MISSING)
        else:
            columns[column.name] = _numbers(values)
    columns["file"] = categories(rows.file, files)
    columns["file_row"] = whole_numbers(rows.row, MISSING)
    return pd.DataFrame(columns)


def attributes_frame(
    by_name: dict[str, AttributeRows], patients: pd.Index, words: Words, files: Sequence[str]
) -> pd.DataFrame:
    """The attributes, one row a value, sorted by name."""
    names = sorted(name for name, rows in by_name.items() if len(rows))
    blocks = [by_name[name] for name in names]
    empty = [np.array([], dtype=np.int32)]
    values = [_texts(block.value, words.column(f"attribute {name}").texts)
              for name, block in zip(names, blocks, strict=True)]
    return pd.DataFrame({
        "patient_id": categories(np.concatenate([block.patient for block in blocks] or empty), patients),
        "course_id": _texts(np.concatenate([block.course for block in blocks] or empty), words.courses.texts),
        "day": whole_numbers(np.concatenate([block.day for block in blocks] or empty), MISSING),
        "name": categories(np.repeat(np.arange(len(names), dtype=np.int32), [len(block) for block in blocks]), names),
        "value": (pd.concat(values, ignore_index=True) if values else pd.Series([], dtype=_TEXT)),
        "file": categories(np.concatenate([block.file for block in blocks] or empty), files),
        "file_row": whole_numbers(np.concatenate([block.row for block in blocks] or empty), MISSING),
    })


def _nothing() -> dict[str, np.ndarray]:
    return {name: np.array([], dtype=np.int32) for name in ("patient", "course", "day", "date", "file", "row")}


def _no_sessions() -> SessionRows:
    return SessionRows(**_nothing(), columns={})


def _no_assessments() -> AssessmentRows:
    whole = np.array([], dtype=np.int32)
    return AssessmentRows(
        **_nothing(), visit=whole, time=whole, timing=whole.astype(np.int8), instrument=whole.astype(np.int16),
        total=np.array([], dtype=np.float64), prorated=np.array([], dtype=bool), n_items_missing=whole,
        items=np.empty((0, 0), dtype=np.int8))
