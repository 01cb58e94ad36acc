"""Forms whose headers are whole questions, as practice software exports them."""

from __future__ import annotations

import csv
import io

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.ingest.question_texts import matched_words, questions
from tests.ingest.files import codes, finding, loaded, place, scores
from tests.ingest.redcap_exports import ANSWERS, GAD7_WORDS, PHQ9_WORDS

WHO5_WORDS = ("I have felt cheerful and in good spirits", "I have felt calm and relaxed",
              "I have felt active and vigorous", "I woke up feeling fresh and rested",
              "My daily life has been filled with things that interest me")
LEAD = "Over the last 2 weeks, how often have you been bothered by any of the following problems? "


def form(headers, *rows) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([
        ["Client ID", "Client Name", "Date Submitted", "Form Name", *headers],
        *([code, "Zanzibar Quill", on, "Intake", *answers] for code, on, answers in rows)])
    return text.getvalue()


def fields(tables) -> dict[str, tuple[str | None, str]]:
    return {use.column: (use.field, use.confidence) for use in tables.columns}


def truncated(text: str) -> str:
    return text[:25].strip()


def listed(text: str) -> str:
    return LEAD + text


def numbered(text: str) -> str:
    return f"Q{text}" if text[0].isdigit() else f"3) {text}"


@pytest.mark.parametrize("worded", [str, truncated, listed, numbered, str.upper])
def test_answers_in_words_under_whole_questions_give_totals(worded):
    headers = [worded(text) for text in (*PHQ9_WORDS, *GAD7_WORDS)]
    tables = loaded(form(headers, ("C1", "2024-01-05", [ANSWERS[3]] * 9 + [ANSWERS[2]] * 7),
                         ("C2", "2024-01-06", [ANSWERS[1], *[ANSWERS[0]] * 8] + [ANSWERS[1]] * 7)))
    assert scores(tables) == [("C1", "gad7", 19727, 14.0), ("C1", "phq9", 19727, 27.0), ("C2", "gad7", 19728, 7.0),
                              ("C2", "phq9", 19728, 1.0)]
    assert {fields(tables)[header] for header in headers} == {
        *((f"phq9.{item}", "sure") for item in range(1, 10)), *((f"gad7.{item}", "sure") for item in range(1, 8))}
    assert "Client Name" in finding(tables, "identifier_not_read").problem


def test_answers_in_numbers_and_an_order_of_its_own_are_likely():
    headers = [PHQ9_WORDS[place] for place in (8, 0, 1, 2, 3, 4, 5, 6, 7)]
    tables = loaded(form(headers, ("C1", "2024-01-05", [3, 0, 0, 0, 0, 0, 0, 0, 0])))
    assert scores(tables) == [("C1", "phq9", 19727, 3.0)]
    assert tables.assessments["self_harm_item"].tolist() == [3]
    assert fields(tables)[PHQ9_WORDS[8]] == ("phq9.9", "likely")
    assert PHQ9_WORDS[8] in finding(tables, "columns_likely").problem


def test_well_being():
    tables = loaded(form(WHO5_WORDS, ("C1", "2024-01-05", [5, 4, 3, 2, 1])))
    assert scores(tables) == [("C1", "who5", 19727, 60.0)]


def test_the_question_how_difficult_is_no_item():
    difficult = "If you checked off any problems, how difficult have these problems made it for you to do your work?"
    tables = loaded(form([*PHQ9_WORDS, difficult], ("C1", "2024-01-05", [1] * 9 + ["Very difficult"]),
                         ("C2", "2024-01-05", [1] * 9 + ["Somewhat difficult"])))
    assert [row[3] for row in scores(tables)] == [9.0, 9.0]
    assert fields(tables)[difficult][0] in (None, "attribute")


def test_a_question_asked_twice_is_not_guessed():
    again = [f"After treatment: {text}" for text in PHQ9_WORDS]
    tables = loaded(form([*PHQ9_WORDS, *again], ("C1", "2024-01-05", [1] * 18)))
    assert scores(tables) == []
    found = [one for one in tables.findings if one.code == "column_ambiguous"]
    assert {one.column for one in found} == {*PHQ9_WORDS, *again}
    assert found[0].choices == (("item 1 of PHQ-9", "phq9.1"), ("not to be read", "ignore"))


def test_single_questions_are_any_forms():
    tables = loaded("patient_id,day,gad7,Feeling nervous or anxious,Trouble relaxing\nP1,0,12,1,2\nP2,0,11,2,3\n")
    assert [row[1] for row in scores(tables)] == ["gad7", "gad7"]
    assert {fields(tables)[header][0] for header in ("Feeling nervous or anxious", "Trouble relaxing")} & {
        "gad7.1", "gad7.4"} == set()


def test_half_a_form_is_told():
    tables = loaded(form(GAD7_WORDS[:5], ("C1", "2024-01-05", [1] * 5)))
    assert scores(tables) == []
    assert place(finding(tables, "item_columns_missing"))[:2] == ("drops_rows", "scores.csv")
    assert fields(tables)[GAD7_WORDS[0]] == ("gad7.1", "likely")


def test_questions_whose_cells_are_no_answers_are_not_read():
    tables = loaded(form(GAD7_WORDS, ("C1", "2024-01-05", [14, 15, 16, 17, 18, 19, 20])))
    assert scores(tables) == []
    assert "out_of_range" not in codes(tables)


def test_restless_is_item_5_of_one_and_item_8_of_the_other():
    eight = "Moving or speaking slowly, or being so fidgety or restless that you have been moving around a lot more"
    found = questions(matched_words([*PHQ9_WORDS[:7], eight, PHQ9_WORDS[8], *GAD7_WORDS]), BUILT_IN)
    assert (found[eight].key, found[eight].item) == ("phq9", 8)
    assert (found[GAD7_WORDS[4]].key, found[GAD7_WORDS[4]].item) == ("gad7", 5)
    assert all(question.is_whole_set for question in found.values())


def test_restless_of_a_form_that_lacks_a_question_is_not_taken_by_the_other():
    eight = "Moving or speaking slowly, or being so fidgety or restless that you have been moving around a lot more"
    found = questions(matched_words([*PHQ9_WORDS[1:7], eight, *GAD7_WORDS]), BUILT_IN)
    assert (found[eight].key, found[eight].item) == ("phq9", 8)
    assert sum(question.key == "gad7" for question in found.values()) == 7


def test_no_question_is_told_without_its_instrument():
    assert questions(matched_words(PHQ9_WORDS), {"gad7": BUILT_IN["gad7"]}) == {}


def test_headers_of_other_tables_are_no_questions():
    headers = ["patient id", "date of visit", "feeling", "activity", "general health", "trouble sleeping yes no"]
    assert questions(matched_words(headers), BUILT_IN) == {}


def test_the_first_eight_questions_alone_are_a_phq_8():
    tables = loaded(form(PHQ9_WORDS[:8], ("C1", "2024-01-05", [2] * 8)))
    assert scores(tables) == [("C1", "phq8", 19727, 16.0)]
