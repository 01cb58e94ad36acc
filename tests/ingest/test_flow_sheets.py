"""Flow sheets: one measurement a row, its name in one cell and its value in another."""

from __future__ import annotations

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.ingest.headers import aliases_of
from analytics.ingest.measure_names import Measure, measure_of, other_measure
from tests.ingest.files import codes, finding, loaded, place, scores

ALIASES = aliases_of(BUILT_IN)
HEADER = "PAT_ID,FSD_ID,RECORDED_TIME,FLO_MEAS_NAME,MEAS_VALUE\n"


def sheet(*rows: str, header: str = HEADER) -> str:
    return header + "".join(f"{row}\n" for row in rows)


def items(patient: str, at: str, *answers: object, key: str = "PHQ-9 Q{} ANSWER") -> list[str]:
    return [f"{patient},F1,{at},{key.format(item)},{answer}" for item, answer in enumerate(answers, start=1)]


@pytest.mark.parametrize(("name", "measure"), [
    ("PHQ-9 Total Score", Measure("phq9")),
    ("R PHQ-9 SCORE", Measure("phq9")),
    ("PHQ-9 (Patient Health Questionnaire) Total Score", Measure("phq9")),
    ("PHQ-9 Q1 LITTLE INTEREST", Measure("phq9", 1)),
    ("PHQ-9: 3. Trouble sleeping", Measure("phq9", 3)),
    ("PHQ9 Item 02", Measure("phq9", 2)),
    ("phq9_9", Measure("phq9", 9)),
    ("R GAD-7 Q7 AFRAID", Measure("gad7", 7)),
    ("Pain Score (0-10)", Measure("pain_nrs")),
    ("R PAIN SCORE WORST", Measure("pain_nrs_worst")),
    ("Worst pain score", Measure("pain_nrs_worst")),
    ("WHO-5", Measure("who5")),
])
def test_names_of_scores_and_answers(name, measure):
    assert measure_of(name, ALIASES, BUILT_IN) == measure


@pytest.mark.parametrize("name", [
    "PHQ-9 Q10 DIFFICULTY", "GAD-7 Q8", "PHQ-2 Total Score", "PHQ-9 Score 9", "PHQ-9 baseline", "PHQ-9 Difficulty",
    "Pain Score (0-100 years)", "R", "", "9", "Pain location", "PHQ-9 Q0",
])
def test_names_that_say_no_score(name):
    found = measure_of(name, ALIASES, BUILT_IN)
    assert found is None


def test_names_of_other_measures():
    assert other_measure("R BP") == other_measure("NIBP") == "blood pressure"
    assert other_measure("SpO2") == "oxygen saturation"
    assert other_measure("Mood") is None


def test_totals_and_answers_of_one_time_stand_on_one_line():
    tables = loaded(sheet("Z1,F1,2024-01-05 09:30,R PHQ-9 SCORE,20", *items("Z1", "2024-01-05 09:30", *[2] * 8, 1),
                          "Z1,F2,2024-02-05 09:30,R PHQ-9 SCORE,9", "Z2,F3,2024-01-05 09:30,GAD-7 Total Score,8"))
    assert [row[:2] + row[3:] for row in scores(tables)] == [("Z1", "phq9", 17.0), ("Z1", "phq9", 9.0),
                                                             ("Z2", "gad7", 8.0)]
    assert place(finding(tables, "total_disagrees")) == ("drops_rows", "scores.csv", "phq9", (2,))
    assert tables.assessments["file_row"].tolist() == [2, 12, 13]
    assert tables.assessments["self_harm_item"].dropna().tolist() == [1]
    assert tables.assessments["time"].tolist() == [570, 570, 570]
    assert (tables.files[0].rows, tables.files[0].rows_used, tables.files[0].rows_blank) == (12, 12, 0)


def test_other_measures_are_counted_and_never_quoted():
    tables = loaded(sheet("Z1,F1,2024-01-05 09:30,R PHQ-9 SCORE,20", "Z1,F1,2024-01-05 09:30,BP,128/76",
                          "Z1,F1,2024-01-05 09:30,Xqazza,7", "Z1,F1,2024-01-06 09:30,Xqazza,7",
                          "Z1,F1,2024-01-06 09:30,Xqbzzb,7"))
    one = finding(tables, "measure_not_used")
    assert place(one) == ("note", "scores.csv", "FLO_MEAS_NAME", (4, 6))
    assert "4 rows hold" in one.problem
    assert "blood pressure, 2 with other names" in one.problem
    assert "xq" not in str((tables.findings, tables.columns)).lower()
    assert (tables.files[0].rows, tables.files[0].rows_used, tables.files[0].rows_blank) == (5, 1, 4)
    assert [one.code for one in tables.findings if one.severity != "note"] == []


