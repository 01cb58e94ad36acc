"""Sessions in numbered columns, dates of visits beside their scores, and visits counted from the first session."""

from __future__ import annotations

import pytest

import analytics
from analytics.definitions.tables import date_of
from analytics.ingest.visits import day_from_first_session
from tests.ingest.files import codes, finding, loaded, place, scores


def days(tables):
    return sorted(zip(tables.sessions["patient_id"], on(tables, "sessions"), strict=True))


def on(tables, table):
    found = getattr(tables, table)["day"].tolist()
    return [str(day) if tables.axis == "day" else date_of(day).isoformat() for day in found]


@pytest.mark.parametrize(("one", "two"), [
    ("Infusion 1", "Infusion 2"), ("Session 1 date", "Session 2 date"), ("KET #1", "KET #2"), ("inf_01", "inf_02"),
    ("Date of infusion 1", "Date of infusion 2"), ("IV Ketamine 1", "IV Ketamine 2"), ("tx1_date", "tx2_date"),
])
def test_each_filled_cell_of_numbered_columns_is_a_session(one, two):
    tables = loaded(f"patient_id,{one},{two},dose\nP1,2024-01-03,2024-01-05,40\nP2,2024-01-04,,30\nP3,,,\n")
    assert days(tables) == [("P1", "2024-01-03"), ("P1", "2024-01-05"), ("P2", "2024-01-04")]
    assert "day_missing" not in codes(tables)
    assert sorted(tables.sessions["dose"]) == [30, 40, 40]
    assert {use.field for use in tables.columns if use.column in (one, two)} == {"treated_on@1", "treated_on@2"}
    assert finding(tables, "columns_likely").severity == "note"


@pytest.mark.parametrize("header", ["Infusion 1,Infusion one", "Infusion 1,Infusion 1 date", "Infusion 1,Visit 2"])
def test_columns_that_are_no_row_of_sessions_are_left(header):
    tables = loaded(f"patient_id,{header},phq9_pre\nP1,2024-01-03,2024-01-05,20\n")
    assert len(tables.sessions) == 0


def test_one_column_settles_the_order_of_dates_of_all():
    tables = loaded("patient_id,Infusion 1,Infusion 2\nP1,1/3/2024,1/25/2024\n")
    assert days(tables) == [("P1", "2024-01-03"), ("P1", "2024-01-25")]
    said = loaded("patient_id,Infusion 1,Infusion 2\nP1,1/3/2024,1/5/2024\n",
                  mapping={"Infusion 1": "treated_on[dmy]@1"})
    assert days(said) == [("P1", "2024-03-01"), ("P1", "2024-05-01")]


def test_days_are_read_where_the_name_says_so_and_asked_about_where_not():
    text = "patient_id,Infusion 1{0},Infusion 2{0},day,phq9\nP1,0,3,-2,20\n"
    assert days(loaded(text.format(" day"))) == [("P1", "0"), ("P1", "3")]
    tables = loaded(text.format(""))
    one = finding(tables, "session_columns_asked")
    assert place(one) == ("note", "scores.csv", "Infusion 1", ())
    assert [words for _, words in one.choices] == ["treated_on[days]@1", "ignore"]
    assert len(tables.sessions) == 0
    assert days(loaded(text.format(""), mapping={"Infusion 1": one.choices[0][1]})) == [("P1", "0"), ("P1", "3")]
    assert len(loaded(text.format("").replace("0,3", "0.5,0.7")).sessions) == 0
    assert "session_columns_asked" not in codes(loaded(text.format("").replace("0,3", "0.5,0.7")))


def test_the_date_of_a_visit_beside_its_score_places_it():
    tables = loaded("patient_id,Baseline PHQ-9,Baseline date,Post PHQ-9,Date of post,Start date\n"
                    "P1,20,2024-01-01,9,2024-02-01,2023-01-01\n")
    assert tables.axis == "date"
    assert sorted(on(tables, "assessments")) == ["2024-01-01", "2024-02-01"]


WEEKS = "patient_id,phq9@BL,phq9@W4,Infusion 1,Infusion 2\nP1,20,9,2024-01-03,2024-01-05\nP2,18,8,,\n".replace(
    "phq9@BL", "PHQ9 BL").replace("phq9@W4", "PHQ9 W4")


