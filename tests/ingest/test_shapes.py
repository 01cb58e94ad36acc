"""Long, visit-wise, wide and mixed files; what was wrong with their rows."""

from __future__ import annotations

import pytest

from tests.ingest.files import codes, finding, loaded, place, scores


def test_wide_long_and_visit_wise_give_the_same_scores():
    long = loaded("""
        patient_id,visit,instrument,total
        P1,baseline,phq9,20
        P1,week 4,phq9,9
        P1,baseline,gad7,15
        P2,baseline,phq9,18""")
    visit_wise = loaded("""
        patient_id,visit,phq9,gad7
        P1,baseline,20,15
        P1,week 4,9,
        P2,baseline,18,
        P2,week 4,,""")
    wide = loaded("""
        patient_id,phq9_baseline,phq9_week 4,gad7_baseline
        P1,20,9,15
        P2,18,,""")
    mapped = loaded("""
        patient_id,a,b,c
        P1,20,9,15
        P2,18,,""", mapping={"a": "phq9@baseline", "b": "phq9@week 4", "c": "gad7@baseline"})
    assert scores(long) == scores(visit_wise) == scores(wide) == scores(mapped)
    for tables in (long, visit_wise, wide, mapped):
        assert tables.axis == "visit"
        assert tables.assessments["visit"].cat.categories.tolist() == ["baseline", "week 4"]
        assert tables.assessments["visit"].cat.ordered
        assert tables.is_visit_order_known


def test_the_order_of_rows_changes_nothing():
    lines = ["P1,0,20,IV", "P1,28,9,IV", "P2,0,18,IM", "P2,27,18,IM", "P2,27,17,IM"]
    one = loaded("patient_id,day,phq9,pathway\n" + "\n".join(lines) + "\n")
    other = loaded("patient_id,day,phq9,pathway\n" + "\n".join(reversed(lines)) + "\n")
    assert scores(one) == scores(other)
    assert codes(one) == codes(other)
    assert one.attributes[["patient_id", "name", "value"]].astype(str).sort_values("patient_id").values.tolist() == (
        other.attributes[["patient_id", "name", "value"]].astype(str).sort_values("patient_id").values.tolist())
    assert one.assessments["patient_id"].cat.categories.tolist() == ["P1", "P2"]


def test_a_wide_file_without_patients_counts_rows():
    tables = loaded("phq9_pre,phq9_post,arm\n20,9,a\n18,,b\n")
    assert scores(tables) == [("row 2", "phq9", "post", 9.0), ("row 2", "phq9", "pre", 20.0),
                              ("row 3", "phq9", "pre", 18.0)]
    assert place(finding(tables, "rows_as_patients")) == ("note", "scores.csv", None, ())
    assert tables.attributes["value"].tolist() == ["a", "b"]


def test_two_wide_files_without_patients_share_no_patient():
    tables = loaded("phq9_pre,phq9_post\n20,9\n", "gad7_pre,gad7_post\n12,8\n")
    assert len(tables.assessments["patient_id"].cat.categories) == 2


def test_a_value_repeated_on_a_patients_rows_is_one_score():
    text = """
        patient_id,visit,phq9,before
        P1,week 1,15,20
        P1,week 4,9,20
        P2,week 1,14,18
        P2,week 4,8,
        P3,week 1,13,17
        P3,week 4,7,16"""
    tables = loaded(text, mapping={"before": "phq9@baseline"})
    assert [row for row in scores(tables) if row[2] == "baseline"] == [
        ("P1", "phq9", "baseline", 20.0), ("P2", "phq9", "baseline", 18.0)]
    assert place(finding(tables, "repeated_value_disagrees")) == ("drops_rows", "scores.csv", "before", (6, 7))
    assert len(scores(tables)) == 8


def test_a_value_repeated_without_contradiction():
    tables = loaded("patient_id,visit,phq9,before\nP1,week 1,15,20\nP1,week 4,9,20\n",
                    mapping={"before": "phq9@baseline"})
    assert [row[2:] for row in scores(tables)] == [("baseline", 20.0), ("week 1", 15.0), ("week 4", 9.0)]
    assert codes(tables) == []


def test_attributes_of_a_wide_file_whose_visits_are_days():
    tables = loaded("patient_id,phq9_day 0,phq9_day28,site\nP1,20,9,North\nP2,18,,South\n")
    assert tables.attributes["value"].tolist() == ["North", "South"]
    assert len(scores(tables)) == 3


