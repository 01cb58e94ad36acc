"""Lists of appointments that hold scores too; scores called pre and post in tables of dated rows."""

from __future__ import annotations

import pytest

from analytics.definitions.tables import date_of
from tests.ingest.files import codes, finding, loaded, place, scores

HEAD = "client_id,date,Appointment Type,Status,phq9\n"
LIST = HEAD + """P1,2024-01-01,Intake,Kept,20
P1,2024-01-03,Ketamine Infusion,Kept,
P1,2024-01-05,Ketamine Infusion,Kept,15
P1,2024-01-08,Ketamine Infusion,Cancelled,
P1,2024-01-09,Infusion follow-up,Kept,
P1,2024-02-01,Follow-up,Kept,9
"""
DATES = ["2024-01-03", "2024-01-05"]


def days(tables):
    return [date_of(day).isoformat() for day in tables.sessions["day"].tolist()]


def test_rows_whose_type_is_a_treatment_are_sessions_and_may_hold_a_score():
    tables = loaded(LIST)
    assert days(tables) == DATES
    assert [row[3] for row in scores(tables)] == [20.0, 15.0, 9.0]
    assert finding(tables, "events_not_held").rows == (5,)
    assert finding(tables, "events_are_sessions").rows == (3, 4, 5)
    used = next(use for use in tables.columns if use.column == "Appointment Type")
    assert (used.field, used.confidence) == ("record_type", "likely")


def test_the_same_by_a_persons_word():
    assert days(loaded(LIST, mapping={"Appointment Type": "record_type"})) == DATES
    assert days(loaded(LIST, mapping={"Appointment Type": "record_type[sessions intake]"})) == ["2024-01-01"]
    assert days(loaded(LIST, mapping={"Appointment Type": "record_type[sessions none]"})) == []
    assert days(loaded(LIST, mapping={"Appointment Type": "attribute"})) == []
    with pytest.raises(ValueError, match="cannot stand in brackets"):
        loaded(LIST, mapping={"Appointment Type": "record_type[visits intake]"})


def test_types_that_mean_one_thing_here_and_another_there_are_asked_about():
    text = LIST.replace("Kept,15", "Kept,15\nP1,2024-01-06,KAP,Kept,")
    tables = loaded(text)
    one = finding(tables, "appointment_types_asked")
    assert place(one) == ("note", "scores.csv", "Appointment Type", ())
    assert [words for _, words in one.choices] == [
        "record_type[sessions infusion ketamine]", "record_type[sessions infusion ketamine kap]",
        "record_type[sessions none]"]
    assert days(tables) == []
    assert len(scores(tables)) == 3
    for (_, words), n_sessions in zip(one.choices, (3, 4, 0), strict=True):
        assert len(loaded(text, mapping={"Appointment Type": words}).sessions) == n_sessions


def test_no_appointment_is_a_session_where_no_type_is_a_treatment_or_sessions_are_elsewhere():
    plain = LIST.replace("Ketamine Infusion", "Call").replace("Infusion follow-up", "Call")
    assert len(loaded(plain).sessions) == 0
    treated = "client_id,treated_on,dose\nP1,2024-01-03,40\n"
    tables = loaded(LIST, treated)
    assert days(tables) == ["2024-01-03"]
    assert "events_are_sessions" not in codes(tables)


def test_a_list_without_scores_makes_sessions_of_treatments_alone():
    bare = "\n".join(",".join(line.split(",")[:4]) for line in LIST.splitlines()) + "\n"
    assert days(loaded(bare)) == DATES
    beside = loaded(bare, "client_id,treated_on,dose\nP1,2024-01-03,40\n")
    assert days(beside) == ["2024-01-03"]
    assert finding(beside, "appointment_types_asked").file == "scores.csv"


def test_visits_called_after_infusions_are_asked_about():
    text = "patient_id,date,visit,phq9\nP1,2024-01-01,Baseline,20\nP1,2024-01-03,Infusion 1,\nP1,2024-02-01,FU,9\n"
    one = finding(loaded(text), "appointment_types_asked")
    assert [words for _, words in one.choices] == ["record_type", "visit"]
    assert days(loaded(text)) == []
    assert days(loaded(text, mapping={"visit": "record_type"})) == ["2024-01-03"]
    assert "appointment_types_asked" not in codes(loaded(text, mapping={"visit": "visit"}))
    assert "appointment_types_asked" not in codes(loaded(text.replace("Infusion 1", "Visit 1")))


PAIRS = "patient_id,date,pre_phq9,post_phq9\nP1,2024-01-03,20,15\nP1,2024-01-05,14,10\n"


def test_scores_before_and_after_in_rows_with_dates_are_asked_about():
    tables = loaded(PAIRS)
    asked = [one for one in tables.findings if one.code == "column_ambiguous"]
    assert [(one.column, one.choices[0][1], one.choices[1][1]) for one in asked] == [
        ("pre_phq9", "phq9[before]", "phq9@pre"), ("post_phq9", "phq9[after]", "phq9@post")]
    assert len(tables.sessions) == 0
    told = loaded(PAIRS, mapping={"pre_phq9": "phq9[before]", "post_phq9": "phq9[after]"})
    assert sorted(told.assessments["timing"].astype(str)) == ["after", "after", "before", "before"]


def test_one_row_a_patient_is_a_wide_table_unless_sessions_are_elsewhere():
    single = PAIRS.replace("P1,2024-01-05", "P2,2024-01-05")
    assert "column_ambiguous" not in codes(loaded(single))
    assert "column_ambiguous" in codes(loaded(single, "patient_id,treated_on,dose\nP1,2024-01-03,40\n"))