def test_visits_without_dates_beside_dated_sessions_are_asked_about():
    tables = loaded(WEEKS)
    one = finding(tables, "scores_without_dates")
    assert place(one) == ("note", "scores.csv", "PHQ9 BL", (2, 3))
    assert [words for _, words in one.choices] == ["phq9[from first session]@BL", "phq9[for all]@BL", "ignore"]
    told = loaded(WEEKS, mapping={"PHQ9 BL": one.choices[0][1]})
    assert sorted(on(told, "assessments")) == ["2024-01-03", "2024-01-31"]
    assert finding(told, "day_missing").rows == (3,)
    assert "scores_without_dates" not in codes(loaded("patient_id,PHQ9 BL,PHQ9 W4\nP1,20,9\n"))


SESSIONS = "patient_id,treated_on,dose\nP1,2024-01-05,40\nP1,2024-01-03,40\nP2,2024-02-05,40\n"


def test_days_without_dates_beside_dated_sessions_are_asked_about():
    text = "patient_id,day,phq9\nP1,-2,20\nP1,30,9\nP2,0,18\n"
    one = finding(loaded(text, SESSIONS), "scores_without_dates")
    assert [words for _, words in one.choices] == ["day[from first session]", "ignore"]
    told = loaded(text, SESSIONS, mapping={"day": "day[from first session]"})
    assert "axes_differ" not in codes(told)
    assert sorted(on(told, "assessments")) == [
        "2024-01-01", "2024-02-02", "2024-02-05"]
    left = loaded(text, SESSIONS, mapping={"day": "ignore"})
    assert not left.is_blocked and len(left.assessments) == 0 and len(left.sessions) == 3


def test_a_visit_without_a_day_in_its_name_does_not_count_from_the_first_session():
    text = "patient_id,visit,phq9\nP1,pre,20\nP1,post,9\n"
    one = finding(loaded(text, SESSIONS), "axes_differ")
    assert [words for _, words in one.choices] == ["visit[for all]", "ignore"]
    weeks = text.replace("post", "week 4")
    told = loaded(weeks, SESSIONS, mapping={"visit": "visit[from first session]"})
    assert sorted(on(told, "assessments")) == ["2024-01-03", "2024-01-31"]
    days_only = "patient_id,day,dose\nP1,5,40\nP1,3,40\n"
    placed = loaded(weeks, days_only, mapping={"visit": "visit[from first session]"})
    assert [row[2] for row in scores(placed)] == [3, 31]


def test_visits_place_all_scores_where_that_is_said_and_every_session_is_told():
    text = "patient_id,visit,phq9\nP1,pre,20\nP1,post,9\n"
    told = loaded(text, SESSIONS, mapping={"visit": "visit[for all]"})
    assert told.axis == "visit" and not told.is_blocked and told.sessions.empty
    assert [row[0] for row in scores(told)] == ["P1", "P1"]
    left = finding(told, "sessions_left_out")
    assert left.severity == "drops_rows" and left.rows == (2, 3, 4)
    assert [(one.kind, one.rows, one.rows_used) for one in told.files] == [("assessments", 2, 2), ("attributes", 3, 0)]
    assert len(analytics.outcomes(told).courses) == 1


def test_visits_of_a_wide_file_place_its_scores_beside_dates_of_sessions():
    text = "patient_id,PHQ9 pre,PHQ9 post,Infusion 1,Infusion 2\nP1,20,9,2024-01-03,2024-01-05\n"
    told = loaded(text, mapping={"PHQ9 pre": "phq9[for all]@pre"})
    assert told.axis == "visit" and len(told.assessments) == 2 and told.sessions.empty
    (one,) = told.files
    assert (one.kind, one.rows, one.rows_used, one.rows_blank) == ("assessments", 1, 1, 0)


def test_visits_for_all_are_not_offered_where_a_score_has_none():
    other = "patient_id,day,gad7\nP1,3,12\n"
    days = "patient_id,day,dose\nP1,5,40\nP1,3,40\n"
    tables = loaded("patient_id,visit,phq9\nP1,pre,20\nP1,post,9\n", days, other)
    assert [words for _, words in finding(tables, "axes_differ").choices] == ["ignore"]


def test_a_score_with_a_date_of_its_own_keeps_it():
    text = "patient_id,date,visit,phq9\nP1,2024-01-02,baseline,20\nP1,,week 4,9\n"
    told = loaded(text, SESSIONS, mapping={"visit": "visit[from first session]"})
    assert sorted(on(told, "assessments")) == ["2024-01-02", "2024-01-31"]


@pytest.mark.parametrize(("label", "day"), [
    ("Baseline", 0), ("screening", 0), ("Day 14", 14), ("W4", 28), ("week 0", 0), ("month 1", 30),
    ("follow-up week 8", 56), ("post", None), ("follow-up", None), ("visit 2", None), ("2 hours", None),
    ("24 hours", 1), ("odd", None),
])
def test_the_day_that_a_visits_name_says(label, day):
    assert day_from_first_session(label) == day
