"""Sessions that did not take place."""

from __future__ import annotations

from tests.ingest.files import codes, finding, loaded, place

SCORES = "patient_id,date,phq9\nP1,2024-01-01,20\nP1,2024-02-01,5\n"
SESSIONS = ("patient_id,infusion_date,dose_mg,Status\nP1,2024-01-02,40,Completed\nP1,2024-01-05,,No show\n"
            "P1,2024-01-09,40,Kept\nP1,2024-01-12,40,Cancelled by patient\n")


def test_sessions_that_were_cancelled_or_missed_are_none():
    tables = loaded(SCORES, SESSIONS)
    assert tables.sessions["dose"].tolist() == [40, 40]
    assert place(finding(tables, "events_not_held")) == ("note", "file2.csv", "Status", (3, 5))
    assert "column_not_used" not in codes(tables)


def test_every_session_counts_where_a_person_says_that_the_states_mean_nothing():
    tables = loaded(SCORES, SESSIONS, mapping={"Status": "ignore"})
    assert len(tables.sessions) == 4
    assert "events_not_held" not in codes(tables)


def test_a_score_in_a_row_of_a_session_that_was_not_held_stays():
    tables = loaded("patient_id,date,phq9,dose_mg,session_status\nP1,2024-01-01,20,40,done\n"
                    "P1,2024-01-05,9,40,no-show\n")
    assert len(tables.assessments) == 2
    assert len(tables.sessions) == 1


def test_a_table_of_sessions_without_a_day_asks_about_its_columns_of_dates():
    for header, values, words in (("started_at", ("2024-01-02T15:00:00Z", "2024-01-09T15:00:00Z"), "treated_on"),
                                  ("Session day", ("Day 0", "Day 7"), "day")):
        text = f"patient_id,dose_mg,{header},room\nP1,40,{values[0]},3\nP1,40,{values[1]},3\n"
        asked = finding(loaded(text), "session_day_asked")
        assert place(asked) == ("note", "scores.csv", header, ())
        assert asked.choices[0] == ("the day of the session", words)
        tables = loaded(text, mapping={header: words})
        assert len(tables.sessions) == 2
        assert "session_day_asked" not in codes(tables)
        assert "session_day_asked" not in codes(loaded(text, mapping={header: "ignore"}))


def test_no_question_where_no_column_could_be_the_day():
    assert "session_day_asked" not in codes(loaded("patient_id,dose_mg,room\nP1,40,3\n"))