def test_days_and_dates_of_visits_in_a_wide_file():
    tables = loaded("patient_id,a,b,d0,d1\nP1,20,9,2024-01-05,2024-02-01\n", mapping={
        "a": "phq9@pre", "b": "phq9@post", "d0": "assessed_on@pre", "d1": "assessed_on@post"})
    assert tables.axis == "date"
    assert [row[2] for row in scores(tables)] == [19727, 19754]


def test_visits_called_by_their_day_are_days():
    tables = loaded("patient_id,phq9_day 0,phq9_day28\nP1,20,9\n")
    assert tables.axis == "day"
    assert [row[2] for row in scores(tables)] == [0, 28]
    visit_wise = loaded("patient_id,visit,phq9\nP1,Day 0,20\nP1,day 28,9\n")
    assert scores(visit_wise) == scores(tables)


def test_items_at_a_visit():
    mapping = {f"q{item}": f"gad7.{item}@pre" for item in range(1, 8)}
    tables = loaded("patient_id,q1,q2,q3,q4,q5,q6,q7\nP1,3,3,3,3,3,3,3\n", mapping=mapping)
    assert scores(tables) == [("P1", "gad7", "pre", 21.0)]


def test_the_range_a_file_uses_is_converted():
    tables = loaded("patient_id,day,vas,who\nP1,0,0.7,13\nP2,0,1,25\nP3,0,1.1,26\n",
                    mapping={"vas": "pain_vas[0..1]", "who": "who5[0..25]"})
    assert scores(tables) == [("P1", "pain_vas", 0, 70.0), ("P1", "who5", 0, 52.0), ("P2", "pain_vas", 0, 100.0),
                              ("P2", "who5", 0, 100.0)]
    found = {one.column: one for one in tables.findings if one.code == "out_of_range"}
    assert {column: one.rows for column, one in found.items()} == {"vas": (4,), "who": (4,)}
    assert "from 0 to 1 was expected" in found["vas"].problem


@pytest.mark.parametrize(("text", "total"), [("27", 27.0), ("0", 0.0), ("5,0", 5.0), (" 7 ", 7.0)])
def test_scores_within_the_range(text, total):
    assert scores(loaded(f"patient_id;day;phq9\nP1;0;{text}\n"))[0][3] == total


@pytest.mark.parametrize(("text", "code", "severity"), [
    ("28", "out_of_range", "drops_rows"), ("-1", "out_of_range", "drops_rows"), ("300", "out_of_range", "drops_rows"),
    ("twelve", "not_a_number", "drops_rows"), ("14 days ago", "not_a_number", "drops_rows"),
    ("inf", "not_a_number", "drops_rows"), ("99", "missing_code", "note"), ("-9", "missing_code", "note"),
])
def test_scores_that_cannot_be_used(text, code, severity):
    tables = loaded(f"patient_id,day,phq9\nP1,0,20\nP2,0,{text}\n")
    assert scores(tables) == [("P1", "phq9", 0, 20.0)]
    assert place(finding(tables, code)) == (severity, "scores.csv", "phq9", (3,))
    if severity == "drops_rows":
        assert "PHQ-9 total from 0 to 27 was expected" in finding(tables, code).problem


def test_fractional_totals_are_kept_and_noted_where_totals_are_whole():
    tables = loaded("patient_id,day,phq9,pain\nP1,0,20.5,6.5\n")
    assert [row[3] for row in scores(tables)] == [6.5, 20.5]
    assert place(finding(tables, "fractional_total")) == ("note", "scores.csv", "phq9", (2,))


def test_rows_without_patient_or_day():
    tables = loaded("patient_id,day,phq9\n,0,20\nP1,,20\nNA,0,11\nP2,3,18\nP3,,\n")
    assert place(finding(tables, "patient_missing")) == ("drops_rows", "scores.csv", "patient_id", (2, 4))
    assert place(finding(tables, "day_missing")) == ("drops_rows", "scores.csv", None, (3,))
    assert scores(tables) == [("P2", "phq9", 3, 18.0)]
    assert tables.files[0].rows_blank == 1


@pytest.mark.parametrize(("text", "code"), [
    ("31/02/2024", "not_a_date"), ("03/04/2024", "date_ambiguous"), ("yesterday", "not_a_date"),
    ("1889-01-01", "date_out_of_range"),
    ("2100-01-01", "date_out_of_range"),
])
def test_dates_that_cannot_be_used(text, code):
    tables = loaded(f"patient_id,assessed_on,phq9\nP1,2024-01-05,20\nP2,{text},18\n")
    assert scores(tables) == [("P1", "phq9", 19727, 20.0)]
    assert place(finding(tables, code)) == ("drops_rows", "scores.csv", "assessed_on", (3,))
    assert "day_missing" not in codes(tables)