def test_a_value_twice_at_one_time_is_no_answer_lost():
    tables = loaded(sheet("Z1,F1,2024-01-05,R PHQ-9 SCORE,20", "Z1,F1,2024-01-05,R PHQ-9 SCORE,12",
                          "Z1,F1,2024-01-05,R PHQ-9 SCORE,"))
    assert [row[3] for row in scores(tables)] == [12.0, 20.0]
    assert finding(tables, "same_day_scores").rows == (2, 3)
    assert tables.files[0].rows_blank == 1


def test_bad_values_name_their_rows():
    tables = loaded(sheet("Z1,F1,2024-01-05,R PHQ-9 SCORE,20", "Z1,F1,2024-01-06,R PHQ-9 SCORE,34",
                          "Z1,F1,2024-01-07,R PHQ-9 SCORE,lots", ",F1,2024-01-08,R PHQ-9 SCORE,3"))
    assert finding(tables, "out_of_range").rows == (3,)
    assert finding(tables, "not_a_number").rows == (4,)
    assert finding(tables, "patient_missing").rows == (5,)


def test_values_with_text_around_them():
    tables = loaded(sheet("Z1,F1,2024-01-05,R PHQ-9 SCORE,14 (moderate)",
                          *items("Z1", "2024-02-05", *["Several days"] * 8, "Not at all")))
    assert [row[3] for row in scores(tables)] == [14.0, 8.0]


def test_other_columns_of_the_line_come_along():
    tables = loaded(sheet("Z1,2024-01-05,R PHQ-9 SCORE,20,North", "Z2,2024-01-05,R PHQ-9 SCORE,21,South",
                          header="PAT_ID,RECORDED_TIME,FLO_MEAS_NAME,MEAS_VALUE,site\n"))
    assert tables.attribute_names == ("site",)
    assert sorted(tables.attributes["value"]) == ["North", "South"]


def test_plain_long_files_stay_as_they_are():
    tables = loaded("patient_id,day,measure,value\nP1,0,PHQ-9,20\nP1,0,GAD-7,10\n")
    assert [row[3] for row in scores(tables)] == [10.0, 20.0]
    assert "measures_in_rows" not in codes(tables)


def test_a_long_file_with_answers_is_a_flow_sheet():
    rows = [f"P1,0,phq9_{item},2" for item in range(1, 10)]
    tables = loaded("patient_id,day,measure,value\n" + "\n".join([*rows, "P1,28,phq9,4"]) + "\n")
    assert scores(tables) == [("P1", "phq9", 0, 18.0), ("P1", "phq9", 28, 4.0)]


def test_columns_said_by_name():
    tables = loaded("who,when,row,what\nP1,2024-01-05,R PHQ-9 SCORE,20\nP1,2024-01-05,PHQ-9 Q1,2\n", mapping={
        "who": "patient_id", "when": "assessed_on", "row": "instrument", "what": "total"})
    assert [row[3] for row in scores(tables)] == [20.0]
    assert "measures_in_rows" in codes(tables)


def test_a_sheet_without_scores_says_so():
    tables = loaded(sheet("Z1,F1,2024-01-05,BP,128/76", "Z1,F1,2024-01-05,Pulse,70"))
    assert tables.assessments.empty
    assert tables.is_blocked or tables.files[0].rows_used == 0 or tables.sessions.empty


def test_a_sheet_without_patients_is_refused():
    tables = loaded("RECORDED_TIME,FLO_MEAS_NAME,MEAS_VALUE\n2024-01-05,R PHQ-9 SCORE,20\n")
    assert finding(tables, "no_patient_column").severity == "blocks"


