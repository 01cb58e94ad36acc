"""Days, dates, visits; dates made relative; the last observed day."""

from __future__ import annotations

import datetime

import pytest

from analytics.ingest.visits import names_visit, ordered
from tests.ingest.files import codes, finding, loaded, place, scores

DATED = ("patient_id,assessed_on,phq9\nP1,2024-01-04,20\nP1,2024-02-05,9\nP2,2024-12-20,18\n",
         "patient_id,treated_on,dose\nP1,2024-01-05,40\nP1,2024-01-08,40\nP2,2024-12-28,40\nP2,2025-01-02,40\n")


def test_dates_win_where_every_row_has_one():
    tables = loaded("patient_id,day,date,phq9\nP1,0,2024-01-05,20\nP1,28,2024-02-02,9\n")
    assert tables.axis == "date"
    some = loaded("patient_id,day,date,phq9\nP1,0,2024-01-05,20\nP1,28,,9\n")
    assert some.axis == "day"
    assert [row[2] for row in scores(some)] == [0, 28]


def test_files_on_different_axes_are_refused():
    tables = loaded("patient_id,day,phq9\nP1,0,20\n", "patient_id,treated_on,dose\nP1,2024-01-05,40\n")
    assert place(finding(tables, "axes_differ")) == ("blocks", "file2.csv", None, ())
    assert finding(tables, "axes_differ").remedy.endswith("or visits.")
    visits = loaded("patient_id,visit,phq9\nP1,pre,20\n", "patient_id,day,dose\nP1,0,40\n")
    assert place(finding(visits, "axes_differ")) == ("blocks", "scores.csv", "visit", ())
    assert "; or say --map" in finding(visits, "axes_differ").remedy


def test_as_of_is_the_latest_date_or_as_given():
    assert loaded(*DATED).as_of == datetime.date(2025, 1, 2)
    assert loaded(*DATED, as_of=datetime.date(2024, 6, 30)).as_of == datetime.date(2024, 6, 30)
    assert loaded("patient_id,day,phq9\nP1,0,20\n", as_of=datetime.date(2024, 6, 30)).as_of is None


def test_relative_days_count_from_the_first_session():
    tables = loaded(*DATED, dates="relative")
    assert tables.axis == "day"
    assert tables.as_of is None
    assert scores(tables) == [("P1", "phq9", -1, 20.0), ("P1", "phq9", 31, 9.0), ("P2", "phq9", -8, 18.0)]
    assert tables.sessions["day"].tolist() == [0, 3, 0, 5]
    assert tables.observed_until.to_dict() == {"P1": 363, "P2": 5}
    years = tables.attributes[tables.attributes["name"] == "start_year"]
    assert years[["patient_id", "day", "value"]].astype(object).fillna("").values.tolist() == [
        ["P1", "", "2024"], ["P2", 0, "2024"], ["P2", 5, "2025"]]
    assert "not_due_unknown" not in codes(tables)
    assert not any("20240" in str(column.tolist()) for column in (tables.sessions["day"],))


def test_relative_days_take_the_as_of_day_and_the_files_own_last_day():
    tables = loaded(*DATED, "patient_id,observed_until\nP1,2024-03-01\nP2,\n", dates="relative",
                    as_of=datetime.date(2025, 6, 30))
    assert tables.observed_until.to_dict() == {"P1": 56, "P2": 184}


def test_a_start_year_in_the_file_is_kept():
    tables = loaded(*DATED, "patient_id,start_year\nP1,2019\nP2,2020\n", dates="relative")
    assert tables.attributes["value"].tolist() == ["2019", "2020"]


def test_relative_days_without_sessions_count_from_the_first_score():
    tables = loaded(DATED[0], dates="relative")
    assert scores(tables) == [("P1", "phq9", 0, 20.0), ("P1", "phq9", 32, 9.0), ("P2", "phq9", 0, 18.0)]


def test_relative_days_of_sessions_alone():
    tables = loaded(DATED[1], dates="relative")
    assert tables.sessions["day"].tolist() == [0, 3, 0, 5]
    assert tables.assessments.empty


def test_dates_is_keep_or_relative():
    with pytest.raises(ValueError, match="keep or relative"):
        loaded(DATED[0], dates="never")


def test_the_last_observed_day():
    sessions = "patient_id,day,dose\nP1,0,40\nP2,0,40\n"
    tables = loaded("patient_id,day,phq9\nP1,0,20\nP2,0,18\n", sessions,
                    "patient_id,observed_until_day,site\nP1,90,N\nP2,45,N\nP2,60,N\nP9,10,N\n")
    assert tables.observed_until.to_dict() == {"P1": 90, "P2": 45, "P9": 10}
    assert tables.observed_until.dtype == "Int32"
    assert place(finding(tables, "observed_until_disagrees")) == ("note", "file3.csv", None, (3, 4))
    without = loaded("patient_id,day,phq9\nP1,0,20\nP2,0,18\n", sessions)
    assert place(finding(without, "not_due_unknown")) == ("note", None, None, ())
    assert without.observed_until.empty