@pytest.mark.parametrize("text", ["1.5", "soon", "40000"])
def test_days_that_cannot_be_used(text):
    tables = loaded(f"patient_id,day,phq9\nP1,0,20\nP2,{text},18\n")
    assert place(finding(tables, "not_a_day")) == ("drops_rows", "scores.csv", "day", (3,))
    assert len(scores(tables)) == 1


def test_a_column_called_day_that_holds_dates_is_one_of_dates():
    tables = loaded("patient_id,day,phq9\nP1,2024-01-05,20\nP1,2024-02-05,9\n")
    assert tables.axis == "date"


def test_the_time_of_a_date_is_kept():
    tables = loaded("patient_id,assessed_on,phq9\nP1,2024-01-05T08:30,20\nP1,2024-01-05 17:00,9\nP2,2024-01-05,3\n")
    assert tables.assessments["time"].tolist()[:2] == [510, 1020]
    assert tables.assessments["time"].isna().tolist() == [False, False, True]


def test_timing():
    tables = loaded("patient_id,day,pain,timing\nP1,0,7,pre\nP1,0,2,After infusion\nP1,1,5,\nP1,2,5,sometime\n")
    assert tables.assessments["timing"].astype("str").tolist()[:2] == ["before", "after"]
    assert tables.assessments["timing"].isna().tolist() == [False, False, True, True]
    assert place(finding(tables, "word_not_known")) == ("note", "scores.csv", "timing", (5,))


def test_one_file_with_scores_and_sessions():
    tables = loaded("""
        patient_id,day,phq9,dose_mg,route,site
        P1,-2,20,,,North
        P1,0,,40,iv,North
        P1,3,,40,I.V.,North
        P1,14,9,45,Intravenous,North
        P2,0,,,,South""")
    assert [row[2:] for row in scores(tables)] == [(-2, 20.0), (14, 9.0)]
    assert tables.sessions["day"].tolist() == [0, 3, 14]
    assert tables.sessions["dose"].tolist() == [40.0, 40.0, 45.0]
    assert tables.sessions["dose_unit"].astype("str").tolist() == ["mg"] * 3
    assert tables.sessions["route"].astype("str").tolist() == ["IV"] * 3
    assert tables.files[0].kind == "assessments and sessions"
    assert tables.files[0].rows_used == 5
    assert place(finding(tables, "attributes_only"))[:2] == ("note", "scores.csv")


def test_a_record_type_tells_scores_from_sessions():
    tables = loaded("""
        patient_id,record_type,date,phq9,dose
        P1,assessment,2024-01-04,20,0
        P1,Session,2024-01-05,,40
        P1,infusion,2024-01-08,,
        P1,score,2024-02-05,9,""")
    assert [row[3] for row in scores(tables)] == [20.0, 9.0]
    assert tables.sessions["day"].tolist() == [19727, 19730]


def test_a_record_type_may_hold_patients_too():
    tables = loaded("""
        patient_id,record_type,day,phq9,dose,sex
        P1,patient,,,,f
        P1,assessment,-1,20,,
        P1,session,0,,40,""")
    assert len(tables.sessions) == 1
    assert tables.attributes["value"].tolist() == ["f"]
    other = loaded("patient_id,record_type,day,phq9,dose\nP1,red,-1,20,\nP1,blue,0,,40\n")
    assert {use.column: use.field for use in other.columns}["record_type"] is None


def test_visits_called_by_their_day_beside_a_blank_one():
    tables = loaded("patient_id,visit,phq9\nP1,Day 0,20\nP1,,9\nP1,day 99999,9\n".replace("day 99999", "day 28"))
    assert [row[2] for row in scores(tables)] == [0, 28]
    assert finding(tables, "day_missing").rows == (3,)
    far = loaded("patient_id,visit,phq9\nP1,Day 0,20\nP1,day 99999,9\n")
    assert far.axis == "visit"


def test_general_dates_of_sessions():
    tables = loaded("patient_id,date,dose\nP1,2024-01-05,40\nP1,2024-01-08,40\n")
    assert tables.sessions["day"].tolist() == [19727, 19730]
    bare = loaded("patient_id,date,site\nP1,2024-01-05,North\nP1,2024-01-08,North\n")
    assert bare.sessions["day"].tolist() == [19727, 19730]


def test_scores_on_the_row_of_a_session_take_its_date():
    tables = loaded("patient_id,infusion_date,dose_mg,phq9\nP1,2024-01-05,40,20\nP1,2024-01-08,40,\n")
    assert scores(tables) == [("P1", "phq9", 19727, 20.0)]
    assert tables.sessions["day"].tolist() == [19727, 19730]


