"""Answers as phrases, scores among words, and what a spreadsheet makes of them."""

from __future__ import annotations

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.ingest.answers import answer_in, is_excel_date, score_in
from tests.ingest.files import codes, finding, loaded, place, scores

PHQ9, GAD7, WHO5, VAS, NRS = (BUILT_IN[key] for key in ("phq9", "gad7", "who5", "pain_vas", "pain_nrs"))


@pytest.mark.parametrize(("text", "number"), [
    ("Not at all", 0), ("NOT AT ALL.", 0), ("not at all sure", 0), ("Several days", 1), ("several  days", 1),
    ("More than half the days", 2), ("More than half of the days", 2), ("over half the days", 2),
    ("Nearly every day", 3), ("nearly everyday", 3), ("Almost every day", 3), ("1 - Several days", 1),
    ("Several days (1)", 1), ("0=Not at all", 0), ("3, Nearly every day", 3), ("[2] More than half the days", 2),
    ("LA6568-5", 0), ("la6569-3", 1), ("LA6570-1", 2), ("LA6571-9", 3), ("LA6569-3 Several days", 1),
])
def test_phrases_of_phq_and_gad(text, number):
    assert answer_in(text, PHQ9) == answer_in(text, GAD7) == answer_in(text, BUILT_IN["phq8"]) == (number, "")


@pytest.mark.parametrize(("text", "number"), [
    ("All of the time", 5), ("Most of the time", 4), ("More than half of the time", 3),
    ("less than half the time", 2), ("Some of the time", 1), ("At no time", 0), ("5 - All of the time", 5),
])
def test_phrases_of_who5(text, number):
    assert answer_in(text, WHO5) == (number, "")


@pytest.mark.parametrize(("text", "code"), [
    ("2 - Several days", "answer_unclear"), ("Several days (1) (2)", "answer_unclear"),
    ("LA6568-5 Several days", "answer_unclear"), ("LA9999-9", "answer_unclear"), ("some days", "not_a_number"),
    ("Several days or more", "not_a_number"), ("1 - some days", "not_a_number"), ("1-Mar", "excel_date_damage"),
    ("2024-03-01", "excel_date_damage"), ("1-2", "not_a_number"), ("All of the time", "not_a_number"),
])
def test_answers_that_say_nothing_sure(text, code):
    assert answer_in(text, PHQ9) == (None, code)


@pytest.mark.parametrize(("text", "number"), [
    ("14 (moderate)", 14), ("moderate (14)", 14), ("PHQ-9: 14", 14), ("PHQ9 14", 14), ("PHQ 9 total score = 14", 14),
    ("phq-9 score: 14/27", 14), ("14/27", 14), ("14 / 27 (moderate)", 14), ("14 out of 27", 14), ("14 points", 14),
    ("14 pts.", 14), ("Moderately severe - 15", 15), ("Total: 7,5", 7.5), ("0 (none)", 0), ("*14", 14),
])
def test_a_score_among_words(text, number):
    assert score_in(text, PHQ9, 27) == (number, "number_in_text")


@pytest.mark.parametrize(("text", "code"), [
    ("10-14", "band_not_score"), ("10 - 14 (moderate)", "band_not_score"), ("15 to 19", "band_not_score"),
    ("20+", "band_not_score"), ("<5", "band_not_score"), ("9-May", "excel_date_damage"), ("May-9", "excel_date_damage"),
    ("5/9", "excel_date_damage"), ("09-May-2024", "excel_date_damage"), ("2024-05-09", "excel_date_damage"),
    ("14/21", "not_a_number"), ("14/27/3", "not_a_number"),
    ("14 days ago", "not_a_number"), ("not 14", "not_a_number"), ("14?", "not_a_number"), ("~14", "not_a_number"),
    ("14 16", "not_a_number"), ("item 9: 3", "not_a_number"), ("1,234 points", "not_a_number"),
    ("14 %", "not_a_number"),
    ("GAD-7: 14", "not_a_number"), ("moderate", "not_a_number"), ("PHQ-9", "not_a_number"), ("x14", "not_a_number"),
    ("14x", "not_a_number"), ("week 2: 14", "not_a_number"), ("see note", "not_a_number"), ("27/27/27", "not_a_number"),
])
def test_no_single_score_can_be_meant(text, code):
    assert score_in(text, PHQ9, 27) == (None, code)


def test_the_maximum_is_that_of_the_range_the_file_uses():
    assert score_in("13/25", WHO5, 25) == (13, "number_in_text")
    assert score_in("13/25", WHO5, 100) == (None, "not_a_number")
    assert score_in("52 %", WHO5, 100) == (52, "number_in_text")
    assert score_in("62 mm", VAS, 100) == (62, "number_in_text")
    assert score_in("6/10", NRS, 10) == (6, "number_in_text")
    assert score_in("no pain (0)", NRS, 10) == (0, "number_in_text")


@pytest.mark.parametrize("text", ["9-May", "May-9", "05-Sep", "5/9", "12/31", "9. Mai", "2024-09-05", "5 Sep 2024"])
def test_what_a_spreadsheet_makes_of_a_range(text):
    assert is_excel_date(text)


