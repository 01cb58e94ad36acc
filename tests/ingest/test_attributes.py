"""Attributes: one row a value, contradictions left out."""

from __future__ import annotations

import pandas as pd

from tests.ingest.files import codes, finding, loaded, place

SCORES = "patient_id,day,phq9\nP1,0,20\nP2,0,18\nP3,0,17\n"


def values(tables) -> list[tuple]:
    rows = tables.attributes[["patient_id", "course_id", "day", "name", "value"]]
    return sorted((tuple(None if pd.isna(cell) else cell for cell in row) for row in rows.itertuples(index=False)),
                  key=str)


def test_a_value_that_never_varies_is_one_row_without_a_day():
    tables = loaded("patient_id,day,phq9,site\nP1,0,20,North\nP1,28,9,North\nP2,0,18,\n",
                    "patient_id,site\nP1,North\nP2,South\n")
    assert values(tables) == [("P1", None, None, "site", "North"), ("P2", None, None, "site", "South")]


def test_a_value_that_varies_keeps_its_days():
    tables = loaded("patient_id,day,dose,site\nP1,0,40,North\nP1,3,40,North\nP1,90,40,South\n", SCORES)
    assert sorted(values(tables), key=lambda row: row[2]) == [
        ("P1", None, 0, "site", "North"), ("P1", None, 3, "site", "North"), ("P1", None, 90, "site", "South")]


def test_a_value_that_varies_between_courses_keeps_its_course():
    tables = loaded("patient_id,course_id,indication\nP1,A,CRPS\nP1,B,depression\nP2,A,PTSD\n", SCORES)
    assert values(tables) == [("P1", "A", None, "indication", "CRPS"), ("P1", "B", None, "indication", "depression"),
                              ("P2", None, None, "indication", "PTSD")]


def test_two_values_without_days_contradict_and_none_is_kept():
    tables = loaded(SCORES, "patient_id,site,sex\nP1,North,f\nP1,South,f\nP2,South,m\n")
    assert values(tables) == [("P1", None, None, "sex", "f"), ("P2", None, None, "sex", "m"),
                              ("P2", None, None, "site", "South")]
    assert place(finding(tables, "attribute_contradicts")) == ("drops_rows", "file2.csv", "site", (2, 3))


def test_two_values_of_one_day_contradict():
    tables = loaded("patient_id,day,phq9,gad7,site\nP1,0,20,,North\nP1,0,,12,South\nP1,5,9,,South\n")
    assert values(tables) == [("P1", None, 5, "site", "South")]
    assert place(finding(tables, "attribute_contradicts")) == ("drops_rows", "scores.csv", "site", (2, 3))


def test_words_for_nothing_are_no_value_and_none_is_one():
    tables = loaded(SCORES, "patient_id,insurance\nP1,NA\nP2,none\nP3,unknown\n")
    assert values(tables) == [("P2", None, None, "insurance", "none"), ("P3", None, None, "insurance", "unknown")]


def test_headers_are_kept_as_they_stand():
    tables = loaded("patient_id,day,phq9,Site / Clinic ,site\nP1,0,20,North,a\n", attributes=["Site / Clinic"])
    assert tables.attribute_names == ("Site / Clinic", "site")


def test_the_name_of_a_known_attribute_that_comes_twice_stays_two():
    tables = loaded("patient_id,day,phq9,Site\nP1,0,20,North\n", "patient_id,day,gad7,site\nP1,0,20,South\n")
    assert tables.attribute_names == ("Site", "site")
    assert "attribute_contradicts" not in codes(tables)


def test_the_day_of_a_row_with_a_session_and_a_score():
    tables = loaded("patient_id,treated_on,survey_date,dose,phq9,site\n"
                    "P1,2024-01-05,2024-01-04,40,20,North\nP1,soon,2024-02-04,,9,South\n")
    assert [row[2] for row in values(tables)] == [19727, 19757]


def test_ages_and_sentences_are_never_taken_by_themselves():
    rows = "".join(f"P{n},0,20,{60 + n % 3},{'ab'[n % 2]}\n" for n in range(12))
    assert loaded(f"patient_id,day,phq9,age,notes\n{rows}").attribute_names == ()


def test_a_date_as_attribute_only_by_mapping():
    text = "patient_id,day,phq9,referred\nP1,0,20,2024-01-05\nP2,0,18,2024-01-05\n"
    assert loaded(text).attribute_names == ()
    assert loaded(text, mapping={"referred": "attribute"}).attribute_names == ("referred",)
