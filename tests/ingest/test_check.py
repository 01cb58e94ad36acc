"""Rows against each other."""

from __future__ import annotations

from tests.ingest.files import codes, finding, loaded, place, scores


def test_exact_repetitions_are_used_once_across_files_too():
    one = "patient_id,day,phq9\nP1,0,20\nP1,28,9\nP1,0,20\n"
    tables = loaded(one, "patient_id,phq9,day\nP1,20,0\nP2,18,0\n")
    assert scores(tables) == [("P1", "phq9", 0, 20.0), ("P1", "phq9", 28, 9.0), ("P2", "phq9", 0, 18.0)]
    found = {one.file: (one.severity, one.rows) for one in tables.findings if one.code == "duplicate_row"}
    assert found == {"scores.csv": ("drops_rows", (4,)), "file2.csv": ("drops_rows", (2,))}
    assert [(record.rows, record.rows_used) for record in tables.files] == [(3, 2), (2, 1)]


def test_two_scores_of_one_day_are_kept_and_noted():
    tables = loaded("patient_id,day,phq9\nP1,0,20\nP1,0,19\nP2,0,18\n")
    assert len(scores(tables)) == 3
    assert place(finding(tables, "same_day_scores")) == ("note", "scores.csv", None, (2, 3))


def test_scores_during_and_after_a_session_are_not_in_the_way():
    tables = loaded("patient_id,day,pain,timing\nP1,0,7,before\nP1,0,2,after\nP1,0,1,during\n")
    assert "same_day_scores" not in codes(tables)
    assert len(scores(tables)) == 3


def test_scores_of_different_courses_on_one_day_are_not_in_the_way():
    assert "same_day_scores" not in codes(loaded("patient_id,course_id,day,phq9\nP1,A,0,7\nP1,B,0,2\n"))


def test_the_same_score_twice_on_a_day_is_no_contradiction():
    text = "patient_id,{},time_of_day,phq9\nP1,{},08:00,20\nP1,{},09:00,20\nP1,{},08:00,9\nP1,{},09:00,9\n"
    for name, one, other in (("day", "0", "5"), ("visit", "pre", "post")):
        tables = loaded(text.format(name, one, one, other, other))
        assert len(scores(tables)) == 4
        assert "same_day_scores" not in codes(tables)


def test_two_scores_of_one_visit():
    tables = loaded("patient_id,visit,phq9\nP1,pre,20\nP1,Pre ,19\nP1,post,8\n")
    assert place(finding(tables, "same_day_scores")) == ("note", "scores.csv", None, (2, 3))
    assert tables.assessments["visit"].cat.categories.tolist() == ["Pre", "post"]


def test_sessions_of_one_day():
    tables = loaded("patient_id,day,dose_mg\nP1,0,40\nP1,0,40\nP1,3,40\nP1,3,45\n", "patient_id,day,phq9\nP1,-1,20\n")
    assert tables.sessions["dose"].tolist() == [40, 40, 45]
    assert place(finding(tables, "duplicate_row")) == ("drops_rows", "scores.csv", None, (3,))
    assert place(finding(tables, "same_day_sessions")) == ("note", "scores.csv", None, (4, 5))


def test_patients_in_one_table_only():
    tables = loaded("patient_id,day,phq9\nP1,0,20\nP2,0,18\nP2,28,9\n",
                    "patient_id,day,dose\nP1,0,40\nP3,3,40\nP3,0,40\nP4,0,40\n",
                    "patient_id,site\nP1,North\nP5,South\n")
    assert place(finding(tables, "sessions_without_scores")) == ("note", "file2.csv", None, (4, 5))
    assert finding(tables, "sessions_without_scores").problem.startswith("2 patients have sessions")
    assert place(finding(tables, "scores_without_sessions")) == ("note", "scores.csv", None, (3,))
    assert finding(tables, "scores_without_sessions").problem.startswith("1 patient has scores")
    assert place(finding(tables, "attributes_only")) == ("note", "file3.csv", None, (3,))
    assert tables.assessments["patient_id"].cat.categories.tolist() == ["P1", "P2", "P3", "P4", "P5"]


