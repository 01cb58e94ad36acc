"""Which scores of a session's day were before it: said, by the clock, by the header, or asked."""

from __future__ import annotations

import pytest

from tests.ingest.files import codes, finding, loaded, place

SESSIONS = "patient_id,treated_on,dose,minutes\nP1,2024-01-05T10:00,40,40\nP2,2024-01-05T10:00,40,\n"


def timings(tables) -> list[str | None]:
    rows = tables.assessments["timing"].astype("object")
    return [None if word != word else word for word in rows]


def scored(*times: str, patient: str = "P1") -> str:
    rows = "".join(f"{patient},2024-01-05T{time},{place + 3}\n" for place, time in enumerate(times))
    return f"patient_id,assessed_on,pain\n{rows}"


@pytest.mark.parametrize(("time", "timing"), [
    ("09:59", "before"), ("10:00", None), ("10:01", "during"), ("10:39", "during"), ("10:40", "after"),
    ("17:00", "after"),
])
def test_the_clock_tells_where_session_and_score_have_a_time(time, timing):
    assert timings(loaded(scored(time), SESSIONS)) == [timing]


def test_without_the_length_of_the_session_later_is_after():
    assert timings(loaded(scored("10:01", patient="P2"), SESSIONS)) == ["after"]


def test_the_clock_tells_nothing_without_a_time_on_another_day_or_beside_two_sessions():
    assert timings(loaded("patient_id,assessed_on,pain\nP1,2024-01-05,3\n", SESSIONS)) == [None]
    assert timings(loaded("patient_id,assessed_on,pain\nP1,2024-01-06T11:00,3\n", SESSIONS)) == [None]
    twice = SESSIONS + "P1,2024-01-05T15:00,40,40\n"
    assert timings(loaded(scored("17:00"), twice)) == [None]
    untimed = "patient_id,treated_on,dose\nP1,2024-01-05,40\n"
    assert timings(loaded(scored("17:00"), untimed)) == [None]


def test_a_word_wins_over_the_clock():
    text = "patient_id,assessed_on,pain,timing\nP1,2024-01-05T17:00,3,before\n"
    assert timings(loaded(text, SESSIONS)) == ["before"]


def test_a_separate_time_column_of_sessions_counts_too():
    sessions = "patient_id,treated_on,time,dose\nP1,2024-01-05,10:00,40\n"
    assert timings(loaded(scored("09:00", "11:00"), sessions)) == ["before", "after"]


@pytest.mark.parametrize(("header", "timing"), [
    ("pain_pre_infusion", "before"), ("Pain post infusion", "after"), ("pain during session", "during"),
    ("post-infusion pain", "after"), ("pain_before_injection", "before"),
])
def test_headers_that_say_when(header, timing):
    tables = loaded(f"patient_id,day,{header}\nP1,0,7\n")
    assert timings(tables) == [timing]
    assert {use.column: use.field for use in tables.columns}[header] == f"pain_nrs[{timing}]"


def test_pre_and_post_alone_are_visits():
    tables = loaded("patient_id,pain_pre,pain_post\nP1,7,4\n")
    assert timings(tables) == [None, None]
    assert list(tables.assessments["visit"].astype(str)) == ["pre", "post"]


def test_two_columns_of_one_row_before_and_after():
    tables = loaded("patient_id,day,pain_pre_infusion,pain_post_infusion\nP1,0,7,2\nP1,3,6,\n",
                    "patient_id,day,dose\nP1,0,40\nP1,3,40\n")
    rows = tables.assessments
    assert sorted(zip(rows["day"], rows["total"], timings(tables), strict=True)) == [
        (0, 2.0, "after"), (0, 7.0, "before"), (3, 6.0, "before")]
    assert "same_day_scores" not in codes(tables)


def test_a_person_says_when_a_column_was_filled():
    said = loaded("patient_id,day,a,b\nP1,0,7,2\n", mapping={"a": "pain_nrs[before]", "b": "pain_nrs[after]"})
    assert sorted(zip(said.assessments["total"], timings(said), strict=True)) == [(2.0, "after"), (7.0, "before")]
    by_date = loaded("patient_id,seen,pain\nP1,2024-01-05,7\n", mapping={"seen": "assessed_on[after]"})
    assert timings(by_date) == ["after"]


