"""Patient codes that a spreadsheet damaged, that lost their zeros, or that are unique within a site only."""

from __future__ import annotations

import pytest

from tests.ingest.files import codes, finding, loaded, place, scores


@pytest.mark.parametrize("code", ["1.2E+11", "1.20E+11", "1,2E+11", "9E+15"])
def test_a_rounded_code_joins_nobody(code):
    tables = loaded(f'patient_id,day,phq9\n"{code}",0,20\n"{code}",9,12\nP2,0,18\n,0,4\n')
    assert scores(tables) == [("P2", "phq9", 0, 18.0)]
    assert place(finding(tables, "id_damaged")) == ("drops_rows", "scores.csv", "patient_id", (2, 3))
    assert place(finding(tables, "patient_missing"))[3] == (5,)
    assert tables.files[0].rows_blank == 0


@pytest.mark.parametrize("code", ["1E5", "2E10", "12E+11", "A1.2E+11", "120000000000"])
def test_a_code_that_only_looks_like_it_is_kept(code):
    assert codes(loaded(f"patient_id,day,phq9\n{code},0,20\n")) == []


def test_codes_that_lost_their_zeros_are_asked_about():
    one, other = "patient_id,day,phq9\n0012,0,20\n0034,0,18\n", "code,day,dose\n12,0,40\n34,0,40\n56,0,40\n"
    asked = finding(loaded(one, other, mapping={"code": "patient_id"}), "leading_zeros_differ")
    assert place(asked) == ("blocks", "scores.csv", "patient_id", ())
    assert [words for _, words in asked.choices] == ["patient_id[without zeros]", "patient_id"]
    joined = loaded(one, other, mapping={"code": "patient_id", "patient_id": "patient_id[without zeros]"})
    assert joined.assessments["patient_id"].cat.categories.tolist() == ["12", "34", "56"]
    assert "leading_zeros_differ" not in codes(joined)
    apart = loaded(one, other, mapping={"code": "patient_id", "patient_id": "patient_id"})
    assert "leading_zeros_differ" not in codes(apart)
    assert len(apart.assessments["patient_id"].cat.categories) == 5


@pytest.mark.parametrize(("one", "other"), [
    (("0012", "12"), ("12", "34")), (("0012", "0099"), ("12", "34")), (("0012",), ("0012", "34")),
    (("A012",), ("A12",)), (("12", "34"), ("12", "56")),
])
def test_no_question_where_zeros_explain_nothing(one, other):
    tables = loaded("patient_id,day,phq9\n" + "".join(f"{code},0,20\n" for code in one),
                    "patient_id,day,dose\n" + "".join(f"{code},0,40\n" for code in other))
    assert "leading_zeros_differ" not in codes(tables)


def test_a_code_of_naughts_stays_one():
    tables = loaded("patient_id,day,phq9\n000,0,20\n007,0,18\n", mapping={"patient_id": "patient_id[without zeros]"})
    assert tables.assessments["patient_id"].cat.categories.tolist() == ["0", "7"]


SITES = "patient_id,site,sex\n1,North,f\n2,North,m\n1,South,m\n2,South,f\n3,South,f\n"
SCORES = "patient_id,site,day,phq9\n1,North,0,20\n1,South,0,18\n3,South,0,9\n"


def test_codes_that_two_people_share_at_two_sites_are_asked_about():
    asked = finding(loaded(SCORES, SITES), "ids_per_site")
    assert place(asked) == ("blocks", "file2.csv", "patient_id", (2, 3, 4, 5))
    assert asked.problem.startswith("2 patient codes stand")
    assert [words for _, words in asked.choices] == ["patient_id[per site]", "patient_id"]
    assert "ids_per_site" not in codes(loaded(SCORES, SITES, mapping={"patient_id": "patient_id"}))


@pytest.mark.parametrize("text", [
    "patient_id,site,sex\n1,North,f\n1,South,f\n", "patient_id,site,sex\n1,North,f\n1,North,m\n1,South,f\n",
    "patient_id,site,sex\n1,North,f\n1,North,m\n", "patient_id,site,clinician\n1,North,a\n1,South,b\n",
    "patient_id,site,sex\n1,North,f\n1,South,\n",
])
def test_no_question_where_one_person_can_have_moved(text):
    assert "ids_per_site" not in codes(loaded("patient_id,day,phq9\n1,0,20\n", text))


def test_one_typing_error_among_many_who_moved_is_no_question():
    moved = "".join(f"{code},North,f\n{code},South,f\n" for code in range(1, 6))
    scored = "patient_id,day,phq9\n1,0,20\n"
    text = f"patient_id,site,sex\n{moved}9,North,f\n9,South,m\n"
    assert "ids_per_site" not in codes(loaded(scored, text))
    assert "ids_per_site" in codes(loaded(scored, text.replace("3,North,f\n3,South,f\n", "").replace(
        "4,North,f\n4,South,f\n", "")))


def test_site_and_code_make_the_patient_in_every_file():
    tables = loaded(SCORES, SITES, mapping={"patient_id": "patient_id[per site]"})
    assert tables.assessments["patient_id"].astype(str).tolist() == ["North 1", "South 1", "South 3"]
    assert codes(tables) == ["attributes_only"]
    sexes = tables.attributes[tables.attributes["name"] == "sex"]
    assert dict(zip(sexes["patient_id"].astype(str), sexes["value"], strict=True))["South 1"] == "m"


def test_a_file_or_a_row_without_site_is_told():
    tables = loaded(SCORES.replace("1,South", "1,"), "patient_id,day,dose\n1,0,40\n",
                    mapping={"patient_id": "patient_id[per site]"})
    assert place(finding(tables, "no_site_column")) == ("blocks", "file2.csv", "patient_id", ())
    assert place(finding(tables, "site_missing")) == ("drops_rows", "scores.csv", "site", (3,))