def test_scores_alone_are_no_problem():
    assert codes(loaded("patient_id,day,phq9\nP1,0,20\n")) == []


def test_a_course_id_no_session_has():
    tables = loaded("patient_id,course_id,day,phq9\nP1,A,0,20\nP1,B,28,9\nP2,A,0,11\nP1,,30,8\n",
                    "patient_id,course_id,day,dose\nP1,A,0,40\nP2,C,0,40\n")
    assert place(finding(tables, "course_id_unknown")) == ("note", "scores.csv", None, (3, 4))
    without = loaded("patient_id,course_id,day,phq9\nP1,A,0,20\n", "patient_id,day,dose\nP1,0,40\n")
    assert "course_id_unknown" not in codes(without)


def test_days_that_restart_are_refused_without_course_ids():
    tables = loaded("patient_id,day,dose\nP1,0,40\nP1,3,41\nP1,7,42\nP1,0,43\nP1,3,44\nP1,9,45\nP2,0,40\n")
    assert place(finding(tables, "days_restart")) == ("blocks", "scores.csv", None, (2, 3, 4, 5, 6, 7))
    assert tables.is_blocked


def test_a_sheet_of_sessions_given_twice_does_not_restart():
    lines = ["P1,0,40", "P1,3,40", "P1,7,40"]
    tables = loaded("patient_id,day,dose\n" + "\n".join(lines + lines) + "\n")
    assert "days_restart" not in codes(tables)
    assert len(tables.sessions) == 3


def test_one_day_with_two_sessions_does_not_restart():
    assert "days_restart" not in codes(loaded("patient_id,day,dose\nP1,0,40\nP1,0,20\nP1,3,40\n"))
    assert "days_restart" not in codes(loaded("patient_id,day,dose\nP1,0,1\nP1,3,1\nP1,3,2\nP1,5,1\nP1,5,2\n"))


def test_days_that_restart_with_a_course_id_on_every_row_are_fine():
    sessions = "patient_id,course_id,day,dose\nP1,A,0,40\nP1,A,21,40\nP1,B,0,40\nP1,B,20,41\n"
    assert "days_restart" not in codes(loaded(sessions, "patient_id,course_id,day,phq9\nP1,A,0,20\nP1,B,0,18\n"))
    refused = loaded(sessions, "patient_id,course_id,day,phq9\nP1,A,0,20\nP1,,0,18\n")
    assert place(finding(refused, "days_restart")) == ("blocks", "scores.csv", None, (2, 3, 4, 5))
    apart = loaded(sessions.replace("B,0,", "B,90,").replace("B,20,", "B,110,"),
                   "patient_id,course_id,day,phq9\nP1,,0,20\n")
    assert "days_restart" not in codes(apart)


def test_ranges_another_form_of_the_scale_uses():
    tables = loaded("patient_id,day,who5,vas,nrs,phq9\nP1,0,13,7,0.3,1\nP1,9,25,10,1,1\nP2,0,0,2,0,1\n")
    found = {one.column: one for one in tables.findings if one.code == "suspicious_range"}
    assert set(found) == {"who5", "vas", "nrs"}
    assert all(one.severity == "note" for one in found.values())
    assert '--map "who5=who5[0..25]"' in found["who5"].remedy
    assert '--map "vas=pain_vas[0..10]"' in found["vas"].remedy
    assert '--map "nrs=pain_nrs[0..1]"' in found["nrs"].remedy


def test_ranges_are_judged_over_all_columns_and_visits_together():
    wide = loaded("patient_id,vas_pre,vas_post\nP1,62,7\nP2,58,9\n")
    assert "suspicious_range" not in codes(wide)
    files = loaded("patient_id,day,who5\nP1,0,13\n", "patient_id,day,who5\nP2,0,48\n")
    assert "suspicious_range" not in codes(files)
    mapped = loaded("patient_id,day,who5\nP1,0,13\n", mapping={"who5": "who5[0..25]"})
    assert "suspicious_range" not in codes(mapped)