def test_two_scores_of_a_sessions_day_are_asked_about():
    sessions = "patient_id,day,dose\nP1,0,40\n"
    tables = loaded("patient_id,day,pain_x\nP1,0,7\nP2,0,5\n", "patient_id,day,pain_y\nP1,0,2\nP2,0,4\n", sessions,
                    mapping={"pain_x": "pain_nrs", "pain_y": "pain_nrs"})
    asked = [one for one in tables.findings if one.code == "same_day_timing_unknown"]
    assert [place(one) for one in asked] == [("note", "scores.csv", "pain_x", (2,)),
                                             ("note", "file2.csv", "pain_y", (2,))]
    assert [words for _, words in asked[0].choices] == ["pain_nrs[before]", "pain_nrs[after]"]
    one_column = finding(loaded("patient_id,day,pain\nP1,0,7\nP1,0,2\n", sessions), "same_day_timing_unknown")
    assert place(one_column) == ("note", "scores.csv", "pain", (2, 3))
    assert [words for _, words in one_column.choices] == ["pain_nrs[in order]", "pain_nrs[before]", "pain_nrs[after]"]


def test_the_order_of_the_rows_tells_before_from_after_where_a_person_says_so():
    scores = "patient_id,day,pain\nP1,0,7\nP1,0,2\nP1,1,6\nP1,1,5\nP2,0,8\nP3,0,4\nP3,0,9\nP3,0,3\n"
    sessions = "patient_id,day,dose\nP1,0,40\nP2,0,40\nP3,0,40\n"
    tables = loaded(scores, sessions, mapping={"pain": "pain_nrs[in order]"})
    rows = tables.assessments
    told = list(zip(rows["patient_id"].astype(str), rows["day"], rows["total"], timings(tables), strict=True))
    assert sorted(told, key=str) == sorted([
        ("P1", 0, 7.0, "before"), ("P1", 0, 2.0, "after"), ("P1", 1, 6.0, None), ("P1", 1, 5.0, None),
        ("P2", 0, 8.0, None), ("P3", 0, 4.0, "before"), ("P3", 0, 9.0, "after"), ("P3", 0, 3.0, "after")], key=str)
    assert "same_day_timing_unknown" not in codes(tables)


def test_the_order_is_said_of_one_column_and_not_of_another():
    tables = loaded("patient_id,day,pain,phq9\nP1,0,7,20\nP1,0,2,9\n", "patient_id,day,dose\nP1,0,40\n",
                    mapping={"pain": "pain_nrs[in order]"})
    rows = tables.assessments
    told = zip(rows["instrument"].astype(str), rows["total"], timings(tables), strict=True)
    assert sorted(told, key=str) == sorted([
        ("pain_nrs", 7.0, "before"), ("pain_nrs", 2.0, "after"), ("phq9", 20.0, None), ("phq9", 9.0, None)], key=str)


def test_the_order_of_rows_is_no_answer_for_an_item():
    with pytest.raises(ValueError, match="in order"):
        loaded("patient_id,day,a\nP1,0,1\n", mapping={"a": "phq9.1[in order]"})


@pytest.mark.parametrize(("scores", "sessions"), [
    ("P1,1,7,\nP1,1,2,\n", "P1,0,40\n"), ("P1,0,7,\nP1,0,7,\n", "P1,0,40\n"), ("P1,0,7,\nP1,0,2,after\n", "P1,0,40\n"),
    ("P1,0,7,\n", "P1,0,40\n"),
])
def test_no_question_off_a_session_day_for_one_score_or_with_a_timing(scores, sessions):
    tables = loaded(f"patient_id,day,pain,timing\n{scores}", f"patient_id,day,dose\n{sessions}")
    assert "same_day_timing_unknown" not in codes(tables)


def test_no_question_where_both_scores_have_a_time():
    tables = loaded(scored("08:00", "11:00"), "patient_id,treated_on,dose\nP1,2024-01-05,40\n")
    assert "same_day_timing_unknown" not in codes(tables)


def days_file(first: int, before: int) -> tuple[str, str]:
    patients = [f"P{number}" for number in range(4)]
    return ("patient_id,day,phq9\n" + "".join(f"{one},{before},20\n{one},14,9\n" for one in patients),
            "patient_id,day,dose\n" + "".join(f"{one},{first},40\n{one},4,40\n" for one in patients))


def test_days_that_start_at_one_are_asked_about_where_it_matters():
    tables = loaded(*days_file(1, -1))
    asked = [one for one in tables.findings if one.code == "days_from_one"]
    assert [place(one) for one in asked] == [("note", "scores.csv", "day", ()), ("note", "file2.csv", "day", ())]
    assert [words for _, words in asked[0].choices] == ["day", "day[from 1]"]
    assert tables.sessions["day"].tolist()[:2] == [1, 4]
    for text in (days_file(0, -1), days_file(1, 1), days_file(2, -1), days_file(1, 0)):
        assert "days_from_one" not in codes(loaded(*text))
    for words, days in (("day", [1, 4]), ("day[from 1]", [0, 3])):
        answered = loaded(*days_file(1, -1), mapping={"day": words})
        assert "days_from_one" not in codes(answered)
        assert answered.sessions["day"].tolist()[:2] == days
        assert sorted(set(answered.assessments["day"])) == [-1, 14 - (words != "day")]
