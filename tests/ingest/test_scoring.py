"""Totals from items."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.definitions.instruments import BUILT_IN, MissingItems
from analytics.ingest.scoring import scored
from tests.ingest.files import codes, finding, loaded, place, scores

PHQ9 = "patient_id,day," + ",".join(f"phq9_q{item}" for item in range(1, 10))
_ = -128


def total(key: str, *answers: int, stored: float = np.nan):
    return scored(np.array(answers, dtype=np.int8)[:, None], np.array([stored]), BUILT_IN[key])


@pytest.mark.parametrize(("answers", "expected", "is_prorated"), [
    ((0,) * 9, 0, False), ((3,) * 9, 27, False), ((1, 2, 3, 0, 1, 2, 3, 0, 1), 13, False),
    ((1, 1, 1, 1, 0, 0, 0, 0, _), 5, True),  # mean 0.5 of nine items is 4.5, half up, where round() gives 4
    ((1, 1, 0, 0, 0, 0, 0, 0, _), 2, True), ((2, 2, 2, 2, 2, 2, 2, _, _), 18, True),
    ((3, 3, 3, 3, 3, 3, 3, _, _), 27, True),
])
def test_phq9(answers, expected, is_prorated):
    made = total("phq9", *answers)
    assert made.total.tolist() == [expected]
    assert made.is_prorated.tolist() == [is_prorated]
    assert made.n_missing.tolist() == [answers.count(_)]


def test_three_unanswered_items_are_too_many():
    made = total("phq9", 3, 3, 3, 3, 3, 3, _, _, _)
    assert np.isnan(made.total[0])
    assert made.too_few[0]


def test_gad7_with_two_unanswered():
    assert total("gad7", 1, 1, 1, 1, 1, _, _).total[0] == 7
    assert np.isnan(total("gad7", 1, 1, 1, 1, _, _, _).total[0])


def test_qids_takes_the_highest_of_each_domain():
    answers = (1, 0, 3, 2, 1, 0, 2, 0, 0, 1, 1, 1, 1, 1, 0, 2)
    assert total("qids_sr16", *answers).total[0] == 3 + 1 + 2 + 1 + 1 + 1 + 1 + 1 + 2
    assert np.isnan(total("qids_sr16", *answers[:15], _).total[0])


def test_who5_is_the_sum_times_four():
    assert total("who5", 5, 5, 5, 5, 5).total[0] == 100
    assert total("who5", 1, 2, 3, 4, 3).total[0] == 52


def test_without_a_rule_every_item_must_be_answered():
    assert np.isnan(total("bdi2", *[1] * 20, _).total[0])
    assert total("bdi2", *[1] * 21).total[0] == 21


def test_prorating_counts_in_whole_numbers():
    lenient = replace(BUILT_IN["bdi2"], missing_items=MissingItems(20, "drawn"))
    for sum_of_answers in range(31):
        for n_answered in range(max(1, -(-sum_of_answers // 3)), 22):
            base, more = divmod(sum_of_answers, n_answered)
            answers = [base + 1] * more + [base] * (n_answered - more) + [_] * (21 - n_answered)
            made = scored(np.array(answers, dtype=np.int8)[:, None], np.array([np.nan]), lenient)
            assert made.total[0] == int(np.floor(sum_of_answers * 21 / n_answered + 0.5 + 1e-9))


@pytest.mark.parametrize(("answers", "stored", "expected", "mark"), [
    ((1,) * 9, 9.0, 9, ""), ((1,) * 9, 8.0, 9, "disagrees"), ((1,) * 9, np.nan, 9, ""),
    ((1,) * 8 + (_,), 9.0, 9, ""), ((1,) * 8 + (_,), 8.0, 8, "differs"), ((1,) * 6 + (_,) * 3, 8.0, 8, ""),
    ((_,) * 9, 8.0, 8, ""), ((_,) * 9, np.nan, None, ""), ((1,) + (_,) * 8, np.nan, None, "too_few"),
])
def test_items_and_a_stored_total(answers, stored, expected, mark):
    made = total("phq9", *answers, stored=stored)
    assert (None if np.isnan(made.total[0]) else made.total[0]) == expected
    assert [name for name in ("disagrees", "differs", "too_few") if getattr(made, name)[0]] == ([mark] if mark else [])
    assert made.is_prorated[0] == (expected is not None and _ in answers and np.isnan(stored))


def test_items_in_a_file():
    tables = loaded(f"""
        {PHQ9},phq9_total
        P1,0,3,3,3,3,3,3,3,3,1,25
        P2,0,1,1,1,1,0,0,0,0,,
        P3,0,1,1,1,1,1,1,1,1,1,12
        P4,0,1,1,1,1,1,1,1,1,refused,20
        P5,0,1,1,1,1,1,1,,,,
        P6,0,1,1,1,1,1,1,1,1,9,
        P7,0,1,1,1,1,1,1,1,1,5,
        P8,0,,,,,,,,,,11
        P9,0,,,,,,,,,,""")
    rows = tables.assessments.set_index(tables.assessments["patient_id"].astype("str"))
    assert rows["total"].to_dict() == {"P1": 25, "P2": 5, "P3": 9, "P4": 20, "P6": 9, "P7": 9, "P8": 11}
    assert rows["prorated"].to_dict() == {
        "P1": False, "P2": True, "P3": False, "P4": False, "P6": True, "P7": True, "P8": False}
    assert rows["n_items_missing"].fillna(-1).to_dict() == {
        "P1": 0, "P2": 1, "P3": 0, "P4": 1, "P6": 1, "P7": 1, "P8": -1}
    assert rows["self_harm_item"].fillna(-1).to_dict() == {
        "P1": 1, "P2": -1, "P3": 1, "P4": -1, "P6": -1, "P7": -1, "P8": -1}
    assert rows["item_1"].fillna(-1).tolist() == [3, 1, 1, 1, 1, 1, -1]
    assert place(finding(tables, "total_disagrees")) == ("drops_rows", "scores.csv", "phq9_total", (4,))
    assert place(finding(tables, "total_with_missing_items")) == ("note", "scores.csv", "phq9_total", (5,))
    assert place(finding(tables, "too_few_items")) == ("drops_rows", "scores.csv", "phq9_total", (6,))
    assert place(finding(tables, "missing_code")) == ("note", "scores.csv", "phq9_q9", (7,))
    assert place(finding(tables, "out_of_range")) == ("drops_rows", "scores.csv", "phq9_q9", (8,))
    assert tables.files[0].rows_blank == 1


def test_half_answers_are_no_answers():
    tables = loaded(f"{PHQ9}\nP1,0,1.5,1,1,1,1,1,1,1,1\n")
    assert place(finding(tables, "out_of_range")) == ("drops_rows", "scores.csv", "phq9_q1", (2,))
    assert scores(tables) == [("P1", "phq9", 0, 9.0)]


def test_nhanes_names_and_codes():
    header = ",".join(f"DPQ0{item}0" for item in range(1, 10))
    tables = loaded(f"SEQN,day,{header},DPQ100\n1,0,3,3,3,3,3,3,3,7,9,1\n2,0,1,1,1,1,1,1,1,1,1,0\n")
    assert scores(tables) == [("1", "phq9", 0, 27.0), ("2", "phq9", 0, 9.0)]
    assert {use.column: use.field for use in tables.columns}["DPQ010"] == "phq9.1"


def test_without_a_column_for_every_item_no_total_is_made():
    tables = loaded("patient_id,day,phq9_q1,phq9_q2\nP1,0,3,3\nP2,0,,\n")
    assert scores(tables) == []
    assert place(finding(tables, "item_columns_missing")) == ("drops_rows", "scores.csv", "phq9_q1", (2,))
    with_total = loaded("patient_id,day,phq9_q1,phq9_q2,phq9\nP1,0,3,3,20\n")
    assert scores(with_total) == [("P1", "phq9", 0, 20.0)]
    assert place(finding(with_total, "items_not_used")) == ("note", "scores.csv", "phq9_q1", ())


def test_item_columns_of_several_instruments():
    gad7 = ",".join(f"gad7_{item}" for item in range(1, 8))
    tables = loaded(f"{PHQ9},{gad7}\nP1,0,1,1,1,1,1,1,1,1,1,2,2,2,2,2,2,2\n")
    assert [row[1:] for row in scores(tables)] == [("gad7", 0, 14.0), ("phq9", 0, 9.0)]
    rows = tables.assessments.set_index(tables.assessments["instrument"].astype("str"))
    assert rows["item_9"].isna().to_dict() == {"phq9": False, "gad7": True}
    assert rows["self_harm_item"].isna().to_dict() == {"phq9": False, "gad7": True}
    assert codes(tables) == []


_HEADER = "patient_id,day," + ",".join(f"phq9_q{item}" for item in range(1, 10)) + "\n"
_FROM_ONE = _HEADER + "P1,0,4,4,4,4,1,1,1,1,1\nP1,28,2,1,1,1,1,1,1,1,1\n"


def test_answers_counted_from_one_are_asked_about_and_give_no_total():
    tables = loaded(_FROM_ONE)
    asked = finding(tables, "answers_from_one")
    assert place(asked) == ("drops_rows", "scores.csv", "phq9_q1", (2, 3))
    assert asked.problem.startswith("The answers to PHQ-9 in 2 rows go from 1 to 4")
    assert scores(tables) == []
    told = loaded(_FROM_ONE, mapping={"phq9_q1": asked.choices[0][1]})
    assert scores(told) == [("P1", "phq9", 0, 12.0), ("P1", "phq9", 28, 1.0)]
    assert codes(told) == codes(loaded(_HEADER + "P1,0,3,3,3,3,0,0,0,0,0\nP1,28,1,0,0,0,0,0,0,0,0\n"))
    typed = loaded(_FROM_ONE, mapping={"phq9_q1": asked.choices[1][1]})
    assert "out_of_range" in codes(typed)
    assert "answers_from_one" not in codes(typed)


@pytest.mark.parametrize("row", ["4,1,1,1,1,1,1,1,1", "4,4,0,1,1,1,1,1,1", "3,3,1,1,1,1,1,1,1", "4,4,9,1,1,1,1,1,1"])
def test_answers_that_need_not_be_counted_from_one(row):
    assert "answers_from_one" not in codes(loaded(f"{_HEADER}P1,0,{row}\n"))


def test_words_and_numbers_counted_from_one():
    mapping = {"phq9_q1": "phq9.1[from 1]"}
    tables = loaded(f"{_HEADER}P1,0,Not at all,Nearly every day,4,1,1,1,1,1,1\n", mapping=mapping)
    assert scores(tables) == [("P1", "phq9", 0, 6.0)]