def test_a_scale_of_ten_that_runs_to_a_hundred():
    tables = loaded("patient_id,day,nrs\nP1,0,62\nP1,9,45\nP2,0,5\n")
    assert finding(tables, "out_of_range").rows == (2, 3)
    assert '--map "nrs=pain_nrs[0..100]"' in finding(tables, "suspicious_range").remedy
    typing_error = loaded("patient_id,day,nrs\nP1,0,62\nP1,9,4\nP2,0,5\n")
    assert "suspicious_range" not in codes(typing_error)


def test_a_pain_of_naught_and_one_is_no_other_scale():
    assert "suspicious_range" not in codes(loaded("patient_id,day,nrs\nP1,0,1\nP1,9,0\n"))


def test_naught_alone_and_a_typing_error_say_nothing_about_the_range():
    assert "suspicious_range" not in codes(loaded("patient_id,day,who5\nP1,0,0\nP1,9,0\n"))
    assert "suspicious_range" not in codes(loaded("patient_id,day,who5\nP1,0,13\nP1,9,400\nP2,9,12\n"))


def test_ranges_in_a_long_file():
    tables = loaded("patient_id,day,scale,score\nP1,0,who5,13\nP1,0,phq9,20\n")
    assert finding(tables, "suspicious_range").column is None


def test_codes_that_never_meet_are_told():
    scores_of = "patient_id,day,phq9\n1,0,20\n2,0,18\n"
    apart = loaded(scores_of, "patient_id,day,route\n01,0,IV\n02,0,IV\n")
    assert finding(apart, "no_patient_in_common").severity == "drops_rows"
    assert "no_patient_in_common" not in codes(loaded(scores_of, "patient_id,day,route\n1,0,IV\n02,0,IV\n"))


def test_a_file_that_another_holds_wholly_is_one_finding():
    older = "patient_id,day,phq9\nP1,0,20\nP2,0,18\n"
    newer = "patient_id,phq9,day\nP2,18,0\nP1,20,0\nP1,9,28\n"
    for first, second, name in ((older, newer, "scores.csv"), (newer, older, "file2.csv")):
        tables = loaded(first, second)
        assert place(finding(tables, "file_resent")) == ("drops_rows", name, None, (2, 3))
        assert "duplicate_row" not in codes(tables)
        assert len(scores(tables)) == 3
        assert {one.name: one.rows_used for one in tables.files}[name] == 0


def test_of_two_files_with_the_same_rows_the_later_is_left_out():
    tables = loaded("patient_id,day,phq9\nP1,0,20\nP2,0,18\n", "patient_id,phq9,day\nP2,18,0\nP1,20,0\n")
    assert place(finding(tables, "file_resent")) == ("drops_rows", "file2.csv", None, (2, 3))


def test_of_three_files_inside_each_other_one_is_used():
    tables = loaded("patient_id,day,phq9\nP1,0,20\n", "patient_id,phq9,day\nP1,20,0\n",
                    "phq9,patient_id,day\n20,P1,0\n")
    assert [one.file for one in tables.findings if one.code == "file_resent"] == ["file2.csv", "file3.csv"]
    assert len(scores(tables)) == 1


def test_a_file_with_one_row_of_its_own_is_not_re_sent():
    tables = loaded("patient_id,day,phq9\nP1,0,20\nP2,0,18\n", "patient_id,phq9,day\nP1,20,0\nP2,17,0\n")
    assert "file_resent" not in codes(tables)
    assert place(finding(tables, "duplicate_row")) == ("drops_rows", "file2.csv", None, (2,))


def test_a_file_with_sessions_of_its_own_is_not_re_sent():
    scored = "patient_id,day,phq9\nP1,-1,20\nP1,28,9\n"
    tables = loaded(scored, "patient_id,day,phq9,dose\nP1,-1,20,\nP1,28,9,\nP1,0,,40\n")
    assert finding(tables, "file_resent").file == "scores.csv"
    swapped = loaded("patient_id,day,phq9,dose\nP1,-1,20,\nP1,0,,40\n", scored)
    assert "file_resent" not in codes(swapped)
