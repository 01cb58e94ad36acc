"""Relational exports: what an id says is put beside the rows that carry it, where it is certain."""

from __future__ import annotations

from analytics.ingest.load import load
from tests.ingest.files import codes, finding, place, scores, source

EVENTS = """event_id,patient_id,event_type,date,clinician,status
E1,P1,Intake,2024-01-02,C1,done
E2,P1,IV Ketamine infusion,2024-01-05,C1,done
E3,P2,IV Ketamine infusion,2024-01-06,C2,Cancelled
E4,P1,Follow-up call,2024-02-05,C1,done
E5,P2,Spravato,2024-02-06,C1,done
"""
SURVEYS = "survey_response_id,event_id,survey_name,total_score\nS1,E1,PHQ-9,20\nS2,E4,PHQ-9,9\nS3,E4,GAD-7,8\n"


def read(mapping=None, **texts: str):
    return load([source(text, f"{name}.csv") for name, text in texts.items()], mapping=mapping)


def days(tables) -> list[tuple]:
    first = 19724  # 2024-01-02
    return [(patient, key, day - first, total) for patient, key, day, total in scores(tables)]


def test_an_id_gives_patient_and_date():
    tables = read(events=EVENTS, surveys=SURVEYS)
    assert days(tables) == [("P1", "gad7", 34, 8.0), ("P1", "phq9", 0, 20.0), ("P1", "phq9", 34, 9.0)]
    assert tables.assessments["file_row"].tolist() == [2, 3, 4]
    one = finding(tables, "joined_by_id")
    assert place(one) == ("note", "surveys.csv", "event_id", ())
    assert "events.csv" in one.problem
    assert "patient_id, date, clinician" in one.problem


def test_only_treatments_among_events_are_sessions():
    tables = read(events=EVENTS, surveys=SURVEYS)
    assert list(zip(tables.sessions["patient_id"], tables.sessions["file_row"], strict=True)) == [("P1", 3), ("P2", 6)]
    assert finding(tables, "events_not_held").rows == (4,)
    assert finding(tables, "events_are_sessions").rows == (3, 6)


def test_treatments_of_their_own_table_are_the_sessions():
    tables = read(events=EVENTS, surveys=SURVEYS, treatments="event_id,dose_mg,route\nE2,40,IV\n")
    assert tables.sessions[["dose", "file_row"]].to_numpy().tolist() == [[40.0, 2]]
    assert tables.sessions["day"].tolist() == [19727]
    assert "events_are_sessions" not in codes(tables)
    assert place(finding(tables, "dates_not_sessions")) == ("note", "events.csv", "date", ())


def test_events_of_which_nothing_says_what_they_are_are_asked_about():
    bare = "event_id,patient_id,date\nE1,P1,2024-01-02\nE4,P1,2024-02-05\n"
    tables = read(events=bare, surveys=SURVEYS)
    assert tables.sessions.empty
    assert [words for _, words in finding(tables, "events_open").choices] == ["treated_on", "assessed_on"]
    assert len(read({"date": "treated_on"}, events=bare, surveys=SURVEYS).sessions) == 2
    told = read({"date": "assessed_on"}, events=bare, surveys=SURVEYS)
    assert told.sessions.empty
    assert len(told.assessments) == 3
    assert "events_open" not in codes(told)


def test_notes_and_lists_of_medicines_are_no_sessions():
    tables = read(events=EVENTS, surveys=SURVEYS,
                  notes="event_id,patient_id,date,note\nE1,P1,2024-01-02,long\n",
                  medications="patient_id,date,medication_name,dose,route\nP1,2024-01-01,Sertraline,50,oral\n"
                              "P1,2024-01-01,Zolpidem,5,oral\nP1,2024-01-01,Ketamine lozenge,100,oral\n")
    assert set(tables.sessions["file"]) == {"events.csv"}
    assert finding(tables, "not_treatments").file == "medications.csv"


def test_an_export_without_ids_of_events_keeps_its_sessions():
    tables = read(scores="patient_id,date,phq9\nP1,2024-01-02,20\n",
                  visits="patient_id,date\nP1,2024-01-05\nP1,2024-01-08\n")
    assert len(tables.sessions) == 2
    assert "dates_not_sessions" not in codes(tables)


def test_a_table_named_after_treatments_holds_sessions():
    bare = "event_id,patient_id,date\nE1,P1,2024-01-02\nE4,P1,2024-02-05\n"
    tables = read(infusions=bare, surveys=SURVEYS)
    assert len(tables.sessions) == 2
    assert "events_open" not in codes(tables)
    tables = read(events=EVENTS, surveys=SURVEYS, infusions="event_id,site\nE2,North\n")
    assert list(tables.sessions["file"]) == ["infusions.csv"]