def test_dates_of_scores_and_sessions_in_one_row_stay_apart():
    tables = loaded("patient_id,session_date,survey_date,dose,phq9\nP1,2024-01-05,2024-01-04,40,20\n")
    assert scores(tables)[0][2] == 19726
    assert tables.sessions["day"].tolist() == [19727]


def test_dates_of_single_instruments():
    tables = loaded("patient_id,phq9_date,phq9,gad7_date,gad7\nP1,2024-01-05,20,2024-01-06,12\n")
    assert [(row[1], row[2]) for row in scores(tables)] == [("gad7", 19728), ("phq9", 19727)]
    alone = loaded("patient_id,phq9_date,phq9,gad7\nP1,2024-01-05,20,12\n")
    assert [(row[1], row[2]) for row in scores(alone)] == [("gad7", 19727), ("phq9", 19727)]


def test_a_file_of_sessions_and_every_kind_of_column():
    tables = loaded("patient_id,day,phq9\nP1,-1,20\n", """
        client_id,day,medication,route,dose,dose_unit,minutes,phase,planned_sessions,nausea,bp_systolic_pre,cadss,stopped_early
        P1,0,ketamine,intranasal,1.5,mg / kg,45,Induction,6,yes,120,14,no
        P1,3,esketamine,troche,56,MG,60,maint,6,0,180,,
        P1,7,ketamine,carrier pigeon,9000,drops,2000,later,1.5,perhaps,12,93,n""")
    rows = tables.sessions
    assert rows["drug"].astype("str").tolist() == ["ketamine", "esketamine", "ketamine"]
    assert rows["route"].astype("str").tolist() == ["nasal", "lozenge", "other"]
    assert rows["dose"].tolist()[:2] == [1.5, 56.0]
    assert rows["dose_unit"].astype("str").tolist()[:2] == ["mg/kg", "mg"]
    assert rows["phase"].astype("str").tolist()[:2] == ["induction", "maintenance"]
    assert rows["planned_sessions"].tolist()[:2] == [6, 6]
    assert rows["nausea"].tolist()[:2] == [True, False]
    assert rows["stopped_early"].isna().tolist() == [False, True, False]
    last = rows.iloc[2]
    assert last[["dose", "dose_unit", "minutes", "phase", "planned_sessions", "nausea", "systolic_before", "cadss_peak"]
                ].isna().all()
    found = {(one.column, one.code): (one.severity, one.rows) for one in tables.findings if one.file == "file2.csv"}
    assert found == {
        ("route", "word_not_known"): ("note", (4,)), ("dose", "out_of_range"): ("drops_rows", (4,)),
        ("dose_unit", "word_not_known"): ("note", (4,)), ("minutes", "out_of_range"): ("drops_rows", (4,)),
        ("phase", "word_not_known"): ("note", (4,)), ("planned_sessions", "out_of_range"): ("drops_rows", (4,)),
        ("nausea", "not_yes_no"): ("drops_rows", (4,)), ("bp_systolic_pre", "out_of_range"): ("drops_rows", (4,)),
        ("cadss", "out_of_range"): ("drops_rows", (4,)),
    }


def test_patient_codes_that_became_numbers_meet_again():
    tables = loaded("patient_id,day,phq9\n17.0,0,20\n18.0,0,19\n", "patient_id,day,dose\n17,0,40\n18,0,40\n")
    assert tables.sessions["patient_id"].cat.categories.tolist() == ["17", "18"]
    assert "sessions_without_scores" not in codes(tables)


def test_a_file_of_patients_with_a_date_has_no_sessions():
    tables = loaded("patient_id,day,phq9\nP1,0,20\nP2,0,18\n",
                    "patient_id,date,site\nP1,2024-01-05,North\nP2,2024-01-08,South\n")
    assert tables.sessions.empty
    assert place(finding(tables, "date_not_used")) == ("note", "file2.csv", "date", ())
    assert tables.axis == "day"
    assert [one.kind for one in tables.files] == ["assessments", "attributes"]


@pytest.mark.parametrize(("label", "day"), [
    ("Day -3", -3), ("day_-7", -7), ("Day-3", 3), ("Day 14", 14), ("DAY_28", 28), ("Day - 3", 3), ("Day --3", -3),
])
def test_the_sign_of_a_visit_that_is_a_day(label, day):
    assert scores(loaded(f"patient_id,visit,phq9\nP1,{label},20\n")) == [("P1", "phq9", day, 20.0)]