def test_a_last_observed_day_in_another_form_is_not_used():
    tables = loaded("patient_id,day,phq9,observed_until\nP1,0,20,2024-01-01\n")
    assert place(finding(tables, "observed_until_not_used")) == ("note", "scores.csv", None, ())
    assert tables.observed_until.empty


def test_planned_sessions_from_a_file_of_patients():
    tables = loaded("patient_id,day,phq9\nP1,0,20\n",
                    "patient_id,course_id,day,dose\nP1,A,0,40\nP1,B,90,40\nP2,,0,40\n",
                    "patient_id,course_id,planned_sessions\nP1,A,6\nP1,B,8\nP2,,4\nP2,,6\n")
    assert tables.sessions["planned_sessions"].tolist() == [6, 8, 4]
    assert place(finding(tables, "planned_sessions_disagree")) == ("note", "file3.csv", None, (4, 5))


@pytest.mark.parametrize(("labels", "expected"), [
    (["week 10", "week 2", "baseline"], ["baseline", "week 2", "week 10"]),
    (["3", "1", "10", "2"], ["1", "2", "3", "10"]),
    (["90 min", "4 h", "pre", "30 min"], ["pre", "30 min", "90 min", "4 h"]),
    (["month 1", "week 2", "day 3", "1 year"], ["day 3", "week 2", "month 1", "1 year"]),
    (["follow-up 2", "post", "Screening", "follow-up 1", "BL"],
     ["Screening", "BL", "post", "follow-up 1", "follow-up 2"]),
    (["V3", "V1", "V2"], ["V1", "V2", "V3"]),
    (["Week 10 visit", "visit week 2", "Baseline visit"], ["Baseline visit", "visit week 2", "Week 10 visit"]),
    (["post", "pre"], ["pre", "post"]),
    (["fu 6 months", "endpoint", "fu 3 months", "intake", "w4"],
     ["intake", "w4", "endpoint", "fu 3 months", "fu 6 months"]),
    (["Week 2 (arm 1)", "Baseline (arm 1)"], ["Baseline (arm 1)", "Week 2 (arm 1)"]), (["red"], ["red"]), ([], []),
    (["baseline_arm_1", "followup_arm_1"], ["baseline_arm_1", "followup_arm_1"]),
    (["week 2", "visit 3"], None), (["2", "week 3"], None), (["baseline", "pre"], None), (["red", "blue"], None),
    (["week 1", "7 days"], None), (["week 1 of 2", "week 3 of 4"], None), (["preop", "postop"], None),
    (["week day 3", "week day 5"], None), (["3 red", "4 blue"], None), (["3 red", "4 red"], None),
])
def test_the_order_of_visits(labels, expected):
    found = ordered(labels)
    assert (None if found is None else list(found)) == expected


@pytest.mark.parametrize("text", ["baseline", "week4", "w4", "post", "30 min", "Follow-up", "follow up 3",
                                  "visit 2", "month_6", "week 4 visit", "at baseline"])
def test_words_that_name_a_visit(text):
    assert names_visit(text)


@pytest.mark.parametrize("text", ["location", "severity", "", "4", "complete",
                                  "left knee at week 4 after a fall", "ward 3"])
def test_words_that_name_no_visit(text):
    assert not names_visit(text)


def test_an_order_that_cannot_be_told_is_asked_for():
    tables = loaded("patient_id,visit,phq9\nP1,red,20\nP1,blue,9\n")
    assert not tables.is_visit_order_known
    assert not tables.assessments["visit"].cat.ordered
    assert place(finding(tables, "visit_order_unknown")) == ("note", None, None, ())
    assert "--set baseline_visit=" in finding(tables, "visit_order_unknown").remedy
    with_days = loaded("patient_id,visit,day,phq9\nP1,red,0,20\nP1,blue,3,9\n")
    assert with_days.is_visit_order_known
    assert "visit_order_unknown" not in codes(with_days)


def test_sessions_without_days_cannot_be_placed():
    tables = loaded("patient_id,visit,phq9,dose\nP1,pre,20,40\nP1,post,9,\n")
    assert tables.sessions.empty
    assert place(finding(tables, "day_missing")) == ("drops_rows", "scores.csv", None, (2,))
    assert finding(tables, "day_missing").problem == "1 row has a session and no day or date."
    assert len(scores(tables)) == 2


def test_a_day_that_is_missing_is_called_what_the_files_have():
    for name, value in (("day", "0"), ("assessed_on", "2024-01-05"), ("visit", "pre")):
        tables = loaded(f"patient_id,{name},phq9\nP1,{value},20\nP2,,18\n")
        axis = {"assessed_on": "date"}.get(name, name)
        assert finding(tables, "day_missing").problem == f"1 row has a score and no {axis}."


def test_labels_that_say_the_same_are_one_visit():
    tables = loaded("patient_id,phq9_baseline,phq9_week4,gad7_baseline,gad7_wk4\nP1,20,9,15,4\n")
    assert tables.is_visit_order_known
    assert list(tables.assessments["visit"].cat.categories) == ["baseline", "week4"]