def test_numbered_items_whose_last_has_the_name_of_the_scale():
    other = "Z1,F1,2024-01-05,GAD-7 Total Score,8"
    tables = loaded(sheet(*items("Z1", "2024-01-05", *[2] * 8, 1, key="PHQ {}"), other))
    assert [row[1:2] + row[3:] for row in scores(tables)] == [("gad7", 8.0), ("phq9", 17.0)]
    assert tables.assessments["self_harm_item"].dropna().tolist() == [1]
    some = [row for row in items("Z1", "2024-01-05", *[2] * 8, 1, key="PHQ {}") if "PHQ 4" not in row]
    tables = loaded(sheet(*some, other))
    assert [row[1] for row in scores(tables)] == ["gad7"]
    tables = loaded(sheet("Z1,F1,2024-01-05,gad7,8", "Z1,F1,2024-01-05,WHO-5,60", "Z1,F1,2024-01-05,BP,128/76"))
    assert [row[1:2] + row[3:] for row in scores(tables)] == [("gad7", 8.0), ("who5", 60.0)]
    tables = loaded(sheet("Z1,F1,2024-01-05,PHQ-2,4", "Z1,F1,2024-01-05,PHQ-9,17", "Z1,F1,2024-01-05,PHQ-15,9", other))
    assert [row[1:2] + row[3:] for row in scores(tables)] == [("gad7", 8.0), ("phq9", 17.0)]


WORST = ("Z1,F1,2024-01-05,R WORST PAIN TODAY,7", "Z1,F2,2024-02-05,R WORST PAIN TODAY,3",
         "Z2,F3,2024-01-05,R PHQ-9 SCORE,9")


def test_the_name_of_a_measure_can_be_said():
    assert [row[1] for row in scores(loaded(sheet(*WORST)))] == ["phq9"]
    tables = loaded(sheet(*WORST), mapping={"R WORST PAIN TODAY": "pain_nrs_worst"})
    assert [row[:2] + row[3:] for row in scores(tables)] == [
        ("Z1", "pain_nrs_worst", 7.0), ("Z1", "pain_nrs_worst", 3.0), ("Z2", "phq9", 9.0)]
    assert sorted(tables.assessments["file_row"]) == [2, 3, 4]
    assert {use.column: use.confidence for use in tables.columns}["R WORST PAIN TODAY"] == "said"
    assert "measure_not_used" not in codes(tables)


@pytest.mark.parametrize("rows", [WORST[:1], WORST[:2], WORST[1:2] + WORST[2:], WORST * 2])
def test_a_row_with_a_name_that_was_said_is_no_header(rows):
    tables = loaded(sheet(*rows), mapping={"R WORST PAIN TODAY": "pain_nrs_worst"})
    assert tables.files[0].rows == len(rows)
    assert "pain_nrs_worst" in set(tables.assessments["instrument"])


def test_a_measure_said_with_its_range_and_one_said_to_be_ignored():
    tables = loaded(sheet("Z1,F1,2024-01-05,PAIN VAS NOW,70", "Z1,F1,2024-01-05,R PHQ-9 SCORE,9",
                          "Z1,F1,2024-01-05,GAD-7,8"),
                    mapping={"PAIN VAS NOW": "pain_nrs[0..100]", "GAD-7": "ignore"})
    assert [row[1:2] + row[3:] for row in scores(tables)] == [("pain_nrs", 7.0), ("phq9", 9.0)]


def test_two_names_of_one_measure_are_one_column():
    tables = loaded(sheet("Z1,F1,2024-01-05,WORST OLD,7", "Z1,F1,2024-02-05,WORST NEW,3",
                          "Z1,F1,2024-03-05,Worst pain score,2"),
                    mapping={"WORST OLD": "pain_nrs_worst", "WORST NEW": "pain_nrs_worst"})
    assert [row[3] for row in scores(tables)] == [7.0, 3.0, 2.0]


@pytest.mark.parametrize("mapping", [{"R WORST PAIN": "pain_nrs_worst"}, {"R WORST PAIN TODAY": "dose"}])
def test_a_name_that_is_nowhere_or_is_no_score_is_refused(mapping):
    with pytest.raises(ValueError, match="No file has a column"):
        loaded(sheet(*WORST), mapping=mapping)


def test_a_plain_long_table_with_a_name_that_was_said():
    text = "patient_id,day,measure,value\nP1,0,PHQ-9,20\nP1,0,Our pain,10\n"
    tables = loaded(text, mapping={"Our pain": "pain_nrs_worst"})
    assert [row[1:2] + row[3:] for row in scores(tables)] == [("pain_nrs_worst", 10.0), ("phq9", 20.0)]