@pytest.mark.parametrize("text", ["5-9", "13/14", "0/5", "32/5", "Maybe 9 of them", "20240905", "9", "March"])
def test_what_is_no_such_date(text):
    assert not is_excel_date(text)


def test_items_in_words_give_the_same_totals_as_numbers():
    header = "patient_id,day," + ",".join(f"phq9_q{item}" for item in range(1, 10)) + "\n"
    phrases = ["Not at all", "Several days", "more than half the days", "Nearly every day"]
    answers = [0, 1, 2, 3, 0, 1, 2, 3, 1]
    in_numbers = loaded(f"{header}P1,0,{','.join(map(str, answers))}\n")
    in_words = loaded(f"{header}P1,0,{','.join(phrases[answer] for answer in answers)}\n")
    assert scores(in_words) == scores(in_numbers) == [("P1", "phq9", 0, 13.0)]
    assert codes(in_words) == []
    mixed = loaded(f"{header}P1,0,{','.join(phrases[answer] for answer in answers[:-1])},2 - Several days\n")
    assert place(finding(mixed, "answer_unclear")) == ("drops_rows", "scores.csv", "phq9_q9", (2,))


def test_scores_among_words_in_a_file_are_read_and_told():
    tables = loaded("patient_id,day,phq9\nP1,0,20\nP2,0,14 (moderate)\nP3,0,10-14\nP4,0,9-May\nP5,0,99 points\n")
    assert scores(tables) == [("P1", "phq9", 0, 20.0), ("P2", "phq9", 0, 14.0)]
    assert place(finding(tables, "number_in_text")) == ("note", "scores.csv", "phq9", (3,))
    assert place(finding(tables, "band_not_score")) == ("drops_rows", "scores.csv", "phq9", (4,))
    assert place(finding(tables, "excel_date_damage")) == ("drops_rows", "scores.csv", "phq9", (5,))
    assert place(finding(tables, "missing_code")) == ("note", "scores.csv", "phq9", (6,))


def test_scores_among_words_in_a_long_file():
    tables = loaded("patient_id,day,scale,score\nP1,0,PHQ-9,14/27\nP1,0,GAD-7,14/27\nP1,0,PHQ-8,12/24\n")
    assert scores(tables) == [("P1", "phq8", 0, 12.0), ("P1", "phq9", 0, 14.0)]


PHQ = "patient_id,day," + ",".join(f"phq9_q{item}" for item in range(1, 10))


def test_a_phq9_whose_item_9_is_always_empty_is_a_phq8():
    tables = loaded(f"{PHQ}\nP1,0,3,3,3,3,3,3,3,3,\nP2,0,1,1,1,1,0,0,0,0,NA\nP3,0,1,1,1,1,1,1,1,,\n")
    assert scores(tables) == [("P1", "phq8", 0, 24.0), ("P2", "phq8", 0, 4.0)]
    assert place(finding(tables, "read_as_phq8")) == ("note", "scores.csv", "phq9_q9", ())
    assert finding(tables, "too_few_items").rows == (4,)
    assert tables.assessments["self_harm_item"].isna().all()
    assert not tables.assessments["prorated"].any()


def test_one_answer_to_item_9_keeps_the_phq9():
    tables = loaded(f"{PHQ}\nP1,0,3,3,3,3,3,3,3,3,0\nP2,0,1,1,1,1,0,0,0,0,\n")
    assert [row[1:] for row in scores(tables)] == [("phq9", 0, 24.0), ("phq9", 0, 5.0)]
    assert "read_as_phq8" not in codes(tables)


def test_a_column_of_item_9_that_is_not_there_is_the_same_as_an_empty_one():
    header = PHQ.removesuffix(",phq9_q9")
    assert scores(loaded(f"{header}\nP1,0,3,3,3,3,3,3,3,3\n")) == [("P1", "phq8", 0, 24.0)]
    seven = loaded(f"{header.removesuffix(',phq9_q8')}\nP1,0,3,3,3,3,3,3,3\n")
    assert codes(seven) == ["item_columns_missing"]


def test_a_stored_total_that_counts_item_9_keeps_the_phq9():
    more = loaded(f"{PHQ},phq9_total\nP1,0,1,1,1,1,1,1,1,1,,9\nP2,0,1,1,1,1,1,1,1,1,,8\n")
    assert {row[1] for row in scores(more)} == {"phq9"}
    same = loaded(f"{PHQ},phq9_total\nP1,0,1,1,1,1,1,1,1,1,,8\nP2,0,,,,,,,,,,12\n")
    assert [row[1:] for row in scores(same)] == [("phq8", 0, 8.0), ("phq8", 0, 12.0)]
    alone = loaded(f"{PHQ},phq9_total\nP1,0,1,1,1,,1,1,1,1,,8\nP2,0,,,,,,,,,,12\n")
    assert {row[1] for row in scores(alone)} == {"phq9"}


def test_a_very_long_cell_is_no_score_no_answer_and_no_date_at_once():
    for text in ("1" * 100_000 + "x", "2024-01-05 10:00" + " " * 100_000 + "x", "14" + " " * 300 + "points"):
        assert score_in(text, PHQ9, 27) == answer_in(text, PHQ9) == (None, "not_a_number")
        assert not is_excel_date(text)