def many(n_lost: int) -> str:
    """A hundred scores of which some carry an id that is nowhere else."""
    rows = [f"S{place},E{(1, 2, 4, 5)[place % 4] if place >= n_lost else 900 + place},PHQ-9,{place % 27}"
            for place in range(100)]
    return "survey_response_id,event_id,survey_name,total_score\n" + "\n".join(rows) + "\n"


def test_nearly_all_ids_must_be_found():
    tables = read(events=EVENTS, surveys=many(5))
    assert len(tables.assessments) == 95
    assert finding(tables, "id_not_found").rows == (2, 3, 4, 5, 6)
    assert finding(tables, "id_not_found").severity == "drops_rows"
    tables = read(events=EVENTS, surveys=many(6))
    assert tables.assessments.empty
    assert "joined_by_id" not in codes(tables)
    assert tables.is_blocked


def test_an_id_that_is_no_unique_key_joins_nothing():
    tables = read(events=EVENTS.replace("E5", "E4"), surveys=SURVEYS)
    assert "joined_by_id" not in codes(tables)
    assert tables.assessments.empty


def test_rows_that_name_another_patient_get_nothing():
    tables = read(events=EVENTS, surveys="event_id,patient_id,phq9\nE1,P1,20\nE4,P2,9\nE5,P2,4\n")
    assert finding(tables, "joined_patient_differs").rows == (3,)
    assert finding(tables, "day_missing").rows == (3,)
    assert [row[3] for row in days(tables)] == [20.0, 4.0]


def test_a_date_of_its_own_is_kept():
    tables = read(events=EVENTS, surveys="event_id,completed_on,phq9\nE1,2024-01-03,20\nE4,2024-02-07,9\n")
    assert [(row[2], row[3]) for row in days(tables)] == [(1, 20.0), (36, 9.0)]


def test_two_tables_with_the_key_are_told_apart_by_their_names():
    other = EVENTS.replace("2024-02-05", "2024-02-09")
    tables = read(events=EVENTS, bookings=other, surveys=SURVEYS)
    assert ("P1", "phq9", 34, 9.0) in days(tables)
    tables = read(diary=EVENTS, bookings=other, surveys=SURVEYS)
    assert tables.assessments.empty


ANSWERS = "survey_response_id,question_number,answer\n" + "".join(
    f"{form},{item},{answer}\n" for form, answers in (("S1", (3, 2, 2, 2, 2, 2, 2, 2, 1)), ("S2", (1,) * 9))
    for item, answer in enumerate((*answers, 2), start=1))


def test_answers_one_a_row_through_two_ids():
    tables = read(events=EVENTS, surveys=SURVEYS, answers=ANSWERS)
    assert days(tables) == [("P1", "gad7", 34, 8.0), ("P1", "phq9", 0, 18.0), ("P1", "phq9", 34, 9.0)]
    assert place(finding(tables, "total_disagrees")) == ("drops_rows", "answers.csv", "phq9", (2,))
    assert place(finding(tables, "totals_beside_answers")) == ("note", "surveys.csv", "total_score", (2, 3))
    assert "2 rows answer" in finding(tables, "answers_not_used").problem
    assert tables.assessments["self_harm_item"].dropna().tolist() == [1, 1]
    answers = next(record for record in tables.files if record.name == "answers.csv")
    assert (answers.rows, answers.rows_used, answers.rows_blank) == (20, 18, 2)


def test_numbers_of_questions_from_zero():
    rows = "".join(f"S1,{item},{answer}\n" for item, answer in enumerate((3, 2, 2, 2, 2, 2, 2, 2, 1)))
    tables = read(events=EVENTS, surveys="survey_response_id,event_id,survey_name\nS1,E1,PHQ-9\n",
                  answers="survey_response_id,question_number,answer\n" + rows)
    assert days(tables) == [("P1", "phq9", 0, 18.0)]
    assert tables.assessments["self_harm_item"].tolist() == [1]


def test_answers_with_the_words_of_their_questions():
    words = ("Feeling nervous, anxious, or on edge", "Not being able to stop or control worrying",
             "Worrying too much about different things", "Trouble relaxing",
             "Being so restless that it is hard to sit still",
             "Becoming easily annoyed or irritable", "Feeling afraid, as if something awful might happen")
    rows = "".join(f'R1,P1,2024-01-02,"{text}",{place % 3}\n' for place, text in enumerate(words))
    tables = read(answers="response_id,patient_id,completed_on,question,answer\n" + rows)
    assert days(tables) == [("P1", "gad7", 0, 6.0)]


def test_patients_by_their_own_id():
    tables = read(patients="id,site\nP1,North\nP2,South\n", events=EVENTS, surveys=SURVEYS)
    assert "id_is_patient" in codes(tables)
    assert sorted(set(tables.attributes["value"]) & {"North", "South"}) == ["North", "South"]


def test_the_id_of_the_table_itself():
    tables = read(events=EVENTS.replace("event_id,", "id,", 1), surveys=SURVEYS)
    assert len(tables.assessments) == 3
