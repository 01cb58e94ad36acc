"""Index scores: where there is no course, the first score of a patient that is a case is day 0."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.courses.blocks import NEVER
from analytics.courses.lines import is_beyond
from analytics.courses.scores import Scores, last_written, number_of, one_a_day, usable_rows
from analytics.definitions.instruments import Instrument
from analytics.definitions.rules import Rules


def index_rows(scores: Scores, instrument: Instrument, rules: Rules, n_courses: int) -> np.ndarray:
    """The index score of each course: the first that is a case, or the first at all where everyone is asked.

    Of two scores on one day the one that may stand for before is asked; ``NONE`` where no score is an index.
    """
    row, course = one_a_day(scores, scores.row, scores.course)
    if rules.eligible == "caseness":
        is_case = is_beyond(scores.total[row], instrument.caseness)
        row, course = row[is_case], course[is_case]
    return last_written(row, course, (-scores.day[row],), n_courses)


def index_days(
    assessments: pd.DataFrame, patient: np.ndarray, n_patients: int, instruments: Mapping[str, Instrument], rules: Rules
) -> np.ndarray:
    """Day 0 of each patient: the earliest index score of any instrument, else the first score; ``NEVER`` without one.

    Parameters
    ----------
    assessments, patient : with a total, and the code of each one's patient
    """
    usable = usable_rows(assessments, needs_day=True, is_strict=rules.scoring == "complete")
    keys = assessments["instrument"].astype("str").to_numpy(object)
    index, first = np.full(n_patients, NEVER), np.full(n_patients, NEVER)
    dated = assessments["day"].notna().to_numpy()
    np.minimum.at(first, patient[dated], assessments["day"][dated].to_numpy(np.int64))
    for key in sorted(set(keys[usable])):
        chosen = usable & (keys == key)
        scores = _of_patients(assessments[chosen], patient[chosen], instruments[key])
        rows = index_rows(scores, instruments[key], rules, n_patients)
        index = np.minimum(index, np.append(scores.day, NEVER)[rows])
    return np.where(index == NEVER, first, index)


def _of_patients(table: pd.DataFrame, patient: np.ndarray, instrument: Instrument) -> Scores:
    """Scores of one instrument with the patient in the place of the course."""
    total = table["total"].to_numpy(float)
    return Scores(total, number_of(table, "self_harm_item"), table["day"].to_numpy(np.int64),
                  number_of(table, "time"), np.full(len(table), -1), -total if instrument.is_higher_better else total,
                  np.arange(len(table)), patient)