def test_codes_for_missing_that_a_person_names_are_blank_everywhere():
    text = "patient_id,day,phq9,route,site,dose\nP1,0,5,IV,0,40\nP2,99,6,5,99,40\n99,0,7,IV,1,40\n"
    tables = loaded(text, mapping={"patient_id": "patient_id[missing 99]", "day": "day[missing 98 99]",
                                   "phq9": "phq9[missing 6]", "route": "route[missing 5]",
                                   "site": "attribute[missing 99]"})
    assert scores(tables) == [("P1", "phq9", 0, 5.0)]
    assert place(finding(tables, "patient_missing"))[3] == (4,)
    assert tables.attributes["value"].tolist() == ["0"]
    assert "word_not_known" not in codes(tables)


def test_a_band_that_became_a_date_is_no_value_of_an_attribute():
    tables = loaded("patient_id,day,phq9,history\nP1,0,20,0-4\nP2,0,18,9-May\nP3,0,12,10+\n")
    assert place(finding(tables, "excel_date_damage")) == ("drops_rows", "scores.csv", "history", (3,))
    assert sorted(tables.attributes["value"]) == ["0-4", "10+"]
    words = loaded("patient_id,day,phq9,history\nP1,0,20,none\nP2,0,18,9-May\n")
    assert "excel_date_damage" not in codes(words)


def test_codes_most_of_which_stand_at_several_sites_are_asked_about():
    text = "patient_id,site,day,phq9\n" + "".join(
        f"{code},{site},0,20\n" for code in range(1, 6) for site in ("North", "South"))
    asked = finding(loaded(text), "codes_at_several_sites")
    assert place(asked) == ("note", "scores.csv", "patient_id", tuple(range(2, 12)))
    assert asked.problem.startswith("5 patient codes stand")
    split = loaded(text, mapping={"patient_id": asked.choices[0][1]})
    assert len(split.assessments["patient_id"].cat.categories) == 10
    assert "codes_at_several_sites" not in codes(split)
    assert "codes_at_several_sites" not in codes(loaded(text, mapping={"patient_id": "patient_id"}))
    assert "codes_at_several_sites" not in codes(loaded(text.replace("5,South", "6,South")))
    settled_there = "".join(f"{code},North,0,20\n" for code in range(10, 15))
    assert "codes_at_several_sites" not in codes(loaded(text + settled_there))


def test_codes_written_in_several_ways_are_asked_about():
    one, other = "patient_id,day,phq9\nKC101,0,20\nKC102,0,18\n", "patient_id,day,dose\nkc-101,0,40\nKC102,0,40\n"
    tables = loaded(one, other)
    asked = [found for found in tables.findings if found.code == "codes_alike"]
    assert [place(found) for found in asked] == [("note", "scores.csv", "patient_id", (2,)),
                                                 ("note", "file2.csv", "patient_id", (2,))]
    joined = loaded(one, other, mapping={"patient_id": asked[0].choices[0][1]})
    assert joined.assessments["patient_id"].cat.categories.tolist() == ["KC101", "KC102"]
    assert "codes_alike" not in codes(joined)
    assert "codes_alike" not in codes(loaded(one, other, mapping={"patient_id": "patient_id"}))


@pytest.mark.parametrize("pair", [("1-12", "11-2"), ("A1", "A01"), ("A1", "B1"), ("-", "--")])
def test_codes_that_differ_in_more_than_how_they_are_written(pair):
    assert "codes_alike" not in codes(loaded("patient_id,day,phq9\n" + "".join(f"{one},0,20\n" for one in pair)))


BLOCKS = "patient_id,day,phq9\nP1,0,20\n,9,12\n,20,4\nP2,0,18\n,9,8\n"


def test_codes_on_the_first_row_of_a_block_are_asked_about():
    tables = loaded(BLOCKS)
    one = finding(tables, "patient_on_first_row")
    assert place(one) == ("drops_rows", "scores.csv", "patient_id", (3, 4, 6))
    assert [words for _, words in one.choices] == ["patient_id[fill down]", "patient_id"]
    assert len(scores(tables)) == 2
    assert scores(loaded(BLOCKS, mapping={"patient_id": "patient_id[fill down]"})) == [
        ("P1", "phq9", 0, 20.0), ("P1", "phq9", 9, 12.0), ("P1", "phq9", 20, 4.0), ("P2", "phq9", 0, 18.0),
        ("P2", "phq9", 9, 8.0)]
    said = loaded(BLOCKS, mapping={"patient_id": "patient_id"})
    assert "patient_on_first_row" not in codes(said)
    assert finding(said, "patient_missing").rows == (3, 4, 6)


@pytest.mark.parametrize("text", [
    BLOCKS.replace("P1,0", ",0"), BLOCKS.replace("P2", "P1"), BLOCKS + "P3,0,9\nP4,0,9\n",
    "patient_id,day,phq9\nP1,0,20\n,9,12\n", "patient_id,day,phq9\nP1,0,20\nP2,0,3\nP3,0,4\n,3,3\n,9,12\n,20,1\n",
])
def test_blank_codes_of_another_pattern_are_missing(text):
    tables = loaded(text)
    assert "patient_on_first_row" not in codes(tables)
    assert "patient_missing" in codes(tables)


def test_nothing_above_the_first_code_is_filled():
    tables = loaded("patient_id,day,phq9\n,0,20\nP1,9,12\n,20,4\n", mapping={"patient_id": "patient_id[fill down]"})
    assert [row[2] for row in scores(tables)] == [9, 20]
    assert finding(tables, "patient_missing").rows == (2,)
