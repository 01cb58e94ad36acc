"""Answers that stand one a row put side by side: one line an assessment, one column an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.ingest.cells import Cells
from analytics.ingest.measure_names import Measure


@dataclass(frozen=True)
class Lines:
    """Which line each answer went to.

    Attributes
    ----------
    of : the line of each answer
    first : position of the first answer of each line, in the order of the file
    columns : the answers by header, one cell a line
    """

    of: np.ndarray
    first: np.ndarray
    columns: dict[str, Cells]


def side_by_side(group: np.ndarray, measure: np.ndarray, measures: Sequence[Measure], answers: Cells) -> Lines:
    """The answers of one group and instrument on one line.

    Parameters
    ----------
    group : what answers of one assessment share, such as a code for patient and time
    measure : position in ``measures``; one that never comes has a column without a value

    Notes
    -----
    An answer that comes a second time in a group opens a second line, so that none is lost: the first answers
    make the first line, the second ones the second.
    """
    keys = list(dict.fromkeys(one.instrument for one in measures))
    instrument = np.array([keys.index(one.instrument) for one in measures], dtype=np.int64)[measure]
    frame = pd.DataFrame({"group": group, "measure": measure, "instrument": instrument})
    frame["again"] = frame.groupby(["group", "measure"], sort=False).cumcount()
    of = frame.groupby(["group", "instrument", "again"], sort=False).ngroup().to_numpy()
    _, first = np.unique(of, return_index=True)
    columns = {}
    for place in range(len(measures)):
        chosen = np.flatnonzero(measure == place)
        positions = np.full(len(first), -1, dtype=np.int64)
        positions[of[chosen]] = chosen
        columns[measures[place].header] = picked(answers, positions)
    return Lines(of, first, columns)


def picked(cells: Cells, positions: np.ndarray) -> Cells:
    """Cells by position; blank where the position is -1."""
    return Cells(cells.array.take(pa.array(positions, mask=positions < 0)))
